"""What a caller did wrong: exceptions with fields, under RagError."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import define

from .problem import Problem, has_errors, printable, shorten

__all__ = [
    "BadArgument",
    "CannotRate",
    "DataError",
    "MissingExtra",
    "RagError",
    "RulebookError",
    "ScorecardFormatError",
    "UnknownId",
]


class RagError(Exception):
    """The parent of every exception that ragengine raises on purpose."""


def _listed(problems: Sequence[Problem], what: str) -> str:
    errors = [p for p in problems if p.is_error]
    lines = [f"{what}: {len(errors)} error{'s' if len(errors) != 1 else ''}"]
    lines += [f"  {p}" for p in errors[:20]]
    if len(errors) > 20:
        lines.append(f"  … and {len(errors) - 20} more")
    return "\n".join(lines)


def _said(given: object) -> str:
    """What was given, as a message can carry it."""
    return shorten(printable(given, repr), 120)


@define(eq=False)
class RulebookError(RagError):
    """Rules that cannot be used; ``problems`` holds everything that is wrong with them, warnings too."""

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return _listed(self.problems, "the rules cannot be used")


@define(eq=False)
class DataError(RagError):
    """Data files of which nothing can be used; ``problems`` says why."""

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        if has_errors(self.problems):
            return _listed(self.problems, "the data cannot be used")
        return "there is no row of data to use"


@define(eq=False)
class UnknownId(RagError, KeyError):
    """An id that the rulebook, or ``owner``, does not have; ``near`` holds ids that look like it."""

    kind: str
    id: object
    near: tuple[str, ...] = ()
    owner: str = "rulebook"

    def __str__(self) -> str:
        meant = f"; did you mean {' or '.join(self.near)}?" if self.near else ""
        return f"the {self.owner} has no {self.kind} {_said(self.id)}{meant}"


@define(eq=False)
class BadArgument(RagError, ValueError):
    """An argument that cannot be used: its name, what was given, and what would do."""

    argument: str
    given: object
    wanted: str

    def __str__(self) -> str:
        if self.given is None:
            return f"{self.argument} is missing; {self.wanted}"
        return f"{self.argument}: {_said(self.given)} cannot be used; {self.wanted}"


@define(eq=False)
class CannotRate(RagError, ValueError):
    """What an engine cannot do exactly, said before it starts: the engine, the KPIs with the reason, and a way out."""

    engine: str
    why: Mapping[str, str]
    hint: str

    def __str__(self) -> str:
        first = [f"{kpi}: {reason}" for kpi, reason in list(self.why.items())[:5]]
        more = f"; and {len(self.why) - 5} more" if len(self.why) > 5 else ""
        return f"{self.engine} cannot rate {'; '.join(first)}{more}; {self.hint}"


@define(eq=False)
class MissingExtra(RagError, ImportError):
    """An optional library that is not installed: what needs it, and the extra that brings it."""

    what: str
    library: str
    extra: str

    def __str__(self) -> str:
        return f'{self.what} needs {self.library}: pip install "ragengine[{self.extra}]"'


@define(eq=False)
class ScorecardFormatError(RagError, ValueError):
    """A text that is no scorecard; ``path`` names the key and ``message`` what is wrong there."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message
