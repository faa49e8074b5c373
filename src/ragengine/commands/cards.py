"""The scorecards that a command's arguments name: of one period or of several, compared with the period before."""

from __future__ import annotations

import argparse
import sys

from attrs import evolve

from ..book import Rulebook
from ..data.read import read
from ..report.public import public_cards
from ..report.series import cards_of
from ..rollup.scorecard import Scorecard
from .inputs import load_previous
from .output import Out

__all__ = ["load_cards"]


def load_cards(args: argparse.Namespace, book: Rulebook, out: Out, periods: int = 1) -> tuple[Scorecard, ...]:
    """The scorecards of so many periods, the wanted one last; for the public where the arguments say so."""
    previous = load_previous(args, book, out)
    data = read(*args.data, calendar=book.rules.calendar)
    if previous is not None:
        data = evolve(data, published=(*previous.published, *data.published))
    # of two periods, what changed can give away what one hides
    scored = max(periods, 2) if args.public else periods
    cards = cards_of(book, data, args.as_at, scored, None if previous is None else previous.card)
    if previous is not None:
        previous.check(cards[-1].period)
    if args.public:
        cards = public_cards(book.rules, cards, None if previous is None else previous.card)
    said = "" if args.as_at else ", the latest period in the data"
    print(f"as at {cards[-1].period.label}{said}", file=sys.stderr)
    return cards[-periods:]
