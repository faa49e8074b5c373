"""Formulas and conditions: what is hostile is refused at load, what is allowed is exact and ends in three ways."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.rulebook.expression import (
    DivisionByZero,
    Expression,
    ExpressionError,
    MissingInput,
    NameKind,
    compile_expression,
    formula_names,
    when_names,
)
from ragengine.rulefile.load import load_rules

NAMES = when_names(["seen", "due"])
RULES = """\
[area]
title = "A"
[kpi.k]
title = "K"
direction = "higher"
target = 90
tolerance = 5
inputs = ["seen", "due"]
"""
BOOK = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'


def formula(text: str) -> Expression:
    """A formula over the measurement's numbers and two declared ones."""
    return compile_expression(text, names=formula_names(["seen", "due"]), result=NameKind.NUMBER)


def when(text: str) -> Expression:
    """A condition over everything a grace may name."""
    return compile_expression(text, names=NAMES, result=NameKind.YES_NO)


HOSTILE_FORMULAS = [
    # attributes, subscripts and calls
    "value.numerator", "().__class__", "value.__class__.__mro__", "(1).real", "'a'.upper", "causes.pop", "abs.__self__",
    "value[0]", "[1, 2][0]", "'abc'[1]", "causes[0]", "{}['a']", "[1, 2, 3][0:2]", "value[::-1]",
    "open('x')", "__import__('os')", "eval('1')", "exec('1')", "print(1)", "int('5')", "sum([1, 2])", "pow(2, 9)",
    "len('abc')", "range(9)", "getattr(value, 'real')", "type(value)", "abs(-1)(2)", "(lambda: 1)()", "min.mro()",
    "value()", "abs()", "abs(1, 2)", "min(1)", "max()", "round()", "round(1, 2, 3)",
    "round(value, 99)", "round(value, 7)", "round(value, -1)", "round(value, seen)", "round(value, 0.5)",
    "round(value, ndigits=2)", "min(1, 2, key=abs)", "min(*[1, 2])", "max(**{'a': 1})", "min([1, 2])", "abs('a')",
    "min(value, 'a')", "abs(value > 1)",
    # operators
    "2 ** 3", "9**300000", "9**9**9**9", "value // 2", "value % 2", "'%1000000000d' % 1", "1 << 99999999", "8 >> 1",
    "1 | 2", "1 & 2", "1 ^ 2", "~1", "value @ value", "[[1]*1e5]*1e5", "'a' * 1000000000", "[0] * 9",
    "'a' + 'b'", "value + 'a'", "value + (seen > 1)", "-'a'", "+'a'", "-(value > 1)", "(1, 2) + (3,)", "not value",
    # statements, and what binds or builds
    "a = 2", "value = 2", "value := 2", "(value := 2)", "(a := value)", "lambda: 1", "lambda value: value", "import os",
    "def f(): 1", "del value", "value; value", "return 1", "pass", "assert value", "yield 1", "(yield 1)", "await value",
    "[x for x in causes]", "{x for x in causes}", "{x: 1 for x in causes}", "sum(x for x in causes)", "(x for x in [1])",
    "[1, 2]", "(1, 2)", "()", "[]", "{}", "{1}", "{'a': 1}", "1,", "*value", "value, value", "[*causes]", "...",
    "f'{value}'", "f'{value!r:>{seen}}'", "f''", "None", "True", "False", "not True", "__debug__", "value if True else 1",
    # literals
    "b'a'", "rb'a'", "u'a'", "'a'", "''", "1j", "1e5j", "0x10", "0o7", "0b1", "1_000", "1e5", "1E5", "1e400", "1e-400",
    "1.", ".5", "007", "0.1234567890123456", "1234567890123456", "9" * 499, "nan", "inf", "1e999999999", "٣",
    # names
    "valeu", "VALUE", "ｖalue", "ｖａｌｕｅ", "vаlue", "ℯ", "value2", "__builtins__", "_", "os", "café", "seen\u200b",
    "value\u00a0", "ſeen",
    # length, depth and characters
    "1+" * 250 + "1", "+".join(["1"] * 101), "(" * 249 + "1" + ")" * 249, "-" * 21 + "1",
    "-" * 499 + "1", "abs(" * 20 + "1" + ")" * 20, "[" * 240 + "]" * 240, "value" + " " * 500, "value + " + "x" * 500,
    "value\x00", "value\n+ 1", "value\r", "value\t+ 1", "value\x0c", "value\u2028+ 1", "value\u2029", "value\x85",
    "value\x1b[31m", "\ufeffvalue", "value \u202e", "\ud800", "1 + \\\n2", "value # note\n", "", " ", "#", "# value",
    "value +", "(value", "value)", "'value", "value value", "1 2", "value if", "value ? 1 : 2", "value && 1", "$value",
    "100 * seen / dew", "=value", "80%", "1,234", "“value”", "value × 2",
]  # fmt: skip

HOSTILE_CONDITIONS = [
    "a = 2", "value = 2", "x == 1 or 2", "value == 1 or 2", "value > 1 and 5", "'North' in 'North East'", "value",
    "entity", "causes", "not causes", "not value", "'covid'", "1", "1 < 2 < entity", "value == 'a'", "entity == 1",
    "improved == 1", "improved > worsened", "entity < 'b'", "'a' < 'b'", "'a' <= entity", "causes == causes",
    "causes < causes", "causes == 'covid'", "entity is 'a'", "value is not 1", "1is 1", "value in causes", "1 in causes",
    "entity in entity", "'a' in entity", "value in 5", "value in [1, 'a']", "entity in [1]", "value in ['a']",
    "value in [seen]", "value in [1 + 1]", "value in [[1]]", "value in []", "entity in {'a'}", "value in range(9)",
    "value in [" + "1, " * 51 + "]", "'a' in 'b' in causes", "'a' in causes == improved", "entity in ['" + "x" * 201 + "']",
    "entity == '" + "x" * 201 + "'", "value in (x for x in causes)", "improved + 1 > 2", "value if improved else 1",
    "improved if value else worsened", "(1 if improved else 'a') == 1", "all(causes)", "any([improved])", "improved or",
    "'covid' in causes or 'flood'", "entity.startswith('a')", "entity[0] == 'a'", "bool(value)", "improved and lambda: 1",
    "not", "improved not worsened", "improved <> worsened", "value =< 1", "value => 1", "improved AND worsened",
    "improved | worsened", "~improved", "-improved", "min(improved, worsened)", "entity == b'a'", "entity == u'a'",
    "entity == f'{value}'", "causes and improved", "value < 1 < 'a'", "'covid' in (causes if improved else causes)",
]  # fmt: skip


def refused(key: str, text: str) -> None:
    """A rule with this expression gives problems with a code, each cut to a line, and no rules."""
    inline = 'grace = [{ from = 2020-01-01, until = 2020-02-01, reason = "R", authority = "B", suspend = true, when = %s }]\n'
    quoted = "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 and not 0xD800 <= ord(c) < 0xE000 else "?" for c in text)
    line = f'formula = "{quoted}"\n' if key == "formula" else inline % f'"{quoted}"'
    rules, problems = load_rules({"book.toml": BOOK, "a.toml": RULES + line})

    assert rules is None
    assert [(p.code, p.place.file, p.place.line) for p in problems] == [("RAG018", "a.toml", 9)]
    assert problems[0].message
    assert len(str(problems[0])) < 400
    assert "\n" not in str(problems[0])


@pytest.mark.parametrize("text", HOSTILE_FORMULAS, ids=lambda text: ascii(text)[:40])
def test_a_hostile_formula_is_refused_at_load(text: str) -> None:
    """Whatever it tries: one problem at its place, and never an exception."""
    refused("formula", text)


@pytest.mark.parametrize("text", HOSTILE_CONDITIONS, ids=lambda text: ascii(text)[:40])
def test_a_hostile_condition_is_refused_at_load(text: str) -> None:
    """Conditions that are always true, substring tests and mixed types among them."""
    refused("when", text)


VALUES = dict.fromkeys(NAMES) | {
    "value": Fraction(7, 2), "seen": Fraction(57), "due": Fraction(100), "target": Fraction(-5, 2), "denominator": Fraction(0),
    "improved": True, "worsened": False, "entity": "E1", "previous": "red", "causes": frozenset({"covid", "flood"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2", Fraction(3, 10)),
        ("100 * seen / due", Fraction(57)),
        ("seen / due * 100", Fraction(57)),
        ("1 / 3 + 1 / 3 + 1 / 3", Fraction(1)),
        ("999999999999999.999999999999999", Fraction(999999999999999999999999999999, 10**15)),
        ("00", Fraction(0)),
        ("1 - 2 - 3", Fraction(-4)),
        ("2 + 3 * 4", Fraction(14)),
        ("(2 + 3) * 4", Fraction(20)),
        ("-value", Fraction(-7, 2)),
        ("+value - -1", Fraction(9, 2)),
        ("min(value, 3, 5)", Fraction(3)),
        ("max(value, target)", Fraction(7, 2)),
        ("abs(target)", Fraction(5, 2)),
        ("1 if value > 3 else 2", Fraction(1)),
        ("(value)", Fraction(7, 2)),
        (" value ", Fraction(7, 2)),
        # round is half-up, toward more, for negatives too
        ("round(value)", Fraction(4)),
        ("round(2.5)", Fraction(3)),
        ("round(target)", Fraction(-2)),
        ("round(-3.5)", Fraction(-3)),
        ("round(-2.51)", Fraction(-3)),
        ("round(0.125, 2)", Fraction(13, 100)),
        ("round(2.675, 2)", Fraction(268, 100)),
        ("round(-0.125, 2)", Fraction(-12, 100)),
        ("round(1.0000005, 6)", Fraction(1000001, 10**6)),
        ("round(94.96, 1)", Fraction(95)),
    ],
)
def test_arithmetic_is_exact_from_the_source_text(text: str, expected: Fraction) -> None:
    """Rationals of what the author wrote, never what a float makes of it."""
    assert formula(text).evaluate(VALUES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("value >= 3.5", True),
        ("value > 3.5", False),
        ("1 < value < 3.5", False),
        ("1 < value <= 3.5 < 4", True),
        ("0.1 + 0.2 == 0.3", True),
        ("value != 3.5", False),
        ("improved == worsened", False),
        ("not worsened and improved", True),
        ("worsened or value == 3.5", True),
        ("entity == 'E1'", True),
        ("entity in ['E1', 'E2']", True),
        ("entity not in ('E1', 'E2')", False),
        ("value in [1, 3.5]", True),
        ("'covid' in causes", True),
        ("'fire' not in causes", True),
        ("(improved if value > 1 else worsened)", True),
        ("'a' 'b' == 'ab'", True),
    ],
)
def test_conditions_are_yes_or_no(text: str, expected: bool) -> None:
    """Comparisons, membership and the three words of logic."""
    assert when(text).evaluate(VALUES) is expected


def test_what_just_keeps_the_bounds_is_allowed() -> None:
    """500 characters, 20 levels, a list of 50, a text of 200, and brackets that add no depth."""
    assert formula("abs(" * 18 + "value" + ")" * 18).evaluate(VALUES) == Fraction(7, 2)
    assert formula("(" * 100 + "value" + ")" * 100).evaluate(VALUES) == Fraction(7, 2)
    assert formula("max(" + ", ".join(["1"] * 97) + ", 2)").evaluate({}) == 2
    assert formula("value" + " " * 495).evaluate(VALUES) == Fraction(7, 2)
    assert when("value in [" + ", ".join(["1"] * 49 + ["3.5"]) + "]").evaluate(VALUES) is True
    assert when("entity == '" + "x" * 200 + "'").evaluate(VALUES) is False


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("numerator / value", ("numerator",)),
        ("numerator + year_ago_value", ("numerator", "year_ago_value")),
        ("min(value, shortfall, numerator)", ("numerator", "shortfall")),
        ("round(numerator, 2)", ("numerator",)),
    ],
)
def test_a_missing_name_is_named(text: str, missing: tuple[str, ...]) -> None:
    """Every name that is wanted and not there, at once, in order."""
    expression = compile_expression(text, names=NAMES, result=NameKind.NUMBER)

    assert expression.evaluate(VALUES) == MissingInput(missing)
    assert expression.evaluate({}) == MissingInput(tuple(sorted(expression.names)))


@pytest.mark.parametrize(
    "text", ["1 / 0", "value / denominator", "value / (seen - 57)", "0 / 0", "1 / (1 / 3 * 3 - 1)"]
)
def test_division_by_zero_is_an_end_of_its_own(text: str) -> None:
    """Exactly zero, and no exception."""
    assert formula(text).evaluate(VALUES) == DivisionByZero()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("improved or numerator > 1", True),
        ("numerator > 1 or improved", True),
        ("worsened and numerator > 1", False),
        ("numerator > 1 and worsened", False),
        ("improved and numerator > 1", MissingInput(("numerator",))),
        ("worsened or evidence == 'x' or numerator > 1", MissingInput(("evidence", "numerator"))),
        ("improved or 1 / 0 > 1", True),
        ("worsened and 1 / 0 > 1", False),
        ("improved if improved else numerator > 1", True),
        ("numerator > 1 if worsened else improved", True),
        ("improved if numerator > 1 else improved", MissingInput(("numerator",))),
    ],
)
def test_what_cannot_change_the_answer_is_not_needed(text: str, expected: object) -> None:
    """A short circuit passes what is missing, and asks for it where it decides."""
    assert when(text).evaluate(VALUES) == expected


def test_a_name_is_checked_even_where_evaluation_would_pass_it() -> None:
    """A misspelt name behind a short circuit is refused at load, with a did-you-mean."""
    with pytest.raises(ExpressionError) as wrong:
        when("improved or shortfal > 1")

    assert (wrong.value.message, wrong.value.hint, wrong.value.column) == (
        "unknown name 'shortfal'",
        "did you mean shortfall?",
        13,
    )


@pytest.mark.parametrize(
    ("text", "column"),
    [("value + valeu", 9), ("  valeu", 3), ("entity == 'é' or valeu > 1", 18), ("  value +* 2", 10), ("value\t", 6)],
)
def test_the_column_is_that_of_the_fault(text: str, column: int) -> None:
    """Counted in characters of the text as it is written, accents and leading spaces too."""
    with pytest.raises(ExpressionError) as wrong:
        compile_expression(text, names=NAMES, result=NameKind.YES_NO)

    assert wrong.value.column == column


@pytest.mark.parametrize(
    ("text", "result"), [("value > 1", NameKind.NUMBER), ("value", NameKind.YES_NO), ("entity", NameKind.NUMBER)]
)
def test_a_formula_is_a_number_and_a_condition_is_yes_or_no(text: str, result: NameKind) -> None:
    """The other kind is refused, in words."""
    with pytest.raises(ExpressionError, match=f"and {result.value} is wanted"):
        compile_expression(text, names=NAMES, result=result)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("seen >= 1 or due", "'due' is a number: and, or take conditions", 'compare it: "due >= 1"'),
        ("not seen", "'seen' is a number: not takes a condition", 'compare it: "seen >= 1"'),
        ("due if seen else 1", "'seen' is a number: if takes a condition", 'compare it: "seen >= 1"'),
        ("'a' + seen > 1", "\"'a'\" is a text: arithmetic takes numbers", ""),
        ("seen[0] > 1", "'seen[0]' is not allowed", "use names, numbers, + - * /,"),
        ("lambda: seen", "'lambda: seen' is not allowed", "use names, numbers, + - * /,"),
    ],
)
def test_what_does_not_belong_is_quoted_with_the_way_out(text: str, message: str, hint: str) -> None:
    """The part that is meant, as it was written."""
    with pytest.raises(ExpressionError) as wrong:
        compile_expression(text, names=NAMES, result=NameKind.YES_NO)

    assert message == wrong.value.message and wrong.value.hint.startswith(hint)


def test_an_expression_survives_pickling() -> None:
    """It goes to other processes as it is: equal, with the same results."""
    original = formula("round(100 * seen / due, 1)")
    copy = pickle.loads(pickle.dumps(original))

    assert copy == original
    assert hash(copy) == hash(original)
    assert copy.evaluate(VALUES) == Fraction(57)


def test_sixteen_threads_share_one_expression() -> None:
    """Each gets the answer to its own question."""
    shared = formula("round(100 * seen / due, 2) + max(value, target) - abs(target)")

    def answers(thread: int) -> list[object]:
        given = (
            {"seen": Fraction(n), "due": Fraction(thread + 1), "value": Fraction(n), "target": Fraction(1)}
            for n in range(200)
        )
        return [shared.evaluate(values) for values in given]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(answers, range(16)))

    for thread, results in enumerate(found):
        for n, result in enumerate(results):
            cents = (Fraction(10000 * n, thread + 1) + Fraction(1, 2)).__floor__()
            assert result == Fraction(cents, 100) + max(n, 1) - 1


TOKENS = st.sampled_from(
    [*NAMES, "1", "0", "2.5", "0.1", "'covid'", "'E1'", "+", "-", "*", "/", "**", "//", "%", "(", ")", "[", "]", ",", ".",
     "==", "!=", "<", "<=", ">", ">=", "in", "not", "and", "or", "if", "else", "is", "min", "max", "abs", "round", "lambda",
     "for", ":", ":=", "=", "{", "}", "'", '"', "\\", "f'", "\n", "\x00", "é", "1e9", "0x1", "_", "@", "~", "True"]
)  # fmt: skip
ATOMS = st.sampled_from(
    [
        "value",
        "seen",
        "due",
        "denominator",
        "numerator",
        "1",
        "0",
        "2.5",
        "improved",
        "entity",
        "causes",
        "'E1'",
        "'covid'",
    ]
)
TREES = st.recursive(
    ATOMS,
    lambda part: st.one_of(
        st.builds(
            "({} {} {})".format, part, st.sampled_from(["+", "-", "*", "/", "==", "<", ">=", "and", "or", "in"]), part
        ),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "round"]), part, part),
        st.builds("({} if {} else {})".format, part, part, part),
        st.builds("not {}".format, part),
        st.builds("-{}".format, part),
    ),
    max_leaves=12,
)


@given(
    text=st.one_of(st.lists(TOKENS, max_size=30).map(" ".join), TREES, st.text(max_size=60)),
    result=st.sampled_from([NameKind.NUMBER, NameKind.YES_NO]),
)
def test_random_soup_is_refused_or_ends_in_three_ways(text: str, result: NameKind) -> None:
    """Either an ExpressionError at load, or a value of the right kind, missing names, or division by zero."""
    try:
        expression = compile_expression(text, names=NAMES, result=result)
    except ExpressionError as wrong:
        refusal = wrong
    else:
        refusal = None
    if refusal is not None:
        assert refusal.message
        assert 1 <= refusal.column <= len(text) + 1
        return
    for values in (VALUES, {}):
        ended = expression.evaluate(values)
        if isinstance(ended, MissingInput):
            assert ended.names
            assert set(ended.names) <= {name for name in expression.names if values.get(name) is None}
        elif not isinstance(ended, DivisionByZero):
            assert type(ended) is (Fraction if result is NameKind.NUMBER else bool)
