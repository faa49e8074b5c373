"""``check``."""

from __future__ import annotations

import argparse
from datetime import date

from ..data.read import read
from ..errors import BadArgument
from ..period import PeriodError, parse_date
from ..problem import has_errors, shorten
from ..workbench.check import check as find_problems
from ..workbench.problem_formats import as_json, github, sarif
from .inputs import data_named, rules_named
from .output import Out, count, grouped

__all__ = ["check"]


def check(args: argparse.Namespace, out: Out) -> int:
    as_at = _day(args.as_at) if args.as_at else date.today()
    rules = rules_named(args.rules, args.data)
    data = read(*data_named(args.data)) if args.data else None
    problems = find_problems(rules, as_at=as_at, data=data, progress=lambda checks: out.progress(checks, "checks"))
    if args.format == "json":
        out.say(as_json(problems))
    elif args.format == "github":
        for line in github(problems, args.rules):
            out.say(line)
    elif args.format == "sarif":
        out.say(sarif(problems, args.rules))
    else:
        for line in grouped(problems):
            out.say(line)
        errors = sum(problem.is_error for problem in problems)
        warnings = len(problems) - errors
        out.say(f"{shorten(args.rules, 300)}, as at {as_at}: {count(errors, 'error')}, {count(warnings, 'warning')}")
    return int(has_errors(problems) or (args.strict and bool(problems)))


def _day(written: str) -> date:
    try:
        return parse_date(written)
    except PeriodError as wrong:
        raise BadArgument("--as-at", written, f"{wrong.message}; {wrong.hint}") from wrong
