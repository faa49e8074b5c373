"""One KPI's rows become a draft of its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve, frozen

from ..number import text
from ..period import Calendar, Period, PeriodError, parse_period
from ..rulebook.measure import SpecialTarget
from ..terms import Direction
from .draft import TEXT_KEYS, Draft, Seen
from .headings import Column, Header
from .polarity import guess_direction, read_direction
from .quantities import MOST_OF_ONE, Bound, read_quantity
from .sheet import SheetRow
from .spellings import folded
from .targets import Target, Targets, means_no_target, read_target
from .tolerances import put_amber_line, put_tolerance

__all__ = ["Drafter", "is_percent"]

_PER_CENT = frozenset({"", "percent", "per cent", "percentage", "pct", "percentages", "perc"})
_COUNTS = frozenset({"number", "numbers", "num", "no", "count", "general", "integer", "numeric", "n", "whole number",
                     "absolute", "quantity", "decimal", "number only", "value"})  # fmt: skip
_MONEY = frozenset({"currency", "money", "cost", "amount"})
_PERCENT_TITLES = ("%", "percent", "per cent", "proportion of")
_FREQUENCIES = {
    "monthly": ("monthly", "month", "m", "every month", "each month", "mthly"),
    "quarterly": ("quarterly", "quarter", "q", "every quarter", "each quarter", "qtrly", "qtr", "quaterly"),
    "annual": ("annual", "annually", "yearly", "year", "a", "y", "every year", "annual only"),
    "daily": ("daily", "day", "d", "every day"),
}
_FREQUENCY = {word: frequency for frequency, words in _FREQUENCIES.items() for word in words}


def is_percent(written: str) -> bool:
    """Whether a unit cell means per cent."""
    return "%" in written or (bool(written) and folded(written) in _PER_CENT)


@frozen
class Drafter:
    """Drafts the KPIs of one sheet.

    Attributes:
        said: what ``--set`` says for cells that are blank, by key.
        shares: whether its percentages are written as shares of one.
    """

    header: Header
    name: str
    said: Mapping[str, str]
    shares: bool = False
    day_first: bool = False

    def seen(self, row: SheetRow, key: str, column: Column | None = None) -> Seen:
        """What a row says under a key, or ``--set`` where its cell is blank or there is no such column."""
        column = column or self.header.one(key)
        where = self.where(row)
        cell = ""
        if column is not None:
            where = f"{where}, {' '.join(column.heading.split())}"
            cell = row.cells[column.index] if column.index < len(row.cells) else ""
        if not cell and key in self.said:
            return Seen(self.said[key], "--set", column.heading if column is not None else "")
        return Seen(" ".join(cell.split()) if key != "note" else cell, where, column.heading if column else "")

    def where(self, row: SheetRow) -> str:
        return f"{self.name} row {row.number}"

    def period(self, row: SheetRow) -> Period | None:
        """The period a row names, in its own column or by ``--set``; None where it cannot be read."""
        written = self.seen(row, "period").text
        try:
            return parse_period(written, Calendar(day_first=self.day_first))
        except PeriodError:
            return None

    def draft(self, rows: Sequence[SheetRow]) -> Draft:
        """The rule of a KPI; later rows bring targets of later periods."""
        row = rows[0]
        draft = Draft(self.seen(row, "title").text, self.where(row))
        draft.put("title", draft.title)
        for key in TEXT_KEYS:
            draft.put(key, self.seen(row, key).text)
        targets = self._targets(rows)
        bound = targets.first.bound
        self._unit(draft, row, bound)
        self._scale(draft, rows, targets)
        direction = self._direction(draft, row, targets.first)
        if direction is not Direction.MONITOR:
            self._target(draft, row, targets, direction)
        elif bound is not None:
            draft.doubt(
                "direction", f"a target is given, and left out: what is monitored has none ({targets.first.seen})"
            )
        self._frequency(draft, row)
        self._tell_changes(draft, rows)
        return draft

    def _tell_changes(self, draft: Draft, rows: Sequence[SheetRow]) -> None:
        """Marks what later rows of a KPI say otherwise than its first, which is what is written."""
        for key in ("unit", "direction", "tolerance", "frequency", "lead"):
            first = self.seen(rows[0], key)
            other = next((seen for row in rows[1:] if (seen := self.seen(row, key)).text not in ("", first.text)), None)
            if other is not None and key in draft.lines:
                draft.doubt(key, f"a later row says otherwise ({other})")

    def _targets(self, rows: Sequence[SheetRow]) -> Targets:
        entries: list[tuple[Period | None, Target]] = []
        for row in rows:
            columns: Sequence[Column | None] = self.header.of("target") or (None,)
            for column in columns:
                seen = self._ends(row) or self.seen(row, "target", column)
                if not seen.text and column is not columns[0]:
                    continue
                own = column.period if column is not None else None
                entries.append((own or self.period(row), read_target(seen)))
        if any(target.seen.text for _, target in entries):
            entries = [entry for entry in entries if entry[1].seen.text]
        return Targets(tuple(entries))

    def _ends(self, row: SheetRow) -> Seen | None:
        """A target of which the columns give the lower end, the upper end, or both; or that the green column gives."""
        if self.seen(row, "target").text:
            return None
        low, high, green = (self.seen(row, key) for key in ("minimum", "maximum", "green"))
        match bool(low.text), bool(high.text):
            case True, True:
                return evolve(low, text=f"between {low.text} and {high.text}")
            case True, False:
                return evolve(low, text=f"at least {low.text}")
            case False, True:
                return evolve(high, text=f"at most {high.text}")
            case _:
                return green if green.text else None

    def _unit(self, draft: Draft, row: SheetRow, bound: Bound | None) -> None:
        seen = self.seen(row, "unit")
        words = folded(seen.text)
        if is_percent(seen.text) or (not seen.text and bound is not None and bound.unit == "%"):
            draft.put("unit", "%")
        elif seen.text and words not in _COUNTS and words not in _MONEY:
            draft.put("unit", seen.text)
        elif bound is not None and bound.unit and bound.unit != "%":
            draft.put("unit", bound.unit)
        elif words in _MONEY:
            draft.put("unit", words, f"write the currency's sign ({seen})")
        elif not seen.text and draft.title.casefold().startswith(_PERCENT_TITLES):
            draft.put("unit", "%", f"the title begins with {draft.title.split()[0]!r} ({seen})")

    def _scale(self, draft: Draft, rows: Sequence[SheetRow], targets: Targets) -> None:
        """Decides whether a KPI of a sheet with shares of one is written in shares itself."""
        if not self.shares or draft.unit != "%":
            return
        bounds = [target.bound for _, target in targets.entries if target.bound is not None]
        quantities = [end for bound in bounds for end in (bound.low, bound.high) if end is not None]
        cells = (row.cells[c.index] for row in rows for c in self.header.of("actual") if c.index < len(row.cells))
        quantities += [quantity for cell in cells if (quantity := read_quantity(cell)) is not None]
        plain = [quantity for quantity in quantities if quantity.unit != "%"]
        if not plain:
            return
        large = next((quantity for quantity in plain if abs(quantity.value) > MOST_OF_ONE), None)
        if large is None:
            draft.percent_of_one = True
            draft.doubt("unit", "the sheet's percentages are shares of one, and are written times 100 here")
        else:
            said = f"other percentages of the sheet are shares of one, {text(large.value)} is none ({draft.where})"
            draft.doubt("unit", said)

    def _direction(self, draft: Draft, row: SheetRow, target: Target) -> Direction:
        seen = self.seen(row, "direction")
        said = read_direction(seen.text, seen.heading) if seen.text else None
        side = target.bound.side if target.bound is not None else None
        doubt = f"the polarity cannot be read ({seen}); " if seen.text and said is None else ""
        if target.monitored or said is Direction.MONITOR:
            clash = said is not None and said is not Direction.MONITOR
            draft.put("direction", str(Direction.MONITOR), f"the column says {said} ({target.seen})" if clash else "")
            return Direction.MONITOR
        if said is not None:
            clash = side not in (None, Direction.WITHIN, said)
            draft.put("direction", str(said), f"the target says {side} ({target.seen})" if clash else "")
            return said
        if side is not None:
            draft.put("direction", str(side), doubt and f"{doubt}the target says it")
            return side
        guess = guess_direction(draft.title)
        draft.put("direction", str(guess.direction), f"{doubt}{guess.why} ({self.where(row)})")
        return guess.direction

    def _target(self, draft: Draft, row: SheetRow, targets: Targets, direction: Direction) -> None:
        first, factor = targets.first, 100 if draft.percent_of_one else 1
        status = self.seen(row, "status")
        if means_no_target(status.text):
            said = f"the status is {status.text!r} ({first.seen})"
            draft.put("target", SpecialTarget.NONE.value, said if first.bound is not None else "")
            return
        amounts, doubt = first.amounts(factor), first.doubt
        within = direction is Direction.WITHIN
        if within and isinstance(amounts, Fraction):
            amounts = {"min": amounts, "max": amounts}
            doubt = _joined(
                doubt, f"one number for a range: only {text(amounts['min'])} itself is green ({first.seen})"
            )
        elif not within and isinstance(amounts, dict):
            doubt = f"a range, where {direction} is better: which of its ends is the target? ({first.seen})"
            amounts = None
        if amounts is None:
            waiting = self.seen(row, "tolerance")
            left = f"; the tolerance {waiting.text!r} is left out" if waiting.text and waiting.where != "--set" else ""
            draft.put("target", SpecialTarget.NONE.value, _joined(doubt, left.removeprefix("; ")))
            return
        dated = targets.by_date(factor) if targets.alike and within == isinstance(first.amounts(1), dict) else None
        draft.put("target", dated or amounts, doubt)
        others = {str(t.amounts(1)) for _, t in targets.entries} - {str(first.amounts(1))}
        if others and dated is None:
            draft.doubt("target", f"other cells of this KPI give other targets; this is the first ({first.seen})")
        self._met(draft, first, [amounts, *(dated or {}).values()])
        self._amber(draft, row, direction, amounts, dated)

    def _met(self, draft: Draft, target: Target, amounts: Sequence[object]) -> None:
        beyond = target.bound is not None and target.bound.beyond
        point = any(isinstance(each, dict) and each["min"] == each["max"] for each in amounts)
        if (beyond or self.said.get("met") == "beyond target") and not point:
            draft.put("met", "beyond target")

    def _amber(
        self, draft: Draft, row: SheetRow, direction: Direction, amounts: object, dated: Mapping[date, object] | None
    ) -> None:
        tolerance, amber, red = (self.seen(row, key) for key in ("tolerance", "amber", "red"))
        lines_given = bool(amber.text or red.text)
        written = tolerance.text and tolerance.where != "--set"
        if isinstance(amounts, Fraction) and dated is None and lines_given and not written:
            if put_amber_line(draft, amber, red, amounts, direction):
                return
            tolerance = evolve(tolerance, text="")
        lowest = [amounts["min"] if isinstance(amounts, dict) else amounts]
        lowest += [value["min"] if isinstance(value, dict) else value for value in (dated or {}).values()]
        numbers = [value for value in lowest if isinstance(value, Fraction)]
        put_tolerance(draft, tolerance, min(numbers, default=None))
        if lines_given:
            draft.doubt("tolerance", f"the columns of thresholds are not read ({amber if amber.text else red})")

    def _frequency(self, draft: Draft, row: SheetRow) -> None:
        seen = self.seen(row, "frequency")
        known = _FREQUENCY.get(folded(seen.text))
        unknown = bool(seen.text) and known is None
        draft.put("frequency", known or seen.text, f"not one of {', '.join(_FREQUENCIES)} ({seen})" if unknown else "")


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
