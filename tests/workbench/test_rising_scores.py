"""Roll-ups by points and share whose bands, or whose points, fall where children improve (RAG024)."""

from __future__ import annotations

import pytest

import ragengine

BOOK = '[book]\ntitle = "P"\nedition = "E"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\ndirection = "higher"\nbands = [{ rag = "green", from = 90 }, { rag = "amber", from = 80, below = 90 }, { rag = "red", below = 80 }]\nexamples = [{ value = 95, rag = "green" }]\n'
SHARE = 'method = "share"\nbands = [{{ rag = "{0}", from = 80 }}, {{ rag = "amber", from = 50, below = 80 }}, {{ rag = "{1}", below = 50 }}]\n'
POINTS = 'method = "points"\nbands = [{{ rag = "{0}", from = 2.5 }}, {{ rag = "amber", from = 1.5, below = 2.5 }}, {{ rag = "{1}", below = 1.5 }}]\n'


def scale(*points: int) -> str:
    """Red, amber and green with these points."""
    return "".join(
        f'[[scale.levels]]\nid = "{level}"\nlabel = "{level}"\nsymbol = "x"\ncolour = "#000000"\npoints = {each}\n'
        for level, each in zip(("red", "amber", "green"), points, strict=True)
    )


def warned(rollup: str, levels: str = "") -> list[str]:
    problems = ragengine.check({"book.toml": f"{BOOK}[rollup]\n{rollup}{levels}", "a.toml": AREA})
    assert not any(problem.is_error for problem in problems), problems
    return [str(problem) for problem in problems if problem.code == "RAG024"]


@pytest.mark.parametrize("written", [SHARE, POINTS])
def test_bands_that_fall_are_warned_of(written: str) -> None:
    """With children whose improvement worsens the area, at the bands."""
    (problem,) = warned(written.format("red", "green"))

    assert "book.toml:7:" in problem and "rollup.bands" in problem
    assert "becomes" in problem and "and the area is" in problem
    assert warned(written.format("green", "red")) == []


@pytest.mark.parametrize("points", [(1, 3, 2), (3, 2, 1), (2, 1, 3)])
def test_points_out_of_order_are_warned_of(points: tuple[int, int, int]) -> None:
    """A better level has to be worth more."""
    (problem,) = warned(POINTS.format("green", "red"), scale(*points))
    assert "improving a child can worsen the area" in problem


def test_points_that_count_down_with_bands_that_fall_are_sound() -> None:
    """Fewer points are better, in the scale as in the bands."""
    assert warned(POINTS.format("red", "green"), scale(3, 2, 1)) == []


def test_a_band_that_no_small_set_of_children_reaches_is_seen() -> None:
    """From 99.5% to below 99.9% lies no share of five children, and it is worse than what lies below it."""
    bands = (
        'method = "share"\nbands = [{ rag = "green", from = 99.9 }, { rag = "red", from = 99.5, below = 99.9 }, '
        '{ rag = "amber", from = 50, below = 99.5 }, { rag = "red", below = 50 }]\n'
    )
    (problem,) = warned(bands)
    assert "its bands do not rise with them" in problem
