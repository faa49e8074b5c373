"""Columns of our own that nobody asks any more once a row's level is known: an engine need not compute or keep them."""

from __future__ import annotations

import re

from .engines import Frame, unused

__all__ = ["spent_columns"]

_LINES = r"(?:t|loose|whole|rest|slope|sway|move)(?:\d+|least|most)|aim|place_in_bands"
_CONDITIONS = r"(?:condition|holds)\d+|name_\w+"
_INTERVALS = r"cases\w*|few_\w+|z|confidence|compares"
#: cells but for those of the value and the target, from which a shortfall is made
_CELLS = r"(?:number|state|long|whole|rest)_(?!value|target)\w+"
_SPENT = re.compile(f"{unused('')}(?:{_LINES}|{_CONDITIONS}|{_INTERVALS}|{_CELLS})")


def spent_columns(frame: Frame) -> list[str]:
    """Their names, in a frame whose rows have a level."""
    return [name for name in frame.collect_schema().names() if _SPENT.fullmatch(name)]
