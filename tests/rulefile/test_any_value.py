"""A rulebook that uses nearly every key, with any one value replaced by any other type: told, and never raised."""

from __future__ import annotations

import copy
import tomllib
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ragengine.rulefile.load import load_rules

GOOD = Path(__file__).resolve().parent.parent / "rulefiles" / "good"
WRONG: list[Any] = [
    5, -1, Decimal("-5.5"), Decimal("1E+13"), True, "", "x", '"', "none", [], ["x"], [5], [[]], [{}], [{"x": 1}], {}, {"x": 1}, {"2020-04-01": "x"},
    date(2020, 4, 1), date(2250, 1, 1), datetime(2020, 4, 1, 10), time(10),
]  # fmt: skip
FILES = sorted((path.parent.name, path.name) for path in GOOD.glob("*/*.toml"))


def written(value: Any) -> str:
    """A TOML value on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{written(key)} = {written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return str(value)


def file(document: dict[str, Any]) -> str:
    """A TOML text of one line a key."""
    return "".join(f"{written(key)} = {written(value)}\n" for key, value in document.items())


def paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, below in items for path in ((*above, key), *paths(below, (*above, key)))]


@pytest.mark.parametrize(("folder", "name"), FILES, ids=lambda part: part.removesuffix(".toml"))
def test_any_value_of_any_type_anywhere_is_read_or_told(folder: str, name: str) -> None:
    """Each change gives rules that have a fingerprint, or problems with a code, a file and a line of text."""
    documents = {
        path.name: tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for path in (GOOD / folder).glob("*.toml")
    }
    documents["book.toml"]["book"].pop("extends", None)
    texts = {other: file(document) for other, document in documents.items()}
    for path in paths(documents[name]):
        for wrong in WRONG:
            changed = copy.deepcopy(documents[name])
            table: Any = changed
            for key in path[:-1]:
                table = table[key]
            table[path[-1]] = wrong
            rules, problems = load_rules({**texts, name: file(changed)})

            if rules is None:
                assert any(problem.is_error for problem in problems), (path, wrong)
                assert all(problem.place.file in texts and "\n" not in str(problem) for problem in problems), (
                    path,
                    wrong,
                )
            else:
                assert len(rules.fingerprint) == 64
