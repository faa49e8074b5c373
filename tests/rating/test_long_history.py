"""Many periods: persistence and carried values by their definition, and every period rated once."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine import AMBER, GREEN, RED, Rag
from ragengine.data.door import measurement_of
from ragengine.period import parse_period
from ragengine.rating.prepare import PreparedKpi
from ragengine.rating.rating import Rating

BOOK = '[book]\ntitle = "T"\nedition = "1"\nmissing = "carry forward"\n'
KPI = """[area]
title = "A"
[kpi.k]
title = "K"
direction = "higher"
target = 90
tolerance = 10
persistence = 3
"""


def months(count: int) -> list[str]:
    """So many months from January 2000."""
    return [f"{2000 + n // 12}-{n % 12 + 1:02d}" for n in range(count)]


def persisted(levels: list[Rag], periods: int) -> list[Rag]:
    """The definition: a worse level is adopted once so many in a row were worse than the one adopted; their best."""
    adopted: list[Rag] = []
    for n, level in enumerate(levels):
        if n == 0 or level >= adopted[-1]:
            adopted.append(level)
            continue
        run = levels[max(n - periods + 1, 0) : n + 1]
        worse = len(run) == periods and all(each < adopted[-1] for each in run)
        adopted.append(max(run) if worse else adopted[-1])
    return adopted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([(70, RED), (85, AMBER), (95, GREEN), (None, None)]), min_size=1, max_size=14))
def test_persistence_and_carried_values_by_their_definition(series: list[tuple[int | None, Rag | None]]) -> None:
    """What a long history gives is what its periods give one by one; a gap carries the last value of its own."""
    book = ragengine.load({"book.toml": BOOK, "a.toml": KPI})
    values, carried = [], None
    for value, _ in series:
        carried = carried if value is None else value
        values.append(carried)
    level_of = {70: RED, 85: AMBER, 95: GREEN}
    rated = [level_of[value] for value in values if value is not None]
    rows = [{"period": p, "value": v} for p, (v, _) in zip(months(len(series)), series, strict=True)]
    rating = book.rate("a.k", rows[-1]["value"], period=rows[-1]["period"], history=rows[:-1])

    assert rating.rag == (persisted(rated, 3)[-1] if rated else ragengine.GREY)
    assert rating.value == values[-1]


def test_a_long_gap_is_gone_through_from_its_beginning() -> None:
    """Each month without a row is red for that, and amber by relief after a red one: in turn, however far back."""
    grace = (
        "grace = [{ from = 2019-01-01, until = 2030-12-31, no_worse_than = 'amber', reason = 'R', authority = 'B', "
        "when = 'previous == \"red\"' }]\n"
    )
    files = {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "red"\n',
        "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n{grace}',
    }
    prepared = ragengine.load(files).kpi("a.k")
    history = prepared.whole_history(None, [measurement_of("a.k", value=70, period=parse_period("2019-01"))])

    # December was red, for nobody had reported it; January is amber by that, and every second month after it
    for month, level in (("2029-01", "red"), ("2028-12", "amber"), ("2019-03", "red"), ("2029-01", "red")):
        before = history.previous(parse_period(month))
        assert before is not None and level == before.rag


def test_a_judgement_on_a_month_without_a_row_is_remembered() -> None:
    """It was what that month's scorecard said, though nobody had reported anything by then."""
    files = {
        "book.toml": '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n',
        "a.toml": '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntarget = 90\ntolerance = "10 pp"\n',
    }
    override = {
        "subject": "a.k",
        "rag": "amber",
        "from": "2020-06-01",
        "until": "2020-06-30",
        "reason": "R",
        "authority": "B",
    }
    rows = [{"kpi": "a.k", "period": month, "value": 95} for month in ("2020-07", "2020-08")]
    book = ragengine.load(files)
    july, august = (
        book.score(ragengine.Data.of(measurements=rows, overrides=[override]), month).ratings["a.k"]
        for month in ("2020-07", "2020-08")
    )

    assert ("amber", "green") == (july.previous, august.previous)


def test_each_period_is_rated_once(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """However many there are: the cost of a history grows with its periods."""
    counted: list[object] = []
    real = PreparedKpi.rate_measurement

    def noted(self, given, *others, **more) -> Rating:  # type: ignore[no-untyped-def]
        counted.append(given.period)
        return real(self, given, *others, **more)

    monkeypatch.setattr(PreparedKpi, "rate_measurement", noted)
    book = ragengine.load({"book.toml": BOOK, "a.toml": KPI})
    rows = [{"period": p, "value": 70 + n % 30} for n, p in enumerate(months(600))]
    book.rate("a.k", None, period=date(2050, 1, 31), history=rows)

    assert len(counted) == len(set(counted)) == 601
