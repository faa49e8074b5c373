"""What a book says of its own checks: severities with a reason, and how much grace it allows itself."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen

__all__ = ["CheckSetting", "GraceBudget"]


@frozen
class CheckSetting:
    """How a book wants one check to count: ``off``, ``warning`` or ``error``, and why."""

    code: str
    severity: str
    reason: str


@frozen
class GraceBudget:
    """The most grace a book allows.

    Attributes:
        periods: months for which one KPI or action may be under grace.
        share: share of the KPIs and actions that may be under grace on one day, from 0 to 1.
    """

    periods: int | None = None
    share: Fraction | None = None
