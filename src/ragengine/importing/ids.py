"""Ids from titles: readable, unique, safe as file names, and the same for the same sheet."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from ..rulefile.references import look_alike

__all__ = ["area_ids", "kpi_ids", "slug"]

_LONGEST = 60
#: names that a rules folder or Windows has for itself
_TAKEN = frozenset(
    {"book", "tombi", "con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))}
)
_WORDS = {"%": " percent ", "£": " pounds ", "&": " and ", "+": " plus ", "#": " number "}


def slug(text: str) -> str:
    """Small letters, digits and hyphens, cut at a word; empty where the text has none of them.

    >>> slug("% of calls answered in 15 seconds"), slug("Café & Bar")
    ('percent-of-calls-answered-in-15-seconds', 'cafe-and-bar')
    """
    for sign, word in _WORDS.items():
        text = text.replace(sign, word)
    # letters of other alphabets for mathematics have a case only once they are plain ones
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "")).casefold()
    # an accent is a mark after its letter: left out, it parts no word
    kept = [c for c in plain if not unicodedata.combining(c)]
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in kept).split()
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        made = longer
    return made


def area_ids(titles: Sequence[str]) -> list[str]:
    """An id for each area."""
    ids = [slug(title) or "area" for title in titles]
    return _numbered([f"{each}-area" if each in _TAKEN else each for each in ids])


def kpi_ids(titles: Sequence[str], refs: Sequence[str]) -> list[str]:
    """An id for each KPI of one area: of its title; of those that would be alike, with the reference too."""
    ids = [slug(title) or slug(ref) or "kpi" for title, ref in zip(titles, refs, strict=True)]
    alike = Counter(map(look_alike, ids))
    told = [
        f"{each}-{slug(ref)[:18].strip('-')}" if alike[look_alike(each)] > 1 and slug(ref) else each
        for each, ref in zip(ids, refs, strict=True)
    ]
    return _numbered(told)


def _numbered(ids: Sequence[str]) -> list[str]:
    """The ids, a number after each that looks like one before it."""
    made: list[str] = []
    seen: set[str] = set()
    counts: Counter[str] = Counter()
    for each in ids:
        name = each
        while look_alike(name) in seen:
            counts[each] += 1
            name = f"{each}-{counts[each] + 1}"
        seen.add(look_alike(name))
        made.append(name)
    return made
