"""Every kind of frame, one after another, in one fixture."""

from __future__ import annotations

import pytest

from .engines import ENGINES, FAST, PLAIN, Engine


def _params(engines: tuple[Engine, ...]) -> list[object]:
    return [
        pytest.param(engine, id=engine.name, marks=pytest.mark.skipif(bool(engine.lacks), reason=engine.lacks))
        for engine in engines
    ]


@pytest.fixture(params=_params(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every kind of frame; one whose package is not installed is skipped and says so."""
    made: Engine = request.param
    return made


@pytest.fixture(params=_params(FAST))
def fast(request: pytest.FixtureRequest) -> Engine:
    """The kinds of frame that begin at once, with all their types of column."""
    made: Engine = request.param
    return made


@pytest.fixture(params=_params(PLAIN))
def plain(request: pytest.FixtureRequest) -> Engine:
    """One kind of frame of each engine that begins at once."""
    made: Engine = request.param
    return made
