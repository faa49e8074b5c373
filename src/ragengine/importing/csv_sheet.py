"""CSV as spreadsheets export it: any separator and line end, UTF-8, UTF-16 or Windows-1252, points or commas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from ..data.csv_table import LONGEST_FIELD, NUL, broken, line_ends
from ..errors import DataError
from ..problem import Place, Problem

__all__ = ["read_csv", "with_points"]

_LARGEST = 32 * 1024 * 1024
ENCODINGS = {"utf-8": "utf-8-sig", "cp1252": "cp1252"}
_MARKS = ",;\t|"
_COMMA_NUMBER = re.compile(r"(?<![\w.,])[-+£€$<>=≤≥± ]*(?:\d{1,3}(?:\.\d{3})+|\d+),(\d+)(?![\w.,])")
_POINT_NUMBER = re.compile(r"(?<![\w.,])[-+£€$<>=≤≥± ]*(?:\d{1,3}(?:,\d{3})+|\d+)\.(\d+)(?![\w.,])")
#: characters that a text in Windows-1252 has, and hardly any other text beyond ASCII
_PLAUSIBLE = re.compile(r"[\x20-\x7e\s£€‘’“”–—…•©®°±²³·½¼¾×÷§«»À-ÖØ-öø-ÿ™¬†‡\u00a0\u00ad]*")


@frozen
class CsvSheet:
    """The records of a CSV file by line number.

    Attributes:
        notes: what was found out about the file and not said by it, a sentence each.
        decimal_comma: whether numbers have a comma before their decimals.
    """

    records: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...]
    decimal_comma: bool


def read_csv(path: Path, encoding: str | None = None) -> CsvSheet:
    """The records of a file; ``encoding`` is utf-8, cp1252, or None to find out.

    Raises DataError where it cannot be read to its end.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= _LARGEST else None
    except OSError as wrong:
        raise _problem(path, 0, f"cannot be read: {wrong.strerror}") from wrong
    if raw is None:
        raise _problem(path, 0, f"the file is larger than {_LARGEST:,} bytes, which is the most that is read")
    text, notes = _decoded(path, raw, encoding)
    skipped = 0
    separator = None
    said = re.match(r'"?sep=(.)"?[ ]*(?:\r\n|\r|\n)', text, re.IGNORECASE)
    if said is not None:
        separator, skipped = said[1], 1
        text = text[said.end() :]
    separator = separator or _separator(text)
    records = tuple(_records(path, text, separator, skipped))
    comma = separator != "," and _has_decimal_commas(cells for _, cells in records)
    if comma:
        notes.append("numbers are read with a decimal comma: 1.234,5 is 1,234.5")
    return CsvSheet(records, tuple(notes), comma)


def _problem(path: Path, line: int, said: str, hint: str = "") -> DataError:
    place = Place(path.name, line, 1) if line else Place(path.name)
    return DataError((Problem("RAG101", said, place, hint=hint),))


def _decoded(path: Path, raw: bytes, encoding: str | None) -> tuple[str, list[str]]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16"), ["the file is UTF-16, as Excel saves Unicode text"]
        except UnicodeDecodeError as wrong:
            raise _problem(path, 1, "the file begins as UTF-16 and is not", "save it as UTF-8") from wrong
    if encoding is not None:
        try:
            return raw.decode(ENCODINGS[encoding]), []
        except UnicodeDecodeError as wrong:
            said = f"not {encoding.upper() if encoding == 'utf-8' else encoding}: byte 0x{raw[wrong.start]:02x}"
            raise _problem(path, line_ends(raw[: wrong.start]) + 1, said, "save the file as UTF-8") from wrong
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as wrong:
        line = line_ends(raw[: wrong.start]) + 1
        byte = f"byte 0x{raw[wrong.start]:02x}"
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as wrong:
        raise _problem(path, line, f"neither UTF-8 nor Windows-1252: {byte}", "save the file as UTF-8") from wrong
    if _PLAUSIBLE.fullmatch(text) is None:
        hint = "save the file as UTF-8, or say --encoding cp1252"
        raise _problem(path, line, f"not UTF-8: {byte}, perhaps Windows-1252", hint)
    return text, [f"read as Windows-1252: line {line} is not UTF-8 ({byte})"]


def _separator(text: str) -> str:
    """What parts most lines alike, outside quotes: a title row may have none of them."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:65536].splitlines()[:40] if line.strip()]
    scores = {}
    for mark in _MARKS:
        counts = [line.count(mark) for line in lines]
        common = max(counts, key=lambda count: (counts.count(count) if count else 0, count), default=0)
        scores[mark] = (counts.count(common) if common else 0, sum(counts))
    return max(_MARKS, key=lambda mark: scores[mark])


def _records(path: Path, text: str, separator: str, skipped: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    previous = csv.field_size_limit(LONGEST_FIELD)
    line = 1 + skipped
    if (at := text.find("\0")) >= 0:
        raise _problem(path, skipped + line_ends(text[:at].encode()) + 1, NUL, "nothing from here was read")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for cells in reader:
            yield line, tuple(cells)
            line = reader.line_num + 1 + skipped
    except csv.Error as wrong:
        raise _problem(path, line, broken(wrong), "nothing after this line was read") from wrong
    finally:
        csv.field_size_limit(previous)


def _has_decimal_commas(rows: Iterator[tuple[str, ...]]) -> bool:
    """Whether commas stand before decimals: after some there are not three digits, and points do so less often."""
    commas = points = 0
    for cells in rows:
        for cell in cells:
            if len(cell) > 60:
                continue
            commas += sum(len(match[1]) != 3 for match in _COMMA_NUMBER.finditer(cell))
            points += sum(len(match[1]) != 3 for match in _POINT_NUMBER.finditer(cell))
    return commas > 0 and commas > points


def with_points(cell: str) -> str:
    """A cell's numbers with a decimal point in place of the comma, and without points between thousands.

    >>> with_points("≥ 1.234,5 Tage"), with_points("85,5%")
    ('≥ 1234.5 Tage', '85.5%')
    """
    return _ANY_NUMBER.sub(lambda match: match[0].replace(".", "").replace(",", "."), cell)


_ANY_NUMBER = re.compile(r"(?<![\w.,/])(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+)(?!\d|[.,]\d)", re.ASCII)
