"""What a target was made from, in words and as an explanation holds it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import frozen

from ..number import exact, text
from ..rulebook.kpi import Kpi
from ..rulebook.measure import RelativeTarget, Width
from ..statistics import PeerPlace
from .facts import Facts
from .phrases import gap, line
from .reference import Reference, Taken

__all__ = ["ReferenceLine", "TakenLine", "reference_line", "reference_text", "source_text"]


@frozen
class TakenLine:
    """A row that a target rests on: exact number; rank among the entities from 1 for the lowest value."""

    period: str
    entity: str
    value: str
    rank: int | None


@frozen
class ReferenceLine:
    """What a row's target was made from: exact numbers.

    Attributes:
        source: what the rows are to each other: ``mean of 3``, ``median of entities``.
        rows: the periods taken, the latest first, or the entities on either side of a quantile.
        of: how many entities were measured; ``total`` is the sum of their values where their mean is taken, and
            ``share`` the share of them that lies below a quantile.
        reference: what the rows give; ``change`` is added to it, ``change_of`` is "reference" where that is per cent.
        place: this row's own among the entities, 1 for the best, which ``shared_by`` so many have.
        text: all of it in words, without the end of a sentence; ``brief`` is the same without the entities' values.
        why: there is no target, where there is none.
    """

    source: str
    rows: tuple[TakenLine, ...] = ()
    of: int | None = None
    total: str | None = None
    share: str | None = None
    reference: str | None = None
    change: str | None = None
    change_of: str = ""
    target: str | None = None
    place: int | None = None
    shared_by: int | None = None
    text: str = ""
    brief: str = ""
    why: str = ""


def _number(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def reference_line(facts: Facts, kpi: Kpi | None) -> ReferenceLine | None:
    """What a row's target was made from, as data; None where it was not made from other rows."""
    reference = facts.reference
    if reference is None or kpi is None:
        return None
    rule, place = reference.rule, reference.place
    return ReferenceLine(
        rule.source,
        tuple(TakenLine(str(each.period), each.entity, str(each.value), each.rank) for each in reference.rows),
        reference.of,
        _number(reference.total),
        _number(rule.share) if rule.of_entities else None,
        _number(reference.number),
        None if rule.change is None else str(exact(rule.change.amount)),
        "reference" if rule.change is not None and rule.change.of_target else "",
        _number(reference.target),
        None if place is None else place.rank,
        None if place is None else place.shared_by,
        reference_text(facts, kpi),
        _brief_text(facts, kpi),
        reference.why,
    )


_KINDS = {"previous": "the value of the period before", "year ago": "the value of the same period a year ago"}


def source_text(rule: RelativeTarget, unit: str) -> str:
    """What a rule makes its targets from: ``2 percentage points above the mean of the 3 periods before``."""
    said = _KINDS.get(rule.source)
    if said is None and rule.of_entities:
        said = f"{_kind_of_entities(rule)} of the period's entities"
    elif said is None:
        said = f"the {'best' if rule.best else 'mean'} of the {rule.periods} periods before"
    return f"{change_text(rule.change, unit)}{said}"


def _kind_of_entities(rule: RelativeTarget) -> str:
    """``the median``, ``quartile 1``."""
    kind = rule.source.removesuffix(" of entities")
    return kind if kind[-1].isdigit() else f"the {kind}"


def change_text(change: Width | None, unit: str) -> str:
    """How a target lies to what it is made from, before that: ``10% below``; empty where it is that itself."""
    if change is None or change.amount == 0:
        return ""
    amount = exact(change.amount)
    way = "above" if amount > 0 else "below"
    by = f"{text(abs(amount))}%" if change.of_target else gap(abs(amount), unit)
    return f"{by} {way} "


def made_text(facts: Facts, kpi: Kpi) -> str:
    """What a row's target was made from: ``2 percentage points above the value of June 2020 (84%)``; empty without."""
    reference = facts.reference
    if reference is None or reference.number is None:
        return ""
    return f"{change_text(reference.rule.change, kpi.unit)}{_rows_text(reference, reference.number, kpi.unit)}"


def _rows_text(reference: Reference, number: Fraction, unit: str) -> str:
    rule, rows = reference.rule, reference.rows
    shown = line(number, unit)
    if not rule.of_entities:
        if len(rows) == 1:
            return f"the value of {rows[0].period.label} ({shown})"
        kind = "best" if rule.best else "mean"
        return f"the {kind} ({shown}) of {_listed([f'{_of(each, unit)}' for each in rows])}"
    said = f"{_kind_of_entities(rule)} of {reference.of:,} entities ({shown})"
    if len(rows) == 2:
        said += f", between {_of(rows[0], unit)} and {_of(rows[1], unit)}"
    elif rows:
        said += f", that of {rows[0].entity}"
    return said


def _of(each: Taken, unit: str) -> str:
    return f"{each.entity or each.period.label} ({line(each.value, unit)})"


def _listed(said: Sequence[str]) -> str:
    return f"{', '.join(said[:-1])} and {said[-1]}"


def reference_text(facts: Facts, kpi: Kpi) -> str:
    """What a row's target was made from, and its own place: ``the median of 5 entities (85%); A is 2nd of 5``."""
    made, place = made_text(facts, kpi), place_text(facts)
    return "; ".join(filter(None, (made, place))) if made else ""


def _brief_text(facts: Facts, kpi: Kpi) -> str:
    """``the median of 5 entities; 2nd of 5``: other entities are not named."""
    reference = facts.reference
    if reference is None or reference.number is None or not reference.rule.of_entities:
        return made_text(facts, kpi)
    kind = f"{_kind_of_entities(reference.rule)} of {reference.of:,} entities"
    said = f"{change_text(reference.rule.change, kpi.unit)}{kind}"
    return said if reference.place is None else f"{said}; {_ordinal(reference.place)} of {reference.place.of:,}"


def place_text(facts: Facts) -> str:
    """The row's place among the entities: ``A is 2nd of 5``; empty where it is none of them."""
    place = facts.reference.place if facts.reference is not None else None
    if place is None:
        return ""
    return f"{facts.entity} is {_ordinal(place)} of {place.of:,}"


def _ordinal(place: PeerPlace) -> str:
    rank = place.rank
    ending = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{'joint ' if place.shared_by > 1 else ''}{rank:,}{ending}"
