"""Careless and hostile data files: every row comes out as a level, as grey with a reason, or as a named problem."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.data.door import read_cell
from ragengine.data.model import Invalid, Symbol

RULES = {
    "book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n',
    "a.toml": (
        '[area]\ntitle = "A"\n[kpi.seen]\ntitle = "Seen"\nunit = "%"\ndirection = "higher"\ntarget = 90\n'
        'tolerance = "10 pp"\n[kpi.word]\ntitle = "Word"\nwords = { no = "red", yes = "green" }\n'
        '[action.do]\ntitle = "Do"\ndue = 2020-09-30\nwarning = "28 days"\n'
    ),
}
HEADER = "kpi,period,value\n"


def score(folder: Path, as_at: str = "Jul-20") -> ragengine.Scorecard:
    """The scorecard of a folder's data, by the rules above."""
    return ragengine.load(RULES).score(ragengine.read(folder), as_at)


def problems(folder: Path, text: str | bytes, name: str = "measurements.csv") -> list[str]:
    """What reading and scoring one file says."""
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        return [str(p) for p in score(folder).problems]
    except ragengine.DataError as wrong:
        return [str(p) for p in wrong.problems]


FILES: list[tuple[str, str | bytes, str]] = [
    ("missing column", "kpi,value\na.seen,90\n", r"measurements.csv:1:1: error RAG102: there is no column period"),
    ("misspelt column", "kpi,perod,value\na.seen,Jul-20,90\n", r":1:2: error RAG102: the column 'perod' nearly spells 'period'"),
    ("doubled column", "kpi,period,value,value\na.seen,Jul-20,90,91\n", r":1:4: error RAG102: the column 'value' stands twice"),
    ("other word for a column", "kpi,period,actual\na.seen,Jul-20,90\n", r"RAG102: the column 'actual' nearly spells 'value'"),
    ("a title row first", "Monthly scorecard\n\nkpi,period,value\na.seen,Jul-20,90\n", r"RAG102: there are no columns kpi and period"),
    ("only a title above", "Monthly scorecard,,\nkpi,period,value\na.seen,Jul-20,90\n", r"it reads Monthly scorecard.*; take out what stands above the names"),
    ("columns parted by tabs", "kpi\tperiod\tvalue\na.seen\tJul-20\t90\n", r"RAG102.*; its columns are parted by tabs: save it as CSV, with commas"),
    ("KPI without its area", HEADER + "seen,Jul-20,90\n", r":2:1: error RAG104: the rules have no KPI 'seen'; did you mean a.seen"),
    ("a number with its currency", HEADER + 'a.seen,Jul-20,"£1,300.50"\n', r"RAG105.*; the number alone is 1,300.50"),
    ("a number with its unit", HEADER + "a.seen,Jul-20,95 percent\n", r"RAG105.*; the number alone is 95;"),
    ("a number of millions", HEADER + "a.seen,Jul-20,£1.2m\n", r"RAG105: value: a.seen: '£1.2m': neither a number nor a symbol; write a number"),
    ("no such day", HEADER + "a.seen,31/06/2020,90\n", r"RAG106.*there is no such day; check day and month"),
    ("a day that can only come first", HEADER + "a.seen,31/07/2020,90\n", r'RAG106.*has the day first.*write 2020-07-31, or say dates = "day first"'),
    ("a day that can be read twice", HEADER + "a.seen,03/04/2020,90\n", r"RAG106.*can be read in two ways"),
    ("no header", "a.seen,Jul-20,90\n", r"RAG102: there are no columns kpi and period.*it reads a.seen"),
    ("short row", HEADER + "a.seen,Jul-20\n", r":2:1: error RAG103: the row has 2 cells, fewer than the 3 columns"),
    ("long row", HEADER + "a.seen,Jul-20,1,234\n", r":2:1: error RAG103: the row has 4 cells, more.*quotes"),
    ("unterminated quote", HEADER + 'a.seen,Jul-20,"90\na.seen,Aug-20,91\n', r":2:1: error RAG101: a quote is opened on this line"),
    ("NUL", HEADER + "a.seen,Jul-20,9\x000\n", r":2:1: error RAG101: the line has a NUL"),
    ("field too long", HEADER + "a.seen,Jul-20," + "9" * 200_000 + "\n", r":2:1: error RAG101: a cell has more than 100,000"),
    ("cp1252", HEADER.encode() + "a.seen,Jul-20,90 £\n".encode("cp1252"), r":2:1: error RAG101: not UTF-8: byte 0xa3, perhaps Windows-1252"),
    ("UTF-16", (HEADER + "a.seen,Jul-20,90\n").encode("utf-16"), r"RAG101: the file is UTF-16; save it as UTF-8"),
    ("empty", "", r"RAG101: the file is empty"),
    ("unknown KPI", HEADER + "a.sen,Jul-20,90\n", r":2:1: error RAG104: the rules have no KPI 'a.sen'; did you mean a.seen"),
    ("KPI in capitals", HEADER + "A.Seen ,Jul-20,90\n", r"RAG104.*did you mean a.seen"),
    ("KPI with another hyphen", HEADER + "a.seen\u2011x,Jul-20,90\n", r"RAG104.*did you mean a.seen"),
    ("no number", HEADER + "a.seen,Jul-20,abc\n", r":2:3: error RAG105: value: a.seen: 'abc': neither a number nor a symbol"),
    ("NaN", HEADER + "a.seen,Jul-20,NaN\n", r"RAG105.*'NaN': not a finite number"),
    ("Infinity", HEADER + "a.seen,Jul-20,-Infinity\n", r"RAG105.*'-Infinity': not a finite number"),
    ("40 digits", HEADER + f"a.seen,Jul-20,89.{'9' * 38}\n", r"RAG105.*: 10\^15 or more in size, or longer than 38 digits"),
    ("huge exponent", HEADER + "a.seen,Jul-20,1e999999\n", r"RAG105.*'1e999999': 10\^15 or more in size"),
    ("16 digits", HEADER + "a.seen,Jul-20,1000000000000000\n", r"RAG105.*: 10\^15 or more in size"),
    ("decimal comma", "kpi;period;value\na.seen;Jul-20;95,6\n", r":1:1: warning RAG101: numbers are read with a decimal comma"),
    ("carriage returns", HEADER.replace("\n", "\r").encode() + b"a.seen,Jul-20,9\xa3\r", r":2:1: error RAG101: not UTF-8: byte 0xa3"),
    ("NUL after the separator", "sep=,\r" + HEADER + "a.seen,Jul-20,9\0\n", r":3:1: error RAG101: the line has a NUL character"),
    ("decimal comma among commas", HEADER + 'a.seen,Jul-20,"95,6"\n', r":2:3: error RAG105.*'95,6'.*; with a decimal point it is 95\.6;"),
    ("reported before its period", "kpi,period,value,reported_on\na.seen,Jul-20,90,2020-06-30\n", r":2:4: warning RAG117: reported_on: reported on 2020-06-30, before July 2020 begins; check both days"),
    ("header without rows", HEADER, r":1:1: warning RAG116: the file has names of columns and no row"),
    ("error of a spreadsheet", HEADER + "a.seen,Jul-20,#REF!\n", r":2:3: error RAG105.*'#REF!'.*an error of the spreadsheet, mend"),
    ("link without result", HEADER + "a.seen,Jul-20,=[kpis.xlsx]Q1!B2\n", r"RAG105.*a link to another workbook without its result"),
    ("underscore", HEADER + "a.seen,Jul-20,1_000\n", r"RAG105"),
    ("full-width digits", HEADER + "a.seen,Jul-20,９０\n", r"RAG105"),
    ("Arabic digits", HEADER + "a.seen,Jul-20,٩٠\n", r"RAG105"),
    ("word not listed", HEADER + "a.word,Jul-20,yess\n", r"RAG109.*'yess' is none of its words; did you mean 'yes'"),
    ("slashed date", HEADER + "a.seen,03/04/2020,90\n", r':2:2: error RAG106: period: .*two ways; write 2020-08-14, or say dates = "day first"'),
    ("serial date", HEADER + "a.seen,44105,90\n", r"RAG106: period: '44105': not a period"),
    ("old period", HEADER + "a.seen,1900-01,90\n", r"warning RAG113.*January 1900 is hardly meant"),
    ("same row twice, alike", HEADER + "a.seen,Jul-20,90\na.seen,July 20,90.0\n", r"warning RAG107.*given 2 times: 90 at measurements.csv:2:1, 90.0 at measurements.csv:3:1"),
    ("same row twice, different", HEADER + "a.seen,Jul-20,90\na.seen,2020-07,91\n", r"error RAG107.*none is used"),
    ("more than all", "kpi,period,numerator,denominator\na.seen,Jul-20,9,8\n", r":2:3: warning RAG108.*more than the denominator"),
    ("negative count", "kpi,period,numerator,denominator\na.seen,Jul-20,-1,8\n", r":2:3: error RAG108.*negative"),
    ("half a child", "kpi,period,numerator,denominator\na.seen,Jul-20,1.5,8\n", r"warning RAG108.*no whole number"),
    ("exclusion without a reason", "kpi,period,numerator,denominator,excluded\na.seen,Jul-20,8,9,1\n", r"warning RAG108.*without a reason"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_a_fault_of_a_file_is_said_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    """File, line, column and way out; nothing is dropped without a word."""
    found = problems(tmp_path, text)

    assert any(re.search(said, line) for line in found), found


#: cells that cannot be used, by file and column, with the code of what is said of them
CELLS = [
    ("measurements.csv", {"kpi": "a.sean"}, "kpi", "RAG104"),
    ("measurements.csv", {"period": "soon"}, "period", "RAG106"),
    ("measurements.csv", {"period": "1900-01"}, "period", "RAG113"),
    ("measurements.csv", {"value": "abc"}, "value", "RAG105"),
    ("measurements.csv", {"value": "120"}, "value", "RAG105"),
    ("measurements.csv", {"value": "-3"}, "value", "RAG105"),
    ("measurements.csv", {"value": "0.9"}, "value", "RAG115"),
    ("measurements.csv", {"kpi": "a.word", "value": "yess"}, "value", "RAG109"),
    ("measurements.csv", {"value": "", "numerator": "x1", "denominator": "8"}, "numerator", "RAG105"),
    ("measurements.csv", {"value": "", "numerator": "-1", "denominator": "8"}, "numerator", "RAG108"),
    ("measurements.csv", {"value": "", "numerator": "8"}, "denominator", "RAG108"),
    ("measurements.csv", {"value": "", "numerator": "8", "denominator": "9", "excluded": "10"}, "excluded", "RAG108"),
    ("measurements.csv", {"value": "0.84", "numerator": "84", "denominator": "100"}, "value", "RAG108"),
    ("measurements.csv", {"value": "70", "numerator": "84", "denominator": "100"}, "value", "RAG108"),
    ("measurements.csv", {"kpi": "a.due", "value": "5", "target": "many"}, "target", "RAG105"),
    ("measurements.csv", {"kpi": "a.sum", "seen": "few"}, "seen", "RAG105"),
    ("measurements.csv", {"kpi": "a.often", "period": "2020-05"}, "period", "RAG114"),
    ("measurements.csv", {"reported_on": "2020-01-01"}, "reported_on", "RAG117"),
    ("actions.csv", {"action": "a.don"}, "action", "RAG104"),
    ("actions.csv", {"as_at": "soon"}, "as_at", "RAG106"),
    ("actions.csv", {"status": "done"}, "status", "RAG105"),
    ("actions.csv", {"progress": "150"}, "progress", "RAG105"),
    ("actions.csv", {"status": "complete", "completed_on": "2020-08-01"}, "completed_on", "RAG117"),
    ("published.csv", {"subject": "a.sean"}, "subject", "RAG104"),
    ("published.csv", {"rag": "purple"}, "rag", "RAG110"),
    ("published.csv", {"rag": "red"}, "rag", "RAG112"),
]
COLUMNS = {
    "measurements.csv": ("kpi", "period", "value", "numerator", "denominator", "excluded", "target", "reported_on", "seen"),
    "actions.csv": ("action", "as_at", "status", "progress", "completed_on"),
    "published.csv": ("subject", "period", "rag", "source"),
}  # fmt: skip
SOUND = {
    "measurements.csv": {"kpi": "a.seen", "period": "Jul-20", "value": "90"},
    "actions.csv": {"action": "a.do", "as_at": "2020-07-31", "status": "in progress"},
    "published.csv": {"subject": "a.seen", "period": "Jul-20", "rag": "green"},
}
CELL_RULES = {
    **RULES,
    "a.toml": RULES["a.toml"].replace("[kpi.word]", "valid = { min = -2, max = 110 }\n[kpi.word]")
    + '[kpi.due]\ntitle = "Due"\ndirection = "lower"\ntarget = "from data"\ntolerance = 1\n'
    '[kpi.sum]\ntitle = "Sum"\ndirection = "lower"\ninputs = ["seen"]\nformula = "2 * seen"\ntarget = 9\ntolerance = 1\n'
    '[kpi.often]\ntitle = "Often"\ndirection = "lower"\ntarget = 99\ntolerance = 1\nfrequency = "quarterly"\n',
}


@pytest.mark.parametrize("suffix", [".csv", ".json"])
@pytest.mark.parametrize(("file", "given", "column", "code"), CELLS)
@pytest.mark.parametrize("turned", [0, 1, 2])
def test_what_is_wrong_with_a_cell_is_told_in_its_column(
    tmp_path: Path, file: str, given: dict[str, str], column: str, code: str, turned: int, suffix: str
) -> None:
    """Wherever the column stands: the number of the cell in the row, from 1."""
    names = COLUMNS[file][turned:] + COLUMNS[file][:turned]
    rows = [dict.fromkeys(names, "") | SOUND[file] | given]
    if file == "published.csv":
        (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Jul-20,95\n")
    text = json.dumps(rows) if suffix == ".json" else ",".join(names) + "\n" + ",".join(rows[0].values()) + "\n"
    (tmp_path / file).with_suffix(suffix).write_text(text)
    card = ragengine.load(CELL_RULES).score(ragengine.read(tmp_path), "Jul-20")
    told = [problem for problem in card.problems if problem.code == code]

    assert {problem.place.column for problem in told} == {names.index(column) + 1}, card.problems
    assert told[0].place.line == (1 if suffix == ".json" else 2)


def test_files_of_one_name_laid_out_otherwise_are_not_mixed_up(tmp_path: Path) -> None:
    """A problem found after both are read stands at its row, where its column is not known."""
    for folder, header, row in (
        ("one", "kpi,period,value", "a.sean,Jul-20,1"),
        ("two", "period,kpi,value", "Jul-20,a.x,1"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "measurements.csv").write_text(f"{header}\n{row}\n")
    apart = [score(tmp_path / folder).problems[0] for folder in ("one", "two")]
    both = ragengine.load(RULES).score(ragengine.read(tmp_path / "one", tmp_path / "two"), "Jul-20").problems

    assert [problem.place.column for problem in apart] == [1, 2]
    assert [problem.place.column for problem in both] == [1, 1]


ROWS: list[tuple[str, str, str]] = [
    ("a BOM", "\ufeff" + HEADER + "a.seen,Jul-20,90\n", "green"),
    ("CRLF and blank lines", HEADER.replace("\n", "\r\n") + "\r\na.seen,Jul-20,90\r\n", "green"),
    ("semicolons and decimal commas", "kpi;period;value\na.seen;Jul-20;90,5\n", "green"),
    ("points between thousands", "kpi;period;value;note\na.seen;Jul-20;1.234;1,5\n", "green"),
    ("a text with a comma", "kpi;period;value;note\na.seen;Jul-20;85;so far, good\n", "amber"),
    ("Excel's separator line", "sep=;\nkpi;period;value\na.seen;Jul-20;85\n", "amber"),
    ("columns in another order", "value,note,kpi,period\n85%,x,a.seen,2020-07\n", "amber"),
    ("quoted commas", 'kpi,period,value\na.seen,Jul-20,"1,234"\n', "green"),
    ("a spaced header", " KPI , Period , Value \na.seen,Jul-20,90\n", "green"),
]


@pytest.mark.parametrize(("text", "level"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str, level: str) -> None:
    """Byte order marks, line ends, separators and column order are no one's fault."""
    (tmp_path / "measurements.csv").write_bytes(text.encode())

    assert score(tmp_path).ratings["a.seen"].rag == level


JSON: list[tuple[str, str, str]] = [
    ("NaN", '[{"kpi": "a.seen", "period": "Jul-20", "value": NaN}]', "NaN is no number"),
    ("doubled key", '[{"kpi": "a.seen", "kpi": "b"}]', "'kpi' stands twice"),
    ("deep nesting", "[" * 200 + "]" * 200, "nested more than 50 deep"),
    ("no JSON", '[{"kpi": }]', "not JSON"),
    ("a row that is no object", '[{"kpi": "a.seen", "period": "Jul-20", "value": 1}, 5]', "row 2 is 5 and no object"),
    ("no rows", '{"kpi": "a.seen"}', "no list of rows"),
]


@pytest.mark.parametrize(("text", "said"), [j[1:] for j in JSON], ids=[j[0] for j in JSON])
def test_a_fault_of_a_json_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    """What json would let pass is refused by name."""
    found = problems(tmp_path, text, "measurements.json")

    assert any(said in line for line in found), found


def test_json_reads_what_csv_reads(tmp_path: Path) -> None:
    """One grammar for every format: numbers, texts, symbols, exponents, lists of causes."""
    rows = [
        {"kpi": "a.seen", "period": "Jul-20", "value": 9e1, "causes": ["Covid", "staffing"]},
        {"kpi": "a.word", "period": "Jul-20", "value": "YES"},
    ]
    (tmp_path / "measurements.json").write_text(json.dumps(rows))
    card = score(tmp_path)

    assert [str(card.ratings[k].rag) for k in ("a.seen", "a.word")] == ["green", "green"]
    assert card.ratings["a.seen"].explanation.causes == ("covid", "staffing")


def test_rows_read_are_rated_grey_or_rejected(tmp_path: Path) -> None:
    """The counts add up, whatever the rows are."""
    text = HEADER + "a.seen,Jun-20,85\na.seen,Jul-20,abc\na.sen,Jul-20,1\na.word,Jul-20,c\nshort\na.seen,Sep-20,1\n"
    (tmp_path / "measurements.csv").write_text(text)
    rows = score(tmp_path).rows

    assert str(rows) == "5 rows read = 1 rated + 2 grey + 2 rejected (1 later row not looked at)"


def test_data_later_than_the_day_is_not_looked_at(tmp_path: Path) -> None:
    """A later value neither rates nor carries back."""
    (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Aug-20,95\n")
    card = score(tmp_path)

    assert (str(card.ratings["a.seen"].rag), str(card.ratings["a.seen"].reason)) == ("grey", "no data")


def test_every_kpi_and_action_has_a_row(tmp_path: Path) -> None:
    """What nobody reported is grey: no data."""
    (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Jul-20,95\n")
    card = score(tmp_path)

    assert {k: str(r.reason) for k, r in card.ratings.items()} == {
        "a.seen": "None",
        "a.word": "no data",
        "a.do": "no data",
    }


def test_actions_are_read_and_judged_on_the_day(tmp_path: Path) -> None:
    """The latest report by the day counts, and lateness is the day's."""
    (tmp_path / "actions.csv").write_text(
        "action,as_at,status,progress\na.do,2020-06-01,Not started,0\na.do,Jul-20,In-Progress,50%\n"
    )
    rating = ragengine.load(RULES).score(ragengine.read(tmp_path), "2020-09-10").ratings["a.do"]

    assert (str(rating.rag), rating.explanation.days_late, rating.explanation.status) == ("amber", -20, "in progress")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("complete,2020-07-31", []),
        ("complete,Jul-20", []),
        ("complete,", []),
        ("in progress,", []),
        ("complete,2020-08-01", ["actions.csv:2:4: error RAG117: completed_on: complete on 2020-08-01, after the report of Jul-20; check both days"]),
        ("complete,Aug-20", ["actions.csv:2:4: error RAG117: completed_on: complete on Aug-20, after the report of Jul-20; check both days"]),
        ("In-Progress,2020-06-30", ["actions.csv:2:4: warning RAG117: completed_on: the action is in progress, and so its completed_on is not read; write complete as its status, or no day"]),
        (",2020-09-30", ["actions.csv:2:4: warning RAG117: completed_on: the action has no status, and so its completed_on is not read; write complete as its status, or no day"]),
        ("done,2020-09-30", ["actions.csv:2:3: error RAG105: status: 'done' is no status; write not started, in progress, complete, deferred"]),
    ],
)  # fmt: skip
def test_a_day_of_completion_that_cannot_be_is_told(tmp_path: Path, row: str, said: list[str]) -> None:
    """After its report it is a problem, and without completion a warning; a word that is no status is told alone."""
    found = problems(tmp_path, f"action,as_at,status,completed_on\na.do,Jul-20,{row}\n", "actions.csv")

    assert [line for line in found if "RAG1" in line] == said


def test_a_status_that_is_none_is_told(tmp_path: Path) -> None:
    """A misspelt status is a problem with a did-you-mean, and the action is grey."""
    (tmp_path / "actions.csv").write_text("action,as_at,status\na.do,Jul-20,complet\n")
    card = score(tmp_path)

    assert card.ratings["a.do"].rag == "grey"
    assert "did you mean 'complete'" in str(card.problems[0])


OVERRIDE = """\
[[override]]
subject   = "a"
rag       = "red"
from      = 2020-07-01
until     = 2020-07-31
reason    = "Inspection"
authority = "Board"
"""


def test_an_override_is_applied_beside_the_computed_level(tmp_path: Path) -> None:
    """Both levels, who, why and until when."""
    (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Jul-20,95\n")
    (tmp_path / "overrides.toml").write_text(OVERRIDE)
    area = score(tmp_path).areas["a"]

    assert (str(area.rag), str(area.computed)) == ("red", "green")
    assert "agreed as Red: Inspection (Board; until 31 July 2020)" in area.explain()


def test_a_lapsed_override_is_listed_and_not_applied(tmp_path: Path) -> None:
    """Past its end it is a warning."""
    (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Aug-20,95\n")
    (tmp_path / "overrides.toml").write_text(OVERRIDE)
    card = score(tmp_path, "Aug-20")

    assert card.areas["a"].rag == "green"
    assert "lapsed" in card.areas["a"].explain()
    assert [p.code for p in card.problems] == ["RAG111"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('subject   = "a"', 'subject   = "a.sen"', "RAG104.*did you mean a.seen"),
        ('rag       = "red"', 'rag       = "purple"', "RAG110.*'purple'"),
        ('rag       = "red"', 'colour    = "red"', "RAG004.*unknown key 'colour'"),
        ('reason    = "Inspection"\n', "", "RAG110.*no reason"),
        ("until     = 2020-07-31", "until     = 2020-06-30", "RAG110.*before"),
        ("from      = 2020-07-01", 'from      = "03/04/2020"', "RAG106.*two ways"),
    ],
)
def test_a_bad_override_is_a_problem(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Each has its place, and none is applied."""
    (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Jul-20,95\n")
    (tmp_path / "overrides.toml").write_text(OVERRIDE.replace(old, new))
    card = score(tmp_path)

    assert any(re.search(said, str(p)) for p in card.problems), card.problems
    assert card.areas["a"].rag == "green"


def test_a_missing_path_is_the_callers_mistake(tmp_path: Path) -> None:
    """It raises, with the path."""
    with pytest.raises(ragengine.DataError, match="no such file or folder"):
        ragengine.read(tmp_path / "nowhere")


def test_formats_to_come_are_named(tmp_path: Path) -> None:
    """A .parquet says what will read it."""
    (tmp_path / "measurements.parquet").write_bytes(b"PAR1")
    with pytest.raises(ragengine.DataError, match=r"ragengine\[frames\]"):
        ragengine.read(tmp_path)


def test_a_file_of_another_name_is_told_apart_by_its_columns(tmp_path: Path) -> None:
    """Files may be named one by one."""
    (tmp_path / "july.csv").write_text(HEADER + "a.seen,Jul-20,95\n")
    (tmp_path / "todo.csv").write_text("action,as_at,status\na.do,Jul-20,complete\n")
    data = ragengine.read(tmp_path / "july.csv", tmp_path / "todo.csv")

    assert (len(data.measurements), len(data.actions)) == (1, 1)


@given(st.text(max_size=60))
def test_any_text_in_a_cell_is_a_number_a_symbol_or_invalid(text: str) -> None:
    """The grammar is total."""
    assert isinstance(read_cell(text), Fraction | Symbol | Invalid)


@given(st.text(max_size=60).filter(lambda t: "\0" not in t))
def test_any_text_in_a_csv_cell_gives_a_row(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """A value may be anything: the KPI has a rating, and no exception leaves."""
    import csv

    folder = tmp_path_factory.mktemp("data")
    with (folder / "measurements.csv").open("w", encoding="utf-8", newline="", errors="surrogatepass") as file:
        csv.writer(file).writerows([["kpi", "period", "value"], ["a.seen", "Jul-20", text]])
    try:
        card = score(folder)
    except ragengine.DataError:
        return

    assert card.ratings["a.seen"].rag in ("red", "amber", "green", "grey")


def test_a_folder_whose_only_file_is_misnamed_says_its_name(tmp_path: Path) -> None:
    """That there is no data is half of it: the file that was meant is named, with the name that is read."""
    (tmp_path / "measurement.csv").write_text(HEADER + "a.seen,Jul-20,90\n")

    with pytest.raises(ragengine.DataError) as caught:
        ragengine.read(tmp_path)

    assert [(str(p.place.file), p.hint) for p in caught.value.problems][1:] == [
        ("measurement.csv", "name it measurements.csv")
    ]


@pytest.mark.parametrize(("rows", "said"), [(1, "1 row read = 1 rated"), (2, "2 rows read = 2 rated")])
def test_one_row_is_a_row(tmp_path: Path, rows: int, said: str) -> None:
    """The count agrees with its noun."""
    lines = "".join(f"a.seen,{month},90\n" for month in ("Jul-20", "Jun-20")[:rows])
    (tmp_path / "measurements.csv").write_text(HEADER + lines)

    assert str(score(tmp_path).rows).startswith(said)


@pytest.mark.parametrize(
    ("written", "column", "hint"),
    [
        ('[{"kpi": "a.seen", "value": 91,}]', 32, "take out the comma before }"),
        ('[{"kpi": "a.seen"},]', 20, "take out the comma before ]"),
        ("[{'kpi': 'a.seen'}]", 3, 'a text stands in straight double quotes: "…"'),
        ('[{"kpi": "a.seen"', 18, "the end of the file is missing"),
        ('[{"kpi": "a.seen" "value": 91}]', 19, "write a comma between rows, and between the cells of one"),
    ],
)
def test_json_that_is_none_is_told_with_its_column_and_what_to_write(
    tmp_path: Path, written: str, column: int, hint: str
) -> None:
    """Where reading ended, and what was probably done there."""
    (tmp_path / "measurements.json").write_text(written)

    with pytest.raises(ragengine.DataError) as caught:
        ragengine.read(tmp_path)
    [problem] = caught.value.problems
    assert (problem.place.line, problem.place.column, problem.hint) == (1, column, hint)


def test_words_of_an_area_that_the_rules_do_not_have_are_told(tmp_path: Path) -> None:
    """A report has no page for them: what somebody wrote would be missing there without a word."""
    (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Jul-20,90\n")
    (tmp_path / "narrative.toml").write_text('[a]\nprogress = ["Seen"]\n[elsewhere]\nprogress = ["Lost"]\n')

    assert [str(problem) for problem in score(tmp_path).problems] == [
        "narrative.toml: error RAG104: the rules have no area 'elsewhere'"
    ]


@pytest.mark.parametrize(("level", "hint"), [("Greeen", "did you mean green?"), ("purple", "use red, amber, green")])
def test_a_published_level_that_is_none_says_which_there_are(tmp_path: Path, level: str, hint: str) -> None:
    """As of an override."""
    (tmp_path / "measurements.csv").write_text(HEADER + "a.seen,Jul-20,90\n")
    (tmp_path / "published.csv").write_text(f"subject,period,rag,source\na.seen,Jun-20,{level},board\n")
    [problem] = score(tmp_path).problems

    assert (problem.code, problem.hint) == ("RAG110", hint)
