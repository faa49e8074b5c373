"""What is missing, carried forward: the steps of the query that find the latest value before, and bring its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...period import Duration
from ...terms import Reason
from ..band_rows import Given
from .expressions import any_of
from .layout import case, indented, listing, with_part
from .plan import Plan
from .states import NO_INPUTS, NOTHING

__all__ = ["carried_steps"]


def carried_steps(plan: Plan, numbers: Sequence[str], of_row: Mapping[str, str]) -> Iterator[str]:
    """The steps between what each row says itself and what it is judged by.

    ``numbers`` are the columns that a value may be in. ``of_row`` is what else is read of a row; each with the
    condition that a row without a value says it itself, empty where the row with the value always does.
    """
    yield _valued(plan, numbers, of_row)
    yield _latest(plan)
    yield _carried(plan, numbers, of_row)


def _lacks(plan: Plan) -> str:
    """The condition that nothing was given at all."""
    nothing = ", ".join(map(plan.dialect.string, (NOTHING, NO_INPUTS)))
    return f"j.rag_carry_forward <> {plan.dialect.string('')} AND j.rag_own_state IN ({nothing})"


def _valued(plan: Plan, numbers: Sequence[str], of_row: Mapping[str, str]) -> str:
    same, said = "kpi, rag_who, rag_day", plan.dialect.string
    kept = [f"rag_own_{name}" for name in numbers]
    columns = ", ".join([*kept, *(f"rag_{name}" for name in of_row)])
    inner = (
        f"SELECT {same}, {columns},\n"
        f"  ROW_NUMBER() OVER (PARTITION BY {same} ORDER BY {', '.join(kept)}) AS rag_place\n"
        f"FROM rag_judged\n"
        f"WHERE rag_own_state = {said(Given.VALUE)} AND rag_day IS NOT NULL\n"
        f"  AND rag_value_from <> {said('')}"
    )
    select = f"SELECT *\nFROM (\n  {indented(inner, 2)}\n) AS v\nWHERE rag_place = 1"
    return with_part("rag_valued", "rows with a value of their own, one for each day", select)


def _latest(plan: Plan) -> str:
    lines = [
        "SELECT j.kpi, j.rag_who, j.rag_day, MAX(v.rag_day) AS rag_from",
        "FROM rag_judged AS j",
        "JOIN rag_valued AS v\n  ON v.kpi = j.kpi AND v.rag_who = j.rag_who AND v.rag_day < j.rag_day",
        f"WHERE {_lacks(plan)}",
        "GROUP BY j.kpi, j.rag_who, j.rag_day",
    ]
    return with_part("rag_latest", "for what is missing, the day of the latest value before", "\n".join(lines))


def _carried(plan: Plan, numbers: Sequence[str], of_row: Mapping[str, str]) -> str:
    dialect, said = plan.dialect, plan.dialect.string
    one_day = dialect.after("l.rag_from", Duration(days=1))
    ages = {cell.max_age for cell in plan.cells if cell.carries and cell.max_age is not None}
    # the last good day of three months from the end of June is the end of September
    too_old = [
        f"(j.rag_carry_forward = {said(str(age))} AND {dialect.after(one_day, age)} <= j.rag_day)"
        for age in sorted(ages, key=str)
    ]
    stale = [(f"v.kpi IS NOT NULL AND {any_of(too_old)}", said(Reason.STALE))] if too_old else []
    found = "v.kpi IS NOT NULL"
    items = ["j.*", f"{case([*stale, (found, said(Given.VALUE))], 'j.rag_own_state')} AS rag_state"]
    for name in numbers:
        items.append(f"{case([(found, f'v.rag_own_{name}')], f'j.rag_own_{name}')} AS rag_{name}")
    for name, own in of_row.items():
        kept = [(own, f"j.rag_{name}")] if own else []
        items.append(f"{case([*kept, (found, f'v.rag_{name}')], f'j.rag_{name}')} AS rag_row_{name}")
    lines = [
        f"SELECT\n{listing(items)}\nFROM rag_judged AS j",
        f"LEFT JOIN rag_latest AS l\n  ON l.kpi = j.kpi AND l.rag_who = j.rag_who AND l.rag_day = j.rag_day\n"
        f"  AND {_lacks(plan)}",
        "LEFT JOIN rag_valued AS v\n  ON v.kpi = l.kpi AND v.rag_who = l.rag_who AND v.rag_day = l.rag_from",
    ]
    return with_part("rag_carried", "what is missing, carried forward where the rules say so", "\n".join(lines))
