"""What cases should show of scores: each point of one, what lies between two, and the lines that their mean meets."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from ...bands import BandTable
from ...number import text
from ...rating.rating import Rating
from ...rollup.policy import Decision
from ...rulebook.area import RollupPolicy
from ...rulebook.compile import policy_table, printed
from ...rulebook.kpi import Kpi
from ...ruling import Ruling
from ...terms import Rag, Scale
from ..value_limits import grid_step, line_step
from .points import Point, bringing_target, can_be, case_of, day_in, decimal

__all__ = ["line_points", "score_points", "shown_lines", "shown_scores"]


def score_points(ruling: Ruling, table: BandTable[Rag], entity: str | None) -> Iterator[Point]:
    """A value on each point of a score and one between each two: a point that is moved moves what is beside it.

    Of a score by rank there are none: a case is one row, and a rank is among many.
    """
    kpi = ruling.kpi
    if kpi.score is None:
        return
    whose = f" for {entity}" if entity else ""
    more = bringing_target(ruling, entity)
    for said, key, value in _values(kpi):
        if can_be(kpi, table, value):
            plain = kpi.formula is None or kpi.formula.text.strip() == "value"
            fields = case_of(kpi, day_in(ruling), entity, value=decimal(value), **more) if plain else None
            yield Point(kpi.id, f"the score {said}{whose}", ("score", entity, *key), fields)


def _values(kpi: Kpi) -> Iterator[tuple[str, tuple[object, ...], Fraction]]:
    """What is shown, in words and as a key, by which value; of values that can be printed."""
    assert kpi.score is not None
    points = [at for at, _ in kpi.score.points]
    for at in points:
        if printed(at, kpi) == at:
            yield f"at {text(at)}", ("at", at), at
    for low, high in pairwise(points):
        middle = (low + high) / 2
        if kpi.decimals is not None:
            step = grid_step(kpi, middle)
            middle = (middle / step).__floor__() * step
        if low < middle:
            yield f"between {text(low)} and {text(high)}", ("between", low, high), middle


def shown_scores(rating: Rating, entity: str | None) -> Iterator[tuple[object, ...]]:
    """What a case shows that expects this rating's score."""
    ruling = rating.outcome.ruling
    score = ruling.kpi.score
    if score is None or rating.score is None or rating.value is None:
        return
    value = printed(rating.value, ruling.kpi)
    points = [at for at, _ in score.points]
    if value in points:
        yield ("score", entity, "at", value)
    for low, high in pairwise(points):
        if low < value < high:
            yield ("score", entity, "between", low, high)


def line_points(subject: str, policy: RollupPolicy, scale: Scale) -> Iterator[Point]:
    """A mean of scores on and beside each line of a roll-up's bands."""
    for cut in policy_table(policy, scale).thresholds:
        step = line_step(cut.at)
        for side, mean in (("just under", cut.at - step), ("at", cut.at), ("just over", cut.at + step)):
            yield Point(subject, f"a mean of scores {side} {text(cut.at)}", ("score line", mean, side))


def shown_lines(policy: RollupPolicy, scale: Scale, decision: Decision) -> Iterator[tuple[object, ...]]:
    """The lines that a mean of scores shows."""
    if decision.span is None or decision.score is None:
        return
    for point in line_points("", policy, scale):
        _, mean, side = point.key
        assert isinstance(mean, Fraction)
        step = line_step(mean)
        low, high = (mean, mean + step) if side == "just under" else (mean - step, mean)
        if decision.score == mean or (side != "at" and low < decision.score < high):
            yield point.key
