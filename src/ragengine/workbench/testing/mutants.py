"""Small changes of meaning that cases should notice, and whether they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from ...bands import BandTable
from ...book import Rulebook
from ...rating.outcome import SUSPENDING
from ...rollup.policy import Child, decide
from ...rulebook.area import RollupMethod, RollupPolicy
from ...rulebook.compile import Era, adjusted_table, eras_of, kpi_table
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Case, Rules
from ...terms import Missing, Rag
from ..action_days import days_that_matter, levels_on
from ..checks.base import hangs_on_data
from ..child_sets import child_sets
from ..rule_changes import action_changes, kpi_changes, rollup_changes
from .case_runner import all_cases, run_case, subject_of
from .coverage import SAMPLE_TARGET

__all__ = ["Mutant", "MutationResult", "can_rate", "mean_the_same", "mutants_of", "tried"]


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
            subject = subject_of(case)
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
        for change, mutated in kpi_changes(kpi):
            if can_rate(rules, mutated) and not mean_the_same(rules, kpi, mutated):
                made = evolve(bare, kpis={kpi.id: mutated})
                yield Mutant(kpi.id, change, made, kpi.file, kpi.line)
    for action in rules.actions.values():
        days = days_that_matter(rules, action)
        before = levels_on(rules, action, days)
        for change, changed in action_changes(action):
            if levels_on(rules, changed, days) != before:
                made = evolve(bare, actions={action.id: changed})
                yield Mutant(action.id, change, made, action.file, action.line)
    for subject, policy in [("book", rules.rollup), *((a.id, a.rollup) for a in rules.areas.values() if a.rollup)]:
        if policy.method is RollupMethod.RULES:
            for change, other in rollup_changes(policy):
                if _tell_apart(rules, policy, other):
                    yield _with_policy(evolve(rules, cases=(), document={}), subject, other, change)


def can_rate(rules: Rules, kpi: Kpi) -> bool:
    """Whether a changed KPI still makes a table in each of its eras, for every entity."""
    return all(_kpi_tables(rules, own) is not None for own in (kpi, *kpi.entities.values()))


def mean_the_same(rules: Rules, kpi: Kpi, mutated: Kpi) -> bool:
    """Whether a changed KPI rates every value as before, for every entity."""
    pairs = [(kpi, mutated), *((own, mutated.entities[entity]) for entity, own in kpi.entities.items())]
    return all(one is other or _kpi_tables(rules, one) == _kpi_tables(rules, other) for one, other in pairs)


Tables = list[tuple[date, tuple[tuple[BandTable[Rag] | None, ...], ...], tuple[Any, ...]]]

#: what the data may bring: lines that move with the target meet others at one target, and at a large one no rounding
#: makes them alike
_TARGETS = (SAMPLE_TARGET, Fraction(50), Fraction(10**6))


def _kpi_tables(rules: Rules, kpi: Kpi) -> Tables | None:
    """What a KPI means: its tables in every era, with and without the live graces; None where it makes none."""
    found: Tables = []
    for era in eras_of(kpi):
        made = [_tables(rules, era, target) for target in (_TARGETS if hangs_on_data(era) else (None,))]
        if not any(made):
            return None
        meaning = tuple(made), _beside_the_tables(rules, era)
        if not found or found[-1][1:] != meaning:
            found.append((era.start, *meaning))
    return found


def _tables(rules: Rules, era: Era, target: Fraction | None) -> tuple[BandTable[Rag] | None, ...]:
    """Its own table and that under its graces, None where nothing rates; empty where they cannot be made."""
    try:
        table = kpi_table(era, rules.scale, target)
        return table, table and adjusted_table(era, rules.scale, era.live, table, target)
    except ValueError:
        # a target that makes no table, bands that do not fit, an amber line beyond the target
        return ()


def _beside_the_tables(rules: Rules, era: Era) -> tuple[Any, ...]:
    """The live graces that the tables do not show: suspensions, conditions, limits on what a missing value gets."""
    missing = era.kpi.missing or rules.missing
    always = missing in (Missing.RED, Missing.AMBER)
    apart = (g for g in era.live if always or g.when is not None or g.effect in SUSPENDING)
    return tuple((grace.effect, grace.value, grace.when) for grace in apart)


def _tell_apart(rules: Rules, policy: RollupPolicy, other: RollupPolicy) -> bool:
    """Whether some set of children gets another level."""
    conditions = " ".join(rule.when.text for rule in policy.rules if rule.when is not None)
    for children in child_sets(rules.scale, critical="critical_" in conditions):
        made = [Child(str(n), level, critical) for n, (level, critical) in enumerate(children)]
        if decide(policy, rules.scale, made).rag != decide(other, rules.scale, made).rag:
            return True
    return False


def _with_policy(rules: Rules, subject: str, policy: RollupPolicy, change: str) -> Mutant:
    if subject == "book":
        return Mutant(subject, change, evolve(rules, rollup=policy), "book.toml", policy.line)
    area = evolve(rules.areas[subject], rollup=policy)
    return Mutant(subject, change, evolve(rules, areas={**rules.areas, subject: area}), area.file, policy.line)
