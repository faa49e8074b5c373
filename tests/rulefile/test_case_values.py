"""Values of examples and cases: what no cell can be is refused where it is read."""

from __future__ import annotations

import pytest

from ragengine.rulefile.load import load_rules

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
KPI = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\ninputs = ["seen"]\n'  # fmt: skip
ACTION = '[action.x]\ntitle = "X"\ndue = 2020-09-30\n'


def told(example: str = "", case: str = "", action: str = "") -> list[str]:
    texts = {"book.toml": BOOK, "a.toml": KPI + (f"[[kpi.k.examples]]\n{example}\n" if example else "") + ACTION}
    if action:
        texts["a.toml"] += f"[[action.x.examples]]\n{action}\n"
    if case:
        texts["a.cases.toml"] = f"[[case]]\n{case}\n"
    rules, problems = load_rules(texts)
    if rules is not None:
        assert len(rules.fingerprint) == 64
        hash(rules)
    return [str(problem) for problem in problems if problem.is_error]


@pytest.mark.parametrize("value", ["nan", "-nan", "inf", "-inf", "[90]", "{ a = 90 }", "2020-07-01", "10:00:00"])
@pytest.mark.parametrize("key", ["value", "numerator", "target", "seen"])
def test_what_no_cell_can_be_is_refused_at_its_place(key: str, value: str) -> None:
    """In an example, a case, its history and what it expects; never a stack trace from a fingerprint."""
    (of_example,) = told(example=f'{key} = {value}\nrag = "green"')
    (of_case,) = told(case=f'name = "n"\nkpi = "a.k"\n{key} = {value}\nexpect = {{ rag = "green" }}')
    (of_past,) = told(
        case=f'name = "n"\nkpi = "a.k"\nvalue = 1\nhistory = [{{ period = "Jun-20", {key} = {value} }}]\nexpect = {{ rag = "red" }}'
    )

    assert of_example.startswith("a.toml:11:") and f"examples[1].{key}" in of_example
    assert of_case.startswith("a.cases.toml:4:")
    assert of_past.startswith("a.cases.toml:5:")


@pytest.mark.parametrize("expected", ["shortfall = nan", "value = inf", "needed_for = { green = nan }", "rag = 3", "target = [1]"])  # fmt: skip
def test_what_a_case_expects_is_looked_at_too(expected: str) -> None:
    """A number that no rating can have."""
    (problem,) = told(case=f'name = "n"\nkpi = "a.k"\nvalue = 1\nexpect = {{ {expected} }}')
    assert problem.startswith("a.cases.toml:5:")


@pytest.mark.parametrize("written", ["progress = nan", "completed_on = 3", "status = true", "evidence = 1", "causes = 5", "as_at = 1.5"])  # fmt: skip
def test_the_values_of_an_action(written: str) -> None:
    """Dates where dates are wanted, texts where texts are."""
    (problem,) = told(action=f'as_at = "Aug-20"\nrag = "green"\n{written}' if "as_at" not in written else f'{written}\nrag = "green"')  # fmt: skip
    assert problem.startswith("a.toml:")


@pytest.mark.parametrize(
    "value", ['"93%"', '" 1,234 "', '"c"', '"abc"', "1e300", "true", "-0.0", "99999999999999999999"]
)
def test_what_a_cell_can_be_is_left_to_the_data_s_own_reading(value: str) -> None:
    """Numbers, marks and slips as they are: a case may show what becomes of them."""
    assert told(example=f'value = {value}\nrag = "grey"') == []


def test_a_negative_tolerance_of_a_grace_is_a_problem() -> None:
    """As that of a rule is."""
    grace = 'grace = [{ from = 2020-01-01, until = 2020-12-31, reason = "R", authority = "A", tolerance = "-5 pp" }]\n'
    rules, problems = load_rules({"book.toml": BOOK, "a.toml": KPI + grace})

    assert rules is None
    assert [str(problem).partition("; ")[0] for problem in problems] == [
        "a.toml:10:94: error RAG015: a.k: grace[1].tolerance: the tolerance -5 is negative"
    ]
