"""Small changes of meaning that cases should notice, and whether they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from ...bands import BandTable
from ...book import Rulebook
from ...rollup.policy import decide
from ...rulebook.action import Action
from ...rulebook.area import RollupPolicy
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Case, Rules
from ...rulebook.scored_areas import scored_areas
from ...ruling import Outcome, Ruling, rulings_of
from ...ruling.days import OF_THE_DAY, Standing, outcomes_by_day
from ...terms import Rag, Status
from ..child_sets import scored_children, tried_children
from ..rule_changes import action_changes, kpi_changes, rollup_changes
from ..sample_target import SAMPLE_TARGET, sampled
from .case_runner import all_cases, case_subject, run_case

__all__ = ["Mutant", "can_rate", "mean_the_same", "mutants_of", "tried"]


@frozen
class Mutant:
    """One small change of meaning.

    Attributes:
        subject: id of the KPI or action, or of the area whose roll-up it is (``book`` for the book's).
        change: in words: ``target 90 → 90.1``.
        rules: as much of the changed rules as the cases of the subject ask for.
    """

    subject: str
    change: str
    rules: Rules
    file: str = ""
    line: int = 0


@frozen
class MutationResult:
    """What became of the mutants.

    Attributes:
        killed: so many were noticed by a case.
        survivors: those that no case notices.
    """

    killed: int
    survivors: tuple[Mutant, ...]

    @property
    def total(self) -> int:
        return self.killed + len(self.survivors)


Progress = Callable[[list[Mutant]], Iterable[Mutant]]


def tried(rules: Rules, progress: Progress = iter) -> MutationResult:
    """Every mutant against the confirmed cases of its subject; a case that fails already notices nothing.

    ``progress`` may show how far the mutants have come that go through it.
    """
    book = Rulebook(rules)
    by_subject: dict[str, list[Case]] = {}
    for case in all_cases(rules):
        if case.fields.get("unconfirmed") is True or "problem" in case.fields["expect"]:
            continue
        if run_case(book, case).passed:
            subject = case_subject(case)
            by_subject.setdefault(subject, []).append(case)
    killed = 0
    survivors = []
    for mutant in progress(list(mutants_of(rules))):
        changed = Rulebook(mutant.rules)
        cases = [case for subject in _asked(rules, mutant.subject) for case in by_subject.get(subject, ())]
        if any(not run_case(changed, case).passed for case in cases):
            killed += 1
        else:
            survivors.append(mutant)
    return MutationResult(killed, tuple(survivors))


def _asked(rules: Rules, subject: str) -> list[str]:
    """The ids whose cases may notice a change of a subject."""
    if subject != "book":
        return [subject]
    return [area.id for area in rules.areas.values() if area.rollup is None]


def mutants_of(rules: Rules) -> Iterator[Mutant]:
    """Every mutant that means something, and something else than the rules do."""
    bare = evolve(rules, kpis={}, actions={}, cases=(), document={})
    for kpi in rules.kpis.values():
        if kpi.looks_at_peers_alone:
            # no case has more than one row of a period
            continue
        for change, mutated in kpi_changes(kpi):
            if can_rate(rules, mutated) and not mean_the_same(rules, kpi, mutated):
                made = evolve(bare, kpis={kpi.id: mutated})
                yield Mutant(kpi.id, change, made, kpi.file, kpi.line)
    for action in rules.actions.values():
        before = _action_meaning(rules, action)
        for change, changed in action_changes(action):
            if _action_meaning(rules, changed) != before:
                made = evolve(bare, actions={action.id: changed})
                yield Mutant(action.id, change, made, action.file, action.line)
    scored, shared = scored_areas(rules), {area.id for area in rules.areas.values() if area.rollup is None}
    for subject, policy in [("book", rules.rollup), *((a.id, a.rollup) for a in rules.areas.values() if a.rollup)]:
        of_scores = bool(scored & ({subject} if subject != "book" else shared))
        for change, other in rollup_changes(policy, rules.scale, of_scores=of_scores):
            if _tell_apart(rules, policy, other, of_scores):
                yield _with_policy(evolve(rules, cases=(), document={}), subject, other, change)


def can_rate(rules: Rules, kpi: Kpi) -> bool:
    """Whether a changed KPI still makes a table in each of its eras, for every entity."""
    return all(_kpi_meaning(rules, own) is not None for own in (kpi, *kpi.entities.values()))


def mean_the_same(rules: Rules, kpi: Kpi, mutated: Kpi) -> bool:
    """Whether a changed KPI rates every value as before, for every entity."""
    pairs = [(kpi, mutated), *((own, mutated.entities[entity]) for entity, own in kpi.entities.items())]
    return all(one is other or _kpi_meaning(rules, one) == _kpi_meaning(rules, other) for one, other in pairs)


Meaning = list[tuple[date, tuple[Any, ...], tuple[Any, ...]]]

#: what the data may bring: lines that move with the target meet others at one target, and at a large one no rounding
#: makes them alike
_TARGETS = (SAMPLE_TARGET, Fraction(50), Fraction(10**6))


def _kpi_meaning(rules: Rules, kpi: Kpi) -> Meaning | None:
    """What a KPI means: its tables in every era, with and without the live graces; None where it makes none.

    An era in which nothing is due means nothing else, whatever it says.
    """
    found: Meaning = []
    for ruling in rulings_of(rules, kpi):
        targets = _TARGETS if ruling.needs_target else (SAMPLE_TARGET,)
        made = tuple(_tables(sampled(ruling, target)) for target in targets)
        if not any(made):
            return None
        meaning = ((), ()) if ruling.not_due else (made, _beside_the_tables(ruling))
        if not found or found[-1][1:] != meaning:
            found.append((ruling.era.start, *meaning))
    return found


def _tables(ruling: Ruling) -> tuple[BandTable[Rag] | None, ...]:
    """Its own table, that under its graces and that under those without a condition; empty where none can be made.

    Each is None where nothing rates.
    """
    try:
        table = ruling.table
        sure = tuple(grace for grace in ruling.live if grace.when is None)
        return table, table and ruling.under(ruling.live), table and ruling.under(sure)
    except ValueError:
        # a target that makes no table, bands that do not fit, an amber line beyond the target
        return ()


def _beside_the_tables(ruling: Ruling) -> tuple[Any, ...]:
    """What the tables do not show: from which rows the target comes, and of the live graces suspensions, conditions,
    limits on what a missing value gets.
    """
    always = ruling.level_of_missing is not None
    apart = (g for g in ruling.live if always or g.when is not None or g.effect.suspends)
    score = () if ruling.is_action else (ruling.kpi.score,)
    relative = ruling.relative and evolve(ruling.relative, change=None)
    return relative, *((grace.effect, grace.value, grace.when) for grace in apart), *score


def _action_meaning(rules: Rules, action: Action) -> object:
    """What an action means: its levels on every day, while it is open and once it is complete; or over its formula."""
    if action.formula is None:
        return [_levels(outcomes_by_day(rules, action, Standing(status=each))) for each in _STATES]
    rulings = list(rulings_of(rules, action))
    dated = (action.due.day, action.start) if OF_THE_DAY & action.formula.names else ()
    by_date = (*dated, action.formula.meaning)
    return by_date, [
        (ruling.era.start, ruling.not_due, _tables(ruling), _tables(ruling.once_complete()), _beside_the_tables(ruling))
        for ruling in rulings
    ]


_STATES = (Status.IN_PROGRESS, Status.COMPLETE)


def _levels(table: BandTable[Outcome]) -> BandTable[tuple[Rag, Rag]]:
    return table.relabelled(lambda outcome: (outcome.computed, outcome.rag))


def _tell_apart(rules: Rules, policy: RollupPolicy, other: RollupPolicy, of_scores: bool) -> bool:
    """Whether some set of children gets another level."""
    tried = (scored_children if of_scores else tried_children)(rules.scale, policy, other)
    return any(decide(policy, rules.scale, made).rag != decide(other, rules.scale, made).rag for made in tried)


def _with_policy(rules: Rules, subject: str, policy: RollupPolicy, change: str) -> Mutant:
    if subject == "book":
        return Mutant(subject, change, evolve(rules, rollup=policy), "book.toml", policy.line)
    area = evolve(rules.areas[subject], rollup=policy)
    return Mutant(subject, change, evolve(rules, areas={**rules.areas, subject: area}), area.file, policy.line)
