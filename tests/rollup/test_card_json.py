"""A scorecard written as JSON reads back the same; a text that is no scorecard is one named error, never another."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine

BOOK = '[book]\ntitle = "Plan – “draft”"\nedition = "E"\nmissing = "grey"\n'
AREA = """\
[area]
title = "A"
[kpi.k]
title     = "K"
unit      = "%"
direction = "higher"
target    = { 2019-04-01 = 85, 2020-07-01 = 90 }
tolerance = "10 pp"
grace     = [{ from = 2020-07-01, until = 2020-07-31, no_worse_than = "amber", reason = "R", authority = "B" }]
[kpi.j]
title     = "J"
direction = "within"
target    = { min = 1, max = 2 }
tolerance = 0
[action.do]
title   = "Do"
due     = 2020-07-31
warning = "28 days"
"""
FILES = {
    "measurements.csv": "kpi,period,numerator,denominator,value,entity\na.k,2020-06,2,3,,\na.k,2020-07,2,3,,\n"
    "a.k,2020-07,,,c,E1\na.j,2020-07,,,1.5,\na.zz,2020-07,,,1,\n",
    "actions.csv": "action,as_at,status,evidence\na.do,2020-07-31,in progress,minutes\n",
    "overrides.toml": '[[override]]\nsubject = "a"\nrag = "red"\nfrom = 2020-07-01\nuntil = 2020-07-31\n'
    'reason = "R"\nauthority = "B"\n',
    "narrative.toml": '[a]\nkey_risks = ["A risk"]\n',
}


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> ragengine.Scorecard:
    """A scorecard with entities, an action, a grace, an override, a problem and narrative."""
    folder: Path = tmp_path_factory.mktemp("data")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    book = ragengine.load({"book.toml": BOOK, "a.toml": AREA})
    data = ragengine.read(folder)
    return book.score(data, as_at="Jul-20", previous=book.score(data, as_at="Jun-20"))


def test_a_scorecard_reads_back_the_same(card: ragengine.Scorecard) -> None:
    """Writing what was read gives the same text, and the two cards are equal."""
    written = card.to_json()
    back = ragengine.Scorecard.from_json(written)

    assert written == back.to_json()
    assert card == back
    assert card != ragengine.Scorecard.from_json(written.replace('"E"', '"F"'))


def test_what_was_read_back_answers_as_the_card_did(card: ragengine.Scorecard) -> None:
    """Levels, reasons, movement, texts and exceptions of every row, looked up by the same keys."""
    back = ragengine.Scorecard.from_json(card.to_json())

    assert list(card.ratings) == list(back.ratings) and list(card.areas) == list(back.areas)
    for key, rating in card.ratings.items():
        told = back.ratings[key]
        for name in (
            "id",
            "title",
            "rag",
            "adjusted",
            "computed",
            "reason",
            "entity",
            "period",
            "previous",
            "movement",
        ):
            assert getattr(rating, name) == getattr(told, name), (key, name)
        assert rating.explanation == told.explanation
        assert rating.explain() == told.explain()
    assert {key: area.explain() for key, area in card.areas.items()} == {
        key: area.explain() for key, area in back.areas.items()
    }
    assert card.exceptions() == back.exceptions()
    assert (card.rows, card.problems, dict(card.narrative)) == (back.rows, back.problems, dict(back.narrative))


def test_a_level_of_each_kind_is_in_the_card(card: ragengine.Scorecard) -> None:
    """The scorecard that these tests read back is worth it: its levels, worked out by hand."""
    levels = {key: str(rating.rag) for key, rating in card.ratings.items()}

    # 66.67% is red by 90 less 10, amber by the grace; the action is due today, within its warning
    assert {"a.k": "amber", ("a.k", "E1"): "grey", "a.j": "green", "a.do": "amber"} == levels
    assert ("amber", "red") == (card.areas["a"].computed, card.areas["a"].rag)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: "", "not JSON"),
        (lambda text: text[: len(text) // 2], "not JSON"),
        (lambda text: text + "}", "not JSON"),
        (lambda text: text.replace('"read": 6', '"read": NaN'), "NaN is no number of JSON"),
        (lambda text: text.replace('"read": 6', '"read": Infinity'), "Infinity is no number of JSON"),
        (lambda text: text.replace('"read": 6', '"read": 1e999'), "expected int"),
        (lambda text: text.replace('"read": 6', '"read": ' + "9" * 5000), ""),
        (lambda text: text.replace('"read": 6', '"read": 6, "read": 6'), "'read' stands twice"),
        (lambda text: "[" * 100_000, "nested"),
        (lambda text: '{"a":' * 100_000, "nested"),
        (lambda text: text.replace('"narrative": {', '"narrative": {"x":' + "[" * 500 + "]" * 500 + ","), ""),
        (lambda text: "[]", "ragengine scorecard 1"),
        (lambda text: "null", "ragengine scorecard 1"),
        (lambda text: text.replace("scorecard 1", "scorecard 2"), "ragengine scorecard 1"),
    ],
    ids=[
        "empty", "truncated", "bracket too many", "NaN", "Infinity", "1e999", "5000 digits", "doubled key",
        "deep list", "deep object", "deep value", "a list", "null", "another version",
    ],
)  # fmt: skip
def test_a_text_that_is_no_scorecard_is_refused_by_name(card: ragengine.Scorecard, change: Any, said: str) -> None:
    """Truncated, NaN, doubled keys, deep nesting, another format: one error, which says what is wrong."""
    changed = change(card.to_json())
    assert changed != card.to_json()

    with pytest.raises(ragengine.ScorecardFormatError) as caught:
        ragengine.Scorecard.from_json(changed)

    assert said in str(caught.value)


def at(document: Any, path: tuple[str | int, ...], value: Any) -> str:
    """The document with the value at a path replaced, as JSON."""
    changed = copy.deepcopy(document)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title",), 5),
        (("edition",), None),
        (("fingerprint",), ["x"]),
        (("period",), "July-ish"),
        (("as_at",), "2020-13-01"),
        (("scale",), "red"),
        (("scale", 0, "points"), "1/0"),
        (("scale", 0, "points"), "1e999999999"),
        (("scale", 0, "label"), 7),
        (("rows", "read"), "6"),
        (("rows", "read"), 6.5),
        (("rows", "read"), True),
        (("areas",), {}),
        (("areas", 0, "rag"), "purple"),
        (("areas", 0, "minimum_coverage"), "1e999999999"),
        (("areas", 0, "minimum_coverage"), "1/0"),
        (("areas", 0, "counts"), {"red": "one"}),
        (("areas", 0, "title"), 7),
        (("ratings", 0, "rag"), "purple"),
        (("ratings", 0, "computed"), None),
        (("ratings", 0, "reason"), "tired"),
        (("ratings", 0, "value"), "1/0"),
        (("ratings", 0, "value"), "much"),
        (("ratings", 0, "value"), 66.7),
        (("ratings", 0, "text"), 5),
        (("ratings", 0, "text"), None),
        (("ratings", 0, "movement"), "sideways"),
        (("ratings", 0, "cause"), "luck"),
        (("ratings", 0, "period"), "soon"),
        (("ratings", 0, "previous"), "purple"),
        (("ratings", 0, "due"), "soon"),
        (("ratings", 0, "days_late"), "3"),
        (("ratings", 0, "title"), 7),
        (("ratings", 0, "more"), 7),
        (("ratings", 0, "graces", 0, "granted"), "yes"),
        (("problems", 0, "message"), 7),
        (("narrative",), []),
        (("narrative", "a", "key_risks"), "A risk"),
    ],
    ids=lambda part: "/".join(map(str, part)) if isinstance(part, tuple) else repr(part)[:20],
)
def test_a_value_of_the_wrong_type_is_refused(
    card: ragengine.Scorecard, path: tuple[str | int, ...], value: object
) -> None:
    """Nothing is turned into what it is not: a 7 is no text, a text no number, a purple no level."""
    changed = at(json.loads(card.to_json()), path, value)

    with pytest.raises(ragengine.ScorecardFormatError):
        ragengine.Scorecard.from_json(changed)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path in a document."""
    found = [path] if path else []
    if isinstance(value, dict):
        found += [p for key, item in value.items() for p in places(item, (*path, key))]
    elif isinstance(value, list):
        found += [p for n, item in enumerate(value) for p in places(item, (*path, n))]
    return found


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "red", "purple", "1/0", "2020-07", "1e9999999", "\ud800"]),
    st.just([]),
    st.just({}),
    st.just([{"id": "x"}]),
)


@pytest.mark.parametrize("junk", ["", "soon", "2020-13-01"])
def test_a_judgement_until_no_day_is_refused(card: ragengine.Scorecard, junk: str) -> None:
    """Where it is read, and not by whoever asks for the explanation."""
    document = json.loads(card.to_json())
    judged = next(area for area in document["areas"] if area["overrides"])
    judged["overrides"][0]["until"] = junk

    with pytest.raises(ragengine.ScorecardFormatError):
        ragengine.Scorecard.from_json(json.dumps(document))


@given(st.data())
def test_any_one_value_replaced_by_junk_is_refused_or_read(card: ragengine.Scorecard, data: st.DataObject) -> None:
    """Whatever stands anywhere, the answer is a scorecard that can be used to the end, or our error."""
    document = json.loads(card.to_json())
    changed = at(document, data.draw(st.sampled_from(places(document))), data.draw(JUNK))

    try:
        back = ragengine.Scorecard.from_json(changed)
    except ragengine.RagError:
        return
    assert isinstance(back.to_json(), str)
    for row in (*back.ratings.values(), *back.areas.values(), back.programme):
        assert isinstance(row.explain(), str)
        assert isinstance(str((row.rag, row.adjusted, row.computed, row.reason, row.previous, row.movement)), str)
    assert isinstance(back.exceptions(), list)


def test_each_row_is_what_json_writes_of_it(card: ragengine.Scorecard) -> None:
    """Areas, ratings and problems are written to the letter as ``json`` writes their plain form."""
    lines = [line.removesuffix(",") for line in card.to_json().splitlines() if line.startswith("  {")]

    assert len(lines) == len(card.areas) + len(card.ratings) + len(card.problems)
    assert lines == [f"  {json.dumps(json.loads(line), ensure_ascii=False)}" for line in lines]
    told = [rating.explanation.to_dict() | {"text": rating.explain()} for rating in card.ratings.values()]
    rows = [area.to_dict() for area in card.areas.values()] + told
    assert [json.loads(line) for line in lines[: len(rows)]] == rows
