"""``narrative``."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

from ..data.read import read
from ..display import clean
from ..errors import BadArgument
from ..narrative import NarrativeReport, check_narrative
from ..narrative.verdicts import Outcome
from ..problem import has_errors
from ..workbench.problem_formats import as_json, github, sarif
from .inputs import load_book
from .output import Out, count

__all__ = ["narrative"]


def narrative(args: argparse.Namespace, out: Out) -> int:
    if not (Path(args.rules) / "book.toml").is_file() and (Path(args.data[0]) / "book.toml").is_file():
        raise BadArgument("DATA RULES", args.data[0], "it is the rules: name the data first, the rules last")
    book = load_book(args.rules, out)
    previous = None
    if args.previous:
        previous = book.score(read(*args.previous, calendar=book.rules.calendar), args.previous_as_at)
    report = check_narrative(book, *args.data, as_at=args.as_at, previous=previous)
    said = "" if args.as_at else ", the latest period in the data"
    print(f"as at {report.period.label}{said}", file=sys.stderr)
    out.problems(report.data_problems)
    problems = report.problems
    match args.format:
        case "json":
            out.say(as_json(problems))
        case "github":
            for line in github(problems, ""):
                out.say(line)
        case "sarif":
            out.say(sarif(problems, ""))
        case _:
            if args.verbose:
                _show_claims(report, out)
            for problem in problems:
                out.say(clean(problem.pretty()))
            out.say(_counts(report))
    return int(has_errors((*problems, *report.data_problems)) or (args.strict and bool(problems)))


def _show_claims(report: NarrativeReport, out: Out) -> None:
    """Every claim that was understood, and what it was held against."""
    for verdict in report.verdicts:
        claim = verdict.claim
        place = claim.sentence.place_of(claim.position)
        printed = textwrap.shorten(claim.printed, 60, placeholder="…")
        if verdict.problem is not None:
            out.say(clean(f'{place}: {verdict.outcome} ({verdict.problem.code} below): "{printed}"'))
            continue
        out.say(clean(f'{place}: {verdict.outcome}: "{printed}"'))
        for line in textwrap.wrap(
            clean(verdict.how), max(out.width - 6, 34), break_on_hyphens=False, break_long_words=False
        ):
            out.say(f"      {line}")
    out.say()


def _counts(report: NarrativeReport) -> str:
    sentences = sum(not sentence.is_evidence for sentence in report.sentences)
    fared = ", ".join(f"{report.count(outcome):,} {outcome}" for outcome in Outcome)
    return f"{count(sentences, 'sentence')} read, {count(len(report.verdicts), 'claim')} understood: {fared}"
