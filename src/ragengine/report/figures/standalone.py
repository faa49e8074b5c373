"""A chart as an SVG file of its own: with its colours in it, for formats that have no style sheet."""

from __future__ import annotations

from ...document.html import Html, el
from ..model import Report, ReportRow
from .chart import WIDE, chart
from .parts import LIGHT, band_colours

__all__ = ["chart_svg"]

_RULES = (
    "text{font:12px Arial,'Liberation Sans',sans-serif;fill:#0b0c0c}.ax{fill:#4d5358}.tl,.mt,.vl{font-weight:700}"
    ".vl{font-size:15px}.bg{fill:#e3e5e7}.axl,.now{stroke:#4d5358}.gr{stroke:#fff;opacity:.75}"
    ".ln2{stroke:#0b0c0c;stroke-width:2.4;fill:none}.dt{fill:#0b0c0c}.hol{fill:#fff;stroke:#0b0c0c;stroke-width:2}"
    ".car{stroke:#0b0c0c;stroke-width:2;stroke-dasharray:2 3}.tl1{stroke:#0b0c0c;stroke-width:1.5;fill:none;"
    "stroke-dasharray:7 4}.cp{stroke:#4d5358;stroke-width:1.5;fill:none}"
    ".iv{stroke:#0b0c0c;stroke-width:1.4;fill:none;opacity:.75}.ha{stroke:#5b6166;stroke-width:1.4;opacity:.55}"
    ".gw{stroke:#5b6166;fill:none}.mk{stroke:#0b0c0c}.mc{fill:#fff;stroke:#0b0c0c}"
)


def chart_svg(report: Report, row: ReportRow) -> bytes:
    """The chart of a row that has one, in light colours on white."""
    assert row.chart is not None
    shades = "".join(
        f".b{level.rank}{{fill:{shade}}}"
        for level, shade in zip(report.scale, band_colours(report.scale.levels), strict=True)
    )
    drawn = chart(row.chart, row, report.scale, WIDE)
    start = drawn.index(">") + 1
    head = drawn[:start].replace(
        "<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE.wide}" height="{WIDE.high}" '
    )
    ground = el("rect", width=WIDE.wide, height=WIDE.high, fill=LIGHT["page"])
    return f"{head}{el('style', Html(_RULES + shades))}{ground}{drawn[start:]}".encode()
