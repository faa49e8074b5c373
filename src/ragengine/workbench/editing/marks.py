"""The mark of a guess goes with the value that a person sets."""

from __future__ import annotations

import re

from ...toml.splice import Splice

__all__ = ["without_mark"]

_AFTER = re.compile(r"([^\n#]*?)[ \t]*#[ \t]*CONFIRM\b[^\n]*")
_ABOVE = re.compile(r"(?:^|\n)([ \t]*#[ \t]*CONFIRM\b[^\n]*\n)([^\n]*)\Z")


def without_mark(text: str, splice: Splice) -> Splice:
    """A splice that also takes away the ``# CONFIRM`` beside the value it sets, or on the line above it.

    >>> text = 'target = 8  # CONFIRM: the first of two\\n'
    >>> without_mark(text, Splice(9, 10, "9")).into(text)
    'target = 9\\n'
    """
    start, end, written = splice.start, splice.end, splice.text
    if start == end and written.startswith("\n"):
        return splice  # a line of its own: the one before it keeps its mark
    after = _AFTER.match(text, end)
    if after is not None:
        written, end = written + after[1], after.end()
    above = _ABOVE.search(text[:start])
    if above is not None and after is None:
        return Splice(above.start(1), end, above[2] + written)
    return Splice(start, end, written)
