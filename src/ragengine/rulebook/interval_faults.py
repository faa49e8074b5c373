"""What can be wrong with a rule's interval: nothing to make it of, or nothing to compare it with."""

from __future__ import annotations

from collections.abc import Iterator

from .fault import Fault
from .kpi import Kpi

__all__ = ["interval_faults"]


def interval_faults(kpi: Kpi) -> Iterator[Fault]:
    """Everything wrong with a KPI's ``confidence``."""
    if kpi.confidence is None or kpi.formula is None or kpi.compare is not None:
        return
    if "numerator" not in kpi.formula.names:
        message = "an interval is made of cases, and this formula reads no numerator"
        yield Fault(
            "RAG005", message, 'write formula = "1000 * numerator / denominator", or leave it out', "confidence"
        )
