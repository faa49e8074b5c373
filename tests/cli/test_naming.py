"""Rules and data named the wrong way round, one folder too high or too low; periods, commands and options mistaken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ragengine.cli import _COMMANDS, main
from ragengine.starter import FILES


@pytest.fixture(autouse=True)
def _started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command is run beside ``kpis/rules`` and ``kpis/data``."""
    for name, text in FILES.items():
        path = tmp_path / "kpis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "kpis" / "data" / "old").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def code_of(command: str) -> int:
    """The exit code of a command line."""
    try:
        return main(command.split())
    except SystemExit as stopped:
        return int(stopped.code or 0)


SWAPPED = "name the rules first, the data last"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("score kpis/data kpis/rules", SWAPPED),
        ("report kpis/data kpis/rules", SWAPPED),
        ("narrative kpis/data kpis/rules", SWAPPED),
        ("explain kpis/data early-help --data kpis/rules", SWAPPED),
        ("grace kpis/data --data kpis/rules", SWAPPED),
        ("check kpis/data --data kpis/rules", SWAPPED),
        ("check kpis/data", "it holds data, not rules: name the folder that has book.toml; do you mean kpis/rules?"),
        ("check kpis", "there is no book.toml in it; do you mean kpis/rules?"),
        ("test kpis", "do you mean kpis/rules?"),
        ("diff kpis kpis/rules", "do you mean kpis/rules?"),
        ("export kpis --to csv", "do you mean kpis/rules?"),
        ("set kpis book.edition 2", "do you mean kpis/rules?"),
        ("schema --write kpis", "do you mean kpis/rules?"),
        ("check kpis/rules/early-help.toml", "it is a file, and RULES a folder; do you mean kpis/rules?"),
        ("score kpis/rules kpis", "DATA: 'kpis' cannot be used; there is no data in it; do you mean kpis/data?"),
        ("score kpis/rules kpis/data/old", "there is no data in it; do you mean kpis/data?"),
        ("score kpis/rules kpis/rules", "it is a folder of rules"),
        ("diff kpis/rules kpis/rules --data kpis", "do you mean kpis/data?"),
        ("score kpis/rules kpis/data --previous kpis", "do you mean kpis/data?"),
    ],
)
def test_a_folder_that_is_not_meant_is_recognised(command: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong use, with the folder that is meant, in every command that takes rules or data."""
    assert code_of(command) == 2
    assert said in capsys.readouterr().err


def test_rules_and_data_in_their_order_pass(capsys: pytest.CaptureFixture[str]) -> None:
    """What is right is not taken for a mistake, also where the data are files, or the folder is the one one stands in."""
    for command in (
        "score kpis/rules kpis/data",
        "score kpis/rules kpis/data/measurements.csv",
        "check kpis/rules",
        "grace kpis/rules --data kpis/data",
    ):
        assert code_of(command) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--previous kpis/data", "it is the same period as DATA: name the period before"),
        ("--previous kpis/data --previous-as-at 2026-12", "December 2026, no earlier than September 2026 of DATA"),
        ("--previous kpis/data --previous-as-at soon", "--previous-as-at: 'soon' cannot be used"),
        ("--previous-as-at 2026-08", "it goes with --previous DATA"),
        ("--previous undated", "it has no period: say which with --previous-as-at"),
    ],
)
def test_a_previous_period_that_is_not_before_is_said(
    options: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same, a later or no period: never compared in silence."""
    undated = Path("undated")
    undated.mkdir()
    (undated / "narrative.toml").write_text('[early-help]\nrisks = "None."\n', encoding="utf-8")

    assert code_of(f"score kpis/rules kpis/data {options}") == 2
    assert said in capsys.readouterr().err


def test_a_previous_period_may_be_published_levels_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Its period is theirs, and they are the previous levels, of KPIs as of areas."""
    Path("board").mkdir()
    rows = "early-help,2026-08,green,board\nearly-help.seen-10-days,2026-08,green,board\n"
    Path("board/published.csv").write_text(f"subject,period,rag,source\n{rows}", encoding="utf-8")

    assert code_of("score kpis/rules kpis/data/measurements.csv --previous board") == 0
    out = capsys.readouterr().out
    assert re.search(r"^Early help +★ Green ", out, re.MULTILINE)
    assert re.search(r"^early-help.seen-10-days +★ Green +● Amber +worsened", out, re.MULTILINE)


def test_problems_of_the_previous_period_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A row there that cannot be used is no secret: it bears on what is called worse or better."""
    Path("before").mkdir()
    rows = "early-help.seen-10-days,2026-08,many\n"
    Path("before/measurements.csv").write_text(f"kpi,period,value\n{rows}", encoding="utf-8")

    code_of("score kpis/rules kpis/data --previous before")
    err = capsys.readouterr().err
    assert "of --previous before:\nmeasurements.csv:2:" in err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("scor kpis/rules", "there is no command 'scor'; did you mean score?"),
        ("narative kpis/rules", "did you mean narrative?"),
        ("frobnicate", "there is no command 'frobnicate'"),
        ("score kpis/rules kpis/data --formt json", "there is no option --formt; did you mean --format?"),
        ("check kpis/rules --asat=2020-01-01", "there is no option --asat; did you mean --as-at?"),
        ("score kpis/rules kpis/data --period 2020-07", "there is no option --period; did you mean --as-at?"),
        ("report kpis/rules kpis/data --baseline kpis/data", "there is no option --baseline; did you mean --previous?"),
        ("check kpis/rules --frobnicate", "there is no option --frobnicate"),
        ("explain kpis/rules a b c", "nothing reads the argument 'c'"),
        (
            "grace kpis/rules kpis/data",
            "nothing reads the argument 'kpis/data'; data come by an option here: --data kpis/data",
        ),
        ("check a\0b", "a NUL character"),
    ],
)
def test_a_mistyped_command_or_option_is_told_with_the_one_meant(
    command: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and no guess where nothing is near."""
    assert code_of(command) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_has_examples_that_can_be_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In its ``--help``, each a command line of that command with options that it has."""
    assert code_of(f"{name} --help") == 0
    said = capsys.readouterr().out
    examples = re.findall(rf"^  ragengine {name}\b(.*)$", said.partition("examples:")[2], re.MULTILINE)
    options, _, _ = said.partition("examples:")

    assert examples
    for option in re.findall(r"(?<= )--?[a-z][a-z-]*", " ".join(examples)):
        assert option in options


def test_version_names_the_formats(capsys: pytest.CaptureFixture[str]) -> None:
    """So that one knows which files a program of another version can read."""
    assert code_of("--version") == 0
    assert re.fullmatch(r"ragengine \S+, rule format 1, scorecard format 1\n", capsys.readouterr().out)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_and_options(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A script for each shell."""
    pytest.importorskip("shtab")

    assert code_of(f"completion {shell}") == 0
    said = capsys.readouterr().out
    assert "narrative" in said and "previous-as-at" in said


def test_paths_that_cannot_be_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Too long, or with bytes that are no text: a line, cut to what can be read, and no stack trace."""
    for path in ("a" * 5000, "a\udcffb"):
        assert code_of(f"check {path}") == 1
        assert code_of(f"score {path} kpis/data") == 3
        assert code_of(f"score kpis/rules {path}") == 3
        assert code_of(f"score kpis/rules kpis/data -o {path} --format json") in (0, 3)
        said = capsys.readouterr()
        assert max(map(len, (said.out + said.err).splitlines())) < 400


def test_repeats_are_grouped_and_json_has_all(capsys: pytest.CaptureFixture[str]) -> None:
    """The first ten of a kind in one file, then how many more; another kind is not hidden behind them."""
    rows = "".join(f"early-help.nobody-{n},2026-09,1\n" for n in range(500))
    rows += "early-help.seen-10-days,2026-09,many\n"
    Path("bad.csv").write_text(f"kpi,period,value\n{rows}", encoding="utf-8")

    assert code_of("score kpis/rules bad.csv") == 1
    err = capsys.readouterr().err
    assert err.count("error RAG104: the rules have no KPI") == 10
    assert "bad.csv: error RAG104: and 490 more of this kind; check and score list all with --format json" in err
    assert "bad.csv:502:3: error RAG105" in err or "bad.csv:502:1: error RAG105" in err
    assert code_of("score kpis/rules bad.csv --format json") == 1
    assert capsys.readouterr().out.count('"code": "RAG104"') == 500


def test_a_table_that_goes_into_a_pipe_is_not_wrapped(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row a line, for whatever reads it; a window, or COLUMNS, wraps as it did."""
    rules = Path("kpis/rules/early-help.toml")
    long = "Children seen within 10 working days of the day on which somebody first asked for help, by whoever asked"
    rules.write_text(rules.read_text().replace("Early help", long, 1).replace('"Early help"', f'"{long}"'))
    code_of("score kpis/rules kpis/data")
    wrapped = capsys.readouterr().out
    monkeypatch.delenv("COLUMNS")
    code_of("score kpis/rules kpis/data")

    assert long not in wrapped
    assert re.search(rf"^{long}  ", capsys.readouterr().out, re.MULTILINE)
