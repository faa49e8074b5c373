"""``set``."""

from __future__ import annotations

import argparse
import re
from datetime import date

from ..display import clean
from ..errors import BadArgument
from ..rulebook.rules import Rules
from ..workbench.diff.changes import RuleChange
from ..workbench.editing.edit import Edit, Since, edited
from ..workbench.testing.case_runner import run_cases
from .inputs import rules_named
from .output import Cannot, Out, count, write

__all__ = ["set"]

#: cases that are named; more are counted
_SHOWN = 5
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def set(args: argparse.Namespace, out: Out) -> int:
    """Sets one value: shows the change and what it means, and writes the file unless it would spoil the rules."""
    if args.since and not args.start:
        raise BadArgument("--since", args.since, "it goes with --from")
    if args.always and args.start:
        raise BadArgument("--always", True, "it is one value, and --from makes two: leave one out")
    since = Since(_day("--from", args.start), _day("--since", args.since), args.always)
    folder = rules_named(args.rules)
    edit = edited(folder, args.id, args.value, since)
    path = folder / edit.subject.file
    if edit.after == edit.before:
        out.say(f"{path}: {clean(args.id)} is so already")
        return 0
    for line in edit.lines():
        out.say(clean(line))
    out.problems(edit.problems)
    if not edit.usable:
        raise Cannot(f"nothing was written: with this change {path} cannot be used")
    out.say()
    _say_meaning(edit, out)
    if args.dry_run:
        out.say(f"nothing was written to {path}: --dry-run")
        return 0
    write(edit.after, str(path))
    out.say(f"wrote {path}")
    return int(edit.new is None)


def _say_meaning(edit: Edit, out: Out) -> None:
    if edit.new is None:
        out.say("The rules had other errors before and still have: ragengine check says which.")
        return
    if edit.old is None:
        out.say("The rules can be used now.")
        return
    for change in edit.changes:
        _say_change(change, out)
    if not edit.changes:
        out.say("Nothing is rated otherwise.")
    before = _failing(edit.old)
    failing = [place for case, place in _failing(edit.new).items() if case not in before]
    if failing:
        out.say(f"{count(len(failing), 'case')} no longer {'passes' if len(failing) == 1 else 'pass'}:")
    for place in failing[:_SHOWN]:
        out.say(f"  {clean(place)}")
    if len(failing) > _SHOWN:
        out.say(f"  … and {len(failing) - _SHOWN:,} more")


def _say_change(change: RuleChange, out: Out) -> None:
    out.say(clean(f"{change.id or change.kind}{': ' + change.title if change.title else ''}"))
    for detail in change.details:
        out.say(clean(f"  {detail}"))
    for level in change.levels:
        out.say(clean(f"  {level}"))


def _failing(rules: Rules) -> dict[tuple[str, str], str]:
    """The cases that fail by file and name, for their lines may move; each with its place and name."""
    return {
        (case.file, case.name): f"{case.file}:{case.line}: {case.name}" for case in run_cases(rules) if not case.passed
    }


def _day(argument: str, written: str | None) -> date | None:
    """A day as rule files have it: a month could be its first day or its last."""
    if written is None:
        return None
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise BadArgument(argument, written, "write a day: 2021-04-01")
