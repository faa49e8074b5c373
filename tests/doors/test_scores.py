"""A row has the same score by every way in that tells one, whatever its cells hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve

from .door import Door
from .doors import DOORS
from .row import givens_of
from .rows import TABLES

#: DESIGN 4 and 5: what these write are levels, and no scores
WITHOUT = {
    "model": "the reference of levels",
    "rows CSV": "whole files get levels", "rows JSON": "whole files get levels", "rows Parquet": "whole files get levels",
    "SQL DuckDB": "SQL gives levels", "SQL PostgreSQL": "SQL gives levels", "workbook": "a workbook's formulas give levels",
}  # fmt: skip
SCORE = "score = [{ at = 0, points = 4 }, { at = 84.35, points = 2 }, { at = 100, points = 1 }]\n"
TABLE = evolve(
    TABLES[0],
    rules={
        name: keys if "words =" in keys or "monitor" in keys else SCORE + keys for name, keys in TABLES[0].rules.items()
    },
)


@pytest.mark.parametrize(
    "door",
    [
        pytest.param(door, id=door.name, marks=pytest.mark.skipif(bool(door.lacks), reason=door.lacks))
        for door in DOORS
        if door.name not in WITHOUT
    ],
)
def test_every_row_has_its_score(door: Door) -> None:
    """As ``book.rate`` has it, wherever both rate the row alike; a grey row has none anywhere."""
    by_hand = next(each for each in DOORS if each.name == "rate")
    givens = [given for given in givens_of(TABLE) if by_hand.carries(given) and door.carries(given)]
    givens = [given for given in givens if door.takes_pandas or not given.kind.endswith("/pandas")]
    wanted, answers = by_hand.rate(TABLE, givens), door.rate(TABLE, givens)
    scored, wrong = 0, []
    for given in givens:
        own, answer = wanted[given.number], answers[given.number]
        if answer.refused or answer.fault or answer.rag != own.rag:
            # levels are held to theirs by the suite of all doors
            continue
        scored += own.score is not None
        alike = (own.score is None) == (answer.score is None)
        if alike and own.score is not None:
            alike = abs(Fraction(answer.score) - own.score) <= max(door.slack, 0) * max(abs(own.score), 1)
        if not alike:
            wrong.append(f"{given}: {own.score} by hand, {answer.score}")

    assert not wrong, f"{door.name}: {len(wrong)} rows differ\n" + "\n".join(wrong[:20])
    assert scored > 20
