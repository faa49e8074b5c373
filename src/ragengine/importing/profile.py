"""A target of a whole year beside values of its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ..number import text
from ..period import Period, PeriodKind
from ..toml.write import toml_number

__all__ = ["is_cumulative", "profiled", "yearly_target"]

_CUMULATIVE = re.compile(r"\b(?:cumulative(?:ly)?|year to date|ytd|(?<!up )to date|running total)\b", re.IGNORECASE)
#: what does not add up over a year, so that a month may be held against the year's target
_LEVEL = re.compile(
    r"%|\b(?:percent\w*|per cent|proportion|average|mean|median|rate|ratio|score|index|satisfaction|time|days"
    r"|hours|minutes|weeks|per|cost per"
    r"|(?:for|in|of) every|occupancy|utili[sz]ation|turnover|uptime|overdue|empty|as at"
    r"|(?:quarter|month|year|period) end"
    r"|end of (?:the )?(?:quarter|month|year|period)|level|vacanc\w+|caseload|balance|position|in post|headcount"
    r"|fte|backlog|outstanding|open|live|waiting list)\b",
    re.IGNORECASE,
)
_FIRST_MONTH = 4
_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}


@frozen
class YearlyTarget:
    """A target that may be of a whole year, where values are of parts of one.

    Attributes:
        profile: what each part may have to reach, by the first day of the part; empty where the year is not known.
        told: the profile in words.
    """

    cumulative: bool
    profile: dict[date, object]
    told: str


def is_cumulative(*texts: str) -> bool:
    """Whether a title or heading says that values add up over the year."""
    return any(_CUMULATIVE.search(text) for text in texts)


def yearly_target(
    title: str,
    unit: str,
    target: Fraction,
    values: Sequence[tuple[Period, Fraction | None]],
    *,
    of_year: bool,
    cumulative: bool,
    higher: bool,
) -> YearlyTarget | None:
    """Whether a target is to be held against parts of a year with care, and the profile that may be meant."""
    parts = sorted({period for period, _ in values if period.kind in _MONTHS})
    if not parts or (higher and not cumulative and _reach(values, target)):
        return None
    level = unit == "%" or bool(_LEVEL.search(unit)) or bool(_LEVEL.search(title))
    if not (cumulative or (of_year and not level)):
        return None
    profile = profiled(target, parts[0], cumulative=cumulative)
    first = ", ".join(
        f"{day.isoformat()} = {text(value)}" for day, value in list(profile.items())[:2] if isinstance(value, Fraction)
    )
    return YearlyTarget(cumulative, profile, f"target = {{ {first}, … }}")


def _reach(values: Sequence[tuple[Period, Fraction | None]], target: Fraction) -> bool:
    """Whether each value is so near the target that neither it nor a sum to date can be a part of the year's.

    Asked only where higher is better: what should be few may well be too many by the first month.
    """
    if target <= 0:
        return False
    for period, value in values:
        step = _MONTHS.get(period.kind)
        if step is None or value is None:
            return False
        so_far = Fraction((period.end.month - _FIRST_MONTH) % 12 + 1, 12)
        if value < target * max(2 * so_far, Fraction(step + 1, 4)):
            return False
    return True


def profiled(target: Fraction, first: Period, *, cumulative: bool) -> dict[date, object]:
    """An even profile of a year's target over the parts of the year in which a period lies."""
    step = _MONTHS[first.kind]
    year = first.start.year if first.start.month >= _FIRST_MONTH else first.start.year - 1
    parts = 12 // step
    made: dict[date, object] = {}
    for n in range(parts):
        months = 3 + n * step
        day = date(year + months // 12, months % 12 + 1, 1)
        share = target * (n + 1) / parts if cumulative else target / parts
        made[day] = share if _ends(share) else round(share, 2)
    return made


def _ends(number: Fraction) -> bool:
    try:
        toml_number(number)
    except ValueError:
        return False
    return True
