"""Editions: a rulebook may extend an earlier one, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from ..problem import Place, Problem, shorten
from .source import read_folder
from .toml import parse_toml

__all__ = ["Documents", "extended"]

Documents = dict[str, dict[str, Any]]

LONGEST_CHAIN = 8


def _parsed_folder(folder: Path, label: str) -> tuple[Documents, dict[str, str], list[Problem]]:
    texts, problems = read_folder(folder)
    documents: Documents = {}
    for name, text in texts.items():
        document, found = parse_toml(text, f"{label}{name}")
        problems += found
        if document is not None and not name.endswith(".cases.toml"):
            documents[name] = document
    return documents, texts, problems


def extended(documents: Documents, folder: Path) -> tuple[Documents, tuple[str, ...], list[Problem]]:
    """The documents over those of the edition they extend, what changed a line each, and problems.

    ``remove`` at the top of an area file takes KPIs and actions out, in ``[book]`` whole areas. Cases belong to an
    edition and are not inherited.
    """
    chain = [documents]
    problems: list[Problem] = []
    here, current = folder, documents
    seen = {folder.resolve()}
    while isinstance(current.get("book.toml", {}).get("book", {}).get("extends"), str):
        written = current["book.toml"]["book"]["extends"]
        base = here / written
        place = Place("book.toml")
        if base.resolve() in seen or len(chain) > LONGEST_CHAIN:
            problems.append(Problem("RAG025", f"extends {shorten(written)!r} goes round in a circle", place))
            break
        seen.add(base.resolve())
        current, _, found = _parsed_folder(base, f"{written.rstrip('/')}/")
        problems += found
        if not current:
            problems.append(Problem("RAG025", f"there is no edition in {shorten(written)!r}", place))
            break
        here = base
        chain.append(current)
    merged: Documents = {}
    changelog: tuple[str, ...] = ()
    for layer in reversed(chain):
        merged, changelog = _over(merged, layer)
    return merged, (changelog if len(chain) > 1 else ()), problems


def _over(base: Documents, layer: Documents) -> tuple[Documents, tuple[str, ...]]:
    merged = deepcopy(base)
    changes: list[str] = []
    for area in layer.get("book.toml", {}).get("book", {}).get("remove", []):
        if merged.pop(f"{area}.toml", None) is not None:
            changes.append(f"removed {area}")
    for name, document in layer.items():
        own = dict(document)
        removed = own.pop("remove", []) if name != "book.toml" else []
        below = merged.get(name)
        if below is None:
            if base:
                changes.append(f"added {name.removesuffix('.toml')}")
            merged[name] = own
            continue
        area = name.removesuffix(".toml")
        for measure in removed:
            for kind in ("kpi", "action"):
                if below.get(kind, {}).pop(measure, None) is not None:
                    changes.append(f"removed {area}.{measure}")
        changes += _changes(below, own, area)
        merged[name] = _deep(below, own)
    return merged, tuple(changes)


def _deep(below: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; anything else is replaced."""
    made = dict(below)
    for key, value in over.items():
        old = made.get(key)
        made[key] = _deep(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return made


def _changes(below: Mapping[str, Any], over: Mapping[str, Any], area: str) -> list[str]:
    changes = []
    for kind in ("kpi", "action"):
        for name, table in over.get(kind, {}).items():
            old = below.get(kind, {}).get(name)
            if old is None:
                changes.append(f"added {area}.{name}")
            elif isinstance(table, dict):
                for key, value in table.items():
                    if old.get(key) != value:
                        changes.append(f"changed {area}.{name}: {key} from {old.get(key, 'nothing')} to {value}")
    return changes
