"""An area rated: computed from its children, and agreed by those who answer for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self

from attrs import Factory, field, frozen

from ..period import Period
from ..plain import plain
from ..rating.explanation import BandLine, OverrideLine, RuleReference
from ..rating.facts import Movement
from ..rating.phrases import beside, long_date
from ..rating.relief import movement_text
from ..rulebook.grace import Effect
from ..terms import Rag, Reason
from .policy import LimitTrace, RuleTrace

__all__ = ["AreaRating", "ChildLine"]

#: children that decided are named up to so many
_MOST_NAMED = 20


@frozen
class ChildLine:
    """A child and its level in an area's rating; ``points`` is what it brought to a mean of points or scores."""

    id: str
    title: str
    rag: Rag
    reason: Reason | None = None
    critical: bool = False
    weight: Fraction = Fraction(1)
    points: Fraction | None = None


class _RestsOn:
    """An area's rating may be made without what it rests on: who the children are, and who of them decided.

    That takes longest to find and most to hold, and is found when somebody looks.
    """

    __slots__ = ("_children", "_deciding", "_keeps_children")
    _children: Callable[[], tuple[ChildLine, ...]]
    _keeps_children: bool
    _deciding: Callable[[], tuple[tuple[str, ...], bool]]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # asked only for what is not set; of threads that find it at once, all find the same
            if name == "children":
                found = self._children()
                if self._keeps_children:
                    object.__setattr__(self, name, found)
                return found
            if name in ("deciding", "among_others"):
                for own, value in zip(("deciding", "among_others"), self._deciding(), strict=True):
                    object.__setattr__(self, own, value)
                return object.__getattribute__(self, name)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)


@frozen
class AreaRating(_RestsOn):
    """The level of an area, and how it came about.

    Attributes:
        computed: by the roll-up's method. ``adjusted`` is what its caps and floors leave of it; ``rag`` is the agreed
            level: the adjusted one unless an override says otherwise.
        counts: children by level id, worst first, then ``grey``.
        score: what the bands of ``points`` or ``share`` judged; ``of`` says of which children it is, where not of all.
        rules: roll-up rules asked, the matched one last.
        limits: caps and floors asked, in their order.
        deciding: ids of a smallest set of children that decided; ``among_others`` where a smaller one may exist, from
            this one none can be left out.
        published: the level published for this period, if any.
    """

    id: str
    title: str
    period: Period
    rag: Rag
    computed: Rag
    reason: Reason | None = None
    why: str = ""
    lead: str = ""
    recommendation: str = ""
    entity: str | None = None
    method: str = ""
    counts: Mapping[str, int] = field(factory=dict, hash=False)
    minimum_coverage: Fraction = Fraction(0)
    score: Fraction | None = None
    rules: tuple[RuleTrace, ...] = ()
    children: tuple[ChildLine, ...] = ()
    deciding: tuple[str, ...] = ()
    among_others: bool = False
    overrides: tuple[OverrideLine, ...] = ()
    previous: Rag | None = None
    previous_period: Period | None = None
    movement: Movement | None = None
    published: Rag | None = None
    rule: RuleReference | None = None
    adjusted: Rag = field(default=Factory(lambda own: own.computed, takes_self=True))
    limits: tuple[LimitTrace, ...] = ()
    of: str = ""
    bands: tuple[BandLine, ...] = ()

    def rests_on(
        self,
        children: Callable[[], tuple[ChildLine, ...]],
        deciding: Callable[[], tuple[tuple[str, ...], bool]],
        *,
        kept: bool,
    ) -> Self:
        """Itself, just made, with its children, and who decided, to be found when somebody looks.

        ``kept`` says whether the children are kept then, or found each time.
        """
        object.__setattr__(self, "_keeps_children", kept)
        object.__setattr__(self, "_children", children)
        object.__setattr__(self, "_deciding", deciding)
        for name in ("children", "deciding", "among_others"):
            object.__delattr__(self, name)
        return self

    @property
    def total(self) -> int:
        """How many children count."""
        return sum(self.counts.values())

    @property
    def rated(self) -> int:
        """How many of them are rated."""
        return self.total - self.counts.get("grey", 0)

    def to_dict(self) -> dict[str, Any]:
        """Its entry in the scorecard's JSON: numbers are exact texts, levels ids."""
        made: dict[str, Any] = plain(self)
        return made

    def explain(self) -> str:
        """The roll-up as text: headline, the rule that matched and those that did not, who decided."""
        return "\n".join(_lines(self))


def _lines(area: AreaRating) -> list[str]:
    level = f"{area.rag.label}: {area.reason}." if area.reason else f"{area.rag.label}."
    entity = f", {area.entity}" if area.entity else ""
    counted = ", ".join(f"{count} {level_id}" for level_id, count in area.counts.items() if count)
    lines = [f"{level} {area.title}{entity}, {area.period.label}: {area.rated} of {area.total} rated ({counted})."]
    if area.why:
        lines.append(f"{area.why[0].upper()}{area.why[1:]}.")
    lines += _by_what(area)
    lines += [_limit_line(area, trace) for trace in area.limits]
    if area.deciding:
        titles = {child.id: child for child in area.children}
        named = [f"{child} ({titles[child].rag.label})" for child in area.deciding if child in titles]
        more = len(named) - _MOST_NAMED
        also = f" and {more:,} more" if more > 0 else ""
        lines.append(f"Decided by {', '.join(named[:_MOST_NAMED])}{also}{', among others' * area.among_others}.")
    for override in area.overrides:
        lines.append(_override_line(area, override))
    if area.previous is not None and area.movement is not None:
        when = f" in {area.previous_period.label}" if area.previous_period else ""
        lines.append(f"Was {area.previous.label}{when}: {movement_text(area.movement)}.")
    if area.rule is not None:
        lines.append(
            f"Roll-up {area.rule.id}, {area.rule.file}:{area.rule.line}, edition {area.rule.edition}, "
            f"fingerprint {area.rule.fingerprint[:12]}."
        )
    return lines


def _override_line(area: AreaRating, override: OverrideLine) -> str:
    until = long_date(date.fromisoformat(override.until))
    if not override.live:
        return f"An override lapsed on {until} and is not applied: {override.reason}."
    terms = f"until {until}"
    if override.release_when:
        terms += f"; released when: {override.release_when}"
    before = f"Computed {area.computed.label}"
    if area.adjusted != area.computed:
        before += f", limited to {area.adjusted.label}"
    if override.effect == "rag":
        said = f"{before}, agreed as {area.rag.label}"
    elif area.rag == area.adjusted:
        said = "An override is in force and changes nothing"
    else:
        said = f"{before}, {area.rag.label} by override"
    return f"{said}: {override.reason} ({override.authority}; {terms})."


def _by_what(area: AreaRating) -> list[str]:
    lines = []
    for trace in area.rules:
        values = f" ({trace.why})" if trace.why else ""
        if not trace.matched:
            lines.append(f"Not {trace.rag}: {trace.when} does not hold{values}.")
        elif trace.when:
            lines.append(f"Computed {area.computed.label}: {trace.when}{values}.")
        else:
            lines.append(f"Computed {area.computed.label}: no other rule holds.")
    if area.method == "worst" and not area.computed.is_grey:
        lines.append(f"Computed {area.computed.label}: the worst level among those rated.")
    if area.score is not None:
        edges = [Fraction(edge) for band in area.bands for edge in (band.lower, band.upper) if edge is not None]
        worst = f", the mean of the {area.of}" if area.of.startswith("worst ") else ""
        score = beside(area.score, "%" if area.method == "share" else "points", edges)
        lines.append(f"Computed {area.computed.label}: a score of {score}{worst}.")
    return lines


def _limit_line(area: AreaRating, trace: LimitTrace) -> str:
    """A cap or a floor, and what it did."""
    cap = trace.effect == Effect.NO_BETTER_THAN
    terms = f"{'no better' if cap else 'no worse'} than {trace.level.label}"
    values = f" ({trace.why})" if trace.why else ""
    if trace.changed:
        said = f"Limited to {trace.level.label}" if cap else f"N{terms[1:]}"
        return f"{said}: {trace.condition}{values}; computed {area.computed.label}."
    if trace.holds:
        return f"N{terms[1:]}, which changes nothing: {trace.condition}{values}."
    return f"Not held to be {terms}: {trace.condition} does not hold{values}."
