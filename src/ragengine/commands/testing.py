"""``test``: cases, what they cover, and what they do not notice."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..display import clean
from ..number import exact, text
from ..report.document import Grid
from ..report.files import write_whole
from ..rulebook.rules import Rules
from ..rulefile.load import load_rules
from ..workbench.case_runner import CaseResult, run_cases
from ..workbench.coverage import Coverage, coverage_of
from ..workbench.junit import junit
from ..workbench.missing_cases import missing_cases, with_head
from ..workbench.mutants import tried
from .output import Cannot, Out, count, write

__all__ = ["test"]


def test(args: argparse.Namespace, out: Out) -> int:
    """Runs the cases of each folder; 1 where one fails, or where coverage or mutants fall short."""
    passed = failed = unconfirmed = 0
    short = False
    everything: list[tuple[str, CaseResult]] = []
    for folder in args.rules:
        rules, problems = load_rules(Path(folder))
        if rules is None:
            out.problems([problem for problem in problems if problem.is_error])
            failed += 1
            continue
        results = list(run_cases(rules))
        everything += [(folder, result) for result in results]
        passed += sum(result.passed for result in results)
        failed += sum(not result.passed for result in results)
        unconfirmed += sum(result.unconfirmed for result in results)
        _show(folder, results, args.verbose, out)
        short |= _asked_besides(args, folder, rules, results, out)
    if args.junit:
        write(junit(everything), args.junit)
    waiting = f", {unconfirmed:,} of them unconfirmed" if unconfirmed else ""
    out.say(f"{passed:,} passed{waiting}, {failed:,} failed")
    return int(failed > 0 or short)


def _show(folder: str, results: Sequence[CaseResult], verbose: bool, out: Out) -> None:
    for result in results:
        place = f"{Path(folder) / result.file}:{result.line}"
        if result.passed:
            if verbose:
                mark = " (unconfirmed)" if result.unconfirmed else ""
                out.say(f"pass  {place}: {clean(result.name)}{mark}")
            continue
        out.say(f"FAIL  {place}: {clean(result.name)}")
        for line in (*result.wrong, *result.explanation.splitlines()):
            out.say(f"      {clean(line)}")


def _asked_besides(
    args: argparse.Namespace, folder: str, rules: Rules, results: Sequence[CaseResult], out: Out
) -> bool:
    """Coverage, missing cases and mutants, where they are asked for; whether one falls short."""
    short = False
    if args.coverage or args.coverage_min is not None:
        covered = coverage_of(rules, results)
        _show_coverage(covered, args.coverage, args.verbose, out)
        short = args.coverage_min is not None and covered.percent < exact(args.coverage_min)
        if short:
            out.say(f"coverage is {text(covered.percent, 1)}%, and {text(exact(args.coverage_min))}% is asked for")
    if args.write_missing:
        _write_missing(folder, rules, results, out)
    if args.mutate:
        result = tried(rules, lambda found: out.progress(found, "mutants"))
        for mutant in result.survivors:
            place = f"{Path(folder) / mutant.file}:{mutant.line}"
            out.say(f"SURVIVED  {place}: {mutant.subject}: {mutant.change}")
        out.say(f"{count(result.total, 'mutant')}: {result.killed:,} noticed, {len(result.survivors):,} survived")
        short |= bool(result.survivors)
    return short


def _show_coverage(covered: Coverage, listed: bool, verbose: bool, out: Out) -> None:
    rows = []
    for subject in covered.subjects:
        own = covered.of(subject)
        if own.missing or verbose:
            total = len(own.covered) + len(own.missing)
            lacking = "; ".join(point.what for point in own.missing) or "—"
            rows.append((subject, f"{len(own.covered)} of {total}", lacking))
    if listed and rows:
        out.table(Grid(("KPI, action or area", "Shown", "No case shows"), tuple(rows)))
        out.say()
    total = len(covered.covered) + len(covered.missing)
    out.say(f"coverage {text(covered.percent, 1)}%: {len(covered.covered):,} of {total:,} lines have a case")


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
