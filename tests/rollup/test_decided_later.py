"""Which children decided an area is found when somebody looks, and it is the same whoever looks first, and how."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from attrs import evolve

from ragengine.rollup.area_rating import AreaRating

from .test_areas import POINTS, RULES, rolled


def _pickled(given: Any) -> Any:
    return pickle.loads(pickle.dumps(given))


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, _pickled, evolve], ids=["copy", "deepcopy", "pickle", "evolve"]
)
@pytest.mark.parametrize("policy", [RULES, POINTS], ids=["rules", "points"])
def test_a_copy_says_who_decided(policy: str, again: Callable[[AreaRating], AreaRating]) -> None:
    """A copy made before anybody looked says, compares and writes what the rating does."""
    read = rolled(policy, "ggrr")
    assert read.deciding == ("a.k2", "a.k3")[: len(read.deciding)] != ()

    made = again(rolled(policy, "ggrr"))

    assert (made.deciding, made.among_others) == (read.deciding, read.among_others)
    assert made == read and made.explain() == read.explain() and made.to_dict() == read.to_dict()


def test_threads_find_the_same() -> None:
    """Of many threads that look at once, all see the same."""
    for _ in range(20):
        area = rolled(RULES, "ggrrr")
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _, of=area: (of.deciding, of.among_others), range(16)))
        assert len(set(found)) == 1 and found[0] == (area.deciding, area.among_others)


def test_what_it_has_not_is_told_as_of_any_object() -> None:
    """A name that it has not is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="'AreaRating' object has no attribute 'decided'"):
        _ = rolled(RULES, "g").decided  # type: ignore[attr-defined]
