"""A rating is the same wherever it is read: copied, pickled, in another thread or another process."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Barrier
from typing import Any

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
GRACE = '{ from = 2020-07-01, until = 2020-07-31, no_worse_than = "amber", reason = "R", authority = "B" }'
AREA = f"""\
[area]
title = "The area"
[kpi.plain]
title     = "Plain"
unit      = "%"
direction = "higher"
target    = {{ 2019-04-01 = 85, 2020-07-01 = 90 }}
tolerance = "10 pp"
grace     = [{GRACE}]
[kpi.plain.entities.E1]
target = 70
[[kpi.plain.examples]]
value  = 95
period = "2020-07"
rag    = "green"
[kpi.twice]
title = "A level of two bands"
direction = "within"
bands = [
  {{ rag = "red", below = 10 }}, {{ rag = "amber", from = 10, below = 20 }}, {{ rag = "green", from = 20, to = 30 }},
  {{ rag = "amber", above = 30, to = 40 }}, {{ rag = "red", above = 40 }},
]
[kpi.words]
title = "In words"
words = {{ no = "red", yes = "green" }}
[kpi.formula]
title     = "By formula"
direction = "lower"
target    = "from data"
tolerance = "10% of target"
inputs    = ["seen", "due"]
formula   = "100 * seen / due"
[kpi.quarterly]
title     = "By quarter"
direction = "higher"
target    = {{ 2019-04-01 = 5, 2020-04-01 = 6 }}
tolerance = 0
frequency = "quarterly"
[action.do]
title   = "Do"
due     = 2020-07-31
warning = "28 days"
grace   = [{{ from = 2020-08-01, until = 2020-08-31, extend_due = "60 days", reason = "R", authority = "B" }}]
"""
RATED: dict[str, Callable[[ragengine.Rulebook], ragengine.Rating]] = {
    "by its value alone": lambda book: book.rate("a.plain", 80, period="Jul-20"),
    "a float": lambda book: book.rate("a.plain", 69.9, period="2020-06"),
    "between two bands of one level": lambda book: book.rate("a.twice", 35, period="2020-06"),
    "of counts, with a history": lambda book: book.rate(
        "a.plain", numerator=5, denominator=9, period="2020-07", history=[("2020-06", 91)], causes="covid"
    ),
    "of an entity with its own target": lambda book: book.rate("a.plain", 65, period="2020-06", entity="E1"),
    "a word": lambda book: book.rate("a.words", "yes"),
    "by a formula, with a target from the data": lambda book: book.rate(
        "a.formula", target=20, inputs={"seen": 1, "due": 4}, period="2020-06"
    ),
    "grey": lambda book: book.rate("a.plain", "c", period="2020-06"),
    "an action in grace": lambda book: book.rate("a.do", "in progress", as_at="2020-08-14", previous="amber"),
}


def rulebook() -> ragengine.Rulebook:
    """The rules of these tests."""
    return ragengine.load({"book.toml": BOOK, "a.toml": AREA})


def _pickled(given: Any) -> Any:
    return pickle.loads(pickle.dumps(given))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, _pickled], ids=["copy", "deepcopy", "pickle"])
@pytest.mark.parametrize("name", RATED)
def test_a_copy_is_equal_and_explains_itself(name: str, again: Callable[[Any], Any]) -> None:
    """A copy equals the rating, and says, needs and moves the same; copied before or after its text was first read."""
    fresh, read = RATED[name](rulebook()), RATED[name](rulebook())
    said = read.explain()

    for rating in (fresh, read):
        made = again(rating)
        assert made == rating and made.outcome == rating.outcome and hash(made.outcome) == hash(rating.outcome)
        assert made.explain() == said
        assert made.explanation == read.explanation
        assert made.to_dict() == read.to_dict()
        assert [made.needed_for(level) for level in ("red", "amber", "green")] == [
            read.needed_for(level) for level in ("red", "amber", "green")
        ]
        assert (made.period, made.movement, made.target) == (read.period, read.movement, read.target)


def test_ratings_of_other_rules_are_not_equal() -> None:
    """The same value under another target is another rating, though the copy left the rulebook behind."""
    other = ragengine.load({"book.toml": BOOK, "a.toml": AREA.replace("2020-07-01 = 90", "2020-07-01 = 91")})

    assert rulebook().rate("a.plain", 80, period="Jul-20") != _pickled(other.rate("a.plain", 80, period="Jul-20"))
    assert rulebook().rate("a.plain", 80, period="Jul-20") == _pickled(rulebook().rate("a.plain", 80, period="Jul-20"))


@pytest.mark.parametrize("name", RATED)
def test_a_pickle_is_small_whatever_the_rulebook(name: str) -> None:
    """It holds the rating's own rule: a rulebook a hundred times the size adds nothing to it."""
    more = "".join(f'[kpi.k{n}]\ntitle = "K"\ndirection = "higher"\ntarget = 5\ntolerance = 0\n' for n in range(500))
    variants = "".join(f"[kpi.plain.entities.F{n}]\ntarget = 60\n" for n in range(500))
    large = ragengine.load({"book.toml": BOOK, "a.toml": AREA + variants + more})
    size = len(pickle.dumps(RATED[name](rulebook())))

    assert size < 5_000
    # the line of the rule and the fingerprint are as long
    assert abs(len(pickle.dumps(RATED[name](large))) - size) < 20


def test_a_kpi_travels_without_its_rulebook() -> None:
    """``pool.map(kpi.rate, …)`` sends the one rule along, and it rates as it does here."""
    book = rulebook()
    for name, value in (("a.plain", 69), ("a.quarterly", 5)):
        kpi = _pickled(book.kpi(name))
        assert kpi.rate(value, "2020-06") == book.rate(name, value, period="2020-06")
        assert len(pickle.dumps(kpi)) < 5_000
    action = _pickled(book.action("a.do"))
    assert action.rate("2020-08-14", "in progress") == book.rate("a.do", "in progress", as_at="2020-08-14")


def _of_a_thread(book: ragengine.Rulebook, start: Barrier) -> list[ragengine.Rating]:
    start.wait()
    return [rate(book) for rate in RATED.values()]


def test_threads_share_what_is_made_once() -> None:
    """Sixteen threads that begin at once on one rulebook get equal ratings, and one shared outcome for one band."""
    for _ in range(10):
        book, start = rulebook(), Barrier(16)
        with ThreadPoolExecutor(16) as pool:
            found = [each.result() for each in [pool.submit(_of_a_thread, book, start) for _ in range(16)]]
        texts = {tuple(rating.explain() for rating in ratings) for ratings in found}

        assert all(ratings == found[0] for ratings in found) and len(texts) == 1
        assert len({id(ratings[0].outcome) for ratings in found}) == 1


def _of_a_process(name: str) -> tuple[ragengine.Rating, str]:
    rating = RATED[name](rulebook())
    return rating, rating.explain()


def test_ratings_come_back_from_other_processes() -> None:
    """What another process rated is equal to what is rated here, and says the same here as it did there."""
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool:
        for name, (rating, said) in zip(RATED, pool.map(_of_a_process, RATED), strict=True):
            assert rating == RATED[name](rulebook())
            assert rating.explain() == said


def test_the_period_is_the_rules_own_however_it_was_given() -> None:
    """June names the first quarter of a quarterly KPI, on the short way and on the full one."""
    book = rulebook()
    short, full = book.rate("a.quarterly", 6, period="Jun-20"), book.rate("a.quarterly", 6, period="Jun-20", note="n")

    assert short.period == full.period == ragengine.parse_period("Q1 2020/21")
    assert ", Q1 2020/21:" in short.explain() and ", Q1 2020/21:" in full.explain()
