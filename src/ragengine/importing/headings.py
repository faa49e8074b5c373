"""The heading of a sheet, and what each of its columns holds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from attrs import evolve, frozen

from ..errors import BadArgument
from ..period import APRIL, Calendar, Period, PeriodError, parse_period
from .heading_periods import heading_period, hyphens_are_years, named_time, years_named
from .heading_rows import heading_rows, known_key
from .legend import colours_in
from .levels import is_level
from .polarity import read_direction
from .sheet import Sheet, SheetRow
from .spellings import KEYS, SPELLINGS, folded
from .units import names_a_unit

__all__ = ["BY_PERIOD", "NO_YEAR", "HeadedColumn", "TableHeading", "checked_map", "find_header"]

#: rows among which the header is looked for
_DEEPEST = 40
#: cells that say together what a column without a known heading is
_FEWEST_CELLS = 3
#: characters of a heading
_LONGEST = 80
_SPELLED = [spelling for names in SPELLINGS.values() for spelling in names]
#: keys of which a sheet may have several columns, one for each period
BY_PERIOD = ("target", "actual", "status", "met", "numerator", "denominator")
#: words that make a value one of another time, which is not the one measured
_OTHER_TIMES = frozenset(
    {"previous", "last", "prior", "before", "projected", "forecast", "predicted", "national", "comparator", "variance"}
)
#: why a column of ``Q1 target`` is not read in a sheet that names no year
NO_YEAR = "no heading names its year: say --set period=2024/25"
_BASELINE = "baseline"
_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LETTERS = {"g": "green", "a": "amber", "r": "red"}
_LINES = frozenset({"threshold", "level", "limit", "criteria", "line", "range", "band", "rule", "boundary", "when"})
_COLOURS = {"green": "green", "amber": "amber", "yellow": "amber", "red": "red"}
#: words of a heading that counts colours, rather than saying when there is one
_COUNTED = frozenset({"number", "no", "count", "total", "of", "kpis", "measures", "previous", "last"})
#: words of a heading that say what its target is of
_OF_A_YEAR = re.compile(r"\b(?:annual|year ?end|yearly|full year|year end|for (?:the )?year)\b")


@frozen
class HeadedColumn:
    """One column: its heading, and the key that it is read as.

    Attributes:
        index: its place, counted from 0.
        key: one of :data:`KEYS`; empty where nothing reads it.
        period: the period its heading names.
        guessed: whether the heading only resembles a known one, or its period was put together.
        why_not: why it is not read although its heading is known.
        of_year: whether its heading says that it is of a whole year.
        aside: the key of a column that another one has taken.
    """

    index: int
    heading: str
    key: str = ""
    period: Period | None = None
    rank: int = 0
    guessed: bool = False
    why_not: str = ""
    of_year: bool = False
    aside: str = ""


@frozen
class TableHeading:
    """The heading of a table.

    Attributes:
        row: the row that names what is measured.
        above: the rows above the heading.
        rows: how many rows of the sheet end with the heading.
        heads: the rows that are the heading, as texts.
    """

    row: SheetRow
    columns: tuple[HeadedColumn, ...]
    above: tuple[SheetRow, ...]
    rows: int = 0
    heads: tuple[tuple[str, ...], ...] = ()

    def of(self, key: str) -> tuple[HeadedColumn, ...]:
        """The columns that are read as a key."""
        return tuple(column for column in self.columns if column.key == key)

    def one(self, key: str) -> HeadedColumn | None:
        """The column that is read as a key, the first where there are several."""
        return next(iter(self.of(key)), None)


def find_header(
    sheet: Sheet, mapped: Mapping[str, str], area_column: str | None = None, period: str = "", book: Calendar = APRIL
) -> TableHeading | None:
    """The row of which most cells are known headings, with the rows of headings beside it; None where there is none.

    ``mapped`` are headings with the key each has by hand, ``period`` what is said to be that of the sheet. Raises
    BadArgument for a heading that the sheet has not.
    """
    best, most = -1, 0
    for n, row in enumerate(sheet.rows[:_DEEPEST]):
        columns = [_column(i, (heading,), mapped, (True, False), None, book) for i, heading in enumerate(row.cells)]
        if len(row.distinct) < 2 or not any(column.key in ("title", "action") for column in columns):
            continue
        if _known(columns) > most:
            best, most = n, _known(columns)
    if best < 0:
        return None
    header = _header(sheet, best, mapped, period, book)
    by_hand = [*mapped, *([area_column] if area_column is not None else [])]
    _check_names(by_hand, header)
    columns = settled_columns(header, sheet.rows[header.rows :], area_column)
    settled = evolve(header, columns=tuple(columns))
    if settled.one("title") is None and settled.one("action") is None:
        wanted = 'it says what is measured: name the column that does with --map "Column=title"'
        raise BadArgument("--area-column", area_column, wanted)
    return settled


def _header(sheet: Sheet, core: int, mapped: Mapping[str, str], said: str, book: Calendar) -> TableHeading:
    row = sheet.rows[core]
    titles = [
        i
        for i, cell in enumerate(row.cells)
        if _column(i, (cell,), mapped, (True, False), None, book).key in ("title", "action")
    ]
    found = heading_rows(sheet, core, titles)
    texts = [text for path in found.paths for text in path]
    above = sheet.rows[: found.first]
    titles_above = [*(cell for each in above for cell in each.distinct), sheet.tab, Path(sheet.name).stem]
    years = years_named([said]) or years_named(titles_above)
    year = next(iter(years)) if len(years) == 1 else None
    hyphens = hyphens_are_years(texts)
    columns = tuple(_column(i, path, mapped, hyphens, year, book) for i, path in enumerate(found.paths))
    if not said:
        columns = _of_the_sheet(columns, titles_above, book)
    heads = tuple(sheet.rows[n].cells for n in range(found.first, found.last + 1))
    return TableHeading(row, columns, above, found.last + 1, heads)


def _of_the_sheet(columns: tuple[HeadedColumn, ...], titles: Sequence[str], book: Calendar) -> tuple[HeadedColumn, ...]:
    """Values and levels of no period of their own are of the one that the titles above the table name."""
    named = {period for text in titles if (period := heading_period([named_time(text)], None, book)[0]) is not None}
    measured = [column for column in columns if column.key == "actual"]
    if not named or any(column.key == "period" for column in columns) or any(c.period is not None for c in measured):
        return columns
    finest = min(named, key=lambda period: period.end - period.start)
    if sum(period.end - period.start == finest.end - finest.start for period in named) > 1:
        return columns
    return tuple(
        evolve(c, period=finest, guessed=True) if c.key in BY_PERIOD and c.key != "target" and c.period is None else c
        for c in columns
    )


def _known(columns: Iterable[HeadedColumn]) -> int:
    return len({(column.key, column.period) for column in columns if column.key})


def _same(heading: str, name: str) -> bool:
    return heading.strip().casefold() == name.strip().casefold()


def _check_names(names: Iterable[str], header: TableHeading) -> None:
    for name in names:
        if not any(_same(column.heading, name) for column in header.columns):
            shown = ", ".join(column.heading for column in header.columns if column.heading)
            raise BadArgument("a column", name, f"the sheet has {shown}")


def _column(
    index: int,
    path: Sequence[str],
    mapped: Mapping[str, str],
    hyphens: tuple[bool, bool],
    year: int | None,
    book: Calendar,
) -> HeadedColumn:
    heading = ": ".join(path)
    for name, key in mapped.items():
        if _same(heading, name):
            word, _, of = key.partition(" ")
            return HeadedColumn(index, heading, "" if word == "ignore" else word, _by_hand(of), rank=-1)
    years, doubtful = hyphens
    times = [named_time(text, years=years or not any("-" in text for text in path), doubtful=doubtful) for text in path]
    period, guessed = heading_period(times, year, book) if any(times) else (None, False)
    if any(times) and period is None and all(_is_measure(time.rest) for time in times):
        return HeadedColumn(index, heading, why_not=NO_YEAR)
    rests = [time.rest if time else text for time, text in zip(times, path, strict=True)]
    words = [text for text in rests if folded(text)]
    if not words:
        return HeadedColumn(index, heading, "actual" if period is not None else "", period, guessed=guessed)
    key, rank, near = _key_of(words)
    if key == "title" and period is not None:
        key, rank, near = "actual", 98, True
    of_year = key == "target" and bool(_OF_A_YEAR.search(folded(" ".join(words))))
    return HeadedColumn(index, heading, key, period, rank, near or (guessed and bool(key)), of_year=of_year)


def _is_measure(rest: str) -> bool:
    """Whether a heading without its time is of a target or value, or nothing."""
    known = known_key(rest)
    return not folded(rest) or (known is not None and known[0] in BY_PERIOD)


def _key_of(words: Sequence[str]) -> tuple[str, int, bool]:
    """The key that headings mean: the lowest that is known, or all of them together."""
    for text in (*reversed(words), " ".join(words)):
        known = known_key(text) or (_colour(text) if text is words[-1] and len(words) > 1 else None)
        if known is not None:
            return known[0], known[1], False
    for text in (words[-1], " ".join(words)):
        known = known_key(_BRACKETED.sub(" ", text))
        if known is None or known[0] in ("minimum", "maximum"):
            known = _colour(text) or known  # a lower threshold (amber)
        if known is not None:
            return known[0], 20 + known[1], False
        if _OTHER_TIMES & set(folded(text).split()):
            return "previous", 99, False
        if _BASELINE in folded(text).split():
            return "baseline", 50, False
        near = _near(folded(text))
        if near is not None:
            known = known_key(near)
            assert known is not None
            return known[0], 50 + known[1], True
    return "", 0, False


def _colour(text: str) -> tuple[str, int] | None:
    """The level whose threshold a heading announces: ``Red (off target)``, ``Amber where``."""
    words = folded(text).split()
    if len(words) == 2 and words[0] in _LETTERS and words[1] in _LINES:
        return _LETTERS[words[0]], 40
    named = {_COLOURS[word] for word in words if word in _COLOURS}
    if len(named) != 1 or len(words) > 5 or _COUNTED & set(words):
        return None
    return named.pop(), 40


@lru_cache(maxsize=4096)  # every row near the top is asked whether it is the header, more than once
def _near(words: str) -> str | None:
    """The known spelling that a heading nearly has, ends with or begins with."""
    if len(words) > _LONGEST or not words:
        return None
    found = difflib.get_close_matches(words, _SPELLED, n=1, cutoff=0.86) if len(words) > 4 else []
    parts = words.split()
    if found and not set(found[0].split()) & set(_COLOURS) - set(parts):
        return found[0]  # an agreed target is no green one
    for length in range(min(len(parts) - 1, 4), 0, -1):
        for part in (" ".join(parts[-length:]), " ".join(parts[:length])):
            if known_key(part) is not None and len(part) > 2:
                return part
    return None


def _by_hand(written: str) -> Period | None:
    written = " ".join(written.split())
    for text in (written, re.sub(r"(\d{4})-(\d\d(?:\d\d)?)\b", r"\1/\2", written)):
        try:
            return parse_period(text)
        except PeriodError:
            continue
    return None


def settled_columns(
    header: TableHeading, rows: Sequence[SheetRow], area_column: str | None = None
) -> list[HeadedColumn]:
    """The columns as they are read: one a key, statuses with their periods, targets of years told from values."""
    columns = _with_neighbours(_by_their_cells(_years_of_targets(header.columns, rows), rows))
    if area_column is not None:
        columns = [
            evolve(column, key="area", rank=-1, guessed=False) if _same(column.heading, area_column)
            else _set_aside(column, "--area-column names another") if column.key == "area" else column
            for column in columns
        ]  # fmt: skip
    return _settled(columns, rows)


def _years_of_targets(columns: Sequence[HeadedColumn], rows: Sequence[SheetRow]) -> list[HeadedColumn]:
    """Columns headed by years alone are targets where no other column has any and something else tells values."""
    bare = [column for column in columns if column.key == "actual" and column.period is not None and _is_year(column)]
    named = any(column.key in ("target", "green", "minimum") for column in columns)
    measured = any(column.key == "actual" and column not in bare for column in columns)
    compared = sum(bool(re.match(r"\s*[<>≤≥=±]", _cell(row, column))) for row in rows for column in bare)
    if len(bare) < 2 or named or not (compared or measured or any(column.key == _BASELINE for column in columns)):
        return list(columns)
    return [
        evolve(column, key="target", guessed=True) if column in bare and not folded(_without_period(column)) else column
        for column in columns
    ]


def _by_their_cells(columns: Sequence[HeadedColumn], rows: Sequence[SheetRow]) -> list[HeadedColumn]:
    """A column whose heading says nothing is what all its cells are: levels, or which way is better."""
    made = list(columns)
    for n, column in enumerate(columns):
        cells = [cell for row in rows if len(row.distinct) > 1 and (cell := _cell(row, column))]
        if column.rank == -1 or len(cells) < _FEWEST_CELLS:
            continue
        if column.key not in ("title", "action", "area") and all(map(colours_in, cells)):
            made[n] = evolve(column, key="thresholds", rank=99, period=None)
            continue
        if column.key or column.why_not:
            continue
        for key, is_one in (("status", is_level), ("direction", _is_polarity), ("unit", names_a_unit)):
            if all(map(is_one, cells)) and not any(other.key == key for other in made):
                made[n] = evolve(column, key=key, rank=99, guessed=True)
                break
    return made


def _is_polarity(cell: str) -> bool:
    return len(cell) > 1 and not cell[0].isdigit() and read_direction(cell) is not None


def _is_year(column: HeadedColumn) -> bool:
    assert column.period is not None
    return (column.period.end - column.period.start).days > 300


def _without_period(column: HeadedColumn) -> str:
    return named_time(column.heading).rest


def _cell(row: SheetRow, column: HeadedColumn) -> str:
    return row.cells[column.index] if column.index < len(row.cells) else ""


def _with_neighbours(columns: Sequence[HeadedColumn]) -> list[HeadedColumn]:
    """The columns, each status beside a value of a period being of that period: ``Q1 2020/21, RAG, Q2 2020/21, RAG``.

    Where all values are of one period, so is a status that stands elsewhere; one after several values is of the last.
    """
    periods = [column.period for column in columns if column.key == "actual" and column.period is not None]
    several = len(set(periods)) > 1
    lone = len([column for column in columns if column.key in ("status", "met") and column.period is None]) == 1
    last = max(periods) if periods and lone else None
    one = periods[0] if periods and not several else None
    made: list[HeadedColumn] = []
    for column in columns:
        if column.key in ("status", "met") and column.period is None:
            before = made[-1] if made else None
            beside = before.period if before is not None and before.key == "actual" else None
            guessed = column.guessed or several
            column = evolve(column, period=beside or one or last, guessed=guessed)
        made.append(column)
    return made


def _set_aside(column: HeadedColumn, why: str) -> HeadedColumn:
    return evolve(column, key="", why_not=why)


def _settled(columns: Sequence[HeadedColumn], rows: Sequence[SheetRow]) -> list[HeadedColumn]:
    """One column for each key, and for each period of a key that may have several; the others say why they are not."""
    chosen: dict[tuple[str, Period | None], HeadedColumn] = {}

    def order(column: HeadedColumn) -> tuple[bool, int, int]:
        mostly_blank = column.key == "area" and _blank_share(column.index, rows) > 0.1
        return mostly_blank, column.rank, column.index

    for column in sorted((c for c in columns if c.key), key=order):
        place = (column.key, column.period if column.key in BY_PERIOD else None)
        chosen.setdefault(place, column)
    made = []
    for column in columns:
        place = (column.key, column.period if column.key in BY_PERIOD else None)
        if column.key == "previous":
            column = _set_aside(column, "of another time, or worked out from others")
        elif column.key and chosen[place] is not column:
            column = evolve(_set_aside(column, f"{chosen[place].heading} is read as {column.key}"), aside=column.key)
        made.append(column)
    return made


def _blank_share(index: int, rows: Sequence[SheetRow]) -> float:
    filled = sum(index < len(row.cells) and bool(row.cells[index]) for row in rows)
    return 1 - filled / max(len(rows), 1)


def checked_map(given: Sequence[str]) -> dict[str, str]:
    """``--map "Column=key"`` as given on a command line; raises BadArgument."""
    made = {}
    for each in given:
        heading, equals, key = each.rpartition("=")
        word, _, period = key.strip().partition(" ")
        if not equals or word not in (*KEYS, "ignore"):
            raise BadArgument("--map", each, f'write "Column=key", where the key is {", ".join(KEYS)} or ignore')
        if period and (word not in BY_PERIOD or _by_hand(period) is None):
            raise BadArgument("--map", each, 'a period goes with actual, target or status: "Q1=actual 2014/15 Q1"')
        made[heading.strip()] = key.strip()
    return made
