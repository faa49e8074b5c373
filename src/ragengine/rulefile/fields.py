"""Which keys each table of a rule file has: what reads them, what they look like, and what they mean.

The loader reads by these tables and editors complete by them: a key stands here once.
"""

from __future__ import annotations

from typing import Any

from ..rulebook.area import RollupMethod
from ..rulebook.frequency import Frequency
from ..rulebook.grace import Effect
from ..rulebook.rules import RULE_FORMAT
from ..terms import Direction, Missing
from . import shapes as s
from .book_values import MARKED, MONTHS, format_value, symbols_value, year_starts_value
from .keys import Context, Key, Role, choice_key, day_key, flag_key, text_key, title_key, whole_key
from .statistics_values import COMPARE, CONFIDENCE, SCORE, compare_value, confidence_value, score_value
from .target_values import TARGET, target_value
from .values import (
    MOST_BANDS,
    MOST_GRACES,
    MOST_RULES,
    bands_value,
    bounds_value,
    colour,
    coverage,
    dated,
    day,
    due_value,
    duration,
    names,
    number,
    one_of,
    ordered_words,
    steady_target,
    steady_tolerance,
    text_value,
    texts,
    tolerance_value,
    weight_value,
    wrong_type,
)

__all__ = [
    "ACTION", "AREA", "AREA_FILE", "BAND", "BOOK", "BOOK_FILE", "BUDGET", "CAP", "CHECK", "ENTITY", "FLOOR", "GRACE",
    "INLINE_GRACE", "KPI", "LEVEL", "ROLLUP", "RULE", "SCALE",
]  # fmt: skip


def _target(value: Any, context: Context) -> Any:
    if type(value) is int and context.raw.get("direction") != Direction.WITHIN:
        return steady_target(value)
    return dated(value, lambda one: target_value(one, context.raw))


def _tolerance(value: Any, context: Context) -> Any:
    unit = context.raw.get("unit", "")
    if type(value) is str and type(unit) is str:
        steady = steady_tolerance(value, unit)
        if steady is not None:
            return steady
    return dated(value, lambda one: tolerance_value(one, context.raw))


def _target_date(value: Any, context: Context) -> str:
    due_value(value, context.calendar)
    return str(value)


_DIRECTIONS = {str(direction): direction for direction in Direction}


def _missing(value: Any) -> Missing:
    return Missing(one_of(*Missing)(value))


#: other words that are read for a frequency
_ALSO = {"yearly": Frequency.ANNUAL, "annually": Frequency.ANNUAL}


def _frequency(value: Any) -> Frequency:
    if not isinstance(value, str):
        raise wrong_type(value, "a text")
    folded = value.casefold()
    return _ALSO.get(folded) or Frequency(one_of(*Frequency)(folded))


def _direction(value: Any) -> Direction:
    known = _DIRECTIONS.get(value) if isinstance(value, str) else None
    return known if known is not None else Direction(one_of(*Direction)(value))


def _due(value: Any, context: Context) -> Any:
    return due_value(value, context.calendar)


def _action_rated_from(value: Any) -> Any:
    """A day; ``"start"`` is left for whoever knows the start."""
    return one_of("start")(value) if isinstance(value, str) else day(value)


_BANDS = s.list_of(s.table_of("band"), most=MOST_BANDS, least=1)
_GRACES = s.list_of(s.any_shape(s.TEXT, s.table_of("inline_grace")), most=MOST_GRACES)
_MISSING_SAID = "What a missing value means: grey, red, amber, or the last value carried forward"

#: keys of documents that both KPIs and actions carry
_CARRIED: dict[str, Key] = {
    "short": title_key("short", "A short title for tables and charts, of at most 40 characters.", required=False),
    "source": text_key("source", "Where the figures come from."),
    "ref": text_key("ref", "Its reference in another document."),
    "lead": text_key("lead", "Who answers for it."),
    "recommendation": text_key("recommendation", "The recommendation that it serves."),
    "note": text_key("note", "For readers."),
    "review_by": day_key(
        "review_by",
        "When the rule itself is to be reviewed; check --as-at warns once it has passed.",
        role=Role.WORDING,
    ),
    "critical": flag_key("critical", "Counted as critical_red, critical_amber … by the roll-up.", role=Role.ROLLUP),
    "weight": Key("How much it counts in a roll-up by points.", s.WEIGHT, "weight", weight_value, role=Role.ROLLUP),
    "in_rollup": flag_key("in_rollup", "false: rated, but left out of its area's level.", role=Role.ROLLUP),
    "requires_evidence": flag_key("requires_evidence", "true: no better than amber without evidence."),
}
_OPTED = Key("Graces it opts into: names from book.toml, or inline tables.", _GRACES, "graces")
_EXAMPLES = Key(
    "Values and the level each must have: read by people, run by ragengine test.",
    s.list_of(s.table_of("example")),
    "examples",
    role=Role.TESTS,
)

KPI: dict[str, Key] = {
    "title": title_key("title", "What is measured."),
    "unit": text_key("unit", 'Of the value: "%", "days", "children", any noun.', role=Role.VALUE),
    "direction": Key(
        "Which way is better: higher, lower, within a range; or monitor, reported and not rated.",
        s.choice(*Direction), "direction", _direction, role=Role.TABLE,
    ),
    "target": Key(
        'What counts as met: a number, { min, max } for within, "from data", "none", '
        '{ from = "year ago", change = "+2 pp" } made from other rows, or a table of dates to these.',
        s.by_date(TARGET), "target", weigh=_target, role=Role.TABLE, dated=True,
    ),
    "tolerance": Key(
        'The width of amber: "10 pp" (percentage points), "10% of target", or a number in another unit than %; 0 for '
        "no amber; { below, above } for within; or a table of dates to these.",
        s.by_date(s.TOLERANCE), "tolerance", weigh=_tolerance, role=Role.NOTATION, dated=True,
    ),
    "amber": Key(
        "The amber line itself, instead of tolerance.",
        s.by_date(s.NUMBER), "amber", lambda value: dated(value, number), role=Role.NOTATION, dated=True,
    ),
    "bands": Key(
        "Bands written out, instead of target and tolerance; they cover the line exactly once.",
        s.by_date(_BANDS), "bands", lambda value: dated(value, bands_value), role=Role.NOTATION, dated=True,
    ),
    "met": Key(
        "Whether a value on the target has met it.",
        s.choice("at or beyond target", "beyond target") | {"default": "at or beyond target"}, "met_beyond",
        lambda value: one_of("at or beyond target", "beyond target")(value) == "beyond target", role=Role.NOTATION,
    ),
    "words": Key(
        "Values in words, each with its level, in the order of the scale: instead of a target.",
        s.WORDS, "words", ordered_words, role=Role.TABLE,
    ),
    "decimals": whole_key("decimals", "Judged as published: rounded half up to so many places.", 0, 6, role=Role.TABLE),
    "missing": Key(f"{_MISSING_SAID}; the book's if left out.", s.choice(*Missing), "missing", _missing),
    "max_age": Key("How old a carried value may be, then grey: stale.", s.DURATION, "max_age", duration),
    "rated_from": day_key("rated_from", "Before this day grey: not due."),
    "inputs": Key(
        "Names of the extra numbers that measurements bring for the formula.",
        s.NAMES, "inputs", names, role=Role.VALUE,
    ),
    "formula": Key(
        "Arithmetic over value, numerator, denominator, target and the inputs.", s.TEXT, "formula", role=Role.VALUE
    ),
    "grace": _OPTED,
    "entities": Key(
        "What differs for an organisation or team, by its name in the data.", s.map_of(s.table_of("entity"), "entity"),
        "entities",
    ),
    "persistence": whole_key("persistence", "Periods in a row before a worse level is adopted.", 1, 24),
    "basis": choice_key(
        "basis", "Where the target comes from; assumed wants a rationale.", "stated", "derived", "assumed",
        role=Role.WORDING,
    ),
    "rationale": text_key("rationale", "Why the target is what it is."),
    "minimum_n": whole_key("minimum_n", "Fewer cases in the denominator: grey, small numbers.", 1, 10**9),
    "compare": Key(
        '"interval": that of a row, or of its counts, beside the target, in place of a tolerance; or a table of '
        "the levels of better, similar and worse, and than what.",
        COMPARE, "compare", compare_value,
    ),
    "confidence": Key(
        'How confident the interval is that stands beside a value of counts: "95%", "99.8%"; "none" for no interval.',
        CONFIDENCE, "confidence", confidence_value,
    ),
    "score": Key(
        "A number beside the level, of the value as judged: points with straight lines between them, "
        'flat beyond; or { rank_of = "entities", best = 1, worst = 4 }, by rank among the entities of the period.',
        SCORE, "score", score_value,
    ),
    "valid": Key(
        "What a value can be at all, { min, max } or one of them: outside it a row is invalid.",
        s.BOUNDS, "valid", bounds_value, role=Role.VALUE,
    ),
    "frequency": Key(
        "How often it is measured: which period a scorecard shows, and which one a month or a day names.",
        s.choice(*Frequency, *_ALSO), "frequency", _frequency, role=Role.VALUE,
    ),
    "suppress_below": whole_key("suppress_below", "For the public, counts from 1 to below this are hidden.", 3, 10**6),
    "suppress_zero": flag_key("suppress_zero", "In the public edition a count of 0 is hidden too."),
    "round_to": whole_key("round_to", "In the public edition counts are rounded to multiples of this.", 2, 10**6),
    "target_date": Key(
        "By when it is to be met, for readers.", s.DUE, "target_date", weigh=_target_date, role=Role.WORDING
    ),
    "examples": _EXAMPLES,
    **_CARRIED,
}  # fmt: skip
#: what an organisation or team may have otherwise
ENTITY: dict[str, Key] = {key: known for key, known in KPI.items() if key not in ("entities", "examples")}

ACTION: dict[str, Key] = {
    "title": title_key("title", "What is to be done."),
    "start": Key(
        "When it begins, for elapsed.", s.DUE, "start",
        weigh=lambda value, context: due_value(value, context.calendar).day,
    ),
    "rated_from": Key(
        'Before this day grey: not due; "start" is the day on which it begins.',
        s.any_shape(s.DAY, s.choice("start")), "rated_from", _action_rated_from,
    ),
    "due": Key(
        'By when: a date, "Sep-20" (its last day), "TBC", or "TBC 14/08/20" (tentative).',
        s.DUE, "due", required=True, weigh=_due,
    ),
    "warning": Key("Not complete and due this soon: amber.", s.DURATION, "warning", duration),
    "tolerance": Key("Later than this past due: red.", s.DURATION, "tolerance", duration),
    "bands": Key("Bands over days_late, or over the formula.", _BANDS, "bands", bands_value),
    "formula": Key("Arithmetic over days_late, progress and elapsed.", s.TEXT, "formula", role=Role.VALUE),
    "complete": Key("The level of a completed action.", s.LEVEL, "complete", text_value),
    "on_time": flag_key("on_time", "false: a completed action keeps the colour of its lateness."),
    "grace": _OPTED,
    "examples": _EXAMPLES,
    **_CARRIED,
}  # fmt: skip

AREA: dict[str, Key] = {
    "title": title_key("title", "What the area is called."),
    "lead": text_key("lead", "Who answers for it."),
    "recommendation": text_key("recommendation", "The recommendation that it serves."),
    "parent": text_key("parent", "Id of the area above it: the name of its file.", role=Role.RULE),
    "order": whole_key("order", "Where it stands in reports.", 0, 10_000, role=Role.WORDING),
    "note": text_key("note", "For readers."),
}

BOOK: dict[str, Key] = {
    "title": title_key("title", "What the rulebook is called."),
    "edition": text_key("edition", 'Which edition it is: "2020-21".', required=True),
    "missing": Key(f"{_MISSING_SAID}. It must be chosen.", s.choice(*Missing), "missing", _missing, required=True),
    "max_age": Key("How old a carried value may be, then grey: stale.", s.DURATION, "max_age", duration),
    "dates": Key(
        '"day first" allows 14/08/20.',
        s.choice("day first"), "day_first", lambda value: one_of("day first")(value) == "day first",
    ),
    "year_starts": Key(
        "The month in which its years, half-years and quarters begin; April if left out.",
        s.choice(*MONTHS), "year_starts", year_starts_value,
    ),
    "symbols": Key(
        'Marks of its own, each with what it stands for: { "<5" = "suppressed" }.',
        s.map_of(s.choice(*MARKED), "mark"), "symbols", symbols_value,
    ),
    "format": Key(
        f"The version of the rule format; {RULE_FORMAT} if left out.",
        s.whole_number(1, RULE_FORMAT), "format", format_value,
    ),
    "extends": text_key("extends", "Folder of the edition that this one changes."),
    "remove": Key("Areas of the extended edition to leave out.", s.TEXTS, "remove", texts),
    "checks": Key(
        "How checks count in this book, each with the reason.",
        s.map_of(s.table_of("check"), "code", "^RAG0([4-9][0-9]|10|24|3[0-6])$"),
    ),
    "grace_budget": Key("The most grace that the book allows itself.", s.table_of("budget")),
}  # fmt: skip

CHECK: dict[str, Key] = {
    "severity": choice_key("severity", "How findings of the check count.", "off", "warning", "error", required=True),
    "reason": title_key("reason", "Why it counts otherwise here."),
}

BUDGET: dict[str, Key] = {
    "periods": whole_key("periods", "Months of grace that one KPI or action may have.", 0, 120),
    "share": Key("Share of the KPIs and actions under grace on one day.", s.SHARE, "share", coverage),
}

LEVEL: dict[str, Key] = {
    "id": Key(
        "Its name in rules, data and conditions.", {"type": "string", "pattern": "^[a-z0-9_]+$"}, "id", text_value,
        required=True,
    ),
    "label": title_key("label", "What reports print."),
    "symbol": title_key("symbol", "Printed with the label, so that no meaning is in colour alone."),
    "colour": Key("Text colour.", s.COLOUR, "colour", colour, required=True),
    "points": Key("Used by a roll-up by points.", s.NUMBER, "points", number),
    "aliases": Key("Other spellings, read wherever a level is named.", s.TEXTS, "aliases", texts),
}  # fmt: skip

GRACE: dict[str, Key] = {
    "from": day_key("start", "First day on which it is live.", required=True),
    "until": day_key("until", "Last day on which it is live.", required=True),
    "reason": title_key("reason", "Why it is granted."),
    "authority": title_key("authority", "Who granted it, and when."),
    "evidence": text_key("evidence", "Where that can be looked up."),
    "when": Key("A condition; what cannot be shown is not granted.", s.TEXT),
    str(Effect.SUSPEND): Key("true: grey, suspended.", {"type": "boolean", "enum": [True]}),
    str(Effect.TARGET): Key("Another target while it is live.", s.any_shape(s.NUMBER, s.RANGE)),
    str(Effect.TOLERANCE): Key("Another tolerance while it is live.", s.TOLERANCE),
    str(Effect.EXTEND_DUE): Key("So much more time for actions.", s.DURATION),
    str(Effect.NO_BETTER_THAN): Key("A cap: no level better than this.", s.LEVEL),
    str(Effect.NO_WORSE_THAN): Key("A floor: no level worse than this.", s.LEVEL),
    str(Effect.EXCLUDE_PERIOD): Key(
        "true: grey, suspended, and left out of trend and persistence.", {"type": "boolean", "enum": [True]}
    ),
}
INLINE_GRACE: dict[str, Key] = {"name": Key("What explanations call it.", s.TEXT), **GRACE}

BAND: dict[str, Key] = {
    "rag": Key("The level of values in this band.", s.LEVEL, required=True),
    "from": Key("Lower end, belongs to the band.", s.EDGE),
    "above": Key("Lower end, does not belong to the band.", s.EDGE),
    "to": Key("Upper end, belongs to the band.", s.EDGE),
    "below": Key("Upper end, does not belong to the band.", s.EDGE),
}

ROLLUP: dict[str, Key] = {
    "method": Key(
        "How children make the level: rules (where rules are written), worst, points or share.",
        s.choice(*RollupMethod), "method", lambda value: RollupMethod(one_of(*RollupMethod)(value)),
    ),
    "minimum_coverage": Key(
        "Share of the children that must be rated, else grey: insufficient coverage.",
        s.SHARE, "minimum_coverage", coverage,
    ),
    "rules": Key(
        "Levels with their conditions: the first match wins, the last has none.",
        s.list_of(s.table_of("rule"), most=MOST_RULES, least=1),
    ),
    "bands": Key("Over the mean of points, or over 0 to 100 for share.", _BANDS, "bands", bands_value),
    "of": Key(
        'The level from which a child counts in share, the best if left out; of points, "worst 2" takes the mean of '
        "the two worst.",
        s.LEVEL, "of", text_value,
    ),
    "caps": Key(
        "What the area is no better than, and when.", s.list_of(s.table_of("cap"), most=MOST_RULES, least=1)
    ),
    "floors": Key(
        "What the area is no worse than, and when.", s.list_of(s.table_of("floor"), most=MOST_RULES, least=1)
    ),
}  # fmt: skip

_LIMIT: dict[str, Key] = {
    "when": Key("A condition over the roll-up's own names: red, critical_red, grey, rated, total, worst …", s.TEXT),
    "child": Key("Instead of a condition: a KPI, action or area directly under the area.", s.TEXT),
    "at": Key("The level of the child at which, and at every worse one, it holds.", s.LEVEL),
}
CAP: dict[str, Key] = {
    str(Effect.NO_BETTER_THAN): Key("No level better than this while it holds.", s.LEVEL, required=True),
    **_LIMIT,
}
FLOOR: dict[str, Key] = {
    str(Effect.NO_WORSE_THAN): Key("No level worse than this while it holds.", s.LEVEL, required=True),
    **_LIMIT,
}

RULE: dict[str, Key] = {
    "rag": Key("The area's level where this rule matches.", s.LEVEL, required=True),
    "when": Key("A condition over red, amber, green, critical_red …, grey, rated, total and worst.", s.TEXT),
}

_ID = "^[a-z0-9][a-z0-9_-]{0,79}$"
SCALE: dict[str, Key] = {
    "levels": Key("The levels, worst first.", s.list_of(s.table_of("level"), least=2), required=True)
}
BOOK_FILE: dict[str, Key] = {
    "book": Key("What holds for every area.", s.table_of("book"), required=True),
    "grace": Key(
        "Dated, reasoned and authorised relief; a KPI or action opts into it by name.",
        s.map_of(s.table_of("grace"), "name"),
    ),
    "rollup": Key("How areas are rated that have no roll-up of their own.", s.table_of("rollup")),
    "scale": Key("A scale of one's own; red, amber, green without it.", s.table_of("scale")),
}
AREA_FILE: dict[str, Key] = {
    "area": Key("The area; its id is the name of the file.", s.table_of("area"), required=True),
    "kpi": Key("The area's KPIs, by id.", s.map_of(s.table_of("kpi"), "id", _ID)),
    "action": Key("The area's actions, by id.", s.map_of(s.table_of("action"), "id", _ID)),
    "rollup": Key("A roll-up of the area's own.", s.table_of("rollup")),
    "remove": Key("KPIs and actions of the extended edition to leave out.", s.TEXTS),
}
