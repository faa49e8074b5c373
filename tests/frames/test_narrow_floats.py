"""Floats of 32 bits are the decimals that they print, as every float is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import ragengine
from ragengine.number import NumberError, exact

np = pytest.importorskip("numpy")
frames = pytest.importorskip("ragengine.frames", reason="frames need narwhals")

from .engines import Engine  # noqa: E402

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
AREA = (
    '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "days"\ndirection = "higher"\ntarget = 90.1\n'
    'tolerance = 5\n[kpi.p]\ntitle = "P"\nunit = "days"\ndirection = "lower"\ntarget = 0.3\ntolerance = 0\n'
    "persistence = 2\n"
)
TYPES = {"kpi": "string", "period": "string", "entity": "string", "value": "narrow"}
#: on the target, on the amber line, a little below it, and nothing; 0.3 is above 0.3 once it is made longer
VALUES = (("a.k", 90.1, "green"), ("a.k", 85.1, "amber"), ("a.k", 85.0999, "red"), ("a.k", None, "grey"))
ALONE = (*VALUES, ("a.p", 0.3, "green"), ("a.p", 0.30001, "red"))


def book() -> ragengine.Rulebook:
    """Two rules with lines that no short float holds; the second is rated one by one."""
    return ragengine.load({"book.toml": BOOK, "a.toml": AREA})


def rows(values: tuple[tuple[str, float | None, str], ...]) -> list[dict[str, Any]]:
    """Each value of an entity of its own."""
    return [
        {"kpi": kpi, "period": "2020-07", "entity": f"E{n}", "value": value} for n, (kpi, value, _) in enumerate(values)
    ]


def test_a_frame_of_short_floats_is_rated_by_what_they_print(engine: Engine) -> None:
    """Every engine: on the line is on it, whatever the longer float would be; back come the numbers that were rated."""
    if engine.name == "pandas-objects":
        pytest.skip("its cells are Python's own floats, made longer before we see them")
    values, own = ALONE, book()
    if engine.is_lazy:
        values, own = VALUES, ragengine.load({"book.toml": BOOK, "a.toml": AREA.partition("[kpi.p]")[0]})
    given = engine.make(rows(values), TYPES)
    rated = frames.rate(given, own, columns=("rag",))

    assert [row["rag"] for row in engine.back(rated)] == [level for _, _, level in values]
    assert [row["value"] for row in engine.back(rated)] == [value for _, value, _ in values]


def test_data_of_such_a_frame_are_what_it_prints(engine: Engine) -> None:
    """Rows made measurements, explained one by one and rolled up are the same numbers."""
    if engine.is_lazy or engine.name == "pandas-objects":
        pytest.skip("the same rows, collected, or no short floats")
    own, given = book(), engine.make(rows(ALONE), TYPES)
    rated = frames.rate(given, own, columns=("rag",))
    areas = {row["entity"]: row["rag"] for row in engine.rows(frames.roll_up(rated, own)) if row["area"] == "a"}

    assert [str(frames.explain(row, own).rag) for row in engine.back(rated)][:4] == [level for _, _, level in VALUES]
    assert [str(m.value) for m in frames.data(given).measurements][:2] == ["901/10", "851/10"]
    assert [areas[f"E{n}"] for n in range(len(ALONE))] == [level for _, _, level in ALONE]


@pytest.mark.parametrize("kind", ["float16", "float32", "longdouble"])
def test_a_number_of_numpy_is_the_decimal_that_it_prints(kind: str) -> None:
    """90.1 of any length is 90.1; what is not finite is no number."""
    made = getattr(np, kind)

    assert exact(made("90.1")) == Fraction(901, 10)
    assert str(book().rate("a.k", made("90.1")).rag) == "green"
    with pytest.raises(NumberError):
        exact(made("nan"))


def test_the_progress_of_an_action_is_what_it_prints(engine: Engine) -> None:
    """40.1 and 60.1 lie on the lines of a rule over progress."""
    if engine.name == "pandas-objects":
        pytest.skip("no short floats")
    bands = 'bands = [{ rag = "red", below = 40.1 }, { rag = "amber", from = 40.1, below = 60.1 }, { rag = "green", from = 60.1 }]'
    rules = "".join(
        f'[action.{name}]\ntitle = "X"\nstart = 2020-01-01\ndue = 2020-12-31\nformula = "progress"\n{bands}\n'
        for name in ("x", "y")
    )
    own = ragengine.load({"book.toml": BOOK, "a.toml": f'[area]\ntitle = "A"\n{rules}'})
    given = [
        {"action": f"a.{name}", "as_at": "2020-07-31", "status": "in progress", "progress": progress}
        for name, progress in (("x", 40.1), ("y", 60.1))
    ]
    types = {"action": "string", "as_at": "string", "status": "string", "progress": "narrow"}
    rated = frames.rate_actions(engine.make(given, types), own)

    assert {row["action"]: row["rag"] for row in engine.back(rated)} == {"a.x": "amber", "a.y": "green"}
    assert [str(report.progress) for report in frames.data(actions=engine.make(given, types)).actions] == [
        "401/10",
        "601/10",
    ]
