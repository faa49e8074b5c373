"""Keys of a book, a KPI and an action: what each is read as, what its fingerprint and its changes say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import ragengine
from ragengine.rulebook.frequency import Frequency
from ragengine.rulebook.measure import Bounds
from ragengine.rulebook.rules import Rules
from ragengine.rulefile import measures
from ragengine.rulefile.load import load_rules
from ragengine.terms import Reason
from ragengine.workbench.diff.compare import diff

BOOK = '[book]\ntitle = "Plan"\nedition = "2020"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n'
KPI = '[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
ACTION = '[action.x]\ntitle = "X"\ndue = 2020-09-30\n'


def texts(*, book: str = "", kpi: str = "", action: str = "") -> dict[str, str]:
    return {"book.toml": BOOK + book, "a.toml": AREA + KPI + kpi + ACTION + action}


def rules(**parts: str) -> Rules:
    made, problems = load_rules(texts(**parts))
    assert made is not None, problems
    return made


def refused(**parts: str) -> str:
    made, problems = load_rules(texts(**parts))
    assert made is None
    return "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [("{ min = 0, max = 100 }", 0, 100), ("{ min = -0.5 }", Decimal("-0.5"), None), ("{ max = 7 }", None, 7), ("{ min = 1, max = 1 }", 1, 1)],
)  # fmt: skip
def test_valid_bounds_either_end_or_both(written: str, low: Any, high: Any) -> None:
    """Both ends belong to it, exactly."""
    bounds = rules(kpi=f"valid = {written}\n").kpis["a.k"].valid

    assert bounds == Bounds(low, high)
    for end, beyond in ((low, -1), (high, 1)):
        if end is not None:
            assert bounds is not None and bounds.hold(Fraction(end))
            assert not bounds.hold(Fraction(end) + beyond * Fraction(1, 10**30))


@pytest.mark.parametrize("written", ["{}", "{ min = 2, max = 1 }", "{ min = 0, most = 1 }", "[0, 100]", '"0 to 100"', '{ min = "0" }'])  # fmt: skip
def test_bounds_that_are_none(written: str) -> None:
    """Refused at their place."""
    assert "a.toml:9:" in refused(kpi=f"valid = {written}\n")


def test_an_entity_and_a_monitored_kpi_may_have_bounds() -> None:
    """An entity's own replace the KPI's."""
    made = rules(kpi='valid = { min = 0 }\nentities = { E1 = { valid = { max = 50 } } }\n[kpi.m]\ntitle = "M"\ndirection = "monitor"\nvalid = { min = 0 }\n')  # fmt: skip

    assert made.kpis["a.k"].for_entity("E1").valid == Bounds(None, 50)
    assert made.kpis["a.m"].valid == Bounds(0)


@pytest.mark.parametrize(
    ("written", "read"),
    [("daily", "daily"), ("weekly", "weekly"), ("half-yearly", "half-yearly"), ("yearly", "annual"), ("annually", "annual"), ("Monthly", "monthly")],
)  # fmt: skip
def test_frequencies_and_their_other_words(written: str, read: str) -> None:
    """In any case; what nobody wrote is none."""
    assert rules(kpi=f'frequency = "{written}"\n').kpis["a.k"].frequency is Frequency(read)
    assert rules().kpis["a.k"].frequency is None


def test_an_action_is_rated_from_a_day_or_from_its_start() -> None:
    """The start is looked up where it stands."""
    assert rules(action="rated_from = 2020-08-01\n").actions["a.x"].rated_from == date(2020, 8, 1)
    assert rules(action='start = 2020-07-01\nrated_from = "start"\n').actions["a.x"].rated_from == date(2020, 7, 1)
    assert rules().actions["a.x"].rated_from is None
    for start in ("", 'start = "TBC"\n'):
        assert "there is no start" in refused(action=f'{start}rated_from = "start"\n')
    assert "'begin' is not among start" in refused(action='rated_from = "begin"\n')


def test_marks_of_the_book() -> None:
    """Each stands for a reason; a number, a blank, a word of a KPI and two that differ by case are refused."""
    made = rules(book='symbols = { "<5" = "suppressed", " Not Available " = "no data", c = "small numbers", "N/R" = "not applicable" }\n')  # fmt: skip

    assert dict(made.symbols) == {
        "<5": Reason.SUPPRESSED,
        "Not Available": Reason.NO_DATA,
        "c": Reason.SMALL_NUMBERS,
        "N/R": Reason.NOT_APPLICABLE,
    }
    assert "is a number and no mark" in refused(book='symbols = { "1,234" = "no data" }\n')
    assert "a blank cell is missing" in refused(book='symbols = { " " = "no data" }\n')
    assert "twice, but for case" in refused(book='symbols = { nr = "no data", NR = "suppressed" }\n')
    assert "'stale' is not among" in refused(book='symbols = { nr = "stale" }\n')
    words = '[kpi.w]\ntitle = "W"\nwords = { no = "red", yes = "green" }\n'
    assert "the mark 'NO' is a word of a.w" in refused(book='symbols = { NO = "no data" }\n', kpi=words)


def test_years_start_in_the_month_that_the_book_names() -> None:
    """April where none is named; dates of the rules are read so too."""
    made = rules(book='year_starts = "July"\n', kpi='target_date = "2020/21"\n', action='start = "H1 2019/20"\n')

    assert made.calendar.year_starts == 7
    assert made.actions["a.x"].start == date(2019, 12, 31)
    assert rules().calendar.year_starts == 4
    assert "years start in January" in refused(book='year_starts = "January"\n', kpi='target_date = "2020/21"\n')
    assert "did you mean July?" in refused(book='year_starts = "july"\n')


def test_a_newer_format_is_refused_by_name() -> None:
    """Format 1 is read, written or not."""
    assert rules(book="format = 1\n").edition == "2020"
    assert "of format 2, and this version reads format 1" in refused(book="format = 2\n")
    assert "write 1 to" in refused(book="format = 0\n")


@pytest.mark.parametrize("key", ["spc"])
def test_a_key_that_does_nothing_yet_is_an_error(key: str) -> None:
    """Wherever it stands: what a reader takes for a rule must be one."""
    for parts in ({"kpi": f"{key} = 5\n"}, {"book": f"{key} = 5\n"}, {"kpi": f"entities = {{ E1 = {{ {key} = 5 }} }}\n"}):  # fmt: skip
        assert f"{key} does nothing in this version" in refused(**parts)


CHANGES = [
    ({"kpi": "valid = { min = 0, max = 100 }\n"}, "valid none → 0 to 100"),
    ({"kpi": "valid = { max = 100 }\n"}, "valid none → to 100"),
    ({"kpi": 'confidence = "95%"\n'}, "confidence none → 95%"),
    ({"kpi": 'frequency = "quarterly"\n'}, "frequency none → quarterly"),
    ({"action": "rated_from = 2020-08-01\n"}, "rated_from none → 2020-08-01"),
    ({"book": 'symbols = { "<5" = "suppressed" }\n'}, "symbol <5: none → suppressed"),
    ({"book": 'year_starts = "July"\n'}, "years start in April → July"),
]


@pytest.mark.parametrize(("parts", "line"), CHANGES, ids=[line for _, line in CHANGES])
def test_what_a_key_changes_is_told(parts: dict[str, str], line: str) -> None:
    """By ``diff``, and the fingerprint is another."""
    before, after = ragengine.load(texts()), ragengine.load(texts(**parts))

    assert before.fingerprint != after.fingerprint
    assert line in str(diff(before, after))


def test_a_short_title_is_wording_and_rates_nothing() -> None:
    """It is another text and no other rule."""
    before, after = ragengine.load(texts()), ragengine.load(texts(kpi='short = "K"\n', action='short = "X"\n'))

    assert after.rules.kpis["a.k"].short == "K" and after.rules.actions["a.x"].short == "X"
    assert diff(before, after).reworded == ("a.k", "a.x")


#: values for keys that hold no text, and texts for the others
_WRITTEN = {
    "unit": ('"days"', '"%"'), "decimals": ("1", "6"), "frequency": ('"monthly"', '"yearly"'),
    "review_by": ("2021-04-01", "1900-01-01"), "target_date": ('"Jul-20"', '"TBC"'), "rationale": ('"why"', '""'),
    "weight": ("2.5", "0"), "critical": ("true", "false"), "in_rollup": ("true", "false"),
}  # fmt: skip
_TEXTS = ('"a text"', '""', f'"{"x" * 41}"', '"assumed"')


@pytest.mark.parametrize("key", sorted(measures.PLAIN - {"title", "direction", "target", "tolerance"}))
@pytest.mark.parametrize(
    "line", ["target = 90\ntolerance = 5", "target = 5\ntolerance = 90", "target = -5\ntolerance = 1"]
)
def test_a_plain_key_changes_no_check(monkeypatch: pytest.MonkeyPatch, key: str, line: str) -> None:
    """A rule of plain keys has the same problems whether or not it is checked against all keys that it lacks."""
    for value in _WRITTEN.get(key, _TEXTS):
        unit = "" if key == "unit" else 'unit = "days"\n'
        rule = f'[kpi.k]\ntitle = "K"\n{unit}direction = "higher"\n{line}\n{key} = {value}\n'
        folder = {"book.toml": BOOK, "a.toml": AREA + rule}
        quick = load_rules(folder)
        with monkeypatch.context() as patch:
            patch.setattr(measures, "PLAIN", frozenset())
            thorough = load_rules(folder)

        assert thorough == quick
        assert (quick[0] is None) == any(problem.severity.value == "error" for problem in quick[1])
