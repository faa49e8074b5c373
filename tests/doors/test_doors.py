"""A row gets the level, reason and shortfall worked out by hand, by every way in."""

from __future__ import annotations

import pytest

from .door import Door, differences
from .doors import DOORS
from .row import Table
from .rows import TABLES

_DOORS = [
    pytest.param(door, id=door.name, marks=pytest.mark.skipif(bool(door.lacks), reason=door.lacks)) for door in DOORS
]


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
@pytest.mark.parametrize("door", _DOORS)
def test_every_row_has_its_level(door: Door, table: Table) -> None:
    """All rows of a table go through a door together; each that differs is told with what was expected."""
    wrong = differences(table, door)

    assert not wrong, f"{door.name}: {len(wrong)} rows differ\n" + "\n".join(wrong)
