"""What every figure shares: numbers of a drawing, classes of bands, and the colours that go with them."""

from __future__ import annotations

from collections.abc import Sequence

from ...terms import Rag
from ...workbench.drawing.level_colours import colours

__all__ = ["DARK", "LIGHT", "band_class", "band_colours", "chip_colours", "pixels"]

#: the bands from worst to best, darker (in dark mode lighter) the farther from the target
_LIGHT_BANDS = ("#dfa9a6", "#f6d9c4", "#e6f2ec")
_DARK_BANDS = ("#8a403c", "#553a25", "#22302b")

#: the usual levels' pairs in dark mode
_DARK_CHIPS = {"#651b1b": "#651b1b", "#7a3c1c": "#6a3418", "#083d29": "#0c4a33"}

#: page, ink, soft, line, rule, wash, link, data, comparator, grid, hatch
LIGHT = {
    "page": "#fff",
    "ink": "#0b0c0c",
    "soft": "#4d5358",
    "line": "#c9ced2",
    "rule": "#0b0c0c",
    "wash": "#f5f6f7",
    "link": "#114b8a",
    "data": "#0b0c0c",
    "cmp": "#4d5358",
    "grid": "#fff",
    "hatch": "#5b6166",
}
DARK = {
    "page": "#15181b",
    "ink": "#f1f3f4",
    "soft": "#b3bac0",
    "line": "#3e454b",
    "rule": "#d5d9dc",
    "wash": "#1e2327",
    "link": "#9cc7f5",
    "data": "#fff",
    "cmp": "#c3c9ce",
    "grid": "#15181b",
    "hatch": "#aab1b7",
}


def pixels(value: float) -> str:
    """A place in a drawing, to a tenth of a pixel, without needless digits."""
    written = f"{value:.1f}"
    return written.removesuffix(".0") if written != "-0.0" else "0"


def band_class(level: Rag) -> str:
    """The class of a band: by its place on the scale."""
    return "bg" if level.is_grey else f"b{level.rank}"


def _between(first: str, second: str, share: float) -> str:
    pairs = [(int(first[n : n + 2], 16), int(second[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def band_colours(levels: Sequence[Rag], *, dark: bool = False) -> list[str]:
    """A shade for each level, worst first, evenly between the ends."""
    stops = _DARK_BANDS if dark else _LIGHT_BANDS
    found = []
    for n in range(len(levels)):
        at = 2.0 * n / (len(levels) - 1) if len(levels) > 1 else 2.0
        low = min(int(at), 1)
        found.append(_between(stops[low], stops[low + 1], at - low))
    return found


def chip_colours(level: Rag, *, dark: bool = False) -> tuple[str, str]:
    """Text and ground of a level's tint; on a dark page the pair turned round."""
    text, ground = colours(level)
    if not dark:
        return text, ground
    return ground, _DARK_CHIPS.get(text, text)
