"""Which tests come to which statement of a module, and how long each takes: asked once, kept in a file."""

from __future__ import annotations

import hashlib
import importlib
import json
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import frozen

from .mutants import noted, noting
from .session import Forks

__all__ = ["Reach", "living", "reach"]

#: seconds of the processor after which a test is too slow to be asked of any mutant
_LONGEST = 30.0


@frozen
class Reach:
    """What a pass over all tests has found.

    Attributes:
        seconds: of the processor, of each test that passes by itself.
        tests: those that come to a statement, by module and the statement's number.
    """

    seconds: dict[str, float]
    tests: dict[tuple[str, int], tuple[str, ...]]


def living(module: str) -> types.ModuleType:
    """The module at a path below the package."""
    return importlib.import_module("ragengine." + module.removesuffix(".py").replace("/", "."))


def reach(forks: Forks, source: Path, modules: Iterable[str], kept: Path) -> Reach:
    """Runs each test by itself, in a fork, unless `kept` knows it as it stands and the module as it stands."""
    known: dict[str, dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else {}
    sources = {module: _digest(source / module) for module in modules}
    functions = {module: noting(source / module) for module in sources}
    files = {path: _digest(path) for path in {forks.tests[test].path for test in forks.tests}}
    stamps = {
        test: {module: f"{digest} {files[item.path]}" for module, digest in sources.items()}
        for test, item in forks.tests.items()
    }
    unknown = [
        test for test, own in stamps.items() if test not in known or not own.items() <= known[test]["stamp"].items()
    ]
    for number, test in enumerate(unknown, start=1):
        known[test] = _asked(forks, test, functions, stamps[test])
        if number % 200 == 0 or number == len(unknown):
            kept.write_text(json.dumps(known))
    found: dict[tuple[str, int], list[str]] = {}
    for test in forks.tests:
        for module in sources:
            for statement in known[test]["reached"].get(module, ()):
                found.setdefault((module, statement), []).append(test)
    return Reach(
        {test: known[test]["seconds"] for test in forks.tests}, {at: tuple(tests) for at, tests in found.items()}
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _asked(
    forks: Forks, test: str, functions: dict[str, dict[str, types.CodeType]], stamp: dict[str, str]
) -> dict[str, Any]:
    """A test's time, and the statements that it comes to; none of a test that fails, ends its process or takes too long."""
    reached: dict[str, set[int]] = {}

    def before() -> None:
        reached.update({module: noted(living(module), own) for module, own in functions.items()})

    told = forks.run([test], {test: _LONGEST}, _LONGEST, before, lambda: {m: sorted(at) for m, at in reached.items()})
    if told.failed or told.ended or told.seconds > _LONGEST:
        print(f"left out: {test}", flush=True)
    sound = not (told.failed or told.ended or told.seconds > _LONGEST)
    return {"stamp": stamp, "seconds": round(told.seconds, 3), "reached": told.more if sound else {}}
