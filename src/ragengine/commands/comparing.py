"""``diff``."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

from attrs import frozen

from ..book import Rulebook
from ..document.plain import plain_text
from ..errors import BadArgument, RulebookError
from ..problem import has_errors
from ..rulefile.load import load_rules
from ..workbench.diff.as_json import diff_as_json
from ..workbench.diff.changes import RulesDiff
from ..workbench.diff.compare import diff as compared
from ..workbench.diff.revisions import Repository, revisions
from .diff_pages import diff_blocks, diff_markdown
from .inputs import data_named, rules_named
from .output import Cannot, Out, form_of, to_file, write

__all__ = ["diff"]

_SUFFIXES = {".txt": "text", ".md": "markdown", ".json": "json"}


@frozen
class _Side:
    """A rulebook and how it was named."""

    label: str
    book: Rulebook


def diff(args: argparse.Namespace, out: Out) -> int:
    """What changed is shown and is no failure, unless ``--exit-code`` asks; bad rows in the data are."""
    if args.new is None and args.rev is None:
        wanted = "alone it has nothing to be compared with: name NEW too, or --rev REV"
        raise BadArgument("OLD", args.old, wanted)
    if args.new is not None and args.rev is not None:
        raise BadArgument("NEW", args.new, "with --rev name one folder, and which revisions of it")
    form = form_of(args.output, args.format, _SUFFIXES, "text")
    old, new = _two_folders(args, out) if args.rev is None else _two_revisions(args, out)
    found = compared(old.book, new.book, args.data and data_named(args.data))
    labels = old.label, new.label
    if form == "json":
        write(json.dumps(diff_as_json(found, labels), ensure_ascii=False, indent=1) + "\n", args.output)
    elif form == "markdown":
        write(diff_markdown(found, labels), args.output)
    elif to_file(args.output):
        write(plain_text(diff_blocks(found, labels, verbose=args.verbose), 100), args.output)
    else:
        blocks = diff_blocks(found, labels, verbose=args.verbose)
        for line in plain_text(blocks, out.width, out.paint, out.table_width).splitlines():
            out.say(line)
    return _exit_code(found, args.exit_code, out)


def _exit_code(found: RulesDiff, asked: bool, out: Out) -> int:
    problems = found.flips.problems if found.flips is not None else ()
    out.problems(problems)
    return int(has_errors(problems) or (asked and bool(found)))


def _two_folders(args: argparse.Namespace, out: Out) -> tuple[_Side, _Side]:
    old, new = rules_named(args.old, args.data), rules_named(args.new, args.data)
    return _loaded(args.old, old, out), _loaded(args.new, new, out)


def _two_revisions(args: argparse.Namespace, out: Out) -> tuple[_Side, _Side]:
    repository = Repository.of(Path(args.old))
    first, second = revisions(repository, args.rev)
    sides = []
    with ExitStack() as stack:
        for commit, name in filter(None, (first, second)):
            folder = stack.enter_context(repository.folder_at(commit, name))
            sides.append(_loaded(f"{args.old} at {name} ({commit[:7]})", folder, out))
    if second is None:
        sides.append(_loaded(args.old, Path(args.old), out))
    old, new = sides
    return old, new


def _loaded(label: str, folder: Path, out: Out) -> _Side:
    """A rulebook; where it cannot be used its problems are told, and which of the two it is."""
    rules, problems = load_rules(folder)
    if rules is None:
        out.problems(RulebookError(tuple(problems)).problems)
        raise Cannot(f"{label}: the rules cannot be used")
    return _Side(label, Rulebook(rules))
