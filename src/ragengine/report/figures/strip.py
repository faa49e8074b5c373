"""Small figures of one row: a strip of its bands, a sparkline, and a bullet with words and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ...document.html import Html, el, together
from ...number import text
from ...rating.phrases import amount
from ...terms import GREY, Rag
from ..model import ReportRow
from .axis import Axis, axis_of, days_axis, edges_of, pieces_on
from .parts import band_class, pixels

__all__ = ["bullet", "strip"]

_WIDE, _HIGH = 120, 14
_BULLET, _TOP, _BAND = 360, 22, 26
#: about how wide a character of 12 px is
_CHARACTER = 6.6

Levels = Mapping[str, Rag]


def has_figure(row: ReportRow) -> bool:
    """Whether a row can be shown on its bands."""
    return not row.computed.is_grey and bool(row.axis_bands) and _value(row) is not None


def _value(row: ReportRow) -> Fraction | None:
    if row.is_action:
        return None if row.days_late is None or not row.lateness else Fraction(row.days_late)
    return row.number


def _axis(row: ReportRow) -> Axis:
    value = _value(row)
    edges = edges_of(row.axis_bands)
    if row.is_action:
        return days_axis([float(number) for number in (*edges, value) if number is not None])
    return axis_of((*edges, value, row.previous_number, *row.targets), row.unit)


def _targets(row: ReportRow) -> Sequence[Fraction]:
    return (Fraction(0),) if row.is_action else row.targets


def strip(row: ReportRow, levels: Levels) -> Html | None:
    """Bands as shade, the target as a line, the value as a dot; hidden from screen readers: the cells beside say it."""
    value = _value(row)
    if not has_figure(row) or value is None:
        return None
    axis = _axis(row)
    shapes = [
        el(
            "rect",
            class_=band_class(levels.get(level, GREY)),
            x=pixels(axis.place(low, _WIDE)),
            y=4,
            width=pixels(axis.place(high, _WIDE) - axis.place(low, _WIDE)),
            height=_HIGH,
        )
        for level, low, high in pieces_on(row.axis_bands, axis)
    ]
    for target in _targets(row):
        at = pixels(axis.place(target, _WIDE))
        shapes.append(el("path", class_="tg", d=f"M{at} 0V22"))
    shapes.append(el("circle", class_="pt", cx=pixels(axis.place(value, _WIDE)), cy=11, r=4.5))
    return el("svg", *shapes, class_="strip", width=_WIDE, height=22, viewbox=f"0 0 {_WIDE} 22", aria_hidden="true")


def bullet(row: ReportRow, levels: Levels) -> Html | None:
    """The bands with their words, a bar or a dot for the value, the target with its number, the value before as a ring.

    A bar starts at zero; where the axis does not, and for days late, a dot stands instead: a bar's length would lie.
    """
    value = _value(row)
    if not has_figure(row) or value is None:
        return None
    axis = _axis(row)
    shapes: list[Html] = []
    words: list[tuple[float, str, str]] = []
    for level_id, low, high in pieces_on(row.axis_bands, axis):
        level = levels.get(level_id, GREY)
        start, end = axis.place(low, _BULLET), axis.place(high, _BULLET)
        shapes.append(
            el("rect", class_=band_class(level), x=pixels(start), y=_TOP, width=pixels(end - start), height=_BAND)
        )
        said = f"{level.symbol} {level.label}"
        if len(said) * _CHARACTER > end - start:
            said = level.symbol
        if end - start > _CHARACTER:
            words.append(((start + end) / 2, said, "middle"))
    shapes += [
        el("path", class_="ed", d=f"M{pixels(axis.place(edge, _BULLET))} {_TOP}v{_BAND}")
        for edge in edges_of(row.axis_bands)
        if axis.holds(edge)
    ]
    shapes += _of_value(row, axis, value)
    for target in _targets(row):
        shapes.append(el("path", class_="tg", d=f"M{pixels(axis.place(target, _BULLET))} {_TOP - 2}v{_BAND + 4}"))
    shapes += [el("text", said, class_="bl", x=pixels(at), y=15, text_anchor=anchor) for at, said, anchor in words]
    shapes.append(_labels(row, axis))
    title = el("title", f"{row.called}: {row.sentence}")
    return el(
        "svg",
        title,
        *shapes,
        class_="bullet",
        viewbox=f"-6 0 {_BULLET + 12} 66",
        role="img",
        aria_label=f"{row.value or row.status} on its bands",
    )


def _of_value(row: ReportRow, axis: Axis, value: Fraction) -> list[Html]:
    at, middle = axis.place(value, _BULLET), _TOP + _BAND / 2
    found = []
    if row.previous_number is not None and axis.holds(row.previous_number):
        ring = pixels(axis.place(row.previous_number, _BULLET))
        found.append(el("circle", class_="pv", cx=ring, cy=pixels(middle), r=4.5))
    if axis.zero and not row.is_action:
        found.append(el("rect", class_="bar", x=0, y=pixels(middle - 3), width=pixels(max(at, 1.5)), height=6))
    else:
        found.append(el("circle", class_="pt", cx=pixels(at), cy=pixels(middle), r=6))
    return found


def _labels(row: ReportRow, axis: Axis) -> Html:
    """Numbers under the bands; of labels that would touch, the target is kept first."""
    if row.is_action:
        wanted = [(axis.place(0, _BULLET), "due", True)]
        wanted += [
            (0.0, f"{text(-axis.low)} days early", False),
            (float(_BULLET), f"{text(axis.high)} days late", False),
        ]
    else:
        short = row.unit if row.unit == "%" else ""
        wanted = [(axis.place(t, _BULLET), amount(t, short), True) for t in row.targets]
        edges = [edge for edge in edges_of(row.axis_bands) if edge not in row.targets and axis.holds(edge)]
        wanted += [(axis.place(edge, _BULLET), amount(edge, short), False) for edge in edges]
        wanted += [(axis.place(end, _BULLET), amount(Fraction(end), short), False) for end in axis.ticks]
    placed: list[tuple[float, float, Html]] = []
    for at, said, bold in wanted:
        wide = len(said) * _CHARACTER
        start = min(max(at - wide / 2, 0.0), _BULLET - wide)
        if any(start < end + 6 and start + wide > begin - 6 for begin, end, _ in placed):
            continue
        mark = el("text", said, class_="tl" if bold else "ax", x=pixels(start), y=62)
        placed.append((start, start + wide, mark))
    return together(*(mark for *_, mark in sorted(placed, key=lambda one: one[0])))
