"""Holds a report that was made against the accessibility list: what a screen reader, paper and a keyboard need.

It asks what a file says of itself; that a picture's words are good ones a person must judge.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from ..errors import BadArgument, MissingExtra

__all__ = ["findings"]

#: bytes of one part of an archive
_LARGEST = 200_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def findings(path: Path) -> list[str]:
    """What is wrong with a file, a sentence each; raises BadArgument for one that is no such file."""
    check = CHECKED.get(path.suffix.lower())
    if check is None:
        raise BadArgument("--check", str(path), f"it can be one of {', '.join(CHECKED)}")
    try:
        return list(check(path))
    except OSError as wrong:
        raise BadArgument("--check", str(path), f"it cannot be read: {wrong.strerror or wrong}") from wrong
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, UnicodeDecodeError) as wrong:
        raise BadArgument("--check", str(path), f"it is no {path.suffix[1:].upper()} file: {wrong}") from wrong


class _Page(HTMLParser):
    """What a page's elements say, as far as the list asks."""

    def __init__(self) -> None:
        super().__init__()
        self.language = self.title = ""
        self.headings: list[int] = []
        self.landmarks: set[str] = set()
        self.wrong: list[str] = []
        self._open: list[str] = []
        self._captions: list[bool] = []
        self._labelled = 0
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = own.get("lang", "")
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        elif tag in ("main", "nav", "header", "footer"):
            self.landmarks.add(tag)
        elif tag == "table":
            self._captions.append(False)
        elif tag == "caption" and self._captions:
            self._captions[-1] = True
        elif tag == "th" and "scope" not in own:
            self.wrong.append(f"line {self.getpos()[0]}: a table heading has no scope")
        elif tag == "label":
            self._labelled += 1
        elif tag in ("input", "select", "textarea") and not self._labelled and "aria-label" not in own:
            self.wrong.append(f"line {self.getpos()[0]}: a field has no label")
        elif tag == "img" and "alt" not in own:
            self.wrong.append(f"line {self.getpos()[0]}: a picture has no words")
        elif tag == "svg" and own.get("aria-hidden") != "true" and not own.get("aria-label"):
            self.wrong.append(f"line {self.getpos()[0]}: a drawing has no words and is not hidden")
        for name in ("src", "href"):
            if own.get(name, "").startswith(("http:", "https:", "//")) and tag != "a":
                self.wrong.append(f"line {self.getpos()[0]}: the page needs the network for {own[name]}")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._captions and not self._captions.pop():
            self.wrong.append(f"line {self.getpos()[0]}: a table has no caption")
        if tag == "label":
            self._labelled -= 1
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag)]

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data


def _html(path: Path) -> Iterator[str]:
    page = _Page()
    page.feed(path.read_bytes().decode("utf-8"))
    if not page.language:
        yield "the page does not say its language"
    if not page.title.strip():
        yield "the page has no title"
    yield from _headings(page.headings)
    if "main" not in page.landmarks:
        yield "the page has no main landmark"
    yield from page.wrong


def _headings(levels: list[int]) -> Iterator[str]:
    if levels.count(1) != 1:
        yield f"there are {levels.count(1)} headings of the first level: one is needed"
    for before, after in zip(levels, levels[1:], strict=False):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}: a level is skipped"
            return


class _Archive:
    """The parts of an office file, none larger than the bound."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = self.zip.namelist()
        for entry in self.zip.infolist():
            if entry.file_size > _LARGEST:
                raise zipfile.BadZipFile(f"{entry.filename} is larger than {_LARGEST:,} bytes")

    def text(self, name: str) -> str:
        return self.zip.read(name).decode("utf-8")

    def xml(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.zip.read(name))


def _title_and_language(meta: str) -> Iterator[str]:
    if not re.search(r"<dc:title>[^<]*\S[^<]*</dc:title>", meta):
        yield "the file has no title"
    if not re.search(r"<dc:language>\s*\w", meta):
        yield "the file does not say its language"


def _docx(path: Path) -> Iterator[str]:
    archive = _Archive(path.read_bytes())
    yield from _title_and_language(archive.text("docProps/core.xml"))
    body = archive.xml("word/document.xml")
    styles = archive.xml("word/styles.xml")
    if styles.find(f".//{_WORD}lang") is None:
        yield "the text does not say its language"
    names = {
        style.get(f"{_WORD}styleId", ""): name.get(f"{_WORD}val", "")
        for style in styles.iter(f"{_WORD}style")
        for name in style.findall(f"{_WORD}name")
    }
    levels = []
    for own in body.iter(f"{_WORD}pStyle"):
        match = re.fullmatch(r"heading (\d)", names.get(own.get(f"{_WORD}val", ""), "").casefold())
        if match:
            levels.append(int(match[1]))
    if not levels:
        yield "no paragraph is a heading"
    for before, after in zip([0, *levels], levels, strict=False):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}: a level is skipped"
            break
    for number, table in enumerate(body.iter(f"{_WORD}tbl"), start=1):
        rows = table.findall(f"{_WORD}tr")
        if not rows or rows[0].find(f"{_WORD}trPr/{_WORD}tblHeader") is None:
            yield f"table {number}: its first row is not repeated as a heading"
        if table.find(f"{_WORD}tblPr/{_WORD}tblCaption") is None:
            yield f"table {number}: it has no alternative text"
    for picture in body.iter():
        if picture.tag.endswith("}docPr") and not picture.get("descr"):
            yield f"picture {picture.get('id')}: it has no alternative text"


def _xlsx(path: Path) -> Iterator[str]:
    archive = _Archive(path.read_bytes())
    yield from _title_and_language(archive.text("docProps/core.xml"))
    sheets = [name for name in archive.names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    for sheet in archive.xml("xl/workbook.xml").iter(f"{_SHEET}sheet"):
        if sheet.get("state", "visible") != "visible":
            yield f"the sheet {sheet.get('name')} is hidden"
    for name in sorted(sheets, key=lambda name: int(re.sub(r"\D", "", name))):
        own = archive.xml(name)
        shown = name.rpartition("/")[2].removesuffix(".xml")
        if own.find(f"{_SHEET}mergeCells") is not None:
            yield f"{shown}: cells are merged"
        if own.find(f".//{_SHEET}f") is not None:
            yield f"{shown}: a cell holds a formula"
        cells = {cell.get("r") for cell in own.iter(f"{_SHEET}c")}
        if "A1" not in cells:
            yield f"{shown}: A1 has no title"
        tables = own.find(f"{_SHEET}tableParts")
        if tables is None and len(cells) > 60:
            yield f"{shown}: its rows are no table"
        if tables is not None and len(tables) > 1:
            yield f"{shown}: it has more than one table"
        if tables is not None and own.find(f".//{_SHEET}pane") is None:
            yield f"{shown}: the heading row does not stay in place"


def _ods(path: Path) -> Iterator[str]:
    archive = _Archive(path.read_bytes())
    yield from _title_and_language(archive.text("meta.xml"))
    body = archive.xml("content.xml")
    for table in body.iter(f"{_TABLE}table"):
        name = table.get(f"{_TABLE}name")
        if next(table.iter(f"{_TABLE}covered-table-cell"), None) is not None:
            yield f"{name}: cells are merged"
        rows = list(table.iter(f"{_TABLE}table-row"))
        wide = max((len(row) for row in rows), default=0)
        if wide > 1 and table.find(f"{_TABLE}table-header-rows") is None:
            yield f"{name}: no row is a heading"
        if not rows or not "".join(rows[0].itertext()).strip():
            yield f"{name}: A1 has no title"
        if any(cell.get(f"{_TABLE}formula") for cell in table.iter(f"{_TABLE}table-cell")):
            yield f"{name}: a cell holds a formula"


def _pdf(path: Path) -> Iterator[str]:
    """The twelve checks of pdfua; the standard has more, most of them for a person."""
    try:
        import pdfua
    except ImportError as lacking:
        raise MissingExtra("checking a PDF", "pdfua", "accessibility") from lacking
    try:
        report = pdfua.validate(str(path))
    except pdfua.PdfuaError as wrong:
        yield f"it cannot be read as a PDF: {wrong}"
        return
    for finding in report.findings:
        yield str(getattr(finding, "message", finding))


CHECKED: dict[str, Callable[[Path], Iterator[str]]] = {
    ".html": _html,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".ods": _ods,
    ".pdf": _pdf,
}
