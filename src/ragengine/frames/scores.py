"""The score of each row beside its level: along the points of its rule, or by rank among the entities of its period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any

import narwhals.stable.v2 as nw
from attrs import frozen

from ..catalogue import Catalogue, Cell
from ..catalogue.levels import Level
from ..errors import CannotRate
from ..terms import GREY
from .cells import FrameColumns
from .engines import Engine, Frame, out, unused
from .periods import PERIOD
from .row_ratings import GIVEN
from .small_table import SmallTable
from .values import JudgedColumns

__all__ = ["SCORE", "Scores"]

#: the column that is added where a rule has a score
SCORE = "score"

#: whether a row has a value of its own, no carried one; whether its rule rated it
_OWN, _RATED = unused("own_value"), unused("rated_value")


@frozen
class Scores:
    """What the scores of a rulebook take.

    Attributes:
        segments: how many straight lines a score has at the most.
        ranks: whether any score is by rank; ``decimals`` whether any value is judged as printed.
    """

    segments: int
    ranks: tuple[str, ...]
    decimals: bool

    @classmethod
    def of(cls, catalogue: Catalogue) -> Scores | None:
        """What is wanted of a catalogue; None where no rule has a score."""
        scored = [(cell.kpi, cell.kpi.score) for cell in catalogue.cells if cell.kpi.score is not None]
        if not scored:
            return None
        return cls(
            max((len(score.points) - 1 for _, score in scored if not score.by_rank), default=0),
            tuple(dict.fromkeys(kpi.id for kpi, score in scored if score.by_rank)),
            any(kpi.decimals is not None for kpi, _ in scored),
        )

    def check(self, engine: str, *, windows: bool) -> None:
        """Raises CannotRate for ranks where an engine looks at one row after the other."""
        if self.ranks and not windows:
            why = dict.fromkeys(self.ranks, "its score is by rank among the entities of the period")
            raise CannotRate(engine, why, "collect the frame first, or name the columns without score")

    def columns(self) -> dict[str, tuple[Callable[[Cell], Any], Any]]:
        """What is looked up for each cell, and what there is of a rule that nobody knows."""
        found: dict[str, tuple[Callable[[Cell], Any], Any]] = {"score": (_start, None)}
        for n in range(self.segments):
            for part, name in enumerate(("from", "to", "slope")):
                found[f"score_{name}{n}"] = (partial(_segment, n, part), 0.0)
        if self.decimals:
            found["score_grid"] = (_grid, 0.0)
        if self.ranks:
            found["score_best"] = (lambda cell: _ends(cell)[0], 0.0)
            found["score_step"] = (lambda cell: _ends(cell)[1] - _ends(cell)[0], 0.0)
            found["score_side"] = (_side, 0.0)
        return found

    def own_values(self, frame: Frame, value: JudgedColumns) -> Frame:
        """The frame that knows which rows have a value of their own, before any is carried forward."""
        return frame.with_columns(value.is_number.alias(_OWN)) if self.ranks else frame

    def added(
        self,
        frame: Frame,
        engine: Engine,
        columns: FrameColumns,
        value: JudgedColumns,
        code: str,
        levels: Sequence[Level],
    ) -> Frame:
        """The frame with the score of each row that its rule rates; ``code`` numbers the row's level in ``levels``."""
        rated = SmallTable.of({_RATED: [int(level.computed != str(GREY)) for level in levels]})
        frame = engine.look_up(frame, code, rated)
        judged = self._judged(value.number)
        nothing = nw.lit(None, nw.Float64)
        counts = value.is_number & (nw.col(_RATED) == 1)
        made = nw.when(counts).then(self._along(judged)).otherwise(nothing)
        by_hand = ~nw.col(GIVEN).is_null() if GIVEN in frame.collect_schema() else None
        if self.ranks:
            own = nw.when(counts & nw.col(_OWN)).then(judged).otherwise(nothing)
            if by_hand is not None:
                # what no look-up rates may not be read by columns either
                own = nw.when(by_hand).then(nw.col(f"{GIVEN}_ranked")).otherwise(own)
            side = nw.col(unused("score_side"))
            sided = nw.when((columns.text("entity") != "") & (side != 0.0)).then(own * side).otherwise(nothing)
            frame = frame.with_columns(sided.alias(unused("sided")))
            frame = _with_places(frame, engine)
            share = nw.col(unused("better")).cast(nw.Float64) / nw.max_horizontal(
                nw.col(unused("among")).cast(nw.Float64) - 1.0, nw.lit(1.0)
            )
            by_rank = nw.col(unused("score_best")) + nw.col(unused("score_step")) * share
            made = nw.when(~nw.col(unused("sided")).is_null()).then(by_rank).otherwise(made)
        if by_hand is not None:
            if self.ranks:
                by_hand = by_hand & nw.col(unused("sided")).is_null()
            made = nw.when(by_hand).then(nw.col(f"{GIVEN}_score")).otherwise(made)
        return frame.with_columns(made.alias(out(SCORE)))

    @staticmethod
    def without_grey(frame: Frame) -> Frame:
        """The frame whose grey ratings have no score: when overrides have been judged."""
        nothing = nw.lit(None, nw.Float64)
        score = nw.when(nw.col(out("reason")).is_null()).then(nw.col(out(SCORE))).otherwise(nothing)
        return frame.with_columns(score.alias(out(SCORE)))

    def _judged(self, number: nw.Expr) -> nw.Expr:
        """Values as judged: half-up to the grid of the rule, which a float's own line on each side decides."""
        if not self.decimals:
            return number
        grid = nw.col(unused("score_grid"))
        scale = nw.when(grid > 0.0).then(grid).otherwise(nw.lit(1.0))
        step = (number * scale + 0.5).floor()
        # (step - 0.5) / scale is the float nearest to the line: the one that a value on the line is
        step = nw.when(number < (step - 0.5) / scale).then(step - 1.0).otherwise(step)
        step = nw.when(number >= (step + 0.5) / scale).then(step + 1.0).otherwise(step)
        return nw.when(grid > 0.0).then(step / scale).otherwise(number)

    def _along(self, judged: nw.Expr) -> nw.Expr:
        """The first point's score and what each straight line adds as far as the value has come along it."""
        made = [nw.col(unused("score"))]
        for n in range(self.segments):
            start, end = nw.col(unused(f"score_from{n}")), nw.col(unused(f"score_to{n}"))
            within = nw.max_horizontal(nw.min_horizontal(judged, end), start)
            made.append((within - start) * nw.col(unused(f"score_slope{n}")))
        return reduce(lambda one, other: one + other, made)


def _with_places(frame: Frame, engine: Engine) -> Frame:
    """The frame with how many of the same KPI and period are better than each row, and how many there are."""
    sided = nw.col(unused("sided"))
    keys = [name for name in ("kpi", PERIOD) if name in frame.collect_schema()]
    if engine.name == "polars" or not frame.implementation.is_pyarrow():
        return frame.with_columns(
            ((-sided).rank("min").over(*keys) - 1).alias(unused("better")),
            sided.count().over(*keys).alias(unused("among")),
        )
    return _placed_one_by_one(frame, keys)


def _placed_one_by_one(frame: Frame, keys: Sequence[str]) -> Frame:
    """The same where the engine has no windows of ranks."""
    found = frame.select(*keys, unused("sided"))
    rows = [tuple(cells) for cells in zip(*(found[name].to_list() for name in keys), strict=True)]
    values = found[unused("sided")].to_list()
    among: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for row, value in zip(rows, values, strict=True):
        if value is not None:
            among[row].append(-value)
    first: dict[tuple[tuple[Any, ...], float], int] = {}
    for row, own in among.items():
        for n, value in enumerate(sorted(own)):
            first.setdefault((row, value), n)
    better = [None if v is None else first[row, -v] for row, v in zip(rows, values, strict=True)]
    counts = [len(among.get(row, ())) for row in rows]
    series = {unused("better"): better, unused("among"): counts}
    made = [nw.new_series(name, cells, nw.Int64, backend=frame.implementation) for name, cells in series.items()]
    return frame.with_columns(*made)


def _start(cell: Cell) -> float | None:
    score = cell.kpi.score
    return None if score is None or score.by_rank else float(score.points[0][1])


def _segment(n: int, part: int, cell: Cell) -> float:
    """From (0), to (1) or slope (2) of a straight line; of one that there is not, nothing."""
    score = cell.kpi.score
    if score is None or n + 1 >= len(score.points):
        return 0.0
    (at, points), (end, other) = score.points[n : n + 2]
    return float((at, end, (other - points) / (end - at))[part])


def _grid(cell: Cell) -> float:
    return 0.0 if cell.kpi.decimals is None or cell.kpi.score is None else 10.0**cell.kpi.decimals


def _ends(cell: Cell) -> tuple[float, float]:
    score = cell.kpi.score
    return (0.0, 0.0) if score is None else (float(score.best), float(score.worst))


def _side(cell: Cell) -> float:
    """1 where more is better, -1 where less is; 0 where nothing is ranked."""
    score = cell.kpi.score
    if score is None or not score.by_rank:
        return 0.0
    return -1.0 if cell.kpi.lower_is_better else 1.0
