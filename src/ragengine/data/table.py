"""Rows of a data file, whatever its format: columns by name, cells as text, each row with its place."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from attrs import frozen

from ..display import did_you_mean
from ..number import BLANKS
from ..problem import Place, Problem, Severity, shorten
from .door import cell_text

__all__ = ["CheckedHeader", "Records", "Row", "Table", "column_name", "unfit"]

#: spellings of columns that people use and that mean a known one
ALIASES = {
    "kpi_id": "kpi",
    "indicator": "kpi",
    "measure": "kpi",
    "month": "period",
    "date": "period",
    "actual": "value",
    "result": "value",
    "organisation": "entity",
    "team": "entity",
    "comment": "note",
    "notes": "note",
    "cause": "causes",
    "completed": "completed_on",
    "action_id": "action",
    "rating": "rag",
    "level": "rag",
}


#: columns without one of which a measurement has no value
_VALUES = {"value", "numerator", "denominator"}
#: columns whose cells differ from row to row: whose a row is, and its numbers
_OWN = ("kpi", "entity", "value", "numerator", "denominator", "target", "excluded")


@frozen
class Row:
    """One row: cells by column name (absent keys are absent columns), texts where it comes from a file."""

    cells: Mapping[str, object]
    place: Place
    #: position of each column, for messages that point at a cell
    columns: Mapping[str, int]
    #: the texts of a file's other columns than those of KPI, entity and numbers; None where it comes from no file
    surroundings: Hashable = None

    def text(self, column: str) -> str:
        """A cell as text without surrounding spaces; empty where there is none."""
        return cell_text(self.cells.get(column)).strip(BLANKS)

    def at(self, column: str) -> Place:
        """Where a cell stands."""
        return Place(self.place.file, self.place.line, self.columns.get(column, 0))


@frozen
class Table:
    """A file's rows, read one at a time, and the problems found on the way (complete once the rows are read)."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Row]
    problems: list[Problem]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def column_name(written: str) -> str:
    """The name of a column as it is looked for."""
    return written.strip(BLANKS + "\ufeff").casefold().replace(" ", "_")


def unfit(cells: int, columns: int) -> str:
    """What is wrong with a row that has so many cells for so many columns."""
    return f"the row has {cells} cells, {'more' if cells > columns else 'fewer'} than the {columns} columns"


class Records:
    """The rows after the header; those that do not fit it are problems and are skipped as rows."""

    def __init__(
        self,
        rows: Iterator[tuple[int, Sequence[str]]],
        name: str,
        header: tuple[str, ...],
        line: int,
        problems: list[Problem],
    ) -> None:
        self.rows = rows
        self.name = name
        self.header = header
        self.header_line = line
        self.problems = problems
        self.rejected = 0

    def __iter__(self) -> Iterator[Row]:
        names = [column_name(name) for name in self.header]
        positions = {name: n for n, name in enumerate(names, start=1)}
        width = len(names)
        others = [n for n, name in enumerate(names) if name not in _OWN]
        surroundings = itemgetter(*others) if others else None
        for line, cells in self.rows:
            if not any(map(str.strip, cells)):
                continue
            place = Place(self.name, line, 1)
            if len(cells) != width:
                said = unfit(len(cells), width)
                self.problems.append(Problem("RAG103", said, place, hint="a comma within a text needs quotes round it"))
                yield Row({}, place, positions)
                continue
            yield Row(
                dict(zip(names, cells, strict=True)), place, positions, surroundings(cells) if surroundings else None
            )


def _first_line(header: Sequence[str]) -> str:
    """What the line that should name the columns reads, and what is probably to be done about it."""
    named = [name.strip() for name in header if name.strip()]
    if len(named) == 1 and "\t" in named[0]:
        return "its columns are parted by tabs: save it as CSV, with commas"
    shown = ", ".join(shorten(name.strip(), 20) for name in header[:8])
    hint = f"the first line names the columns, and it reads {shown}"
    return f"{hint}; take out what stands above the names" if len(named) == 1 else hint


class CheckedHeader:
    """A header checked against the columns that are known."""

    def __init__(
        self, file: str, header: Sequence[str], line: int, known: Sequence[str], needed: Sequence[str]
    ) -> None:
        self.names = tuple(map(column_name, header))
        self._known = known
        self.problems = list(self._check(file, header, line, known, needed))

    @property
    def usable(self) -> bool:
        return not any(problem.is_error for problem in self.problems)

    @property
    def hold_values(self) -> bool:
        """Whether a column may hold values: one of the known ones, or an extra one that a formula may read."""
        names = set(self.names)
        return bool(_VALUES & names or names - set(self._known))

    @property
    def positions(self) -> dict[str, int]:
        return {name: n for n, name in enumerate(self.names, start=1)}

    def _check(
        self, file: str, header: Sequence[str], line: int, known: Sequence[str], needed: Sequence[str]
    ) -> Iterator[Problem]:
        values = () if _VALUES & set(self.names) else tuple(_VALUES)
        wanted = (*needed, *values)
        free = [name for name in known if name not in set(self.names)]
        seen: set[str] = set()
        meant: set[str] = set()
        for n, name in enumerate(self.names, start=1):
            if name and name in seen:
                said = f"the column {shorten(name, 40)!r} stands twice"
                yield Problem("RAG102", said, Place(file, line, n), hint="leave one, or rename one")
            if name and name not in known:
                near = self._near(name, free)
                if near:
                    meant.add(near)
                    said = f"the column {shorten(header[n - 1].strip(), 40)!r} nearly spells {near!r}"
                    severity = Severity.ERROR if near in wanted else Severity.WARNING
                    yield Problem("RAG102", said, Place(file, line, n), severity, hint=f"write {near}, or another name")
            seen.add(name)
        missing = [name for name in needed if name not in self.names and name not in meant]
        if missing:
            said = f"there {'is no column' if len(missing) == 1 else 'are no columns'} {' and '.join(missing)}"
            yield Problem("RAG102", said, Place(file, line, 1), hint=_first_line(header))

    @staticmethod
    def _near(name: str, free: Sequence[str]) -> str:
        alias = ALIASES.get(name)
        if alias is not None and alias in free:
            return alias
        return did_you_mean(name, free)
