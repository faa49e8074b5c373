"""``check`` and ``test``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from attrs import asdict

from ..errors import BadArgument
from ..period import PeriodError, parse_date
from ..problem import has_errors
from ..report.plain import clean
from ..rulefile.load import load_rules
from ..workbench.case_runner import run_cases
from ..workbench.check import check as find_problems
from .output import Out, count

__all__ = ["check", "test"]


def check(args: argparse.Namespace, out: Out) -> int:
    as_at = None
    if args.as_at:
        try:
            as_at = parse_date(args.as_at)
        except PeriodError as wrong:
            raise BadArgument("--as-at", args.as_at, f"{wrong.message}; {wrong.hint}") from wrong
    problems = find_problems(Path(args.rules), as_at=as_at)
    if args.format == "json":
        out.say(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1))
    elif args.format == "github":
        for p in problems:
            place = f"file={p.place.file},line={p.place.line},col={p.place.column}"
            out.say(f"::{p.severity} {place},title={p.code}::{clean(p.text)}")
    else:
        for problem in problems:
            out.say(clean(problem.pretty()))
        errors = sum(problem.is_error for problem in problems)
        warnings = len(problems) - errors
        out.say(f"{args.rules}: {count(errors, 'error')}, {count(warnings, 'warning')}")
    return int(has_errors(problems) or (args.strict and bool(problems)))


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
