"""``narrative``."""

from __future__ import annotations

import argparse
import sys
import textwrap

from ..display import clean
from ..narrative import NarrativeReport, check_narrative
from ..narrative.verdicts import ClaimOutcome
from ..problem import has_errors
from ..workbench.problem_formats import github, problems_as_json, sarif
from .inputs import load_book, load_previous
from .output import Out, count, grouped

__all__ = ["narrative"]


def narrative(args: argparse.Namespace, out: Out) -> int:
    book = load_book(args.rules, out, args.data)
    previous = load_previous(args, book, out)
    report = check_narrative(book, *args.data, as_at=args.as_at, previous=previous.card if previous else None)
    if previous is not None:
        previous.check(report.period)
    said = "" if args.as_at else ", the latest period in the data"
    print(f"as at {report.period.label}{said}", file=sys.stderr)
    out.problems(report.data_problems)
    problems = report.problems
    match args.format:
        case "json":
            out.say(problems_as_json(problems))
        case "github":
            for line in github(problems, ""):
                out.say(line)
        case "sarif":
            out.say(sarif(problems, ""))
        case _:
            if args.verbose:
                _show_claims(report, out)
            for line in grouped(problems):
                out.say(line)
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
    fared = ", ".join(f"{report.count(outcome):,} {outcome}" for outcome in ClaimOutcome)
    return f"{count(sentences, 'sentence')} read, {count(len(report.verdicts), 'claim')} understood: {fared}"
