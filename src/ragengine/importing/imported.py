"""What an import gives: the files, and an account of every row and column of the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from attrs import field, frozen

from ..terms import Rag
from .draft import Draft, Value
from .headings import HeadedColumn

__all__ = ["Compared", "DraftedAction", "DraftedArea", "DraftedKpi", "Imported", "ReadSheet", "Skipped"]


@frozen
class Skipped:
    """A row that is no KPI, and why; ``harmless`` where nothing of a KPI is in it: a heading, a total, a note."""

    where: str
    reason: str
    shown: str = ""
    harmless: bool = False


@frozen
class DraftedKpi:
    """A draft with its id within the area."""

    name: str
    draft: Draft


@frozen
class DraftedAction:
    """An action: its id within the area, and its keys with what is to confirm of each."""

    name: str
    where: str
    lines: Mapping[str, tuple[Value, str]]

    @property
    def guesses(self) -> tuple[str, ...]:
        return tuple(key for key, (_, confirm) in self.lines.items() if confirm)


@frozen
class DraftedArea:
    """An area with its KPIs and actions; ``confirm`` says why it is an area where the sheet names none."""

    id: str
    title: str
    kpis: tuple[DraftedKpi, ...]
    confirm: str = ""
    actions: tuple[DraftedAction, ...] = ()


@frozen
class ReadSheet:
    """One sheet: its name where the file has several, and how its columns were read."""

    tab: str
    columns: tuple[HeadedColumn, ...]
    unread: tuple[HeadedColumn, ...] = ()


@frozen
class Compared:
    """A published level beside the one that the draft gives.

    Attributes:
        ours: the draft's level, or the reason why it gives none.
        would_agree: the reading under which all levels of the KPI come out, where one was found.
    """

    kpi: str
    period: str
    value: str
    published: Rag
    ours: str
    would_agree: str = ""

    @property
    def agrees(self) -> bool:
        return self.ours == str(self.published)


@frozen
class Imported:
    """A draft rulebook.

    Attributes:
        rows: rows below the headings that are not blank: ``kpis + actions + further + skipped``.
        further: rows that bring another period of a KPI.
        sheets: the sheets that were read, with their columns.
        rules: texts of the rules folder by name.
        data: texts of the data folder by name.
        remarks: what else was left out, a sentence each.
        notes: how the file was read where it did not say so, a sentence each.
        compared: what was published beside what the draft gives.
    """

    source: str
    rows: int
    areas: tuple[DraftedArea, ...]
    further: int
    skipped: tuple[Skipped, ...]
    sheets: tuple[ReadSheet, ...]
    rules: Mapping[str, str] = field(factory=dict)
    data: Mapping[str, str] = field(factory=dict)
    remarks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()

    @property
    def kpis(self) -> int:
        return sum(len(area.kpis) for area in self.areas)

    @property
    def actions(self) -> int:
        return sum(len(area.actions) for area in self.areas)

    @property
    def columns(self) -> tuple[HeadedColumn, ...]:
        return tuple(column for sheet in self.sheets for column in sheet.columns)

    @property
    def guesses(self) -> Counter[str]:
        """How many KPIs and actions have each key to confirm."""
        kpis = Counter(key for area in self.areas for kpi in area.kpis for key in kpi.draft.guesses)
        return kpis + Counter(key for area in self.areas for action in area.actions for key in action.guesses)

    @property
    def unread(self) -> bool:
        """Whether a row, a column or a value of the sheet is in none of the files."""
        return bool(self.remarks) or any(not s.harmless for s in self.skipped) or any(s.unread for s in self.sheets)

    @property
    def disagrees(self) -> bool:
        """Whether a published level is another one by the draft."""
        return any(not one.agrees for one in self.compared)
