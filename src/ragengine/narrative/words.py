"""Words as stems, so that "allocation" and "allocated" are one."""

from __future__ import annotations

import re

__all__ = ["VAGUE", "stem", "stems"]

_LENGTH = 5

#: words that say nothing of what is measured
_EMPTY_WORDS = """
    a again all also although an and annual any april are as at august be because been being both broadly but by can
    continue continues could current currently data date day days december did do does done due during each every
    february fell few figure for from goal had has have having he hour hours however improve improved improvement
    improves improving in increase increased increases increasing into is it its january july june last latest least
    less level line many march may might month monthly months more most much must next no nor not november now october
    of off on only onto or our out over overall past per percent percentage period picture quarter
    quarterly rag rate rated rating ratings receive received receives receiving reduce reduced reduces reducing
    reduction remain remained remains report reported risen rose score september service services she should show
    showing shows slightly small so status still target targets than that the their then there these they this those
    to under up upon very via was we week weekly weeks were what which while whilst who whom will with
    within without working worsened would year years yet actual amber fallen green grey here red
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_VAGUE = (
    "performance",
    "timeliness",
    "implementation",
    "delivery",
    "quality",
    "outcomes",
    "completion",
    "work",
    "area",
    "position",
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|(?<!\d)\d{1,3}(?!\d)")


def stem(word: str) -> str:
    """The first letters of a word, without a plural's s: enough to tell words apart within one area.

    >>> stem("allocation") == stem("allocated"), stem("plans"), stem("children") == stem("child")
    (True, 'plan', True)
    """
    word = word.removesuffix("'s").replace("'", "")
    if 3 < len(word) <= _LENGTH + 1 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:_LENGTH]


#: stems of words that go with any measure: where no title has them, they name no other
VAGUE = frozenset(map(stem, _VAGUE))


def stems(text: str) -> frozenset[str]:
    """The stems of what a text speaks of, numbers below 1,000 too, without the words that say nothing of it."""
    words = (word for word in _WORD.findall(text.lower()) if word not in _EMPTY)
    return frozenset(stem(word) for word in words if len(word) > 1 or word.isdigit())
