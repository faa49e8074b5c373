"""Why an area is not another level: the override on it, and the smallest changes of its children that would do."""

from __future__ import annotations

from fractions import Fraction

from ...number import exact, text
from ...rating.explanation import BandLine
from ...rollup.area_rating import AreaRating
from ...rollup.tally import Child
from ...rulebook.rules import Rules
from ...rulebook.scored_areas import scored_areas
from ...terms import Rag
from .changes import Search, smallest_changes, way_words
from .why_not import Obstacle, WhyNot, override_obstacles

__all__ = ["why_not_area"]


def why_not_area(rules: Rules, area: AreaRating, wanted: Rag) -> WhyNot:
    """What keeps an area from a level; what its children would have to be, each taken as one step."""
    if area.rag == wanted:
        return WhyNot(wanted, area.rag, ())
    found = []
    if area.adjusted != wanted:
        if area.id in scored_areas(rules):
            found.append(Obstacle("children", f"{_as_computed(area)}; {_by_score(area, wanted)}"))
            return WhyNot(wanted, area.rag, (*found, *override_obstacles(area.overrides, wanted, rules.scale)))
        search = smallest_changes(rules.rollup_of(area.id), rules.scale, children_rated(rules, area), wanted)
        ways = tuple(way_words(moves, area.id) for moves in search.ways)
        found.append(Obstacle("children", f"{_as_computed(area)}; {_found(search, area, wanted)}", ways))
    found += override_obstacles(area.overrides, wanted, rules.scale)
    return WhyNot(wanted, area.rag, tuple(found))


def _by_score(area: AreaRating, wanted: Rag) -> str:
    """The means that would do."""
    of = [_ends(band) for band in area.bands if band.rag == wanted]
    score = "no score" if area.score is None else f"a mean score of {text(area.score)}"
    return f"it has {score}, and {wanted.label} wants {' or '.join(of) or 'what no score gives'}"


def _ends(band: BandLine) -> str:
    low, high = (None if end is None else text(Fraction(end)) for end in (band.lower, band.upper))
    said = [f"{'at least' if band.lower_in else 'more than'} {low}"] if low is not None else []
    said += [f"{'at most' if band.upper_in else 'less than'} {high}"] if high is not None else []
    return " and ".join(said) or "any"


def _as_computed(area: AreaRating) -> str:
    said = f"it is computed {area.computed.label}"
    limiting = [trace for trace in area.limits if trace.changed]
    if limiting:
        said += f" and limited to {area.adjusted.label} ({limiting[-1].condition})"
    return said


def children_rated(rules: Rules, area: AreaRating) -> list[Child]:
    """The children of a rated area as the roll-up counted them."""
    return [
        Child(line.id, line.rag, line.critical, _weight(rules, line.id), line.title, line.reason)
        for line in area.children
    ]


def _weight(rules: Rules, child: str) -> Fraction:
    """The weight of a child; one that is reported by entity carries the entity behind its id."""
    subject = child.partition(", ")[0]
    rule = rules.kpis.get(subject) or rules.actions.get(subject)
    return exact(rule.weight) if rule else Fraction(1)


def _found(search: Search, area: AreaRating, wanted: Rag) -> str:
    total = len(area.children)
    if search.size is None:
        if search.smallest:
            return f"no levels of its {total} children would make it {wanted.label}"
        tried = f"no change of up to {search.tried} children would make it {wanted.label}"
        return f"{tried}, nor all of them at {wanted.label}; larger mixes were not tried"
    if search.smallest:
        return f"a change of {search.size} of its {total} children would do, and no fewer"
    return (
        f"a change of {search.size} of its {total} children would do; "
        f"perhaps fewer, for only sets of up to {search.tried} were all tried"
    )
