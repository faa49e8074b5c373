"""Text that comes from files, made safe to show."""

from __future__ import annotations

import unicodedata

__all__ = ["clean"]


def clean(text: str) -> str:
    """A text without control and bidirectional characters, which could rearrange what a reader sees."""
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else "�" for c in text)
