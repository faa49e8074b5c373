"""Rule cards: the rule behind a figure in words, who set its target and since when, and its graces."""

from __future__ import annotations

from datetime import date

from ..number import text
from ..period import parse_period
from ..rating.certainty import confidence_text
from ..rating.explanation import Explanation
from ..rating.phrases import due_text, grace_effect
from ..rulebook.action import Action
from ..rulebook.grace import Grace
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..ruling import ruling_on, rulings_of
from ..workbench.drawing.strip import Strip, days_strip, formula_strip
from ..workbench.explain.rule import kpi_strips
from ..workbench.explain.rule_words import WAY, bands_in_words, span
from .model import Judgement, RuleCard
from .wording import sentence

__all__ = ["rule_card"]


def rule_card(rules: Rules, told: Explanation) -> RuleCard:
    """The card of a KPI or an action, as the rule is on the rating's day."""
    kpi = rules.kpis.get(told.subject)
    rule: Kpi | Action = rules.actions[told.subject] if kpi is None else kpi.for_entity(told.entity or None)
    day = _day(told)
    ruling = ruling_on(rules, rule, day)
    if isinstance(rule, Kpi):
        strips = kpi_strips(ruling.as_printed, None)
        says, targets = _kpi_says(rule), _targets(rules, rule)
    else:
        table = ruling.table
        assert table is not None
        strips = [formula_strip(table) if rule.formula is not None else days_strip(table, rule.due.day)]
        says, targets = [sentence(due_text(rule.due))], ()
    place = f"{told.rule.file}:{told.rule.line}" if told.rule.file else ""
    basis = f"{told.basis}: {told.rationale}" if told.basis and told.rationale else told.basis
    return RuleCard(
        id=told.subject,
        bands=_bands(strips[0]) if strips else (),
        says=tuple(says),
        basis=sentence(basis),
        targets=targets,
        graces=tuple(_grace(grace, rule.title) for grace in rule.graces),
        lead=rule.lead,
        source=rule.source,
        place=place,
        reference=", ".join(
            filter(None, (place, f"edition {told.rule.edition}", f"fingerprint {told.rule.fingerprint[:12]}"))
        ),
    )


def _day(told: Explanation) -> date:
    return parse_period(told.period).end if told.period else date.max


def _bands(strip: Strip) -> tuple[str, ...]:
    """``Green at least 90%``, the best first."""
    said = [f"{level.label} {strip.piece(piece)}" for piece, level in strip.table]
    ranked = sorted(zip(strip.table.labels, said, strict=True), key=lambda pair: -pair[0].rank)
    return tuple(words for _, words in ranked)


def _kpi_says(kpi: Kpi) -> list[str]:
    said = [WAY[kpi.direction]] if kpi.direction is not None else []
    if kpi.formula is not None:
        said.append(f"worked out as {kpi.formula.text}")
    if kpi.decimals is not None:
        said.append(f"judged as printed, at {kpi.decimals} decimal{'' if kpi.decimals == 1 else 's'}")
    if kpi.persistence > 1:
        said.append(f"a worse level is adopted after {kpi.persistence} periods in a row")
    if kpi.requires_evidence:
        said.append("no better than the middle level without evidence")
    if kpi.minimum_n is not None:
        said.append(f"not rated below {text(kpi.minimum_n)} cases")
    if kpi.compare is not None:
        said.append(f"its interval is compared with {kpi.compare.than or 'the target'}")
    elif kpi.confidence is not None:
        said.append(f"{confidence_text(kpi.confidence)} interval beside the value")
    if kpi.score is not None:
        said.append(f"scored {kpi.score}")
    return [sentence(words) for words in said]


def _targets(rules: Rules, kpi: Kpi) -> tuple[tuple[str, str], ...]:
    """The dated targets of a rule; none where it never changes."""
    found: list[tuple[date, date, str]] = []
    for ruling in rulings_of(rules, kpi):
        era = ruling.era
        said = sentence(bands_in_words(ruling).get("target", "no target").removeprefix("target "))
        if found and found[-1][2] == said:
            found[-1] = (found[-1][0], era.end, said)
        else:
            found.append((era.start, era.end, said))
    return tuple((sentence(span(start, end)), said) for start, end, said in found) if len(found) > 1 else ()


def _grace(grace: Grace, subject: str) -> Judgement:
    return Judgement(
        kind="grace",
        subject=subject,
        effect=grace_effect(grace),
        start=grace.start,
        until=grace.until,
        reason=grace.reason,
        authority=grace.authority,
        evidence=grace.evidence,
        state=f"when {grace.when.text}" if grace.when else "",
    )
