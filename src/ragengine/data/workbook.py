"""XLSX files: a look at the archive before anything unpacks it, then what the cells show (docs/decisions/0031).

Needs openpyxl: ``pip install "ragengine[xlsx]"``.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from ..problem import shorten
from .sheet_cells import Cells, UnusableWorkbook

__all__ = ["Cells", "UnusableWorkbook", "read_workbook"]

_LARGEST_FILE = 20 * 1024 * 1024
#: bytes of one part and of all once they are unpacked, and how far a part may have been packed
_LARGEST_PART, _LARGEST_WHOLE = 24 * 1024 * 1024, 96 * 1024 * 1024
_MOST_PACKED = 100
_MOST_PARTS = 2_000
_MOST_MERGED = 20_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


def read_workbook(path: Path, *, currency: bool = True) -> tuple[tuple[str, ...], Callable[[str], Cells]]:
    """Names of the visible sheets, and what reads one of them; raises UnusableWorkbook, as does the reading.

    ``currency`` says whether a number has the sign that its format shows, as in ``£1000``.
    """
    try:
        from .workbook_cells import Workbook
    except ImportError as missing:
        hint = 'pip install "ragengine[xlsx]", or save the sheet as CSV UTF-8'
        raise UnusableWorkbook("reading a workbook needs openpyxl", hint) from missing
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise UnusableWorkbook(f"the file is larger than {_LARGEST_FILE:,} bytes", "save the one sheet as CSV")
        raw = path.read_bytes()
    except OSError as wrong:
        raise UnusableWorkbook(f"cannot be read: {wrong.strerror or wrong}") from wrong
    _check_archive(raw)
    workbook = Workbook(raw, currency=currency)
    if not workbook.names:
        raise UnusableWorkbook("the file has no sheet")
    return workbook.names, workbook.cells


def _check_archive(raw: bytes) -> None:
    """Refuses what would cost too much to read, by what the archive says of its parts and then by a look at each."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as wrong:
        old = raw.startswith(b"\xd0\xcf\x11\xe0")
        said = "an old or a protected workbook" if old else "not a workbook"
        raise UnusableWorkbook(f"the file is {said}") from wrong
    parts = archive.infolist()
    if "[Content_Types].xml" not in archive.namelist():
        raise UnusableWorkbook("the file is not a workbook")
    if len(parts) > _MOST_PARTS:
        raise UnusableWorkbook(f"the file has more than {_MOST_PARTS:,} parts")
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnusableWorkbook("the file is protected, or packed as no spreadsheet is")
        if part.file_size > min(_LARGEST_PART, _MOST_PACKED * max(part.compress_size, 10_000)):
            said = f"the file unpacks to more than is read: {shorten(part.filename, 60)!r}"
            raise UnusableWorkbook(said, "save the one sheet as CSV UTF-8")
    if sum(part.file_size for part in parts) > _LARGEST_WHOLE:
        raise UnusableWorkbook("the file unpacks to more than is read", "save the one sheet as CSV UTF-8")
    for part in parts:
        _check_part(archive, part)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    try:
        content = archive.read(part)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as wrong:
        raise UnusableWorkbook("the file is damaged") from wrong
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnusableWorkbook("the file defines entities of its own, which no spreadsheet does")
    if content.startswith(_UTF_16):
        raise UnusableWorkbook("a part of the file is not UTF-8")
    if content.count(b"mergeCell") > 2 * _MOST_MERGED:
        raise UnusableWorkbook(f"a sheet has more than {_MOST_MERGED:,} merged ranges", "unmerge them")
