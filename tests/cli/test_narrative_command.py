"""``ragengine narrative`` as a user runs it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ragengine.cli import main

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "narrative.txt"
PLAN = ("rules", "docs/examples/2020-08")


@pytest.fixture(autouse=True)
def _at_the_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command is run from the repository, in a window of 80 columns."""
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A folder of data of its own."""
    (tmp_path / "measurements.csv").write_text("kpi,period,value\nmash.referrals-24h,Jul-20,99\n", encoding="utf-8")
    return tmp_path


def test_the_plan_is_checked_with_place_caret_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints on the worked example; exit 1."""
    code = main(["narrative", *PLAN, "--as-at", "Aug-20"])
    said = capsys.readouterr()
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        GOLDEN.write_text(said.out, encoding="utf-8", newline="\n")

    assert code == 1
    assert said.out == GOLDEN.read_text(encoding="utf-8")
    assert said.err == "as at August 2020\n"


def test_verbose_lists_every_claim_and_what_it_was_held_against(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that held too, so that one sees what was understood; in a narrow window nothing is cut."""
    main(["narrative", *PLAN, "-v"])
    out = capsys.readouterr().out

    assert (
        'docs/examples/2020-08/narrative.toml:134:42: held: "6% off target (94%)"\n'
        "      the target of assessment.strategy-discussions is 100%: 94% is 6 percentage\n"
        "      points (6% of the target) below it\n"
    ) in out
    assert 'narrative.toml:134:94: flagged (RAG120 below): "4.5% off target (95.6%)"\n' in out
    words = {"held": ": held: ", "flagged": ": flagged (", "not checked": ": not checked: "}
    counts = [f"{out.count(mark)} {word}" for word, mark in words.items()]
    assert out.splitlines()[-1].endswith(", ".join(counts))


def test_formats_are_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON, GitHub annotations and SARIF carry code and place."""
    main(["narrative", *PLAN, "--format", "json"])
    listed = json.loads(capsys.readouterr().out)
    main(["narrative", *PLAN, "--format", "github"])
    github = capsys.readouterr().out.splitlines()
    main(["narrative", *PLAN, "--format", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]

    assert len(listed) == len(github) == len(results) == 9
    assert (listed[2]["code"], listed[2]["place"]["line"], listed[2]["place"]["column"]) == ("RAG120", 134, 94)
    assert github[2].startswith("::error file=docs/examples/2020-08/narrative.toml,line=134,col=94,title=RAG120%3A a")
    region = results[2]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (134, 94)


def test_warnings_alone_are_exit_0_and_1_with_strict(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As for check."""
    (bad / "narrative.toml").write_text('[mash]\nrisks = "MASH partner training is red."\n', encoding="utf-8")
    (bad / "actions.csv").write_text(
        "action,as_at,status\nmash.partner-training,2020-07-31,in progress\n", encoding="utf-8"
    )
    (bad / "overrides.toml").write_text(
        '[[override]]\nsubject = "mash.partner-training"\nrag = "red"\nfrom = 2020-07-01\nuntil = 2020-12-31\n'
        'reason = "Delay"\nauthority = "Board"\n',
        encoding="utf-8",
    )

    assert main(["narrative", "rules", str(bad)]) == 0
    assert "warning RAG124" in capsys.readouterr().out
    assert main(["narrative", "rules", str(bad), "--strict"]) == 1


def test_all_well_is_exit_0(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The counts are printed all the same."""
    text = '[mash]\nprogress = { text = "Referrals completed within 24 hours: 99%.", evidence = "scorecard" }\n'
    (bad / "narrative.toml").write_text(text, encoding="utf-8")

    assert main(["narrative", "rules", str(bad)]) == 0
    assert capsys.readouterr().out == "1 sentence read, 1 claim understood: 1 held, 0 flagged, 0 not checked\n"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("[mash]\nrisk = ['x']\nrisks = ['Overall.']\n", 1, ":2:1: error RAG004: mash.risk: unknown key 'risk'; did you mean risks?"),
        ("[mash]\nrisks = [\n", 3, ": error RAG002: not TOML"),
        ("", 3, "no narrative is there to check; write narrative.toml"),
        ("[mash]\nrisks = ['Overall rating is red.\\u001b[31m']\n", 1, "error RAG123: mash: said to be Red"),
    ],
)  # fmt: skip
def test_a_careless_file_is_told(
    bad: Path, capsys: pytest.CaptureFixture[str], text: str, code: int, said: str
) -> None:
    """With its place; nothing is dropped without a word, and no control character reaches the terminal."""
    (bad / "narrative.toml").write_text(text.replace("'", '"'), encoding="utf-8")

    assert main(["narrative", "rules", str(bad)]) == code
    printed = capsys.readouterr()
    assert said in printed.out + printed.err
    assert "\x1b" not in printed.out + printed.err


def test_bad_rows_of_the_data_are_told_beside(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A claim may have wanted them: exit 1."""
    (bad / "narrative.toml").write_text('[mash]\nrisks = "Overall."\n', encoding="utf-8")
    (bad / "measurements.csv").write_text("kpi,period,value\nmash.referrals-24h,Jul-20,many\n", encoding="utf-8")

    assert main(["narrative", "rules", str(bad)]) == 1
    assert "measurements.csv:2:3: error RAG105" in capsys.readouterr().err


def test_data_before_rules_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command names the rules first; here it once was the other way, and the message says so."""
    assert main(["narrative", "docs/examples/2020-08", "rules"]) == 2
    assert "name the rules first, the data last" in capsys.readouterr().err


def test_what_is_not_there_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    """Data, rules, or a narrative among the data."""
    assert main(["narrative", "rules", "nowhere"]) == 3
    assert main(["narrative", "nowhere", "docs/examples/2020-08"]) == 3
    assert main(["narrative", "rules", "docs/examples/2020-07"]) == 3
    assert "Traceback" not in capsys.readouterr().err
