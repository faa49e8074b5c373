"""``[book.checks]`` and ``grace_budget``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from ..problem import ADVICE, CODES, Problem, Severity, shorten
from ..rulebook.settings import CheckSetting, GraceBudget
from ..toml.positions import Path
from .faults import Faults, Wrong
from .fields import BUDGET, CHECK
from .keys import read_table
from .values import table

__all__ = ["as_set", "read_budget", "read_checks"]

_FILE = "book.toml"
_CODE = re.compile(r"RAG0\d\d")
_NEARLY = re.compile(r"\s*(?:rag)?[\s_-]*0*(\d{1,2})\s*", re.IGNORECASE)


def read_checks(raw: Mapping[str, Any], faults: Faults) -> tuple[CheckSetting, ...]:
    """The settings of a book, by code; errors of the loader cannot be set otherwise.

    Which codes there are beyond those of the loader, ``check`` knows, and says of a setting for none.
    """
    path: Path = ("book", "checks")
    try:
        tables = table(raw)
    except Wrong as wrong:
        faults.add_wrong(_FILE, path, wrong)
        return ()
    made = []
    for code, written in tables.items():
        at = (*path, code)
        if not _CODE.fullmatch(code) or (code in CODES and code not in ADVICE):
            said = f"{shorten(code, 20)!r} is no check whose severity can be set"
            faults.add(_FILE, at, "RAG019", said, _meant(code), at_key=True)
            continue
        if not isinstance(written, dict):
            hint = 'write { severity = "off", reason = "…" }'
            faults.add(_FILE, at, "RAG006", "a check's setting is a table", hint)
            continue
        meant, fields = read_table(written, CHECK, faults, _FILE, at)
        for key in CHECK:
            if key not in meant:
                faults.add(_FILE, at, "RAG005", f"{key} is missing", "a check is set otherwise for a reason")
        if len(fields) == len(CHECK):
            made.append(CheckSetting(code=code, **fields))
    return tuple(made)


def _meant(code: str) -> str:
    if code in CODES:
        return "an error is mended, not set otherwise"
    nearly = _NEARLY.fullmatch(code)
    return f"did you mean RAG{int(nearly[1]):03}?" if nearly else "write a code like RAG058; docs/checks lists them"


def as_set(settings: Iterable[CheckSetting], problems: Iterable[Problem]) -> list[Problem]:
    """Warnings with the severity that the book sets, without those it turns off; errors as they are."""
    severities = {setting.code: setting.severity for setting in settings}
    made = []
    for problem in problems:
        severity = severities.get(problem.code)
        if severity is None or problem.is_error:
            made.append(problem)
        elif severity != "off":
            made.append(evolve(problem, severity=Severity(severity)))
    return made


def read_budget(raw: Any, faults: Faults) -> GraceBudget | None:
    """``{ periods = 6, share = "20%" }``, either or both."""
    path: Path = ("book", "grace_budget")
    try:
        written = table(raw)
    except Wrong as wrong:
        faults.add_wrong(_FILE, path, wrong)
        return None
    _, fields = read_table(written, BUDGET, faults, _FILE, path)
    if not written:
        faults.add(_FILE, path, "RAG005", "the budget is empty", 'write { periods = 6, share = "20%" }')
    return GraceBudget(**fields)
