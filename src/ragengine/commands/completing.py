"""``completion``."""

from __future__ import annotations

import argparse

from ..errors import MissingExtra
from .output import Out, write

__all__ = ["completion"]

_FOLDERS = frozenset({"FOLDER", "RULES", "OLD", "NEW"})
_FILES = frozenset({"DATA", "FILE", "SHEET"})


def completion(args: argparse.Namespace, out: Out) -> int:
    """Prints what makes a shell complete commands, options, folders and files; raises MissingExtra without shtab."""
    try:
        import shtab
    except ImportError as missing:
        raise MissingExtra("completion", "shtab", "cli") from missing
    for action in args.parser.every_action():
        if action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY
        elif action.metavar in _FILES:
            action.complete = shtab.FILE
    write(shtab.complete(args.parser, args.shell) + "\n", None)
    return 0
