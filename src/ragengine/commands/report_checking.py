"""``report --check FILE``: a report that was made, held against the accessibility list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..display import clean
from ..report.accessibility import findings
from .output import Out, count

__all__ = ["check_files"]

_MOST_TOLD = 20


def check_files(names: Sequence[str], out: Out) -> int:
    """Says what is wrong with each file; 1 where anything is."""
    wrong = 0
    for name in names:
        found = findings(Path(name))
        wrong += len(found)
        for said in found[:_MOST_TOLD]:
            out.say(clean(f"{name}: {said}"))
        if len(found) > _MOST_TOLD:
            out.say(f"{name}: and {len(found) - _MOST_TOLD} more")
        if not found:
            out.say(clean(f"{name}: nothing is wrong by this list"))
    if wrong:
        out.say(f"{count(wrong, 'finding')}")
    return int(wrong > 0)
