"""One KPI reported by very many entities: nothing is worked out twice, or for periods of which nothing is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import ragengine
from ragengine.rating import explaining, prepare, words

ENTITIES = 200
BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "{missing}"\n[rollup]\nmethod = "worst"\n'
AREA = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n{more}'


def counted(monkeypatch: pytest.MonkeyPatch, home: Any, name: str) -> list[None]:
    """A list that grows by one with each call of a function of a module."""
    calls: list[None] = []
    own: Callable[..., Any] = getattr(home, name)

    def counting(*args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        return own(*args, **kwargs)

    monkeypatch.setattr(home, name, counting)
    return calls


def data(*periods: str) -> ragengine.Data:
    """A row of each entity in each period."""
    rows = [{"kpi": "a.k", "entity": f"E{n}", "value": 95 - n % 3 * 10} for n in range(ENTITIES)]
    return ragengine.Data.of(measurements=[{**row, "period": period} for row in rows for period in periods])


@pytest.mark.parametrize("missing", ["grey", "carry forward"])
def test_a_row_is_rated_once_somebody_looks(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """It, and the one before it that it is compared with; periods before the first row never are."""
    book = ragengine.load({"book.toml": BOOK.format(missing=missing), "a.toml": AREA.format(more="")})
    calls = counted(monkeypatch, prepare, "rate_measurement")
    card = book.score(data("2020-07", "2020-08"), "Aug-20")

    for _ in range(2):
        assert {str(card.ratings["a.k", f"E{n}"].previous) for n in range(3)} == {"green", "amber", "red"}
        assert len(calls) == 2 * 3


def test_what_would_change_a_row_is_worked_out_once_for_its_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data of an explanation and its text say the same, and are made of one derivation."""
    book = ragengine.load({"book.toml": BOOK.format(missing="grey"), "a.toml": AREA.format(more="")})
    card = book.score(data("2020-08"))
    plainly = card.to_json()
    calls = [counted(monkeypatch, home, "what_would_change") for home in (explaining, words)]

    assert card.to_json() == plainly
    assert sum(map(len, calls)) == ENTITIES


@pytest.mark.parametrize(
    ("missing", "more", "reported", "level"),
    [
        ("carry forward", "", ("2020-05", "2020-08"), "green"),
        ("red", "", ("2020-08",), "red"),
        ("grey", "", ("2020-05", "2020-08"), None),
        (
            "grey",
            '[[kpi.k.grace]]\nfrom = 2020-07-01\nuntil = 2020-07-31\nsuspend = true\nreason = "r"\nauthority = "a"\n',
            ("2020-08",),
            None,
        ),
    ],
)
def test_a_period_that_nobody_reported_still_has_the_level_that_the_rules_give_it(
    missing: str, more: str, reported: tuple[str, ...], level: str | None
) -> None:
    """Carried forward after a row, red where missing is red, and nothing where there is nothing to say."""
    book = ragengine.load({"book.toml": BOOK.format(missing=missing), "a.toml": AREA.format(more=more)})
    rating = book.score(data(*reported), "Aug-20").ratings["a.k", "E0"]

    assert (None if rating.previous is None else str(rating.previous)) == level
