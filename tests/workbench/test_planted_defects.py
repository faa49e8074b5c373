"""A copy of the plan's rules with one defect planted: it is told at its exact place, and nothing else is new."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

import ragengine
from ragengine.problem import ADVICE, Problem
from ragengine.workbench.checks import CHECKS

AS_AT = date(2020, 8, 31)
AMBER_RULE = '{ rag = "amber", when = "red >= 1 or amber > rated / 2" },'
RED_RULE = '{ rag = "red",   when = "critical_red >= 1 or red > rated / 2" },'

Plant = Callable[[Path], None]


def kpi(rule: str, name: str = "planted", examples: bool = True) -> Plant:
    """One more KPI for early help."""

    def plant(rules: Path) -> None:
        with (rules / "early-help.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[kpi.{name}]\ntitle = "Planted"\nunit = "%"\ndirection = "higher"\n{rule}\n')
            if examples:
                file.write(f'\n[[kpi.{name}.examples]]\nvalue = 1\nrag = "red"\n')

    return plant


def sound(more: str) -> Plant:
    """A sound KPI with something more."""
    return kpi(f'target = 90\ntolerance = "10 pp"\n{more}')


def graced(effect: str, start: str = "2020-03-23", until: str = "2020-12-31") -> Plant:
    """A sound KPI with a grace of its own."""
    return sound(f"grace = [{inline(effect, start, until)}]")


def inline(effect: str, start: str = "2020-03-23", until: str = "2020-12-31") -> str:
    return f'{{ from = {start}, until = {until}, {effect}, reason = "R", authority = "A" }}'


def book(old: str, new: str) -> Plant:
    """The book with one text in another's place."""

    def plant(rules: Path) -> None:
        text = (rules / "book.toml").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (rules / "book.toml").write_text(text.replace(old, new), encoding="utf-8")

    return plant


def empty_area(rules: Path) -> None:
    (rules / "planted.toml").write_text('[area]\ntitle = "Planted"\n', encoding="utf-8")


UNUSED = '[grace.planted]\nfrom = 2020-04-01\nuntil = 2020-12-31\nsuspend = true\nreason = "R"\nauthority = "A"\n'
EASED = "target = { 2019-04-01 = 90, 2020-04-01 = 85 }"

#: by code: what plants it, the file, and the text that the problem's place points at
PLANTED: dict[str, tuple[Plant, str, str]] = {
    "RAG010": (kpi('target = 90\ntolerance = "10 pp"', "seen-1o-days"), "early-help.toml", "seen-1o-days]"),
    "RAG024": (book(AMBER_RULE, '{ rag = "amber", when = "amber > rated / 2" },'), "book.toml", "[        "),
    "RAG030": (kpi('target = 9\ntolerance = "10 pp"'), "early-help.toml", '"10 pp"'),
    "RAG031": (sound("review_by = 2020-08-30"), "early-help.toml", "2020-08-30"),
    "RAG032": (sound('basis = "assumed"'), "early-help.toml", '"assumed"'),
    "RAG033": (book("[rollup]", UNUSED.replace("2020-12-31", "2027-12-31") + "[rollup]"), "book.toml", "2027-12-31"),
    "RAG035": (sound(f'short = "{"w" * 41}"'), "early-help.toml", '"www'),
    "RAG036": (kpi('target = -10\ntolerance = "10% of target"'), "early-help.toml", '"10% of target"'),
    "RAG040": (kpi('target = 100\ntolerance = "10 pp"\nmet = "beyond target"'), "early-help.toml", "100"),
    "RAG041": (kpi("target = 90\namber = 90"), "early-help.toml", "90"),
    "RAG042": (kpi('target = 0.95\ntolerance = "0.1 pp"'), "early-help.toml", "0.95"),
    "RAG043": (kpi('target = { 2017-04-01 = 90 }\ntolerance = "10 pp"'), "early-help.toml", "{ 2017-04-01"),
    "RAG044": (sound("persistence = 1"), "early-help.toml", "1"),
    "RAG045": (graced('no_worse_than = "red"'), "early-help.toml", "[{ from"),
    "RAG046": (graced('no_worse_than = "amber"', until="2020-08-30"), "early-help.toml", "{ from"),
    "RAG047": (graced('no_worse_than = "amber"', until="2020-09-30"), "early-help.toml", "{ from"),
    "RAG048": (graced("target = 95"), "early-help.toml", "[{ from"),
    "RAG049": (
        sound(f'grace = [{inline("suspend = true")}, {inline("target = 80", "2020-12-31", "2021-01-31")}]'),
        "early-help.toml", "[{ from",
    ),
    "RAG050": (graced('no_worse_than = "amber"', until="2021-04-01"), "early-help.toml", "2021-04-01"),
    "RAG051": (graced('no_better_than = "amber"', start="2020-03-01", until="2021-03-31"), "early-help.toml", "{ from"),
    "RAG052": (book("[rollup]", UNUSED + "[rollup]"), "book.toml", "[grace.planted]"),
    "RAG054": (book(RED_RULE, f'{{ rag = "red", when = "red > rated" }},\n  {RED_RULE}'), "book.toml", '{ rag = "red", when = "red > rated"'),
    "RAG055": (book(RED_RULE, f'{RED_RULE}\n  {{ rag = "red", when = "red == rated" }},'), "book.toml", '{ rag = "red", when = "red == rated"'),
    "RAG056": (empty_area, "planted.toml", "[area]"),
    "RAG057": (sound("weight = 2"), "early-help.toml", "2"),
    "RAG058": (kpi('target = 90\ntolerance = "10 pp"', examples=False), "early-help.toml", "[kpi.planted]"),
    "RAG060": (sound("decimals = 1  # CONFIRM: or 0"), "early-help.toml", "1  # CONFIRM"),
    "RAG061": (kpi('target = 90\ntolerance = "10 pp"', "days"), "early-help.toml", "[kpi.days]"),
    "RAG059": (kpi(f'{EASED}\ntolerance = "10 pp"'), "early-help.toml", "{ 2019-04-01"),
}  # fmt: skip
PLANTED["RAG053"] = (
    book('edition = "2020-21"', 'edition = "2020-21"\ngrace_budget = { share = "1%" }'), "book.toml", "{ share"
)  # fmt: skip
#: what comes with a defect, because it is one too
BESIDE = {"RAG033": ["RAG052"]}


def test_every_code_is_planted() -> None:
    """But the empty rulebook, which is no copy of the plan."""
    assert set(PLANTED) == {*ADVICE, *CHECKS} - {"RAG034"}


def checked(rules: Path, data: ragengine.Data) -> list[Problem]:
    return ragengine.check(rules, as_at=AS_AT, data=data)


@pytest.fixture(scope="module")
def sound_problems(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[set[Problem], ragengine.Data]:
    """What is said of the plan as it is, and the data that some defects need."""
    file = tmp_path_factory.mktemp("data") / "measurements.csv"
    file.write_text(
        "kpi,period,value\nearly-help.planted,2020-04,86\nearly-help.days,2020-04-01,86\n", encoding="utf-8"
    )
    data = ragengine.read(file)
    return {_unplaced(problem) for problem in checked(root / "rules", data)}, data


def _unplaced(problem: Problem) -> Problem:
    """Without the line, which a planted defect may have pushed down."""
    return evolve(problem, place=ragengine.Place(problem.place.file))


@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_defect_is_told_at_its_place_and_nothing_else(
    code: str, root: Path, tmp_path: Path, sound_problems: tuple[set[Problem], ragengine.Data]
) -> None:
    """File, line and column point at the text that is wrong."""
    before, data = sound_problems
    rules = tmp_path / "rules"
    shutil.copytree(root / "rules", rules)
    plant, file, pointed_at = PLANTED[code]
    plant(rules)
    new = [problem for problem in checked(rules, data) if _unplaced(problem) not in before]

    assert sorted(problem.code for problem in new) == sorted([code, *BESIDE.get(code, [])])
    (told,) = (problem for problem in new if problem.code == code)
    line = (rules / file).read_text(encoding="utf-8").splitlines()[told.place.line - 1]
    assert told.place.file == file
    assert line[told.place.column - 1 :].startswith(pointed_at)
