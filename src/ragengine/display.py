"""Texts for people: made safe to show, and what a misspelt name was meant to be."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterable

__all__ = ["Spelling", "all_meant", "clean", "did_you_mean", "safe_cell"]

#: how much of two names must be the same for one to be meant by the other
ALIKE = 0.75
#: of so many names each is looked at; of more, those that share uncommon letters with the one given
_FEW = 100
#: three letters in a row that more names have tell nothing
_COMMON = 64
#: so many names are looked at closely
_CLOSELY = 12


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


def did_you_mean(given: str, known: Iterable[str], alike: float = ALIKE) -> str:
    """The known name that a given one nearly spells; empty where none does.

    >>> did_you_mean("MASH.Referrals 24h", ["mash.referrals-24h"]), did_you_mean("x", ["mash.referrals-24h"])
    ('mash.referrals-24h', '')
    """
    return next(iter(all_meant(given, known, 1, alike)), "")


def all_meant(given: str, known: Iterable[str], most: int, alike: float = ALIKE) -> tuple[str, ...]:
    """The known names that a given one nearly spells, nearest first and no more than ``most``.

    ``alike`` is how much of both must be the same, from 0 to 1.
    """
    return Spelling(known).all_meant(given, most, alike)


class Spelling:
    """Names that are known, and which of them others nearly spell: what asking costs does not grow with the names."""

    def __init__(self, known: Iterable[str]) -> None:
        self._folded = {_folded(name): name for name in known}
        self._behind: dict[str, list[str]] | None = None
        self._sharing: dict[str, list[str]] = {}
        self._answers: dict[str, str] = {}

    def meant(self, given: str) -> str:
        """The known name that a given one nearly spells; empty where none does."""
        found = self._answers.get(given)
        if found is None:
            found = self._answers[given] = next(iter(self.all_meant(given, 1)), "")
        return found

    def all_meant(self, given: str, most: int, alike: float = ALIKE) -> tuple[str, ...]:
        """The known names that a given one nearly spells, nearest first."""
        folded = _folded(given)
        if most == 1 and folded in self._folded:
            return (self._folded[folded],)
        if most == 1 and len(within := self._without_area(folded)) == 1:
            return (self._folded[within[0]],)
        if most == 1 and len(swapped := [name for name in _swapped(folded) if name in self._folded]) == 1:
            return (self._folded[swapped[0]],)
        close = difflib.get_close_matches(folded, self._candidates(folded), most, alike)
        return tuple(self._folded[one] for one in close)

    def _without_area(self, folded: str) -> list[str]:
        """The names that a given one is all of but the part before the dot: ``referrals-24h``."""
        if self._behind is None:
            self._behind = {}
            for name in self._folded:
                _, dot, own = name.partition(".")
                if dot:
                    self._behind.setdefault(own, []).append(name)
        return self._behind.get(folded, [])

    def _candidates(self, folded: str) -> list[str]:
        if len(self._folded) <= _FEW:
            return list(self._folded)
        if not self._sharing:
            for name in self._folded:
                for part in (*_one_less(name), *_threes(name)):
                    self._sharing.setdefault(part, []).append(name)
        # a letter more, less, other or swapped; then what has uncommon letters in common
        shared: Counter[str] = Counter()
        for part in _one_less(folded):
            shared.update(dict.fromkeys(self._sharing.get(part, ())[:_COMMON], len(folded)))
        for part in _threes(folded):
            names = self._sharing.get(part, ())
            shared.update(names if len(names) <= _COMMON else ())
        return [name for name, _ in shared.most_common(_CLOSELY)]


def _one_less(name: str) -> set[str]:
    return {name, *(name[:n] + name[n + 1 :] for n in range(len(name)))}


def _swapped(name: str) -> set[str]:
    """A name with two neighbouring letters the other way round, which in a short one is much of it."""
    return {name[:n] + name[n + 1] + name[n] + name[n + 2 :] for n in range(len(name) - 1)}


def _threes(name: str) -> set[str]:
    marked = f"\0{name}\0"
    return {f"\0{marked[n : n + 3]}" for n in range(len(marked) - 2)}


def _folded(name: str) -> str:
    """An id without what people get wrong: case, spaces, non-breaking spaces, kinds of hyphen."""
    for dash in "\u2010\u2011\u2012\u2013\u2014_":
        name = name.replace(dash, "-")
    return "".join(name.split()).replace("\u00a0", "").casefold()
