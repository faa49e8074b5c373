"""Rules that can be read and cannot be: each is told with the way out."""

from __future__ import annotations

import pytest

import ragengine

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
NUMBER = 'unit = "days"\n'


def told(rule: str, kind: str = "kpi", book: str = BOOK) -> list[tuple[str, str, str]]:
    """Code, message and hint of each error of a rulebook with this rule."""
    area = f'[area]\ntitle = "A"\n[{kind}.k]\ntitle = "K"\n{rule}'
    problems = ragengine.check({"book.toml": book, "a.toml": area})
    return [(each.code, each.message.removeprefix("a.k: "), each.hint) for each in problems if each.is_error]


def bands(*written: str) -> str:
    """Bands of a KPI of which higher values are better."""
    return NUMBER + f'direction = "higher"\nbands = [{", ".join(f"{{ {band} }}" for band in written)}]\n'


RED, AMBER, GREEN = 'rag = "red", below = 50', 'rag = "amber", from = 50, below = 80', 'rag = "green", from = 80'


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ((RED + ", from = 0", AMBER, GREEN), "leave out the lower end of the lowest band"),
        ((RED, AMBER, GREEN + ", to = 100"), "leave out the upper end of the highest band"),
        ((RED, 'rag = "amber", from = 60, below = 80', GREEN), "let one band begin where the one before ends: from = 50 beside below = 50"),
        ((RED, 'rag = "amber", above = 50, below = 80', GREEN), "let one band begin where the one before ends: from = 50 beside below = 50"),
    ],
)  # fmt: skip
def test_a_gap_says_how_it_is_closed(written: tuple[str, ...], hint: str) -> None:
    """At either end of the line an end is left out; within it, one band begins where the other ends."""
    assert [("RAG011", hint)] == [(code, said) for code, _, said in told(bands(*written))]


@pytest.mark.parametrize(
    ("direction", "levels", "wrong"),
    [
        ("higher", ("red", "amber", "green"), ""),
        ("higher", ("red", "green", "amber"), "the direction is higher, and a higher value is worse"),
        ("lower", ("green", "amber", "red"), ""),
        ("lower", ("red", "amber", "green"), "the direction is lower, and a lower value is worse"),
        ("within", ("red", "green", "red"), ""),
        ("within", ("red", "amber", "green"), ""),
        ("within", ("green", "amber", "green"), "the direction is within, and a value nearer the range is worse"),
        ("within", ("green", "red", "amber"), "the direction is within, and a value nearer the range is worse"),
    ],
)
def test_bands_go_the_way_that_is_better(direction: str, levels: tuple[str, ...], wrong: str) -> None:
    """Higher, lower, or to a top and down again."""
    ends = ("below = 50", "from = 50, below = 80", "from = 80")
    written = bands(*(f'rag = "{level}", {end}' for level, end in zip(levels, ends, strict=True)))
    found = told(written.replace('"higher"', f'"{direction}"'))

    assert ([("RAG013", wrong, "check bands and direction")] if wrong else []) == found


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ('direction = "within"\ntarget = { min = 9, max = 3 }\ntolerance = 1\n', "RAG007", "min 9 is above max 3"),
        ('direction = "within"\ntarget = { min = 3, max = 3 }\nmet = "beyond target"\ntolerance = 1\n', "RAG007", "nothing lies strictly inside of 3"),
        ('direction = "within"\ntarget = { min = 3, max = 3 }\ntolerance = 1\n', "", ""),
        ('direction = "higher"\ntarget = 90\namber = 95\n', "RAG013", "the amber line 95 lies on the better side of the target 90"),
        ('direction = "lower"\ntarget = 90\namber = 85\n', "RAG013", "the amber line 85 lies on the better side of the target 90"),
        ('direction = "higher"\ntarget = 90\namber = 90\n', "", ""),
        ('direction = "higher"\ntarget = 90\ntolerance = -1\n', "RAG015", "the tolerance -1 is negative"),
        ('direction = "higher"\ntarget = { 2020-01-01 = 90, 2021-01-01 = 95 }\ntolerance = { 2020-01-01 = 1, 2021-01-01 = -2 }\n', "RAG015", "the tolerance -2 is negative"),
    ],
)  # fmt: skip
def test_a_target_and_its_amber_fit_each_other(rule: str, code: str, said: str) -> None:
    """The ends of a range, the side of the amber line, the sign of a width, in each era."""
    assert ([(code, said)] if code else []) == [(code, message) for code, message, _ in told(NUMBER + rule)]


@pytest.mark.parametrize(
    ("target", "tolerance", "larger"),
    [
        ("200", "200", None),
        ("200", "201", "the tolerance 201 is larger than the target 200"),
        ("200", '"100% of target"', None),
        ("200", '"150% of target"', "the tolerance 300 is larger than the target 200"),
        ("90", '"150% of target"', "the tolerance 135 is larger than the target 90"),
    ],
)
def test_a_tolerance_larger_than_its_target_is_warned_of(target: str, tolerance: str, larger: str | None) -> None:
    """As a number and as a share of the target, small or large."""
    area = f'[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\n{NUMBER}direction = "higher"\ntarget = {target}\ntolerance = {tolerance}\n'
    problems = ragengine.check({"book.toml": BOOK, "a.toml": area})
    said = [each.message.removeprefix("a.k: ") for each in problems if each.code == "RAG030"]

    assert ([] if larger is None else [larger]) == said


def test_more_days_late_is_no_better() -> None:
    """Bands over days late fall; those of a formula may go either way."""
    rising = 'bands = [{ rag = "red", to = 0 }, { rag = "green", above = 0 }]\n'

    assert [("RAG013", "more days late is better in these bands")] == [
        each[:2] for each in told("due = 2020-09-30\n" + rising, "action")
    ]
    gap = rising.replace("to = 0", "below = 0")
    assert [("RAG011", "gap at 0: no band holds it")] == [
        each[:2] for each in told("due = 2020-09-30\n" + gap, "action")
    ]
    assert [] == told('due = 2020-09-30\nformula = "progress"\n' + rising, "action")
    assert [] == told(
        "due = 2020-09-30\n" + rising.replace('"red", to', '"green", to').replace('"green", above', '"red", above'),
        "action",
    )
