"""TOML texts as plain values, with limits, and syntax errors as problems with a likely cause."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from typing import Any

from ..problem import Place, Problem, shorten

__all__ = ["parse_toml"]

LONGEST_LINE = 4096
MOST_DOTS = 8

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_CAUSES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(<<<<<<<|=======|>>>>>>>)"), "a merge conflict was left in the file: settle it"),
    (re.compile(r"[“”‘’]"), 'curly quotes: write straight ones, "'),
    (re.compile(r"=\s*-?\d[\d.]*%"), ""),
    (re.compile(r"=\s*\d{1,3}(,\d{3})+"), "write the number without commas: 1250"),
    (re.compile(r"=\s*(True|False|TRUE|FALSE|Yes|No|yes|no)\b"), "write true or false"),
    (re.compile(r"=\s*\d{1,2}/\d{1,2}/\d{2,4}"), "write the date as 2020-08-14"),
    (re.compile(r"=\s*[A-Za-z]"), 'a text stands in quotes: "…"'),
)
_PER_CENT = re.compile(r"=\s*(-?\d[\d.]*%)")


def _bounded_float(text: str) -> Decimal:
    """A number as Decimal; building one is cheap for any exponent, and its size is checked where it is used."""
    return Decimal(text)


def parse_toml(text: str, name: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The document, or why it cannot be read: with line, column and the likely cause."""
    too_large = _limits(text, name)
    if too_large:
        return None, too_large
    try:
        return tomllib.loads(text, parse_float=_bounded_float), []
    except tomllib.TOMLDecodeError as wrong:
        return None, [_syntax_problem(str(wrong), text, name)]
    except RecursionError:
        return None, [Problem("RAG003", "arrays or tables are nested too deep", Place(name, 1))]
    except (ValueError, ArithmeticError) as wrong:
        return None, [Problem("RAG002", f"a value cannot be read: {shorten(str(wrong))}", Place(name, 1))]


def _limits(text: str, name: str) -> list[Problem]:
    lines = text.split("\n")
    problems: list[Problem] = []
    if max(map(len, lines)) > LONGEST_LINE:
        number = next(n for n, line in enumerate(lines, start=1) if len(line) > LONGEST_LINE)
        message = f"the line has {len(lines[number - 1]):,} characters, at most {LONGEST_LINE:,} are read"
        problems.append(Problem("RAG003", message, Place(name, number)))
    dotted = (line for line in lines if line.count(".") > MOST_DOTS and _key_dots(line) > MOST_DOTS)
    line = next(dotted, None)
    if line is not None:
        place = Place(name, lines.index(line) + 1)
        problems.append(Problem("RAG003", f"a key has more than {MOST_DOTS} dots", place, source=shorten(line, 100)))
    return problems


def _key_dots(line: str) -> int:
    bare = _STRINGS.sub("x", line)
    if bare.lstrip().startswith("["):
        return bare.partition("]")[0].count(".")
    key, equals, _ = bare.partition("=")
    return key.count(".") if equals else 0


def _syntax_problem(said: str, text: str, name: str) -> Problem:
    match = _AT.search(said)
    lines = text.split("\n")
    if match:
        line, column = int(match[1]), int(match[2])
    else:
        line, column = len(lines), 1
    message = said.partition(" (at ")[0]
    source = lines[line - 1] if line <= len(lines) else ""
    duplicate = _duplicate(message, source, lines, line)
    if duplicate:
        message = duplicate
    return Problem("RAG002", f"not TOML: {message}", Place(name, line, column), hint=_cause(source), source=source)


def _cause(source: str) -> str:
    per_cent = _PER_CENT.search(source)
    if per_cent:
        written = per_cent[1]
        return f'a number has no sign of its own: write {written[:-1]} and unit = "%", not {written}'
    return next((hint for pattern, hint in _CAUSES if hint and pattern.search(source)), "")


def _duplicate(message: str, source: str, lines: list[str], line: int) -> str:
    """tomllib names neither the key that stands twice nor where it stood first."""
    if "overwrite" not in message and "twice" not in message and "already" not in message:
        return ""
    stripped = source.strip()
    if stripped.startswith("["):
        first = next((n for n, other in enumerate(lines[: line - 1], start=1) if other.strip() == stripped), 0)
        key = stripped
    else:
        key = stripped.partition("=")[0].strip()
        first = 0
        for n in range(line - 1, 0, -1):
            other = lines[n - 1].strip()
            if other.partition("=")[0].strip() == key and "=" in other:
                first = n
                break
            if other.startswith("["):
                break
    if not key:
        return ""
    where = f", first on line {first}" if first else ""
    return f"{shorten(key, 60)} stands twice{where}, again on line {line}"
