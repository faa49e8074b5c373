"""Where every key and value stands, however the TOML is written."""

from __future__ import annotations

import base64
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ragengine.toml.positions import SourceMap

KeyPath = tuple[str | int, ...]

#: the text, a path in it, and line and column of its key and of its value
PLACES: list[tuple[str, str, KeyPath, tuple[int, int], tuple[int, int]]] = [
    ("plain", "a = 1", ("a",), (1, 1), (1, 5)),
    ("no spaces", "a=1", ("a",), (1, 1), (1, 3)),
    ("indented with tabs", "\t a \t=\t 'x'", ("a",), (1, 3), (1, 9)),
    ("after blank lines and comments", "# a = 2\n\n  # [b]\na = 1 # a = 3\n", ("a",), (4, 1), (4, 5)),
    ("comment with brackets", "[a] # [[b]] = {\nb = 1", ("a", "b"), (2, 1), (2, 5)),
    ("comment after a header", "[a]#x\nb = 1", ("a", "b"), (2, 1), (2, 5)),
    ("header", "x = 1\n[ a . b ]\nc = 2", ("a", "b"), (2, 7), (2, 1)),
    ("header's first key", "x = 1\n[ a . b ]\nc = 2", ("a",), (2, 3), (2, 1)),
    ("under a dotted header", "[a.b]\nc = 2", ("a", "b", "c"), (2, 1), (2, 5)),
    ("dotted key, last", "a.b . c = 2", ("a", "b", "c"), (1, 7), (1, 11)),
    ("dotted key, first", "a.b . c = 2", ("a",), (1, 1), (1, 1)),
    ("dotted key, second of two", "a.b = 1\na.c = 2", ("a", "c"), (2, 3), (2, 7)),
    ("quoted key", "\"a b\" = 1", ("a b",), (1, 1), (1, 9)),
    ("quoted key with a dot", "\"a.b\".'c.d' = 1", ("a.b", "c.d"), (1, 7), (1, 15)),
    ("quoted key with an equals sign", "'a = b' = 1", ("a = b",), (1, 1), (1, 11)),
    ("quoted key with a bracket", "[\"a]b\"]\nc = 1", ("a]b", "c"), (2, 1), (2, 5)),
    ("quoted key with a hash", "'#' = 1\nb = 2", ("b",), (2, 1), (2, 5)),
    ("empty quoted key", "'' = 1", ("",), (1, 1), (1, 6)),
    ("escaped key", "\"a\\\"b\\t\" = 1", ("a\"b\t",), (1, 1), (1, 12)),
    ("key with an escaped letter", "\"\\u00e9\\U0001F600\" = 1", ("é😀",), (1, 1), (1, 22)),
    ("literal key with a backslash", "'\\t\\u0041' = 1", ("\\t\\u0041",), (1, 1), (1, 14)),
    ("key with a letter and an escape", "\"é\\t\" = 1", ("é\t",), (1, 1), (1, 9)),
    ("date as a key", "2020-04-01 = 85", ("2020-04-01",), (1, 1), (1, 14)),
    ("number as a key", "1.2 = 85", ("1", "2"), (1, 3), (1, 7)),
    ("inline table", "a = { b = 1, c = { d = 2 } }", ("a", "c", "d"), (1, 20), (1, 24)),
    ("inline table with a dotted key", "a = { b.c = 1 }", ("a", "b", "c"), (1, 9), (1, 13)),
    ("inline table with a quoted key", "a = { '}' = 1, c = 2 }", ("a", "c"), (1, 16), (1, 20)),
    ("empty inline table before another", "a = {}\nb = 1", ("b",), (2, 1), (2, 5)),
    ("array item", "a = [1, 22, 3]", ("a", 2), (1, 13), (1, 13)),
    ("array over lines", "a = [ # [\n  1, # ,\n\n  2,\n]\nb = 1", ("a", 1), (4, 3), (4, 3)),
    ("after an array over lines", "a = [ # [\n  1, # ,\n\n  2,\n]\nb = 1", ("b",), (6, 1), (6, 5)),
    ("array of arrays", "a = [[1, 2], [3, [4]]]", ("a", 1, 1, 0), (1, 19), (1, 19)),
    ("array of inline tables", "a = [\n { b = 1 },\n { b = 2 },\n]", ("a", 1, "b"), (3, 4), (3, 8)),
    ("text with brackets in an array", "a = [']', \"}\", 'x']", ("a", 2), (1, 16), (1, 16)),
    ("array of tables", "[[a]]\nb = 1\n[[a]]\nb = 2", ("a", 1, "b"), (4, 1), (4, 5)),
    ("array of tables, its second header", "[[a]]\nb = 1\n[[ a ]]\nb = 2", ("a", 1), (3, 4), (3, 1)),
    ("table under an array of tables", "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2", ("a", 1, "b", "c"), (6, 1), (6, 5)),
    ("array under an array of tables", "[[a]]\n[[a.b]]\n[[a.b]]\nc = 1\n[[a]]\n[[a.b]]\nc = 2", ("a", 1, "b", 0, "c"), (7, 1), (7, 5)),
    ("text with an escaped quote", "a = \"x\\\"] # \"\nb = 1", ("b",), (2, 1), (2, 5)),
    ("literal text with a backslash", "a = 'x\\'\nb = 1", ("b",), (2, 1), (2, 5)),
    ("text over lines", "a = \"\"\"\nb = 2\n[c]\n\\\"\"\" x\"\"\"\nb = 1", ("b",), (5, 1), (5, 5)),
    ("text over lines that ends in quotes", "a = \"\"\"x\"\"\"\"\"\nb = 1", ("b",), (2, 1), (2, 5)),
    ("literal text over lines", "a = '''\nb = 2 ''\n'''''\nb = 1", ("b",), (4, 1), (4, 5)),
    ("empty text over lines", "a = \"\"\"\"\"\"\nb = ''''''\nc = 1", ("c",), (3, 1), (3, 5)),
    ("date and time with a space", "a = [2020-04-01 10:00:00, 1]\nb = 1", ("a", 1), (1, 27), (1, 27)),
    ("time, float and hexadecimal", "a = [07:32:00, -1.5e-3, 0xFF, inf, true]", ("a", 4), (1, 36), (1, 36)),
    ("value beside a comment", "a = 1#x\nb = 2", ("b",), (2, 1), (2, 5)),
    ("letters of several bytes before it", "a = { b = 'é😀', c = 1 }", ("a", "c"), (1, 17), (1, 21)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "key", "value"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_a_key_and_its_value_are_found(text: str, path: KeyPath, key: tuple[int, int], value: tuple[int, int]) -> None:
    """Line and column, counted from 1 in characters."""
    source = SourceMap(text, "a.toml")
    places = source.key_place(path), source.place(path)

    assert path in source
    assert [(place.line, place.column) for place in places] == [key, value]
    assert {place.file for place in places} == {"a.toml"}


def test_a_path_that_is_not_there_has_the_place_of_the_nearest_above() -> None:
    """A key that is missing is told at its table, and in a file without it at the beginning."""
    source = SourceMap("x = 1\n\n[a.b]\nc = 2\n", "a.toml")

    assert str(source.place(("a", "b", "d", 0))) == "a.toml:3:4"
    assert str(source.key_place(("q", "r"))) == "a.toml:1:1"
    assert ("a", "b", "d") not in source
    assert source.reach(("a", "b", "d", 0)) == 2
    assert [source.line_text(n) for n in (0, 4, 5, 99)] == ["", "c = 2", "", ""]


def paths(value: Any, above: KeyPath = ()) -> list[KeyPath]:
    """Every path of a document, tables and items of arrays too."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, below in items for path in ((*above, key), *paths(below, (*above, key)))]


def unfound(text: str) -> list[KeyPath]:
    """Paths that tomllib reads and the scanner does not find."""
    source = SourceMap(text, "a.toml")
    return [path for path in paths(tomllib.loads(text)) if path not in source]


def test_every_path_of_the_plans_rules_is_found(root: Path) -> None:
    """The worked example, file by file."""
    for file in sorted((root / "rules").glob("*.toml")):
        assert unfound(file.read_text(encoding="utf-8")) == [], file.name


def test_every_path_of_the_published_toml_files_is_found(shared: Path) -> None:
    """The peer's suite of valid files: whatever tomllib accepts, the scanner reads to its end."""
    listed = shared / "data" / "peer_toml_test" / "toml_1_0.jsonl"
    if not listed.is_file():
        pytest.skip("the peer's TOML suite is not among the published data")
    wrong: dict[str, object] = {}
    read = 0
    for row in map(json.loads, listed.read_text(encoding="utf-8").splitlines()):
        raw = row["toml"].encode() if "toml" in row else base64.b64decode(row["toml_base64"])
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
            tomllib.loads(text)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue
        read += 1
        try:
            lost: object = unfound(text)
        except Exception as error:  # each is told with its file
            lost = repr(error)
        if lost:
            wrong[row["name"]] = lost

    assert wrong == {}
    assert read >= 200


def json_text(text: str) -> str:
    """A basic string of TOML: JSON's escapes, other letters as they are."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


KEYS = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True), st.text(max_size=4))
SCALARS = st.one_of(st.integers(-99, 99).map(str), st.booleans().map(str).map(str.lower), st.text(max_size=8).map(json_text), st.sampled_from(["1.5", "2020-04-01", "2020-04-01 10:00:00", "'#[]{}='", "'''a\n'b'''", '"""\\"""" x"""']))  # fmt: skip


def written_key(key: str) -> str:
    """A bare key where it can be one, else quoted."""
    bare = key and key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
    return key if bare else json_text(key)


def written(value: Any) -> str:
    """Nested tables and arrays on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{written_key(key)} = {written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value)


VALUES = st.recursive(
    SCALARS, lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(KEYS, part, max_size=3)), max_leaves=6
)


@given(document=st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_path_of_any_document_is_found(document: dict[str, Any]) -> None:
    """Random keys, texts and nesting."""
    text = "\n".join(f"{written_key(key)} = {written(value)} # [x]" for key, value in document.items())
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return

    assert unfound(text) == []


TEXTS: list[tuple[str, str]] = [
    ("basic", r'a = "x\ty\u00e9z\U0001F600 é"'),
    ("literal", r"a = 'x\ty'"),
    ("empty", 'a = ""'),
    ("basic over lines", 'a = """\nfirst\n  second \\t \\\\ x"""'),
    ("joined lines", 'a = """one \\\n   \n  two\\" three"""'),
    ("literal over lines", "a = '''\nfirst\nsecond'''"),
    ("ends in quotes", 'a = """x"""""'),
    ("empty over lines", 'a = """"""'),
]


@pytest.mark.parametrize("text", [t[1] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_each_character_of_a_text_is_found(text: str) -> None:
    """Where it stands itself, or where its escape begins; and last the quote that closes the text."""
    source, value = SourceMap(text, "a.toml"), tomllib.loads(text)["a"]
    offsets = source.text_offsets(("a",))

    assert len(offsets) == len(value) + 1
    assert list(offsets) == sorted(set(offsets))
    assert all(text[at] in (letter, "\\") for letter, at in zip(value, offsets, strict=False))
    assert text[offsets[-1]] in "\"'"


@given(st.text(max_size=30), st.booleans())
def test_each_character_of_any_escaped_text_is_found(value: str, ascii_only: bool) -> None:
    """JSON's escapes are TOML's, but for a delete and letters beyond the first plane."""
    written = json.dumps(value, ensure_ascii=ascii_only).replace("\x7f", "\\u007f")
    text = f"[b]\na = [ 1, {{ c = {written} }} ] # {written}"
    try:
        kept = tomllib.loads(text)["b"]["a"][1]["c"]
    except tomllib.TOMLDecodeError:
        return  # a surrogate pair
    source = SourceMap(text, "a.toml")
    offsets = source.text_offsets(("b", "a", 1, "c"))

    assert kept == value
    assert all(text[at] in (letter, "\\") for letter, at in zip(value, offsets, strict=False))
    assert text[offsets[-1]] == '"'
    assert source.place_at(offsets[0]).line == 2
