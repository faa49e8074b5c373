"""What is wrong with what an author wrote, as a value that any stage can return."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from attrs import frozen

__all__ = ["ADVICE", "CODES", "Place", "Problem", "Severity", "has_errors", "printable", "shorten", "sorted_problems"]

#: every code with its title; a code is never reused for another meaning
CODES: dict[str, str] = {
    "RAG001": "the file cannot be read",
    "RAG002": "the file is not TOML",
    "RAG003": "too large, too deep or too long",
    "RAG004": "unknown key or table",
    "RAG005": "a key is missing",
    "RAG006": "a value of the wrong type",
    "RAG007": "a value that is not allowed",
    "RAG008": "a number out of bounds",
    "RAG009": "an id used twice",
    "RAG010": "ids that look alike",
    "RAG011": "bands with a gap",
    "RAG012": "bands that overlap",
    "RAG013": "bands against the direction",
    "RAG014": "a tolerance that can be read in two ways",
    "RAG015": "a tolerance that makes no band",
    "RAG016": "keys that exclude each other",
    "RAG017": "a level that the scale has not",
    "RAG018": "an expression that cannot be used",
    "RAG019": "a name that nothing has",
    "RAG020": "a grace without what makes it one",
    "RAG021": "graces that contradict each other",
    "RAG022": "areas in a circle",
    "RAG023": "a roll-up that cannot be used",
    "RAG025": "an edition that cannot be built",
    "RAG026": "a case that cannot be run",
    "RAG027": "a date or period that cannot be read",
    "RAG030": "a tolerance larger than the target",
    "RAG031": "a review that is overdue",
    "RAG032": "an assumed target without a rationale",
    "RAG033": "a grace that ends long from now",
    "RAG034": "a rulebook without KPIs",
    "RAG035": "a short title that is long",
    "RAG036": "a tolerance in per cent of 0 or less",
    "RAG101": "a data file that cannot be read",
    "RAG102": "a column that is missing, doubled or misspelt",
    "RAG103": "a row that does not fit its header",
    "RAG104": "a KPI, action or area that the rules do not have",
    "RAG105": "a value that is neither a number nor a symbol",
    "RAG106": "a period or date that cannot be read",
    "RAG107": "a measurement given twice",
    "RAG108": "counts that do not fit each other",
    "RAG109": "a word that is not listed",
    "RAG110": "an override that cannot be used",
    "RAG111": "an override that has lapsed",
    "RAG112": "a published level that differs",
    "RAG113": "a period that is hardly meant",
    "RAG114": "periods that do not fit the KPI's frequency",
    "RAG115": "a value that is hardly meant",
    "RAG116": "a file of a data folder that is not read",
    "RAG117": "days that do not fit each other",
    "RAG120": "a sentence whose arithmetic does not hold",
    "RAG121": "a sentence that the measurements contradict",
    "RAG122": "two sentences that contradict each other",
    "RAG123": "a colour that the ratings do not bear out",
    "RAG124": "a colour that only a judgement bears out",
    "RAG125": "a changed colour that does not say from what",
}


#: codes that the loader tells as warnings: as with every check, a book may set how they count
ADVICE = ("RAG010", "RAG030", "RAG031", "RAG032", "RAG033", "RAG034", "RAG035", "RAG036")


class Severity(StrEnum):
    """Whether a rulebook or row cannot be used (error) or should be looked at (warning)."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Place:
    """Where something stands: a file with a line and a column, both counted from 1, or 0 where unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [shorten(self.file, 300) or "-"]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


def printable(value: object, how: Callable[[object], str] = str) -> str:
    """Anything as text, whatever it does when it is asked for it; of a huge integer its size."""
    if isinstance(value, int) and value.bit_length() > 200:
        # printing it takes long, or raises
        return f"an integer of {value.bit_length():,} bits"
    try:
        return how(value)
    except Exception:
        return f"something of type {type(value).__name__}"


def shorten(value: object, limit: int = 80) -> str:
    """A text cut to what a message can carry, with control characters made visible."""
    written = value if isinstance(value, str) else printable(value)
    cut = written[:limit] + "…" if len(written) > limit else written
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in cut)


@frozen
class Problem:
    """One thing an author should mend.

    Attributes:
        code: ``RAGnnn``, a key of :data:`CODES`.
        message: what is wrong, in words, without place or key.
        place: file, line and column.
        key: path of the key, ``assessment.seen: tolerance``.
        hint: what to write instead.
        source: the line as it stands in the file, for the caret.
    """

    code: str
    message: str
    place: Place = Place("")
    severity: Severity = Severity.ERROR
    key: str = ""
    hint: str = ""
    source: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    @property
    def text(self) -> str:
        """Key, message and hint in one line."""
        said = f"{self.key}: {self.message}" if self.key else self.message
        return f"{said}; {self.hint}" if self.hint else said

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.code}: {self.text}"

    def pretty(self) -> str:
        """The one line, then the source line with a caret under the column.

        >>> print(Problem("RAG004", "unknown key", Place("a.toml", 3, 1), source="tolerence = 2").pretty())
        a.toml:3:1: error RAG004: unknown key
            tolerence = 2
            ^
        """
        if not self.source:
            return str(self)
        column = max(self.place.column, 1)
        start = max(0, column - 60)
        shown = shorten(self.source[start : start + 100], 100)
        return f"{self}\n    {shown}\n    {' ' * (column - 1 - start)}^"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them is more than a warning."""
    return any(problem.is_error for problem in problems)


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file, line, column and code."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (p.place.file, p.place.line, p.place.column, p.code, p.message))
