"""Gives the engine mutated input and says what else than RagError came out, or took longer than two seconds."""

from __future__ import annotations

import argparse
import math
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from ragengine import RagError

from .targets import TARGETS, Target, emptied

#: seconds that one input may take
LONGEST = 2.0


class TooLong(Exception):
    """One input took longer than it may."""


def _stop(*_: object) -> None:
    raise TooLong


def _one(target: Target, seed: int, number: int, folder: Path) -> tuple[str, str | bytes, str]:
    """How an input ended: ``sound``, ``refused`` or the place of a failure; the input; and the failure's text."""
    kept: list[str | bytes] = [""]
    # a dry run and a failing one make the same input: by seed and number alone
    rng = random.Random(seed * 1_000_003 + number)
    signal.setitimer(signal.ITIMER_PROF, 5 * LONGEST)
    try:
        target(rng, folder, lambda content: kept.__setitem__(0, content))
    except RagError:
        return "refused", kept[0], ""
    except Exception as wrong:
        at = traceback.extract_tb(wrong.__traceback__)[-1]
        place = f"{type(wrong).__name__} at {Path(at.filename).name}:{at.lineno}"
        return place, kept[0], traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "sound", kept[0], ""


def fuzz(
    name: str, inputs: int, seed: int, first: int = 0, save: Path | None = None, seconds: float = math.inf
) -> Counter[str]:
    """Runs a target on so many inputs, as far as the time goes, and counts how each ended.

    The first of each failure is printed, and saved where a folder is given.
    """
    ends = time.monotonic() + seconds
    ended: Counter[str] = Counter()
    slowest, slow_one = 0.0, -1
    with tempfile.TemporaryDirectory() as temporary:
        folder = emptied(Path(temporary) / "input")
        for number in range(first, first + inputs):
            if time.monotonic() > ends:
                break
            for file in folder.iterdir():
                file.unlink()
            began = time.process_time()
            how, given, said = _one(TARGETS[name], seed, number, folder)
            took = time.process_time() - began
            if took > slowest:
                slowest, slow_one = took, number
            if took > LONGEST and how in ("sound", "refused"):
                how, said = "too long", f"{took:.1f} s"
            if how not in ended and how not in ("sound", "refused"):
                print(f"{name} {number}: {how}\n{said}", flush=True)
                if save is not None:
                    content = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
                    (save / f"{name}-{number}").write_bytes(content)
            ended[how] += 1
    told = ", ".join(f"{count:,} {how}" for how, count in ended.most_common())
    print(
        f"{name}: {sum(ended.values()):,} inputs, seed {seed}: {told}; slowest {slowest:.2f} s (input {slow_one})",
        flush=True,
    )
    return ended


def main() -> int:
    """1 where anything but RagError came out of an input, or it took too long."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "targets", nargs="*", choices=[[], *TARGETS], default=[], help="all of them where none is named"
    )
    parser.add_argument("--inputs", type=int, default=1000, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input, to run a failing one alone")
    parser.add_argument("--seconds", type=float, default=math.inf, help="for each target at most")
    parser.add_argument("--save", type=Path, help="folder for inputs that fail")
    args = parser.parse_args()
    signal.signal(signal.SIGPROF, _stop)
    found: Counter[str] = Counter()
    for name in args.targets or TARGETS:
        found += fuzz(name, args.inputs, args.seed, args.first, args.save, args.seconds)
    return int(bool(set(found) - {"sound", "refused"}))


if __name__ == "__main__":
    sys.exit(main())
