"""The independent model of the contract as a door: what the table expects is what somebody else would compute."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ..reference import model
from .door import Answer, Answers, Door, Exempt
from .row import ANY, Expected, Given, Table

__all__ = ["DOORS"]


@lru_cache(maxsize=64)
def _rules(table: Table) -> tuple[dict[str, Any], dict[str, Any]]:
    """The book and the KPIs, as tables of exact numbers."""
    book, area = (tomllib.loads(table.files[name], parse_float=Decimal) for name in ("book.toml", "a.toml"))
    return book, area.get("kpi", {})


def _fields(given: Given, cells: Mapping[str, Any], period: Any) -> dict[str, Any]:
    causes = cells.get("causes") or []
    texts = [causes] if isinstance(causes, str) else list(causes)
    split = {part.strip().casefold() for text in texts for part in text.replace(",", ";").split(";")} - {""}
    evidence = cells.get("evidence") or ""
    told = evidence.strip() if isinstance(evidence, str) else evidence
    made = {name: cell for name, cell in cells.items() if name != "day"}
    return made | {"period": period, "entity": given.row.entity, "causes": sorted(split), "evidence": told}


def _rate(table: Table, givens: Sequence[Given]) -> Answers:
    book, kpis = _rules(table)
    made = {}
    for given in givens:
        fields = _fields(given, given.cells, given.row.period)
        past = [_fields(given, each, each["period"]) for each in given.history if each["day"] < f"{given.row.day}"]
        try:
            found = model.rate_kpi(book, kpis[given.row.rule], fields | {"history": past})
        except Exception as error:
            made[given.number] = Answer.broken(error)
            continue
        told = {name: found[name] for name in ("rag", "adjusted", "computed", "reason")}
        made[given.number] = Answer(**told, shortfall=found.get("shortfall"))
    return made


#: rules that compare the intervals of their cases
_OF_COUNTS = ("beside-of-counts", "beside-number", "beside-cases", "beside-part")


def _carries(given: Given) -> bool:
    """What the model knows: no actions, overrides, conditions over entities and intervals of counts; periods of its few spellings."""
    if given.row.is_action or given.row.kind in ("periods", "spellings", "frequency", "year starts", "day first"):
        return False
    if given.row.rule in _OF_COUNTS:
        return False
    judged = given.row.kind == "judgements" and given.row.rule != "own"
    return not judged and not isinstance(given.row.period, datetime)


_TOLD = "the model tells no shortfall of what is grey"


def _without_shortfall(_table: Table, given: Given) -> Expected:
    expected = given.row.expected
    return Expected(expected.rag, expected.adjusted, expected.computed, expected.reason, ANY)


def _tells_none(given: Given) -> bool:
    return given.row.expected.computed == "grey"


DOORS = (Door("model", _carries, _rate, (Exempt(_TOLD, _tells_none, _without_shortfall),), Fraction(0)),)
