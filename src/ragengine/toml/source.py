"""Finds and reads rule files: regular files of the folder only, bounded, in UTF-8."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Protocol

from ..problem import Place, Problem, Severity, shorten

__all__ = [
    "LARGEST_FILE", "TABLE", "Resource", "decoded", "is_rule_file", "misnamed", "not_regular", "read_folder",
    "read_text",
]  # fmt: skip

#: bytes; a larger file is refused by name
LARGEST_FILE = 1024 * 1024

_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


#: the table of targets beside the TOML files
TABLE = "targets.csv"

#: endings that editors and people give a rule file, and that are none: early-help.toml.txt, early-help.tml
_ALMOST_TOML = re.compile(r"(.+?)(?:\.toml[ ._-]*(?:txt)?|\.(?:tml|tom|tolm|tmol)|[ _-]+toml)", re.IGNORECASE)
_ALMOST_TABLE = re.compile(r"targets?\.(?:csv|xlsx?|txt|csv\.txt)", re.IGNORECASE)


class Resource(Protocol):
    """What ``importlib.resources.files`` gives: a folder or a file, wherever its package lies."""

    @property
    def name(self) -> str: ...
    def is_dir(self) -> bool: ...
    def is_file(self) -> bool: ...
    def iterdir(self) -> Iterable[Resource]: ...
    def open(self, mode: str = "r") -> IO[bytes]: ...  # type: ignore[misc]  # text modes are not asked for


def read_folder(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """The texts of a folder's TOML files and its table of targets by name; what cannot be read is a problem."""
    problems: list[Problem] = []
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError) as wrong:
        # a path that is too long, or has a NUL
        said = f"cannot be looked at: {getattr(wrong, 'strerror', None) or wrong}"
        return {}, [Problem("RAG001", said, Place(shorten(str(folder))), hint="name a rules folder")]
    if not is_folder:
        what = "is not a folder" if folder.exists() else "does not exist"
        return {}, [Problem("RAG001", f"{shorten(str(folder))} {what}", Place(str(folder)), hint="name a rules folder")]
    texts: dict[str, str] = {}
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as wrong:
        return {}, [Problem("RAG001", f"cannot be listed: {wrong.strerror}", Place(str(folder)))]
    for name in names:
        if not is_rule_file(name):
            problems += misnamed(name) or _passed_over(folder / name)
            continue
        text, found = read_text(folder / name, name)
        problems += found
        if text is not None:
            texts[name] = text
    return texts, problems


def is_rule_file(name: str) -> bool:
    """Whether a file of this name is read as rules or cases."""
    return name == TABLE or (name.endswith(".toml") and not name.startswith((".", "_")) and name != "tombi.toml")


def misnamed(name: str) -> list[Problem]:
    """A file that its author may think is read, as a problem; an error only where nothing else can be meant."""
    if name.startswith((".", "_")) or is_rule_file(name):
        return []
    if name.lower().endswith(".toml"):
        if name.endswith(".toml"):
            return []
        hint = f"name it {shorten(name[:-5])}.toml"
        return [Problem("RAG001", "the file is not read: its name ends in capitals", Place(name), hint=hint)]
    almost, table = _ALMOST_TOML.fullmatch(name), _ALMOST_TABLE.fullmatch(name)
    if not almost and not table:
        return []
    meant = TABLE if table else f"{almost[1]}.toml" if almost else ""
    said = "the file is not read: its name nearly is that of a rule file"
    return [Problem("RAG001", said, Place(name), Severity.WARNING, hint=f"name it {shorten(meant)}")]


def _passed_over(folder: Path) -> list[Problem]:
    """A folder within, as a problem where it holds rule files and is no rulebook of its own."""
    if folder.name.startswith((".", "_")) or folder.is_symlink() or not folder.is_dir():
        return []
    try:
        inside = {entry.name for entry in folder.iterdir()}
    except OSError:
        return []
    if "book.toml" in inside or not any(map(is_rule_file, inside)):
        return []
    said, hint = "the folder is not read, and holds rule files", "put them beside book.toml"
    return [Problem("RAG001", said, Place(folder.name), Severity.WARNING, hint=hint)]


def not_regular(name: str, kind: str) -> Problem:
    """A file that is a link, a device, a folder."""
    return Problem("RAG001", f"the file is {kind}", Place(shorten(name, 200)), hint="put the file itself there")


def read_text(path: Path, name: str) -> tuple[str | None, list[Problem]]:
    """One file as text without byte order mark and with plain line ends, or a problem that names it."""
    place = Place(name)
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            kind = "a link" if stat.S_ISLNK(found.st_mode) else "no regular file"
            return None, [not_regular(name, kind)]
        if found.st_size > LARGEST_FILE:
            return None, [Problem("RAG003", f"the file has {found.st_size:,} bytes, at most 1 MiB is read", place)]
        raw = path.read_bytes()
    except OSError as wrong:
        return None, [Problem("RAG001", f"cannot be read: {wrong.strerror or wrong}", place)]
    return decoded(raw, name)


def decoded(raw: bytes, name: str) -> tuple[str | None, list[Problem]]:
    """Bytes as text; another encoding is named with the line where it shows."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return None, [Problem("RAG001", f"the file is {encoding}", Place(name, 1), hint="save it as UTF-8")]
    if b"\x00" in raw:
        place = Place(name, raw.count(b"\n", 0, raw.index(b"\x00")) + 1)
        return None, [Problem("RAG001", "the file has NUL bytes, perhaps it is UTF-16", place, hint="save it as UTF-8")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        column = wrong.start - (raw.rfind(b"\n", 0, wrong.start) + 1) + 1
        guess = raw[wrong.start : wrong.start + 1].decode("cp1252", "backslashreplace")
        message = f"not UTF-8: byte 0x{raw[wrong.start]:02x}, perhaps {guess!r} of Windows-1252"
        return None, [Problem("RAG001", message, Place(name, line, column), hint="save the file as UTF-8")]
    return text.replace("\r\n", "\n"), []
