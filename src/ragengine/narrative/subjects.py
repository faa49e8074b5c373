"""Of which KPI or action a clause speaks: by the words it shares with their titles, and how sure that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from fractions import Fraction

from attrs import frozen

from ..rulebook.action import Action
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from .words import VAGUE, stem, stems

__all__ = ["Match", "Subject", "Subjects"]

_JOINED = re.compile(r"([a-z]+),? (?:or|and) ([a-z]+)")


@frozen
class Subject:
    """A KPI or action, with the stems of its title and id."""

    id: str
    title: str
    unit: str
    is_action: bool
    words: frozenset[str]
    #: pairs of words that the title joins: a clause with one of them alone speaks of a part
    joined: tuple[frozenset[str], ...] = ()

    @property
    def unit_words(self) -> frozenset[str]:
        return frozenset(stem(word) for word in self.unit.lower().split())


@frozen
class Match:
    """How well a clause fits a subject.

    Attributes:
        weight: its shared words, each counted by how few of the area's subjects have it.
        shared: how many they are.
        foreign: words of the clause that other subjects of the area have, and this one has not.
        unknown: words of the clause that no subject of the area has.
        clear: whether no other subject fits as well.
        in_part: whether the clause has one of two words that the title joins: good, of "good or outstanding".
    """

    subject: Subject
    weight: Fraction
    shared: int
    foreign: int
    unknown: int
    clear: bool
    in_part: bool = False

    @property
    def is_likely(self) -> bool:
        """Enough to look a number up, and to believe it where it is the one that was measured."""
        return self.clear and (self.weight >= 1 or self.shared >= 2)

    @property
    def is_named(self) -> bool:
        """Enough to know whose colour or target is spoken of: no word of anything else."""
        return self.is_likely and not self.foreign and not self.unknown

    @property
    def is_sure(self) -> bool:
        """Enough to hold a number against it: besides, two of its words or more, which are rare in the area."""
        return self.is_named and self.shared >= 2 and self.weight >= 1 and not self.in_part


class Subjects:
    """The KPIs and actions of a rulebook, by area."""

    def __init__(self, rules: Rules) -> None:
        self.of_area: dict[str, list[Subject]] = {area: [] for area in rules.areas}
        measures: Iterable[Kpi | Action] = (*rules.kpis.values(), *rules.actions.values())
        for measure in measures:
            self.of_area.setdefault(measure.area, []).append(_subject(measure))
        self._shared_by = {
            area: Counter(word for subject in subjects for word in subject.words)
            for area, subjects in self.of_area.items()
        }

    @property
    def units(self) -> Mapping[str, frozenset[str]]:
        """By area, the stems of its KPIs' units."""
        return {
            area: frozenset(word for subject in subjects for word in subject.unit_words)
            for area, subjects in self.of_area.items()
        }

    def ranked(self, area: str, words: str, among: Iterable[Subject] | None = None) -> list[Match]:
        """The subjects that a clause fits, best first; ``among`` narrows them down."""
        counts = self._shared_by.get(area, Counter())
        clause = {word for word in stems(words) if word in counts or word not in VAGUE}
        known = {word for word in clause if word in counts}
        found = []
        for subject in self.of_area.get(area, ()) if among is None else among:
            shared = clause & subject.words
            if shared:
                weight = sum((Fraction(1, counts[word]) for word in shared), Fraction(0))
                found.append((weight, Fraction(len(shared), len(subject.words)), shared, subject))
        found.sort(key=lambda each: (each[0], each[1]), reverse=True)
        return [
            Match(
                subject,
                weight,
                len(shared),
                len(known - shared),
                len(clause) - len(known),
                all(other is subject or _is_less(theirs, shared, rank, weight) for rank, _, theirs, other in found),
                any(len(pair & shared) == 1 for pair in subject.joined),
            )
            for weight, _, shared, subject in found
        ]


def _is_less(theirs: Set[str], shared: Set[str], rank: Fraction, weight: Fraction) -> bool:
    """Whether a subject that shares ``theirs`` fits the clause less well: part of the same words, or far fewer."""
    return theirs < shared or rank * 2 <= weight


def _subject(measure: Kpi | Action) -> Subject:
    words = stems(f"{measure.title} {measure.name.replace('-', ' ')}")
    unit, is_action = (measure.unit, False) if isinstance(measure, Kpi) else ("", True)
    pairs = (stems(f"{one} {other}") for one, other in _JOINED.findall(measure.title.lower()))
    return Subject(measure.id, measure.title, unit, is_action, words, tuple(pair for pair in pairs if len(pair) == 2))
