"""What each command does; :mod:`.cli` reads the command line and calls them."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import asdict

from .book import PreparedAction, Rulebook
from .data.read import read
from .errors import BadArgument, DataError, RagError, RulebookError, UnknownId
from .number import exact
from .period import PeriodError, parse_date
from .problem import Problem, has_errors
from .rating.outcome import Ground
from .rating.rating import Rating
from .report.document import Grid
from .report.exception_report import exception_report, glance, key, level_words
from .report.files import safe_name, write_whole
from .report.markdown import markdown
from .report.plain import clean, plain_text, table_lines
from .report.ratings_csv import ratings_csv
from .rollup.scorecard import Scorecard
from .rulefile.load import load_rules
from .starter import FILES
from .workbench.case_runner import run_cases
from .workbench.check import check
from .workbench.number_line import number_line

__all__ = ["run"]

_COLOURS = {"Red": "31", "Amber": "33", "Green": "32", "Grey": "2"}


class _Out:
    """Standard output: as wide as the terminal, coloured only where one looks at it."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                # a console that lacks a symbol prints a question mark, never an error
                stream.reconfigure(errors="replace")
        self.width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 160))
        self.coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.plain_symbols = not _encodes("▲●★≥—–·")

    def paint(self, cell: str) -> str:
        """A cell with its level coloured; the word and its symbol are there without."""
        if self.coloured:
            for word, code in _COLOURS.items():
                if word in cell:
                    return f"\x1b[{code}m{cell}\x1b[0m"
        return cell

    def say(self, text: str = "") -> None:
        if self.plain_symbols:
            for symbol, plain in zip("▲●★≥—–·…", ("^", "o", "*", ">=", "-", "-", ".", "..."), strict=True):
                text = text.replace(symbol, plain)
        print(text)

    def table(self, grid: Grid) -> None:
        for line in table_lines(grid, self.width, self.paint):
            self.say(line)

    def problems(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            print(clean(problem.pretty()), file=sys.stderr)


def _encodes(symbols: str) -> bool:
    try:
        symbols.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class _Cannot(Exception):
    """Rules or data that cannot be used, or output that cannot be written: exit 3."""


def _book(folder: str, out: _Out) -> Rulebook:
    rules, problems = load_rules(Path(folder))
    if rules is None:
        raise RulebookError(tuple(problems))
    out.problems([problem for problem in problems if not problem.is_error])
    return Rulebook(rules)


def _card(args: argparse.Namespace, out: _Out) -> Scorecard:
    book = _book(args.rules, out)
    previous = None
    if args.previous:
        previous = book.score(read(*args.previous, day_first=book.rules.day_first), args.previous_as_at)
    data = read(*args.data, day_first=book.rules.day_first)
    card = book.score(data, args.as_at, previous)
    said = "" if args.as_at else ", the latest period in the data"
    print(f"as at {card.period.label}{said}", file=sys.stderr)
    return card


def _write(text: str, path: str | None) -> None:
    if path is None or path == "-":
        sys.stdout.write(text)
        return
    try:
        write_whole(Path(path), text)
    except OSError as wrong:
        raise _Cannot(f"{path}: cannot be written: {wrong.strerror or wrong}") from wrong


def _demo(args: argparse.Namespace, out: _Out) -> int:
    rules, examples = _plan()
    book = _book(str(rules), out)
    day_first = book.rules.day_first
    before = book.score(read(examples / "2020-07", day_first=day_first), "Jul-20")
    card = book.score(read(examples / "2020-08", day_first=day_first), "Aug-20", before)
    out.say(f"{card.title}, {card.period.label}")
    out.say()
    out.table(glance(card))
    out.say()
    out.table(key(card))
    out.say()
    out.say(f"{card.rows}.")
    out.problems(card.problems)
    folder = Path(args.output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{safe_name(f'exception-report-{card.period}')}.md"
        write_whole(target, markdown(exception_report(card)))
        write_whole(target.with_suffix(".txt"), plain_text(exception_report(card), 80))
    except OSError as wrong:
        raise _Cannot(f"{folder}: cannot be written: {wrong.strerror or wrong}") from wrong
    out.say(f"The exception report: {target} (and .txt)")
    out.say("Why is a level what it is?")
    named = f"{_from_here(rules)} early-help.seen-10-days --data {_from_here(examples / '2020-08')}"
    out.say(f"  ragengine explain {named}")
    return 0


def _plan() -> tuple[Path, Path]:
    """The worked example: beside the installed package, or in the source tree."""
    here = Path(__file__).resolve().parent
    installed = here / "_plan"
    if installed.is_dir():
        return installed / "rules", installed / "examples"
    root = here.parent.parent
    if (root / "rules" / "book.toml").is_file():
        return root / "rules", root / "docs" / "examples"
    raise _Cannot("the worked example is not installed")


def _from_here(path: Path) -> Path:
    """A path as a user would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _init(args: argparse.Namespace, out: _Out) -> int:
    folder = Path(args.folder)
    existing = [name for name in FILES if (folder / name).exists()]
    if existing:
        raise BadArgument("FOLDER", args.folder, f"{existing[0]} is there already: name another folder")
    for name, text in FILES.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
        except OSError as wrong:
            raise _Cannot(f"{path}: cannot be written: {wrong.strerror or wrong}") from wrong
        out.say(f"wrote {path}")
    out.say()
    out.say(f"Next:  ragengine check {folder / 'rules'}")
    out.say(f"       ragengine test {folder / 'rules'}")
    out.say(f"       ragengine score {folder / 'rules'} {folder / 'data'}")
    return 0


def _check(args: argparse.Namespace, out: _Out) -> int:
    as_at = None
    if args.as_at:
        try:
            as_at = parse_date(args.as_at)
        except PeriodError as wrong:
            raise BadArgument("--as-at", args.as_at, f"{wrong.message}; {wrong.hint}") from wrong
    problems = check(Path(args.rules), as_at=as_at)
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
        out.say(f"{args.rules}: {_count(errors, 'error')}, {_count(warnings, 'warning')}")
    return int(has_errors(problems) or (args.strict and bool(problems)))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _test(args: argparse.Namespace, out: _Out) -> int:
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


def _score(args: argparse.Namespace, out: _Out) -> int:
    card = _card(args, out)
    if args.format == "json":
        _write(card.to_json(), args.output)
    elif args.format == "csv":
        _write(ratings_csv(card), args.output)
    elif args.output and args.output != "-":
        lines = [*table_lines(glance(card), 100), "", *table_lines(_rating_rows(card), 100), "", f"{card.rows}."]
        _write("\n".join(lines) + "\n", args.output)
    else:
        out.table(glance(card))
        out.say()
        out.table(_rating_rows(card))
        out.say()
        out.say(f"{card.rows}.")
    if args.format != "table" or args.output:
        print(f"{card.rows}", file=sys.stderr)
    out.problems(card.problems)
    return int(has_errors(card.problems))


def _rating_rows(card: Scorecard) -> Grid:
    rows = []
    for rating in card.ratings.values():
        name = rating.id if rating.entity is None else f"{rating.id}, {rating.entity}"
        level = level_words(rating.rag) + (f": {rating.reason}" if rating.reason else "")
        movement = str(rating.movement) if rating.movement else "—"
        rows.append((name, level_words(rating.previous), level, movement))
    return Grid(("KPI or action", "Previous", "Current", "Movement"), tuple(rows))


def _report(args: argparse.Namespace, out: _Out) -> int:
    card = _card(args, out)
    blocks = exception_report(card)
    text = markdown(blocks) if args.format == "markdown" else plain_text(blocks, 80)
    _write(text, args.output)
    if args.output and args.output != "-":
        out.say(f"wrote {args.output}")
    out.problems(card.problems)
    return int(has_errors(card.problems))


def _explain(args: argparse.Namespace, out: _Out) -> int:
    book = _book(args.rules, out)
    if args.data:
        args.previous, args.previous_as_at = None, None
        data = read(*args.data, day_first=book.rules.day_first)
        card = book.score(data, args.as_at or args.period)
        if args.subject in card.areas:
            out.say(clean(card.areas[args.subject].explain()))
            return 0
        row = card.ratings[(args.subject, args.entity) if args.entity else args.subject]
        rating = row if isinstance(row, Rating) else None
        assert rating is not None
    else:
        rated = book[args.subject]
        if isinstance(rated, PreparedAction):
            rating = rated.rate(args.as_at or args.period or "", args.status)
        else:
            details = {
                k: getattr(args, k) for k in ("numerator", "denominator", "target", "entity") if getattr(args, k)
            }
            rating = rated.rate(args.value, args.period or args.as_at, **details)
    if args.format == "json":
        out.say(json.dumps(rating.explanation.to_dict(), ensure_ascii=False, indent=1))
        return 0
    out.say(clean(rating.explain()))
    table = rating.outcome.ground.table if isinstance(rating.outcome.ground, Ground) else rating.facts.table
    words = isinstance(rating.outcome.ground, Ground) and bool(rating.outcome.ground.kpi.words)
    if table is not None and not words:
        out.say()
        value = exact(rating.value) if rating.value is not None else None
        for line in number_line(table, value, min(out.width, 100)):
            out.say(line)
    out.say()
    for step in rating.explanation.steps:
        place = f"  [{step.file}:{step.line}]" if step.file else ""
        out.say(clean(f"{step.stage:<12} {step.text}{' → ' + step.level if step.level else ''}{place}"))
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace, _Out], int]] = {
    "demo": _demo,
    "init": _init,
    "check": _check,
    "test": _test,
    "score": _score,
    "report": _report,
    "explain": _explain,
}


def run(args: argparse.Namespace) -> int:
    """Runs one command and returns its exit code: 0 all well, 1 problems reported, 2 wrong use, 3 could not."""
    out = _Out()
    try:
        return int(_COMMANDS[args.command](args, out))
    except (RulebookError, DataError) as wrong:
        out.problems(wrong.problems)
        print(f"ragengine: {str(wrong).splitlines()[0].rstrip(':')}", file=sys.stderr)
        return 3
    except _Cannot as wrong:
        print(f"ragengine: {wrong}", file=sys.stderr)
        return 3
    except (BadArgument, UnknownId) as wrong:
        print(f"ragengine: {clean(str(wrong))}", file=sys.stderr)
        return 2
    except RagError as wrong:
        print(f"ragengine: {clean(str(wrong))}", file=sys.stderr)
        return 3
    except BrokenPipeError:
        # the reader went away (head, less): nothing is wrong
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # closed at exit
        return 0
    except KeyboardInterrupt:
        print("ragengine: stopped", file=sys.stderr)
        return 130
