"""Rules: everything the authors of a rulebook wrote, checked and immutable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from ..period import APRIL, Calendar, Duration
from ..terms import DEFAULT_SCALE, Missing, Reason, Scale
from .action import Action
from .area import PROGRAMME, Area, RollupPolicy
from .grace import Grace
from .kpi import Kpi
from .settings import CheckSetting, GraceBudget

__all__ = ["RULE_FORMAT", "Case", "Rules"]

#: the version of the rule format that this library reads
RULE_FORMAT = 1


@frozen
class Case:
    """One rule test as data, from a ``*.cases.toml`` file.

    Attributes:
        fields: the case's keys as TOML read them (numbers as int or Decimal), without ``name``.
        file, line: where it stands.
    """

    name: str
    fields: Mapping[str, Any] = field(hash=False)
    file: str = ""
    line: int = 0


@frozen
class Rules:
    """One edition: areas in the order reports print them, KPIs and actions in the order they are written.

    Attributes:
        calendar: how its dates are read.
        symbols: marks of its own in the data, each with the reason for grey that it stands for.
        areas, kpis, actions: by id; KPI and action ids are ``area.name``.
        document: what was written, by file name, as plain TOML values: what the fingerprint is made of.
        checks, grace_budget: how the book wants its checks to count, and how much grace it allows.
        changelog: for an edition that extends another: what it added, changed and removed, a line each.
    """

    title: str
    edition: str
    missing: Missing
    scale: Scale = DEFAULT_SCALE
    max_age: Duration | None = None
    calendar: Calendar = APRIL
    symbols: Mapping[str, Reason] = field(factory=dict, hash=False)
    areas: Mapping[str, Area] = field(factory=dict, hash=False)
    kpis: Mapping[str, Kpi] = field(factory=dict, hash=False)
    actions: Mapping[str, Action] = field(factory=dict, hash=False)
    graces: Mapping[str, Grace] = field(factory=dict, hash=False)
    rollup: RollupPolicy = RollupPolicy()
    cases: tuple[Case, ...] = field(default=(), eq=False)
    changelog: tuple[str, ...] = ()
    checks: tuple[CheckSetting, ...] = ()
    grace_budget: GraceBudget | None = None
    document: Mapping[str, Any] = field(factory=dict, hash=False, repr=False)
    #: the fingerprint, where ``document`` was left behind
    _sealed: str = field(default="", eq=False, repr=False)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what was written: the same for any layout, spelling of numbers and order of keys."""
        return self._sealed or hashlib.sha256(_canonical(self.document).encode()).hexdigest()

    def as_rated(self, area: str) -> Rules:
        """What the ratings of one area ask of the book, under the same fingerprint: small enough to send along."""
        small = self._small.get(area)
        return small if small is not None else self._small.setdefault(area, self._of_area(area))

    @cached_property
    def _small(self) -> dict[str, Rules]:
        return {}

    def _of_area(self, area: str) -> Rules:
        own = self.areas.get(area)
        return Rules(
            title=self.title,
            edition=self.edition,
            missing=self.missing,
            scale=self.scale,
            max_age=self.max_age,
            calendar=self.calendar,
            symbols=self.symbols,
            areas={} if own is None else {area: evolve(own, rollup=None)},
            sealed=self.fingerprint,
        )

    def children(self, area: str) -> tuple[str, ...]:
        """Ids of the KPIs, actions and child areas of an area, in that order; of the programme, its top areas."""
        return self._children.get(area, ())

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {area: [] for area in self.areas}
        for subject in (*self.kpis, *self.actions):
            found[subject.partition(".")[0]].append(subject)
        for area in self.areas.values():
            found.setdefault(area.parent or PROGRAMME, []).append(area.id)
        return {area: tuple(ids) for area, ids in found.items()}

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The extra numbers that its KPIs declare, each once, sorted."""
        return tuple(sorted({name for kpi in self.kpis.values() for name in kpi.inputs}))

    def missing_of(self, kpi: Kpi) -> Missing:
        """What a missing value of a KPI means: its own word, else the book's."""
        return kpi.missing or self.missing

    def max_age_of(self, kpi: Kpi) -> Duration | None:
        """How old a value of a KPI may be that is carried forward: its own word, else the book's."""
        return kpi.max_age or self.max_age

    def rollup_of(self, area: str) -> RollupPolicy:
        """The area's own policy, or the book's, which is that of the programme."""
        return self.rollup if area == PROGRAMME else self.areas[area].rollup or self.rollup


def _hashed(value: object) -> str | int:
    if not isinstance(value, Decimal) or not value.is_finite():
        return str(value)
    # 90.0 is 90; by hand, for normalize() would round to the caller's decimal context
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written if "." in written else int(written)


def _canonical(document: Mapping[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_hashed)
