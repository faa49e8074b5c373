"""The colours of a level: text on background, with enough contrast to be read."""

from __future__ import annotations

from ...terms import Rag

__all__ = ["LEAST_CONTRAST", "colours", "contrast"]

#: text on background, as WCAG 2.2 asks of text of ordinary size (success criterion 1.4.3)
LEAST_CONTRAST = 4.5

#: backgrounds that go with the usual text colours
_BACKGROUNDS = {"#651b1b": "#f4d7d7", "#7a3c1c": "#fde4d7", "#083d29": "#cfe4dc", "#0b0c0c": "#cecece"}
#: share of the text colour in a background that is made from it, and by how much it is taken back
_TINT, _STEP = 0.18, 0.02

Rgb = tuple[int, int, int]


def colours(level: Rag) -> tuple[str, str]:
    """Text and background of a level, as ``#rrggbb``: the usual ones, or a tint of a scale's own colour.

    A colour too light to be read on white stands on a dark shade of itself.
    """
    text = level.colour.lower()
    usual = _BACKGROUNDS.get(text)
    if usual is not None:
        return text, usual
    ground: Rgb = (255, 255, 255)
    if contrast(text, _written(ground)) < LEAST_CONTRAST:
        ground = (0, 0, 0)
    share = _TINT
    while share > 0:
        mixed = _written(_mixed(_read(text), ground, share))
        if contrast(text, mixed) >= LEAST_CONTRAST:
            return text, mixed
        share -= _STEP
    return text, _written(ground)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21: WCAG 2.2, relative luminance of sRGB."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _read(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mixed(colour: Rgb, ground: Rgb, share: float) -> Rgb:
    red, green, blue = (round(g + (c - g) * share) for c, g in zip(colour, ground, strict=True))
    return red, green, blue


def _read(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _written(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
