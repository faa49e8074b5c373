"""Rows of a file share what the door reads round their numbers: each is what it would be in a file of its own."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import ragengine
from ragengine.problem import Place

COLUMNS = {
    "kpi": ("a.k", " a.k", "a.j", ""),
    "period": ("2020-07", "Jul-20", "soon", "2020-11", "1066", ""),
    "entity": ("", "E1", " E1 ", "E2"),
    "value": ("84", "84%", " 84 ", "c", "abc", "", "12 [b]", "0.5"),
    "numerator": ("", "7", "-1", "1.5", "x", "c"),
    "denominator": ("", "5", "100", "..", "-2"),
    "target": ("", "90", "ninety"),
    "excluded": ("", "3", "200", "?"),
    "exclusion_reason": ("", "moved away"),
    "evidence": ("", "minutes"),
    "causes": ("", "Covid, migration"),
    "note": ("", " a note "),
    "reported_on": ("", "2020-08-01", "yesterday"),
    "staff": ("", "12", "many"),
}

rows = st.lists(st.tuples(*map(st.sampled_from, COLUMNS.values())), min_size=2, max_size=8)


def _read(folder: str, *rows: tuple[str, ...]) -> ragengine.Data:
    path = Path(folder, "measurements.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([tuple(COLUMNS), *rows])
    return ragengine.read(path)


@given(rows)
def test_a_row_is_what_it_is_in_a_file_of_its_own(given: list[tuple[str, ...]]) -> None:
    """Cells, ids and problems are the same but for the line, whatever rows come before."""
    with TemporaryDirectory() as folder:
        together = _read(folder, *given)
        alone = [_read(folder, row) for row in given]

    nowhere = Place("")
    assert [evolve(row, place=nowhere) for row in together.measurements] == [
        evolve(row, place=nowhere) for each in alone for row in each.measurements
    ]
    assert [row.place.line for row in together.measurements] == list(range(2, len(given) + 2))
    said = [(n + 2, p.code, p.message, p.key, p.place.column) for n, each in enumerate(alone) for p in each.problems]
    assert sorted((p.place.line, p.code, p.message, p.key, p.place.column) for p in together.problems) == sorted(said)
