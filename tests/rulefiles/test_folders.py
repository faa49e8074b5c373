"""A folder per defect with exactly what ``ragengine check`` prints about it, and sound folders for all a rule can say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ragengine.cli import main
from ragengine.problem import CODES
from ragengine.workbench.checks import CHECKS

HERE = Path(__file__).resolve().parent
BAD = sorted(path.name for path in (HERE / "bad").iterdir() if path.is_dir())
AS_AT = "2020-05-31"
GOOD = sorted(path.name for path in (HERE / "good").iterdir() if path.is_dir())


def checked(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and output of ``ragengine check FOLDER``, run beside the folder, on a day of its year."""
    monkeypatch.chdir(folder.parent)
    code = main(["check", folder.name, "--as-at", "2020-06-30"])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("name", BAD)
def test_a_defect_is_told_exactly(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, column, code, key, what is wrong and what to write; the line with a caret; and the exit code.

    ``RAGENGINE_GOLDEN=write`` writes what is expected, for a person to read as a diff.
    """
    code, out = checked(HERE / "bad" / name, monkeypatch, capsys)
    expected = HERE / "bad" / name / "expected.txt"
    if os.environ.get("RAGENGINE_GOLDEN") == "write":
        expected.write_text(out, encoding="utf-8", newline="\n")

    assert out == expected.read_text(encoding="utf-8")
    assert code == (1 if " error RAG" in out else 0)
    assert " RAG" in out


@pytest.mark.parametrize("name", GOOD)
def test_a_sound_folder_has_no_problem(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is said of rules that use what the format offers, and their cases and examples pass."""
    assert checked(HERE / "good" / name, monkeypatch, capsys) == (
        0,
        f"{name}, as at 2020-06-30: 0 errors, 0 warnings\n",
    )
    assert main(["test", name]) == 0


def test_every_told_code_is_a_known_one_and_each_line_shows_its_place() -> None:
    """Each problem of a readable file has line, column, source line and caret."""
    for name in BAD:
        lines = (HERE / "bad" / name / "expected.txt").read_text(encoding="utf-8").splitlines()[:-1]
        told = [n for n, line in enumerate(lines) if not line.startswith("    ")]
        assert told, name
        for n in told:
            place, _, rest = lines[n].partition(": ")
            file, line, column = place.rsplit(":", 2)
            assert rest.split()[1].rstrip(":") in CODES.keys() | CHECKS.keys(), name
            source = (HERE / "bad" / name / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            caret = lines[n + 2].index("^") - 4
            shown = max(0, int(column) - 60)
            assert lines[n + 1][4:] == source[shown : shown + 100], name
            assert caret == int(column) - 1 - shown, name


def test_a_target_that_makes_no_table_is_explained_without_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bands in per cent of a target that the measurement does not bring: grey with its reason, and no stack trace."""
    monkeypatch.chdir(HERE / "good")

    assert main(["explain", "bands-and-ranges", "assessment.spend", "103", "--period", "2020-07"]) == 0
    assert capsys.readouterr().out.startswith("Grey: ")
