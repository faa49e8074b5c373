"""The tutorial that begins with a sheet and ends with a report does what it says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from ..cli.test_commands import run

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BLOCK = re.compile(r"^```(console|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each command of a block with the lines that it prints."""
    parts = [part for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    return [(part.splitlines()[0], part.splitlines()[1:]) for part in parts]


def test_the_tutorial_runs_as_it_is_written(tmp_path: Path) -> None:
    """Every command succeeds and prints the lines shown, in their order; the report is there at the end."""
    pytest.importorskip("openpyxl")
    shutil.copy(DOCS / "examples" / "sheet" / "scorecard.xlsx", tmp_path)
    for kind, block in _BLOCK.findall((DOCS / "first-report.md").read_text("utf-8")):
        if kind == "toml":
            edit(tmp_path / "our-rules" / "waste.toml", block)
            continue
        for line, shown in commands(block):
            words = shlex.split(line)
            if words[0] == "ragengine":
                ran = run(*words[1:], cwd=tmp_path, columns=100)
                assert ran.code == 0, (line, ran.out, ran.err)
                check(shown, ran.out.splitlines())
            elif words[0] == "grep":
                check(shown, marked(tmp_path, words[3:]))
    assert "Missed bins" in (tmp_path / "report.html").read_text("utf-8")


def edit(path: Path, lines: str) -> None:
    """Writes lines in place of the one that is marked in the KPI."""
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'target    = "none"  # CONFIRM[^\n]*\n', lines, text), "utf-8")


def marked(folder: Path, names: list[str]) -> list[str]:
    """Lines with a mark, as grep prints them, those of headings left out."""
    return [
        f"{name}:{n}:{line}"
        for name in names
        for n, line in enumerate((folder / name).read_text("utf-8").splitlines(), start=1)
        if "# CONFIRM" in line
    ]


def check(shown: list[str], printed: list[str]) -> None:
    """The lines shown stand among those printed, one after the other but where the page says …"""
    at = 0
    gap = False
    for line in shown:
        if line == "…":
            gap = True
            continue
        found = next((n for n in range(at, len(printed)) if printed[n].rstrip() == line.rstrip()), None)
        assert found is not None, (line, printed)
        assert gap or found == at, (line, printed[at])
        at, gap = found + 1, False
