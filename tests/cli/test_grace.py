"""``grace`` as a user runs it: what it prints, in which form, and its exit code."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ragengine.cli import main

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
DATA = "docs/examples/2020-08"


class Ran:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], root: Path):  # type: ignore[no-untyped-def]
    """Runs ``grace`` from the root of the repository, 80 columns wide."""
    monkeypatch.chdir(root)

    def ran(*arguments: object, columns: int = 80) -> Ran:
        monkeypatch.setenv("COLUMNS", str(columns))
        try:
            code = main(["grace", *map(str, arguments)])
        except SystemExit as stopped:
            code = int(str(stopped.code))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


def golden(name: str, text: str) -> None:
    """Compares with a golden file; ``RAGENGINE_GOLDEN=write`` writes it, for a person to read as a diff."""
    path = GOLDEN / name
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


def test_the_plan_with_its_data(run) -> None:  # type: ignore[no-untyped-def]
    """What to decide, every grace and override, and the exception debt, at 80 columns."""
    ran = run("rules", "--data", DATA)

    assert ran.code == 0
    assert ran.err.startswith("as at August 2020, the latest period in the data\n118 rows read")
    assert max(map(len, ran.out.splitlines())) <= 80
    golden("grace.txt", ran.out)


def test_without_data_it_says_what_cannot_be_known(run) -> None:  # type: ignore[no-untyped-def]
    """Dates and authorities are there; use, overrides and debt are not, and that is said."""
    ran = run("rules", "--as-at", "2020-10-01")

    assert (ran.code, ran.err) == (0, "as at 2020-10-01\n")
    golden("grace-without-data.txt", ran.out)


def test_in_a_narrow_window_nothing_is_cut(run) -> None:  # type: ignore[no-untyped-def]
    """Where the columns do not fit, each row is a list of its own."""
    ran = run("rules", "--data", DATA, columns=44)

    assert "covid-19-transition\n  State: expiring, 30 days left\n  Until: 2020-09-30\n" in ran.out
    assert "MASH\n  Green: 0 of 4\n  Amber: 0 of 0\n  Held back: 4\n" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 44


def test_in_a_wide_window_a_grace_is_a_line(run) -> None:  # type: ignore[no-untyped-def]
    """Nothing is wrapped where there is room."""
    lines = run("rules", "--data", DATA, columns=140).out.splitlines()

    assert any(
        line.startswith("elective-home-education.cohort-visited: no worse than amber  live, 212") for line in lines
    )


def test_json_and_markdown_say_the_same(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """For machines with ids and exact days, for a wiki as tables; ``-o`` writes a whole file."""
    listed = json.loads(run("rules", "--data", DATA, "--format", "json").out)
    ran = run("rules", "--data", DATA, "--format", "markdown", "-o", tmp_path / "grace.md")
    written = (tmp_path / "grace.md").read_text(encoding="utf-8")

    survey = listed["graces"][1]
    assert (survey["name"], survey["state"], survey["days_left"]) == ("covid-19-survey", "expiring", 30)
    assert survey["grace"]["until"] == "2020-09-30"
    assert survey["use"]["changes"] == [{"before": "red", "after": "green", "times": 1}]
    assert listed["debt"]["total"]["levels"][1] == {"level": "amber", "ratings": 11, "resting": 4}
    assert (ran.code, ran.out) == (0, "")
    assert "| covid-19-survey | expiring, 30 days left | 2020-09-30 | 1 | 1 Red to Green | yes |" in written


def test_every_state_has_its_words(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Not begun, expired, lapsed, refused, never fired, unused, over budget, on one page."""
    rules, data = tmp_path / "rules", tmp_path / "data"
    rules.mkdir()
    data.mkdir()
    inline = '{ from = 2020-04-01, until = 2020-09-30, no_worse_than = "amber", reason = "R", authority = "B" }'

    def grace(name: str, start: str, until: str, more: str = "") -> str:
        dates = f"from = {start}\nuntil = {until}\n"
        return f'[grace.{name}]\n{dates}no_worse_than = "amber"\nreason = "R"\nauthority = "B"\n{more}\n'

    (rules / "book.toml").write_text(
        '[book]\ntitle = "Plan"\nedition = "2020-21"\nmissing = "grey"\n'
        'grace_budget = { periods = 6, share = "50%" }\n'
        + grace("past", "2020-04-01", "2020-06-30")
        + grace("later", "2020-09-05", "2020-12-31")
        + grace("unheard", "2020-07-01", "2020-08-31", "when = '\"covid\" in causes'\nevidence = 'Minutes'")
        + grace("nobodys", "2020-04-01", "2020-12-31")
    )
    kpi = '[kpi.{name}]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\ngrace = [{graces}]\n'
    (rules / "a.toml").write_text(
        '[area]\ntitle = "A"\n'
        + kpi.format(name="k", graces='"past", "later", "unheard"')
        + kpi.format(name="l", graces=inline)
        + kpi.format(name="m", graces="")
    )
    (data / "measurements.csv").write_text(
        "kpi,period,value\na.k,2020-06,70\na.k,2020-07,70\na.k,2020-08,70\na.l,2020-06,70\na.l,2020-08,95\na.m,2020-08,95\n"
    )
    (data / "overrides.toml").write_text(
        '[[override]]\nsubject = "a.m"\nrag = "green"\nfrom = 2020-04-01\nuntil = 2020-08-30\nreason = "R"\n'
        'authority = "B"\nrelease_when = "The audit is done"\n'
    )
    ran = run(rules, "--data", data)

    assert ran.code == 0
    golden("grace-every-state.txt", ran.out)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("rules", "--as-at", "soon"), 2, "'soon' cannot be used"),
        (("rules", "--data", "docs/examples/2020-07"), 2, "the data have no period"),
        (("rules", "--format", "csv"), 2, "invalid choice"),
        (("nowhere",), 3, "the rules cannot be used"),
        (("rules", "--data", "nowhere"), 3, "the data cannot be used"),
        (("rules", "-o", "no/such/folder/grace.txt"), 3, "cannot be written"),
    ],
)
def test_exit_codes_of_wrong_use_and_of_what_could_not_be_done(  # type: ignore[no-untyped-def]
    run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """2 for what was typed, 3 for what cannot be used or written."""
    ran = run(*arguments)

    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_rows_that_cannot_be_used_are_exit_1(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """As ``score`` ends: finished, with problems reported."""
    (tmp_path / "measurements.csv").write_text("kpi,period,value\nmash.referrals-24h,Jul-20,ninety\n")
    ran = run("rules", "--data", tmp_path)

    assert ran.code == 1
    assert "RAG105" in ran.err
