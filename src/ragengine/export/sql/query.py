"""The query: each step of a rating as one named part of a WITH, and one join to the band table at its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import define

from ...terms import GREY, Reason
from ..band_rows import Given, condition_text
from .carried import carried_steps
from .columns import COUNT_NAMES, COUNTS, OUTPUT, exact_number, fixed_text, listed
from .dialects import CannotWrite
from .expressions import all_of, any_of
from .layout import case, indented, listing, with_part
from .plan import Plan, target_ends
from .states import NO_INPUTS, NOTHING

__all__ = ["OF_RULES", "STEPS", "query"]

#: names of the steps
STEPS = frozenset(
    f"rag_{name}"
    for name in (
        "rules", "read", "plain", "given", "stated", "made", "judged", "valued", "latest", "carried", "settled",
        "asked", "lines",
    )
)  # fmt: skip

#: columns of the band table that are read of each rule before its bands
OF_RULES = (
    "kpi", "entity", "valid_from", "valid_until", "area", "rule", "value_from", "conditions", "minimum_n", "target_low",
    "target_high", "target_side", "target_needed", "valid_min", "valid_max", "carry_forward",
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
        steps = [self._rules(), self._read()]
        if self.plan.dialect.has_exponents:
            steps.append(self._plain())
        steps += [self._given(), self._stated(), self._made(), self._judged()]
        if self._carries:
            steps += carried_steps(self.plan, self._numbers, self._of_row)
        steps += [self._settled(), self._asked(), self._lines()]
        return "WITH " + ",\n".join(steps) + "\n" + self._rated()

    def __attrs_post_init__(self) -> None:
        self.said = self.plan.dialect.string
        self.columns = self.plan.columns
        self.names = [self.plan.dialect.identifier(name) for name in self.columns.names]
        self.states = self.plan.states
        self._carries = self.plan.carries
        self._own = self.states.own
        self._words = any(source.words for source in self.plan.sources)
        self._own_rules = any(row.entity for row in self.plan.table.rows) and "entity" in self.columns
        self._dated = any(row.valid_from or row.valid_until for row in self.plan.table.rows)

    def _text(self, column: str) -> str:
        return f"COALESCE({column}, {self.said('')})"

    def _dates(self, table: str, day: str) -> Iterator[str]:
        if self._dated:
            yield f"({table}.valid_from IS NULL OR {table}.valid_from <= {day})"
            yield f"({table}.valid_until IS NULL OR {table}.valid_until >= {day})"

    def _rules(self) -> str:
        columns = ", ".join(self.plan.dialect.identifier(name) for name in OF_RULES)
        return with_part("rag_rules", "what is read of each rule", f"SELECT DISTINCT {columns}\nFROM {self.bands}")

    @property
    def _numbers_there(self) -> tuple[str, ...]:
        return self.columns.numbers

    def _read(self) -> str:
        dialect = self.plan.dialect
        items = [f"m.{name}" for name in self.names]
        for name in self._numbers_there:
            text = f"LOWER(CAST(m.{dialect.identifier(name)} AS {dialect.text}))"
            items.append(f"{text} AS rag_{'said' if dialect.has_exponents else 'text'}_{name}")
        return with_part("rag_read", "each row, and its numbers as texts", _select(items, f"{self.measurements} AS m"))

    def _plain(self) -> str:
        items = ["m.*"]
        for name in self._numbers_there:
            column = f"m.{self.plan.dialect.identifier(name)}"
            items.append(f"{fixed_text(self.plan.dialect, f'm.rag_said_{name}', column)} AS rag_text_{name}")
        return with_part("rag_plain", "texts of floats without exponents", _select(items, "rag_read AS m"))

    def _given(self) -> str:
        dialect = self.plan.dialect
        items = ["m.*"]
        if "period_end" in self.columns:
            items.append("CAST(m.period_end AS DATE) AS rag_day")
        if self._carries:
            items.append(f"{self._text('m.entity') if 'entity' in self.columns else self.said('')} AS rag_who")
        items += [f"{sql} AS rag_{name}" for name, sql in self._exact_numbers()]
        if "causes" in self.columns:
            items.append(f"{self._members('m.causes')} AS rag_causes")
        if "evidence" in self.columns:
            items.append(f"{dialect.trimmed('m.evidence')} AS rag_evidence")
        items += [f"r.{dialect.identifier(name)} AS rag_{name}" for name in OF_RULES if not name.startswith("valid_f")]
        of_entity = self.said("")
        joins = []
        if self._own_rules:
            own = f"SELECT DISTINCT kpi, entity FROM rag_rules WHERE entity <> {self.said('')}"
            joins.append(f"LEFT JOIN ({own}) AS o\n  ON o.kpi = m.kpi AND o.entity = m.entity")
            of_entity = f"COALESCE(o.entity, {self.said('')})"
        on = [f"r.kpi = m.kpi AND r.entity = {of_entity}", *self._dates("r", "CAST(m.period_end AS DATE)")]
        joins.append("LEFT JOIN rag_rules AS r\n  ON " + "\n  AND ".join(on))
        source = "rag_plain" if dialect.has_exponents else "rag_read"
        lines = [_select(items, f"{source} AS m"), *joins]
        why = "each row with its rule; numbers as exact ones, null where they are none"
        return with_part("rag_given", why, "\n".join(lines))

    def _exact_numbers(self) -> Iterator[tuple[str, str]]:
        dialect, values = self.plan.dialect, self.plan.values
        fixed = {"value": dialect.plain, "target": values.targets} | dict.fromkeys(COUNT_NAMES, COUNTS)
        for name in self._numbers_there:
            column, text = f"m.{dialect.identifier(name)}", f"m.rag_text_{name}"
            kept = name if name in fixed else f"input_{name}"
            digits = fixed.get(name, values.inputs)
            yield kept, exact_number(dialect, column, text, digits, marked=name == "value")
            if name == "value" and "value" in self.plan.named:
                yield "input_value", exact_number(dialect, column, text, values.inputs)

    def _members(self, column: str) -> str:
        """A text of several words as one in which each stands between semicolons, folded."""
        text = f"REPLACE(REPLACE(LOWER({self._text(column)}), ',', ';'), {self.plan.dialect.tab}, ' ')"
        # runs of blanks become one, by way of two marks that no cause holds
        text = f"REPLACE(REPLACE(REPLACE({text}, ' ', '<>'), '><', ''), '<>', ' ')"
        return f"CONCAT(';', TRIM(REPLACE(REPLACE({text}, '; ', ';'), ' ;', ';')), ';')"

    def _stated(self) -> str:
        dialect = self.plan.dialect
        items = ["g.*"]
        reading = [each.name for each in self.plan.values.formulas if "target" in each.names]
        if reading:
            target = "rag_target" if "target" in self.columns else dialect.cast("NULL", self.plan.values.targets)
            ends = [f"rag_target_{end}" for end in ("low", "high")]
            both = f"{ends[0]} IS NOT NULL AND {ends[1]} IS NOT NULL"
            stated = case([(both, target)], f"COALESCE({ends[0]}, {ends[1]}, {target})")
            kept = f"CAST({stated} AS {dialect.number_type(self.plan.values.read)})"
            items.append(f"{case([(self.plan.values.is_from(reading), kept)])} AS rag_stated_target")
        if "denominator" in self.columns:
            less = " - COALESCE(rag_excluded, 0)" if "excluded" in self.columns else ""
            items.append(f"rag_denominator{less} AS rag_counted")
        if self._words:
            items.append(f"{self.states.word()} AS rag_said")
            items.append(f"{self.states.word()} AS {self._own}word")
        items += [f"{sql} AS rag_is_{name}" for name, sql in self.states.cells()]
        if self.plan.values.ratios and self.plan.bounded:
            kind = dialect.number_type(self.plan.of_ratios.valid)
            ratio = self.plan.values.is_from(self.plan.values.ratios)
            for end in ("min", "max"):
                items.append(f"{case([(ratio, f'CAST(rag_valid_{end} AS {kind})')])} AS rag_ratio_{end}")
        why = "what each cell holds: a number, nothing, or why it is none"
        return with_part("rag_stated", why, _select(items, "rag_given AS g"))

    def _made(self) -> str:
        plan = self.plan
        items = ["s.*", f"{plan.number} AS {self._own}number"]
        if plan.ratio is not None:
            items += [f"{plan.ratio.over} AS {self._own}over", f"{plan.ratio.under} AS {self._own}under"]
        why = "the value: a number, or a ratio that is never divided out"
        return with_part("rag_made", why, _select(items, "rag_stated AS s"))

    def _judged(self) -> str:
        lines = [_select(["r.*", f"{self.states.state(self.plan.sources)} AS {self._own}state"], "rag_made AS r")]
        if self._words:
            words = f"SELECT DISTINCT kpi, entity, word FROM {self.bands} WHERE word <> {self.said('')}"
            on = "w.kpi = r.rag_kpi AND w.entity = r.rag_entity AND w.word = r.rag_said"
            lines.append(f"LEFT JOIN ({words}) AS w\n  ON {on}")
        why = "the first state that holds"
        return with_part("rag_judged", why, "\n".join(lines))

    @property
    def _numbers(self) -> list[str]:
        """The columns that a value may be in."""
        ratio = ["over", "under"] if self.plan.ratio is not None else []
        return ["number", *ratio, *(["word"] if self._words else [])]

    @property
    def _of_row(self) -> dict[str, str]:
        """What else a rating reads of its row, and the condition that a row says it itself; empty for never."""
        asked = {
            name for each in self.plan.table.catalogue.conditions if not isinstance(each, str) for name in each.names
        }
        found = {name: "" for name in ("numerator", "denominator") if name in self.columns}
        if "denominator" in self.columns:
            found["counted"] = ""
        if "target" in self.columns:
            own = f"j.rag_is_target <> {self.said('')}"
            found |= {"target": own, "is_target": own}
        for name in sorted(asked & {each for each in self.columns.numbers if each in self.plan.inputs}):
            found[f"input_{name}"] = f"j.rag_is_{name} <> {self.said('')}"
        if "evidence" in self.columns:
            found["evidence"] = f"j.rag_evidence <> {self.said('')}"
        if "causes" in self.columns:
            found["causes"] = f"j.rag_causes <> {self.said(';;')}"
        return found

    def _settled(self) -> str:
        said, found, row = self.said, "rag_state = " + self.said(Given.VALUE), self.plan.row
        few = []
        if "denominator" in self.columns and any(row.minimum_n for row in self.plan.rows):
            few = [(f"{found} AND {row}denominator < rag_minimum_n", said(Reason.SMALL_NUMBERS))]
        missing = [(f"rag_state = {said(NOTHING)}", said(Reason.NO_DATA))]
        missing.append((f"rag_state = {said(NO_INPUTS)}", said(Reason.MISSING_INPUT)))
        given = [*self._targets(found), *few, (any_of(state for state, _ in missing), said(Given.NO_VALUE))]
        why = [*few, (found, said(Reason.INVALID)), *missing]
        items = ["s.*", f"{case(given, 'rag_state')} AS rag_given", f"{case(why, 'rag_state')} AS rag_why"]
        items += self._ends()
        source = "rag_carried" if self._carries else "rag_judged"
        return with_part("rag_settled", "what was found, as the band table has it", _select(items, f"{source} AS s"))

    def _ends(self) -> Iterator[str]:
        """The ends of the target in force."""
        plan, values, dialect = self.plan, self.plan.values, self.plan.dialect
        target = f"{plan.row}target" if "target" in self.columns else dialect.cast("NULL", values.targets)
        brought = {row.target_side for row in plan.rows}
        ends = {}
        for end, word in (("low", "at least"), ("high", "at most")):
            of_row = [(f"rag_target_side = {self.said(word)}", target)] if word in brought else []
            ends[end] = case(of_row, f"rag_target_{end}")
            yield f"{ends[end]} AS rag_{end}"
        if plan.ratio is not None:
            kind, ratio = dialect.number_type(plan.of_ratios.target | values.targets), values.is_from(values.ratios)
            for end, sql in ends.items():
                yield f"{case([(ratio, f'CAST({sql} AS {kind})')])} AS rag_ratio_{end}"
        if "target" in plan.named:
            low, high = ends["low"], ends["high"]
            both = f"({low}) IS NOT NULL AND ({high}) IS NOT NULL"
            yield f"{case([(both, 'NULL')], f'COALESCE({low}, {high})')} AS rag_one_target"
        if plan.slopes:
            yield f"COALESCE({target}, {dialect.number(Fraction(0))}) AS rag_moving_target"

    def _targets(self, found: str) -> Iterator[tuple[str, str]]:
        """Rows that lack the target that their bands rest on."""
        if not any(row.target_needed for row in self.plan.rows):
            return
        needs = f"{found} AND rag_target_needed <> {self.said('')}"
        no, bad = self.said(Given.NO_TARGET), self.said(Given.UNUSABLE_TARGET)
        if "target" not in self.columns:
            yield needs, no
            return
        is_target = f"{self.plan.row}is_target"
        yield f"{needs} AND {is_target} = {self.said(Reason.INVALID)}", bad
        yield f"{needs} AND {is_target} <> {self.said(Given.VALUE)}", no
        yield f"{needs} AND rag_target_needed = {self.said('above 0')} AND {self.plan.row}target <= 0", bad

    def _asked(self) -> str:
        said, pairs = self.said, []
        for conditions in dict.fromkeys(cell.conditions for cell in self.plan.cells if cell.conditions):
            texts = [condition_text(self.plan.table.catalogue, number) for number in conditions]
            answers = [case([(self.plan.conditions[text], said("yes"))], said("no")) for text in texts]
            joined = f", {said(', ')}, ".join(answers)
            joined = f"CONCAT({joined})" if len(answers) > 1 else joined
            pairs.append((f"rag_conditions = {said('; '.join(texts))}", joined))
        items = ["s.*", f"{case(pairs, said(''))} AS rag_held"]
        why = "which conditions of its rule hold"
        return with_part("rag_asked", why, _select(items, "rag_settled AS s"))

    def _lines(self) -> str:
        """The band table, with the edges of values that are made of others in digits that can be multiplied."""
        plan, items = self.plan, ["b.*"]
        if plan.ratio is not None:
            edges, ratio = (
                plan.of_ratios,
                plan.values.is_from(plan.values.ratios).replace("rag_value_from", "b.value_from"),
            )
            moving = ("", "_per_target", "_per_size") if plan.ratio_slopes else ("",)
            for name in (f"{edge}{each}" for edge in ("lower", "upper") for each in moving):
                kind = plan.dialect.number_type(edges.of_column(name))
                items.append(f"{case([(ratio, f'CAST(b.{name} AS {kind})')])} AS rag_{name}")
        return with_part("rag_lines", "the bands that rows are looked up in", _select(items, f"{self.bands} AS b"))

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
        join = "LEFT JOIN rag_lines AS b\n  ON " + "\n  AND ".join(self._on())
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
        true = self.plan.dialect.true
        sides = [("a.rag_number", self._edge(f"b.{edge}"))]
        if self.plan.ratio is not None:
            at = f"b.rag_{edge}"
            sides.append(("a.rag_over", f"{self._edge(at) if self.plan.ratio_slopes else at} * a.rag_under"))
        held = [f"b.{edge} IS NULL"]
        for value, limit in sides:
            held.append(f"{value} {sign} {limit} OR (b.{edge}_included = {true} AND {value} = {limit})")
        return "(" + "\n    OR ".join(held) + ")"

    def _edge(self, at: str) -> str:
        if not self.plan.slopes:
            return at
        moving = "a.rag_moving_target"
        return f"({at} + {at}_per_target * {moving} + {at}_per_size * ABS({moving}))"

    @property
    def _judged_here(self) -> str:
        """The condition that there is a value whose shortfall counts."""
        said, names = self.said, [each.name for each in self.plan.values.formulas if "target" in each.names]
        found = f"a.rag_state = {said(Given.VALUE)} AND a.rag_value_from <> {said('')}"
        # a target that a formula reads is an input, and no line
        return f"{found} AND a.rag_value_from NOT IN ({listed(self.plan.dialect, names)})" if names else found

    def _target(self) -> str:
        """The end of the target that the value is short of."""
        low, high = "a.rag_low", "a.rag_high"
        pairs = [(f"{high} IS NULL", low), (f"{low} IS NULL", high)]
        for there, under, over in self._gaps():
            pairs += [(all_of([there, f"{under} >= {over}"]), low), (all_of([there, f"{under} < {over}"]), high)]
        return case(pairs)

    def _gaps(self) -> Iterator[tuple[str, str, str]]:
        """For numbers and for ratios: the condition that it is one, and how far it is below and above the target."""
        found = self._judged_here
        yield all_of([found, "a.rag_number IS NOT NULL"]), "a.rag_low - a.rag_number", "a.rag_number - a.rag_high"
        if self.plan.ratio is not None:
            there = all_of([found, "a.rag_number IS NULL"])
            try:
                low, high, digits = target_ends(self.plan, self.plan.ratio, "a.")
                self.plan.dialect.sum(digits, self.plan.ratio.digits)
            except CannotWrite:
                quotient = "a.rag_over / a.rag_under"
                yield there, f"a.rag_low - {quotient}", f"{quotient} - a.rag_high"
                return
            yield there, f"({low} - a.rag_over) / a.rag_under", f"(a.rag_over - {high}) / a.rag_under"

    def _shortfall(self) -> str:
        """How far the value is short of its target: exactly, but for the last digits of what has to be divided."""
        pairs = []
        for there, under, over in self._gaps():
            kind = self.plan.dialect.shown
            pairs.append((all_of([there, "a.rag_high IS NULL"]), f"CAST({under} AS {kind})"))
            pairs.append((all_of([there, "a.rag_low IS NULL"]), f"CAST({over} AS {kind})"))
            pairs.append((all_of([there, f"{under} >= {over}"]), f"CAST({under} AS {kind})"))
            pairs.append((there, f"CAST({over} AS {kind})"))
        return case(pairs)
