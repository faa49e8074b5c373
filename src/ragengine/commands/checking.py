"""``check`` and ``test``."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from attrs import asdict

from ..data.read import read
from ..errors import BadArgument
from ..period import PeriodError, parse_date
from ..problem import has_errors
from ..report.plain import clean
from ..rulefile.load import load_rules
from ..workbench.case_runner import run_cases
from ..workbench.check import check as find_problems
from ..workbench.problem_formats import github, sarif
from .output import Out, count

__all__ = ["check", "test"]


def check(args: argparse.Namespace, out: Out) -> int:
    as_at = _day(args.as_at) if args.as_at else date.today()
    data = read(*args.data) if args.data else None
    problems = find_problems(Path(args.rules), as_at=as_at, data=data)
    if args.format == "json":
        out.say(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1))
    elif args.format == "github":
        for line in github(problems, args.rules):
            out.say(line)
    elif args.format == "sarif":
        out.say(json.dumps(sarif(problems, args.rules), ensure_ascii=False, indent=1))
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


def test(args: argparse.Namespace, out: Out) -> int:
    total = failed = 0
    for folder in args.rules:
        rules, problems = load_rules(Path(folder))
        errors = [problem for problem in problems if problem.is_error]
        if rules is None:
            out.problems(errors)
            failed += 1
            total += 1
            continue
        for result in run_cases(rules):
            total += 1
            if result.passed:
                if args.verbose:
                    out.say(f"pass  {Path(folder) / result.file}:{result.line}: {result.name}")
                continue
            failed += 1
            out.say(f"FAIL  {Path(folder) / result.file}:{result.line}: {clean(result.name)}")
            for line in (*result.wrong, *result.explanation.splitlines()):
                out.say(f"      {clean(line)}")
    out.say(f"{total - failed:,} passed, {failed:,} failed")
    return int(failed > 0)
