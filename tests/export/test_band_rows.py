"""The band table as rows: what a reader finds in it, and that every format says the same."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import hypothesis.strategies as st
import pyarrow
import pyarrow.parquet
from hypothesis import given, settings

import ragengine
from ragengine.export.band_rows import COLUMNS, BandRow, BandRows
from ragengine.export.decimals import decimal_text
from ragengine.export.flat_files import bands_csv, bands_json, bands_parquet
from ragengine.export.sql.query import OF_RULES
from ragengine.number import exact

from .everything import everything

BOOK = '[book]\ntitle = "T"\nedition = "2020-21"\nmissing = "grey"\n'


def _rows(rules: str, book: str = BOOK) -> tuple[BandRow, ...]:
    return BandRows(ragengine.load({"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{rules}'})).rows


def test_a_dated_target_has_a_row_for_each_band_of_each_era() -> None:
    """Two eras of three bands each, with their days, edges and which edges belong to them."""
    rows = _rows(
        '[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntolerance = "10 pp"\n'
        "target = { 2019-04-01 = 85, 2020-04-01 = 90.5 }\n"
    )

    assert [(row.valid_from, row.valid_until, row.lower, row.upper, row.rag) for row in rows] == [
        (None, date(2019, 3, 31), None, None, "grey"),
        (date(2019, 4, 1), date(2020, 3, 31), None, 75, "red"),
        (date(2019, 4, 1), date(2020, 3, 31), 75, 85, "amber"),
        (date(2019, 4, 1), date(2020, 3, 31), 85, None, "green"),
        (date(2020, 4, 1), None, None, Fraction("80.5"), "red"),
        (date(2020, 4, 1), None, Fraction("80.5"), Fraction("90.5"), "amber"),
        (date(2020, 4, 1), None, Fraction("90.5"), None, "green"),
    ]
    assert rows[0].reason == "no target"
    assert [(row.lower_included, row.upper_included) for row in rows[1:4]] == [
        (None, False), (True, False), (True, None),
    ]  # fmt: skip
    assert {(row.area, row.rule, row.edition) for row in rows} == {("a", "a.toml:3", "2020-21")}
    assert rows[5].band == "from 80.5% to below 90.5%"


def test_what_a_missing_value_means_is_a_row() -> None:
    """Where missing is red there is a row for no value, beside those for values."""
    rules = '[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "1 day"\n'
    rows = _rows(rules, BOOK.replace("grey", "red"))

    assert [(row.given, row.rag) for row in rows] == [
        ("no value", "red"), ("value", "green"), ("value", "amber"), ("value", "red"),
    ]  # fmt: skip


def test_what_a_rule_asks_of_a_row_is_the_same_in_all_of_its_rows() -> None:
    """A rule whose rows said different things would be two rules to the query, and rate a measurement twice."""
    asked: dict[tuple[object, ...], set[tuple[object, ...]]] = {}
    for row in BandRows(everything()).rows:
        rule = (row.kpi, row.entity, row.valid_from, row.valid_until)
        asked.setdefault(rule, set()).add(tuple(getattr(row, name) for name in OF_RULES))

    assert {rule: said for rule, said in asked.items() if len(said) > 1} == {}


def test_a_condition_has_a_row_for_each_answer() -> None:
    """Evidence asked for: with it the table as it stands, without it no better than amber."""
    rules = (
        '[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "1 day"\n'
        "requires_evidence = true\n"
    )
    rows = [row for row in _rows(rules) if row.lower is None]

    assert [(row.conditions, row.held, row.rag, row.computed) for row in rows] == [
        ("evidence is recorded", "no", "amber", "green"), ("evidence is recorded", "yes", "green", "green"),
    ]  # fmt: skip


def test_edges_move_with_a_target_that_the_data_bring() -> None:
    """Ten per cent of the size of the row's target: the amber line lies a tenth of that below it."""
    rules = (
        '[kpi.k]\ntitle = "K"\nunit = "children"\ndirection = "higher"\ntarget = "from data"\n'
        'tolerance = "10% of target"\n'
    )
    amber = next(row for row in _rows(rules) if row.rag == "amber")

    assert (amber.lower, amber.lower_per_target, amber.lower_per_size) == (0, 1, Fraction("-0.1"))
    assert (amber.upper, amber.upper_per_target, amber.upper_per_size) == (0, 1, None)
    assert (amber.target_side, amber.target_needed) == ("at least", "yes")


def test_what_takes_more_than_the_table_is_said_beside_its_bands() -> None:
    """Persistence: the bands are there, and the column besides says what they do not say."""
    rules = (
        '[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "1 day"\npersistence = 2\n'
    )
    rows = _rows(rules)

    assert [row.rag for row in rows] == ["green", "amber", "red"]
    assert {row.besides for row in rows} == {"persistence looks at the levels of the periods before"}


@given(st.integers(-(10**15), 10**15), st.integers(0, 15))
def test_a_decimal_is_written_in_full(digits: int, places: int) -> None:
    """What is written reads back as the same number, without exponent."""
    value = Fraction(digits, 10**places)

    assert Fraction(decimal_text(value)) == value
    assert set(decimal_text(value)) <= set("-0123456789.")


def test_every_format_says_the_same() -> None:
    """CSV, JSON and Parquet hold the same rows: the same texts, days and exact numbers."""
    table = BandRows(everything())
    from_csv = list(csv.DictReader(io.StringIO(bands_csv(table))))
    from_json = json.loads(bands_json(table))
    from_parquet = pyarrow.parquet.read_table(pyarrow.BufferReader(bands_parquet(table))).to_pylist()

    assert tuple(from_csv[0]) == tuple(from_parquet[0]) == COLUMNS
    assert len(table.rows) == len(from_csv) == len(from_json["bands"]) == len(from_parquet)
    assert (from_json["edition"], from_json["fingerprint"]) == ("2020-21", everything().fingerprint)
    for row, one, two, three in zip(table.rows, from_csv, from_json["bands"], from_parquet, strict=True):
        for name in ("lower", "upper", "lower_per_target", "target_low"):
            wanted = getattr(row, name)
            assert wanted == (exact(one[name]) if one[name] else None)
            assert wanted == (None if two[name] is None else Fraction(two[name]))
            assert wanted == (None if three[name] is None else Fraction(three[name]))
        assert isinstance(three["lower"], Decimal | None)
        assert three["valid_until"] == row.valid_until
        assert one["kpi"] == two["kpi"] == three["kpi"] == row.kpi
        assert one["upper_included"] == {None: "", True: "true", False: "false"}[row.upper_included]


@settings(max_examples=60)
@given(st.data())
def test_a_value_lies_in_one_row_and_has_its_level(data: st.DataObject) -> None:
    """On, just under and just over every edge of the plan's rules one row holds the value, with the engine's level."""
    book = everything()
    kpi = data.draw(st.sampled_from(("area.range", "area.lower", "area.later", "area.higher")))
    day = data.draw(st.dates(date(2019, 4, 1), date(2021, 12, 31)))
    rows = [
        row
        for row in BandRows(book).rows
        if row.kpi == kpi
        and row.given in ("value", "anything")
        and not row.entity
        and "yes" not in row.held
        and (row.valid_from or day) <= day <= (row.valid_until or day)
    ]
    edges = [row.lower for row in rows if row.lower is not None] or [Fraction(1)]
    value = data.draw(st.sampled_from(edges)) + data.draw(st.sampled_from((0, Fraction(-1, 10**9), Fraction(1, 10**9))))

    held = [row for row in rows if _holds(row, value)]

    assert len(held) == 1
    rating = book.rate(kpi, value, period=day)
    assert (held[0].rag, held[0].computed) == (str(rating.rag), str(rating.computed))


def _holds(row: BandRow, value: Fraction) -> bool:
    over = row.lower is None or value > row.lower or (bool(row.lower_included) and value == row.lower)
    return over and (row.upper is None or value < row.upper or (bool(row.upper_included) and value == row.upper))
