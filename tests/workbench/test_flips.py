"""Which ratings and areas of data flip between two rulebooks, and why."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

import ragengine
from ragengine.data.collection import Data
from ragengine.data.door import measurement_of
from ragengine.data.model import ActionReport, Override
from ragengine.period import Calendar, parse_period
from ragengine.terms import Status
from ragengine.workbench.diff.every_period import periods_compared, rated_in_every_period
from ragengine.workbench.diff.flips import Flips, flips

BOOK = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
ROLLUP = '[rollup]\nrules = [{ rag = "red", when = "red >= 1" }, { rag = "amber", when = "amber >= 1" }, { rag = "green" }]\n'
AREA = '[area]\ntitle = "A"\n'
SEEN = '[kpi.seen]\ntitle = "Seen"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
GRACE = '[grace.covid]\nfrom = 2020-03-23\nuntil = 2020-06-30\nreason = "r"\nauthority = "b"\nno_worse_than = "amber"\n'
ACTION = '[action.train]\ntitle = "Train"\ndue = 2020-05-31\ntolerance = "0 days"\n'


def rows(**values: object) -> Data:
    """Measurements of ``a.seen`` by month: ``apr=92``."""
    months = {"mar": "2020-03", "apr": "2020-04", "may": "2020-05", "jun": "2020-06"}
    made = [
        measurement_of("a.seen", value=value, period=parse_period(months[month])) for month, value in values.items()
    ]
    return Data(tuple(made))


def flipped(old: str, new: str, data: Data, old_book: str = BOOK, new_book: str | None = None) -> Flips:
    before = {"book.toml": old_book, "a.toml": AREA + old}
    after = {"book.toml": old_book if new_book is None else new_book, "a.toml": AREA + new}
    found = ragengine.diff(before, after, data).flips
    assert found is not None
    return found


def told(found: Flips, kind: str = "kpi") -> list[tuple[str, str, str, str]]:
    return [(str(f.period), str(f.old), str(f.new), f.cause) for f in found.flips if f.kind == kind]


def test_a_raised_target_flips_what_lies_between() -> None:
    """On the new target nothing flips; between the two it does, in the periods in which it holds."""
    raised = SEEN.replace("target = 90", "target = { 2019-04-01 = 90, 2020-05-01 = 92 }")
    found = flipped(SEEN, raised, rows(apr=91, may=91, jun=92))

    assert told(found) == [("2020-05", "green", "amber", "target")]
    assert (found.ratings, [str(period) for period in found.periods]) == (3, ["2020-04", "2020-05", "2020-06"])
    flip = found.flips[0]
    assert flip.before is not None and flip.before.explain().startswith("Green. Seen (A), May 2020: 91%")
    assert flip.after is not None and "1 percentage point short" in flip.after.explain()


@pytest.mark.parametrize(
    ("old", "new", "value", "cause"),
    [
        ("", "tolerance", 81, "tolerance"),
        ("", "decimals = 0", "89.5", "decimals"),
        ("", 'met = "beyond target"', 90, "met"),
        ("", 'formula = "value - 5"', 91, "formula"),
        ("", "rated_from = 2021-01-01", 91, "rated_from"),
        ("", "requires_evidence = true", 91, "requires_evidence"),
        ("", 'grace = ["covid"]', 70, "grace covid"),
        ("", 'missing = "red"', "", "missing"),
    ],
)
def test_the_cause_is_the_key_that_explains_it(old: str, new: str, value: object, cause: str) -> None:
    """One key changed, one flip, that key."""
    after = SEEN.replace("10 pp", "5 pp") if new == "tolerance" else f"{SEEN}{new}\n"
    found = flipped(SEEN + old, after, rows(may=value), BOOK + GRACE)

    assert [(flip.kind, flip.cause) for flip in found.flips if flip.kind == "kpi"] == [("kpi", cause)]


def test_of_two_changed_keys_the_one_that_alone_explains_it() -> None:
    """82 is red for the narrower tolerance whatever counts as met, and 90 is amber for that alone."""
    after = SEEN.replace("10 pp", "5 pp") + 'met = "beyond target"\n'

    assert told(flipped(SEEN, after, rows(apr=82, may=90))) == [
        ("2020-04", "amber", "red", "tolerance"),
        ("2020-05", "green", "amber", "met"),
    ]


def test_two_keys_that_only_together_explain_it() -> None:
    """A lower target and a wider tolerance: neither alone reaches 81, and both do, so both are named."""
    narrow = SEEN.replace("10 pp", "5 pp")
    both = SEEN.replace("10 pp", "8 pp").replace("90", "88")

    # red below 85; by the new target alone below 83, by the new tolerance alone below 82, by both below 80
    assert told(flipped(narrow, both, rows(apr=81))) == [("2020-04", "red", "amber", "target and tolerance")]


def test_persistence_holds_a_level_back() -> None:
    """The second bad month in a row is adopted by a rule that waits for two, and not by one that waits for three."""
    found = flipped(SEEN + "persistence = 2\n", SEEN + "persistence = 3\n", rows(mar=95, apr=85, may=85))

    assert told(found) == [("2020-05", "amber", "green", "persistence")]


def test_a_level_held_back_because_of_earlier_periods() -> None:
    """With a tolerance from May, April's level is what persistence holds on to."""
    dated = SEEN.replace("target = 90", "target = { 2019-04-01 = 90, 2020-05-01 = 90 }")
    easier = SEEN.replace("target = 90", "target = { 2019-04-01 = 80, 2020-05-01 = 90 }")
    found = flipped(dated + "persistence = 2\n", easier + "persistence = 2\n", rows(apr=85, may=85))

    assert told(found) == [
        ("2020-04", "amber", "green", "target"),
        ("2020-05", "amber", "green", "persistence: earlier periods are rated otherwise"),
    ]


def test_kpis_that_one_rulebook_does_not_have() -> None:
    """Added and removed, with no level on the other side; the rows are no problem of the data."""
    other = SEEN.replace("[kpi.seen]", "[kpi.other]")
    added = flipped(other, other + SEEN, rows(apr=95))
    removed = flipped(other + SEEN, other, rows(apr=95))

    assert told(added) == [("2020-04", "None", "green", "KPI added")]
    assert told(removed) == [("2020-04", "green", "None", "KPI removed")]
    assert added.problems == ()


def test_a_kpi_that_became_an_action() -> None:
    """One id, another thing: rated on the same day by both."""
    day = measurement_of("a.train", value=50, period=parse_period("2020-06-30"))
    report = ActionReport("a.train", date(2020, 6, 30), Status.COMPLETE)
    kpi = SEEN.replace("[kpi.seen]", "[kpi.train]")

    assert told(flipped(kpi, ACTION, Data((day,), (report,))), "kpi") == [
        ("2020-06-30", "red", "green", "a KPI became an action")
    ]


def test_a_missing_value_is_no_flip_from_grey_to_grey() -> None:
    """No data and suspended are both grey: the level has not changed."""
    assert told(flipped(SEEN, SEEN + "rated_from = 2021-01-01\n", rows(apr=""))) == []


def test_a_carried_value_flips_with_the_rule_that_carries_it() -> None:
    """June has no row: the area's June is rated by May's value."""
    book = BOOK.replace('"grey"', '"carry forward"')
    data = rows(may=91) + Data(actions=(ActionReport("a.train", date(2020, 6, 10), Status.COMPLETE),))
    found = flipped(SEEN + ACTION, SEEN.replace("90", "92") + ACTION, data, book + ROLLUP)

    assert told(found) == [("2020-05", "green", "amber", "target"), ("2020-06", "green", "amber", "target")]
    assert told(found, "area")[-2:] == [
        ("2020-06", "green", "amber", "levels below it"),
        ("2020-06", "green", "amber", "levels below it"),
    ]


def test_an_action_flips_on_the_last_day_of_its_period_and_on_earlier_reports() -> None:
    """Due in May and reported twice in June: both days are told, with the key that moved."""
    reports = (
        ActionReport("a.train", date(2020, 6, 10), Status.IN_PROGRESS),
        ActionReport("a.train", date(2020, 6, 20), Status.IN_PROGRESS),
    )
    found = flipped(ACTION, ACTION.replace("2020-05-31", "2020-06-30"), Data(actions=reports))

    # due 30 June with no warning: green until then
    assert told(found, "action") == [("2020-06-10", "red", "green", "due"), ("2020-06-30", "red", "green", "due")]


def test_a_complete_action_flips_by_what_complete_means() -> None:
    """Not by its warning, which is for open ones."""
    report = ActionReport("a.train", date(2020, 6, 10), Status.COMPLETE, completed_on=date(2020, 6, 5))
    changed = ACTION + 'warning = "28 days"\non_time = false\n'

    # due 31 May, completed on 5 June: red where lateness keeps its colour
    assert told(flipped(ACTION, changed, Data(actions=(report,))), "action") == [
        ("2020-06-30", "green", "red", "on_time")
    ]


def test_a_roll_up_flips_areas_and_no_rating() -> None:
    """The area and the programme, which rolls up by the same policy."""
    easier = ROLLUP.replace("amber >= 1", "amber >= 2")
    found = flipped(SEEN, SEEN, rows(apr=85), BOOK + ROLLUP, BOOK + easier)

    assert [(flip.id, str(flip.old), str(flip.new), flip.cause) for flip in found.flips] == [
        ("a", "amber", "green", "roll-up"),
        # the programme holds one green area now
        ("programme", "amber", "green", "levels below it"),
    ]


def test_what_counts_in_an_area() -> None:
    """A KPI taken out of the roll-up: its own level stays, its area's does not."""
    other = SEEN.replace("[kpi.seen]", "[kpi.other]")
    data = rows(apr=85) + Data((measurement_of("a.other", value=95, period=parse_period("2020-04")),))
    found = flipped(SEEN + other, SEEN + "in_rollup = false\n" + other, data, BOOK + ROLLUP)

    assert told(found, "area")[0] == ("2020-04", "amber", "green", "what counts in it")
    assert told(found) == []


def test_an_override_in_force_keeps_the_final_level() -> None:
    """The computed level changed and the agreed one did not: nothing flips."""
    override = Override("a.seen", "rag", "green", date(2020, 4, 1), date(2020, 4, 30), "r", "b")
    data = rows(apr=91) + Data(overrides=(override,))

    assert told(flipped(SEEN, SEEN.replace("90", "95"), data)) == []


def test_periods_of_several_lengths() -> None:
    """Months where there are months; a quarter's row is rated once, in the month that ends with it."""
    data = rows(apr=91, jun=91) + Data(
        (measurement_of("a.q", value=91, period=parse_period("Q1 2020/21")),),
    )
    quarterly = SEEN.replace("[kpi.seen]", "[kpi.q]") + 'frequency = "quarterly"\n'
    found = flipped(SEEN + quarterly, (SEEN + quarterly).replace("90", "92"), data)

    assert [str(period) for period in periods_compared(data, Calendar(day_first=False))] == ["2020-04", "2020-06"]
    assert [(flip.id, str(flip.period)) for flip in found.flips if flip.kind == "kpi"] == [
        ("a.seen", "2020-04"),
        ("a.q", "Q1 2020/21"),
        ("a.seen", "2020-06"),
    ]


def test_days_among_months_are_rated_too() -> None:
    """A row of a day that no month's scorecard shows."""
    days = [measurement_of("a.seen", value=91, period=parse_period(f"2020-04-{day}")) for day in ("10", "20")]
    month = measurement_of("a.m", value=95, period=parse_period("2020-04"))
    monthly = SEEN.replace("[kpi.seen]", "[kpi.m]")
    found = flipped(SEEN + monthly, SEEN.replace("90", "92") + monthly, Data((*days, month)))

    assert told(found) == [("2020-04-10", "green", "amber", "target"), ("2020-04-20", "green", "amber", "target")]


def test_every_level_is_that_of_the_scorecard(root: Path, plan: ragengine.Rulebook) -> None:
    """Rating all periods at once gives what a scorecard of each period gives by itself."""
    data = ragengine.read(root / "docs/examples/2020-08", day_first=True)
    rated = rated_in_every_period(plan, data)
    for period in periods_compared(data, Calendar(day_first=True)):
        card = plan.score(data, period)
        for rating in card.ratings.values():
            assert rating.period is not None
            mine = rated.ratings[rating.id, rating.entity or "", rating.period]
            assert (mine.rag, mine.computed, mine.explain()) == (rating.rag, rating.computed, rating.explain())
        for area in card.areas.values():
            assert rated.areas[area.id, area.entity or "", period] == area


def test_nothing_flips_between_a_rulebook_and_itself(root: Path, plan: ragengine.Rulebook) -> None:
    """The plan's own data, named as paths."""
    found = ragengine.diff(plan, root / "rules", [root / "docs/examples/2020-08", root / "docs/examples/2020-07"])

    assert found.flips is not None
    assert (found.changes, found.flips.flips) == ((), ())
    assert found.flips.ratings > 100


def test_a_row_that_no_rulebook_can_use_is_a_problem_once() -> None:
    """Told once, however many scorecards look at it."""
    bad = measurement_of("a.sen", value=Fraction(1), period=parse_period("2020-04"))
    found = flipped(SEEN, SEEN.replace("90", "92"), rows(apr=91, may=91) + Data((bad,)))

    assert [problem.code for problem in found.problems] == ["RAG104"]


_PEERED = '[kpi.peer]\ntitle = "Peer"\nunit = "days"\ndirection = "lower"\ntarget = { from = "median of entities" }\n'
_PEERED += 'tolerance = "2 days"\n'
_SLOW = '[kpi.slow]\ntitle = "Slow"\nunit = "days"\ndirection = "lower"\ntarget = 10\ntolerance = "2 days"\npersistence = 2\n'
_BOTH = GRACE + ROLLUP
_SHARED = SEEN + 'grace = ["covid"]\nmissing = "carry forward"\n' + _PEERED + _SLOW


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("new", "new_book"),
    [
        (_SHARED.replace("target = 10", "target = 8"), BOOK + _BOTH),
        (_SHARED.replace("target = 90", "target = 80"), BOOK + _BOTH),
        (_SHARED.replace("median", "quartile 1"), BOOK + _BOTH),
        (_SHARED.replace('"Slow"', '"Slower"'), BOOK + _BOTH.replace("2020-06-30", "2020-04-30")),
        (_SHARED, BOOK.replace('"grey"', '"red"') + _BOTH),
        (_SHARED, BOOK + 'symbols = { "x" = "suppressed" }\n' + _BOTH),
        (_SHARED.replace("persistence = 2", "weight = 0"), BOOK + _BOTH.replace("amber >= 1", "amber >= 2")),
    ],
)
def test_what_both_rulebooks_rate_alike_is_rated_once_and_flips_alike(new: str, new_book: str, seed: int) -> None:
    """What flips is the same whether the KPIs that did not change are rated by one rulebook or by each."""
    rng = random.Random(seed)
    made = [
        {
            "kpi": kpi,
            "period": f"2020-{month:02d}",
            "entity": entity,
            "value": rng.choice([70, 80, 8, 10, 12, "", "x", "!"]),
        }
        for kpi in ("a.seen", "a.peer", "a.slow")
        for entity in (None, "E1", "E2", "E3", "E4")
        for month in range(1, 8)
        if rng.random() < 0.8
    ]
    judged = {
        "subject": "a.slow",
        "rag": "red",
        "from": "2020-05-01",
        "until": "2020-05-31",
        "reason": "R",
        "authority": "B",
    }
    data = Data.of(
        measurements=[*made, {"kpi": "a.peer", "period": "soon", "entity": "E9", "value": 3}], overrides=[judged]
    )
    old = ragengine.load({"book.toml": BOOK + _BOTH, "a.toml": AREA + _SHARED})
    other = ragengine.load({"book.toml": new_book, "a.toml": AREA + new})

    assert flips(old, other, data, evolve(data)) == flips(old, other, data, data)
