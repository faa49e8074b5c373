"""Blocks of a CSV file, however they are cut, hold what the strict reader reads from the whole."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from ragengine.data.csv_table import open_csv, read_records
from ragengine.errors import DataError
from ragengine.problem import Problem
from ragengine.whole_files import csv_source
from ragengine.whole_files.csv_source import CsvSource

PIECES = st.sampled_from(
    ["a", "b ", ",", ";", '"', '""', "\n", "\r\n", "\r", " ", "é", "\x1e", "\u2028", "=1", "x,y,z\n"]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
#: what may stand before the header; the header; how its line ends
HEADS = st.tuples(
    st.sampled_from(("", "\ufeff")),
    st.sampled_from(("", "", "sep=,\n", "sep=,\r\n", "sep=,\r")),
    st.sampled_from(("k,l,m", '"k",l,"m"')),
    st.sampled_from(("\n", "\r\n", "\r")),
).map("".join)
TABLES = st.lists(st.lists(st.text('ab,"\n é', max_size=3), min_size=2, max_size=4), max_size=8)


def strictly(path: Path, skipped: int) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Line and cells of every record that is not blank, as files of data are read."""
    problems: list[Problem] = []
    records = list(read_records(path, str(path), ",", problems, skipped=skipped))[1:]
    return [(line, cells) for line, cells in records if any(cell.strip() for cell in cells)], problems


def compare(text: str, block: int, head: str = "k,l,m\n") -> None:
    """The rows of a file that is read in blocks against the same read as a whole, with no line longer than may be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_bytes(f"{head}{text}".encode())
        longest = 2 + max(map(len, path.read_bytes().splitlines()))
        wanted, problems = strictly(path, "sep=" in head)
        rows: list[tuple[int, list[str]]] = []
        misfits = []
        stopped = None
        with patch.object(csv_source, "BLOCK_BYTES", block), patch.object(csv_source, "LONGEST_LINE", longest):
            try:
                for batch in CsvSource(path).batches():
                    misfits += [len(rows) + n for n in batch.misfits]
                    cells = [[cell or "" for cell in row] for row in batch.frame.iter_rows()]
                    rows += zip(batch.lines.to_list(), cells, strict=True)
            except DataError as wrong:
                (stopped,) = wrong.problems
        if problems:
            assert stopped is not None
            assert (stopped.message, stopped.place.line) == (problems[0].message, problems[0].place.line)
            return
        assert stopped is None
        assert misfits == [n for n, (_, cells) in enumerate(wanted) if len(cells) != 3]
        assert rows == [(line, [*cells, "", "", ""][:3]) for line, cells in wanted]


@given(TEXTS, st.integers(1, 60), HEADS)
@example('a,"b\nc",d\na,b\n', 4, "k,l,m\n")
@example('"\n"\ra', 1, "k,l,m\n")
@example('"\n"\r"\n"\r\n"\r"\r', 1, "\ufeffk,l,m\r\n")
@example("a,b,c\rd,e,f", 60, "k,l,m\r")
@example('"\r\n",b,c\r"\r",e,f\r', 2, "sep=,\rk,l,m\r")
@example("a,b,c\ra,b\0,c\n", 1, "sep=,\rk,l,m\r")
@example("a,b,c\r\n\r\na,b,c,d\r\n", 1, "k,l,m\n")
@example("\n\na,b,c\n,,\n , ,\na,,\n", 60, "k,l,m\n")
def test_any_text_is_read_as_the_strict_reader_reads_it(text: str, block: int, head: str) -> None:
    """Quotes, line ends of every kind, blank and ragged rows: cells, lines and the first error are the same."""
    compare(text, block, head)


def test_lines_that_end_in_carriage_returns_are_all_read() -> None:
    """As old spreadsheets for the Mac write them, in a file of several blocks and more than the longest line."""
    rows = [(n, (f"row {n}", "84", "quoted")) for n in range(2, 2_000)]
    text = "".join(f'{one},{two},"{three}"\r' for _, (one, two, three) in rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_bytes(f"k,l,m\r{text}".encode())
        with patch.object(csv_source, "BLOCK_BYTES", 4_000), patch.object(csv_source, "LONGEST_LINE", 1_000):
            batches = list(CsvSource(path).batches())

    read = [row for batch in batches for row in zip(batch.lines.to_list(), batch.frame.rows(), strict=True)]
    assert len(batches) > 2
    assert read == rows


@given(TABLES, st.integers(1, 60))
def test_any_table_is_read_as_it_was_written(rows: list[list[str]], block: int) -> None:
    """What a CSV writer writes, with cells that need quotes."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    compare(text.getvalue(), block)


NUMBERS = st.sampled_from(["84,5", "1.234,5", "1.234", "-0,25 %", "90", "90.5", "1,234", "so far, good", "2024-06", ""])


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6), st.integers(1, 60))
@example([("84,5", "1.234"), ("90", "so far, good")], 4)
@example([("1,234", "90.5")], 4)
def test_decimal_commas_are_read_alike_whole_and_in_blocks(rows: list[tuple[str, str]], block: int) -> None:
    """The file decides, before its first row, whether ``1.234`` is a thousand or one and a bit; texts stay as they are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.csv"
        path.write_text("kpi;value;note\n" + "".join(f"a.k;{value};{note}\n" for value, note in rows), "utf-8")
        whole = [list(row.cells.values()) for row in open_csv(path, "in.csv")]
        with patch.object(csv_source, "BLOCK_BYTES", block):
            blocks = [
                ["" if c is None else c for c in row] for b in CsvSource(path).batches() for row in b.frame.rows()
            ]

    assert blocks == whole
    commas = any(cell in ("84,5", "1.234,5", "-0,25 %") for row in rows for cell in row)
    pointed = {"84,5": "84.5", "1.234,5": "1234.5", "1.234": "1234", "-0,25 %": "-0.25 %", "1,234": "1.234"}
    assert [row[1] for row in whole] == [pointed.get(value, value) if commas else value for value, _ in rows]
