"""Standard output that is full, closed or read no longer; output over what is no file; a command that is killed."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragengine.cli import main
from ragengine.starter import FILES

pytestmark = pytest.mark.skipif(os.name != "posix", reason="devices and FIFOs of a POSIX system")

#: every command, as it prints to standard output
COMMANDS = [
    "score rules data", "score rules data --format json", "report rules data", "check rules", "test rules",
    "explain rules early-help", "diff rules rules", "grace rules", "narrative rules data", "export rules --to csv",
    "schema", "set rules book.edition 2027 --dry-run", "completion bash", "demo -o shown", "init other",
    "import sheet.csv drafted --dry-run", "--help", "score --help", "--version",
]  # fmt: skip


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """What ``init`` writes, with a narrative and a spreadsheet."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "data" / "narrative.toml").write_text('[early-help]\nrisks = "None."\n', encoding="utf-8")
    (tmp_path / "sheet.csv").write_text("KPI,Target,Tolerance\nSeen,90,10 pp\n", encoding="utf-8")
    return tmp_path


def in_shell(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A line of bash; ``rag`` is the program."""
    line = f'rag() {{ "{sys.executable}" -m ragengine "$@"; }}; {command}'
    return subprocess.run(["bash", "-c", line], cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("command", COMMANDS)
def test_standard_output_full_or_closed_is_one_line_and_3(started: Path, command: str) -> None:
    """Every command says so on standard error, after what it says there anyhow, and never shows a stack trace."""
    for to, why in ((">/dev/full", "No space left on device"), (">&-", "it is closed")):
        done = in_shell(f"rag {command} {to}; code=$?; rm -rf other; exit $code", started)

        assert done.returncode == 3, done.stderr
        assert done.stderr.splitlines()[-1] == f"ragengine: standard output cannot be written: {why}"
        assert len([line for line in done.stderr.splitlines() if line.startswith("ragengine: ")]) == 1
        assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_standard_error_closed_changes_nothing(started: Path) -> None:
    """What belongs there goes nowhere, and not into standard output."""
    done = in_shell("rag score rules data 2>&-", started)

    assert done.returncode == 0
    assert "as at" not in done.stdout


def test_a_closed_pipe_ends_in_141_or_in_what_was_found(started: Path) -> None:
    """A bad rulebook never ends in 0 because ``head`` went away, whether the output is buffered or not."""
    with (started / "rules" / "early-help.toml").open("a") as file:
        file.write("".join(f"[kpi.k{n}]\ntitle = 'K'\n" for n in range(300)))
    for before in ("", "PYTHONUNBUFFERED=1 "):
        done = in_shell(f'{before}rag check rules | head -1; echo "${{PIPESTATUS[0]}}"', started)

        assert done.stdout.splitlines()[-1] in ("141", "1")
        assert done.stderr == ""
    late = in_shell('rag check rules | true; echo "${PIPESTATUS[0]}"', started)
    assert late.stdout == "141\n"


@pytest.mark.parametrize("kind", ["device", "fifo", "link", "folder"])
def test_output_leaves_what_is_no_regular_file_alone(started: Path, kind: str) -> None:
    """Exit 3 before anything is rated, and it is there as it was; with the device, if the test may make one."""
    path = started / "out.json"
    match kind:
        case "device":
            try:
                os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
            except PermissionError:
                pytest.skip("only root makes devices")
        case "fifo":
            os.mkfifo(path)
        case "link":
            path.symlink_to("data/measurements.csv")
        case _:
            path.mkdir()
    before = path.lstat()
    for command in ("score rules data", "explain rules early-help", "grace rules", "diff rules rules", "export rules"):
        done = in_shell(f"rag {command} -o out.json", started)

        assert done.returncode == 3
        assert done.stderr.startswith("ragengine: out.json: cannot be written: out.json is ")
    assert (path.lstat().st_mode, path.lstat().st_ino) == (before.st_mode, before.st_ino)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("-o x.docx", "name a file that ends in .txt, .json or .csv"),
        ("-o x.docx --format json", "name a file that ends in .txt, .json or .csv"),
        ("-o x", "name a file that ends in .txt, .json or .csv"),
        ("-o x.csv --format json", "its name says csv and --format says json"),
    ],
)
def test_a_suffix_that_says_nothing_or_something_else_is_wrong_use(
    started: Path, options: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and nothing is written."""
    assert main(["score", str(started / "rules"), str(started / "data"), *options.split()]) == 2
    assert said in capsys.readouterr().err
    assert not Path("x").exists()


def test_the_suffix_decides_and_with_a_format_none_will_do(started: Path) -> None:
    """The same file by name and by ``--format``; standard output is what it was."""
    assert in_shell("rag score rules data -o a.json; rag score rules data -o b --format json", started).returncode == 0
    assert (started / "a.json").read_bytes() == (started / "b").read_bytes()
    assert in_shell("rag export rules -o bands.csv; rag export rules --to csv > c", started).returncode == 0
    assert (started / "bands.csv").read_bytes() == (started / "c").read_bytes()
    assert in_shell("rag diff rules rules -o changes.md", started).returncode == 0
    assert (started / "changes.md").read_text().startswith("## ")


def test_permissions_are_the_process_s_own_or_the_file_s(started: Path) -> None:
    """A new file as the umask has it, which is never changed; one that is there keeps its own."""
    in_shell("umask 027; rag score rules data -o new.json", started)
    (started / "kept.json").write_text("")
    (started / "kept.json").chmod(0o604)
    in_shell("rag score rules data -o kept.json", started)

    assert stat.S_IMODE((started / "new.json").stat().st_mode) == 0o640
    assert stat.S_IMODE((started / "kept.json").stat().st_mode) == 0o604


def test_an_import_that_is_killed_leaves_no_rulebook_or_a_whole_one(started: Path) -> None:
    """At whatever moment: without book.toml no folder is a rulebook, and what is left beside is never read."""
    rows = "".join(f"A{n % 40},K{n},90,10 pp,Jul-20,85\n" for n in range(400))
    (started / "sheet.csv").write_text(f"Area,KPI,Target,Tolerance,Period,Actual\n{rows}", encoding="utf-8")
    command = [sys.executable, "-m", "ragengine", "import", "sheet.csv", "drafted"]
    whole = 0
    for wait in (0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 30):
        running = subprocess.Popen(command, cwd=started, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        made = started / "drafted"
        while not made.exists() and running.poll() is None:
            time.sleep(0.001)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(wait)
        running.kill()
        running.wait()
        if (made / "book.toml").exists():
            whole += 1
            assert len(list(made.glob("a*.toml"))) == 40
            assert not list(made.glob(".*.part"))
        in_shell("rm -rf drafted", started)

    assert whole >= 1
