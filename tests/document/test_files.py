"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ragengine.document import files
from ragengine.document.files import make_folder, write_all, write_whole


def test_all_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At whichever step the disk fails, nothing of the new files is left, and what was there is as it was."""
    (tmp_path / "old").write_text("old")
    wanted = {tmp_path / "a": "1", tmp_path / "b": b"2", tmp_path / "old": "new"}
    steps = [(files.os, "fsync"), (files.os, "replace")]
    for module, step in steps:
        for fails_at in range(1, 4):
            real = getattr(os, step)
            calls = iter(range(1, 100))

            def failing(*args: object, calls=calls, fails_at=fails_at, real=real) -> None:  # type: ignore[no-untyped-def]
                if next(calls) == fails_at:
                    raise OSError(28, "No space left on device")
                real(*args)

            with monkeypatch.context() as patched:
                patched.setattr(module, step, failing)
                with pytest.raises(OSError, match="No space left"):
                    write_all(wanted)

            assert {path.name for path in tmp_path.iterdir()} == {"old"}
            assert (tmp_path / "old").read_text() == "old"
    write_all(wanted)
    assert [path.read_bytes() for path in wanted] == [b"1", b"2", b"new"]


def test_the_failing_file_is_named(tmp_path: Path) -> None:
    """Of several, the one that cannot be written."""
    (tmp_path / "b").mkdir()

    with pytest.raises(OSError, match="b is a folder") as raised:
        write_all({tmp_path / "a": "1", tmp_path / "b": "2"})
    assert raised.value.filename == str(tmp_path / "b")


def test_a_file_and_its_folders_are_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file before it is renamed; its folder after; the folder of each folder that was made."""
    flushed: list[str] = []
    real = os.fsync

    def noted(handle: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    if not Path("/proc/self/fd").exists():
        pytest.skip("the system does not say what a handle is of")
    monkeypatch.setattr(files.os, "fsync", noted)
    make_folder(tmp_path / "a" / "b")
    write_whole(tmp_path / "a" / "b" / "c", "text")

    assert flushed[:2] == [str(tmp_path), str(tmp_path / "a")]
    assert Path(flushed[2]).suffix == ".part"
    assert flushed[3:] == [str(tmp_path / "a" / "b")]
