"""Holds the sentences of a plan against their own arithmetic, the measurements, the ratings and each other."""

from __future__ import annotations

from .check import NarrativeReport, check_narrative

__all__ = ["NarrativeReport", "check_narrative"]
