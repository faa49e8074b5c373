"""Everything that is wrong with a rulebook, in one run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from attrs import evolve

from ..data.model import Data
from ..problem import Place, Problem, Severity, sorted_problems
from ..rulebook.rules import Rules
from ..rulefile.faults import Faults
from ..rulefile.load import load_rules
from ..rulefile.source import read_folder
from .checks import CHECKS, Given

__all__ = ["check"]


def check(
    folder: str | Path | Mapping[str, str], *, as_at: date | None = None, data: Data | None = None
) -> list[Problem]:
    """Errors and warnings of a rulebook, by file and line.

    ``as_at`` is the day for what depends on one (reviews, graces that end); ``data`` are measurements for the checks
    that need them. Severities are those of ``[book.checks]`` where it sets them.
    """
    rules, problems = load_rules(folder, as_at=as_at)
    if rules is None:
        return sorted_problems(problems)
    texts = folder if isinstance(folder, Mapping) else read_folder(Path(folder))[0]
    found = [*problems, *_checked(Given(rules, as_at, data), texts)]
    return sorted_problems(_as_the_book_has_it(rules, found))


def _checked(given: Given, texts: Mapping[str, str]) -> list[Problem]:
    faults = Faults(texts)
    unplaced = []
    for each in CHECKS.values():
        for finding in each.find(given):
            warning = each.severity is Severity.WARNING
            if finding.file in texts:
                faults.add(finding.file, finding.path, each.code, finding.message, finding.hint, warning=warning)
            else:
                place = Place(finding.file, finding.line)
                key = ".".join(str(part) for part in finding.path)
                unplaced.append(Problem(each.code, finding.message, place, each.severity, key, finding.hint))
    return [*faults.problems(), *unplaced]


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
