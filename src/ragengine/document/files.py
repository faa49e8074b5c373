"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

__all__ = ["put_in_place", "refuse_link", "safe_name", "write_whole"]

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def safe_name(text: str) -> str:
    """A file name of small letters, digits and hyphens."""
    name = "".join(c if c in _SAFE else "-" for c in text.casefold())
    return "-".join(filter(None, name.split("-")))[:80] or "report"


def _mode(path: Path) -> int:
    """Permissions of the file, or those of a new one."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def refuse_link(path: Path) -> None:
    """Raises OSError for a link: it is not written through."""
    if path.is_symlink():
        raise OSError(f"{path} is a link")


def put_in_place(made: str | Path, path: Path) -> None:
    """Renames a file that was made, flushed and closed beside ``path``; one that is there gives it its permissions."""
    os.chmod(made, _mode(path))
    os.replace(made, path)


def write_whole(path: Path, content: str | bytes) -> None:
    """Writes to a temporary sibling, flushes it to the disk and renames it; raises OSError and leaves nothing behind.

    A link is not written through; a file that is there keeps its permissions.
    """
    refuse_link(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
