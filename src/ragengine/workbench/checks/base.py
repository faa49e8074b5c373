"""What a check is: a code, a title, a severity and the function that finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from attrs import define, field, frozen

from ...data.model import Data
from ...period import Period, PeriodError, parse_period
from ...problem import Severity
from ...rulebook.action import Action
from ...rulebook.grace import Grace
from ...rulebook.kpi import Kpi
from ...rulebook.rules import Rules
from ...rulefile.positions import Path

__all__ = ["Check", "Finding", "Given", "Measure", "at", "check", "grace_at"]

Measure = Kpi | Action


@frozen
class Finding:
    """One thing a check found.

    Attributes:
        path: key path in the file: ``("kpi", "seen", "grace")``.
    """

    file: str
    path: Path
    message: str
    hint: str = ""


@define(eq=False, slots=False)
class Given:
    """What checks look at.

    Attributes:
        as_at: the day for what depends on one; None where those checks do not run.
        data: measurements for the checks that need them.
        texts: the rule files themselves, by name, for what stands in their comments.
    """

    rules: Rules
    as_at: date | None = None
    data: Data | None = None
    texts: Mapping[str, str] = field(factory=dict)

    @property
    def measures(self) -> Iterator[Measure]:
        """Every KPI, with its entities' own rules, and every action."""
        for kpi in self.rules.kpis.values():
            yield kpi
            yield from kpi.entities.values()
        yield from self.rules.actions.values()

    @property
    def kpis(self) -> Iterator[Kpi]:
        return (measure for measure in self.measures if isinstance(measure, Kpi))

    @cached_property
    def edition(self) -> Period | None:
        """The period that the edition names, where it names one: ``2020-21`` is a financial year."""
        return _edition(self.rules.edition)


def _edition(written: str) -> Period | None:
    for text in (written, written.replace("-", "/", 1)):
        try:
            return parse_period(text)
        except PeriodError:
            continue
    return None


@frozen
class Check:
    """One check; its function's docstring says why it matters."""

    code: str
    title: str
    severity: Severity
    find: Callable[[Given], Iterable[Finding]]

    @property
    def why(self) -> str:
        """What the function's docstring says."""
        return (self.find.__doc__ or "").strip()


def check(code: str, title: str, severity: Severity = Severity.WARNING) -> Callable[[Any], Check]:
    """Makes a check of the function below."""
    return lambda find: Check(code, title, severity, find)


def at(measure: Measure, key: str = "") -> Path:
    """The key path of a measure, or of one of its keys."""
    path: Path = ("kpi" if isinstance(measure, Kpi) else "action", measure.name)
    return (*path, key) if key else path


def grace_at(rules: Rules, measure: Measure, grace: Grace) -> tuple[str, Path]:
    """File and key path of a grace: in the book, or inline where it is opted into."""
    book = rules.document.get("book.toml", {}).get("grace", {})
    if PurePosixPath(grace.file).name == "book.toml" and grace.name in book:
        return "book.toml", ("grace", grace.name)
    return measure.file, at(measure, "grace")
