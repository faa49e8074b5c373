"""Everything that was read, whichever way it came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ..errors import BadArgument
from ..period import APRIL, Calendar
from ..problem import Place, Problem, sorted_problems
from .model import ActionReport, Measurement, Narrative, Override, Published
from .rows import ACTIONS, MEASUREMENTS, PUBLISHED, RowReader, read_one_way
from .table import CheckedHeader, Row, column_name
from .toml_files import overrides_of

__all__ = ["Data"]

Rows = Iterable[Mapping[str, object]]


@frozen
class Data:
    """Everything read from data files, and what is wrong with them."""

    measurements: tuple[Measurement, ...] = ()
    actions: tuple[ActionReport, ...] = ()
    overrides: tuple[Override, ...] = ()
    published: tuple[Published, ...] = ()
    narrative: Mapping[str, Narrative] = field(factory=dict, hash=False)
    problems: tuple[Problem, ...] = ()
    sources: tuple[str, ...] = ()
    #: rows that could not even be made a measurement or report; each has its problem
    rejected: int = 0
    #: the position of each column, by file: one that two files of a name have otherwise is left out
    columns: Mapping[str, Mapping[str, int]] = field(factory=dict, eq=False, repr=False)

    def __add__(self, other: Data) -> Data:
        return Data(
            self.measurements + other.measurements,
            self.actions + other.actions,
            self.overrides + other.overrides,
            self.published + other.published,
            {**self.narrative, **other.narrative},
            self.problems + other.problems,
            self.sources + other.sources,
            self.rejected + other.rejected,
            _both(self.columns, other.columns),
        )

    def cell(self, place: Place, column: str) -> Place:
        """Where a cell of the row at a place stands; the row itself where its columns are not known."""
        at = self.columns.get(place.file, {}).get(column)
        return place if at is None else Place(place.file, place.line, at)

    @classmethod
    def of(
        cls,
        measurements: Rows = (),
        actions: Rows = (),
        overrides: Rows = (),
        published: Rows = (),
        calendar: Calendar = APRIL,
    ) -> Data:
        """Rows from memory, as mappings with the columns of data files, by the same door.

        A problem's place is ``measurements[3]``, counted from 0, and its key the column. Raises BadArgument for what
        is no list of mappings.

        >>> data = Data.of([{"kpi": "a.k", "period": "2020-07", "value": 84}, {"kpi": "a.k", "period": "soon"}])
        >>> [(str(problem.place), problem.key) for problem in data.problems]
        [('measurements[1]', 'period')]
        """
        if not isinstance(calendar, Calendar):
            raise BadArgument("calendar", calendar, "give a Calendar: book.rules.calendar is that of a book")
        problems: list[Problem] = []
        reader = RowReader(calendar, problems)
        measured = map(reader.measurement, _rows("measurements", measurements, MEASUREMENTS, problems))
        reported = map(reader.action, _rows("actions", actions, ACTIONS, problems))
        levels = map(reader.published, _rows("published", published, PUBLISHED, problems))
        return cls(
            tuple(read_one_way([row for row in measured if row is not None], problems)),
            tuple(row for row in reported if row is not None),
            overrides_of(_mappings("overrides", overrides), calendar, problems),
            tuple(read_one_way([row for row in levels if row is not None], problems)),
            problems=tuple(sorted_problems(problems)),
        )


def _both(
    one: Mapping[str, Mapping[str, int]], other: Mapping[str, Mapping[str, int]]
) -> Mapping[str, Mapping[str, int]]:
    """Positions of columns by file; none of a name that stands for files laid out otherwise."""
    unlike = {file for file in one.keys() & other.keys() if one[file] != other[file]}
    return {file: at for file, at in {**one, **other}.items() if file not in unlike}


def _mappings(name: str, rows: Any) -> Sequence[Mapping[str, object]]:
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise BadArgument(name, rows, "write a list of mappings, one a row")
    given = list(rows)
    for n, row in enumerate(given):
        if not isinstance(row, Mapping) or not all(isinstance(key, str) for key in row):
            raise BadArgument(f"{name}[{n}]", row, "a row is a mapping of column names to cells")
    return given


def _rows(name: str, rows: Rows, known: Sequence[str], problems: list[Problem]) -> list[Row]:
    """The mappings as rows; what nearly spells a known column is a problem of the first row that has it."""
    given = _mappings(name, rows)
    seen: dict[str, int] = {}
    for n, row in enumerate(given):
        for key in row:
            seen.setdefault(key, n)
    for problem in CheckedHeader(name, tuple(seen), 0, known, ()).problems:
        key = tuple(seen)[problem.place.column - 1]
        place = Place(f"{name}[{seen[key]}]")
        problems.append(Problem(problem.code, problem.message, place, problem.severity, key, problem.hint))
    return [
        Row({column_name(key): cell for key, cell in row.items()}, Place(f"{name}[{n}]"), {})
        for n, row in enumerate(given)
    ]
