"""Standard output and error that are closed, full or read no longer: one line and an exit code, no stack trace."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress

__all__ = ["CANNOT", "GONE", "guarded"]

#: exit codes of output that cannot be written, and of a reader that went away, as a shell has it for SIGPIPE
CANNOT = 3
GONE = 141


class _Closed(io.TextIOBase):
    """Standard output that the caller has closed: whoever writes is told."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        raise OSError(errno.EBADF, "it is closed")


def guarded(command: Callable[[], int]) -> int:
    """Runs a command and returns its exit code, once all that it printed has gone out."""
    _fill_closed()
    try:
        code = _code_of(command)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # the reader (head, less) has what it wanted; what was found is not all told
        _let_go()
        return GONE
    except OSError as wrong:
        # --help, which seldom fails, does not wait for them
        from ..display import clean
        from ..problem import shorten

        _let_go()
        what = shorten(str(wrong.filename)) if wrong.filename else "standard output cannot be written"
        with suppress(OSError):
            print(clean(f"ragengine: {what}: {wrong.strerror or wrong}"), file=sys.stderr, flush=True)
        return CANNOT


def _code_of(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as done:
        # --help, --version and wrong use end so
        return done.code if isinstance(done.code, int) else 0


def _fill_closed() -> None:
    """Where a standard stream is closed, nothing that is opened later takes its place."""
    with suppress(OSError):
        while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(handle)
    if sys.stdout is None:
        sys.stdout = _Closed()  # type: ignore[unreachable]  # Python has None there, which typeshed does not say
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # type: ignore[unreachable]  # noqa: SIM115


def _let_go() -> None:
    """What the buffers still hold goes nowhere, so that ending does not fail over it again."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
            continue
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
