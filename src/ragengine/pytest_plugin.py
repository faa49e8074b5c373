"""Collects rule tests with pytest: each case of a ``*.cases.toml`` file, and each example of its rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .rulefile.load import load_rules
from .workbench.case_runner import CaseResult, run_cases

__all__ = ["pytest_collect_file"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A rulebook folder is collected once, through its ``book.toml``."""
    if file_path.name == "book.toml" and any(file_path.parent.glob("*.cases.toml")):
        return RulebookFile.from_parent(parent, path=file_path)
    return None


class RulebookFile(pytest.File):
    """A folder of rules: its examples and cases are its tests."""

    def collect(self) -> Iterator[pytest.Item]:
        rules, problems = load_rules(self.path.parent)
        if rules is None:
            raise self.CollectError("\n".join(str(problem) for problem in problems))
        for n, result in enumerate(run_cases(rules)):
            yield RuleCase.from_parent(self, name=f"{result.name} [{n}]", result=result)


class RuleCase(pytest.Item):
    """One case."""

    def __init__(self, *, result: CaseResult, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        self.result = result

    def runtest(self) -> None:
        """Fails with what was expected, what came out, and the explanation."""
        if not self.result.passed:
            raise AssertionError("\n".join((*self.result.wrong, self.result.explanation)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path.parent / self.result.file, max(self.result.line - 1, 0), self.name
