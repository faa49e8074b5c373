"""A rule explained on a day: its bands, its graces, its way through time, and where each key comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import frozen

from ...bands import BandTable
from ...number import exact, text
from ...rating.certainty import confidence_text
from ...rating.explanation import BandLine, band_lines
from ...rating.phrases import amount, due_text, long_date, plural
from ...rating.rating import Rating
from ...rulebook.action import Action
from ...rulebook.compile import latest_day, printed
from ...rulebook.grace import Grace, live_on
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...rulefile.provenance import Origins
from ...ruling import Ruling, ruling_on, rulings_of
from ...terms import Direction, Rag, Status
from ..drawing.strip import Strip, StripMark, days_strip, formula_strip, kpi_strip, side_by_side
from .graces import GraceOnDay, action_graces, kpi_graces, open_levels
from .level_tables import OF_TARGET, level_table, relative_target
from .rule_words import WAY, bands_in_words
from .settings import Setting, action_settings, kpi_settings
from .timeline import Stretch, action_timeline, kpi_timeline

__all__ = ["RuleExplanation", "explain_action", "explain_kpi", "rating_graces", "rating_strips"]

_A_HUNDRED = Fraction(100)
#: how the day was chosen that nobody named
_LATEST = "the latest form of the rule, after every dated change (--at DAY for another)"
_UNDATED = "The rule is not dated: it is the same on every day."
_RELATIVE = "in % of the target, which comes with each measurement"
_EVERY_DAY = "Every day is below; --at DAY says which graces are live on one."


@frozen
class RuleExplanation:
    """A KPI's or an action's rule on a day.

    Attributes:
        day: the day that is looked at; None where nobody named one and the rule has none.
        why_day: how it was chosen, or why there is none, where nobody named it.
        says: the rule in words, a sentence each.
        bands: by the rule, over printed values; over per cent of the target where only the data know that.
        graced_bands: with every live grace granted; empty where that changes nothing.
        why_no_bands: why there are none.
        strips: what is drawn, the rule's own bands first.
    """

    id: str
    kind: str
    title: str
    area: str
    entity: str
    file: str
    line: int
    edition: str
    fingerprint: str
    day: date | None
    why_day: str
    says: tuple[str, ...]
    bands: tuple[BandLine, ...]
    graced_bands: tuple[BandLine, ...]
    why_no_bands: str
    graces: tuple[GraceOnDay, ...]
    timeline: tuple[Stretch, ...]
    settings: tuple[Setting, ...]
    strips: tuple[Strip, ...]


def explain_kpi(
    rules: Rules,
    kpi: Kpi,
    origins: Origins,
    on: date | None = None,
    entity: str | None = None,
    data_target: Fraction | None = None,
) -> RuleExplanation:
    """A KPI's rule on a day, or in its latest form; for an entity its own where it has one."""
    own = kpi.for_entity(entity)
    dated = len(list(rulings_of(rules, own))) > 1
    looked_at = latest_day(own) if on is None else on
    ruling = ruling_on(rules, own, looked_at).with_target(data_target)
    relative = relative_target(ruling)
    target = _A_HUNDRED if relative else data_target
    ruling = ruling.with_target(target)
    unit = OF_TARGET if relative else own.unit
    strips = kpi_strips(ruling.as_printed, None, relative=relative)
    bands = [band_lines(strip.table) for strip in strips]
    return RuleExplanation(
        id=own.id,
        kind="kpi",
        title=own.title,
        area=_area_title(rules, own.area),
        entity=entity or "",
        file=own.file,
        line=own.line,
        edition=rules.edition,
        fingerprint=rules.fingerprint,
        day=looked_at if on is not None or dated else None,
        why_day="" if on is not None else (_LATEST if dated else _UNDATED),
        says=tuple(_kpi_says(rules, kpi, own, ruling, entity, None if relative else data_target)),
        bands=bands[0] if bands else (),
        graced_bands=bands[1] if len(bands) > 1 else (),
        why_no_bands="" if bands else _no_bands(ruling),
        graces=kpi_graces(ruling.as_printed, looked_at, None, unit),
        timeline=kpi_timeline(rules, own, target, unit),
        settings=kpi_settings(rules, kpi, entity, origins),
        strips=tuple(strips),
    )


def explain_action(rules: Rules, action: Action, origins: Origins, on: date | None = None) -> RuleExplanation:
    """An action's rule; on a day also which graces are live then."""
    live = [grace for grace in action.graces if on is not None and live_on(grace, on)]
    strips = action_strips(rules, action, on, live)
    due = due_text(action.due)
    says = [f"{due[0].upper()}{due[1:]}."]
    if action.warning is not None and action.due.day is not None:
        amber = rules.scale["amber"].label
        says.append(
            f"{amber} from {long_date(action.warning.before(action.due.day))}, {action.warning} before, while open."
        )
    done = rules.scale[action.complete].label
    says.append(f"Complete, it is {done}." if action.on_time else "Complete, it keeps the colour of its lateness.")
    if action.requires_evidence:
        says.append(f"Without evidence no better than {rules.scale['amber'].label}.")
    if action.rated_from is not None:
        says.append(f"Before {long_date(action.rated_from)} it is Grey, not due.")
    if action.due.day is None and action.formula is None:
        says.append("Open, it is Grey: no due date; the bands are those it will have.")
    return RuleExplanation(
        id=action.id,
        kind="action",
        title=action.title,
        area=_area_title(rules, action.area),
        entity="",
        file=action.file,
        line=action.line,
        edition=rules.edition,
        fingerprint=rules.fingerprint,
        day=on,
        why_day="" if on is not None else _EVERY_DAY,
        says=tuple(says),
        bands=band_lines(strips[0].table),
        graced_bands=band_lines(strips[1].table) if len(strips) > 1 else (),
        why_no_bands="",
        graces=action_graces(rules, action, on, None),
        timeline=action_timeline(rules, action),
        settings=action_settings(rules, action, origins),
        strips=tuple(strips),
    )


def kpi_strips(
    ruling: Ruling,
    value: Fraction | None,
    *,
    relative: bool = False,
    granted: Sequence[Grace] | None = None,
) -> list[Strip]:
    """The rule's own bands and, where graces change them, those under the granted ones: every live one if not said."""
    graces = ruling.live if granted is None else granted
    table = level_table(ruling)
    if table is None:
        return []
    target = None if ruling.kpi.words else ruling.target
    kpi = ruling.kpi

    def strip(of: BandTable[Rag], caption: str) -> Strip:
        if relative:
            return formula_strip(of, unit="%", caption=f"{caption}, {_RELATIVE}" if caption else f"I{_RELATIVE[1:]}")
        return kpi_strip(kpi, of, value, target, caption)

    graced = level_table(ruling, graces)
    if graced is None or graced == table:
        return [strip(table, "")]
    names = " and ".join(grace.name for grace in graces)
    return side_by_side([strip(table, "By the rule"), strip(graced, f"Under grace, while it is live: {names}")])


def action_strips(rules: Rules, action: Action, at: date | None, granted: Sequence[Grace]) -> list[Strip]:
    """The bands of an open action, over its formula or the days it is late; then under graces that change them."""
    table = ruling_on(rules, action, date.min if at is None else at).table
    assert table is not None
    if action.formula is not None:
        return [formula_strip(table, caption=f"Over {action.formula.text}")]
    strips = [days_strip(table, action.due.day, at, "While it is open")]
    own, graced = open_levels(rules, action), open_levels(rules, action, granted)
    if own is not None and graced is not None and graced != own:
        names = " and ".join(grace.name for grace in granted)
        strips.append(days_strip(graced, action.due.day, at, f"Under grace, while it is live: {names}"))
    return side_by_side(strips)


def rating_strips(rating: Rating) -> list[Strip]:
    """What there is to draw of a rating: its bands with the value on them, then those under the granted graces."""
    ruling, facts = rating.outcome.ruling, rating.facts
    if ruling.is_action:
        action = ruling.action
        if action.formula is not None and facts.table is not None and facts.value is not None:
            marks = [StripMark(facts.value, text(facts.value))]
            return [formula_strip(facts.table, marks, caption=f"Over {action.formula.text}")]
        if facts.value is None or facts.table is None:
            return []
        if facts.status == Status.COMPLETE:
            return [days_strip(facts.table, action.due.day, facts.completed_on)]
        at = rating.period.end if rating.period else None
        return action_strips(ruling.rules, action, at, rating.outcome.granted)
    value = None if facts.value is None else printed(facts.value, ruling.kpi)
    return kpi_strips(ruling.as_printed, value, granted=rating.outcome.granted)


def rating_graces(rating: Rating, on: date | None) -> tuple[GraceOnDay, ...]:
    """Every grace that the rule of a rating opts into, on its day, granted or refused."""
    ruling, applied = rating.outcome.ruling, rating.outcome.graces
    if ruling.is_action:
        return action_graces(ruling.rules, ruling.action, on, applied)
    looked_at = ruling if on is None else ruling_on(ruling.rules, ruling.kpi, on).with_target(ruling.data_target)
    return kpi_graces(looked_at.as_printed, on or _day_of(ruling), applied, ruling.kpi.unit)


def _day_of(ruling: Ruling) -> date:
    """A day of the era that a rating rests on."""
    return ruling.era.end if ruling.era.start == date.min else ruling.era.start


def _area_title(rules: Rules, area: str) -> str:
    return rules.areas[area].title if area in rules.areas else area


def _kpi_says(
    rules: Rules, kpi: Kpi, own: Kpi, ruling: Ruling, entity: str | None, data_target: Fraction | None
) -> Iterator[str]:
    if entity is not None:
        has = entity in kpi.entities
        yield f"{entity} has a rule of its own." if has else f"{entity} has no rule of its own: this is the KPI's."
    parts = [WAY[own.direction]] if own.direction is not None else ["each word stands for a level"]
    parts += bands_in_words(ruling.with_target(data_target)).values()
    joined = "; ".join(parts)
    yield f"{joined[0].upper()}{joined[1:]}."
    if own.decimals is not None:
        yield f"Values are judged as printed, rounded half-up to {plural(own.decimals, 'decimal')}."
    if own.basis != "stated" and ruling.target is not None:
        yield f"The target is {own.basis}{': ' + own.rationale.rstrip('.') if own.rationale else ''}."
    if own.persistence > 1:
        yield f"A worse level is adopted after {own.persistence} periods in a row."
    if own.requires_evidence:
        yield f"Without evidence no better than {rules.scale['amber'].label}."
    if own.minimum_n is not None:
        yield f"Fewer than {own.minimum_n} cases: Grey, small numbers."
    if own.confidence is not None and own.compare is None:
        yield f"Beside the value: its {confidence_text(own.confidence)} interval, and the levels that it permits."
    if own.score is not None:
        yield f"Beside the level: its score, {own.score}."
    if own.valid is not None:
        ends = (("Below", own.valid.min), ("above", own.valid.max))
        outside = " or ".join(f"{way} {amount(exact(at), own.unit)}" for way, at in ends if at is not None)
        yield f"{outside[0].upper()}{outside[1:]}: Grey, invalid."


def _no_bands(ruling: Ruling) -> str:
    """Why nothing is drawn."""
    kpi = ruling.kpi
    if ruling.not_due and kpi.rated_from is not None:
        return f"it is Grey, not due: rated from {long_date(kpi.rated_from)}"
    if kpi.direction is Direction.MONITOR:
        return "it is monitored: reported, and never rated"
    if ruling.needs_target:
        return "its target comes with each measurement: --target NUMBER shows the bands of one"
    return "there is no target: every value is Grey, no target"
