"""Which rows of a scorecard a board must read, and why each is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from attrs import frozen

from ..rating.facts import Change, Movement
from ..rating.needed import days_phrase
from ..rating.phrases import long_date, plural
from ..terms import Rag
from .area_rating import AreaRating
from .brief import brief_of
from .card import Card, Rated
from .rows import Key

__all__ = ["ExceptionRow", "exception_grounds", "exception_rows"]

#: a target date so near counts as at risk while its row is not at the best level
_NEAR = timedelta(days=28)

_BACKWARDS = frozenset({Change.WORSENED, Change.NO_LONGER_RATED})

#: of the entities of one KPI or area, the worst so many are named
_MOST_NAMED = 10


@frozen
class ExceptionRow:
    """One row of the exception report.

    Attributes:
        kind: area, kpi or action.
        entity: None for what is rated by entity too: one row says how many of them are in, and names the worst ten.
        rag: of what is rated by entity, the worst of those that are in.
        why: each ruling on which it is in: progress, off target, at risk, deteriorated.
    """

    id: str
    kind: str
    area: str
    title: str
    entity: str | None
    rag: Rag
    previous: Rag | None
    movement: Movement | None
    why: tuple[str, ...]


def exception_grounds(card: Card) -> dict[Key, tuple[str, ...]]:
    """Why each row is in, those of entities by themselves."""
    found: dict[Key, tuple[str, ...]] = {}
    for area in card.areas.values():
        found[area.id, area.entity] = tuple(_of_area(card, area))
        for rating in card.of_area(area.id, area.entity):
            found[rating.id, rating.entity] = tuple(_of_rating(card, rating))
    return {key: grounds for key, grounds in found.items() if grounds}


def exception_rows(card: Card) -> list[ExceptionRow]:
    """Rows at the worst level, with progress and evidence for it, with a date at risk, or that deteriorated."""
    grounds = exception_grounds(card)
    by_entity = _by_entity(card)
    whole = {rating.id for rating in card.ratings.values() if rating.entity is None} | {*card.areas}
    only: dict[str, list[str]] = {}
    for subject in by_entity.keys() - whole:
        only.setdefault(subject.partition(".")[0], []).append(subject)
    rows: list[ExceptionRow] = []
    for area in card.areas.values():
        if area.entity is not None:
            continue
        rows += _rows(card, area, "area", area.id, grounds, by_entity)
        for rating in card.of_area(area.id):
            rows += _rows(card, rating, brief_of(rating).kind, area.id, grounds, by_entity)
        for subject in sorted(only.get(area.id, ())):
            rows += _of_entities(card, by_entity[subject], grounds)
    return rows


def _rows(
    card: Card,
    rated: Rated | AreaRating,
    kind: str,
    area: str,
    grounds: Mapping[Key, tuple[str, ...]],
    by_entity: Mapping[str, Sequence[Rated | AreaRating]],
) -> Iterator[ExceptionRow]:
    why = grounds.get((rated.id, None), ())
    if why:
        yield ExceptionRow(rated.id, kind, area, rated.title, None, rated.rag, rated.previous, rated.movement, why)
    yield from _of_entities(card, by_entity.get(rated.id, ()), grounds)


def _by_entity(card: Card) -> dict[str, list[Rated | AreaRating]]:
    """What is rated by entity, by its id."""
    found: dict[str, list[Rated | AreaRating]] = {}
    every: list[Rated | AreaRating] = [*card.areas.values(), *card.ratings.values()]
    for rated in every:
        if rated.entity is not None:
            found.setdefault(rated.id, []).append(rated)
    return found


def _of_entities(
    card: Card, rated: Sequence[Rated | AreaRating], grounds: Mapping[Key, tuple[str, ...]]
) -> Iterator[ExceptionRow]:
    """One row for the entities of a KPI or an area that are in: on each ruling how many, and the worst of them."""
    within: dict[str, list[Rated | AreaRating]] = {}
    for one in rated:
        for ruling in grounds.get((one.id, one.entity), ()):
            within.setdefault(ruling.partition(":")[0], []).append(one)
    red = [one for one in rated if one.rag == card.scale.worst]
    if red:
        # however else they are in
        within["off target"] = red
    if not within:
        return
    why = []
    for ruling, several in within.items():
        worst = sorted(several, key=_badness)
        names = ", ".join(f"{one.entity} ({one.rag.label})" for one in worst[:_MOST_NAMED])
        more = f" and {len(worst) - _MOST_NAMED:,} more" if len(worst) > _MOST_NAMED else ""
        why.append(f"{ruling}: {len(worst):,} of {len(rated):,} by entity, {names}{more}")
    first = min((one for several in within.values() for one in several), key=_badness)
    kind = "area" if isinstance(first, AreaRating) else brief_of(first).kind
    yield ExceptionRow(first.id, kind, first.id.partition(".")[0], first.title, None, first.rag, None, None, tuple(why))


def _badness(rated: Rated | AreaRating) -> tuple[int, Fraction, str]:
    """Worst level first, then the farthest from its target."""
    short = Fraction(0)
    told = None if isinstance(rated, AreaRating) else brief_of(rated).shortfall
    if told is not None:
        short = Fraction(told)
    return rated.rag.rank, -short, rated.entity or ""


def _of_area(card: Card, area: AreaRating) -> Iterator[str]:
    if area.movement is not None and area.movement.change in _BACKWARDS:
        yield _deteriorated(area.previous, area.rag)
    elif area.rag == card.scale.worst:
        yield f"off target: {_how_long(area.rag, area.previous)}"


def _of_rating(card: Card, rating: Rated) -> Iterator[str]:
    explained = brief_of(rating)
    best, worst = card.scale.best, card.scale.worst
    movement = rating.movement
    is_open = not rating.rag.is_grey and rating.rag != best and explained.status != "complete"
    risk = _risk(card, rating) if is_open else ""
    back = movement is not None and movement.change in _BACKWARDS
    if explained.evidence and (_forward(movement) or rating.rag == best or explained.status == "complete"):
        yield f"progress, with evidence: {explained.evidence}"
    if risk:
        yield f"at risk: {risk}"
    elif rating.rag == worst and not back:
        late = f", {days_phrase(explained.days_late)}" if explained.days_late else ""
        yield f"off target: {_how_long(rating.rag, rating.previous)}{late}"
    if back:
        yield _deteriorated(rating.previous, rating.rag)


def _how_long(level: Rag, previous: Rag | None) -> str:
    return f"{level.label}, as in the period before" if previous == level else level.label


def _deteriorated(previous: Rag | None, now: Rag) -> str:
    before = previous.label if previous is not None else "rated"
    return f"deteriorated: {before} to {now.label}"


def _forward(movement: Movement | None) -> bool:
    return movement is not None and movement.change is Change.IMPROVED


def _risk(card: Card, rating: Rated) -> str:
    """Why a date is at risk: the action's due date, or the date by which a KPI should meet its target."""
    explained = brief_of(rating)
    due = explained.due_day
    if due is None:
        return ""
    far = due > card.as_at + _NEAR
    if far and explained.kind == "kpi" and rating.rag != card.scale.worst:
        return ""
    left = (due - card.as_at).days
    when = "passed" if left < 0 else "is today" if left == 0 else f"is {plural(left, 'day')} away"
    what = "due date" if explained.kind == "action" else "target date"
    progress = explained.status or rating.rag.label
    return f"{what} {long_date(due)} {when}, {progress}"
