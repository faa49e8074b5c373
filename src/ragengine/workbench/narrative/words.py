"""Words as stems, so that "allocation" and "allocated" are one."""

from __future__ import annotations

import re

__all__ = ["stem", "stems"]

_LENGTH = 5

#: words that say nothing of what is measured
_EMPTY = frozenset(
    """
    a an the this that these those it its our their we they he she who whom which what and or nor but so than then as at
    by for from in into of off on onto out over per to under up upon via with within without is are was were be been
    being has have had having do does did done can will would should could may might must not no all any each every both
    only also still now again currently overall due because during while whilst however although been there here more
    most less least very much many few small slightly broadly line target targets goal rate timeliness performance
    percentage percent figure level current latest data month months monthly year years day days week weeks hour
    hours working quarter weekly quarterly annual date period past last next january february march april june july
    august september october november december actual show shows showing remain remains remained continue continues
    increase increases increased increasing reduce reduces reduced reducing reduction improve improves improved improving
    improvement picture service services receive receives received receiving report reported
    worsened fallen fell risen rose rag rating ratings rated status score red amber green grey
    """.split()
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


def stems(text: str) -> frozenset[str]:
    """The stems of what a text speaks of, numbers below 1,000 too, without the words that say nothing of it."""
    return frozenset(stem(word) for word in _WORD.findall(text.lower()) if word not in _EMPTY and (len(word) > 1 or word.isdigit()))
