"""What is wrong with a rule file is said with its place, code and way out; the input stands beside each."""

from __future__ import annotations

import pytest

from ragengine.rulefile.load import load_rules

KPI = """\
[area]
title = "Assessment"
[kpi.seen]
title     = "Children seen in time"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
"""

BOOK = """\
[book]
title   = "Plan"
edition = "2020-21"
missing = "grey"
"""

GRACE = """\
[grace.covid-19]
from          = 2020-03-23
until         = 2020-09-30
no_worse_than = "amber"
reason        = "Visits suspended"
authority     = "Improvement board"
"""


def area(old: str = "", new: str = "", more: str = "") -> dict[str, str]:
    """The sound area file with one thing changed."""
    assert old in KPI
    return {"book.toml": BOOK, "assessment.toml": KPI.replace(old, new, 1) + more if old else KPI + more}


def book(old: str = "", new: str = "", more: str = "") -> dict[str, str]:
    """The sound book with one thing changed."""
    text = BOOK + GRACE
    assert old in text
    return {"book.toml": (text.replace(old, new, 1) if old else text) + more, "assessment.toml": KPI}


DEFECTS: list[tuple[str, dict[str, str], str, str]] = [
    # syntax, with the likely cause
    ("per cent sign", area("= 90", "= 90%"), "assessment.toml:7", 'RAG002: not TOML: .*write 90 and unit = "%", not 90%'),
    ("thousands comma", area("= 90", "= 1,250"), "assessment.toml:7", "RAG002.*without commas"),
    ("curly quotes", area('"Assessment"', "“Assessment”"), "assessment.toml:2", "RAG002.*curly quotes"),
    ("python true", area("= 90", "= True"), "assessment.toml:7", "RAG002.*write true or false"),
    ("slashed date", area("= 90", "= 01/04/2020"), "assessment.toml:7", "RAG002.*write the date as 2020-08-14"),
    ("decimal comma", area("= 90", "= 90,5"), "assessment.toml:7", "RAG002.*with a point: 90.5"),
    ("Infinity", area("= 90", "= Infinity"), "assessment.toml:7", "RAG002.*write a finite number"),
    ("31 June", area(more="review_by = 2020-06-31\n"), "assessment.toml:9", "RAG002.*no such day: check day and month"),
    ("a list never closed", area(more='grace = ["covid-19"\n[kpi.other]\n'), "assessment.toml:10", r"RAG002.*begins on line 9 is never closed: write \] at its end"),
    ("a list without a comma", area(more='grace = ["covid-19" "flood"]\n'), "assessment.toml:9", "RAG002.*write a comma between"),
    ("a table never closed", area("= 90", "= { 2019-04-01 = 90"), "assessment.toml:7", r"RAG002.*begins on line 7 is never closed: write \}"),
    ("a table over two lines", area("= 90", "= { 2019-04-01 = 85,\n 2020-04-01 = 90 }"), "assessment.toml:7", r"RAG002.*stands on one line, or is written as a table"),
    ("a comma before the end of a table", area("= 90", "= { 2019-04-01 = 85, }"), "assessment.toml:7", "RAG002.*take out the comma before }"),
    ("a colon", area("= 90", ": 90"), "assessment.toml:7", "RAG002.*write = in place of :"),
    ("a no-break space", area("target    =", "target\u00a0="), "assessment.toml:7", "RAG002.*a no-break space stands here"),
    ("no equals sign", area("= 90", "90"), "assessment.toml:7", "RAG002.*write key = value"),
    ("a heading never closed", area("[area]", "[area"), "assessment.toml:1", r"RAG002.*end the name of the table with \]"),
    ("a backslash", area(more='source = "C:\\perf\\x.xlsx"\n'), "assessment.toml:9", "RAG002.*written twice; or put the text in single quotes"),
    ("a dash for minus", area("= 90", "= \u221290"), "assessment.toml:7", "RAG002.*write a plain minus sign"),
    ("a number with its currency", area("= 90", "= £90"), "assessment.toml:7", "RAG002.*write the number alone"),
    ("a space in an id", area("[kpi.seen]", "[kpi.seen in time]"), "assessment.toml:3", "RAG002.*no spaces: write hyphens"),
    ("an open quote", area('"Assessment"', '"Assessment'), "assessment.toml:2", "RAG002.*a quote is opened and never closed"),
    ("merge conflict", area("[area]", "<<<<<<< HEAD\n[area]"), "assessment.toml:1", "RAG002.*merge conflict"),
    ("duplicate key", area("target    = 90", "target = 90\ntarget = 80"), "assessment.toml:8", "RAG002.*target stands twice, first on line 7"),
    ("duplicate table", area(more="[kpi.seen]\ntitle = 'x'\n"), "assessment.toml:9", r"RAG002.*\[kpi.seen\] stands twice, first on line 3"),
    # unknown keys and tables
    ("misspelt key", area("tolerance =", "tolerence ="), "assessment.toml:8:1", "RAG004.*unknown key 'tolerence'; did you mean tolerance"),
    ("plural table", area("[kpi.seen]", "[kpis.seen]"), "assessment.toml:3", "RAG004.*unknown table 'kpis'; did you mean kpi"),
    ("start for from", book("from          =", "start         ="), "book.toml:6:1", "RAG004.*'start'; did you mean from"),
    ("capital key", area("target    =", "Target    ="), "assessment.toml:7:1", "RAG004.*did you mean target"),
    # types
    ("number in quotes", area("= 90", '= "90"'), "assessment.toml:7:13", "RAG006.*the target '90' is not a number"),
    ("true for a number", area("= 90", "= true"), "assessment.toml:7:13", "RAG006.*true or false where a number"),
    ("number for a text", area('"Children seen in time"', "5"), "assessment.toml:4:13", "RAG006.*a number where a text"),
    ("text for a flag", area(more='critical = "false"\n'), "assessment.toml:9:12", "RAG006.*a text 'false' where true or false"),
    ("float for a whole number", area(more="decimals = 1.5\n"), "assessment.toml:9:12", "RAG006.*where a whole number"),
    ("text for a list", area(more='grace = "covid-19"\n'), "assessment.toml:9", "RAG006.*grace is not a list"),
    ("datetime for a date", area(more="rated_from = 2020-04-01T00:00:00\n"), "assessment.toml:9:14", "RAG006.*a date with a time"),
    ("not finite", area("= 90", "= nan"), "assessment.toml:7:13", "RAG008.*finite"),
    ("too large", area("= 90", "= 1e999"), "assessment.toml:7:13", "RAG008.*too large"),
    ("huge exponent", area("= 90", "= 1e999999999"), "assessment.toml:7:13", "RAG008.*too large"),
    ("exponent beyond any", area("= 90", "= 1e99999999999999999999"), "assessment.toml:7:13", "RAG008.*too large"),
    ("forty digits", area("= 90", f"= {'1234567890' * 4}"), "assessment.toml:7:13", "RAG008.*at most 1e12"),
    ("too many places", area("= 90", "= 90.1234567890123456"), "assessment.toml:7:13", "RAG008.*too many digits"),
    # bands, target and tolerance
    ("negative tolerance", area('"10 pp"', '"-10 pp"'), "assessment.toml:8", "RAG015.*negative"),
    ("tolerance over target", area('"10 pp"', '"95 pp"'), "assessment.toml:8", "warning RAG030.*larger than the target 90"),
    ("no tolerance", area('tolerance = "10 pp"\n', ""), "assessment.toml:3", "RAG005.*tolerance is missing"),
    ("no direction", area('direction = "higher"\n', ""), "assessment.toml:3", "RAG005.*direction is missing"),
    ("no title", area('title     = "Children seen in time"\n', ""), "assessment.toml:3", "RAG005.*title is missing"),
    ("amber beyond the target", area('tolerance = "10 pp"', "amber = 95"), "assessment.toml:8", "RAG013|RAG015"),
    ("tolerance in another unit", area('"10 pp"', '"10 days"'), "assessment.toml:8:13", "RAG007.*in 'days', and the unit is '%'"),
    ("range without within", area("= 90", "= { min = 1, max = 2 }"), "assessment.toml:7", "RAG016.*direction = \"within\""),
    ("word level unknown", area(more='[kpi.w]\ntitle = "W"\nwords = { no = "red", yes = "gren" }\n'), "assessment.toml:11", "RAG017.*'gren'"),
    ("words out of order", area(more='[kpi.w]\ntitle = "W"\nwords = { no = "red", yes = "green", so = "amber" }\n'), "assessment.toml:11", "RAG013.*order"),
    # ids
    ("kpi and action of one id", area(more='[action.seen]\ntitle = "S"\ndue = "TBC"\n'), "assessment.toml:9", "RAG009.*both called assessment.seen"),
    ("look-alike ids", area(more='[kpi.s33n]\ntitle = "S"\ndirection = "monitor"\n[kpi.s33n_]\ntitle = "S"\ndirection = "monitor"\n[kpi.s33n-]\ntitle = "S"\ndirection = "monitor"\n'), "assessment.toml:15", "warning RAG010.*looks like"),
    ("bad id", area("[kpi.seen]", '[kpi."Seen In Time"]'), "assessment.toml:3", "RAG007.*small letters"),
    # grace
    ("grace of 60 years", book("2020-09-30", "2080-09-30"), "book.toml:7", "warning RAG033.*60 years"),
    ("grace in the year 2202", book("2020-09-30", "2202-09-30"), "book.toml:7", "RAG008.*year 2202"),
    ("suspend false", book('no_worse_than = "amber"', "suspend = false"), "book.toml:8", "RAG020.*no effect"),
    ("grace for actions only", book('no_worse_than = "amber"', 'extend_due = "60 days"') | area(more='grace = ["covid-19"]\n') | {"book.toml": BOOK + GRACE.replace('no_worse_than = "amber"', 'extend_due = "60 days"')}, "assessment.toml:9", "RAG020.*no effect for a KPI"),
    # roll-up and scale
    ("share without a sign", book(more="[rollup]\nmethod = 'worst'\nminimum_coverage = 60\n"), "book.toml:13", "RAG007.*60%"),
    ("unknown method", book(more="[rollup]\nmethod = 'best'\n"), "book.toml:12", "RAG007.*'best'"),
    ("share without bands", book(more="[rollup]\nmethod = 'share'\n"), "book.toml:11", "RAG005.*needs bands"),
    ("rule level unknown", book(more="[rollup]\nrules = [{ rag = 'yellow' }]\n"), "book.toml:12", "RAG017.*'yellow'"),
    ("condition of a number", book(more="[rollup]\nrules = [{ rag = 'red', when = 'red + 1' }, { rag = 'green' }]\n"), "book.toml:12", "RAG018.*yes or no is wanted"),
    ("one level", book(more="[[scale.levels]]\nid = 'a'\nlabel = 'A'\nsymbol = 'x'\ncolour = '#000000'\n"), "book.toml:11", "RAG007.*two levels"),
    ("grey listed", book(more="[[scale.levels]]\nid = 'grey'\nlabel = 'A'\nsymbol = 'x'\ncolour = '#000000'\n"), "book.toml:12", "RAG007.*grey is always there"),
    # files and cases
    ("no area table", {"book.toml": BOOK, "x.toml": "[kpi.a]\ntitle = 'A'\ndirection = 'monitor'\n"}, "x.toml:1", r"RAG005.*no \[area\]"),
    ("empty file", {"book.toml": BOOK, "x.toml": ""}, "x.toml:1", "RAG005.*no KPIs here"),
    ("no KPIs", {"book.toml": BOOK}, "book.toml:1", "warning RAG034.*no KPIs here"),
    ("cases of no area", area() | {"asessment.cases.toml": ""}, "asessment.cases.toml:1", "RAG019.*did you mean assessment"),
    ("case without a subject", area() | {"assessment.cases.toml": "[[case]]\nname = 'x'\nexpect = { rag = 'red' }\n"}, "assessment.cases.toml:1", "RAG026.*one kpi, action, area or rules"),
    ("case with an unknown key", area() | {"assessment.cases.toml": "[[case]]\nname = 'x'\nkpi = 'assessment.seen'\nvaleu = 3\nexpect = { rag = 'red' }\n"}, "assessment.cases.toml:4:1", "RAG004.*did you mean value"),
    ("long line", area(more="note = '" + "x" * 5000 + "'\n"), "assessment.toml:9", "RAG003.*5,009 characters"),
    ("deep key", area(more=".".join("abcdefghijk") + " = 1\n"), "assessment.toml:9", "RAG003.*more than 8 dots"),
    ("deep arrays", area(more="note = " + "[" * 500 + "]" * 500 + "\n"), "assessment.toml", "RAG003.*nested too deep"),
]  # fmt: skip


DEFECTS += [
    ("a percentage as a text", area("= 90", '= "90%"'), "assessment.toml:7", "RAG006.*the target '90%' is not a number; write 90,"),
    ("a sign before a text", area("= 90", '= "≥ 90.5"'), "assessment.toml:7", "RAG006.*is not a number; write 90.5,"),
    ("a month among dates", area("= 90", '= { "Apr-19" = 85, 2020-04-01 = 90 }'), "assessment.toml:7", "RAG027.*'Apr-19' stands among dates, and is none"),
    ("a number for a text", book('"2020-21"', "2020"), "book.toml:3", 'RAG006.*put it in quotes: "2020"'),
    ("a number for days", area(more='[action.x]\ntitle = "X"\ndue = 2020-09-30\nwarning = 28\n'), "assessment.toml:12", 'RAG006.*write "28 days"'),
    ("a number for a confidence", area(more="confidence = 95\n"), "assessment.toml:9", 'RAG006.*write "95%"'),
    ("points without a unit", area('unit      = "%"\n'), "assessment.toml:7", 'RAG007.*no unit is written; write unit = "%", or 10 alone'),
    ("an id in capitals", area("[kpi.seen]", "[kpi.SeenIn10]"), "assessment.toml:3", "RAG007.*; write seenin10"),
    ("an id in quotes", area("[kpi.seen]", '[kpi."seen in time"]'), "assessment.toml:3", "RAG007.*; write seen-in-time"),
    ("an undeclared number", area(more='formula = "100 * visits / cases"\n'), "assessment.toml:9", r'RAG018.*is declared: inputs = \["visits"\]'),
    ("a condition's name in a formula", area(more='formula = "value - previous_value"\n'), "assessment.toml:9", "RAG018.*'previous_value'; known here: [a-z, ]*$"),
    ("words out of order", area('target    = 90\ntolerance = "10 pp"\n', 'words = { yes = "green", no = "red", drafted = "amber" }\n'), "assessment.toml:7", "RAG013.*write the worst first: no, drafted, yes"),
    ("a key of an example", area(more='[[kpi.seen.examples]]\nvale = 90\nrag = "green"\n'), "assessment.toml:10", "RAG004.*unknown key 'vale'; did you mean value?"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "place", "said"), [d[1:] for d in DEFECTS], ids=[d[0] for d in DEFECTS])
def test_a_defect_is_said_with_its_place_and_way_out(rules: dict[str, str], place: str, said: str) -> None:
    """One line: file, line and column, code, key, what is wrong, and what to write instead."""
    import re

    _, problems = load_rules(rules)
    lines = [str(problem) for problem in problems]

    assert any(line.startswith(place) and re.search(said, line) for line in lines), lines


def test_the_sound_files_have_no_problem() -> None:
    """The files that the defects are made of are sound themselves."""
    assert load_rules(area())[1] == []
    assert load_rules(book())[1] == []


def test_all_problems_of_all_files_come_at_once() -> None:
    """Nobody meets a second round of errors: types, keys, bands and references are told in one run."""
    files = area("= 90", '= "90"') | book('"grey"', '"gray"')
    files["assessment.toml"] = (
        area("= 90", '= "90"')["assessment.toml"] + "[kpi.b]\ntitel = 'x'\n[action.c]\ntitle='C'\n"
    )
    _, problems = load_rules(files)
    codes = {(p.place.file, p.code) for p in problems}

    assert {("book.toml", "RAG007"), ("assessment.toml", "RAG006"), ("assessment.toml", "RAG004")} <= codes
    assert any("due is missing" in p.message for p in problems)


def test_a_caret_points_at_the_value() -> None:
    """The source line stands below the message, with a caret under the column."""
    _, problems = load_rules(area("= 90", '= "ninety"'))

    assert problems[0].pretty().splitlines()[1:] == ['    target    = "ninety"', "                ^"]
