"""What of a rulebook one query can rate exactly in a dialect, and the SQL of its formulas and conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from itertools import product
from operator import or_

from attrs import define, field, frozen

from ...catalogue import EVIDENCE, Cell, ValueSource
from ...data.door import SYMBOLS
from ...rulebook.expression import Expression
from ..band_rows import EVIDENCE_RECORDED, BandRow, BandRows, value_from
from ..decimals import Digits, digits_of
from .columns import SqlColumns
from .dialects import CannotWrite, Dialect
from .expressions import Members, Number, Part, Text, YesNo, all_of, any_of, as_sql
from .states import States
from .values import Formula, SqlValues

__all__ = ["Plan", "planned", "target_ends"]

#: decimals that numbers in formulas may have, and targets that the data bring: the first of these with which all fits
_PLACES = (15, 12, 9, 6, 3)
_OF_TARGETS = (15, 9, 6, 4)


@frozen
class Edges:
    """Digits of the numbers in the band table, by column."""

    edge: Digits
    per_target: Digits
    target: Digits
    valid: Digits

    @classmethod
    def of(cls, rows: Iterable[BandRow]) -> Edges:
        kept = list(rows)

        def digits(*names: str) -> Digits:
            numbers = (getattr(row, name) for row in kept for name in names)
            return digits_of(number for number in numbers if number is not None)

        return cls(
            digits("lower", "upper"),
            digits("lower_per_target", "upper_per_target", "lower_per_size", "upper_per_size"),
            digits("target_low", "target_high"),
            digits("valid_min", "valid_max"),
        )

    def __or__(self, other: Edges) -> Edges:
        """Enough for both."""
        edge, per_target = self.edge | other.edge, self.per_target | other.per_target
        return Edges(edge, per_target, self.target | other.target, self.valid | other.valid)

    def of_column(self, name: str) -> Digits:
        """The digits of one of these columns."""
        if name.startswith(("target", "valid")):
            return self.target if name.startswith("target") else self.valid
        return self.per_target if name.endswith(("_per_target", "_per_size")) else self.edge


@define(slots=False)
class Plan:
    """One query: which KPIs it rates, and how.

    Attributes:
        refused: KPIs that it cannot rate, with the reason.
        by_source: the digits of the bands by where their values come from.
        conditions: for each condition that the table asks, the SQL of whether it holds.
        number: SQL of the values that are not made of others; ``ratio`` of those that are.
    """

    table: BandRows
    dialect: Dialect
    columns: SqlColumns
    values: SqlValues
    refused: dict[str, str]
    by_source: Mapping[str, Edges]
    conditions: dict[str, str] = field(factory=dict)
    number: str = ""
    ratio: Number | None = None

    @property
    def cells(self) -> Iterator[Cell]:
        """The cells of KPIs that are not refused."""
        return (cell for cell in self.table.catalogue.cells if cell.kpi.id not in self.refused)

    @property
    def sources(self) -> list[ValueSource]:
        """Where the values of KPIs that are not refused come from."""
        return list(dict.fromkeys(self.table.source(cell) for cell in self.cells))

    @property
    def rows(self) -> list[BandRow]:
        """The rows of KPIs that are not refused."""
        return [row for row in self.table.rows if row.kpi not in self.refused]

    @property
    def edges(self) -> Edges:
        """The digits of the band table."""
        return Edges.of(self.rows)

    @property
    def of_ratios(self) -> Edges:
        """The digits of those bands whose values are made of other numbers."""
        found = [self.by_source[name] for name in self.values.ratios if name in self.by_source]
        return reduce(or_, found, Edges.of([]))

    @property
    def slopes(self) -> bool:
        """Whether the edges of any band move with the target that a row brings."""
        return any(row.lower_per_target or row.upper_per_target for row in self.rows)

    @property
    def ratio_slopes(self) -> bool:
        """The same of values that are made of other numbers."""
        ratios = set(self.values.ratios)
        return any((row.lower_per_target or row.upper_per_target) and row.value_from in ratios for row in self.rows)

    @property
    def bounded(self) -> bool:
        """Whether any rule says what a value can be at all."""
        return any(row.valid_min is not None or row.valid_max is not None for row in self.rows)

    @property
    def carries(self) -> bool:
        """Whether what is missing may be carried forward."""
        return any(row.carry_forward for row in self.table.rows) and "period_end" in self.columns

    @property
    def row(self) -> str:
        """How the columns begin that hold what a rating reads of its row, or of the one that is carried forward."""
        return "rag_row_" if self.carries else "rag_"

    @property
    def states(self) -> States:
        """The states of the rows."""
        symbols = {**SYMBOLS, **self.table.book.rules.symbols}
        return States(self.values, symbols, self.bounded, "rag_own_" if self.carries else "rag_")

    @property
    def inputs(self) -> set[str]:
        """The columns of numbers that formulas name."""
        return set(self.table.book.rules.inputs)

    @property
    def named(self) -> set[str]:
        """The names that formulas and conditions read."""
        formulas = [source.formula for source in self.sources if source.formula is not None]
        conditions = [each for each in self.table.catalogue.conditions if not isinstance(each, str)]
        return {name for expression in (*formulas, *conditions) for name in expression.names}

    def refuse(self, applies: Callable[[Cell], bool], why: str) -> None:
        """Refuses every KPI with such a cell."""
        for cell in self.table.catalogue.cells:
            if applies(cell):
                self.refused.setdefault(cell.kpi.id, why)


def planned(table: BandRows, dialect: Dialect, columns: SqlColumns) -> Plan:
    """The plan in which the fewest KPIs are refused, and of these the one that keeps the most decimals."""
    groups: dict[str, list[BandRow]] = {}
    for row in table.rows:
        if row.kpi not in table.besides:
            groups.setdefault(row.value_from, []).append(row)
    edges = {name: Edges.of(rows) for name, rows in groups.items()}
    plans = (
        _plan(table, dialect, columns, edges, Digits(12, places), Digits(12, of_targets))
        for places, of_targets in product(_PLACES, _OF_TARGETS)
    )
    best: Plan | None = None
    for plan in plans:
        if best is None or len(plan.refused) < len(best.refused):
            best = plan
        if len(best.refused) == len(table.besides):
            break
    assert best is not None
    return best


def _plan(
    table: BandRows, dialect: Dialect, columns: SqlColumns, edges: Mapping[str, Edges], inputs: Digits, targets: Digits
) -> Plan:
    stated = reduce(or_, (each.target for each in edges.values()), targets)
    reading = [edges[name].target for name in _reading_target(table) if name in edges]
    values = SqlValues(dialect, columns, inputs, targets, stated, reduce(or_, reading, targets))
    plan = Plan(table, dialect, columns, values, dict(table.besides), edges)
    _check_edges(plan)
    for source in plan.sources:
        if source.formula is not None:
            _add_formula(plan, source, source.formula)
    plan.number = values.number()
    plan.ratio = values.ratio(plan.sources)
    _check_slopes(plan)
    for number, condition in enumerate(table.catalogue.conditions):
        if any(number in cell.conditions for cell in plan.cells):
            _add_condition(plan, number, condition)
    return plan


def _reading_target(table: BandRows) -> Iterator[str]:
    """Formulas that read a target, by their names in the table."""
    for source in table.catalogue.sources:
        if source.formula is not None and "target" in source.formula.names:
            yield value_from(source)


def _check_edges(plan: Plan) -> None:
    """Refuses what has edges that a value cannot be compared with exactly: it has a decimal less than is kept of it."""
    dialect = plan.dialect
    if dialect.most_digits is None:
        return
    kept = dialect.plain
    for row in plan.rows:
        edges = Edges.of([row])
        found = edges.edge | edges.valid | edges.target
        if found.whole > kept.whole or found.places >= kept.places:
            plan.refused.setdefault(
                row.kpi, f"its lines have more digits than the {kept.total} that are kept of a value"
            )


def _add_formula(plan: Plan, source: ValueSource, expression: Expression) -> None:
    """A formula, if with all before it its value can be compared with every edge."""
    values = plan.values
    try:
        made = values.formula(expression)
        values.formulas.append(Formula(value_from(source), made, expression.names))
        try:
            ratio = values.ratio(plan.sources)
            assert ratio is not None
            _compared(plan, ratio)
        except CannotWrite:
            values.formulas.pop()
            raise
    except CannotWrite as why:
        plan.refuse(lambda cell: plan.table.source(cell) == source, f"its formula: {why}")


def _compared(plan: Plan, ratio: Number) -> None:
    """Raises CannotWrite where a ratio cannot be compared with the edges of its rules exactly."""
    dialect, edges = plan.dialect, plan.of_ratios
    for edge in (edges.edge, edges.valid):
        dialect.fitting(ratio.digits | dialect.product(edge, ratio.under_digits))


def _check_slopes(plan: Plan) -> None:
    """Refuses what is compared with edges that move with the row's target, where that takes too many digits."""
    if not plan.slopes:
        return
    dialect, edges = plan.dialect, plan.edges
    moving = {row.kpi for row in plan.rows if row.target_needed}
    try:
        dialect.fitting(dialect.plain | _moved(plan, edges))
    except CannotWrite as why:
        plan.refuse(lambda cell: cell.kpi.id in moving, f"its edges move with the target: {why}")
        return
    if plan.ratio is None:
        return
    try:
        moved = _moved(plan, plan.of_ratios)
        dialect.fitting(plan.ratio.digits | dialect.product(moved, plan.ratio.under_digits))
    except CannotWrite as why:
        ratios = set(plan.values.ratios)
        plan.refuse(
            lambda cell: cell.kpi.id in moving and value_from(plan.table.source(cell)) in ratios,
            f"its edges move with the target: {why}",
        )


def _moved(plan: Plan, edges: Edges) -> Digits:
    """The digits of an edge with what is added of the row's target and of its size."""
    dialect = plan.dialect
    of_target = dialect.product(edges.per_target, plan.values.targets)
    return dialect.sum(dialect.sum(edges.edge, of_target), of_target)


def _add_condition(plan: Plan, number: int, condition: Expression | str) -> None:
    """A condition as SQL; the KPIs that ask for one that cannot be written are refused."""
    if isinstance(condition, Expression) and "value" in condition.names:
        why = f"the condition {condition.text!r} takes a word for a number"
        plan.refuse(lambda cell: number in cell.conditions and bool(cell.kpi.words), why)
    if condition == EVIDENCE or isinstance(condition, str):
        evidence = f"{plan.row}evidence <> ''" if "evidence" in plan.columns else "1 = 0"
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
    made = as_sql(condition.tree, _names(plan, condition, ratio), plan.dialect)
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
                found[name] = Number("rag_one_target", plan.values.stated)
            case "entity" | "evidence":
                identifier = f"{plan.row}evidence" if name == "evidence" else f"COALESCE(entity, {dialect.string('')})"
                found[name] = Text(identifier if name in columns else dialect.string(""))
            case "status":
                found[name] = Text(dialect.string(""))
            case "causes":
                found[name] = Members(f"{plan.row}causes" if name in columns else dialect.string(";;"))
            case "previous" | "year_ago" | "previous_value" | "year_ago_value" | "improved" | "worsened" | "unchanged":
                raise CannotWrite("it looks at earlier periods")
            case _:
                found[name] = plan.values.name(name, plan.row)
    return found


def _value(plan: Plan, ratio: Number | None) -> Number:
    """The judged value."""
    if ratio is None:
        return Number("rag_number", plan.dialect.plain)
    return Number("rag_over", ratio.digits, "rag_under", ratio.under_digits)


def _shortfall(plan: Plan, ratio: Number | None) -> Number:
    """How far the value is short of its target, whichever way is better."""
    value, dialect = _value(plan, ratio), plan.dialect
    low, high, digits = target_ends(plan, ratio)
    below, above = f"{low} - {value.over}", f"{value.over} - {high}"
    over = (
        f"(CASE WHEN rag_high IS NULL THEN {below} WHEN rag_low IS NULL OR {above} > {below} THEN {above} "
        f"ELSE {below} END)"
    )
    return Number(over, dialect.sum(digits, value.digits), value.under, value.under_digits)


def target_ends(plan: Plan, ratio: Number | None, table: str = "") -> tuple[str, str, Digits]:
    """The ends of the target, times what is under a ratio; raises CannotWrite where that takes too many digits."""
    if ratio is None:
        return f"{table}rag_low", f"{table}rag_high", plan.values.stated
    digits = plan.dialect.product(plan.of_ratios.target | plan.values.targets, ratio.under_digits)
    low, high = (f"({table}rag_ratio_{end} * {table}rag_under)" for end in ("low", "high"))
    return low, high, digits
