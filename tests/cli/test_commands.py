"""Each command as a user runs it: what it prints, what it writes, and its exit code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ragengine

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


class Ran:
    """What a command did."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code = done.returncode
        self.out = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
        self.err = done.stderr.decode("utf-8", "replace").replace("\r\n", "\n")


def run(*arguments: object, cwd: Path, columns: int = 80, **env: str) -> Ran:
    """One command in a fresh process, with a plain environment."""
    plain = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "PYTHONIOENCODING")}
    done = subprocess.run(
        [sys.executable, "-m", "ragengine", *map(str, arguments)],
        cwd=cwd,
        env={**plain, "COLUMNS": str(columns), "PYTHONUTF8": "1", **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Ran(done)


def golden(name: str, text: str) -> None:
    """Compares with a golden file; ``RAGENGINE_GOLDEN=write`` writes it, for a person to read as a diff."""
    path = GOLDEN / name
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """A folder with what ``init`` writes."""
    assert run("init", "new", cwd=tmp_path).code == 0
    return tmp_path / "new"


def test_demo_shows_seventeen_areas_and_says_where_the_report_went(tmp_path: Path) -> None:
    """RAG at a glance with key, previous, current and movement, readable at 80 columns."""
    ran = run("demo", cwd=tmp_path)

    assert ran.code == 0
    assert max(map(len, ran.out.splitlines()[:-1])) <= 80
    golden("demo.txt", re.sub(r"explain \S+/rules (\S+) --data \S+/2020-08", r"explain RULES \1 --data DATA", ran.out))
    written = tmp_path / "ragengine-demo" / "exception-report-2020-08.md"
    golden("exception-report-2020-08.md", written.read_text(encoding="utf-8"))
    golden("exception-report-2020-08.txt", written.with_suffix(".txt").read_text(encoding="utf-8"))


def test_demo_on_a_windows_console_prints_words(tmp_path: Path) -> None:
    """A cp1252 console lacks the symbols: nothing fails, and each level's word is there."""
    ran = run("demo", cwd=tmp_path, PYTHONUTF8="0", PYTHONIOENCODING="cp1252")

    assert ran.code == 0
    assert "* Green" in ran.out
    assert "o Amber" in ran.out
    assert "^ Red" in ran.out


def test_demo_in_a_narrow_window_breaks_no_word(tmp_path: Path) -> None:
    """Where the columns do not fit, each area is a list of its own."""
    ran = run("demo", cwd=tmp_path, columns=40)

    assert "Children's Resource Service\n  ● Amber, worse: ★ Green j\n  4 Green, 2 Not rated\n" in ran.out
    assert max(map(len, ran.out.partition("118 rows")[0].splitlines()[1:])) <= 40


def test_demo_in_a_wide_window_uses_the_room(tmp_path: Path) -> None:
    """Nothing is wrapped where there is room."""
    ran = run("demo", cwd=tmp_path, columns=140)

    assert "Special Educational Needs and Disabilities  " in ran.out


def test_init_check_test_score_is_a_newcomers_path(started: Path) -> None:
    """What init writes is sound, passes its tests and rates."""
    checked = run("check", "rules", "--as-at", "2026-09-30", cwd=started)
    assert checked.out == "rules, as at 2026-09-30: 0 errors, 0 warnings\n"
    assert run("test", "rules", cwd=started).out == "4 passed, 0 failed\n"
    ran = run("score", "rules", "data", cwd=started)

    assert ran.code == 0
    assert "as at September 2026, the latest period in the data" in ran.err
    golden("init-score.txt", ran.out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("init", "rules"), "FOLDER: 'rules' cannot be used; it is a rulebook already: name a new folder"),
        (("score", "rules", "data", "--as-at", "soon"), "--as-at: 'soon' cannot be used; not a period"),
        (("report", "rules", "data", "-o", "a.docx", "--template", "our.docx"), "--template: 'our.docx' cannot be used; there is no such file"),
    ],
)  # fmt: skip
def test_wrong_use_names_the_argument_as_it_was_typed(started: Path, words: tuple[str, ...], said: str) -> None:
    """One line, and nothing is written beside what is there."""
    before = sorted(started.rglob("*"))
    ran = run(*words, cwd=started)

    assert ran.code == 2
    assert f"ragengine: {said}" in ran.err
    assert sorted(started.rglob("*")) == before


def test_init_overwrites_nothing(started: Path) -> None:
    """A second time is wrong use."""
    ran = run("init", ".", cwd=started)

    assert ran.code == 2
    assert "is there already" in ran.err


def test_init_lists_published_keys(tmp_path: Path) -> None:
    """``--key list`` needs no folder, and names each key with its source."""
    ran = run("init", "--key", "list", cwd=tmp_path)

    assert ran.code == 0
    assert "havering" in ran.out and "London Borough of Havering" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_init_writes_a_published_key(tmp_path: Path) -> None:
    """Rules that are sound and pass their cases as they stand; a second time is refused."""
    assert run("init", "ours", "--key", "havering", cwd=tmp_path).code == 0
    assert run("check", "ours/rules", "--as-at", "2026-11-29", cwd=tmp_path).out.endswith("0 errors, 0 warnings\n")
    assert run("test", "ours/rules", cwd=tmp_path).out == "6 passed, 0 failed\n"
    assert "is there already" in run("init", "ours", "--key", "havering", cwd=tmp_path).err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("ours", "--key", "haverin"), "did you mean havering?"),
        (("--key", "havering"), "name a folder"),
        (("ours", "--key", "havering", "--xlsx", "rules", "--period", "2020-09"), "one at a time"),
        ((), "name a folder"),
    ],
)
def test_init_is_told_what_it_lacks(tmp_path: Path, given: tuple[str, ...], said: str) -> None:
    """A key mistyped, a folder left out, two things at once: wrong use, nothing written."""
    ran = run("init", *given, cwd=tmp_path)

    assert ran.code == 2
    assert said in ran.err
    assert list(tmp_path.iterdir()) == []


def test_check_reports_with_place_caret_and_exit_code(started: Path) -> None:
    """A bad rulebook: exit 1, everything at once."""
    file = started / "rules" / "early-help.toml"
    file.write_text(file.read_text().replace('tolerance = "10 pp"', 'tolerance = "10%"').replace("due ", "dew "))
    ran = run("check", "rules", "--as-at", "2026-09-30", cwd=started)

    assert ran.code == 1
    golden("check-bad.txt", ran.out)


def test_check_formats_are_for_machines(started: Path) -> None:
    """JSON, GitHub annotations and SARIF carry the same place and code."""
    file = started / "rules" / "early-help.toml"
    file.write_text(file.read_text().replace("target    = 90", 'target    = "90"'))
    listed = json.loads(run("check", "rules", "--format", "json", cwd=started).out)
    github = run("check", "rules", "--format", "github", cwd=started).out

    assert (listed[0]["code"], listed[0]["place"]["line"]) == ("RAG006", 10)
    assert github.startswith("::error file=rules/early-help.toml,line=10,col=13,title=RAG006%3A a value of the wrong")
    log = json.loads(run("check", "rules", "--format", "sarif", cwd=started).out)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("rules/early-help.toml", 10)


def test_check_strict_counts_warnings(started: Path) -> None:
    """Warnings alone are exit 0, and 1 with --strict."""
    file = started / "rules" / "early-help.toml"
    file.write_text(file.read_text().replace("critical  = true", "review_by = 2020-01-01"))

    assert run("check", "rules", "--as-at", "2026-01-01", cwd=started).code == 0
    assert run("check", "rules", "--as-at", "2026-01-01", "--strict", cwd=started).code == 1


def test_a_failing_case_says_what_happened(started: Path) -> None:
    """File and line of the case, expected and got, and the explanation."""
    file = started / "rules" / "early-help.cases.toml"
    file.write_text(file.read_text().replace("value  = 89.9", "value  = 79.9"))
    ran = run("test", "rules", cwd=started)

    assert ran.code == 1
    assert "FAIL  rules/early-help.cases.toml:9: just under the target is amber" in ran.out
    assert "rag: expected amber, got red" in ran.out
    assert "10.1 percentage points short" in ran.out
    assert ran.out.endswith("3 passed, 1 failed\n")


def test_coverage_lists_what_no_case_shows_and_may_be_asked_for(started: Path) -> None:
    """In the order of the rules, wrapped to the window, with the share at the end; below what is asked for is exit 1."""
    for columns in (50, 140):
        ran = run("test", "rules", "--coverage", cwd=started, columns=columns)

        assert ran.code == 0
        assert max(map(len, ran.out.splitlines())) <= columns
        assert re.findall(r"^(\S+): \d+ of \d+$", ran.out, re.MULTILINE) == [
            "early-help.seen-10-days", "early-help.days-to-first-visit", "early-help.guidance", "book",
        ]  # fmt: skip
        assert "rules: coverage 16.0%: 4 of 25 lines have a case" in ran.out
    assert run("test", "rules", "--coverage-min", "16", cwd=started).code == 0
    assert run("test", "rules", "--coverage-min", "16.1%", cwd=started).code == 1


@pytest.mark.parametrize("option", [("--coverage-min", "nan"), ("--coverage-min", "101"), ("--junit", "-")])
def test_options_of_test_that_cannot_be_are_wrong_use(started: Path, option: tuple[str, str]) -> None:
    """Exit 2 and a sentence that names the option."""
    ran = run("test", "rules", *option, cwd=started)

    assert ran.code == 2
    assert ran.err.startswith(f"ragengine: {option[0]}: ")


def test_missing_cases_are_written_confirmed_and_then_leave_no_survivor(started: Path) -> None:
    """Unconfirmed they pass and count for nothing; without the mark every line has a case and every mutant is noticed."""
    wrote = run("test", "rules", "--write-missing", cwd=started)
    file = started / "rules" / "early-help.boundaries.cases.toml"
    waiting = run("test", "rules", "--mutate", cwd=started)
    file.write_text(file.read_text(encoding="utf-8").replace("unconfirmed = true\n", ""), encoding="utf-8")
    confirmed = run("test", "rules", "--coverage", "--mutate", cwd=started)

    assert "wrote 21 cases to rules/early-help.boundaries.cases.toml" in wrote.out
    assert waiting.code == 1
    assert waiting.out.endswith(
        "rules: 30 mutants: 12 noticed, 18 survived\n25 passed, 21 of them unconfirmed, 0 failed\n"
    )
    assert "SURVIVED  rules/early-help.toml:15: early-help.days-to-first-visit: target 5 → 6" in waiting.out
    assert confirmed.code == 0
    assert confirmed.out.endswith(
        "rules: coverage 100.0%: 25 of 25 lines have a case\nrules: 30 mutants: 30 noticed, 0 survived\n25 passed, 0 failed\n"
    )


def test_score_with_bad_rows_finishes_and_says_so(started: Path) -> None:
    """Exit 1, the row is in the scorecard, and the counts are printed."""
    data = started / "data" / "measurements.csv"
    data.write_text(data.read_text().replace(",4.5,", ",four,"))
    ran = run("score", "rules", "data", cwd=started)

    assert ran.code == 1
    assert "RAG105" in ran.err
    assert "Grey: invalid" in ran.out
    assert "4 rows read = 3 rated + 1 grey + 0 rejected" in ran.out


def test_score_that_cannot_is_exit_3(started: Path) -> None:
    """Unusable rules, missing data, or output that cannot be written."""
    assert run("score", "rules", "nowhere", cwd=started).code == 3
    assert run("score", "nowhere", "data", cwd=started).code == 3
    ran = run("score", "rules", "data", "-o", "no/such/folder/x.json", "--format", "json", cwd=started)
    assert (ran.code, ran.out) == (3, "")
    assert "cannot be written" in ran.err


@pytest.mark.parametrize(
    "arguments", [["score"], ["scor"], ["explain", "rules", "x.y"], ["score", "rules", "data", "--as-at", "soon"]]
)
def test_wrong_use_is_exit_2_without_a_stack_trace(started: Path, arguments: list[str]) -> None:
    """Never a traceback for what a person typed."""
    ran = run(*arguments, cwd=started)

    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_score_json_is_a_scorecard(started: Path) -> None:
    """The file reads back as the same scorecard."""
    ran = run("score", "rules", "data", "--format", "json", "-o", "card.json", cwd=started)
    text = (started / "card.json").read_text(encoding="utf-8")

    assert ran.code == 0
    assert ragengine.Scorecard.from_json(text).to_json() == text


def test_score_csv_rounds_no_number_onto_a_line(started: Path) -> None:
    """A value just short of its target is written in full, and so is what it is short of."""
    (started / "rules" / "near.toml").write_text(
        '[area]\ntitle = "N"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "higher"\ntarget = 70\ntolerance = "5 days"\n',
        encoding="utf-8",
    )
    (started / "near.csv").write_text("kpi,period,value\nnear.k,2020-08,69.9999999\n", encoding="utf-8")

    ran = run("score", "rules", "near.csv", "--format", "csv", cwd=started)

    assert ",69.9999999,70,0.0000001," in ran.out


def test_score_csv_is_safe_for_spreadsheets(started: Path) -> None:
    """Text that looks like a formula is defused."""
    file = started / "rules" / "early-help.toml"
    file.write_text(file.read_text().replace('title     = "Average', 'title     = "=cmd|Average'))
    ran = run("score", "rules", "data", "--format", "csv", cwd=started)

    assert "'=cmd|Average" in ran.out
    assert ran.out.splitlines()[0].startswith("area,id,kind")


def test_explain_draws_the_bands_and_the_value(started: Path) -> None:
    """Headline, what would change it, the number line, and each step with its place."""
    ran = run("explain", "rules", "early-help.seen-10-days", "--numerator", "84", "--denominator", "100",
              "--period", "2026-09", cwd=started)  # fmt: skip

    assert ran.code == 0
    golden("explain.txt", ran.out)


def test_explain_an_area_with_data(started: Path) -> None:
    """The rule that matched and those that did not."""
    ran = run("explain", "rules", "early-help", "--data", "data", cwd=started)

    assert ran.code == 0
    assert ran.out.startswith("Amber. Early help, September 2026: 3 of 3 rated")
    assert "Not red: critical_red >= 1 or red > rated / 2 does not hold" in ran.out


def test_explain_suggests_the_id_that_was_meant(started: Path) -> None:
    """A misspelt id is wrong use, with a did-you-mean."""
    ran = run("explain", "rules", "early-help.seen-10-day", "84", cwd=started)

    assert ran.code == 2
    assert "did you mean early-help.seen-10-days" in ran.err


def test_report_is_markdown_or_text(started: Path) -> None:
    """Both say the same; the file is written whole."""
    assert run("report", "rules", "data", "-o", "r.md", cwd=started).code == 0
    text = run("report", "rules", "data", "--format", "text", cwd=started).out
    written = (started / "r.md").read_text(encoding="utf-8")

    assert "## RAG at a glance and key" in written
    assert "Why it is here" in written
    assert "RAG at a glance and key" in text
    assert max(map(len, text.splitlines())) <= 80


def test_no_colour_without_a_terminal(started: Path) -> None:
    """Nothing but text goes into a pipe."""
    assert "\x1b" not in run("score", "rules", "data", cwd=started).out


def test_the_same_input_gives_the_same_bytes(started: Path) -> None:
    """Independent of hash seed, locale and time zone."""
    ways = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC"},
        {"PYTHONHASHSEED": "2", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8"},
    ]
    outs = {run("score", "rules", "data", "--format", "json", cwd=started, **way).out for way in ways}

    assert len(outs) == 1


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """``ragengine demo | head -1`` ends quietly."""
    code = f"{sys.executable} -m ragengine demo | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", code], cwd=tmp_path, capture_output=True, check=False, timeout=60)

    assert b"Traceback" not in done.stderr
