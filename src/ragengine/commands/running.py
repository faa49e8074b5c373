"""A command is found, run and ended: what it raises becomes a line and an exit code."""

from __future__ import annotations

import argparse
import importlib
import keyword
import sys

from ..display import clean
from ..errors import BadArgument, DataError, RagError, RulebookError, UnknownId
from .output import Cannot, Out

__all__ = ["run"]

#: the module of each command; its function has the command's name, with _ after one that Python keeps for itself.
#: Only the one that runs is imported.
_HOMES = {
    "check": "checking",
    "completion": "completing",
    "demo": "scoring",
    "diff": "comparing",
    "explain": "explaining",
    "export": "exporting",
    "grace": "governing",
    "import": "importing",
    "init": "starting",
    "narrative": "narrating",
    "report": "reporting",
    "schema": "schemas",
    "set": "editing",
    "score": "scoring",
    "test": "testing",
}


def run(args: argparse.Namespace) -> int:
    """Runs one command and returns its exit code: 0 all well, 1 problems reported, 2 wrong use, 3 could not."""
    out = Out()
    try:
        module = importlib.import_module(f".{_HOMES[args.command]}", __package__)
        function = f"{args.command}_" if keyword.iskeyword(args.command) else args.command
        return int(getattr(module, function)(args, out))
    except (RulebookError, DataError) as wrong:
        out.problems(wrong.problems)
        print(f"ragengine: {str(wrong).splitlines()[0].rstrip(':')}", file=sys.stderr)
        return 3
    except Cannot as wrong:
        print(f"ragengine: {wrong}", file=sys.stderr)
        return 3
    except (BadArgument, UnknownId) as wrong:
        print(f"ragengine: {clean(str(_as_typed(args, wrong)))}", file=sys.stderr)
        return 2
    except RagError as wrong:
        print(f"ragengine: {clean(str(wrong))}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("ragengine: stopped", file=sys.stderr)
        return 130


def _as_typed(args: argparse.Namespace, wrong: BadArgument | UnknownId) -> BadArgument | UnknownId:
    """An argument of the library by the name of the option that brought it."""
    if isinstance(wrong, BadArgument) and wrong.argument == "as_at" and hasattr(args, "as_at"):
        return BadArgument("--as-at", wrong.given, wrong.wanted)
    return wrong
