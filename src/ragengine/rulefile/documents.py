"""The documents of one folder: its TOML files parsed, with the rows of its table of targets in their KPIs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..problem import Problem
from ..toml.parse import parse_toml
from .target_table import TARGETS, calendar_of, read_targets, with_targets

__all__ = ["Documents", "documents_of"]

Documents = dict[str, dict[str, Any]]
_CASES = ".cases.toml"


def documents_of(texts: Mapping[str, str], label: str = "") -> tuple[Documents, Documents, list[Problem]]:
    """The documents of rules, those of cases, and what is wrong with any; ``label`` is the way to the folder."""
    documents: Documents = {}
    cases: Documents = {}
    problems: list[Problem] = []
    for name, text in texts.items():
        if name == TARGETS:
            continue
        document, found = parse_toml(text, f"{label}/{name}" if label else name)
        problems += found
        if document is not None:
            (cases if name.endswith(_CASES) else documents)[name] = document
    if TARGETS in texts:
        table = read_targets(texts[TARGETS], f"{label}/{TARGETS}" if label else TARGETS, calendar_of(documents))
        problems += with_targets(documents, table)
    return documents, cases, problems
