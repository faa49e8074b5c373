"""``check``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path, PurePath

from attrs import evolve

from ..data.read import read
from ..errors import BadArgument, RulebookError
from ..loading import load
from ..period import period_given
from ..problem import Problem, has_errors, shorten
from ..workbench.check import check as find_problems
from ..workbench.problem_formats import github, problems_as_json, sarif
from .inputs import data_named, rules_named
from .output import Out, count, grouped

__all__ = ["check"]


def check(args: argparse.Namespace, out: Out) -> int:
    as_at = period_given("--as-at", args.as_at).end if args.as_at else date.today()
    rules = rules_named(args.rules, args.data)
    data = read(*data_named(args.data)) if args.data else None
    of_rules = find_problems(rules, as_at=as_at, data=data, progress=lambda checks: out.progress(checks, "checks"))
    of_data = _of_data(rules, args.data) if data is not None else ()
    problems = [*of_rules, *of_data]
    if args.format == "json":
        out.say(problems_as_json(problems))
    elif args.format in ("github", "sarif"):
        placed = [*_placed(of_rules, [args.rules]), *_placed(of_data, args.data or [])]
        for line in github(placed, "") if args.format == "github" else [sarif(placed, "")]:
            out.say(line)
    else:
        for line in grouped(problems):
            out.say(line)
        errors = sum(problem.is_error for problem in problems)
        warnings = len(problems) - errors
        out.say(f"{shorten(args.rules, 300)}, as at {as_at}: {count(errors, 'error')}, {count(warnings, 'warning')}")
    return int(has_errors(problems) or (args.strict and bool(problems)))


def _of_data(rules: Path, given: Sequence[str]) -> Sequence[Problem]:
    """What is wrong with the data, as ``score`` tells it; of rules that cannot be used only what needs none."""
    try:
        book = load(rules)
    except RulebookError:
        return read(*given).problems
    data = read(*given, calendar=book.rules.calendar)
    try:
        return book.score(data).problems
    except BadArgument:
        # there is no period to rate
        return data.problems


def _placed(problems: Sequence[Problem], given: Sequence[str]) -> Iterator[Problem]:
    """Problems with their files as they are named from where the command runs."""
    for problem in problems:
        file = PurePath(problem.place.file)
        folder = next((PurePath(each) for each in given if (Path(each) / file).exists()), None)
        own = next((PurePath(each) for each in given if PurePath(each).name == file.name), None)
        named = folder / file if folder is not None else own or PurePath(given[0], file)
        yield evolve(problem, place=evolve(problem.place, file=str(named)))
