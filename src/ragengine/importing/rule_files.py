"""The texts of a draft rulebook."""

from __future__ import annotations

from collections.abc import Sequence

from ..period import APRIL, Calendar, Period, PeriodKind
from ..problem import shorten
from ..toml.write import toml_text
from .draft import DraftLine
from .headings import HeadedColumn
from .imported import DraftedAction, DraftedArea, DraftedKpi, ReadSheet

__all__ = ["area_text", "book_text"]

_ADVICE = (
    "A line with CONFIRM holds a guess: mend or keep it, then delete the comment;\n"
    "# with the last comment of a KPI its basis and rationale too."
)


def area_text(area: DraftedArea, order: int, source: str) -> str:
    """One area's file."""
    head = f"# Imported from {_plain(source)}. {_ADVICE}\n\n[area]\n"
    title = DraftLine("title", area.title, area.confirm).written(5)
    kpis = (_kpi_text(kpi) for kpi in area.kpis)
    return "\n".join([f"{head}{title}\norder = {order}\n", *kpis, *map(_action_text, area.actions)])


def _kpi_text(kpi: DraftedKpi) -> str:
    notes = "".join(f"# not in the rule: {shorten(_plain(note), 300)}\n" for note in kpi.draft.notes)
    return notes + kpi.draft.written(kpi.name)


def _action_text(action: DraftedAction) -> str:
    lines = [DraftLine(key, value, confirm) for key, (value, confirm) in action.lines.items()]
    width = max(len(line.key) for line in lines)
    return "\n".join([f"[action.{action.name}]", *(line.written(width) for line in lines)]) + "\n"


def book_text(
    title: str,
    edition: str,
    source: str,
    sheets: Sequence[ReadSheet],
    periods: Sequence[Period],
    book: Calendar,
    *,
    stated: bool,
) -> str:
    """``book.toml``: what no sheet says stands here as a guess, and so does how its columns were read."""
    known = edition or _edition(periods, book)
    lines = [
        DraftLine("title", title or source.rpartition(".")[0] or source, "" if title else "the file's name"),
        DraftLine(
            "edition", known or "imported", "" if edition else "the year of the data" if known else "name the year"
        ),
        DraftLine("missing", "grey", "what a missing value means: grey, red, amber or carry forward"),
    ]
    if book.day_first:
        lines.append(DraftLine("dates", "day first"))
    if book.year_starts != APRIL.year_starts:
        lines.append(DraftLine("year_starts", book.month, "" if stated else "years stand alone in the sheet, as 2024"))
    written = "\n".join(line.written(7) for line in lines)
    rollup = DraftLine("method", "worst", "an area is as its worst KPI: or write the rules of your own").written(6)
    read = "".join(_columns(sheet) for sheet in sheets)
    return f"# Imported from {_plain(source)}. Its columns:\n{read}\n[book]\n{written}\n\n[rollup]\n{rollup}\n"


def _columns(sheet: ReadSheet) -> str:
    tab = f"# Sheet {_plain(sheet.tab)}:\n" if sheet.tab else ""
    return tab + "".join(f"# {_column(column)}\n" for column in sheet.columns if column.heading)


def _column(column: HeadedColumn) -> str:
    heading = toml_text(_plain(column.heading)[:200]).replace("\n", "")
    if not column.key:
        return f"{heading} is not read" + (f": {_plain(column.why_not)}" if column.why_not else "")
    period = f" of {column.period.label}" if column.period is not None else ""
    guessed = "  # CONFIRM: the heading is none that is known" if column.guessed else ""
    return f"{heading} is read as {column.key}{period}{guessed}"


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _edition(periods: Sequence[Period], book: Calendar) -> str:
    """The year in which the last of the periods ends."""
    if not periods:
        return ""
    return Period.around(max(periods).end, PeriodKind.YEAR, book.year_starts).label.replace("/", "-")
