"""Overrides and narrative: the data that people write as TOML."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ..display import did_you_mean
from ..period import Calendar, PeriodError, parse_date
from ..problem import Place, Problem, shorten
from ..rulefile.load import SourceMap, load_document
from ..toml.source import read_text
from .model import Narrative, Override, Statement

__all__ = ["NARRATIVE_KEYS", "overrides_of", "read_toml"]

_EFFECTS = ("rag", "no_better_than", "no_worse_than")
_OVERRIDE_TEXTS = ("subject", "entity", "reason", "authority", "release_when", "evidence")
_OVERRIDE_KEYS = (*_OVERRIDE_TEXTS, *_EFFECTS, "from", "until")
NARRATIVE_KEYS = ("key_developments", "key_risks", "progress", "risks", "notes")


class _Given:
    """Overrides from memory while they are read."""

    def __init__(self, calendar: Calendar, problems: list[Problem]) -> None:
        self.calendar = calendar
        self.problems = problems

    def place(self, path: tuple[str | int, ...]) -> Place:
        return Place(f"overrides[{path[1]}]")

    def say(self, code: str, path: tuple[str | int, ...], message: str, hint: str = "", *, key: bool = False) -> None:
        self.problems.append(Problem(code, message, self.place(path), hint=hint, key=_path_text(path[2:])))

    def as_meant(
        self, given: Mapping[str, Any], known: Collection[str], path: tuple[str | int, ...]
    ) -> Mapping[str, Any]:
        """A table with known keys alone: each other one is told, and read on as the key that it nearly spells."""
        made = {key: value for key, value in given.items() if key in known}
        for key in [key for key in given if key not in known]:
            near = did_you_mean(key, known)
            hint = f"did you mean {near}?" if near else f"known here: {', '.join(known)}"
            self.say("RAG004", (*path, key), f"unknown key {shorten(key, 40)!r}", hint, key=True)
            if near:
                made.setdefault(near, given[key])
        return made


class _File(_Given):
    """One TOML data file while it is read."""

    def __init__(self, text: str, name: str, calendar: Calendar) -> None:
        super().__init__(calendar, [])
        self.source = SourceMap(text, name)

    def place(self, path: tuple[str | int, ...]) -> Place:
        return self.source.place(path)

    def say(self, code: str, path: tuple[str | int, ...], message: str, hint: str = "", *, key: bool = False) -> None:
        place = self.source.key_place(path) if key else self.source.place(path)
        source = self.source.line_text(place.line)
        self.problems.append(Problem(code, message, place, hint=hint, key=_path_text(path), source=source))


def _path_text(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def read_toml(
    path: Path, name: str, calendar: Calendar
) -> tuple[tuple[Override, ...], dict[str, Narrative], list[Problem]]:
    """Overrides where the file has ``[[override]]``, else narrative; a file of neither is a problem."""
    text, problems = read_text(path, name)
    if text is None:
        return (), {}, problems
    document, found = load_document(text, name)
    problems += found
    if document is None:
        return (), {}, problems
    file = _File(text, name, calendar)
    if "override" in document or path.stem == "overrides":
        overrides = _overrides(document, file)
        return overrides, {}, [*problems, *file.problems]
    narrative = _narrative(document, file)
    return (), narrative, [*problems, *file.problems]


def _overrides(document: Mapping[str, Any], file: _File) -> tuple[Override, ...]:
    document = file.as_meant(document, ("override",), ())
    items = document.get("override", [])
    if not isinstance(items, list):
        file.say("RAG006", ("override",), "an override is one of a list", "write [[override]]")
        return ()
    made = [_override(item, ("override", n), file) for n, item in enumerate(items)]
    return tuple(override for override in made if override is not None)


def overrides_of(items: Sequence[Any], calendar: Calendar, problems: list[Problem]) -> tuple[Override, ...]:
    """Overrides from memory, as mappings with the keys of ``[[override]]``; what is wrong with one is a problem."""
    given = _Given(calendar, problems)
    made = [_override(item, ("override", n), given) for n, item in enumerate(items)]
    return tuple(override for override in made if override is not None)


def _override(item: Any, path: tuple[str | int, ...], file: _Given) -> Override | None:
    if not isinstance(item, dict):
        file.say("RAG006", path, "an override is a table", "write [[override]]")
        return None
    before = len(file.problems)
    item = file.as_meant(item, _OVERRIDE_KEYS, path)
    texts: dict[str, str] = {}
    for key in (*_OVERRIDE_TEXTS, *_EFFECTS):
        if key in item:
            if isinstance(item[key], str):
                texts[key] = item[key].strip()
            else:
                file.say("RAG006", (*path, key), f"{key} is no text", "write it in quotes")
    for key in ("subject", "from", "until", "reason", "authority"):
        if key not in item:
            hint = "an auditor asks who judged what, why and until when"
            file.say("RAG110", path, f"the override has no {key}", hint)
    effects = [key for key in _EFFECTS if key in item]
    if len(effects) != 1:
        file.say("RAG110", path, f"the override has {len(effects)} effects", f"write one of {', '.join(_EFFECTS)}")
    start, until = _day(item, "from", path, file), _day(item, "until", path, file)
    if start and until and until < start:
        file.say("RAG110", (*path, "until"), f"until {until} is before from {start}", "check both dates")
    if len(file.problems) > before or start is None or until is None:
        return None
    return Override(
        subject=texts["subject"],
        effect=effects[0],
        level=texts[effects[0]],
        start=start,
        until=until,
        reason=texts["reason"],
        authority=texts["authority"],
        entity=texts.get("entity") or None,
        release_when=texts.get("release_when", ""),
        evidence=texts.get("evidence", ""),
        place=file.place(path),
    )


def _day(item: Mapping[str, Any], key: str, path: tuple[str | int, ...], file: _Given) -> date | None:
    if key not in item:
        return None
    try:
        return parse_date(item[key], file.calendar)
    except PeriodError as wrong:
        file.say("RAG106", (*path, key), f"{shorten(item[key], 40)!r}: {wrong.message}", wrong.hint)
        return None


def _narrative(document: Mapping[str, Any], file: _File) -> dict[str, Narrative]:
    found: dict[str, Narrative] = {}
    for area, table in document.items():
        if not isinstance(table, dict):
            file.say("RAG006", (area,), f"{shorten(area, 40)} is no table", "write [early-help]", key=True)
            continue
        table = file.as_meant(table, NARRATIVE_KEYS, (area,))
        said = {key: _statements(table[key], (area, key), file) for key in NARRATIVE_KEYS if key in table}
        found[area] = Narrative(area, **said)
    return found


def _statements(value: Any, path: tuple[str | int, ...], file: _File) -> tuple[Statement, ...]:
    items = [value] if isinstance(value, str | dict) else value
    if not isinstance(items, list):
        file.say("RAG006", path, "not a list of texts", 'write ["…", { text = "…", evidence = "…" }]')
        return ()
    made = []
    for n, item in enumerate(items):
        if isinstance(item, str):
            made.append(Statement(item))
        elif isinstance(item, dict) and isinstance(item.get("text"), str):
            item = file.as_meant(item, ("text", "evidence"), (*path, n))
            made.append(Statement(item["text"], str(item.get("evidence", ""))))
        else:
            file.say("RAG006", (*path, n), "neither a text nor { text, evidence }", 'write "…"')
    return tuple(made)
