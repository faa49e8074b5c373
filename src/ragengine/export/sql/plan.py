"""What of a rulebook one query can rate exactly in a dialect, and the SQL of its formulas and conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import define, field, frozen

from ...catalogue import EVIDENCE, Cell, Source
from ...rulebook.expression import Expression
from ..band_rows import EVIDENCE_RECORDED, BandRow, BandRows, value_from
from ..decimals import Digits, digits_of
from .columns import PLAIN, TARGET, Columns
from .dialects import CannotWrite, Dialect
from .expressions import Members, Number, Part, Text, YesNo, all_of, any_of, compiled
from .values import Formula, Values

__all__ = ["Plan", "planned"]

#: decimals that numbers in formulas may have: the first of these with which every formula fits
_PLACES = (15, 12, 9, 6, 3)


@frozen
class Edges:
    """Digits of the numbers in the band table, by column."""

    edge: Digits
    per_target: Digits
    target: Digits

    @classmethod
    def of(cls, rows: tuple[BandRow, ...]) -> Edges:
        def digits(*names: str) -> Digits:
            numbers = (getattr(row, name) for row in rows for name in names)
            return digits_of(number for number in numbers if number is not None)

        return cls(
            digits("lower", "upper"),
            digits("lower_per_target", "upper_per_target", "lower_per_size", "upper_per_size"),
            digits("target_low", "target_high"),
        )

    def of_column(self, name: str) -> Digits:
        """The digits of one of these columns."""
        if name.startswith("target"):
            return self.target
        return self.per_target if name.endswith(("_per_target", "_per_size")) else self.edge


@define(slots=False)
class Plan:
    """One query: which KPIs it rates, and how.

    Attributes:
        refused: KPIs that it cannot rate, with the reason.
        conditions: for each condition that the table asks, the SQL of whether it holds.
        number, number_digits: SQL of the values that are no ratios; ``ratio`` of those that are.
    """

    table: BandRows
    dialect: Dialect
    columns: Columns
    values: Values
    refused: dict[str, str]
    edges: Edges = field(init=False)
    conditions: dict[str, str] = field(factory=dict)
    number: str = ""
    number_digits: Digits = PLAIN
    ratio: Number | None = None

    def __attrs_post_init__(self) -> None:
        self.edges = Edges.of(self.table.rows)

    @property
    def cells(self) -> Iterator[Cell]:
        """The cells of KPIs that are not refused."""
        return (cell for cell in self.table.catalogue.cells if cell.kpi.id not in self.refused)

    @property
    def sources(self) -> list[Source]:
        """Where the values of KPIs that are not refused come from."""
        return list(dict.fromkeys(self.table.source(cell) for cell in self.cells))

    @property
    def rows(self) -> list[BandRow]:
        """The rows of KPIs that are not refused."""
        return [row for row in self.table.rows if row.kpi not in self.refused]

    @property
    def slopes(self) -> bool:
        """Whether the edges of any band move with the target that a row brings."""
        return any(row.lower_per_target or row.upper_per_target for row in self.rows)

    def refuse(self, applies: Callable[[Cell], bool], why: str) -> None:
        """Refuses every KPI with such a cell."""
        for cell in self.table.catalogue.cells:
            if applies(cell):
                self.refused.setdefault(cell.kpi.id, why)


def planned(table: BandRows, dialect: Dialect, columns: Columns) -> Plan:
    """The plan in which the fewest KPIs are refused, and of these the one that keeps the most decimals."""
    plans = (_plan(table, dialect, columns, places) for places in _PLACES)
    best: Plan | None = None
    for plan in plans:
        if best is None or len(plan.refused) < len(best.refused):
            best = plan
        if len(best.refused) == len(table.besides):
            break
    assert best is not None
    return best


def _plan(table: BandRows, dialect: Dialect, columns: Columns, places: int) -> Plan:
    targets = TARGET | Edges.of(table.rows).target
    values = Values(dialect, columns, Digits(12, places), targets)
    plan = Plan(table, dialect, columns, values, dict(table.besides))
    for source in plan.sources:
        if source.formula is not None:
            _add_formula(plan, source, source.formula)
    plan.number, plan.number_digits = values.number()
    plan.ratio = values.ratio(plan.sources)
    _check_slopes(plan)
    for number, condition in enumerate(table.catalogue.conditions):
        if any(number in cell.conditions for cell in plan.cells):
            _add_condition(plan, number, condition)
    return plan


def _add_formula(plan: Plan, source: Source, expression: Expression) -> None:
    """A formula, if with all before it its value can be compared with every edge."""
    dialect, values = plan.dialect, plan.values
    try:
        made = values.formula(expression)
        values.formulas.append(Formula(value_from(source), made))
        try:
            _, digits = values.number()
            edge = plan.edges.edge
            dialect.fitting(digits | edge)
            ratio = values.ratio(plan.sources)
            if ratio is not None:
                dialect.fitting(ratio.digits | dialect.product(edge, ratio.under_digits))
        except CannotWrite:
            values.formulas.pop()
            raise
    except CannotWrite as why:
        plan.refuse(lambda cell: plan.table.source(cell) == source, f"its formula: {why}")


def _check_slopes(plan: Plan) -> None:
    """Refuses ratios against edges that move with the row's target, where the products take too many digits."""
    if not plan.slopes or plan.ratio is None:
        return
    dialect, edges = plan.dialect, plan.edges
    try:
        product = dialect.product(edges.per_target, plan.values.targets)
        moved = dialect.sum(dialect.sum(edges.edge, product), product)
        dialect.fitting(plan.ratio.digits | dialect.product(moved, plan.ratio.under_digits))
    except CannotWrite as why:
        moving = {row.kpi for row in plan.rows if row.target_needed}
        plan.refuse(
            lambda cell: cell.kpi.id in moving and plan.table.source(cell).counts,
            f"its edges move with the target: {why}",
        )


def _add_condition(plan: Plan, number: int, condition: Expression | str) -> None:
    """A condition as SQL; the KPIs that ask for one that cannot be written are refused."""
    if isinstance(condition, Expression) and "value" in condition.names:
        why = f"the condition {condition.text!r} takes a word for a number"
        plan.refuse(lambda cell: number in cell.conditions and bool(cell.kpi.words), why)
    if condition == EVIDENCE or isinstance(condition, str):
        evidence = "COALESCE(TRIM(evidence), '') <> ''" if "evidence" in plan.columns else "1 = 0"
        plan.conditions[EVIDENCE_RECORDED] = evidence
        return
    try:
        plan.conditions[condition.text] = _held(plan, condition)
    except CannotWrite as why:
        plan.refuse(lambda cell: number in cell.conditions, f"the condition {condition.text!r}: {why}")


def _held(plan: Plan, condition: Expression) -> str:
    """Whether a condition holds; values that are ratios are compared as such, and others as numbers."""
    if plan.ratio is None or not {"value", "shortfall"} & condition.names:
        return _of_values(plan, condition, None)
    plain, ratio = _of_values(plan, condition, None), _of_values(plan, condition, plan.ratio)
    either = [all_of(["rag_under IS NULL", plain]), all_of(["rag_under IS NOT NULL", ratio])]
    return any_of(either)


def _of_values(plan: Plan, condition: Expression, ratio: Number | None) -> str:
    made = compiled(condition.tree, _names(plan, condition, ratio), plan.dialect)
    assert isinstance(made, YesNo)
    return made.granted


def _names(plan: Plan, condition: Expression, ratio: Number | None) -> dict[str, Part | Members]:
    """What a condition may name, as :mod:`ragengine.rating.pipeline` has it; earlier periods are not among it."""
    dialect, columns = plan.dialect, plan.columns
    found: dict[str, Part | Members] = {}
    for name in condition.names:
        match name:
            case "value":
                found[name] = _value(plan, ratio)
            case "shortfall":
                found[name] = _shortfall(plan, ratio)
            case "target":
                found[name] = Number("rag_one_target", plan.values.targets)
            case "entity" | "evidence":
                identifier = f"COALESCE({name}, {dialect.string('')})"
                found[name] = Text(identifier if name in columns else dialect.string(""))
            case "status":
                found[name] = Text(dialect.string(""))
            case "causes":
                found[name] = Members("rag_causes" if name in columns else dialect.string(";;"))
            case "previous" | "year_ago" | "previous_value" | "year_ago_value" | "improved" | "worsened" | "unchanged":
                raise CannotWrite("it looks at earlier periods")
            case _:
                found[name] = plan.values.name(name)
    return found


def _value(plan: Plan, ratio: Number | None) -> Number:
    """The judged value."""
    if ratio is None:
        return Number("rag_number", plan.number_digits)
    return Number("rag_over", ratio.digits, "rag_under", ratio.under_digits)


def _shortfall(plan: Plan, ratio: Number | None) -> Number:
    """How far the value is short of its target, whichever way is better."""
    value, dialect, digits = _value(plan, ratio), plan.dialect, plan.values.targets
    low, high = "rag_low", "rag_high"
    if value.under:
        low, high = f"({low} * {value.under})", f"({high} * {value.under})"
        digits = dialect.product(digits, value.under_digits)
    below, above = f"{low} - {value.over}", f"{value.over} - {high}"
    over = (
        f"(CASE WHEN rag_high IS NULL THEN {below} WHEN rag_low IS NULL OR {above} > {below} THEN {above} "
        f"ELSE {below} END)"
    )
    return Number(over, dialect.sum(digits, value.digits), value.under, value.under_digits)
