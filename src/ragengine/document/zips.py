"""Zip archives with the same bytes for the same content, whatever the clock."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable

__all__ = ["changed_zip", "made_zip"]

#: the earliest moment a zip can hold
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def made_zip(files: Iterable[tuple[str, bytes]], stored: frozenset[str] = frozenset()) -> bytes:
    """An archive of files in this order; those named in ``stored`` are not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def changed_zip(archive: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """An archive whose files went through ``change``, without the clock."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return made_zip((name, change(name, source.read(name))) for name in source.namelist())
