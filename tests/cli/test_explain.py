"""``explain`` as a user runs it: what it prints in any window, what it writes, and its exit codes."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

import ragengine
from ragengine.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
DATA = "docs/examples/2020-08"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``explain`` from the root of the repository: exit code, output, errors."""

    def explain(*arguments: object, columns: int = 80) -> tuple[int, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setenv("COLUMNS", str(columns))
        try:
            code = main(["explain", *map(str, arguments)])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return explain


def golden(name: str, text: str) -> None:
    """Compares with a golden file; ``RAGENGINE_GOLDEN=write`` writes it, for a person to read as a diff."""
    path = GOLDEN / name
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


GOOD = "tests/rulefiles/good"


@pytest.mark.parametrize(
    ("name", "arguments", "columns"),
    [
        ("kpi-rule", ["actions-and-graces", "assessment.seen-45-days", "--at", "2020-08-14"], 80),
        ("kpi-rule-narrow", ["bands-and-ranges", "assessment.caseload"], 44),
        ("kpi-editions", ["extends", "assessment.seen-45-days"], 80),
        ("kpi-dates", ["bands-and-ranges", "assessment.visits"], 80),
        ("action-rule", ["actions-and-graces", "assessment.learning-circles", "--at", "2020-08-14"], 80),
        ("action-why-not", ["actions-and-graces", "assessment.learning-circles", "--at", "2020-12-14", "--why-not", "green"], 80),
        ("area-rule", ["roll-ups", "assessment"], 80),
        ("walk", ["actions-and-graces", "assessment.seen-45-days", "--period", "2020-02..2020-04"], 120),
    ],
)  # fmt: skip
def test_what_people_read(run: Run, name: str, arguments: list[str], columns: int) -> None:
    """Rules of every kind, in narrow and wide windows; nothing is wider than the window."""
    code, out, err = run(f"{GOOD}/{arguments[0]}", *arguments[1:], columns=columns)

    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= columns
    golden(f"explain-{name}.txt", out)


def test_every_rule_of_the_plan_explains_itself(run: Run) -> None:
    """All KPIs, actions and areas, in a window of 50 columns: exit 0, the id's place, and where each key comes from."""
    rules = ragengine.load(ROOT / "rules").rules
    subjects = [
        *list(rules.kpis)[::6],
        *list(rules.actions)[::6],
        *list(rules.areas)[::6],
        "send.transition-audit-tool",
    ]
    for subject in subjects:
        code, out, err = run("rules", subject, columns=50)
        assert (code, err) == (0, ""), subject
        assert "Where each key comes from" in out
        assert max(map(len, out.splitlines())) <= 50, subject


def test_every_level_of_the_plans_data_is_answered_for(run: Run) -> None:
    """One subject of each kind, with the data of August: why not each level, in text and in JSON."""
    for subject in ("early-help.seen-10-days", "early-help.children-with-assessment", "mash.contacts",
                    "mash.learning-circles", "send.transition-audit-tool", "leadership"):  # fmt: skip
        for level in ("red", "amber", "green"):
            code, out, _ = run("rules", subject, "--data", DATA, "--why-not", level)
            assert code == 0
            assert f"Why not {level.title()}:" in out or f"It is {level.title()} already." in out


def test_why_not_of_an_area_names_children_and_override(run: Run) -> None:
    """Leadership, August 2020: four of its children are red, and it was agreed as red besides."""
    code, out, _ = run("rules", "leadership", "--data", DATA, "--why-not", "green")

    assert code == 0
    assert "a change of 4 of its 12 children would do, and\n  no fewer:" in out
    assert "2. override: agreed as Red until 31 December 2020" in out


def test_a_walk_through_the_data(run: Run) -> None:
    """A line for each period: no data yet, July's value, July's carried into August, and stale."""
    _, out, _ = run("rules", "early-help.seen-10-days", "--data", DATA, "--period", "2020-06..2020-09")

    assert [line.split("  ")[0] for line in out.splitlines()[-4:]] == [
        "June 2020", "July 2020", "August 2020", "September 2020",
    ]  # fmt: skip
    assert "● Amber  carried forward from July 2020" in out
    assert out.splitlines()[-1].endswith("– Grey   stale")


def test_as_at_is_another_name_of_at(run: Run) -> None:
    """Scripts that say --as-at go on."""
    both = [run("rules", "send.camhs-transition", flag, "2020-08-14")[1] for flag in ("--at", "--as-at")]

    assert both[0] == both[1]


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["early-help.seen-10-days"], {"bands", "graces", "timeline", "settings", "why_no_bands"}),
        (["send.camhs-transition", "--at", "2020-08-14"], {"graced_bands", "graces", "timeline"}),
        (["early-help"], {"rules", "children", "mixes", "settings"}),
        (["early-help", "--data", DATA, "--why-not", "red"], {"children", "counts", "why_not", "deciding"}),
        (["early-help.seen-10-days", "84", "--why-not", "green"], {"steps", "bands", "graces_on_day", "why_not"}),
        (["early-help.seen-10-days", "--period", "2020-06..2020-08"], {"periods"}),
    ],
)
def test_each_explanation_is_json_too(run: Run, arguments: list[str], keys: set[str]) -> None:
    """The same facts as plain values; what is drawn is left out."""
    code, out, _ = run("rules", *arguments, "--format", "json")
    found = json.loads(out)

    assert code == 0
    assert keys <= found.keys()
    assert "strips" not in found


def test_json_holds_exact_numbers_and_places(run: Run) -> None:
    """Bands as numbers with the side of each end, settings with file and line."""
    found = json.loads(run("rules", "early-help.seen-10-days", "--format", "json")[1])

    assert found["bands"][1] == {"rag": "amber", "lower": "80", "lower_in": True, "upper": "90", "upper_in": False}
    target = next(setting for setting in found["settings"] if setting["key"] == "target")
    assert (target["value"], target["file"], target["line"], target["layer"]) == ("90", "early-help.toml", 30, "KPI")


def test_files_are_written_by_their_names(run: Run, tmp_path: Path) -> None:
    """SVG, text and JSON; the file is whole and its name is said."""
    for name in ("x.svg", "x.txt", "x.json"):
        code, out, _ = run("rules", "early-help.seen-10-days", "84", "-o", tmp_path / name)
        assert (code, out) == (0, f"wrote {tmp_path / name}\n")
    svg = ET.parse(tmp_path / "x.svg").getroot()
    words = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]

    assert {"▲ Red", "● Amber", "★ Green", "84%", "≥ 80%", "target 90%"} <= set(words)
    assert "↑ 84%" in (tmp_path / "x.txt").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["rag"] == "amber"


def test_an_action_is_open_until_it_was_completed(run: Run) -> None:
    """A walk through periods shows it late before the day of ``--completed-on``, and complete from then on."""
    action, span = "send.camhs-transition", "2020-08..2020-11"
    _, as_open, _ = run("rules", action, "--period", span)
    code, out, err = run("rules", action, "--period", span, "--status", "complete", "--completed-on", "2020-10-10")
    rows = [
        [line.split("  ")[-1].strip() for line in text.splitlines() if " 2020  " in line] for text in (as_open, out)
    ]

    assert (code, err) == (0, "")
    assert rows[1] == [*rows[0][:2], "★ Green", "★ Green"]
    assert rows[0][:2] != ["★ Green", "★ Green"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["early-help.seen-10-day"], "did you mean early-help.seen-10-days"),
        (["seen-10-days"], "did you mean early-help.seen-10-days"),
        (["early-hlep"], "did you mean early-help"),
        (["send.camhs-transition", "--status", "in progress"], "--at is missing; an action is rated on a day"),
        (["send.camhs-transition", "--why-not", "green"], "--at is missing; an action is rated on a day"),
        (["send.camhs-transition", "50"], "an action has no value"),
        (["early-help", "50"], "VALUE: '50' cannot be used; an area has no value of its own: give --data"),
        (
            ["early-help.seen-10-days", "84", "--status", "complete"],
            "--status: 'complete' cannot be used; a KPI has none",
        ),
        (["early-help.seen-10-days", "--cause", "covid"], "--cause: 'covid' cannot be used; a rule without a value"),
        (["early-help.seen-10-days", "84", "--data", DATA], "VALUE: '84' cannot be used; --data says it"),
        (["early-help", "--why-not", "green"], "an area is rated from its children: give --data"),
        (["early-help", "--period", "2020-01..2020-03"], "an area's roll-up is the same in every period"),
        (["early-help.seen-10-days", "--why-not", "green"], "give a value to ask about, or --data"),
        (["early-help.seen-10-days", "84", "--why-not", "purple"], "name a level of the scale: red, amber, green"),
        (["early-help.seen-10-days", "--at", "soon"], "--at: 'soon' cannot be used; not a period"),
        (["early-help.seen-10-days", "--target", "many"], "--target: 'many' cannot be used"),
        (["early-help.seen-10-days", "--input", "seen=1"], "this KPI's inputs: none"),
        (["early-help.seen-10-days", "-o", "x.png"], "name a file that ends in .txt, .json or .svg"),
        (["early-help.seen-10-days", "-o", "x.svg", "--format", "json"], "its name says svg and --format says json"),
        (["early-help.stepped-up", "--format", "svg"], "there is nothing to draw: it is monitored"),
        (["early-help", "--format", "svg"], "the method rules has no bands"),
    ],
)
def test_wrong_use_is_exit_2_and_says_what_would_do(run: Run, arguments: list[str], said: str) -> None:
    """Never a stack trace, never a guess."""
    code, out, err = run("rules", *arguments)

    assert (code, out) == (2, "")
    assert said in err


def test_what_cannot_be_written_is_exit_3(run: Run) -> None:
    """No folder, no file, and no stack trace."""
    code, _, err = run("rules", "early-help.seen-10-days", "-o", "no/such/folder/x.svg")

    assert code == 3
    assert "cannot be written" in err


def test_problems_of_the_data_about_the_subject_are_told(run: Run, tmp_path: Path) -> None:
    """A row that cannot be read: the explanation says grey, the problem its place, and the exit code 1."""
    (tmp_path / "measurements.csv").write_text(
        "kpi,period,value\nearly-help.seen-10-days,2020-07,many\nearly-help.direct-work-audits,2020-07,lots\n",
        encoding="utf-8",
    )
    code, out, err = run("rules", "early-help.seen-10-days", "--data", tmp_path)

    assert code == 1
    assert out.startswith("Grey: invalid.")
    assert "measurements.csv:2" in err and "direct-work-audits" not in err
