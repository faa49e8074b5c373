"""The door: where a row comes in, from a file, a frame or a caller, and what each of its cells may look like.

A number, a symbol, a count, a cause, a status, a date and a period are read here and nowhere else; which of a row's
cells a rating rests on, and which rows are impossible, is told by :mod:`ragengine.data.states` (docs/data.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypedDict

from attrs import evolve

from ..errors import BadArgument
from ..number import BLANKS, MAX_DIGITS, MAX_PLACES, NumberError, exact, parse_number
from ..period import Calendar, Period, PeriodError, parse_period
from ..problem import Place, printable, shorten
from ..terms import Reason, Status
from .model import BLANK, ActionReport, Cell, Invalid, Measurement, Symbol

__all__ = [
    "BREAK",
    "LENGTHS",
    "SYMBOLS",
    "by_unit",
    "causes_of",
    "cell_text",
    "day_of",
    "evidence_of",
    "is_blank",
    "length_of",
    "measurement_beside",
    "measurement_of",
    "read_by",
    "read_cell",
    "report_of",
    "row_numbers",
    "two_ways",
]

#: symbols as printed; those of letters that begin words are small only
SYMBOLS: dict[str, Reason] = {
    "": Reason.NO_DATA,
    "c": Reason.SUPPRESSED,
    "[c]": Reason.SUPPRESSED,
    "*": Reason.SUPPRESSED,
    "z": Reason.NOT_APPLICABLE,
    "[z]": Reason.NOT_APPLICABLE,
    "n/a": Reason.NOT_APPLICABLE,
    "N/A": Reason.NOT_APPLICABLE,
    ":": Reason.NO_DATA,
    "x": Reason.NO_DATA,
    "[x]": Reason.NO_DATA,
    "..": Reason.NO_DATA,
    "-": Reason.NO_DATA,
    "–": Reason.NO_DATA,
    "TBC": Reason.NO_DATA,
    "tbc": Reason.NO_DATA,
    "u": Reason.NO_DATA,
    "[u]": Reason.NO_DATA,
    "w": Reason.NO_DATA,
    "[w]": Reason.NO_DATA,
    "k": Reason.SMALL_NUMBERS,
    "[k]": Reason.SMALL_NUMBERS,
    "low": Reason.SMALL_NUMBERS,
    "[low]": Reason.SMALL_NUMBERS,
}

#: letters in brackets after a number, for every engine's regular expressions; a break in the series refuses movement
NOTES = r"(?:[ ]?\[[a-z]{1,3}\])+"
BREAK = "[b]"
#: units of time, with the length of one in hours
LENGTHS: dict[str, int | Fraction] = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 1),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), Fraction(1, 60)),
    **dict.fromkeys(("secs", "second", "seconds"), Fraction(1, 3600)),
    **dict.fromkeys(("day", "days"), 24),
}
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_NOTED = re.compile(rf"(.*[0-9%])({NOTES})")

_NOWHERE = Place("")
_YEAR_OR_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)

_LONGEST = 40
_NO_CELL = "neither a number nor a symbol"
#: what spreadsheets show in place of a result
_ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_LINK = re.compile(r"=.*\[[^\]]+\]")
_DIGITS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:%|[eE][+-]?[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+|(?:[ \u00a0][0-9]{3})+|[0-9]*),[0-9]+")
#: a number beside a sign or a word: £1,300.50, 95 percent; what stands for thousands or millions is no word
_WITH_A_UNIT = re.compile(r"[£€$]? ?([+-]?[0-9]{1,12}(?:,[0-9]{3})*(?:\.[0-9]{1,12})?)(?: ?[A-Za-z]{3,12}| ?[£€$])?")


@lru_cache(maxsize=65536)
def read_cell(written: str) -> Cell:
    """A cell as a person sees it.

    >>> read_cell(" 1,234 "), read_cell("12 [p]"), read_cell("c").reason, read_cell("abc").message
    (Fraction(1234, 1), Fraction(12, 1), <Reason.SUPPRESSED: 'suppressed'>, 'neither a number nor a symbol')
    """
    bare = written.strip(BLANKS)
    if not bare:
        return BLANK
    reason = SYMBOLS.get(bare)
    if reason is not None:
        return Symbol(bare, reason)
    noted = _NOTED.fullmatch(bare)
    try:
        return parse_number(noted[1] if noted else bare)
    except NumberError as wrong:
        said = _why_none(bare) if str(wrong) == "not a number" else str(wrong)
        return Invalid(shorten(bare, _LONGEST), said)


def _why_none(bare: str) -> str:
    """Why a text is no number, and which is meant where its comma is a decimal point."""
    if bare.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
        return "not a finite number"
    if bare.upper() in _ERRORS:
        return f"{_NO_CELL}: an error of the spreadsheet, mend its formula"
    if bare.startswith("="):
        return f"{_NO_CELL}: a {'link to another workbook' if _LINK.match(bare) else 'formula'} without its result"
    if (hours := _hours(bare)) is not None:
        # a length of time as a cell of a workbook shows it
        return f"{_NO_CELL}: {float(hours):.4g} where hours are meant"
    if _DIGITS.fullmatch(bare):
        return f"10^{MAX_DIGITS} or more in size, or longer than {MAX_PLACES} digits"
    if len(bare) <= _LONGEST and _DECIMAL_COMMA.fullmatch(bare):
        meant = bare.replace(".", "").replace(" ", "").replace("\u00a0", "").replace(",", ".")
        return f"{_NO_CELL}; with a decimal point it is {meant}"
    alone = _WITH_A_UNIT.fullmatch(bare)
    return f"{_NO_CELL}; the number alone is {alone[1]}" if alone else _NO_CELL


def notes_of(written: str) -> str:
    """The notes in brackets after a number, as written: ``[p]``; empty where there are none."""
    noted = _NOTED.fullmatch(written.strip(BLANKS))
    return noted[2].strip() if noted and isinstance(read_cell(written), Fraction) else ""


def cell_of(value: object) -> Cell:
    """A cell of any type: a text by the grammar of cells, a number by its size; None is blank."""
    if isinstance(value, str):
        return read_cell(value)
    if value is None:
        return BLANK
    try:
        number = exact(value)
    except NumberError as wrong:
        return Invalid(shorten(cell_text(value), _LONGEST), str(wrong))
    # of any other kind it has been asked already
    if isinstance(value, Fraction) and abs(value) >= 10**MAX_DIGITS:
        return Invalid(shorten(cell_text(value), _LONGEST), f"10^{MAX_DIGITS} or more in size")
    return number


def cell_text(value: object) -> str:
    """A cell of any type as the text that stands for it: ``true`` and ``false`` for yes and no, nothing for None."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if type(value).__name__ in ("bool", "bool_"):
        return str(value).lower()
    if isinstance(value, tuple):
        return "; ".join(map(cell_text, value))
    return printable(value)


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in a cell."""
    return cell is BLANK or (isinstance(cell, Symbol) and not cell.text)


def _hours(bare: str) -> Fraction | None:
    """A length of time of hours, minutes and perhaps seconds, in hours."""
    clock = _CLOCK.fullmatch(bare)
    return None if clock is None else int(clock[1]) + Fraction(int(clock[2]) * 60 + int(clock[3] or 0), 3600)


def length_of(unit: str) -> int | Fraction | None:
    """A unit of time in hours; None for any other unit."""
    return LENGTHS.get(" ".join(unit.split()).casefold())


def by_unit(cell: Cell, unit: str) -> Cell:
    """A cell as a KPI in this unit reads it: a length of time written with colons is a number of a unit of time.

    ``26:30`` alone may be minutes and seconds where the unit is not hours, and is no number there; a workbook's
    duration has its seconds, ``26:30:00``, and can be nothing else.

    >>> by_unit(read_cell("26:30"), "hours"), by_unit(read_cell("00:45:00"), "minutes"), by_unit(read_cell("7"), "days")
    (Fraction(53, 2), Fraction(45, 1), Fraction(7, 1))
    """
    if not isinstance(cell, Invalid):
        return cell
    length = length_of(unit)
    if length is None or (hours := _hours(cell.text)) is None:
        return cell
    return hours / length if length == 1 or cell.text.count(":") == 2 else cell


def by_symbols(cell: Cell, symbols: Mapping[str, Reason]) -> Cell:
    """A cell as a rulebook with symbols of its own reads it."""
    if isinstance(cell, Symbol | Invalid) and cell.text in symbols:
        return Symbol(cell.text, symbols[cell.text])
    return cell


def causes_of(given: object) -> frozenset[str]:
    """The causes that a cell names: a text is split at commas and semicolons, each is folded; raises BadArgument.

    >>> sorted(causes_of("Covid, system migration")), sorted(causes_of(["Covid"])), causes_of(None)
    (['covid', 'system migration'], ['covid'], frozenset())
    """
    if given is None:
        return frozenset()
    if isinstance(given, str):
        parts = given.replace(",", ";").split(";")
        return frozenset(cause for part in parts if (cause := " ".join(part.split()).casefold()))
    if isinstance(given, Iterable) and not isinstance(given, bytes | Mapping):
        found: frozenset[str] = frozenset()
        for each in given:
            if not isinstance(each, str):
                raise BadArgument("causes", each, "a cause is a text")
            found |= causes_of(each)
        return found
    raise BadArgument("causes", given, "write a text, or several as a list or a set")


def evidence_of(given: object) -> str:
    """What is recorded as evidence; ``True`` says that there is some."""
    if not isinstance(given, str) and type(given).__name__ in ("bool", "bool_"):
        return "recorded" if given else ""
    return cell_text(given).strip(BLANKS)


def status_of(given: object) -> Status | Invalid | None:
    """How far an action has come; case, spaces and hyphens do not matter. None where nothing is said.

    >>> status_of("In-Progress"), status_of(" "), status_of("Completed").message
    (<Status.IN_PROGRESS: 'in progress'>, None, 'no status')
    """
    written = cell_text(given)
    folded = " ".join(written.replace("-", " ").replace("_", " ").casefold().split())
    if not folded:
        return None
    try:
        return Status(folded)
    except ValueError:
        return Invalid(shorten(written.strip(BLANKS), _LONGEST), "no status")


def progress_of(given: object) -> Cell:
    """How much of an action is done, 0 to 100."""
    cell = cell_of(given)
    if isinstance(cell, Fraction) and not 0 <= cell <= 100:
        return Invalid(shorten(cell_text(given), _LONGEST), "not from 0 to 100")
    return cell


def day_of(given: object, calendar: Calendar, by: date | None = None) -> date | Invalid | None:
    """A day, or the last one of a period, but not past a day ``by`` within it; None for nothing or a symbol."""
    if given is None or (isinstance(given, str) and isinstance(read_cell(given), Symbol)):
        return None
    try:
        period = parse_period(given, calendar)
        return by if by is not None and period.start <= by < period.end else period.end
    except PeriodError as wrong:
        return Invalid(shorten(cell_text(given), _LONGEST), f"{wrong.message}; {wrong.hint}")


def two_ways(periods: Iterable[str]) -> frozenset[str]:
    """Of a column's periods, those that are a month and a financial year, where the column has years besides.

    >>> sorted(two_ways(["2010-11", "2012-13"])), sorted(two_ways(["2010-11", "2010-12"]))
    (['2010-11'], [])
    """
    pairs = {text: (int(match[1]), int(match[2])) for text in periods if (match := _YEAR_OR_MONTH.fullmatch(text))}
    years = {text for text, (year, rest) in pairs.items() if (year + 1) % 100 == rest}
    months = frozenset(text for text in years if 1 <= pairs[text][1] <= 12)
    return months if years - months else frozenset()


class RowNumbers(TypedDict):
    """The fields of a measurement that differ from row to row of a file."""

    value: Cell
    value_text: str
    marks: str
    numerator: Cell
    denominator: Cell
    target: Cell
    excluded: Cell


def measurement_of(
    kpi: str,
    *,
    value: object = None,
    period: Period | None = None,
    period_text: str = "",
    numerator: object = None,
    denominator: object = None,
    target: object = None,
    entity: object = None,
    causes: object = None,
    evidence: object = "",
    inputs: Mapping[str, object] | None = None,
    excluded: object = None,
    exclusion_reason: object = "",
    note: object = "",
    reported_on: date | None = None,
    place: Place = _NOWHERE,
) -> Measurement:
    """One row of measurements from cells of any type; raises BadArgument for causes that are none.

    A row whose period is None and whose ``period_text`` is not empty names one that cannot be read.
    """
    return Measurement(
        kpi=kpi,
        period=period,
        period_text=period_text or (str(period) if period else ""),
        entity=cell_text(entity).strip(BLANKS) or None,
        inputs={name: cell_of(number) for name, number in (inputs or {}).items()},
        evidence=evidence_of(evidence),
        causes=causes_of(causes),
        note=cell_text(note).strip(BLANKS),
        reported_on=reported_on,
        exclusion_reason=cell_text(exclusion_reason).strip(BLANKS),
        place=place,
        **row_numbers(value, numerator, denominator, target, excluded),
    )


def row_numbers(
    value: object, numerator: object = None, denominator: object = None, target: object = None, excluded: object = None
) -> RowNumbers:
    """The fields of a measurement that hold its value and what stands beside it as a number."""
    # several values in one cell are no word
    several = not isinstance(value, str) and isinstance(value, tuple | list | set | frozenset | Mapping)
    said = f"{value!r}" if several else cell_text(value)
    return {
        "value": cell_of(value),
        "value_text": said,
        "marks": notes_of(said) if "[" in said else "",
        "numerator": cell_of(numerator),
        "denominator": cell_of(denominator),
        "target": cell_of(target),
        "excluded": cell_of(excluded),
    }


def measurement_beside(
    given: Measurement, kpi: str, entity: str | None, place: Place, numbers: RowNumbers
) -> Measurement:
    """A row of the surroundings that another has, whose ever it is, with its own numbers."""
    # by position and not by `evolve`: it is made for every row of a file
    return Measurement(
        kpi,
        given.period,
        given.period_text,
        entity,
        numbers["value"],
        numbers["value_text"],
        numbers["marks"],
        numbers["numerator"],
        numbers["denominator"],
        numbers["target"],
        given.inputs,
        given.evidence,
        given.causes,
        given.note,
        given.reported_on,
        numbers["excluded"],
        given.exclusion_reason,
        given.fault,
        place,
    )


def report_of(
    action: str,
    as_at: date | None,
    calendar: Calendar,
    *,
    status: object = None,
    progress: object = None,
    completed_on: object = None,
    evidence: object = "",
    causes: object = None,
    note: object = "",
    as_at_text: str = "",
    place: Place = _NOWHERE,
) -> ActionReport:
    """One row of actions from cells of any type; ``as_at`` is None where it cannot be read."""
    return ActionReport(
        action=action,
        as_at=as_at,
        status=status_of(status),
        progress=progress_of(progress),
        completed_on=day_of(completed_on, calendar, as_at),
        evidence=evidence_of(evidence),
        causes=causes_of(causes),
        note=cell_text(note).strip(BLANKS),
        as_at_text=as_at_text,
        place=place,
    )


def read_by(given: Measurement, symbols: Mapping[str, Reason]) -> Measurement:
    """A row as a rulebook with symbols of its own reads it."""
    if not symbols:
        return given
    names = ("value", "numerator", "denominator", "target", "excluded")
    cells: dict[str, Any] = {name: by_symbols(getattr(given, name), symbols) for name in names}
    inputs = {name: by_symbols(cell, symbols) for name, cell in given.inputs.items()}
    return evolve(given, inputs=inputs, **cells)
