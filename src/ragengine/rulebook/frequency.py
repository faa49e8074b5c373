"""How often a KPI is measured, and which of its periods a month or a day names."""

from __future__ import annotations

from enum import StrEnum

from ..period import Period, PeriodKind

__all__ = ["Frequency"]


class Frequency(StrEnum):
    """How often a KPI is measured."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    ANNUAL = "annual"

    @property
    def kind(self) -> PeriodKind:
        """How long its periods are."""
        return _KINDS[self]

    def named(self, written: Period) -> Period:
        """The period of this frequency that a period names; ``written`` itself where it names none.

        A month that ends the period names it, and a day that begins or ends it, as date columns hold it. Whether it
        fitted, ``named(written).kind is self.kind`` says.

        >>> from ragengine.period import parse_period
        >>> Frequency.QUARTERLY.named(parse_period("Jun-20")).label
        'Q1 2020/21'
        >>> Frequency.MONTHLY.named(parse_period("2020-07-01")).label
        'July 2020'
        >>> Frequency.QUARTERLY.named(parse_period("May-20")).label
        'May 2020'
        """
        if written.kind is self.kind or written.kind not in (PeriodKind.DAY, PeriodKind.MONTH):
            return written
        own = Period.around(written.end, self.kind, written.year_starts)
        ends = own.end == written.end and own.start <= written.start
        begins = own.start == written.start and written.kind is PeriodKind.DAY
        return own if ends or begins else written


_KINDS = {
    Frequency.DAILY: PeriodKind.DAY,
    Frequency.WEEKLY: PeriodKind.WEEK,
    Frequency.MONTHLY: PeriodKind.MONTH,
    Frequency.QUARTERLY: PeriodKind.QUARTER,
    Frequency.HALF_YEARLY: PeriodKind.HALF_YEAR,
    Frequency.ANNUAL: PeriodKind.YEAR,
}
