"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import ragengine

MODULES = [m.name for m in pkgutil.walk_packages(ragengine.__path__, "ragengine.") if not m.name.endswith("__main__")]


@pytest.mark.parametrize("name", ["ragengine", *MODULES])
def test_docstring_examples_are_true(name: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example in a docstring gives what it says."""
    monkeypatch.chdir(root)
    failed, _ = doctest.testmod(importlib.import_module(name))

    assert failed == 0
