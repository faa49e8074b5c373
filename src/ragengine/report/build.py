"""From a scorecard and its rulebook to a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ..book import Rulebook
from ..data.model import Narrative
from ..period import Period
from ..problem import Problem
from ..rating.facts import Change
from ..rating.phrases import beside
from ..rollup.area_rating import AreaRating
from ..rollup.brief import brief_of
from ..rollup.exceptions import exception_grounds
from ..rollup.policy import LimitTrace
from ..rollup.scorecard import Scorecard
from ..rulebook.grace import Effect
from ..terms import GREY, Rag, Reason, Scale
from .conditions import clauses_of
from .events import EventRow
from .model import AreaPage, Judgement, MovedAlike, Report, ReportRow, Why
from .public import suppression_notes
from .rows import anchor, override_judgement, row_of, whys
from .series import Series, chart_of
from .wording import joined, label_of, moved_words, reason_words, sentence, short_day

__all__ = ["judgement_words", "named", "programme_sentence", "report_of_card"]

_MEANINGS = {"red": "short of its target, or late", "amber": "near its target, or its date", "green": "on target"}
_NOT_RATED = "not rated; the reason stands beside it"
#: more areas than this are counted, not named
_MOST_NAMED = 6

Grounds = Mapping[tuple[str, str | None], tuple[str, ...]]


def report_of_card(
    book: Rulebook,
    card: Scorecard,
    earlier: Sequence[Scorecard] = (),
    events: Sequence[EventRow] = (),
    problems: Sequence[Problem] = (),
    *,
    public: bool = False,
) -> Report:
    """The report of a scorecard.

    Args:
        earlier: scorecards of the periods before, for histories and charts, the earliest first.
        events: what to mark on charts.
        problems: what is wrong with files that the scorecard does not know of.
        public: that the cards are those of the public edition.
    """
    series = Series(book, (*earlier, card), tuple(events))
    grounds: Grounds = exception_grounds(card)
    areas = tuple(_area(book, card, area, grounds, series) for area in card.areas.values())
    programme = _page(book, card, card.programme, (), (), {})
    rows = [row for area in areas for row in area.rows]
    levels = (*card.scale, GREY)
    whole = [area for area in areas if not area.entity]
    return Report(
        title=card.title,
        period=card.period,
        as_at=card.as_at,
        compared=_compared(card),
        edition=card.edition,
        fingerprint=card.fingerprint,
        scale=card.scale,
        programme=programme,
        areas=areas,
        groups=tuple(_groups(areas, card)),
        key=tuple(
            (
                level,
                _NOT_RATED if level.is_grey else _MEANINGS.get(str(level), ""),
                sum(area.rag == level for area in whole),
                sum(row.rag == level for row in rows),
            )
            for level in levels
        ),
        periods=_periods(areas, card),
        read=card.rows,
        problems=() if public else (*card.problems, *problems),
        edition_name="public" if public else "board",
        suppressed=suppression_notes(book.rules) if public else (),
        events=tuple(row.event for row in events),
    )


def _area(book: Rulebook, card: Scorecard, area: AreaRating, grounds: Grounds, series: Series) -> AreaPage:
    # KPIs and actions in the order in which their file has them
    ratings = sorted(card.of_area(area.id, area.entity), key=lambda rated: brief_of(rated).rule.line)
    rows = tuple(
        row_of(book, card, rated, grounds.get((rated.id, rated.entity), ()), chart_of(series, rated))
        for rated in ratings
    )
    why = whys(grounds.get((area.id, area.entity), ()))
    history = series.levels(area.id, area.entity)
    if area.previous is not None and area.previous_period is not None:
        history[area.previous_period] = area.previous
    return _page(book, card, area, rows, why, history)


def _page(
    book: Rulebook,
    card: Scorecard,
    area: AreaRating,
    rows: tuple[ReportRow, ...],
    why: tuple[Why, ...],
    history: Mapping[Period, Rag | None],
) -> AreaPage:
    labels = {str(level): level.label for level in (*card.scale, GREY)}
    own = book.rules.areas.get(area.id)
    return AreaPage(
        id=area.id,
        anchor=anchor("a", area.id, area.entity),
        title=area.title if area.entity is None else f"{area.title}, {area.entity}",
        entity=area.entity or "",
        lead=area.lead,
        recommendation=area.recommendation,
        rag=area.rag,
        computed=area.adjusted,
        previous=area.previous,
        reason=reason_words(area.reason),
        change=area.movement.change if area.movement else None,
        moved=moved_words(area.previous, area.movement),
        counts=tuple((level, area.counts.get(str(level), 0)) for level in (*card.scale, GREY)),
        decided=area_sentence(area, card.scale),
        coverage=_coverage(area),
        judgements=tuple(
            override_judgement(own, area.title, labels, moved=area.rag != area.adjusted) for own in area.overrides
        ),
        text=tuple(area.explain().splitlines()),
        narrative=_narrative(card, area),
        rows=rows,
        history=tuple(sorted(history.items())),
        why=why,
        parent=own.parent if own else "",
        worse_if=_worse_if(area, card.scale),
    )


def _coverage(area: AreaRating) -> str:
    if area.total == 1:
        return f"The one that counts is {'rated' if area.rated else 'not rated'}"
    if area.rated in (0, area.total):
        return f"{'None' if area.rated == 0 else 'All'} of the {area.total} that count are rated"
    return f"{area.rated} of the {area.total} that count {'is' if area.rated == 1 else 'are'} rated"


def _narrative(card: Scorecard, area: AreaRating) -> Narrative:
    """What people wrote of an area stands with the area of the whole, and not again with each entity's."""
    nothing = Narrative(area.id)
    return nothing if area.entity else card.narrative.get(area.id, nothing)


def area_sentence(area: AreaRating, scale: Scale) -> str:
    """What decided an area's level, in words and with both numbers."""
    if area.adjusted != area.rag:
        first = f"The rule gives {label_of(area.adjusted)}; {label_of(area.rag)} by judgement"
        return first
    if area.reason is Reason.SUPPRESSED:
        return "Not shown: it would tell of a figure that is hidden"
    if area.reason is Reason.INSUFFICIENT_COVERAGE or area.rag.is_grey:
        return f"{area.rated} of {area.total} rated: too few"
    limiting = [trace for trace in area.limits if trace.changed]
    if limiting:
        return _limited(area, limiting[-1], scale)
    if any(child.points is not None for child in area.children) and area.score is not None and area.bands:
        edges = [Fraction(edge) for band in area.bands for edge in (band.lower, band.upper) if edge is not None]
        of = f"the {area.of}" if area.of.startswith("worst ") else "those rated"
        return f"A mean of {beside(area.score, 'points', edges)} of {of}; {_by_counts(area, scale)}"
    return sentence(_matched(area, scale) or _by_counts(area, scale))


def _limited(area: AreaRating, trace: LimitTrace, scale: Scale) -> str:
    """``Limited to Amber: Vacancies is Red; computed Green``."""
    verb = "Limited to" if trace.effect == Effect.NO_BETTER_THAN else "No worse than"
    titles = {child.id.partition(", ")[0]: child for child in area.children}
    asked = titles.get(trace.child)
    why = f"{asked.title or asked.id} is {asked.rag.label}" if asked is not None else ""
    if not why:
        clauses, counts = clauses_of(trace.condition, scale), _names(area, scale)
        held = [clause.words for clause in clauses or () if clause.holds(counts)]
        why = " or ".join(held) or f"{trace.condition} ({trace.why})"
    return f"{verb} {trace.level.label}: {why}; computed {area.computed.label}"


def _names(area: AreaRating, scale: Scale) -> dict[str, int]:
    """The counts that a roll-up's conditions name."""
    names = {str(level): area.counts.get(str(level), 0) for level in scale}
    critical = {
        f"critical_{level}": sum(child.critical and child.rag == level for child in area.children) for level in scale
    }
    return {**names, **critical, "rated": area.rated, "total": area.total}


def _matched(area: AreaRating, scale: Scale) -> str:
    """The clauses of the rule that matched and that hold, with their numbers; empty where they have no words."""
    matched = next((trace for trace in area.rules if trace.matched and trace.when), None)
    clauses = clauses_of(matched.when, scale) if matched else None
    if not clauses:
        return ""
    counts = _names(area, scale)
    held = [clause for clause in clauses if clause.holds(counts)]
    if not held:
        return ""
    first = held[0]
    if first.of:
        return f"{first.words} ({counts[first.level]} of {counts[first.of]})"
    if first.critical:
        return first.words
    return f"{counts[first.level]} of {area.rated} rated {_are(counts[first.level])} {first.label}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _by_counts(area: AreaRating, scale: Scale) -> str:
    """How many children are short of the best level."""
    said: list[str] = []
    for level in scale.levels[:-1]:
        count = area.counts.get(str(level), 0)
        if count == 0:
            said.append(f"none is {level.label}" if not said else f"none {level.label}")
        else:
            said.append(f"{count} of {area.rated} {_are(count)} {level.label}")
    return "; ".join(said) if any(" of " in words for words in said) else ", ".join(said)


def programme_sentence(report: Report) -> tuple[str, tuple[AreaPage, ...]]:
    """How many areas are at the worst level that any has, and those areas where they are not all."""
    top = [area for area in report.areas if not area.entity]
    worst = min((area.rag for area in top if not area.rag.is_grey), default=None, key=lambda level: level.rank)
    if worst is None:
        return "No area is rated.", ()
    at_worst = tuple(area for area in top if area.rag == worst)
    if worst == report.scale.best:
        return f"Every area that is rated is {worst.label}.", ()
    if len(top) == 1:
        return f"The only area is {worst.label}", at_worst
    return f"{len(at_worst)} of {len(top)} areas {_are(len(at_worst))} {worst.label}", at_worst


def _worse_if(area: AreaRating, scale: Scale) -> str:
    """What the roll-up's next worse rule asks for, where it has words."""
    if area.rag.is_grey or area.rag != area.computed or area.limits:
        return ""
    for trace in reversed(area.rules):
        level = scale.get(trace.rag)
        if trace.matched or level is None or level.is_grey or not level < area.rag:
            continue
        clauses = clauses_of(trace.when, scale)
        if clauses is None:
            return ""
        asked = [c for c in clauses if not c.critical or any(child.critical for child in area.children)]
        if not asked:
            return ""
        words = " or ".join(clause.words for clause in asked)
        return f"It would be {level.label} if {words.replace(' are ', ' were ').replace(' is ', ' were ')}."
    return ""


def _compared(card: Scorecard) -> str:
    """The period before, where any level of it is known."""
    known = [area.previous_period for area in card.areas.values() if area.previous is not None and area.previous_period]
    if known:
        return known[0].label
    rated = [rated for rated in card.ratings.values() if rated.previous is not None]
    return card.period.previous().label if rated else ""


def _groups(areas: Sequence[AreaPage], card: Scorecard) -> list[MovedAlike]:
    """Areas by what became of them since the period before: the worse first."""
    order = (Change.WORSENED, Change.NO_LONGER_RATED, Change.IMPROVED, Change.NEWLY_RATED, Change.UNCHANGED)
    verbs = {
        Change.WORSENED: "worsened",
        Change.NO_LONGER_RATED: "no longer rated",
        Change.IMPROVED: "improved",
        Change.NEWLY_RATED: "newly rated",
        Change.UNCHANGED: "unchanged",
    }
    found: dict[tuple[Change, Rag | None, Rag], list[AreaPage]] = {}
    for area in areas:
        if area.change is not None and not area.entity:
            found.setdefault((area.change, area.previous, area.rag), []).append(area)
    groups = []
    for change in order:
        for (own, before, now), members in found.items():
            if own is change:
                verb = verbs[change]
                if change not in (Change.WORSENED, Change.IMPROVED):
                    verb = f"{_are(len(members))} {verb}"
                noun = f"area{'' if len(members) == 1 else 's'}"
                groups.append(
                    MovedAlike(f"{len(members)} {noun} {verb}", change, tuple(a.id for a in members), now, before)
                )
    unknown = sum(area.change is None for area in areas if not area.entity)
    if groups and unknown:
        of = "other area" if unknown == 1 else "other areas"
        groups.append(MovedAlike(f"For {unknown} {of} no earlier level is known", None, ()))
    return groups


def _periods(areas: Sequence[AreaPage], card: Scorecard) -> tuple[Period, ...]:
    """The periods in which any area's level is known, and the card's own."""
    known = {period for area in areas for period, level in area.history if level is not None}
    return tuple(sorted({*known, card.period}))


def judgement_words(judgement: Judgement) -> str:
    """``No better than Amber, until 31 Dec 2020. Reason. Authority: … Released when: …``"""
    said = f"{judgement.effect}, until {short_day(judgement.until)}"
    if judgement.state == "lapsed":
        said = f"Lapsed on {short_day(judgement.until)} and not applied: {judgement.effect}"
    said += f". {sentence(judgement.reason.rstrip('.'))}. Authority: {judgement.authority.rstrip('.')}."
    if judgement.release_when:
        said += f" Released when: {judgement.release_when.rstrip('.')}."
    return said


def named(areas: Sequence[str]) -> str:
    """Titles joined; more than a few are counted."""
    if len(areas) <= _MOST_NAMED:
        return joined(areas)
    return f"{', '.join(areas[:_MOST_NAMED])} and {len(areas) - _MOST_NAMED} more"
