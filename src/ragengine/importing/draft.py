"""A KPI on its way from a row to a rule: its keys, each with what a person has to confirm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import define, field, frozen

from ..problem import shorten
from ..toml.write import toml_text, toml_value
from .entity_targets import Amounts
from .units import Unit

__all__ = ["TEXT_KEYS", "Draft", "DraftLine", "Offer", "Seen", "Value"]

Value = str | int | Fraction | date | Mapping[str, object] | Mapping[date, object] | Sequence[Mapping[str, object]]

#: keys that say how a KPI is rated: a guess at one of these is an assumed rule
_RULING = ("unit", "direction", "target", "met", "tolerance", "amber", "bands")
TEXT_KEYS = ("ref", "lead", "source", "note")
_ORDER = ("title", "ref", "unit", "direction", "target", "met", "tolerance", "amber", "bands", "decimals", "frequency",
          "lead", "source", "note", "basis", "rationale")  # fmt: skip


@frozen
class Seen:
    """What a cell, or ``--set`` in its stead, says: its text and where it stands."""

    text: str
    where: str
    heading: str = ""

    def __str__(self) -> str:
        if self.text:
            return f"{self.where}: {shorten(self.text, 60)!r}"
        return f"{self.where}: blank" if self.heading else self.where


@frozen
class DraftLine:
    """One key of a rule; ``confirm`` says what was assumed, and is empty for what the sheet states."""

    key: str
    value: Value
    confirm: str = ""

    def written(self, width: int) -> str:
        """``key = value  # CONFIRM: why``, or the comment above where the value takes several lines."""
        text = toml_text(self.value) if isinstance(self.value, str) else toml_value(self.value)
        line = f"{self.key:<{width}} = {text}"
        if not self.confirm:
            return line
        comment = f"# CONFIRM: {_one_line(self.confirm)}"
        return f"{comment}\n{line}" if "\n" in line else f"{line}  {comment}"


def _one_line(text: str) -> str:
    """A comment's text: no control characters, and short enough for a line of a rule file."""
    return shorten(" ".join(text.split()), 600)


@frozen
class Offer:
    """Another way to read what is marked.

    Attributes:
        lines: the lines that would differ, None for one that would go.
        points: how many published levels have to bear it out before it is taken.
        asks: the key and the mark that ask for it; the mark goes where the published levels rule it out.
    """

    told: str
    lines: Mapping[str, Value | None]
    points: int = 1
    asks: tuple[str, str] | None = None


@define(slots=True)
class Draft:
    """One KPI as far as its rows say it.

    Attributes:
        where: file and row of its first row.
        measured: the unit its numbers are in.
        offers: the other readings of what is marked, the likeliest first.
        notes: what its rows say and the rule does not.
        grid: one in the last place that its values are written with; None where it has none.
        by_entity: the targets that its entities have each of their own, for the table beside the rule files.
    """

    title: str
    where: str
    lines: dict[str, DraftLine] = field(factory=dict)
    measured: Unit = Unit()
    offers: list[Offer] = field(factory=list)
    notes: list[str] = field(factory=list)
    by_entity: dict[str, Amounts] = field(factory=dict)
    grid: Fraction | None = None

    def put(self, key: str, value: Value, confirm: str = "") -> None:
        """Writes a key; one that is empty is left out."""
        if value != "":
            self.lines[key] = DraftLine(key, value, confirm)

    def doubt(self, key: str, confirm: str) -> None:
        """Marks a key that is there for a person to confirm."""
        line = self.lines[key]
        if confirm and confirm not in line.confirm:
            self.lines[key] = DraftLine(key, line.value, f"{line.confirm}; {confirm}" if line.confirm else confirm)

    def offer(self, told: str, *, points: int = 1, asks: tuple[str, str] | None = None, **lines: Value | None) -> None:
        """Keeps another reading."""
        self.offers.append(Offer(told, lines, points, asks))

    def settled(self, asks: tuple[str, str]) -> bool:
        """Takes away a mark that is settled elsewhere; whether it was there."""
        key, mark = asks
        line = self.lines.get(key)
        if line is None or not mark or mark not in line.confirm:
            return False
        rest = line.confirm.replace(mark, "", 1).replace("; ; ", "; ").strip("; ")
        self.lines[key] = DraftLine(key, line.value, rest)
        return True

    def taken(self, offer: Offer, confirm: str) -> None:
        """Takes another reading in place of what was written; what it changes is marked."""
        gone = [key for key, value in offer.lines.items() if value is None and self.lines.pop(key, None) is not None]
        new = {key: value for key, value in offer.lines.items() if value is not None and not self._says(key, value)}
        for key, value in new.items():
            self.lines[key] = DraftLine(key, value, confirm)
        if gone and not new:
            self.doubt(
                next(key for key in ("bands", "amber", "tolerance", "target", "direction") if key in self.lines),
                confirm,
            )

    def _says(self, key: str, value: Value) -> bool:
        return key in self.lines and self.lines[key].value == value

    def note(self, told: str) -> None:
        """Keeps what a cell says that no key of the rule has room for."""
        self.notes.append(told)

    @property
    def unit(self) -> str:
        line = self.lines.get("unit")
        return str(line.value) if line is not None else ""

    @property
    def without_amber(self) -> bool:
        """Whether what is not green is red."""
        line = self.lines.get("tolerance")
        return line is not None and line.value == 0

    @property
    def guesses(self) -> tuple[str, ...]:
        """The keys to confirm."""
        return tuple(key for key in _ORDER if key in self.lines and self.lines[key].confirm)

    @property
    def ref(self) -> str:
        line = self.lines.get("ref")
        return str(line.value) if line is not None else ""

    def written(self, name: str) -> str:
        """The KPI's table."""
        assumed = [key for key in _RULING if key in self.guesses]
        lines = dict(self.lines)
        if assumed:
            lines["basis"] = DraftLine("basis", "assumed")
            lines["rationale"] = DraftLine("rationale", f"Imported from {self.where}; assumed: {', '.join(assumed)}")
        width = max(map(len, lines))
        return "\n".join([f"[kpi.{name}]", *(lines[key].written(width) for key in _ORDER if key in lines)]) + "\n"
