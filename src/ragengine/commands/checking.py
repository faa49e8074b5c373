"""``check``."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from ..data.read import read
from ..display import clean
from ..errors import BadArgument
from ..period import PeriodError, parse_date
from ..problem import has_errors
from ..workbench.check import check as find_problems
from ..workbench.problem_formats import as_json, github, sarif
from .output import Out, count

__all__ = ["check"]


def check(args: argparse.Namespace, out: Out) -> int:
    as_at = _day(args.as_at) if args.as_at else date.today()
    data = read(*args.data) if args.data else None
    problems = find_problems(
        Path(args.rules), as_at=as_at, data=data, progress=lambda checks: out.progress(checks, "checks")
    )
    if args.format == "json":
        out.say(as_json(problems))
    elif args.format == "github":
        for line in github(problems, args.rules):
            out.say(line)
    elif args.format == "sarif":
        out.say(sarif(problems, args.rules))
    else:
        for problem in problems:
            out.say(clean(problem.pretty()))
        errors = sum(problem.is_error for problem in problems)
        warnings = len(problems) - errors
        out.say(f"{args.rules}, as at {as_at}: {count(errors, 'error')}, {count(warnings, 'warning')}")
    return int(has_errors(problems) or (args.strict and bool(problems)))


def _day(written: str) -> date:
    try:
        return parse_date(written)
    except PeriodError as wrong:
        raise BadArgument("--as-at", written, f"{wrong.message}; {wrong.hint}") from wrong
