"""What the workbench makes of caps, floors and the worst: coverage, missing cases, mutation, diff, what keeps a level."""

from __future__ import annotations

from pathlib import Path

import pytest

import ragengine
from ragengine.cli import main

BANDS = (
    'bands = [{ rag = "green", from = 2.5 }, { rag = "amber", from = 1.5, below = 2.5 }, { rag = "red", below = 1.5 }]'
)
CAP = 'caps = [{ no_better_than = "amber", child = "deficit", at = "red" }]\n'
KPI = '[kpi.{}]\ntitle = "K"\nunit = "days"\ndirection = "lower"\ntarget = 5\ntolerance = "5 days"\n'
AREA = '[area]\ntitle = "Finance"\n' + "".join(KPI.format(name) for name in ("deficit", "seen", "paid", "held"))
CASE = (
    '[[case]]\nname = "a deficit"\narea = "finance"\n'
    'ratings = { deficit = "red", seen = "green", paid = "green", held = "green" }\n'
    'expect = { rag = "amber", computed = "green" }\n'
)


def folder(root: Path, rollup: str = CAP, cases: str = "") -> str:
    """Rules in a folder: points, and what limits them."""
    root.mkdir()
    head = '[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n'
    (root / "book.toml").write_text(f'{head}[rollup]\nmethod = "points"\n{BANDS}\n{rollup}')
    (root / "finance.toml").write_text(AREA)
    if cases:
        (root / "finance.cases.toml").write_text(cases)
    return str(root)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says."""
    main(list(words))
    return " ".join(capsys.readouterr().out.split())


def test_coverage_asks_for_a_case_that_a_cap_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one it is told as missing, and with one it is not."""
    said = "roll-up limit 1: no_better_than amber where deficit at red or worse"

    assert said in told(capsys, "test", folder(tmp_path / "a"), "--coverage")
    assert said not in told(capsys, "test", folder(tmp_path / "b", cases=CASE), "--coverage")


def test_the_missing_case_of_a_cap_is_written_with_both_levels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And it passes."""
    rules = folder(tmp_path / "a")
    told(capsys, "test", rules, "--write-missing")
    written = (tmp_path / "a" / "finance.boundaries.cases.toml").read_text()

    assert 'expect = { rag = "amber", computed = "green" }' in written
    assert "0 failed" in told(capsys, "test", rules)


def test_mutation_leaves_a_cap_out_and_moves_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case at the cap's level notices all that matter; without it they survive."""
    cap = "no_better_than amber where deficit at red or worse"
    free = told(capsys, "test", folder(tmp_path / "a"), "--mutate")
    held = told(capsys, "test", folder(tmp_path / "b", cases=CASE), "--mutate")

    for change in (f"{cap}: left out", f"{cap}: amber → red", f"{cap}: amber → green", f"{cap}: at red → amber"):
        assert change in free
    assert f"{cap}: left out" not in held and f"{cap}: amber → red" not in held
    assert f"{cap}: at red → amber" in held


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            "",
            ("a cap less: no_better_than amber where deficit at red or worse", "finance.deficit at red, green, green"),
        ),
        (CAP.replace('"amber"', '"red"'), ("a cap more: no_better_than red where", "Amber → Red")),
        (CAP + 'of = "worst 2"\n', ("of all → worst 2",)),
        (CAP.replace("caps", "floors").replace("better", "worse") + CAP, ("a floor more: no_worse_than amber",)),
    ],
)
def test_diff_tells_of_limits_and_gives_an_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], new: str, said: tuple[str, ...]
) -> None:
    """What is less, what is more, and children whose area changes."""
    found = told(capsys, "diff", folder(tmp_path / "old"), folder(tmp_path / "new", new))

    assert all(each in found for each in said), found


def test_limits_in_another_order_are_no_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor is a child named by its id."""
    two = 'caps = [{ no_better_than = "red", when = "red >= 3" }, { no_better_than = "amber", child = "deficit", at = "red" }]'
    turned = 'caps = [{ no_better_than = "amber", child = "finance.deficit", at = "red" }, { no_better_than = "red", when = "red >= 3" }]'  # fmt: skip
    found = told(capsys, "diff", folder(tmp_path / "old", two), folder(tmp_path / "new", turned))

    assert "cap" not in found


def test_why_not_says_that_it_is_limited_and_what_would_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The child that caps it, apart from others at its level."""
    (tmp_path / "measurements.csv").write_text(
        "kpi,period,value\n" + "".join(f"finance.{k},2025-06,{v}\n" for k, v in (("deficit", 20), ("seen", 1), ("paid", 1), ("held", 1)))
    )  # fmt: skip
    found = told(capsys, "explain", folder(tmp_path / "rules"), "finance", "--data", str(tmp_path / "measurements.csv"),
                 "--why-not", "green")  # fmt: skip

    assert "it is computed Green and limited to Amber (deficit at red or worse)" in found
    assert "- deficit (Red) to Amber" in found


def test_the_rule_in_words_names_its_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``explain`` of an area without data."""
    found = told(capsys, "explain", folder(tmp_path / "rules"), "finance")

    assert "It is no better than Amber while this holds: deficit at red or worse." in found


def test_the_fingerprint_knows_of_limits(tmp_path: Path) -> None:
    """Another cap is another rulebook."""
    one, other = (
        ragengine.load(folder(tmp_path / name, rollup))
        for name, rollup in (("a", CAP), ("b", CAP.replace("red", "amber")))
    )

    assert one.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("measure", "idle"),
    [
        ("score = [{ at = 5, points = 1 }, { at = 10, points = 4 }]", False),
        ("weight = 0", False),
        ('target = { from = "median of entities" }', False),
        ('direction = "monitor"', True),
    ],
)
def test_a_cap_over_scores_and_weights_is_no_idle_one(tmp_path: Path, measure: str, idle: bool) -> None:
    """A red child need not make its area red where scores or weights do: the cap is what does."""
    less = BANDS.replace("green", "x").replace("red", "green").replace("x", "red") if "score" in measure else BANDS
    kpi = KPI if "score" not in measure else f"{KPI}{measure}\n"
    first = kpi.replace("{}", "deficit", 1)
    if "monitor" in measure:
        first = '[kpi.deficit]\ntitle = "K"\nunit = "days"\ndirection = "monitor"\n'
    elif "weight" in measure:
        first += f"{measure}\n"
    elif "entities" in measure:
        first = (
            f'[kpi.deficit]\ntitle = "K"\nunit = "days"\ndirection = "lower"\n{measure}\ntolerance = 0\nweight = 0\n'
        )
    rules = {
        "book.toml": f'[book]\ntitle = "T"\nedition = "E"\nmissing = "grey"\n[rollup]\nmethod = "points"\n{less}\n{CAP}',
        "finance.toml": '[area]\ntitle = "Finance"\n'
        + first
        + kpi.replace("{}", "seen", 1)
        + kpi.replace("{}", "paid", 1),
    }
    found = [problem.code for problem in ragengine.check(rules)]

    assert ("RAG054" in found) is idle
