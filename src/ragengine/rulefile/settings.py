"""``[book.checks]`` and ``grace_budget``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..problem import shorten
from ..rulebook.settings import CheckSetting, GraceBudget
from .faults import Faults, Wrong
from .fields import BUDGET, CHECK
from .keys import Context, read_table
from .positions import Path
from .values import table

__all__ = ["read_budget", "read_checks"]

_FILE = "book.toml"
_CODE = re.compile(r"RAG0[4-9]\d|RAG0(10|24|3[0-4])")


def read_checks(raw: Mapping[str, Any], faults: Faults) -> tuple[CheckSetting, ...]:
    """The settings of a book, by code; errors of the loader cannot be set otherwise."""
    path: Path = ("book", "checks")
    try:
        tables = table(raw)
    except Wrong as wrong:
        faults.add_wrong(_FILE, path, wrong)
        return ()
    made = []
    for code, written in tables.items():
        at = (*path, code)
        if not _CODE.fullmatch(code):
            said = f"{shorten(code, 20)!r} is no check whose severity can be set"
            faults.add(_FILE, at, "RAG019", said, "docs/checks lists them", at_key=True)
            continue
        if not isinstance(written, dict):
            hint = 'write { severity = "off", reason = "…" }'
            faults.add(_FILE, at, "RAG006", "a check's setting is a table", hint)
            continue
        fields = read_table(written, CHECK, Context(written, False), faults, _FILE, at)
        for key in CHECK:
            if key not in written:
                faults.add(_FILE, at, "RAG005", f"{key} is missing", "a check is set otherwise for a reason")
        if len(fields) == len(CHECK):
            made.append(CheckSetting(code=code, **fields))
    return tuple(made)


def read_budget(raw: Any, faults: Faults) -> GraceBudget | None:
    """``{ periods = 6, share = "20%" }``, either or both."""
    path: Path = ("book", "grace_budget")
    try:
        written = table(raw)
    except Wrong as wrong:
        faults.add_wrong(_FILE, path, wrong)
        return None
    fields = read_table(written, BUDGET, Context(written, False), faults, _FILE, path)
    if not written:
        faults.add(_FILE, path, "RAG005", "the budget is empty", 'write { periods = 6, share = "20%" }')
    return GraceBudget(**fields)
