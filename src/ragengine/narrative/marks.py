"""A sentence is marked: what each pattern matches, which values are left, and the words around them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence

from attrs import field, frozen

from ..terms import Scale
from .grammar import patterns_of
from .quantities import NUMBER, PERCENT, POINTS, Outline, Printed
from .words import stem, stems

__all__ = ["REACH", "Mark", "Marked", "Words", "marked"]

#: how far a claim looks for what belongs to it
REACH = 240

_BOUNDARY = re.compile(r"[.;!?]|(?<= )- |,? (?:but|however|while|whilst|although|though|whereas|which)\b|, and\b")
_ANOTHER_SUBJECT = re.compile(r" (?:and|or)\b|,|\(")
_BREAK = re.compile(r"[.;]| and\b| but\b| or\b|\btarget")
_LINKED = re.compile(r"(?:\b(?:at|is|are|was|were|of|with|on|reaching|being)|,|:|\() ?$")
#: what these mark is no subject of its own: its words belong to the claims beside it
_ASIDE = frozenset({"ratio", "before", "limit", "range"})
_SIGNS = frozenset({PERCENT, POINTS, NUMBER})


@frozen
class Mark:
    """What one pattern has matched in an outline, with its quantities' places by group."""

    name: str
    start: int
    end: int
    match: re.Match[str]
    of: Mapping[str, int] = field(factory=dict)

    @property
    def said(self) -> frozenset[str]:
        """The groups that took part."""
        return frozenset(name for name, said in self.match.groupdict().items() if said is not None)


@frozen
class Words:
    """The words that say of what a claim speaks, what follows it, and whether they stand in an earlier clause."""

    said: str
    after: str = ""
    borrowed: bool = False


@frozen
class Marked:
    """An outline with its marks.

    Attributes:
        marks: in the order of the sentence.
        loose: places of the values that no pattern has taken.
        values: by the number of a gap's mark, the place of the value it speaks of.
    """

    outline: Outline
    marks: tuple[Mark, ...]
    loose: tuple[int, ...]
    values: Mapping[int, int]
    _starts: Sequence[int]
    _ends: Sequence[int]

    @property
    def text(self) -> str:
        return self.outline.text

    def quantity(self, at: int) -> Printed:
        return self.outline.quantities[at]

    def part(self, mark: Mark, group: str) -> Printed | None:
        """A quantity of a mark, by its group."""
        return self.quantity(mark.of[group]) if group in mark.of else None

    def around(self, start: int, end: int) -> Words:
        """The words of the clause around a place that belong to no other claim."""
        left, borrowed = self.left(start, self.claimed_until(start))
        begun = bisect_left(self._starts, end)
        right = self.right(end, self._starts[begun] if begun < len(self._starts) else len(self.text), left)
        return Words(f"{left} {right}", right, borrowed and not stems(right))

    def claimed_until(self, at: int) -> int:
        """Where the last claim before a place ends."""
        ended = bisect_right(self._ends, at)
        return self._ends[ended - 1] if ended else 0

    def left(self, start: int, since: int = 0) -> tuple[str, bool]:
        """The words before a place, back to ``since`` or its clause's beginning; whether an earlier clause has them."""
        since = max(since, start - REACH)
        said = self.text[since:start]
        boundaries = [boundary.end() for boundary in _BOUNDARY.finditer(said)]
        for n, boundary in enumerate(reversed(boundaries)):
            if stems(said[boundary:]):
                return self._spelt(since + boundary, start), n > 0
        return self._spelt(since, start), bool(boundaries)

    def right(self, end: int, until: int, left: str) -> str:
        """The words after a place, up to the end of its clause; another subject's words are left to it."""
        said = self.text[end : min(until, end + REACH)]
        boundary = _BOUNDARY.search(said)
        said = said[: boundary.start()] if boundary else said
        if until < len(self.text) or stems(left):
            said = _ANOTHER_SUBJECT.split(said, maxsplit=1)[0]
        return self._spelt(end, end + len(said))

    def _spelt(self, start: int, end: int) -> str:
        """A part of the outline with its bare numbers as they are printed: they stand in titles, too."""
        quantities, text = self.outline.quantities, self.text
        return "".join(quantities[at].printed if text[at] == NUMBER else text[at] for at in range(start, end))

    def noun(self, at: int) -> tuple[str, ...]:
        """The stems of the words after a number."""
        return tuple(stem(word) for word in re.findall(r"[a-z]+", self.text[at + 1 : at + 50])[:4])


def marked(outline: Outline, scale: Scale, units: Collection[str]) -> Marked:
    """Marks an outline; ``units`` are stems of units: a bare number with one of them after it can be a value."""
    text = outline.text
    taken = bytearray(len(text) + 1)
    found: list[Mark] = []
    for pattern, regex in patterns_of(scale):
        for match in regex.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\x01" * (end - start)
            groups = {name: match.start(name) for name, said in match.groupdict().items() if said in _SIGNS}
            found.append(Mark(pattern.name, start, end, match, groups))
    found.sort(key=lambda mark: mark.start)
    left = [at for at in sorted(outline.quantities) if not taken[at]]
    loose = [at for at in left if _is_value(outline, at, units)]
    values = _values(outline, found, left)
    anchors = [(mark.start, mark.end) for mark in found if mark.name not in _ASIDE] + [(at, at + 1) for at in loose]
    attached = set(values.values())
    return Marked(
        outline,
        tuple(found),
        tuple(at for at in loose if at not in attached),
        values,
        sorted(start for start, _ in anchors),
        sorted(end for _, end in anchors),
    )


def _is_value(outline: Outline, at: int, units: Collection[str]) -> bool:
    """Whether a bare quantity can be a measure's value: a percentage, money, or a number with a KPI's unit after it."""
    unit = outline.quantities[at].unit
    if unit:
        return unit != "points"
    return any(stem(word) in units for word in re.findall(r"[a-z]+", outline.text[at + 1 : at + 50])[:4])


def _values(outline: Outline, marks: Sequence[Mark], left: Sequence[int]) -> dict[int, int]:
    """The value that each gap speaks of."""
    found: dict[int, int] = {}
    gaps = [n for n, mark in enumerate(marks) if mark.name == "gap"]
    since = 0
    for place, n in enumerate(gaps):
        mark = marks[n]
        until = marks[gaps[place + 1]].start if place + 1 < len(gaps) else len(outline.text)
        near = left[bisect_left(left, max(since, mark.start - REACH)) : bisect_left(left, min(until, mark.end + REACH))]
        at = _value_of(outline, mark, near)
        if at is not None:
            found[n] = at
        since = max(mark.end, 0 if at is None else at + 1)
    return found


def _value_of(outline: Outline, mark: Mark, near: Sequence[int]) -> int | None:
    """The value that a gap speaks of: in brackets or linked after it, else the nearest before it."""
    text = outline.text
    signs = {text[mark.of["gap"]], text[mark.of["goal"]] if "goal" in mark.of else ""}
    fitting = [at for at in near if text[at] == (NUMBER if NUMBER in signs else PERCENT)]
    after = next((at for at in fitting if at >= mark.end), None)
    if after is not None:
        between = text[mark.end : after]
        if not _BREAK.search(between) and _LINKED.search(between):
            return after
    before = next((at for at in reversed(fitting) if at < mark.start), None)
    if before is not None and not re.search(r"[.;]| but\b", text[before : mark.start]):
        return before
    return None
