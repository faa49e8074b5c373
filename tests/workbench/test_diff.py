"""What a comparison of two rulebooks says, and what it does not say."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import ragengine
from ragengine.workbench.diff.changes import RuleChange

BOOK = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n'
SEEN = '[kpi.seen]\ntitle = "Seen"\nunit = "%"\ndirection = "higher"\n'
GRACE = '[grace.covid]\nfrom = 2020-03-23\nuntil = 2020-09-30\nreason = "r"\nauthority = "Board"\n'


def compared(old: str, new: str, old_book: str = BOOK, new_book: str | None = None) -> ragengine.RulesDiff:
    """The comparison of two area files, and of two books where they differ."""
    before = {"book.toml": old_book, "a.toml": AREA + old}
    after = {"book.toml": old_book if new_book is None else new_book, "a.toml": AREA + new}
    return ragengine.diff(before, after)


def only(found: ragengine.RulesDiff) -> RuleChange:
    """The one change there is."""
    (change,) = found.changes
    return change


def lines(change: RuleChange) -> list[str]:
    return [str(level) for level in change.levels]


TEN = 'target = 90\ntolerance = "10 pp"\n'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TEN, 'tolerance = "10.0 pp"\n# as agreed\ntarget    = 90.00\n'),
        (TEN, TEN + 'critical = false\nmet = "at or beyond target"\npersistence = 1\nweight = 1.0\nin_rollup = true\n'),
        (TEN, TEN + 'missing = "grey"\n'),
        (TEN + 'formula = "100*numerator /denominator"\n', TEN + 'formula = "(100.0 * numerator) / denominator"\n'),
        (TEN + "inputs = ['a', 'b']\n", TEN + "inputs = ['b', 'a']\n"),
        (TEN + 'frequency = "monthly"\n', TEN + 'frequency = "Monthly"\n'),
        ('target = { 2019-04-01 = 90 }\namber = 80\n', 'target = { 2019-04-01 = 90, 2020-04-01 = 90 }\namber = 80\n'),
        (
            'bands = [{ rag = "green", from = 90 }, { rag = "red", below = 90 }]\n',
            'bands = [{ rag = "red", below = 90.0 }, { rag = "green", from = 90 }]\n',
        ),
    ],
)  # fmt: skip
def test_another_spelling_is_no_change(old: str, new: str) -> None:
    """Order, comments, 90.00 for 90, a default written out, spaces in an expression."""
    found = compared(SEEN + old, SEEN + new)

    assert found.changes == ()
    assert found.reworded == ()


def test_another_notation_of_the_same_table_is_only_named() -> None:
    """10% of 100 for 10 points, and the amber line itself for a tolerance: rated the same, so listed apart."""
    relative = compared(
        SEEN + 'target = 100\ntolerance = "10 pp"\n', SEEN + 'target = 100\ntolerance = "10% of target"\n'
    )
    line = compared(SEEN + TEN, SEEN + "target = 90\namber = 80\n")

    assert (relative.changes, relative.reworded) == ((), ("a.seen",))
    assert (line.changes, line.reworded) == ((), ("a.seen",))


def test_a_notation_that_the_data_decide_is_a_change() -> None:
    """With targets from the data, 10% of target and 10 points part at any other target than 100."""
    rule = 'target = "from data"\ntolerance = "{}"\n'
    change = only(compared(SEEN + rule.format("10 pp"), SEEN + rule.format("10% of target")))

    assert change.details == ("tolerance 10 pp → 10% of target",)
    # of 50: 40 by points, 45 by per cent
    assert lines(change) == ["with a target of 50: from 40% to below 45%: Amber → Red, always"]


def test_words_alone_are_no_change_of_meaning() -> None:
    """A title, a note, a source: the id is named, and nothing else."""
    found = compared(SEEN + TEN, SEEN.replace('"Seen"', '"Seen in time"') + TEN)

    assert not found
    assert found.reworded == ("a.seen",)


def test_a_target_raised_from_a_date() -> None:
    """Which values change, to what, and from when; the amber line moves with the target."""
    change = only(compared(SEEN + TEN, SEEN + 'target = { 2000-01-01 = 90, 2021-04-01 = 92 }\ntolerance = "10 pp"\n'))

    assert change.details == ("target 90% → none until 1999-12-31", "target 90% → 92% from 2021-04-01")
    assert lines(change)[3:] == [
        "from 80% to below 82%: Amber → Red, from 2021-04-01",
        "from 90% to below 92%: Green → Amber, from 2021-04-01",
    ]
    # before the first date of the new rule there is no target
    assert lines(change)[0] == "below 80%: Red → Grey, until 1999-12-31"


def test_a_target_that_is_raised_for_a_while() -> None:
    """A change that ends says when."""
    old = 'target = { 2019-04-01 = 90 }\ntolerance = "10 pp"\n'
    new = 'target = { 2019-04-01 = 90, 2020-04-01 = 95, 2021-04-01 = 90 }\ntolerance = "10 pp"\n'
    change = only(compared(SEEN + old, SEEN + new))

    assert change.details == ("target 90% → 95% from 2020-04-01 to 2021-03-31",)
    assert lines(change) == [
        "from 80% to below 85%: Amber → Red, 2020-04-01 to 2021-03-31",
        "from 90% to below 95%: Green → Amber, 2020-04-01 to 2021-03-31",
    ]


def test_values_are_those_that_are_printed() -> None:
    """With one decimal a target of 89.95 is met by 90.0 and by nothing between: no value is rated otherwise."""
    change = only(compared(SEEN + TEN + "decimals = 1\n", SEEN + TEN.replace("90", "89.95") + "decimals = 1\n"))

    assert change.details == ("target 90% → 89.95%",)
    assert change.levels == ()


def test_other_decimals_show_in_the_values_as_given() -> None:
    """Judged to whole numbers, 89.5 is 90 and green."""
    change = only(compared(SEEN + TEN, SEEN + TEN + "decimals = 0\n"))

    assert change.details == ("decimals none → 0",)
    assert lines(change) == [
        "from 79.5% to below 80%: Red → Amber, always",
        "from 89.5% to below 90%: Amber → Green, always",
    ]


def test_a_grace_extended_is_told_once_and_shows_where_it_counts() -> None:
    """The grace with its dates; each KPI that opts in with the values and days it changes."""
    book = BOOK + GRACE + 'no_worse_than = "amber"\n'
    kpi = SEEN + TEN + 'grace = ["covid"]\n'
    found = compared(kpi, kpi, book, book.replace("2020-09-30", "2021-03-31"))

    grace, seen = found.changes
    assert (grace.kind, grace.id, grace.details) == ("grace", "covid", ("until 2020-09-30 → 2021-03-31",))
    assert seen.details == ()
    assert lines(seen) == ["below 80%: Red → Amber, 2020-10-01 to 2021-03-31, under covid"]


def test_a_change_that_a_grace_hides() -> None:
    """While the floor holds, values that are now red stay amber; before and after they do not."""
    book = BOOK + GRACE + 'no_worse_than = "amber"\n'
    kpi = SEEN + TEN + 'grace = ["covid"]\n'
    change = only(compared(kpi, kpi.replace("10 pp", "5 pp"), book))

    assert lines(change) == [
        "from 80% to below 85%: Amber → Red, always",
        "from 80% to below 85%: stays Amber, 2020-03-23 to 2020-09-30, under covid",
    ]


def test_a_grace_with_a_condition_is_told_as_such() -> None:
    """Nobody knows from the rules whether it will be granted."""
    book = BOOK + GRACE + 'no_worse_than = "amber"\nwhen = "\'covid\' in causes"\n'
    change = only(compared(SEEN + TEN, SEEN + TEN + 'grace = ["covid"]\n', book))

    assert change.details == ("opts into covid",)
    assert lines(change) == ["below 80%: Red → Amber, 2020-03-23 to 2020-09-30, where covid is granted"]


def test_a_suspension_rates_nothing() -> None:
    """Grey is a level that values change to."""
    book = BOOK + GRACE + "suspend = true\n"
    change = only(compared(SEEN + TEN, SEEN + TEN + 'grace = ["covid"]\n', book))

    assert lines(change)[-1] == "at least 90%: Green → Grey, 2020-03-23 to 2020-09-30, under covid"


def test_graces_of_its_own_in_another_order() -> None:
    """Inline graces are compared by what they say, not by where they stand."""
    first = '{ from = 2020-04-01, until = 2020-04-30, suspend = true, reason = "r", authority = "a" }'
    second = '{ from = 2020-06-01, until = 2020-06-30, suspend = true, reason = "r", authority = "a" }'
    kpi = SEEN + TEN + "grace = [{}, {}]\n"

    assert compared(kpi.format(first, second), kpi.format(second, first)).changes == ()


def test_a_named_grace_of_its_own_is_no_grace_of_the_book() -> None:
    """Two KPIs may give their own graces one name: each tells of its own."""
    grace = '[{ name = "move", from = 2020-04-01, until = 2020-04-30, suspend = true, reason = "r", authority = "a" }]'
    kpis = SEEN + TEN + f"grace = {grace}\n" + SEEN.replace("seen", "other") + TEN + "grace = "
    change = only(compared(kpis + grace, kpis + grace.replace("04-30", "05-31")))

    assert (change.id, change.details) == ("a.other", ("grace move: until 2020-04-30 → 2020-05-31",))


def test_words_are_compared_word_by_word() -> None:
    """A word that a rule does not know is not rated."""
    words = '[kpi.w]\ntitle = "W"\nwords = {{ no = "red", {} = "amber", yes = "green" }}\n'
    change = only(compared(words.format("partly"), words.format("somewhat")))

    assert lines(change) == ['"partly": Amber → Grey, always', '"somewhat": Grey → Amber, always']


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ('missing = "red"', "missing grey → red"),
        ("persistence = 3", "persistence 1 → 3"),
        ("in_rollup = false", "in_rollup yes → no"),
        ("requires_evidence = true", "requires_evidence no → yes"),
        ("minimum_n = 10", "minimum_n none → 10"),
        ("critical = true", "critical no → yes"),
        ("weight = 2.5", "weight 1 → 2.5"),
        ('frequency = "quarterly"', "frequency none → quarterly"),
        ('formula = "value * 2"', "formula none → value * 2"),
    ],
)
def test_what_no_table_shows_is_told_by_its_key(key: str, detail: str) -> None:
    """Each key that changes a level otherwise than by bands."""
    change = only(compared(SEEN + TEN, f"{SEEN}{TEN}{key}\n"))

    assert change.details == (detail,)
    assert change.levels == ()


def test_what_the_book_says_for_all_is_told_once() -> None:
    """A KPI that keeps the old way by writing it has not changed; one that always wrote the new way has not either."""
    kpis = SEEN + TEN + '[kpi.own]\ntitle = "Own"\nunit = "%"\ndirection = "higher"\nmissing = "red"\n' + TEN
    found = compared(kpis, kpis, BOOK, BOOK.replace("grey", "amber"))
    kept = compared(SEEN + TEN, SEEN + TEN + 'missing = "grey"\n', BOOK, BOOK.replace("grey", "amber"))

    assert only(found).details == ("missing grey → amber",)
    assert [(change.kind, change.details) for change in kept.changes] == [("book", ("missing grey → amber",))]


def test_an_entity_with_a_rule_of_its_own() -> None:
    """What everyone's rule does to it, and that its own target keeps it as it was."""
    entities = '[kpi.seen.entities."E1"]\ntarget = 80\n[kpi.seen.entities."E2"]\ncritical = true\n'
    change = only(compared(SEEN + TEN + entities, SEEN + TEN.replace("90", "95") + entities))

    assert change.details == ("target 90% → 95%", "E1: is rated as before")
    assert [(level.entity, level.where) for level in change.levels] == [
        ("", "from 80% to below 85%"),
        ("", "from 90% to below 95%"),
        ("E2", "from 80% to below 85%"),
        ("E2", "from 90% to below 95%"),
    ]


def test_an_added_kpi_says_how_it_rates() -> None:
    """And a removed one that it is gone."""
    other = '[kpi.days]\ntitle = "Days"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "2 days"\n'
    added, removed = (
        only(compared(*texts)) for texts in ((SEEN + TEN, SEEN + TEN + other), (SEEN + TEN + other, SEEN + TEN))
    )

    assert (added.id, added.what, added.title) == ("a.days", "added", "Days")
    assert added.details == ("Red is above 7 days", "Amber runs above 5 days to 7 days", "Green is up to 5 days")
    assert (removed.id, removed.what) == ("a.days", "removed")


ACTION = '[action.train]\ntitle = "Train"\nwarning = "28 days"\ntolerance = "0 days"\n'


def test_an_action_that_is_due_later() -> None:
    """Between the two warnings and the two due dates, day by day."""
    change = only(compared(ACTION + "due = 2020-09-30\n", ACTION + "due = 2020-11-30\n"))

    assert change.details == ("due 2020-09-30 → 2020-11-30",)
    # 28 days before 30 September is 2 September; before 30 November it is 2 November
    assert lines(change) == [
        "while it is open: Amber → Green, 2020-09-02 to 2020-09-30",
        "while it is open: Red → Green, 2020-10-01 to 2020-11-01",
        "while it is open: Red → Amber, 2020-11-02 to 2020-11-30",
    ]


def test_an_action_that_gets_a_date() -> None:
    """From grey, for want of a due date, to what the date makes of each day."""
    change = only(compared(ACTION + 'due = "TBC"\n', ACTION + "due = 2020-09-30\n"))

    assert change.details == ("due TBC → 2020-09-30",)
    assert lines(change) == [
        "while it is open: Grey → Green, until 2020-09-01",
        "while it is open: Grey → Amber, 2020-09-02 to 2020-09-30",
        "while it is open: Grey → Red, from 2020-10-01",
    ]


def test_an_action_whose_due_date_a_grace_extends() -> None:
    """Past its own due date, and within the extension; the grace ends before the extended date does."""
    book = BOOK + GRACE + 'extend_due = "60 days"\n'
    change = only(compared(ACTION + "due = 2020-08-31\n", ACTION + 'due = 2020-08-31\ngrace = ["covid"]\n', book))

    # 60 days after 31 August is 30 October, its warning begins on 2 October: after the grace
    assert lines(change) == [
        "while it is open: Amber → Green, 2020-08-03 to 2020-08-31, under covid",
        "while it is open: Red → Green, 2020-09-01 to 2020-09-30, under covid",
    ]


def test_an_action_with_a_formula_is_compared_by_its_values() -> None:
    """The bands over the formula, with the formula before them."""
    action = '[action.a]\ntitle = "A"\ndue = 2020-09-30\nformula = "progress"\nbands = [{{ rag = "green", from = {0} }}, {{ rag = "red", below = {0} }}]\n'
    change = only(compared(action.format(50), action.format(60)))

    assert change.details == ("bands green from 50, red below 50 → green from 60, red below 60",)
    assert lines(change) == ["progress from 50 to below 60: Green → Red, always"]


def test_a_grace_over_a_formula() -> None:
    """The values that the grace lifts, on its days."""
    book = BOOK + GRACE + 'no_worse_than = "amber"\n'
    action = (
        '[action.a]\ntitle = "A"\ndue = 2020-09-30\nformula = "progress"\n'
        'bands = [{ rag = "green", from = 50 }, { rag = "red", below = 50 }]\n'
    )
    change = only(compared(action, action + 'grace = ["covid"]\n', book))

    assert lines(change) == ["progress below 50: Red → Amber, 2020-03-23 to 2020-09-30, under covid"]


RULES = '[rollup]\nminimum_coverage = "{}"\nrules = [\n{}\n{{ rag = "green" }},\n]\n'
RED, AMBER = '{ rag = "red", when = "red >= 2" },', '{ rag = "amber", when = "red >= 1 or amber >= 1" },'


def rolled(coverage: str, *rules: str) -> str:
    return BOOK + RULES.format(coverage, "\n".join(rules))


@pytest.mark.parametrize(
    ("new", "details"),
    [
        (rolled("60%", RED.replace(">= 2", ">=   2.0"), AMBER), None),
        (rolled("50%", RED, AMBER), ("minimum_coverage 60% → 50%", "for example red, grey: Grey → Amber")),
        (
            rolled("60%", AMBER, RED),
            (
                "rules in another order: amber when red >= 1 or amber >= 1; red when red >= 2; green otherwise",
                "for example red, red: Red → Amber",
            ),
        ),
        (
            rolled("60%", RED.replace("2", "3"), AMBER),
            ("rule 1: red when red >= 2 → red when red >= 3", "for example red, red: Red → Amber"),
        ),
        (rolled("60%", AMBER), ("a rule less: red when red >= 2", "for example red, red: Red → Amber")),
        (
            rolled("60%", RED.replace(">= 2", "> 1"), AMBER),
            ("rule 1: red when red >= 2 → red when red > 1", "no set of children that was tried is rated otherwise"),
        ),
        (
            BOOK + '[rollup]\nmethod = "worst"\nminimum_coverage = "60%"\n',
            (
                "method rules → worst",
                "a rule less: red when red >= 2",
                "a rule less: amber when red >= 1 or amber >= 1",
                "a rule less: green otherwise",
                "for example red: Amber → Red",
            ),
        ),
    ],
)
def test_a_roll_up_says_what_changed_and_gives_an_example(new: str, details: tuple[str, ...] | None) -> None:
    """The rule, and the fewest children whose area becomes another."""
    found = compared(SEEN + TEN, SEEN + TEN, rolled("60%", RED, AMBER), new)

    if details is None:
        assert found.changes == ()
    else:
        assert only(found).details == tuple(f"roll-up: {detail}" for detail in details)


def test_an_area_with_a_roll_up_of_its_own() -> None:
    """The area says so; the book has not changed."""
    change = only(compared(SEEN + TEN, '[rollup]\nmethod = "worst"\n' + SEEN + TEN, rolled("0%", RED, AMBER)))

    assert (change.kind, change.id, change.details[0]) == ("area", "a", "has a roll-up of its own")
    assert change.details[-1] == "roll-up: for example red: Amber → Red"


def test_an_edition_that_extends_is_the_edition_in_full(tmp_path: Path) -> None:
    """What an edition says by extending another is compared with what it would say in full."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one" / "book.toml").write_text(BOOK)
    (tmp_path / "one" / "a.toml").write_text(AREA + SEEN + TEN)
    (tmp_path / "two" / "book.toml").write_text('[book]\ntitle = "B"\nedition = "2"\nextends = "../one"\n')
    (tmp_path / "two" / "a.toml").write_text("[kpi.seen]\ntarget = 95\n")
    full = {"book.toml": BOOK.replace('"1"', '"2"'), "a.toml": AREA + SEEN + TEN.replace("90", "95")}
    found = ragengine.diff(tmp_path / "one", tmp_path / "two")

    assert (found.old.edition, found.new.edition) == ("1", "2")
    assert only(found).details == ("target 90% → 95%",)
    assert not ragengine.diff(tmp_path / "two", full)


def test_a_scale_of_other_points_is_a_change() -> None:
    """Levels are the same by their ids; what they count is not."""
    scale = "".join(
        f'[[scale.levels]]\nid = "{name}"\nlabel = "{name.title()}"\nsymbol = "{name[0]}"\ncolour = "#111111"\npoints = {{}}\n'
        for name in ("low", "high")
    )
    bands = (
        '[kpi.k]\ntitle = "K"\ndirection = "higher"\nbands = [{ rag = "high", from = 9 }, { rag = "low", below = 9 }]\n'
    )
    change = only(compared(bands, bands, BOOK + scale.format(1, 2), BOOK + scale.format(1, 3)))

    assert change.details == ("points of high 2 → 3",)


def test_a_comparison_is_a_value(root: Path) -> None:
    """Two of the same rulebooks are equal, and it can be pickled."""
    found = compared(SEEN + TEN, SEEN + TEN.replace("90", "95"))

    assert found == compared(SEEN + TEN, SEEN + TEN.replace("90", "95"))
    assert pickle.loads(pickle.dumps(found)) == found


def test_rules_that_cannot_be_used_are_refused_with_their_problems() -> None:
    """As by ``load``."""
    with pytest.raises(ragengine.RulebookError) as caught:
        compared(SEEN + TEN, SEEN)

    assert {problem.code for problem in caught.value.problems} == {"RAG005"}
