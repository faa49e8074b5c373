"""The values and levels of one KPI's rows, by period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import define, evolve, field

from ..data.door import SYMBOLS
from ..number import NumberError, parse_number
from ..period import Period
from ..problem import shorten
from ..terms import DEFAULT_SCALE, Rag
from ..toml.write import toml_number
from .data_files import SheetReading
from .draft import Draft
from .drafting import Drafter
from .fills import Fills
from .headings import HeadedColumn, TableHeading
from .levels import level_named
from .quantities import writable
from .sheet import SheetRow
from .spellings import folded
from .units import PLAIN, Unit

__all__ = ["Unread", "ValueReader", "value_of"]

_NO_DATA = frozenset({"not available", "no data", "data not available", "not yet available", "awaiting data",
                      "pending", "n k", "nk",
                      "not known", "not collected", "not reported", "no data available", "awaited", "tbc",
                      "to be confirmed", "n a",
                      "na", "available in q4", "not recorded", "unavailable", "not measured", "nyr",
                      "no value"})  # fmt: skip
_FOOTNOTE = re.compile(
    r"\s*(?:[*†‡^§]+|\(?\[?\d?[pre]\)|\[[a-z0-9]\]|\((?:provisional|estimate|estimated|revised|prov|est)\)|[¹²³⁴])$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:~|≈|c\.|circa|approx\.?|approximately)\s*", re.IGNORECASE)


@define
class Unread:
    """What of a sheet is left out, by what it is: each cell with its place."""

    kinds: dict[str, dict[tuple[int, int], str]] = field(factory=dict)

    def tell(self, what: str, row: SheetRow, column: int, cell: str) -> None:
        """Keeps one cell."""
        shown = f" {shorten(cell, 20)!r}" if cell else ""
        self.kinds.setdefault(what, {})[row.number, column] = f"{row.number}{shown}"

    def remarks(self) -> Iterator[str]:
        """A sentence for each kind, with the first of its places."""
        for what, places in self.kinds.items():
            found = [shown for _, shown in sorted(places.items())]
            yield f"{what}: {len(found):,} (row {', '.join(found[:8])}{' …' if len(found) > 8 else ''})"


#: words in brackets behind a number, which say something of it: ``25.4 (Q3 only)``
_REMARK = re.compile(r"(?<=[\d%])\s*\([a-z][^()%]{0,40}\)$", re.IGNORECASE)


def value_of(cell: str, unit: Unit = PLAIN) -> tuple[str, bool]:
    """A value as data files write it, and whether it is one; what is neither number nor symbol stays as it is.

    >>> value_of("£1,200"), value_of("0.956", Unit("%", share=True)), value_of("85.2% (p)")
    (('1200', True), ('95.6', True), ('85.2', True))
    """
    if cell in SYMBOLS:
        return cell, True
    if folded(cell) in _NO_DATA or (not folded(cell) and set(cell) <= set("-–—.…/ ")):
        return "..", True
    if "%" not in cell and unit.read(cell) is None and _printed(cell) is not None:
        return cell, True
    for bare in (cell, _FOOTNOTE.sub("", cell), _ABOUT.sub("", cell)):
        number = unit.read(bare)
        if number is not None:
            return _text(number), True
    return cell, False


def _printed(cell: str) -> Fraction | None:
    try:
        return parse_number(cell)
    except NumberError:
        return None


def _text(number: Fraction) -> str:
    return toml_number(number if writable(number) else round(number, 10))


@define
class ValueReader:
    """Reads the values of one sheet's KPIs."""

    header: TableHeading
    drafter: Drafter
    unread: Unread
    fills: Fills

    def readings(self, kpi: str, rows: Sequence[SheetRow], draft: Draft) -> list[SheetReading]:
        """What the rows hold of a KPI, by period; what cannot be read is kept in ``unread``."""
        made: dict[tuple[Period, str], SheetReading] = {}
        for row in rows:
            own, entity = self.drafter.period(row), self.drafter.seen(row, "entity").text
            periods = {c.period or own for key in ("actual", "status", "met", "numerator") for c in self.header.of(key)}
            for period in periods:
                if period is None:
                    self._without_period(row)
                    continue
                reading = evolve(self._reading(kpi, row, period, own, draft), entity=entity)
                if not reading.measured and reading.level is None:
                    continue
                if (period, entity) in made:
                    what = "values for a period that an earlier row of the KPI has, left out"
                    self.unread.tell(what, row, 0, reading.value)
                else:
                    made[period, entity] = reading
        return [made[of] for of in sorted(made)]

    def _reading(self, kpi: str, row: SheetRow, period: Period, own: Period | None, draft: Draft) -> SheetReading:
        fields: dict[str, str] = {}
        for key in ("actual", "numerator", "denominator"):
            column, cell = self._cell(row, key, period, own)
            if cell:
                unit = draft.measured if key == "actual" else PLAIN
                text, usable = value_of(cell, unit)
                if not usable and (bare := _REMARK.sub("", cell)) != cell:
                    text, usable = value_of(bare, unit)
                    if usable:
                        what = "values with words in brackets behind them, which are left out"
                        self.unread.tell(what, row, column, cell)
                fields["value" if key == "actual" else key] = text
                if not usable:
                    what = "values that are neither a number nor a symbol, written as they stand"
                    self.unread.tell(what, row, column, cell)
        level = None
        for key in ("status", "met"):
            column, cell = self._cell(row, key, period, own)
            if cell and level is None:
                level = self._level(cell, row, column, draft, met=key == "met")
        level = self._filled(row, period, own, level)
        return SheetReading(kpi, period, self.drafter.where(row), level=level, **fields)

    def _filled(self, row: SheetRow, period: Period, own: Period | None, said: Rag | None) -> Rag | None:
        """The level that the fill of the status or the value shows, where no word says one."""
        for key in ("status", "actual") if self.fills.of_values else ("status",):
            column, cell = self._cell(row, key, period, own)
            level = self.fills.level(row, column) if cell or key == "status" else None
            if said is not None and key == "status" and level not in (None, said) and not said.is_grey:
                self.unread.tell("levels in cells of another colour: the word is read", row, column, cell)
            if said is None and level is not None and not (cell and key == "status"):
                self.fills.read += 1
                return level
            if said is None and self.fills.colour(row, column) and level is None and not (cell and key == "status"):
                what = "cells filled with another colour than red, amber or green, or with one of the theme: no level"
                self.unread.tell(what, row, column, cell)
        return said

    def _level(self, cell: str, row: SheetRow, column: int, draft: Draft, *, met: bool) -> Rag | None:
        level = level_named(cell, met=met)
        if met and level == DEFAULT_SCALE.worst and not draft.without_amber:
            self.unread.tell("targets not met, where red or amber is not said, left out", row, column, cell)
            return None
        if level is None:
            self.unread.tell("statuses that are no level known here, left out", row, column, cell)
        return level

    def _cell(self, row: SheetRow, key: str, period: Period, own: Period | None) -> tuple[int, str]:
        """A cell with its column; column -1 where there is none."""
        for column in self.header.of(key):
            if (column.period or own) == period and column.index < len(row.cells):
                return column.index, self.drafter.cell(row, column)
        return -1, ""

    def _without_period(self, row: SheetRow) -> None:
        columns: list[HeadedColumn] = [
            c for key in ("actual", "status", "met", "numerator") for c in self.header.of(key) if c.period is None
        ]
        for column in columns:
            if column.index < len(row.cells) and row.cells[column.index]:
                what = "values or statuses of no known period, left out (say --set period=2020/21)"
                self.unread.tell(what, row, column.index, row.cells[column.index])
