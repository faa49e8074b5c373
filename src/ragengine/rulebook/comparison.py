"""A rule that compares an interval with its target, in place of a tolerance."""

from __future__ import annotations

from attrs import frozen

__all__ = ["LIMITS", "NEAREST", "Comparison"]

#: the columns in which a row brings its interval
LIMITS = ("lower", "upper")
#: the value of the interval that lies nearest to the target: it lies beyond the target only where the whole interval
#: does, and is the target where that is touched or crossed; so a table with a band for the target alone judges it
NEAREST = "min(max(target, lower), upper)"


@frozen
class Comparison:
    """How an interval is rated beside its target.

    Attributes:
        better, similar, worse: the levels of an interval wholly on the better side, of one that touches or crosses
            the target, and of one wholly on the worse side.
        than: what the target is, in words: ``England``.
    """

    better: str = "green"
    similar: str = "amber"
    worse: str = "red"
    than: str = ""
