"""Writes files whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

__all__ = [
    "Content",
    "content_pieces",
    "make_folder",
    "put_in_place",
    "refuse_special",
    "safe_name",
    "write_all",
    "write_whole",
]  # fmt: skip

#: characters or bytes that are written at once: no second copy is held of a text of a hundred megabytes
_PIECE = 1 << 20
#: what is written: whole, or text that is made while it is written, so that it is never held
Content = str | bytes | Iterable[str]
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def safe_name(text: str) -> str:
    """A file name of small letters, digits and hyphens."""
    name = "".join(c if c in _SAFE else "-" for c in text.casefold())
    return "-".join(filter(None, name.split("-")))[:80] or "report"


def refuse_special(path: Path) -> None:
    """Raises OSError for what is no regular file: a link is not written through, a device or FIFO not replaced."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        raise OSError(errno.EINVAL, f"{path.name} is a link", str(path))
    if stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, f"{path.name} is a folder", str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, f"{path.name} is no regular file", str(path))


def put_in_place(made: str | Path, path: Path) -> None:
    """Renames a file that was made, flushed and closed beside ``path``; one that is there gives it its permissions."""
    refuse_special(path)
    if path.exists():
        os.chmod(made, stat.S_IMODE(path.stat().st_mode))
    os.replace(made, path)
    _flush_folder(path.parent)


def content_pieces(content: Content) -> Iterator[str | bytes]:
    """What is written, in pieces of about a megabyte."""
    if isinstance(content, str | bytes):
        yield from (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
        return
    held: list[str] = []
    size = 0
    for text in content:
        held.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def write_whole(path: Path, content: Content) -> None:
    """Writes to a temporary sibling, flushes it to the disk and renames it; raises OSError and leaves nothing behind.

    Only a regular file is replaced, and keeps its permissions.
    """
    write_all({path: content})


def write_all(files: Mapping[Path, Content]) -> None:
    """Writes several files, all or none: each to a sibling first, then each renamed, in the order given.

    So whoever is stopped half-way has none, or lacks the last ones: what makes a folder usable comes last. Raises
    OSError, of which ``filename`` is the file that cannot be written.
    """
    parts: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for path, content in files.items():
            refuse_special(path)
            part = path.with_name(f".{secrets.token_hex(8)}.part")
            parts[path] = part
            _write_new(part, content)
        for path, part in parts.items():
            if not path.exists():
                # before it is renamed: the folder may fail to be flushed after it
                placed.append(path)
            put_in_place(part, path)
    except BaseException as wrong:
        for part in (*parts.values(), *placed):
            part.unlink(missing_ok=True)
        if isinstance(wrong, OSError):
            wrong.filename = str(path)
        raise


def _write_new(path: Path, content: Content) -> None:
    """A new file on the disk, with the permissions that the process gives new files."""
    with open(path, "xb") as file:
        for piece in content_pieces(content):
            file.write(piece.encode(errors="replace") if isinstance(piece, str) else piece)
        file.flush()
        os.fsync(file.fileno())


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it that lack, so that they last; raises OSError."""
    lacking = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in reversed(lacking):
        _flush_folder(each.parent)


def _flush_folder(folder: Path) -> None:
    """A renamed file lasts once its folder is on the disk; some systems cannot open folders, or not flush them."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as wrong:
        if wrong.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
