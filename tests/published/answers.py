"""What was published beside what the rules give."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import ragengine
from ragengine.starter import published_files

HERE = Path(__file__).resolve().parent

#: a subject, its entity, what was published and what the rules give
Disagreement = tuple[str, str, str, str]


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def vectors(name: str) -> list[dict[str, str]]:
    """The rows of a file of vectors."""
    return table(HERE / "vectors" / f"{name}.csv")


def key(name: str) -> ragengine.Rulebook:
    """The rulebook that ``init --key`` writes."""
    return ragengine.load(published_files(name))


def rules(name: str) -> ragengine.Rulebook:
    """A rulebook of this folder."""
    return ragengine.load(HERE / "rules" / name)


def level(card: ragengine.Scorecard, subject: str, entity: str) -> str:
    """The level that a scorecard gives a subject: an area where its id has no dot."""
    ratings = card.ratings if "." in subject else card.areas
    return str(ratings[(subject, entity) if entity else subject].rag)


def disagreements(
    book: ragengine.Rulebook, data: ragengine.Data, expected: Iterable[Mapping[str, str]]
) -> list[Disagreement]:
    """The rows of ``expected`` (subject, entity, period, published) to which the rules give another level."""
    cards: dict[str, ragengine.Scorecard] = {}
    found = []
    for row in expected:
        period = row["period"]
        if period not in cards:
            cards[period] = book.score(data, period)
        ours = level(cards[period], row["subject"], row["entity"])
        if ours != row["published"]:
            found.append((row["subject"], row["entity"], row["published"], ours))
    return found
