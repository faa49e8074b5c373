"""Laws of rating over whole rulebooks, with the strategies that users get too."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import HealthCheck, Phase, assume, find, given, settings
from hypothesis import strategies as st

import ragengine
from ragengine import strategies
from ragengine.rulebook.compile import eras_of
from ragengine.rulefile.load import load_rules
from ragengine.terms import GREY
from ragengine.workbench.rule_changes import kpi_changes
from ragengine.workbench.testing.mutants import can_rate, mean_the_same

#: a whole rulebook takes a while to draw
_EXAMPLES = max(1, settings.default.max_examples // 4) if settings.default is not None else 50
slow = settings(max_examples=_EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
#: and every small change of it longer still, so what fails is shown as it was drawn
slowest = settings(slow, max_examples=max(1, _EXAMPLES // 2), phases=[Phase.explicit, Phase.reuse, Phase.generate])


@slow
@given(strategies.rule_files())
def test_what_is_drawn_is_sound(files: dict[str, str]) -> None:
    """The loader has nothing against it but warnings, and check finds no error either."""
    rules, problems = load_rules(files)

    assert rules is not None, problems
    assert [problem for problem in ragengine.check(files) if problem.is_error] == []


@slow
@given(st.data())
def test_every_number_means_the_same_however_it_is_passed(data: st.DataObject) -> None:
    """Float, int, Decimal, text and ratio, one by one and many at once, on and beside every line."""
    kpi = data.draw(strategies.kpis().filter(lambda kpi: not kpi.kpi.words))
    value = data.draw(strategies.values_around(kpi))
    day = data.draw(strategies.periods_around(kpi))
    decimal = Decimal(str(value))
    full = kpi._rate_fully(Fraction(decimal), day)

    for given_as in (value, decimal, f"{decimal:f}", float(value)):
        rating = kpi.rate(given_as, day)
        assert (rating.computed, rating.adjusted, rating.rag, rating.reason) == (
            full.computed, full.adjusted, full.rag, full.reason,
        )  # fmt: skip


@slow
@given(st.data())
def test_no_measurement_is_an_error(data: st.DataObject) -> None:
    """Whatever comes with a value is rated or grey with a reason, and can be explained."""
    kpi = data.draw(strategies.kpis())
    rating = kpi.rate(**data.draw(strategies.measurements(kpi)))

    assert (rating.rag == GREY) is (rating.reason is not None)
    assert rating.explain()


@slow
@given(st.data())
def test_no_report_of_an_action_is_an_error(data: st.DataObject) -> None:
    """On every day around its lines, open, complete or deferred."""
    action = data.draw(strategies.actions())
    rating = action.rate(**data.draw(strategies.reports(action)))

    assert (rating.rag == GREY) is (rating.reason is not None)
    assert rating.explain()


@slowest
@given(st.data())
def test_a_change_that_is_no_mutant_rates_equally(data: st.DataObject) -> None:
    """What ``test --mutate`` leaves out as meaning the same gives every value the same level, whatever comes with it."""
    kpi = data.draw(strategies.kpis())
    usable = [changed for _, changed in kpi_changes(kpi.kpi) if can_rate(kpi.rules, changed)]
    same = [changed for changed in usable if mean_the_same(kpi.rules, kpi.kpi, changed)]
    assume(same)
    changed = ragengine.PreparedKpi(kpi.rules, data.draw(st.sampled_from(same)))
    for _ in range(3):
        measured = data.draw(strategies.measurements(data.draw(st.sampled_from([kpi, changed]))))
        one, other = kpi.rate(**measured), changed.rate(**measured)

        assert (one.computed, one.adjusted, one.rag) == (other.computed, other.adjusted, other.rag), measured


@slowest
@given(st.data())
def test_a_mutant_rates_some_value_otherwise(data: st.DataObject) -> None:
    """What is counted as a mutant can be noticed: on or beside a line of one of the two, in some era."""
    kpi = data.draw(strategies.kpis().filter(lambda kpi: not kpi.kpi.graces and not kpi.kpi.words))
    assume(kpi.kpi.missing is None and not kpi.kpi.entities)
    usable = [changed for _, changed in kpi_changes(kpi.kpi) if can_rate(kpi.rules, changed)]
    found = [changed for changed in usable if not mean_the_same(kpi.rules, kpi.kpi, changed)]
    assume(found)
    changed = ragengine.PreparedKpi(kpi.rules, data.draw(st.sampled_from(found)))
    levels: dict[str, list[object]] = {"before": [], "after": []}
    for target in (Fraction(80), Fraction(10**6)):
        lines = {*strategies.lines_of(kpi, target), *strategies.lines_of(changed, target)}
        values = {line + step for line in lines for step in (0, Fraction(1, 10**12), Fraction(-1, 10**12))}
        days = {
            day for each in (kpi, changed) for era in eras_of(each.kpi) for day in (max(era.start, date(2010, 1, 1)),)
        }
        for key, each in (("before", kpi), ("after", changed)):
            levels[key] += [
                each.rate(value, day, target=target, evidence="seen").computed for value in values for day in days
            ]

    assert levels["before"] != levels["after"]


def test_values_lie_on_both_sides_of_every_line() -> None:
    """On 80 and 90 and just beside them, and as every kind of number."""
    files = {
        "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
    }
    kpi = ragengine.load(files)["a.k"]
    assert isinstance(kpi, ragengine.PreparedKpi)
    values = strategies.values_around(kpi)

    assert strategies.lines_of(kpi) == [80, 90]
    for wanted in (90, 90.0, "90", Decimal(90), Decimal("89.9999999"), "80.0000001", 79.9999999):
        assert find(values, lambda value, wanted=wanted: (value, type(value)) == (wanted, type(wanted))) == wanted


def test_a_failing_example_shrinks_to_a_small_rulebook() -> None:
    """One KPI, and little beside it."""
    apart = settings(database=None, max_examples=500)
    files = find(strategies.rule_files(), lambda files: "kpi" in files["a.toml"], settings=apart, random=Random(1))

    assert files["a.toml"].count("[kpi.") == 1
    assert len(files["a.toml"].splitlines()) <= 30


def test_without_hypothesis_the_extra_is_named() -> None:
    """The message says what to install."""
    code = "import sys; sys.modules['hypothesis'] = None\ntry:\n    import ragengine.strategies\nexcept ImportError as wrong:\n    print(wrong)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == 'ragengine.strategies needs hypothesis: pip install "ragengine[strategies]"'
