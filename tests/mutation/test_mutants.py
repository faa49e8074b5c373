"""The mutants themselves: each is a real change, and fits the function that it is put into."""

from __future__ import annotations

import textwrap
import types
from pathlib import Path

import pytest

from .__main__ import MODULES, SOURCE, drawn, files_of, interval
from .mutants import applied, function_of, mutants_of, noted, noting
from .reach import living

FILES = [file for module in MODULES for file in files_of(module)]


@pytest.mark.parametrize("file", FILES)
def test_every_mutant_fits_and_changes_its_function(file: str) -> None:
    """Code that is put in place of a function's is other code, and the function can be put back."""
    module = living(file)

    for mutant in mutants_of(SOURCE / file, file):
        function = function_of(module, mutant.function)
        own = function.__code__
        try:
            applied(mutant, module)
            assert own != function.__code__, str(mutant)
        finally:
            function.__code__ = own


def test_each_mutant_has_a_key_of_its_own() -> None:
    """What became of one is never taken for another's, nor lost when a function moves within its module."""
    mutants = [mutant for file in FILES for mutant in mutants_of(SOURCE / file, file)]

    assert len(mutants) == len({mutant.key for mutant in mutants})


SOURCE_TEXT = '''
def level(value, target):
    """Whether a value is met."""
    assert value is not None
    if value >= target:
        return "met"
    return "missed"
'''


@pytest.fixture
def module(tmp_path: Path) -> tuple[Path, types.ModuleType]:
    """A module of one function."""
    path = tmp_path / "levels.py"
    path.write_text(textwrap.dedent(SOURCE_TEXT))
    made = types.ModuleType("levels")
    exec(compile(path.read_text(), str(path), "exec"), vars(made))
    return path, made


def test_comparisons_conditions_and_results_are_changed_and_texts_stay(module: tuple[Path, types.ModuleType]) -> None:
    """An end moved, a comparison and a condition turned, results lost; what is asserted is known already."""
    path, _ = module

    assert {
        "value >= target -> value > target",
        "value >= target -> value <= target",
        "if not value >= target",
        "return 'met' -> None",
        "return 'missed' -> None",
    } == {mutant.change for mutant in mutants_of(path, "levels.py")}


def test_a_function_notes_the_statements_that_it_comes_to(module: tuple[Path, types.ModuleType]) -> None:
    """By the numbers that its mutants have, and does what it did."""
    path, living_module = module
    reached = noted(living_module, noting(path))
    by_change = {mutant.change: mutant.statement for mutant in mutants_of(path, "levels.py")}

    assert "met" == living_module.level(3, 2)

    assert by_change["return 'met' -> None"] in reached
    assert by_change["if not value >= target"] in reached
    assert by_change["return 'missed' -> None"] not in reached


def test_the_interval_holds_the_share() -> None:
    """Wilson's interval of 95 of 100: 88.8% to 97.8%, as statistics books print it."""
    low, high = interval(95, 100)

    assert (88.8, 97.8) == (round(low, 1), round(high, 1))


def test_a_sample_stays_where_other_functions_change() -> None:
    """The order drawn by a seed is that of another only where another seed drew it; what is gone leaves the others' order."""
    mutants = mutants_of(SOURCE / "data/states.py", "data/states.py")
    order = drawn(mutants, 1)

    assert {mutant.key for mutant in order} == {mutant.key for mutant in mutants}
    assert order != mutants and order != drawn(mutants, 2)
    assert drawn(mutants[40:], 1) == [mutant for mutant in order if mutant in mutants[40:]]
