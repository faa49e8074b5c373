"""Laws of a comparison, on values on, just under and just over every threshold, and on days beside every change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.number import exact
from ragengine.rulebook.compile import eras_of
from ragengine.ruling import ruling_on
from ragengine.workbench.diff.changes import LevelChange

BOOK = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
DAY = timedelta(days=1)


def either(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


@st.composite
def kpis(draw: st.DrawFn, decimals: str) -> str:
    """One KPI of nearly every form that has dates, in a file of its own."""
    lines = ['title = "K"', 'unit = "%"']
    form = draw(either("higher", "lower", "within", "bands", "monitor"))
    target, later = draw(st.integers(50, 54)), draw(st.integers(50, 54))
    match form:
        case "within":
            lines += [f"target = {{ min = {target}, max = {target + 6} }}", 'direction = "within"']
        case "bands":
            lines.append('direction = "higher"')
            lines.append(
                f'bands = [{{ rag = "green", from = {target} }}, {{ rag = "red", below = {target - 3} }}, '
                f'{{ rag = "amber", from = {target - 3}, below = {target} }}]'
            )
        case "monitor":
            lines.append('direction = "monitor"')
        case _:
            dated = f"{{ 2019-04-01 = {target}, 2020-04-01 = {later}.5 }}"
            lines += [f'direction = "{form}"', f"target = {draw(either(str(target), dated))}"]
            lines.append(draw(either('met = "beyond target"', "")))
    if form in ("higher", "lower", "within"):
        lines.append(f"tolerance = {draw(either('0', chr(34) + '2 pp' + chr(34), chr(34) + '5% of target' + chr(34)))}")
    if form != "monitor":
        lines += [decimals, draw(either("", "rated_from = 2020-02-01"))]
        effects = ['no_worse_than = "amber"', 'no_better_than = "amber"', "suspend = true"]
        if form in ("higher", "lower"):
            effects += ["target = 51", 'tolerance = "4 pp"']
        chosen = draw(st.lists(st.sampled_from(effects), unique=True, max_size=2))
        until = draw(either("2020-06-30", "2020-09-30"))
        graces = [
            f'{{ from = 2020-03-23, until = {until}, reason = "r", authority = "a", name = "g{n}", {effect} }}'
            for n, effect in enumerate(chosen)
        ]
        if graces:
            lines.append(f"grace = [{', '.join(graces)}]")
    return '[area]\ntitle = "A"\n[kpi.k]\n' + "\n".join(line for line in lines if line) + "\n"


@st.composite
def pairs(draw: st.DrawFn) -> tuple[ragengine.Rulebook, ragengine.Rulebook]:
    """Two rulebooks of one KPI, sometimes judged to another number of decimals."""
    places = either("", "decimals = 0", "decimals = 1")
    first = draw(places)
    second = draw(st.one_of(st.just(first), places))
    old, new = draw(kpis(first)), draw(kpis(second))
    return ragengine.load({"book.toml": BOOK, "a.toml": old}), ragengine.load({"book.toml": BOOK, "a.toml": new})


def levels_of(old: ragengine.Rulebook, new: ragengine.Rulebook) -> tuple[LevelChange, ...]:
    return tuple(level for change in ragengine.diff(old, new).changes for level in change.levels)


def days_of(*books: ragengine.Rulebook) -> list[date]:
    """The first day of each era, the day before it and the day after."""
    starts = {era.start for book in books for era in eras_of(book.rules.kpis["a.k"])}
    inner = {start for start in starts if start > date.min} | {date(2020, 1, 1)}
    return sorted({day + by * DAY for day in inner for by in (-1, 0, 1)})


def values_of(day: date, step: Fraction, printed: bool, *books: ragengine.Rulebook) -> list[Decimal]:
    """The numbers on, just under and just over each threshold of a day; the graces' lines are among them."""
    cuts = {Fraction(at) for at in (47, 49, 51, 55)}
    for book in books:
        ruling = ruling_on(book.rules, book.rules.kpis["a.k"], day)
        table = (ruling.as_printed if printed else ruling).table
        cuts |= {cut.at for cut in table.thresholds} if table else set()
    near = {cut + by * step for cut in cuts for by in (-1, 0, 1)}
    return sorted({Decimal(round(value / step)) * Decimal(str(float(step))) for value in near})


def covering(levels: tuple[LevelChange, ...], day: date, value: Fraction) -> list[LevelChange]:
    return [
        level
        for level in levels
        if (level.start or date.min) <= day <= (level.end or date.max)
        and level.interval is not None
        and value in level.interval
    ]


@given(pairs())
@settings(max_examples=60)
def test_the_intervals_are_the_values_that_are_rated_otherwise(
    books: tuple[ragengine.Rulebook, ragengine.Rulebook],
) -> None:
    """On every day, a value lies in an interval of the comparison where the two rulebooks rate it otherwise."""
    old, new = books
    levels = levels_of(old, new)
    decimals = {book.rules.kpis["a.k"].decimals for book in books}
    printed = len(decimals) == 1
    places = next(iter(decimals)) if printed else None
    step = Fraction(1, 10 ** (3 if places is None else places))
    for day in days_of(old, new):
        for value in values_of(day, step, printed, old, new):
            before, after = (book.rate("a.k", value, period=day) for book in books)
            found = covering(levels, day, exact(value))
            plain = [(level.old, level.new) for level in found if not level.under]
            graced = [(level.old, level.new) for level in found if level.under]
            assert len(plain) <= 1 and len(graced) <= 1
            # the rule as it stands
            assert plain == ([(before.computed, after.computed)] if before.computed != after.computed else [])
            # and what is left of it under the graces of that day
            told = [pair for pair in (graced or plain) if pair[0] != pair[1]]
            assert told == ([(before.rag, after.rag)] if before.rag != after.rag else []), (day, value)


@given(pairs())
@settings(max_examples=60)
def test_the_way_back_mirrors_the_way_there(books: tuple[ragengine.Rulebook, ragengine.Rulebook]) -> None:
    """Compared the other way round, old and new change places and nothing else."""
    old, new = books
    there, back = levels_of(old, new), levels_of(new, old)

    assert {evolve(level, old=level.new, new=level.old) for level in back} == set(there)


@given(kpis("decimals = 1"))
@settings(max_examples=30)
def test_a_rulebook_compared_with_itself_has_not_changed(kpi: str) -> None:
    """Whatever the rule, nothing changed and nothing is worded otherwise."""
    files = {"book.toml": BOOK, "a.toml": kpi}
    found = ragengine.diff(files, files)

    assert not found
    assert (found.changes, found.reworded) == ((), ())


@given(kpis(""))
@settings(max_examples=30)
def test_another_layout_is_no_change(kpi: str) -> None:
    """Keys in the other order, comments, blank lines and 50.0 for 50 mean the same."""
    head, _, body = kpi.partition("[kpi.k]\n")
    lines = [f"\n  {line}   # as agreed" for line in reversed(body.splitlines())]
    laid_out = (head + "[kpi.k]" + "".join(lines) + "\n").replace("target = 5", "target   =   5")
    for number in range(47, 61):
        laid_out = laid_out.replace(f" = {number},", f" = {number}.00,").replace(f" = {number} }}", f" = {number}.0 }}")
    found = ragengine.diff({"book.toml": BOOK, "a.toml": kpi}, {"book.toml": BOOK + "# the book\n", "a.toml": laid_out})

    assert (found.changes, found.reworded) == ((), ())
