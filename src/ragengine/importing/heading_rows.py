"""Which rows of a sheet are its heading: the row that names most columns, and those above and below that go with it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from .heading_periods import named_time
from .sheet import Sheet, SheetRow
from .spellings import SPELLINGS, folded

__all__ = ["heading_rows", "known_key"]

_MOST_BESIDE = 2
_BY_SPELLING = {spelling: (key, rank) for key, names in SPELLINGS.items() for rank, spelling in enumerate(names)}
#: what groups of columns are headed, besides periods
_GROUPS = frozenset({
    "target", "targets", "actual", "actuals", "performance", "rag", "rag status", "rag ratings", "status",
    "thresholds", "rag thresholds",
    "tolerances", "tolerance", "results", "outturn", "annual target", "annual targets", "performance to date",
    "rag criteria", "data",
    "quarterly performance", "monthly performance", "rag rating", "planned", "plan", "ratings",
})  # fmt: skip
#: a group's heading over the columns right of it may be left out only over these
_GROUPED = frozenset({"target", "actual", "status", "met", "numerator", "denominator", "green", "amber", "red",
                      "minimum",
                      "maximum", "previous", "tolerance", ""})  # fmt: skip


@frozen
class HeadingRows:
    """The rows of a heading.

    Attributes:
        first, last: places of its first and last row among the sheet's rows.
        core: place of the row that names what is measured.
        paths: for each column the texts above it, from the top.
    """

    first: int
    core: int
    last: int
    paths: tuple[tuple[str, ...], ...]


def known_key(text: str) -> tuple[str, int] | None:
    """The key that a heading is exactly a spelling of, and how usual that spelling is."""
    return _BY_SPELLING.get(folded(text))


def heading_rows(sheet: Sheet, core: int, titles: Sequence[int]) -> HeadingRows:
    """The rows that go with the one that names what is measured, in the columns ``titles``."""
    rows = sheet.rows
    last = core
    while last + 1 < len(rows) and last - core < _MOST_BESIDE and _is_below(rows[core], rows[last + 1], titles):
        last += 1
    first = core
    while first > 0 and core - first < _MOST_BESIDE and _is_above(rows[first - 1], rows[first]):
        first -= 1
    width = max(len(row.cells) for row in rows[first : last + 1])
    layers = [_cells(rows[n], width) for n in range(first, last + 1)]
    for n, layer in enumerate(layers[:-1]):
        _fill_right(layer, layers[n + 1 :], filled=rows[first + n])
    paths = tuple(_path([layer[column] for layer in layers]) for column in range(width))
    return HeadingRows(first, core, last, paths)


def _cells(row: SheetRow, width: int) -> list[str]:
    return [*row.cells, *([""] * (width - len(row.cells)))]


def _path(texts: Sequence[str]) -> tuple[str, ...]:
    made: list[str] = []
    for text in texts:
        if text and text not in made:
            made.append(text)
    return tuple(made)


def _fill_right(layer: list[str], below: Sequence[Sequence[str]], filled: SheetRow) -> None:
    """A group's heading goes on over the blank cells right of it, where merged cells were lost, as in a CSV file."""
    if not any(not cell for cell in filled.cells):
        return
    current = ""
    for column, text in enumerate(layer):
        own = next((row[column] for row in below if row[column]), "")
        key = known_key(_untimed(own))
        if text:
            current = text
        elif current and own and (key is None or key[0] in _GROUPED) and _is_group(current):
            layer[column] = current


def _untimed(text: str) -> str:
    return named_time(text).rest


def _is_group(text: str) -> bool:
    return bool(named_time(text)) or folded(text) in _GROUPS or folded(_untimed(text)) in _GROUPS


def _is_below(core: SheetRow, row: SheetRow, titles: Sequence[int]) -> bool:
    """Whether a row goes on with the headings: it names parts of columns, and nothing that is measured."""
    cells = _cells(row, len(core.cells))
    own = [(n, cell) for n, cell in enumerate(cells) if cell and (n >= len(core.cells) or cell != core.cells[n])]
    if not own or any(n in titles for n, _ in own):
        return False
    return all(_names_a_part(cell) for _, cell in own)


def _names_a_part(cell: str) -> bool:
    if known_key(cell) is not None:
        return True
    found = named_time(cell)
    rest = folded(found.rest)
    return bool(found) and (not rest or known_key(found.rest) is not None)


def _is_above(row: SheetRow, below: SheetRow) -> bool:
    """Whether a row groups the columns of the one below it: periods or measures, each over some of the columns."""
    distinct = row.distinct
    if below.number - row.number > 2 or not distinct:
        return False
    first = next(n for n, cell in enumerate(row.cells) if cell)
    if len(distinct) == 1 and (first == 0 or all(row.cells)):
        return False  # a title over the whole table
    groups = [cell for cell in distinct if _is_group(cell)]
    return bool(groups) and all(len(cell) <= 60 for cell in distinct)
