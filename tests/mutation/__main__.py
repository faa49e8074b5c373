"""Runs a module's tests against each of its mutants, every one in a fork of one collected session.

A mutant is killed when a test fails, the process ends or it takes too long; those that survive are listed.
"""

from __future__ import annotations

import argparse
import importlib
import math
import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest

from .mutants import Mutant, applied, mutants_of

SOURCE = Path(__file__).resolve().parents[2] / "src" / "ragengine"
_DATA = (
    "tests/doors/test_doors.py",
    "tests/data",
    "tests/rating/test_values.py",
    "tests/rating/test_targets_from_data.py",
    "tests/test_suite.py",
)
_BANDS = ("tests/property/test_band_laws.py", "tests/rating", "tests/workbench/test_checks.py", "tests/test_suite.py")
#: the tests that are asked of each module, the quickest to notice first
TESTS: dict[str, tuple[str, ...]] = {
    "bands/table.py": _BANDS,
    "bands/build.py": _BANDS,
    "data/door.py": _DATA,
    "data/states.py": _DATA,
    "ruling/ruling.py": ("tests/rating", "tests/test_suite.py"),
    "ruling/granting.py": ("tests/rating", "tests/test_suite.py"),
    "rollup/policy.py": (
        "tests/rollup/test_policy.py",
        "tests/rollup/test_weights.py",
        "tests/rollup/test_areas.py",
        "tests/rollup/test_deciding.py",
        "tests/test_suite.py",
    ),
    "rating/pipeline.py": ("tests/rating", "tests/property/test_rating_laws.py", "tests/test_suite.py"),
}
#: seconds that a mutant's tests may take
LONGEST = 120


class Mutating:
    """A pytest plugin: in place of running the tests once, runs them once for each mutant."""

    def __init__(self, mutants: list[Mutant], seconds: float) -> None:
        self.mutants = mutants
        self.ends = time.monotonic() + seconds
        self.survived: list[Mutant] = []
        self.tried = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of the doors only the one into the engine for one measurement is asked: others take their time to begin."""
        items[:] = [item for item in items if "tests/doors/" not in item.nodeid or "[rate-" in item.nodeid]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Forks for each mutant; the first fork has none, and its tests must pass."""
        if self._killed(session, None):
            raise pytest.UsageError("the tests fail without a mutant")
        for mutant in self.mutants:
            if time.monotonic() > self.ends:
                break
            self.tried += 1
            if not self._killed(session, mutant):
                self.survived.append(mutant)
                print(f"survived: {mutant}", file=sys.__stdout__, flush=True)
        return True

    @staticmethod
    def _killed(session: pytest.Session, mutant: Mutant | None) -> bool:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                signal.alarm(LONGEST if mutant is not None else 0)
                code = _run(session, mutant)
            finally:
                os._exit(code)
        return os.waitpid(child, 0)[1] != 0


def _run(session: pytest.Session, mutant: Mutant | None) -> int:
    from _pytest.main import pytest_runtestloop

    session.config.pluginmanager.unregister(name="terminalreporter")
    if mutant is not None:
        applied(mutant, importlib.import_module("ragengine." + mutant.module.removesuffix(".py").replace("/", ".")))
    try:
        pytest_runtestloop(session)
    except BaseException:
        return 1
    return int(bool(session.testsfailed))


def interval(killed: int, tried: int) -> tuple[float, float]:
    """The 95% interval of a share, in per cent (Wilson)."""
    z, share = 1.96, killed / tried
    middle, width = (
        share + z * z / (2 * tried),
        z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried)),
    )
    return tuple(100 * (middle + side * width) / (1 + z * z / tried) for side in (-1, 1))  # type: ignore[return-value]


def main() -> int:
    """Prints the survivors and the score of each module."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[[], *TESTS], default=[], help="all of them where none is named")
    parser.add_argument("--sample", type=int, help="so many mutants of each module, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=math.inf, help="for each module")
    args = parser.parse_args()
    for module in args.modules or TESTS:
        # mutants of a module are tried in an order drawn by the seed, so that a run cut short is a sample too
        every = mutants_of(SOURCE / module, module)
        drawn = random.Random(args.seed).sample(every, min(args.sample or len(every), len(every)))
        plugin = Mutating(drawn, args.seconds)
        options = [
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "-p",
            "no:xdist",
            "--no-header",
            "-o",
            "addopts=",
        ]
        pytest.main([*options, *TESTS[module]], plugins=[plugin])
        killed = plugin.tried - len(plugin.survived)
        if plugin.tried:
            low, high = interval(killed, plugin.tried)
            print(
                f"{module}: {killed} of {plugin.tried} killed ({100 * killed / plugin.tried:.1f}%, 95% interval {low:.1f} to "
                f"{high:.1f}), of {len(every)} mutants, seed {args.seed}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
