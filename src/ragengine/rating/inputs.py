"""What a rating read beside its rule: the word, the counts, the numbers of a formula or a condition."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..bands import BandTable
from ..data.states import counted, known_numbers
from ..number import exact, text
from ..rulebook.measure import Range
from ..ruling import Outcome, Ruling
from .facts import Facts

__all__ = ["counts_text", "inputs_of", "inputs_text", "lines_beside", "word_of"]


def word_of(ruling: Ruling, facts: Facts) -> str:
    """The listed word that was judged; empty where the rule has none."""
    if ruling.is_action or not ruling.kpi.words or facts.value is None:
        return ""
    return ruling.kpi.words[int(facts.value)][0]


def inputs_of(ruling: Ruling, facts: Facts) -> dict[str, Fraction | None]:
    """The numbers by name that the formula, or the condition of a live grace, read; None where there was none."""
    if ruling.is_action:
        names = set(ruling.action.formula.names) if ruling.action.formula is not None else set()
        late = None if facts.days_late is None else Fraction(facts.days_late)
        known: dict[str, object] = {"days_late": late, "progress": facts.progress, "elapsed": facts.elapsed}
    elif facts.given is None:
        return {}
    else:
        names = set(ruling.kpi.formula.names) if ruling.kpi.formula is not None else set()
        for grace in ruling.live:
            names |= set(grace.when.names) if grace.when is not None else set()
        target = ruling.target if isinstance(ruling.target, Fraction) else None
        known = dict(known_numbers(facts.given, target))
    read = {name: known[name] for name in sorted(names & known.keys())}
    return {name: number if isinstance(number, Fraction) else None for name, number in read.items()}


def inputs_text(ruling: Ruling, facts: Facts) -> str:
    """What the formula read, in words: ``numerator 1, denominator 13``; empty without a formula."""
    formula = ruling.rule.formula
    if formula is None:
        return ""
    read = inputs_of(ruling, facts).items()
    return ", ".join(f"{name} {text(number)}" for name, number in read if number is not None and name in formula.names)


def counts_text(facts: Facts) -> str:
    """The counts behind a value: `` (84 of 100)``, with what was excluded and why; empty without."""
    given = facts.given
    if given is None or not isinstance(given.numerator, Fraction):
        return ""
    denominator = counted(given)
    if not isinstance(denominator, Fraction):
        return ""
    said = f" ({text(given.numerator)} of {text(denominator)}"
    if isinstance(given.excluded, Fraction) and given.excluded:
        of = f" of {text(given.denominator)}" if isinstance(given.denominator, Fraction) else ""
        why = f" because {given.exclusion_reason}" if given.exclusion_reason else ", no reason given"
        said += f"; {text(given.excluded)}{of} excluded{why}"
    return said + ")"


def lines_beside(outcome: Outcome) -> tuple[Fraction, ...]:
    """The lines beside which a value is printed: those of its bands, as relieved too, and its target."""
    kept = outcome.kept
    if kept.lines is None:
        kept.lines = tuple(_lines(outcome))
    lines: tuple[Fraction, ...] = kept.lines
    return lines


def _lines(outcome: Outcome) -> list[Fraction]:
    ruling = outcome.ruling
    if outcome.computed.is_grey or ruling.is_action:
        return []
    granted = tuple(applied.grace for applied in outcome.graces if applied.granted)
    tables: list[BandTable[Any] | None] = [ruling.as_printed.table]
    if granted and ruling.kpi.decimals is None:
        tables.append(ruling.outcomes(granted))
    lines = [cut.at for table in tables if table is not None for cut in table.thresholds]
    match ruling.aim:
        case Range(min=low, max=high):
            lines += [exact(low), exact(high)]
        case Fraction() as aim:
            lines.append(aim)
    return lines
