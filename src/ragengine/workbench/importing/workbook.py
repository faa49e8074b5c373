"""XLSX files, read with the standard library: what each cell shows, within limits of size.

Readers that other projects offer give an uncalculated formula and an error as blank and a percentage as a share, or
unfold a merged range before anyone can look at its size (docs/decisions/0031).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from attrs import frozen

__all__ = ["Cells", "UnusableWorkbook", "read_workbook"]

_LARGEST_FILE = 20 * 1024 * 1024
#: bytes of one part once it is unpacked, and how far it may have been packed
_LARGEST_PART = 24 * 1024 * 1024
_MOST_PACKED = 100
_MOST_PARTS = 2_000
_MOST_ROWS, _MOST_COLUMNS = 50_000, 256
_MOST_MERGED = 200_000

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
#: what Excel's numbered formats show; the others are plain numbers
_PERCENT_IDS = frozenset({9, 10})
_DATE_IDS = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58})
_MONTH_IDS = frozenset({17})
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_CURRENCY = re.compile(r"\[\$([^\]\-]*)[^\]]*\]")
_ERA_1900, _ERA_1904 = date(1899, 12, 30), date(1904, 1, 1)


class UnusableWorkbook(ValueError):
    """A file that is no workbook, or one beyond the limits: what is wrong, and the way out."""

    def __init__(self, message: str, hint: str = "save it again as .xlsx, or as CSV UTF-8") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@frozen
class Cells:
    """The rows of one sheet by number, merged cells filled, and the cells whose formula has no result."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    uncalculated: tuple[str, ...]


@frozen
class _Style:
    percent: bool = False
    day: bool = False
    month: bool = False
    currency: str = ""


def read_workbook(path: Path) -> tuple[tuple[str, ...], Callable[[str], Cells]]:
    """Names of the visible sheets, and what reads one of them; raises UnusableWorkbook, as does the reading."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UnusableWorkbook(f"the file is larger than {_LARGEST_FILE:,} bytes", "save the one sheet as CSV")
        archive = _Archive(path.read_bytes())
        sheets = archive.sheets()
    except OSError as wrong:
        raise UnusableWorkbook(f"cannot be read: {wrong.strerror or wrong}") from wrong
    if not sheets:
        raise UnusableWorkbook("the file has no sheet")
    return tuple(sheets), lambda name: _Reading(archive, sheets[name]).cells()


class _Archive:
    """The parts of a workbook, each unpacked within the limits."""

    def __init__(self, raw: bytes) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as wrong:
            old = raw.startswith(b"\xd0\xcf\x11\xe0")
            said = "an old or a protected workbook" if old else "not a workbook"
            raise UnusableWorkbook(f"the file is {said}") from wrong
        self.parts = {info.filename: info for info in self.zip.infolist()[: _MOST_PARTS + 1]}
        if len(self.parts) > _MOST_PARTS:
            raise UnusableWorkbook(f"the file has more than {_MOST_PARTS:,} parts")

    def text(self, name: str) -> str | None:
        """One part as text; None where there is none."""
        info = self.parts.get(name)
        if info is None:
            return None
        too_large = info.file_size > _LARGEST_PART or info.file_size > _MOST_PACKED * max(info.compress_size, 10_000)
        if not too_large:
            try:
                with self.zip.open(info) as part:
                    raw = part.read(_LARGEST_PART + 1)
            except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as wrong:
                raise UnusableWorkbook("the file is damaged or protected") from wrong
            except Exception as wrong:  # what the decompressors raise has no common parent
                raise UnusableWorkbook("the file is damaged") from wrong
            too_large = len(raw) > _LARGEST_PART
        if too_large:
            raise UnusableWorkbook("the file unpacks to more than is read", "save the one sheet as CSV UTF-8")
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            raise UnusableWorkbook("a part of the file is not UTF-8") from wrong
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise UnusableWorkbook("the file defines entities of its own, which no spreadsheet does")
        return text

    def elements(self, name: str) -> Iterator[ElementTree.Element]:
        """Every element of a part once it is complete; nothing where there is no such part."""
        text = self.text(name)
        if text is None:
            return
        try:
            for _, element in ElementTree.iterparse(io.StringIO(text)):  # type: ignore[arg-type]  # any reader will do
                element.tag = _bare(element.tag)
                yield element
        except ElementTree.ParseError as wrong:
            raise UnusableWorkbook(f"the file is damaged: {name}: {wrong}") from wrong

    def sheets(self) -> dict[str, str]:
        """The part of each visible sheet, by its name, in the workbook's order."""
        targets = {e.get("Id", ""): e.get("Target", "") for e in self.elements("xl/_rels/workbook.xml.rels")}
        found = {}
        for element in self.elements("xl/workbook.xml"):
            if element.tag != "sheet" or element.get("state", "visible") != "visible":
                continue
            relation = next((v for k, v in element.attrib.items() if k.startswith("{") and k.endswith("}id")), "")
            target = targets.get(relation, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in self.parts and "worksheet" in part:
                found[element.get("name", "")] = part
        return found

    def era(self) -> date:
        for element in self.elements("xl/workbook.xml"):
            if element.tag == "workbookPr":
                return _ERA_1904 if element.get("date1904") in ("1", "true") else _ERA_1900
        return _ERA_1900

    def shared_texts(self) -> list[str]:
        return [_shown_text(e) for e in self.elements("xl/sharedStrings.xml") if e.tag == "si"]

    def styles(self) -> list[_Style]:
        codes: dict[str, str] = {}
        made: list[_Style] = []
        for element in self.elements("xl/styles.xml"):
            if element.tag == "numFmt":
                codes[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif element.tag == "cellXfs":
                made = [_style(xf.get("numFmtId", "0"), codes) for xf in element]
        return made


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _shown_text(element: ElementTree.Element) -> str:
    """The text of a rich text, without the reading aid that Japanese has above it."""
    aids = {id(t) for aid in element.iter() if _bare(aid.tag) == "rPh" for t in aid.iter()}
    return "".join(t.text or "" for t in element.iter() if _bare(t.tag) == "t" and id(t) not in aids)


def _style(number: str, codes: dict[str, str]) -> _Style:
    code = codes.get(number)
    if code is None:
        n = int(number) if number.isascii() and number.isdigit() else 0
        return _Style(percent=n in _PERCENT_IDS, day=n in _DATE_IDS, month=n in _MONTH_IDS)
    positive = code.split(";")[0]
    currency = next((m[1] for m in _CURRENCY.finditer(positive) if m[1].strip()), "")
    plain = _NOT_SHOWN.sub("", positive)
    currency = currency or next((c for c in "£€$" if c in _CURRENCY.sub("", positive).replace("\\", "")), "")
    letters = plain.casefold()
    day = any(part in letters for part in ("y", "d", "mmm")) and not any(c in letters for c in ("general", "#", "0"))
    return _Style("%" in plain, day, day and "d" not in letters and "m" in letters, currency.strip())


class _Reading:
    """One reading of a sheet."""

    def __init__(self, archive: _Archive, part: str) -> None:
        self.archive = archive
        self.part = part
        self.texts = archive.shared_texts()
        self.styles = archive.styles()
        self.era = archive.era()
        self.found: dict[tuple[int, int], str] = {}
        self.uncalculated: list[str] = []

    def cells(self) -> Cells:
        merged: list[tuple[int, int, int, int]] = []
        row = 0
        for element in self.archive.elements(self.part):
            if element.tag == "mergeCell":
                merged.append(_range(element.get("ref", "")))
            elif element.tag == "row":
                written = element.get("r", "")
                row = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else row + 1
                self._row(row, element)
                element.clear()
        self._fill(merged)
        width = max((column for _, column in self.found), default=0)
        rows: dict[int, list[str]] = {}
        for (row, column), text in self.found.items():
            rows.setdefault(row, [""] * width)[column - 1] = text
        return Cells(tuple((n, tuple(cells)) for n, cells in sorted(rows.items())), tuple(self.uncalculated))

    def _row(self, row: int, element: ElementTree.Element) -> None:
        column = 0
        for cell in element:
            if cell.tag != "c":
                continue
            # a cell without a place of its own follows the one before it
            at = _at(cell.get("r", "")) if cell.get("r") else (row, column + 1)
            column = at[1]
            text, calculated = self._cell(cell)
            if not text.strip():
                continue
            reference = f"{_letters(column)}{at[0]}"
            if at[0] > _MOST_ROWS or column > _MOST_COLUMNS:
                said = f"a cell stands at {reference}, beyond {_MOST_ROWS:,} rows or {_MOST_COLUMNS} columns"
                raise UnusableWorkbook(said, "delete what stands far from the table, or save the table alone")
            if not calculated:
                self.uncalculated.append(reference)
            self.found[at] = text

    def _cell(self, element: ElementTree.Element) -> tuple[str, bool]:
        """What a cell shows, and whether that is known: a formula may be kept without its result."""
        written, formula, inline = "", None, ""
        for child in element:
            match child.tag:
                case "v":
                    written = child.text or ""
                case "f":
                    formula = child.text or ""
                case "is":
                    inline = _shown_text(child)
        kind = element.get("t", "n")
        text = inline if kind == "inlineStr" else self._shown(written, kind, element.get("s", "0"))
        if not written and formula is not None and kind != "str":
            return f"={formula}", False
        return text, True

    def _shown(self, written: str, kind: str, style: str) -> str:
        """What a cell shows, as far as its meaning goes: all digits, with the sign of its format."""
        if not written:
            return ""
        if kind == "s":
            n = int(written) if written.isascii() and written.isdigit() else -1
            return self.texts[n] if 0 <= n < len(self.texts) else ""
        if kind == "b":
            return "TRUE" if written.strip() == "1" else "FALSE"
        if kind == "d":
            return written.partition("T")[0]
        if kind != "n":
            return written
        n = int(style) if style.isascii() and style.isdigit() else 0
        return self._number(written, self.styles[n] if n < len(self.styles) else _Style())

    def _number(self, written: str, style: _Style) -> str:
        try:
            value = float(written)
            # Excel keeps 15 digits, and its files show the rest of the binary fraction
            number = Decimal(format(value, ".15g"))
        except (ValueError, ArithmeticError):
            return written
        if not number.is_finite() or abs(number.adjusted()) > 30:
            return written
        if style.day and 0 < value < 2_958_466:
            return self._day(value, style)
        if style.percent:
            return f"{_plain(number * 100)}%"
        return f"{style.currency}{_plain(number)}"

    def _day(self, serial: float, style: _Style) -> str:
        moment = datetime(self.era.year, self.era.month, self.era.day) + timedelta(days=serial)
        if style.month:
            return f"{moment:%Y-%m}"
        return moment.date().isoformat()

    def _fill(self, merged: list[tuple[int, int, int, int]]) -> None:
        """A merged range shows one text; each of its cells means it."""
        last = max((row for row, _ in self.found), default=0)
        filled = 0
        for top, left, bottom, right in merged:
            text = self.found.get((top, left))
            if text is None:
                continue
            bottom, right = min(bottom, last), min(right, _MOST_COLUMNS)
            filled += (bottom - top + 1) * (right - left + 1)
            if filled > _MOST_MERGED:
                raise UnusableWorkbook("the merged cells cover more than is read", "unmerge them")
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self.found.setdefault((row, column), text)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _at(reference: str) -> tuple[int, int]:
    """Row and column of ``D12``."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise UnusableWorkbook(f"the file is damaged: a cell stands at {reference[:20]!r}")
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]), column


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(65 + last) + letters
    return letters


def _range(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    return (*_at(first), *_at(last or first))
