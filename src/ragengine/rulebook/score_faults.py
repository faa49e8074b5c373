"""What can be wrong with a rule's score."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..number import text
from ..terms import Direction
from .fault import Fault
from .kpi import Kpi

__all__ = ["score_faults"]


def score_faults(kpi: Kpi) -> Iterator[Fault]:
    """Everything wrong with a KPI's ``score``; its entities' rules are KPIs of their own."""
    score = kpi.score
    if score is None:
        return
    if kpi.words:
        yield Fault("RAG016", "words are no numbers, and a score is of a number", "leave score out", "score")
    elif kpi.direction is Direction.MONITOR:
        yield Fault("RAG016", "what is monitored is grey, and a grey rating has no score", "leave score out", "score")
    if score.by_rank:
        if kpi.direction not in (Direction.HIGHER, Direction.LOWER):
            message = f"a rank wants one better end, and the direction is {kpi.direction or 'not written'}"
            yield Fault("RAG016", message, 'write direction = "higher" or "lower"', "score")
        if score.best == score.worst:
            yield Fault("RAG007", "best and worst are one score", "write best = 1, worst = 4", "score")
        return
    if len(score.points) < 2:
        yield Fault("RAG007", "one point makes no line", "write two points or more", "score")
    for (at, _), (other, _) in pairwise(score.points):
        if at >= other:
            said = f"at {text(other)} comes after at {text(at)}"
            yield Fault("RAG007", said, "order the points by at, each once", "score")
    steps = [other > score for (_, score), (_, other) in pairwise(score.points)]
    level = any(score == other for (_, score), (_, other) in pairwise(score.points))
    if level or len(set(steps)) > 1:
        yield Fault("RAG013", "the points neither all rise nor all fall", "check points and at", "score")
