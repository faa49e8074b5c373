"""Hypothesis strategies: rulebooks, KPIs, actions, and measurements on and beside their lines.

What is drawn is written as rule files and read by the loader, so a property holds of what an author can write.
Needs hypothesis: ``pip install "ragengine[strategies]"``.
"""

from __future__ import annotations

from ..errors import MissingExtra

try:
    import hypothesis as _hypothesis  # noqa: F401
except ImportError as missing:
    raise MissingExtra("ragengine.strategies", "hypothesis", "strategies") from missing

from .lines import days_around, lines_of, periods_around, values_around
from .rows import measurements, reports, series
from .rules import actions, kpis, rule_files, rulebooks

__all__ = [
    "actions",
    "days_around",
    "kpis",
    "lines_of",
    "measurements",
    "periods_around",
    "reports",
    "rule_files",
    "rulebooks",
    "series",
    "values_around",
]
