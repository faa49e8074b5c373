"""Reads data files: a folder of them, or files named one by one; the reader is chosen by suffix."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..collector import kept_still
from ..display import did_you_mean
from ..errors import BadArgument, DataError
from ..period import Calendar
from ..problem import Place, Problem, Severity, shorten, sorted_problems
from .collection import Data
from .csv_table import open_csv
from .json_table import open_json
from .model import ActionReport, Measurement, Narrative, Override, Published
from .rows import ACTIONS, MEASUREMENTS, PUBLISHED, RowReader, read_one_way
from .table import CheckedHeader, Table
from .toml_files import read_toml
from .xlsx_table import open_xlsx

__all__ = ["data_files", "read"]

#: what opens a table, by suffix; another format joins here
READERS: dict[str, Callable[[Path, str], Table]] = {".csv": open_csv, ".json": open_json, ".xlsx": open_xlsx}

_NOT_YET = {".parquet": "frames"}
#: files of a data folder that others read
_OTHERS = ("events.csv",)
_STEMS = ("measurements", "actions", "published", "overrides", "narrative")
#: what a table holds, by the columns it cannot do without
_KINDS: tuple[tuple[str, Sequence[str], Sequence[str]], ...] = (
    ("actions", ACTIONS, ("action", "as_at", "status")),
    ("published", PUBLISHED, ("subject", "period", "rag")),
    ("measurements", MEASUREMENTS, ("kpi", "period")),
)


def read(*paths: str | os.PathLike[str], day_first: bool = False, calendar: Calendar | None = None) -> Data:
    """Measurements, actions, overrides, published levels and narrative, and every problem with them.

    Args:
        paths: folders that hold files of these names, or files; a file of another name is told apart by its columns.
        day_first: reads ``14/08/20`` as 14 August, as ``dates = "day first"`` in ``[book]`` says.
        calendar: how the book reads dates (``book.rules.calendar``), instead of ``day_first``.

    Raises DataError where a path does not exist or nothing at all can be read.
    """
    how = Calendar(day_first) if calendar is None else calendar
    data = Data()
    for given in paths:
        if not isinstance(given, str | os.PathLike) or not isinstance(os.fspath(given), str):
            raise BadArgument("paths", given, "name folders or files")
        with kept_still():
            data = data + _read_path(Path(given), how)
    usable = data.measurements or data.actions or data.overrides or data.published or data.narrative
    if not usable and data.problems:
        raise DataError(data.problems)
    return data


def _read_path(path: Path, calendar: Calendar) -> Data:
    try:
        is_folder = path.is_dir()
    except OSError as wrong:
        # a name too long for the system
        said = f"cannot be read: {wrong.strerror}"
        raise DataError((Problem("RAG101", said, Place(shorten(str(path)))),)) from wrong
    data = Data(problems=tuple(_passed_over(path))) if is_folder else Data()
    for file in data_files(path):
        data = data + _read_file(file, file.name, calendar)
    return data


def _passed_over(folder: Path) -> Iterator[Problem]:
    """Files of a folder that no reader takes, and that somebody may think were read."""
    for file in sorted(folder.iterdir()):
        if (
            file.name.startswith((".", "~$"))
            or file.name.endswith(".problems.csv")
            or file.is_dir()
            or file.name in _OTHERS
        ):
            continue
        near = did_you_mean(file.stem, _STEMS)
        if file.stem in _STEMS:
            if not _is_data(file):
                said = f"the file is not read: {file.suffix or 'no suffix'} is no data format"
                yield Problem(
                    "RAG116", said, Place(file.name), Severity.WARNING, hint="use .csv, .xlsx, .json or .toml"
                )
        elif near:
            said = f"the file is not read, and its name nearly spells {near}"
            yield Problem("RAG116", said, Place(file.name), Severity.WARNING, hint=f"name it {near}{file.suffix}")
        elif _is_data(file):
            hint = f"a data folder has {', '.join(_STEMS)}; name the file itself to read it"
            yield Problem("RAG116", "the file is not read", Place(file.name), Severity.WARNING, hint=hint)


def data_files(path: Path) -> list[Path]:
    """The data files of a folder, by name, or the one file; raises DataError where there are none."""
    if not path.exists():
        raise DataError((Problem("RAG101", "there is no such file or folder", Place(str(path))),))
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.stem in _STEMS and _is_data(file))
    if not found:
        names = ", ".join(f"{stem}.csv" for stem in _STEMS[:3])
        problem = Problem("RAG101", "the folder holds no data", Place(str(path)), hint=f"it may hold {names}")
        raise DataError((problem, *_passed_over(path)))
    return found


def _is_data(file: Path) -> bool:
    return file.suffix.lower() in (*READERS, *_NOT_YET, ".toml")


def _read_file(path: Path, name: str, calendar: Calendar) -> Data:
    suffix = path.suffix.lower()
    if path.is_symlink() or not path.is_file():
        return _unread(name, "the file is no regular file", "put the file itself there")
    if suffix == ".toml":
        overrides, narrative, problems = read_toml(path, name, calendar)
        return _made(name, overrides=overrides, narrative=narrative, problems=problems)
    if suffix in _NOT_YET:
        extra = f'pip install "ragengine[{_NOT_YET[suffix]}]"'
        return _unread(name, f"{suffix} files are not read in this version", f"save it as CSV; {extra} will read it")
    opener = READERS.get(suffix)
    if opener is None:
        return _unread(
            name, f"{suffix or 'a file without suffix'} is no data format", "use .csv, .xlsx, .json or .toml"
        )
    return _rows(opener(path, name), path.stem, calendar)


def _unread(name: str, message: str, hint: str) -> Data:
    return Data(problems=(Problem("RAG101", message, Place(name), hint=hint),), sources=(name,))


def _made(
    name: str,
    *,
    measurements: Sequence[Measurement] = (),
    actions: Sequence[ActionReport] = (),
    overrides: Sequence[Override] = (),
    published: Sequence[Published] = (),
    narrative: dict[str, Narrative] | None = None,
    problems: Sequence[Problem] = (),
    rejected: int = 0,
    columns: Mapping[str, int] | None = None,
) -> Data:
    return Data(
        tuple(measurements),
        tuple(actions),
        tuple(overrides),
        tuple(published),
        narrative or {},
        tuple(sorted_problems(problems)),
        (name,),
        rejected,
        {} if columns is None else {name: columns},
    )


def _rows(table: Table, stem: str, calendar: Calendar) -> Data:
    problems = table.problems
    if not table.columns and problems:
        return _made(table.name, problems=problems)
    kind, known, needed = _kind(stem, table.columns)
    line = getattr(table.rows, "header_line", 1)
    if not table.columns:
        return _made(table.name)
    columns = CheckedHeader(table.name, table.columns, line, known, needed)
    problems += columns.problems
    if columns.usable and kind == "measurements" and not columns.hold_values:
        said = "there is no column value, and none of numerator and denominator"
        problems.append(Problem("RAG102", said, Place(table.name, line, 1), hint="name the column value"))
        return _made(table.name, problems=problems)
    if not columns.usable:
        return _made(table.name, problems=problems)
    reader = RowReader(calendar, problems)
    make = {"measurements": reader.measurement, "actions": reader.action, "published": reader.published}[kind]
    made: list[Any] = []
    rejected = 0
    read_any = False
    for row in table:
        read_any = True
        one = make(row)
        if one is None:
            rejected += 1
        else:
            made.append(one)
    if not read_any and not any(problem.is_error for problem in problems):
        said = "the file has names of columns and no row"
        problems.append(
            Problem("RAG116", said, Place(table.name, line, 1), Severity.WARNING, hint="take it out, or fill it")
        )
    if kind != "actions":
        made = read_one_way(made, problems, columns.positions.get("period"))
    rows: dict[str, Any] = {kind: made}
    return _made(table.name, **rows, problems=problems, rejected=rejected, columns=columns.positions)


def _kind(stem: str, columns: Sequence[str]) -> tuple[str, Sequence[str], Sequence[str]]:
    """What the table holds: by the file's name, else by the columns that fit best."""
    for kind in _KINDS:
        if kind[0] == stem:
            return kind
    names = {name.strip(" \ufeff").casefold() for name in columns}
    return max(_KINDS, key=lambda kind: sum(name in names for name in kind[2]) / len(kind[2]))
