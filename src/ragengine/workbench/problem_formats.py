"""Problems as other tools read them: GitHub annotations and SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any

from .. import __version__
from ..problem import CODES, Problem
from .checks import CHECKS

__all__ = ["github", "sarif", "title_of"]

#: https://docs.github.com/actions, workflow commands: what must be escaped in a message and in a property
_MESSAGE = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_MESSAGE, (":", "%3A"), (",", "%2C"))


def title_of(code: str) -> str:
    """The title of a problem's code."""
    return CHECKS[code].title if code in CHECKS else CODES[code]


def _escaped(text: str, pairs: Sequence[tuple[str, str]]) -> str:
    for plain, written in pairs:
        text = text.replace(plain, written)
    return text


def _path(folder: str, problem: Problem) -> str:
    return PurePath(folder, problem.place.file).as_posix()


def github(problems: Iterable[Problem], folder: str) -> Iterator[str]:
    """A line each that GitHub shows beside the changed line; ``folder`` is that of the rules."""
    for problem in problems:
        place = f"file={_escaped(_path(folder, problem), _PROPERTY)}"
        if problem.place.line:
            place += f",line={problem.place.line},col={max(problem.place.column, 1)}"
        title = _escaped(f"{problem.code}: {title_of(problem.code)}", _PROPERTY)
        yield f"::{problem.severity} {place},title={title}::{_escaped(problem.text, _MESSAGE)}"


def sarif(problems: Sequence[Problem], folder: str) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run."""
    codes = sorted({problem.code for problem in problems})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ragengine",
                        "version": __version__,
                        "rules": [{"id": code, "shortDescription": {"text": title_of(code)}} for code in codes],
                    }
                },
                "results": [
                    {
                        "ruleId": problem.code,
                        "ruleIndex": codes.index(problem.code),
                        "level": str(problem.severity),
                        "message": {"text": problem.text},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": _path(folder, problem)},
                                    "region": {
                                        "startLine": max(problem.place.line, 1),
                                        "startColumn": max(problem.place.column, 1),
                                    },
                                }
                            }
                        ],
                    }
                    for problem in problems
                ],
            }
        ],
    }
