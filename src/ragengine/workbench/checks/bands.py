"""Checks of bands, targets and scales."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from statistics import median_low

from attrs import evolve

from ...bands import BandTable, Interval
from ...number import exact, text
from ...period import Duration
from ...rulebook.action import Action
from ...rulebook.comparison import LIMITS
from ...rulebook.compile import printed
from ...rulebook.dated import ALWAYS
from ...rulebook.kpi import Kpi
from ...ruling import Ruling
from ...terms import Direction, Missing, Rag
from ..value_limits import value_limits
from .base import CheckInput, Finding, new_check

_TWO_YEARS = Duration(months=24)
#: of a percentage that is written as a share, and of one that is not
_SHARE, _PER_CENT = Fraction(1), Fraction(5)


def _is_reached(piece: Interval, least: Fraction | None, most: Fraction | None, places: int | None) -> bool:
    """Whether a value lies in the piece: within the limits, and on the grid of the decimals."""
    low, high = piece.lower, piece.upper
    if most is not None and low is not None and not low.is_passed_by(most):
        return False
    if least is not None and high is not None and high.is_passed_by(least):
        return False
    if places is None or low is None or high is None:
        return True
    step = Fraction(1, 10**places)
    first = math.ceil(low.at / step) * step
    if not low.is_passed_by(first):
        first += step
    if least is not None:
        first = max(first, math.ceil(least / step) * step)
    return not high.is_passed_by(first) and (most is None or first <= most)


def _ruling_key(ruling: Ruling) -> str:
    return "bands" if ruling.era.bands else "target"


def _limits(kpi: Kpi, table: BandTable[Rag]) -> Iterator[tuple[Fraction | None, Fraction | None, str]]:
    """The least and the greatest value as it is judged, by each thing that limits it, with that in words."""
    yield None, None, f"no number with {kpi.decimals} decimals lies there"
    least, most = value_limits(kpi, table)
    yield least, most, f"{kpi.unit} are never negative" if most is None else "a percentage is from 0 to 100"
    valid = kpi.valid
    if valid is not None and kpi.compare is None:
        # the ends of an interval may lie where no value does
        least, most = (None if end is None else exact(end) for end in (valid.min, valid.max))
        ends = (f"{word} {text(end)}" for word, end in (("at least", least), ("at most", most)) if end is not None)
        said = f"valid values are {' and '.join(ends)}"
        yield None if least is None else printed(least, kpi), None if most is None else printed(most, kpi), said


def _unreached(kpi: Kpi, table: BandTable[Rag]) -> dict[str, list[str]]:
    """Bands in which no value can lie, by the reason; without the far side of a range, which nobody wrote."""
    whys = []
    for piece, level in table:
        limits = _limits(kpi, table)
        why = next((why for low, high, why in limits if not _is_reached(piece, low, high, kpi.decimals)), "")
        whys.append((why, piece, level))
    got = {level for why, _, level in whys if not why}
    unwritten = got if kpi.direction is Direction.WITHIN and kpi.bands is None else ()
    found: dict[str, list[str]] = {}
    for why, piece, level in whys:
        if why and level not in unwritten:
            found.setdefault(why, []).append(f"{level.label} ({piece.describe(text)})")
    return found


@new_check("RAG040", "a band that can never be reached")
def unreachable_band(given: CheckInput) -> Iterator[Finding]:
    """A level nobody can earn, or escape, is a slip in a threshold."""
    for kpi in given.kpis:
        seen: set[str] = set()
        rules: set[object] = set()
        for ruling, own in given.own_tables(kpi):
            if own in rules:
                # an era cut off by a grace has the table of the one before
                continue
            rules.add(own)
            table = ruling.as_printed.table
            assert table is not None
            for why, bands in _unreached(kpi, table).items():
                told = [band for band in bands if band not in seen]
                seen.update(told)
                if told:
                    said = f"{' and '.join(told)} can never be reached: {why}"
                    hint = "check the thresholds, or valid" if "valid" in why else "check the thresholds"
                    yield Finding(kpi.file, given.at(kpi, _ruling_key(ruling)), said, hint)


@new_check("RAG041", "a level that is never given")
def level_never_given(given: CheckInput) -> Iterator[Finding]:
    """A rule that skips a level of the scale surprises whoever reads the key."""
    for kpi in given.kpis:
        if kpi.bands is None and not kpi.words and kpi.amber is None:
            # target and tolerance give red, amber and green, and a tolerance of 0 says that no amber is meant
            continue
        if kpi.words and len(kpi.words) < len(given.rules.scale.levels):
            # yes and no are two words, and need no third
            continue
        tables = [table for _, table in given.tables(kpi) if table is not None]
        got = {label for table in tables for label in table.labels}
        missing = [level.label for level in given.rules.scale if level not in got]
        if tables and missing:
            key = "words" if kpi.words else "bands" if kpi.bands is not None else "amber"
            said = f"{' and '.join(missing)} can never be given"
            hint = "add a band, or turn RAG041 off in [book.checks] with the reason"
            yield Finding(kpi.file, given.at(kpi, key), said, hint)


@new_check("RAG042", "scales that are mixed")
def mixed_scales(given: CheckInput) -> Iterator[Finding]:
    """0.95 among targets like 95 rates everybody green for ever."""
    stated = [(kpi, target) for kpi in given.kpis if kpi.unit == "%" and (target := _latest_target(kpi)) is not None]
    others = [target for _, target in stated if target > _PER_CENT]
    shares = [target for _, target in stated if 0 < target < _SHARE]
    if len(others) < 2 or len(others) <= len(shares):
        return
    for kpi, target in stated:
        if target in shares:
            said = f"the target {text(target)}% stands among targets like {text(median_low(others))}%"
            hint = f"did you mean {text(target * 100)}?"
            yield Finding(kpi.file, given.at(kpi, "target"), said, hint)


def _latest_target(kpi: Kpi) -> Fraction | None:
    if kpi.target is None:
        return None
    value = kpi.target.values[-1]
    return exact(value) if isinstance(value, int | Decimal) else None


@new_check("RAG043", "a target that was stated long ago")
def old_target(given: CheckInput) -> Iterator[Finding]:
    """A target stated once and never looked at again measures the past."""
    if given.as_at is None:
        return
    for kpi in given.kpis:
        if kpi.target is None or len(kpi.target.entries) != 1:
            continue
        start = kpi.target.entries[0][0]
        if start != ALWAYS and _TWO_YEARS.after(start) < given.as_at:
            said = f"the target was stated once, from {start}, more than two years ago"
            yield Finding(kpi.file, given.at(kpi, "target"), said, "confirm it with a date of this year")


@new_check("RAG044", "a declared key that has no effect")
def no_effect(given: CheckInput) -> Iterator[Finding]:
    """A key that changes nothing misleads whoever reads the rule."""
    carried = [given.rules.missing_of(kpi) for kpi in given.rules.kpis.values()]
    if given.rules.max_age is not None and carried and Missing.CARRY_FORWARD not in carried:
        said = "max_age has no effect: no KPI's missing values are carried forward"
        yield Finding("book.toml", ("book", "max_age"), said, "leave it out")
    for kpi in given.rules.kpis.values():
        for key, why in _idle_keys(given, kpi):
            yield Finding(kpi.file, given.at(kpi, key), f"{key} has no effect: {why}", "leave it out")
        for entity, own in kpi.entities.items():
            if own == evolve(kpi, entities={}, examples=()):
                said = f"the entity {entity} has no effect: its rule is the KPI's own"
                yield Finding(kpi.file, given.at(own), said, "leave it out")
    for action in given.rules.actions.values():
        for key, why in _idle_keys_of_action(action, given.written(action)):
            yield Finding(action.file, given.at(action, key), f"{key} has no effect: {why}", "leave it out")


def _idle_keys(given: CheckInput, kpi: Kpi) -> Iterator[tuple[str, str]]:
    raw = given.written(kpi)
    unrated = kpi.direction is Direction.MONITOR or raw.get("target") == "none"
    if unrated:
        for key in ("tolerance", "amber", "met", "persistence", "requires_evidence", "grace", "rated_from"):
            if key in raw:
                yield key, "nothing rates this KPI"
    rules = (kpi, *kpi.entities.values())
    read = {name for rule in rules if rule.formula is not None for name in rule.formula.names}
    read |= {name for rule in rules for grace in rule.graces if grace.when is not None for name in grace.when.names}
    read |= {name for rule in rules if rule.compare is not None for name in LIMITS}
    idle = [name for name in kpi.inputs if name not in read]
    if idle:
        yield "inputs", f"nothing reads {', '.join(idle)}"
    if "max_age" in raw and all(given.rules.missing_of(rule) is not Missing.CARRY_FORWARD for rule in rules):
        yield "max_age", "missing values are not carried forward"
    if "persistence" in raw and kpi.persistence == 1 and not unrated:
        yield "persistence", "one period in a row is every period"
    if not kpi.in_rollup:
        for key in ("critical", "weight"):
            if key in raw:
                yield key, "the KPI is left out of the roll-up"


def _idle_keys_of_action(action: Action, raw: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    read = set(action.formula.names) if action.formula is not None else set()
    read |= {name for grace in action.graces if grace.when is not None for name in grace.when.names}
    if "start" in raw and "elapsed" not in read and raw.get("rated_from") != "start":
        yield "start", "only a formula or condition that names elapsed reads it, and rated_from"
    if not action.in_rollup:
        for key in ("critical", "weight"):
            if key in raw:
                yield key, "the action is left out of the roll-up"
