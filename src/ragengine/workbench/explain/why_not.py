"""Why a rating is not another level: what stands in the way, stage by stage, and what would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ...bands import BandTable
from ...book import PreparedAction
from ...data.door import evidence_of
from ...rating.comparing import compared_text
from ...rating.explanation import OverrideLine, override_line
from ...rating.needed import change_into, needed_for
from ...rating.phrases import amount, grace_effect, interval, judged_as, long_date
from ...rating.rating import Rating
from ...rulebook.grace import Effect, Grace, limited
from ...ruling import Applied, Ruling
from ...ruling.days import Standing, levels_by_day, spans_of
from ...terms import Rag, Reason, Scale, Status
from .level_tables import level_table
from .rule_words import span

__all__ = ["Obstacle", "WhyNot", "override_obstacles", "why_not"]


@frozen
class Obstacle:
    """One thing that stands in the way; each has to go.

    Attributes:
        stage: ``value``, ``grace``, ``evidence``, ``persistence``, ``missing``, ``due``, ``status``, ``children`` or
            ``override``.
        text: what it is, and what would do.
        ways: for children, each change of them that would do.
    """

    stage: str
    text: str
    ways: tuple[str, ...] = ()


@frozen
class WhyNot:
    """Why a rating is not the wanted level; no obstacles where it is.

    Attributes:
        beside: what does not stand in the way by itself, and is worth knowing.
    """

    wanted: Rag
    got: Rag
    obstacles: tuple[Obstacle, ...]
    beside: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """``It is Amber, not Green. In the way:``."""
        if self.got == self.wanted:
            return f"It is {self.wanted.label} already."
        return f"Why not {self.wanted.label}: it is {self.got.label}. In the way:"


def why_not(rating: Rating, wanted: Rag) -> WhyNot:
    """What keeps a KPI's or an action's rating from a level."""
    if rating.rag == wanted:
        return WhyNot(wanted, rating.rag, ())
    ruling, facts = rating.outcome.ruling, rating.facts
    found: list[Obstacle] = []
    if rating.adjusted != wanted:
        if facts.instant != wanted:
            found += _before_persistence(rating, wanted)
        found += _persistence(rating, wanted)
    lines = [override_line(override, True) for override in facts.overrides]
    found += override_obstacles(lines, wanted, ruling.scale)
    return WhyNot(wanted, rating.rag, tuple(found), tuple(_refused(rating, wanted)))


def _before_persistence(rating: Rating, wanted: Rag) -> Iterator[Obstacle]:
    """The value or the days, the graces, and evidence that is missing."""
    ruling = rating.outcome.ruling
    if rating.computed == wanted:
        yield from _graces_that_changed(rating, wanted)
    else:
        yield from _action(rating, ruling, wanted) if ruling.is_action else _kpi(rating, ruling, wanted)
        yield from _limits(rating, wanted)
    yield from _evidence(rating, wanted)


def _graces_that_changed(rating: Rating, wanted: Rag) -> Iterator[Obstacle]:
    """The rule alone gives the level, and these graces give another."""
    for applied in rating.outcome.graces:
        if applied.granted and applied.changed:
            grace = applied.grace
            said = f"{grace.name}, {grace_effect(grace)} until {long_date(grace.until)}"
            yield Obstacle(
                "grace", f"{said} ({grace.authority}; {grace.reason}); by the rule alone it is {wanted.label}"
            )


def _persistence(rating: Rating, wanted: Rag) -> Iterator[Obstacle]:
    ruling = rating.outcome.ruling
    if ruling.is_action or rating.adjusted.is_grey or wanted > rating.adjusted:
        return
    if (periods := ruling.kpi.persistence) > 1:
        said = (
            f"a worse level is adopted only after {periods} periods in a row; until then {rating.adjusted.label} holds"
        )
        yield Obstacle("persistence", said)


# KPIs


def _kpi(rating: Rating, ruling: Ruling, wanted: Rag) -> Iterator[Obstacle]:
    table = _unlimited(rating, ruling)
    value = rating.value
    if table is None or value is None:
        yield from _not_rated(rating, ruling, wanted)
        return
    if ruling.compares:
        if rating.adjusted != wanted:
            yield Obstacle("value", f"the value {compared_text(ruling, value, rating.facts)}")
        return
    if table.labels[table.exact_index(value)] == wanted:
        return
    if wanted not in table.labels:
        yield Obstacle("value", f"no value is {wanted.label} by this rule")
        return
    yield Obstacle("value", _distance(rating, ruling, table, value, wanted))


def _unlimited(rating: Rating, ruling: Ruling) -> BandTable[Rag] | None:
    """The bands under the granted graces, without caps and floors: those are told apart."""
    if rating.computed.is_grey or rating.value is None:
        return None
    return ruling.under(_relief(rating))


def _relief(rating: Rating) -> tuple[Grace, ...]:
    """The granted graces that move target or tolerance."""
    return tuple(grace for grace in rating.outcome.granted if grace.effect.relieves)


def _distance(rating: Rating, ruling: Ruling, table: BandTable[Rag], value: Fraction, wanted: Rag) -> str:
    """How far the value is from the nearest band of a level, in value, and in counts where they are known."""
    kpi = ruling.kpi
    if kpi.words:
        return f'the word is "{kpi.words[int(value)][0]}"; {_where(ruling, wanted, ())}'
    change = change_into(table, value, wanted, kpi)
    lines = [cut.at for cut in table.thresholds] if kpi.decimals is None else []
    said = f"the value is {judged_as(value, kpi, lines)}; {_where(ruling, wanted, _relief(rating))}"
    if change is None:
        return said if kpi.decimals is None else f"{said}: no value as it is judged is {wanted.label}"
    needed = needed_for(rating, wanted)
    counts = f", {needed.text}," if needed is not None and needed.count is not None else ""
    return f"{said}: {change.text}{counts} would do"


def _either(words: Sequence[str]) -> str:
    return " or ".join(f'"{word}"' for word in words)


def _not_rated(rating: Rating, ruling: Ruling, wanted: Rag) -> Iterator[Obstacle]:
    """What a grey, or a level that stands for a missing value, needs."""
    facts, kpi = rating.facts, ruling.kpi
    if any(note.stage == "missing" for note in rating.outcome.notes):
        yield Obstacle("missing", f"there is no value, and a missing one counts as {rating.computed.label}: report one")
        return
    why = f" ({facts.why})" if facts.why else ""
    said = f"it is Grey, {rating.reason}{why}"
    match rating.reason:
        case Reason.NOT_DUE:
            way = f"it is rated from {long_date(kpi.rated_from)}"
        case Reason.MONITORED:
            way = "a monitored KPI is never rated"
        case Reason.NO_TARGET:
            way = "it needs a target"
        case _:
            where = _where(ruling, wanted, ())
            way = f"it needs a value: {where}" if where else "it needs a value and a target"
    yield Obstacle("missing" if rating.reason in (Reason.NO_DATA, Reason.STALE) else "value", f"{said}; {way}")


def _where(ruling: Ruling, wanted: Rag, relief: tuple[Grace, ...]) -> str:
    """Where the bands of a level lie, as they are printed; empty where nothing makes bands."""
    kpi = ruling.kpi
    table = level_table(ruling.as_printed, relief)
    if table is None:
        return ""
    if kpi.words:
        return f"{wanted.label} is {_either([word for word, level in kpi.words if level == wanted])}"
    places = [interval(piece, kpi.unit) for piece, level in table if level == wanted]
    return f"{wanted.label} is {' or '.join(places)}" if places else f"no value is {wanted.label}"


# both


def _limits(rating: Rating, wanted: Rag) -> Iterator[Obstacle]:
    """Suspensions, caps below and floors above the wanted level."""
    scale = rating.outcome.ruling.scale
    for applied in rating.outcome.graces:
        grace = applied.grace
        if applied.granted and grace.effect.suspends:
            said = f"{grace.name} suspends it until {long_date(grace.until)} ({grace.authority}; {grace.reason})"
            yield Obstacle("grace", said)
        if not applied.granted or not grace.effect.limits:
            continue
        limit = scale[str(grace.value)]
        if limited(wanted, grace.effect, limit) != wanted:
            words = grace.effect.replace("_", " ")
            until = f"until {long_date(grace.until)}"
            yield Obstacle("grace", f"{grace.name}: {words} {limit.label} {until} ({grace.authority}; {grace.reason})")


def _evidence(rating: Rating, wanted: Rag) -> Iterator[Obstacle]:
    best = rating.outcome.ruling.with_evidence(wanted, bool(rating.facts.evidence.strip()))
    if best != wanted:
        yield Obstacle("evidence", f"none is recorded, and without it no better than {best.label}: record it")


def override_obstacles(overrides: Iterable[OverrideLine], wanted: Rag, scale: Scale) -> Iterator[Obstacle]:
    """The overrides in force that leave another level than the wanted one."""
    for override in overrides:
        level = scale[override.level]
        agreed = override.effect == "rag"
        if override.live and wanted != (level if agreed else limited(wanted, override.effect, level)):
            words = "agreed as" if agreed else override.effect.replace("_", " ")
            until = long_date(date.fromisoformat(override.until))
            release = f"; released when: {override.release_when}" if override.release_when else ""
            said = f"{words} {level.label} until {until} by {override.authority}: {override.reason}{release}"
            yield Obstacle("override", said)


def _refused(rating: Rating, wanted: Rag) -> Iterator[str]:
    """Reliefs that were refused and would have given the level."""
    for applied in rating.outcome.graces:
        if not applied.granted and _would_do(applied, rating, wanted):
            yield f"Grace {applied.grace.name} would have given {wanted.label}, and is refused: {applied.why}."


def _would_do(applied: Applied, rating: Rating, wanted: Rag) -> bool:
    grace, ruling = applied.grace, rating.outcome.ruling
    if ruling.is_action or ruling.compares or rating.value is None or rating.computed.is_grey:
        floor = grace.effect is Effect.NO_WORSE_THAN and ruling.scale[str(grace.value)] == wanted
        return floor and rating.adjusted < wanted if not rating.adjusted.is_grey else False
    table = ruling.under((*rating.outcome.granted, grace))
    return table.labels[table.exact_index(rating.value)] == wanted


# actions


def _action(rating: Rating, ruling: Ruling, wanted: Rag) -> Iterator[Obstacle]:
    action, facts = ruling.action, rating.facts
    if facts.status == Status.DEFERRED:
        yield Obstacle("status", "it is deferred, not applicable; an override can say otherwise")
        return
    if not facts.status:
        yield Obstacle("status", "no status is reported: report one")
    grey = f"it is Grey, {rating.reason}" + (f" ({facts.why})" if facts.why else "")
    if facts.status == Status.COMPLETE:
        late = "" if action.on_time else ", and keeps the colour of its lateness"
        stays = f"it is complete{late}: that is {rating.computed.label}, and stays so"
        yield Obstacle("status", grey if rating.computed.is_grey else stays)
        return
    done = _completing(rating, ruling, wanted)
    if action.due.day is None and action.formula is None:
        yield Obstacle("due", f"it has no due date yet ({action.due.written}): give it one; {done}")
        return
    if action.formula is not None:
        said = grey
        if facts.value is not None and facts.table is not None:
            places = [interval(piece, "") for piece, level in facts.table if level == wanted]
            where = f"{wanted.label} is {' or '.join(places)}" if places else f"no value is {wanted.label}"
            said = f"{action.formula.text} is {amount(facts.value, '')}; {where}"
        yield Obstacle("value", f"{said}; {done}")
        return
    # evidence is told apart
    runs = _runs(ruling, wanted, Standing(evidence=evidence_of(True), causes=facts.causes))
    open_days = f"only {runs}" if runs else "on no day"
    yield Obstacle("due", f"open, it is {wanted.label} {open_days}; {done}")


def _runs(ruling: Ruling, wanted: Rag, standing: Standing) -> str:
    """The days on which an action is of a level, in words; empty where it never is."""
    table = levels_by_day(ruling.rules, ruling.action, standing)
    return " and ".join(span(start, end) for start, end in spans_of(table, wanted))


def _completing(rating: Rating, ruling: Ruling, wanted: Rag) -> str:
    """What completing it would give, and by when."""
    action, facts = ruling.action, rating.facts
    evidence = evidence_of(facts.evidence or action.requires_evidence)
    proof = " with evidence" if action.requires_evidence and not facts.evidence.strip() else ""
    days = ""
    if action.due.day is not None and action.formula is None:
        days = _runs(ruling, wanted, Standing(None, Status.COMPLETE, Fraction(100), evidence, facts.causes))
    elif rating.period is not None:
        at = rating.period.end
        prepared = PreparedAction(ruling.rules, action)
        made = prepared.rate(at, "complete", progress=100, completed_on=at, evidence=evidence, causes=facts.causes)
        days = "always" if made.rag == wanted else ""
    if not days:
        return f"complete, it would not be {wanted.label} either"
    if days == "always":
        return f"complete it{proof}, on whatever day, and it is {wanted.label}"
    return f"completed {days}{proof}, it is {wanted.label}"
