"""A scorecard and its ratings as plain values, frames and notebook tables."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest

import ragengine
from ragengine.report.ratings_csv import ratings_csv
from ragengine.rollup.card_rows import NUMBERS

EVIL = "<script>alert(1)</script> & \"quoted\" 'too'"
RULES = {
    "book.toml": f"[book]\ntitle = {json.dumps(EVIL)}\nedition = {json.dumps(EVIL)}\nmissing = 'grey'\n",
    "a.toml": f"""\
[area]
title = {json.dumps(EVIL)}
[kpi.k]
title     = {json.dumps(EVIL)}
direction = "higher"
target    = 90
tolerance = 5
[kpi.w]
title     = "W"
direction = "within"
target    = {{ min = 10, max = 20 }}
tolerance = 3
[kpi.thirds]
title     = "T"
direction = "lower"
target    = 0
tolerance = 1
inputs    = ["n"]
formula   = "n / 3"
[kpi.seen]
title      = "S"
unit       = "%"
direction  = "higher"
target     = 90
tolerance  = "10 pp"
confidence = "95%"
[action.x]
title = "X"
due   = 2020-07-31
""",
}


@pytest.fixture(scope="module")
def book() -> ragengine.Rulebook:
    """Titles that would be markup."""
    return ragengine.load(RULES)


@pytest.fixture(scope="module")
def card(book: ragengine.Rulebook) -> ragengine.Scorecard:
    """Every kind of row, one of an entity with a name that would be markup."""
    rows: list[dict[str, Any]] = [
        {"kpi": "a.k", "period": "2020-06", "value": 91},
        {"kpi": "a.k", "period": "2020-07", "value": 87.5, "note": "n"},
        {"kpi": "a.k", "period": "2020-07", "value": 95, "entity": EVIL},
        {"kpi": "a.w", "period": "2020-07", "value": 22},
        {"kpi": "a.thirds", "period": "2020-07", "n": 2},
        {"kpi": "a.seen", "period": "2020-07", "numerator": 84, "denominator": 100},
    ]
    data = ragengine.Data.of(rows, [{"action": "a.x", "as_at": "2020-07-31", "status": "in progress"}])
    return book.score(data, "2020-07")


def test_a_rating_in_short_is_its_entry_in_the_scorecard(card: ragengine.Scorecard) -> None:
    """``to_dict`` has keys of the scorecard's JSON with the same values, exact numbers as texts, and survives it."""
    again = ragengine.Scorecard.from_json(card.to_json())
    entries = json.loads(card.to_json())["ratings"]
    for entry, (key, rating) in zip(entries, card.ratings.items(), strict=True):
        short = rating.to_dict()
        assert short == {name: entry[name] for name in short}
        assert json.loads(json.dumps(short)) == short == again.ratings[key].to_dict()
        assert "steps" not in short and "bands" not in short
    short = card.ratings["a.thirds"].to_dict()

    assert (short["value"], short["target"], short["shortfall"], short["rag"]) == ("2/3", "0", "2/3", "amber")
    assert [area.to_dict() for area in card.areas.values()] == json.loads(card.to_json())["areas"]


def test_to_json_is_to_dict(book: ragengine.Rulebook) -> None:
    """On one line."""
    rating = book.rate("a.k", 87.5)

    assert json.loads(rating.to_json()) == rating.to_dict() and "\n" not in rating.to_json()


@pytest.mark.parametrize("kind", ["polars", "pandas", "pyarrow"])
def test_a_frame_has_the_columns_of_the_csv(card: ragengine.Scorecard, kind: str) -> None:
    """A row each, numbers as floats (the file rounds a third), null where the file has an empty cell."""
    frame = card.to_frame(kind)
    rows = {"polars": lambda: frame.to_dicts(), "pyarrow": lambda: frame.to_pylist()}.get(
        kind, lambda: frame.astype(object).where(frame.notna(), None).to_dict("records")
    )()
    written = list(csv.DictReader(io.StringIO(ratings_csv(card))))

    assert [list(row) for row in rows] == [list(row) for row in written]
    for row, line in zip(rows, written, strict=True):
        for name, cell in row.items():
            if name in NUMBERS:
                assert cell is None or isinstance(cell, float)
                if " to " not in line[name]:
                    assert (cell is None) == (line[name] == "")
                    assert cell is None or abs(Fraction(cell) - Fraction(line[name])) < Fraction(1, 100)
            else:
                assert (cell or "") == line[name].removeprefix("'")
    within = next(row for row in rows if row["id"] == "a.w")
    assert (within["value"], within["target"], within["shortfall"]) == (22.0, 20.0, 2.0)
    seen = next(row for row in rows if row["id"] == "a.seen")
    assert (round(seen["lower"], 9), round(seen["upper"], 9)) == (75.579730611, 89.904711511)
    assert [row["id"] for row in rows if row["lower"] is not None] == ["a.seen"]


def test_an_empty_scorecard_has_the_same_types(book: ragengine.Rulebook) -> None:
    """Columns of nothing are numbers and texts all the same, so that months can be stacked."""
    one, none = (
        book.score(ragengine.Data(), "2020-07").to_frame("polars"),
        book.score(ragengine.Data.of([{"kpi": "a.k", "period": "2020-07", "value": 1}]), "2020-07").to_frame("polars"),
    )

    assert one.schema == none.schema


class _Page(HTMLParser):
    """What an HTML fragment consists of."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _page(given: Any) -> _Page:
    page = _Page()
    page.feed(given._repr_html_())
    page.close()
    assert page.open == []
    return page


def test_what_a_notebook_shows_is_escaped(book: ragengine.Rulebook, card: ragengine.Scorecard) -> None:
    """Titles, ids and entities are text, whatever they hold; nothing in it runs or loads."""
    entity = card.ratings["a.k", EVIL]
    assert isinstance(entity, ragengine.Rating)
    for given in (book, card, entity):
        page = _page(given)
        assert {tag for tag, _ in page.tags} <= {
            "div",
            "table",
            "caption",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "p",
            "span",
        }
        assert EVIL in "".join(page.texts)
        assert not any(name.startswith("on") or name in ("src", "href") for _, named in page.tags for name in named)


def test_what_a_notebook_shows_can_be_read_aloud(book: ragengine.Rulebook, card: ragengine.Scorecard) -> None:
    """Each table has a caption and headings with a scope; a level is a word, its symbol is passed over."""
    for given in (book, card, card.ratings["a.k"], book.rate("a.k", "c")):
        page = _page(given)
        tags = [tag for tag, _ in page.tags]
        assert tags.count("caption") == tags.count("table") == 1
        assert all(named.get("scope") in ("row", "col") for tag, named in page.tags if tag == "th")
        symbols = [named for tag, named in page.tags if named.get("aria-hidden") == "true"]
        assert len(symbols) == len(re.findall("white-space:nowrap;color:", given._repr_html_()))
    words = "".join(_page(card.ratings["a.k"]).texts)
    assert "Amber" in words and "Green worsened" in words and "87.5" in words


def test_a_rating_in_a_notebook_says_what_it_says_as_text(book: ragengine.Rulebook) -> None:
    """Every line of ``explain`` is in it; relief and rule are both shown where they differ."""
    rating = book.rate("a.k", 87.5)
    texts = _page(rating).texts

    assert [line for line in rating.explain().split("\n") if line and line not in texts] == []
