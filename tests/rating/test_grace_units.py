"""A number that a grace sets is said with the unit of the KPI that reads it, wherever graces are listed."""

from __future__ import annotations

from datetime import date

import pytest

import ragengine
from ragengine.rating.phrases import grace_effect
from ragengine.report.build import report_of_card
from ragengine.rulefile.provenance import origins_of
from ragengine.workbench.explain.rule import explain_kpi
from ragengine.workbench.governance.review import review_grace

BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
SPAN = 'from = 2020-03-01, until = 2020-12-31, reason = "R", authority = "A"'
WIDE = '[grace.wide]\nfrom = 2020-03-01\nuntil = 2020-12-31\ntolerance = 15\nreason = "R"\nauthority = "A"\n'

CASES = [
    ("%", 'tolerance = "15 pp"', "tolerance 15 percentage points"),
    ("%", 'tolerance = "1 pp"', "tolerance 1 percentage point"),
    ("%", 'tolerance = "20% of target"', "tolerance 20% of the target"),
    ("%", "target = 70.5", "target 70.5%"),
    ("days", "tolerance = 15", "tolerance 15 days"),
    ("days", "target = 70", "target 70 days"),
    ("£", "tolerance = 12.5", "tolerance £12.50"),
    ("", "tolerance = 15", "tolerance 15"),
]


def book(unit: str, effect: str) -> dict[str, str]:
    """A KPI in a unit with a grace of its own."""
    own = '"10 pp"' if unit == "%" else "10"
    return {
        "book.toml": BOOK,
        "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "{unit}"\ndirection = "higher"\ntarget = 90\n'
        f"tolerance = {own}\ngrace = [{{ {SPAN}, {effect} }}]\n",
    }


@pytest.mark.parametrize(("unit", "effect", "said"), CASES)
def test_what_a_grace_sets_has_its_unit_in_every_list(unit: str, effect: str, said: str) -> None:
    """The rule's page and its way through time, a rating, a report and the review say it in the same words."""
    files = book(unit, effect)
    loaded = ragengine.load(files)
    kpi, on = loaded.rules.kpis["a.k"], date(2020, 7, 31)
    page = explain_kpi(loaded.rules, kpi, origins_of(files), on)
    rows = ragengine.Data.of([{"kpi": "a.k", "period": "2020-07", "value": 72}])
    card = loaded.score(rows, "2020-07")
    told = card.ratings["a.k"].explanation.graces[0]
    report = report_of_card(loaded, card)
    review = review_grace(loaded, as_at=on)

    assert grace_effect(kpi.graces[0]) == said
    assert [grace.effect for grace in page.graces] == [said]
    assert any(f"({said})" in line for stretch in page.timeline for line in stretch.says)
    assert told.says == said
    assert [row.judgements[0].effect for area in report.areas for row in area.rows] == [said]
    assert grace_effect(review.graces[0].grace) == said


def test_a_grace_of_kpis_in_several_units_has_none_where_it_is_told_once() -> None:
    """The review and a comparison say the number alone; each KPI's own page has its unit."""
    kpis = "".join(
        f'[kpi.k{n}]\ntitle = "K"\nunit = "{unit}"\ndirection = "lower"\ntarget = 90\ntolerance = 10\ngrace = ["wide"]\n'
        for n, unit in enumerate(("days", "days", "children"))
    )
    files = {"book.toml": BOOK + WIDE, "a.toml": f'[area]\ntitle = "A"\n{kpis}'}
    alike = {**files, "a.toml": files["a.toml"].replace("children", "days")}
    said = []
    for texts in (files, alike):
        wider = texts | {"book.toml": BOOK + WIDE.replace("15", "20")}
        review = review_grace(ragengine.load(texts), as_at=date(2020, 7, 31))
        compared = ragengine.diff(texts, wider)
        said.append(
            [
                grace_effect(review.graces[0].grace),
                *(line for each in compared.changes if each.id == "wide" for line in each.details),
            ]
        )

    assert said == [
        ["tolerance 15", "tolerance 15 → tolerance 20"],
        ["tolerance 15 days", "tolerance 15 days → tolerance 20 days"],
    ]
    assert [grace_effect(kpi.graces[0]) for kpi in ragengine.load(files).rules.kpis.values()] == [
        "tolerance 15 days",
        "tolerance 15 days",
        "tolerance 15 children",
    ]
