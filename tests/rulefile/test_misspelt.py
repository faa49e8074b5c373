"""A misspelt key is one problem, whatever was wanted of it: the key with what is meant, and nothing that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ragengine.data.read import read
from ragengine.errors import DataError
from ragengine.problem import Problem
from ragengine.rulefile.load import load_rules
from ragengine.toml.positions import SourceMap

GOOD = Path(__file__).parent.parent / "rulefiles" / "good"
#: tables whose keys are the author's own
OWN = ("checks", "ratings", "symbols", "words")


def misspelt(texts: dict[str, str]) -> Iterator[tuple[str, str, int, dict[str, str]]]:
    """Each kind of key of some rule files once, with its last letter twice: file, key, line, and the texts so."""
    seen = set()
    for name, text in texts.items():
        source = SourceMap(text, name)
        for path, pair in source.pairs.items():
            key, named = path[-1], tuple(part for part in path if isinstance(part, str))
            kind = (name.count("."), named[:1], named[2:] if named[0] in ("kpi", "action", "grace") else named[1:])
            if not isinstance(key, str) or not key[0].isalpha() or named[-2] in OWN or kind in seen:
                continue
            seen.add(kind)
            changed = text[: pair.key] + key + key[-1] + text[pair.key + len(key) :]
            yield name, key, source.key_place(path).line, {**texts, name: changed}


@pytest.mark.parametrize("book", [folder.name for folder in sorted(GOOD.iterdir()) if folder.name != "extends"])
def test_a_misspelt_key_is_one_problem(book: str) -> None:
    """Of each table, required or not: at the key, with the key that is meant, and no other error in any file."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in sorted((GOOD / book).glob("*.toml"))}
    tried = 0
    for file, key, line, changed in misspelt(texts):
        errors = [problem for problem in load_rules(changed)[1] if problem.is_error]
        tried += 1

        assert len(errors) == 1, (file, key, errors)
        assert (errors[0].place.file, errors[0].place.line) == (file, line)
        if errors[0].code == "RAG007":
            # two numbers in braces are told whole: { min = 0, max = 100 }
            assert f"{{ {key}" in errors[0].hint or f" {key} =" in errors[0].hint
        else:
            assert (errors[0].code, errors[0].hint) == ("RAG004", f"did you mean {key}?")
            assert f"{key}{key[-1]}'" in errors[0].message
    assert tried > 5


BOOK = '[book]\ntitle = "Plan"\nedition = "2020"\nmissing = "grey"\n'
AREA = """\
[area]
title = "A"
[kpi.k]
title = "K"
unit = "%"
direction = "higher"
target = 90
tolerance = "10 pp"
[action.x]
title = "X"
due = 2020-09-30
"""


def told(folder: Path) -> list[Problem]:
    """What is wrong with data that cannot be used."""
    with pytest.raises(DataError) as refused:
        read(folder)
    return list(refused.value.problems)


def problems(old: str, new: str) -> list[Problem]:
    assert old in AREA
    return load_rules({"book.toml": BOOK, "a.toml": AREA.replace(old, new)})[1]


def test_what_is_wrong_with_its_value_is_told_too_at_the_key_as_written() -> None:
    """Two mistakes are two problems, in one run."""
    assert [str(problem) for problem in problems('tolerance = "10 pp"', "tolerence = 10")] == [
        "a.toml:8:1: error RAG004: a.k: tolerence: unknown key 'tolerence'; did you mean tolerance?",
        'a.toml:8:13: error RAG014: a.k: tolerance: the tolerance 10 can mean two things: "10 pp" (amber runs to 80) '
        'or "10% of target" (amber runs to 81); write which you mean',
    ]


@pytest.mark.parametrize(("old", "new"), [("due", "deu"), ("due", "ude"), ("due", "dud"), ("unit", "nuit")])
def test_swapped_letters_of_a_short_key_are_seen(old: str, new: str) -> None:
    """Two of three letters are much of a key, and neighbours that changed places are the commonest slip."""
    found = problems(f"{old} =", f"{new} =")

    hints = [problem.hint for problem in found if problem.code == "RAG004"]
    swapped = sorted(old) == sorted(new)

    assert len(found) == (1 if swapped else 2)
    assert (hints == [f"did you mean {old}?"]) is swapped


def test_a_key_that_is_near_none_and_the_missing_one_are_both_told() -> None:
    """Nobody knows that the one was meant for the other."""
    assert [(problem.code, problem.message) for problem in problems("due =", "by_when =")] == [
        ("RAG005", "due is missing"),
        ("RAG004", "unknown key 'by_when'"),
    ]


def test_a_misspelt_key_beside_the_right_one_is_not_read() -> None:
    """The right one stands, and the other is told."""
    found = problems('title = "K"', 'title = "K"\ntitel = 5')

    assert [(problem.code, problem.hint) for problem in found] == [("RAG004", "did you mean title?")]


def test_keys_of_a_kpi_are_told_once_for_all_its_entities() -> None:
    """What an entity takes over from its KPI is no slip of the entity's own."""
    more = 'tolerance = "10 pp"\nfoo = 1\nvalld = { min = 0 }\n[kpi.k.entities.E1]\ntargte = 80\n'

    assert [problem.message for problem in problems('tolerance = "10 pp"\n', more)] == [
        "unknown key 'foo'",
        "unknown key 'valld'",
        "unknown key 'targte'",
    ]


def test_a_misspelt_key_of_an_override_is_one_problem(tmp_path: Path) -> None:
    """It is not also the reason that is missing."""
    (tmp_path / "overrides.toml").write_text(
        '[[override]]\nsubject = "a"\nrga = "green"\nform = 2020-01-01\nuntill = 2020-02-01\nreson = "r"\nauthorty = "a"\n'
    )

    assert [(problem.place.line, problem.code, problem.hint) for problem in told(tmp_path)] == [
        (3, "RAG004", "did you mean rag?"),
        (4, "RAG004", "did you mean from?"),
        (5, "RAG004", "did you mean until?"),
        (6, "RAG004", "did you mean reason?"),
        (7, "RAG004", "did you mean authority?"),
    ]


@pytest.mark.parametrize(
    ("file", "header", "given", "meant"),
    [
        ("measurements.csv", "kpi,peroid,value", "peroid", "period"),
        ("measurements.csv", "kpi,period,vlaue", "vlaue", "value"),
        ("actions.csv", "action,as_at,staus", "staus", "status"),
        ("published.csv", "subject,period,rga", "rga", "rag"),
    ],
)
def test_a_misspelt_column_is_one_problem(tmp_path: Path, file: str, header: str, given: str, meant: str) -> None:
    """It is not also the column that is missing."""
    (tmp_path / file).write_text(f"{header}\na.k,2020-07,1\n")

    assert [(problem.code, problem.message) for problem in told(tmp_path)] == [
        ("RAG102", f"the column '{given}' nearly spells '{meant}'")
    ]
