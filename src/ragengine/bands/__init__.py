"""A number becomes a level here and nowhere else."""

from .build import BandsFault, beyond_or_at, describe_hole, from_bands, from_target, from_words, within
from .table import BandTable, Interval, Threshold, combined, differences, rounded, shifted

__all__ = [
    "BandTable",
    "BandsFault",
    "Interval",
    "Threshold",
    "beyond_or_at",
    "combined",
    "describe_hole",
    "differences",
    "from_bands",
    "from_target",
    "from_words",
    "rounded",
    "shifted",
    "within",
]
