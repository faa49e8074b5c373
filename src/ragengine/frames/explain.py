"""The full rating of one row of a frame, as the engine for one measurement makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from ..book import Rulebook
from ..data.collection import Data
from ..data.model import Measurement, Override
from ..errors import BadArgument
from ..rating.overrides import usable
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rulebook.kpi import Kpi
from .cells import FrameColumns
from .entrance import a_rulebook, as_printed, entered
from .rate import day_given
from .rate_actions import report_rating
from .row_ratings import cell_value, measurement_of_row, rows_of

__all__ = ["explain"]

_LEVELS = ("rag", "adjusted", "computed", "reason")


def explain(
    row: Any,
    book: Rulebook,
    *,
    history: Any = None,
    as_at: str | date | None = None,
    overrides: Data | Iterable[Override] = (),
    suffix: str = "",
) -> Rating:
    """The rating of one row of a frame, with everything an auditor may ask: ``.explain()``, ``.explanation``.

    Args:
        row: a mapping, a row of pandas or Spark, a named tuple, or a frame of one row; as it was before it was rated,
            or as :func:`ragengine.frames.rate` or ``rate_actions`` gives it back.
        history: a frame, or mappings, with the rows of earlier periods; others in it are passed over, so the whole
            frame will do. Needed where a rule looks back, or to be told what the level was before.
        as_at, overrides: as they were given when the row was rated.
        suffix: ends the names of the rated columns.

    Raises UnknownId for a KPI or action that the rules have not, BadArgument where no rating can be made of the row
    (its period cannot be read), or where the row has another level than these rules and arguments give: it is never
    explained as something else.
    """
    a_rulebook(book)
    given = _mapping(row)
    day = day_given(as_at, book)
    judged = list(overrides.overrides if isinstance(overrides, Data) else overrides)
    if "kpi" in given:
        rating = _of_kpi(given, book, history, day, judged)
    elif "action" in given:
        found = report_rating(book, given, day, judged)
        if found is None:
            raise BadArgument("row", given.get("as_at"), "this is no day: no rating can be made of it")
        rating = found
    else:
        raise BadArgument("row", sorted(map(str, given)), "a row to explain has a kpi or an action")
    _check(given, rating, suffix)
    return rating


def _mapping(row: Any) -> dict[str, Any]:
    """A row of any kind by the names of its columns, None for what is not there.

    Of a mapping NaN is not there, as pandas prints it; of a frame its engine says.
    """
    made = _as_mapping(row)
    if made is not None:
        return {name: cell_value(cell) for name, cell in made.items()}
    frame = entered("row", row, wanted="give a mapping, or a frame of one row").head(2)
    rows = rows_of(as_printed(frame))
    if len(rows) != 1:
        how_many = "none" if not rows else "more than one"
        raise BadArgument("row", how_many, "one row is explained at a time: filter the frame to it")
    return rows[0]


def _as_mapping(row: Any) -> Mapping[str, Any] | None:
    """A mapping, or what can be made one; None for a frame, and for what is no row."""
    if isinstance(row, Mapping):
        return row
    for convert in ("_asdict", "asDict"):
        if hasattr(row, convert):
            return dict(getattr(row, convert)())
    return dict(row.to_dict()) if nw.dependencies.is_pandas_series(row) else None


def _of_kpi(
    row: Mapping[str, Any], book: Rulebook, history: Any, day: date | None, overrides: Iterable[Override]
) -> Rating:
    prepared = book[str(row["kpi"])]
    if not isinstance(prepared, PreparedKpi):
        raise BadArgument("row", prepared.id, "an action is explained by a row with a column action")
    given = measurement_of_row(book, row, nan_is_nothing=False)
    if given is None:
        raise BadArgument("row", row.get("period"), "this is no period: no rating can be made of it")
    own = [o for o in overrides if o.subject == prepared.id and (o.entity or None) == given.entity]
    judged = usable(own, book.scale)
    past = None
    if history is not None:
        past = prepared.past(given, _earlier(history, book, given, prepared.kpi), judged, whole=True)
    return prepared.rate_measurement(given, past, judged, day)


def _earlier(history: Any, book: Rulebook, given: Measurement, kpi: Kpi) -> list[Measurement]:
    """The measurements of the same KPI among rows of any kind; of all entities where a target needs them."""
    every = kpi.looks_at_peers
    if isinstance(history, Iterable) and not hasattr(history, "columns"):
        rows = [_mapping(each) for each in history]
    else:
        frame = entered("history", history, ("kpi", "entity"))
        columns = FrameColumns.of(frame)
        if "kpi" not in columns:
            raise BadArgument("history", sorted(columns.kinds), "it needs a column kpi")
        own = nw.col("kpi").cast(nw.String) == given.kpi
        frame = as_printed(frame)
        rows = rows_of(frame.filter(own if every else own & (columns.text("entity") == (given.entity or ""))))
    read = [measurement_of_row(book, each, nan_is_nothing=False) for each in rows if str(each.get("kpi")) == given.kpi]
    return [each for each in read if each is not None and (every or each.entity == given.entity)]


def _check(row: Mapping[str, Any], rating: Rating, suffix: str) -> None:
    """Raises BadArgument where the row was rated otherwise."""
    said, made = [], []
    for name in _LEVELS:
        column = f"{name}{suffix}"
        if column not in row:
            continue
        then = cell_value(row[column])
        then = None if then is None else str(then)
        now = getattr(rating, name)
        now = None if now is None else str(now)
        if then != now:
            said.append(f"{column} {then}")
            made.append(f"{name} {now}")
    if said:
        wanted = f"these rules and arguments give {', '.join(made)}: give the history, overrides and edition it had"
        raise BadArgument("row", ", ".join(said), wanted)
