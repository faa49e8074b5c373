"""The public edition of a scorecard: small counts are hidden with all that would give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from ..data.model import Narrative, Override, Statement
from ..number import exact
from ..period import parse_period
from ..problem import Place
from ..rating.explanation import Explanation, OverrideLine
from ..rating.overrides import agreed
from ..rating.phrases import amount
from ..rollup.area_rating import AreaRating, ChildLine
from ..rollup.areas import child_line
from ..rollup.card_json import RecordedRating
from ..rollup.deciding import Decider
from ..rollup.policy import decide, level_counts
from ..rollup.rows import ByKey, Key
from ..rollup.scorecard import Rated, Scorecard
from ..rollup.tally import Child
from ..rulebook.area import RollupPolicy
from ..rulebook.kpi import Kpi, rounded_to
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import children_first, scored_areas
from ..terms import GREY, Rag, Reason
from .disclosure import hidden_rows

__all__ = ["public_card", "public_cards", "suppression_notes"]

_HIDDEN = str(Reason.SUPPRESSED)


def public_card(rules: Rules, card: Scorecard, before: Scorecard | None = None) -> Scorecard:
    """The card that the public may have.

    Args:
        before: the public card of the period before: what is hidden there is nowhere told as a previous level.
    """
    hidden = hidden_rows(rules, card) | _carried(rules, card, before)
    ranks_with_hidden = {subject for subject, _ in hidden}
    levels = {str(level): level for level in (*card.scale, GREY)}
    ratings: dict[Key, Rated] = {}
    for rated in card.ratings.values():
        key = (rated.id, rated.entity)
        told = _hide(rated.explanation) if key in hidden else _show(rules, rated)
        if told.scoring is not None and told.scoring.rank is not None and rated.id in ranks_with_hidden:
            # the places of all others tell that of the one that is hidden
            told = evolve(told, score=None, scoring=None)
        told = _without_other_rows(rules, told)
        if not _known_before(before, rated):
            told = evolve(told, previous="", previous_period="", movement="", cause="")
        ratings[key] = RecordedRating(told, _said(told, levels), levels)
    public = ByKey[Rated](ratings, "rating")
    areas, programme = _Areas(rules, card, public, before).made()
    return evolve(
        card,
        ratings=public,
        areas=ByKey(areas, "area"),
        programme=programme,
        problems=(),
        narrative={area: _narrative(said) for area, said in card.narrative.items()},
    )


def _carried(rules: Rules, card: Scorecard, before: Scorecard | None) -> set[Key]:
    """Rows of a part whose value was carried from where it is hidden, or where nobody knows whether it is."""
    found: set[Key] = set()
    for rated in card.ratings.values():
        kpi = rules.kpis.get(rated.id)
        if kpi is None or rated.entity is None or kpi.for_entity(rated.entity).suppress_below is None:
            continue
        if rated.explanation.carried_from and not _known_before(before, rated):
            found.add((rated.id, rated.entity))
    return found


def _narrative(said: Narrative) -> Narrative:
    """People's words without the evidence they name for the board, and without notes."""

    def plain(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        return tuple(Statement(own.text) for own in statements)

    return Narrative(
        said.area, plain(said.key_developments), plain(said.key_risks), plain(said.progress), plain(said.risks)
    )


def _hide(told: Explanation) -> Explanation:
    """Everything from which a small count could be worked back is taken out; rule and target stay."""
    return evolve(
        _internal(told),
        rag="grey",
        adjusted="grey",
        computed="grey",
        reason=_HIDDEN,
        why="",
        value=None,
        numerator=None,
        denominator=None,
        excluded=None,
        exclusion_reason="",
        carried_from="",
        shortfall=None,
        bands=(),
        adjusted_bands=(),
        graces=(),
        overrides=(),
        previous="",
        previous_period="",
        movement="",
        cause="",
        unrated="",
        word="",
        missing="",
        interval=None,
        score=None,
        scoring=None,
    )


def _internal(told: Explanation) -> Explanation:
    """Without what is for the board: evidence, notes, causes, the derivation."""
    graces = tuple(evolve(grace, when="", why="") for grace in told.graces)
    overrides = tuple(evolve(override, evidence="") for override in told.overrides)
    return evolve(told, evidence="", note="", causes=(), steps=(), why="", graces=graces, overrides=overrides,
                  inputs=(), changes=(), instant="", run=(), previous_value=None, year_ago="", year_ago_period="",
                  year_ago_value=None)  # fmt: skip


def _without_other_rows(rules: Rules, told: Explanation) -> Explanation:
    """Of a rule that hides small counts, without a target that is made from other rows: it would tell of them."""
    rule = rules.kpis.get(told.subject)
    if told.relative is None or rule is None or rule.for_entity(told.entity or None).suppress_below is None:
        return told
    return evolve(told, relative=None, target=None, shortfall=None, bands=(), adjusted_bands=())


def _show(rules: Rules, rated: Rated) -> Explanation:
    """A row that is shown, with its counts rounded where the rule says so."""
    told = _internal(rated.explanation)
    rule = rules.kpis.get(told.subject)
    kpi = None if rule is None else rule.for_entity(told.entity or None)
    if kpi is None or kpi.round_to is None:
        return told
    return _rounded(told, kpi, kpi.round_to)


def _rounded(told: Explanation, kpi: Kpi, step: int) -> Explanation:
    """Counts rounded, what is excluded out of them, and the value made again from what is printed."""

    def to_step(written: str | None, less: str | None = None) -> str | None:
        return None if written is None else str(rounded_to(int(Fraction(written) - Fraction(less or 0)), step))

    numerator, denominator = to_step(told.numerator), to_step(told.denominator, told.excluded)
    value = told.value
    if numerator is not None and denominator is not None:
        value = str(Fraction(100 * int(numerator), int(denominator))) if int(denominator) else None
    elif value is not None and kpi.unit != "%" and not kpi.words:
        value = to_step(value)
    return evolve(told, value=value, numerator=numerator, denominator=denominator, excluded=None, exclusion_reason="",
                  shortfall=None, interval=None, score=None, scoring=None)  # fmt: skip


def _known_before(before: Scorecard | None, rated: Rated) -> bool:
    """Whether the previous level may be told: it is not hidden in the public card of then."""
    if before is None:
        return False
    then = before.ratings.get((rated.id, rated.entity) if rated.entity else rated.id)
    return then is not None and then.reason is not Reason.SUPPRESSED


def _said(told: Explanation, levels: Mapping[str, Rag]) -> str:
    """One plain sentence: what it is, when, the level, value and target."""
    level = levels[told.rag]
    when = f", {parse_period(told.period).label}" if told.period else ""
    entity = f", {told.entity}" if told.entity else ""
    head = f"{level.label}: {told.reason}." if told.reason else f"{level.label}."
    if told.reason == _HIDDEN:
        rest = "too few to publish"
    elif told.kind == "action":
        rest = told.status or "not reported"
    elif told.value is None:
        rest = told.reason or "not reported"
    else:
        rest = amount(Fraction(told.value), told.unit, told.decimals)
    return f"{head} {told.title} ({told.area}){entity}{when}: {rest}."


class _Areas:
    """The areas of the public card: a level is shown only where it does not give a hidden child away."""

    def __init__(self, rules: Rules, card: Scorecard, public: ByKey[Rated], before: Scorecard | None) -> None:
        self.rules, self.card, self.public, self.before = rules, card, public, before
        self.done: dict[Key, AreaRating] = {}
        self.decider = Decider(card.scale)
        self.scored = scored_areas(rules)

    def made(self) -> tuple[dict[Key, AreaRating], AreaRating]:
        by_key = {(area.id, area.entity): area for area in self.card.areas.values()}
        order = {area: n for n, area in enumerate(children_first(self.rules))}
        for key in sorted(by_key, key=lambda key: (order.get(key[0], -1), key[1] or "")):
            self.done[key] = self.area(by_key[key], self.rules.rollup_of(key[0]))
        return {key: self.done[key] for key in by_key}, self.area(self.card.programme, self.rules.rollup)

    def area(self, area: AreaRating, policy: RollupPolicy) -> AreaRating:
        children = [self.child(child, area.entity) for child in area.children]
        if area.id in self.scored:
            return self.scored_area(area, children)
        decided = self.decider.of(policy, children)
        decision = decided.decision
        lines = tuple(evolve(line, evidence="") for line in area.overrides)
        changed = evolve(
            area,
            children=tuple(child_line(child, policy) for child in children),
            counts=decided.counts,
            overrides=lines,
        )
        if not self.known_before(area):
            changed = evolve(changed, previous=None, previous_period=None, movement=None)
        hidden = [n for n, child in enumerate(children) if child.reason is Reason.SUPPRESSED]
        if hidden and self.gives_away(area, policy, children, hidden):
            return _hidden_area(changed)
        if hidden and policy.limits:
            # what a cap takes off a level may tell of the child that is hidden
            changed = evolve(changed, computed=area.adjusted, limits=())
        if hidden and decision.rag != area.adjusted:
            return evolve(changed, why="", score=None, rules=(), deciding=(), among_others=False)
        return evolve(changed, why=decision.why, score=decision.score, rules=decision.rules,
                      limits=() if hidden else decision.limits,
                      deciding=tuple(child.id for child in decided.deciding.children),
                      among_others=decided.deciding.among_others)  # fmt: skip

    def scored_area(self, area: AreaRating, children: list[Child]) -> AreaRating:
        """An area that rolls up scores: hidden with any of its children, and without its score with any of theirs."""
        lines = []
        for line, child in zip(area.children, children, strict=True):
            shown = line.points is None or self.shows_score(child, area.entity)
            lines.append(ChildLine(child.id, child.title, child.rag, child.reason, child.critical, child.weight,
                                   line.points if shown else None))  # fmt: skip
        changed = evolve(
            area,
            children=tuple(lines),
            counts=level_counts(children, self.card.scale),
            overrides=tuple(evolve(line, evidence="") for line in area.overrides),
        )
        if not self.known_before(area):
            changed = evolve(changed, previous=None, previous_period=None, movement=None)
        if any(child.reason is Reason.SUPPRESSED for child in children):
            return _hidden_area(changed)
        if any(line.points != own.points for line, own in zip(area.children, lines, strict=True)):
            return evolve(changed, score=None, deciding=(), among_others=False)
        return changed

    def shows_score(self, child: Child, entity: str | None) -> bool:
        """Whether the public card tells the score of a child."""
        subject, _, of = child.id.partition(", ")
        if subject in self.rules.areas:
            area = self.done.get((subject, entity))
            return area is not None and area.score is not None
        owner = of or entity
        rated = self.public.get((subject, owner) if owner else subject)
        return rated is not None and rated.explanation.score is not None

    def child(self, child: ChildLine, entity: str | None) -> Child:
        """A child with its public level, and its weight."""
        subject, _, of = child.id.partition(", ")
        owner = of or entity
        if subject in self.rules.areas:
            area = self.done.get((subject, entity))
            level, reason = (child.rag, child.reason) if area is None else (area.rag, area.reason)
            return Child(child.id, level, child.critical, title=child.title, reason=reason)
        rule = self.rules.kpis.get(subject) or self.rules.actions[subject]
        rated = self.public.get((subject, owner) if owner else subject)
        level, reason = (child.rag, child.reason) if rated is None else (rated.rag, rated.reason)
        return Child(child.id, level, child.critical, exact(rule.weight), child.title, reason)

    def gives_away(self, area: AreaRating, policy: RollupPolicy, children: list[Child], hidden: list[int]) -> bool:
        """Whether the area's level would be another, were a hidden child at another level: then it tells of it."""
        overrides = [_override(area.id, line) for line in area.overrides if line.live]
        for n in hidden:
            for level in (*self.card.scale, GREY):
                tried = [child.with_level(level) if k == n else child for k, child in enumerate(children)]
                made = decide(policy, self.card.scale, tried).rag
                if agreed(made, overrides, self.card.as_at, self.card.scale) != area.rag:
                    return True
        return False

    def known_before(self, area: AreaRating) -> bool:
        if self.before is None:
            return False
        then = self.before.areas.get((area.id, area.entity) if area.entity else area.id)
        return then is not None and then.reason is not Reason.SUPPRESSED


def _hidden_area(area: AreaRating) -> AreaRating:
    """An area whose level would tell of a child that is hidden."""
    return evolve(area, rag=GREY, computed=GREY, adjusted=GREY, reason=Reason.SUPPRESSED, why="", score=None, rules=(),
                  limits=(), deciding=(), among_others=False, overrides=(), previous=None, previous_period=None,
                  movement=None, published=None,
                  children=tuple(evolve(child, points=None) for child in area.children))  # fmt: skip


def _override(subject: str, line: OverrideLine) -> Override:
    return Override(subject, line.effect, line.level, date.fromisoformat(line.start), date.fromisoformat(line.until),
                    line.reason, line.authority, place=Place(""))  # fmt: skip


def public_cards(rules: Rules, cards: Sequence[Scorecard], previous: Scorecard | None = None) -> tuple[Scorecard, ...]:
    """The public cards of periods that follow each other.

    ``previous`` is what the last one is compared with, where that is another than the one before it.
    """
    made: list[Scorecard] = []
    for n, card in enumerate(cards):
        before = made[-1] if made else None
        if previous is not None and n == len(cards) - 1:
            before = public_card(rules, previous)
        made.append(public_card(rules, card, before))
    return tuple(made)


def suppression_notes(rules: Rules) -> tuple[str, ...]:
    """What the public edition hides, in words for its readers."""
    kpis = [own for kpi in rules.kpis.values() for own in (kpi, *kpi.entities.values()) if own.suppress_below]
    if not kpis:
        return ("No measure has a rule for small numbers: nothing is hidden for being small.",)
    least, most = min(k.suppress_below or 0 for k in kpis), max(k.suppress_below or 0 for k in kpis)
    numbers = f"below {least}" if least == most else f"below {least} to {most}"
    zero = "0 is hidden too" if all(k.suppress_zero for k in kpis) else "0 is shown"
    said = [f"To protect people, counts {numbers} are not shown ({zero}), nor are figures that would give them away."]
    steps = sorted({kpi.round_to for kpi in kpis if kpi.round_to})
    if steps:
        said.append(
            f"Counts are rounded to the nearest {', '.join(map(str, steps))}; totals are sums of what is printed."
        )
    return tuple(said)
