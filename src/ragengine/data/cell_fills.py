"""The colours with which cells of a workbook are filled: red, amber, green, or none of these."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from typing import Any

__all__ = ["OTHER", "colour_of"]

#: a fill whose colour is none of the three, or that the file names by its theme only
OTHER = "other"
#: where on the colour circle, in degrees, a colour ends; pinks are red, oranges and yellows amber
_RED, _AMBER, _GREEN, _PINK = 20, 68, 165, 335
#: a colour with less than this is grey or white, and no level
_LEAST_COLOUR, _LIGHTEST, _DARKEST = 0.2, 0.96, 0.12


def colour_of(fill: Any, palette: Sequence[str]) -> str:
    """``red``, ``amber`` or ``green`` by the hue; empty for no fill, white, grey and black; else :data:`OTHER`.

    ``fill`` is one of openpyxl, ``palette`` the colours that a workbook names by number.
    """
    if fill.fill_type != "solid":
        return ""
    colour = fill.fgColor
    if colour.type == "rgb":
        return _by_hue(str(colour.rgb))
    if colour.type == "indexed":
        return _by_hue(palette[colour.indexed]) if colour.indexed < len(palette) else ""
    return OTHER


def _by_hue(written: str) -> str:
    """A colour of six hexadecimal digits, whatever stands before them."""
    try:
        red, green, blue = (int(written[-6:][n : n + 2], 16) / 255 for n in (0, 2, 4))
    except ValueError:
        return OTHER
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < _LEAST_COLOUR or not _DARKEST < lightness < _LIGHTEST:
        return ""
    degrees = hue * 360
    if degrees < _RED or degrees >= _PINK:
        return "red"
    return "amber" if degrees < _AMBER else "green" if degrees < _GREEN else OTHER
