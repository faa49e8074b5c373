"""``ragengine score --rows``: what it says, its exit codes, and that it leaves a whole file or none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragengine.cli import main

resource = pytest.importorskip("resource", reason="limits and signals of POSIX")

RULES = {
    "book.toml": '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n',
    "help.toml": (
        '[area]\ntitle = "Help"\n[kpi.seen]\ntitle = "Seen"\nunit = "%"\ndirection = "higher"\ntarget = 90\n'
        'tolerance = "10 pp"\n'
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules, and a small file of measurements."""
    (tmp_path / "rules").mkdir()
    for name, text in RULES.items():
        (tmp_path / "rules" / name).write_text(text, encoding="utf-8")
    text = "kpi,period,value\nhelp.seen,Jul-20,93\nhelp.seen,Aug-20,85\nhelp.seen,Sep-20,c\nhelp.sean,Sep-20,95\n"
    (tmp_path / "data.csv").write_text(text, encoding="utf-8")
    return tmp_path


def start(*arguments: str, cwd: Path, file_size: int | None = None) -> subprocess.Popen[str]:
    """The command in a process of its own, which may write no file larger than ``file_size``."""

    def limit() -> None:
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    command = [sys.executable, "-m", "ragengine", "score", *arguments]
    env = {**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"}
    return subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit
    )


def run(*arguments: str, cwd: Path, file_size: int | None = None) -> tuple[int, str, str]:
    """Exit code and what was said on both streams."""
    process = start(*arguments, cwd=cwd, file_size=file_size)
    said, told = process.communicate(timeout=120)
    return process.returncode, said, told


def test_it_says_what_it_wrote_what_is_wrong_and_counts_that_add_up(folder: Path) -> None:
    """A rejected row ends with exit 1; the last line is the counts."""
    code, said, told = run("rules", "data.csv", "--rows", "-o", "ratings.csv", cwd=folder)

    assert code == 1
    assert said == "wrote ratings.csv\nwrote ratings.problems.csv: 1 rejected row\n"
    assert told.splitlines() == [
        "data.csv:5:1: error RAG104: the rules have no KPI 'help.sean'; did you mean help.seen?",
        "4 rows read = 2 rated + 1 grey + 1 rejected",
    ]


def test_a_sound_file_is_exit_0_and_a_format_of_rows_needs_no_flag(folder: Path) -> None:
    """``-o ratings.ndjson`` can only mean rows."""
    (folder / "data.csv").write_text("kpi,period,value\nhelp.seen,Jul-20,93\n", encoding="utf-8")

    code, said, told = run("rules", "data.csv", "-o", "ratings.ndjson", cwd=folder)

    assert (code, said, told) == (
        0,
        "wrote ratings.ndjson\n",
        "1 row read = 1 rated + 0 grey + 0 rejected\n",
    )


def test_a_csv_without_the_flag_is_a_scorecard_as_ever(folder: Path) -> None:
    """``-o card.csv --format csv`` is one period with its areas."""
    code, _, told = run("rules", "data.csv", "--format", "csv", "-o", "card.csv", cwd=folder)

    assert code == 1
    assert (folder / "card.csv").read_text(encoding="utf-8").startswith("area,id,kind,entity,title,period")
    assert "as at September 2020" in told


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("data.csv", "--rows"), 2, "-o is missing; say where the ratings go"),
        (("data.csv", "--rows", "-o", "r.csv", "--as-at", "Jul-20"), 2, "--as-at: 'Jul-20' cannot be used"),
        (("data.csv", "--rows", "-o", "r.csv", "--format", "json"), 2, "--format: 'json' cannot be used"),
        (("data.csv", "--rows", "-o", "data.csv"), 2, "it is one of the files that are read"),
        (("data.csv", "--rows", "-o", "r.xlsx"), 2, "its name ends in .csv, .parquet, .ndjson, .jsonl"),
        (("none.parquet", "-o", "r.csv"), 3, "none.parquet: error RAG101: there is no such file or folder"),
        (("data.csv", "--rows", "-o", "no/r.csv"), 3, "no/r.csv: cannot be written: No such file or directory"),
        (("data.csv", "--rows", "-o", "link.csv"), 3, "link.csv is a link"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_trace(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    """Wrong use is exit 2, files that cannot be read or written are exit 3."""
    (folder / "link.csv").symlink_to("elsewhere.csv")
    before = sorted(path.name for path in folder.iterdir())

    monkeypatch.chdir(folder)
    got = main(["score", "rules", *arguments])

    assert got == code
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == before


def large(folder: Path, rows: int) -> None:
    """A file of so many rows, with quotes, so that it takes a while."""
    line = 'help.seen,Jul-20,93,"a, b"\n'
    (folder / "large.csv").write_text("kpi,period,value,note\n" + line * rows, encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_stopped_leaves_no_half_file(folder: Path, number: signal.Signals) -> None:
    """Ctrl-C and its kin: exit 130, what stood there before is as it was, and nothing else is left."""
    large(folder, 1_000_000)
    (folder / "ratings.parquet").write_text("of an earlier run", encoding="utf-8")
    before = sorted(path.name for path in folder.iterdir())
    process = start("rules", "large.csv", "-o", "ratings.parquet", cwd=folder)
    deadline = time.monotonic() + 60
    while not list(folder.glob(".ratings.parquet.*.part/*")) and time.monotonic() < deadline:
        time.sleep(0.01)

    process.send_signal(number)
    _, told = process.communicate(timeout=60)

    assert (process.returncode, told) == (130, "ragengine: stopped\n")
    assert sorted(path.name for path in folder.iterdir()) == before
    assert (folder / "ratings.parquet").read_text(encoding="utf-8") == "of an earlier run"


@pytest.mark.parametrize(
    ("output", "history"),
    [("ratings.csv", False), ("ratings.parquet", False), ("ratings.ndjson", False), ("ratings.csv", True)],
)
def test_a_full_disk_leaves_no_half_file(folder: Path, output: str, history: bool) -> None:
    """A file that may not grow any further stands for a full disk: exit 3, said in words."""
    large(folder, 3_000)
    before = sorted(path.name for path in folder.iterdir())
    more = ("--history",) if history else ()

    code, _, told = run("rules", "large.csv", "--rows", "-o", output, *more, cwd=folder, file_size=1000)

    assert (code, told) == (3, f"ragengine: {output}: cannot be written: File too large\n")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_without_the_extra_the_message_names_it(folder: Path) -> None:
    """Polars is an extra: no trace, and what to install."""
    code = "import sys; sys.modules['polars'] = None; from ragengine.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "score", "rules", "data.csv", "--rows", "-o", "r.csv"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr == 'ragengine: rating whole files needs polars and pyarrow: pip install "ragengine[frames]"\n'
