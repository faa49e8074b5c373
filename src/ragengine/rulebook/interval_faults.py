"""What can be wrong with a rule's interval: nothing to make it of, or nothing to compare it with."""

from __future__ import annotations

from collections.abc import Iterator

from ..terms import Direction, Scale
from .fault import Fault
from .kpi import Kpi

__all__ = ["interval_faults"]


def interval_faults(kpi: Kpi, scale: Scale) -> Iterator[Fault]:
    """Everything wrong with a KPI's ``confidence`` and ``compare``."""
    if kpi.confidence is not None and kpi.formula is not None and "numerator" not in kpi.formula.names:
        message = "an interval is made of cases, and this formula reads no numerator"
        yield Fault(
            "RAG005", message, 'write formula = "1000 * numerator / denominator", or leave it out', "confidence"
        )
    if kpi.compare is None:
        return
    if kpi.direction not in (Direction.HIGHER, Direction.LOWER):
        message = f"an interval is better or worse than a target, and the direction is {kpi.direction}"
        yield Fault("RAG016", message, 'write direction = "higher" or "lower"', "compare")
    ranks = []
    for side in ("better", "similar", "worse"):
        level = scale.get(getattr(kpi.compare, side))
        if level is None or level.is_grey:
            said = f"{side} is {getattr(kpi.compare, side)!r}, which the scale has not"
            yield Fault("RAG017", said, f"its levels are {', '.join(map(str, scale))}", "compare")
        else:
            ranks.append(level.rank)
    if ranks != sorted(ranks, reverse=True):
        yield Fault("RAG013", "better, similar and worse are not in the order of the scale", "order them", "compare")
    for grace in kpi.graces:
        if grace.effect.relieves:
            said = f"the grace {grace.name} moves the line, and an interval is compared with the target itself"
            yield Fault("RAG016", said, "use no_worse_than instead", "grace")
