"""Rulebooks, ratings, scorecards and explanations are values: immutable, picklable, shared by threads, context-free."""

from __future__ import annotations

import copy
import decimal
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from threading import Barrier
from typing import Any

import pytest

import ragengine
from ragengine.data.collection import Data
from ragengine.data.door import measurement_of
from ragengine.rating.rating import Rating

FILES = {
    "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "carry forward"\nmax_age = "3 months"\n',
    "a.toml": """\
[area]
title = "A"
[kpi.seen]
title     = "Seen"
unit      = "%"
direction = "higher"
target    = { 2019-04-01 = 85.1234567, 2020-04-01 = 90.1234567 }
tolerance = "10.0000001 pp"
decimals  = 3
grace     = [{ from = 2020-07-01, until = 2020-07-31, no_worse_than = "amber", reason = "R", authority = "B" }]
[kpi.wait]
title     = "Wait"
unit      = "days"
direction = "lower"
target    = 12345.678
tolerance = "10% of target"
formula   = "a / b"
inputs    = ["a", "b"]
[action.do]
title = "Do"
due   = 2020-09-30
""",
}
PERIODS = ["2019-06", "2020-03", "2020-04", "2020-06", "2020-07", "2020-08"]
VALUES: list[Any] = [80.1, 80.12, 80.1234566, 85.1234567, 90.122, 90.123, 90.1234567, "90.1225", "c", "", 100, -1]


@pytest.fixture
def book() -> ragengine.Rulebook:
    """A rulebook with dates, rounding, grace, a formula and an action."""
    return ragengine.load(FILES)


def seen(book: ragengine.Rulebook) -> ragengine.Rating:
    return book.rate("a.seen", 84, period="Jul-20", history=[("Jun-20", 91)])


def card(book: ragengine.Rulebook) -> ragengine.Scorecard:
    rows = [
        measurement_of("a.seen", value=value, period=ragengine.parse_period(period))
        for period, value in (("2020-06", 91), ("2020-07", 84))
    ]
    return book.score(Data(tuple(rows)), as_at="Jul-20")


def answers(book: ragengine.Rulebook) -> list[tuple[object, ...]]:
    """Levels, texts and data of many ratings, by every way in."""
    told: list[tuple[object, ...]] = []
    for period in PERIODS:
        for value in VALUES:
            ratings = [book.rate("a.seen", value, period=period), book.rate_many([("a.seen", period, value)])[0]]
            ratings.append(book.rate("a.seen", value, period=period, history=[("2020-05", 91)]))
            for rating in ratings:
                levels = (str(rating.computed), str(rating.adjusted), str(rating.rag), rating.reason)
                told.append((*levels, rating.shortfall, rating.explain(), rating.explanation))
        wait = book.rate("a.wait", period=period, inputs={"a": Decimal("37037.034"), "b": 3})
        told.append((str(wait.rag), wait.value, wait.explain(), str(wait.needed_for("red"))))
    told.append((card(book).to_json(),))
    return told


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda book: book, "rules"),
        (lambda book: book, "title"),
        (lambda book: book, "fingerprint"),
        (lambda book: book, "colour"),
        (lambda book: book.rules, "title"),
        (lambda book: book["a.seen"], "kpi"),
        (lambda book: book["a.seen"], "colour"),
        (lambda book: book["a.do"], "action"),
        (lambda book: book["a.seen"].kpi, "target"),
        (lambda book: seen(book), "rag"),
        (lambda book: seen(book), "outcome"),
        (lambda book: seen(book), "colour"),
        (lambda book: seen(book).rag, "label"),
        (lambda book: seen(book).movement, "cause"),
        (lambda book: seen(book).explanation, "rag"),
        (lambda book: seen(book).explanation.bands[0], "rag"),
        (lambda book: seen(book).explanation.steps[0], "text"),
        (lambda book: seen(book).needed_for("green"), "change"),
        (lambda book: seen(book).period, "start"),
        (lambda book: card(book), "ratings"),
        (lambda book: card(book), "colour"),
        (lambda book: card(book).areas["a"], "rag"),
        (lambda book: card(book).rows, "read"),
        (lambda book: book.scale, "levels"),
    ],
)
def test_no_attribute_can_be_set_or_deleted(book: ragengine.Rulebook, make: Any, name: str) -> None:
    """Setting any attribute, known or new, raises, and so does taking one away."""
    value = make(book)
    before = getattr(value, name, None)

    with pytest.raises(AttributeError):
        setattr(value, name, "x")
    with pytest.raises(AttributeError):
        delattr(value, name)
    assert before == getattr(value, name, None)


def test_no_public_name_of_a_rating_can_be_set_or_deleted(book: ragengine.Rulebook) -> None:
    """Of a rating of a value alone, of one with facts and of one whose facts are still to be found, each can only be read."""
    ratings = [book.rate("a.seen", 84, period="Jul-20"), seen(book), next(iter(card(book).ratings.values()))]
    names = [name for name in dir(ragengine.Rating) if not name.startswith("_")]

    assert {"rag", "outcome", "facts", "movement", "explanation", "explain"} <= set(names)
    for rating in ratings:
        for name in names:
            with pytest.raises(AttributeError):
                setattr(rating, name, None)
            with pytest.raises(AttributeError):
                delattr(rating, name)


def test_a_rating_whose_facts_are_to_be_found_is_the_one_that_has_them(book: ragengine.Rulebook) -> None:
    """Compared, hashed, copied and pickled before anybody looked at it, it is equal to the rating of the same row."""
    rating = seen(book)
    acts: list[Callable[[Any], Any]] = [hash, copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
    for act in acts:
        later = Rating.later(rating.outcome, lambda: rating.facts)
        done = act(later)

        assert done == (hash(rating) if act is hash else rating)
        assert later == rating and rating == Rating.later(rating.outcome, lambda: rating.facts)
        assert str(rating.movement) == str(later.movement)
    assert rating != rating.rag


def test_no_row_of_a_scorecard_can_be_replaced(book: ragengine.Rulebook) -> None:
    """Ratings and areas are looked up, and never written."""
    made = card(book)

    for rows in (made.ratings, made.areas):
        with pytest.raises(TypeError):
            rows["a"] = None  # type: ignore[index]


def test_the_kpis_of_a_book_are_a_copy(book: ragengine.Rulebook) -> None:
    """What a caller does with the mapping does nothing to the book."""
    book.kpis.clear()  # type: ignore[attr-defined]

    assert ["a.seen", "a.wait"] == list(book.kpis)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_values_survive_pickling(book: ragengine.Rulebook, protocol: int) -> None:
    """Rulebook, prepared KPI, ratings by either path, explanation and scorecard come back equal and answer the same."""
    fast = book.rate("a.seen", 84, period="Jul-20")
    fast = book.rate("a.seen", 84, period="Jul-20")
    made = [book, fast, seen(book), seen(book).explanation, seen(book).rag, card(book)]

    back = [pickle.loads(pickle.dumps(value, protocol)) for value in made]

    assert made == back
    assert [fast.explain(), seen(book).explain()] == [back[1].explain(), back[2].explain()]
    assert answers(book) == answers(back[0])
    assert seen(book) == pickle.loads(pickle.dumps(book["a.seen"], protocol)).rate(
        84, "Jul-20", history=[("Jun-20", 91)]
    )


@pytest.mark.parametrize("value", [100, 80, 75, 10])
def test_a_rating_of_a_value_alone_explains_itself_wherever_it_is_read(value: int) -> None:
    """The quick text of a rating that was pickled or copied is that of the rating, what would change it included."""
    rules = {
        "book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 80\n'
        'tolerance = "5 pp"\n',
    }
    rating = ragengine.load(rules).rate("a.k", value, period="2020-07")

    said = [pickle.loads(pickle.dumps(rating)).explain(), copy.deepcopy(rating).explain()]

    assert [rating.explain()] * 2 == said
    assert "would make it" in said[0]


def test_a_scorecard_read_from_json_survives_pickling(book: ragengine.Rulebook) -> None:
    """Recorded ratings come back too."""
    recorded = ragengine.Scorecard.from_json(card(book).to_json())

    assert recorded == pickle.loads(pickle.dumps(recorded))


def test_equal_values_have_one_hash(book: ragengine.Rulebook) -> None:
    """A rulebook loaded twice, a rating made twice, an explanation made twice: each pair is one member of a set."""
    other = ragengine.load(FILES)
    pairs = [
        (book, other),
        (seen(book), seen(other)),
        (book.rate("a.seen", 84, period="Jul-20"), book.rate("a.seen", 84, period="Jul-20")),
        (seen(book).explanation, seen(other).explanation),
        (seen(book).rag, seen(other).rag),
        (seen(book).period, seen(other).period),
        (seen(book).needed_for("green"), seen(other).needed_for("green")),
    ]

    assert [1] * len(pairs) == [len(set(pair)) for pair in pairs]


def test_different_values_are_not_equal(book: ragengine.Rulebook) -> None:
    """Another edition is another book, another value another rating."""
    other = ragengine.load({**FILES, "book.toml": FILES["book.toml"].replace('"E"', '"F"')})

    assert book != other
    assert book.rate("a.seen", 84, period="Jul-20") != book.rate("a.seen", 84.5, period="Jul-20")
    assert book != "B"


def test_a_scorecard_says_that_it_has_no_hash(book: ragengine.Rulebook) -> None:
    """A card is compared by what it says."""
    assert card(book) == card(ragengine.load(FILES))
    with pytest.raises(TypeError, match="unhashable"):
        hash(card(book))


def test_sixteen_threads_give_the_answers_of_one() -> None:
    """Threads that begin at once on a cold book, switched as often as can be, get what one gets alone."""
    expected = answers(ragengine.load(FILES))
    shared, start, usual = ragengine.load(FILES), Barrier(16), sys.getswitchinterval()

    def work(_: int) -> list[tuple[object, ...]]:
        start.wait()
        return answers(shared)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(work, range(16)))
    finally:
        sys.setswitchinterval(usual)

    assert all(expected == got for got in found)


@pytest.mark.parametrize("rounding", [decimal.ROUND_UP, decimal.ROUND_DOWN])
def test_the_callers_decimal_context_changes_nothing(rounding: str) -> None:
    """Rules read and values rated under three digits of precision are those under twenty-eight."""
    book = ragengine.load(FILES)
    expected = answers(book)
    with decimal.localcontext() as context:
        context.prec = 3
        context.rounding = rounding
        narrow = ragengine.load(FILES)
        found = answers(narrow)

        assert (book.fingerprint, expected) == (narrow.fingerprint, found)
        assert Fraction("80.1234566") == narrow.rate("a.seen", Decimal("80.1234566"), period="Jul-20").value


def test_the_callers_traps_are_not_sprung() -> None:
    """A context that raises on every inexact operation meets none."""
    with decimal.localcontext() as context:
        context.prec = 3
        context.traps[decimal.Inexact] = True
        context.traps[decimal.Rounded] = True

        assert len(answers(ragengine.load(FILES))) > 100
