"""``explain``."""

from __future__ import annotations

import argparse
import json

from ..bands import BandTable
from ..book import PreparedAction
from ..data.read import read
from ..display import clean
from ..number import exact
from ..rating.outcome import Ground
from ..rating.rating import Rating
from ..rulebook.compile import UnusableTarget
from ..terms import Rag
from ..workbench.number_line import number_line
from .inputs import load_book
from .output import Out

__all__ = ["explain"]


def _table(rating: Rating) -> BandTable[Rag] | None:
    """What the number line draws; None where the measurement's target makes no table."""
    try:
        return rating.outcome.ground.table if isinstance(rating.outcome.ground, Ground) else rating.facts.table
    except UnusableTarget:
        return None


def explain(args: argparse.Namespace, out: Out) -> int:
    book = load_book(args.rules, out)
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
    table = _table(rating)
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
