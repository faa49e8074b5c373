"""Which rows of a scorecard the public must not see: small counts, and what would give them away.

Counts from 1 to below ``suppress_below`` are hidden, whichever count of the row they are: numerator, denominator, what
is left of it, exclusions, numbers of a formula, or a value that is itself a count. Where a total is shown, further rows
are hidden, the smallest first, until no hidden one can be worked out from the others: docs/decisions/0074.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from ..data.states import counted
from ..rating.rating import Rating
from ..rollup.rows import Key
from ..rollup.scorecard import Rated, Scorecard
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules

__all__ = ["hidden_of", "hidden_rows"]


def counts_of(rated: Rated, kpi: Kpi) -> dict[str, Fraction]:
    """Every count that a row rests on, by name; what it brings for a formula, too."""
    if not isinstance(rated, Rating):
        return {}
    given = rated.facts.given
    found: dict[str, Fraction] = {}
    if given is not None:
        numerator, denominator = given.numerator, counted(given)
        if isinstance(numerator, Fraction):
            found["numerator"] = numerator
        if isinstance(denominator, Fraction):
            found["denominator"] = denominator
        if isinstance(numerator, Fraction) and isinstance(denominator, Fraction):
            found["left"] = denominator - numerator
        if isinstance(given.excluded, Fraction) and given.excluded:
            found["excluded"] = given.excluded
        found |= {
            name: cell for name, cell in given.inputs.items() if name in kpi.inputs and isinstance(cell, Fraction)
        }
    if not found and rated.value is not None and kpi.unit != "%" and not kpi.words:
        found["value"] = rated.value
    return found


def is_small(count: Fraction, kpi: Kpi) -> bool:
    """Whether a count is one that is hidden."""
    assert kpi.suppress_below is not None
    if count == 0:
        return kpi.suppress_zero
    return abs(count) < kpi.suppress_below


def hidden_rows(rules: Rules, card: Scorecard) -> set[Key]:
    """The (id, entity) of each row that is hidden."""
    rows = [(rules.kpis[rated.id], rated) for rated in card.ratings.values() if rated.id in rules.kpis]
    rows = [(kpi, rated) for kpi, rated in rows if kpi.for_entity(rated.entity).suppress_below is not None]
    hidden: set[Key] = set()
    for _, of_one in groupby(sorted(rows, key=lambda row: row[0].id), key=lambda row: row[0].id):
        hidden |= _of_kpi([(kpi.for_entity(rated.entity), rated) for kpi, rated in of_one])
    return hidden


def _of_kpi(rows: Sequence[tuple[Kpi, Rated]]) -> set[Key]:
    counts = {(rated.id, rated.entity): counts_of(rated, kpi) for kpi, rated in rows}
    return hidden_of(counts, {(rated.id, rated.entity): kpi for kpi, rated in rows})


def hidden_of(counts: Mapping[Key, Mapping[str, Fraction]], kpis: Mapping[Key, Kpi]) -> set[Key]:
    """The hidden rows of one KPI in one period: primary ones, then as many as the total makes needful.

    Rows join the hidden ones by size, all of one size together, until these are at least two, and not alike in a count
    that is small. Where two of them change places the same rows are hidden and every total is the same: whoever knows
    the totals and these rules must still reckon with either.
    """
    hidden = {key for key, own in counts.items() if any(is_small(count, kpis[key]) for count in own.values())}
    total = next((key for key in counts if key[1] is None), None)
    if total is None or total in hidden or not counts[total]:
        return hidden
    parts = {key: own for key, own in counts.items() if key[1] is not None and own}
    while not _well_hidden({key: own for key, own in parts.items() if key in hidden}, kpis):
        left = [key for key in parts if key not in hidden and (_size(parts[key]) or kpis[key].suppress_zero)]
        if not left:
            return hidden | {total}
        least = min(_size(parts[key]) for key in left)
        hidden |= {key for key in left if _size(parts[key]) == least}
    return hidden


def _size(counts: Mapping[str, Fraction]) -> Fraction:
    return counts.get("numerator", counts.get("value", next(iter(counts.values()))))


def _well_hidden(rows: Mapping[Key, Mapping[str, Fraction]], kpis: Mapping[Key, Kpi]) -> bool:
    """Whether nothing is hidden, or at least two rows that differ in every count of which one is small."""
    if not rows:
        return True
    small = {name for key, row in rows.items() for name, count in row.items() if is_small(count, kpis[key])}
    return len(rows) > 1 and all(len({row.get(name) for row in rows.values()}) > 1 for name in small)
