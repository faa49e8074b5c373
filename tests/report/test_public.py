"""The public edition: no reader of all that is published can work a hidden count out."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ragengine
from ragengine.report.build import report_of_card
from ragengine.report.disclosure import hidden_rows
from ragengine.report.exception_report import exception_report
from ragengine.report.html.page import html_page
from ragengine.report.public import public_cards
from ragengine.report.ratings_csv import ratings_csv
from ragengine.report.terminal import full_report
from ragengine.rulefile.load import load_rules
from ragengine.terms import Reason

BOOK = '[book]\ntitle = "Plan"\nedition = "1"\nmissing = "grey"\n[rollup]\nmethod = "worst"\n'


def book_of(
    folder: Path, extra: str = "suppress_below = 6", unit: str = "children", formula: str = ""
) -> ragengine.Rulebook:
    """One KPI whose values are counts, or percentages of counts."""
    folder.mkdir(exist_ok=True)
    (folder / "book.toml").write_text(BOOK)
    tolerance = '"10 pp"' if unit == "%" else "2"
    (folder / "a.toml").write_text(
        f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "Waiting"\nunit = "{unit}"\ndirection = "lower"\ntarget = 10\n'
        f"tolerance = {tolerance}\n{extra}\n{formula}"
    )
    return ragengine.load(folder)


def data_of(rows: list[dict[str, object]], folder: Path) -> object:
    folder.mkdir(exist_ok=True)
    path = folder / "measurements.csv"
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return ragengine.read(folder)


def table(values: dict[str, int], period: str = "2020-07") -> list[dict[str, object]]:
    """Counts by entity and their total."""
    rows: list[dict[str, object]] = [
        {"kpi": "a.k", "period": period, "entity": own, "value": value} for own, value in values.items()
    ]
    return [*rows, {"kpi": "a.k", "period": period, "entity": "", "value": sum(values.values())}]


def public(
    book: ragengine.Rulebook, rows: list[dict[str, object]], folder: Path, *periods: str
) -> list[ragengine.Scorecard]:
    data = data_of(rows, folder)
    return list(public_cards(book.rules, [book.score(data, period) for period in periods]))


def test_a_small_count_is_hidden_with_all_that_shows_it(tmp_path: Path) -> None:
    """Value, counts, level, change, evidence and note are gone; a zero is shown."""
    book = book_of(tmp_path / "rules", unit="%")
    rows: list[dict[str, object]] = [
        {"kpi": "a.k", "period": "2020-06", "entity": "x", "numerator": 40, "denominator": 60},
        {"kpi": "a.k", "period": "2020-07", "entity": "x", "numerator": 3, "denominator": 60, "evidence": "case 17", "note": "the twins"},
        {"kpi": "a.k", "period": "2020-07", "entity": "y", "numerator": 0, "denominator": 60},
    ]  # fmt: skip
    cards = public(book, rows, tmp_path / "data", "2020-06", "2020-07")
    hidden, zero = cards[1].ratings["a.k", "x"], cards[1].ratings["a.k", "y"]
    told = hidden.explanation

    assert hidden.reason is Reason.SUPPRESSED and hidden.movement is None and hidden.previous is None
    assert (told.value, told.numerator, told.denominator, told.shortfall, told.bands, told.steps) == (
        None,
        None,
        None,
        None,
        (),
        (),
    )
    assert str(zero.rag) == "green"
    written = (
        cards[1].to_json() + ratings_csv(cards[1]) + html_page(report_of_card(book, cards[1], cards[:1], public=True))
    )
    assert "case 17" not in written and "twins" not in written


@pytest.mark.parametrize(("numerator", "denominator"), [(57, 60), (2, 4), (4, 60)])
def test_the_complement_and_the_denominator_are_counts_too(tmp_path: Path, numerator: int, denominator: int) -> None:
    """57 of 60 says that 3 were not; a denominator of 4 is small itself."""
    book = book_of(tmp_path / "rules", unit="%")
    rows: list[dict[str, object]] = [
        {"kpi": "a.k", "period": "2020-07", "numerator": numerator, "denominator": denominator}
    ]

    assert public(book, rows, tmp_path / "data", "2020-07")[0].ratings["a.k"].reason is Reason.SUPPRESSED


def test_what_was_hidden_then_is_no_previous_level_now(tmp_path: Path) -> None:
    """A change from a hidden level would tell it."""
    book = book_of(tmp_path / "rules")
    rows: list[dict[str, object]] = [
        {"kpi": "a.k", "period": "2020-06", "value": 3},
        {"kpi": "a.k", "period": "2020-07", "value": 30},
    ]
    shown = public(book, rows, tmp_path / "data", "2020-06", "2020-07")[1].ratings["a.k"]

    assert str(shown.rag) == "red" and shown.previous is None and shown.movement is None


def test_a_carried_value_is_hidden_as_its_own_row_would_be(tmp_path: Path) -> None:
    """July's 3, carried into August, is still a 3."""
    book = book_of(tmp_path / "rules", 'suppress_below = 6\nmissing = "carry forward"', unit="%")
    rows: list[dict[str, object]] = [{"kpi": "a.k", "period": "2020-07", "numerator": 3, "denominator": 60}]
    cards = public(book, rows, tmp_path / "data", "2020-07", "2020-08")

    assert [card.ratings["a.k"].reason for card in cards] == [Reason.SUPPRESSED] * 2


def test_an_area_that_rests_on_a_hidden_child_is_hidden(tmp_path: Path) -> None:
    """By the worst of its children, the only one: the area's level is the child's."""
    book = book_of(tmp_path / "rules")
    card = public(book, [{"kpi": "a.k", "period": "2020-07", "value": 3}], tmp_path / "data", "2020-07")[0]

    assert card.areas["a"].reason is Reason.SUPPRESSED
    assert card.programme.reason is Reason.SUPPRESSED
    assert card.areas["a"].counts["green"] == 0


def test_rounding_makes_values_of_what_is_printed(tmp_path: Path) -> None:
    """23 of 61 becomes 25 of 60, and the percentage is that of the printed counts."""
    book = book_of(tmp_path / "rules", "suppress_below = 8\nround_to = 5\ndecimals = 1", unit="%")
    rows: list[dict[str, object]] = [{"kpi": "a.k", "period": "2020-07", "numerator": 23, "denominator": 61}]
    told = public(book, rows, tmp_path / "data", "2020-07")[0].ratings["a.k"].explanation

    assert (told.numerator, told.denominator, told.value) == ("25", "60", str(Fraction(125, 3)))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("suppress_below = 6\nround_to = 5", "a printed 5 would stand for 2 counts"),
        ("round_to = 5", "suppress_below is missing"),
        ("suppress_zero = true", "suppress_below is missing"),
    ],
)
def test_pairs_that_give_counts_away_are_refused(tmp_path: Path, keys: str, said: str) -> None:
    """6 with 5 prints a 5 only for 6 and 7; 8 with 5 is sound."""
    book_of(tmp_path / "rules", "suppress_below = 8\nround_to = 5")
    text = (tmp_path / "rules" / "a.toml").read_text().replace("suppress_below = 8\nround_to = 5", keys)
    (tmp_path / "rules" / "a.toml").write_text(text)
    _, problems = load_rules(tmp_path / "rules")

    assert any(said in problem.message for problem in problems)


def compositions(total: int, parts: int, least: int) -> Iterator[tuple[int, ...]]:
    """Every way to make a total of so many numbers."""
    if parts == 1:
        if total >= least:
            yield (total,)
        return
    for first in range(least, total - least * (parts - 1) + 1):
        for rest in compositions(total - first, parts - 1, least):
            yield (first, *rest)


@settings(max_examples=200, deadline=None)
@given(
    values=st.lists(st.integers(0, 14), min_size=2, max_size=4),
    below=st.integers(3, 6),
    zero=st.booleans(),
)
def test_no_hidden_count_can_be_worked_out(
    tmp_path_factory: pytest.TempPathFactory, values: list[int], below: int, zero: bool
) -> None:
    """The attacker has all that is shown, the total and the rules of hiding: no hidden count is left one value.

    Each table that is consistent with what is shown, and of which the same rows would be hidden, is one that the attacker
    must reckon with.
    """
    folder = tmp_path_factory.mktemp("attack")
    book = book_of(folder / "rules", f"suppress_below = {below}\nsuppress_zero = {str(zero).lower()}")
    names = [f"e{n}" for n in range(len(values))]
    card = book.score(data_of(table(dict(zip(names, values, strict=True))), folder / "data"), "2020-07")
    shown = public_cards(book.rules, [card])[0]
    hidden = [n for n, name in enumerate(names) if shown.ratings["a.k", name].reason is Reason.SUPPRESSED]
    total = shown.ratings["a.k"]
    if not hidden or total.reason is Reason.SUPPRESSED:
        return
    left = sum(values) - sum(value for n, value in enumerate(values) if n not in hidden)
    possible: dict[int, set[int]] = defaultdict(set)
    for guess in compositions(left, len(hidden), 0 if zero else 1):
        tried = list(values)
        for n, value in zip(hidden, guess, strict=True):
            tried[n] = value
        if would_hide(tried, below, zero) == (set(hidden), False):
            for n, value in zip(hidden, guess, strict=True):
                possible[n].add(value)

    assert all(len(possible[n]) > 1 for n in hidden)


def would_hide(values: list[int], below: int, zero: bool) -> tuple[set[int], bool]:
    """Which of a table's counts are hidden, and whether its total is: asked of the code itself."""
    from ragengine.report import disclosure

    kpi = _Kpi(below, zero)
    parts = {("a.k", f"e{n}"): {"value": Fraction(value)} for n, value in enumerate(values)}
    total = {"value": Fraction(sum(values))}
    hidden = disclosure.hidden_of({("a.k", None): total, **parts}, dict.fromkeys((("a.k", None), *parts), kpi))  # type: ignore[misc, dict-item]
    return {int(str(entity)[1:]) for _, entity in hidden if entity is not None}, ("a.k", None) in hidden


class _Kpi:
    def __init__(self, below: int, zero: bool) -> None:
        self.suppress_below, self.suppress_zero = below, zero


def test_hidden_counts_stand_in_no_format(tmp_path: Path) -> None:
    """A value that occurs once, as a count of 4 among large ones, is found nowhere in text, Markdown, HTML, CSV or JSON."""
    from ragengine.document.markdown import markdown

    book = book_of(tmp_path / "rules")
    values = {"Northwick": 1234, "Southwick": 4, "Eastwick": 2345, "Westwick": 3456}
    data = data_of([*table(values, "2020-06"), *table(values)], tmp_path / "data")
    cards = public_cards(book.rules, [book.score(data, "2020-06"), book.score(data, "2020-07")])
    report = report_of_card(book, cards[1], cards[:1], public=True)
    written = [cards[1].to_json(), ratings_csv(cards[1]), html_page(report), "\n".join(full_report(report))]
    written.append(markdown(exception_report(report)))

    assert set(hidden_rows(book.rules, book.score(data, "2020-07"))) == {
        ("a.k", "Southwick"),
        ("a.k", "Northwick"),
    }
    for text in written:
        assert "1,234" not in text and "1234" not in text and "4 children" not in text
        assert "2,345" in text or "2345" in text


def test_the_published_tables_are_hidden_as_they_should_be(shared: Path) -> None:
    """Of each table of one row in the published examples: the rows that leak are hidden, and no published leak is left."""
    rows = list(csv.DictReader((shared / "methods" / "suppression" / "tables.csv").read_text("utf-8").splitlines()))
    for name in ("one-row-one-small", "two-ones", "two-small-safe", "zero-beside-small"):
        own = [row for row in rows if row["table"] == name and row["column"] != "total"]
        hidden, total = would_hide([int(row["true"]) for row in own], int(own[0]["hidden_up_to"]) + 1, False)

        assert not total
        assert hidden == {n for n, row in enumerate(own) if row["protected"] == "c"}


def test_a_target_made_from_other_rows_is_not_told_of_hidden_counts(tmp_path: Path) -> None:
    """The median of counts is one of them: of a rule that hides counts neither it nor a band is public."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "book.toml").write_text(BOOK)
    rule = 'title = "Waiting"\nunit = "children"\ndirection = "lower"\ntarget = { from = "median of entities" }\ntolerance = 2\n'
    for hides in ("suppress_below = 6\n", ""):
        (folder / "a.toml").write_text(f'[area]\ntitle = "A"\n[kpi.k]\n{rule}{hides}')
        book = ragengine.load(folder)
        data = data_of(table({"North": 3, "South": 4, "East": 9, "West": 17, "Mid": 4}), tmp_path / "data")
        card = book.score(data, as_at="Jul-20")
        (public,) = public_cards(book.rules, [card])
        told = public.ratings["a.k", "West"].explanation
        page = html_page(report_of_card(book, public, public=True))

        assert card.ratings["a.k", "West"].target == 4
        shown = (told.target, told.relative is None, bool(told.bands), "median of 5 entities" in page)
        assert shown == ((None, True, False, False) if hides else ("4", False, True, True))


def test_what_is_excluded_does_not_count_where_counts_are_rounded(tmp_path: Path) -> None:
    """70 of 81, with 20 of 101 excluded, is published as 70 of 80: never as a percentage of what does not count."""
    book = book_of(tmp_path / "rules", "suppress_below = 8\nround_to = 5", unit="%")
    rows = [{"kpi": "a.k", "period": "2020-07", "numerator": 70, "denominator": 101, "excluded": 20}]
    card = book.score(data_of(rows, tmp_path / "data"), "2020-07")  # type: ignore[arg-type]
    told = public_cards(book.rules, [card])[-1].ratings["a.k"].explanation

    assert (told.numerator, told.denominator, told.excluded) == ("70", "80", None)
    assert Fraction(told.value or 0) == Fraction(100 * 70, 80)


def test_a_hidden_area_is_not_said_to_lack_coverage(tmp_path: Path) -> None:
    """All of it is rated: its level is hidden because it would tell of a measure that is."""
    book = book_of(tmp_path / "rules")
    rows: list[dict[str, object]] = [{"kpi": "a.k", "period": "2020-07", "value": 3}]
    card = book.score(data_of(rows, tmp_path / "data"), "2020-07")  # type: ignore[arg-type]
    [area] = report_of_card(book, public_cards(book.rules, [card])[-1]).areas

    assert area.decided == "Not shown: it would tell of a figure that is hidden"
