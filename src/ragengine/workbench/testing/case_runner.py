"""Rule tests as data: every ``examples`` table and every case, run and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen

from ...book import PreparedAction, Rulebook
from ...errors import BadArgument, RagError
from ...number import NumberError, exact, text
from ...problem import Problem
from ...rating.prepare import PreparedKpi
from ...rating.rating import Rating
from ...rollup.policy import Decision, decide
from ...rollup.tally import Child
from ...rulebook.action import Action
from ...rulebook.compile import latest_day
from ...rulebook.kpi import Example, Kpi
from ...rulebook.rules import Case, Rules
from ...rulebook.scored_areas import scored_areas
from ...rulefile.load import load_rules
from ...terms import GREY, Scale

__all__ = ["CaseResult", "all_cases", "case_subject", "children_of", "run_case", "run_cases"]

#: of a child whose scores are not bounded by one rule
_NO_SPAN = (Fraction(0), Fraction(0))
_MEASUREMENT = ("numerator", "denominator", "target", "entity", "causes", "evidence", "excluded", "exclusion_reason")


@frozen
class CaseResult:
    """One case, what it expected and what it got.

    Attributes:
        wrong: a line for each expectation that was not met; empty where the case passes.
        explanation: what happened, as text.
        subject: id of the KPI, action or area it is about; empty for a case with rules of its own.
        unconfirmed: whether nobody has confirmed yet what it expects.
        rating, decision: what was made of it, for those who ask which lines cases reach.
    """

    name: str
    file: str
    line: int
    wrong: tuple[str, ...] = ()
    explanation: str = ""
    subject: str = ""
    unconfirmed: bool = False
    rating: Rating | None = field(default=None, eq=False)
    decision: Decision | None = field(default=None, eq=False)
    #: what it says something of: ``rag``, ``score``
    expects: frozenset[str] = frozenset()

    @property
    def passed(self) -> bool:
        return not self.wrong


def run_cases(rules: Rules) -> Iterator[CaseResult]:
    """Every example of the rules, then every case, in the order of the files."""
    book = Rulebook(rules)
    return (run_case(book, case) for case in all_cases(rules))


def all_cases(rules: Rules) -> Iterator[Case]:
    """Every example as a case, then every case, in the order of the files."""
    with_examples: list[Kpi | Action] = [*rules.kpis.values(), *rules.actions.values()]
    for rule in with_examples:
        for number, example in enumerate(rule.examples, start=1):
            yield _as_case(rules, rule.id, example, number)
    yield from rules.cases


def _as_case(rules: Rules, subject: str, example: Example, number: int) -> Case:
    """An example is a case without a name; without a period, the latest rule judges it."""
    line = (rules.kpis.get(subject) or rules.actions[subject]).line
    fields = dict(example.fields)
    expect = {"rag": fields.pop("rag")}
    if subject in rules.kpis:
        fields.setdefault("period", latest_day(rules.kpis[subject]))
        fields["kpi"] = subject
    else:
        fields["action"] = subject
    return Case(f"example {number} of {subject}", {**fields, "expect": expect}, example.file, example.line or line)


def run_case(book: Rulebook, case: Case) -> CaseResult:
    """One case; whatever is wrong with its own fields is a result too, never an exception."""
    subject = case_subject(case)
    unconfirmed = case.fields.get("unconfirmed") is True
    try:
        got = _compared(book, case)
    except RagError as error:
        got = _Got([str(error)])
    return CaseResult(
        case.name, case.file, case.line, tuple(got.wrong), got.said, subject, unconfirmed, got.rating, got.decision,
        frozenset(case.fields["expect"]),
    )  # fmt: skip


def case_subject(case: Case) -> str:
    """The id that a case is about; empty for one that brings its own rules."""
    if "rules" in case.fields:
        return ""
    return str(next((case.fields[key] for key in ("kpi", "action", "area") if key in case.fields), ""))


@frozen
class _Got:
    wrong: list[str]
    said: str = ""
    rating: Rating | None = None
    decision: Decision | None = None


def _compared(book: Rulebook, case: Case) -> _Got:
    fields = dict(case.fields)
    expect: Mapping[str, Any] = fields.pop("expect")
    if "rules" in fields:
        problems, book_of_case = _load(fields)
        if "problem" in expect:
            return _Got(*_problem(str(expect["problem"]), problems))
        if book_of_case is None:
            return _Got([f"the rules cannot be used: {problems[0]}"])
        book = book_of_case
    if "area" in fields:
        return _area(book.rules, fields, expect)
    rating = _action(book, fields) if "action" in fields else _kpi(book, fields)
    if "problem" in expect:
        return _Got(*_data_problem(str(expect["problem"]), rating), rating)
    return _Got(list(_differences(book.scale, rating, expect)), rating.explain(), rating)


def _load(fields: Mapping[str, Any]) -> tuple[list[Problem], Rulebook | None]:
    written = fields["rules"]
    files = {"rules.toml": written} if isinstance(written, str) else dict(written)
    rules, problems = load_rules(files, as_at=_day(fields.get("as_at")))
    return problems, None if rules is None else Rulebook(rules)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _problem(wanted: str, problems: list[Problem]) -> tuple[list[str], str]:
    shown = "\n".join(str(problem) for problem in problems) or "no problem"
    if any(wanted == problem.code or wanted in problem.text for problem in problems):
        return [], shown
    return [f"problem: expected {wanted!r} in a message, got: {shown}"], shown


def _data_problem(wanted: str, rating: Rating) -> tuple[list[str], str]:
    said = rating.explain()
    codes = {"RAG105", "RAG109"} if rating.reason == "invalid" else set()
    return ([] if wanted in codes or wanted in said else [f"problem: expected {wanted!r}, got: {said}"]), said


def _kpi(book: Rulebook, fields: Mapping[str, Any]) -> Rating:
    prepared = book[fields["kpi"]]
    assert isinstance(prepared, PreparedKpi)
    _refuse_entities(prepared, fields)
    details = _details(prepared, fields)
    history = [{"period": entry.get("period"), **_details(prepared, entry)} for entry in fields.get("history", ())]
    for entry, past in zip(fields.get("history", ()), history, strict=True):
        past["value"] = entry.get("value")
    if history:
        details["history"] = history
    return prepared.rate(fields.get("value"), fields.get("period"), **details)


def _refuse_entities(prepared: PreparedKpi, fields: Mapping[str, Any]) -> None:
    """Raises BadArgument where the target is made from the rows of all entities: a case has one."""
    relative = prepared.ruling_of(fields.get("period"), fields.get("entity")).relative
    if relative is not None and relative.of_entities:
        wanted = f"the target of {prepared.id} is the {relative.source}, and a case has one row: test it on data"
        raise BadArgument("kpi", prepared.id, wanted)


def _details(prepared: PreparedKpi, fields: Mapping[str, Any]) -> dict[str, Any]:
    details = {key: fields[key] for key in _MEASUREMENT if key in fields}
    inputs = {name: fields[name] for name in prepared.kpi.inputs if name in fields}
    if inputs:
        details["inputs"] = inputs
    return details


def _action(book: Rulebook, fields: Mapping[str, Any]) -> Rating:
    prepared = book[fields["action"]]
    assert isinstance(prepared, PreparedAction)
    keys = ("progress", "completed_on", "evidence", "causes", "previous")
    details = {key: fields[key] for key in keys if key in fields}
    return prepared.rate(fields["as_at"], fields.get("status"), **details)


def _area(rules: Rules, fields: Mapping[str, Any], expect: Mapping[str, Any]) -> _Got:
    area, scale = fields["area"], rules.scale
    if area not in rules.areas:
        return _Got([f"the rules have no area {area!r}"])
    children, wrong = [], []
    given = dict(fields.get("ratings", {}))
    for child in children_of(rules, area):
        name = child.id.partition(".")[2] or child.id
        said = given.pop(name, given.pop(child.id, None))
        given_score = None
        if isinstance(said, Mapping):
            given_score = said.get("score")
            said = said.get("rag")
        level = scale.read(str(said)) if said is not None else GREY
        if level is None:
            wrong.append(f"ratings: the scale has no level {said!r} for {name}")
            continue
        if given_score is not None and child.span is None:
            wrong.append(f"ratings: {name} has a score, and {area} rolls up levels")
            continue
        score = None if given_score is None or level.is_grey else exact(given_score)
        children.append(evolve(child, rag=level, score=score))
    for left_out in rules.children(area):
        given.pop(left_out.partition(".")[2] or left_out, None)
    wrong += [f"ratings: the area has no child {name!r}" for name in given]
    if wrong:
        return _Got(wrong)
    decision = decide(rules.rollup_of(area), scale, children)
    got: dict[str, Any] = {
        "rag": decision.rag,
        "computed": decision.computed,
        "adjusted": decision.rag,
        "reason": decision.reason,
    }
    got["score"] = decision.score
    for key, wanted in expect.items():
        if not _same(scale, key, wanted, got.get(key)):
            wrong.append(f"{key}: expected {wanted}, got {got.get(key)}")
    return _Got(wrong, _decision_text(decision), None, decision)


def children_of(rules: Rules, area: str) -> list[Child]:
    """The children that an area rolls up, none of them rated yet."""
    children = []
    for child_id in rules.children(area):
        rule = rules.kpis.get(child_id) or rules.actions.get(child_id)
        if rule is None:
            children.append(Child(child_id, GREY))
        elif rule.in_rollup:
            children.append(Child(child_id, GREY, rule.critical, exact(rule.weight)))
    if area not in scored_areas(rules):
        return children
    spans = {kpi.id: kpi.score.span for kpi in rules.kpis.values() if kpi.score is not None}
    return [evolve(child, span=spans.get(child.id, _NO_SPAN)) for child in children]


def _decision_text(decision: Decision) -> str:
    rules = "; ".join(
        f"{t.rag} when {t.when or 'nothing else'}: {'matched' if t.matched else 'no'}" for t in decision.rules
    )
    score = f"score {text(decision.score)}" if decision.score is not None else ""
    limits = "; ".join(
        f"{t.effect} {t.level} where {t.condition}: {'limits it' if t.changed else 'holds' if t.holds else 'no'}"
        for t in decision.limits
    )
    return ", ".join(part for part in (str(decision.rag), decision.why, score, rules, limits) if part)


def _differences(scale: Scale, rating: Rating, expect: Mapping[str, Any]) -> Iterator[str]:
    for key, wanted in expect.items():
        if key == "needed_for":
            yield from _needed(rating, wanted)
            continue
        got = getattr(rating, key, None)
        if not _same(scale, key, wanted, got):
            shown = text(got) if isinstance(got, Fraction) else got
            yield f"{key}: expected {wanted}, got {shown}"


def _same(scale: Scale, key: str, wanted: object, got: object) -> bool:
    if key in ("rag", "adjusted", "computed", "previous"):
        return got is not None and scale.read(str(wanted)) == got
    if isinstance(wanted, str):
        # "no cases" is enough for "no cases (0 of 0)"
        return got is not None and (str(got) == wanted or str(got).partition(" (")[0] == wanted)
    try:
        return got is not None and exact(got) == exact(wanted)
    except NumberError:
        return str(got) == str(wanted)


def _needed(rating: Rating, wanted: Mapping[str, Any]) -> Iterator[str]:
    for level, change in wanted.items():
        needed = rating.needed_for(level)
        if needed is None:
            yield f"needed_for.{level}: expected {change}, and nothing would do"
        elif isinstance(change, str):
            if needed.text != change:
                yield f"needed_for.{level}: expected {change!r}, got {needed.text!r}"
        elif exact(change) not in (needed.change, needed.count):
            yield f"needed_for.{level}: expected {change}, got {needed.text}"
