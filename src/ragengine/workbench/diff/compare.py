"""Compares two rulebooks, and what they make of data."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from attrs import evolve

from ...book import Rulebook
from ...data.collection import Data
from ...data.read import read
from ...loading import load
from .changes import RulesDiff
from .flips import flips
from .rules import rules_diff

__all__ = ["diff"]

Path = str | os.PathLike[str]
Rules = Rulebook | Path | Mapping[str, str]


def diff(old: Rules, new: Rules, data: Data | Path | Sequence[Path] | None = None) -> RulesDiff:
    r"""What changed in meaning from one rulebook to another; false where nothing did.

    Args:
        old, new: rulebooks, or what :func:`ragengine.load` takes.
        data: what :func:`ragengine.read` takes or gave; with it ``flips`` lists every rating and area that flips.

    Raises RulebookError for rules that cannot be used, DataError for data that cannot be read.

    >>> kpi = '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\ntolerance = "10 pp"\n'
    >>> raised = kpi + "target = { 2019-04-01 = 90.0, 2021-04-01 = 92 }"
    >>> found = diff({"a.toml": kpi + "target = { 2019-04-01 = 90 }"}, {"a.toml": raised})
    >>> for change in found.changes[0].levels:
    ...     print(change)
    from 80% to below 82%: Amber → Red, from 2021-04-01
    from 90% to below 92%: Green → Amber, from 2021-04-01
    """
    before, after = (book if isinstance(book, Rulebook) else load(book) for book in (old, new))
    found = rules_diff(before.rules, after.rules)
    if data is None:
        return found
    first = _read(data, before)
    # one reading serves both where they read dates alike
    second = first if before.rules.calendar == after.rules.calendar else _read(data, after)
    return evolve(found, flips=flips(before, after, first, second))


def _read(data: Data | Path | Sequence[Path], book: Rulebook) -> Data:
    if isinstance(data, Data):
        return data
    paths = [data] if isinstance(data, str | os.PathLike) else data
    return read(*paths, calendar=book.rules.calendar)
