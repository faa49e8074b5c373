"""One value is set where it stands: the text around it stays, byte for byte."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.toml.positions import SourceMap
from ragengine.toml.splice import CannotSplice, key_text, spliced, value_text

#: what the case shows, the text, the path, what is written there, and the text after
PLACES: list[tuple[str, str, tuple[str, ...], str, str]] = [
    ("a number", "a = 90 # [x]\nb = 2\n", ("a",), "92", "a = 92 # [x]\nb = 2\n"),
    ("a text with brackets", "a = '[}' # x", ("a",), '"y"', 'a = "y" # x'),
    ("a text over lines", 'a = """\nb = 1\n""" # x\nb = 2', ("a",), "1", "a = 1 # x\nb = 2"),
    ("an array over lines", "a = [ # x\n  1, # y\n]\nb = 2", ("a",), "[3]", "a = [3]\nb = 2"),
    ("a table in braces", "a = { b = 1 }\n", ("a",), "{ c = 2 }", "a = { c = 2 }\n"),
    ("within braces", "a = { b = 1, c = 'x' }", ("a", "c"), "'y'", "a = { b = 1, c = 'y' }"),
    ("under a header", "[a.b]\nc  =  1\n", ("a", "b", "c"), "2", "[a.b]\nc  =  2\n"),
    ("a dotted key", "[a]\nb.c = 1\n", ("a", "b", "c"), "2", "[a]\nb.c = 2\n"),
    ("a date and time", "a = 2020-01-01 10:00:00\n", ("a",), "1", "a = 1\n"),
    ("a new key, aligned", "[a]\nlong  = 1 # x\n\n[b]\n", ("a", "c"), "2", "[a]\nlong  = 1 # x\nc     = 2\n\n[b]\n"),
    ("a new key, longer", "[a]\nb = 1\n", ("a", "longer"), "2", "[a]\nb = 1\nlonger = 2\n"),
    ("a new key, tight", "[a]\nb=1\n", ("a", "cd"), "2", "[a]\nb=1\ncd=2\n"),
    ("a new key, indented", "[a]\n\tb = 1", ("a", "c"), "2", "[a]\n\tb = 1\n\tc = 2"),
    ("a new key after a text over lines", "[a]\nb = '''\nx'''\n[c]", ("a", "d"), "2", "[a]\nb = '''\nx'''\nd = 2\n[c]"),
    ("a new key under a bare header", "[a] # x\n\n[b]\n", ("a", "c"), "2", "[a] # x\nc = 2\n\n[b]\n"),
    ("a new key before a table below", "[a]\nb = 1\n[a.c]\nd = 1", ("a", "e"), "2", "[a]\nb = 1\ne = 2\n[a.c]\nd = 1"),
    ("a new key with a blank", "[a]\nb = 1", ("a", "c d"), "2", '[a]\nb = 1\n"c d" = 2'),
    ("a new key after a dotted one", "[a]\nb.c = 1\n", ("a", "d"), "2", "[a]\nb.c = 1\nd   = 2\n"),
    ("a new dotted key", "[a]\nb.c = 1\nd = 2\n", ("a", "b", "e"), "2", "[a]\nb.c = 1\nb.e = 2\nd = 2\n"),
    ("a new key in braces", "a = { b = 1 } # x", ("a", "c"), "2", "a = { b = 1, c = 2 } # x"),
    ("a new key in empty braces", "a = {} # x", ("a", "c"), "2", "a = { c = 2 } # x"),
    ("a new key in tight braces", "a={b=1}", ("a", "c"), "2", "a={b=1, c=2}"),
    ("a later date", "a = { 2019-04-01 = 1 }", ("a", "2020-04-01"), "2", "a = { 2019-04-01 = 1, 2020-04-01 = 2 }"),
    ("an earlier date", "a = { 2019-04-01 = 1 }", ("a", "2018-04-01"), "2", "a = { 2018-04-01 = 2, 2019-04-01 = 1 }"),
    ("a date between", "a = { 2019-01-01 = 1, 2021-01-01 = 3 }", ("a", "2020-01-01"), "2", "a = { 2019-01-01 = 1, 2020-01-01 = 2, 2021-01-01 = 3 }"),
    ("a date that is there", "a = { 2019-04-01 = 1 }", ("a", "2019-04-01"), "2", "a = { 2019-04-01 = 2 }"),
    ("a later date under a header", "[a]\n2019-04-01 = 1 # x\n\n[b]", ("a", "2020-04-01"), "2", "[a]\n2019-04-01 = 1 # x\n2020-04-01 = 2\n\n[b]"),
    ("an earlier date under a header", "[a] # x\n\n  2019-04-01 = 1", ("a", "2018-04-01"), "2", "[a] # x\n\n  2018-04-01 = 2\n  2019-04-01 = 1"),
    ("a date among dotted ones", "[a]\nb.2019-04-01 = 1\nc = 3", ("a", "b", "2020-04-01"), "2", "[a]\nb.2019-04-01 = 1\nb.2020-04-01 = 2\nc = 3"),
    ("dates out of order", "a = { 2021-01-01 = 3, 2019-01-01 = 1 }", ("a", "2020-01-01"), "2", "a = { 2021-01-01 = 3, 2019-01-01 = 1, 2020-01-01 = 2 }"),
    ("a new table", "[a]\nb = 1 # x\n", ("c", "d"), "2", "[a]\nb = 1 # x\n\n[c]\nd = 2\n"),
    ("a new table below another", "[a.b]\nc = 1\n\n[d]\n", ("a", "b", "e", "x y", "f"), "2", '[a.b]\nc = 1\n\n[a.b.e."x y"]\nf = 2\n\n[d]\n'),
    ("a new table in braces", "a = { b = 1 }", ("a", "c", "d", "e"), "2", "a = { b = 1, c = { d = { e = 2 } } }"),
    ("a table in a text without any", "", ("a", "b"), "2", "[a]\nb = 2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "written", "expected"), [place[1:] for place in PLACES], ids=[place[0] for place in PLACES]
)
def test_a_value_is_set_where_it_stands(text: str, path: tuple[str, ...], written: str, expected: str) -> None:
    """Replaced in place, or added where a person would add it; and it is then what TOML reads there."""
    after = spliced(SourceMap(text, "a.toml"), path, written).into(text)

    assert after == expected
    found: Any = tomllib.loads(after)
    for part in path:
        found = found[part]
    assert found == tomllib.loads(f"x = {written}")["x"]


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("[a.b]\nc = 1\n", ("a", "b"), "a.b is written as a table of its own"),
        ("[a]\nb.c = 1\n", ("a", "b"), "a.b is written as a table of its own"),
        ("a = 1\n", ("a", "b"), "a is no table"),
        ("[a]\nb = 1\n", ("c",), "c would stand above all tables"),
    ],
)
def test_what_has_no_place_of_its_own_is_refused(text: str, path: tuple[str, ...], said: str) -> None:
    """A table that is written over several lines is not replaced by one value."""
    with pytest.raises(CannotSplice, match=said):
        spliced(SourceMap(text, "a.toml"), path, "1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbf[a]\r\nb = 1 # x\r\nd = 3\r\n", b"\xef\xbb\xbf[a]\r\nb = 1 # x\r\nd = 3\r\nc = 2\r\n"),
        (b"\xef\xbb\xbf[a]\nb = 1\n", b"\xef\xbb\xbf[a]\nb = 1\nc = 2\n"),
        (b"[a]\r\nb = '''\r\n'''", b"[a]\r\nb = '''\r\n'''\r\nc = 2"),
        (b"[a]\nb = 1\r\n", b"[a]\nb = 1\nc = 2\r\n"),
    ],
)
def test_byte_order_mark_and_line_ends_stay(before: bytes, after: bytes) -> None:
    """A new line ends as the first of the file does; no other end is touched."""
    written = before.decode("utf-8")
    text = before.decode("utf-8-sig").replace("\r\n", "\n")

    assert spliced(SourceMap(text, "a.toml"), ("a", "c"), "2").into_written(written).encode("utf-8") == after


@pytest.mark.parametrize("key", ["a", "E06000045", "2020-04-01", "Team North", 'a"b', "", "é", "a.b"])
def test_a_key_is_read_back(key: str) -> None:
    """Quoted where it must be."""
    assert tomllib.loads(f"{key_text(key)} = 1") == {key: 1}


def settable(document: dict[str, Any], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Paths to values that are no tables, through tables only."""
    found: list[tuple[str, ...]] = []
    for key, value in document.items():
        found += settable(value, (*above, key)) if isinstance(value, dict) else [(*above, key)]
    return found


RULES = {
    path.name: path.read_text("utf-8")
    for path in sorted((Path(__file__).resolve().parents[2] / "rules").glob("*.toml"))
    if not path.name.endswith(".cases.toml") and path.name != "tombi.toml"
}
PATHS = [
    (name, path)
    for name, text in RULES.items()
    for path in settable(tomllib.loads(text))
    # [[…examples]] is an array of tables, with headers of its own
    if path in SourceMap(text, name).pairs
]
VALUES = st.one_of(
    st.integers(-99, 99), st.booleans(), st.dates(), st.text(max_size=9),
    st.lists(st.text(max_size=4), max_size=3), st.dictionaries(st.text(max_size=4), st.integers(0, 9), max_size=3),
)  # fmt: skip


@given(at=st.sampled_from(PATHS), fresh=st.one_of(st.none(), st.text(min_size=1, max_size=9)), value=VALUES, windows=st.booleans())  # fmt: skip
def test_setting_any_value_of_the_plan_changes_that_value_alone(
    at: tuple[str, tuple[str, ...]], fresh: str | None, value: Any, windows: bool
) -> None:
    """Any key of the plan's rules, or a new key beside it: read again, all else is as it was, and every other byte."""
    name, path = at
    text = RULES[name]
    written_before = "\ufeff" + text.replace("\n", "\r\n") if windows else text
    if fresh is not None:
        path = (*path[:-1], fresh)
    expected = deepcopy(tomllib.loads(text))
    table = expected
    for part in path[:-1]:
        table = table[part]
    if isinstance(table.get(path[-1]), dict):
        return
    table[path[-1]] = value
    splice = spliced(SourceMap(text, name), path, value_text(value))

    after = splice.into(text)
    assert tomllib.loads(after) == expected
    assert after[: splice.start] == text[: splice.start]
    assert after[splice.start + len(splice.text) :] == text[splice.end :]
    written = splice.into_written(written_before)
    assert written.removeprefix("\ufeff").replace("\r\n", "\n") == after
    assert written.startswith("\ufeff") == windows
    assert written.count("\r\n") == (written.count("\n") if windows else 0)
