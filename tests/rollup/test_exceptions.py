"""Which rows a board must read, and the words of why."""

from __future__ import annotations

from typing import Any

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n[rollup]\nmethod = "worst"\n'
KPI = '[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
ACTION = '[action.do]\ntitle = "Do"\nwarning = "90 days"\ntolerance = "10 days"\n'


def why(rules: str, *rows: tuple[Any, ...], status: str = "", completed_on: str = "") -> dict[str, tuple[str, ...]]:
    """Why each row of August 2020 is in, by id; rows are of month, value, entity and evidence."""
    names = ("period", "value", "entity", "evidence")
    measured = [{"kpi": "a.k", **dict(zip(names, row, strict=False))} for row in rows]
    reported = [
        {"action": "a.do", "as_at": "2020-08-31", "status": status, "completed_on": completed_on, "evidence": "minutes"}
    ]
    book = ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n{rules}'})
    data = ragengine.Data.of(measurements=measured, actions=reported if status else [])
    return {row.id: row.why for row in book.score(data, as_at="Aug-20").exceptions() if row.kind != "area"}


@pytest.mark.parametrize(
    ("date", "value", "said"),
    [
        ("28 Sep 2020", 85, "at risk: target date 28 September 2020 is 28 days away, Amber"),
        ("29 Sep 2020", 85, None),
        ("29 Sep 2020", 70, "at risk: target date 29 September 2020 is 29 days away, Red"),
        ("01 Sep 2020", 85, "at risk: target date 1 September 2020 is 1 day away, Amber"),
        ("31 Aug 2020", 85, "at risk: target date 31 August 2020 is today, Amber"),
        ("30 Aug 2020", 85, "at risk: target date 30 August 2020 passed, Amber"),
        ("31 Aug 2020", 95, None),
        ("31 Aug 2020", "c", None),
        (None, 70, "off target: Red"),
        (None, 85, None),
    ],
)
def test_a_kpi_is_at_risk_near_the_day_by_which_it_should_meet_its_target(
    date: str | None, value: object, said: str | None
) -> None:
    """Within 28 days of it while it is below the best level, and long before where it is at the worst; not where it is grey."""
    rules = KPI + (f'target_date = "{date}"\n' if date else "")

    assert ({} if said is None else {"a.k": (said,)}) == why(rules, ("2020-08", value))


@pytest.mark.parametrize(
    ("due", "status", "said"),
    [
        ("2020-11-15", "in progress", ("at risk: due date 15 November 2020 is 76 days away, in progress",)),
        ("2020-08-25", "in progress", ("at risk: due date 25 August 2020 passed, in progress",)),
        ("2020-12-31", "in progress", ("progress, with evidence: minutes",)),
        ("2020-08-25", "complete", ("progress, with evidence: minutes",)),
    ],
)
def test_an_action_is_at_risk_as_soon_as_its_rule_warns(due: str, status: str, said: tuple[str, ...]) -> None:
    """However far its day is; at the best level, or complete, its evidence shows progress instead."""
    rules = ACTION + f"due = {due}\n"

    assert {"a.do": said} == why(rules, status=status, completed_on="2020-08-20" if status == "complete" else "")


@pytest.mark.parametrize(
    ("july", "august", "evidence", "said"),
    [
        (None, 95, "audit", ("progress, with evidence: audit",)),
        (95, 95, "audit", ("progress, with evidence: audit",)),
        (70, 85, "audit", ("progress, with evidence: audit",)),
        (70, 85, "", ()),
        (85, 85, "audit", ()),
        (None, 85, "audit", ()),
        (95, 85, "audit", ("deteriorated: Green to Amber",)),
        (95, 70, "", ("deteriorated: Green to Red",)),
        (70, 70, "audit", ("off target: Red, as in the period before",)),
        (95, "c", "", ("deteriorated: Green to Grey",)),
    ],
)
def test_progress_wants_evidence_and_a_step_forward_or_the_best_level(
    july: object, august: object, evidence: str, said: tuple[str, ...]
) -> None:
    """What got worse is in for that, whatever is recorded; what is red for as long is off target."""
    rows = [("2020-07", july)] if july is not None else []

    assert ({"a.k": said} if said else {}) == why(KPI, *rows, ("2020-08", august, "", evidence))


@pytest.mark.parametrize(("count", "more"), [(1, ""), (10, ""), (11, " and 1 more"), (1210, " and 1,200 more")])
def test_of_entities_there_is_one_row_that_names_the_worst_ten(count: int, more: str) -> None:
    """The farthest from the target first; how many there are, of how many; also where the whole has no row."""
    rows = [("2020-08", 79 - n / 100, f"E{n:04}") for n in range(count)]
    names = ", ".join(f"E{n:04} (Red)" for n in range(count - 1, max(count - 11, -1), -1))

    assert {"a.k": (f"off target: {count:,} of {count + 2:,} by entity, {names}{more}",)} == why(
        KPI, *rows, ("2020-08", 95, "F1"), ("2020-08", 85, "F2")
    )
