"""What a sentence says is so: read as a reader would read it, and tried on the rulebook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from attrs import frozen
from hypothesis import assume, event, given
from hypothesis import strategies as st

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
UNITS = ["%", "days", "£", ""]
NUMBER = r"-?£?[0-9][0-9,]*(?:\.[0-9]+)?"
CHANGE = re.compile(
    rf"(?P<past>more than )?(?:(?P<anything>anything)|(?P<size>{NUMBER})(?P<unit>(?: (?:percentage points?|days?))?))"
    r" (?P<way>more|less|fewer)(?: of (?P<of>[0-9,]+))? would make it (?P<level>Red|Amber|Green)",
    re.IGNORECASE,
)
HEADLINE = re.compile(
    rf": (?P<value>{NUMBER})(?:%| days?)?(?: \([^)]*\))?(?:, judged as (?P<judged>{NUMBER})(?:%| days?)?)?,?"
    r"(?: against a target of (?P<target>.*?): (?P<short>.*?))?\. (?P<level>Red|Amber|Green) (?P<band>(?:is|runs) .*?)\.$"
)
TINY = Fraction(1, 10**30)


def number(said: str) -> Fraction:
    """A number as it stands in a sentence."""
    return Fraction(said.replace(",", "").replace("£", ""))


def last_step(said: str) -> Fraction:
    """One step of a printed number's last decimal."""
    return Fraction(1, 10 ** len(said.partition(".")[2]))


@frozen
class Drawn:
    """A rule and a value beside one of its lines, as a caller gives it."""

    rule: str
    given: dict[str, Any]

    def load(self) -> ragengine.Rulebook:
        try:
            return ragengine.load(
                {"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{self.rule}'}
            )
        except ragengine.RulebookError:
            assume(False)
            raise


decimals = st.builds(lambda n, places: Fraction(n, 10**places), st.integers(1, 9_900), st.integers(0, 3))
EFFECTS = ['no_better_than = "amber"', 'no_worse_than = "amber"', "target = {n}", "tolerance = {n}"]
CONDITIONS = ["", "", ", when = 'value > {n}'", ", when = '\"covid\" in causes'"]


def written(value: Fraction) -> str:
    return f"{float(value):g}" if Fraction(f"{float(value):g}") == value else str(float(value))


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, list[Fraction]]:
    """A KPI of any direction, with amber, rounding, reliefs, and the lines beside which values are drawn."""
    direction = draw(st.sampled_from(["higher", "lower", "within"]))
    target, width = draw(decimals), draw(st.one_of(st.just(Fraction(0)), decimals))
    lines = [target, target - width, target + width]
    said = written(target)
    if direction == "within":
        size = draw(st.one_of(st.just(Fraction(0)), decimals))
        said = f"{{ min = {written(target)}, max = {written(target + size)} }}"
        lines += [target + size, target + size + width]
    unit = draw(st.sampled_from(UNITS))
    tolerance = f'"{written(width)} pp"' if unit == "%" else written(width)
    rule = [f'direction = "{direction}"', f"target = {said}", f"tolerance = {tolerance}", f'unit = "{unit}"']
    rule += draw(st.sampled_from([[], [], ["decimals = 0"], ["decimals = 1"], ['met = "beyond target"']]))
    rule += draw(
        st.sampled_from([[], [], ["requires_evidence = true"], [f"valid = {{ max = {written(target + 5)} }}"]])
    )
    graces = []
    for effect in draw(st.sets(st.sampled_from(EFFECTS), max_size=2)):
        if direction == "within" and effect.startswith("target"):
            continue
        when = draw(st.sampled_from(CONDITIONS)).format(n=written(draw(st.sampled_from(lines))))
        amount = draw(decimals)
        lines.append(amount if effect.startswith("target") else target - amount)
        amount_said = f'"{written(amount)} pp"' if unit == "%" and effect.startswith("tol") else written(amount)
        graces.append(
            f"{{ from = 2020-03-23, until = 2020-09-30, {effect.format(n=amount_said)}, reason = 'R', authority = 'B'{when} }}"
        )
    rule.append(f"grace = [{', '.join(graces)}]")
    return "\n".join(rule) + "\n", lines


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """A value on, just under and just over a line: a float, a ratio, a long decimal, counts."""
    rule, lines = draw(rules())
    line = draw(st.sampled_from(lines))
    extra = {"causes": draw(st.sampled_from(["", "covid"])), "evidence": draw(st.sampled_from(["", "seen"]))}
    kind = draw(st.sampled_from(["on", "hair", "thirteenth", "float", "long", "counts", "near"]))
    event(kind)
    sign = draw(st.sampled_from([-1, 1]))
    match kind:
        case "on":
            value: Any = line
        case "hair":
            value = line + sign * Fraction(1, 10 ** draw(st.integers(3, 13)))
        case "thirteenth":
            value = line + sign * Fraction(draw(st.integers(1, 60)), 13)
        case "float":
            value = float(line) * draw(st.floats(0.8, 1.2))
        case "long":
            value = line + sign * Fraction(draw(st.integers(1, 10**15)), 10**13)
        case "counts" if 'unit = "%"' in rule:
            denominator = draw(st.integers(1, 20_000))
            near = max(0, min(denominator, int(line * denominator / 100) + draw(st.integers(-2, 2))))
            return Drawn(rule, {"numerator": near, "denominator": denominator, **extra})
        case _:
            value = line + draw(st.integers(-20, 20))
    return Drawn(rule, {"value": value, **extra})


def rated(book: ragengine.Rulebook, given: dict[str, Any]) -> Any:
    return book.rate("a.k", period="2020-07", **given)


def changed(given: dict[str, Any], by: Fraction, counts: bool) -> dict[str, Any]:
    """The same row with a change of its value, or of its numerator."""
    if counts:
        return {**given, "numerator": given["numerator"] + by}
    if "numerator" in given:
        value = Fraction(100 * given["numerator"], given["denominator"])
        return {**{k: v for k, v in given.items() if k not in ("numerator", "denominator")}, "value": value + by}
    value = given["value"]
    return {**given, "value": (value if isinstance(value, Fraction) else Fraction(repr(value))) + by}


def false_changes(book: ragengine.Rulebook, text: str, given: dict[str, Any]) -> Iterator[str]:
    """The changes of a text that do not hold."""
    for said in CHANGE.finditer(text):
        level, way = said["level"].lower(), 1 if said["way"] == "more" else -1
        counts = said["of"] is not None or said["way"] == "fewer"
        if said["anything"]:
            enough, short = TINY, Fraction(0)
        else:
            size = number(said["size"])
            enough, short = (size + TINY, size) if said["past"] else (size, size - last_step(said["size"]))
        got = rated(book, changed(given, way * enough, counts)).rag
        less = rated(book, changed(given, way * short, counts)).rag
        if got != level or less == level:
            yield f"{said[0]!r}: so much gives {got}, less gives {less}"


def on_own_side(text: str, value: Fraction, lines: list[Fraction], decimals: int | None) -> Iterator[str]:
    """The numbers of a headline that lie on another side of a line than what they stand for."""
    head = text.splitlines()[0]
    said = HEADLINE.search(head)
    assert said is not None, head
    shown = number(said["judged"] or said["value"])
    stands_for = value if said["judged"] is None else number(said["judged"])
    beside = [number(found) for part in (said["target"] or "", said["band"]) for found in re.findall(NUMBER, part)]
    for line in beside:
        if (shown > line, shown < line) != (stands_for > line, stands_for < line):
            yield f"{shown} beside {line}, for {float(stands_for)!r}"
        if line not in lines:
            yield f"{line} is no line of the rule"
    short = re.search(NUMBER, said["short"] or "")
    if short and number(short[0]) == 0:
        yield f"{said['short']}: nothing short, and not on the target"


@given(drawn())
def test_what_a_sentence_says_is_so(drawn: Drawn) -> None:
    """The stated change gives the stated level, a step less does not, and each number lies on its own side."""
    book = drawn.load()
    rating = rated(book, drawn.given)
    text = rating.explain()

    assert [] == list(false_changes(book, text, drawn.given)), (drawn, text)
    assert not re.search(r"\b[Ii]t is (Red|Amber|Green)\b", text), text
    if rating.rag != "grey" and rating.value is not None and rating.computed != "grey":
        ruling = rating.outcome.ruling
        lines = [cut.at for cut in ruling.as_printed.table.thresholds]
        target = ruling.target
        lines += [Fraction(target.min), Fraction(target.max)] if hasattr(target, "min") else [target]
        assert [] == list(on_own_side(text, rating.value, lines, ruling.kpi.decimals)), (drawn, text)


@given(drawn(), st.sampled_from(["red", "amber", "green"]))
def test_what_is_asked_for_is_so(drawn: Drawn, level: str) -> None:
    """``needed_for`` holds for every level, not only for the next; where there is none, none was to be had."""
    book = drawn.load()
    rating = rated(book, drawn.given)
    needed = rating.needed_for(level)
    if needed is None:
        return
    if needed.is_met:
        assert rating.rag == level
        return
    assert [] == list(false_changes(book, str(needed), drawn.given)), (drawn, str(needed))


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([Fraction(1, 10), Fraction(1, 5), Fraction(1, 3)]))
def test_a_formula_says_what_is_so(numerator: int, denominator: int, line: Fraction) -> None:
    """Of a share that no decimal writes, too."""
    at = f"{float(round(line, 2))}"
    rule = (
        'direction = "lower"\nformula = "numerator / denominator"\n'
        f'bands = [{{ rag = "green", below = {at} }}, {{ rag = "amber", from = {at}, below = 0.5 }}, '
        '{ rag = "red", from = 0.5 }]\n'
    )
    book = Drawn(rule, {}).load()
    text = rated(book, {"numerator": numerator, "denominator": denominator}).explain()
    bare = Drawn(rule.replace('formula = "numerator / denominator"\n', 'formula = "value"\n'), {}).load()

    assert [] == list(false_changes(bare, text, {"value": Fraction(numerator, denominator)})), text
