"""A full disk, a failing disk and a kill at every step of writing: each file is whole, old or new, and rules still load."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.document import files

OLD = {
    "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "1 days"\n',
    "book.toml": '[book]\ntitle = "Old"\nedition = "E"\nmissing = "grey"\n',
}
NEW = {
    "a.toml": OLD["a.toml"].replace("target = 5", "target = 6"),
    "b.toml": OLD["a.toml"].replace('"A"', '"B"'),
    "book.toml": OLD["book.toml"].replace("Old", "New"),
}
STEP = Callable[[str], None]


class _File:
    """An open file, each of whose steps is told first."""

    def __init__(self, file: Any, step: STEP) -> None:
        self._file, self._step = file, step

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        # half of it reaches the file before the disk is full
        self._file.write(content[: len(content) // 2])
        self._file.flush()
        self._step("write")
        return int(self._file.write(content[len(content) // 2 :]))

    def flush(self) -> None:
        self._step("flush")
        self._file.flush()

    def fileno(self) -> int:
        return int(self._file.fileno())


class _System:
    """``os`` with the steps of writing told first."""

    def __init__(self, step: STEP) -> None:
        self._step = step

    def __getattr__(self, name: str) -> Any:
        own = getattr(os, name)
        if name not in ("fsync", "replace", "chmod", "open"):
            return own

        def told(*given: Any, **named: Any) -> Any:
            self._step(name)
            return own(*given, **named)

        return told


def _write(folder: Path, monkeypatch: pytest.MonkeyPatch, step: STEP) -> None:
    def opened(*given: Any, **named: Any) -> _File:
        step("create")
        return _File(open(*given, **named), step)

    with monkeypatch.context() as patched:
        patched.setattr(files, "os", _System(step))
        patched.setattr(files, "open", opened, raising=False)
        files.write_all({folder / name: text for name, text in NEW.items()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rules folder as it was before."""
    for name, text in OLD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def _steps(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    _write(folder, monkeypatch, told.append)
    assert {name: (folder / name).read_text(encoding="utf-8") for name in NEW} == NEW
    for name in NEW:
        (folder / name).unlink()
    for name, text in OLD.items():
        (folder / name).write_text(text, encoding="utf-8")
    return told


def _read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.suffix == ".toml"}


def _whole(folder: Path) -> None:
    """Every file is as it was or as it should be, and the folder is a rulebook either way."""
    for name, text in _read(folder).items():
        assert text in (OLD.get(name), NEW[name]), name
    assert ragengine.load(folder).title in ("Old", "New")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_leaves_whole_files_and_nothing_beside_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """At every step an error is told with the file it is of, no part is left, and no file that was not there before."""
    steps = _steps(folder, monkeypatch)
    assert {"create", "write", "flush", "fsync", "chmod", "replace", "open"} == set(steps)

    for at in range(len(steps)):
        count = iter(range(len(steps)))

        def fail(_: str, at: int = at, count: Iterator[int] = count) -> None:
            if next(count) == at:
                raise OSError(code, os.strerror(code))

        with pytest.raises(OSError) as raised:
            _write(folder, monkeypatch, fail)

        assert raised.value.errno == code and Path(raised.value.filename).name in NEW, steps[at]
        assert {path.name for path in folder.iterdir()} == set(OLD), f"step {at}: {steps[at]}"
        _whole(folder)
        for name, text in OLD.items():
            (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own")
def test_a_kill_leaves_whole_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed at any step: each file is old or new, the last in order is replaced last, and parts are not read as rules."""
    steps = _steps(folder, monkeypatch)

    for at in range(len(steps)):
        child = os.fork()
        if child == 0:
            count = iter(range(len(steps)))

            def kill(_: str, at: int = at, count: Iterator[int] = count) -> None:
                if next(count) == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            try:
                _write(folder, monkeypatch, kill)
            finally:
                os._exit(1)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL

        _whole(folder)
        made = [_read(folder).get(name) == text for name, text in NEW.items()]
        assert made == sorted(made, reverse=True), f"step {at}: {steps[at]}"
        for path in folder.iterdir():
            path.unlink()
        for name, text in OLD.items():
            (folder / name).write_text(text, encoding="utf-8")
