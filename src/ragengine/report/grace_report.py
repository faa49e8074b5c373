"""The review of graces and overrides as blocks: what to decide, then what each did, and what rests on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..document.blocks import Block, Grid, Heading, Paragraph, bullets
from ..number import text
from ..rating.phrases import grace_effect, long_date, plural
from ..terms import Rag
from .wording import level_words

if TYPE_CHECKING:
    from ..workbench.governance.debt import AreaDebt, ExceptionDebt, LevelDebt
    from ..workbench.governance.review import BudgetUse, GraceEntry, GraceReview, OverrideEntry
    from ..workbench.governance.use import Use

__all__ = ["grace_report"]

_UNKNOWN = (
    "Without data it is not known how often a grace fired, what it changed, whether it is still needed, which "
    "overrides there are, and what rests on them all: give the data with --data."
)


def grace_report(review: GraceReview) -> list[Block]:
    """The whole review as blocks."""
    blocks: list[Block] = [Heading(f"{review.title}: grace and overrides"), Paragraph(_as_at(review))]
    if review.period is None:
        blocks.append(Paragraph(_UNKNOWN))
    todo = list(_to_decide(review))
    blocks += [Heading("To decide", 2), *bullets(todo)] if todo else []
    blocks += [Heading("Graces", 2), *_graces(review)]
    if review.period is not None:
        blocks += [Heading("Overrides", 2), *_overrides(review)]
    if review.debt is not None:
        blocks += [Heading("Exception debt", 2), *_debt(review.debt)]
    if review.budget is not None:
        blocks += [Heading("Grace budget", 2), *bullets(list(_budget(review.budget)))]
    if review.graces:
        blocks.append(Heading("Each grace", 2))
    for grace in review.graces:
        blocks += [Heading(grace.name, 3), *bullets(list(_grace_details(grace, review)))]
    if review.overrides:
        blocks.append(Heading("Each override", 2))
    for override in review.overrides:
        blocks += [Heading(_override_name(override), 3), *bullets(list(_override_details(override, review)))]
    return blocks


def _as_at(review: GraceReview) -> str:
    said = f"As at {long_date(review.as_at)}. Edition {review.edition}, rules {review.fingerprint[:12]}."
    if review.period is None:
        return said
    first, last = review.periods[0], review.periods[-1]
    labels = last.label if first == last else f"{first.label} to {last.label}"
    return f"{said} What each did is counted on {plural(len(review.periods), 'scorecard')}: {labels}."


# what to decide


def _to_decide(review: GraceReview) -> Iterator[str]:
    """What somebody with authority should look at, a line for each kind."""
    # a grace that nobody opts into ends for nobody
    entries: list[tuple[str, GraceEntry | OverrideEntry]] = [(g.name, g) for g in review.graces if g.opted_in]
    entries += [(f"override of {_subject(override)}", override) for override in review.overrides]

    def in_state(state: str) -> list[str]:
        return [f"{name} ({_left(entry)})" for name, entry in entries if entry.state == state]

    unused = [name for name, entry in entries if entry.use and not entry.use.fired and entry.state != "not begun"]
    idle = [
        f"{name} ({_idle(entry.use)})"
        for name, entry in entries
        if entry.use and entry.use.fired and not entry.use.needed and entry.state in ("live", "expiring")
    ]
    opted_out = [grace.name for grace in review.graces if not grace.opted_in]
    lists = (
        ("Over within 60 days", in_state("expiring")),
        ("Expired, and still opted into", in_state("expired")),
        ("Lapsed, and not applied", in_state("lapsed")),
        ("Never fired", unused),
        ("In force, and changing nothing now", idle),
        ("No KPI or action opts into", [*opted_out, *review.unread]),
    )
    for said, names in lists:
        if names:
            yield f"{said}: {', '.join(names)}."
    if review.budget is not None and (review.budget.over_periods or review.budget.over_share):
        yield "The book's grace budget is exceeded: see below."


def _idle(use: Use) -> str:
    return f"last needed in {use.last_needed.label}" if use.last_needed else "it never did"


def _left(entry: GraceEntry | OverrideEntry) -> str:
    """How long it lasts, or how long until it begins, in words."""
    left = entry.days_left
    if entry.state == "not begun":
        return f"begins in {plural(entry.days_to_start, 'day')}"
    if left < 0:
        return f"{plural(-left, 'day')} ago"
    return f"{plural(left, 'day')} left" if left else "last day"


def _state(entry: GraceEntry | OverrideEntry) -> str:
    return f"{entry.state}{' ' if entry.days_left < 0 else ', '}{_left(entry)}"


def _needed(entry: GraceEntry | OverrideEntry) -> str:
    use = entry.use
    if use is None or entry.state == "not begun":
        return "—"
    if use.needed:
        return "yes"
    if use.last_needed is None:
        return "no, never"
    return f"no, since {use.not_needed_since.label}" if use.not_needed_since else "no"


def _changes(use: Use) -> str:
    said = [f"{change.times} {change.before.label} to {change.after.label}" for change in use.changes]
    return ", ".join(said) or "—"


# the registers


def _graces(review: GraceReview) -> list[Block]:
    if not review.graces:
        return [Paragraph("The rules have no grace." if not review.unread else "No grace is opted into.")]
    if review.period is None:
        rows = [(g.name, _state(g), g.grace.until.isoformat(), str(len(g.opted_in))) for g in review.graces]
        return [Grid(("Grace", "State", "Until", "Opted in"), tuple(rows))]
    used = [(g.name, _state(g), g.grace.until.isoformat(), *_did(g)) for g in review.graces]
    return [Grid(("Grace", "State", "Until", "Fired", "Changed", "Needed"), tuple(used))]


def _did(entry: GraceEntry | OverrideEntry) -> tuple[str, str, str]:
    use = entry.use
    return ("—", "—", "—") if use is None else (str(use.fired), _changes(use), _needed(entry))


def _overrides(review: GraceReview) -> list[Block]:
    if not review.overrides:
        return [Paragraph("The data have no override.")]
    rows = [(_override_name(o), _state(o), o.override.until.isoformat(), *_did(o)) for o in review.overrides]
    return [Grid(("Override", "State", "Until", "Fired", "Changed", "Needed"), tuple(rows))]


def _subject(entry: OverrideEntry) -> str:
    override = entry.override
    return override.subject if override.entity is None else f"{override.subject}, {override.entity}"


def _override_name(entry: OverrideEntry) -> str:
    override = entry.override
    effect = "" if override.effect == "rag" else f"{override.effect.replace('_', ' ')} "
    return f"{_subject(entry)}: {effect}{override.level}"


# exception debt


def _debt(debt: ExceptionDebt) -> list[Block]:
    if not debt.departures:
        return [Paragraph("No level rests on a grace or an override, and none is held back by one.")]
    shown = [area for area in debt.areas if area.departs]
    rows = [_debt_row(area, area.title) for area in shown]
    others = len(debt.areas) - len(shown)
    rows.append(_debt_row(debt.total, f"All {len(debt.areas)} areas" if len(debt.areas) > 1 else "The area"))
    levels = [level.level.label for level in debt.total.levels]
    blocks: list[Block] = [
        Paragraph(f"{_sentence(debt.total)} The last column is the area's level without any grace or override."),
        Grid(("Area", *levels, "Held back", "Set aside", "Level", "Without"), tuple(rows)),
    ]
    if others:
        blocks.append(Paragraph(f"The other {plural(others, 'area')} would be the same."))
    departures = [
        (
            found.id if found.entity is None else f"{found.id}, {found.entity}",
            level_words(found.rag),
            level_words(found.without),
            str(found.how),
            "; ".join(found.by) or ("its children" if found.kind == "area" else "relief of earlier periods"),
        )
        for found in debt.departures
    ]
    blocks.append(Grid(("Rating or area", "Level", "Without", "How", "By"), tuple(departures)))
    return blocks


def _sentence(total: AreaDebt) -> str:
    said = [
        f"{level.resting} of {plural(level.ratings, f'{level.level.label} rating')} ({_share(level)})"
        if level.ratings
        else f"no {level.level.label} rating"
        for level in total.levels
    ]
    return f"On grace or an override rest {' and '.join(said)}."


def _share(level: LevelDebt) -> str:
    return "—" if level.share is None else f"{text(level.share * 100, 0)}%"


def _debt_row(area: AreaDebt, name: str) -> tuple[str, ...]:
    levels = [_counted(level) for level in area.levels]
    return (name, *levels, str(area.held_back), str(area.set_aside), level_words(area.rag), level_words(area.without))


def _counted(level: LevelDebt) -> str:
    return f"{level.resting} of {level.ratings}" + (f" ({_share(level)})" if level.resting else "")


# the budget


def _budget(used: BudgetUse) -> Iterator[str]:
    budget, most = used.budget, used.most
    if budget.periods is not None:
        who = f" ({', '.join(used.longest)})" if used.longest else ""
        said = "over it" if used.over_periods else "within it"
        yield f"Months under grace: at most {budget.periods} for one measure; the most is {used.months}{who}: {said}."
    if budget.share is not None and most is not None:
        share = text(budget.share * 100)
        own = f"{most.count} of {most.measures} on {long_date(most.day)}"
        said = "over it" if used.over_share else "within it"
        yield f"Measures under grace on one day: at most {share}%; the most from here on is {own}: {said}."


# each in full


def _grace_details(entry: GraceEntry, review: GraceReview) -> Iterator[str]:
    grace = entry.grace
    span = f"{long_date(grace.start)} to {long_date(grace.until)}"
    yield f"{grace_effect(grace)}, {span}: {_state(entry)}. {entry.place}"
    yield f"Reason: {grace.reason}"
    yield f"Authority: {grace.authority}"
    if grace.when is not None:
        yield f"Only when: {grace.when.text}"
    if grace.evidence:
        yield f"Evidence: {grace.evidence}"
    yield f"Opted in: {'; '.join(entry.opted_in) or 'nobody'}"
    if entry.use is not None:
        yield from _use_details(entry.use, "granted", review)


def _override_details(entry: OverrideEntry, review: GraceReview) -> Iterator[str]:
    override = entry.override
    yield f"{long_date(override.start)} to {long_date(override.until)}: {_state(entry)}. {override.place}"
    yield f"Reason: {override.reason}"
    yield f"Authority: {override.authority}"
    if override.release_when:
        yield f"Released when: {override.release_when}"
    if override.evidence:
        yield f"Evidence: {override.evidence}"
    yield from _use_details(entry.use, "in force", review)


def _use_details(use: Use, did: str, review: GraceReview) -> Iterator[str]:
    if use.fired and use.last_fired is not None:
        changed = f"it changed {_changes(use)}" if use.changes else "it changed nothing"
        yield f"{did.capitalize()} on {plural(use.fired, 'rating')}, last in {use.last_fired.label}; {changed}"
    else:
        yield f"Never {did}"
    yield from (f"Not granted on {plural(times, 'rating')}: {why}" for why, times in use.refused)
    if use.needed and review.period is not None:
        otherwise = [_without(found.id, found.entity, found.without) for found in use.needed]
        yield f"Without it, in {review.period.label}: {', '.join(otherwise)}"
    elif use.last_needed is not None:
        yield f"Last needed in {use.last_needed.label}"
    elif use.fired:
        yield "Without it every level would have been the same"


def _without(subject: str, entity: str | None, level: Rag) -> str:
    return f"{subject if entity is None else f'{subject}, {entity}'} {level_words(level)}"
