"""What each command does; :mod:`ragengine.cli` reads the command line and calls them."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from ..display import clean
from ..errors import BadArgument, DataError, RagError, RulebookError, UnknownId
from .output import Cannot, Out

__all__ = ["run"]

#: the module of each command; its function has the command's name. Only the one that runs is imported.
_HOMES = {
    "check": "checking",
    "demo": "scoring",
    "explain": "explaining",
    "init": "scoring",
    "narrative": "narrating",
    "report": "scoring",
    "score": "scoring",
    "test": "testing",
}


def run(args: argparse.Namespace) -> int:
    """Runs one command and returns its exit code: 0 all well, 1 problems reported, 2 wrong use, 3 could not."""
    out = Out()
    try:
        module = importlib.import_module(f"{__name__}.{_HOMES[args.command]}")
        return int(getattr(module, args.command)(args, out))
    except (RulebookError, DataError) as wrong:
        out.problems(wrong.problems)
        print(f"ragengine: {str(wrong).splitlines()[0].rstrip(':')}", file=sys.stderr)
        return 3
    except Cannot as wrong:
        print(f"ragengine: {wrong}", file=sys.stderr)
        return 3
    except (BadArgument, UnknownId) as wrong:
        print(f"ragengine: {clean(str(wrong))}", file=sys.stderr)
        return 2
    except RagError as wrong:
        print(f"ragengine: {clean(str(wrong))}", file=sys.stderr)
        return 3
    except BrokenPipeError:
        # the reader went away (head, less): nothing is wrong
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # closed at exit
        return 0
    except KeyboardInterrupt:
        print("ragengine: stopped", file=sys.stderr)
        return 130
