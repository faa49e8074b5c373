"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

import ragengine

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("default", max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("release", parent=settings.get_profile("default"), max_examples=20_000)
# the same examples each time, and none made smaller: a mutant is killed by the first that fails
settings.register_profile(
    "mutation",
    parent=settings.get_profile("default"),
    max_examples=60,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The published data beside the repository; tests that need it are skipped where it is not there."""
    given = os.environ.get("RAGENGINE_SHARED")
    folder = Path(given) if given else ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the published data (../shared, or RAGENGINE_SHARED) are not here, and they are never committed")
    return folder


@pytest.fixture(scope="session")
def plan() -> ragengine.Rulebook:
    """The improvement plan's rulebook."""
    return ragengine.load(ROOT / "rules")


@pytest.fixture(scope="session")
def plan_card(plan: ragengine.Rulebook) -> ragengine.Scorecard:
    """The plan's scorecard of August 2020, with July's before it."""
    before = plan.score(ragengine.read(ROOT / "docs/examples/2020-07", day_first=True), "Jul-20")
    return plan.score(ragengine.read(ROOT / "docs/examples/2020-08", day_first=True), "Aug-20", before)
