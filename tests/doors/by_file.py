"""The doors of files: data folders that ``score`` reads, and whole files that come back with a level a row."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve

import ragengine
from ragengine.toml.write import toml_value

from .door import Answer, Answers, Door, book_of, by_kind, columns_of, is_finite, numbers_of
from .row import Given, Table

__all__ = ["DOORS", "file_rows"]

Write = Callable[[Path, Sequence[str], list[dict[str, Any]]], None]


def file_rows(givens: Sequence[Given]) -> Iterator[dict[str, Any]]:
    """The rows with those before them, ``note`` telling whose they are."""
    for given in givens:
        own = {"kpi": given.subject, "entity": given.entity or None, "note": str(given.number)}
        for past in given.history:
            yield own | {name: cell for name, cell in past.items() if name != "day"} | {"note": ""}
        yield own | {"period": given.period, **given.cells}


def _reports(givens: Sequence[Given]) -> list[dict[str, Any]]:
    return [
        {"action": given.subject, "as_at": given.row.period, "note": str(given.number), **given.cells}
        for given in givens
    ]


def _text(cell: Any) -> str:
    """A cell as CSV writes it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _csv(path: Path, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_text(row.get(name)) for name in columns] for row in rows)


def _json_value(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return json.dumps(cell.isoformat() if isinstance(cell, date) else cell)


def _json_row(row: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f'"{name}": {_json_value(cell)}' for name, cell in row.items()) + "}"


def _json(path: Path, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    path.write_text("[\n" + ",\n".join(map(_json_row, rows)) + "\n]", encoding="utf-8")


def _json_lines(path: Path, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(f"{_json_row(row)}\n" for row in rows), encoding="utf-8")


def _xlsx(path: Path, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(columns))
    for line, row in enumerate(rows, start=2):
        for place, name in enumerate(columns, start=1):
            if row.get(name) is not None:
                cell = sheet.cell(line, place)
                cell.value = row[name]
                if isinstance(row[name], str):
                    cell.data_type = "s"
                elif isinstance(row[name], float):
                    # as it is: the library would leave out the last digit
                    cell.value, cell.data_type = repr(row[name]), "n"
    book.save(path)


def _override_file(table: Table) -> str:
    made = []
    for override in table.overrides:
        keys = {**override, "subject": f"a.{override['subject']}"}
        dates = {name: date.fromisoformat(keys[name]) for name in ("from", "until")}
        made.append(
            "[[override]]\n" + "".join(f"{name} = {toml_value(cell)}\n" for name, cell in (keys | dates).items())
        )
    return "\n".join(made)


def _scored(suffix: str, write: Write) -> Callable[[Table, Sequence[Given]], Answers]:
    """A folder for each kind of column, read once; each day's rows make a scorecard."""

    def rate(table: Table, givens: Sequence[Given]) -> Answers:
        made: dict[int, Answer] = {}
        for group in by_kind(givens).values():
            try:
                data = _read(table, group, suffix, write)
            except Exception as error:
                made |= dict.fromkeys((given.number for given in group), Answer.broken(error))
                continue
            made |= (_actions if table.actions else _cards)(table, group, data)
        return made

    return rate


def _read(table: Table, group: Sequence[Given], suffix: str, write: Write) -> ragengine.Data:
    with TemporaryDirectory() as name:
        folder = Path(name)
        if table.actions:
            write(folder / f"actions{suffix}", ["action", "as_at", "note", *columns_of(group)], _reports(group))
        else:
            columns = ["kpi", "period", "entity", "note", *columns_of(group)]
            write(folder / f"measurements{suffix}", columns, list(file_rows(group)))
        if table.overrides:
            (folder / "overrides.toml").write_text(_override_file(table), encoding="utf-8")
        return ragengine.read(folder, calendar=book_of(table).rules.calendar)


def _cards(table: Table, group: Sequence[Given], data: ragengine.Data) -> Answers:
    book, made = book_of(table), {}
    days: dict[date, list[Given]] = defaultdict(list)
    for given in group:
        days[given.row.day].append(given)
    for day, rows in days.items():
        keys = {(given.subject, given.entity or None) for given in rows}
        own = tuple(row for row in data.measurements if (row.kpi, row.entity) in keys)
        try:
            card = book.score(evolve(data, measurements=own), day)
        except Exception as error:
            made |= dict.fromkeys((given.number for given in rows), Answer.broken(error))
            continue
        for given in rows:
            key = (given.subject, given.entity) if given.entity else given.subject
            rating = card.ratings.get(key)
            if rating is not None:
                made[given.number] = Answer.of(rating)
    return made


def _actions(table: Table, group: Sequence[Given], data: ragengine.Data) -> Answers:
    book, made = book_of(table), {}
    reports = {report.note: report for report in data.actions}
    for given in group:
        report = reports.get(str(given.number))
        if report is not None:
            card = book.score(evolve(data, actions=(report,)), given.row.day)
            made[given.number] = Answer.of(card.ratings[given.subject])
    return made


def _parquet(path: Path, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    import pyarrow.parquet as pq

    from .by_frame import arrow_table

    pq.write_table(arrow_table(rows, columns), path)


def _whole(suffix: str, write: Write) -> Callable[[Table, Sequence[Given]], Answers]:
    """A file for each kind of column, with a level beside each row."""

    def rate(table: Table, givens: Sequence[Given]) -> Answers:
        from ragengine.whole_files import rate_files

        made: dict[int, Answer] = {}
        for group in by_kind(givens).values():
            with TemporaryDirectory() as name:
                given_file, output = Path(name) / f"in{suffix}", Path(name) / "out.ndjson"
                columns = ["kpi", "period", "entity", "note", *columns_of(group)]
                try:
                    write(given_file, columns, list(file_rows(group)))
                    rate_files(book_of(table), [str(given_file)], output)
                except Exception as error:
                    made |= dict.fromkeys((given.number for given in group), Answer.broken(error))
                    continue
                rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
                made |= {int(row["note"]): Answer.of_row(row) for row in rows if row["note"]}
        return made

    return rate


def _has_lists(given: Given) -> bool:
    cells = (*given.cells.values(), *(cell for past in given.history for cell in past.values()))
    return any(isinstance(cell, list | dict | frozenset) for cell in cells)


def _by_csv(given: Given) -> bool:
    """Everything that a text says; what has no type there is no list, and a time of day is none."""
    kinds = given.kind != "evidence" and not given.kind.endswith("datetime")
    return kinds and not _has_lists(given) and not _beyond_floats(given)


def _by_json(given: Given) -> bool:
    """JSON has no NaN, no sets and no times."""
    sets = isinstance(given.cells.get("causes"), frozenset)
    return is_finite(given) and not sets and not given.kind.endswith(("date", "datetime", "evidence"))


def _by_xlsx(given: Given) -> bool:
    """A cell of a workbook is a text, a float, a flag or a date."""
    whole = all(not isinstance(cell, int) or abs(cell) < 10**300 for cell in numbers_of(given))
    return is_finite(given) and not _has_lists(given) and given.kind not in ("decimal", "long", "evidence") and whole


def _beyond_floats(given: Given) -> bool:
    return any(type(cell) is int and abs(cell) >= 10**300 for cell in numbers_of(given))


def _whole_rows(given: Given) -> bool:
    return not given.row.is_action and (given.row.kind != "judgements" or given.row.rule == "own")


def _of_columns(given: Given) -> bool:
    """Columns of Parquet have one type each."""
    return _whole_rows(given) and given.kind != "object" and not _has_lists(given)


#: shortfalls of whole files are floats
_FLOATS = Fraction(1, 10**9)

DOORS = (
    Door("score CSV", _by_csv, _scored(".csv", _csv)),
    Door("score JSON", _by_json, _scored(".json", _json)),
    Door("score XLSX", _by_xlsx, _scored(".xlsx", _xlsx)),
    Door("rows CSV", lambda given: _by_csv(given) and _whole_rows(given), _whole(".csv", _csv), slack=_FLOATS),
    Door(
        "rows JSON", lambda given: _by_json(given) and _whole_rows(given), _whole(".jsonl", _json_lines), slack=_FLOATS
    ),
    Door("rows Parquet", _of_columns, _whole(".parquet", _parquet), slack=_FLOATS),
)
