"""The id that somebody meant who wrote another."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]


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
