"""``<area>.cases.toml``: rule tests as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rulebook.rules import Case
from ..toml.positions import Path, SourceMap
from .case_keys import CASE, CASES_FILE, EXPECTED, PAST, UNDECLARED
from .case_values import check_values
from .faults import Faults, meant
from .keys import Key, as_meant

__all__ = ["read_cases"]

_SUBJECTS = ("kpi", "action", "area", "rules")


def read_cases(
    document: Mapping[str, Any], file: str, text: str, inputs: Mapping[str, tuple[str, ...]], faults: Faults
) -> list[Case]:
    """The cases of one file; ``inputs`` are the extra numbers of each KPI."""
    document = as_meant(document, CASES_FILE, faults, file, (), otherwise="write [[case]]")
    items = document.get("case", [])
    if not isinstance(items, list):
        faults.add(file, ("case",), "RAG006", "a case is one of a list", "write [[case]]")
        return []
    source = SourceMap(text, file)
    return [
        case
        for n, item in enumerate(items)
        if (case := _case(item, ("case", n), file, source, inputs, faults)) is not None
    ]


def _case(
    item: Any, path: Path, file: str, source: SourceMap, inputs: Mapping[str, tuple[str, ...]], faults: Faults
) -> Case | None:
    if not isinstance(item, dict):
        faults.add(file, path, "RAG006", "a case is a table", "write [[case]]")
        return None
    before = len(faults)
    kpi = next((item[key] for key in item if key == "kpi" or (key not in CASE and meant(key, CASE) == "kpi")), None)
    own = inputs.get(str(kpi), ())
    item = _keys(item, path, CASE, own, file, faults)
    name = item.get("name")
    if not isinstance(name, str) or not name.strip():
        faults.add(file, path, "RAG026", "the case has no name", "say in a few words what it shows")
    subjects = [key for key in _SUBJECTS if key in item]
    if not subjects or (len(subjects) > 1 and "rules" not in subjects):
        faults.add(file, path, "RAG026", "a case is about one kpi, action, area or rules", "name one")
    expect = item.get("expect")
    if not isinstance(expect, dict) or not expect:
        faults.add(file, path, "RAG026", "the case expects nothing", 'write expect = { rag = "green" }')
    else:
        expect = as_meant(expect, EXPECTED, faults, file, (*path, "expect"))
        check_values(expect, EXPECTED, (), faults, file, (*path, "expect"))
    if "action" in item and "as_at" not in item:
        faults.add(file, path, "RAG026", "the case of an action has no as_at", "write as_at = 2020-10-15")
    history = item.get("history", [])
    if not isinstance(history, list) or not all(isinstance(entry, dict) for entry in history):
        faults.add(
            file, (*path, "history"), "RAG006", "history is not a list of tables", "write [{ period = …, value = … }]"
        )
        return None
    for n, entry in enumerate(history):
        _keys(entry, (*path, "history", n), PAST, own, file, faults)
    if len(faults) > before:
        return None
    return Case(name or "", {k: v for k, v in item.items() if k != "name"}, file, source.place(path).line)


def _keys(
    item: Mapping[str, Any], path: Path, keys: Mapping[str, Key], inputs: tuple[str, ...], file: str, faults: Faults
) -> Mapping[str, Any]:
    """A case or an entry of its history as it is meant."""
    item = as_meant(item, (*keys, *inputs), faults, file, path, otherwise=UNDECLARED)
    check_values(item, keys, inputs, faults, file, path)
    return item
