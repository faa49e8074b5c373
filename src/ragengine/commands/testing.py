"""``test``: cases, what they cover, and what they do not notice."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from ..book import Rulebook
from ..display import clean
from ..document.files import write_whole
from ..errors import BadArgument
from ..number import NumberError, parse_number, text
from ..rulebook.rules import Rules
from ..rulefile.load import load_rules
from ..workbench.testing.case_runner import CaseResult, all_cases, run_case
from ..workbench.testing.coverage import Coverage, coverage_of, in_few_words
from ..workbench.testing.junit import junit
from ..workbench.testing.missing_cases import missing_cases, with_head
from ..workbench.testing.mutants import tried
from .inputs import rules_named
from .output import Cannot, Out, count, write

__all__ = ["test"]


def test(args: argparse.Namespace, out: Out) -> int:
    """Runs the cases of each folder; 1 where one fails, or where coverage or mutants fall short."""
    least = _percent(args.coverage_min)
    if args.junit == "-":
        raise BadArgument("--junit", "-", "name a file: standard output has the results")
    passed = failed = unconfirmed = 0
    short = False
    everything: list[tuple[str, CaseResult]] = []
    for folder in args.rules:
        rules, problems = load_rules(rules_named(folder))
        if rules is None:
            out.problems([problem for problem in problems if problem.is_error])
            failed += 1
            continue
        book = Rulebook(rules)
        results = [run_case(book, case) for case in out.progress(list(all_cases(rules)), "cases")]
        everything += [(folder, result) for result in results]
        passed += sum(result.passed for result in results)
        failed += sum(not result.passed for result in results)
        unconfirmed += sum(result.passed and result.unconfirmed for result in results)
        _show(folder, results, args.verbose, out)
        if args.coverage or least is not None:
            covered = coverage_of(rules, results)
            _show_coverage(folder, covered, args.coverage, args.verbose, out)
            if least is not None and covered.percent < least:
                out.say(f"{folder}: {text(least)}% is asked for")
                short = True
        if args.write_missing:
            _write_missing(folder, rules, results, out)
        if args.mutate:
            short |= _show_mutants(folder, rules, out)
    if args.junit:
        write(junit(everything), args.junit)
    waiting = f", {unconfirmed:,} of them unconfirmed" if unconfirmed else ""
    out.say(f"{passed:,} passed{waiting}, {failed:,} failed")
    return int(failed > 0 or short)


def _percent(written: str | None) -> Fraction | None:
    if written is None:
        return None
    try:
        percent = parse_number(written)
    except NumberError:
        percent = Fraction(-1)
    if not 0 <= percent <= 100:
        raise BadArgument("--coverage-min", written, "write a number from 0 to 100")
    return percent


def _show(folder: str, results: Sequence[CaseResult], verbose: bool, out: Out) -> None:
    for result in results:
        place = f"{Path(folder) / result.file}:{result.line}"
        if result.passed:
            if verbose:
                mark = " (unconfirmed)" if result.unconfirmed else ""
                out.say(f"pass  {place}: {clean(result.name)}{mark}")
            continue
        mark = " (unconfirmed)" if result.unconfirmed else ""
        out.say(f"FAIL  {place}: {clean(result.name)}{mark}")
        for line in (*result.wrong, *result.explanation.splitlines()):
            out.say(f"      {clean(line)}")


def _show_coverage(folder: str, covered: Coverage, listed: bool, verbose: bool, out: Out) -> None:
    """Each KPI, action and roll-up with what no case shows, in the order of the rules; then the share of the folder."""
    for subject in covered.subjects if listed else ():
        own = covered.of(subject)
        if own.missing or verbose:
            lacking = "; ".join(in_few_words(own.missing))
            out.say(f"{subject}: {len(own.covered)} of {len(own.covered) + len(own.missing)}")
            for line in textwrap.wrap(f"no case: {lacking}" if lacking else "", out.width - 6):
                out.say(f"      {clean(line)}")
    total = len(covered.covered) + len(covered.missing)
    share = f"{len(covered.covered):,} of {total:,} lines have a case"
    out.say(f"{folder}: coverage {text(covered.percent, 1)}%: {share}")


def _show_mutants(folder: str, rules: Rules, out: Out) -> bool:
    """The mutants that no case notices; whether there are any."""
    result = tried(rules, lambda found: out.progress(found, "mutants"))
    for mutant in result.survivors:
        place = f"{Path(folder) / mutant.file}:{mutant.line}"
        out.say(f"SURVIVED  {place}: {clean(f'{mutant.subject}: {mutant.change}')}")
    noticed = f"{result.killed:,} noticed, {len(result.survivors):,} survived"
    out.say(f"{folder}: {count(result.total, 'mutant')}: {noticed}")
    return bool(result.survivors)


def _write_missing(folder: str, rules: Rules, results: Sequence[CaseResult], out: Out) -> None:
    texts, left = missing_cases(rules, coverage_of(rules, results, unconfirmed=True))
    for name, added in texts.items():
        path = Path(folder) / name
        try:
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            write_whole(path, f"{before.rstrip()}\n\n{added}" if before else with_head(added))
        except OSError as wrong:
            raise Cannot(f"{path}: cannot be written: {wrong.strerror or wrong}") from wrong
        out.say(f"wrote {count(added.count('[[case]]'), 'case')} to {path}")
    for point in left:
        out.say(f"a person must write the case: {point.subject}: {point.what}")
    if texts:
        out.say("Read them; remove `unconfirmed` from each that is what you mean.")
    elif not left:
        out.say("no case is missing")
