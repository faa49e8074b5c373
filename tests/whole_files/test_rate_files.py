"""Whole files: every row comes out in its place, rated as one measurement is, or rejected with its reason."""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import ragengine
from ragengine.whole_files import by_kpi, csv_source, json_lines_source, rate_files, source

BOOK = '[book]\ntitle = "T"\nedition = "E"\nmissing = "{missing}"\n'
AREA = """
[area]
title = "Help"
[kpi.seen]
title = "Seen"
unit = "%"
direction = "higher"
target = {{ 2019-04-01 = 85, 2020-04-01 = 90 }}
tolerance = "10 pp"
persistence = {persistence}
[kpi.seen.entities.North]
target = 70
[kpi.plan]
title = "Plan"
words = {{ no = "red", partly = "amber", yes = "green" }}
[kpi.cost]
title = "Cost"
unit = "pounds"
direction = "lower"
inputs = ["spent", "children"]
formula = "spent / children"
target = 10
tolerance = 2
[action.do]
title = "Do"
due = 2020-09-30
"""
COLUMNS = ("kpi", "period", "entity", "value", "numerator", "denominator", "spent", "children", "note")


def rulebook(missing: str = "grey", persistence: int = 1) -> ragengine.Rulebook:
    """Two dated targets, one entity of its own, words and a formula."""
    area = AREA.format(persistence=persistence)
    return ragengine.load({"book.toml": BOOK.format(missing=missing), "help.toml": area})


def measurements(count: int, seed: int = 1) -> list[dict[str, str]]:
    """Rows of every kind and state, in no order, no two about the same KPI, period and entity."""
    rng = random.Random(seed)
    rows = []
    for n in range(count):
        month, entity = n % 24, ("North", "South", "")[n % 3] + str(n // 72 if n >= 72 else "")
        row = dict.fromkeys(COLUMNS, "") | {"entity": entity, "note": f"row {n}"}
        row["period"] = f"{2019 + month // 12}-{month % 12 + 1:02d}"
        row["kpi"] = ("help.seen", "help.plan", "help.cost")[n // 24 % 3]
        if row["kpi"] == "help.seen" and n % 5 == 0:
            row["numerator"], row["denominator"] = str(rng.randint(0, 50)), rng.choice(["50", "0", "c", "x1", "-1"])
        elif row["kpi"] == "help.seen":
            row["value"] = rng.choice(["90", "89.9", "80", "79.99", "75%", "c", "..", "", "1_0", "NaN"])
        elif row["kpi"] == "help.plan":
            row["value"] = rng.choice(["Yes", "partly", "no", "", "z", "maybe"])
        else:
            row["spent"], row["children"] = rng.choice(["100", "110", "", "k"]), rng.choice(["10", "8", "0"])
        rows.append(row)
    rng.shuffle(rows)
    return rows


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    """The rows as a file of the format that its name says, every cell a text."""
    frame = pl.DataFrame(rows)
    match path.suffix:
        case ".csv":
            frame.write_csv(path)
        case ".parquet":
            frame.write_parquet(path)
        case _:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """A file's rows; what is null in one format and empty in another is empty."""
    match path.suffix:
        case ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows: list[dict[str, Any]] = list(csv.DictReader(file))
        case ".parquet":
            rows = pl.read_parquet(path).to_dicts()
        case _:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{name: "" if value is None else value for name, value in row.items()} for row in rows]


def expected(book: ragengine.Rulebook, row: dict[str, str], rows: list[dict[str, str]] = ()) -> tuple[str, str]:
    """Level and reason of one row by the engine for one measurement, with the other rows as its history."""
    kpi = book[row["kpi"]]
    # a file of data refuses a count below 0
    counts = ("numerator", "denominator")
    row, *rows = ({k: "no count" if k in counts and v[:1] == "-" else v for k, v in r.items()} for r in (row, *rows))
    details: dict[str, Any] = {"entity": row["entity"], **{name: row[name] for name in counts}}
    if row["kpi"] == "help.cost":
        details["inputs"] = {"spent": row["spent"], "children": row["children"]}
    past = [r for r in rows if (r["kpi"], r["entity"]) == (row["kpi"], row["entity"]) and r["period"] < row["period"]]
    if past:
        details["history"] = [{k: r[k] for k in ("period", "value", "numerator", "denominator")} for r in past]
    rating = kpi.rate(row["value"], row["period"], **details)
    return str(rating.rag), str(rating.reason or "")


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks, batches and buckets so small that a few hundred rows need many."""
    monkeypatch.setattr(csv_source, "BLOCK_BYTES", 3000)
    for module in (source, json_lines_source):
        monkeypatch.setattr(module, "BATCH_ROWS", 60)
    monkeypatch.setattr(by_kpi, "_BUCKET_ROWS", 50)
    monkeypatch.setattr(by_kpi, "_SORTED_ROWS", 150)
    monkeypatch.setattr(by_kpi, "_HELD_ROWS", 7)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("given", "output"),
    [
        ("in.parquet", "out.parquet"),
        ("in.parquet", "out.csv"),
        ("in.csv", "out.csv"),
        ("in.csv", "out.ndjson"),
        ("in.jsonl", "out.ndjson"),
        ("in.jsonl", "out.parquet"),
    ],
)
def test_every_row_is_rated_as_one_measurement_is(tmp_path: Path, given: str, output: str) -> None:
    """Whatever the formats: own cells and order as they were, level and reason by the scalar engine, counts add up."""
    book, rows = rulebook(), measurements(240)

    rated = rate_files(book, [str(write(tmp_path / given, rows))], tmp_path / output)

    made = read(tmp_path / output)
    assert [{name: row[name] for name in COLUMNS} for row in made] == rows
    assert [(row["rag"], row["reason"]) for row in made] == [expected(book, row) for row in rows]
    invalid = [row["note"] for row in made if row["reason"] == "invalid"]
    grey = [row for row in made if row["rag"] == "grey" and row["reason"] != "invalid"]
    counts = rated.counts
    assert (counts.read, counts.rejected, counts.grey) == (240, len(invalid), len(grey))
    assert counts.read == counts.rated + counts.grey + counts.rejected
    told = read(tmp_path / "out.problems.csv")
    first = 2 if given == "in.csv" else 1
    lines = [int(row.get("line") or row["row"]) for row in told]
    assert [rows[line - first]["note"] for line in lines] == invalid
    assert all(row["code"] and row["reason"] for row in told)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([given, output, "out.problems.csv"])


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    ("given", "missing", "persistence"),
    [("in.parquet", "carry forward", 1), ("in.csv", "grey", 2), ("in.ndjson", "grey", 2)],
)
def test_rules_that_look_at_earlier_rows_see_them_wherever_they_stand(
    tmp_path: Path, given: str, missing: str, persistence: int
) -> None:
    """Carried values and persistence over rows that are spread over batches; the order of the rows stays."""
    book = rulebook(missing, persistence)
    rows = [row for row in measurements(450) if row["kpi"] == "help.seen"]

    rate_files(book, [str(write(tmp_path / given, rows))], tmp_path / "out.parquet")

    made = read(tmp_path / "out.parquet")
    assert [row["note"] for row in made] == [row["note"] for row in rows]
    assert [(row["rag"], row["reason"]) for row in made] == [expected(book, row, rows) for row in rows]


@pytest.mark.usefixtures("small_parts")
def test_history_adds_the_level_before_and_the_movement(tmp_path: Path) -> None:
    """From 85 to 95 against 90 is from amber to green, though the later row stands first."""
    rows = [
        {"kpi": "help.seen", "period": "Aug-20", "value": "95"},
        *({"kpi": "help.seen", "period": f"{year}-01", "value": "1"} for year in range(1950, 2000)),
        {"kpi": "help.seen", "period": "Jul-20", "value": "85"},
    ]

    rate_files(rulebook(), [str(write(tmp_path / "in.csv", rows))], tmp_path / "out.csv", history=True)

    made = read(tmp_path / "out.csv")
    assert [(row["rag"], row["previous"], row["movement"]) for row in (made[0], made[-1])] == [
        ("green", "amber", "improved"),
        ("amber", "", ""),
    ]


def test_columns_of_parquet_keep_their_types(tmp_path: Path) -> None:
    """Dates as periods, numbers, categories and nested columns go through as they are; the given target gives way."""
    frame = pl.DataFrame(
        {
            "KPI": pl.Series(["help.seen", "help.seen", "help.plan"], dtype=pl.Categorical()),
            "period": [date(2020, 7, 31), date(2019, 7, 31), None],
            "value": [90.0, 84.9, 1.0],
            "target": [1, 2, 3],
            "tags": [["a"], [], None],
        }
    )
    frame.write_parquet(tmp_path / "in.parquet")

    rated = rate_files(rulebook(), [str(tmp_path / "in.parquet")], tmp_path / "out.parquet")

    made = pl.read_parquet(tmp_path / "out.parquet")
    assert made.select("period", "value", "tags").equals(frame.select("period", "value", "tags"))
    assert made["rag"].to_list() == ["green", "amber", "grey"]
    assert made["target"].to_list() == [90.0, 85.0, None]
    assert [problem.code for _, problem in rated.problems] == ["RAG106"]


def test_a_number_where_the_rule_has_words_is_rejected(tmp_path: Path) -> None:
    """A column of numbers holds no word: the row is invalid, not without data."""
    pl.DataFrame({"kpi": ["help.plan"] * 2, "period": ["2020-07"] * 2, "value": [1.5, None]}).write_parquet(
        tmp_path / "in.parquet"
    )

    rated = rate_files(rulebook(), [str(tmp_path / "in.parquet")], tmp_path / "out.ndjson")

    assert [row["reason"] for row in read(tmp_path / "out.ndjson")] == ["invalid", "no data"]
    assert rated.problems[0][1].text == "help.plan: '1.5' is none of its words; its words are no, partly, yes"


def test_several_files_come_out_one_after_another(tmp_path: Path) -> None:
    """A pattern stands for its files in the order of their names; a column may be whole numbers in one of them."""
    for name, value in (("b", 85), ("a", 95.5)):
        pl.DataFrame({"kpi": ["help.seen"], "period": ["2020-07"], "value": [value]}).write_parquet(
            tmp_path / f"{name}.parquet"
        )

    rate_files(rulebook(), [str(tmp_path / "*.parquet")], tmp_path / "out.csv")

    assert [(row["value"], row["rag"]) for row in read(tmp_path / "out.csv")] == [("95.5", "green"), ("85.0", "amber")]


BAD = """kpi,period,value,numerator,denominator,excluded
help.seen,2020-07,,-3,10,
help.sean,2020-07,95,,,
help.do,2020-07,95,,,
help.seen,July,95,,,
help.seen,,95,,,
help.plan,2020-07,yess,,,
help.seen,2020-07,95
help.seen,2020-08,,9,10,11
,2020-07,95,,,
help.seen,2020-09,=1+1,,,
help.seen,2020-10,,9,10,few
"""
REASONS = [
    ("2", "RAG108", "the numerator -3 is negative; a count is 0 or more"),
    ("3", "RAG104", "the rules have no KPI 'help.sean'; did you mean help.seen?"),
    ("4", "RAG104", "help.do is an action: a scorecard rates it"),
    ("5", "RAG106", "'July': not a period; write 2020-07, Jul-20, Q1 2020/21, 2020/21 or 2020-07-31"),
    ("6", "RAG106", "the row has no period; write 2020-07, Jul-20, Q1 2020/21, 2020/21 or 2020-07-31"),
    ("7", "RAG109", "'yess' is none of its words; did you mean 'yes'?"),
    ("8", "RAG103", "the row has 3 cells, fewer than the 6 columns"),
    ("9", "RAG108", "11 excluded of 10; exclude at most the denominator"),
    ("10", "RAG104", "the row has no kpi"),
    (
        "11",
        "RAG105",
        "'=1+1': neither a number nor a symbol: a formula without its result; write a number, or a symbol such as c, z or ..",
    ),
    ("12", "RAG105", "'few': neither a number nor a symbol; write a number, or a symbol such as c, z or .."),
]


@pytest.mark.parametrize("missing", ["grey", "carry forward"])
def test_each_rejected_row_is_told_with_its_line_and_reason(tmp_path: Path, missing: str) -> None:
    """Every kind of bad row, by both ways of rating; the row stays in the output, grey and invalid."""
    (tmp_path / "in.csv").write_text(BAD, encoding="utf-8")

    rated = rate_files(rulebook(missing), [str(tmp_path / "in.csv")], tmp_path / "out.csv")

    told = read(tmp_path / "out.problems.csv")
    assert [(row["line"], row["code"], row["reason"]) for row in told] == REASONS
    assert told[-2]["value"] == "'=1+1"
    assert [row["reason"] for row in read(tmp_path / "out.csv")] == ["invalid"] * 11
    assert str(rated.counts) == "11 rows read = 0 rated + 0 grey + 11 rejected"


def test_a_file_of_problems_of_an_earlier_run_goes_when_there_are_none(tmp_path: Path) -> None:
    """What it says would be about rows that are no more."""
    (tmp_path / "in.csv").write_text("kpi,period,value\nhelp.sean,2020-07,95\n", encoding="utf-8")
    rate_files(rulebook(), [str(tmp_path / "in.csv")], tmp_path / "out.csv")
    assert (tmp_path / "out.problems.csv").exists()

    (tmp_path / "in.csv").write_text("kpi,period,value\nhelp.seen,2020-07,95\n", encoding="utf-8")
    rated = rate_files(rulebook(), [str(tmp_path / "in.csv")], tmp_path / "out.csv")

    assert rated.problems_file is None
    assert not (tmp_path / "out.problems.csv").exists()


def test_a_measurement_given_twice_differently_is_not_used_where_history_counts(tmp_path: Path) -> None:
    """93 and 93% are one measurement; 93 and 94 are none, and neither is carried into August."""
    text = (
        "kpi,period,value\nhelp.seen,Jul-20,93\nhelp.seen,2020-07,94\nhelp.seen,Aug-20,\n"
        "help.seen,Jan-20,93\nhelp.seen,Jan-20,93%\nhelp.seen,Feb-20,\n"
    )
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")

    rate_files(rulebook("carry forward"), [str(tmp_path / "in.csv")], tmp_path / "out.csv")

    made = [(row["rag"], row["reason"]) for row in read(tmp_path / "out.csv")]
    assert made[:2] == [("grey", "invalid")] * 2
    assert made[2:] == [("green", "")] * 4
    told = read(tmp_path / "out.problems.csv")
    clash = f"help.seen, 2020-07 is given 2 times: 93 at {tmp_path / 'in.csv'}:2, 94 at {tmp_path / 'in.csv'}:3"
    assert [(row["line"], row["code"]) for row in told] == [("2", "RAG107"), ("3", "RAG107")]
    assert told[0]["reason"] == f"{clash}; leave the right one; none is used"


def test_a_row_of_json_lines_stays_as_it_stands(tmp_path: Path) -> None:
    """Its own keys, numbers and order, with the added members at its end; a line that is no object is rejected."""
    text = '{"note": {"a": [1.50]}, "value": 93.10, "kpi": "help.seen", "period": "2020-07"}\n[1]\n\n{"kpi": NaN}\n'
    (tmp_path / "in.ndjson").write_text(text, encoding="utf-8")

    rated = rate_files(rulebook(), [str(tmp_path / "in.ndjson")], tmp_path / "out.ndjson")

    lines = (tmp_path / "out.ndjson").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(text.splitlines()[0][:-1] + ',"rag":"green"')
    assert [json.loads(line)["reason"] for line in lines] == [None, "invalid", "invalid"]
    assert [problem.message for _, problem in rated.problems] == ["no object: [1]"]
    assert [row["line"] for row in read(tmp_path / "out.problems.csv")] == ["2", "4"]


def test_texts_that_we_add_are_no_formulas_in_a_spreadsheet(tmp_path: Path) -> None:
    """An edition that begins with = is quoted in CSV; the user's own cells are passed as they are."""
    book = ragengine.load(
        {
            "book.toml": '[book]\ntitle = "T"\nedition = "=1+1"\nmissing = "grey"\n',
            "help.toml": AREA.format(persistence=1),
        }
    )
    (tmp_path / "in.csv").write_text("kpi,period,value,note\nhelp.seen,2020-07,95,=2+2\n", encoding="utf-8")

    rate_files(book, [str(tmp_path / "in.csv")], tmp_path / "out.csv")

    (row,) = read(tmp_path / "out.csv")
    assert (row["edition"], row["note"]) == ("'=1+1", "=2+2")


UNUSABLE = {
    "kpi,period,valeu\nhelp.seen,2020-07,95\n": "in.csv:1:3: error RAG102: the column 'valeu' nearly spells 'value'",
    "kpi,month,value\nhelp.seen,2020-07,95\n": "in.csv:1:2: error RAG102: the column 'month' nearly spells 'period'",
    "id,period,value\nhelp.seen,2020-07,95\n": "in.csv:1:1: error RAG102: there is no column kpi",
    "kpi,period,note\nhelp.seen,2020-07,95\n": "in.csv:1:1: error RAG102: there is no column value",
    "kpi,value,kpi\nhelp.seen,2020-07,95\n": "in.csv:1:1: error RAG102: the column 'kpi' stands twice",
    "": "in.csv:1:1: error RAG101: the file is empty",
    'kpi,period,value\nhelp.seen,2020-07,95\nhelp.seen,"2020-07,95\n': "in.csv:3:1: error RAG101: a quote",
    "kpi,period,value\nhelp.seen,2020-07,95\nhelp.seen,2020-07,9\x005\n": "in.csv:3:1: error RAG101: the line has a NUL",
    b"kpi,period,value\nhelp.seen,2020-07,95\nhelp.seen,2020-07,\xe9\n": "in.csv:3:1: error RAG101: not UTF-8: byte 0xe9",
    b"\xff\xfek\0p\0i\0": "in.csv:1:1: error RAG101: the file is UTF-16",
}


@pytest.mark.parametrize(("text", "said"), UNUSABLE.items(), ids=range(len(UNUSABLE)))
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | bytes, said: str
) -> None:
    """A missing or misspelt column, and what stops the reading half-way: file, line, and no output at all."""
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(ragengine.DataError) as wrong:
        rate_files(rulebook(), ["in.csv"], Path("out.csv"))

    assert str(wrong.value.problems[0]).startswith(said)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_damaged_parquet_file_is_named(tmp_path: Path) -> None:
    """Bytes in the middle that are not Parquet's: the error says so, and nothing is left."""
    path = write(tmp_path / "in.parquet", measurements(5000))
    data = bytearray(path.read_bytes())
    data[200 : len(data) // 2] = bytes(len(data) // 2 - 200)
    path.write_bytes(data)

    with pytest.raises(ragengine.DataError, match="cannot be read as Parquet"):
        rate_files(rulebook(), [str(path)], tmp_path / "out.parquet")

    assert [each.name for each in tmp_path.iterdir()] == ["in.parquet"]


def test_what_cannot_be_asked_for_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    """The output is an input, a format nobody knows, columns that are there already, files of two formats."""
    own, other = tmp_path / "in.csv", tmp_path / "in.parquet"
    own.write_text("kpi,period,value,rag\nhelp.seen,2020-07,95,red\n", encoding="utf-8")
    pl.DataFrame({"kpi": ["help.seen"], "period": ["2020-07"], "value": [[1]]}).write_parquet(other)
    asked = [
        ([own], own, "it is one of the files that are read"),
        ([own], tmp_path / "out.txt", "its name ends in .csv"),
        ([own], tmp_path / "out.csv", "give a --suffix"),
        ([own, other], tmp_path / "out.csv", "files of one format"),
    ]

    for files, output, said in asked:
        with pytest.raises(ragengine.BadArgument, match=said):
            rate_files(rulebook(), list(map(str, files)), output)
    with pytest.raises(ragengine.DataError, match=r"value is a number or a text"):
        rate_files(rulebook(), [str(other)], tmp_path / "out.csv")
    rate_files(rulebook(), [str(own)], tmp_path / "out.csv", suffix="_new")

    (row,) = read(tmp_path / "out.csv")
    assert (row["rag"], row["rag_new"]) == ("red", "green")


def test_files_of_other_columns_are_not_put_under_each_other(tmp_path: Path) -> None:
    """The second file lacks a column and has another: both are named."""
    (tmp_path / "a.csv").write_text("kpi,period,value,note\nhelp.seen,2020-07,95,x\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("kpi,period,value,team\nhelp.seen,2020-08,95,x\n", encoding="utf-8")

    with pytest.raises(
        ragengine.DataError, match=r"b\.csv.*RAG102.*(nearly spells 'entity'|it lacks note; it has team)"
    ):
        rate_files(rulebook(), [str(tmp_path)], tmp_path / "out" / "out.csv")


def test_files_of_other_types_are_not_put_under_each_other(tmp_path: Path) -> None:
    """Numbers in one and texts in the other: neither is turned into what it is not."""
    for name, value in (("a", 95), ("b", "95%")):
        frame = pl.DataFrame({"kpi": ["help.seen"], "period": ["2020-07"], "value": [value]})
        frame.write_parquet(tmp_path / f"{name}.parquet")

    with pytest.raises(ragengine.DataError, match=r"value is String, there Int64"):
        rate_files(rulebook(), [str(tmp_path)], tmp_path / "out.csv")


def test_a_folder_of_data_means_its_measurements(tmp_path: Path) -> None:
    """Beside measurements.csv a folder may hold actions and levels published before."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "measurements.csv").write_text("kpi,period,value\nhelp.seen,2020-07,95\n", encoding="utf-8")
    (tmp_path / "data" / "actions.csv").write_text("action,as_at,status\n", encoding="utf-8")

    rate_files(rulebook(), [str(tmp_path / "data")], tmp_path / "out.csv")

    assert [row["rag"] for row in read(tmp_path / "out.csv")] == ["green"]


@pytest.mark.usefixtures("small_parts")
def test_keys_of_json_lines_that_come_late_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entity that only the last rows name chooses its rule; for another format a late key of one's own is an error."""
    monkeypatch.setattr(json_lines_source, "_FIRST", 1)
    rows = [{"kpi": "help.seen", "period": "2020-07", "value": 75}] * 60
    rows += [{"kpi": "help.seen", "period": "2020-07", "value": 75, "entity": "North"}]
    (tmp_path / "in.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    rate_files(rulebook(), [str(tmp_path / "in.ndjson")], tmp_path / "out.ndjson")

    assert [row["rag"] for row in read(tmp_path / "out.ndjson")] == ["red"] * 60 + ["green"]
    with pytest.raises(ragengine.DataError, match=r"in\.ndjson:61:1: .* the key 'entity' is new here"):
        rate_files(rulebook(), [str(tmp_path / "in.ndjson")], tmp_path / "out.csv")
