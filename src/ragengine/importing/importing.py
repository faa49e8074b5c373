"""A sheet of KPIs as a draft rulebook: every row is a KPI, more of a KPI, or told with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from attrs import define

from ..errors import DataError, RulebookError
from ..period import Period
from ..problem import Place, Problem, has_errors, shorten
from ..rulefile.load import load_rules
from ..terms import DEFAULT_SCALE
from ..toml.source import LARGEST_FILE
from .data_files import Reading, cases_text, level_of, measurements_text, published_text, value_of
from .draft import Draft
from .drafting import Drafter, is_percent
from .headings import Header, find_header
from .ids import area_ids, kpi_ids
from .imported import DraftedArea, DraftedKpi, Imported, Skipped
from .quantities import read_quantity
from .rule_files import area_text, book_text
from .sheet import Sheet, SheetRow
from .spellings import folded
from .targets import is_date
from .wishes import Wishes, check_said

__all__ = ["import_sheet"]

_FEWEST_SHARES = 3


def import_sheet(sheet: Sheet, wishes: Wishes | None = None) -> Imported:
    """The draft rulebook of a sheet; its rules load without an error.

    Raises DataError where no row of the sheet names columns or no row is a KPI, BadArgument for a wish that cannot
    be met, RulebookError should the draft not load.
    """
    wishes = wishes or Wishes()
    check_said(wishes.said)
    header = find_header(sheet, wishes.mapped, wishes.area_column)
    if header is None:
        raise DataError((_no_header(sheet),))
    return _Import(sheet, header, wishes).done()


def _no_header(sheet: Sheet) -> Problem:
    first = next(iter(sheet.rows), None)
    shown = ", ".join(shorten(cell, 30) for cell in first.cells[:8] if cell) if first is not None else "nothing"
    said = f"no row names the columns of a list of KPIs; the first row has {shown}"
    hint = 'one column is headed Indicator, Measure or KPI: or say --map "Column=title"'
    return Problem("RAG102", said, Place(sheet.name, first.number if first is not None else 0), hint=hint)


@define
class _Group:
    """The rows of one KPI, and the periods they are of."""

    area: str
    rows: list[SheetRow]
    periods: set[Period | None]


class _Import:
    """One run of :func:`import_sheet`."""

    def __init__(self, sheet: Sheet, header: Header, wishes: Wishes) -> None:
        self.sheet = sheet
        self.header = header
        self.wishes = wishes
        self.rows = sheet.rows[len(header.above) + 1 :]
        self.skipped: list[Skipped] = []
        self.day_first = "dates" in wishes.said
        shares = _shares(header, self.rows, wishes.said.get("unit", ""))
        self.drafter = Drafter(header, sheet.name, wishes.said, shares, self.day_first)
        self.area_doubts: dict[str, str] = {}
        #: rows with something that is left out, by what it is
        self.left_out: dict[str, dict[int, str]] = {}

    def done(self) -> Imported:
        groups = self._groups()
        if not groups:
            place = Place(self.sheet.name, self.header.row.number)
            raise DataError(
                (Problem("RAG101", "no row below the header is a KPI", place, hint="is it the right sheet?"),)
            )
        drafts = [(group, self.drafter.draft(group.rows)) for group in groups]
        areas, readings = self._areas(drafts)
        periods = [reading.period for found in readings.values() for reading in found]
        rules = self._rules(areas, readings, periods)
        everything = [reading for found in readings.values() for reading in found]
        data = {}
        if any(reading.measured for reading in everything):
            data["measurements.csv"] = measurements_text(everything)
        if any(reading.level is not None for reading in everything):
            data["published.csv"] = published_text(everything)
        further = sum(len(group.rows) - 1 for group in groups)
        return Imported(
            self.sheet.name, len(self.rows), areas, further, tuple(self.skipped), self.header.columns, rules, data,
            tuple(self._remarks()),
        )  # fmt: skip

    def _remarks(self) -> Iterator[str]:
        cells = self.sheet.uncalculated
        if cells:
            yield (
                f"formulas that were saved without their results: {len(cells):,} ({_first(cells)}); "
                "open the file in Excel, save it, and import it again"
            )
        for what, places in self.left_out.items():
            yield f"{what}: {len(places):,} (row {_first([shown for _, shown in sorted(places.items())])})"

    # rows

    def _groups(self) -> list[_Group]:
        """The rows by the KPI they are of, in the order of the sheet; what is none is told."""
        latest: dict[tuple[str, str, str], _Group] = {}
        order: list[_Group] = []
        area_blank = self._fills_down()
        heading, last = "", ""
        for row in self.rows:
            reason = self._no_kpi(row)
            if reason == "heading":
                heading = next(iter(row.distinct))
                area_of = ", taken as the area of the rows below it" if self.header.one("area") is None else ""
                reason = f"one cell only: a heading{area_of}"
            if reason:
                self.skipped.append(Skipped(self.drafter.where(row), reason, _shown(row)))
                continue
            area = self.drafter.seen(row, "area").text or (heading if not self.header.one("area") else "")
            if not area and area_blank and last:
                area = last
                self.area_doubts.setdefault(
                    area, f"rows below one that names it, and name none, are in it too, as {self.drafter.where(row)}"
                )
            last = area
            key = (folded(area), folded(self.drafter.seen(row, "ref").text), folded(self._title(row)))
            period = self.drafter.period(row) if self.header.one("period") is not None else None
            group = latest.get(key)
            if group is not None and _brings_another(group, period):
                group.rows.append(row)
                group.periods.add(period)
                continue
            latest[key] = _Group(area, [row], {period})
            order.append(latest[key])
        return order

    def _title(self, row: SheetRow) -> str:
        return self.drafter.seen(row, "title").text

    def _no_kpi(self, row: SheetRow) -> str:
        """Why a row is no KPI; empty where it is one."""
        if row.cells == self.header.row.cells:
            return "the header again"
        if len(row.distinct) == 1:
            return "heading"
        title = self._title(row)
        if not any(c.isalnum() for c in title):
            return f"no {self.header.of('title')[0].heading}"
        target = self.drafter.seen(row, "target")
        if is_date(target.text):
            return f"the target is a day, {target.text}: write it as an [action.<id>]"
        return ""

    def _fills_down(self) -> bool:
        """Whether the area stands only in the first of its rows, as merged cells leave it in a CSV file."""
        column = self.header.one("area")
        if column is None or not self.rows:
            return False
        blank = sum(not self.drafter.seen(row, "area").text for row in self.rows)
        return 2 * blank >= len(self.rows)

    # areas and ids

    def _areas(
        self, drafts: Sequence[tuple[_Group, Draft]]
    ) -> tuple[tuple[DraftedArea, ...], dict[str, list[Reading]]]:
        by_area: dict[str, list[tuple[_Group, Draft]]] = {}
        titles: dict[str, str] = {}
        for group, draft in drafts:
            titles.setdefault(folded(group.area), group.area)
            by_area.setdefault(folded(group.area), []).append((group, draft))
        shown = [titles[key] or self._area_without_name() for key in by_area]
        made: list[DraftedArea] = []
        readings: dict[str, list[Reading]] = {}
        for area_id, title, (key, members) in zip(area_ids(shown), shown, by_area.items(), strict=True):
            names = kpi_ids([draft.title for _, draft in members], [draft.ref for _, draft in members])
            self._tell_doubles(members)
            doubt = self.area_doubts.get(titles[key], "") if titles[key] else "no cell names the area of these KPIs"
            kpis = tuple(DraftedKpi(name, draft) for name, (_, draft) in zip(names, members, strict=True))
            made.append(DraftedArea(area_id, title, kpis, doubt))
            for name, (group, draft) in zip(names, members, strict=True):
                readings.setdefault(area_id, []).extend(self._readings(f"{area_id}.{name}", group, draft))
        return tuple(made), readings

    def _area_without_name(self) -> str:
        if self.header.one("area") is not None:
            return "Area not named"
        return Path(self.sheet.name).stem.replace("_", " ").strip() or "Imported"

    @staticmethod
    def _tell_doubles(members: Sequence[tuple[_Group, Draft]]) -> None:
        seen: dict[str, str] = {}
        for _, draft in members:
            first = seen.setdefault(folded(draft.title), draft.where)
            if first != draft.where:
                draft.doubt("title", f"the same title stands in {first}")

    # what was measured

    def _readings(self, kpi: str, group: _Group, draft: Draft) -> list[Reading]:
        made: dict[Period, Reading] = {}
        for row in group.rows:
            own = self.drafter.period(row)
            periods = {column.period or own for key in ("actual", "status", "met") for column in self.header.of(key)}
            if self.header.one("numerator") is not None:
                periods.add(own)
            for period in periods:
                if period is None:
                    self._without_period(row)
                    continue
                reading = self._reading(kpi, row, period, own, draft)
                if not reading.measured and reading.level is None:
                    continue
                if period in made:
                    what = "values for a period that an earlier row of the KPI has, left out"
                    self._tell(what, row, reading.value)
                else:
                    made[period] = reading
        return [made[period] for period in sorted(made)]

    def _reading(self, kpi: str, row: SheetRow, period: Period, own: Period | None, draft: Draft) -> Reading:
        fields: dict[str, str] = {}
        for key in ("actual", "numerator", "denominator"):
            cell = self._cell(row, key, period, own)
            if cell:
                percent_of_one = draft.percent_of_one and key == "actual"
                text, usable = value_of(cell, percent_of_one=percent_of_one)
                fields["value" if key == "actual" else key] = text
                if not usable:
                    self._tell("values that are neither a number nor a symbol, written as they stand", row, cell)
        level = None
        for key in ("status", "met"):
            cell = self._cell(row, key, period, own)
            if cell and level is None:
                level = level_of(cell, met=key == "met")
                if key == "met" and level == DEFAULT_SCALE.worst and not draft.without_amber:
                    level = None
                    self._tell("targets not met, where red or amber is not said, left out", row, cell)
                elif level is None:
                    self._tell("statuses that are no level known here, left out", row, cell)
        return Reading(kpi, period, self.drafter.where(row), level=level, **fields)

    def _cell(self, row: SheetRow, key: str, period: Period, own: Period | None) -> str:
        for column in self.header.of(key):
            if (column.period or own) == period and column.index < len(row.cells):
                return row.cells[column.index]
        return ""

    def _without_period(self, row: SheetRow) -> None:
        columns = [
            c for key in ("actual", "status", "met", "numerator") for c in self.header.of(key) if c.period is None
        ]
        if any(row.cells[column.index] for column in columns if column.index < len(row.cells)):
            what = "rows whose values or statuses are of no known period, left out (say --set period=2020/21)"
            self._tell(what, row, self.drafter.seen(row, "period").text)

    def _tell(self, what: str, row: SheetRow, cell: str) -> None:
        shown = f" {shorten(cell, 20)!r}" if cell else ""
        self.left_out.setdefault(what, {})[row.number] = f"{row.number}{shown}"

    # files

    def _rules(
        self, areas: Sequence[DraftedArea], readings: Mapping[str, Sequence[Reading]], periods: Sequence[Period]
    ) -> dict[str, str]:
        said = self.wishes.said
        rules = {
            "book.toml": book_text(
                said.get("title", ""), said.get("edition", ""), self.sheet.name, self.header.columns, periods,
                day_first=self.day_first,
            )
        }  # fmt: skip
        for order, area in enumerate(areas, start=1):
            rules[f"{area.id}.toml"] = area_text(area, order, self.sheet.name)
            cases = cases_text(readings.get(area.id, ()))
            if cases:
                rules[f"{area.id}.cases.toml"] = cases
        _check_sound(rules)
        return rules


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


def _brings_another(group: _Group, period: Period | None) -> bool:
    """Whether a row of this period is more of a KPI, and not the KPI once more."""
    return period is not None and not {None, period} & group.periods


def _first(places: Sequence[str]) -> str:
    return ", ".join(places[:5]) + (" …" if len(places) > 5 else "")


def _shown(row: SheetRow) -> str:
    return shorten(" | ".join(cell for cell in row.cells if cell), 60)


def _shares(header: Header, rows: Sequence[SheetRow], said: str) -> bool:
    """Whether the percentages of a sheet are shares of one: nearly all of several are at most 1, and few are whole."""
    unit = header.one("unit")
    columns = [column for key in ("target", "actual") for column in header.of(key)]
    numbers: list[Fraction] = []
    for row in rows:
        written = row.cells[unit.index] if unit is not None and unit.index < len(row.cells) else ""
        if not is_percent(written or said):
            continue
        cells = (row.cells[column.index] for column in columns if column.index < len(row.cells))
        found = [quantity for cell in cells if (quantity := read_quantity(cell)) is not None]
        numbers += [quantity.value for quantity in found if quantity.value and quantity.unit != "%"]
    small = [number for number in numbers if abs(number) <= 1]
    broken = [number for number in small if number.denominator != 1]
    return len(broken) >= _FEWEST_SHARES and len(small) >= 0.9 * len(numbers)
