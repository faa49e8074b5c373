"""The scorecard as JSON, out and in: the one module beside the loader that uses cattrs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar, get_args, get_origin

import cattrs
from cattrs.strategies import configure_union_passthrough

from ..data.model import Narrative
from ..errors import BadArgument, ScorecardFormatError
from ..period import APRIL, Calendar, Period, PeriodError, parse_period
from ..plain import plain
from ..problem import Problem, shorten
from ..rating.entry import ENTRY
from ..rating.explanation import Explanation, GraceLine, OverrideLine
from ..rating.facts import Cause, Change, Movement
from ..terms import GREY, Rag, Reason, Scale
from .area_rating import AreaRating
from .brief import told_of
from .card import Card, Rated
from .json_text import JsonText
from .rows import ByKey, RowCounts

__all__ = ["FORMAT", "RecordedRating", "card_from_json", "card_to_json", "json_pieces"]

#: name and version of the format, the first key of every file
FORMAT = "ragengine scorecard 1"

#: what the ratings of one outcome have in common
_SHARED = ("bands", "adjusted_bands", "rule")

_RATIO = re.compile(r"-?\d{1,1000}(/0*[1-9]\d{0,999})?", re.ASCII)

T = TypeVar("T")


class RecordedRating:
    """A rating read back from JSON: it says what was recorded, and re-computes nothing.

    Raises KeyError for a level that the scale has not, ValueError for what is no number, reason, day or period.
    """

    __slots__ = (
        "adjusted", "computed", "explanation", "movement", "period", "previous", "rag", "reason", "text", "value",
    )  # fmt: skip

    def __init__(
        self, explanation: Explanation, text: str, rag_of: Mapping[str, Rag], calendar: Calendar = APRIL
    ) -> None:
        cause = Cause(explanation.cause) if explanation.cause else None
        # raises here, not when somebody asks
        _ = explanation.due_day, explanation.unrated and Reason(explanation.unrated)
        _ = explanation.score is None or _ratio(explanation.score)
        self.explanation = explanation
        self.text = text
        self.rag = rag_of[explanation.rag]
        self.adjusted = rag_of[explanation.adjusted]
        self.computed = rag_of[explanation.computed]
        self.reason = Reason(explanation.reason) if explanation.reason else None
        self.value = None if explanation.value is None else _ratio(explanation.value)
        self.period = parse_period(explanation.period, calendar) if explanation.period else None
        self.previous = rag_of[explanation.previous] if explanation.previous else None
        self.movement = Movement(Change(explanation.movement), cause) if explanation.movement else None

    @property
    def id(self) -> str:
        return self.explanation.subject

    @property
    def score(self) -> Fraction | None:
        """The number that stood beside the level."""
        return None if self.explanation.score is None else _ratio(self.explanation.score)

    @property
    def title(self) -> str:
        return self.explanation.title

    @property
    def entity(self) -> str | None:
        return self.explanation.entity or None

    @property
    def days_late(self) -> int | None:
        return self.explanation.days_late

    def to_dict(self) -> dict[str, Any]:
        """The rating in short, as :meth:`ragengine.Rating.to_dict` gave it."""
        return {name: plain(getattr(self.explanation, name)) for name in ENTRY}

    def explain(self) -> str:
        """The text as it was recorded."""
        return self.text

    def __repr__(self) -> str:
        return f"<RecordedRating {self.id} {self.rag}>"


def _scale_rows(scale: Scale) -> list[dict[str, Any]]:
    return [
        {
            "id": level.id,
            "label": level.label,
            "symbol": level.symbol,
            "colour": level.colour,
            "points": None if level.points is None else str(level.points),
        }
        for level in scale
    ]


def card_to_json(card: Card) -> str:
    """A scorecard as JSON text, keys in a fixed order, numbers that matter as exact text."""
    return "".join(json_pieces(card))


def json_pieces(card: Card) -> Iterator[str]:
    """The text key by key, a row of a list a line: whoever writes it piece by piece holds no more than one of them."""
    head = {
        "format": FORMAT,
        "title": card.title,
        "edition": card.edition,
        "fingerprint": card.fingerprint,
        "period": str(card.period),
        **_years(card.period),
        "as_at": card.as_at.isoformat(),
        "scale": _scale_rows(card.scale),
        "rows": plain(card.rows),
        "programme": card.programme.to_dict(),
    }
    before = "{\n"
    for key, value in head.items():
        yield f'{before} "{key}": {_written(value)}'
        before = ",\n"
    text = JsonText(_SHARED)
    yield from _listed("areas", map(text.of, card.areas.values()))
    yield from _listed("ratings", (_rating_row(rating, text) for rating in card.ratings.values()))
    yield from _listed("problems", map(text.of, card.problems))
    yield f',\n "narrative": {_written(plain(card.narrative))}\n}}\n'


def _listed(key: str, rows: Iterable[str]) -> Iterator[str]:
    before = "\n"
    yield f',\n "{key}": ['
    for row in rows:
        yield f"{before}  {row}"
        before = ",\n"
    yield "]" if before == "\n" else "\n ]"


_written = json.JSONEncoder(ensure_ascii=False).encode


def _rating_row(rating: Rated, text: JsonText) -> str:
    explanation, said = told_of(rating)
    return f'{text.of(explanation)[:-1]}, "text": {text.of(said)}}}'


def _years(period: Period) -> dict[str, int]:
    """The month in which years begin, where it is not April: without it no quarter can be read back."""
    return {} if period.year_starts == APRIL.year_starts else {"year_starts": period.year_starts}


def _calendar(document: Mapping[str, Any]) -> Calendar:
    month = _exactly(document.get("year_starts", APRIL.year_starts), int)
    if not 1 <= month <= 12:
        raise ScorecardFormatError("year_starts", f"{month} is no month")
    return Calendar(year_starts=month)


def _converter(levels: Mapping[str, Rag], calendar: Calendar) -> cattrs.Converter:
    """Reads what :func:`card_to_json` writes and turns nothing into what it is not: cattrs by itself makes 7 a text."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    configure_union_passthrough(str | bool | int | float | None, converter)
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _word_or_number)
    converter.register_structure_hook(Rag, lambda value, _: levels[value])
    converter.register_structure_hook(Fraction, lambda value, _: _ratio(value))
    converter.register_structure_hook(Period, lambda value, _: parse_period(_exactly(value, str), calendar))
    converter.register_structure_hook_factory(
        _is_tuple,
        lambda kind: lambda value, _: tuple(converter.structure(v, get_args(kind)[0]) for v in _exactly(value, list)),
    )
    for lasting in (GraceLine, OverrideLine):
        converter.register_structure_hook(lasting, partial(_lasting, converter.get_structure_hook(lasting)))
    return converter


def _lasting(structured: Callable[[Any, Any], Any], value: Any, kind: Any) -> Any:
    """A line of what lasts from one day to another, whose texts are days."""
    made = structured(value, kind)
    _ = date.fromisoformat(made.start), date.fromisoformat(made.until)
    return made


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _word_or_number(value: Any, kind: Any) -> Any:
    # cattrs asks here for the kinds of an enum of texts too
    return kind(_exactly(value, str)) if issubclass(kind, Enum) else _exactly(value, kind)


def _exactly(value: Any, kind: type[T]) -> T:
    if type(value) is not kind:
        raise TypeError(f"{shorten(value, 40)} is no {kind.__name__}")
    return value


def _ratio(written: Any) -> Fraction:
    """An exact number, ``n`` or ``n/d``: no exponent, whose digits nobody could hold."""
    if not _RATIO.fullmatch(_exactly(written, str)):
        raise ValueError(f"{shorten(written, 40)!r} is no exact number")
    return Fraction(written)


def card_from_json(written: str) -> dict[str, Any]:
    """The fields of a scorecard; raises ScorecardFormatError for a text that is none."""
    if not isinstance(written, str | bytes):
        raise BadArgument("written", written, "give the text that to_json gave")
    try:
        document = json.loads(written, parse_constant=_refuse, object_pairs_hook=_object)
    except RecursionError:
        raise ScorecardFormatError("", "not a scorecard: nested too deep") from None
    except ValueError as wrong:
        raise ScorecardFormatError("", f"not JSON: {wrong}") from wrong
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        given = document.get("format") if isinstance(document, dict) else None
        said = f"it is {shorten(given)!r}, and this version reads {FORMAT!r}" if given else f"not {FORMAT!r}"
        raise ScorecardFormatError("format", said)
    try:
        scale = Scale(tuple(_level(n, row) for n, row in enumerate(_exactly(document["scale"], list))))
        if not scale.levels:
            raise ScorecardFormatError("scale", "it has no levels")
        levels = {str(level): level for level in (*scale, GREY)}
        calendar = _calendar(document)
        converter = _converter(levels, calendar)
        areas = [_area(row, converter) for row in _exactly(document["areas"], list)]
        ratings = [_rating(row, converter, levels, calendar) for row in _exactly(document["ratings"], list)]
        return {
            "title": _exactly(document["title"], str),
            "edition": _exactly(document["edition"], str),
            "fingerprint": _exactly(document["fingerprint"], str),
            "period": parse_period(document["period"], calendar),
            "as_at": date.fromisoformat(document["as_at"]),
            "scale": scale,
            "rows": converter.structure(document["rows"], RowCounts),
            "programme": _area(document["programme"], converter),
            "areas": ByKey({(area.id, area.entity): area for area in areas}, "area"),
            "ratings": ByKey({(rating.id, rating.entity): rating for rating in ratings}, "rating"),
            "problems": tuple(converter.structure(row, Problem) for row in _exactly(document["problems"], list)),
            "narrative": {k: converter.structure(v, Narrative) for k, v in document["narrative"].items()},
        }
    except KeyError as wrong:
        raise ScorecardFormatError(str(wrong.args[0]), "missing, or not among the levels of the scale") from wrong
    except cattrs.BaseValidationError as wrong:
        first = next(iter(cattrs.transform_error(wrong)), str(wrong))
        raise ScorecardFormatError("", first) from wrong
    except (PeriodError, ValueError, TypeError, AttributeError) as wrong:
        raise ScorecardFormatError("", str(wrong)) from wrong


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key {shorten(twice, 40)!r} stands twice in one object")
    return found


def _level(rank: int, row: Mapping[str, Any]) -> Rag:
    points = None if row["points"] is None else _ratio(row["points"])
    names = [_exactly(row[key], str) for key in ("id", "label", "symbol", "colour")]
    return Rag(names[0], names[1], names[2], names[3], rank, points)


def _area(row: Mapping[str, Any], converter: cattrs.Converter) -> AreaRating:
    return converter.structure(row, AreaRating)


def _rating(
    row: Mapping[str, Any], converter: cattrs.Converter, levels: Mapping[str, Rag], calendar: Calendar
) -> RecordedRating:
    fields = dict(row)
    text = _exactly(fields.pop("text"), str)
    return RecordedRating(converter.structure(fields, Explanation), text, levels, calendar)
