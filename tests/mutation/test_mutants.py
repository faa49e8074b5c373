"""The mutants themselves: each is a real change, and fits the function that it is put into."""

from __future__ import annotations

import importlib

import pytest

from .__main__ import SOURCE, TESTS, interval
from .mutants import _function, applied, mutants_of


@pytest.mark.parametrize("module", ["data/states.py", "rollup/policy.py"])
def test_every_mutant_fits_and_changes_its_function(module: str) -> None:
    """Code that is put in place of a function's is other code, and the function can be put back."""
    living = importlib.import_module("ragengine." + module.removesuffix(".py").replace("/", "."))

    for mutant in mutants_of(SOURCE / module, module):
        function = _function(living, mutant.function)
        own = function.__code__
        try:
            applied(mutant, living)
            assert own != function.__code__, str(mutant)
        finally:
            function.__code__ = own


def test_every_module_that_is_mutated_is_there() -> None:
    """A module that moves takes its tests along."""
    assert [] == [module for module in TESTS if not (SOURCE / module).is_file()]


def test_the_interval_holds_the_share() -> None:
    """Wilson's interval of 95 of 100: 88.8% to 97.8%, as statistics books print it."""
    low, high = interval(95, 100)

    assert (88.8, 97.8) == (round(low, 1), round(high, 1))
