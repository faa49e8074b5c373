"""What an import gives: the files, and an account of every row and column of the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import field, frozen

from .draft import Draft
from .headings import Column

__all__ = ["DraftedArea", "DraftedKpi", "Imported", "Skipped"]


@frozen
class Skipped:
    """A row that is no KPI, and why."""

    where: str
    reason: str
    shown: str = ""


@frozen
class DraftedKpi:
    """A draft with its id within the area."""

    name: str
    draft: Draft


@frozen
class DraftedArea:
    """An area with its KPIs; ``confirm`` says why it is an area where the sheet names none."""

    id: str
    title: str
    kpis: tuple[DraftedKpi, ...]
    confirm: str = ""


@frozen
class Imported:
    """A draft rulebook.

    Attributes:
        rows: rows below the header that are not blank: ``kpis + further + skipped``.
        further: rows that bring another period of a KPI.
        rules: texts of the rules folder by name.
        data: texts of the data folder by name.
        remarks: what else was left out, a sentence each.
    """

    source: str
    rows: int
    areas: tuple[DraftedArea, ...]
    further: int
    skipped: tuple[Skipped, ...]
    columns: tuple[Column, ...]
    rules: Mapping[str, str] = field(factory=dict)
    data: Mapping[str, str] = field(factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def kpis(self) -> int:
        return sum(len(area.kpis) for area in self.areas)

    @property
    def guesses(self) -> Counter[str]:
        """How many KPIs have each key to confirm."""
        return Counter(key for area in self.areas for kpi in area.kpis for key in kpi.draft.guesses)
