"""Problems as other tools read them: JSON, GitHub annotations and SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from .. import __version__
from ..display import clean
from ..plain import plain
from ..problem import CODES, Problem
from .checks import CHECKS

__all__ = ["github", "problems_as_json", "sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

#: https://docs.github.com/actions, workflow commands: what must be escaped in a message and in a property
_MESSAGE = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_MESSAGE, (":", "%3A"), (",", "%2C"))


def title_of(code: str) -> str:
    """The title of a problem's code."""
    return CHECKS[code].title if code in CHECKS else CODES[code]


def _escaped(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for bare, written in pairs:
        text = text.replace(bare, written)
    return text


def github(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """A line each that GitHub shows beside the changed line; ``folder`` is that of the rules."""
    for problem in problems:
        place = f"file={_escaped(clean(_file(folder, problem).as_posix()), _PROPERTY)}"
        if problem.place.line:
            place += f",line={problem.place.line},col={max(problem.place.column, 1)}"
        title = _escaped(f"{problem.code}: {title_of(problem.code)}", _PROPERTY)
        yield f"::{problem.severity} {place},title={title}::{_escaped(clean(problem.text), _MESSAGE)}"


def problems_as_json(problems: Iterable[Problem]) -> str:
    """A JSON list with an object each: every field of :class:`~ragengine.problem.Problem`, ``place`` an object too."""
    return _dumped(plain(tuple(problems)))


def sarif(problems: Sequence[Problem], folder: str) -> str:
    """A SARIF 2.1.0 log with one run; ``folder`` is that of the rules, relative to where the log is read."""
    codes = sorted({problem.code for problem in problems})
    driver = {"name": "ragengine", "version": __version__, "rules": [_rule(code) for code in codes]}
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": str(problem.severity),
            "message": {"text": clean(problem.text)},
            "locations": [{"physicalLocation": _location(problem, folder)}],
        }
        for problem in problems
    ]
    # a column counts characters, not UTF-16 units
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return _dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": code, "shortDescription": {"text": title_of(code)}}
    if code in CHECKS:
        rule["fullDescription"] = {"text": CHECKS[code].why}
        rule["defaultConfiguration"] = {"level": str(CHECKS[code].severity)}
    return rule


def _location(problem: Problem, folder: str) -> dict[str, Any]:
    place = problem.place
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(_file(folder, problem))}}
    if place.line:
        location["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    return location


def _uri(path: PurePath) -> str:
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _file(folder: str, problem: Problem) -> PurePath:
    """The file a problem is in; the folder itself, where that is what cannot be read."""
    named, file = PurePath(folder), PurePath(problem.place.file)
    return named if file == named else named / file


def _dumped(value: object) -> str:
    """JSON as people can read it, with what :func:`~ragengine.display.clean` would take out written as escapes."""
    written = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(c if c == "\n" or clean(c) == c else json.dumps(c)[1:-1] for c in written)
