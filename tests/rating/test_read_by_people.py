"""Eighty explanations as people read them: each reason for grey, effect, direction, counts, formulas, words, actions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ragengine
from ragengine.data.door import measurement_of, report_of
from ragengine.data.model import Override
from ragengine.period import APRIL

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "explanations.txt"

HIGHER = 'unit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
LOWER = 'unit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = 2\n'
WITHIN = 'unit = "%"\ndirection = "within"\ntarget = { min = 85, max = 92 }\ntolerance = "5 pp"\n'
POUNDS = 'unit = "£"\ndirection = "lower"\ntarget = 1500\ntolerance = 100\n'
SHARE = (
    'direction = "lower"\nformula = "failed / tested"\ninputs = ["failed", "tested"]\n'
    'bands = [{ rag = "green", below = 0.1 }, { rag = "amber", from = 0.1, below = 0.2 }, { rag = "red", from = 0.2 }]\n'
)
WORDS = 'words = { no = "red", "in development" = "amber", yes = "green" }\n'
DUE = 'due = "Sep-20"\nwarning = "28 days"\ntolerance = "14 days"\n'
PROGRESS = (
    'start = 2020-04-01\ndue = 2020-10-01\nformula = "progress - elapsed"\n'
    'bands = [{ rag = "green", from = 0 }, { rag = "amber", from = -10, below = 0 }, { rag = "red", below = -10 }]\n'
)


def grace(effect: str, when: str = "") -> str:
    """A relief of the spring and summer."""
    said = f", when = '{when}'" if when else ""
    return (
        f"grace = [{{ from = 2020-03-23, until = 2020-09-30, {effect}, reason = 'Visits suspended', "
        f"authority = 'Improvement Board, 15 April 2020'{said} }}]\n"
    )


def judgement(effect: str, level: str, until: date = date(2020, 12, 31), release: str = "") -> Override:
    """A judgement from July on."""
    return Override(
        "a.k", effect, level, date(2020, 7, 1), until, "staffing pressures", "Director", release_when=release
    )


#: a title, the rule, what the book says of missing values, rows of (month, cells), and judgements
MEASURED: list[tuple[str, str, str, list[tuple[str, dict[str, Any]]], list[Override]]] = [
    ("higher, met", HIGHER, "grey", [("2020-07", {"value": 93})], []),
    ("higher, on the target", HIGHER, "grey", [("2020-07", {"value": 90})], []),
    ("higher, one point short", HIGHER, "grey", [("2020-07", {"value": 89})], []),
    ("higher, far short", HIGHER, "grey", [("2020-07", {"value": 45})], []),
    ("higher, on the amber line", HIGHER, "grey", [("2020-07", {"value": 80})], []),
    ("beyond, on the line", HIGHER + 'met = "beyond target"\n', "grey", [("2020-07", {"value": 90})], []),
    ("beyond, short", HIGHER + 'met = "beyond target"\n', "grey", [("2020-07", {"value": 84})], []),
    ("rounded into green", HIGHER + "decimals = 1\n", "grey", [("2020-07", {"value": "89.96"})], []),
    ("rounded, amber", HIGHER + "decimals = 1\n", "grey", [("2020-07", {"value": "84.04"})], []),
    ("a hair below", HIGHER, "grey", [("2020-07", {"value": "89.9999999"})], []),
    ("counts", HIGHER, "grey", [("2020-07", {"numerator": 84, "denominator": 100})], []),
    ("counts, a long ratio", HIGHER, "grey", [("2020-07", {"numerator": 17999, "denominator": 19999})], []),
    ("counts of few", HIGHER, "grey", [("2020-07", {"numerator": 5, "denominator": 7})], []),
    ("counts, all met", HIGHER, "grey", [("2020-07", {"numerator": 3, "denominator": 3})], []),
    ("an exclusion", HIGHER, "grey",
     [("2020-07", {"numerator": 7, "denominator": 9, "excluded": 1, "exclusion_reason": "moved away"})], []),
    ("lower, met", LOWER, "grey", [("2020-07", {"value": 4})], []),
    ("lower, one day over", LOWER, "grey", [("2020-07", {"value": 6})], []),
    ("lower, over", LOWER, "grey", [("2020-07", {"value": "14.14"})], []),
    ("lower, a hair over", LOWER, "grey", [("2020-07", {"value": "5.0000001"})], []),
    ("pounds, over", POUNDS, "grey", [("2020-07", {"value": 1650})], []),
    ("pounds, met", POUNDS, "grey", [("2020-07", {"value": "1,499.50"})], []),
    ("a range, within", WITHIN, "grey", [("2020-07", {"value": 88})], []),
    ("a range, short", WITHIN, "grey", [("2020-07", {"value": 83})], []),
    ("a range, over", WITHIN, "grey", [("2020-07", {"value": 99})], []),
    ("a formula", SHARE, "grey", [("2020-07", {"inputs": {"failed": 1, "tested": 13}})], []),
    ("a formula, red", SHARE, "grey", [("2020-07", {"inputs": {"failed": 5, "tested": 13}})], []),
    ("a word", WORDS, "grey", [("2020-07", {"value": "in development"})], []),
    ("a carried word", WORDS, "carry forward", [("2020-06", {"value": "yes"}), ("2020-07", {})], []),
    ("an assumed target", HIGHER + 'basis = "assumed"\nrationale = "As last year"\n', "grey",
     [("2020-07", {"value": 91})], []),
    ("causes and evidence", HIGHER, "grey",
     [("2020-07", {"value": 84, "causes": "covid, sickness", "evidence": "audit"})], []),
    ("grey: no data", HIGHER, "grey", [("2020-07", {})], []),
    ("grey: missing input", SHARE, "grey", [("2020-07", {"inputs": {"failed": 1}})], []),
    ("grey: suppressed", HIGHER, "grey", [("2020-07", {"value": "c"})], []),
    ("grey: not applicable", HIGHER, "grey", [("2020-07", {"value": "z"})], []),
    ("grey: not due", HIGHER + "rated_from = 2020-10-01\n", "grey", [("2020-07", {"value": 84})], []),
    ("grey: stale", HIGHER + 'max_age = "1 month"\n', "carry forward",
     [("2020-05", {"value": 84}), ("2020-07", {})], []),
    ("grey: no target", HIGHER.replace("= 90", '= "from data"'), "grey", [("2020-07", {"value": 84})], []),
    ("grey: monitored", 'unit = "%"\ndirection = "monitor"\n', "grey", [("2020-07", {"value": 84})], []),
    ("grey: invalid", HIGHER, "grey", [("2020-07", {"value": "about 90"})], []),
    ("grey: outside valid", HIGHER + "valid = { max = 100 }\n", "grey", [("2020-07", {"value": 104})], []),
    ("grey: no cases", HIGHER, "grey", [("2020-07", {"numerator": 0, "denominator": 0})], []),
    ("grey: division by zero", SHARE, "grey", [("2020-07", {"inputs": {"failed": 0, "tested": 0}})], []),
    ("grey: small numbers", HIGHER + "minimum_n = 10\n", "grey",
     [("2020-07", {"numerator": 4, "denominator": 5})], []),
    ("grey: suspended", HIGHER + grace("suspend = true"), "grey", [("2020-07", {"value": 84})], []),
    ("a missing value counts as red", HIGHER, "red", [("2020-07", {})], []),
    ("carried forward", HIGHER, "carry forward", [("2020-06", {"value": 84}), ("2020-07", {})], []),
    ("a floor", HIGHER + grace('no_worse_than = "amber"'), "grey", [("2020-07", {"value": 70})], []),
    ("a cap", HIGHER + grace('no_better_than = "amber"'), "grey", [("2020-07", {"value": 95})], []),
    ("a relieved target", HIGHER + grace("target = 80"), "grey", [("2020-07", {"value": 84})], []),
    ("a relieved target that does nothing", HIGHER + grace("target = 80"), "grey", [("2020-07", {"value": 95})], []),
    ("a relieved tolerance", HIGHER + grace('tolerance = "20 pp"'), "grey", [("2020-07", {"value": 75})], []),
    ("a condition that holds", HIGHER + grace('no_worse_than = "amber"', '"covid" in causes'), "grey",
     [("2020-07", {"value": 70, "causes": "covid"})], []),
    ("a condition that does not", HIGHER + grace('no_worse_than = "amber"', '"covid" in causes'), "grey",
     [("2020-07", {"value": 70})], []),
    ("a condition that cannot be shown", HIGHER + grace('no_worse_than = "amber"', "value >= year_ago_value"), "grey",
     [("2020-07", {"value": 70})], []),
    ("no evidence", HIGHER + "requires_evidence = true\n", "grey", [("2020-07", {"value": 95})], []),
    ("persistence holds", HIGHER + "persistence = 2\n", "grey",
     [("2020-06", {"value": 95}), ("2020-07", {"value": 70})], []),
    ("persistence adopts", HIGHER + "persistence = 2\n", "grey",
     [("2020-05", {"value": 95}), ("2020-06", {"value": 70}), ("2020-07", {"value": 70})], []),
    ("agreed as amber", HIGHER, "grey", [("2020-07", {"value": 45})],
     [judgement("rag", "amber", release="the new team is in place")]),
    ("agreed as red where nothing is rated", HIGHER, "grey", [("2020-07", {"value": "c"})], [judgement("rag", "red")]),
    ("no better than amber", HIGHER, "grey", [("2020-07", {"value": 95})], [judgement("no_better_than", "amber")]),
    ("a judgement that changes nothing", HIGHER, "grey", [("2020-07", {"value": 45})], [judgement("rag", "red")]),
    ("a judgement that lapsed", HIGHER, "grey", [("2020-07", {"value": 45})],
     [judgement("rag", "green", until=date(2020, 7, 30))]),
    ("worsened by the data", HIGHER, "grey", [("2020-06", {"value": 91}), ("2020-07", {"value": 84})], []),
    ("improved by the data", HIGHER, "grey", [("2020-06", {"value": 84}), ("2020-07", {"value": 91})], []),
    ("worsened by the rule", HIGHER.replace("= 90", "= { 2019-04-01 = 85, 2020-07-01 = 90 }"), "grey",
     [("2020-06", {"value": 87}), ("2020-07", {"value": 87})], []),
    ("no longer rated", HIGHER, "grey", [("2020-06", {"value": 91}), ("2020-07", {"value": "c"})], []),
    ("newly rated", HIGHER, "grey", [("2020-06", {"value": ""}), ("2020-07", {"value": 91})], []),
    ("of an organisation", HIGHER, "grey",
     [("2020-07", {"value": 91}), ("2020-07", {"value": 70, "entity": "North team"})], []),
]  # fmt: skip

#: a title, the rule, the day, what was reported when, and judgements
REPORTED: list[tuple[str, str, str, list[tuple[date, dict[str, Any]]], list[Override]]] = [
    ("an action in time", DUE, "2020-07", [(date(2020, 7, 31), {"status": "in progress"})], []),
    ("an action within its warning", DUE, "2020-09-15", [(date(2020, 9, 15), {"status": "in progress"})], []),
    ("an action a day late", DUE, "2020-10-01", [(date(2020, 9, 30), {"status": "in progress"})], []),
    ("an action that is red", DUE, "2020-10", [(date(2020, 10, 31), {"status": "not started"})], []),
    ("an action that is complete", DUE, "2020-10",
     [(date(2020, 10, 31), {"status": "complete", "completed_on": date(2020, 10, 5)})], []),
    ("an action complete and late", DUE + "on_time = false\n", "2020-10",
     [(date(2020, 10, 31), {"status": "complete", "completed_on": date(2020, 10, 5)})], []),
    ("an action without a report", DUE, "2020-07", [], []),
    ("an action that is deferred", DUE, "2020-07", [(date(2020, 7, 31), {"status": "deferred"})], []),
    ("an action without a date", 'due = "TBC"\n', "2020-07", [(date(2020, 7, 31), {"status": "in progress"})], []),
    ("an action with a moved date", 'due = "Jul-20"\n' + grace('extend_due = "60 days"'), "2020-08",
     [(date(2020, 8, 31), {"status": "in progress"})], []),
    ("an action by its progress", PROGRESS, "2020-07",
     [(date(2020, 7, 31), {"status": "in progress", "progress": 60})], []),
    ("an action by judgement", DUE, "2020-07", [(date(2020, 7, 31), {"status": "in progress"})],
     [judgement("rag", "red")]),
    ("an action without evidence", DUE + "requires_evidence = true\n", "2020-07",
     [(date(2020, 7, 31), {"status": "in progress"})], []),
]  # fmt: skip


def explanations() -> Iterator[str]:
    """Each situation with its text, areas last."""
    for title, rule, missing, rows, overrides in MEASURED:
        book = _book(f'[kpi.k]\ntitle = "Children seen in time"\n{rule}', missing)
        made = tuple(measurement_of("a.k", period=ragengine.parse_period(month), **cells) for month, cells in rows)
        card = book.score(ragengine.Data(made, overrides=tuple(overrides)), as_at="2020-07")
        yield f"== {title}\n" + "\n".join(rating.explain() for rating in list(card.ratings.values())[-1:])
    for title, rule, as_at, reports, overrides in REPORTED:
        book = _book(f'[action.k]\ntitle = "Learning circles"\n{rule}', "grey")
        told = tuple(report_of("a.k", day, APRIL, **cells) for day, cells in reports)
        card = book.score(ragengine.Data(actions=told, overrides=tuple(overrides)), as_at=as_at)
        yield f"== {title}\n{card.ratings['a.k'].explain()}"
    book = _book(f'[kpi.k]\ntitle = "Children seen in time"\n{HIGHER}', "grey")
    for title, value, overrides in (
        ("an area", 84, []), ("an area that is not rated", "c", []), ("an area by judgement", 84, ["red"]),
    ):  # fmt: skip
        rows = [measurement_of("a.k", period=ragengine.parse_period("2020-07"), value=value)]
        judged = tuple(
            Override("a", "rag", level, date(2020, 7, 1), date(2020, 12, 31), "inspection", "Board")
            for level in overrides
        )
        card = book.score(ragengine.Data(tuple(rows), overrides=judged), as_at="2020-07")
        yield f"== {title}\n{card.areas['a'].explain()}"


def _book(rule: str, missing: str) -> ragengine.Rulebook:
    book = f'[book]\ntitle = "Plan"\nedition = "2020-21"\nmissing = "{missing}"\n'
    return ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "Early Help"\n{rule}'})


def test_every_explanation_reads_as_it_was_read() -> None:
    """Each text, without the line that says where its rule stands; ``RAGENGINE_GOLDEN=write`` writes the file."""
    texts = []
    for text in explanations():
        texts.append("\n".join(line for line in text.splitlines() if not line.startswith(("Rule a.k,", "Roll-up "))))
    made = "\n\n".join(texts) + "\n"
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        GOLDEN.write_text(made, encoding="utf-8")

    assert len(texts) >= 80
    assert made == GOLDEN.read_text(encoding="utf-8")
