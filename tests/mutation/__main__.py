"""Runs the tests that come to it against each mutant, every one in a fork of one collected session.

A mutant is killed when a test fails, the process ends or a test takes too long; those that survive are listed. What became
of each is kept in a file as it goes: a run that is stopped goes on from there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .mutants import Mutant, applied, mutants_of
from .reach import Reach, living, reach
from .session import Forks, collected

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ragengine"
#: every line of these is to be held by tests: all their mutants are tried
MODULES = (
    "bands",
    "ruling",
    "data/door.py",
    "data/states.py",
    "rollup/policy.py",
    "rollup/tally.py",
    "rating/pipeline.py",
)
#: the tests that are asked: those in process of what decides a level
TESTS = (
    "data", "doors", "plan", "property", "published", "rating", "reference", "rollup", "rulebook", "ruling", "suite",
    "test_suite.py",
)  # fmt: skip
#: what a mutant can end as
KILLED, TOO_LONG, SURVIVED, UNREACHED, UNFIT = "killed", "too long", "survived", "no test", "does not fit"
DONE = (KILLED, TOO_LONG, UNFIT)


def files_of(module: str) -> list[str]:
    """A module, or all those of a room."""
    path = SOURCE / module
    return sorted(str(file.relative_to(SOURCE)) for file in path.rglob("*.py")) if path.is_dir() else [module]


class Run:
    """Tries mutants and keeps what became of each."""

    def __init__(self, forks: Forks, found: Reach, kept: Path, budget: float) -> None:
        self._forks, self._reach, self._kept, self._budget = forks, found, kept, budget
        self._killers: dict[str, Counter[str]] = {}

    def tried(self, mutant: Mutant) -> str:
        """Tries one mutant, and writes down what became of it."""
        tests = self._in_order(mutant)
        outcome, told = UNREACHED, None
        if tests:
            try:
                applied_here = mutant.code is not None
            except SyntaxError:
                applied_here = False
            outcome = UNFIT
            if applied_here:
                told = self._forks.run(
                    tests, self._reach.seconds, self._budget, lambda: applied(mutant, living(mutant.module))
                )
                outcome = KILLED if told.failed else TOO_LONG if told.ended else SURVIVED
        if told and told.failed:
            for place in (mutant.module, f"{mutant.module} {mutant.function}"):
                self._killers.setdefault(place, Counter())[told.failed] += 1
        entry = {
            "key": mutant.key,
            "mutant": str(mutant),
            "outcome": outcome,
            "by": told and told.failed,
            "asked": told and told.asked,
            "of": len(tests),
            "seconds": told and round(told.seconds, 2),
        }
        with self._kept.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry) + "\n")
        return outcome

    def _in_order(self, mutant: Mutant) -> list[str]:
        """The tests that come to the mutant: those that killed its neighbours before the others, the quick before the slow."""
        near = self._killers.get(f"{mutant.module} {mutant.function}", Counter())
        wide = self._killers.get(mutant.module, Counter())

        def cost(test: str) -> float:
            return self._reach.seconds[test] / (1 + 30 * near[test] + 2 * wide[test])

        return sorted(self._reach.tests.get((mutant.module, mutant.statement), ()), key=cost)


def drawn(mutants: Iterable[Mutant], seed: int) -> list[Mutant]:
    """The mutants in an order that the seed draws, so that a run cut short is a sample too.

    Each mutant's place is its own: one function changed leaves the others' mutants in the sample that they were in.
    """
    return sorted(mutants, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.key}".encode()).digest())


def read(kept: Path) -> dict[str, dict[str, Any]]:
    """What became of mutants in earlier runs, by key; of one tried twice the later."""
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    return {entry["key"]: entry for entry in map(json.loads, lines)}


def interval(killed: int, tried: int) -> tuple[float, float]:
    """The 95% interval of a share, in per cent (Wilson)."""
    z, share = 1.96, killed / tried
    middle, width = (
        share + z * z / (2 * tried),
        z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried)),
    )
    return tuple(100 * (middle + side * width) / (1 + z * z / tried) for side in (-1, 1))  # type: ignore[return-value]


def said(name: str, mutants: list[Mutant], known: dict[str, dict[str, Any]]) -> str:
    """The line of one module in what is printed at the end."""
    outcomes = Counter(known[mutant.key]["outcome"] for mutant in mutants if mutant.key in known)
    killed, unfit = outcomes[KILLED] + outcomes[TOO_LONG], outcomes[UNFIT]
    tried = sum(outcomes.values()) - unfit
    if not tried:
        return f"{name}: none of {len(mutants)} tried"
    low, high = interval(killed, tried)
    seconds = sum(known[mutant.key]["seconds"] or 0 for mutant in mutants if mutant.key in known)
    return (
        f"{name}: {killed} of {tried} killed ({100 * killed / tried:.1f}%, 95% interval {low:.1f} to {high:.1f}), "
        f"{outcomes[TOO_LONG]} of them by ending or taking too long; of {len(mutants)} mutants, {unfit} do not fit; "
        f"{seconds / tried:.1f} s a mutant"
    )


def main() -> int:
    """Prints the survivors and the score of each module."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES, help="files or rooms below src/ragengine")
    parser.add_argument("--sample", type=int, help="so many mutants of all the modules together, drawn by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin no mutant after so many, by the clock")
    parser.add_argument("--budget", type=float, default=60, help="seconds of the processor for a mutant's tests")
    parser.add_argument(
        "--results", type=Path, required=True, help="a folder, outside the repository, for what is found"
    )
    parser.add_argument("--again", action="store_true", help="try those that survived before once more")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="files or folders below tests/ in place of the usual")
    parser.add_argument("--list", action="store_true", help="say what is known, try nothing")
    parser.add_argument("--part", default="0/1", help="of several runs at once: which, of how many; 0/2 and 1/2")
    args = parser.parse_args()
    os.nice(19)
    files = [file for module in args.modules for file in files_of(module)]
    mutants = [mutant for file in files for mutant in mutants_of(SOURCE / file, file)]
    mutants = drawn(mutants, args.seed)[: args.sample]
    args.results.mkdir(parents=True, exist_ok=True)
    kept = args.results / "mutants.jsonl"
    part, parts = map(int, args.part.split("/"))
    done = {
        key
        for key, entry in read(kept).items()
        if entry["outcome"] in DONE or not (args.again or entry["outcome"] == UNREACHED)
    }
    todo = [mutant for mutant in mutants if mutant.key not in done][part::parts]
    ends = time.monotonic() + args.seconds

    def use(forks: Forks) -> None:
        run = Run(forks, reach(forks, SOURCE, files, args.results / "reach.json"), kept, args.budget)
        for mutant in todo:
            if time.monotonic() > ends:
                break
            run.tried(mutant)

    if todo and not args.list:
        collected([str(ROOT / "tests" / name) for name in args.tests], use)
    known = read(kept)
    for mutant in mutants:
        if known.get(mutant.key, {}).get("outcome") in (SURVIVED, UNREACHED):
            entry = known[mutant.key]
            print(f"{entry['outcome']}: {mutant} (asked {entry['asked'] or 0} of {entry['of']} tests)")
    for module in args.modules:
        within = set(files_of(module))
        print(said(module, [mutant for mutant in mutants if mutant.module in within], known))
    return 0


if __name__ == "__main__":
    sys.exit(main())
