"""One value set where it stands, with the proof that nothing else changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from ...errors import BadArgument, RagError, RulebookError, UnknownId
from ...problem import Problem
from ...rulebook.dated import ALWAYS
from ...rulebook.rules import Rules
from ...rulefile.documents import Documents, documents_of
from ...rulefile.editions import extended
from ...rulefile.load import load_document, load_rules
from ...rulefile.shapes import takes_dates, takes_only_text
from ...rulefile.target_table import TARGETS
from ...toml.positions import SourceMap
from ...toml.source import decoded, read_folder
from ...toml.splice import CannotSplice, Splice, literal, spliced, value_text
from ..diff.changes import RuleChange
from ..diff.rules import rules_diff
from .marks import without_mark
from .subject import Edited, edited_subject
from .table_edit import target_rows, with_cell

__all__ = ["Edit", "Since", "edited"]

_DATE_KEY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@frozen
class Since:
    """From when a value holds.

    Attributes:
        start: its first day; None for a value without dates.
        before: the first day of the value that holds until then; always, where it is None.
        always: whether one value takes the place of a whole table of dates.
    """

    start: date | None = None
    before: date | None = None
    always: bool = False


@frozen
class Edit:
    """A change of one file, not yet written.

    Attributes:
        before, after: the file's text as it is written, with its own line ends.
        old, new: the rules without and with the change; None where they cannot be used.
        problems: those that the change brings.
        changes: what it changes in meaning; nothing where the old or the new rules cannot be used.
    """

    subject: Edited
    before: str
    after: str
    old: Rules | None
    new: Rules | None
    problems: tuple[Problem, ...]
    changes: tuple[RuleChange, ...]

    @property
    def usable(self) -> bool:
        """Whether it may be written: it makes no rules unusable, and brings no error."""
        return not any(problem.is_error for problem in self.problems)

    def lines(self) -> list[str]:
        """The change of the file as a unified diff."""
        name = self.subject.file
        before, after = (text.removeprefix("\ufeff").splitlines() for text in (self.before, self.after))
        return list(difflib.unified_diff(before, after, name, name, n=2, lineterm=""))


def edited(folder: Path, given: str, value: str, since: Since = Since()) -> Edit:
    """The change that sets the value of an id, read from a folder and written nowhere.

    ``value`` is a TOML value, or a text without its quotes. Raises RulebookError where the folder or the file cannot
    be read, UnknownId and BadArgument for what cannot be set.
    """
    texts, own, merged, problems = _read(folder)
    try:
        subject = edited_subject(merged, given)
    except UnknownId:
        if problems:
            # it may well stand in a file that could not be read
            raise RulebookError(tuple(problems)) from None
        raise
    if subject.file in texts and subject.file not in own:
        raise RulebookError(tuple(problem for problem in problems if problem.place.file == subject.file))
    if TARGETS in texts and _at(own.get(subject.file, {}), subject.path) is None:
        table, rows = target_rows(texts[TARGETS], subject)
        if rows:
            after = with_cell(table, rows, subject, value, since.start)
            raw = (folder / TARGETS).read_bytes().decode("utf-8")
            ends = "\r\n" if "\r\n" in raw else "\n"
            mark = "\ufeff" if raw.startswith("\ufeff") else ""
            written = mark + after.replace("\n", ends)
            return _compared(folder, evolve(subject, file=TARGETS), raw, written, after)
    text, document = texts.get(subject.file, ""), own.get(subject.file, {})
    source = SourceMap(text, subject.file)
    path, written = _setting(subject, source, document, merged.get(subject.file, {}), _written(subject, value), since)
    try:
        splice = without_mark(text, spliced(source, path, written))
    except CannotSplice as wrong:
        raise BadArgument("ID", given, f"{wrong.message}; {wrong.hint}") from None
    after = splice.into(text) if text else splice.into(text) + "\n"
    _prove(subject, document, after, path, written)
    before, shown = _as_written(folder, subject, splice, text, after)
    edit = _compared(folder, subject, before, shown, after)
    if since.start is not None and since.before is None:
        _prove_past(subject, edit.changes, since.start)
    return edit


def _compared(folder: Path, subject: Edited, before: str, after: str, text: str) -> Edit:
    """The change of one file, with what it changes in meaning; ``text`` is the new file with plain line ends."""
    old, told = load_rules(folder)
    new, found = load_rules(folder, instead={subject.file: text})
    known = {(problem.code, problem.key, problem.message) for problem in told}
    brought = tuple(problem for problem in found if (problem.code, problem.key, problem.message) not in known)
    changes = () if old is None or new is None else rules_diff(old, new).changes
    return Edit(subject, before, after, old, new, brought, changes)


def _read(folder: Path) -> tuple[Mapping[str, str], Documents, Documents, list[Problem]]:
    """The texts of a folder, their documents, and the documents over those that they extend."""
    texts, problems = read_folder(folder)
    if not texts:
        raise RulebookError(tuple(problems))
    own, _, _ = documents_of({name: text for name, text in texts.items() if name != TARGETS})
    documents, _, found = documents_of(texts)
    return texts, own, extended(documents, texts, folder).documents, [*problems, *found]


def _as_written(folder: Path, subject: Edited, splice: Splice, text: str, after: str) -> tuple[str, str]:
    """The file's text before and after with its own byte order mark and line ends."""
    if not text:
        return "", after
    raw = (folder / subject.file).read_bytes()
    if decoded(raw, subject.file)[0] != text:
        raise RagError(f"{subject.file} was changed in the meantime: nothing was written")
    before = raw.decode("utf-8")
    return before, splice.into_written(before)


def _written(subject: Edited, value: str) -> str:
    """The value in TOML: as it is where it is TOML, else as a text."""
    stripped = value.strip()
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise BadArgument("VALUE", ascii(value), "it is not UTF-8") from None
    document = None
    if "\n" not in stripped:
        line = f"x = {stripped}"
        document, _ = load_document(line, "VALUE")
        pair = SourceMap(line, "VALUE").pairs.get(("x",)) if document is not None else None
        # a comment after the value is part of a text, not of the value
        document = document if pair is not None and pair.end == len(line) else None
    only_text = subject.key is not None and takes_only_text(subject.key.shape)
    if document is None or (only_text and not isinstance(document["x"], str)):
        return literal(value)
    return stripped


def _value_of(written: str) -> Any:
    document, _ = load_document(f"x = {written}", "VALUE")
    return None if document is None else document["x"]


def _at(document: Mapping[str, Any], path: Sequence[str]) -> Any:
    """What stands at a path; None where nothing does."""
    found: Any = document
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _is_dated(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(_DATE_KEY.fullmatch(key) for key in value)


def _setting(
    subject: Edited, source: SourceMap, own: Mapping[str, Any], merged: Mapping[str, Any], written: str, since: Since
) -> tuple[tuple[str, ...], str]:
    """The path to set in the file, and to what: with a day, the value becomes one of a table of dates."""
    path = subject.path
    for n in range(1, len(path)):
        if not isinstance(_at(own, path[:n]), dict | None):
            day = path[-1] if _DATE_KEY.fullmatch(path[-1]) else ""
            wanted = f"name {path[n - 1]} itself, with --from {day}" if day else f"{path[n - 1]} is set as a whole"
            raise BadArgument("ID", subject.id, f"{path[n - 1]} is no table: {wanted}")
    here = _at(own, path)
    held = _at(merged, path)
    inherited = held is None and bool(subject.inherits)
    if inherited:
        held = _at(merged, subject.inherits)
    if since.start is None:
        if _is_dated(held) and not since.always and not inherited:
            days = ", ".join(held)
            wanted = f"it is a table of dates ({days}): say --from DAY, or --always for one value in place of all"
            raise BadArgument("ID", subject.id, wanted)
        return path, written
    if subject.key is None or not takes_dates(subject.key.shape):
        raise BadArgument("--from", since.start.isoformat(), f"{path[-1]} has no dates: leave it out")
    day = since.start.isoformat()
    if _is_dated(held):
        if since.before is not None:
            raise BadArgument("--since", since.before.isoformat(), "the value has its dates already: leave it out")
        if _is_dated(here):
            return (*path, day), written
        entries = {key: value_text(value) for key, value in held.items()} if inherited else {}
    elif held is None:
        if since.before is not None:
            raise BadArgument("--since", since.before.isoformat(), "there is no value yet: leave it out")
        entries = {}
    else:
        entries = {_first_day(since): _old_text(source, path, held)}
    entries[day] = written
    return path, "{ " + ", ".join(f"{key} = {entries[key]}" for key in sorted(entries)) + " }"


def _first_day(since: Since) -> str:
    """The day from which the old value holds: the beginning of time, which is what no date means."""
    assert since.start is not None
    first = since.before or ALWAYS
    if first >= since.start:
        raise BadArgument("--since", first.isoformat(), f"it is not before {since.start}")
    return first.isoformat()


def _old_text(source: SourceMap, path: tuple[str, ...], held: Any) -> str:
    """The old value as it is spelt."""
    pair = source.pairs.get(path)
    return value_text(held) if pair is None else source.text[pair.value : pair.end]


def _prove(subject: Edited, document: Mapping[str, Any], after: str, path: tuple[str, ...], written: str) -> None:
    """Reads the changed text again: it must be the old document with this one value, type for type."""
    expected: dict[str, Any] = deepcopy(dict(document))
    table = expected
    for part in path[:-1]:
        table = table.setdefault(part, {})
    table[path[-1]] = _value_of(written)
    found, problems = load_document(after, subject.file)
    if found is None:
        raise RulebookError(tuple(problems))
    if not _same(found, expected):
        raise RagError(f"{subject.id} cannot be set where it stands without changing more: nothing was written")


def _same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _prove_past(subject: Edited, changes: Sequence[RuleChange], start: date) -> None:
    """No value may be rated otherwise before the day from which the new one holds."""
    for change in changes:
        for level in change.levels:
            if level.start is None or level.start < start:
                raise RagError(f"{subject.id} would change ratings before {start} ({level}): nothing was written")
