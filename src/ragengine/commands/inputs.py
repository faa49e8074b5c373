"""Rules and data as the command line names them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..book import Rulebook
from ..data.read import read
from ..errors import RulebookError
from ..report.public import public_cards
from ..report.series import cards_of
from ..rollup.scorecard import Scorecard
from ..rulefile.load import load_rules
from .output import Out

__all__ = ["load_book", "load_card"]


def load_book(folder: str, out: Out) -> Rulebook:
    rules, problems = load_rules(Path(folder))
    if rules is None:
        raise RulebookError(tuple(problems))
    out.problems([problem for problem in problems if not problem.is_error])
    return Rulebook(rules)


def load_card(args: argparse.Namespace, out: Out) -> Scorecard:
    book = load_book(args.rules, out)
    previous = None
    if args.previous:
        previous = book.score(read(*args.previous, day_first=book.rules.day_first), args.previous_as_at)
    data = read(*args.data, day_first=book.rules.day_first)
    cards = cards_of(book, data, args.as_at, 2 if args.public else 1, previous)
    card = (public_cards(book.rules, cards, previous) if args.public else cards)[-1]
    said = "" if args.as_at else ", the latest period in the data"
    print(f"as at {card.period.label}{said}", file=sys.stderr)
    return card
