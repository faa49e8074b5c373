"""The header row of a sheet, and what each of its columns holds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, frozen

from ..errors import BadArgument
from ..period import Period, PeriodError, parse_period
from .sheet import Sheet, SheetRow
from .spellings import KEYS, SPELLINGS, folded

__all__ = ["Column", "Header", "checked_map", "find_header"]

#: rows among which the header is looked for
_DEEPEST = 40
#: characters of a heading
_LONGEST = 80
_BY_SPELLING = {spelling: (key, rank) for key, names in SPELLINGS.items() for rank, spelling in enumerate(names)}
_PERIOD = re.compile(
    r"\b(?:(?:Q|Quarter )[1-4][ ,]+\d{4}[/-]\d{2,4}|\d{4}[/-]\d{2,4}(?:[ ,]+(?:Q|Quarter )[1-4])?"
    r"|[A-Z][a-z]{2,8}[- ](?:\d{4}|\d\d))(?![\d/-])",
    re.ASCII | re.IGNORECASE,
)
#: keys of which a sheet may have several columns, one for each period
_BY_PERIOD = ("target", "actual", "status", "met")
#: words that make a value one of another time, which is not the one measured
_OTHER_TIMES = frozenset(
    {"previous", "last", "prior", "before", "baseline", "projected", "forecast", "predicted", "national"}
)


@frozen
class Column:
    """One column: its heading, and the key that it is read as.

    Attributes:
        index: its place, counted from 0.
        key: one of :data:`KEYS`; empty where nothing reads it.
        period: the period its heading names.
        guessed: whether the heading only resembles a known one.
        why_not: why it is not read although its heading is known.
    """

    index: int
    heading: str
    key: str = ""
    period: Period | None = None
    rank: int = 0
    guessed: bool = False
    why_not: str = ""


@frozen
class Header:
    """The header row and its columns; rows above it are ``above``."""

    row: SheetRow
    columns: tuple[Column, ...]
    above: tuple[SheetRow, ...]

    def of(self, key: str) -> tuple[Column, ...]:
        """The columns that are read as a key."""
        return tuple(column for column in self.columns if column.key == key)

    def one(self, key: str) -> Column | None:
        """The column that is read as a key, the first where there are several."""
        return next(iter(self.of(key)), None)


def find_header(sheet: Sheet, mapped: Mapping[str, str], area_column: str | None = None) -> Header | None:
    """The row of which most cells are known headings; None where no row names what is measured.

    ``mapped`` are headings with the key each has by hand. Raises BadArgument for one that the sheet has not.
    """
    best: Header | None = None
    for n, row in enumerate(sheet.rows[:_DEEPEST]):
        columns = [_column(i, heading, mapped) for i, heading in enumerate(row.cells)]
        if len(row.distinct) < 2 or not any(column.key == "title" for column in columns):
            continue
        if best is None or _known(columns) > _known(best.columns):
            best = Header(row, tuple(columns), sheet.rows[:n])
    if best is None:
        return None
    by_hand = [*mapped, *([area_column] if area_column is not None else [])]
    _check_names(by_hand, best)
    columns = _with_neighbours(_with_groups(best))
    if area_column is not None:
        columns = [
            evolve(column, key="area", rank=-1, guessed=False) if _same(column.heading, area_column)
            else _set_aside(column, "--area-column names another") if column.key == "area" else column
            for column in columns
        ]  # fmt: skip
    settled = evolve(best, columns=tuple(_settled(columns, sheet.rows[len(best.above) + 1 :])))
    if settled.one("title") is None:
        wanted = 'it says what is measured: name the column that does with --map "Column=title"'
        raise BadArgument("--area-column", area_column, wanted)
    return settled


def _known(columns: Iterable[Column]) -> int:
    return len({(column.key, column.period) for column in columns if column.key})


def _same(heading: str, name: str) -> bool:
    return heading.strip().casefold() == name.strip().casefold()


def _check_names(names: Iterable[str], header: Header) -> None:
    for name in names:
        if not any(_same(column.heading, name) for column in header.columns):
            shown = ", ".join(column.heading for column in header.columns if column.heading)
            raise BadArgument("a column", name, f"the sheet has {shown}")


def _column(index: int, heading: str, mapped: Mapping[str, str]) -> Column:
    for name, key in mapped.items():
        if _same(heading, name):
            word, _, of = key.partition(" ")
            return Column(index, heading, "" if word == "ignore" else word, _period(of), rank=-1)
    period, rest = _split_period(heading)
    words = folded(rest)
    if not words:
        return Column(index, heading, "actual" if period is not None else "", period)
    known = _BY_SPELLING.get(words)
    if known is not None:
        return Column(index, heading, known[0], period, known[1])
    if _OTHER_TIMES & set(words.split()):
        return Column(index, heading, "previous", period, 99)
    near = _near(words)
    if near is None:
        return Column(index, heading)
    return Column(index, heading, _BY_SPELLING[near][0], period, 50 + _BY_SPELLING[near][1], guessed=True)


def _near(words: str) -> str | None:
    """The known spelling that a heading nearly has, ends with or begins with."""
    if len(words) > _LONGEST:
        return None
    found = difflib.get_close_matches(words, list(_BY_SPELLING), n=1, cutoff=0.86)
    if found and len(words) > 4:
        return found[0]
    parts = words.split()
    for length in range(min(len(parts) - 1, 4), 0, -1):
        for part in (" ".join(parts[-length:]), " ".join(parts[:length])):
            if part in _BY_SPELLING and len(part) > 2:
                return part
    return None


def _split_period(heading: str) -> tuple[Period | None, str]:
    """The period that a heading names, and the rest of it."""
    match = _PERIOD.search(heading)
    period = _period(match[0]) if match is not None else None
    if match is None or period is None:
        return None, heading
    return period, f"{heading[: match.start()]} {heading[match.end() :]}"


def _period(written: str) -> Period | None:
    written = " ".join(written.split())
    for text in (written, re.sub(r"(\d{4})-(\d\d(?:\d\d)?)\b", r"\1/\2", written)):
        try:
            return parse_period(text)
        except PeriodError:
            continue
    return None


def _with_groups(header: Header) -> list[Column]:
    """The columns with the period of the merged heading above them, where their own names none."""
    above = header.above[-1] if header.above else None
    if above is None or len(above.distinct) < 2:
        return list(header.columns)
    made = []
    for column in header.columns:
        group = above.cells[column.index] if column.index < len(above.cells) else ""
        period = _split_period(group)[0] if group and column.period is None and column.key in _BY_PERIOD else None
        made.append(column if period is None else evolve(column, period=period, heading=f"{group}: {column.heading}"))
    return made


def _with_neighbours(columns: Sequence[Column]) -> list[Column]:
    """The columns, each status beside a value of a period being of that period: ``Q1 2020/21, RAG, Q2 2020/21, RAG``.

    Where all values are of one period, so is a status that stands elsewhere.
    """
    periods = {column.period for column in columns if column.key == "actual"}
    one = next(iter(periods)) if len(periods) == 1 else None
    several = len(periods - {None}) > 1
    made: list[Column] = []
    for column in columns:
        if column.key in ("status", "met") and column.period is None:
            before = made[-1] if made else None
            beside = before.period if before is not None and before.key == "actual" else None
            column = evolve(column, period=beside or one, guessed=column.guessed or (several and beside is not None))
        made.append(column)
    return made


def _set_aside(column: Column, why: str) -> Column:
    return evolve(column, key="", why_not=why)


def _settled(columns: Sequence[Column], rows: Sequence[SheetRow]) -> list[Column]:
    """One column for each key, and for each period of a key that may have several; the others say why they are not."""
    chosen: dict[tuple[str, Period | None], Column] = {}

    def order(column: Column) -> tuple[bool, int, int]:
        mostly_blank = column.key == "area" and _blank_share(column.index, rows) > 0.1
        return mostly_blank, column.rank, column.index

    for column in sorted((c for c in columns if c.key), key=order):
        place = (column.key, column.period if column.key in _BY_PERIOD else None)
        chosen.setdefault(place, column)
    made = []
    for column in columns:
        place = (column.key, column.period if column.key in _BY_PERIOD else None)
        if column.key == "previous":
            column = _set_aside(column, "values of another time")
        elif column.key and chosen[place] is not column:
            column = _set_aside(column, f"{chosen[place].heading} is read as {column.key}")
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
        if period and (word not in _BY_PERIOD or _period(period) is None):
            raise BadArgument("--map", each, 'a period goes with actual, target or status: "Q1=actual 2014/15 Q1"')
        made[heading.strip()] = key.strip()
    return made
