"""An edition extends an earlier one: what is added, changed and removed, and where a fault of either is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import ragengine
from ragengine.problem import Problem
from ragengine.rulebook.rules import Rules
from ragengine.rulefile.load import load_rules

BOOK = """\
[book]
title   = "Plan"
edition = "2019-20"
missing = "grey"

[grace.covid-19]
from          = 2020-03-23
until         = 2020-09-30
no_worse_than = "amber"
reason        = "Visits suspended"
authority     = "Improvement board"
"""
ASSESSMENT = """\
[area]
title = "Assessment"

[kpi.seen]
title     = "Children seen in time"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"
grace     = ["covid-19"]

[kpi.reviewed]
title     = "Plans reviewed"
unit      = "days"
direction = "lower"
target    = 10
tolerance = 2

[action.train]
title = "Train everyone"
due   = 2020-09-30
"""
LATER = '[book]\nedition = "2020-21"\nextends = "../2019-20"\n'


def write(folder: Path, **files: str) -> Path:
    """A folder of rule files; ``book`` for book.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The edition of 2019-20."""
    return write(tmp_path / "2019-20", book=BOOK, assessment=ASSESSMENT, mash='[area]\ntitle = "MASH"\n')


def later(base: Path, book: str = LATER, **files: str) -> Path:
    """The edition of 2020-21, which extends the one before."""
    return write(base.parent / "2020-21", book=book, **files)


def sound(folder: Path) -> Rules:
    """The rules of a folder that has no problem."""
    rules, problems = load_rules(folder)
    assert problems == []
    assert rules is not None
    return rules


def told(folder: Path) -> list[str]:
    """What is wrong with a folder, a line each."""
    return [str(problem) for problem in load_rules(folder)[1]]


def placed(folder: Path) -> list[tuple[str, int, int, str]]:
    """Where it is wrong, and with which code."""
    found: list[Problem] = load_rules(folder)[1]
    return [(p.place.file, p.place.line, p.place.column, p.code) for p in found]


def test_nothing_but_a_name_inherits_everything(base: Path) -> None:
    """Areas, KPIs, actions, graces and the book's choices are those of the extended edition."""
    rules = sound(later(base))

    assert (rules.edition, rules.title, str(rules.missing)) == ("2020-21", "Plan", "grey")
    assert list(rules.areas) == ["assessment", "mash"]
    assert list(rules.kpis) == ["assessment.seen", "assessment.reviewed"]
    assert [grace.name for grace in rules.kpis["assessment.seen"].graces] == ["covid-19"]
    assert rules.changelog == ()


def test_a_kpi_is_added(base: Path) -> None:
    """The file of the new edition holds only what is new."""
    rules = sound(later(base, assessment='[kpi.visits]\ntitle = "Visits"\ndirection = "monitor"\n'))

    assert list(rules.kpis) == ["assessment.seen", "assessment.reviewed", "assessment.visits"]
    assert rules.changelog == ("added assessment.visits",)


def test_one_key_is_changed_and_the_others_stay(base: Path) -> None:
    """Tables are merged key by key, and the new rule rates by the new key."""
    folder = later(base, assessment="[kpi.seen]\ntarget = 95\n")
    book = ragengine.load(folder)

    assert str(book.rate("assessment.seen", 92, period="2020-11").rag) == "amber"
    assert str(ragengine.load(base).rate("assessment.seen", 92, period="2020-11").rag) == "green"
    assert sound(folder).changelog == ("changed assessment.seen: target from 90 to 95",)


def test_a_kpi_and_an_action_are_removed(base: Path) -> None:
    """``remove`` at the top of the area's file."""
    rules = sound(later(base, assessment='remove = ["reviewed", "train"]\n'))

    assert list(rules.kpis) == ["assessment.seen"]
    assert list(rules.actions) == []
    assert rules.changelog == ("removed assessment.reviewed", "removed assessment.train")


def test_a_removed_kpi_can_be_written_anew(base: Path) -> None:
    """What is removed is gone with every key, so the new rule does not inherit from it."""
    text = 'remove = ["reviewed"]\n[kpi.reviewed]\ntitle = "R"\ndirection = "monitor"\n'
    rules = sound(later(base, assessment=text))

    assert rules.kpis["assessment.reviewed"].target is None
    assert rules.changelog == ("removed assessment.reviewed", "added assessment.reviewed")


def test_an_area_is_removed_and_another_added(base: Path) -> None:
    """``remove`` in ``[book]`` takes whole areas out."""
    rules = sound(later(base, LATER + 'remove = ["mash"]\n', visits='[area]\ntitle = "Visits"\n'))

    assert list(rules.areas) == ["assessment", "visits"]
    assert rules.changelog == ("removed mash", "added visits")


def test_the_changelog_tells_every_kind_of_change(base: Path) -> None:
    """Dates within a target, an area's title, the book's choices and a grace: each by its own key."""
    book = LATER + 'missing = "red"\n[grace.covid-19]\nuntil = 2020-12-31\n'
    text = (
        '[area]\ntitle = "Assessments"\n[kpi.seen]\ntarget = { 2020-04-01 = 90, 2020-10-01 = 92.5 }\ncritical = true\n'
    )
    rules = sound(later(base, book, assessment=text))

    assert rules.changelog == (
        "changed assessment.seen: target from 90 to { 2020-04-01 = 90, 2020-10-01 = 92.5 }",
        "changed assessment.seen: critical from nothing to true",
        "changed assessment: area.title from Assessment to Assessments",
        "changed book: book.missing from grey to red",
        "changed book: grace.covid-19.until from 2020-09-30 to 2020-12-31",
    )


def test_a_chain_of_three_editions(base: Path) -> None:
    """The nearest edition wins, each changelog is against the edition just below."""
    later(base, assessment="[kpi.seen]\ntarget = 95\n[kpi.reviewed]\ntarget = 9\n")
    third = write(
        base.parent / "2021-22",
        book='[book]\nedition = "2021-22"\nextends = "../2020-21"\n',
        assessment="[kpi.seen]\ntarget = 97\n",
    )
    rules = sound(third)

    assert rules.changelog == ("changed assessment.seen: target from 95 to 97",)
    assert rules.kpis["assessment.reviewed"].target.values == (9,)  # type: ignore[union-attr]
    assert rules.kpis["assessment.reviewed"].title == "Plans reviewed"


@pytest.mark.parametrize("written", ["../2020-21", ".", "../2020-21/../2020-21/"])
def test_an_edition_that_extends_itself_is_refused(base: Path, written: str) -> None:
    """A circle of one, however it is written, ends at once and stands at the key."""
    folder = later(base, LATER.replace("../2019-20", written))

    assert ("book.toml", 3, 11, "RAG025") in placed(folder)
    assert "in a circle" in "\n".join(told(folder))


def test_two_editions_that_extend_each_other_are_refused(base: Path) -> None:
    """The circle is told in the file that closes it."""
    write(base, book=BOOK.replace('missing = "grey"\n', 'missing = "grey"\nextends = "../2020-21"\n'))

    assert placed(later(base)) == [("../2019-20/book.toml", 5, 11, "RAG025")]


def test_a_circle_through_a_link_is_refused(base: Path) -> None:
    """A link to the folder itself is the folder itself."""
    folder = later(base, LATER.replace("2019-20", "linked"))
    (base.parent / "linked").symlink_to(folder, target_is_directory=True)

    assert "in a circle" in "\n".join(told(folder))


def test_a_chain_without_end_is_refused(tmp_path: Path) -> None:
    """More editions than anyone has are not read."""
    for n in range(12):
        write(tmp_path / str(n), book=f'[book]\nedition = "{n}"\nextends = "../{n + 1}"\n')

    assert any("RAG025" in line and "more than 8 editions" in line for line in told(tmp_path / "0"))


@pytest.mark.parametrize(
    "written",
    ["../2018-19", "", "../2019-20/book.toml", "..\\u0000", "../" + "x" * 300, "../" * 500],
    ids=["missing", "empty", "file", "NUL", "long name", "root"],
)
def test_an_edition_that_is_not_there_is_refused(base: Path, written: str) -> None:
    """What names no folder with a ``book.toml`` is one problem at the key, and never an exception."""
    folder = later(base, LATER.replace("../2019-20", written), assessment=ASSESSMENT)
    found = [place for place in placed(folder) if place[3] == "RAG025"]

    assert found == [("book.toml", 3, 11, "RAG025")]


def test_a_link_in_a_circle_is_refused(base: Path) -> None:
    """A link that leads to itself names no edition."""
    folder = later(base, LATER.replace("2019-20", "round"))
    (base.parent / "round").symlink_to(base.parent / "round")

    assert "there is no edition in '../round'" in "\n".join(told(folder))


def test_a_linked_file_of_the_extended_edition_is_refused_by_name(base: Path) -> None:
    """Only regular files are read, in the extended edition too."""
    (base / "more.toml").symlink_to(base / "assessment.toml")

    assert any(line.startswith("../2019-20/more.toml: error RAG001: the file is a link") for line in told(later(base)))


def test_a_fault_of_the_extended_edition_stands_in_its_file(base: Path) -> None:
    """File, line, column and source line are those of the text that has the fault."""
    write(base, assessment=ASSESSMENT.replace("= 10\n", '= "ten"\n'))
    folder = later(base, assessment="[kpi.seen]\ntarget = 95\n")
    problem = load_rules(folder)[1][0]

    assert str(problem).startswith("../2019-20/assessment.toml:16:13: error RAG006: assessment.reviewed: target: ")
    assert problem.pretty().splitlines()[1:] == ['    target    = "ten"', "                ^"]


def test_a_fault_of_the_extending_edition_stands_in_its_file(base: Path) -> None:
    """A key that both write is the nearer one's."""
    assert placed(later(base, assessment='[kpi.seen]\ntarget = "ten"\n')) == [("assessment.toml", 2, 10, "RAG006")]


def test_a_syntax_error_of_the_extended_edition_stands_in_its_file(base: Path) -> None:
    """What cannot be read at all is placed too."""
    write(base, mash="[area\n")

    assert ("../2019-20/mash.toml", 1, 6, "RAG002") in placed(later(base))


def test_faults_of_a_chain_of_three_stand_where_they_are_written(base: Path) -> None:
    """The way to each file is as seen from the folder that was loaded."""
    write(base, assessment=ASSESSMENT.replace("= 10\n", '= "ten"\n'))
    second = base.parent / "archive" / "2020-21"
    write(second, book=LATER.replace("../2019-20", "../../2019-20"), assessment="[kpi.seen]\ndecimals = 9\n")
    third = write(
        base.parent / "2021-22",
        book='[book]\nedition = "2021-22"\nextends = "../archive/2020-21"\n',
        assessment="[kpi.seen]\nweight = -1\n",
    )

    assert placed(third) == [
        ("../2019-20/assessment.toml", 16, 13, "RAG006"),
        ("../archive/2020-21/assessment.toml", 2, 12, "RAG008"),
        ("assessment.toml", 2, 10, "RAG008"),
    ]


def test_an_inherited_rule_is_explained_with_the_file_it_stands_in(base: Path) -> None:
    """An auditor finds the rule: the file and line of the edition that wrote it."""
    book = ragengine.load(later(base, assessment="[kpi.seen]\ntarget = 95\n"))

    assert (
        "../2019-20/assessment.toml:12, edition 2020-21"
        in book.rate("assessment.reviewed", 9, period="2020-11").explain()
    )
    assert ", assessment.toml:1, edition 2020-21" in book.rate("assessment.seen", 96, period="2020-11").explain()


@pytest.mark.parametrize(
    ("book", "text", "place", "said"),
    [
        ("", 'remove = ["reveiwed"]\n', ("assessment.toml", 1, 11, "RAG019"), "did you mean reviewed"),
        ("", "remove = 5\n", ("assessment.toml", 1, 10, "RAG006"), "not a list of ids"),
        ("", "remove = [5]\n", ("assessment.toml", 1, 10, "RAG006"), "not a list of ids"),
        ('remove = ["mush"]\n', "", ("book.toml", 4, 11, "RAG019"), "did you mean mash"),
        ("remove = 5\n", "", ("book.toml", 4, 10, "RAG006"), "a list of texts is wanted"),
        ("", "kpi = 5\n", ("assessment.toml", 1, 7, "RAG006"), "kpi is not a table"),
        ("", "kpi.seen = 5\n", ("assessment.toml", 1, 12, "RAG006"), "not a table"),
    ],
)
def test_what_removes_or_replaces_nothing_usable_is_told(
    base: Path, book: str, text: str, place: tuple[str, int, int, str], said: str
) -> None:
    """A misspelt id is not ignored, and a wrong type is no exception."""
    folder = later(base, LATER + book, assessment=text)

    assert place in placed(folder)
    assert said in "\n".join(told(folder))


def test_a_book_that_is_no_table_is_a_problem() -> None:
    """``book = 5`` is told as what it is."""
    _, problems = load_rules({"book.toml": "book = 5\n"})

    assert [(p.code, p.message) for p in problems] == [("RAG005", "there is no [book]")]


def test_remove_without_an_edition_below_is_told(base: Path) -> None:
    """An edition that extends none has nothing to remove."""
    write(base, assessment='remove = ["seen"]\n' + ASSESSMENT)

    assert placed(base) == [("assessment.toml", 1, 11, "RAG019")]


def test_texts_without_a_folder_extend_nothing() -> None:
    """A mapping of texts has no folder beside it, so ``extends`` is refused and not ignored."""
    _, problems = load_rules(
        {"book.toml": BOOK.replace("[book]\n", '[book]\nextends = "../x"\n'), "a.toml": ASSESSMENT}
    )

    assert [(p.code, p.place.line, p.place.column) for p in problems] == [("RAG025", 2, 11)]


def test_an_edition_has_a_fingerprint_of_all_that_holds(base: Path) -> None:
    """A change in the extended edition changes the fingerprint; writing the same again does not."""
    folder = later(base, assessment="[kpi.seen]\ntarget = 95\n")
    before = sound(folder).fingerprint
    write(folder, assessment="[kpi.seen]\ntarget = 95\n[kpi.reviewed]\ntarget = 10\n")
    same = sound(folder).fingerprint
    write(base, assessment=ASSESSMENT.replace("target    = 10", "target    = 9"))
    write(folder, assessment="[kpi.seen]\ntarget = 95\n")

    assert same == before
    assert sound(folder).fingerprint != before
