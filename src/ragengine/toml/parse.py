"""TOML texts as plain values, with limits, and syntax errors as problems with a likely cause."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from ..problem import Place, Problem, shorten
from .positions import Path, SourceMap

__all__ = ["comments_of", "parse_toml"]

LONGEST_LINE = 4096
MOST_DOTS = 8
MOST_DEPTH = 8

#: strings and comments, in which dots and brackets mean nothing
_APART = re.compile(
    # one that never ends takes the rest, so that it is looked for once
    r'"""(?:[^\\"]++|\\.|"(?!""))*+(?:"{3,5}|\Z)|\'\'\'(?:[^\']++|\'(?!\'\'))*+(?:\'{3,5}|\Z)'
    r'|"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*\'|#[^\n]*',
    re.DOTALL,
)
#: a line with so many dots, wherever they stand
_DOTTED = re.compile(rf"\.(?:[^.\n]*+\.){{{MOST_DOTS}}}")
_MANY_DOTS = re.compile(rf"(?<![A-Za-z0-9_-])(?:[A-Za-z0-9_-]+[ \t]*\.[ \t]*){{{MOST_DOTS + 1}}}")
#: stands for a number far out of bounds: what reads it refuses it as too large, and nothing has to write it out
_FAR_OUT = Decimal("1E+999")
_TINY = Decimal("1E-999")
_LARGEST_INT = 2**63
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_CAUSES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(<<<<<<<|=======|>>>>>>>)"), "a merge conflict was left in the file: settle it"),
    (re.compile(r"[“”‘’]"), 'curly quotes: write straight ones, "'),
    (re.compile(r"=\s*-?\d[\d.]*%"), ""),
    (re.compile(r"=\s*-?\d{1,3}(,\d{3})+"), "write the number without commas: 1250"),
    (re.compile(r"=\s*-?\d+,\d"), "write the number with a point: 90.5"),
    (re.compile(r"=\s*[+-]?(infinity|nan)\b", re.IGNORECASE), "write a finite number"),
    (re.compile(r"^\s*\[+[^\]\s\"'=]+[ \t]+[^\]\s.]"), "an id has no spaces: write hyphens"),
    (re.compile(r"=\s*(\"[^\"]*|'[^']*)$"), "a quote is opened and never closed: end the text with one"),
    (re.compile(r"=\s*(True|False|TRUE|FALSE|Yes|No|yes|no)\b"), "write true or false"),
    (re.compile(r"=\s*\d{1,2}/\d{1,2}/\d{2,4}"), "write the date as 2020-08-14"),
    (re.compile(r"=\s*[A-Za-z]"), 'a text stands in quotes: "…"'),
)
_ONE_LINE = "a table in { … } stands on one line, or is written as a table of its own: [kpi.<id>.target]"
#: where tomllib gave up, what stands there, and what is probably meant
_WHERE_IT_ENDED = (
    ("Invalid initial character for a key part", ("}",), "take out the comma before }"),
    ("Invalid initial character for a key part", ("",), _ONE_LINE),
    ("Expected '='", (":",), "write = in place of :"),
    ("Expected '='", ("\u00a0",), "a no-break space stands here: write a plain one"),
    ("Expected '='", ("",), "write key = value"),
    ("Expected ']' at the end of a table", ("",), "end the name of the table with ]"),
    ("Unescaped", ("",), "within quotes a \\ is written twice; or put the text in single quotes, '…'"),
    ("Invalid value", ("\u2013", "\u2014", "\u2212"), "write a plain minus sign, -"),
    ("Invalid value", ("£", "€", "$"), "write the number alone: its unit stands in unit"),
)
#: what a value in a list begins with
_VALUES = tuple("{\"'0123456789+-")
_PER_CENT = re.compile(r"=\s*(-?\d[\d.]*%)")


def _bounded_float(text: str) -> Decimal:
    """A number as Decimal, with an exponent that is cheap to work with; its size is checked where it is used."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        # an exponent of more digits than Decimal has room for
        mantissa, _, exponent = text.lower().partition("e")
        if not mantissa.strip("+-0._"):
            return Decimal(0)
        return _TINY if exponent.startswith("-") else _FAR_OUT
    if not number.is_finite() or not number or abs(number.adjusted()) < 999:
        return number
    return _FAR_OUT if number.adjusted() > 0 else _TINY


def parse_toml(text: str, name: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The document, or why it cannot be read: with line, column and the likely cause."""
    too_large = _limits(text, name)
    if too_large:
        return None, too_large
    try:
        document = tomllib.loads(text, parse_float=_bounded_float)
        deep = _bounded(document)
        if deep is not None:
            source = SourceMap(text, name)
            place = source.key_place(deep)
            return None, [_too_deep(place, source.line_text(place.line))]
    except tomllib.TOMLDecodeError as wrong:
        return None, [_syntax_problem(str(wrong), text, name)]
    except RecursionError:
        return None, [_too_deep(Place(name, 1))]
    except (ValueError, ArithmeticError) as wrong:
        return None, [Problem("RAG002", f"a value cannot be read: {shorten(str(wrong))}", Place(name, 1))]
    return document, []


def comments_of(text: str) -> Iterator[tuple[int, str]]:
    """The comments of a text that is TOML, each with its line; a # within a string is none.

    >>> list(comments_of('title = "A # B"  # why'))
    [(1, '# why')]
    """
    counted, line = 0, 1
    for match in _APART.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if match[0].startswith("#"):
            yield line, match[0]


def _too_deep(place: Place, source: str = "") -> Problem:
    hint = f"at most {MOST_DEPTH} levels are read"
    return Problem("RAG003", "arrays or tables are nested too deep", place, hint=hint, source=source)


def _bounded(document: dict[str, Any]) -> Path | None:
    """Stands in for whole numbers far out of bounds; the path of what is nested too deep, if anything is."""
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, container = waiting.pop()
        items = container.items() if isinstance(container, dict) else enumerate(container)
        for key, value in items:
            kind = type(value)
            if kind is dict or kind is list:
                if len(path) >= MOST_DEPTH:
                    return (*path, key)
                waiting.append(((*path, key), value))
            elif kind is int and not -_LARGEST_INT < value < _LARGEST_INT:
                container[key] = _FAR_OUT
    return None


def _limits(text: str, name: str) -> list[Problem]:
    lines = text.split("\n")
    problems: list[Problem] = []
    if max(map(len, lines)) > LONGEST_LINE:
        number = next(n for n, line in enumerate(lines, start=1) if len(line) > LONGEST_LINE)
        message = f"the line has {len(lines[number - 1]):,} characters, at most {LONGEST_LINE:,} are read"
        problems.append(Problem("RAG003", message, Place(name, number)))
    if problems or not _DOTTED.search(text):
        return problems
    bare = _APART.sub(_blanked, text)
    dotted = _MANY_DOTS.search(bare)
    if dotted:
        number = bare.count("\n", 0, dotted.start()) + 1
        place = Place(name, number, dotted.start() - bare.rfind("\n", 0, dotted.start()))
        return [Problem("RAG003", f"a key has more than {MOST_DOTS} dots", place, source=lines[number - 1])]
    return []


def _blanked(match: re.Match[str]) -> str:
    """A string as a key of the same length, line ends kept; a comment as spaces."""
    filler = " " if match[0].startswith("#") else "x"
    return re.sub(r"[^\n]", filler, match[0])


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
    lacks_comma = message.startswith("Unclosed array") and source[column - 1 : column] in _VALUES
    if lacks_comma:
        hint = "write a comma between what stands in the list, and ] at its end"
    else:
        hint = _opened(message, lines[: line - 1] + [source[:column]]) or _cause(source, message, column)
    return Problem("RAG002", f"not TOML: {message}", Place(name, line, column), hint=hint, source=source)


def _opened(message: str, lines: list[str]) -> str:
    """Where a list or an inline table was opened that is not closed; tomllib names only where it gave up."""
    table = message.startswith("Unclosed inline table")
    if not table and not message.startswith("Unclosed array"):
        return ""
    opening, closing = "{}" if table else "[]"
    depth = 0
    for number in range(len(lines), 0, -1):
        bare = _APART.sub(_blanked, lines[number - 1])
        depth += bare.count(opening) - bare.count(closing)
        if depth > 0 and "=" in bare:
            what = "{ … }" if table else "[ … ]"
            rest = ": it stands on one line" if table else ""
            return f"the {what} that begins on line {number} is never closed: write {closing} at its end{rest}"
    return ""


def _cause(source: str, message: str, column: int) -> str:
    """What was probably done, by the line and what stands where reading ended."""
    if message.startswith("Invalid date"):
        return "there is no such day: check day and month"
    per_cent = _PER_CENT.search(source)
    if per_cent:
        written = per_cent[1]
        return f'a number has no sign of its own: write {written[:-1]} and unit = "%", not {written}'
    known = next((hint for pattern, hint in _CAUSES if hint and pattern.search(source)), "")
    if known:
        return known
    rest = source[column - 1 :].strip(" \t")
    for beginning, at, hint in _WHERE_IT_ENDED:
        if message.startswith(beginning) and rest.startswith(at):
            return hint
    return ""


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
