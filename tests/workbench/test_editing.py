"""One value of a rulebook is set: what is written, what it means, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ragengine.cli import main
from ragengine.errors import BadArgument, RagError, RulebookError, UnknownId
from ragengine.rulebook.rules import Rules
from ragengine.rulefile.load import load_rules
from ragengine.ruling import ruling_on
from ragengine.workbench.editing.edit import Edit, Since, edited

BOOK = """\
[book]
title   = "B"
edition = "2020-21"
missing = "grey"    # chosen

[grace.covid-19]
from          = 2020-03-23
until         = 2020-09-30
no_worse_than = "amber"
reason        = "R"
authority     = "A"
"""
AREA = """\
# One area.
[area]
title = "A"

[kpi.seen]
title     = "Seen"
unit      = "%"
direction = "higher"
target    = 90          # statutory
tolerance = "10 pp"

[kpi.dated]
title     = "Dated"
unit      = "%"
direction = "higher"
tolerance = "10 pp"

[kpi.dated.target]
2019-04-01 = 85
2020-04-01 = 90         # from April

[kpi.range]
title     = "Range"
direction = "within"
target    = { min = 90, max = 110.50 }
tolerance = 5

[kpi.spread]
title      = "Spread"
direction  = "within"
target.min = 90
target.max = 110
tolerance  = 5

[action.guide]
title = "Guide"
due   = "Sep-20"
grace = []
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a book and one area, beside which commands run."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "book.toml").write_text(BOOK, "utf-8")
    (folder / "a.toml").write_text(AREA, "utf-8")
    return folder


def changed(edit: Edit) -> list[str]:
    """Lines that go and come, blank ones apart."""
    return [line for line in edit.lines()[2:] if line[0] in "-+" and line[1:].strip()]


def levels(edit: Edit) -> list[tuple[str, str, str, date | None, date | None]]:
    """What is rated otherwise: the values, the level before and after, the first and the last day."""
    return [
        (level.where, str(level.old).casefold(), str(level.new).casefold(), level.start, level.end)
        for change in edit.changes
        for level in change.levels
    ]


#: the id, the value, and the lines that go and come
SET = [
    ("a.seen.target", "92", ["-target    = 90          # statutory", "+target    = 92          # statutory"]),
    ("a.seen.target", "none", ["-target    = 90          # statutory", '+target    = "none"          # statutory']),
    ("a.seen.tolerance", "5 pp", ['-tolerance = "10 pp"', '+tolerance = "5 pp"']),
    ("a.seen.tolerance", '"5% of target"', ['-tolerance = "10 pp"', '+tolerance = "5% of target"']),
    ("a.seen.title", "2021", ['-title     = "Seen"', '+title     = "2021"']),
    ("a.seen.title", "'Seen in time'", ['-title     = "Seen"', "+title     = 'Seen in time'"]),
    ("a.seen.title", 'Seen "in time"', ['-title     = "Seen"', '+title     = "Seen \\"in time\\""']),
    ("a.seen.decimals", "1", ["+decimals  = 1"]),
    ("a.seen.critical", "true", ["+critical  = true"]),
    ("a.seen.grace", '["covid-19"]', ['+grace     = ["covid-19"]']),
    ("a.seen.review_by", "2021-04-01", ["+review_by = 2021-04-01"]),
    ("a.seen.max_age", " 2 months ", ['+max_age   = " 2 months "']),
    ("a.range.target.max", "112", ["-target    = { min = 90, max = 110.50 }", "+target    = { min = 90, max = 112 }"]),
    ("a.spread.target.max", "112", ["-target.max = 110", "+target.max = 112"]),
    ("a.dated.target.2020-04-01", "91", ["-2020-04-01 = 90         # from April", "+2020-04-01 = 91         # from April"]),
    ("a.guide.due", "Oct-20", ['-due   = "Sep-20"', '+due   = "Oct-20"']),
    ("a.guide.due", "2020-10-31", ['-due   = "Sep-20"', "+due   = 2020-10-31"]),
    ("a.guide.grace", '["covid-19"]', ["-grace = []", '+grace = ["covid-19"]']),
    ("a.title", "The area", ['-title = "A"', '+title = "The area"']),
    ("a.order", "3", ["+order = 3"]),
    ("a.rollup.method", "worst", ["+[rollup]", '+method = "worst"']),
    ("a.seen.entities.E06.target", "80", ["+[kpi.seen.entities.E06]", "+target = 80"]),
    ('a.seen.entities."Team North".target', "80", ['+[kpi.seen.entities."Team North"]', "+target = 80"]),
    ("book.missing", "carry forward", ['-missing = "grey"    # chosen', '+missing = "carry forward"    # chosen']),
    ("book.edition", "2021", ['-edition = "2020-21"', '+edition = "2021"']),
    ("book.grace_budget.periods", "6", ["+[book.grace_budget]", "+periods = 6"]),
    ("rollup.method", "worst", ["+[rollup]", '+method = "worst"']),
    ("grace.covid-19.until", "2020-12-31", ["-until         = 2020-09-30", "+until         = 2020-12-31"]),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "value", "lines"), SET, ids=[f"{s[0]} {s[1]}" for s in SET])
def test_a_value_is_set_in_its_line(rules: Path, subject: str, value: str, lines: list[str]) -> None:
    """By its id, as TOML or as a text without quotes; only these lines go and come, and the rules can be used."""
    edit = edited(rules, subject, value)

    assert changed(edit) == lines
    assert edit.usable and edit.new is not None
    assert (rules / "a.toml").read_text("utf-8") == AREA


DATED = [
    ("a.seen.target", "92", Since(date(2021, 4, 1)), ["-target    = 90          # statutory", "+target    = { 0001-01-01 = 90, 2021-04-01 = 92 }          # statutory"]),
    ("a.seen.target", "92", Since(date(2021, 4, 1), date(2019, 4, 1)), ["-target    = 90          # statutory", "+target    = { 2019-04-01 = 90, 2021-04-01 = 92 }          # statutory"]),
    ("a.seen.tolerance", "5 pp", Since(date(2021, 4, 1)), ['-tolerance = "10 pp"', '+tolerance = { 0001-01-01 = "10 pp", 2021-04-01 = "5 pp" }']),
    ("a.range.target", "{ min = 95, max = 105 }", Since(date(2021, 4, 1)), ["-target    = { min = 90, max = 110.50 }", "+target    = { 0001-01-01 = { min = 90, max = 110.50 }, 2021-04-01 = { min = 95, max = 105 } }"]),
    ("a.dated.target", "92", Since(date(2021, 4, 1)), ["+2021-04-01 = 92"]),
    ("a.dated.target", "88", Since(date(2019, 10, 1)), ["+2019-10-01 = 88"]),
    ("a.dated.target", "91", Since(date(2020, 4, 1)), ["-2020-04-01 = 90         # from April", "+2020-04-01 = 91         # from April"]),
    ("a.seen.entities.E06.target", "80", Since(date(2021, 4, 1)), ["+[kpi.seen.entities.E06]", "+target = { 0001-01-01 = 90, 2021-04-01 = 80 }"]),
    ("a.dated.entities.E06.target", "80", Since(date(2021, 4, 1)), ["+[kpi.dated.entities.E06]", "+target = { 2019-04-01 = 85, 2020-04-01 = 90, 2021-04-01 = 80 }"]),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "value", "since", "lines"), DATED, ids=range(len(DATED)))
def test_a_value_from_a_day_leaves_the_old_one_before_it(
    rules: Path, subject: str, value: str, since: Since, lines: list[str]
) -> None:
    """One value becomes a table of dates, with the old value spelt as it was; a table gets one date more."""
    edit = edited(rules, subject, value, since)

    assert changed(edit) == lines
    assert edit.usable and edit.new is not None


def test_what_is_rated_otherwise_and_from_when_is_told(rules: Path) -> None:
    """90 becomes 92 from April 2021, with an amber of 10 points: two intervals move, and nothing before."""
    april = date(2021, 4, 1)

    assert levels(edited(rules, "a.seen.target", "92", Since(april))) == [
        ("from 80% to below 82%", "amber", "red", april, None),
        ("from 90% to below 92%", "green", "amber", april, None),
    ]


def test_a_start_of_the_old_value_is_what_it_says(rules: Path) -> None:
    """With --since there is no target before that day, and that something changes there is told, too."""
    found = levels(edited(rules, "a.seen.target", "92", Since(date(2021, 4, 1), date(2019, 4, 1))))

    assert {(start, end) for _, _, _, start, end in found} == {
        (None, date(2019, 3, 31)),
        (date(2021, 4, 1), None),
    }


def test_a_date_between_holds_until_the_next(rules: Path) -> None:
    """85 from April 2019 and 90 from April 2020: 88 from October 2019 ends with March."""
    october, march = date(2019, 10, 1), date(2020, 3, 31)

    assert levels(edited(rules, "a.dated.target", "88", Since(october))) == [
        ("from 75% to below 78%", "amber", "red", october, march),
        ("from 85% to below 88%", "green", "amber", october, march),
    ]


MARKED = """\
[area]
title = "A"

[kpi.k]
title     = "K"
direction = "lower"  # CONFIRM: 'lost' in the title suggests that lower is better
# CONFIRM: the first of two
target    = 8
tolerance = 0  # CONFIRM: no tolerance is given # so there is no amber
"""


@pytest.mark.parametrize(
    ("subject", "value", "lines"),
    [
        (
            "m.k.tolerance",
            "1",
            ["-tolerance = 0  # CONFIRM: no tolerance is given # so there is no amber", "+tolerance = 1"],
        ),
        (
            "m.k.tolerance",
            "0",
            ["-tolerance = 0  # CONFIRM: no tolerance is given # so there is no amber", "+tolerance = 0"],
        ),
        ("m.k.target", "9", ["-# CONFIRM: the first of two", "-target    = 8", "+target    = 9"]),
        ("m.k.decimals", "1", ["+decimals  = 1"]),
    ],
)
def test_the_mark_of_a_guess_goes_with_the_value_that_is_set(
    rules: Path, subject: str, value: str, lines: list[str]
) -> None:
    """Beside it or on the line above, though the value stays the same; the marks of other lines stay."""
    (rules / "m.toml").write_text(MARKED, "utf-8")

    assert changed(edited(rules, subject, value)) == lines


def tables_on(rules: Rules, day: date) -> list[object]:
    """The band tables of every KPI on a day, without and with grace."""
    found: list[object] = []
    for kpi in rules.kpis.values():
        ruling = ruling_on(rules, kpi, day).as_printed
        found += [ruling.table, ruling.table and ruling.under(ruling.live)]
    return found


@given(
    subject=st.sampled_from(["a.seen.target", "a.dated.target", "a.seen.tolerance"]),
    value=st.integers(20, 99),
    start=st.dates(date(2019, 4, 2), date(2030, 1, 1)),
    back=st.integers(1, 5_000),
)
@settings(max_examples=60)
def test_no_day_before_is_judged_otherwise(
    tmp_path_factory: pytest.TempPathFactory, subject: str, value: int, start: date, back: int
) -> None:
    """Whatever is set from a day on: the tables of every day before it are the same, and of the day itself the new."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "book.toml").write_text(BOOK, "utf-8")
    (folder / "a.toml").write_text(AREA, "utf-8")
    written = f"{value} pp" if subject.endswith("tolerance") else str(value)
    edit = edited(folder, subject, written, Since(start))
    assert edit.old is not None and edit.new is not None

    for day in (start - timedelta(days=1), start - timedelta(days=back)):
        assert tables_on(edit.new, day) == tables_on(edit.old, day)
    kpi = edit.new.kpis[subject.rpartition(".")[0]]
    held = kpi.tolerance.on(start).below.amount if subject.endswith("tolerance") else kpi.target.on(start)  # type: ignore[union-attr]
    assert held == value


REFUSED: list[tuple[str, str, Since, type[RagError], str]] = [
    ("b.seen.target", "1", Since(), UnknownId, "no area 'b'"),
    ("a.sen.target", "1", Since(), UnknownId, "did you mean seen"),
    ("grace.covid.until", "1", Since(), UnknownId, "no grace 'covid'; did you mean covid-19?"),
    ("a.seen.tagret", "1", Since(), BadArgument, "no key 'tagret'; did you mean target?"),
    ("a.seen.entities.E06.examples", "[]", Since(), BadArgument, "no key 'examples'"),
    ("book.checks.RAG058.sevrity", "off", Since(), BadArgument, "did you mean severity?"),
    ("a.seen", "1", Since(), BadArgument, "it names no key; the keys here are title, unit"),
    ("a", "1", Since(), BadArgument, "it names no key"),
    ("a..seen", "1", Since(), BadArgument, "write area.kpi.key"),
    ("", "1", Since(), BadArgument, "write area.kpi.key"),
    ("a.seen.title.x", "1", Since(), BadArgument, "title is no table: title is set as a whole"),
    ("a.seen.target.2021-04-01", "1", Since(), BadArgument, "name target itself, with --from 2021-04-01"),
    ("a.guide.grace.x", "1", Since(), BadArgument, "grace is no table"),
    ("a.dated.target", "92", Since(), BadArgument, "a table of dates (2019-04-01, 2020-04-01): say --from DAY, or --always"),
    ("a.dated.target", "92", Since(always=True), BadArgument, "written as a table of its own"),
    ("a.spread.target", "{ min = 1, max = 2 }", Since(), BadArgument, "set its keys one by one"),
    ("a.spread.target", "{ min = 1, max = 2 }", Since(date(2021, 4, 1)), BadArgument, "set its keys one by one"),
    ("a.guide.due", "Oct-20", Since(date(2021, 4, 1)), BadArgument, "due has no dates: leave it out"),
    ("a.seen.target", "92", Since(date(2021, 4, 1), date(2021, 4, 1)), BadArgument, "it is not before 2021-04-01"),
    ("a.dated.target", "92", Since(date(2021, 4, 1), date(2018, 4, 1)), BadArgument, "has its dates already"),
    ("a.seen.amber", "80", Since(date(2021, 4, 1), date(2018, 4, 1)), BadArgument, "there is no value yet"),
    ("a.seen.title", "\ud800", Since(), BadArgument, "it is not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "value", "since", "error", "said"), REFUSED, ids=[f"{r[0]} {r[4]}" for r in REFUSED]
)
def test_what_cannot_be_set_is_refused_with_a_way_out(
    rules: Path, subject: str, value: str, since: Since, error: type[RagError], said: str
) -> None:
    """Unknown names with what looks like them; what has no place of its own; dates that do not fit."""
    with pytest.raises(error) as told:
        edited(rules, subject, value, since)

    assert said in str(told.value)


def test_a_change_that_spoils_the_rules_may_not_be_written(rules: Path) -> None:
    """The problem is told where it would stand."""
    edit = edited(rules, "a.seen.tolerance", "10%")

    assert not edit.usable
    assert [(str(p.place), p.code) for p in edit.problems] == [("a.toml:10:13", "RAG014")]


def test_a_value_that_mends_the_rules_may_be_written(rules: Path) -> None:
    """Rules that cannot be used are mended one value after the other; none may bring another error."""
    area = AREA.replace('"10 pp"', '"10%"', 1).replace("tolerance = 5\n", 'tolerance = "x"\n')
    (rules / "a.toml").write_text(area, "utf-8")

    first = edited(rules, "a.seen.tolerance", "10 pp")
    assert (first.usable, first.new, first.changes) == (True, None, ())
    assert not edited(rules, "a.seen.direction", "up").usable
    (rules / "a.toml").write_text(first.after, "utf-8")
    second = edited(rules, "a.range.tolerance", "5")
    assert second.usable and second.new is not None


def test_an_edition_changes_in_its_own_files(tmp_path: Path) -> None:
    """A KPI that only the extended edition has gets a table, or a file, in this one; dates join those below."""
    base = tmp_path / "2020"
    base.mkdir()
    (base / "book.toml").write_text(BOOK, "utf-8")
    (base / "a.toml").write_text(AREA, "utf-8")
    (base / "b.toml").write_text('[area]\ntitle = "B"\n', "utf-8")
    new = tmp_path / "2021"
    new.mkdir()
    (new / "book.toml").write_text('[book]\nedition = "2021"\nextends = "../2020"\n', "utf-8")
    (new / "a.toml").write_text("[kpi.seen]\ndecimals = 1\n", "utf-8")
    april = Since(date(2021, 4, 1))

    assert edited(new, "a.seen.target", "92", april).after == (
        "[kpi.seen]\ndecimals = 1\ntarget   = { 0001-01-01 = 90, 2021-04-01 = 92 }\n"
    )
    assert edited(new, "a.dated.target", "92", april).after == (
        "[kpi.seen]\ndecimals = 1\n\n[kpi.dated]\ntarget = { 2021-04-01 = 92 }\n"
    )
    assert edited(new, "b.title", "B2").after == '[area]\ntitle = "B2"\n'
    assert edited(new, "grace.covid-19.until", "2021-01-31").after.endswith("\n\n[grace.covid-19]\nuntil = 2021-01-31\n")  # fmt: skip
    (base / "a.toml").write_text(AREA.replace("= 90          # statutory", "= { 2019-04-01 = 80 }"), "utf-8")
    (new / "a.toml").write_text("[kpi.seen]\ntarget = 90\n", "utf-8")
    # the old value would lie over the dates of the edition below, and those would come through
    with pytest.raises(RagError, match="would change ratings before 2021-04-01"):
        edited(new, "a.seen.target", "92", april)


def test_a_file_that_cannot_be_read_is_said_to_be(rules: Path) -> None:
    """A link is not followed, and an area in it is not called unknown."""
    (rules.parent / "b.toml").write_text('[area]\ntitle = "B"\n', "utf-8")
    (rules / "b.toml").symlink_to(rules.parent / "b.toml")

    with pytest.raises(RulebookError, match="the file is a link"):
        edited(rules, "b.title", "C")


def test_a_file_that_is_no_toml_is_said_to_be(rules: Path) -> None:
    """Its own problem is told, not that of an id."""
    (rules / "a.toml").write_text("[area\n", "utf-8")

    with pytest.raises(RulebookError, match="not TOML"):
        edited(rules, "a.title", "C")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of ``ragengine set rules``."""
    code = main(["set", "rules", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


CASES = """\
[[case]]
name   = "on the target is green"
kpi    = "a.seen"
period = "Apr-21"
value  = 90
expect = { rag = "green" }
"""


def test_the_command_shows_the_change_and_what_it_means(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The lines, the intervals, the cases that no longer pass; then the file is written, with its permissions."""
    (rules / "a.cases.toml").write_text(CASES, "utf-8")
    (rules / "a.toml").write_bytes(b"\xef\xbb\xbf" + AREA.replace("\n", "\r\n").encode())
    (rules / "a.toml").chmod(0o640)

    code, out, told = run(capsys, "a.seen.target", "92", "--from", "2021-04-01")

    assert (code, told) == (0, "")
    assert out.startswith(
        "--- a.toml\n"
        "+++ a.toml\n"
        "@@ -7,5 +7,5 @@\n"
        ' unit      = "%"\n'
        ' direction = "higher"\n'
        "-target    = 90          # statutory\n"
        "+target    = { 0001-01-01 = 90, 2021-04-01 = 92 }          # statutory\n"
        ' tolerance = "10 pp"\n'
        " \n"
        "\n"
        "a.seen: Seen\n"
        "  target 90% → 92%"
    )
    assert "from 90% to below 92%: Green → Amber" in out
    assert out.endswith("1 case no longer passes:\n  a.cases.toml:1: on the target is green\nwrote rules/a.toml\n")
    after = AREA.replace("= 90          #", "= { 0001-01-01 = 90, 2021-04-01 = 92 }          #")
    assert (rules / "a.toml").read_bytes() == b"\xef\xbb\xbf" + after.replace("\n", "\r\n").encode()
    assert (rules / "a.toml").stat().st_mode & 0o777 == 0o640
    assert load_rules(rules)[0] is not None


def test_the_command_writes_nothing_where_it_should_not(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run, a value that is there already, and a change that would spoil the rules."""
    dry = run(capsys, "a.seen.target", "92", "--dry-run")
    same = run(capsys, "a.seen.target", "90")
    words = run(capsys, "a.seen.note", "N", "--dry-run")
    bad = run(capsys, "a.seen.tolerance", "10%")

    assert dry[0] == 0 and dry[1].endswith("nothing was written to rules/a.toml: --dry-run\n")
    assert same == (0, "rules/a.toml: a.seen.target is so already\n", "")
    assert "\nNothing is rated otherwise.\n" in words[1]
    assert bad[0] == 3
    assert bad[2].startswith("a.toml:10:13: error RAG014: a.seen: tolerance: ")
    assert bad[2].endswith("ragengine: nothing was written: with this change rules/a.toml cannot be used\n")
    assert (rules / "a.toml").read_text("utf-8") == AREA


def test_the_command_says_how_rules_stand_that_could_not_be_used(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Written, and 1 while other errors are left; 0 once none is."""
    area = AREA.replace('"10 pp"', '"10%"', 1).replace("tolerance = 5\n", 'tolerance = "x"\n')
    (rules / "a.toml").write_text(area, "utf-8")
    first = run(capsys, "a.seen.tolerance", "10 pp")
    second = run(capsys, "a.range.tolerance", "5")

    assert first[0] == 1 and "The rules had other errors before and still have" in first[1]
    assert second[0] == 0 and "The rules can be used now." in second[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.seen.target", "92", "--from", "Apr-21"], "--from: 'Apr-21' cannot be used; write a day: 2021-04-01"),
        (["a.seen.target", "92", "--from", "2021-02-30"], "--from: '2021-02-30' cannot be used"),
        (["a.seen.target", "92", "--since", "2021-02-03"], "--since: '2021-02-03' cannot be used; it goes with --from"),
        (["a.seen.target", "92", "--from", "2021-04-01", "--always"], "--from makes two: leave one out"),
        (["a.sen.target", "92"], "did you mean seen?"),
    ],
)
def test_wrong_use_of_the_command_is_told(
    rules: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """One line, exit 2, and nothing is written."""
    code, out, told = run(capsys, *arguments)

    assert (code, out) == (2, "")
    assert said in told and told.count("\n") == 1
    assert (rules / "a.toml").read_text("utf-8") == AREA
