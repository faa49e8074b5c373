"""Values that can be, and that a person should look at: each is rated, and a warning says why."""

from __future__ import annotations

from fractions import Fraction

from attrs import define, field

from ..data.collection import Data
from ..data.door import is_blank
from ..data.model import Measurement
from ..data.states import APART, percentage
from ..number import text
from ..problem import Place, Problem, Severity
from ..rulebook.compile import UnusableTarget
from ..ruling import Ruling

__all__ = ["Doubts"]

#: a percentage of at most 1 is a share where the rule's lines are percentages of at least so much
_A_LINE = 10


@define
class Doubts:
    """The doubtful values of one run, those of a kind told once a KPI; ``data`` knows where cells stand."""

    data: Data = field(factory=Data)
    problems: list[Problem] = field(factory=list)
    _kinds: dict[tuple[str, str], tuple[int, Fraction, Place]] = field(factory=dict)

    def look(self, row: Measurement, ruling: Ruling, judged: Fraction | None) -> None:
        """A row that was read, with what its rating judged."""
        if ruling.is_action or ruling.kpi.unit != "%" or not isinstance(row.value, Fraction):
            return
        if is_blank(row.numerator) and is_blank(row.denominator):
            if not _ordinary(row.value) and judged == row.value:
                self._plausible(ruling, row.kpi, row.value, row.place)
            return
        share = percentage(ruling.kpi, row)
        if share is not None and abs(row.value - share) > APART and judged is not None:
            said = f"{row.kpi}: the value {text(row.value)} beside counts that say {text(share)}%"
            self._say("RAG108", said, row.place, "the value is judged; look at the source")

    def _plausible(self, ruling: Ruling, kpi: str, value: Fraction, place: Place) -> None:
        lines = _lines(ruling)
        kind = ""
        if value < 0 and all(line >= 0 for line in lines):
            kind = "below 0"
        elif value > 100 and all(line <= 100 for line in lines):
            kind = "above 100"
        elif value <= 1 and lines and all(line >= _A_LINE for line in lines):
            kind = "at most 1"
        if kind:
            count, first, at = self._kinds.get((kpi, kind), (0, value, place))
            self._kinds[kpi, kind] = (count + 1, first, at)

    def told(self) -> list[Problem]:
        """Every warning."""
        for (kpi, kind), (count, first, place) in self._kinds.items():
            values = f"the value {text(first)} is" if count == 1 else f"{count} values, {text(first)} first, are"
            share = kind == "at most 1"
            why = "where its lines are 10 or more: a share written as a percentage?" if share else "in a percentage"
            percentage = text(100 * first)
            hint = (
                f"write {percentage} for {percentage}%"
                if share
                else "look at the source, or say what is valid in the rule"
            )
            self._say("RAG115", f"{kpi}: {values} {kind} {why}", place, hint)
        self._kinds = {}
        return self.problems

    def _say(self, code: str, message: str, place: Place, hint: str) -> None:
        at = self.data.cell(place, "value")
        self.problems.append(Problem(code, message, at, Severity.WARNING, key="value", hint=hint))


def _ordinary(value: Fraction) -> bool:
    """Whether a percentage is 0, or above 1 and at most 100; in whole numbers, for every row is asked."""
    counted, of = value.numerator, value.denominator
    return counted == 0 or of < counted <= 100 * of


def _lines(ruling: Ruling) -> list[Fraction]:
    try:
        table = ruling.table
    except UnusableTarget:
        return []
    return [] if table is None else [cut.at for cut in table.thresholds]
