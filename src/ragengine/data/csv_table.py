"""CSV files as tables, a row at a time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from ..problem import Place, Problem, Severity
from .table import Records, Table

__all__ = [
    "LONGEST_FIELD", "NUL", "WITH_COMMA", "broken", "has_decimal_commas", "line_ends", "not_in", "open_csv", "opening",
    "read_records",
]  # fmt: skip

#: characters in one field, and in one file's line
LONGEST_FIELD = 100_000

NUL = "the line has a NUL character"

#: what is said of a file whose numbers have a comma before their decimals
DECIMAL_COMMA = "numbers are read with a decimal comma, as 84,5 shows: 1.234,5 is 1,234.5"
#: a whole cell that is a number in such a file
WITH_COMMA = r"^\s*[+-]?\s*(?:[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+,[0-9]+)\s*%?\s*$"
_CELL = re.compile(WITH_COMMA, re.ASCII)
_CERTAIN = re.compile(rb'[;\r\n]"?\s*[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,}))\s*%?\s*"?(?=[;\r\n]|$)')


def opening(start: bytes) -> tuple[str, int] | None:
    """Separator, and how many lines stand before the header, by a file's first bytes; None for UTF-16."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    first = re.split(rb"[\r\n]", start.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0].strip()
    if first.lower().startswith(b"sep=") and len(first) == 5:
        return chr(first[4]), 1
    return ";" if b"," not in first and b";" in first else ",", 0


def has_decimal_commas(path: Path, separator: str) -> bool:
    """Whether a file parted by semicolons has a number that can only have a decimal comma: ``84,5``, ``1.234,5``."""
    if separator != ";":
        return False
    with path.open("rb") as raw:
        return any(_CERTAIN.search(b"\n" + line) for line in raw)


def with_point(cell: str) -> str:
    """A cell of a file with decimal commas as it would be written with a point.

    >>> with_point("1.234,5"), with_point("84,5%"), with_point("a, b"), with_point("2024-06")
    ('1234.5', '84.5%', 'a, b', '2024-06')
    """
    return cell.replace(".", "").replace(",", ".") if _CELL.match(cell) else cell


def broken(wrong: csv.Error) -> str:
    """What is wrong with a record that the reader cannot read on from, in words."""
    said = str(wrong)
    if "field larger" in said:
        return f"a cell has more than {LONGEST_FIELD:,} characters"
    if "unexpected end" in said:
        return "a quote is opened on this line and never closed"
    return said


def open_csv(path: Path, name: str) -> Table:
    """A CSV file in UTF-8, comma or semicolon separated; what is wrong with it as a whole is a problem."""
    problems: list[Problem] = []
    try:
        with path.open("rb") as raw:
            start = raw.read(4096)
    except OSError as wrong:
        return Table(name, (), (), [Problem("RAG101", f"cannot be read: {wrong.strerror or wrong}", Place(name))])
    opened = opening(start)
    if opened is None:
        return Table(name, (), (), [Problem("RAG101", "the file is UTF-16", Place(name, 1), hint="save it as UTF-8")])
    separator, skipped = opened
    rows = read_records(path, name, separator, problems, skipped=skipped)
    header = next(rows, None)
    if header is None:
        if not problems:
            problems.append(Problem("RAG101", "the file is empty", Place(name, 1), hint="the first line names columns"))
        return Table(name, (), (), problems)
    line, cells = header
    if has_decimal_commas(path, separator):
        problems.append(Problem("RAG101", DECIMAL_COMMA, Place(name, line, 1), Severity.WARNING))
        rows = ((number, [with_point(cell) for cell in record]) for number, record in rows)
    return Table(name, tuple(cells), Records(rows, name, tuple(cells), line, problems), problems)


def read_records(
    path: Path, name: str, separator: str, problems: list[Problem], *, skipped: int = 0, encoding: str = "utf-8-sig"
) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each record; stops at what cannot be read on from, which is then a problem."""
    previous = csv.field_size_limit(LONGEST_FIELD)
    line = 1
    try:
        with path.open("r", encoding=encoding, newline="", errors="strict") as text:
            for _ in range(skipped):
                text.readline()
            reader = csv.reader(_without_nul(text, name, problems, 1 + skipped), delimiter=separator, strict=True)
            line = 1 + skipped
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1 + skipped
    except csv.Error as wrong:
        problems.append(Problem("RAG101", broken(wrong), Place(name, line, 1), hint="nothing after this line was read"))
    except UnicodeDecodeError:
        problems.append(not_in(path, name, encoding))
    except OSError as wrong:
        problems.append(Problem("RAG101", f"cannot be read: {wrong.strerror or wrong}", Place(name)))
    finally:
        csv.field_size_limit(previous)


def _without_nul(text: io.TextIOWrapper, name: str, problems: list[Problem], first: int) -> Iterator[str]:
    for number, line in enumerate(text, start=first):
        if "\0" in line:
            problems.append(Problem("RAG101", NUL, Place(name, number, 1), hint="nothing from here was read"))
            return
        yield line


def line_ends(raw: bytes) -> int:
    """How many lines end in these bytes: with a line feed, a carriage return, or both.

    >>> line_ends(b"a\\nb\\r\\nc\\rd")
    3
    """
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")


def not_in(path: Path, name: str, encoding: str) -> Problem:
    """Line and byte of the first place that is not in the encoding."""
    number, byte = 1, 0
    with path.open("rb") as raw:
        for line in raw:
            try:
                line.decode(encoding)
            except UnicodeDecodeError as wrong:
                number, byte = number + line_ends(line[: wrong.start]), line[wrong.start]
                break
            number += line_ends(line)
    utf8 = encoding.startswith("utf-8")
    said = f"not {'UTF-8' if utf8 else encoding}: byte 0x{byte:02x}" + (", perhaps Windows-1252" if utf8 else "")
    return Problem("RAG101", said, Place(name, number, 1), hint="save the file as UTF-8")
