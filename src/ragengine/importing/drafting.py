"""One KPI's rows become a draft of its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve, field, frozen

from ..number import text
from ..period import APRIL, Calendar, Period, PeriodError, both_readings, parse_period
from ..rulebook.measure import SpecialTarget
from ..terms import Direction
from .coloured_cells import ThresholdCells
from .csv_sheet import with_points
from .directions import note_direction, put_direction, said_direction, votes_of
from .draft import TEXT_KEYS, Draft, Seen
from .heading_periods import heading_period, named_time
from .headings import HeadedColumn, TableHeading
from .polarity import Vote
from .profile import is_cumulative, yearly_target
from .quantities import decimals_of
from .sheet import SheetRow
from .spellings import folded
from .targets import SheetTargets, Target, means_no_target, read_target
from .threshold_cells import put_thresholds
from .tolerances import put_tolerance, read_tolerance
from .units import Unit, unit_of

__all__ = ["Drafter"]

_FREQUENCIES = {
    "monthly": ("monthly", "month", "m", "every month", "each month", "mthly", "monthly cumulative", "per month"),
    "quarterly": (
        "quarterly", "quarter", "q", "every quarter", "each quarter", "qtrly", "qtr", "quaterly", "per quarter",
    ),
    "half-yearly": (
        "half yearly", "half year", "six monthly", "6 monthly", "biannual", "bi annual", "bi annually", "biannually",
        "termly", "semi annual", "semi annually", "semiannual", "semiannually", "twice a year", "every six months",
        "every 6 months", "half annually",
    ),
    "annual": (
        "annual", "annually", "yearly", "year", "a", "y", "every year", "annual only", "per year", "once a year",
        "each year",
    ),
    "daily": ("daily", "day", "d", "every day"),
}  # fmt: skip
_FREQUENCY = {word: frequency for frequency, words in _FREQUENCIES.items() for word in words}
#: keys whose cells say the rule
_OF_RULES = ("target", "green", "minimum", "maximum", "amber", "red")
#: keys whose cells are numbers, and may have a decimal comma
_NUMBERS = frozenset(
    {
        "target", "minimum", "maximum", "tolerance", "green", "amber", "red", "actual", "numerator", "denominator",
        "baseline", "thresholds",
    }
)  # fmt: skip


@frozen
class Drafter:
    """Drafts the KPIs of one sheet.

    Attributes:
        said: what ``--set`` says for cells that are blank, by key.
        shares: whether its percentages are written as shares of one.
        legend: what rows beside the table say of each colour.
    """

    header: TableHeading
    name: str
    said: Mapping[str, str]
    shares: bool = False
    book: Calendar = APRIL
    hyphens_are_years: bool = False
    decimal_comma: bool = False
    legend: Mapping[str, Seen] = field(factory=dict)

    def seen(self, row: SheetRow, key: str, column: HeadedColumn | None = None) -> Seen:
        """What a row says under a key, or ``--set`` where its cell is blank or there is no such column."""
        column = column or self.header.one(key)
        where = self.where(row)
        cell = ""
        if column is not None:
            where = f"{where}, {' '.join(column.heading.split())}"
            cell = self.cell(row, column, number=key in _NUMBERS)
        if not cell and key in self.said:
            return Seen(self.said[key], "--set", column.heading if column is not None else "")
        return Seen(" ".join(cell.split()) if key != "note" else cell, where, column.heading if column else "")

    def cell(self, row: SheetRow, column: HeadedColumn, *, number: bool = True) -> str:
        """A cell as it stands, a number with its decimal point."""
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        return with_points(cell) if number and self.decimal_comma else cell

    def where(self, row: SheetRow) -> str:
        return f"{self.name} row {row.number}"

    def period(self, row: SheetRow) -> Period | None:
        """The period a row names, in its own column or by ``--set``; None where it cannot be read."""
        written = self.seen(row, "period").text
        try:
            if self.hyphens_are_years and (both := both_readings(written, self.book)) is not None:
                return both[1]
            return parse_period(written, self.book)
        except PeriodError:
            return heading_period([named_time(written)], None, self.book)[0] if written else None

    def draft(self, rows: Sequence[SheetRow]) -> Draft:
        """The rule of a KPI; later rows bring targets of later periods."""
        row = rows[0]
        draft = Draft(self.seen(row, "title").text, self.where(row))
        draft.put("title", draft.title)
        for key in TEXT_KEYS:
            draft.put(key, self.seen(row, key).text)
        draft.measured = self._unit(draft, rows)
        by_entity = self._by_entity(rows)
        targets = self._targets(next(iter(by_entity.values())), draft.measured)
        thresholds = ThresholdCells.of(self, row)
        polarity, baseline = self.seen(row, "direction"), self.seen(row, "baseline")
        votes = votes_of(polarity, draft.title, self.where(row), targets, baseline, draft.measured)
        if thresholds.way is not None:
            votes.append(Vote(thresholds.way, 3, f"green says {thresholds.way} ({thresholds.told})"))
        monitored = self._monitored(draft, row, targets)
        if not monitored:
            self._rule(draft, row, targets, thresholds, votes)
            self._yearly(draft, rows, targets)
            self._own_targets(draft, by_entity)
        self._frequency(draft, row)
        self._tell_changes(draft, rows)
        return draft

    def _by_entity(self, rows: Sequence[SheetRow]) -> dict[str, list[SheetRow]]:
        """The rows of each organisation or team."""
        found: dict[str, list[SheetRow]] = {}
        for row in rows:
            found.setdefault(self.seen(row, "entity").text, []).append(row)
        return found

    def _own_targets(self, draft: Draft, by_entity: Mapping[str, Sequence[SheetRow]]) -> None:
        """Keeps the targets of entities where they differ: the KPI itself then has none."""
        line = draft.lines.get("target")
        if len(by_entity) < 2 or line is None:
            return
        targets = {entity: self._targets(rows, draft.measured) for entity, rows in by_entity.items()}
        amounts = {entity: found.by_date() or found.first.amounts() for entity, found in targets.items()}
        if len({str(amount) for amount in amounts.values()}) < 2:
            return
        if "tolerance" not in draft.lines or any(not entity for entity in by_entity):
            draft.doubt("target", "other rows give other entities other targets; the first is taken for all")
            return
        draft.put("target", SpecialTarget.NONE.value)
        none = SpecialTarget.NONE.value
        draft.by_entity = {entity: none if amount is None else amount for entity, amount in amounts.items()}
        draft.offers.clear()
        for found in targets.values():
            if found.first.doubt:
                draft.doubt("target", found.first.doubt)

    def _tell_changes(self, draft: Draft, rows: Sequence[SheetRow]) -> None:
        """Marks what later rows of a KPI say otherwise than its first, which is what is written."""
        keys = {"unit": ("unit",), "direction": ("direction",), "tolerance": ("tolerance", "amber", "bands"),
                "amber": ("amber", "tolerance", "bands"), "red": ("amber", "tolerance", "bands"), "green": ("target",
                "bands"),
                "frequency": ("frequency",), "lead": ("lead",)}  # fmt: skip
        for key, written in keys.items():
            first = self._means(draft, key, self.seen(rows[0], key))
            seen = (self.seen(row, key) for row in rows[1:])
            other = next((each for each in seen if each.text and self._means(draft, key, each) != first), None)
            at = next((name for name in written if name in draft.lines), None)
            if other is not None and at is not None:
                draft.doubt(at, f"a later row says otherwise ({other})")

    def _means(self, draft: Draft, key: str, seen: Seen) -> object:
        """What a cell means, however it is spelled."""
        unit = draft.measured
        match key:
            case "direction":
                return said_direction(seen) or seen.text
            case "tolerance":
                read = read_tolerance(unit.spelled(seen.text), unit.name, share=unit.share, whole=unit)
                return read or seen.text
            case "frequency":
                return _FREQUENCY.get(folded(seen.text), seen.text)
            case "unit":
                return unit_of(seen.text, "", (), ()).name
        return "".join(seen.text.casefold().split())

    # what the cells say

    def _unit(self, draft: Draft, rows: Sequence[SheetRow]) -> Unit:
        seen = self.seen(rows[0], "unit")
        rules = [self.seen(row, key, column).text for row in rows for key in ("target", "green", "minimum",
                 "maximum", "amber", "red")
                 for column in self.header.of(key)]  # fmt: skip
        if "target" in self.said and not self.header.of("target"):
            rules.insert(0, self.said["target"])
        values = [self.cell(row, column) for row in rows for column in self.header.of("actual")]
        filled = [text for text in rules if text]
        unit = unit_of(seen.text, draft.title, filled, [value for value in values if value], shares=self.shares)
        draft.put("unit", unit.name, f"{unit.doubt} ({seen})" if unit.doubt and unit.name else "")
        numbers = [number for value in values if (number := unit.read(value)) is not None]
        if numbers:
            draft.grid = Fraction(1, 10 ** max(decimals_of(number) for number in numbers))
        return unit

    def _targets(self, rows: Sequence[SheetRow], unit: Unit) -> SheetTargets:
        entries: list[tuple[Period | None, Target]] = []
        for row in rows:
            columns: Sequence[HeadedColumn | None] = self.header.of("target") or (None,)
            baseline = unit.read(self.seen(row, "baseline").text)
            for column in columns:
                seen = self._ends(row) or self.seen(row, "target", column)
                if not seen.text and column is not columns[0]:
                    continue
                own = column.period if column is not None else None
                entries.append((own or self.period(row), read_target(seen, unit, baseline)))
        if any(target.seen.text for _, target in entries):
            entries = [entry for entry in entries if entry[1].seen.text]
        return SheetTargets(tuple(entries))

    def _ends(self, row: SheetRow) -> Seen | None:
        """A target of which the columns give the lower end, the upper end, or both."""
        if self.seen(row, "target").text:
            return None
        low, high = self.seen(row, "minimum"), self.seen(row, "maximum")
        match bool(low.text), bool(high.text):
            case True, True:
                return evolve(low, text=f"between {low.text} and {high.text}")
            case True, False:
                return evolve(low, text=f"at least {low.text}")
            case False, True:
                return evolve(high, text=f"at most {high.text}")
        return None

    def _monitored(self, draft: Draft, row: SheetRow, targets: SheetTargets) -> bool:
        """Writes that a KPI is only reported, where it is."""
        seen, first = self.seen(row, "direction"), targets.first
        said = said_direction(seen)
        if not first.monitored and said is not Direction.MONITOR:
            return False
        clash = said is not None and said is not Direction.MONITOR
        draft.put("direction", str(Direction.MONITOR), f"the column says {said} ({first.seen})" if clash else "")
        if first.bound is not None:
            draft.doubt("direction", f"a target is given, and left out: what is monitored has none ({first.seen})")
        return True

    # the rule

    def _rule(
        self, draft: Draft, row: SheetRow, targets: SheetTargets, cells: ThresholdCells, votes: Sequence[Vote]
    ) -> None:
        status = self.seen(row, "status")
        first = targets.first
        ends = [end for key in ("minimum", "maximum") if (end := self.seen(row, key)).text]
        if len(ends) == 2 and self.seen(row, "target").text:
            draft.note(f"both ends of a range beside a target are left out ({ends[0]}, {ends[1].text!r})")
        if means_no_target(status.text):
            put_direction(draft, self.seen(row, "direction"), self.where(row), votes)
            said = f"the status is {status.text!r} ({first.seen})" if first.bound is not None else ""
            draft.put("target", SpecialTarget.NONE.value, said)
            return
        dated = targets.by_date() if targets.alike else None
        tolerance = self.seen(row, "tolerance")
        if self.legend and not tolerance.text and not cells.told:
            cells = cells.with_legend(self.legend)
        if cells.usable and put_thresholds(draft, cells, targets, votes, tolerance, dated=dated):
            note_direction(draft, votes, certain=cells.certain)
            return
        direction = put_direction(draft, self.seen(row, "direction"), self.where(row), votes)
        self._target(draft, row, targets, direction, dated)
        if cells.told and cells.says:
            key = "tolerance" if "tolerance" in draft.lines else "target"
            draft.doubt(key, f"the columns of thresholds are not read ({cells.told})")
            draft.note(f"thresholds that are not read ({cells.told})")

    def _target(
        self,
        draft: Draft,
        row: SheetRow,
        targets: SheetTargets,
        direction: Direction,
        dated: Mapping[date, object] | None,
    ) -> None:
        first = targets.first
        amounts, doubt = first.amounts(), first.doubt
        within = direction is Direction.WITHIN
        tolerance = self.seen(row, "tolerance")
        if within and isinstance(amounts, dict) and self._says_range(row):
            doubt = ""  # the column of the polarity says what 95-105 is
        if within and isinstance(amounts, Fraction):
            amounts = {"min": amounts, "max": amounts}
            only = f"one number for a range: only {text(amounts['min'])} itself is green ({first.seen})"
            doubt = _joined(doubt, only)
        elif not within and isinstance(amounts, dict):
            doubt = f"a range, where {direction} is better: which of its ends is the target? ({first.seen})"
            amounts = None
        if amounts is None:
            left = (
                f"the tolerance {tolerance.text!r} is left out" if tolerance.text and tolerance.where != "--set" else ""
            )
            draft.put("target", SpecialTarget.NONE.value, _joined(doubt, left))
            return
        if within and isinstance(first.amounts(), Fraction):
            dated = None
        draft.put("target", dated or amounts, _joined(doubt, targets.doubts if dated else ""))
        others = {str(t.amounts()) for _, t in targets.entries} - {str(first.amounts())}
        if others and dated is None:
            draft.doubt("target", f"other cells of this KPI give other targets; this is the first ({first.seen})")
        self._met(draft, first, [amounts, *(dated or {}).values()])
        self._sides(draft, targets)
        lowest: list[object] = [amounts["min"] if isinstance(amounts, dict) else amounts]
        lowest += [value["min"] if isinstance(value, dict) else value for value in (dated or {}).values()]
        numbers = [value for value in lowest if isinstance(value, Fraction)]
        put_tolerance(draft, tolerance, draft.measured, min(numbers, default=None))

    def _says_range(self, row: SheetRow) -> bool:
        return said_direction(self.seen(row, "direction")) is Direction.WITHIN

    def _met(self, draft: Draft, target: Target, amounts: Sequence[object]) -> None:
        beyond = target.bound is not None and target.bound.beyond
        point = any(isinstance(each, dict) and each["min"] == each["max"] for each in amounts)
        if (beyond or self.said.get("met") == "beyond target") and not point:
            draft.put("met", "beyond target")

    def _sides(self, draft: Draft, targets: SheetTargets) -> None:
        """Marks targets of one KPI that do not compare alike: ``<25%`` in one year and ``23%`` in the next."""
        bounds = [target.bound for _, target in targets.entries if target.bound is not None]
        kinds = {(bound.side, bound.beyond) for bound in bounds}
        if len(kinds) > 1:
            draft.doubt("target", "not all of its targets have the same comparator; the first is taken for all")

    def _yearly(self, draft: Draft, rows: Sequence[SheetRow], targets: SheetTargets) -> None:
        """Marks a target of a whole year that values of its months or quarters are held against."""
        column = self.header.one("target")
        target = draft.lines.get("target")
        if target is None or not isinstance(target.value, Fraction):
            return
        headings = [c.heading for c in self.header.of("actual")]
        values = [
            (period, draft.measured.read(self.cell(row, c)))
            for row in rows
            for c in self.header.of("actual")
            if self.cell(row, c) and (period := c.period or self.period(row)) is not None
        ]
        of_year = column is not None and (
            column.of_year or (column.period is not None and column.period.kind.value == "financial year")
        )
        cumulative = is_cumulative(
            draft.title, *headings, self.seen(rows[0], "note").text, self.seen(rows[0], "frequency").text
        )
        higher = draft.lines["direction"].value == Direction.HIGHER
        yearly = yearly_target(
            draft.title, draft.unit, target.value, values, of_year=of_year, cumulative=cumulative, higher=higher
        )
        if yearly is None:
            return
        how = "cumulative values" if yearly.cumulative else "values of months or quarters"
        mark = f"it may be of the whole year, beside {how}: or a profile by dates, {yearly.told} ({targets.first.seen})"
        draft.doubt("target", mark)
        draft.offer("an even profile of the year's target", asks=("target", mark), target=yearly.profile)

    def _frequency(self, draft: Draft, row: SheetRow) -> None:
        seen = self.seen(row, "frequency")
        known = _FREQUENCY.get(folded(seen.text))
        if known is not None:
            draft.put("frequency", known)
        elif seen.text:
            draft.note(f"the frequency {seen.text!r} is none that is known ({seen.where})")


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
