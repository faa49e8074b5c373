"""What is drawn for everybody: rows of a series on, just under and just over the lines of targets that rows make."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine import PreparedKpi, Rating, strategies

HEAD = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
UNHURRIED = settings(
    max_examples=400, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck), derandomize=True
)


def kpi(*keys: str) -> PreparedKpi:
    text = "\n".join(keys)
    book = ragengine.load(
        {"book.toml": HEAD, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\n{text}\n'}
    )
    return book.kpi("a.k")


def ratings(rule: PreparedKpi, rows: list[dict[str, str]]) -> list[Rating]:
    """Each row as its period's scorecard rates it."""
    book = ragengine.Rulebook(rule.rules)
    data = ragengine.Data.of(measurements=rows)
    cards = {period: book.score(data, as_at=period) for period in {row["period"] for row in rows}}
    found = [cards[row["period"]].ratings["a.k", row["entity"] or None] for row in rows]
    assert all(isinstance(each, Rating) for each in found)
    return [each for each in found if isinstance(each, Rating)]


@pytest.mark.parametrize("source", ["previous", "mean of 3", "median of entities", "mean of entities"])
@pytest.mark.parametrize("side", [-1, 0, 1], ids=["under", "on", "over"])
def test_a_value_on_and_beside_the_target_that_other_rows_make(source: str, side: int) -> None:
    """Of each source, among a few hundred series, one has a value on its target, and one a value less than 0.001 beside."""
    rule = kpi('direction = "higher"', f'target = {{ from = "{source}", change = "-10%" }}', 'tolerance = "5 pp"')

    def is_there(rows: list[dict[str, str]]) -> bool:
        for rating in ratings(rule, rows):
            if isinstance(rating.target, Fraction) and rating.value is not None:
                beyond = rating.value - rating.target
                # what is written has nine decimals, and a mean may be a third
                nearly = abs(beyond) < Fraction(1, 10**8)
                if nearly if side == 0 else (not nearly and 0 < side * beyond < Fraction(1, 1000)):
                    return True
        return False

    assert find(strategies.series(rule, months=4), is_there, settings=UNHURRIED)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.rulebooks(2, 0, statistics=True, other_rows=True), st.data())
def test_a_series_is_rows_of_a_file_that_nothing_is_wrong_with(book: ragengine.Rulebook, data: st.DataObject) -> None:
    """Texts in the same columns, each KPI, period and entity once; a scorecard of any rule rates them."""
    for rule in book.kpis.values():
        rows = data.draw(strategies.series(rule))
        assume(rows)
        assert len({tuple(row) for row in rows}) == 1
        assert all(isinstance(cell, str) for row in rows for cell in row.values())
        read = ragengine.Data.of(measurements=rows)
        card = book.score(read, as_at=max(row["period"] for row in rows))
        assert not [problem for problem in card.problems if problem.code == "RAG107"], "given twice"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(strategies.kpis(statistics=True, other_rows=True), st.data())
def test_one_measurement_brings_what_its_rule_asks_for(rule: PreparedKpi, data: st.DataObject) -> None:
    """The rows that a target is made from, an interval that is compared: `rate` takes it all."""
    rating = rule.rate(**data.draw(strategies.measurements(rule)))

    assert isinstance(rating, Rating)
    if rating.rag.is_grey:
        assert rating.reason is not None


@pytest.mark.parametrize("level", ["green", "amber", "red"])
def test_an_interval_about_the_target_is_drawn(level: str) -> None:
    """Better, similar and worse are all among the measurements of a rule that compares."""
    rule = kpi('direction = "higher"', "target = 80", 'compare = "interval"', 'confidence = "95%"')

    assert find(strategies.measurements(rule), lambda given: str(rule.rate(**given).rag) == level, settings=UNHURRIED)


@settings(max_examples=100, deadline=None)
@given(strategies.rule_files())
def test_whoever_asks_for_nothing_more_draws_plain_rules(files: dict[str, str]) -> None:
    """A property that rates one value at a time keeps holding: no target of other rows, no statistics, no score."""
    drawn = keys_of(files["a.toml"])

    assert not drawn & {"score", "confidence", "compare", "minimum_n", "formula"}
    assert 'from = "' not in files["a.toml"]


def keys_of(text: str) -> set[str]:
    """The keys of a file."""
    return {line.partition("=")[0].strip() for line in text.splitlines()}
