"""Rule files that stand in a zip archive, or with a package's resources: the same names and limits as in a folder."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import IO

from ..problem import Place, Problem, shorten
from .source import LARGEST_FILE, Resource, decoded, is_rule_file, misnamed, not_regular

__all__ = ["read_resources", "read_zip"]

#: of all rule files of one archive together: a few kilobytes can be packed that hold a thousand times as much
_MOST_BYTES = 16 * LARGEST_FILE
_MOST_ENTRIES = 10_000
#: what zipfile raises for entries that are damaged, encrypted or packed in a way it does not know
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)

Found = tuple[dict[str, str], list[Problem]]


def _refused(name: str, said: str, hint: str = "", code: str = "RAG001") -> Problem:
    return Problem(code, said, Place(shorten(name, 200)), hint=hint)


def _too_large(name: str, size: int | None = None) -> Problem:
    has = "more than 1 MiB" if size is None else f"{size:,} bytes"
    return _refused(name, f"the file has {has}, at most 1 MiB is read", code="RAG003")


def _read(name: str, file: IO[bytes]) -> tuple[str | None, list[Problem]]:
    """A file's text, whatever size it says it has."""
    raw = file.read(LARGEST_FILE + 1)
    return decoded(raw, name) if len(raw) <= LARGEST_FILE else (None, [_too_large(name)])


def read_resources(folder: Resource) -> Found:
    """The texts of the TOML files of a package's folder by name, in order; what cannot be read is a problem."""
    if not folder.is_dir():
        return {}, [_refused(folder.name, "is no folder of rule files", "name the folder that holds book.toml")]
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not is_rule_file(entry.name):
            problems += misnamed(entry.name)
            continue
        if not entry.is_file():
            problems.append(not_regular(entry.name, "no regular file"))
            continue
        try:
            with entry.open("rb") as file:
                text, found = _read(entry.name, file)
        except _DAMAGED as wrong:
            text, found = None, [_refused(entry.name, f"cannot be read: {wrong}")]
        problems += found
        if text is not None:
            texts[entry.name] = text
    return texts, problems


def read_zip(path: Path) -> Found:
    """The texts of an archive's TOML files by name: of its top, or of the one folder that it holds.

    Nothing is unpacked. A file that is a link, leads out of the archive, stands in it twice or is too large is refused
    by name.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpacked(archive, archive.infolist(), path)
    except _DAMAGED as wrong:
        return {}, [_refused(path.name, f"cannot be read as a zip archive: {wrong}", "name a folder or an archive")]


def _unpacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], path: Path) -> Found:
    if len(entries) > _MOST_ENTRIES:
        said = f"the archive has {len(entries):,} entries, at most {_MOST_ENTRIES:,} are read"
        return {}, [_refused(path.name, said, code="RAG003")]
    problems = [problem for entry in entries for problem in _hostile(entry)]
    if problems:
        return {}, problems
    top = _top(entries)
    own = {entry.filename.removeprefix(top): entry for entry in entries if not entry.is_dir()}
    times = Counter(entry.filename for entry in entries)
    texts: dict[str, str] = {}
    read = 0
    for name, entry in sorted(own.items()):
        if "/" in name or not entry.filename.startswith(top):
            continue
        if not is_rule_file(name):
            problems += misnamed(name)
            continue
        if times[entry.filename] > 1:
            problems.append(_refused(name, "the file stands in the archive twice", "keep one of them"))
            continue
        if entry.file_size > LARGEST_FILE:
            problems.append(_too_large(name, entry.file_size))
            continue
        read += entry.file_size
        if read > _MOST_BYTES:
            said = f"the rule files of the archive have more than {_MOST_BYTES // LARGEST_FILE} MiB together"
            return {}, [_refused(path.name, said, code="RAG003")]
        try:
            with archive.open(entry) as file:
                text, found = _read(name, file)
        except _DAMAGED as wrong:
            text, found = None, [_refused(name, f"cannot be read: {wrong}", "pack the archive again")]
        problems += found
        if text is not None:
            texts[name] = text
    return texts, problems


def _hostile(entry: zipfile.ZipInfo) -> list[Problem]:
    """An entry whose name or kind no archive of rule files has."""
    name = entry.orig_filename
    inside = PurePosixPath(name.replace("\\", "/"))
    if inside.is_absolute() or (inside.parts[:1] and inside.parts[0].endswith(":")):
        return [_refused(name, "the entry has an absolute path", "pack the folder by its own name")]
    if ".." in inside.parts or "\x00" in name:
        return [_refused(name, "the entry leads out of the archive", "pack the folder by its own name")]
    if stat.S_ISLNK(entry.external_attr >> 16):
        return [not_regular(name, "a link")]
    return []


def _top(entries: list[zipfile.ZipInfo]) -> str:
    """What stands before the names of the rule files: nothing, or the one folder in which everything lies."""
    names = [entry.filename for entry in entries if not entry.filename.startswith(("__MACOSX/", "."))]
    folders = {name.partition("/")[0] for name in names if "/" in name}
    alone = len(folders) == 1 and all("/" in name for name in names)
    return f"{folders.pop()}/" if alone else ""
