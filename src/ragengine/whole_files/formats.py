"""The formats of whole files, by the ending of their names; and which files a command names."""

from __future__ import annotations

import glob
from collections.abc import Collection, Sequence
from pathlib import Path

from ..errors import BadArgument
from .csv_source import CsvSource
from .json_lines_source import JsonLinesSource
from .parquet_source import ParquetSource
from .source import Source, unusable

__all__ = ["FORMATS", "format_of", "named_files", "opened"]

#: format by ending
FORMATS = {".csv": "CSV", ".parquet": "Parquet", ".ndjson": "JSON lines", ".jsonl": "JSON lines"}


def format_of(path: Path) -> str:
    """The format of a file; empty where its name ends in no known way."""
    return FORMATS.get(path.suffix.lower(), "")


def named_files(given: Sequence[str]) -> list[Path]:
    """The files that names, patterns (``*.parquet``) and folders stand for; all are of one format.

    Of a folder that holds measurements among other data it is those, of any other it is every file.

    Raises DataError for a name that stands for none, BadArgument for files of several formats.
    """
    found = [file for name in given for file in _named(name)]
    kinds = {format_of(file): file for file in reversed(found)}
    if len(kinds) > 1:
        said = "; ".join(f"{file} is {kind}" for kind, file in kinds.items())
        raise BadArgument("DATA", [str(file) for file in kinds.values()], f"give files of one format at a time: {said}")
    return found


def _named(name: str) -> list[Path]:
    path = Path(name)
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if format_of(file) and file.name[0] not in "._")
        if not found:
            raise unusable(name, "the folder holds no measurements", hint=f"it may hold {', '.join(FORMATS)} files")
        return [file for file in found if file.stem == "measurements"] or found
    if not path.exists():
        found = sorted(map(Path, glob.glob(name)))  # noqa: PTH207  # a pattern may be absolute
        if not found:
            raise unusable(name, "there is no such file or folder")
        return [file for each in found for file in _named(str(each))]
    if not format_of(path):
        ending = path.suffix or "a name without ending"
        hint = "JSON lines are .ndjson" if path.suffix.lower() == ".json" else f"use {', '.join(FORMATS)}"
        raise unusable(name, f"{ending} is no format of whole files", hint=hint)
    if not path.is_file():
        raise unusable(name, "the file is no regular file", hint="put the file itself there")
    return [path]


def opened(path: Path, output: Path, known: Collection[str]) -> Source:
    """A file ready to be read; ``known`` are the columns that matter where rows are written as they stand.

    Raises DataError.
    """
    try:
        match format_of(path):
            case "CSV":
                return CsvSource(path)
            case "Parquet":
                return ParquetSource(path)
            case _:
                return JsonLinesSource(path, known if format_of(output) == "JSON lines" else None)
    except OSError as wrong:
        raise unusable(str(path), f"cannot be read: {wrong.strerror or wrong}") from wrong
