"""The unit of one KPI: what its numbers are written in, and how a cell's number becomes one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from ..data.door import LENGTHS
from ..number import text
from ..toml.write import toml_number
from .quantities import MOST_OF_ONE, RATIO, TIME, Quantity, read_quantity, writable
from .spellings import folded

__all__ = ["PLAIN", "Unit", "is_percent", "names_a_unit", "unit_of"]

_PER_CENT = frozenset({"percent", "per cent", "percentage", "pct", "percentages", "perc", "proportion", "rate percent"})
_COUNTS = frozenset({"number", "numbers", "num", "no", "nos", "count", "counts", "general", "integer", "numeric",
                     "n", "whole number",
                     "absolute", "quantity", "decimal", "number only", "value", "volume", "total", "no of",
                     "figure"})  # fmt: skip
_MONEY = frozenset({"currency", "money", "cost", "amount", "pounds", "gbp", "sterling"})
_SIGNS = {"pounds": "£", "gbp": "£", "sterling": "£", "euro": "€", "euros": "€", "eur": "€", "dollars": "$", "usd": "$"}
_SCALED_MONEY = re.compile(
    r"([£$€])?\s*(?:(k|thousands?|0{3}s?|'000s?|’000s?|,000s?)|(m|mn|mill\w*)|(bn|billions?))\b\.?", re.IGNORECASE
)
_MONEY_IN_TITLE = re.compile(rf"[(\[]\s*((?=[£$€]){_SCALED_MONEY.pattern}|[£$€])\s*[)\]]", re.IGNORECASE)
_CLOCK_UNIT = re.compile(
    r"(?:\bhh?\s?:\s?mm|\bh:m|\bhours? ?(?:and|&|:) ?min\w*|\bhrs? ?(?:and|&|:) ?mins?|\[hh?\]:mm)", re.IGNORECASE
)
_SHORT_CLOCK_UNIT = re.compile(r"\b(?:mm?\s?:\s?ss|min\w* ?(?:and|&|:) ?sec\w*)", re.IGNORECASE)
#: words after a number that compare, and are no unit: ``400 or lower``
_COMPARES = re.compile(
    r"(?:or|and|to|up|plus|but|below|above|under|over|at|max\w*|min\w*|off|of|upwards?|downwards?|each|either|within|target)\b",
    re.IGNORECASE,
)
_RATIO_UNIT = re.compile(r"\bratio\b|\b1\s?:\s?(?:x|n)\b|\b(?:x|n)\s?:\s?1\b", re.IGNORECASE)
_PERCENT_TITLES = ("%", "percent", "per cent", "proportion of")
_COLONED = re.compile(r"\d{1,4}\s?:\s?\d{1,6}(?::\d\d)?(?:\.\d+)?", re.ASCII)
#: decimals to which a time that does not end is written
_PLACES = 10


def is_percent(written: str) -> bool:
    """Whether a unit cell means per cent."""
    return "%" in written or (bool(written) and folded(written) in _PER_CENT)


def names_a_unit(written: str) -> bool:
    """Whether a cell is the name of a usual unit, and nothing else."""
    words = folded(written)
    return (
        is_percent(written)
        or words in _COUNTS | _MONEY | LENGTHS.keys() | {"weeks", "months", "score", "rate"}
        or _money_unit(written, words) is not None
    ) and not any(c.isdigit() and c != "0" for c in written)


@frozen
class Unit:
    """The unit of a KPI.

    Attributes:
        name: as the rule file writes it; empty for a plain number.
        scale: by how much money was divided: 1,000 where the unit is £k.
        hours: of times, the length of one in hours; None where none are written with a colon.
        share: whether plain numbers are shares of one, of per cent.
        ratio: whether ``1:8`` is 8.
        doubt: what a person has to confirm.
        million: plain numbers beside ``£1.2m`` are millions too: what they are multiplied with.
    """

    name: str = ""
    scale: Fraction = Fraction(1)
    hours: Fraction | None = None
    share: bool = False
    ratio: bool = False
    doubt: str = ""
    million: Fraction = Fraction(1)

    def number(self, quantity: Quantity) -> Fraction:
        """A cell's amount in this unit."""
        value = quantity.value
        if quantity.unit == TIME and self.hours is not None:
            value = value / self.hours
            return value if writable(value) else round(value, _PLACES)
        if self.share and quantity.unit != "%" and abs(value) <= MOST_OF_ONE:
            return value * 100
        if quantity.scaled:
            return value / self.scale
        return value * self.million

    def read(self, cell: str) -> Fraction | None:
        """The number that a cell shows, in this unit."""
        quantity = read_quantity(cell, ratio=self.ratio)
        return None if quantity is None else self.number(quantity)

    def spelled(self, cell: str) -> str:
        """A cell about numbers with its times and ratios as plain numbers."""

        def plain(match: re.Match[str]) -> str:
            number = self.read(match[0])
            return match[0] if number is None or not writable(number) else toml_number(number)

        return _COLONED.sub(plain, cell)


#: a number without a unit
PLAIN = Unit()


def unit_of(written: str, title: str, rules: Sequence[str], values: Sequence[str], *, shares: bool = False) -> Unit:
    """The unit of a KPI, by the cell that names it, its title, the cells of its rule and its values.

    ``shares``: most percentages of the sheet are shares of one.
    """
    cells = [*rules, *values]
    if not written and (signed := _MONEY_IN_TITLE.search(title)) is not None:
        written = signed[1]
    if (
        _RATIO_UNIT.search(written)
        or (_RATIO_UNIT.search(title) and any(":" in cell for cell in cells))
        or _are_ratios(cells)
    ):
        name = written if written and folded(written) not in _COUNTS and written.strip() != "/" else RATIO
        return Unit(name if _RATIO_UNIT.search(name) or name == RATIO else RATIO, ratio=True)
    timed = _time_unit(written, title, rules, values)
    if timed is not None:
        return timed
    percents = any("%" in cell or "per cent" in cell for cell in rules)
    words = folded(written)
    if is_percent(written):
        return _percent(cells, rules, shares)
    if written and not written.startswith("%") and _targets_in_percent(rules) and not _in_money(rules):
        if words in _COUNTS or words in _MONEY or written in "£$€#":
            return evolve(
                _percent(cells, rules, shares), doubt=f"the unit column says {written!r}, and the target is per cent"
            )
        return evolve(
            Unit(written),
            doubt=f"the unit is {written!r}, and the target is written in per cent: which of the two is it?",
        )
    if not written and (percents and _targets_in_percent(rules)):
        return _percent(cells, rules, shares)
    money = _money_unit(written, words)
    if money is not None:
        return _with_millions(money, rules, values)
    if written and words not in _COUNTS and words not in _MONEY and written not in ("#", "/"):
        return Unit(written)
    named = _named_in(rules)
    if named:
        return _with_millions(Unit(named), rules, values) if named in "£$€" else Unit(named)
    if words in _MONEY:
        return _with_millions(Unit(words, doubt="write the currency's sign"), rules, values)
    if not written and (
        title.casefold().startswith(_PERCENT_TITLES) or _ENDS_IN_PERCENT.search(title) or "(%)" in title
    ):
        unit = _percent(cells, rules, shares)
        stated = any(abs(quantity.value) > MOST_OF_ONE for quantity in _quantities(cells))
        return unit if stated else evolve(unit, doubt=_joined("only the title says per cent", unit.doubt))
    if not written and any("%" in cell for cell in values) and not any(_scaled(cell) for cell in rules):
        unit = _percent(cells, rules, shares)
        every = all("%" in cell for cell in values if any(c.isdigit() for c in cell))
        said = "some of the values are written in per cent, and nothing else is"
        return unit if every else evolve(unit, doubt=_joined(said, unit.doubt))
    return _with_millions(Unit(""), rules, values)


#: a distance in points, which may be small where the percentages are not
_POINTS = re.compile(r"\b(?:points?|pp|ppts?)\b", re.IGNORECASE)
#: a title that ends with its unit: ``Calls answered in time, %``
_ENDS_IN_PERCENT = re.compile(r"[\s,(\[:–—-](?:%|per ?cent|percentage)[)\]]?\s*$", re.IGNORECASE)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _quantities(cells: Iterable[str]) -> list[Quantity]:
    found = []
    for cell in cells:
        for bare in (cell, re.sub(r"^[^\d£$€.-]+", "", cell)):
            quantity = read_quantity(bare)
            if quantity is not None:
                found.append(quantity)
                break
    return found


def _targets_in_percent(rules: Sequence[str]) -> bool:
    """Whether the target itself, the first cell of a rule, is in per cent."""
    first = next((cell for cell in rules if any(c.isdigit() for c in cell)), "")
    return bool(re.search(r"\d\s*(?:%|per ?cent)(?!\s*(?:of|below|off|above|under)\b)", first)) and not re.search(
        r"\b(?:reduc|increas|within|improv|decreas)", first, re.IGNORECASE
    )


def _in_money(rules: Sequence[str]) -> bool:
    return any(sign in cell for cell in rules for sign in "£$€")


def _named_in(rules: Sequence[str]) -> str:
    """The unit that the target is written with: ``days`` of ``<= 10 days``."""
    for quantity in _quantities(rules[:1]):
        if quantity.unit and quantity.unit not in ("%", TIME, RATIO) and not _COMPARES.match(quantity.unit):
            return quantity.unit
    return ""


def _scaled(cell: str) -> bool:
    return any(quantity.scaled for quantity in _quantities([cell]))


def _money_unit(written: str, words: str) -> Unit | None:
    bare = written.strip()
    if bare in "£$€" and bare:
        return Unit(bare)
    if words in _SIGNS:
        return Unit(_SIGNS[words])
    match = _SCALED_MONEY.fullmatch(bare) or _SCALED_MONEY.fullmatch(bare.strip("()"))
    if match is not None and (match[1] or match[2] or match[3] or match[4]):
        power = 3 if match[2] else 6 if match[3] else 9
        return Unit(bare, scale=Fraction(10) ** power)
    return None


def _with_millions(unit: Unit, rules: Sequence[str], values: Sequence[str]) -> Unit:
    """Where the target is ``£1.2m`` and the values are plain ``1.1``, they are millions too."""
    if unit.scale != 1:
        return unit
    targets = [quantity for quantity in _quantities(rules[:1]) if quantity.scaled]
    plain = [abs(quantity.value) for quantity in _quantities(values) if not quantity.scaled and quantity.value]
    if not targets or not plain:
        return unit
    power = Fraction(10) ** {"k": 3, "thousand": 3, "bn": 9, "billion": 9}.get(targets[0].scaled, 6)
    size = abs(targets[0].value)
    if size and all(value < size / 100 and size / 100 < value * power < size * 100 for value in plain):
        said = f"values without {targets[0].scaled!r} are taken to be written in it as the target is"
        return evolve(unit, million=power, doubt=_joined(unit.doubt, said))
    return unit


def _percent(cells: Sequence[str], rules: Sequence[str], shares: bool) -> Unit:
    """Per cent, as shares of one where plain numbers are beside signed ones or the target is one."""
    found = _quantities(cell for cell in cells if not _POINTS.search(cell))
    plain = [q for q in found if q.unit != "%" and not q.scaled]
    signed = [q for q in found if q.unit == "%" and abs(q.value) > MOST_OF_ONE]
    small = bool(plain) and all(abs(q.value) <= MOST_OF_ONE for q in plain)
    broken = any(q.value.denominator != 1 and 0 < abs(q.value) < 1 for q in plain)
    if shares and plain:
        large = next((q for q in plain if abs(q.value) > MOST_OF_ONE), None)
        if large is not None:
            return Unit("%", doubt=f"other percentages of the sheet are shares of one, {text(large.value)} is none")
        return Unit("%", share=True, doubt="the sheet's percentages are shares of one, and are written times 100 here")
    if small and broken and signed:
        return Unit(
            "%", share=True, doubt="numbers without a per cent sign are shares of one, and are written times 100 here"
        )
    targets = [q.value for q in _quantities(rules[:1]) if q.unit != "%"]
    if small and broken and targets and Fraction(2, 5) <= abs(targets[0]) <= 1:
        return Unit("%", share=True, doubt="its numbers are taken to be shares of one, and are written times 100 here")
    if plain and not small and any(0 < abs(q.value) < 1 for q in plain) and targets and targets[0] >= 20:
        return Unit("%", doubt="one of its numbers is below 1: is it a share of one?")
    return Unit("%")


def _are_ratios(cells: Sequence[str]) -> bool:
    """Whether cells are ratios and no times: ``1:8``, with one digit after the colon."""
    coloned = [cell for cell in cells if re.search(r"\d\s?:\s?\d", cell)]
    return bool(coloned) and any(re.search(r"\b1\s?:\s?\d(?!\d)|\b1\s?:\s?\d+\.\d", cell) for cell in coloned)


def _time_unit(written: str, title: str, rules: Sequence[str], values: Sequence[str]) -> Unit | None:
    """A unit of time where some cells are written with a colon."""
    clocked = [
        q.value
        for q in (read_quantity(_bare_clock(cell)) for cell in (*rules, *values))
        if q is not None and q.unit == TIME
    ]
    of_rule = [
        q.value for q in (read_quantity(_bare_clock(cell)) for cell in rules) if q is not None and q.unit == TIME
    ]
    if not clocked and not _CLOCK_UNIT.search(written) and not _SHORT_CLOCK_UNIT.search(written):
        return None
    short = bool(_SHORT_CLOCK_UNIT.search(written))
    length = LENGTHS.get(folded(written))
    plain = [q.value for q in _quantities(rules[:1]) if q.unit != TIME]
    if length is not None and not short:
        if length == Fraction(1, 60) and plain and clocked:
            # 03:45 of minutes may be minutes and seconds: the reading nearer to the target
            near = min((1, 60), key=lambda factor: abs(clocked[0] * factor - plain[0]))
            said = "minutes and seconds" if near == 1 else "hours and minutes"
            return Unit(
                written,
                hours=Fraction(1, 60) if near == 60 else Fraction(1),
                doubt=f"times with a colon are read as {said}",
            )
        return Unit(written, hours=Fraction(length))
    larger, smaller = ("minutes", "seconds") if short else ("hours", "minutes")
    if of_rule and not all(writable(value) and (value * 10**4).denominator == 1 for value in of_rule):
        return Unit(
            smaller, hours=Fraction(1, 60), doubt="" if written else f"times are read as {larger} and {smaller}"
        )
    doubt = "" if written else f"times with a colon are read as {larger} and {smaller}"
    if written and not (_CLOCK_UNIT.search(written) or short):
        return Unit(written, hours=Fraction(1), doubt=f"times with a colon are read as {larger} and {smaller}")
    return Unit(larger, hours=Fraction(1), doubt=doubt)


def _bare_clock(cell: str) -> str:
    match = _COLONED.search(cell)
    return match[0] if match is not None else ""
