"""The values of rule files: strict readers that take a TOML value and give the model's, or raise Wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from ..number import exact, text
from ..period import Calendar, Due, Duration, PeriodError, parse_due, parse_duration
from ..problem import shorten
from ..rulebook.compile import amber_line
from ..rulebook.dated import Dated
from ..rulebook.measure import Band, Bounds, Edge, Number, Target, Tolerance, Width
from ..terms import Direction
from .faults import Wrong, near

T = TypeVar("T")

LARGEST = 10**12
MOST_PLACES = 15
MOST_BANDS = 100
MOST_DATES = 1_000
MOST_GRACES = 100
MOST_RULES = 100
FIRST_YEAR, LAST_YEAR = 1900, 2199

_TOLERANCE = re.compile(r"(-?\d{1,13}(?:\.\d{1,15})?)\s*(.*)", re.ASCII)
_PER_CENT = re.compile(r"(\d{1,13}(?:\.\d{1,15})?)\s*%", re.ASCII)
_EDGE = re.compile(r"(\d{1,13}(?:\.\d{1,15})?)\s*% of target", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_NOT_OF_AN_ID = re.compile(r"[^a-z0-9_-]+", re.ASCII)
_LONGEST_ID = 80
_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_DATE_KEY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def kind_of(value: object) -> str:
    """A TOML value's type in words."""
    match value:
        case bool():
            return "true or false"
        case int() | Decimal():
            return "a number"
        case str():
            return "a text"
        case datetime():
            return "a date with a time"
        case date():
            return "a date"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a time"


def wrong_type(value: object, wanted: str) -> Wrong:
    """A value of another type than is wanted."""
    shown = f" {shorten(value, 40)!r}" if isinstance(value, str) else ""
    quoted = wanted == "a text" and isinstance(value, int | Decimal | date) and not isinstance(value, bool)
    hint = f'put it in quotes: "{shorten(value, 40)}"' if quoted else f"write {wanted}"
    return Wrong("RAG006", f"{kind_of(value)}{shown} where {wanted} is wanted", hint)


def text_value(value: object) -> str:
    if not isinstance(value, str):
        raise wrong_type(value, "a text")
    return value


def title_value(value: object) -> str:
    if not text_value(value).strip():
        raise Wrong("RAG007", "the text is empty", "write what it is called")
    return text_value(value)


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise wrong_type(value, "true or false")
    return value


def number(value: object) -> Number:
    """A finite number of magnitude at most 1e12 and at most 15 digits either side of the point."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong_type(value, "a number")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise Wrong("RAG008", "the number is not finite", "write a finite number")
        if value.adjusted() > 12 or -int(value.as_tuple().exponent) > MOST_PLACES:
            raise Wrong("RAG008", "the number is too large or has too many digits", "at most 1e12, and 15 places")
    if not -LARGEST <= value <= LARGEST:
        raise Wrong("RAG008", "the number is too large", "its magnitude is at most 1e12")
    return value


def weight_value(value: object) -> Number:
    weight = number(value)
    if weight < 0:
        raise Wrong("RAG008", f"the weight {weight} is negative", "write 0 or more")
    return weight


def whole(least: int, most: int) -> Callable[[object], int]:
    """A reader of whole numbers between two bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(value, "a whole number")
        given = int(value)
        if not least <= given <= most:
            raise Wrong("RAG008", f"{shorten(given, 20)} is out of bounds", f"write {least} to {most}")
        return given

    return read


def one_of(*words: str) -> Callable[[object], str]:
    """A reader of a closed list of words."""

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise wrong_type(value, "a text")
        if value not in words:
            hint = near(value, words) or f"write {' or '.join(words)}"
            raise Wrong("RAG007", f"{shorten(value, 40)!r} is not among {', '.join(words)}", hint)
        return value

    return read


def day(value: object) -> date:
    """A date; a date with a time is refused."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise wrong_type(value, "a date like 2020-08-14")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Wrong("RAG008", f"the year {value.year} is out of bounds", f"write {FIRST_YEAR} to {LAST_YEAR}")
    return value


def due_value(value: object, calendar: Calendar) -> Due:
    if isinstance(value, str):
        try:
            return parse_due(value, calendar)
        except PeriodError as wrong:
            raise Wrong("RAG027", f"{shorten(value, 40)!r}: {wrong.message}", wrong.hint) from None
    return parse_due(day(value))


def duration(value: object) -> Duration:
    if isinstance(value, int) and not isinstance(value, bool):
        raise Wrong("RAG006", "a number where a length of time is wanted", f'write "{shorten(value, 40)} days"')
    try:
        return parse_duration(text_value(value))
    except PeriodError as wrong:
        raise Wrong("RAG007", f"{shorten(value, 40)!r}: {wrong.message}", wrong.hint) from None


def texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise wrong_type(value, "a list of texts")
    return tuple(text_value(item) for item in value)


def names(value: object) -> tuple[str, ...]:
    """Names of extra numbers: plain identifiers that nothing else has."""
    taken = {"value", "numerator", "denominator", "target", "shortfall", "previous_value", "year_ago_value"}
    for name in texts(value):
        if not _NAME.fullmatch(name) or name in taken:
            raise Wrong("RAG007", f"{shorten(name, 40)!r} cannot name an input", "use small letters, digits and _")
    return texts(value)


def id_fault(given: str) -> str:
    """What is wrong with an id, or nothing."""
    if _ID.fullmatch(given) and len(given) <= _LONGEST_ID:
        return ""
    return f"the id {shorten(given, 40)!r} is not of small letters, digits and hyphens"


def id_like(given: str) -> str:
    """An id made of what was given, for a hint; empty where nothing of it would do.

    >>> id_like("My KPI (new)"), id_like("∑")
    ('my-kpi-new', '')
    """
    return _NOT_OF_AN_ID.sub("-", given[:_LONGEST_ID].casefold()).strip("-_")


def colour(value: object) -> str:
    if not _COLOUR.fullmatch(text_value(value)):
        raise Wrong("RAG007", f"{shorten(value, 40)!r} is no colour", 'write "#083d29"')
    return text_value(value)


def table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong_type(value, "a table")
    return value


def tables(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise wrong_type(value, "a list of tables")
    return value


def at_most(most: int, given: Collection[object], what: str) -> None:
    """Refuses a list that no person wrote."""
    if len(given) > most:
        raise Wrong("RAG003", f"there are {len(given):,} {what}, at most {most:,} are read", "write fewer")


def dated(value: object, read: Callable[[Any], T]) -> Dated[T]:
    """One value, or a table of dates to values."""
    if isinstance(value, dict) and value and all(_DATE_KEY.fullmatch(key) for key in value):
        at_most(MOST_DATES, value, "dates")
        entries = []
        for key in sorted(value):
            try:
                start = date.fromisoformat(key)
            except ValueError:
                raise Wrong("RAG027", f"{key} is no day", "check day and month") from None
            try:
                entries.append((start, read(value[key])))
            except Wrong as wrong:
                if wrong.path:
                    wrong.path = (key, *wrong.path)
                raise
        return Dated(tuple(entries))
    if isinstance(value, dict) and any(map(_DATE_KEY.fullmatch, value)):
        other = next(key for key in value if not _DATE_KEY.fullmatch(key))
        raise Wrong("RAG027", f"{shorten(other, 40)!r} stands among dates, and is none", "write a date like 2020-08-14")
    return Dated.of(read(value))


def bounds_value(value: object) -> Bounds:
    """``{ min, max }``, or one of them."""
    if not table(value) or not {"min", "max"}.issuperset(table(value)):
        raise Wrong("RAG007", "bounds have min, max or both", "write { min = 0, max = 100 }")
    bounds = Bounds(**{end: number(at) for end, at in table(value).items()})
    if bounds.min is not None and bounds.max is not None and bounds.min > bounds.max:
        raise Wrong("RAG007", f"min {bounds.min} is above max {bounds.max}", "write the lower end as min")
    return bounds


def _single(raw: Mapping[str, Any]) -> Number | None:
    """The rule's target where it is a number, the latest where it is dated."""
    target = raw.get("target")
    if isinstance(target, dict):
        target = target[max(target)] if target else None
    return target if isinstance(target, int | Decimal) and not isinstance(target, bool) else None


def _two_readings(amount: Number, raw: Mapping[str, Any]) -> Wrong:
    """The question whether 10 means points or per cent of the target, with what each would give."""
    target, direction = _single(raw), raw.get("direction")
    points, share = f'"{amount} pp"', f'"{amount}% of target"'
    if target is not None and direction in (Direction.HIGHER, Direction.LOWER):
        ends = []
        for of_target in (False, True):
            ends.append(text(amber_line(target, Direction(direction), Width(amount, of_target))))
        points += f" (amber runs to {ends[0]})"
        share += f" (amber runs to {ends[1]})"
    return Wrong("RAG014", f"the tolerance {amount} can mean two things: {points} or {share}", "write which you mean")


def width_value(value: object, raw: Mapping[str, Any]) -> Width:
    """One width of amber, or of a range around a number: ``"10 pp"``, ``"10% of target"``, 2 in another unit."""
    unit = raw.get("unit", "")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        amount = number(value)
        if unit == "%" and amount != 0:
            raise _two_readings(amount, raw)
        return Width(amount)
    if not isinstance(value, str):
        raise wrong_type(value, 'a tolerance like "10 pp"')
    match = _TOLERANCE.fullmatch(value.strip())
    if match is None:
        raise Wrong(
            "RAG007", f"the tolerance {shorten(value, 40)!r} cannot be read", 'write "10 pp", "10% of target" or 2'
        )
    amount = number(Decimal(match[1]) if "." in match[1] else int(match[1]))
    return _width_with_unit(amount, match[2], str(unit), raw)


def _width_with_unit(amount: Number, said: str, unit: str, raw: Mapping[str, Any]) -> Width:
    if said == "% of target":
        return Width(amount, of_target=True)
    if said == "pp":
        if unit != "%":
            raise _of_another_unit("pp are percentage points", unit, "%", amount)
        return Width(amount)
    if said in ("%", ""):
        if unit == "%":
            raise _two_readings(amount, raw)
        if said == "%":
            raise Wrong(
                "RAG014", f"{amount}% of what is not said", f'write "{amount}% of target", or a number of {unit}'
            )
        return Width(amount)
    if unit and _stem(said) == _stem(unit):
        return Width(amount)
    raise _of_another_unit(f"the tolerance is in {shorten(said, 20)!r}", unit, said, amount)


def _of_another_unit(said: str, unit: str, other: str, amount: Number) -> Wrong:
    """A width in another unit than the KPI's, which may have none."""
    if not unit:
        hint = f'write unit = "{shorten(other, 20)}", or {amount} alone'
        return Wrong("RAG007", f"{said}, and no unit is written", hint)
    if unit == "%":
        hint = f'write "{amount} pp" or "{amount}% of target"'
    else:
        hint = f"write {amount}" if other == "%" else f"write the number of {unit} alone"
    return Wrong("RAG007", f"{said}, and the unit is {unit!r}", hint)


def _stem(unit: str) -> str:
    return unit.strip().casefold().removesuffix("s")


def tolerance_value(value: object, raw: Mapping[str, Any]) -> Tolerance:
    """One width, or ``{ below, above }`` for ``within``."""
    if isinstance(value, dict):
        if set(value) != {"below", "above"}:
            raise Wrong("RAG007", "unequal tolerances are below and above", "write { below = 5, above = 12.5 }")
        if raw.get("direction") != Direction.WITHIN:
            raise Wrong("RAG016", "only a range has a tolerance below and above", "write one tolerance")
        return Tolerance(width_value(value["below"], raw), width_value(value["above"], raw))
    width = width_value(value, raw)
    return Tolerance(width, width)


@lru_cache(maxsize=4096)
def steady_target(value: int) -> Dated[Target]:
    """A whole number that always holds; the same object for every rule that has it."""
    return Dated.of(number(value))


@lru_cache(maxsize=4096)
def steady_tolerance(written: str, unit: str) -> Dated[Tolerance] | None:
    """A tolerance written as a text, for a rule of that unit; None where it needs its rule to say what is wrong."""
    try:
        return Dated.of(tolerance_value(written, {"unit": unit}))
    except Wrong:
        return None


_ENDS = {"from": ("lower", True), "above": ("lower", False), "to": ("upper", True), "below": ("upper", False)}


def bands_value(value: object) -> tuple[Band, ...]:
    """Written bands: a level and up to two ends each."""
    at_most(MOST_BANDS, tables(value), "bands")
    bands = tuple(_band(n, item) for n, item in enumerate(tables(value), start=1))
    if not bands:
        raise Wrong("RAG007", "there are no bands", "write at least one")
    return bands


def _band(number_of_band: int, item: Mapping[str, Any]) -> Band:
    fields: dict[str, Any] = {}
    for key, end in item.items():
        if key == "rag":
            fields["rag"] = text_value(end)
        elif key in _ENDS:
            side, inside = _ENDS[key]
            if side in fields:
                other = "from and above" if side == "lower" else "to and below"
                raise Wrong("RAG016", f"band {number_of_band} has both {other}", "write one")
            fields[side] = _edge(end)
            fields[f"{side}_in"] = inside
        else:
            hint = near(key, ("rag", *_ENDS)) or "a band has rag, from or above, to or below"
            said = f"band {number_of_band} has an unknown key {shorten(key, 40)!r}"
            raise Wrong("RAG004", said, hint, path=(number_of_band - 1, key))
    if "rag" not in fields:
        raise Wrong("RAG005", f"band {number_of_band} has no rag", "write its level")
    return Band(**fields)


def _edge(value: object) -> Edge:
    if isinstance(value, str):
        match = _EDGE.fullmatch(value.strip())
        if match is None:
            raise Wrong("RAG006", f"the end {shorten(value, 40)!r} is not a number", 'write 85 or "105% of target"')
        return Edge(Decimal(match[1]), of_target=True)
    return Edge(number(value))


def coverage(value: object) -> Fraction:
    """``"60%"`` as a ratio."""
    if not isinstance(value, str) or not (match := _PER_CENT.fullmatch(value.strip())):
        raise Wrong("RAG007", "the share is not written like 60%", 'write "60%"')
    share = exact(Decimal(match[1])) / 100
    if share > 1:
        raise Wrong("RAG008", f"{value} is more than all", 'write at most "100%"')
    return share


def ordered_words(value: object) -> tuple[tuple[str, str], ...]:
    """``{ yes = "green", no = "red" }`` in the order written."""
    pairs = tuple((word, text_value(level)) for word, level in table(value).items())
    if len(pairs) < 1:
        raise Wrong("RAG007", "there are no words", 'write { no = "red", yes = "green" }')
    folded = [word.strip().casefold() for word, _ in pairs]
    if len(set(folded)) < len(folded):
        raise Wrong("RAG009", "two words are equal but for case", "leave one")
    return pairs


def key_hint(given: str, known: Collection[str], otherwise: str = "") -> str:
    """The way out of a key that nothing reads: the one that it nearly spells, or those there are."""
    return near(given, known) or otherwise or f"known here: {', '.join(known)}"
