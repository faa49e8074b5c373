"""The query: each step of a rating as one named part of a WITH, and one join to the band table at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import define

from ...period import Duration
from ...terms import GREY, Reason
from ..band_rows import Given, condition_text
from .columns import COUNTS, OUTPUT, PLAIN, TARGET, exact_number
from .expressions import any_of
from .layout import case, indented, listing, with_part
from .plan import Plan

__all__ = ["STEPS", "query"]

#: names of the steps
STEPS = frozenset(
    f"rag_{name}" for name in ("rules", "given", "stated", "judged", "valued", "latest", "carried", "settled", "asked")
)

#: columns of the band table that are read of each rule before its bands
_OF_RULES = (
    "kpi", "entity", "valid_from", "valid_until", "area", "rule", "value_from", "conditions", "minimum_n", "target_low",
    "target_high", "target_side", "target_needed", "carry_forward",
)  # fmt: skip


def _select(items: Sequence[str], source: str) -> str:
    return f"SELECT\n{listing(items)}\nFROM {source}"


def query(plan: Plan, measurements: str, bands: str) -> str:
    """The SELECT that rates every row of a table of measurements by the band table; both names as they are written."""
    return _Query(plan, measurements, bands).text()


@define(slots=False)
class _Query:
    plan: Plan
    measurements: str
    bands: str

    def text(self) -> str:
        steps = [self._rules(), self._given(), self._stated(), self._judged()]
        if self._carries:
            steps += [self._valued(), self._latest(), self._carried()]
        steps += [self._settled(), self._asked()]
        return "WITH " + ",\n".join(steps) + "\n" + self._rated()

    def __attrs_post_init__(self) -> None:
        self.said = self.plan.dialect.string
        self.columns = self.plan.columns
        self.names = [self.plan.dialect.identifier(name) for name in self.columns.names]
        self._carries = any(row.carry_forward for row in self.plan.rows) and "period_end" in self.columns
        self._words = any(source.words for source in self.plan.sources)
        self._own_rules = any(row.entity for row in self.plan.table.rows) and "entity" in self.columns
        self._dated = any(row.valid_from or row.valid_until for row in self.plan.table.rows)

    @property
    def _named(self) -> set[str]:
        """The names that formulas and conditions read."""
        formulas = [source.formula for source in self.plan.sources if source.formula is not None]
        conditions = [each for each in self.plan.table.catalogue.conditions if not isinstance(each, str)]
        return {name for expression in (*formulas, *conditions) for name in expression.names}

    def _text(self, column: str) -> str:
        return f"COALESCE({column}, {self.said('')})"

    def _dates(self, table: str, day: str) -> Iterator[str]:
        if self._dated:
            yield f"({table}.valid_from IS NULL OR {table}.valid_from <= {day})"
            yield f"({table}.valid_until IS NULL OR {table}.valid_until >= {day})"

    def _rules(self) -> str:
        columns = ", ".join(self.plan.dialect.identifier(name) for name in _OF_RULES)
        return with_part("rag_rules", "what is read of each rule", f"SELECT DISTINCT {columns}\nFROM {self.bands}")

    def _given(self) -> str:
        dialect = self.plan.dialect
        items = [f"m.{name}" for name in self.names]
        if "period_end" in self.columns:
            items.append("CAST(m.period_end AS DATE) AS rag_day")
        if self._carries:
            items.append(f"{self._text('m.entity') if 'entity' in self.columns else self.said('')} AS rag_who")
        items += [f"{sql} AS rag_{name}" for name, sql in self._exact_numbers()]
        if "causes" in self.columns:
            items.append(f"{self._members('m.causes')} AS rag_causes")
        items += [f"r.{dialect.identifier(name)} AS rag_{name}" for name in _OF_RULES if not name.startswith("valid")]
        of_entity = self.said("")
        joins = []
        if self._own_rules:
            own = f"SELECT DISTINCT kpi, entity FROM rag_rules WHERE entity <> {self.said('')}"
            joins.append(f"LEFT JOIN ({own}) AS o\n  ON o.kpi = m.kpi AND o.entity = m.entity")
            of_entity = f"COALESCE(o.entity, {self.said('')})"
        on = [f"r.kpi = m.kpi AND r.entity = {of_entity}", *self._dates("r", "CAST(m.period_end AS DATE)")]
        joins.append("LEFT JOIN rag_rules AS r\n  ON " + "\n  AND ".join(on))
        lines = [_select(items, f"{self.measurements} AS m"), *joins]
        why = "each row with its rule; numbers as exact ones, null where they are none"
        return with_part("rag_given", why, "\n".join(lines))

    def _exact_numbers(self) -> Iterator[tuple[str, str]]:
        dialect, columns, inputs = self.plan.dialect, self.columns, self.plan.values.inputs
        fixed = {"value": PLAIN, "numerator": COUNTS, "denominator": COUNTS, "excluded": COUNTS, "target": TARGET}
        for name in columns.read:
            if name not in columns:
                continue
            column = f"m.{dialect.identifier(name)}"
            if name in fixed:
                yield name, exact_number(dialect, column, fixed[name], whole=name != "value")
            elif columns.read[name].startswith("number"):
                yield f"input_{name}", exact_number(dialect, column, inputs, whole=inputs.places < PLAIN.places)
        if "value" in self._named and "value" in columns:
            yield "input_value", exact_number(dialect, "m.value", inputs, whole=inputs.places < PLAIN.places)

    def _members(self, column: str) -> str:
        """A text of several words as one in which each stands between semicolons, folded."""
        tab = "CHAR(9)" if self.plan.dialect.name == "tsql" else "CHR(9)"
        text = f"REPLACE(REPLACE(LOWER({self._text(column)}), ',', ';'), {tab}, ' ')"
        # runs of blanks become one, by way of two marks that no cause holds
        text = f"REPLACE(REPLACE(REPLACE({text}, ' ', '<>'), '><', ''), '<>', ' ')"
        return f"CONCAT(';', TRIM(REPLACE(REPLACE({text}, '; ', ';'), ' ;', ';')), ';')"

    def _stated(self) -> str:
        values, dialect = self.plan.values, self.plan.dialect
        items = ["g.*"]
        target = "rag_target" if "target" in self.columns else dialect.cast("NULL", TARGET)
        if "target" in self._named:
            ends = [f"rag_target_{end}" for end in ("low", "high")]
            both = f"{ends[0]} IS NOT NULL AND {ends[1]} IS NOT NULL"
            items.append(f"{case([(both, target)], f'COALESCE({ends[0]}, {ends[1]}, {target})')} AS rag_stated_target")
        brought = {row.target_side for row in self.plan.rows}
        for end, word in (("low", "at least"), ("high", "at most")):
            of_row = [(f"rag_target_side = {self.said(word)}", target)] if word in brought else []
            items.append(f"{case(of_row, f'rag_target_{end}')} AS rag_{end}")
        if "denominator" in self.columns:
            less = " - COALESCE(rag_excluded, 0)" if "excluded" in self.columns else ""
            items.append(f"rag_denominator{less} AS rag_counted")
        if self._words:
            items.append(f"{values.word()} AS rag_said")
            items.append(f"{values.word()} AS {'rag_own_word' if self._carries else 'rag_word'}")
        if self.plan.slopes:
            moving = "rag_target" if "target" in self.columns else "NULL"
            items.append(f"COALESCE({moving}, {dialect.number(Fraction(0))}) AS rag_moving_target")
        if any("value" in each.made.missing for each in values.formulas):
            items.append(f"{values.value_state()} AS rag_value_state")
        why = "what stands for a value, and the target in force"
        return with_part("rag_stated", why, _select(items, "rag_given AS g"))

    def _judged(self) -> str:
        plan, own = self.plan, "rag_own_" if self._carries else "rag_"
        items = ["r.*", f"{plan.values.state(plan.sources)} AS {own}state", f"{plan.number} AS {own}number"]
        if plan.ratio is not None:
            items += [f"{plan.ratio.over} AS {own}over", f"{plan.ratio.under} AS {own}under"]
        lines = [_select(items, "rag_stated AS r")]
        if self._words:
            words = f"SELECT DISTINCT kpi, entity, word FROM {self.bands} WHERE word <> {self.said('')}"
            on = "w.kpi = r.rag_kpi AND w.entity = r.rag_entity AND w.word = r.rag_said"
            lines.append(f"LEFT JOIN ({words}) AS w\n  ON {on}")
        return with_part("rag_judged", "the value: a number, or a ratio that is never divided out", "\n".join(lines))

    @property
    def _numbers(self) -> list[str]:
        """The columns that a value may be in."""
        ratio = ["over", "under"] if self.plan.ratio is not None else []
        return ["number", *ratio, *(["word"] if self._words else [])]

    def _lacks(self, state: str) -> str:
        """The condition that nothing was given at all."""
        no_data, missing = self.said(Reason.NO_DATA), self.said(Reason.MISSING_INPUT)
        of_formula = f"rag_value_from LIKE {self.said('formula: %')}"
        return f"({state} = {no_data} OR ({state} = {missing} AND {of_formula}))"

    def _valued(self) -> str:
        same, columns = "kpi, rag_who, rag_day", ", ".join(f"rag_own_{name}" for name in self._numbers)
        inner = (
            f"SELECT {same}, {columns},\n"
            f"  ROW_NUMBER() OVER (PARTITION BY {same} ORDER BY {columns}) AS rag_place\n"
            f"FROM rag_judged\n"
            f"WHERE rag_own_state = {self.said(Given.VALUE)} AND rag_day IS NOT NULL\n"
            f"  AND rag_value_from <> {self.said('')}"
        )
        select = f"SELECT *\nFROM (\n  {indented(inner, 2)}\n) AS v\nWHERE rag_place = 1"
        return with_part("rag_valued", "rows with a value of their own, one for each day", select)

    def _latest(self) -> str:
        lines = [
            "SELECT j.kpi, j.rag_who, j.rag_day, MAX(v.rag_day) AS rag_from",
            "FROM rag_judged AS j",
            "JOIN rag_valued AS v\n  ON v.kpi = j.kpi AND v.rag_who = j.rag_who AND v.rag_day < j.rag_day",
            f"WHERE j.rag_carry_forward <> {self.said('')} AND {self._lacks('j.rag_own_state')}",
            "GROUP BY j.kpi, j.rag_who, j.rag_day",
        ]
        return with_part("rag_latest", "for what is missing, the day of the latest value before", "\n".join(lines))

    def _carried(self) -> str:
        dialect, said = self.plan.dialect, self.said
        one_day = dialect.after("l.rag_from", Duration(days=1))
        ages = {cell.max_age for cell in self.plan.cells if cell.carries and cell.max_age is not None}
        # the last good day of three months from the end of June is the end of September
        too_old = [
            f"(j.rag_carry_forward = {said(str(age))} AND {dialect.after(one_day, age)} <= j.rag_day)"
            for age in sorted(ages, key=str)
        ]
        stale = [(f"v.kpi IS NOT NULL AND {any_of(too_old)}", said(Reason.STALE))] if too_old else []
        found = ("v.kpi IS NOT NULL", said(Given.VALUE))
        items = ["j.*", f"{case([*stale, found], 'j.rag_own_state')} AS rag_state"]
        for name in self._numbers:
            items.append(f"{case([(found[0], f'v.rag_own_{name}')], f'j.rag_own_{name}')} AS rag_{name}")
        lines = [
            _select(items, "rag_judged AS j"),
            f"LEFT JOIN rag_latest AS l\n  ON l.kpi = j.kpi AND l.rag_who = j.rag_who AND l.rag_day = j.rag_day\n"
            f"  AND j.rag_carry_forward <> {said('')} AND {self._lacks('j.rag_own_state')}",
            "LEFT JOIN rag_valued AS v\n  ON v.kpi = l.kpi AND v.rag_who = l.rag_who AND v.rag_day = l.rag_from",
        ]
        return with_part("rag_carried", "what is missing, carried forward where the rules say so", "\n".join(lines))

    def _settled(self) -> str:
        said, found = self.said, "rag_state = " + self.said(Given.VALUE)
        few = []
        if "denominator" in self.columns and any(row.minimum_n for row in self.plan.rows):
            few = [(f"{found} AND rag_denominator < rag_minimum_n", said(Reason.SMALL_NUMBERS))]
        given = [*few, *self._targets(found), (self._lacks("rag_state"), said(Given.NO_VALUE))]
        why = [*few, (found, said(Reason.INVALID))]
        items = ["s.*", f"{case(given, 'rag_state')} AS rag_given", f"{case(why, 'rag_state')} AS rag_why"]
        if "target" in self._named:
            both = "rag_low IS NOT NULL AND rag_high IS NOT NULL"
            items.append(f"{case([(both, 'NULL')], 'COALESCE(rag_low, rag_high)')} AS rag_one_target")
        source = "rag_carried" if self._carries else "rag_judged"
        return with_part("rag_settled", "what was found, as the band table has it", _select(items, f"{source} AS s"))

    def _targets(self, found: str) -> Iterator[tuple[str, str]]:
        """Rows that lack the target that their bands rest on."""
        if not any(row.target_needed for row in self.plan.rows):
            return
        needs = f"{found} AND rag_target_needed <> {self.said('')}"
        no, bad = self.said(Given.NO_TARGET), self.said(Given.UNUSABLE_TARGET)
        if "target" not in self.columns:
            yield needs, no
            return
        yield f"{needs} AND target IS NULL", no
        yield f"{needs} AND rag_target IS NULL", bad
        yield f"{needs} AND rag_target_needed = {self.said('above 0')} AND rag_target <= 0", bad

    def _asked(self) -> str:
        said, pairs = self.said, []
        for conditions in dict.fromkeys(cell.conditions for cell in self.plan.cells if cell.conditions):
            texts = [condition_text(self.plan.table.catalogue, number) for number in conditions]
            answers = [case([(self.plan.conditions[text], said("yes"))], said("no")) for text in texts]
            joined = f", {said(', ')}, ".join(answers)
            joined = f"CONCAT({joined})" if len(answers) > 1 else joined
            pairs.append((f"rag_conditions = {said('; '.join(texts))}", joined))
        number = "COALESCE(rag_number, rag_over / NULLIF(rag_under, 0))" if self.plan.ratio else "rag_number"
        printed = case([(f"rag_state = {said(Given.VALUE)} AND rag_value_from <> {said('')}", number)])
        items = ["s.*", f"{case(pairs, said(''))} AS rag_held", f"{printed} AS rag_printed"]
        why = "which conditions of its rule hold, and the value as it is printed"
        return with_part("rag_asked", why, _select(items, "rag_settled AS s"))

    def _rated(self) -> str:
        said = self.said
        items = [f"a.{name}" for name in self.names if name not in OUTPUT]
        grey = said(str(GREY))
        unknown = "b.kpi IS NULL"
        for name in ("rag", "adjusted", "computed"):
            items.append(f"{case([(unknown, grey)], f'b.{name}')} AS {name}")
        items.append(f"{case([(unknown, 'a.rag_why')], 'NULLIF(b.reason, ' + said('') + ')')} AS reason")
        items += [f"{self._target()} AS target", f"{self._shortfall()} AS shortfall"]
        for name in ("band", "grace"):
            items.append(f"NULLIF(b.{name}, {said('')}) AS {name}")
        rule = self.plan.dialect.identifier("rule")
        items += [f"a.rag_rule AS {rule}", "a.rag_area AS area", f"{said(self.plan.table.book.edition)} AS edition"]
        join = f"LEFT JOIN {self.bands} AS b\n  ON " + "\n  AND ".join(self._on())
        return f"{_select(items, 'rag_asked AS a')}\n{join}"

    def _on(self) -> Iterator[str]:
        yield "b.kpi = a.rag_kpi"
        yield "b.entity = a.rag_entity"
        yield from self._dates("b", "a.rag_day")
        same = ["b.given = a.rag_given", "b.held = a.rag_held"]
        if self._words:
            same.append(f"(b.word = {self.said('')} OR b.word = a.rag_word)")
        same += [self._beyond("lower", ">"), self._beyond("upper", "<")]
        either = "\n  AND ".join(same)
        yield f"(b.given = {self.said(Given.ANYTHING)} OR (\n    {indented(either, 2)}\n  ))"

    def _beyond(self, edge: str, sign: str) -> str:
        """The condition that the value lies on the inner side of an edge of the band, or on an edge that is in it."""
        at, true = f"b.{edge}", self.plan.dialect.true
        if self.plan.slopes:
            moving = "a.rag_moving_target"
            at = f"(b.{edge} + b.{edge}_per_target * {moving} + b.{edge}_per_size * ABS({moving}))"
        sides = [("a.rag_number", at)]
        if self.plan.ratio is not None:
            sides.append(("a.rag_over", f"{at} * a.rag_under"))
        held = [f"b.{edge} IS NULL"]
        for value, limit in sides:
            held.append(f"{value} {sign} {limit} OR (b.{edge}_included = {true} AND {value} = {limit})")
        return "(" + "\n    OR ".join(held) + ")"

    def _target(self) -> str:
        """The end of the target that the value is short of."""
        low, high = "a.rag_low", "a.rag_high"
        under, over = f"{low} - a.rag_printed", f"a.rag_printed - {high}"
        return case(
            [
                (f"{high} IS NULL", low),
                (f"{low} IS NULL", high),
                (f"{under} >= {over}", low),
                (f"{under} < {over}", high),
            ]
        )

    def _shortfall(self) -> str:
        low, high = "a.rag_low", "a.rag_high"
        under, over = f"{low} - a.rag_printed", f"a.rag_printed - {high}"
        formulas = [source.formula for source in self.plan.sources if source.formula is not None]
        # a target that the formula reads is an input, and nothing is short of it
        inputs = [f"formula: {each.text}" for each in formulas if "target" in each.names]
        no_line = [(any_of(f"a.rag_value_from = {self.said(each)}" for each in inputs), "NULL")] if inputs else []
        short = case([*no_line, (f"{high} IS NULL OR {under} >= {over}", under)], over)
        return self.plan.dialect.rounded(short)
