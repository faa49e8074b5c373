"""``demo``, ``init``, ``score`` and ``report``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..data.read import read
from ..document.blocks import Grid
from ..document.files import safe_name
from ..document.markdown import markdown
from ..document.plain import plain_text, table_lines
from ..errors import BadArgument
from ..problem import has_errors
from ..report.exception_report import exception_report, glance, key, level_words
from ..report.ratings_csv import ratings_csv
from ..rollup.scorecard import Scorecard
from ..starter import FILES
from .inputs import load_book, load_card
from .output import Cannot, Out, form_of, from_here, to_file, write, write_files

__all__ = ["demo", "init", "report", "score"]

_SUFFIXES = {".txt": "table", ".json": "json", ".csv": "csv"}
#: endings of files of rows, which no scorecard is read from or written to
_ROWS_ONLY = (".parquet", ".ndjson", ".jsonl")


def demo(args: argparse.Namespace, out: Out) -> int:
    rules, examples = plan()
    book = load_book(str(rules), out)
    calendar = book.rules.calendar
    before = book.score(read(examples / "2020-07", calendar=calendar), "Jul-20")
    card = book.score(read(examples / "2020-08", calendar=calendar), "Aug-20", before)
    out.say(f"{card.title}, {card.period.label}")
    out.say()
    out.table(glance(card))
    out.say()
    out.table(key(card))
    out.say()
    out.say(f"{card.rows}.")
    out.problems(card.problems)
    folder = Path(args.output)
    target = folder / f"{safe_name(f'exception-report-{card.period}')}.md"
    blocks = exception_report(card)
    write_files({target: markdown(blocks), target.with_suffix(".txt"): plain_text(blocks, 80)})
    out.say(f"The exception report: {target} (and .txt)")
    out.say("Why is a level what it is?")
    named = f"{from_here(rules)} early-help.seen-10-days --data {from_here(examples / '2020-08')}"
    out.say(f"  ragengine explain {named}")
    return 0


def plan() -> tuple[Path, Path]:
    """The worked example: beside the installed package, or in the source tree."""
    here = Path(__file__).resolve().parent.parent
    installed = here / "_plan"
    if installed.is_dir():
        return installed / "rules", installed / "examples"
    root = here.parent.parent
    if (root / "rules" / "book.toml").is_file():
        return root / "rules", root / "docs" / "examples"
    raise Cannot("the worked example is not installed")


def init(args: argparse.Namespace, out: Out) -> int:
    folder = Path(args.folder)
    existing = [name for name in FILES if (folder / name).exists()]
    if existing:
        raise BadArgument("FOLDER", args.folder, f"{existing[0]} is there already: name another folder")
    files = {folder / name: text for name, text in FILES.items()}
    write_files(files)
    for path in files:
        out.say(f"wrote {path}")
    out.say()
    out.say(f"Next:  ragengine check {folder / 'rules'}")
    out.say(f"       ragengine test {folder / 'rules'}")
    out.say(f"       ragengine score {folder / 'rules'} {folder / 'data'}")
    return 0


def score(args: argparse.Namespace, out: Out) -> int:
    if _rates_rows(args):
        from .scoring_files import score_files

        return score_files(args, out)
    form = form_of(args.output, args.format, _SUFFIXES, "table")
    card = load_card(args, out)
    if form == "json":
        write(card.to_json(), args.output)
    elif form == "csv":
        write(ratings_csv(card), args.output)
    elif to_file(args.output):
        lines = [*table_lines(glance(card), 100), "", *table_lines(_rating_rows(card), 100), "", f"{card.rows}."]
        write("\n".join(lines) + "\n", args.output)
    else:
        out.table(glance(card))
        out.say()
        out.table(_rating_rows(card))
        out.say()
        out.say(f"{card.rows}.")
    if form != "table" or to_file(args.output):
        print(f"{card.rows}", file=sys.stderr)
    out.problems(card.problems)
    return int(has_errors(card.problems))


def _rates_rows(args: argparse.Namespace) -> bool:
    """Whether every row is rated, not one period: where asked for, or where a format is named that no scorecard has."""
    named = (*args.data, args.output or "")
    asked = args.rows or args.history or args.suffix
    return bool(asked) or any(name.lower().endswith(_ROWS_ONLY) for name in named)


def _rating_rows(card: Scorecard) -> Grid:
    rows = []
    for rating in card.ratings.values():
        name = rating.id if rating.entity is None else f"{rating.id}, {rating.entity}"
        level = level_words(rating.rag) + (f": {rating.reason}" if rating.reason else "")
        movement = str(rating.movement) if rating.movement else "—"
        rows.append((name, level_words(rating.previous), level, movement))
    return Grid(("KPI or action", "Previous", "Current", "Movement"), tuple(rows))


def report(args: argparse.Namespace, out: Out) -> int:
    form = form_of(args.output, args.format, {".md": "markdown", ".txt": "text"}, "markdown")
    card = load_card(args, out)
    blocks = exception_report(card)
    text = markdown(blocks) if form == "markdown" else plain_text(blocks, 80)
    write(text, args.output)
    if to_file(args.output):
        out.say(f"wrote {args.output}")
    out.problems(card.problems)
    return int(has_errors(card.problems))
