"""The scorecard as JSON, out and in: the one module beside the loader that uses cattrs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import cattrs
from attrs import asdict
from cattrs.strategies import configure_union_passthrough

from ..data.model import Narrative
from ..errors import ScorecardFormatError
from ..period import Period, PeriodError, parse_period
from ..problem import Problem
from ..rating.explanation import Explanation
from ..rating.facts import Cause, Change, Movement
from ..terms import GREY, Rag, Reason, Scale
from .area_rating import AreaRating
from .rows import ByKey, RowCounts

if TYPE_CHECKING:
    from .scorecard import Scorecard

__all__ = ["FORMAT", "RecordedRating", "card_from_json", "card_to_json"]

#: name and version of the format, the first key of every file
FORMAT = "ragengine scorecard 1"


class RecordedRating:
    """A rating read back from JSON: it says what was recorded, and re-computes nothing."""

    __slots__ = ("explanation", "movement", "period", "previous", "rag_of", "text")

    def __init__(self, explanation: Explanation, text: str, rag_of: Mapping[str, Rag]) -> None:
        self.explanation = explanation
        self.text = text
        self.rag_of = rag_of
        self.period = parse_period(explanation.period) if explanation.period else None
        self.previous = rag_of[explanation.previous] if explanation.previous else None
        cause = Cause(explanation.cause) if explanation.cause else None
        self.movement = Movement(Change(explanation.movement), cause) if explanation.movement else None

    @property
    def id(self) -> str:
        return self.explanation.subject

    @property
    def title(self) -> str:
        return self.explanation.title

    @property
    def rag(self) -> Rag:
        return self.rag_of[self.explanation.rag]

    @property
    def adjusted(self) -> Rag:
        return self.rag_of[self.explanation.adjusted]

    @property
    def computed(self) -> Rag:
        return self.rag_of[self.explanation.computed]

    @property
    def reason(self) -> Reason | None:
        return Reason(self.explanation.reason) if self.explanation.reason else None

    @property
    def entity(self) -> str | None:
        return self.explanation.entity or None

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.explanation.value) if self.explanation.value is not None else None

    @property
    def days_late(self) -> int | None:
        return self.explanation.days_late

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


def _area_row(area: AreaRating) -> dict[str, Any]:
    row = asdict(area, recurse=True, value_serializer=_plain)
    row["adjusted"] = str(area.adjusted)
    return row


def _plain(_instance: object, _field: object, value: Any) -> Any:
    match value:
        case Rag() | Fraction() | Period():
            return str(value)
        case date():
            return value.isoformat()
        case Movement(change=change, cause=cause):
            return {"change": str(change), "cause": str(cause) if cause else None}
        case _:
            return value


def card_to_json(card: Scorecard) -> str:
    """A scorecard as JSON text, keys in a fixed order, numbers that matter as exact text."""
    document = {
        "format": FORMAT,
        "title": card.title,
        "edition": card.edition,
        "fingerprint": card.fingerprint,
        "period": str(card.period),
        "as_at": card.as_at.isoformat(),
        "scale": _scale_rows(card.scale),
        "rows": asdict(card.rows),
        "programme": _area_row(card.programme),
        "areas": [_area_row(area) for area in card.areas.values()],
        "ratings": [{**rating.explanation.to_dict(), "text": rating.explain()} for rating in card.ratings.values()],
        "problems": [asdict(problem) for problem in card.problems],
        "narrative": {area: asdict(said) for area, said in card.narrative.items()},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _converter(levels: Mapping[str, Rag]) -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    configure_union_passthrough(str | bool | int | float | None, converter)
    converter.register_structure_hook(Rag, lambda value, _: levels[value])
    converter.register_structure_hook(Fraction, lambda value, _: Fraction(value))
    converter.register_structure_hook(Period, lambda value, _: parse_period(value))
    return converter


def card_from_json(written: str) -> dict[str, Any]:
    """The fields of a scorecard; raises ScorecardFormatError for a text that is none."""
    try:
        document = json.loads(written, parse_constant=_refuse)
    except ValueError as wrong:
        raise ScorecardFormatError("", f"not JSON: {wrong}") from wrong
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ScorecardFormatError("format", f"not {FORMAT!r}")
    try:
        scale = Scale(tuple(_level(n, row) for n, row in enumerate(document["scale"])))
        levels = {str(level): level for level in (*scale, GREY)}
        converter = _converter(levels)
        areas = [_area(row, converter) for row in document["areas"]]
        ratings = [_rating(row, converter, levels) for row in document["ratings"]]
        return {
            "title": document["title"],
            "edition": document["edition"],
            "fingerprint": document["fingerprint"],
            "period": parse_period(document["period"]),
            "as_at": date.fromisoformat(document["as_at"]),
            "scale": scale,
            "rows": converter.structure(document["rows"], RowCounts),
            "programme": _area(document["programme"], converter),
            "areas": ByKey({(area.id, area.entity): area for area in areas}, "area"),
            "ratings": ByKey({(rating.id, rating.entity): rating for rating in ratings}, "rating"),
            "problems": tuple(converter.structure(row, Problem) for row in document["problems"]),
            "narrative": {k: converter.structure(v, Narrative) for k, v in document["narrative"].items()},
        }
    except KeyError as wrong:
        raise ScorecardFormatError(str(wrong.args[0]), "missing, or not among the levels of the scale") from wrong
    except cattrs.BaseValidationError as wrong:
        first = cattrs.transform_error(wrong)[0]
        raise ScorecardFormatError("", first) from wrong
    except (PeriodError, ValueError, TypeError, AttributeError) as wrong:
        raise ScorecardFormatError("", str(wrong)) from wrong


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number of JSON")


def _level(rank: int, row: Mapping[str, Any]) -> Rag:
    points = None if row["points"] is None else Fraction(row["points"])
    return Rag(row["id"], row["label"], row["symbol"], row["colour"], rank, points)


def _area(row: Mapping[str, Any], converter: cattrs.Converter) -> AreaRating:
    fields = {key: value for key, value in row.items() if key != "adjusted"}
    return converter.structure(fields, AreaRating)


def _rating(row: Mapping[str, Any], converter: cattrs.Converter, levels: Mapping[str, Rag]) -> RecordedRating:
    fields = dict(row)
    text = fields.pop("text")
    return RecordedRating(converter.structure(fields, Explanation), text, levels)
