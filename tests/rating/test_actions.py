"""How an action is rated: by days late, status and progress."""

from __future__ import annotations

from typing import Any

import pytest

import ragengine

BOOK = (
    '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\ndates = "day first"\n'
    '[grace.covid]\nfrom = 2020-03-23\nuntil = 2020-12-31\nreason = "Covid"\nauthority = "Board"\n'
    'extend_due = "60 days"\n'
)


def action(rule: str) -> ragengine.Rulebook:
    """A rulebook with one action, ``a.x``."""
    return ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[action.x]\ntitle = "X"\n{rule}'})


def rated(book: ragengine.Rulebook, as_at: str, status: str | None = "in progress", **details: Any) -> tuple[str, str]:
    """Level and reason."""
    rating = book.rate("a.x", status=status, as_at=as_at, **details)
    return str(rating.rag), str(rating.reason or "")


@pytest.mark.parametrize(
    ("as_at", "level"),
    [
        ("2020-09-01", "green"),
        ("2020-09-02", "amber"),
        ("2020-09-30", "amber"),
        ("2020-10-01", "amber"),
        ("2020-10-14", "amber"),
        ("2020-10-15", "red"),
    ],
)
def test_an_open_action_is_amber_from_its_warning_to_its_tolerance(as_at: str, level: str) -> None:
    """Due 30 September, 28 days of warning, 14 of tolerance: each line on its day and the day beside it."""
    book = action('due = "Sep-20"\nwarning = "28 days"\ntolerance = "14 days"\n')

    assert rated(book, as_at) == (level, "")
    assert rated(book, as_at, "not started") == (level, "")


def test_without_warning_or_tolerance_late_is_red_at_once() -> None:
    """Green on its day, red on the next."""
    book = action("due = 2020-09-30\n")

    assert rated(book, "2020-09-30") == ("green", "")
    assert rated(book, "2020-10-01") == ("red", "")


def test_complete_is_green_however_late_unless_the_rule_keeps_its_lateness() -> None:
    """``on_time = false`` keeps the colour of the completion date, not of the day it is looked at."""
    plain = action('due = "Sep-20"\n')
    strict = action('due = "Sep-20"\ntolerance = "14 days"\non_time = false\n')
    late = {"status": "complete", "completed_on": "2020-10-20"}

    assert rated(plain, "2020-12-31", **late) == ("green", "")
    assert rated(strict, "2020-12-31", **late) == ("red", "")
    assert rated(strict, "2020-12-31", "complete", completed_on="2020-10-14") == ("amber", "")
    assert rated(strict, "2020-12-31", "complete", completed_on="2020-09-30") == ("green", "")


def test_a_completed_action_may_have_a_level_of_its_own() -> None:
    """``complete`` names it."""
    assert rated(action('due = "Sep-20"\ncomplete = "amber"\n'), "2020-08-31", "complete") == ("amber", "")


@pytest.mark.parametrize(
    ("due", "status", "expected"),
    [
        ("TBC", "in progress", ("grey", "no due date")),
        ("TBC", "complete", ("green", "")),
        ("Sep-20", "deferred", ("grey", "not applicable")),
        ("Sep-20", None, ("grey", "no data")),
    ],
)
def test_what_cannot_be_late_is_grey_with_its_reason(due: str, status: str | None, expected: tuple[str, str]) -> None:
    """No date, deferred, or nothing reported."""
    assert rated(action(f'due = "{due}"\n'), "2020-08-31", status) == expected


def test_a_tentative_date_rates_and_says_that_it_is_tentative() -> None:
    """``TBC 14/08/20`` is a date to be confirmed."""
    book = action('due = "TBC 14/08/20"\n')

    assert rated(book, "2020-08-14") == ("green", "")
    assert rated(book, "2020-08-15") == ("red", "")
    assert "tentative" in book.rate("a.x", status="in progress", as_at="2020-08-14").explain()


def test_more_time_by_grace_moves_every_line_and_leaves_the_computed_level() -> None:
    """60 days after 30 September is 29 November."""
    book = action('due = "Sep-20"\ngrace = ["covid"]\n')

    assert rated(book, "2020-11-29") == ("green", "")
    assert rated(book, "2020-11-30") == ("red", "")
    assert book.rate("a.x", status="in progress", as_at="2020-11-29").computed == "red"
    # the grace itself ends with the year, and with it the time it gave
    assert rated(action('due = 2020-12-15\ngrace = ["covid"]\n'), "2020-12-31") == ("green", "")
    assert rated(action('due = 2020-12-15\ngrace = ["covid"]\n'), "2021-01-01") == ("red", "")


def test_progress_is_compared_with_the_time_that_has_gone() -> None:
    """Half the time gone: 45% done is 90 of 100 expected, 35% is 70."""
    book = action(
        "start = 2020-01-01\ndue = 2020-01-21\n"
        'formula = "100 * progress / elapsed"\n'
        'bands = [{ rag = "green", from = 90 }, { rag = "amber", from = 70, below = 90 }, { rag = "red", below = 70 }]\n'
    )

    for progress, level in ((45, "green"), (44.9, "amber"), (35, "amber"), (34.9, "red")):
        assert rated(book, "2020-01-11", progress=progress) == (level, "")
    assert rated(book, "2020-01-11") == ("grey", "missing input")
    assert rated(book, "2020-01-01", progress=0) == ("grey", "division by zero")


def test_days_late_count_from_the_due_date() -> None:
    """Negative while there is time, and the explanation says it in words."""
    book = action('due = "Sep-20"\n')
    early = book.rate("a.x", status="in progress", as_at="2020-09-20")

    assert early.days_late == -10
    assert book.rate("a.x", status="in progress", as_at="2020-10-15").days_late == 15
    assert "15 days late" in book.rate("a.x", status="in progress", as_at="2020-10-15").explain()
    assert "10 days left" in early.explain()


def test_a_status_that_is_none_is_refused() -> None:
    """The four words, in any case."""
    book = action('due = "Sep-20"\n')

    assert rated(book, "2020-08-31", " Complete ") == ("green", "")
    with pytest.raises(ragengine.BadArgument, match="in progress"):
        rated(book, "2020-08-31", "nearly")
