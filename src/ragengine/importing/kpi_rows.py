"""The rows of a sheet by the KPI they are of; what is none is told, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import define, field, frozen

from ..period import Period
from ..problem import shorten
from .drafting import Drafter
from .headings import TableHeading
from .imported import Skipped
from .sheet import SheetRow
from .spellings import folded
from .targets import is_date

__all__ = ["KpiRows", "rows_of_sheet"]

_NOTE = re.compile(
    r"(?:\*|†|‡|#|\[\d|\(\d\))|(?:notes?|source|sources|key|legend|n\.?b|data (?:as at|source|correct)|produced"
    r"|prepared|published|printed|page"
    r"|please|rag|green|amber|red|footnotes?|updated|last updated|report|as at|figures|values|targets)\b",
    re.IGNORECASE,
)
_LONGEST_HEADING = 80
_TOTAL = re.compile(
    r"totals?|overall|average|sum|(?:sub|grand|overall|area|service|directorate|section) ?totals?(?: .*)?|total for .*"
    r"|.+ (?:sub|grand) ?total|(?:(?:number|no) of )?(?:greens?|ambers?|reds?|greys?)(?: (?:kpis|indicators|measures))?"
)


@define
class KpiRows:
    """The rows of one KPI, and the periods and entities they are of."""

    area: str
    rows: list[SheetRow]
    periods: set[tuple[Period | None, str]]


@frozen
class RowsOfSheet:
    """What the rows below a heading are.

    Attributes:
        groups: the KPIs, in the order of the sheet.
        milestones: rows whose target is a day, each with its area.
        skipped: the others.
        area_doubts: why an area is one, by its title.
    """

    groups: tuple[KpiRows, ...]
    milestones: tuple[tuple[str, SheetRow], ...]
    skipped: tuple[Skipped, ...]
    area_doubts: dict[str, str] = field(factory=dict)


def rows_of_sheet(
    drafter: Drafter, header: TableHeading, rows: Sequence[SheetRow], *, entities: bool = False
) -> RowsOfSheet:
    """The rows below the heading, sorted into KPIs, milestones and what is neither."""
    return _Sorter(drafter, header, rows).sorted()


class _Sorter:
    """One run of :func:`rows_of_sheet`."""

    def __init__(self, drafter: Drafter, header: TableHeading, rows: Sequence[SheetRow]) -> None:
        self.drafter = drafter
        self.header = header
        self.rows = rows
        self.skipped: list[Skipped] = []
        self.milestones: list[tuple[str, SheetRow]] = []
        self.doubts: dict[str, str] = {}
        self.latest: dict[tuple[str, str, str], KpiRows] = {}

    def sorted(self) -> RowsOfSheet:
        """All rows."""
        order: list[KpiRows] = []
        blank_areas = self._fills_down()
        heading = last = ""
        for n, row in enumerate(self.rows):
            if self._passed_over(n, row):
                continue
            if len(row.distinct) == 1:
                heading = self._heading(n, row) or heading
                continue
            area = self.drafter.seen(row, "area").text or (heading if not self.header.one("area") else "")
            if not area and blank_areas and last:
                area = last
                said = f"rows below one that names it, and name none, are in it too, as {self.drafter.where(row)}"
                self.doubts.setdefault(area, said)
            last = area
            if is_date(self.drafter.seen(row, "target").text):
                self.milestones.append((area, row))
                continue
            self._grouped(area, row, order)
        return RowsOfSheet(tuple(order), tuple(self.milestones), tuple(self.skipped), self.doubts)

    def _grouped(self, area: str, row: SheetRow, order: list[KpiRows]) -> None:
        """Adds a row to the KPI it is more of, or as a new one."""
        key = (folded(area), folded(self.drafter.seen(row, "ref").text), folded(self._title(row)))
        period = self.drafter.period(row) if self.header.one("period") is not None else None
        of = (period, self.drafter.seen(row, "entity").text)
        group = self.latest.get(key)
        if group is not None and of != (None, "") and not {(None, of[1]), of} & group.periods:
            group.rows.append(row)
            group.periods.add(of)
            return
        self.latest[key] = KpiRows(area, [row], {of})
        order.append(self.latest[key])

    def _title(self, row: SheetRow) -> str:
        return self.drafter.seen(row, "title").text

    def _passed_over(self, n: int, row: SheetRow) -> bool:
        """Tells a row that is none of a KPI; a row of one cell may still be a heading."""
        if row.cells in self.header.heads:
            self._skip(row, "the header again", harmless=True)
            return True
        title = self._title(row)
        if _TOTAL.fullmatch(folded(title)) or _TOTAL.fullmatch(folded(row.cells[0])):
            self._skip(row, "a total", harmless=True)
            return True
        if len(row.distinct) == 1:
            return False
        if _NOTE.match(row.cells[0]) and not any(c.isalnum() for c in title):
            self._skip(row, "a note", harmless=True)
            return True
        if not any(c.isalnum() for c in title):
            column = self.header.one("title")
            self._skip(row, f"no {column.heading if column is not None else 'title'}")
            return True
        return False

    def _heading(self, n: int, row: SheetRow) -> str:
        """The text of a row of one cell, where it heads the rows below it."""
        text = next(iter(row.distinct))
        if _NOTE.match(text) or len(text) > _LONGEST_HEADING or (text.endswith(".") and " " in text):
            self._skip(row, "a note", harmless=True)
            return ""
        below = next((len(other.distinct) > 1 for other in self.rows[n + 1 :]), False)
        if not below:
            self._skip(row, "one cell only, and no KPI below it")
            return ""
        area_of = ", taken as the area of the rows below it" if self.header.one("area") is None else ""
        self._skip(row, f"one cell only: a heading{area_of}", harmless=True)
        return text

    def _skip(self, row: SheetRow, reason: str, *, harmless: bool = False) -> None:
        self.skipped.append(Skipped(self.drafter.where(row), reason, shown(row), harmless))

    def _fills_down(self) -> bool:
        """Whether the area stands only in the first of its rows, as merged cells leave it in a CSV file."""
        column = self.header.one("area")
        if column is None or not self.rows:
            return False
        blank = sum(not self.drafter.seen(row, "area").text for row in self.rows)
        return 2 * blank >= len(self.rows)


def shown(row: SheetRow) -> str:
    """A row on one line."""
    return shorten(" | ".join(_once(row.cells)), 60)


def _once(cells: Sequence[str]) -> Iterator[str]:
    """What is not blank, a merged cell once."""
    before = ""
    for cell in cells:
        if cell and cell != before:
            yield cell
        before = cell
