"""``report --check``: each fault of the list is found in a file that has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ragengine.errors import BadArgument
from ragengine.report.accessibility import findings

GOOD = (
    '<!doctype html><html lang="en"><head><title>T</title></head><body><main><h1>T</h1>'
    '<table><caption>c</caption><tr><th scope="col">a</th></tr></table><img alt="x" src="#"></main></body></html>'
)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (' lang="en"', "", "language"),
        ("<title>T</title>", "", "no title"),
        ("<main>", "<div>", "no main landmark"),
        ("<h1>T</h1>", "<h1>T</h1><h3>x</h3>", "skipped"),
        ("<h1>T</h1>", "", "0 headings of the first level"),
        ("<caption>c</caption>", "", "no caption"),
        (' scope="col"', "", "no scope"),
        (' alt="x"', "", "no words"),
        ('src="#"', 'src="https://example.org/x.png"', "network"),
        ("<h1>T</h1>", "<h1>T</h1><svg></svg>", "drawing has no words"),
        ("<h1>T</h1>", "<h1>T</h1><input>", "no label"),
    ],
)
def test_each_fault_of_a_page_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    """One fault in a page that has none otherwise."""
    path = tmp_path / "page.html"
    path.write_text(GOOD, "utf-8")
    assert findings(path) == []
    path.write_text(GOOD.replace(before, after), "utf-8")

    assert [finding for finding in findings(path) if said in finding]


@pytest.mark.parametrize(("name", "content"), [("x.doc", b""), ("x.docx", b"no zip"), ("x.html", b"\xff\xfe")])
def test_a_file_that_is_none_is_wrong_use(tmp_path: Path, name: str, content: bytes) -> None:
    """Said in a sentence."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(BadArgument, match="--check"):
        findings(path)
