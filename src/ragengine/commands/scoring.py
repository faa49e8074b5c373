"""``demo`` and ``score``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..data.read import read
from ..document.blocks import Grid
from ..document.files import safe_name
from ..document.plain import table_lines
from ..problem import has_errors
from ..report.build import report_of_card
from ..report.glance import area_levels
from ..report.ratings_csv import csv_lines
from ..report.terminal import brief
from ..report.wording import level_words
from ..rollup.scorecard import Scorecard
from .cards import load_cards
from .inputs import load_book
from .output import Cannot, Out, form_of, from_here, to_file, write, write_files
from .reporting import rendered

__all__ = ["demo", "score"]

_SUFFIXES = {".txt": "table", ".json": "json", ".csv": "csv"}
#: endings of files of rows, which no scorecard is read from or written to
_ROWS_ONLY = (".parquet", ".ndjson", ".jsonl")


def demo(args: argparse.Namespace, out: Out) -> int:
    rules, examples = plan()
    book = load_book(str(rules), out)
    calendar = book.rules.calendar
    before = book.score(read(examples / "2020-07", calendar=calendar), "Jul-20")
    card = book.score(read(examples / "2020-08", calendar=calendar), "Aug-20", before)
    made = report_of_card(book, card, (before,))
    for line in brief(made, out.width, out.paint):
        out.say(line)
    out.say()
    out.say(f"{card.rows}.")
    out.problems(card.problems)
    folder = Path(args.output)
    name = safe_name(f"exception-report-{card.period}")
    forms = {".html": "html", ".md": "markdown", ".txt": "text"}
    write_files({folder / f"{name}{suffix}": rendered(made, form) for suffix, form in forms.items()})
    out.say(f"The exception report: {folder / f'{name}.html'}")
    out.say("Open it in a browser.")
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


def score(args: argparse.Namespace, out: Out) -> int:
    if _rates_rows(args):
        from .scoring_files import score_files

        return score_files(args, out)
    form = form_of(args.output, args.format, _SUFFIXES, "table")
    book = load_book(args.rules, out, [*args.data, *(args.previous or ())])
    (card,) = load_cards(args, book, out)
    if form == "json":
        # who asks for no JSON does not wait for cattrs
        from ..rollup.card_json import json_pieces

        write(json_pieces(card), args.output)
    elif form == "csv":
        write(csv_lines(card), args.output)
    elif to_file(args.output):
        lines = [*table_lines(area_levels(card), 100), "", *table_lines(_rating_rows(card), 100), "", f"{card.rows}."]
        write("\n".join(lines) + "\n", args.output)
    else:
        out.table(area_levels(card))
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
