"""Each check finds its defect just outside its line, and says nothing of the sound neighbour just inside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.problem import Problem

AS_AT = date(2020, 8, 31)
BOOK = '[book]\ntitle = "B"\nedition = "2020-21"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n'
#: a sound KPI with an example; what a test adds stands before the example
KPI = '[kpi.{name}]\ntitle = "K"\nunit = "{unit}"\ndirection = "{direction}"\n{rule}\n[[kpi.{name}.examples]]\nvalue = 1\nrag = "red"\n'


def kpi(
    rule: str = 'target = 90\ntolerance = "10 pp"', name: str = "k", unit: str = "%", direction: str = "higher"
) -> str:
    """One KPI."""
    return KPI.format(rule=rule, name=name, unit=unit, direction=direction)


def grace(
    effect: str = 'no_worse_than = "amber"', start: str = "2020-03-23", until: str = "2020-12-31", more: str = ""
) -> str:
    """The grace g."""
    return f'[grace.g]\nfrom = {start}\nuntil = {until}\n{effect}\nreason = "R"\nauthority = "A"\n{more}\n'


def problems(area: str, book: str = "", as_at: date = AS_AT, data: str = "", head: str = BOOK) -> list[Problem]:
    """What check says of a book of one area."""
    files = {"book.toml": head + book, "a.toml": AREA + area}
    if not data:
        return ragengine.check(files, as_at=as_at)
    with TemporaryDirectory() as folder:
        Path(folder, "measurements.csv").write_text("kpi,period,value,entity\n" + data, encoding="utf-8")
        return ragengine.check(files, as_at=as_at, data=ragengine.read(folder))


def codes(area: str, book: str = "", as_at: date = AS_AT, head: str = BOOK) -> list[str]:
    """The codes alone."""
    return [problem.code for problem in problems(area, book, as_at, head=head)]


RELIEVED = kpi('target = 90\ntolerance = "10 pp"\ngrace = ["g"]')


@pytest.mark.parametrize(
    ("rule", "unit", "expected"),
    [
        ('target = 100\ntolerance = "10 pp"', "%", []),
        ('target = 100\ntolerance = "10 pp"\nmet = "beyond target"', "%", ["RAG040"]),
        ('target = 10\ntolerance = "10 pp"', "%", ["RAG040"]),
        ('target = 10.1\ntolerance = "10 pp"', "%", []),
        ("target = 5\ntolerance = 5", "days", ["RAG040"]),
        ("target = 5\ntolerance = 4", "days", []),
        ('target = 90\ntolerance = "0.1 pp"\ndecimals = 1', "%", []),
        ('target = 90\ntolerance = "0.05 pp"\ndecimals = 1', "%", ["RAG040"]),
    ],
)
def test_a_band_is_reached_when_a_single_value_lies_in_it(rule: str, unit: str, expected: list[str]) -> None:
    """Between 0 and 100 for a percentage, from 0 for a count, and on the grid of the decimals."""
    assert codes(kpi(rule, unit=unit)) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["higher", "lower"]),
    st.integers(8, 12),
    st.integers(0, 3),
    st.sampled_from([None, 0, 1]),
    st.sampled_from(["", 'met = "beyond target"\n']),
    st.tuples(*[st.one_of(st.none(), st.decimals(5, 16, places=2))] * 2).filter(any),
)
def test_a_band_that_no_valid_value_gives_is_told(
    direction: str, target: int, width: int, decimals: int | None, met: str, ends: tuple[Decimal | None, ...]
) -> None:
    """Exactly those levels of the rule that no value within ``valid`` is rated, on and beside every line and end."""
    low, high = sorted(ends) if all(ends) else ends
    valid = ", ".join(f"{name} = {end}" for name, end in (("min", low), ("max", high)) if end is not None)
    rule = f"target = {target}\ntolerance = {width}\n{met}"
    grid = "" if decimals is None else f"decimals = {decimals}\n"
    area = kpi(f"{rule}{grid}valid = {{ {valid} }}", unit="", direction=direction)
    files = {"book.toml": BOOK, "a.toml": AREA + area.partition("[[")[0]}
    lines = {Decimal(0), Decimal(99), Decimal(target), *(Decimal(target) + way * width for way in (1, -1))}
    lines |= {end for end in ends if end is not None}
    sizes = (Decimal(0), *(Decimal(size) for size in ("0.01", "0.05", "0.06", "0.5", "0.51", "1")))
    rate = ragengine.load(files).kpi("a.k").rate
    got = {str(rate(line + way * size, "2020-07").rag) for line in lines for size in sizes for way in (1, -1)}
    all_levels = {"red", "green"} | ({"amber"} if width else set())
    told = " ".join(problem.message for problem in ragengine.check(files, as_at=AS_AT) if problem.code == "RAG040")

    assert {level for level in all_levels if f"{level.title()} (" in told} == all_levels - got


@pytest.mark.parametrize(
    ("rule", "direction", "expected"),
    [
        # each era, each entity, and a formula, with the ends it can reach
        (
            "target = { 2019-04-01 = 10, 2020-04-01 = 4 }\ntolerance = 1\nvalid = { min = 5 }",
            "lower",
            "Green (up to 4)",
        ),
        ("target = 9\ntolerance = 1\nvalid = { max = 9 }\nentities.North.target = 10", "higher", "Green (at least 10)"),
        ("target = 9\ntolerance = 1\nvalid = { max = 8 }\nformula = 'value * 2'", "higher", "Green (at least 9)"),
        (
            "target = 9\ntolerance = 1\nvalid = { max = 7 }",
            "higher",
            "Amber (from 8 to below 9) and Green (at least 9)",
        ),
        ("target = 9\ntolerance = 1\nvalid = { min = 8 }", "higher", "Red (below 8)"),
        ("target = 9\ntolerance = 1\nvalid = { max = 8.95 }\ndecimals = 1", "higher", ""),
        ("target = 9\ntolerance = 1\nvalid = { max = 8.94 }\ndecimals = 1", "higher", "Green (at least 9)"),
        # the far side of a range is nobody's line, unless it is written; what only the data bring is not known
        ("target = { min = 0, max = 9 }\ntolerance = 1\nvalid = { min = 0 }", "within", ""),
        (
            "target = { min = 0, max = 9 }\ntolerance = 1\nvalid = { min = 0, max = 10 }",
            "within",
            "Red (below -1) and Red (above 10)",
        ),
        ('target = "from data"\ntolerance = 1\nvalid = { max = 5 }', "higher", ""),
        ('target = { from = "previous" }\ntolerance = 1\nvalid = { max = 5 }', "higher", ""),
        ('target = 9\ncompare = "interval"\nvalid = { max = 9 }', "higher", ""),
    ],
)
def test_what_is_valid_leaves_a_level_out(rule: str, direction: str, expected: str) -> None:
    """One warning with all that no valid value reaches, of the rule that states it."""
    found = [problem for problem in problems(kpi(rule, unit="", direction=direction)) if problem.code == "RAG040"]

    assert [problem.message.partition(" can never")[0] for problem in found] == ([expected] if expected else [])
    assert all("valid values are" in problem.message for problem in found)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('bands = [{ rag = "green", from = 85 }, { rag = "red", below = 85 }]', ["RAG041"]),
        (
            'bands = [{ rag = "green", from = 85 }, { rag = "amber", from = 84, below = 85 }, { rag = "red", below = 84 }]',
            [],
        ),
        ("target = 90\ntolerance = 0", []),
        ("target = 90\namber = 90", ["RAG041"]),
        ("target = 90\namber = 89", []),
    ],
)
def test_a_level_is_given_when_one_band_has_it(rule: str, expected: list[str]) -> None:
    """A tolerance of 0 says that no amber is meant; an amber line on the target does not."""
    assert codes(kpi(rule)) == expected


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (("0.95", "95", "90"), 1),
        (("0.95", "95"), 0),
        (("1", "95", "90"), 0),
        (("0.95", "0.9", "95", "90"), 0),
        (("0.95", "0.9", "95", "90", "85"), 2),
        (("0.95", "5", "3"), 0),
    ],
)
def test_a_share_stands_out_only_among_more_percentages(targets: tuple[str, ...], expected: int) -> None:
    """Below 1 among at least two, and more, above 5."""
    area = "".join(kpi(f"target = {target}\ntolerance = 0", name=f"k-{n}x") for n, target in enumerate(targets))

    assert codes(area).count("RAG042") == expected


def test_an_entity_with_a_share_is_told_at_its_own_target() -> None:
    """The KPI's own target is sound, and is not told in its place."""
    area = (
        kpi(name="p") + kpi(name="q") + kpi('target = 90\ntolerance = "0.1 pp"\nentities.North.target = 0.9', name="k")
    )
    (problem,) = problems(area)

    assert (problem.code, problem.key, problem.source) == (
        "RAG042",
        "a.k: entities.North.target",
        "entities.North.target = 0.9",
    )


@pytest.mark.parametrize(
    ("start", "as_at", "expected"),
    [
        ("2018-08-31", AS_AT, []),
        ("2018-08-30", AS_AT, ["RAG043"]),
        ("2018-03-01", date(2020, 3, 1), []),  # 731 days, for a leap day lies between
        ("2018-03-01", date(2020, 3, 2), ["RAG043"]),
        ("2016-02-29", date(2018, 2, 28), []),
        ("2016-02-29", date(2018, 3, 1), ["RAG043"]),
    ],
)
def test_a_target_is_old_on_the_day_after_two_years(start: str, as_at: date, expected: list[str]) -> None:
    """Two years to the day are not more than two years, leap year or not."""
    assert codes(kpi(f"target = {{ {start} = 90 }}\ntolerance = '10 pp'"), as_at=as_at) == expected


def test_a_target_stated_again_or_without_a_date_is_not_old() -> None:
    """Confirming it is enough, even with the same number."""
    assert codes(kpi('target = { 2015-04-01 = 90, 2016-04-01 = 90 }\ntolerance = "10 pp"')) == []
    assert codes(kpi()) == []


@pytest.mark.parametrize(
    ("rule", "idle"),
    [
        ('target = 90\ntolerance = 0\nmax_age = "3 months"', "max_age"),
        ('target = 90\ntolerance = 0\nmissing = "carry forward"\nmax_age = "3 months"', ""),
        ('target = 90\ntolerance = 0\nmax_age = "3 months"\nentities.N.missing = "carry forward"', ""),
        ("target = 90\ntolerance = 0\npersistence = 1", "persistence"),
        ("target = 90\ntolerance = 0\npersistence = 2", ""),
        ('target = 90\ntolerance = 0\ninputs = ["due"]', "inputs"),
        ('target = 90\ntolerance = 0\ninputs = ["due"]\nformula = "100 * value / due"', ""),
        ("target = 90\ntolerance = 0\nin_rollup = false\ncritical = true", "critical"),
        ('target = "none"\npersistence = 3', "persistence"),
        ("target = 90\ntolerance = 0\nentities.N.target = 90", "entities.N"),
        ("target = 90\ntolerance = 0\nentities.N.target = 91", ""),
    ],
)
def test_a_key_is_idle_only_where_nothing_reads_it(rule: str, idle: str) -> None:
    """The neighbour that reads it is sound."""
    told = [p.key.removeprefix("a.k: ") for p in problems(kpi(rule)) if p.code == "RAG044"]

    assert told == ([idle] if idle else [])


def test_an_age_in_the_book_needs_a_kpi_that_carries_forward() -> None:
    """``max_age`` of the book is read where any KPI carries a missing value forward."""
    assert codes(kpi(), 'max_age = "3 months"\n') == ["RAG044"]
    assert codes(kpi('target = 90\ntolerance = 0\nmissing = "carry forward"'), 'max_age = "3 months"\n') == []


def test_a_start_is_read_by_elapsed() -> None:
    """An action's start is for a formula or condition that names elapsed."""
    action = '[action.x]\ntitle = "X"\ndue = 2020-09-30\nstart = 2020-04-01\n'
    bands = 'formula = "progress - elapsed"\nbands = [{ rag = "green", from = 0 }, { rag = "red", below = 0 }]\n'

    assert codes(action) == ["RAG044"]
    assert codes(action + bands) == []


@pytest.mark.parametrize(
    ("effect", "more", "expected"),
    [
        ('no_worse_than = "red"', "", ["RAG045"]),
        ('no_worse_than = "amber"', "", []),
        ('no_better_than = "green"', "", ["RAG045"]),
        ('tolerance = "10 pp"', "", ["RAG045"]),
        ('tolerance = "10.1 pp"', "", []),
        ("target = 90", "", ["RAG045"]),
        ("target = 89.9", "", []),
        ("suspend = true", "", []),
        ('no_worse_than = "amber"', "rated_from = 2021-01-01", ["RAG045"]),
        ('no_worse_than = "amber"', "rated_from = 2020-12-31", []),
        ('no_worse_than = "amber"', 'missing = "red"', []),
        ('no_worse_than = "red"', 'missing = "amber"', ["RAG045"]),
    ],
)
def test_a_grace_is_idle_only_where_every_value_keeps_its_level(effect: str, more: str, expected: list[str]) -> None:
    """On every day on which it is live, a missing value's level among them."""
    rule = f'target = 90\ntolerance = "10 pp"\ngrace = ["g"]\n{more}'

    assert codes(kpi(rule), grace(effect)) == expected


@pytest.mark.parametrize(
    ("until", "frequency", "expected"),
    [("2020-04-29", "monthly", ["RAG045"]), ("2020-04-30", "monthly", []), ("2020-04-29", "daily", [])],
)
def test_a_grace_between_two_ends_of_months_relieves_no_month(until: str, frequency: str, expected: list[str]) -> None:
    """A period is judged by its last day: from 1 to 29 April there is none of a month."""
    area = kpi(f'target = 90\ntolerance = "10 pp"\nfrequency = "{frequency}"\ngrace = ["g"]')
    told = [code for code in codes(area, grace(start="2020-04-01", until=until)) if code != "RAG046"]

    assert told == expected


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        (date(2020, 10, 31), []),  # 61 days before
        (date(2020, 11, 1), ["RAG047"]),
        (date(2020, 11, 2), ["RAG047"]),
        (date(2020, 12, 31), ["RAG047"]),
        (date(2021, 1, 1), ["RAG046"]),
    ],
)
def test_a_grace_warns_sixty_days_before_its_end_and_is_expired_the_day_after(as_at: date, expected: list[str]) -> None:
    """31 December 2020 is 60 days after 1 November; the last day is a day of grace."""
    assert codes(RELIEVED, grace(until="2020-12-31"), as_at) == expected


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "tomorrow"), (2, "in 2 days, on 2020-12-31")])
def test_an_end_is_said_as_people_say_it(days: int, words: str) -> None:
    """No grace expires in 1 days."""
    (problem,) = problems(RELIEVED, grace(until="2020-12-31"), date(2020, 12, 31 - days))

    assert problem.message == f"the grace g expires {words}"


@pytest.mark.parametrize(
    ("effect", "direction", "harsher"),
    [
        ("target = 90.1", "higher", True),
        ("target = 90", "higher", False),
        ("target = 89.9", "higher", False),
        ("target = 90.1", "lower", False),
        ("target = 89.9", "lower", True),
        ('tolerance = "9.9 pp"', "higher", True),
        ('tolerance = "10.1 pp"', "higher", False),
    ],
)
def test_relief_is_harsher_when_one_value_is_rated_worse(effect: str, direction: str, harsher: bool) -> None:
    """A tenth the wrong way, whichever way is better."""
    rule = (
        'target = 90\ntolerance = "9.9 pp"\ngrace = ["g"]'
        if direction == "lower"
        else 'target = 90\ntolerance = "10 pp"\ngrace = ["g"]'
    )

    assert ("RAG048" in codes(kpi(rule, direction=direction), grace(effect))) is harsher


def test_relief_of_a_target_from_the_data_is_compared_too() -> None:
    """5% of any target is narrower than 10% of it."""
    rule = 'target = "from data"\ntolerance = "10% of target"\ngrace = ["g"]'

    assert codes(kpi(rule), grace('tolerance = "5% of target"')) == ["RAG048"]
    assert codes(kpi(rule), grace('tolerance = "15% of target"')) == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ('from = 2020-12-31\nuntil = 2021-01-31\ntolerance = "20 pp"', ["RAG049"]),
        ('from = 2021-01-01\nuntil = 2021-01-31\ntolerance = "20 pp"', []),
        ('from = 2020-12-31\nuntil = 2021-01-31\nno_better_than = "amber"', []),
    ],
)
def test_graces_overlap_on_a_common_day(second: str, expected: list[str]) -> None:
    """The last day of one is the first of the other; a cap with a floor is meant to be."""
    book = grace() + f'[grace.h]\n{second}\nreason = "R"\nauthority = "A"\n'
    area = kpi('target = 90\ntolerance = "10 pp"\ngrace = ["g", "h"]')

    assert codes(area, book) == expected


@pytest.mark.parametrize(
    ("edition", "until", "expected"),
    [
        ("2020-21", "2021-03-31", []),
        ("2020-21", "2021-04-01", ["RAG050"]),
        ("2020/21", "2021-04-01", ["RAG050"]),
        ("Phase two", "2021-04-01", []),
    ],
)
def test_a_grace_may_run_to_the_last_day_of_the_edition(edition: str, until: str, expected: list[str]) -> None:
    """A financial year ends on 31 March; an edition that names no period has no end."""
    assert codes(RELIEVED, grace(until=until), head=BOOK.replace("2020-21", edition)) == expected


def test_the_edition_2011_12_is_a_year_and_no_december() -> None:
    """A grace to March 2012 lies within it."""
    head, until = BOOK.replace("2020-21", "2011-12"), grace(start="2011-04-01", until="2012-03-31")

    assert codes(RELIEVED, until, date(2011, 6, 1), head=head) == []


@pytest.mark.parametrize(
    ("until", "more", "expected"),
    [
        ("2021-03-22", "", []),
        ("2021-03-23", "", ["RAG051"]),
        ("2021-03-23", 'evidence = "An audit"', []),
        ("2021-03-23", "when = '\"covid\" in causes'", []),
    ],
)
def test_a_cap_may_last_a_year_without_a_release(until: str, more: str, expected: list[str]) -> None:
    """From 23 March to 22 March is a year; a day more asks what would end it."""
    assert codes(RELIEVED, grace('no_better_than = "amber"', until=until, more=more)) == expected


def test_a_grace_is_used_when_an_entity_opts_in() -> None:
    """Nobody opting in is told; one entity is enough."""
    assert codes(kpi(), grace()) == ["RAG052"]
    assert codes(kpi('target = 90\ntolerance = "10 pp"\nentities.North.grace = ["g"]'), grace()) == []


@pytest.mark.parametrize(
    ("budget", "expected"),
    [("periods = 9", ["RAG053"]), ("periods = 10", []), ('share = "49%"', ["RAG053"]), ('share = "50%"', [])],
)
def test_a_budget_is_kept_when_it_is_just_used_up(budget: str, expected: list[str]) -> None:
    """Ten ends of months from 23 March to 31 December; one measure of two."""
    assert codes(RELIEVED + kpi(name="other"), f"grace_budget = {{ {budget} }}\n" + grace()) == expected


def rollup(*rules: str) -> str:
    """A roll-up of a red and an amber rule, and green."""
    written = [f'{{ rag = "{rag}", when = "{when}" }}' for rag, when in zip(("red", "amber"), rules, strict=False)]
    return "[rollup]\nrules = [" + ", ".join([*written, '{ rag = "green" }']) + "]\n"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (("red >= 1", "red + amber >= 1"), []),
        (("red >= 2", "amber >= 1"), ["RAG024"]),
        (("red > rated / 2", "red + amber > rated / 4"), []),
        (("red >= 3", "amber >= 7"), ["RAG024"]),  # one red and six amber: seven children
        (("red >= 8", "red + amber >= 8"), []),
        (("red > rated",), ["RAG054"]),
        (("red > 30",), []),
        (("red >= 1", "red >= 2"), ["RAG055"]),
        (("red >= 2", "red >= 1"), []),
    ],
)
def test_roll_ups_that_punish_never_match_or_hide(rules: tuple[str, ...], expected: list[str]) -> None:
    """Each with the sound rule beside it; counts larger than the small sets are tried too."""
    assert codes(kpi(), rollup(*rules)) == expected


def test_the_counter_example_says_which_children() -> None:
    """These children, this one improves, and the area is worse."""
    (problem,) = problems(kpi(), rollup("red >= 2", "amber >= 1"))

    assert (
        problem.message
        == "improving a child can worsen the area: red make green; one red becomes amber, and the area is amber"
    )


def test_a_rule_for_more_children_than_forty_is_met_by_a_large_area() -> None:
    """Fifty children can all be red; four cannot make fifty."""
    many = "".join(kpi(name=f"n-{n:03}-x") for n in range(50))

    assert codes(many, rollup("red >= 50")) == []
    assert codes(kpi(), rollup("red >= 50")) == ["RAG054"]


def test_a_weight_counts_for_points_and_a_critical_mark_for_rules_that_count_it() -> None:
    """Beside each idle one, the one with an effect; outside the roll-up RAG044 says it alone."""
    points = '[rollup]\nmethod = "points"\nbands = [{ rag = "green", from = 2.5 }, { rag = "amber", from = 1.5, below = 2.5 }, { rag = "red", below = 1.5 }]\n'
    heavy = kpi('target = 90\ntolerance = "10 pp"\nweight = 2')
    critical = kpi('target = 90\ntolerance = "10 pp"\ncritical = true')

    assert codes(heavy) == ["RAG057"]
    assert codes(heavy, points) == []
    assert codes(critical) == ["RAG057"]
    assert codes(critical, rollup("critical_red >= 1", "red + amber >= 1")) == []
    assert codes(kpi('target = 90\ntolerance = "10 pp"\ncritical = true\nin_rollup = false')) == ["RAG044"]


def test_a_case_covers_a_kpi_once_a_person_has_confirmed_it() -> None:
    """An unconfirmed case says what the rules give, not what anybody meant; one with rules of its own is about those."""
    bare = AREA + kpi().partition("[[")[0]
    case = '[[case]]\nname = "n"\nkpi = "a.k"\nvalue = 95\nexpect = { rag = "green" }\n'
    own = case + f"rules = '''\n{bare}'''\n"

    def told(cases: str) -> list[str]:
        return [p.code for p in ragengine.check({"book.toml": BOOK, "a.toml": bare, "a.cases.toml": cases})]

    assert told(case) == []
    assert told(case + "unconfirmed = true\n") == ["RAG058"]
    assert told(own) == ["RAG058"]


@pytest.mark.parametrize(
    ("rule", "rows", "expected"),
    [
        ("target = { 2019-04-01 = 90, 2020-04-01 = 85 }", "a.k,2020-04,86,\n", True),
        ("target = { 2019-04-01 = 90, 2020-04-01 = 85 }", "a.k,2020-04,90,\n", False),
        ("target = { 2019-04-01 = 90, 2020-04-01 = 85 }", "a.k,2020-04,91,\na.k,2020-05,86,\n", False),
        ("target = { 2019-04-01 = 90, 2020-04-01 = 85 }", "a.k,2020-03,86,\n", False),
        ("target = { 2019-04-01 = 85, 2020-04-01 = 90 }", "a.k,2020-04,86,\n", False),
        ('target = { 2019-04-01 = 90, 2020-04-01 = 85 }\nrationale = "The board, 2020-04-01"', "a.k,2020-04,86,\n", False),
        ('target = { 2019-04-01 = 90, 2020-04-01 = 85 }\nrationale = "The board"', "a.k,2020-04,86,\n", True),
        ("target = 90\nentities.North.target = { 2019-04-01 = 90, 2020-04-01 = 85 }", "a.k,2020-04,86,North\n", True),
        ("target = 90\nentities.North.target = { 2019-04-01 = 90, 2020-04-01 = 85 }", "a.k,2020-04,86,South\n", False),
        ("target = { 2019-04-01 = 90, 2020-04-01 = 85 }\nentities.North.target = 95", "a.k,2020-04,86,North\n", False),
    ],
)  # fmt: skip
def test_a_target_is_loosened_when_its_first_period_would_have_been_worse(rule: str, rows: str, expected: bool) -> None:
    """By the entity's own rule where it has one; a rationale with the date of the change answers it."""
    told = [p.code for p in problems(kpi(f'tolerance = "10 pp"\n{rule}'), data=rows)]

    assert ("RAG059" in told) is expected


@pytest.mark.parametrize(
    ("rule", "rows", "expected"),
    [
        ("target = 90", "a.k,2020-04-01,86,\na.k,2020-05-01,86,\n", True),
        ("target = 90", "a.k,01-Apr-2020,86,North\n", True),
        ("target = 90", "a.k,2020-04-01,86,\na.k,2020-05-02,86,\n", False),
        ("target = 90", "a.k,2020-04-01,86,\na.k,2020-05,86,\n", False),
        ("target = 90", "a.k,2020-04,86,\n", False),
        ("target = 90", "a.k,rubbish,86,\n", False),
        ('target = 90\nfrequency = "daily"', "a.k,2020-04-01,86,\n", False),
        ('target = 90\nfrequency = "monthly"', "a.k,2020-04-01,86,\n", False),
    ],
)
def test_days_are_months_where_each_is_the_first_of_one(rule: str, rows: str, expected: bool) -> None:
    """Of a KPI that says no frequency; any other day or a month among them says that they are meant."""
    told = [p.code for p in problems(kpi(f'tolerance = "10 pp"\n{rule}'), data=rows)]

    assert ("RAG061" in told) is expected


def test_a_grace_that_begins_soon_after_hides_no_loosened_target() -> None:
    """The change of 1 April is judged by April's value, though a grace cuts April in two."""
    rule = 'target = { 2019-04-01 = 90, 2020-04-01 = 85 }\ntolerance = "10 pp"\ngrace = ["g"]'
    told = [p.code for p in problems(kpi(rule), grace(start="2020-04-15"), data="a.k,2020-04,86,\n")]

    assert told == ["RAG059"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('target = 9\ntolerance = "9 pp"', False),
        ('target = 9\ntolerance = "9.1 pp"', True),
        ('target = { 2019-04-01 = 9, 2020-04-01 = 10 }\ntolerance = "9.5 pp"', True),
    ],
)
def test_a_tolerance_may_equal_the_target(rule: str, expected: bool) -> None:
    """Just larger is told, in any of its eras."""
    assert ("RAG030" in codes(kpi(rule))) is expected


@pytest.mark.parametrize(("day", "expected"), [("2020-08-31", []), ("2020-08-30", ["RAG031"])])
def test_a_review_is_overdue_on_the_day_after(day: str, expected: list[str]) -> None:
    """On its day there is still time."""
    assert codes(kpi(f'target = 90\ntolerance = "10 pp"\nreview_by = {day}')) == expected


def test_names_look_alike_or_differ() -> None:
    """Ids and graces by look-alike characters, entities by case alone: their codes come from a register."""
    assert codes(kpi(name="seen-10") + kpi(name="seen-1o")) == ["RAG010"]
    assert codes(kpi(name="seen-10") + kpi(name="seen-20")) == []
    assert "RAG010" in codes(RELIEVED, grace() + grace().replace("[grace.g]", "[grace.G]"))
    assert codes(
        kpi("target = 90\ntolerance = 0\nentities = { North = { target = 80 }, north = { target = 81 } }")
    ) == ["RAG010"]
    assert codes(kpi("target = 90\ntolerance = 0\nentities = { RL1 = { target = 80 }, R1L = { target = 81 } }")) == []
