"""What a check is: a code, a title, a severity and the function that finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from attrs import define, field, frozen

from ...bands import BandTable
from ...data.collection import Data
from ...data.model import Measurement
from ...period import Period, PeriodError, parse_period
from ...problem import Severity
from ...rulebook.action import Action
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...ruling import Ruling, rulings_of
from ...terms import Rag
from ...toml.positions import Path
from ..sample_target import sample_table, sampled

__all__ = ["Check", "CheckInput", "Finding", "Measure", "new_check"]

Measure = Kpi | Action
Tables = tuple[tuple[Ruling, BandTable[Rag] | None], ...]


@frozen
class Finding:
    """One thing a check found.

    Attributes:
        path: key path in the file: ``("kpi", "seen", "grace")``.
    """

    file: str
    path: Path
    message: str
    hint: str = ""


@define(eq=False, slots=False)
class CheckInput:
    """What checks look at.

    Attributes:
        as_at: the day for what depends on one; None where those checks do not run.
        data: measurements for the checks that need them.
        texts: the rule files themselves, by name, for what stands in their comments.
    """

    rules: Rules
    as_at: date | None = None
    data: Data | None = None
    texts: Mapping[str, str] = field(factory=dict)
    _tables: dict[int, Tables] = field(factory=dict, init=False, repr=False)

    @property
    def measures(self) -> Iterator[Measure]:
        """Every KPI, with its entities' own rules, and every action."""
        for kpi in self.rules.kpis.values():
            yield kpi
            yield from kpi.entities.values()
        yield from self.rules.actions.values()

    @property
    def kpis(self) -> Iterator[Kpi]:
        """Every KPI, with its entities' own rules."""
        return (measure for measure in self.measures if isinstance(measure, Kpi))

    def tables(self, kpi: Kpi) -> Tables:
        """Each era of a rule with its own table, made once for all checks; None where it has none.

        A target that the data bring is a sample: ``needs_target`` says so.
        """
        found = self._tables.get(id(kpi))
        if found is None:
            # a grace cuts eras and leaves the rule's own table as it is
            made: dict[object, BandTable[Rag] | None] = {}
            rulings = []
            for ruling in rulings_of(self.rules, kpi):
                era = ruling.era
                rule = (era.target, era.tolerance, era.amber, era.bands)
                ruling = sampled(ruling)
                if rule not in made:
                    made[rule] = sample_table(ruling)
                rulings.append((ruling, made[rule]))
            found = self._tables[id(kpi)] = tuple(rulings)
        return found

    def own_tables(self, kpi: Kpi) -> Iterator[tuple[Ruling, BandTable[Rag]]]:
        """The same without eras that have no table, or only one that hangs on what the data bring."""
        for ruling, table in self.tables(kpi):
            if table is not None and not ruling.needs_target:
                yield ruling, table

    @cached_property
    def edition(self) -> Period | None:
        """The period that the edition names, where it names one: ``2020-21`` is a financial year."""
        return _edition(self.rules.edition)

    def at(self, measure: Measure, key: str = "") -> Path:
        """The key path of a measure, or of one of its keys: under its entity, where that writes the key itself."""
        path: Path = ("kpi" if isinstance(measure, Kpi) else "action", measure.name)
        entity = self.entity_of(measure)
        if entity is not None:
            own = self.written(measure).get("entities", {}).get(entity, {})
            if not key or key in own:
                path = (*path, "entities", entity)
        return (*path, key) if key else path

    def entity_of(self, measure: Measure) -> str | None:
        """The entity whose own rule it is; None for the rule of all."""
        return self._entities.get(id(measure))

    def called(self, measure: Measure) -> str:
        """Its id, with the entity where it is that entity's own rule."""
        entity = self.entity_of(measure)
        return measure.id if entity is None else f"{measure.id} for {entity}"

    def grace_at(self, measure: Measure, grace: Grace) -> tuple[str, Path]:
        """File and key path of a grace: in the book, or inline where it is opted into."""
        book = self.rules.document.get("book.toml", {}).get("grace", {})
        if PurePosixPath(grace.file).name == "book.toml" and grace.name in book:
            return "book.toml", ("grace", grace.name)
        return measure.file, (*self.at(measure, "grace"), measure.graces.index(grace))

    def written(self, measure: Measure) -> dict[str, Any]:
        """The table of a measure as it is written; for an entity's own rule, that of its KPI."""
        kind = "kpi" if isinstance(measure, Kpi) else "action"
        tables: dict[str, Any] = self.rules.document.get(f"{measure.area}.toml", {}).get(kind, {})
        found: dict[str, Any] = tables.get(measure.name, {})
        return found

    def rows_of(self, kpi: str) -> Sequence[Measurement]:
        """The measurements of a KPI."""
        return self._rows.get(kpi, ())

    @cached_property
    def _rows(self) -> dict[str, list[Measurement]]:
        rows: dict[str, list[Measurement]] = {}
        for row in self.data.measurements if self.data is not None else ():
            rows.setdefault(row.kpi, []).append(row)
        return rows

    @cached_property
    def _entities(self) -> dict[int, str]:
        return {id(own): entity for kpi in self.rules.kpis.values() for entity, own in kpi.entities.items()}


def _edition(written: str) -> Period | None:
    # 2011-12 is a financial year first, and December 2011 only where it cannot be one
    for text in (written.replace("-", "/", 1), written):
        try:
            return parse_period(text)
        except PeriodError:
            continue
    return None


@frozen
class Check:
    """One check; its function's docstring says why it matters."""

    code: str
    title: str
    severity: Severity
    find: Callable[[CheckInput], Iterable[Finding]]

    @property
    def why(self) -> str:
        """What the function's docstring says."""
        return (self.find.__doc__ or "").strip()


def new_check(code: str, title: str, severity: Severity = Severity.WARNING) -> Callable[[Any], Check]:
    """Makes a check of the function below."""
    return lambda find: Check(code, title, severity, find)
