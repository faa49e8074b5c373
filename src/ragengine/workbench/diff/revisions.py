"""The rule files of a folder as git has them at a revision."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import define, frozen

from ...display import clean
from ...errors import RagError
from ...problem import shorten
from ...rulefile.load import load_document
from ...toml.source import is_rule_file

__all__ = ["Repository", "RevisionError", "revisions"]

_SECONDS = 60
#: bytes of all rule files of one revision together
_MOST_BYTES = 64 * 1024 * 1024
#: editions that extend each other, as the loader allows, and one more for it to refuse
_LONGEST_CHAIN = 10
#: set while git runs a hook: they would lead it to another repository than the folder's
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")


@define(eq=False)
class RevisionError(RagError):
    """A revision that cannot be read; ``message`` says why."""

    message: str

    def __str__(self) -> str:
        return self.message


@frozen
class Repository:
    """The git repository that a folder lies in.

    Attributes:
        root: its top folder.
        within: the folder as seen from there, with slashes; ``.`` for the top itself.
    """

    root: Path
    within: str

    @classmethod
    def of(cls, folder: Path) -> Repository:
        """Raises RevisionError where git is not there, or the folder is in no repository."""
        if not folder.is_dir():
            raise RevisionError(f"{folder} is no folder")
        answer = _git(folder, "rev-parse", "--show-toplevel", "--show-prefix").decode("utf-8", "replace")
        root, prefix = (*answer.splitlines(), "")[:2]
        return cls(Path(root), prefix.rstrip("/") or ".")

    def commit(self, revision: str) -> str:
        """The commit that a revision names; raises RevisionError."""
        shown = shorten(revision)
        if not revision or revision.startswith("-"):
            raise RevisionError(f"{shown!r} is no revision")
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        try:
            return _git(self.root, *asked).decode("ascii").strip()
        except RevisionError:
            raise RevisionError(f"the repository has no revision {shown!r}") from None

    def merge_base(self, one: str, other: str) -> str:
        """The commit from which two went apart; raises RevisionError."""
        try:
            return _git(self.root, "merge-base", self.commit(one), self.commit(other)).decode("ascii").strip()
        except RevisionError as wrong:
            if "revision" in wrong.message:
                raise
            raise RevisionError(f"{shorten(one)} and {shorten(other)} have no commit in common") from None

    @contextmanager
    def folder_at(self, commit: str, revision: str) -> Iterator[Path]:
        """The folder with its rule files as they were, and those of the editions that it extends, for a while.

        Raises RevisionError where the revision has no such folder.
        """
        with tempfile.TemporaryDirectory(prefix="ragengine-") as made:
            top = Path(made).resolve()
            room = _MOST_BYTES
            waiting, done = [self.within], set[str]()
            while waiting and len(done) <= _LONGEST_CHAIN:
                within = waiting.pop()
                done.add(within)
                texts = self._rule_files(commit, within, room)
                if not texts and within == self.within:
                    raise RevisionError(f"{revision} has no rule files in {within}")
                if texts:
                    (top / within).mkdir(parents=True, exist_ok=True)
                for name, text in texts.items():
                    (top / within / name).write_bytes(text)
                    room -= len(text)
                base = _extended(texts.get("book.toml", b""), within)
                if base is not None and base not in done:
                    waiting.append(base)
            yield top / self.within

    def _rule_files(self, commit: str, within: str, room: int) -> dict[str, bytes]:
        """The TOML files right in a folder, by name."""
        tree = f"{commit}:{'' if within == '.' else within}"
        try:
            listed = _git(self.root, "ls-tree", "-z", "-l", "--end-of-options", tree)
        except RevisionError:
            return {}
        blobs: dict[str, str] = {}
        for line in listed.decode("utf-8", "surrogateescape").split("\0"):
            about, _, name = line.partition("\t")
            if not is_rule_file(name):
                continue
            mode, kind, blob, size = about.split()
            if kind != "blob" or mode == "120000" or Path(name).name != name:
                raise RevisionError(f"{within}/{name} is no regular file at {commit[:7]}")
            room -= int(size) if size.isdigit() else 0
            blobs[name] = blob
        if room < 0:
            raise RevisionError(f"{within} has more than {_MOST_BYTES // 1024**2} MiB of rule files at {commit[:7]}")
        return self._contents(blobs)

    def _contents(self, blobs: dict[str, str]) -> dict[str, bytes]:
        given = "".join(f"{blob}\n" for blob in blobs.values()).encode("ascii")
        answer = _git(self.root, "cat-file", "--batch", given=given) if blobs else b""
        texts, at = {}, 0
        for name in blobs:
            # a line "<blob> blob <size>", the bytes, and a line end
            end = answer.index(b"\n", at)
            size = int(answer[at:end].split()[2])
            texts[name] = answer[end + 1 : end + 1 + size]
            at = end + size + 2
        return texts


def revisions(repository: Repository, asked: str) -> tuple[tuple[str, str], tuple[str, str] | None]:
    """What ``REV``, ``A..B`` and ``A...B`` compare, as (commit, name); None for the folder as it is now.

    An end left out is HEAD; three dots begin where the two went apart, as in a pull request. Raises RevisionError.
    """
    for dots in ("...", ".."):
        first, found, second = asked.partition(dots)
        if not found:
            continue
        first, second = first or "HEAD", second or "HEAD"
        start = repository.merge_base(first, second) if dots == "..." else repository.commit(first)
        name = f"{first}...{second}" if dots == "..." else first
        return (start, name), (repository.commit(second), second)
    return (repository.commit(asked), asked), None


def _extended(book: bytes, within: str) -> str | None:
    """The folder of the edition that a book extends, where it lies in the repository."""
    document, _ = load_document(book.decode("utf-8-sig", "replace"), "book.toml")
    written = document.get("book") if document is not None else None
    base = written.get("extends") if isinstance(written, dict) else None
    if not isinstance(base, str) or not base.strip() or posixpath.isabs(base):
        return None
    found = posixpath.normpath(posixpath.join(within, base))
    return None if found == ".." or found.startswith("../") else found


def _git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git answers; raises RevisionError with what it says is wrong."""
    program = shutil.which("git")
    if program is None:
        raise RevisionError("git is not installed, or not on the PATH: name two folders instead")
    environment = {key: value for key, value in os.environ.items() if key not in _OF_A_HOOK}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            [program, "-C", str(folder), *arguments],
            input=given,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise RevisionError(f"git did not answer within {_SECONDS} seconds") from None
    except OSError as wrong:
        raise RevisionError(f"git cannot be run: {wrong.strerror or wrong}") from wrong
    if done.returncode:
        said = clean(done.stderr.decode("utf-8", "replace").strip()).partition("\n")[0]
        if "not a git repository" in said:
            raise RevisionError(f"{folder} is in no git repository: name two folders instead")
        raise RevisionError(f"git: {shorten(said.removeprefix('fatal: '), 200)}")
    return done.stdout
