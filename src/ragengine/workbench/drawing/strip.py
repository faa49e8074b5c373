"""A strip: the bands of one rule, ready to be drawn, with what is marked on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from attrs import evolve, frozen

from ...bands import BandTable, Interval, Threshold
from ...number import exact
from ...rating.phrases import amount, days_interval, interval
from ...rulebook.kpi import Kpi
from ...rulebook.measure import Range
from ...terms import Rag
from ..value_limits import value_limits

__all__ = ["Strip", "StripMark", "days_strip", "formula_strip", "kpi_strip", "side_by_side"]

Limits = tuple[Fraction | None, Fraction | None]


@frozen
class StripMark:
    """A number marked on a strip; ``on_line`` is one that names a line between two bands: a target."""

    at: Fraction
    words: str
    on_line: bool = False


@frozen(eq=False)
class Strip:
    """Bands with the words for their lines and pieces.

    Attributes:
        line: what stands at a threshold: ``≥ 80%``.
        piece: where a band lies, in words: ``from 80% to below 90%``.
        limits: the least and the greatest value there is, where it is known.
        end: what stands at a limit.
        caption: what the bands are of.
        beside: lines of strips that are drawn with it, so that one window covers them all.
    """

    table: BandTable[Rag]
    line: Callable[[Threshold], str]
    piece: Callable[[Interval], str]
    marks: tuple[StripMark, ...] = ()
    limits: Limits = (None, None)
    end: Callable[[Fraction], str] = str
    caption: str = ""
    beside: tuple[Fraction, ...] = ()


def side_by_side(strips: Sequence[Strip]) -> list[Strip]:
    """Strips over one window: what stands below each other is the same number."""
    lines = tuple(sorted({cut.at for strip in strips for cut in strip.table.thresholds}))
    return [evolve(strip, beside=(*strip.beside, *lines)) for strip in strips]


def kpi_strip(
    kpi: Kpi,
    table: BandTable[Rag],
    value: Fraction | None = None,
    target: Fraction | Range | None = None,
    caption: str = "",
) -> Strip:
    """The strip of a KPI: over its values, or over its words in their order."""
    if kpi.words:
        return _words_strip(kpi, table, value, caption)
    marks = []
    if value is not None:
        marks.append(StripMark(value, amount(value, kpi.unit)))
    ends = [exact(target.min), exact(target.max)] if isinstance(target, Range) else [] if target is None else [target]
    lines = {cut.at for cut in table.thresholds}
    marks += [StripMark(end, f"target {amount(end, kpi.unit)}", on_line=True) for end in ends if end in lines]
    return formula_strip(table, marks, kpi.unit, value_limits(kpi, table), caption)


def formula_strip(
    table: BandTable[Rag],
    marks: list[StripMark] | tuple[StripMark, ...] = (),
    unit: str = "",
    limits: Limits = (None, None),
    caption: str = "",
) -> Strip:
    """The strip of a table over plain numbers."""
    return Strip(
        table,
        lambda cut: f"{'≥' if cut.reached else '>'} {amount(cut.at, unit)}",
        lambda piece: interval(piece, unit),
        tuple(marks),
        limits,
        lambda number: amount(number, unit),
        caption,
    )


def _words_strip(kpi: Kpi, table: BandTable[Rag], value: Fraction | None, caption: str) -> Strip:
    words = [word for word, _ in kpi.words]

    def piece(one: Interval) -> str:
        return " or ".join(f'"{word}"' for n, word in enumerate(words) if Fraction(n) in one)

    # a word lies in the middle of its stretch
    middle = Fraction(1, 2)
    marks = () if value is None else (StripMark(value + middle, words[int(value)]),)
    limits = Fraction(0), Fraction(len(words))
    return Strip(table, lambda _: "", piece, marks, limits, lambda _: "", caption, limits)


def days_strip(table: BandTable[Rag], due: date | None, at: date | None = None, caption: str = "") -> Strip:
    """The strip of an action over the days it is late: with the days of the calendar where it has a due date."""

    def line(cut: Threshold) -> str:
        first = int(cut.at if cut.reached else cut.at + 1)
        if due is None:
            return f"from {first} day{'' if abs(first) == 1 else 's'} late"
        return f"from {_short(due + timedelta(days=first))}"

    def piece(one: Interval) -> str:
        said = days_interval(one)
        if due is None:
            return said
        first = None if one.lower is None else int(one.lower.at if one.lower.reached else one.lower.at + 1)
        last = None if one.upper is None else int(one.upper.at - 1 if one.upper.reached else one.upper.at)
        days = [f"from {_short(due + timedelta(days=first))}"] if first is not None else []
        if last is not None:
            days.append(f"{'to' if days else 'until'} {_short(due + timedelta(days=last))}")
        return f"{' '.join(days)} ({said})" if days else said

    marks = []
    if due is not None:
        if at is not None:
            marks.append(StripMark(Fraction((at - due).days), _short(at)))
        marks.append(StripMark(Fraction(0), f"due {_short(due)}"))
    return Strip(table, line, piece, tuple(marks), caption=caption)


def _short(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"
