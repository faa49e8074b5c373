"""The line chart of a measure over time, on its bands as they were in each period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

from attrs import frozen

from ...bands import BandTable
from ...document.html import Html, el
from ...rating.explanation import band_lines
from ...rating.phrases import amount
from ...terms import GREY, Rag, Scale
from ..model import Chart, ChartPeriod, ReportRow
from ..wording import short_period
from .axis import Axis, chart_axis, pieces_on
from .parts import band_class, pixels

__all__ = ["NARROW", "WIDE", "chart", "sparkline"]

_LEFT, _TOP, _BOTTOM = 44, 46, 28


@frozen
class Size:
    """How large a chart is drawn, and how much of its right side is kept for labels."""

    name: str
    wide: int
    high: int
    right: int
    #: at most so many dates along the bottom
    dates: int


WIDE = Size("wide", 860, 340, 110, 8)
NARROW = Size("narrow", 340, 310, 12, 3)


class _Frame:
    """The room of a chart: from periods and days to pixels."""

    def __init__(
        self, columns: Sequence[ChartPeriod], axis: Axis, left: float, top: float, wide: float, high: float
    ) -> None:
        self.columns, self.axis = columns, axis
        self.left, self.top, self.wide, self.high = left, top, wide, high
        self.slot = wide / len(columns)

    @property
    def bottom(self) -> float:
        return self.top + self.high

    def start(self, n: int) -> float:
        return self.left + n * self.slot

    def middle(self, n: int) -> float:
        return self.start(n) + self.slot / 2

    def y(self, value: Fraction | float) -> float:
        return self.bottom - self.axis.place(value, self.high)

    def x(self, day: date) -> float:
        """Where a day stands; at an end where it lies beyond the columns."""
        for n, column in enumerate(self.columns):
            if day <= column.period.end:
                days = (column.period.end - column.period.start).days + 1
                gone = max((day - column.period.start).days, 0)
                return self.start(n) + self.slot * gone / days
        return self.left + self.wide


def _numbers(columns: Sequence[ChartPeriod]) -> Iterator[Fraction | None]:
    for column in columns:
        yield column.value
        yield column.comparator
        yield from column.limits
        yield from column.targets
        if column.table is not None:
            yield from (cut.at for cut in column.table.thresholds)


def chart(made: Chart, row: ReportRow, scale: Scale, size: Size) -> Html:
    """The chart with its bands, target, grace windows, events, comparator and figures."""
    axis = chart_axis(_numbers(made.columns), row.unit)
    wide, high = size.wide - _LEFT - size.right, size.high - _TOP - _BOTTOM
    frame = _Frame(made.columns, axis, _LEFT, _TOP, wide, high)
    levels = {str(level): level for level in scale}
    shapes = [
        *_bands(frame, levels),
        *_grid(frame, row.unit),
        *_dates(frame, size),
        *_graces(frame, made, row.anchor),
        *_later(frame),
        *_targets(frame),
        *_comparator(frame, made),
        *_events(frame, made),
        *_intervals(frame),
        *_line(frame, made),
        *_labels(frame, row, levels, size),
    ]
    hatch = el(
        "pattern",
        el("path", d="M0 8L8 0", class_="ha"),
        id=f"h-{size.name}-{row.anchor}",
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
    )
    last = next((c for c in reversed(made.columns) if c.value is not None), None)
    told = f"{row.called}: {made.title}." + (f" {last.value_text} in {last.period.label}." if last else "")
    return el(
        "svg",
        el("title", told),
        el("desc", "The figures stand in the table below."),
        el("defs", hatch),
        *shapes,
        class_=f"chart {size.name}",
        viewbox=f"0 0 {size.wide} {size.high}",
        role="img",
        aria_label=told,
    )


def _bands(frame: _Frame, levels: dict[str, Rag]) -> Iterator[Html]:
    """Each run of periods under one table as one rectangle a band."""
    at = 0
    for table, run in groupby(frame.columns, key=lambda column: column.table):
        count = len(list(run))
        yield from _run(frame, table, at, count, levels)
        at += count


def _run(frame: _Frame, table: BandTable[Rag] | None, at: int, count: int, levels: dict[str, Rag]) -> Iterator[Html]:
    if table is None:
        yield el(
            "rect",
            class_="bg",
            x=pixels(frame.start(at)),
            y=pixels(frame.top),
            width=pixels(count * frame.slot),
            height=pixels(frame.high),
        )
        return
    for level_id, low, high in pieces_on(band_lines(table), frame.axis):
        yield el(
            "rect",
            class_=band_class(levels.get(level_id, GREY)),
            x=pixels(frame.start(at)),
            y=pixels(frame.y(high)),
            width=pixels(count * frame.slot),
            height=pixels(frame.y(low) - frame.y(high)),
        )


def _grid(frame: _Frame, unit: str) -> Iterator[Html]:
    end = frame.left + frame.wide
    for tick in frame.axis.ticks:
        y = pixels(frame.y(tick))
        yield el("path", class_="gr", d=f"M{pixels(frame.left)} {y}H{pixels(end)}")
        said = amount(Fraction(tick).limit_denominator(1000), "%" if unit == "%" else "")
        yield el("text", said, class_="ax", x=pixels(frame.left - 6), y=pixels(frame.y(tick) + 4), text_anchor="end")
    yield el("path", class_="axl", d=f"M{pixels(frame.left)} {pixels(frame.bottom)}H{pixels(end)}")


def _dates(frame: _Frame, size: Size) -> Iterator[Html]:
    """Dates where there is room, January and July first."""
    count = len(frame.columns)
    round_months = [n for n, c in enumerate(frame.columns) if c.period.start.month in (1, 7)]
    if count > size.dates and 2 <= len(round_months) <= size.dates:
        chosen = round_months
    elif count > size.dates:
        january = [n for n in round_months if frame.columns[n].period.start.month == 1]
        step = -(-count // size.dates)
        chosen = january if 2 <= len(january) <= size.dates else list(range(0, count, step))
    else:
        chosen = list(range(count))
    for n in chosen:
        x = pixels(frame.middle(n))
        yield el("path", class_="axl", d=f"M{x} {pixels(frame.bottom)}v5")
        yield el(
            "text",
            short_period(frame.columns[n].period),
            class_="ax",
            x=x,
            y=pixels(frame.bottom + 20),
            text_anchor="middle",
        )


def _graces(frame: _Frame, made: Chart, anchor: str) -> Iterator[Html]:
    size = "wide" if frame.wide > 400 else "narrow"
    for n, grace in enumerate(made.graces):
        start, end = (
            frame.x(grace.start),
            frame.x(date.fromordinal(min(grace.until.toordinal() + 1, date.max.toordinal()))),
        )
        box = {"x": pixels(start), "y": pixels(frame.top), "width": pixels(end - start), "height": pixels(frame.high)}
        yield el("rect", fill=f"url(#h-{size}-{anchor})", **box)
        yield el("rect", class_="gw", **box)
        # beside the window where it begins too far right for its words
        room_right = frame.left + frame.wide - start
        said = f"Grace: {grace.name}"
        left = len(said) * 6.4 > room_right
        yield el(
            "text",
            said,
            class_="an",
            x=pixels(frame.left + frame.wide if left else start),
            y=pixels(frame.top - 6 - 13 * (n % 2)),
            text_anchor="end" if left else "start",
        )


def _later(frame: _Frame) -> Iterator[Html]:
    first = next((n for n, column in enumerate(frame.columns) if column.later), None)
    if first is None:
        return
    x = pixels(frame.start(first))
    yield el("path", class_="now", d=f"M{x} {pixels(frame.top)}V{pixels(frame.bottom)}")
    if (len(frame.columns) - first) * frame.slot > 40:
        yield el("text", "later", class_="an", x=pixels(frame.start(first) + 4), y=pixels(frame.bottom - 6))


def _targets(frame: _Frame) -> Iterator[Html]:
    most = max((len(column.targets) for column in frame.columns), default=0)
    for which in range(most):
        d, drawn = "", False
        for n, column in enumerate(frame.columns):
            if which >= len(column.targets):
                drawn = False
                continue
            y = pixels(frame.y(column.targets[which]))
            d += f"{'L' if drawn else 'M'}{pixels(frame.start(n))} {y}H{pixels(frame.start(n + 1))}"
            drawn = True
        yield el("path", class_="tl1", d=d)


def _comparator(frame: _Frame, made: Chart) -> Iterator[Html]:
    if not made.comparator:
        return
    known = [(frame.middle(n), frame.y(c.comparator)) for n, c in enumerate(frame.columns) if c.comparator is not None]
    yield el("path", class_="cp", d="M" + "L".join(f"{pixels(x)} {pixels(y)}" for x, y in known))
    x, y = known[0]
    yield el("text", made.comparator, class_="an", x=pixels(x), y=pixels(y - 6))


def _events(frame: _Frame, made: Chart) -> Iterator[Html]:
    """Events are numbered here and told in a list: words would collide."""
    taken: list[float] = []
    for n, event in enumerate(made.events, start=1):
        x = frame.x(event.day)
        yield el("path", class_="mk", d=f"M{pixels(x)} {pixels(frame.top - 18)}V{pixels(frame.bottom)}")
        up = sum(abs(other - x) < 18 for other in taken) % 2
        taken.append(x)
        y = frame.top - 28 + 18 * up
        yield el("circle", class_="mc", cx=pixels(x), cy=pixels(y), r=8.5)
        yield el("text", str(n), class_="mt", x=pixels(x), y=pixels(y + 4), text_anchor="middle")


def _intervals(frame: _Frame) -> Iterator[Html]:
    """The interval of each figure, as an upright line with its two ends."""
    for n, column in enumerate(frame.columns):
        if column.limits and not column.carried:
            x, ends = frame.middle(n), [pixels(frame.y(limit)) for limit in column.limits]
            caps = "".join(f"M{pixels(x - 4)} {end}H{pixels(x + 4)}" for end in ends)
            yield el("path", class_="iv", d=f"M{pixels(x)} {ends[0]}V{ends[1]}{caps}")


def _line(frame: _Frame, made: Chart) -> Iterator[Html]:
    """The figures: a gap where data are missing and where the definition changed; carried values hollow."""
    breaks = [event.day for event in made.events if event.breaks]
    d, before = "", -1
    for n, column in enumerate(frame.columns):
        if column.value is None or column.carried:
            if column.carried and column.value is not None and before >= 0:
                y = pixels(frame.y(column.value))
                yield el("path", class_="car", d=f"M{pixels(frame.middle(n - 1))} {y}H{pixels(frame.middle(n))}")
                yield el("circle", class_="hol", cx=pixels(frame.middle(n)), cy=y, r=4)
            elif column.value is None and not column.later and frame.slot > 44:
                yield el(
                    "text",
                    column.value_text or "no data",
                    class_="an",
                    x=pixels(frame.middle(n)),
                    y=pixels(frame.bottom - 6),
                    text_anchor="middle",
                )
            before = n if column.carried else -1
            continue
        broken = before < 0 or frame.columns[before].carried
        if not broken:
            last = frame.columns[before].period
            broken = any(last.end < day <= column.period.end for day in breaks)
        d += f"{'M' if broken else 'L'}{pixels(frame.middle(n))} {pixels(frame.y(column.value))}"
        before = n
    yield el("path", class_="ln2", d=d)
    for n, column in enumerate(frame.columns):
        if column.value is not None and not column.carried:
            yield el("circle", class_="dt", cx=pixels(frame.middle(n)), cy=pixels(frame.y(column.value)), r=3)


def _labels(frame: _Frame, row: ReportRow, levels: dict[str, Rag], size: Size) -> Iterator[Html]:
    """The last value beside its point; at the right edge the target and the words of the bands."""
    known = [(n, c) for n, c in enumerate(frame.columns) if c.value is not None]
    if known:
        n, column = known[-1]
        assert column.value is not None
        right = frame.start(n + 1) + 60 < size.wide
        yield el(
            "text",
            column.value_text,
            class_="vl",
            x=pixels(frame.middle(n) + (9 if right else -9)),
            y=pixels(frame.y(column.value) + 5),
            text_anchor="start" if right else "end",
        )
    last = frame.columns[-1]
    taken: list[float] = []
    inside = size.right < 60
    x = pixels(frame.left + frame.wide + (-4 if inside else 8))
    side = "end" if inside else "start"
    for target in last.targets:
        taken.append(frame.y(target))
        said = amount(target, "%" if row.unit == "%" else "")
        yield el(
            "text",
            f"Target {said}",
            class_="tl",
            x=x,
            y=pixels(frame.y(target) + (-5 if inside else 4)),
            text_anchor=side,
        )
    if last.table is None:
        return
    for level_id, low, high in pieces_on(band_lines(last.table), frame.axis):
        middle = (frame.y(low) + frame.y(high)) / 2
        if frame.y(low) - frame.y(high) < 13 or any(abs(middle - y) < 14 for y in taken):
            continue
        taken.append(middle)
        level = levels.get(level_id, GREY)
        yield el("text", f"{level.symbol} {level.label}", class_="bl", x=x, y=pixels(middle + 4), text_anchor=side)


def sparkline(made: Chart, row: ReportRow, scale: Scale) -> Html:
    """The last periods in 120 by 30: bands, a thin target line, the figures, the last one as a dot."""
    columns = [column for column in made.columns if not column.later]
    frame = _Frame(columns, chart_axis(_numbers(columns), row.unit), 0, 1, 120, 28)
    levels = {str(level): level for level in scale}
    known = [(n, column.value) for n, column in enumerate(columns) if column.value is not None]
    d, before = "", -2
    for n, value in known:
        d += f"{'L' if n == before + 1 else 'M'}{pixels(frame.middle(n))} {pixels(frame.y(value))}"
        before = n
    last, value = known[-1]
    targets = [el("path", class_="tg thin", d=shape) for shape in _thin_targets(frame)]
    dot = el("circle", class_="pt", cx=pixels(min(frame.middle(last), 115)), cy=pixels(frame.y(value)), r=4)
    return el(
        "svg",
        *_bands(frame, levels),
        *targets,
        el("path", class_="ln", d=d),
        dot,
        class_="strip",
        width=120,
        height=30,
        viewbox="0 0 120 30",
        aria_hidden="true",
    )


def _thin_targets(frame: _Frame) -> Iterator[str]:
    for n, column in enumerate(frame.columns):
        for target in column.targets:
            yield f"M{pixels(frame.start(n))} {pixels(frame.y(target))}h{pixels(frame.slot)}"
