"""Systems whose figures and levels were published, against their rules; each disagreement has its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

import ragengine

from .answers import Disagreement, disagreements, rules, table

#: folder of the published data → how many answers it has, and those that differ, each with its reason
FOLDERS: dict[str, tuple[int, list[Disagreement]]] = {
    "news2": (
        490,
        # the example of the source gives a point for 37.5 °C, the chart of the Royal College none from 36.1 to 38.0
        [("news2.temperature", "carol", "low_medium", "low")],
    ),
    "sdg-usa-2018": (
        5900,
        # printed "<1": no number, and no symbol of this book
        [
            ("sdg15.sdg15v4-protectedarea-d", "KS", "red", "grey"),
            ("sdg15.sdg15v4-protectedarea-d", "OH", "red", "grey"),
        ],
    ),
    "nhs-performance-framework-2012": (20, []),
    "bathnes-2003-04": (
        13,
        # the council judged the two by the total of the parts a and b, not each by itself
        [("waste.bv199a", "", "green", "red"), ("waste.bv199c", "", "green", "red")],
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_rules_give_what_was_published(shared: Path, name: str) -> None:
    """Every published level, but for those whose reason is known."""
    folder = shared / "data" / name
    book = ragengine.load(folder / "rules")
    data = ragengine.read(folder / "data", calendar=book.rules.calendar)
    expected = table(folder / "expected.csv")
    answers, differing = FOLDERS[name]

    assert len(expected) == answers
    assert disagreements(book, data, expected) == differing


def test_known_reasons_are_the_sources_own(shared: Path) -> None:
    """A row that differs is one that the published data's own notes know of."""
    for name, (_, differing) in FOLDERS.items():
        known = {
            (row["subject"], row["entity"]) for row in table(shared / "data" / name / "expected.csv") if row["known"]
        }
        assert {(subject, entity) for subject, entity, *_ in differing} <= known


def test_values_as_floats_print_give_the_same_colours(shared: Path) -> None:
    """SDG USA's values stand in its file at 12 decimals; as floats print them they are on the same side of every line."""
    folder = shared / "data/sdg-usa-2018"
    book = ragengine.load(folder / "rules")
    rows = table(folder / "data/measurements.csv")
    printed = [{**row, "value": _as_float(row["value"])} for row in rows]
    data = ragengine.Data.of(measurements=printed, calendar=book.rules.calendar)

    assert disagreements(book, data, table(folder / "expected.csv")) == FOLDERS["sdg-usa-2018"][1]


def _as_float(printed: str) -> str:
    try:
        return repr(float(printed))
    except ValueError:
        return printed


#: Hart's indicators of which less is better; the file has no column for it
HART_LESS = {"HR11", "HS01", "RB07", "RB08", "RB09"}


def test_hart_2014(shared: Path) -> None:
    """42 of 44 of a district council's colours: within 10% of the target is amber."""
    published = table(shared / "data/gold_hart_kpi_2014_q1/kpis.csv")
    measurements, expected = [], []
    for row in published:
        none = row["published_status"].startswith("No target")
        kpi = "data-only" if none else "less-is-better" if row["ref"] in HART_LESS else "more-is-better"
        measurements.append(
            {
                "kpi": f"hart.{kpi}", "period": "Q1 2014/15", "entity": row["ref"],
                "value": row["this_quarter_value"], "target": "" if none else row["target"],
            }
        )  # fmt: skip
        status = "grey" if none else row["published_status"].lower()
        expected.append({"subject": f"hart.{kpi}", "entity": row["ref"], "period": "Q1 2014/15", "published": status})
    found = disagreements(rules("hart-2014"), ragengine.Data.of(measurements=measurements), expected)

    assert len(expected) == 44
    # 42.5 against 60 is 29% short and was published amber, 80.6 against 90 is 10.4% short and was published green
    assert found == [
        ("hart.more-is-better", "IT01", "amber", "red"),
        ("hart.more-is-better", "IT03", "green", "red"),
    ]


def test_san_francisco_2013(shared: Path) -> None:
    """Every measure with an answer: strictly beyond the target, or within 5% of it where it is to be on target."""
    kinds = {
        "Above target is positive": "above", "Below target is positive": "below", "On target is positive": "on",
    }  # fmt: skip
    measurements, expected = [], []
    for number, row in enumerate(table(shared / "data/gold_san_francisco_fy13/measures_fy13.csv")):
        if row["derived_met_goal"] not in ("TRUE", "FALSE"):
            continue
        place = {
            "kpi": f"measures.{kinds[row['pattern']]}",
            "period": "2012/13",
            "entity": f"{row['kpi_code']} {number}",
        }
        measurements.append({**place, "value": row["actual"], "target": row["target"]})
        published = "green" if row["derived_met_goal"] == "TRUE" else "red"
        expected.append(
            {"subject": place["kpi"], "entity": place["entity"], "period": "2012/13", "published": published}
        )
    book = rules("san-francisco-2013")
    data = ragengine.Data.of(measurements=measurements, calendar=book.rules.calendar)
    found = disagreements(book, data, expected)

    assert len(expected) == 987
    # per cent of a target of 0 is nothing: grey, division by zero, where the source says not met; and one measure is
    # exactly 5% off its target, which the source does not count as within
    assert found == [
        ("measures.on", "KPI164548279312698 796", "red", "grey"),
        ("measures.on", "KPI167001303514779 797", "red", "grey"),
        ("measures.on", "KPI164543279297634 801", "red", "green"),
    ]


def _canadian_rule(row: dict[str, str]) -> str:
    """An indicator's rule: at least, at most or within, from its date to achieve on."""
    low, high = row["target_min"], row["target_max"]
    if row["target_type"] == "text" or not (low or high):
        rule = 'direction = "higher"\ntarget = "none"'
    elif low and high:
        rule = f'direction = "within"\ntarget = {{ min = {low}, max = {high} }}\ntolerance = 0'
    else:
        rule = f'direction = "{"higher" if low else "lower"}"\ntarget = {low or high}\ntolerance = 0'
    due = f"rated_from = {row['target_year']}-{int(row['target_month']):02}-01" if row["target_year"] else ""
    return f'[kpi.{row["id"].lower()}]\ntitle = "An indicator"\nunit = "as published"\n{rule}\n{due}\n'


def test_canada_2017_18(shared: Path) -> None:
    """Departmental results: met, not met, or still to come, which is grey: not due."""
    published = [
        row for row in table(shared / "data/gold_canada_drr_2017_18_sample/indicators.csv") if row["target_year"]
    ]
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "Departmental results"\nedition = "2017-18"\nmissing = "grey"\n'
            '[rollup]\nmethod = "worst"\n',
            "results.toml": '[area]\ntitle = "Results"\n' + "\n".join(map(_canadian_rule, published)),
        }
    )
    levels = {"met": "green", "not_met": "red", "future": "grey", "not_available": "grey"}
    rows = [
        {
            "subject": f"results.{row['id'].lower()}",
            "entity": "",
            "period": "2018-04",
            "published": levels[row["published_status"]],
        }
        for row in published
    ]
    data = ragengine.Data.of(
        measurements=[
            {"kpi": f"results.{row['id'].lower()}", "period": "2018-04", "value": row["actual_result"]}
            for row in published
        ]
    )

    assert len(rows) == 84
    # one indicator is published twice: as not met here, and as still to come there, of one target, date and value;
    # and a rank among countries is a sentence, no number
    assert disagreements(book, data, rows) == [
        ("results.in00185-2017", "", "grey", "red"),
        ("results.in00235-2017", "", "green", "grey"),
    ]
