"""Sheets laid out otherwise than a row a KPI, laid out so: a row each for target and actual, a column a KPI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import define, evolve, field

from .heading_periods import named_time
from .heading_rows import known_key
from .headings import BY_PERIOD, HeadedColumn, TableHeading, find_header
from .sheet import Sheet, SheetRow

__all__ = ["as_table"]

#: periods that have to stand below each other in the first column of a sheet with a column a KPI
_FEWEST_PERIODS = 2
#: keys that have to stand there for one period to be enough
_FEWEST_KEYS = 2


def as_table(sheet: Sheet) -> Sheet:
    """The same sheet with a row for each KPI; told in its notes where it was laid out otherwise."""
    header = find_header(sheet, {})
    if header is None or _only_names(header):
        return _turned(sheet)
    kinds = _kinds_column(sheet, header)
    return sheet if kinds is None else _merged(sheet, header, kinds)


# a column a KPI


def _turned(sheet: Sheet) -> Sheet:
    """A sheet with a column a KPI and a row a period, with rows and columns exchanged."""
    fewest = _FEWEST_PERIODS
    for n, row in enumerate(sheet.rows):
        below = [other.cells[0] for other in sheet.rows[n + 1 :] if other.cells and other.cells[0]]
        periods = sum(bool(named_time(cell)) for cell in below)
        keys = {found[0] for cell in below if (found := known_key(cell)) is not None}
        known = sum(bool(named_time(cell)) or known_key(cell) is not None for cell in below)
        fewest = 1 if len(keys) >= _FEWEST_KEYS else _FEWEST_PERIODS
        if len(row.distinct) > 2 and periods >= fewest and known == len(below):
            break
    else:
        return sheet
    rows = [row.cells for row in sheet.rows[n:]]
    width = max(map(len, rows))
    columns = [[cells[i] if i < len(cells) else "" for cells in rows] for i in range(width)]
    columns[0][0] = "Indicator"
    turned = [SheetRow(i + 1, tuple(cells)) for i, cells in enumerate(columns) if any(cells)]
    note = f"read with a column for each KPI: what is called a row here is a column of {sheet.source}"
    made = evolve(sheet, rows=(*turned,), notes=(*sheet.notes, note), fills={})
    header = find_header(made, {})
    return made if header is not None and len(header.of("actual")) >= fewest else sheet


def _only_names(header: TableHeading) -> bool:
    """Whether a heading knows its first cell alone, so that the others may be the names of KPIs."""
    others = [known_key(column.heading) for column in header.columns[1:]]
    return header.columns[0].key == "title" and not any(others)


# a row each for target and actual


def _kinds_column(sheet: Sheet, header: TableHeading) -> HeadedColumn | None:
    """The column that says of each row whether it has targets or actuals."""
    rows = sheet.rows[header.rows :]
    if not any(column.period is not None for column in header.columns):
        return None
    for column in header.columns:
        kinds = {_kind(cell) for row in rows if (cell := _cell(row, column.index))}
        if {"target", "actual"} <= kinds and "" not in kinds:
            return column
    return None


def _kind(cell: str) -> str:
    known = known_key(cell)
    return known[0] if known is not None and known[0] in (*BY_PERIOD, "previous", "tolerance") else ""


def _cell(row: SheetRow, index: int) -> str:
    return row.cells[index] if index < len(row.cells) else ""


@define
class _Block:
    """The rows of one KPI by their kind; one row of no kind stands for itself."""

    first: SheetRow
    rows: dict[str, SheetRow] = field(factory=dict)


def _merged(sheet: Sheet, header: TableHeading, kinds: HeadedColumn) -> Sheet:
    """The rows of each KPI as one, with a column for each period and kind."""
    rows = sheet.rows[header.rows :]
    title = header.one("title")
    blocks = list(_blocks(rows, kinds.index, title.index if title is not None else 0))
    words = list(dict.fromkeys(word for block in blocks for word in block.rows))
    timed = [column for column in header.columns if column.period is not None]
    plain = [column for column in header.columns if column.period is None and column is not kinds]
    head = [column.heading for column in plain] + [f"{column.heading} {word}" for column in timed for word in words]
    made = [SheetRow(header.row.number, tuple(head))]
    for block in blocks:
        own = block.rows.values() or [block.first]
        cells = [next((cell for row in own if (cell := _cell(row, column.index))), "") for column in plain]
        for column in timed:
            cells += [_cell(block.rows[word], column.index) if word in block.rows else "" for word in words]
        made.append(SheetRow(block.first.number, tuple(cells)))
    note = f"the rows {' and '.join(words[:3])} of each KPI are read together ({sheet.source} {kinds.heading})"
    return evolve(sheet, rows=(*header.above, *made), notes=(*sheet.notes, note), fills={})


def _blocks(rows: Sequence[SheetRow], kind_at: int, title_at: int) -> Iterator[_Block]:
    """The rows that belong together: one of each kind, with one title between them."""
    block: _Block | None = None
    title = ""
    for row in rows:
        word, own = _cell(row, kind_at), _cell(row, title_at)
        if block is not None and (not word or word in block.rows or own not in ("", title)):
            yield block
            block = None
        if not word:
            yield _Block(row)
            continue
        if block is None:
            block, title = _Block(row), own
        block.rows[word] = row
    if block is not None:
        yield block
