"""The scorecards that a command's arguments name: of one period or of several, compared with the period before."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date

from attrs import evolve

from ..book import Rulebook
from ..data.collection import Data
from ..data.read import read
from ..report.public import public_cards
from ..report.series import cards_of
from ..rollup.scorecard import Scorecard
from .inputs import load_previous
from .output import Out, count

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
    print(f"as at {cards[-1].period.label}{said}; read {_sources(data)}", file=sys.stderr)
    if not args.as_at and cards[-1].period.start > date.today():
        hint = "if its rows are wrong, mend them, or say --as-at"
        print(f"warning: {cards[-1].period.label} has not begun: {hint}", file=sys.stderr)
    return cards[-periods:]


def _sources(data: Data) -> str:
    """The files that were read, each with its rows."""
    places = [row.place for row in data.measurements]
    places += [row.place for row in data.actions] + [row.place for row in data.published]
    rows = Counter(place.file for place in places)
    named = [f"{name} ({count(rows[name], 'row')})" if rows[name] else name for name in dict.fromkeys(data.sources)]
    return ", ".join(named) or "nothing"
