"""Rules and data as the command line names them, and the mistakes that are made in naming them."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ..book import Rulebook
from ..data.collection import Data
from ..data.model import period_of
from ..data.read import data_files, read
from ..errors import BadArgument, DataError, RulebookError
from ..period import Calendar, Period
from ..rollup.score import default_as_at
from ..rulefile.load import load_rules
from .output import Out

__all__ = ["PreviousOption", "data_named", "load_book", "load_previous", "rules_named"]

_BOOK = "book.toml"
#: so many folders are offered
_MOST_OFFERED = 3


def rules_named(folder: str, data: Sequence[str] | None = None) -> Path:
    """The folder of rules; raises BadArgument where it is another one's neighbour, or stands in place of the data."""
    path = Path(folder)
    if os.path.lexists(path / _BOOK) or not os.path.lexists(path):
        return path
    if _is_data(path):
        if any(os.path.lexists(Path(each) / _BOOK) for each in data or ()):
            raise BadArgument("RULES", folder, "it is data and DATA is rules: name the rules first, the data last")
        wanted = "it holds data, not rules: name the folder that has book.toml"
        raise BadArgument("RULES", folder, _with_near(wanted, _rules_near(path)))
    near = _rules_near(path)
    if near and path.suffix.lower() != ".zip":
        what = "there is no book.toml in it" if path.is_dir() else "it is a file, and RULES a folder"
        raise BadArgument("RULES", folder, _with_near(what, near))
    return path


def data_named(paths: Sequence[str]) -> Sequence[str]:
    """Files and folders of data; raises BadArgument for a folder of rules, and for one above or below the data."""
    for given in paths:
        path = Path(given)
        if not path.is_dir() or _is_data(path):
            continue
        near = [each for each in (*_folders(path), _above(path)) if _is_data(each)]
        if os.path.lexists(path / _BOOK):
            raise BadArgument("DATA", given, _with_near("it is a folder of rules", near))
        if near:
            raise BadArgument("DATA", given, _with_near("there is no data in it", near))
    return paths


def _is_data(path: Path) -> bool:
    """Whether a folder has a file of data, or a file is one by its name."""
    if not path.is_dir():
        return path.suffix.lower() in (".csv", ".json", ".xlsx", ".parquet")
    try:
        return bool(data_files(path))
    except DataError:
        return False


def _rules_near(path: Path) -> list[Path]:
    """Folders of rules directly below and above."""
    around = (*_folders(path), _above(path), _above(path) / "rules")
    return [each for each in around if os.path.lexists(each / _BOOK)]


def _above(path: Path) -> Path:
    return path.parent if path.parent != path else path / ".."


def _folders(path: Path) -> list[Path]:
    return sorted(each for each in path.iterdir() if each.is_dir()) if path.is_dir() else []


def _with_near(said: str, near: Sequence[Path]) -> str:
    if not near:
        return said
    return f"{said}; do you mean {' or '.join(map(str, near[:_MOST_OFFERED]))}?"


def load_book(folder: str, out: Out, data: Sequence[str] | None = None) -> Rulebook:
    """The rulebook, its warnings told; raises RulebookError, and BadArgument for a folder that is not meant."""
    path = rules_named(folder, data)
    data_named(data or ())
    rules, problems = load_rules(path)
    if rules is None:
        raise RulebookError(tuple(problems))
    out.problems([problem for problem in problems if not problem.is_error])
    return Rulebook(rules)


class PreviousOption:
    """The period before, as ``--previous`` and ``--previous-as-at`` name it.

    Attributes:
        card: its scorecard.
        published: levels published then, which are the previous ones where its other data give none.
    """

    def __init__(self, book: Rulebook, paths: Sequence[str], as_at: str | None) -> None:
        self.paths = ", ".join(paths)
        calendar = book.rules.calendar
        data = read(*data_named(paths), calendar=calendar)
        on = as_at or default_as_at(data, calendar) or _last_published(data, calendar)
        if on is None:
            raise BadArgument("--previous", self.paths, "it has no period: say which with --previous-as-at")
        try:
            self.card = book.score(data, on)
        except BadArgument as wrong:
            raise BadArgument("--previous-as-at", wrong.given, wrong.wanted) from wrong
        told = {problem.place for problem in self.card.problems}
        self.published = [row for row in data.published if row.place not in told]

    def check(self, period: Period) -> None:
        """Raises BadArgument where it is not before the period that is rated."""
        own = self.card.period
        if own.end >= period.end:
            which = "the same period as" if own == period else f"{own.label}, no earlier than {period.label} of"
            wanted = f"it is {which} DATA: name the period before, or its day with --previous-as-at"
            raise BadArgument("--previous", self.paths, wanted)


def _last_published(data: Data, calendar: Calendar) -> Period | None:
    """The latest period of which levels are published."""
    periods = (period_of(row, calendar) for row in data.published)
    return max((period for period in periods if period is not None), default=None)


def load_previous(args: argparse.Namespace, book: Rulebook, out: Out) -> PreviousOption | None:
    """The period before, its problems told."""
    if not args.previous:
        if args.previous_as_at:
            raise BadArgument("--previous-as-at", args.previous_as_at, "it goes with --previous DATA")
        return None
    previous = PreviousOption(book, args.previous, args.previous_as_at)
    if previous.card.problems:
        print(f"of --previous {previous.paths}:", file=sys.stderr)
        out.problems(previous.card.problems)
    return previous
