"""The rule that the Green, Amber and Red cells of one KPI make together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from ..bands import Interval
from ..number import text
from ..terms import AMBER, GREEN, RED, Direction, Rag
from .band_lines import RuleLines, rule_lines
from .coloured_cells import ThresholdCells
from .draft import Draft, Offer, Seen
from .legend import BY_LEGEND
from .phrases import readings_of
from .polarity import Vote, decided
from .quantities import MOST_OF_ONE, Quantity, writable
from .spans import End, Measure, Reading, Span
from .spellings import folded
from .targets import SheetTargets
from .thresholds import CellsOfKpi, Solved, solve
from .tolerances import read_tolerance
from .units import Unit
from .wording import Say, wording_of

__all__ = ["put_thresholds"]

#: a line that fits worse than this is no line
_WORST = 40
#: a reading that costs at most so much more is told beside the one that is taken
_CLOSE = 4


def put_thresholds(
    draft: Draft, cells: ThresholdCells, targets: SheetTargets, votes: Sequence[Vote], tolerance: Seen,
    *, dated: Mapping[date, object] | None,
) -> bool:  # fmt: skip
    """Writes the rule that the cells make with the target; whether they make one."""
    unit = draft.measured
    readings, unread, met = _read(cells, unit)
    widths = _tolerance_reading(tolerance, unit)
    if AMBER not in readings and RED not in readings and GREEN not in readings and not met:
        return False
    if AMBER not in readings and RED not in readings and tolerance.text:
        # green says the target, the tolerance says amber
        if widths is None:
            return False
        readings = {**readings, AMBER: widths}
    first = targets.first
    amounts = first.amounts()
    readings = _as_named(readings, cells, amounts, votes)
    alone = RED not in readings and AMBER not in readings
    columns = CellsOfKpi(
        readings, _directions(votes), target=amounts if isinstance(amounts, Fraction) else None,
        target_open=first.bound is not None and first.bound.beyond, met=met, percent=unit.name == "%",
        grid=draft.grid,
    )  # fmt: skip
    found = [solved for solved in solve(columns) if solved.cost < _WORST and _can_be_written(solved)]
    if not found:
        return False
    found = _solid(found, draft.grid)
    best = found[0]
    lines = rule_lines(best, unit.name)
    _put(draft, lines, best, targets, dated, cells)
    doubts = [*best.doubts, *unread]
    others = [other for other in found[1:5] if other.cost - best.cost <= _CLOSE + 2 * len(best.doubts)]
    points = sum(_is_point(doubt) for doubt in doubts)
    offers = [_offer(lines, rule_lines(other, unit.name)) for other in others]
    offers += _edges(best, unit.name)
    settleable = points == len(doubts)
    doubts += [f"or {offer.told}" for offer in offers[: len(others)]]
    if cells.by_legend and doubts:
        doubts.insert(0, BY_LEGEND)
    if cells.by_end and len(readings.get(AMBER, ())) > 1:
        doubts.append("taken as the line where amber ends")
        settleable = False
    if _amber_is_lost(cells, best):
        doubts.append("Amber is said, and no number of it")
        settleable = False
    mark = f"{'; '.join(doubts)} ({cells.told})" if doubts else ""
    if doubts:
        draft.doubt(lines.width_key, mark)
    asks = (lines.width_key, mark) if settleable else None
    draft.offers += [evolve(offer, asks=asks) for offer in offers]
    if alone and lines.width_key == "tolerance" and not tolerance.text:
        draft.doubt("tolerance", f"only green is said, so there is no amber ({cells.seen[AMBER]})")
    if _named_line(cells) and any(_is_near(reading, best.target) for reading in readings.get(AMBER, ())):
        amber = best.chosen.get(AMBER)
        if amber is not None and not amber.line and amber.measure is not Measure.VALUE:
            said = f"{cells.seen[AMBER].heading} announces a line, and on its side of the target there is none"
            draft.doubt(lines.width_key, f"{said} ({cells.seen[AMBER]})")
    _tell_bare_red(draft, best, lines, cells)
    _compare_tolerance(draft, lines, best, tolerance, unit)
    return True


#: words of a heading that say that its number is itself not red: ``Red if worse than``
_BEYOND = re.compile(r"(?<!or )\b(?:worse than|below|under|less than|lower than|beyond|more than|over|above)$")
#: words of a heading that announce a line, and no width
_LINE = re.compile(r"\b(?:from|limit|floor|trigger|line|thresholds?|minimum|acceptable)\b(?! of tolerance)")


def _named_line(cells: ThresholdCells) -> bool:
    return AMBER in cells.seen and bool(_LINE.search(folded(cells.seen[AMBER].heading)))


def _is_near(reading: Reading, target: Fraction | None) -> bool:
    """Whether a bare number may as well be a line beside the target."""
    at = reading.spans[0].ends[0].at if reading.line else None
    return at is not None and target is not None and abs(at - target) <= abs(target) / 2


def _as_named(
    readings: dict[Rag, tuple[Reading, ...]], cells: ThresholdCells, target: object, votes: Sequence[Vote]
) -> dict[Rag, tuple[Reading, ...]]:
    """A bare number headed ``Amber threshold`` as a line only, where it lies near the target on its worse side."""
    found = readings.get(AMBER, ())
    line = next((reading for reading in found if reading.line), None)
    best, against = decided(votes)
    if line is None or not isinstance(target, Fraction) or best not in (Direction.HIGHER, Direction.LOWER):
        return readings
    stated = max(vote.weight for vote in votes) > 2 and all(vote.weight < 2 for vote in against)
    at = line.spans[0].ends[0].at
    worse = at is not None and (at < target if best is Direction.HIGHER else at > target)
    if not (stated and worse and _named_line(cells) and _is_near(line, target)):
        return readings
    return {**readings, AMBER: (line,)}


def _amber_is_lost(cells: ThresholdCells, best: Solved) -> bool:
    """Whether a cell says that there is amber, ``within agreed tolerance``, and none is on the line."""
    silent = wording_of(cells.seen[AMBER].text).say in (Say.NONE, Say.BLANK)
    return not silent and AMBER not in {level for level, _ in best.bands}


def _read(cells: ThresholdCells, unit: Unit) -> tuple[dict[Rag, tuple[Reading, ...]], list[str], bool]:
    """The readings of each cell, those that cannot be read, and whether green only says that the target is met."""
    readings: dict[Rag, tuple[Reading, ...]] = {}
    unread: list[str] = []
    met = False
    for level, seen in cells.seen.items():
        say = wording_of(seen.text).say
        if say in (Say.NONE, Say.BLANK) or (say is Say.REST and not readings_of(unit.spelled(seen.text))):
            continue
        if level is GREEN and say is Say.MET:
            # "on or above target" is said of measures too that are better low
            met = True
            continue
        found = tuple(
            _in_unit(reading, unit) for reading in readings_of(unit.spelled(seen.text)) if _fits(reading, unit, level)
        )
        if cells.by_legend:
            found = tuple(evolve(reading, side=0) if reading.side in (-1, 1) else reading for reading in found)
        if found:
            readings[level] = found
        elif level is GREEN and say is Say.BEYOND:
            met = True
            unread.append("green only beyond the target?")
        elif level is not GREEN and say is Say.MISSED:
            continue
        else:
            unread.append(f"{level.label} is not read")
    return readings, unread, met


def _fits(reading: Reading, unit: Unit, level: Rag) -> bool:
    """Whether a reading can be of this unit: per cent of a count is no value, a bare number under Green no distance."""
    if reading.measure in (Measure.VALUE, Measure.OFF) and reading.unit == "%" and unit.name != "%":
        return False
    if reading.unit != "%" and reading.measure is Measure.OFF_PERCENT:
        return False
    return not (level is GREEN and reading.measure in (Measure.OFF, Measure.OFF_PERCENT) and reading.cost >= 2)


def _in_unit(reading: Reading, unit: Unit) -> Reading:
    """With its numbers in the KPI's unit."""
    if reading.measure not in (Measure.VALUE, Measure.OFF):
        if unit.share and reading.unit != "%":
            return evolve(reading, spans=tuple(span.mapped(lambda at: at * 100) for span in reading.spans))
        return reading
    small = not unit.share or all(
        end.at is None or abs(end.at) <= MOST_OF_ONE for span in reading.spans for end in span.ends
    )

    def number(at: Fraction) -> Fraction:
        quantity = Quantity(at, reading.unit, reading.scaled)
        return unit.number(quantity) if small else evolve(unit, share=False).number(quantity)

    return evolve(reading, spans=tuple(span.mapped(number) for span in reading.spans))


def _tolerance_reading(tolerance: Seen, unit: Unit) -> tuple[Reading, ...] | None:
    read = (
        read_tolerance(unit.spelled(tolerance.text), unit.name, share=unit.share, whole=unit)
        if tolerance.text
        else None
    )
    if read is None:
        return None
    span = Span(None, End(read.amount))
    measures = (Measure.OFF_PERCENT, Measure.OFF) if read.of_target else (Measure.OFF, Measure.OFF_PERCENT)
    return tuple(Reading((span,), measure, cost=n) for n, measure in enumerate(measures[: 2 if read.other else 1]))


def _directions(votes: Sequence[Vote]) -> dict[Direction, int]:
    """How little each direction is thought of: the weight of what speaks for another."""
    made: dict[Direction, int] = {}
    for direction in (Direction.HIGHER, Direction.LOWER, Direction.WITHIN):
        made[direction] = 2 * sum(vote.weight for vote in votes if vote.direction is not direction)
    return made


def _hollow(solved: Solved, grid: Fraction | None) -> bool:
    """Whether amber lies between two values that are neighbours as the values are written, so that none is amber."""
    amber = [interval for level, interval in solved.bands if level is AMBER]
    ends = [(one.lower.at, one.upper.at) for one in amber if one.lower is not None and one.upper is not None]
    return grid is not None and len(ends) == len(amber) > 0 and all(high - low < grid for low, high in ends)


def _solid(found: list[Solved], grid: Fraction | None) -> list[Solved]:
    """Without hollow readings behind one of the same direction that is none; a hollow first one gives way to it."""
    first = found[0]
    if not _hollow(first, grid):
        return [s for s in found if s.direction is not first.direction or not _hollow(s, grid)]
    near = (s for s in found[1:5] if s.cost - first.cost <= _CLOSE and s.direction is first.direction)
    solid = next((s for s in near if not _hollow(s, grid)), first)
    return [solid, *(s for s in found if s is not solid)]


def _can_be_written(solved: Solved) -> bool:
    numbers = [cut.at for cut in solved.cuts]
    return all(writable(number) for number in numbers)


def _put(
    draft: Draft,
    lines: RuleLines,
    best: Solved,
    targets: SheetTargets,
    dated: Mapping[date, object] | None,
    cells: ThresholdCells,
) -> None:
    first = targets.first
    stated = first.bound is not None and first.seen.heading != cells.seen[GREEN].heading
    for key, value in lines.lines.items():
        draft.put(key, value)
    key = "target" if "target" in lines.lines else lines.width_key
    own = lines.lines.get("target")
    amounts = first.amounts()
    if stated and first.doubt:
        draft.doubt(key, first.doubt)
    if stated and own is not None and own != amounts:
        draft.doubt(key, f"green begins at {_shown(own)}, and the target is {_shown(amounts)} ({first.seen})")
    if stated and own is None and isinstance(amounts, Fraction) and not _on_an_edge(best, amounts):
        draft.doubt(key, f"the target is {text(amounts)} ({first.seen})")
    if dated is None:
        if len({str(target.amounts()) for _, target in targets.entries}) > 1:
            draft.doubt(key, f"other cells of this KPI give other targets; this is the first ({first.seen})")
    elif own == amounts:
        draft.put("target", dict(dated), draft.lines["target"].confirm)
        relative = lines.width_key == "tolerance"
        if not relative or "bands" in lines.lines:
            draft.doubt(lines.width_key, f"the thresholds fit the first of its targets ({first.seen})")
    else:
        draft.doubt(key, f"targets of other years are left out ({first.seen})")


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return " to ".join(text(number) for number in value.values())
    return text(value) if isinstance(value, Fraction) else str(value)


def _on_an_edge(best: Solved, amount: Fraction) -> bool:
    return any(cut.at == amount for cut in best.cuts)


def _tell_bare_red(draft: Draft, best: Solved, lines: RuleLines, cells: ThresholdCells) -> None:
    """A bare number under Red does not say whether it is itself red."""
    red = best.chosen.get(RED)
    if red is None or not red.line or AMBER in best.chosen or _BEYOND.search(folded(cells.seen[RED].heading)):
        return
    at = red.spans[0].ends[0].at
    if at is not None:
        said = f"{text(at)} itself is amber here: write it a little lower or higher if it is red ({cells.seen[RED]})"
        draft.doubt(lines.width_key, said)


def _offer(lines: RuleLines, other: RuleLines) -> Offer:
    """Another reading, in words."""
    told = other.told
    if other.lines.get("direction") != lines.lines.get("direction"):
        told = f"direction {other.lines['direction']}, {told}"
    return Offer(told, other.as_offer)


def _is_point(doubt: str) -> bool:
    """Whether it is about one number, which may be in the other of two columns."""
    return "stands in" in doubt and " to " not in doubt.partition(" stands in")[0] and doubt[0] in "-.0123456789"


def _edges(best: Solved, unit: str) -> list[Offer]:
    """Where a number stands in two columns, the other of the two."""
    if not any("stands in" in doubt for doubt in best.doubts) or len(best.cuts) > 4:
        return []
    made = []
    for n, cut in enumerate(best.cuts):
        if any(doubt.startswith(f"{text(cut.at)} stands in") for doubt in best.doubts):
            turned = rule_lines(evolve(best, bands=_turned(best.bands, n)), unit)
            made.append(Offer(f"{text(cut.at)} in the other of the two columns", turned.as_offer))
    return made


def _turned(bands: Sequence[tuple[Rag, Interval]], n: int) -> tuple[tuple[Rag, Interval], ...]:
    """The bands with one cut's number in the other of its two bands."""
    made = list(bands)
    (low_level, low), (high_level, high) = made[n], made[n + 1]
    cut = low.upper
    assert cut is not None
    turned = evolve(cut, reached=not cut.reached)
    made[n], made[n + 1] = (low_level, evolve(low, upper=turned)), (high_level, evolve(high, lower=turned))
    return tuple(made)


def _compare_tolerance(draft: Draft, lines: RuleLines, best: Solved, tolerance: Seen, unit: Unit) -> None:
    """Holds a tolerance column against the threshold columns."""
    if not tolerance.text or tolerance.where == "--set" or (AMBER not in best.chosen and RED not in best.chosen):
        return
    read = read_tolerance(unit.spelled(tolerance.text), unit.name, share=unit.share, whole=unit)
    target = best.target
    if read is None:
        draft.doubt(lines.width_key, f"the tolerance cannot be read ({tolerance})")
        return
    if target is None or best.direction is Direction.WITHIN:
        return
    ways = _lines_of(read.amount, target, best.direction, both=read.other, of_target=read.of_target)
    ends = {cut.at for cut in best.cuts if cut.at != target} or {target}
    if not ends & set(ways):
        draft.doubt(lines.width_key, f"the tolerance says otherwise ({tolerance})")


def _lines_of(
    amount: Fraction, target: Fraction, direction: Direction, *, both: bool, of_target: bool
) -> Iterable[Fraction]:
    sign = 1 if direction is Direction.LOWER else -1
    relative, plain = target + sign * abs(target) * amount / 100, target + sign * amount
    return (relative, plain) if both else (relative,) if of_target else (plain,)
