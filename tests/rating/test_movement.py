"""How a level moved since the period before, and because of what."""

from __future__ import annotations

from pathlib import Path

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
FLOOR = (
    '[grace.covid]\nfrom = 2020-07-01\nuntil = 2020-07-31\nreason = "Covid"\nauthority = "Board"\n'
    'no_worse_than = "amber"\n'
)
SEEN = 'title = "Seen"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'


def kpi(rule: str = SEEN, book: str = BOOK) -> ragengine.Rulebook:
    """A rulebook with one KPI, ``a.k``."""
    return ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\n{rule}'})


def moved(book: ragengine.Rulebook, before: object, now: object, period: str = "2020-08") -> tuple[str, str]:
    """Movement and cause from the month before."""
    earlier = ragengine.parse_period(period).previous()
    movement = book.rate("a.k", now, period=period, history=[(str(earlier), before)]).movement
    assert movement is not None
    return str(movement), str(movement.cause or "")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (80, 90, ("improved", "data")),
        (90, 80, ("worsened", "data")),
        (85, 89, ("unchanged", "")),
        ("c", 90, ("newly rated", "missing")),
        (90, "c", ("no longer rated", "missing")),
    ],
)
def test_a_level_moves_because_of_the_data(before: object, now: object, expected: tuple[str, str]) -> None:
    """The same rule, other values."""
    assert moved(kpi(), before, now)[0] == expected[0]
    if expected[1]:
        assert moved(kpi(), before, now)[1] == expected[1]


def test_what_was_missing_and_came_in_is_said_so() -> None:
    """The text does not say that data are missing when they are there."""
    rating = kpi().rate("a.k", 90, period="2020-08", history=[("2020-07", "")])

    assert "Was Grey in July 2020: newly rated, because data were missing then." in rating.explain()


def test_a_level_moves_because_of_the_rule() -> None:
    """The same value against a target that rose: yesterday's value would be amber today as well."""
    book = kpi(SEEN.replace("90", "{ 2019-04-01 = 85, 2020-08-01 = 90 }"))

    assert moved(book, 86, 86) == ("worsened", "rule")
    assert moved(book, 95, 89) == ("worsened", "data")


def test_a_level_moves_because_grace_begins_or_ends() -> None:
    """A red month, lifted to amber in July only."""
    book = kpi(SEEN + 'grace = ["covid"]\n', BOOK + FLOOR)

    assert moved(book, 50, 50, "2020-07") == ("improved", "grace")
    assert moved(book, 50, 50, "2020-08") == ("worsened", "grace")
    assert moved(book, 50, 95, "2020-07") == ("improved", "data")


def test_the_previous_period_is_the_one_just_before() -> None:
    """A gap of a month leaves nothing to compare with."""
    book = kpi()

    assert book.rate("a.k", 90, period="2020-08", history=[("2020-06", 50)]).previous is None
    assert str(book.rate("a.k", 90, period="2020-08", history=[("2020-07", 50)]).previous) == "red"


def write(folder: Path, month: str, value: object, override: str = "") -> ragengine.Data:
    """Data of one month, with an override beside it."""
    folder.mkdir(exist_ok=True)
    (folder / "measurements.csv").write_text(f"kpi,period,value\na.k,{month},{value}\n", encoding="utf-8")
    (folder / "overrides.toml").write_text(override, encoding="utf-8")
    return ragengine.read(folder)


JUDGED = (
    '[[override]]\nsubject = "a.k"\nrag = "red"\nfrom = 2020-08-01\nuntil = 2020-08-31\n'
    'reason = "Audit"\nauthority = "Board"\n'
)


def test_a_card_moves_from_the_card_before(tmp_path: Path) -> None:
    """With the scorecard of the period before, its final level is the previous one."""
    book = kpi()
    july = book.score(write(tmp_path / "7", "2020-07", 95), "Jul-20")
    august = book.score(write(tmp_path / "8", "2020-08", 85), "Aug-20", july)
    judged = book.score(write(tmp_path / "9", "2020-08", 95, JUDGED), "Aug-20", july)

    movement = august.ratings["a.k"].movement
    assert (str(movement), str(movement.cause)) == ("worsened", "data")
    movement = judged.ratings["a.k"].movement
    assert (str(movement), str(movement.cause)) == ("worsened", "override")
    assert "Was Green in July 2020 (95%): worsened, because of an override." in judged.ratings["a.k"].explain()
    assert str(judged.areas["a"].movement) == "worsened"


def test_a_published_level_is_the_previous_one_where_nothing_can_be_computed(tmp_path: Path) -> None:
    """A level printed elsewhere, for an area and a KPI."""
    data = write(tmp_path, "2020-08", 85)
    (tmp_path / "published.csv").write_text(
        "subject,period,rag,source\na.k,2020-07,green,Board report\na,2020-07,green,Board report\n", encoding="utf-8"
    )
    card = kpi().score(ragengine.read(tmp_path), "Aug-20")

    assert data.problems == ()
    assert (str(card.ratings["a.k"].previous), str(card.ratings["a.k"].movement)) == ("green", "worsened")
    assert (str(card.areas["a"].previous), str(card.areas["a"].rag)) == ("green", "amber")


def test_an_improvement_by_judgement_is_said_to_be_one(tmp_path: Path) -> None:
    """Red in July, green in August by override alone."""
    book = kpi()
    july = book.score(write(tmp_path / "7", "2020-07", 50), "Jul-20")
    august = book.score(write(tmp_path / "8", "2020-08", 50, JUDGED.replace("red", "green")), "Aug-20", july)

    movement = august.ratings["a.k"].movement
    assert (str(movement), str(movement.cause)) == ("improved", "override")
