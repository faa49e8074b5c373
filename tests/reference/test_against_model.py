"""The engine and the independent reference agree: on the suite, and on random rules on and beside every threshold."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ragengine
from ragengine.number import exact
from ragengine.rollup.policy import decide
from ragengine.rollup.tally import Child
from ragengine.rulefile.load import load_rules
from ragengine.strategies import lines_of
from ragengine.terms import DEFAULT_SCALE
from ragengine.toml.write import toml_value

from . import model

SUITE = Path(__file__).resolve().parent.parent / "suite"


def read(path: Path) -> dict[str, Any]:
    """A TOML file with exact numbers."""
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def suite_cases() -> list[Any]:
    """Every case of the suite about a KPI, with its book and rule."""
    found = []
    for folder in sorted(p for p in SUITE.iterdir() if p.is_dir()):
        book = read(folder / "book.toml")
        for file in sorted(folder.glob("*.cases.toml")):
            area = read(folder / file.name.replace(".cases", ""))
            for case in read(file).get("case", []):
                if "kpi" in case:
                    kpi = area["kpi"][case["kpi"].partition(".")[2]]
                    found.append(pytest.param(book, kpi, case, id=f"{folder.name}: {case['name']}"))
    return found


@pytest.mark.parametrize(("book", "kpi", "case"), suite_cases())
def test_the_model_gives_what_the_keys_say(book: dict[str, Any], kpi: dict[str, Any], case: dict[str, Any]) -> None:
    """The reference stands on its own feet: it passes the published keys' cases without the engine."""
    got = model.rate_kpi(book, kpi, case)

    for key, wanted in case["expect"].items():
        if key == "reason":
            assert got["reason"].partition(" (")[0] == wanted.partition(" (")[0]
        elif isinstance(wanted, str):
            assert got[key] == wanted, key
        else:
            assert got[key] == Fraction(wanted), key


numbers = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(-3_000, 12_000), st.integers(0, 2))
positive = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(1, 6_000), st.integers(0, 2))
levels = st.sampled_from(["red", "amber", "green"])


@st.composite
def rules(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], str, str]:
    """A book and a KPI as tables, and as the texts of their files."""
    percent = draw(st.booleans())
    kpi: dict[str, Any] = {"title": "K", "unit": "%" if percent else "days"}
    kpi["direction"] = draw(st.sampled_from(["higher", "lower", "within"]))
    if kpi["direction"] == "within":
        low = draw(numbers)
        kpi["target"] = {"min": low, "max": low + draw(positive)}
    elif draw(st.booleans()):
        kpi["target"] = {"2019-04-01": draw(positive), "2020-04-01": draw(positive)}
    else:
        kpi["target"] = draw(positive)
    relative = kpi["direction"] != "within" and draw(st.booleans())
    if relative:
        kpi["tolerance"] = f"{draw(st.integers(1, 90))}% of target"
    elif draw(st.integers(0, 4)) == 0:
        kpi["tolerance"] = 0
    else:
        kpi["tolerance"] = f"{draw(positive):f} pp" if percent else draw(positive)
    if draw(st.booleans()):
        kpi["decimals"] = draw(st.integers(0, 2))
    if draw(st.booleans()):
        kpi["met"] = "beyond target"
    if draw(st.integers(0, 3)) == 0:
        kpi["persistence"] = draw(st.integers(2, 3))
    if draw(st.integers(0, 3)) == 0:
        kpi["requires_evidence"] = True
    book: dict[str, Any] = {
        "title": "B",
        "edition": "E",
        "missing": draw(st.sampled_from(["grey", "red", "carry forward"])),
    }
    if book["missing"] == "carry forward" and draw(st.booleans()):
        book["max_age"] = draw(st.sampled_from(["1 month", "3 months", "45 days"]))
    effects: list[dict[str, Any]] = []
    cap, floor = draw(levels), draw(levels)
    if draw(st.booleans()):
        effects.append({"no_worse_than": floor})
    if draw(st.booleans()) and (not effects or model.ORDER[cap] >= model.ORDER[floor]):
        effects.append({"no_better_than": cap})
    if kpi["direction"] != "within" and draw(st.integers(0, 3)) == 0:
        effects.append({"target": draw(positive)})
    if draw(st.integers(0, 5)) == 0:
        effects.append({"suspend": True})
    if effects and draw(st.booleans()):
        effects[0]["when"] = draw(st.sampled_from(["value > previous_value", "value <= year_ago_value", '"covid" in causes',
                                                   'previous == "red"', "shortfall < 5", "100 / value > 2"]))  # fmt: skip
    text = "".join(f"{k} = {toml_value(v)}\n" for k, v in kpi.items())
    from_day, until = draw(
        st.sampled_from([("2020-03-23", "2020-09-30"), ("2020-07-31", "2020-07-31"), ("2020-08-01", "2020-12-31")])
    )
    dates = f'from = {from_day}\nuntil = {until}\nreason = "R"\nauthority = "A"\n'
    names = [f"g{n}" for n in range(len(effects))]
    book_text = "[book]\n" + "".join(f"{k} = {toml_value(v)}\n" for k, v in book.items())
    for name, effect in zip(names, effects, strict=True):
        book_text += f"[grace.{name}]\n{dates}" + "".join(
            f"{k} = '{v}'\n" if k == "when" else f"{k} = {toml_value(v)}\n" for k, v in effect.items()
        )
    area_text = f'[area]\ntitle = "A"\n[kpi.k]\n{text}grace = {toml_value(names)}\n'
    document = tomllib.loads(book_text, parse_float=Decimal)
    return document, tomllib.loads(area_text, parse_float=Decimal)["kpi"]["k"], book_text, area_text


def near_thresholds(book: ragengine.Rulebook) -> list[Fraction]:
    """Values on, just under and just over every threshold of every table the rule has."""
    kpi = book["a.k"]
    assert isinstance(kpi, ragengine.PreparedKpi)
    tiny = Fraction(1, 10**6)
    return sorted({Fraction(0), Fraction(50), *(line + step for line in lines_of(kpi) for step in (-tiny, 0, tiny))})


PERIODS = ["2020-03", "2020-06", "2020-07", "2020-08", "2020-10"]


@given(rules(), st.data())
def test_engine_and_model_agree_on_random_rules(
    made: tuple[dict[str, Any], dict[str, Any], str, str], data: st.DataObject
) -> None:
    """Level by level: computed, adjusted, final, reason, shortfall; with history, causes, evidence, gaps."""
    document, kpi, book_text, area_text = made
    loaded, problems = load_rules({"book.toml": book_text, "a.toml": area_text})
    assume(loaded is not None)
    assert loaded is not None, problems
    book = ragengine.Rulebook(loaded)
    values = [*near_thresholds(book), None]
    for when in PERIODS:
        history = [{"period": f"2020-{m:02d}", "value": data.draw(st.sampled_from(values))}
                   for m in range(1, int(when[-2:])) if data.draw(st.booleans())]  # fmt: skip
        history += [{"period": f"2019-{when[-2:]}", "value": data.draw(st.sampled_from(values))}]
        fields = {
            "period": when,
            "value": data.draw(st.sampled_from(values)),
            "history": [h if h["value"] is not None else {"period": h["period"], "value": ""} for h in history],
            "causes": data.draw(st.sampled_from([[], ["covid"]])),
            "evidence": data.draw(st.sampled_from(["", "seen"])),
        }
        fields["value"] = "" if fields["value"] is None else fields["value"]
        expected = model.rate_kpi(document, kpi, fields)
        rating = book.rate("a.k", **fields)
        got = {
            "computed": str(rating.computed),
            "adjusted": str(rating.adjusted),
            "rag": str(rating.rag),
            "reason": str(rating.reason) if rating.reason else None,
        }
        assert got == {key: expected[key] for key in got}, (area_text, book_text, fields)
        if not rating.computed.is_grey and rating.value is not None:
            assert rating.shortfall == expected["shortfall"]


@given(rules(), st.data())
def test_every_path_gives_the_same_level(
    made: tuple[dict[str, Any], dict[str, Any], str, str], data: st.DataObject
) -> None:
    """Float, int, Decimal, text and ratio, one by one and many at once: the fast path is the full one."""
    _, _, book_text, area_text = made
    loaded, _ = load_rules({"book.toml": book_text, "a.toml": area_text})
    assume(loaded is not None)
    assert loaded is not None
    book = ragengine.Rulebook(loaded)
    kpi = book["a.k"]
    for value in near_thresholds(book):
        if (value * 10**6).denominator != 1:
            continue
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
        for when in PERIODS:
            full = kpi._rate_fully(value, when)
            ways = [kpi.rate(float(decimal), when), kpi.rate(float(decimal), when), kpi.rate(decimal, when)]
            ways += [kpi.rate(f"{decimal:f}", when), *book.rate_many([("a.k", when, float(decimal))])]
            for rating in ways:
                levels = (rating.computed, rating.adjusted, rating.rag, rating.reason)
                assert levels == (full.computed, full.adjusted, full.rag, full.reason), (value, when, area_text)
                assert rating.explain() == full.explain()


@given(
    st.lists(st.tuples(st.sampled_from(["red", "amber", "green", "grey"]), st.booleans(), st.integers(1, 4)), min_size=1, max_size=7),
    st.sampled_from(
        [
            {"method": "worst"},
            {"minimum_coverage": "60%", "rules": [{"rag": "red", "when": "critical_red >= 1 or red > rated / 2"},
             {"rag": "amber", "when": "red >= 1 or amber > rated / 4"}, {"rag": "green"}]},
            {"method": "points", "bands": [{"rag": "green", "from": Decimal("2.5")}, {"rag": "amber", "from": Decimal("1.5"),
             "below": Decimal("2.5")}, {"rag": "red", "below": Decimal("1.5")}]},
            {"method": "share", "minimum_coverage": "50%", "bands": [{"rag": "green", "from": 75}, {"rag": "amber", "above": 50,
             "below": 75}, {"rag": "red", "to": 50}]},
        ]
    ),
)  # fmt: skip
def test_roll_ups_agree(children: list[tuple[str, bool, int]], policy: dict[str, Any]) -> None:
    """All four methods, with coverage met exactly, critical children and weights."""
    text = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n[rollup]\n' + "".join(
        f"{k} = {toml_value(v)}\n" for k, v in policy.items()
    )
    loaded, problems = load_rules({"book.toml": text})
    assert loaded is not None, problems
    made = [Child(str(n), DEFAULT_SCALE[level], critical, exact(w)) for n, (level, critical, w) in enumerate(children)]
    decision = decide(loaded.rollup, DEFAULT_SCALE, made)

    assert str(decision.rag) == model.roll_up(policy, [(lv, critical, Fraction(w)) for lv, critical, w in children])
