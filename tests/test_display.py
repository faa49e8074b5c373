"""What a misspelt name was meant to be, among few names and among thousands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.display import Spelling, did_you_mean

WORDS = ("children", "referrals", "assessment", "visits", "plans", "days", "seen", "open", "closed", "reviews")
MANY = [f"{a}.{b}-{n}" for a in WORDS for b in WORDS for n in range(40)]
MISTYPED = st.sampled_from(["drop", "double", "swap", "capital", "underline"])


@given(st.sampled_from(MANY), st.integers(0, 5), MISTYPED)
def test_among_thousands_a_mistyped_letter_is_found(name: str, at: int, how: str) -> None:
    """One letter left out, doubled or swapped, capitals, or another kind of hyphen, in the word before the number."""
    place = name.index(".") + 1 + at % 3
    given = {
        "drop": name[:place] + name[place + 1 :],
        "double": name[:place] + name[place] + name[place:],
        "swap": name[:place] + name[place + 1] + name[place] + name[place + 2 :],
        "capital": name.upper(),
        "underline": name.replace("-", "_"),
    }[how]

    assert _ALL.meant(given) == name


_ALL = Spelling(MANY)


@pytest.mark.parametrize("given", ["", "zzzz", "children", "\u00a0"])
def test_nothing_near_is_no_guess(given: str) -> None:
    """No name is better than one that nobody meant."""
    assert _ALL.meant(given) == ""
    assert did_you_mean(given, []) == ""


def test_an_id_without_its_area_is_meant_where_one_area_has_it() -> None:
    """``seen`` is a.seen; where two areas have it nobody knows which."""
    known = ["early-help.seen-in-time", "mash.visits", "plans.visits"]

    assert did_you_mean("Seen in-time".replace(" ", "-"), known) == "early-help.seen-in-time"
    assert did_you_mean("visits", known) == ""
