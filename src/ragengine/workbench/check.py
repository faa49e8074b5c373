"""Everything that is wrong with a rulebook, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import PurePosixPath

from ..data.collection import Data
from ..errors import BadArgument
from ..problem import ADVICE, Problem, Severity, sorted_problems
from ..rulebook.rules import Rules
from ..rulefile.faults import Faults, TooManyFaults, near
from ..rulefile.load import load_with_faults
from ..rulefile.settings import as_set
from ..toml.sources import Source
from .checks import CHECKS, Check, CheckInput

__all__ = ["check"]

Progress = Callable[[Sequence[Check]], Iterable[Check]]


def check(
    rules: Source,
    *,
    as_at: date | None = None,
    data: Data | None = None,
    progress: Progress = iter,
) -> list[Problem]:
    """Errors and warnings of a rulebook, by file and line; ``rules`` are what :func:`ragengine.load` takes.

    ``as_at`` is the day for what depends on one (reviews, graces that end); ``data`` are measurements for the checks
    that need them. Severities are those of ``[book.checks]`` where it sets them. ``progress`` may show how far the
    checks have come that go through it.
    """
    if as_at is not None and not isinstance(as_at, date):
        raise BadArgument("as_at", as_at, "give a date")
    read, faults = load_with_faults(rules, as_at=as_at)
    if read is None:
        return sorted_problems(faults.problems())
    try:
        _add_unknown(faults, read)
        given = CheckInput(read, as_at, data, faults.texts)
        for each in progress(list(CHECKS.values())):
            _add_findings(faults, each, given)
    except TooManyFaults:
        pass
    return sorted_problems(as_set(read.checks, faults.problems()))


def _add_findings(faults: Faults, each: Check, given: CheckInput) -> None:
    warning = each.severity is Severity.WARNING
    for finding in each.find(given):
        # a rule of an extended edition stands in another folder, under the same name
        file = PurePosixPath(finding.file).name
        faults.add(file, finding.path, each.code, finding.message, finding.hint, warning=warning)


def _add_unknown(faults: Faults, rules: Rules) -> None:
    """A setting for a code that no check has."""
    known = (*ADVICE, *CHECKS)
    for setting in rules.checks:
        if setting.code not in known:
            said = f"{setting.code!r} is no check whose severity can be set"
            hint = near(setting.code, known) or "docs/checks lists them"
            faults.add("book.toml", ("book", "checks", setting.code), "RAG019", said, hint, at_key=True)
