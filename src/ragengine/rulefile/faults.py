"""Faults while a rulebook is read: collected by key path, turned into problems with positions at the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from attrs import frozen

from ..display import Spelling
from ..problem import Place, Problem, Severity, shorten
from ..toml.parse import parse_toml
from ..toml.positions import Path, SourceMap
from ..toml.source import TABLE
from .target_table import TableSource, calendar_of, read_targets

__all__ = ["Faults", "TooManyFaults", "Wrong", "meant", "near"]

#: faults that are told in one run: nobody reads more, and what gives more is hardly a rulebook
MOST_FAULTS = 5_000

#: words people write for a key, and the key they mean
ALIASES = {
    "start": "from",
    "starts": "from",
    "end": "until",
    "ends": "until",
    "to": "until",
    "tol": "tolerance",
    "tolerances": "tolerance",
    "kpis": "kpi",
    "indicator": "kpi",
    "actions": "action",
    "areas": "area",
    "polarity": "direction",
    "better": "direction",
    "name": "title",
    "goal": "target",
    "units": "unit",
    "graces": "grace",
    "level": "rag",
    "rating": "rag",
    "owner": "lead",
    "deadline": "due",
    "due_date": "due",
    "places": "decimals",
    "rounding": "decimals",
    "example": "examples",
    "cases": "case",
    "roll_up": "rollup",
    "roll-up": "rollup",
    "why": "reason",
    "approved_by": "authority",
    "min": "from",
    "max": "to",
}


class Wrong(ValueError):
    """A value that cannot be used: code, message and way out.

    ``column`` counts within a text value, ``path`` leads from the value to the key within it that is wrong.
    """

    def __init__(self, code: str, message: str, hint: str = "", column: int = 0, path: Path = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.column = column
        self.path = path


class TooManyFaults(Exception):
    """There are more than :data:`MOST_FAULTS`: reading ends here."""


def meant(given: str, known: Collection[str]) -> str:
    """The known name that a given one nearly spells, or stands for; empty where none is near."""
    alias = ALIASES.get(given.casefold())
    return alias if alias is not None and alias in known else _spelling(tuple(known)).meant(given)


def near(given: str, known: Collection[str]) -> str:
    """``did you mean tolerance?``, or nothing where nothing is near."""
    found = meant(given, known)
    return f"did you mean {found}?" if found else ""


@lru_cache(maxsize=16)
def _spelling(known: tuple[str, ...]) -> Spelling:
    """One for all that is misspelt of the same names, of which there may be thousands."""
    return Spelling(known)


@frozen
class _Found:
    file: str
    path: Path
    code: str
    message: str
    hint: str
    severity: Severity
    at_key: bool
    column: int


class Faults:
    """What is wrong with the files of one rulebook, so far."""

    def __init__(self, texts: Mapping[str, str], below: Mapping[str, tuple[tuple[str, str], ...]]) -> None:
        self._texts = texts
        self._below = below
        self._maps: dict[str, list[SourceMap | TableSource]] = {}
        self._found: dict[_Found, None] = {}
        #: keys as they are written, by the file and the path that they are read as
        self._written: dict[tuple[str, Path], str] = {}
        self._problems: list[Problem] = []
        self._errors = False

    def add(
        self,
        file: str,
        path: Path,
        code: str,
        message: str,
        hint: str = "",
        *,
        warning: bool = False,
        at_key: bool = False,
        column: int = 0,
    ) -> None:
        """A fault at a key path of a file; raises TooManyFaults."""
        if len(self._found) >= MOST_FAULTS:
            hint = "mend these, and check again for those after them"
            self._problems.append(
                Problem("RAG003", f"there are more than {MOST_FAULTS:,} problems", Place(file), hint=hint)
            )
            raise TooManyFaults
        severity = Severity.WARNING if warning else Severity.ERROR
        self._errors = self._errors or not warning
        self._found[_Found(file, path, code, message, hint, severity, at_key, column)] = None

    def add_wrong(self, file: str, path: Path, wrong: Wrong) -> None:
        """A value that cannot be used, at its key path."""
        at_key = bool(wrong.path)
        self.add(file, (*path, *wrong.path), wrong.code, wrong.message, wrong.hint, column=wrong.column, at_key=at_key)

    def read_as(self, file: str, path: Path, written: str) -> None:
        """A key is read as the last one of the path: whatever is wrong at it stands where it is written."""
        self._written[file, path] = written

    def add_problems(self, problems: Collection[Problem]) -> None:
        """Problems whose place is already known."""
        self._problems += problems
        self._errors = self._errors or any(problem.is_error for problem in problems)

    @property
    def has_errors(self) -> bool:
        return self._errors

    @property
    def texts(self) -> Mapping[str, str]:
        """The files of this edition, by name."""
        return self._texts

    def __len__(self) -> int:
        return len(self._found) + len(self._problems)

    def problems(self) -> list[Problem]:
        """Everything, with file, line and column."""
        made = list(self._problems)
        for fault in self._found:
            path = self._as_written(fault.file, fault.path) if self._written else fault.path
            source = self._source(fault.file, path)
            place = source.key_place(path) if fault.at_key else source.place(path)
            line = source.line_text(place.line)
            if fault.column and line[place.column - 1 : place.column] in ('"', "'"):
                place = Place(place.file, place.line, place.column + fault.column)
            made.append(
                Problem(
                    fault.code,
                    fault.message,
                    place,
                    fault.severity,
                    _key_text(fault.file, fault.path),
                    fault.hint,
                    line,
                )
            )
        return made

    def _as_written(self, file: str, path: Path) -> Path:
        return tuple(self._written.get((file, path[: n + 1]), part) for n, part in enumerate(path))

    def _source(self, file: str, path: Path) -> SourceMap | TableSource:
        """The text that says most of a path: of this edition, or of one that it extends."""
        maps = self._maps.get(file)
        if maps is None:
            texts = [(file, self._texts.get(file, "")), *self._below.get(file, ())]
            if len(texts) > 1 and file not in self._texts:
                del texts[0]
            maps = self._maps[file] = [SourceMap(text, shown) for shown, text in texts]
            tables = [(TABLE, self._texts.get(TABLE, "")), *self._below.get(TABLE, ())]
            book, _ = parse_toml(self._texts.get("book.toml", ""), "book.toml")
            calendar = calendar_of({"book.toml": book or {}})
            read = (read_targets(text, shown, calendar) for shown, text in tables if text)
            maps += [source for table in read if (source := table.source(file)) is not None]
        return max(maps, key=lambda source: source.reach(path))


def _key_text(file: str, path: Path) -> str:
    """``assessment.seen: tolerance`` for ``("kpi", "seen", "tolerance")`` of assessment.toml."""
    area = file.removesuffix(".toml").removesuffix(".cases")
    if len(path) >= 2 and path[0] in ("kpi", "action"):
        rest = _joined(path[2:])
        return shorten(f"{area}.{path[1]}" + (f": {rest}" if rest else ""))
    return shorten(_joined(path))


def _joined(path: Path) -> str:
    said = ""
    for part in path:
        said += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if said else str(part))
    return said
