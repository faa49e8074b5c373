"""One target or tolerance set where it stands in the table of targets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ...errors import BadArgument
from ...rulefile.target_table import TARGETS, TargetRow, TargetTable, read_targets
from .subject import Edited

__all__ = ["target_rows", "with_cell"]


def target_rows(text: str, subject: Edited) -> tuple[TargetTable, tuple[TargetRow, ...]]:
    """The table, and its rows that state what an id names; none where the rule file states it."""
    table = read_targets(text)
    path = subject.path
    entity = path[3] if path[2:3] == ("entities",) and len(path) == 5 else ""
    if path[:1] != ("kpi",) or path[-1] not in ("target", "tolerance") or len(path) not in (3, 5):
        return table, ()
    kpi = f"{subject.file.removesuffix('.toml')}.{path[1]}"
    found = [row for row in table.rows if row.text("kpi") == kpi and row.text("entity") == entity]
    return table, tuple(row for row in found if row.text(path[-1]))


def with_cell(table: TargetTable, rows: Sequence[TargetRow], subject: Edited, value: str, start: date | None) -> str:
    """The text of the table with the value in the row that holds from a day, a new row where there is none.

    Raises BadArgument where several rows hold and no day is named, or the value is no single cell.
    """
    key = subject.path[-1]
    cell = value.strip().strip('"')
    if cell.startswith("{"):
        raise BadArgument("VALUE", value, f"a table stands in {TARGETS} as several cells: edit its rows")
    day = start.isoformat() if start is not None else ""
    if not day and len(rows) > 1:
        days = ", ".join(row.text("from") or "always" for row in rows)
        raise BadArgument("ID", subject.id, f"{TARGETS} has it by dates ({days}): say --from DAY")
    if not day:
        return _replaced(table, rows[0], key, cell)
    same = next((row for row in rows if row.text("from") == day), None)
    if same is not None:
        return _replaced(table, same, key, cell)
    return _inserted(table, rows, key, cell, day)


def _written(table: TargetTable, cell: str) -> str:
    special = table.separator in cell or '"' in cell
    return '"' + cell.replace('"', '""') + '"' if special else cell


def _replaced(table: TargetTable, row: TargetRow, key: str, cell: str) -> str:
    """One cell in place of another; every other byte stays."""
    lines = table.text.split("\n")
    line = lines[row.line - 1]
    at = row.columns[key] - 1
    after = sorted(place for place in row.columns.values() if place - 1 > at)
    end = after[0] - 2 if after else len(line.rstrip("\r"))
    lines[row.line - 1] = line[:at] + _written(table, cell) + line[end:]
    return "\n".join(lines)


def _inserted(table: TargetTable, rows: Sequence[TargetRow], key: str, cell: str, day: str) -> str:
    """A new row after the last that holds earlier."""
    before = [row for row in rows if row.text("from") < day]
    model = before[-1] if before else rows[0]
    cells = {"kpi": model.text("kpi"), "entity": model.text("entity"), "from": day, key: cell}
    header = sorted(model.columns, key=lambda column: model.columns[column])
    made = table.separator.join(_written(table, cells.get(column, "")) for column in header)
    lines = table.text.split("\n")
    lines.insert(model.line if before else model.line - 1, made)
    return "\n".join(lines)
