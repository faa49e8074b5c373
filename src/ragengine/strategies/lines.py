"""Where a level may change, and what lies on, just under and just over it: numbers and days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from ..book import PreparedAction
from ..number import text
from ..rating.prepare import PreparedKpi
from ..rulebook.compile import UnusableTarget
from ..ruling import Ruling, rulings_of
from ..ruling.days import Standing, levels_by_day
from ..terms import Status

__all__ = ["around", "as_cell", "days_around", "lines_of", "lines_of_ruling", "periods_around", "values_around"]

_DAY = timedelta(days=1)
#: narrower than any step in which people tell values
_BESIDE = Fraction(1, 10**7)


def lines_of(kpi: PreparedKpi, target: Fraction | None = None) -> list[Fraction]:
    """Every number at which a level of a KPI may change, in any era, for any entity, with and without its graces.

    ``target`` is one that a measurement brings.
    """
    found: set[Fraction] = set()
    for own in (kpi.kpi, *kpi.kpi.entities.values()):
        for ruling in rulings_of(kpi.rules, own):
            found.update(lines_of_ruling(ruling.with_target(target)))
    return sorted(found)


def lines_of_ruling(ruling: Ruling) -> Iterator[Fraction]:
    """The same of a rule on a day."""
    try:
        table = ruling.table
        if table is None:
            return
        for each in (table, ruling.under(ruling.live)):
            yield from (cut.at for cut in each.thresholds)
    except UnusableTarget:
        return


def around(kpi: PreparedKpi, lines: Iterable[Fraction]) -> list[Fraction]:
    """Numbers on, just under and just over lines and the points of a score, and between them; the least first."""
    near = {Fraction(0)}
    points = kpi.kpi.score.points if kpi.kpi.score is not None else ()
    for line in (*lines, *(at for at, _ in points)):
        near |= {line + step for step in (0, _BESIDE, -_BESIDE, 1, -1)}
    return sorted(near, key=lambda value: (abs(value), value))


def values_around(kpi: PreparedKpi, target: Fraction | None = None) -> st.SearchStrategy[Any]:
    """Values on, just under and just over every line of a KPI, and between them, as float, int, Decimal and text.

    Of a KPI with words: its words. The points of its score count as lines. ``target`` is one that a measurement brings.
    """
    if kpi.kpi.words:
        return st.sampled_from([word for word, _ in kpi.kpi.words])
    return st.sampled_from(around(kpi, lines_of(kpi, target))).flatmap(_ways_to_write)


def as_cell(value: Fraction) -> str:
    """A number as a cell holds it, in at most nine decimals."""
    digits = text(value, 9, grouped=False)
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _ways_to_write(value: Fraction) -> st.SearchStrategy[Any]:
    """One number as a caller may pass it; all of them are rated alike."""
    digits = as_cell(value)
    ways: list[Any] = [Decimal(digits), digits, float(digits)]
    if value.denominator == 1:
        ways.insert(0, int(value))
    return st.sampled_from(ways)


def periods_around(kpi: PreparedKpi) -> st.SearchStrategy[date]:
    """The first and last day of what is dated in a KPI, for any entity, the days beside them, and a day before all."""
    days: set[date] = {date(2018, 12, 31)}
    for own in (kpi.kpi, *kpi.kpi.entities.values()):
        for ruling in rulings_of(kpi.rules, own):
            days |= {day for day in (ruling.era.start, ruling.era.end) if date.min < day < date.max}
    return st.sampled_from(sorted(day + step for day in days for step in (-_DAY, timedelta(0), _DAY)))


def days_around(action: PreparedAction) -> st.SearchStrategy[date]:
    """The days on and beside every line of an action, and around the ends of its graces."""
    rules, rule = action.rules, action.action
    days = {date(2020, 1, 1), *(ruling.era.start for ruling in rulings_of(rules, rule))}
    if rule.formula is None:
        tables = (levels_by_day(rules, rule, Standing(status=each)) for each in (Status.IN_PROGRESS, Status.COMPLETE))
        days |= {date.fromordinal(int(cut.at)) for table in tables for cut in table.thresholds}
    known = sorted(days - {date.min})
    return st.sampled_from([day + timedelta(days=by) for day in known for by in (-2, -1, 0, 1, 2)])
