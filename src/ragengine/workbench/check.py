"""Everything that is wrong with a rulebook, in one run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from ..problem import Problem, Severity, sorted_problems
from ..rulebook.rules import Rules
from ..rulefile.load import load_rules
from ..rulefile.positions import SourceMap
from ..rulefile.source import read_text
from .monotone import counter_example

__all__ = ["check"]


def check(folder: str | Path | Mapping[str, str], *, as_at: date | None = None) -> list[Problem]:
    """Errors and warnings of a rulebook, by file and line.

    ``as_at`` is the day for what depends on one: reviews that are overdue.
    """
    rules, problems = load_rules(folder, as_at=as_at)
    if rules is not None:
        problems = [*problems, *_rollup_warnings(rules, folder)]
    return sorted_problems(problems)


def _rollup_warnings(rules: Rules, folder: str | Path | Mapping[str, str]) -> Iterator[Problem]:
    policies = {"book.toml": rules.rollup}
    policies |= {area.file: area.rollup for area in rules.areas.values() if area.rollup is not None}
    for file, policy in policies.items():
        found = counter_example(policy, rules.scale)
        if found is not None:
            source = _source(folder, policy.file or file)
            place = source.key_place(("rollup", "rules"))
            yield Problem(
                "RAG024",
                f"improving a child can worsen the area: {found}",
                place,
                Severity.WARNING,
                key="rollup.rules",
                hint="count a level together with those worse than it: red + amber > rated / 4",
                source=source.line_text(place.line),
            )


def _source(folder: str | Path | Mapping[str, str], file: str) -> SourceMap:
    """The text of a file that was read, to point into."""
    text = folder.get(file, "") if isinstance(folder, Mapping) else read_text(Path(folder) / file, file)[0]
    return SourceMap(text or "", file)
