"""Frames of every engine and the engine for one measurement: the same of every kind of rule, row by row."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine import frames
from ragengine.catalogue import catalogue_of
from ragengine.data.model import Override
from ragengine.errors import CannotRate
from ragengine.strategies import rulebooks

from .agreement import differences, expected, scalar_ratings
from .drawn import TYPES, book_of, broad_files, numeric, rows_around, without
from .engines import Engine, Row
from .every_rule import by_look_ups, one_by_one

_EXAMPLES = settings.default.max_examples  # type: ignore[union-attr]


def _is_long(cell: object) -> bool:
    """Whether a text is a number of more places than a lazy engine keeps."""
    return isinstance(cell, str) and re.fullmatch(r"\s*[+-]?[0-9,]*\.[0-9]{16,}\s?%?\s*", cell) is not None


def compared(
    engine: Engine, book: ragengine.Rulebook, rows: list[Row], types: dict[str, str], **asked: Any
) -> list[str]:
    """Where the frame of an engine differs from the scalar ratings of the same rows."""
    overrides, as_at = asked.get("overrides", ()), asked.get("as_at")
    if engine.is_lazy:
        # what has more digits than an engine's decimals keep is grey: invalid there, never rounded (tests/doors)
        rows = [row for row in rows if not any(_is_long(cell) for cell in row.values())]
    seen = engine.seen(rows)
    # a lazy frame knows only the rows that it has; Dask rates eager ones
    whole = not engine.is_lazy or engine.name == "dask"
    ratings = scalar_ratings(book, seen, overrides, as_at, whole=whole)
    wanted = [expected(book, row, rating) for row, rating in zip(seen, ratings, strict=True)]
    rated = frames.rate(engine.make(rows, types), book, history=True, suffix="_", **asked)
    return differences(seen, wanted, engine.back(rated))


def test_every_kind_of_rule_as_texts(engine: Engine) -> None:
    """Each kind of rule and each name of a condition, on and beside its lines, with every symbol that cells may hold."""
    if engine.name == "duckdb-own":
        pytest.skip("as numbers: planning so many rules takes DuckDB seconds")
    book = by_look_ups()
    assert not catalogue_of(book).refused

    assert [] == compared(engine, book, rows_around(book, seed=1, each=27), TYPES)


def test_every_kind_of_rule_as_numbers(fast: Engine) -> None:
    """The same as numbers: NaN, infinities, nulls, -0.0, 1e15, and one step of a float beside each line."""
    if fast.name == "duckdb":
        pytest.skip("as texts: planning so many rules takes DuckDB seconds")
    book = by_look_ups()
    rows, types = numeric(rows_around(book, seed=2, each=27), seed=2)

    assert [] == compared(fast, book, rows, types)


def test_rules_that_take_the_rows_before(plain: Engine) -> None:
    """Eager frames rate them row by row; engines that are lazy name KPI and reason before anything starts."""
    book = one_by_one()
    rows = rows_around(book, seed=3, each=40, twice=True)
    if not plain.is_lazy:
        assert [] == compared(plain, book, rows, TYPES)
        numbers, types = numeric(rows, seed=3)
        assert [] == compared(plain, book, numbers, types)
        return
    with pytest.raises(CannotRate) as refused:
        frames.rate(plain.make(rows, TYPES), book, suffix="_")
    assert set(refused.value.why) == {kpi for kpi in book.kpis if kpi != "a.plain"}
    assert "a.persistent: persistence looks at the levels of the periods before" in str(refused.value)


def _override(subject: str, effect: str, level: str, start: date, until: date, entity: str | None = None) -> Override:
    return Override(subject, effect, level, start, until, "Judged so", "Board", entity)


OVERRIDES = (
    _override("a.higher", "rag", "green", date(2020, 3, 1), date(2020, 5, 31)),
    _override("a.higher", "no_better_than", "amber", date(2020, 4, 1), date(2020, 4, 30), "North"),
    _override("a.dated", "no_worse_than", "amber", date(2019, 1, 1), date(2021, 12, 31), "South"),
    _override("a.words", "rag", "grey", date(2019, 1, 1), date(2021, 12, 31)),
    _override("a.no-target", "rag", "amber", date(2019, 1, 1), date(2021, 12, 31)),
    _override("a.no-target", "no_better_than", "red", date(2019, 6, 1), date(2021, 12, 31), "e1"),
)


@pytest.mark.parametrize("as_at", [None, date(2020, 4, 15)], ids=["each period's last day", "one day"])
def test_overrides(plain: Engine, as_at: date | None) -> None:
    """Judgements replace, cap, floor and make grey, of a KPI or of one entity, as they are in force."""
    book = by_look_ups("higher", "dated", "words", "no-target")
    rows = rows_around(book, seed=4, each=27)

    assert [] == compared(plain, book, rows, TYPES, overrides=OVERRIDES, as_at=as_at)


def test_drawn_rules(fast: Engine) -> None:
    """Rulebooks that nobody thought of, with series of rows about their lines and dates."""
    few = _EXAMPLES // (10 if fast.name in ("polars", "polars-lazy") else 40)

    @settings(max_examples=max(few, 3))
    @given(broad_files(looks_back=not fast.is_lazy), st.integers(0, 1_000), st.booleans())
    def agrees(files: dict[str, str], seed: int, as_numbers: bool) -> None:
        if fast.is_lazy:
            files = without(files, catalogue_of(book_of(files)).refused)
        book = book_of(files)
        rows: list[Row] = list(rows_around(book, seed, each=20))
        types = dict(TYPES)
        if as_numbers:
            rows, types = numeric(rows, seed)
        assert [] == compared(fast, book, rows, types), files["a.toml"]

    agrees()


def test_drawn_rules_of_the_strategies() -> None:
    """The rulebooks that are drawn for everybody agree too."""

    @settings(max_examples=max(_EXAMPLES // 10, 3))
    @given(rulebooks(kpis=3, actions=0), st.integers(0, 1_000))
    def agrees(book: ragengine.Rulebook, seed: int) -> None:
        assume(book.kpis)
        assert [] == compared(_polars(), book, rows_around(book, seed, each=20), TYPES)

    agrees()


def _polars() -> Engine:
    from .engines import PLAIN

    return PLAIN[0]
