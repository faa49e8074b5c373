"""The values and levels of a sheet: as data files, and as cases that the rules have to give again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ..data.rows import ACTIONS, MEASUREMENTS
from ..display import safe_cell
from ..period import Period
from ..terms import Rag
from ..toml.write import toml_value
from .quantities import read_quantity

__all__ = [
    "ActionReading",
    "SheetReading",
    "actions_text",
    "cases_text",
    "measurements_text",
    "numbers_of",
    "published_text",
]

_ACTION_COLUMNS = ("action", "as_at", "status", "progress", "completed_on", "note")
_COLUMNS = ("kpi", "period", "value", "numerator", "denominator", "note")


@frozen
class SheetReading:
    """What a sheet holds of one KPI for one period."""

    kpi: str
    period: Period
    where: str
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    level: Rag | None = None
    entity: str = ""

    @property
    def measured(self) -> bool:
        return bool(self.value or self.numerator or self.denominator)


@frozen
class ActionReading:
    """What a sheet reports of one action on a day."""

    action: str
    as_at: date
    where: str
    status: str = ""
    progress: str = ""
    completed_on: str = ""
    level: Rag | None = None


def actions_text(readings: Sequence[ActionReading]) -> str:
    """``actions.csv``; each row says where it comes from."""
    assert set(_ACTION_COLUMNS) <= set(ACTIONS)
    rows = ((r.action, r.as_at.isoformat(), r.status, r.progress, r.completed_on, r.where) for r in readings)
    return _csv(_ACTION_COLUMNS, rows)


def _csv(header: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def measurements_text(readings: Sequence[SheetReading]) -> str:
    """``measurements.csv``; each row says where it comes from."""
    assert {*_COLUMNS, "entity"} <= set(MEASUREMENTS)
    entities = any(reading.entity for reading in readings)
    rows = (
        (r.kpi, str(r.period), *([r.entity] if entities else []), r.value, r.numerator, r.denominator, r.where)
        for r in readings
        if r.measured
    )
    return _csv((*_COLUMNS[:2], *(["entity"] if entities else []), *_COLUMNS[2:]), rows)


def published_text(readings: Sequence[SheetReading], actions: Sequence[ActionReading] = ()) -> str:
    """``published.csv``."""
    rows = [(r.kpi, str(r.period), str(r.level), r.where, r.entity) for r in readings if r.level is not None]
    rows += [(a.action, a.as_at.isoformat(), str(a.level), a.where, "") for a in actions if a.level is not None]
    width = 5 if any(row[-1] for row in rows) else 4
    return _csv(("subject", "period", "rag", "source", "entity")[:width], (row[:width] for row in rows))


_HEAD = """\
# What was published is a test of the rules: `ragengine test` says where they give another level.
# A case that fails shows a guess to mend, or a level that was not given by the rule. Take out those that are no rule's.
"""


def cases_text(readings: Sequence[SheetReading]) -> str:
    """``<area>.cases.toml``: each value with the level that was published for it."""
    parts = [_HEAD]
    for reading in readings:
        fields = numbers_of(reading)
        if reading.level is None or reading.level.is_grey or not fields:
            continue
        case: dict[str, object] = {
            "name": f"{_named(reading)}, {reading.period.label}: {reading.level} as published",
            "kpi": reading.kpi,
            "period": str(reading.period),
            **({"entity": reading.entity} if reading.entity else {}),
            **fields,
            "expect": {"rag": str(reading.level)},
        }
        lines = [f"{key:<11} = {toml_value(value)}" for key, value in case.items()]
        parts.append("\n".join(["[[case]]", *lines, ""]))
    return "\n".join(parts) if len(parts) > 1 else ""


def _named(reading: SheetReading) -> str:
    kpi = reading.kpi.partition(".")[2]
    return f"{kpi} of {reading.entity}" if reading.entity else kpi


def numbers_of(reading: SheetReading) -> Mapping[str, Fraction]:
    """What was measured, where all of it is numbers."""
    given = {"value": reading.value, "numerator": reading.numerator, "denominator": reading.denominator}
    found = {key: quantity.value for key, cell in given.items() if cell and (quantity := read_quantity(cell))}
    return found if len(found) == sum(map(bool, given.values())) else {}
