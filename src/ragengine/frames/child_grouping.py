"""Which KPIs of a rated frame are counted together, for scorecards of some periods, and which row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from attrs import define, evolve

from ..book import Rulebook
from ..period import Period, PeriodKind
from ..rulebook.kpi import Kpi
from .absent_ratings import MEASURED, AbsentRatings
from .area_children import ChildGroup, Scene, shown_in, weighing_of
from .child_groups import KNOWN_NEVER, CountedAlike, OneKpi
from .gap_rows import is_rated_as_rows, with_gaps
from .judged_rows import JudgedRows
from .rated_rows import RatedRows
from .reported import Reported, ReportedAlike, ReportedRows
from .score_grids import ScoreKind

__all__ = ["groups_of"]


@define(slots=False)
class _Kept:
    """One KPI, its number, and what was reported of it."""

    kpi: Kpi
    number: int
    reported: Sequence[ReportedAlike]

    @cached_property
    def kinds(self) -> set[PeriodKind]:
        return {each.kind for each in self.reported}

    @property
    def first(self) -> int | None:
        """The number of the first period of all."""
        return min((each.first for each in self.reported), default=None)

    @property
    def whole_from(self) -> int | None:
        """That of the whole."""
        return min((each.first for each in self.reported if each.of_whole), default=None)

    @property
    def by_rows(self) -> bool:
        """Whether the period that a scorecard shows depends on which periods have rows."""
        return len(self.kinds) > 1 or PeriodKind.DAY in self.kinds


def groups_of(
    book: Rulebook,
    rows: RatedRows,
    shown: Sequence[Period],
    absent: AbsentRatings,
    judged: JudgedRows,
    scored: frozenset[str],
    told_singly: frozenset[str],
) -> list[ChildGroup]:
    """The KPIs of a rated frame, counted, for scorecards of the periods ``shown``.

    Those in areas of ``scored`` are together where their scores are of one kind; those of ``told_singly`` are single.
    """
    scene = Scene(rows, shown, absent, judged, scored, told_singly)
    reported, number = rows.reported(), {kpi: n for n, kpi in enumerate(rows.kpis)}
    alike_of = reported.alike()
    kept = [
        _Kept(kpi, number[kpi.id], alike_of.get(number[kpi.id], ()))
        for kpi in book.rules.kpis.values()
        if kpi.in_rollup
    ]
    scene = _filled(book, kept, reported, scene)
    singly = [one for one in kept if _is_single(one, scene)]
    single_ids = {one.kpi.id for one in singly}
    alike: dict[tuple[object, ...], list[_Kept]] = defaultdict(list)
    for one in kept:
        if one.kpi.id not in single_ids:
            kind = next(iter(one.kinds), None)
            score = ScoreKind.of(one.kpi.score) if one.kpi.area in scored else None
            alike[one.kpi.area, weighing_of(one.kpi, rows.rules), kind, one.whole_from, score].append(one)
    by_rows = [one for one in singly if one.by_rows]
    with_gaps = [one for one in singly if not one.by_rows]
    return [
        *_counted_alike(list(alike.values()), reported, scene),
        *_counted_singly(by_rows, reported, scene, None),
        *_counted_singly(with_gaps, reported, scene, _within(with_gaps, scene)),
    ]


def _within(kept: Iterable[_Kept], scene: Scene) -> set[int] | None:
    """The numbers of the periods that the scorecards show; None where that is all of them."""
    if len(scene.shown) != 1:
        return None
    return {scene.number(one.kpi, kind, of) for one in kept for kind in one.kinds for of in scene.shown}


def _filled(book: Rulebook, kept: Sequence[_Kept], reported: ReportedRows, scene: Scene) -> Scene:
    """The scene with a row in each gap of the KPIs whose gaps are rated as rows."""
    if "period" not in scene.rows.columns:
        return scene
    of = {
        one.number: one.kpi
        for one in kept
        if not (_is_looked_at(one, scene) or scene.judged.is_named(one.kpi.id))
        if scene.absent.looks_back(one.kpi.id) and is_rated_as_rows(book, one.kpi)
        if any(_has_gaps(one.kpi, each, scene) for each in one.reported)
    }
    gaps = [each for own in reported.of(of).values() for each in own if _has_gaps(of[each.kpi], each, scene)]
    by_kind = {each.kind: of[each.kpi] for each in gaps}
    shown = (shown_in(kpi, kind, of) for kind, kpi in by_kind.items() for of in scene.shown)
    scene = evolve(scene, rows=scene.rows.with_periods(shown))
    expected = {(each.kpi, each.entity): scene.expected(of[each.kpi], each) for each in gaps}
    filled = frozenset(kpi.id for kpi in of.values())
    return evolve(scene, rows=with_gaps(scene.rows, book, expected), filled=filled)


def _is_single(one: _Kept, scene: Scene) -> bool:
    if _is_looked_at(one, scene):
        return True
    if one.kpi.id in scene.filled or scene.absent.always_grey(one.kpi.id):
        return False
    return any(_has_gaps(one.kpi, each, scene) for each in one.reported)


def _is_looked_at(one: _Kept, scene: Scene) -> bool:
    """Whether which period is shown, or at which level or score, is told row by row."""
    if len(one.kinds) > 1 or one.kpi.id in scene.told_singly:
        return True
    if PeriodKind.DAY in one.kinds and any(period.kind is not PeriodKind.DAY for period in scene.shown):
        # of a longer period, the latest day that has a row is shown
        return True
    return scene.judged.is_named(one.kpi.id) and any(period.kind not in one.kinds for period in scene.shown)


def _has_gaps(kpi: Kpi, reported: Reported | ReportedAlike, scene: Scene) -> bool:
    """Whether some scorecard may show a period without a row, after the first."""
    if len(scene.shown) == 1:
        return True
    return len(scene.expected(kpi, reported)) != reported.rows


def _counted_alike(alike: Sequence[Sequence[_Kept]], reported: ReportedRows, scene: Scene) -> list[ChildGroup]:
    if not alike:
        return []
    group_of = [-1] * len(scene.rows.kpis)
    for n, group in enumerate(alike):
        for one in group:
            group_of[one.number] = n
    within = _within((one for group in alike for one in group), scene)
    # those with scores are counted when these are summed
    counted = [-1 if n >= 0 and _has_score(alike[n][0].kpi, scene) else n for n in group_of]
    counts = scene.rows.counts(counted, len(alike), within)
    starts = reported.starts(group_of)
    made: list[ChildGroup] = []
    for group, own, since in zip(alike, counts, starts, strict=True):
        first = group[0]
        whole_from = None if first.whole_from is None else scene.days[first.whole_from]
        known = [(KNOWN_NEVER if one.first is None else scene.days[one.first], one.kpi) for one in group]
        kind, weighing = next(iter(first.kinds), None), weighing_of(first.kpi, scene.rows.rules)
        made.append(CountedAlike(scene, first.kpi.area, weighing, known, kind, whole_from, since, own, within))
    return made


def _has_score(kpi: Kpi, scene: Scene) -> bool:
    return kpi.area in scene.scored and kpi.score is not None


def _counted_singly(
    kept: Sequence[_Kept], reported: ReportedRows, scene: Scene, within: set[int] | None
) -> list[ChildGroup]:
    if not kept:
        return []
    rows = scene.rows
    group_of = {one.number: n for n, one in enumerate(kept)}
    pairs = reported.of(group_of)
    made = []
    for one, counts in zip(
        kept, rows.counts([group_of.get(n, -1) for n in range(len(rows.kpis))], len(kept), within), strict=True
    ):
        levels: dict[int, dict[Period, int]] = defaultdict(dict)
        for period, of_entities in counts.items():
            for entity, own in of_entities.items():
                levels[entity][rows.periods[period]] = own.index(1)
        made.append(OneKpi(scene, one.kpi, pairs[one.number], levels, one.by_rows))
    lacking = [(one.kpi.id, entity) for one in made if scene.absent.looks_back(one.kpi.id) for entity in one.lacking()]
    if lacking:
        inputs = {name for kpi, _ in lacking for name in rows.rules.kpis[kpi].inputs}
        scene.absent.remember(rows.rows(rows.with_peers(lacking), (*MEASURED, *sorted(inputs))), rows.columns.kinds)
    _remember_judged(made, scene)
    return [*made]


def _remember_judged(made: Sequence[OneKpi], scene: Scene) -> None:
    """The rows that a scorecard judges on another day than the frame did."""
    whose = [(one.kpi.id, each.entity) for one in made if scene.judged.is_named(one.kpi.id) for each in one.reported]
    if whose:
        adjusted = scene.rows.adjusted_column
        scene.judged.remember(scene.rows.rows(whose, ("kpi", "period", "entity", adjusted)), adjusted)
