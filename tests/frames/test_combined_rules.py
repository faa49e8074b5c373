"""Rules that look at other rows, all in one book: frames say what the scorecards of the same rows say, row and area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from attrs import frozen
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine import frames
from ragengine.period import Period
from ragengine.rating.rating import Rating
from ragengine.rollup.area_rating import AreaRating

from .combined import AFTER, PERIODS, TEXTS, Drawn, as_numbers, drawn, named
from .engines import PLAIN, Engine

_EXAMPLES = settings.default.max_examples  # type: ignore[union-attr]
_EAGER = [
    pytest.param(engine, id=engine.name, marks=pytest.mark.skipif(bool(engine.lacks), reason=engine.lacks))
    for engine in PLAIN
    if not engine.is_lazy
]
_RATED = ("rag", "adjusted", "computed", "reason", "target", "shortfall", "score")


@frozen
class Compared:
    """A drawn book with its rows, as a frame and as scorecards."""

    given: Drawn
    seed: int
    engine: Engine
    rows: list[dict[str, Any]]
    types: dict[str, str]
    data: ragengine.Data

    def periods(self) -> set[Period]:
        """The last periods that rows name: the earlier ones are what these look back at."""
        return {ragengine.parse_period(row["period"]) for row in self.rows if row["period"] in PERIODS}

    def differences(self) -> Iterator[str]:
        """Where ratings and areas of the frame are not those of the scorecards; of one period also asked for alone."""
        book, engine = self.given.book, self.engine
        cards = {period: book.score(self.data, as_at=period) for period in self.periods()}
        frame = engine.make(self.rows, self.types)
        rated = frames.rate(frame, book, overrides=self.data, history=True, suffix="_")
        yield from self._of_rows(engine.back(rated), cards)
        areas = cells(engine, frames.roll_up(rated, book, overrides=self.data, suffix="_"))
        yield from _of_areas(areas, cards)

        others = [*sorted(cards), *map(ragengine.parse_period, AFTER)]
        one = others[self.seed % len(others)]
        card = cards.get(one) or book.score(self.data, as_at=one)
        # without a suffix the targets that rows bring would be replaced by those in force
        rated = frames.rate(frame, book, as_at=one.end, overrides=self.data, suffix="_")
        areas = frames.roll_up(rated, book, as_at=one, overrides=self.data, suffix="_")
        yield from _of_areas(cells(engine, areas), {one: card})

    def _of_rows(self, rated: list[dict[str, Any]], cards: dict[Period, ragengine.Scorecard]) -> Iterator[str]:
        book = self.given.book
        alone = shown_alone(self.rows, book)
        for row, got in zip(self.rows, rated, strict=True):
            period = named(book, row["kpi"], row["period"])
            rating = cards[period].ratings[row["kpi"], row["entity"] or None] if period in cards else None
            # of a month and of a quarter that end on one day a card shows one
            if rating is None or rating.period != period:
                continue
            wanted = _of_rating(rating)
            if (row["kpi"], period.end) not in alone:
                # a card ranks those whom it shows: decision 146
                wanted.pop("score")
            yield from _told(row, wanted, got, "_")


def shown_alone(rows: list[dict[str, Any]], book: ragengine.Rulebook) -> set[tuple[str, date]]:
    """KPIs and days on which no more than one period ends of which the KPI has rows."""
    ends = Counter({(row["kpi"], named(book, row["kpi"], row["period"])) for row in rows})
    each = Counter((kpi, period.end) for kpi, period in ends)
    return {key for key, periods in each.items() if periods == 1}


def cells(engine: Engine, frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame, None for what is not there."""
    return [{name: None if cell != cell else cell for name, cell in row.items()} for row in engine.rows(frame)]


def _of_rating(rating: Rating) -> dict[str, Any]:
    told = {name: getattr(rating, name) for name in _RATED}
    told |= {name: str(told[name]) for name in _RATED[:4] if told[name] is not None}
    told["previous"] = None if rating.previous is None else str(rating.previous)
    return told | {"movement": None if rating.movement is None else str(rating.movement.change)}


def _of_area(area: AreaRating) -> dict[str, Any]:
    levels = {name: str(getattr(area, name)) for name in ("rag", "adjusted", "computed")}
    reason = None if area.reason is None else str(area.reason)
    return {**levels, "reason": reason, "rated": area.rated, "total": area.total, **area.counts, "score": area.score}


def _of_areas(rows: list[dict[str, Any]], cards: dict[Period, ragengine.Scorecard]) -> Iterator[str]:
    for period, card in cards.items():
        wanted = {(key, None) if isinstance(key, str) else key: area for key, area in card.areas.items()}
        wanted["programme", None] = card.programme
        got = {(row["area"], row["entity"]): row for row in rows if row["period"] == str(period)}
        if got.keys() != wanted.keys():
            yield f"{period}: areas {sorted(got, key=str)}, not {sorted(wanted, key=str)}"
        for key in got.keys() & wanted.keys():
            yield from _told({"area": key, "period": str(period)}, _of_area(wanted[key]), got[key], "")


def _told(whose: dict[str, Any], wanted: dict[str, Any], got: dict[str, Any], suffix: str) -> Iterator[str]:
    for name, want in wanted.items():
        have = got.get(f"{name}{suffix}")
        if not _same(want, have):
            yield f"{name}: {have!r}, not {want!r}: {whose}"


def _same(wanted: Any, told: Any) -> bool:
    if wanted is None or told is None or isinstance(wanted, str) or isinstance(told, str):
        return bool(wanted == told)
    return bool(abs(float(wanted) - float(told)) <= 1e-9 * max(1.0, abs(float(wanted))))


def compared(engine: Engine, seed: int, *, numbers: bool) -> list[str]:
    """Where a frame of a seed's rows differs from their scorecards, and by which rules."""
    given = drawn(seed)
    rows, types = as_numbers(given.rows, seed) if numbers else (list(given.rows), TEXTS)
    data = ragengine.Data.of(measurements=rows, overrides=given.overrides)
    found = list(Compared(given, seed, engine, rows, types, data).differences())
    return [*found, *given.files.values()] if found else []


@pytest.mark.parametrize("numbers", [True, False], ids=["numbers", "texts"])
@pytest.mark.parametrize("engine", _EAGER)
def test_rows_and_areas_are_those_of_the_scorecards(engine: Engine, numbers: bool) -> None:
    """Levels, reasons, targets, scores and movements of rows; levels, counts and scores of areas, of whole and entity."""

    # a smaller number draws another book, and no smaller one
    @settings(max_examples=max(_EXAMPLES // 60, 3), phases=(Phase.explicit, Phase.reuse, Phase.generate))
    @given(st.integers(0, 2**32))
    def agrees(seed: int) -> None:
        assert [] == compared(engine, seed, numbers=numbers)

    agrees()


def test_the_books_combine_what_looks_at_other_rows() -> None:
    """Most books carry values forward beside targets with the data and targets of other rows; some have each of the rest."""
    books = ["".join(drawn(seed).files.values()) for seed in range(12)]
    together = [text for text in books if all(key in text for key in ('"from data"', "{ from =", '"carry forward"'))]

    assert len(together) > 6
    for key in (" of entities", '"previous"', "persistence", "rank_of", "points = 4", "compare", "minimum_n", "confidence",
                "previous_value", "entities]", "quarterly", "formula", "exclude_period"):  # fmt: skip
        assert any(key in text for text in books), key
