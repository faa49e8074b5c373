"""Collects rule tests with pytest: each case of a ``*.cases.toml`` file, and each example of its rules.

pytest loads it in every run wherever ragengine is installed, so the engine is imported only where there are rules;
``-p no:ragengine`` leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .book import Rulebook
    from .rulebook.rules import Case, Rules

__all__ = ["RuleCase", "RulebookFile", "pytest_collect_file", "pytest_configure"]

_MARK = "unconfirmed"


def pytest_configure(config: pytest.Config) -> None:
    """Makes known the mark that unconfirmed cases carry: ``-m "not unconfirmed"`` leaves them out."""
    config.addinivalue_line("markers", f"{_MARK}: a rule case that no person has confirmed yet")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A rulebook folder is collected once, through its ``book.toml``."""
    if file_path.name == "book.toml" and any(file_path.parent.glob("*.cases.toml")):
        return RulebookFile.from_parent(parent, path=file_path)
    return None


class RulebookFile(pytest.File):
    """A folder of rules: its examples and cases are its tests."""

    rules: Rules
    _book: Rulebook | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Raises CollectError with every error where the rules cannot be used."""
        from .rulefile.load import load_rules
        from .workbench.testing.case_runner import all_cases

        rules, problems = load_rules(self.path.parent)
        if rules is None:
            raise self.CollectError("\n".join(problem.pretty() for problem in problems if problem.is_error))
        self.rules = rules
        for n, case in enumerate(all_cases(rules)):
            waiting = f" ({_MARK})" if case.fields.get(_MARK) is True else ""
            yield RuleCase.from_parent(self, name=f"{case.name}{waiting} [{n}]", case=case)

    def book(self) -> Rulebook:
        """The rules, compiled when the first case runs."""
        from .book import Rulebook

        if self._book is None:
            self._book = Rulebook(self.rules)
        return self._book


class RuleCase(pytest.Item):
    """One case: it runs when its turn comes, not when it is collected."""

    def __init__(self, *, case: Case, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.case = case
        if case.fields.get(_MARK) is True:
            self.add_marker(_MARK)

    def runtest(self) -> None:
        """Fails with what was expected, what came out, and the explanation."""
        from .workbench.testing.case_runner import run_case

        assert isinstance(self.parent, RulebookFile)
        result = run_case(self.parent.book(), self.case)
        if not result.passed:
            raise AssertionError("\n".join((*result.wrong, result.explanation)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Where the case stands and what did not hold; anything but a failure as pytest shows it."""
        if isinstance(excinfo.value, AssertionError):
            file = self.path.parent / self.case.file
            root = self.config.rootpath
            shown = file.relative_to(root) if file.is_relative_to(root) else file
            return f"{shown}:{self.case.line}: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File and line of the case."""
        return self.path.parent / self.case.file, max(self.case.line - 1, 0), self.name
