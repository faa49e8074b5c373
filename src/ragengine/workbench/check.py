"""Everything that is wrong with a rulebook, in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from ..problem import Place, Problem, Severity, sorted_problems
from ..rulebook.rules import Rules
from ..rulefile.load import load_rules
from .monotone import counter_example

__all__ = ["check"]


def check(folder: str | Path | Mapping[str, str], *, as_at: date | None = None) -> list[Problem]:
    """Errors and warnings of a rulebook, by file and line.

    ``as_at`` is the day for what depends on one: reviews that are overdue.
    """
    rules, problems = load_rules(folder, as_at=as_at)
    if rules is not None:
        problems = [*problems, *_rollup_warnings(rules)]
    return sorted_problems(problems)


def _rollup_warnings(rules: Rules) -> Iterator[Problem]:
    policies = {"book.toml": rules.rollup}
    policies |= {area.file: area.rollup for area in rules.areas.values() if area.rollup is not None}
    for file, policy in policies.items():
        found = counter_example(policy, rules.scale)
        if found is not None:
            yield Problem(
                "RAG024",
                f"improving a child can worsen the area: {found}",
                Place(policy.file or file, policy.line),
                Severity.WARNING,
                key="rollup: rules",
                hint="count a level together with those worse than it: red + amber > rated / 4",
            )
