"""Texts for people: made safe to show, and what a misspelt name was meant to be."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

__all__ = ["clean", "nearest", "safe_cell"]


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


def nearest(given: str, known: Iterable[str]) -> str:
    """The known id that a given one nearly spells; empty where none does.

    >>> nearest("MASH.Referrals 24h", ["mash.referrals-24h"]), nearest("x", ["mash.referrals-24h"])
    ('mash.referrals-24h', '')
    """
    folded = {_folded(name): name for name in known}
    near = folded.get(_folded(given))
    if near is not None:
        return near
    close = difflib.get_close_matches(_folded(given), list(folded), n=1, cutoff=0.75)
    return folded[close[0]] if close else ""


def _folded(name: str) -> str:
    """An id without what people get wrong: case, spaces, non-breaking spaces, kinds of hyphen."""
    for dash in "\u2010\u2011\u2012\u2013\u2014_":
        name = name.replace(dash, "-")
    return "".join(name.split()).replace("\u00a0", "").casefold()
