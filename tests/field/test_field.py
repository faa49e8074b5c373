"""Situations from the field: files, the commands that somebody runs over them, and what has to come out."""

from __future__ import annotations

import shlex
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.cli import main

CASES = sorted(Path(__file__).parent.joinpath("cases").glob("*.toml"))
_KEYS = {"command", "python", "exit", "says", "never", "order", "counts", "writes", "leaves_out"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_ought_to_come_out_does(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every command of a situation ends as it should, says what it should, and never says what it should not."""
    case = tomllib.loads(path.read_text("utf-8"))
    for name, text in case.get("files", {}).items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    assert case["behaviour"] and case["kind"] and case["run"]
    for run in case["run"]:
        assert not set(run) - _KEYS
        code = _ran(run)
        out, err = capfd.readouterr()
        found = [*_of_output(run, out + "\n" + err), *_of_files(run, tmp_path)]
        if code != run.get("exit", 0):
            found.insert(0, f"ended in {code}")
        assert not found, f"{case['behaviour']}\n{run.get('command', 'python')}: {'; '.join(found)}\n{out}{err}"


def _ran(run: dict[str, Any]) -> int:
    """The exit code of a command, as a process would end in it."""
    if "python" in run:
        exec(compile(run["python"], "python", "exec"), {"ragengine": ragengine})
        return 0
    try:
        return main(shlex.split(run["command"]))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1 if end.code else 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _of_output(run: dict[str, Any], printed: str) -> Iterator[str]:
    said = _plain(printed)
    yield from (f"not said: {text!r}" for text in run.get("says", ()) if _plain(text) not in said)
    yield from (f"said: {text!r}" for text in run.get("never", ()) if _plain(text) in said)
    counted = ((text, said.count(_plain(text)), times) for text, times in run.get("counts", {}).items())
    yield from (f"{text!r} said {found} times, not {times}" for text, found, times in counted if found != times)
    at = 0
    for text in run.get("order", ()):
        found = said.find(_plain(text), at)
        if found < 0:
            yield f"not said after the texts before it: {text!r}"
            return
        at = found + 1


def _of_files(run: dict[str, Any], folder: Path) -> Iterator[str]:
    for name, texts in run.get("writes", {}).items():
        place = folder / name
        kept = _plain(place.read_text("utf-8")) if place.exists() else ""
        yield from (f"not in {name}: {text!r}" for text in texts if _plain(text) not in kept)
    for name, texts in run.get("leaves_out", {}).items():
        kept = _plain((folder / name).read_text("utf-8"))
        yield from (f"in {name}: {text!r}" for text in texts if _plain(text) in kept)
