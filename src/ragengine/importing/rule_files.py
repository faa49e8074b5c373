"""The texts of a draft rulebook."""

from __future__ import annotations

from collections.abc import Sequence

from ..period import Period, PeriodKind
from ..toml.write import toml_text
from .draft import Line
from .headings import Column
from .imported import DraftedArea

__all__ = ["area_text", "book_text"]

_ADVICE = (
    "A line with CONFIRM holds a guess: mend or keep it, then delete the comment;\n"
    "# with the last comment of a KPI its basis and rationale too."
)


def area_text(area: DraftedArea, order: int, source: str) -> str:
    """One area's file."""
    head = f"# Imported from {_plain(source)}. {_ADVICE}\n\n[area]\n"
    title = Line("title", area.title, area.confirm).written(5)
    parts = [f"{head}{title}\norder = {order}\n", *(kpi.draft.written(kpi.name) for kpi in area.kpis)]
    return "\n".join(parts)


def book_text(
    title: str, edition: str, source: str, columns: Sequence[Column], periods: Sequence[Period], *, day_first: bool
) -> str:
    """``book.toml``: what no sheet says stands here as a guess, and so does how its columns were read."""
    known = edition or _edition(periods)
    lines = [
        Line("title", title or source.rpartition(".")[0] or source, "" if title else "the file's name"),
        Line("edition", known or "imported", "" if edition else "the year of the data" if known else "name the year"),
        Line("missing", "grey", "what a missing value means: grey, red, amber or carry forward"),
    ]
    if day_first:
        lines.append(Line("dates", "day first"))
    written = "\n".join(line.written(7) for line in lines)
    rollup = Line("method", "worst", "an area is as its worst KPI: or write the rules of your own").written(6)
    read = "".join(f"# {_column(column)}\n" for column in columns if column.heading)
    return f"# Imported from {_plain(source)}. Its columns:\n{read}\n[book]\n{written}\n\n[rollup]\n{rollup}\n"


def _column(column: Column) -> str:
    heading = toml_text(_plain(column.heading)[:200]).replace("\n", "")
    if not column.key:
        return f"{heading} is not read" + (f": {_plain(column.why_not)}" if column.why_not else "")
    period = f" of {column.period.label}" if column.period is not None else ""
    guessed = "  # CONFIRM: the heading is none that is known" if column.guessed else ""
    return f"{heading} is read as {column.key}{period}{guessed}"


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _edition(periods: Sequence[Period]) -> str:
    """The financial year in which the last of the periods ends."""
    if not periods:
        return ""
    last = max(periods).end
    start = last.replace(month=4, day=1, year=last.year if last.month >= 4 else last.year - 1)
    return Period(PeriodKind.YEAR, start).label.replace("/", "-")
