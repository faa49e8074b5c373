"""Rules from a mapping, a zip archive or a package's resources are read as those of a folder."""

from __future__ import annotations

import importlib
import importlib.resources
import stat
import sys
import zipfile
from pathlib import Path

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\ndirection = "higher"\ntarget = 90\ntolerance = 0\n'
CASES = '[[case]]\nname = "c"\nkpi = "a.k"\nvalue = 90\nexpect = { rag = "green" }\n'
FILES = {"book.toml": BOOK, "a.toml": AREA, "a.cases.toml": CASES}


def _zip(path: Path, files: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _folder(path: Path, files: dict[str, str]) -> Path:
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / name).write_text(text, "utf-8")
    return path


def test_every_source_gives_the_same_rulebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a mapping, an archive of the files or of the folder, and resources: one fingerprint, one line numbers."""
    folder = _folder(tmp_path / "rules", FILES)
    package = _folder(tmp_path / "site" / "rag_rules_of_a_test", {**FILES, "__init__.py": ""})
    packed = _zip(tmp_path / "site.zip", {f"rag_packed_rules/{name}": text for name, text in FILES.items()})
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("rag_packed_rules/__init__.py", "")
    monkeypatch.syspath_prepend(package.parent)
    monkeypatch.syspath_prepend(packed)
    sources = [
        folder,
        str(folder),
        FILES,
        _zip(tmp_path / "flat.zip", dict(FILES)),
        _zip(tmp_path / "of-a-folder.ZIP", {f"rules/{name}": text for name, text in FILES.items()}),
        importlib.resources.files("rag_rules_of_a_test"),
        importlib.resources.files("rag_packed_rules"),
    ]
    books = [ragengine.load(source) for source in sources]

    assert {book.rules.fingerprint for book in books} == {books[0].rules.fingerprint}
    assert all(book == books[0] for book in books)
    assert {book.rate("a.k", 5).explain() for book in books} == {books[0].rate("a.k", 5).explain()}
    for name in ("rag_rules_of_a_test", "rag_packed_rules"):
        sys.modules.pop(name, None)


def test_problems_are_the_same_from_every_source(tmp_path: Path) -> None:
    """File, line and column are those of the file, wherever it stands."""
    files = {**FILES, "a.toml": AREA.replace("target = 90", "target = []"), "B.TOML": ""}
    told = [
        [str(problem) for problem in ragengine.check(source)]
        for source in (_folder(tmp_path / "rules", files), files, _zip(tmp_path / "rules.zip", dict(files)))
    ]

    assert told[0] == told[1] == told[2]
    assert any(line.startswith("a.toml:6:10") for line in told[0]) and any("B.TOML" in line for line in told[0])


def test_what_lies_beside_the_rules_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    """Folders within, what a Mac packs along, hidden files and files that are no TOML."""
    more = {
        "__MACOSX/rules/._book.toml": "x",
        "rules/notes/old.toml": "x",
        "rules/.hidden.toml": "x",
        "rules/read.me": "",
    }
    archive = _zip(tmp_path / "r.zip", {**{f"rules/{name}": text for name, text in FILES.items()}, **more})

    assert len(ragengine.load(archive)) == 1


def _link(path: Path) -> Path:
    entry = zipfile.ZipInfo("book.toml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return path


def _twice(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("book.toml", BOOK)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("book.toml", BOOK)
    return path


def _broken(path: Path) -> Path:
    raw = bytearray(_zip(path, {"book.toml": BOOK * 50}, zipfile.ZIP_STORED).read_bytes())
    raw[60] ^= 0xFF
    path.write_bytes(bytes(raw))
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: _zip(path, {"../book.toml": BOOK}), "leads out of the archive"),
        (lambda path: _zip(path, {"/book.toml": BOOK}), "absolute path"),
        (lambda path: _zip(path, {"C:/book.toml": BOOK}), "absolute path"),
        (_link, "the file is a link"),
        (_twice, "stands in the archive twice"),
        (_broken, "cannot be read"),
        (lambda path: _zip(path, {"book.toml": b"#" * 2**21}), "at most 1 MiB is read"),
        (lambda path: _zip(path, {f"a{n}.toml": b"#" * 2**20 for n in range(20)}), "more than 16 MiB together"),
        (lambda path: _zip(path, {f"{n}.txt": "" for n in range(10_001)}), "10,001 entries"),
        (lambda path: (path.write_text("no archive"), path)[1], "cannot be read as a zip archive"),
        (lambda path: (path.write_bytes(b""), path)[1], "cannot be read as a zip archive"),
    ],
)
def test_a_hostile_archive_is_refused(tmp_path: Path, make: object, said: str) -> None:
    """One that leads out, holds links, is damaged, or unpacks to too much is a problem, and nothing is unpacked."""
    archive = make(tmp_path / "rules.zip")  # type: ignore[operator]
    with pytest.raises(ragengine.RulebookError) as told:
        ragengine.load(archive)

    assert any(said in problem.message for problem in told.value.problems)
    assert [each.name for each in tmp_path.iterdir()] == ["rules.zip"]


def test_a_resource_that_is_no_folder_is_told(tmp_path: Path) -> None:
    """A Traversable of a file is not a rulebook."""
    (tmp_path / "book.toml").write_text(BOOK)
    with pytest.raises(ragengine.RulebookError, match="no folder of rule files"):
        ragengine.load(zipfile.Path(_zip(tmp_path / "x.zip", dict(FILES)), "book.toml"))
