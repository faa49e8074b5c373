"""The days on which an action that is left open turns worse are those on which it is rated so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.rating.left_open import turns_of

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
DUE = date(2020, 9, 30)
GRACE = 'grace = [{{ from = 2020-09-01, until = 2020-11-30, {effect}, reason = "r", authority = "a"{when} }}]\n'
KEYS = (
    'warning = "28 days"\ntolerance = "14 days"\n',
    'warning = "28 days"\n',
    "",
    'bands = [{ rag = "green", to = 0 }, { rag = "amber", above = 0, to = 30 }, { rag = "red", above = 30 }]\n',
    "requires_evidence = true\n",
)
EFFECTS = ('extend_due = "40 days"', 'no_worse_than = "amber"', 'no_better_than = "amber"', "suspend = true")


def book(keys: str) -> ragengine.Rulebook:
    """One action."""
    text = f'[area]\ntitle = "A"\n[action.x]\ntitle = "X"\ndue = {DUE}\n{keys}'
    return ragengine.load({"book.toml": BOOK, "a.toml": text})


def test_an_open_action_says_when_it_turns() -> None:
    """In the text, in the JSON, and once it is late still the day of the last line; done or red it says nothing."""
    rules = book(KEYS[0])
    early = rules.action("a.x").rate("2020-08-01", "in progress")
    said = "Left open, it would be Amber from 2 September 2020 and Red from 15 October 2020."

    assert said in early.explain().splitlines()
    assert early.explanation.to_dict()["changes"] == [said]
    late = rules.action("a.x").rate("2020-10-14", "not started")
    assert "Left open, it would be Red from 15 October 2020." in late.explain().splitlines()
    for rating in (
        rules.action("a.x").rate("2020-10-15", "in progress"),
        rules.action("a.x").rate("2020-08-01", "complete"),
    ):
        assert "Left open" not in rating.explain()


def test_what_the_end_of_a_grace_does_is_said_of_the_grace() -> None:
    """Once, and with its reason why; a line that is met after it is a day of its own."""
    rules = book(KEYS[0] + GRACE.format(effect=EFFECTS[1], when=""))
    lines = rules.action("a.x").rate("2020-11-01", "in progress").explain().splitlines()

    assert "When the grace ends, 30 November 2020, it would be Red." in lines
    assert not any(line.startswith("Left open") for line in lines)


@given(
    st.sampled_from(KEYS), st.sampled_from(["", *EFFECTS]), st.sampled_from(["", "days_late < 20", "progress > 50"]),
    st.integers(-60, 90), st.sampled_from(["in progress", "not started"]), st.sampled_from([20, 80]),
)  # fmt: skip
def test_it_turns_on_the_days_that_are_said(
    keys: str, effect: str, when: str, ahead: int, status: str, progress: int
) -> None:
    """Rated on every day ahead, its level is another and worse first on those, until it gets better or grey."""
    condition = f", when = '{when}'" if when else ""
    action = book(keys + (GRACE.format(effect=effect, when=condition) if effect else "")).action("a.x")
    as_at = DUE + timedelta(days=ahead)
    rating = action.rate(as_at, status, progress=progress)
    said, level = list(turns_of(rating)), rating.rag
    found = []
    for days in range(1, 200):
        then = action.rate(as_at + timedelta(days=days), status, progress=progress).rag
        if level.is_grey or then.is_grey or then > level:
            break
        if then < level:
            found.append((as_at + timedelta(days=days), then))
            level = then

    assert said == found


def test_a_judgement_says_its_own_end() -> None:
    """While a board has decided the level, no day of its own turns it."""
    rules = book(KEYS[0])
    reports = [{"action": "a.x", "as_at": "2020-08-31", "status": "in progress"}]
    judged = [
        {"subject": "a.x", "rag": "amber", "from": "2020-08-01", "until": "2020-12-31", "reason": "r", "authority": "a"}
    ]
    card = rules.score(ragengine.Data.of(actions=reports, overrides=judged), "2020-08")

    assert "Left open" not in card.ratings["a.x"].explain()


@pytest.mark.parametrize("rule", ['due = "TBC"\n', f"due = {DUE}\nrated_from = 2020-09-01\n"])
def test_what_is_not_rated_does_not_turn(rule: str) -> None:
    """Without a due date, or before it is rated, there is no level to turn."""
    text = f'[area]\ntitle = "A"\n[action.x]\ntitle = "X"\n{rule}'
    rules = ragengine.load({"book.toml": BOOK, "a.toml": text})

    assert "Left open" not in rules.action("a.x").rate("2020-08-01", "in progress").explain()
