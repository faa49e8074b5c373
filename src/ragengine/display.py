"""Text that comes from files, made safe to show."""

from __future__ import annotations

import unicodedata

__all__ = ["clean", "safe_cell"]


def clean(text: str) -> str:
    """A text without control and bidirectional characters, which could rearrange what a reader sees."""
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else "�" for c in text)


def safe_cell(written: str) -> str:
    """A text that no spreadsheet takes for a formula; numbers stay as they are.

    >>> safe_cell("=cmd()"), safe_cell("-5.2"), safe_cell("-x")
    ("'=cmd()", '-5.2', "'-x")
    """
    written = clean(written)
    if written[:1] in ("=", "+", "-", "@", "\t", "\r"):
        try:
            float(written)
        except ValueError:
            return f"'{written}"
    return written
