"""Everything that is wrong with a rulebook, in one run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath

from attrs import evolve

from ..data.model import Data
from ..problem import Problem, Severity, sorted_problems
from ..rulebook.rules import Rules
from ..rulefile.faults import Faults, TooManyFaults
from ..rulefile.load import load_with_faults
from .checks import CHECKS, Given

__all__ = ["check"]


def check(
    folder: str | Path | Mapping[str, str], *, as_at: date | None = None, data: Data | None = None
) -> list[Problem]:
    """Errors and warnings of a rulebook, by file and line.

    ``as_at`` is the day for what depends on one (reviews, graces that end); ``data`` are measurements for the checks
    that need them. Severities are those of ``[book.checks]`` where it sets them.
    """
    rules, faults = load_with_faults(folder, as_at=as_at)
    if rules is not None:
        _add_findings(faults, Given(rules, as_at, data, faults.texts))
    problems = faults.problems()
    return sorted_problems(problems if rules is None else _as_the_book_has_it(rules, problems))


def _add_findings(faults: Faults, given: Given) -> None:
    for each in CHECKS.values():
        warning = each.severity is Severity.WARNING
        try:
            for finding in each.find(given):
                # a rule of an extended edition stands in another folder, under the same name
                file = PurePosixPath(finding.file).name
                faults.add(file, finding.path, each.code, finding.message, finding.hint, warning=warning)
        except TooManyFaults:
            return


def _as_the_book_has_it(rules: Rules, problems: list[Problem]) -> list[Problem]:
    """Warnings with the severity that the book sets, without those it turns off."""
    settings = {setting.code: setting.severity for setting in rules.checks}
    made = []
    for problem in problems:
        severity = settings.get(problem.code)
        if severity == "off" and not problem.is_error:
            continue
        if severity in (Severity.ERROR, Severity.WARNING) and not problem.is_error:
            problem = evolve(problem, severity=Severity(severity))
        made.append(problem)
    return made
