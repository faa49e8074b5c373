"""The catalogue of a rulebook as tables to look up in: rules by subject and era, variants, levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

from attrs import define

from ..period import Duration
from ..terms import Reason
from .catalogue import Catalogue, Cell
from .engines import Column, SmallTable, out, unused
from .levels import Level, LevelTable

__all__ = ["NONE", "Tables", "threshold_columns"]

#: stands for "none" among numbers of levels and conditions
NONE = -1
_INF = float("inf")


def threshold_columns(count: int) -> tuple[list[str], list[str]]:
    """Names of the columns of so many thresholds, and of the same for values computed in floats."""
    return [unused(f"t{n}") for n in range(count)], [unused(f"loose{n}") for n in range(count)]


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _or_none(value: int | None) -> int:
    return NONE if value is None else value


@define(slots=False)
class Tables:
    """The look-up tables of one catalogue; a row each for a subject, an era of one, a cell, a level.

    Attributes:
        subjects: keys of the rules, in order; one row more is for what the rules do not have.
    """

    catalogue: Catalogue

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.subject for cell in self.catalogue.cells))

    @cached_property
    def _first_cells(self) -> dict[str, list[tuple[int, Cell]]]:
        """For each subject the number and cell of the first variant of each of its eras."""
        found: dict[str, list[tuple[int, Cell]]] = {subject: [] for subject in self.subjects}
        for number, cell in enumerate(self.catalogue.cells):
            if cell.variant == 0:
                found[cell.subject].append((number, cell))
        return found

    def in_force(self, subject: str, day: date) -> tuple[int, Cell]:
        """Number and cell of a subject's first variant on a day."""
        return next(pair for pair in self._first_cells[subject] if pair[1].start <= day <= pair[1].end)

    @cached_property
    def ages(self) -> list[Duration | None]:
        """How old carried values may be, each once."""
        return list(dict.fromkeys([None, *(cell.max_age for cell in self.catalogue.cells)]))

    @property
    def eras(self) -> int:
        return len(self.catalogue.starts)

    @cached_property
    def grid(self) -> list[int]:
        """The number of the first variant for each subject and era of the book, eras counting fastest."""
        numbers = []
        for subject in self.subjects:
            own = iter(self._first_cells[subject])
            number, cell = next(own)
            for start in self.catalogue.starts:
                while cell.end < start:
                    number, cell = next(own)
                numbers.append(number)
        return numbers

    def by_subject(self) -> SmallTable:
        """Row number, rule and area by key; the last row is for what the rules do not have."""
        kpis = [self._first_cells[subject][0][1].kpi for subject in self.subjects]
        numbers: dict[str, Column] = {unused("subject_number"): range(len(self.subjects) + 1)}
        if self.eras > 1:
            numbers[unused("undated")] = [*(int(len(self._first_cells[name]) == 1) for name in self.subjects), 0]
        return SmallTable.of(
            numbers,
            {
                out("rule"): [*(f"{kpi.file}:{kpi.line}" for kpi in kpis), None],
                out("area"): [*(kpi.area for kpi in kpis), None],
            },
            keys=self.subjects,
        )

    def rules(self, numbers: Sequence[int]) -> SmallTable:
        """What holds whatever the conditions say, for cells by number; one row more is for an unknown rule."""
        cells = [self.catalogue.cells[number] for number in numbers]
        conditions = max((len(cell.conditions) for cell in self.catalogue.cells), default=0)
        invalid = LevelTable.grey(Reason.INVALID)
        columns: dict[str, list[Any]] = {unused("cell"): [*numbers, len(self.catalogue.cells)]}

        def add(name: str, of: Callable[[Cell], Any], unknown: Any = NONE, *, needed: bool = True) -> None:
            if needed:
                columns[unused(name)] = [*(of(cell) for cell in cells), unknown]

        every = self.catalogue.cells
        add("always", lambda c: _or_none(c.always), invalid)
        add("source", lambda c: c.source, 0, needed=len(self.catalogue.sources) > 1)
        add("low", lambda c: _number(c.low), None)
        add("high", lambda c: _number(c.high), None)
        add("better", lambda c: c.better, 1, needed=bool(self.catalogue.conditions))
        add("side", lambda c: c.data_target, 0, needed=any(c.data_target for c in every))
        add("positive", lambda c: int(c.positive), 0, needed=any(c.positive for c in every))
        add("minimum_n", lambda c: c.minimum_n or 0, 0, needed=any(c.minimum_n for c in every))
        add("carries", lambda c: int(c.carries), 0, needed=any(c.carries for c in every))
        ages = self.ages
        add("max_age", lambda c: ages.index(c.max_age), 0, needed=any(ages))
        for n in range(conditions):
            add(f"condition{n}", partial(_condition, n))
        return SmallTable.of(columns)

    def variants(self, numbers: Iterable[int] | None = None) -> SmallTable:
        """Thresholds and first levels by cell number, of every cell or of some; one row more is for an unknown rule."""
        cells = self.catalogue.cells if numbers is None else [self.catalogue.cells[number] for number in numbers]
        count = self.catalogue.most_thresholds
        plain, loose = threshold_columns(count)
        columns: dict[str, list[Any]] = {
            unused("first"): [*(cell.first for cell in cells), 0],
            unused("missing"): [*(_or_none(cell.missing) for cell in cells), NONE],
            unused("instead"): [*(_or_none(cell.instead) for cell in cells), NONE],
            unused("no_target"): [*(_or_none(cell.no_target) for cell in cells), NONE],
            unused("bad_target"): [*(_or_none(cell.bad_target) for cell in cells), NONE],
        }
        computed = any(source.formula is not None for source in self.catalogue.sources)
        straight = any(cell.slopes for cell in self.catalogue.cells)
        for n in range(count):
            columns[plain[n]] = [*(_at(cell.thresholds, n, _INF) for cell in cells), _INF]
            if computed:
                columns[loose[n]] = [*(_at(cell.loose, n, _INF) for cell in cells), _INF]
            if straight:
                columns[unused(f"slope{n}")] = [*(_at(cell.slopes, n, 0.0) for cell in cells), 0.0]
                columns[unused(f"sway{n}")] = [*(_at(cell.sways, n, 0.0) for cell in cells), 0.0]
        return SmallTable.of({name: values for name, values in columns.items() if _says(name, values)})

    def levels(self, rows: Sequence[Level], wanted: Sequence[str]) -> SmallTable:
        """The level table's columns by number."""
        texts = {out(name): [getattr(row, name) or None for row in rows] for name in wanted}
        return SmallTable.of({}, texts)

    def words(self) -> SmallTable:
        """The number of each word by subject and word, separated by a line end."""
        keys, numbers = [], []
        for subject in self.subjects:
            cell = self._first_cells[subject][0][1]
            for n, word in enumerate(self.catalogue.sources[cell.source].words):
                keys.append(f"{subject}\n{word}")
                numbers.append(n)
        return SmallTable.of({unused("word"): [*map(float, numbers), None]}, keys=keys)


def _condition(n: int, cell: Cell) -> int:
    return cell.conditions[n] if n < len(cell.conditions) else NONE


def _says(name: str, values: Sequence[Any]) -> bool:
    """Whether a column of levels says anything; thresholds always do."""
    optional = {unused("missing"), unused("instead"), unused("no_target"), unused("bad_target")}
    return name not in optional or any(value != NONE for value in values)


def _at(values: Sequence[float], n: int, otherwise: float) -> float:
    return values[n] if n < len(values) else otherwise
