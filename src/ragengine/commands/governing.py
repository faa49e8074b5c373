"""``grace``."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date

from ..data.read import read
from ..document.markdown import markdown
from ..document.plain import plain_text
from ..problem import has_errors
from ..report.grace_report import grace_report
from ..terms import GREY
from ..workbench.governance.review import GraceReview, review_grace
from .inputs import load_book
from .output import Out, form_of, to_file, write

__all__ = ["grace"]

_SUFFIXES = {".txt": "text", ".md": "markdown", ".json": "json"}


def grace(args: argparse.Namespace, out: Out) -> int:
    """Every grace and override; 1 where rows of the data cannot be used."""
    form = form_of(args.output, args.format, _SUFFIXES, "text")
    book = load_book(args.rules, out, args.data)
    if args.data:
        review = review_grace(book, read(*args.data, calendar=book.rules.calendar), args.as_at)
        said = "" if args.as_at else ", the latest period in the data"
        assert review.period is not None
        print(f"as at {review.period.label}{said}", file=sys.stderr)
    else:
        review = review_grace(book, as_at=args.as_at or date.today())
        print(f"as at {review.as_at}{'' if args.as_at else ', today'}", file=sys.stderr)
    if form == "text" and not to_file(args.output):
        page = plain_text(grace_report(review), out.width, lambda cell: _painted(cell, review, out), out.table_width)
        for line in page.splitlines():
            out.say(line)
    else:
        write(_written(review, form), args.output)
    if review.rows is not None:
        print(f"{review.rows}", file=sys.stderr)
    out.problems(review.problems)
    return int(has_errors(review.problems))


def _painted(cell: str, review: GraceReview, out: Out) -> str:
    """A cell with a level's symbol coloured: a word such as Red alone may tell of a change."""
    return out.paint(cell) if any(level.symbol in cell for level in (*review.scale, GREY)) else cell


def _written(review: GraceReview, form: str) -> str:
    if form == "json":
        return json.dumps(review.to_dict(), ensure_ascii=False, indent=1) + "\n"
    blocks = grace_report(review)
    return markdown(blocks) if form == "markdown" else plain_text(blocks, 100)
