"""Relief, caps, evidence, persistence and judgements: what they do, on which days, and what stays visible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
SEEN = 'title = "Seen"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
DATES = 'from = 2020-03-23\nuntil = 2020-09-30\nreason = "Visits suspended"\nauthority = "Board, 15 April 2020"\n'


def kpi(*effects: str, rule: str = SEEN) -> ragengine.Rulebook:
    """A rulebook with one KPI, ``a.k``, that opts into a grace for each effect."""
    graces = "".join(f"[grace.g{n}]\n{DATES}{effect}\n" for n, effect in enumerate(effects))
    names = ", ".join(f'"g{n}"' for n in range(len(effects)))
    return ragengine.load(
        {"book.toml": BOOK + graces, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\n{rule}grace = [{names}]\n'}
    )


def levels(book: ragengine.Rulebook, value: object, period: str = "2020-07", **details: Any) -> tuple[str, str, str]:
    """Computed, adjusted and final level."""
    rating = book.rate("a.k", value, period=period, **details)
    return str(rating.computed), str(rating.adjusted), str(rating.rag)


@pytest.mark.parametrize(
    ("day", "adjusted"),
    [("2020-03-22", "red"), ("2020-03-23", "amber"), ("2020-09-30", "amber"), ("2020-10-01", "red")],
)
def test_a_grace_is_live_from_its_first_day_to_its_last(day: str, adjusted: str) -> None:
    """Both ends belong to it, and the computed level stays red throughout."""
    assert levels(kpi('no_worse_than = "amber"'), 50, day) == ("red", adjusted, adjusted)


def test_a_month_is_relieved_if_its_last_day_is() -> None:
    """September ends on the grace's last day; March began before it and is relieved too."""
    book = kpi('no_worse_than = "amber"')

    assert [levels(book, 50, month)[1] for month in ("2020-02", "2020-03", "2020-09", "2020-10")] == [
        "red", "amber", "amber", "red",
    ]  # fmt: skip


def test_a_floor_lifts_and_a_cap_lowers_and_neither_touches_what_is_within() -> None:
    """No worse than amber, no better than amber: together every number is amber."""
    assert levels(kpi('no_worse_than = "amber"'), 95) == ("green", "green", "green")
    assert levels(kpi('no_better_than = "amber"'), 95) == ("green", "amber", "amber")
    assert levels(kpi('no_better_than = "amber"'), 50) == ("red", "red", "red")
    both = kpi('no_better_than = "amber"', 'no_worse_than = "amber"')
    assert [levels(both, value)[1] for value in (50, 85, 95)] == ["amber", "amber", "amber"]


def test_relief_of_the_target_keeps_the_width_and_relief_of_the_width_the_target() -> None:
    """With 80 for 90 amber runs from 70; with 20 points for 10, from 70 to 90."""
    assert [levels(kpi("target = 80"), v)[1] for v in (80, 79.9, 70, 69.9)] == ["green", "amber", "amber", "red"]
    assert [levels(kpi('tolerance = "20 pp"'), v)[1] for v in (90, 89.9, 70, 69.9)] == [
        "green",
        "amber",
        "amber",
        "red",
    ]
    assert levels(kpi("target = 80"), 80) == ("amber", "green", "green")


def test_a_suspended_rating_still_says_what_was_computed() -> None:
    """Grey, suspended, with the computed level beside it."""
    book = kpi("suspend = true")

    assert levels(book, 50) == ("red", "grey", "grey")
    assert str(book.rate("a.k", 50, period="2020-07").reason) == "suspended"


def test_the_order_in_which_graces_are_written_does_not_matter() -> None:
    """Relief of the target, then the cap, then the floor."""
    effects = ["target = 80", 'no_better_than = "amber"', 'no_worse_than = "amber"']

    for value in (50, 75, 85, 95):
        assert levels(kpi(*effects), value) == levels(kpi(*reversed(effects)), value)


def test_a_condition_grants_what_it_shows_and_nothing_where_it_cannot() -> None:
    """No worse than a year ago: amber; worse, or nothing known of a year ago: red."""
    book = kpi('no_worse_than = "amber"\nwhen = "value >= year_ago_value"')

    assert levels(book, 60, history=[("2019-07", 60)])[1] == "amber"
    assert levels(book, 60, history=[("2019-07", 60.1)])[1] == "red"
    assert levels(book, 60, history=[("2019-07", "c")])[1] == "red"
    assert levels(book, 60, history=[("2019-08", 10)])[1] == "red"
    assert levels(book, 60)[1] == "red"


def test_a_condition_that_divides_by_zero_grants_nothing() -> None:
    """The rating stands, and the explanation says why."""
    book = kpi('no_worse_than = "amber"\nwhen = "100 / value > 1"')

    assert levels(book, 60)[1] == "amber"
    assert levels(book, 0)[1] == "red"
    assert "is not granted" in book.rate("a.k", 0, period="2020-07").explain()


def test_a_condition_may_ask_for_a_cause() -> None:
    """Only what was caused by Covid is relieved; the word's case does not matter."""
    book = kpi('no_worse_than = "amber"\nwhen = \'"covid" in causes\'')

    assert levels(book, 50, causes={"Covid"})[1] == "amber"
    assert levels(book, 50, causes={"staffing"})[1] == "red"


def test_without_evidence_nothing_is_better_than_amber() -> None:
    """Blank evidence is none."""
    book = kpi(rule=SEEN + "requires_evidence = true\n")

    assert levels(book, 95) == ("green", "amber", "amber")
    assert levels(book, 95, evidence=" ") == ("green", "amber", "amber")
    assert levels(book, 95, evidence="audit of 12 May") == ("green", "green", "green")
    assert levels(book, 50) == ("red", "red", "red")


def test_a_worse_level_is_adopted_in_the_second_period_in_a_row_and_a_better_one_at_once() -> None:
    """persistence = 2: one bad month among good ones changes nothing."""
    book = kpi(rule=SEEN + "persistence = 2\n")

    assert levels(book, 50) == ("red", "red", "red")
    assert levels(book, 50, history=[("2020-06", 95)]) == ("red", "green", "green")
    assert levels(book, 50, history=[("2020-05", 95), ("2020-06", 50)])[1] == "red"
    assert levels(book, 50, history=[("2020-05", 95), ("2020-06", 85)])[1] == "amber"
    assert levels(book, 95, history=[("2020-05", 50), ("2020-06", 50)])[1] == "green"


def test_three_periods_in_a_row_pass_over_a_grey_one() -> None:
    """persistence = 3: a suppressed month neither counts nor breaks the row."""
    book = kpi(rule=SEEN + "persistence = 3\n")
    start = [("2020-03", 95), ("2020-04", 50)]

    assert levels(book, 50, history=[*start, ("2020-05", 50)], period="2020-06")[1] == "red"
    assert levels(book, 50, history=[*start, ("2020-05", "c")], period="2020-06")[1] == "green"
    assert levels(book, 50, history=[*start, ("2020-05", "c"), ("2020-06", 50)])[1] == "red"


def scored(folder: Path, value: object, override: str, as_at: str = "Jul-20") -> tuple[str, str, str]:
    """Computed, adjusted and final level of one row with an override beside it."""
    (folder / "measurements.csv").write_text(f"kpi,period,value\na.k,2020-07,{value}\n", encoding="utf-8")
    (folder / "overrides.toml").write_text(f'[[override]]\nsubject = "a.k"\n{override}', encoding="utf-8")
    rating = kpi().score(ragengine.read(folder), as_at=as_at).ratings["a.k"]
    return str(rating.computed), str(rating.adjusted), str(rating.rag)


JUDGED = 'from = 2020-07-31\nuntil = 2020-08-31\nreason = "Audit pending"\nauthority = "Board"\n'


def test_an_override_has_the_last_word_and_hides_nothing(tmp_path: Path) -> None:
    """Replace, cap and floor, with computed and adjusted beside the final level."""
    assert scored(tmp_path, 95, 'rag = "red"\n' + JUDGED) == ("green", "green", "red")
    assert scored(tmp_path, 95, 'no_better_than = "amber"\n' + JUDGED) == ("green", "green", "amber")
    assert scored(tmp_path, 50, 'no_better_than = "amber"\n' + JUDGED) == ("red", "red", "red")
    assert scored(tmp_path, 50, 'no_worse_than = "amber"\n' + JUDGED) == ("red", "red", "amber")


def test_only_a_named_level_lifts_a_grey(tmp_path: Path) -> None:
    """A cap or floor says nothing of what is not rated."""
    assert scored(tmp_path, "c", 'no_worse_than = "amber"\n' + JUDGED)[2] == "grey"
    assert scored(tmp_path, "c", 'rag = "amber"\n' + JUDGED) == ("grey", "grey", "amber")


@pytest.mark.parametrize(
    ("as_at", "final"), [("2020-07-30", "green"), ("2020-07-31", "red"), ("2020-08-31", "red"), ("2020-09-01", "green")]
)
def test_an_override_holds_from_its_first_day_to_its_last(tmp_path: Path, as_at: str, final: str) -> None:
    """Judged on the card's day, not the measurement's."""
    rows = "kpi,period,value\na.k,2020-06,95\na.k,2020-07,95\na.k,2020-08,95\n"
    (tmp_path / "measurements.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "overrides.toml").write_text(f'[[override]]\nsubject = "a.k"\nrag = "red"\n{JUDGED}', encoding="utf-8")
    card = kpi().score(ragengine.read(tmp_path), as_at=as_at)

    assert str(card.ratings["a.k"].rag) == final


def test_a_lapsed_override_is_listed_and_not_applied(tmp_path: Path) -> None:
    """An auditor sees that there was one, and when it ended."""
    (tmp_path / "measurements.csv").write_text("kpi,period,value\na.k,2020-09,95\n", encoding="utf-8")
    (tmp_path / "overrides.toml").write_text(f'[[override]]\nsubject = "a.k"\nrag = "red"\n{JUDGED}', encoding="utf-8")
    rating = kpi().score(ragengine.read(tmp_path), as_at="Sep-20").ratings["a.k"]

    assert rating.rag == "green"
    assert "An override lapsed on 31 August 2020 and is not applied: Audit pending." in rating.explain()


def test_an_override_for_one_entity_leaves_the_others(tmp_path: Path) -> None:
    """The same KPI in two teams: one is judged."""
    (tmp_path / "measurements.csv").write_text(
        "kpi,period,entity,value\na.k,2020-07,North,95\na.k,2020-07,South,95\n", encoding="utf-8"
    )
    (tmp_path / "overrides.toml").write_text(
        f'[[override]]\nsubject = "a.k"\nentity = "South"\nrag = "red"\nrelease_when = "The audit is read"\n{JUDGED}',
        encoding="utf-8",
    )
    card = kpi().score(ragengine.read(tmp_path), as_at="Jul-20")

    assert (card.ratings["a.k", "North"].rag, card.ratings["a.k", "South"].rag) == ("green", "red")
    assert "released when: The audit is read" in card.ratings["a.k", "South"].explain()
