"""Targets that organisations or teams have each of their own: a table beside the rule files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from ..display import safe_cell
from ..rulefile.target_table import TARGETS
from ..toml.write import toml_number

__all__ = ["TARGETS", "Amounts", "targets_text"]

#: a target, a range, "none", or any of these by dates
Amounts = Fraction | str | Mapping[str, Fraction] | Mapping[date, object]

_HEADER = ("kpi", "from", "entity", "target", "min", "max", "reference")


def targets_text(found: Iterable[tuple[str, Mapping[str, Amounts], str]]) -> str:
    """``targets.csv`` of KPIs, each with its entities' targets and the rows they come from.

    >>> print(targets_text([("a.k", {"North": Fraction(80)}, "k.csv row 2")]), end="")
    kpi,from,entity,target,min,max,reference
    a.k,,North,80,,,k.csv row 2
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    for kpi, entities, reference in found:
        for entity, amounts in entities.items():
            for day, amount in _by_day(amounts):
                writer.writerow([safe_cell(cell) for cell in (kpi, day, entity, *_cells(amount), reference)])
    return out.getvalue()


def _by_day(amounts: Amounts) -> Sequence[tuple[str, object]]:
    if isinstance(amounts, Mapping) and all(isinstance(key, date) for key in amounts):
        return [(key.isoformat(), amount) for key, amount in amounts.items() if isinstance(key, date)]
    return [("", amounts)]


def _cells(amount: object) -> tuple[str, str, str]:
    if isinstance(amount, Mapping):
        return "", toml_number(amount["min"]), toml_number(amount["max"])
    return (toml_number(amount) if isinstance(amount, Fraction) else str(amount)), "", ""
