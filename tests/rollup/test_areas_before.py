"""Where the previous level of an area comes from."""

from __future__ import annotations

from typing import Any

import pytest

import ragengine

BOOK = ragengine.load(
    {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n[rollup]\nmethod = "worst"\n',
        "a.toml": '[area]\ntitle = "A"\n'
        + "".join(
            f'[kpi.{name}]\ntitle = "{name}"\nunit = "%"\ndirection = "higher"\ntarget = 80\ntolerance = "10 pp"\n'
            for name in ("one", "two")
        ),
    }
)


def row(kpi: str, period: str, value: int) -> dict[str, Any]:
    return {"kpi": f"a.{kpi}", "period": period, "value": value}


def area(rows: list[dict[str, Any]], **given: Any) -> Any:
    return BOOK.score(ragengine.Data.of(rows, **given), "Aug-20").areas["a"]


NOW = [row("one", "2020-08", 85), row("two", "2020-08", 75)]


def test_the_data_know_the_level_of_an_area_before() -> None:
    """Green in July, for 82 and 90; Amber now, for 75: it worsened because of the data."""
    found = area([*NOW, row("one", "2020-07", 82), row("two", "2020-07", 90)])

    assert (str(found.previous), str(found.previous_period)) == ("green", "2020-07")
    assert (str(found.movement), str(found.movement.cause)) == ("worsened", "data")


def test_some_earlier_rows_are_no_level_of_their_area() -> None:
    """One KPI of two was measured in July: what the area was is not known."""
    found = area([*NOW, row("one", "2020-07", 82)])

    assert found.previous is None and found.movement is None


def test_one_entity_that_began_later_hides_no_others_level() -> None:
    """The North has rows of July, the South has none before August: what the North was is known."""
    north, south = ([{**each, "entity": name} for each in NOW] for name in ("North", "South"))
    before = [{**row(kpi, "2020-07", 90), "entity": "North"} for kpi in ("one", "two")]
    card = BOOK.score(ragengine.Data.of([*south, *north, *before]), "Aug-20")

    assert ("green", None) == (card.areas["a", "North"].previous, card.areas["a", "South"].previous)


def test_what_is_not_rated_now_need_not_have_been() -> None:
    """A KPI that nobody reports in either month is no reason to say nothing."""
    found = area([row("one", "2020-08", 60), row("one", "2020-07", 82)])

    assert (str(found.previous), str(found.movement)) == ("green", "worsened")


@pytest.mark.parametrize("later", [True, False])
def test_the_card_of_the_month_before_says_the_same(later: bool) -> None:
    """By the data alone and by the scorecard of July an area was at one level."""
    rows = [*NOW, row("one", "2020-07", 50), row("two", "2020-07", 90)]
    july = BOOK.score(ragengine.Data.of(rows), "Jul-20")
    given = BOOK.score(ragengine.Data.of(rows if later else NOW), "Aug-20", july).areas["a"]

    assert july.areas["a"].rag == given.previous == area(rows).previous
    assert given.movement == area(rows).movement
