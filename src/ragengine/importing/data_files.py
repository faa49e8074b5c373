"""The values and levels of a sheet: as data files, and as cases that the rules have to give again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from ..data.door import SYMBOLS
from ..data.rows import MEASUREMENTS
from ..display import safe_cell
from ..period import Period
from ..terms import DEFAULT_SCALE, GREY, Rag
from ..toml.write import toml_number, toml_value
from .quantities import read_quantity
from .spellings import folded

__all__ = ["Reading", "cases_text", "level_of", "measurements_text", "published_text", "value_of"]

_COLUMNS = ("kpi", "period", "value", "numerator", "denominator", "note")
_MET, _MISSED = (
    frozenset({"yes", "y", "true", "met", "1", "achieved"}),
    frozenset({"no", "n", "false", "not met", "0", "missed"}),
)
_GREY = ("grey", "gray", "not rated", "no target", "information only", "data only", "no data", "not due", "n a", "na")


@frozen
class Reading:
    """What a sheet holds of one KPI for one period."""

    kpi: str
    period: Period
    where: str
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    level: Rag | None = None

    @property
    def measured(self) -> bool:
        return bool(self.value or self.numerator or self.denominator)


def value_of(cell: str, *, percent_of_one: bool) -> tuple[str, bool]:
    """A value as data files write it, and whether it is one; what is neither number nor symbol stays as it is.

    >>> value_of("£1,200", percent_of_one=False), value_of("0.956", percent_of_one=True)
    (('1200', True), ('95.6', True))
    """
    if cell in SYMBOLS:
        return cell, True
    quantity = read_quantity(cell)
    if quantity is None:
        return cell, False
    factor = 100 if percent_of_one and quantity.unit != "%" else 1
    return toml_number(quantity.value * factor), True


def level_of(cell: str, *, met: bool) -> Rag | None:
    """The level a status cell names, grey included; ``met``: the column says whether the target was met."""
    words = folded(cell)
    if met:
        return DEFAULT_SCALE.best if words in _MET else DEFAULT_SCALE.worst if words in _MISSED else None
    if any(words == word or words.startswith(f"{word} ") for word in _GREY):
        return GREY
    return DEFAULT_SCALE.read(words)


def _csv(header: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def measurements_text(readings: Sequence[Reading]) -> str:
    """``measurements.csv``; each row says where it comes from."""
    assert set(_COLUMNS) <= set(MEASUREMENTS)
    return _csv(
        _COLUMNS,
        ((r.kpi, str(r.period), r.value, r.numerator, r.denominator, r.where) for r in readings if r.measured),
    )


def published_text(readings: Sequence[Reading]) -> str:
    """``published.csv``."""
    rows = ((r.kpi, str(r.period), str(r.level), r.where) for r in readings if r.level is not None)
    return _csv(("subject", "period", "rag", "source"), rows)


_HEAD = """\
# What was published is a test of the rules: `ragengine test` says where they give another level.
# A case that fails shows a guess to mend, or a level that was not given by the rule. Take out those that are no rule's.
"""


def cases_text(readings: Sequence[Reading]) -> str:
    """``<area>.cases.toml``: each value with the level that was published for it."""
    parts = [_HEAD]
    for reading in readings:
        fields = _numbers(reading)
        if reading.level is None or reading.level.is_grey or not fields:
            continue
        case: dict[str, object] = {
            "name": f"{reading.kpi.partition('.')[2]}, {reading.period.label}: {reading.level} as published",
            "kpi": reading.kpi,
            "period": str(reading.period),
            **fields,
            "expect": {"rag": str(reading.level)},
        }
        lines = [f"{key:<11} = {toml_value(value)}" for key, value in case.items()]
        parts.append("\n".join(["[[case]]", *lines, ""]))
    return "\n".join(parts) if len(parts) > 1 else ""


def _numbers(reading: Reading) -> Mapping[str, Fraction]:
    """What was measured, where all of it is numbers."""
    given = {"value": reading.value, "numerator": reading.numerator, "denominator": reading.denominator}
    found = {key: quantity.value for key, cell in given.items() if cell and (quantity := read_quantity(cell))}
    return found if len(found) == sum(map(bool, given.values())) else {}
