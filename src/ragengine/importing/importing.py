"""Sheets of KPIs as a draft rulebook: every row is a KPI, more of a KPI, an action, or told with the reason why not."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from attrs import define, evolve, field, frozen

from ..errors import DataError, RulebookError
from ..loading import load
from ..period import Calendar, PeriodKind
from ..problem import Place, Problem, has_errors, shorten
from ..rulefile.load import load_rules
from ..toml.source import LARGEST_FILE
from .action_rows import ActionRow, action_readings, action_rows, drafted_actions, is_action_sheet, milestone
from .columns_read import read_columns
from .comparison import KpiOfSheet, agreeing, compared, house_tolerance
from .csv_sheet import with_points
from .data_files import ActionReading, SheetReading, actions_text, cases_text, measurements_text, published_text
from .draft import Draft
from .drafting import Drafter
from .entity_targets import TARGETS, targets_text
from .fills import Fills
from .heading_periods import are_calendar_years, heading_period, hyphens_are_years, named_time
from .headings import BY_PERIOD, NO_YEAR, HeadedColumn, TableHeading, find_header
from .ids import area_ids, kpi_ids
from .imported import Compared, DraftedAction, DraftedArea, DraftedKpi, Imported, ReadSheet, Skipped
from .kpi_rows import KpiRows, rows_of_sheet
from .layouts import as_table
from .legend import legend_of, settle_legend
from .rule_files import area_text, book_text
from .shares import shares_of_one
from .sheet import Sheet
from .spellings import folded
from .units import is_percent
from .values import Unread, ValueReader
from .wishes import Wishes, check_said

__all__ = ["import_sheet", "import_sheets"]


def import_sheet(sheet: Sheet, wishes: Wishes | None = None) -> Imported:
    """The draft rulebook of one sheet; see :func:`import_sheets`."""
    return import_sheets((sheet,), wishes)


def import_sheets(sheets: Sequence[Sheet], wishes: Wishes | None = None) -> Imported:
    """The draft rulebook of the sheets of one file; its rules load without an error.

    A sheet that is no list of KPIs or actions is told. Raises DataError where none of them is one, BadArgument for a
    wish that cannot be met, RulebookError should the draft not load.
    """
    wishes = wishes or Wishes()
    check_said(wishes.said)
    sheets = [as_table(sheet) for sheet in sheets]
    parts: list[_DraftedSheet] = []
    remarks: list[str] = []
    notes: list[str] = []
    book = wishes.calendar or _calendar_of(sheets, wishes)
    for sheet in sheets:
        mapped = wishes.mapped if len(sheets) == 1 else _own(sheet, wishes.mapped)
        header = find_header(sheet, mapped, wishes.area_column, wishes.said.get("period", ""), book)
        if header is None:
            if len(sheets) == 1:
                raise DataError((_no_header(sheet),))
            said = f"sheet {sheet.tab} is not read: no row of it names the columns of a list of KPIs or actions"
            table = any(len(row.distinct) > 2 for row in sheet.rows)
            (remarks if table else notes).append(said)
            continue
        parts.append(_part(sheet, header, wishes, book))
    if not any(part.kpis or part.actions for part in parts):
        raise DataError((_no_rows(sheets[0], parts),))
    return _Import(sheets[0].name, parts, wishes, book, remarks, notes).done()


def _calendar_of(sheets: Sequence[Sheet], wishes: Wishes) -> Calendar:
    """The calendar that sheets show: years that stand alone are of a calendar year, and it is marked."""
    day_first = "dates" in wishes.said
    texts: list[str] = []
    for sheet in sheets:
        header = find_header(sheet, _own(sheet, wishes.mapped))
        if header is not None:
            column = header.one("period")
            texts += [
                column.heading for column in header.columns if column.key in BY_PERIOD or column.why_not == NO_YEAR
            ]
            texts += _cells_of(sheet, header, column)
    return Calendar(day_first, 1 if are_calendar_years(texts) else 4)


def _cells_of(sheet: Sheet, header: TableHeading, column: HeadedColumn | None) -> list[str]:
    rows = sheet.rows[header.rows :]
    return [] if column is None else [row.cells[column.index] for row in rows if column.index < len(row.cells)]


def _own(sheet: Sheet, mapped: Mapping[str, str]) -> Mapping[str, str]:
    """Of the headings mapped by hand, those that a sheet has."""
    cells = {cell.strip().casefold() for row in sheet.rows[:40] for cell in row.distinct}
    return {name: key for name, key in mapped.items() if name.strip().casefold() in cells}


def _no_header(sheet: Sheet) -> Problem:
    first = next(iter(sheet.rows), None)
    shown = ", ".join(shorten(cell, 30) for cell in first.cells[:8] if cell) if first is not None else "nothing"
    said = f"no row names the columns of a list of KPIs; the first row has {shown}"
    hint = 'one column is headed Indicator, Measure or KPI: or say --map "Column=title"'
    return Problem("RAG102", said, Place(sheet.name, first.number if first is not None else 0), hint=hint)


def _no_rows(sheet: Sheet, parts: Sequence[_DraftedSheet]) -> Problem:
    if not parts:
        return _no_header(sheet)
    place = Place(sheet.name, parts[0].header.row.number)
    return Problem("RAG101", "no row below the header is a KPI", place, hint="is it the right sheet?")


@frozen
class _Kpi:
    """One drafted KPI, with the sheet it is of."""

    part: _DraftedSheet
    group: KpiRows
    draft: Draft

    @property
    def area(self) -> str:
        return self.group.area or self.part.area


@define
class _DraftedSheet:
    """One sheet on its way into the draft."""

    sheet: Sheet
    header: TableHeading
    drafter: Drafter
    area: str
    kpis: list[_Kpi] = field(factory=list)
    actions: list[ActionRow] = field(factory=list)
    skipped: list[Skipped] = field(factory=list)
    area_doubts: dict[str, str] = field(factory=dict)
    unread: Unread = field(factory=Unread)
    fills: Fills = Fills({}, of_values=False)

    @property
    def rows(self) -> int:
        return len(self.sheet.rows) - self.header.rows

    @property
    def further(self) -> int:
        return sum(len(kpi.group.rows) - 1 for kpi in self.kpis)

    @property
    def read(self) -> ReadSheet:
        """How its columns were read."""
        return read_columns(self.sheet, self.header, kpis=bool(self.kpis), actions=bool(self.actions))


def _part(sheet: Sheet, header: TableHeading, wishes: Wishes, book: Calendar) -> _DraftedSheet:
    """The KPIs or the actions of a sheet."""
    day_first = book.day_first
    rows = sheet.rows[header.rows :]
    unit = header.one("unit")
    said = wishes.said.get("unit", "")
    percents = [
        is_percent((row.cells[unit.index] if unit is not None and unit.index < len(row.cells) else "") or said)
        for row in rows
    ]
    shares = shares_of_one(header, rows, percents)
    beside = [*header.above, *(row for row in rows if len(row.distinct) <= 4)]
    if sheet.decimal_comma:
        beside = [evolve(row, cells=tuple(map(with_points, row.cells))) for row in beside]
    legend = legend_of(beside, sheet.source)
    hyphens, _ = hyphens_are_years(_cells_of(sheet, header, header.one("period")))
    drafter = Drafter(header, sheet.source, wishes.said, shares, book, hyphens, sheet.decimal_comma, legend)
    part = _DraftedSheet(sheet, header, drafter, sheet.tab)
    if is_action_sheet(header):
        part.actions, part.skipped = action_rows(sheet, header, part.unread, day_first=day_first)
        return part
    if header.one("title") is None:
        part.skipped = [Skipped(drafter.where(row), "no column names what is measured") for row in rows]
        return part
    found = rows_of_sheet(drafter, header, rows)
    part.fills = Fills.of(sheet.fills, header, rows)
    part.kpis = [_Kpi(part, group, drafter.draft(group.rows)) for group in found.groups]
    settle_legend([kpi.draft for kpi in part.kpis] if legend else [])
    part.skipped, part.area_doubts = list(found.skipped), found.area_doubts
    for area, row in found.milestones:
        day = drafter.seen(row, "target").text
        where = drafter.where(row)
        part.actions.append(milestone(area, row, header, where, day, part.unread, day_first=day_first))
    return part


@define
class _DraftedFile:
    """One area on its way into the draft, from whatever sheets it comes."""

    title: str
    doubt: str
    kpis: list[_Kpi] = field(factory=list)
    actions: list[tuple[_DraftedSheet, ActionRow]] = field(factory=list)


class _Import:
    """One run of :func:`import_sheets`."""

    def __init__(
        self, source: str, parts: Sequence[_DraftedSheet], wishes: Wishes, book: Calendar, remarks: Sequence[str],
        notes: Sequence[str],
    ) -> None:  # fmt: skip
        self.source = source
        self.book = book
        self.parts = parts
        self.wishes = wishes
        self.remarks = list(remarks)
        self.notes = [*notes, *(note for part in parts for note in part.sheet.notes)]
        self.subjects: list[KpiOfSheet] = []
        self.reports: list[ActionReading] = []

    def done(self) -> Imported:
        areas = self._drafted(self._areas())
        told = self._held_against_the_sheet(areas)
        rules = self._rules(areas)
        table = compared(load(rules), self.subjects, told)
        return Imported(
            self.source, sum(part.rows for part in self.parts), areas, sum(part.further for part in self.parts),
            tuple(skipped for part in self.parts for skipped in part.skipped), tuple(part.read for part in self.parts),
            rules, self._data(), tuple(self._remarks()), (*self.notes, *self._advice(table, told)), table,
        )  # fmt: skip

    # areas

    def _areas(self) -> list[_DraftedFile]:
        """The areas in the order of the sheets, each with its KPIs and actions."""
        found: dict[str, _DraftedFile] = {}
        for part in self.parts:
            for kpi in part.kpis:
                self._area(found, kpi.area, part).kpis.append(kpi)
            for action in part.actions:
                self._area(found, action.area or part.area, part).actions.append((part, action))
        return list(found.values())

    def _area(self, found: dict[str, _DraftedFile], title: str, part: _DraftedSheet) -> _DraftedFile:
        key = folded(title)
        if key not in found:
            shown = title or self._area_without_name(part)
            doubt = part.area_doubts.get(title, "") if title else "no cell names the area of these KPIs"
            found[key] = _DraftedFile(shown, doubt)
        return found[key]

    def _area_without_name(self, part: _DraftedSheet) -> str:
        if part.header.one("area") is not None:
            return "Area not named"
        return Path(self.source).stem.replace("_", " ").strip() or "Imported"

    def _drafted(self, areas: Sequence[_DraftedFile]) -> tuple[DraftedArea, ...]:
        """The areas with the ids of all that is in them; the values of each KPI go to ``subjects``."""
        ids = area_ids([area.title for area in areas])
        names = [self._measured(area_id, area) for area_id, area in zip(ids, areas, strict=True)]
        made: list[DraftedArea] = []
        for area_id, area, named in zip(ids, areas, names, strict=True):
            drafts = [kpi.draft for kpi in area.kpis]
            rows = [row for _, row in area.actions]
            actions = drafted_actions(rows, [draft.title for draft in drafts])
            self._report(area_id, rows, actions, [part for part, _ in area.actions])
            kpis = tuple(DraftedKpi(name, draft) for name, draft in zip(named, drafts, strict=True))
            made.append(DraftedArea(area_id, area.title, kpis, area.doubt, actions))
        return tuple(made)

    def _measured(self, area_id: str, area: _DraftedFile) -> Sequence[str]:
        """The ids of an area's KPIs, whose values go to ``subjects``."""
        drafts = [kpi.draft for kpi in area.kpis]
        names = kpi_ids([draft.title for draft in drafts], [draft.ref for draft in drafts])
        _tell_doubles(drafts)
        for name, kpi in zip(names, area.kpis, strict=True):
            values = ValueReader(kpi.part.header, kpi.part.drafter, kpi.part.unread, kpi.part.fills)
            readings = values.readings(f"{area_id}.{name}", kpi.group.rows, kpi.draft)
            self.subjects.append(KpiOfSheet(f"{area_id}.{name}", kpi.draft, readings))
        return names

    def _report(
        self, area: str, rows: Sequence[ActionRow], actions: Sequence[DraftedAction], parts: Sequence[_DraftedSheet]
    ) -> None:
        """What is reported of the actions, on the day that the sheet is of."""
        told = [row for row in rows if row.status or row.progress or row.level is not None]
        as_at = self._as_at(parts[0]) if told else None
        if as_at is not None:
            self.reports += action_readings(area, rows, actions, as_at)
        elif told:
            where = ", ".join(str(row.row.number) for row in told[:8])
            self.remarks.append(
                f"reports of actions on no known day, left out (say --set period=2025-03-31): {len(told)} (row {where})"
            )

    def _as_at(self, part: _DraftedSheet) -> date | None:
        """The day a sheet of actions is of: as said, as its titles name it, or the latest period of the values."""
        said = self.wishes.said.get("period", "")
        texts = [said] if said else [cell for row in part.header.above for cell in row.distinct]
        for text in texts:
            period, _ = heading_period([named_time(text)], None, self.book)
            if period is not None and (said or period.kind.value in ("day", "month", "quarter")):
                return period.end
        periods = [reading.period for subject in self.subjects for reading in subject.readings]
        if not periods:
            return None
        last = max(periods).end
        said = f"actions are reported as at {last}, the end of the latest period of the values"
        if said not in self.notes:
            self.notes.append(said)
        return last

    # the net

    def _held_against_the_sheet(self, areas: Sequence[DraftedArea]) -> dict[str, str]:
        """Takes the readings that the published colours bear out; gives what would agree, by KPI."""
        if not any(subject.published for subject in self.subjects):
            return {}
        return agreeing(self.subjects, load(self._rules(areas)))

    def _advice(self, table: Sequence[Compared], told: Mapping[str, str]) -> list[str]:
        advice = [note for part in self.parts for note in part.fills.note()]
        years = any(
            c.period is not None and c.period.kind is PeriodKind.YEAR for p in self.parts for c in p.header.of("target")
        )
        if years and "year_starts" not in self.wishes.said:
            starts = calendar.month_name[self.book.year_starts]
            advice.append(f"targets of a year hold from {starts}: say --set year_starts=July where years begin then")
        wrong = {one.kpi for one in table if not one.agrees}
        width = house_tolerance([s for s in self.subjects if s.id in wrong], told) if wrong else ""
        return [*advice, *([f'most of what disagrees would agree with --set "tolerance={width}"'] if width else [])]

    # files

    def _remarks(self) -> list[str]:
        made = list(self.remarks)
        for part in self.parts:
            cells = part.sheet.uncalculated
            where = f"sheet {part.sheet.tab}: " if part.sheet.tab else ""
            if cells:
                made.append(
                    f"{where}formulas that were saved without their results: {len(cells):,} ({_first(cells)}); "
                    "open the file in Excel, save it, and import it again"
                )
            made += [f"{where}{remark}" for remark in part.unread.remarks()]
            notes = [note for kpi in part.kpis for note in kpi.draft.notes]
            made += [f"{where}{note}" for note in notes[:20]]
        return made

    def _data(self) -> dict[str, str]:
        everything = [reading for subject in self.subjects for reading in subject.readings]
        data = {}
        if any(reading.measured for reading in everything):
            data["measurements.csv"] = measurements_text(everything)
        if self.reports:
            data["actions.csv"] = actions_text(self.reports)
        if any(r.level is not None for r in everything) or any(report.level is not None for report in self.reports):
            data["published.csv"] = published_text(everything, self.reports)
        return data

    def _rules(self, areas: Sequence[DraftedArea]) -> dict[str, str]:
        said = self.wishes.said
        periods = [reading.period for subject in self.subjects for reading in subject.readings]
        rules = {
            "book.toml": book_text(
                said.get("title", ""), said.get("edition", ""), self.source, [part.read for part in self.parts],
                periods, self.book, stated="year_starts" in said,
            )
        }  # fmt: skip
        by_area: dict[str, list[SheetReading]] = {}
        for subject in self.subjects:
            by_area.setdefault(subject.id.partition(".")[0], []).extend(subject.readings)
        for order, area in enumerate(areas, start=1):
            rules[f"{area.id}.toml"] = area_text(area, order, self.source)
            cases = cases_text(by_area.get(area.id, ()))
            if cases:
                rules[f"{area.id}.cases.toml"] = cases
        own = [(s.id, s.draft.by_entity, s.draft.where) for s in self.subjects if s.draft.by_entity]
        if own:
            rules[TARGETS] = targets_text(own)
        _check_sound(rules)
        return rules


def _tell_doubles(drafts: Sequence[Draft]) -> None:
    seen: dict[str, str] = {}
    for draft in drafts:
        first = seen.setdefault(folded(draft.title), draft.where)
        if first != draft.where:
            draft.doubt("title", f"the same title stands in {first}")


def _check_sound(rules: Mapping[str, str]) -> None:
    """Nothing is handed out that does not load."""
    for name, text in rules.items():
        if len(text.encode()) > LARGEST_FILE:
            said = f"{name} would be larger than a rule file may be: {LARGEST_FILE:,} bytes"
            hint = "choose a column that makes more areas: --area-column"
            raise DataError((Problem("RAG003", said, Place(name), hint=hint),))
    _, problems = load_rules(rules)
    if has_errors(problems):
        raise RulebookError(tuple(problems))


def _first(places: Sequence[str]) -> str:
    return ", ".join(places[:5]) + (" …" if len(places) > 5 else "")
