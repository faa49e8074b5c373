"""``score --rows``: every row of files of any size, rated into one new file."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from ..display import clean
from ..errors import BadArgument
from .inputs import load_book
from .output import Cannot, Out, count

if TYPE_CHECKING:
    from ..whole_files import RatedFiles

__all__ = ["score_files"]

_MOST_TOLD = 10


def score_files(args: argparse.Namespace, out: Out) -> int:
    output = _output(args)
    try:
        from ..whole_files import rate_files
    except ImportError as missing:
        raise Cannot(str(missing)) from missing
    book = load_book(args.rules, out, args.data)
    _say_overrides(args.data)
    bar = out.bar()

    def progress(part: float, rows: int, doing: str) -> None:
        bar.show(part, f"{part:4.0%} {rows:,} rows {doing}")

    try:
        with _stopped_by_any_signal():
            rated = rate_files(book, args.data, output, history=args.history, suffix=args.suffix, progress=progress)
    except OSError as wrong:
        raise Cannot(f"{output}: cannot be written: {wrong.strerror or wrong}") from wrong
    finally:
        bar.clear()
    _tell(rated, out)
    return int(rated.counts.rejected > 0)


def _output(args: argparse.Namespace) -> Path:
    """Where the ratings go; refuses options that are about one period."""
    for option, given in (
        ("--as-at", args.as_at),
        ("--previous", args.previous),
        ("--previous-as-at", args.previous_as_at),
        ("--format", args.format),
    ):
        if given:
            wanted = "every row is rated in its own period, in the format that the name of -o FILE says: leave it out"
            raise BadArgument(option, given, wanted)
    if not args.output or args.output == "-":
        raise BadArgument("-o", args.output, "say where the ratings go: ratings.parquet, .csv or .ndjson")
    return Path(args.output)


def _say_overrides(data: Sequence[str]) -> None:
    for path in (Path(name) / "overrides.toml" for name in data):
        if path.is_file():
            said = "its judgements are not applied to rows; a scorecard applies them"
            print(clean(f"{path}: warning: {said}"), file=sys.stderr)


@contextmanager
def _stopped_by_any_signal() -> Iterator[None]:
    """Being told to end, or losing the terminal, stops as Ctrl-C does: nothing half-written is left."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {each: signal.signal(each, stop) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _tell(rated: RatedFiles, out: Out) -> None:
    out.say(f"wrote {rated.output}")
    if rated.problems_file is not None:
        out.say(f"wrote {rated.problems_file}: {count(rated.counts.rejected, 'rejected row')}")
    for rows, problem in rated.problems[:_MOST_TOLD]:
        times = "" if rows == 1 else f" (the first of {rows:,} such rows)"
        print(clean(f"{problem}{times}"), file=sys.stderr)
    left = len(rated.problems) - _MOST_TOLD
    if left > 0:
        print(f"and {count(left, 'other kind')} of problem", file=sys.stderr)
    print(f"{rated.counts}", file=sys.stderr)
