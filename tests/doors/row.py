"""A row of the table of states: the cells as they are given, and the level, reason and shortfall worked out by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen

__all__ = [
    "ANY",
    "BOOK",
    "INPUTS",
    "NUMBERS",
    "Expected",
    "Given",
    "PandasPeriod",
    "Row",
    "Table",
    "givens_of",
    "grey",
    "is_plain",
    "rated",
]

#: a shortfall that no contract settles
ANY = "any"

#: extra numbers that the formulas of the table read, and the ends of intervals
INPUTS = ("seen", "due", "lower", "upper")
#: cells that hold numbers, or what stands for one
NUMBERS = ("value", "numerator", "denominator", "excluded", "target", *INPUTS)

BOOK = '[book]\ntitle = "Doors"\nedition = "E"\nmissing = "grey"\n'

_NAMED = ("period", "day", "entity", "history", "computed", "adjusted", "as_missing", "on_the_line")


@frozen
class PandasPeriod:
    """A period as pandas has it; the package is asked for where one is made."""

    text: str
    length: str

    def made(self) -> Any:
        """A ``pandas.Period``."""
        import pandas as pd

        return pd.Period(self.text, self.length)


@frozen
class Expected:
    """Three levels, the reason of a grey one, and the shortfall: None for none, ``ANY`` where none is settled."""

    rag: str
    adjusted: str
    computed: str
    reason: str | None = None
    shortfall: Fraction | str | None = None

    @classmethod
    def of(cls, rating: Any) -> Expected:
        """What a rating says."""
        reason = None if rating.reason is None else str(rating.reason)
        return cls(str(rating.rag), str(rating.adjusted), str(rating.computed), reason, rating.shortfall)

    @classmethod
    def grey(cls, reason: str) -> Expected:
        return cls("grey", "grey", "grey", reason)

    def __str__(self) -> str:
        levels = (
            self.rag if self.rag == self.adjusted == self.computed else f"{self.computed}→{self.adjusted}→{self.rag}"
        )
        short = "" if self.shortfall in (None, ANY) else f", {_decimal(self.shortfall)} short"
        return f"{levels}{f' ({self.reason})' if self.reason else ''}{short}"


def _decimal(number: Any) -> str:
    return f"{float(number):.17g}"


@frozen
class Row:
    """One row.

    Attributes:
        rule: the KPI or action, by its name in the area.
        cells: what is given; a text as a file has it, anything else as a caller or an engine has it.
        why: the line of the contract that decides it.
        period: as it is given; ``day`` is the last day of the period that is meant: on it the row is judged.
        entity: None where a name is made up, so that no row is another's history; "" where it has none.
        history: cells of earlier rows, each with ``period`` and ``day``.
        as_missing: what holds where NaN is a number that is not there.
        on_the_line: what holds of a value so near to a line that moves with the target that floats add both up alike.
        kind: the file of the table in which it stands.
    """

    rule: str
    cells: Mapping[str, Any] = field(hash=False)
    expected: Expected
    why: str
    period: Any = "2020-07"
    day: date = date(2020, 7, 31)
    entity: str | None = None
    history: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    as_missing: Expected | None = None
    on_the_line: Expected | None = None
    kind: str = ""

    @property
    def is_action(self) -> bool:
        return "status" in self.cells

    def __str__(self) -> str:
        cells = ", ".join(f"{name}={value!r}" for name, value in self.cells.items())
        apart = "" if self.period == "2020-07" else f", period={self.period!r}"
        entity = "" if self.entity is None else f", entity={self.entity!r}"
        return f"{self.rule}({cells}{apart}{entity})"


def rated(rule: str, rag: str, short: str | int | None, why: str, **given: Any) -> Row:
    """A row that is rated; ``computed`` and ``adjusted`` are its level unless they are given."""
    adjusted = given.get("adjusted", rag)
    shortfall = short if short is None or short == ANY else Fraction(short)
    expected = Expected(rag, adjusted, given.get("computed", adjusted), None, shortfall)
    return _row(rule, expected, why, given)


def grey(rule: str, reason: str, why: str, **given: Any) -> Row:
    """A row that is grey; with ``computed`` and ``adjusted`` where it is grey only in the end."""
    adjusted = given.get("adjusted", "grey")
    short = given.pop("short", None)
    shortfall = short if short is None or short == ANY else Fraction(short)
    return _row(rule, Expected("grey", adjusted, given.get("computed", adjusted), reason, shortfall), why, given)


def _row(rule: str, expected: Expected, why: str, given: Mapping[str, Any]) -> Row:
    apart = {name: given[name] for name in _NAMED if name in given and name not in ("computed", "adjusted")}
    cells = {name: cell for name, cell in given.items() if name not in _NAMED}
    if "day" in apart:
        apart["day"] = date.fromisoformat(apart["day"])
    return Row(rule, cells, expected, why, **apart)


@frozen
class Table:
    """Rows under one rulebook.

    Attributes:
        rules: the keys of each KPI by its name; ``actions`` those of each action.
        overrides: mappings as ``overrides.toml`` has them, ``subject`` by its name in the area.
        written: rule files as they are, in place of ``book`` and ``rules``.
    """

    name: str
    rules: Mapping[str, str] = field(hash=False)
    rows: tuple[Row, ...] = field(hash=False)
    book: str = BOOK
    actions: Mapping[str, str] = field(factory=dict, hash=False)
    overrides: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    written: Mapping[str, str] | None = field(default=None, hash=False)

    @property
    def files(self) -> dict[str, str]:
        """The rule files."""
        if self.written is not None:
            return dict(self.written)
        kpis = "".join(f'\n[kpi.{name}]\ntitle = "K"\n{_unit(keys)}{keys}\n' for name, keys in self.rules.items())
        actions = "".join(f'\n[action.{name}]\ntitle = "X"\n{keys}\n' for name, keys in self.actions.items())
        return {"book.toml": self.book, "a.toml": f'[area]\ntitle = "A"\n{kpis}{actions}'}

    def only(self, rules: Collection[str]) -> Table:
        """The same with only these rules."""
        kept = {name: keys for name, keys in self.rules.items() if name in rules}
        overrides = tuple(each for each in self.overrides if each["subject"] in rules)
        return evolve(self, rules=kept, overrides=overrides)

    def named(self, kind: str) -> Table:
        """The same, each row with the file in which it stands."""
        return evolve(self, rows=tuple(evolve(row, kind=kind) for row in self.rows))


def _unit(keys: str) -> str:
    return "" if "unit =" in keys or "words =" in keys else 'unit = "%"\n'


@frozen
class Given:
    """A row as one kind of column holds it.

    Attributes:
        number: tells it from all others of its table.
        kind: ``text``, ``float``, ``decimal``, ``long`` (more places than 15), ``flag``, ``evidence`` (floats
            beside a flag) or ``object`` for the cells with numbers; ``date``, ``datetime`` or ``pandas`` for the period, after a slash, where that is no text.
    """

    number: int
    kind: str
    row: Row
    cells: Mapping[str, Any] = field(hash=False)
    history: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)

    @property
    def subject(self) -> str:
        return f"a.{self.row.rule}"

    @property
    def period(self) -> Any:
        """The period as it is given."""
        period = self.row.period
        return period.made() if isinstance(period, PandasPeriod) else period

    @property
    def entity(self) -> str:
        return f"row {self.number}" if self.row.entity is None else self.row.entity

    def __str__(self) -> str:
        return f"[{self.row.kind}] {self.row} as {self.kind}"


def givens_of(table: Table) -> list[Given]:
    """Every row in every kind of column that can hold it as it is given."""
    made = (forms for row in table.rows for forms in _forms(row))
    return [Given(number, kind, row, cells, past) for number, (kind, row, cells, past) in enumerate(made)]


def _forms(row: Row) -> Iterator[tuple[str, Row, dict[str, Any], tuple[dict[str, Any], ...]]]:
    period = {datetime: "/datetime", date: "/date", PandasPeriod: "/pandas"}.get(type(row.period), "")
    past = tuple(map(dict, row.history))
    for kind in _kinds([row.cells, *past]):
        if period and kind != "float":
            continue
        yield kind + period, row, _typed(row.cells, kind), tuple(_typed(cells, kind) for cells in past)


def _kinds(cells: Sequence[Mapping[str, Any]]) -> list[str]:
    """The kinds of column that hold all of these numbers."""
    if any(isinstance(each.get("evidence"), bool) for each in cells):
        return ["evidence"]
    texts = ("causes", "evidence", "status")
    if not all(isinstance(each.get(name, ""), str) for each in cells for name in texts):
        return ["object"]
    numbers = [cell for each in cells for name, cell in each.items() if name in NUMBERS and cell is not None]
    if not numbers:
        return ["text", "float"] if not any("status" in each for each in cells) else ["text"]
    kinds = {type(number) for number in numbers}
    if bool in kinds:
        return ["flag"] if kinds == {bool} else ["object"]
    if float in kinds:
        return ["float"] if kinds == {float} else ["object"]
    if kinds <= {Decimal}:
        return ["decimal"] if all(number.is_finite() and _fits(number) for number in numbers) else ["object"]
    if kinds != {str}:
        return ["object"]
    if not all(is_plain(number) for number in numbers):
        return ["text"]
    exact = [Decimal(number) for number in numbers]
    floats = all(Decimal(repr(float(number))) == number for number in exact)
    decimals = ["decimal"] if all(map(_fits, exact)) else ["long"] if all(map(_fits_long, exact)) else []
    return ["text", *(["float"] if floats else []), *decimals]


def is_plain(text: str) -> bool:
    """Whether a text is digits, with a point between and a minus before where it has them."""
    digits = text.removeprefix("-")
    return digits.replace(".", "", 1).isdecimal() and digits.isascii() and digits[0] != "." and digits[-1] != "."


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def _fits(number: Decimal) -> bool:
    return _places(number) <= 15 and abs(number) < Decimal(10) ** 23


def _fits_long(number: Decimal) -> bool:
    return _places(number) <= 35 and abs(number) < 1000


def _typed(cells: Mapping[str, Any], kind: str) -> dict[str, Any]:
    make = {"float": float, "evidence": float, "decimal": Decimal, "long": Decimal}.get(kind)
    made = dict(cells)
    if make is not None:
        for name in NUMBERS:
            if isinstance(made.get(name), str):
                made[name] = make(made[name])
    return made
