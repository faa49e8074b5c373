"""A sheet of KPIs becomes a draft rulebook: what is in it, what is marked, and what is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.errors import BadArgument, DataError
from ragengine.importing.headings import checked_map
from ragengine.importing.imported import Imported
from ragengine.importing.importing import import_sheet
from ragengine.importing.sheet import Sheet, SheetRow, read_sheet
from ragengine.importing.wishes import Wishes
from ragengine.rulefile.load import load_rules
from ragengine.workbench.testing.case_runner import run_cases


def imported(text: str, **wishes: object) -> Imported:
    """A sheet written as lines with bars between the cells."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = [SheetRow(n, tuple(c.strip() for c in line.split("|"))) for n, line in enumerate(lines, start=1)]
    return import_sheet(Sheet("kpis.csv", tuple(row for row in rows if row.distinct)), Wishes(**wishes))


def rule(text: str, **wishes: object) -> dict[str, str]:
    """The keys of the one KPI that a sheet makes, as they are written, without title, basis and rationale."""
    made = imported(text, **wishes)
    area = next(t for name, t in made.rules.items() if name != "book.toml" and not name.endswith(".cases.toml"))
    lines = area.partition("[kpi.")[2].splitlines()[1:]
    keys = dict(re.split(r"\s*= ", line, maxsplit=1) for line in lines if " = " in line)
    return {key: value for key, value in keys.items() if key not in ("title", "basis", "rationale")}


def test_what_the_sheet_states_is_no_guess() -> None:
    """A row with polarity, target, tolerance and unit is a rule without a mark."""
    assert rule("""
        Ref | Indicator   | Polarity       | Unit | Target | Tolerance | Reporting | Lead officer
        A1  | Calls taken | High is better | %    | 85%    | 10 pp     | Q         | Head of contact
    """) == {
        "ref": '"A1"', "unit": '"%"', "direction": '"higher"', "target": "85", "tolerance": '"10 pp"',
        "frequency": '"quarterly"', "lead": '"Head of contact"',
    }  # fmt: skip


def test_a_comparator_states_the_direction_and_whether_the_target_itself_is_met() -> None:
    """``< 10 days``: lower is better, 10 is not met, and the unit is days."""
    assert rule("Indicator | Target | Tolerance\nTime to pay | < 10 days | 2 days") == {
        "unit": '"days"', "direction": '"lower"', "target": "10", "met": '"beyond target"', "tolerance": "2",
    }  # fmt: skip


def test_each_guess_stands_beside_its_value_with_what_was_seen() -> None:
    """Direction from a word of the title, no amber where no tolerance is given; the rule is assumed, and says why."""
    made = imported("Indicator | Target\nDays lost to sickness | 8")

    assert made.rules["kpis.toml"].partition("order = 1\n")[2] == (
        "\n[kpi.days-lost-to-sickness]\n"
        'title     = "Days lost to sickness"\n'
        "direction = \"lower\"  # CONFIRM: 'Days lost' in the title suggests that lower is better (kpis.csv row 2)\n"
        "target    = 8\n"
        "tolerance = 0  # CONFIRM: no tolerance is given, so there is no amber (kpis.csv row 2)\n"
        'basis     = "assumed"\n'
        'rationale = "Imported from kpis.csv row 2; assumed: direction, tolerance"\n'
    )


def test_check_counts_the_guesses_until_their_comments_are_gone() -> None:
    """One warning a file; the same rules without the comments have none."""
    made = imported("Indicator | Service | Target\nVisits | Libraries | 8")
    said = [p for p in ragengine.check(made.rules) if p.code == "RAG060"]
    confirmed = {name: re.sub(r"  # CONFIRM.*", "", text) for name, text in made.rules.items()}

    assert [(p.place.file, p.message) for p in said] == [
        ("book.toml", "4 guesses are to be confirmed, the first on line 7"),
        ("libraries.toml", "2 guesses are to be confirmed, the first on line 10"),
    ]
    assert [p.code for p in ragengine.check(confirmed) if p.code == "RAG060"] == []


@pytest.mark.parametrize(
    ("target", "key", "words"),
    [
        ("Top quartile", "target", 'none.*the target is no number .kpis.csv row 2, Target: .Top quartile'),
        ("", "target", "none.*no target is given .kpis.csv row 2, Target: blank"),
        ("TBC", "target", "none.*still to come"),
        ("£1.2m", "target", "1200000  # CONFIRM: read as 1,200,000"),
        ("95-105", "target", "min = 95, max = 105 }  # CONFIRM: read as a range"),
        ("95 to 105", "target", "min = 95, max = 105 }$"),
    ],
)  # fmt: skip
def test_a_target_that_had_to_be_interpreted_is_marked(target: str, key: str, words: str) -> None:
    """The row stays a KPI; no number is made up."""
    assert re.search(words, rule(f"Ref | Indicator | Target\n1 | Visits | {target}")[key])


def test_a_monitored_measure_has_no_target() -> None:
    """Said by the target, or by the polarity; a target that is there all the same is marked."""
    assert rule("Indicator | Target\nVisits | Monitor only") == {"direction": '"monitor"'}
    marked = rule("Indicator | Polarity | Target\nVisits | Neutral | 5")["direction"]
    assert marked.startswith('"monitor"  # CONFIRM: a target is given, and left out')


def test_columns_that_disagree_are_marked() -> None:
    """The polarity column wins over the comparator, and the comment names both."""
    assert rule("Indicator | Polarity | Target | Tolerance\nWidgets | Low | >= 90 | 5")["direction"] == (
        "\"lower\"  # CONFIRM: the target says higher (kpis.csv row 2, Target: '>= 90')"
    )


@pytest.mark.parametrize(
    ("green", "amber", "red", "expected"),
    [
        (">=95", ">=85", "<85", {"target": "95", "amber": "85"}),
        (">=95", "", "<85", {"target": "95", "amber": "85"}),
        (">=95", "", "<95", {"target": "95", "tolerance": "0"}),
        ("<=5", "", ">8", {"target": "5", "amber": "8"}),
    ],
)
def test_threshold_columns_are_target_and_amber_line(
    green: str, amber: str, red: str, expected: dict[str, str]
) -> None:
    """Green says the target and the direction, amber or red where amber ends; nothing is guessed."""
    found = rule(f"Indicator | Green | Amber | Red\nVisits | {green} | {amber} | {red}")

    assert {key: value for key, value in found.items() if key != "direction"} == expected
    assert "CONFIRM" not in str(found)


def test_thresholds_that_do_not_meet_are_marked() -> None:
    """Amber 85-94 below green from 95: what lies between is amber, and a person looks at it."""
    found = rule("Indicator | Green | Amber | Red\nVisits | >=95 | 85-94 | <85")

    assert found["amber"].startswith(
        "85  # CONFIRM: above 94 to below 95 stands in none of the columns: taken as amber"
    )


def test_an_amber_line_on_the_better_side_is_no_amber_line() -> None:
    """It is told, and the rule has no amber."""
    found = rule("Indicator | Polarity | Target | Amber threshold\nVisits | High | 90 | 95")

    assert found["tolerance"].startswith(
        "0  # CONFIRM: below 90 stands in none of the columns: taken as red; Amber is left"
    )


def test_per_cent_of_nothing_is_no_tolerance() -> None:
    """A relative tolerance at a target of 0 would be refused: it is 0 and marked."""
    found = rule("Indicator | Polarity | Target | Tolerance\nAccidents | Low | 0 | 10%")

    assert found["tolerance"].startswith("0  # CONFIRM: 10% of a target of 0 makes no amber")


def test_targets_of_several_years_are_a_table_of_dates() -> None:
    """Each holds from the first day of its year."""
    found = rule("Indicator | Polarity | Target 2024/25 | Target 2025/26 | Tolerance\nVisits | High | 80 | 85 | 5")

    assert found["target"] == "{ 2024-04-01 = 80, 2025-04-01 = 85 }"


def test_a_row_for_each_quarter_is_one_kpi() -> None:
    """The later rows bring values and a new target; they are counted apart."""
    made = imported("""
        Indicator | Quarter    | Polarity | Target | Tolerance | Actual
        Visits    | Q1 2025/26 | High     | 80     | 5         | 78
        Visits    | Q2 2025/26 | High     | 85     | 5         | 86
        Loans     | Q1 2025/26 | High     | 10     | 5         | 12
    """)

    assert (made.rows, made.kpis, made.further, made.skipped) == (3, 2, 1, ())
    assert "target    = { 2025-04-01 = 80, 2025-07-01 = 85 }" in made.rules["kpis.toml"]
    assert made.data["measurements.csv"].splitlines()[1:] == [
        "kpis.visits,Q1 2025/26,78,,,kpis.csv row 2",
        "kpis.visits,Q2 2025/26,86,,,kpis.csv row 3",
        "kpis.loans,Q1 2025/26,12,,,kpis.csv row 4",
    ]


def test_every_row_is_accounted_for() -> None:
    """Headings, a header said again and rows without a title are skipped, each with its reason; a milestone is an action."""
    made = imported("""
        Our performance
        Indicator | Target     | Tolerance
        Libraries
        Visits    | 10         | 1
        Indicator | Target     | Tolerance
        Plan made | 31/03/2026 |
                  | 7          | 2
        Visits    | 10         | 1
    """)

    assert made.rows == made.kpis + made.actions + made.further + len(made.skipped) == 6
    assert [(s.where, s.reason) for s in made.skipped] == [
        ("kpis.csv row 3", "one cell only: a heading, taken as the area of the rows below it"),
        ("kpis.csv row 5", "the header again"),
        ("kpis.csv row 7", "no Indicator"),
    ]
    assert "[action.plan-made]" in made.rules["libraries.toml"]
    assert 'title = "Libraries"' in made.rules["libraries.toml"]
    assert "[kpi.visits-2]" in made.rules["libraries.toml"]
    assert "the same title stands in kpis.csv row 4" in made.rules["libraries.toml"]


def test_an_area_named_once_holds_for_the_rows_below_it() -> None:
    """As merged cells leave it in a CSV file; it is marked."""
    made = imported("Service | Indicator | Target\nWaste | A | 1\n | B | 2\n | C | 3")

    assert [(area.title, len(area.kpis)) for area in made.areas] == [("Waste", 3)]
    assert "CONFIRM: rows below one that names it" in made.rules["waste.toml"]


def test_a_single_blank_area_is_not_filled() -> None:
    """Where most rows name their area, one that does not is in none of them."""
    made = imported("Service | Indicator | Target\nWaste | A | 1\nRoads | B | 2\n | C | 3")

    assert [area.title for area in made.areas] == ["Waste", "Roads", "Area not named"]


def test_shares_of_one_are_written_times_100() -> None:
    """A sheet whose percentages are 0.95 means 95: target and values alike, and it is marked."""
    made = imported("""
        Indicator | Unit    | Polarity | Target | Tolerance | Q1 2025/26
        A         | Percent | High     | 0.95   | 0.05      | 0.962
        B         | Percent | High     | 1      | 0.05      | 0.97
        C         | Percent | High     | 0.9    | 0.05      | 0.88
        D         | Number  | High     | 0.5    | 0.1       | 0.4
    """)

    assert "target    = 95\n" in made.rules["kpis.toml"]
    assert 'tolerance = "5 pp"  # CONFIRM' in made.rules["kpis.toml"]
    assert "target    = 0.5\ntolerance = 0.1\n" in made.rules["kpis.toml"]
    assert [line.split(",")[2] for line in made.data["measurements.csv"].splitlines()[1:]] == [
        "96.2",
        "97",
        "88",
        "0.4",
    ]


def test_a_share_beside_a_percentage_is_the_same_number() -> None:
    """A target shown as 95% and a value of 0.956 beside it; a value that is no share is left and marked."""
    made = imported("""
        Indicator | Unit | Polarity | Target | Tolerance | Q1 2025/26
        A         | %    | High     | 95%    | 5 pp      | 0.956
        B         | %    | High     | 90%    | 5 pp      | 0.912
        C         | %    | High     | 0.85   | 5 pp      | 0.843
        D         | %    | High     | 0.85   | 5 pp      | 84.3
        E         | %    | High     | 0.80   | 5 pp      | 0.81
        F         | %    | High     | 0.80   | 5 pp      | 0.82
    """)
    values = [line.split(",")[2] for line in made.data["measurements.csv"].splitlines()[1:]]

    assert values == ["95.6", "91.2", "84.3", "84.3", "81", "82"]
    targets = re.findall(r"target    = (\S+)", made.rules["kpis.toml"])
    assert targets == ["95", "90", "85", "0.85", "80", "80"]
    assert "84.3 is none (kpis.csv row 5" in made.rules["kpis.toml"]


def test_what_a_later_row_says_otherwise_is_marked() -> None:
    """The first row's tolerance is written, and the comment names the other."""
    made = imported("""
        Indicator | Quarter    | Polarity | Target | Tolerance | Actual
        Visits    | Q1 2025/26 | High     | 80     | 5         | 78
        Visits    | Q2 2025/26 | High     | 80     | 9         | 86
    """)

    assert (
        "tolerance = 5  # CONFIRM: a later row says otherwise (kpis.csv row 3, Tolerance: '9')"
        in made.rules["kpis.toml"]
    )


def test_the_column_of_titles_cannot_be_that_of_areas() -> None:
    """Said before anything is made of it."""
    with pytest.raises(BadArgument, match="--map"):
        imported("Indicator | Target\nA | 1", area_column="Indicator")


def test_what_was_published_is_a_case_and_a_data_file() -> None:
    """A level and its value test the rule; a status that means no target makes none."""
    made = imported("""
        Indicator | Polarity | Target | Tolerance | Q1 2025/26 | RAG
        A         | High     | 90     | 5         | 86         | Amber
        B         | High     | 0      | 5         | 7          | No target (data only)
        C         | High     | 90     | 5         | 86         | Blue
    """)
    rules, _ = load_rules(made.rules)

    assert rules is not None
    assert [case.fields["expect"] for case in rules.cases] == [{"rag": "amber"}]
    assert made.data["published.csv"].splitlines()[1:] == [
        "kpis.a,Q1 2025/26,amber,kpis.csv row 2",
        "kpis.b,Q1 2025/26,grey,kpis.csv row 3",
    ]
    assert made.remarks == ("statuses that are no level known here, left out: 1 (row 4 'Blue')",)
    assert 'target    = "none"  # CONFIRM: the status is' in made.rules["kpis.toml"]


def test_not_met_is_red_only_where_there_is_no_amber() -> None:
    """``No`` under ``Target met`` does not say whether amber or red."""
    sheet = "Indicator | Polarity | Target | Tolerance | Q1 2025/26 | Target met\nA | High | 90 | {} | 80 | No"

    assert "a,Q1 2025/26,red" in imported(sheet.format("0")).data["published.csv"]
    assert "published.csv" not in imported(sheet.format("5")).data


def test_values_of_no_known_period_are_told_and_can_be_named() -> None:
    """They are left out with the way to name it."""
    sheet = "Indicator | Target | Actual\nA | 90 | 80"

    assert imported(sheet).data == {}
    assert "--set period=" in imported(sheet).remarks[0]
    assert "a,2025/26,80" in imported(sheet, said={"period": "2025/26"}).data["measurements.csv"]


def test_set_fills_blank_cells_and_is_no_guess() -> None:
    """What the person says at the command line is stated; a cell that says otherwise wins."""
    made = imported(
        "Indicator | Polarity | Target | Tolerance\nA | High | 90 | \nB | High | 80 | 3",
        said={"tolerance": "10% of target", "met": "beyond target", "unit": "visits"},
    )

    assert re.findall(r"tolerance = (.*)", made.rules["kpis.toml"]) == ['"10% of target"', "3"]
    assert made.rules["kpis.toml"].count('met       = "beyond target"') == 2
    assert "tolerance" not in made.guesses


@pytest.mark.parametrize(
    "said", [{"tolerance": "wide"}, {"direction": "x"}, {"met": "x"}, {"period": "x"}, {"dates": "x"}, {"shoe": "9"}]
)
def test_a_setting_that_cannot_be_used_is_refused(said: dict[str, str]) -> None:
    """Before anything is read."""
    with pytest.raises(BadArgument, match="--set"):
        imported("Indicator | Target\nA | 1", said=said)


def test_a_column_can_be_named_by_hand() -> None:
    """``--map`` and ``--area-column`` win over what headings say; a heading that is not there is refused."""
    sheet = "Thing | Team | Service | Q1\nVisits | North | Libraries | 7"
    mapped = checked_map(["Thing=title", "Q1=actual Q1 2025/26"])
    made = imported(sheet, mapped=mapped, area_column="team")

    assert [area.title for area in made.areas] == ["North"]
    assert "north.visits,Q1 2025/26,7" in made.data["measurements.csv"]
    with pytest.raises(BadArgument, match="Nothing"):
        imported(sheet, mapped={"Thing": "title", "Nothing": "lead"})
    for wrong in ("Thing", "Thing=shoe", "Thing=title Q1 2025/26", "Q1=actual soon"):
        with pytest.raises(BadArgument, match="--map"):
            checked_map([wrong])


def test_a_sheet_without_a_header_is_refused_with_what_stands_there() -> None:
    """Nothing is taken for a title."""
    with pytest.raises(DataError, match="the first row has Fruit, Price"):
        imported("Fruit | Price\nApple | 3")


def test_one_status_beside_each_quarter() -> None:
    """``Q1, RAG, Q2, RAG``: each status is of the quarter before it."""
    made = imported("""
        Indicator | Polarity | Target | Tolerance | Q1 2025/26 | RAG | Q2 2025/26 | RAG
        A         | High     | 90     | 5         | 86         | A   | 92         | G
    """)

    assert [line.split(",")[1:3] for line in made.data["published.csv"].splitlines()[1:]] == [
        ["Q1 2025/26", "amber"], ["Q2 2025/26", "green"],
    ]  # fmt: skip


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["90", "95%", "<= 10", "> 5", "95-105", "N/A", "0", "-3", "1e12", "=1+1", "@x", "Q1 2025/26", "High", "low", "5%",
         "10% of target", "±3", "red", "Green", "monitor only", '"""', "\\", "\u202e", "a\nb", "'", "1/2/2025", "]", "#",
         "999999999999 ± 1%", "0.000000000000001 ± 1%", "0.5", "0.25", "0.125", "1e-9", "5e11%"]
    ),
)  # fmt: skip
HEADINGS = (
    "Indicator",
    "Ref",
    "Service",
    "Polarity",
    "Target",
    "Tolerance",
    "Unit",
    "Red",
    "Quarter",
    "Actual",
    "RAG",
    "Notes",
)


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=len(HEADINGS), max_size=len(HEADINGS)), min_size=1, max_size=6))
def test_any_cells_make_rules_that_load(cells: list[list[str]]) -> None:
    """Whatever stands in a sheet: no error in the rules, every row accounted for, every title as it stands."""
    rows = [SheetRow(n, tuple(c.strip() for c in row)) for n, row in enumerate(cells, start=2)]
    sheet = Sheet("k.csv", (SheetRow(1, HEADINGS), *(row for row in rows if row.distinct)))
    try:
        made = import_sheet(sheet)
    except DataError:
        return
    rules, problems = load_rules(made.rules)

    assert rules is not None, problems
    assert made.rows == made.kpis + made.actions + made.further + len(made.skipped)
    titles = {" ".join(row.cells[0].split()) for row in sheet.rows}
    assert {kpi.title for kpi in rules.kpis.values()} <= titles
    assert all(text.isprintable() or set(text) <= {"\n"} for line in made.rules.values() for text in line.splitlines())


def test_a_council_quarter_is_rated_as_it_was_published(shared: Path) -> None:
    """44 published KPIs: with a tolerance of 10% of the target 39 of 41 levels are as published.

    The two are known: one amber 29% short of its target, one green 10.4% short.
    """
    sheet = read_sheet(shared / "data" / "gold_hart_kpi_2014_q1" / "kpis.csv")
    made = import_sheet(sheet, Wishes(said={"tolerance": "10% of target"}))
    without = import_sheet(sheet)

    assert (made.rows, made.kpis, made.skipped, made.remarks, len(made.areas)) == (44, 44, (), (), 10)
    assert [agreement(one) for one in (made, without)] == [(39, 41), (34, 41)]


def test_a_city_year_is_rated_as_its_goals_were_judged(shared: Path) -> None:
    """1,002 measures: 973 of 987 as judged where the target itself is not met; the rest are ranges judged within 5%."""
    sheet = read_sheet(shared / "data" / "gold_san_francisco_fy13" / "measures_fy13.csv")
    made = import_sheet(sheet, Wishes(said={"period": "2012/13", "met": "beyond target"}))

    assert (made.rows, made.kpis, len(made.skipped), len(made.areas)) == (1002, 1000, 2, 49)
    assert agreement(made) == (973, 987)


def agreement(made: Imported) -> tuple[int, int]:
    """How many of the published levels the draft gives, of how many."""
    rules, _ = load_rules(made.rules)
    assert rules is not None
    results = list(run_cases(rules))
    return sum(result.passed for result in results), len(results)
