"""Editions: a rulebook may extend an earlier one, key by key."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from ..problem import Problem, shorten
from ..toml.positions import Path as KeyPath
from ..toml.positions import SourceMap
from ..toml.source import read_folder
from .documents import Documents, documents_of
from .faults import near
from .target_table import TARGETS

__all__ = ["Documents", "Edition", "Layer", "extended", "layers_of", "written_value"]

LONGEST_CHAIN = 8
#: differ in every edition and are no change of its rules
_OF_THE_EDITION = frozenset({"book.title", "book.edition", "book.extends", "book.remove"})


@frozen
class Edition:
    """The documents of one edition over those it extends.

    Attributes:
        changelog: what it added, changed and removed, a line each.
        below: texts of the editions it extends, nearest first: for each file its name as it is shown and its text.
    """

    documents: Documents
    changelog: tuple[str, ...] = ()
    below: Mapping[str, tuple[tuple[str, str], ...]] = field(factory=dict)
    problems: tuple[Problem, ...] = ()


@frozen
class Layer:
    """One folder of the chain; ``label`` is the way to it from the folder that is loaded."""

    label: str
    documents: Documents
    texts: Mapping[str, str]

    def shown(self, name: str) -> str:
        """A file's name as it is shown: with the way to its folder."""
        return f"{self.label}/{name}" if self.label else name

    def problem(self, name: str, path: KeyPath, code: str, message: str, hint: str) -> Problem:
        source = SourceMap(self.texts.get(name, ""), self.shown(name))
        place = source.place(path)
        key = ".".join(part for part in path if isinstance(part, str))
        return Problem(code, message, place, key=key, hint=hint, source=source.line_text(place.line))

    @property
    def book(self) -> Mapping[str, Any]:
        """Its ``[book]``, empty where it has none."""
        return _table(self.documents.get("book.toml", {}).get("book"))


def _table(value: object) -> Mapping[str, Any]:
    """The table, or an empty one for what is none: that is told where tables are read."""
    return value if isinstance(value, dict) else {}


def _read(folder: Path, label: str) -> tuple[Layer, list[Problem]]:
    texts, problems = read_folder(folder)
    problems = [evolve(p, place=evolve(p.place, file=f"{label}/{p.place.file}")) for p in problems]
    documents, _, found = documents_of(texts, label)
    return Layer(label, documents, texts), [*problems, *found]


def extended(documents: Documents, texts: Mapping[str, str], folder: Path | None) -> Edition:
    """The documents over those of the edition they extend; texts without a folder extend none.

    ``remove`` at the top of an area file takes KPIs and actions out, in ``[book]`` whole areas. Cases belong to an
    edition and are not inherited.
    """
    chain, problems = layers_of(Layer("", documents, texts), folder)
    merged: Documents = {}
    changelog: tuple[str, ...] = ()
    for layer in reversed(chain):
        merged, changelog, found = _over(merged, layer)
        problems += found
    if len(chain) == 1:
        return Edition(merged, problems=tuple(problems))
    below: dict[str, tuple[tuple[str, str], ...]] = {}
    for layer in chain[1:]:
        for name in layer.texts.keys() & {*layer.documents, TARGETS}:
            below[name] = (*below.get(name, ()), (layer.shown(name), layer.texts[name]))
    return Edition(merged, changelog, below, tuple(problems))


def layers_of(top: Layer, folder: Path | None) -> tuple[list[Layer], list[Problem]]:
    """The editions from this one down to the first."""
    chain, problems = [top], list[Problem]()
    if folder is None:
        if "extends" in top.book:
            said, hint = "texts without a folder extend no edition", "load the folder, or leave extends out"
            problems.append(top.problem("book.toml", ("book", "extends"), "RAG025", said, hint))
        return chain, problems
    seen = {folder.resolve()}
    while isinstance(written := chain[-1].book.get("extends"), str):
        at: KeyPath = ("book", "extends")
        shown = shorten(written)
        label = posixpath.normpath(posixpath.join(chain[-1].label, written))
        try:
            base = (folder / label).resolve()
            there = base.is_dir() and written.strip() != ""
        except (OSError, ValueError, RuntimeError):
            there = False
        if not there:
            said = f"there is no edition in {shown!r}"
            hint = 'name its folder as seen from this one: "../2019-20"'
        elif base in seen:
            said, hint = f"extends {shown!r} goes round in a circle", "let one edition extend none"
        elif len(chain) > LONGEST_CHAIN:
            said, hint = f"more than {LONGEST_CHAIN} editions extend each other", "write a new edition in full"
        else:
            seen.add(base)
            layer, found = _read(base, label)
            problems += found
            if "book.toml" in layer.texts:
                chain.append(layer)
                continue
            said, hint = f"there is no book.toml in {shown!r}", "name the folder of an edition"
        problems.append(chain[-1].problem("book.toml", at, "RAG025", said, hint))
        break
    return chain, problems


def _over(base: Documents, layer: Layer) -> tuple[Documents, tuple[str, ...], list[Problem]]:
    """A layer over what is below it, what changed, and what it removes that is not there."""
    merged = deepcopy(base)
    changes: list[str] = []
    problems: list[Problem] = []
    areas = [name.removesuffix(".toml") for name in base if name != "book.toml"]
    for n, area in enumerate(_names(layer.book.get("remove"))):
        if area in areas:
            del merged[f"{area}.toml"]
            changes.append(f"removed {area}")
        else:
            problems.append(_nothing_to_remove(layer, "book.toml", ("book", "remove", n), area, areas))
    for name, document in layer.documents.items():
        own = dict(document)
        area = name.removesuffix(".toml")
        below = merged.get(name, {})
        removed = own.pop("remove", []) if name != "book.toml" else []
        known = [measure for kind in ("kpi", "action") for measure in _table(below.get(kind))]
        if not isinstance(removed, list) or not all(isinstance(measure, str) for measure in removed):
            hint = 'write remove = ["seen-10-days"]'
            problems.append(layer.problem(name, ("remove",), "RAG006", "remove is not a list of ids", hint))
            removed = []
        for n, measure in enumerate(removed):
            if measure not in known:
                problems.append(_nothing_to_remove(layer, name, ("remove", n), measure, known))
                continue
            for kind in ("kpi", "action"):
                if _table(below.get(kind)).get(measure) is not None:
                    del below[kind][measure]
            changes.append(f"removed {area}.{measure}")
        if base and name not in merged:
            changes.append(f"added {area}")
        elif base:
            changes += _changes(below, own, area)
        merged[name] = _deep(below, own)
    return merged, tuple(changes), problems


def _names(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _nothing_to_remove(layer: Layer, name: str, path: KeyPath, given: str, known: list[str]) -> Problem:
    said = f"nothing to remove is called {shorten(given, 40)!r}"
    hint = near(given, known) or "remove names what the extended edition has"
    return layer.problem(name, path, "RAG019", said, hint)


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
        for name, table in _table(over.get(kind)).items():
            old = _table(below.get(kind)).get(name)
            if old is None:
                changes.append(f"added {area}.{name}")
            else:
                changes += [f"changed {area}.{name}: {change}" for change in _differences(old, table, "")]
    apart = {key: value for key, value in over.items() if key not in ("kpi", "action")}
    changes += [
        f"changed {area}: {change}"
        for change in _differences(below, apart, "")
        if change.partition(" ")[0] not in _OF_THE_EDITION
    ]
    return changes


def _differences(old: object, new: object, key: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name, value in new.items():
            yield from _differences(old.get(name), value, f"{key}.{name}" if key else name)
    elif old != new:
        yield f"{key} from {written_value(old)} to {written_value(new)}"


def written_value(value: object, limit: int = 80) -> str:
    """A TOML value in a line, each part cut to what a line can carry."""
    match value:
        case None:
            said = "nothing"
        case bool():
            said = "true" if value else "false"
        case dict():
            said = "{ " + ", ".join(f"{key} = {written_value(item, limit)}" for key, item in value.items()) + " }"
        case list():
            said = "[" + ", ".join(written_value(item, limit) for item in value) + "]"
        case _:
            said = str(value)
    return shorten(said, limit)
