"""Rows and reports on and beside the lines of a rule: one alone, or the series that it is rated among."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from ..book import PreparedAction
from ..data.door import measurement_of
from ..data.model import Measurement
from ..period import Period, parse_period
from ..rating.prepare import PreparedKpi
from ..rating.relative import periods_of, reference_of
from ..rulebook.comparison import LIMITS
from ..ruling import Ruling, rulings_of
from .lines import around, as_cell, days_around, lines_of, lines_of_ruling, periods_around, values_around
from .rules import Table, chance, positive

__all__ = ["measurements", "reports", "series"]

_NAMED = ("North", "South", "East")
_SYMBOLS = ("", "c", "n/a", "..")
#: provisional, and a break: what came before says nothing of it
_NOTES = (" [p]", " [b]")
#: the cells of a row of a series; those that a row has nothing for are empty
_COLUMNS = ("kpi", "period", "entity", "value", "numerator", "denominator", "target", *LIMITS, "evidence", "causes")


@st.composite
def measurements(draw: st.DrawFn, kpi: PreparedKpi) -> dict[str, Any]:
    """What :meth:`PreparedKpi.rate` takes: a value or counts around the lines, and a period around the dates.

    With the target, where that comes with the data, or with the ``history`` that it is made from; and with an interval
    about the lines, where that is compared.
    """
    given: dict[str, Any] = {"period": draw(periods_around(kpi))}
    target = draw(positive) if any(each.needs_target for each in rulings_of(kpi.rules, kpi.kpi)) else None
    if kpi.kpi.entities:
        given["entity"] = draw(st.sampled_from((None, *kpi.kpi.entities)))
    if target is not None:
        given |= _bringing(kpi, given, target)
    kind = draw(st.sampled_from(("value", "value", "counts", "nothing")))
    relative = kpi.ruling_of(given["period"], given.get("entity")).relative
    at = None if target is None else Fraction(target)
    line = at if at is None or relative is None else relative.changed(at)
    if kind == "nothing":
        given["value"] = draw(st.sampled_from(_SYMBOLS))
    elif _is_counted(kpi) and (kind == "counts" or kpi.kpi.formula is not None):
        given |= draw(_counts(kpi, lines_of(kpi, line)))
    else:
        given["value"] = draw(values_around(kpi, line))
        if kpi.kpi.compare is not None and chance(draw, 2):
            given["inputs"] = draw(_limits(around(kpi, lines_of(kpi, line))))
    if chance(draw):
        given["causes"] = ("covid",)
    if chance(draw):
        given["evidence"] = "seen"
    return given


def _bringing(kpi: PreparedKpi, given: Table, target: Any) -> Table:
    """What gives a row this target: itself, or the rows that the rule makes one from, each with this value."""
    day, entity = given["period"], given.get("entity")
    relative = kpi.ruling_of(day, entity).relative
    if relative is None:
        return {"target": target}
    if relative.of_entities:
        return {"history": [{"period": day, "entity": f"peer {n}", "value": target} for n in range(3)]}
    periods = periods_of(relative, kpi.period_named(parse_period(day)), kpi.history(entity, ()))
    return {"history": [{"period": each.end, "value": target} for each in periods]}


def _is_counted(kpi: PreparedKpi) -> bool:
    """Whether counts make its value: a percentage of them, or a formula over them."""
    formula = kpi.kpi.formula
    if formula is not None:
        return formula.names <= {"numerator", "denominator"}
    return kpi.kpi.unit == "%" and not kpi.kpi.words


@st.composite
def _counts(draw: st.DrawFn, kpi: PreparedKpi, lines: Sequence[Fraction]) -> dict[str, Any]:
    """Counts whose percentage, or whose rate, lies on or beside a line, of few and of many."""
    least = kpi.kpi.minimum_n
    few = () if least is None else (least - 1, least)
    denominator = draw(st.sampled_from((0, 1, 7, *few, 100, 1000)))
    whole = 100 if kpi.kpi.formula is None else 1000
    line = draw(st.sampled_from([line for line in lines if 0 <= line <= whole] or [Fraction(whole, 2)]))
    numerator = round(line * denominator / whole) + draw(st.integers(-1, 1))
    return {"numerator": max(0, min(denominator, numerator)), "denominator": denominator}


@st.composite
def _limits(draw: st.DrawFn, near: Sequence[Fraction]) -> dict[str, Any]:
    """The ends of an interval, each on or beside a line."""
    ends = sorted(draw(st.lists(st.sampled_from(near), min_size=2, max_size=2)))
    return {name: Decimal(as_cell(end)) for name, end in zip(LIMITS, ends, strict=True)}


@st.composite
def series(draw: st.DrawFn, kpi: PreparedKpi, months: int = 5) -> list[dict[str, str]]:
    """All rows of a KPI, as a file holds them: some months, and the last of them a year before, by entity and whole.

    Each row's value, interval or counts lie on, just under or just over the lines that its rule has for it: those of
    the target that it brings, or that the rows drawn before it give. Rows without an entity stand last in their
    month, and so on the very lines of a target that is made from the entities. Some rows are left out, and some hold a
    symbol. Every cell is a text, empty where there is nothing; a row's columns are always the same.
    """
    last = parse_period(draw(periods_around(kpi)).strftime("%Y-%m"))
    ruled = _ruled_periods(kpi, last, months)
    named = tuple(dict.fromkeys((*_NAMED, *kpi.kpi.entities)))
    # what earlier rows are about where nothing is known yet
    bases = [Fraction(draw(positive)) for _ in range(2)]
    rows: list[dict[str, str]] = []
    known: list[Measurement] = []
    for period in ruled:
        for entity in (*named, None):
            if chance(draw, 8):
                continue
            row = _row(draw, kpi, period, entity, bases, known)
            rows.append(row)
            known.append(_measured(kpi, period, entity, row))
    return rows


def _ruled_periods(kpi: PreparedKpi, last: Period, months: int) -> list[Period]:
    """The last periods by the rule's own frequency, after the one a year before the last."""
    last = kpi.period_named(last)
    if kpi.kpi.frequency is not None and last.kind is not kpi.kpi.frequency.kind:
        last = Period.around(last.end, kpi.kpi.frequency.kind, last.year_starts)
    return sorted({last.year_before(), *(last.shifted(-n) for n in range(months))}, key=lambda each: each.end)


def _row(
    draw: st.DrawFn,
    kpi: PreparedKpi,
    period: Period,
    entity: str | None,
    bases: Sequence[Fraction],
    known: Sequence[Measurement],
) -> dict[str, str]:
    ruling = kpi.ruling(period, entity)
    row = dict.fromkeys(_COLUMNS, "") | {"kpi": kpi.id, "period": str(period), "entity": entity or ""}
    target = draw(st.sampled_from(bases)) if ruling.needs_target else None
    if ruling.relative is not None:
        target = _made(kpi, ruling, period, entity, known)
    elif target is not None:
        row["target"] = as_cell(target)
    lines = list(lines_of_ruling(ruling.with_target(target))) or list(bases)
    if chance(draw, 10):
        row["value"] = draw(st.sampled_from(_SYMBOLS))
    elif _is_counted(kpi) and (kpi.kpi.formula is not None or chance(draw, 2)):
        row |= {name: str(count) for name, count in draw(_counts(kpi, lines)).items()}
    elif kpi.kpi.words:
        row["value"] = draw(values_around(kpi))
    else:
        near = around(kpi, lines)
        note = draw(st.sampled_from(_NOTES)) if chance(draw, 8) else ""
        row["value"] = as_cell(draw(st.sampled_from(near))) + note
        if kpi.kpi.compare is not None and chance(draw, 2):
            row |= {name: f"{end:f}" for name, end in draw(_limits(near)).items()}
    row["evidence"] = "seen" if chance(draw) else ""
    row["causes"] = "covid" if chance(draw) else ""
    return row


def _made(
    kpi: PreparedKpi, ruling: Ruling, period: Period, entity: str | None, known: Sequence[Measurement]
) -> Fraction | None:
    """The target that the rows drawn before give a row; None where they give none yet."""
    relative, given = ruling.relative, measurement_of(kpi.id, period=period, entity=entity)
    assert relative is not None
    number = reference_of(relative, ruling, given, period, kpi.past(given, known)).number
    return None if number is None else relative.changed(number)


def _measured(kpi: PreparedKpi, period: Period, entity: str | None, row: dict[str, str]) -> Measurement:
    return measurement_of(
        kpi.id, value=row["value"], numerator=row["numerator"], denominator=row["denominator"], target=row["target"],
        period=period, entity=entity, evidence=row["evidence"], causes=row["causes"],
    )  # fmt: skip


@st.composite
def reports(draw: st.DrawFn, action: PreparedAction) -> dict[str, Any]:
    """What :meth:`PreparedAction.rate` takes, on days around the lines of an action."""
    status = draw(st.sampled_from(("in progress", "not started", "complete", "deferred")))
    given: dict[str, Any] = {"as_at": draw(days_around(action)), "status": status}
    if status == "complete":
        given["completed_on"] = given["as_at"] - timedelta(days=draw(st.integers(0, 30)))
    return given
