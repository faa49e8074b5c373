"""The report as sheets of one table each: what XLSX and ODS print. By the government's list for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import frozen

from ..number import text
from ..rating.phrases import long_date
from .exception_report import changes
from .model import Judgement, Report, ReportRow
from .wording import UNKNOWN, label_of, sentence, short_day

__all__ = ["Cell", "Column", "ReportSheet", "sheets_of"]

#: a text, an exact number, a day, or nothing
Cell = str | Fraction | int | date | None


@frozen
class Column:
    """One column: its heading, its width in characters, and whether its words are levels."""

    name: str
    width: int
    levels: bool = False


@frozen
class ReportSheet:
    """A sheet: its title, one sentence on what it holds, and one table; without columns, lines of text."""

    name: str
    title: str
    told: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    lines: tuple[str, ...] = ()


def sheets_of(report: Report) -> list[ReportSheet]:
    """Every sheet, cover first."""
    tables = [
        _areas(report), _ratings(report), _history(report), _over_time(report), _judgements(report), _narrative(report),
        _problems(report), _notes(report),
    ]  # fmt: skip
    if report.is_public:
        tables = [sheet for sheet in tables if sheet.name != "Problems"]
    contents = ReportSheet(
        "Contents",
        "Contents",
        "One table: each sheet and what it holds.",
        (Column("Sheet", 28), Column("What it holds", 90)),
        tuple((sheet.name, sheet.told.removeprefix("One table: ")) for sheet in tables),
    )
    return [_cover(report), contents, *tables]


def _cover(report: Report) -> ReportSheet:
    programme = report.programme
    lines = [
        f"Exception report for {report.period.label}, as at {long_date(report.as_at)}.",
        f"Compared with {report.compared}." if report.compared else "No earlier period is known.",
        f"Rules: edition {report.edition}, fingerprint {report.fingerprint[:12]}.",
        f"The programme is {label_of(programme.rag, programme.reason)}. {programme.decided}.",
        *changes(report),
        *report.suppressed,
        "A level is a word; the colour of its cell repeats it. Not rated has its reason in a column of its own.",
        "Levels, movements and reasons are made from rules and data; the sheet Narrative holds people's words.",
        "An empty cell in Value means that no number is known; the column Reason not rated says why.",
        "Each sheet has one table, from cell A4. Questions go to those who lead each area.",
    ]
    return ReportSheet("Cover", report.title, "", lines=tuple(lines))


def _level(report: Report, name: str = "Level") -> Column:
    return Column(name, 14, levels=True)


def _areas(report: Report) -> ReportSheet:
    columns = [
        Column("Area", 42),
        Column("Lead", 40),
        _level(report),
        _level(report, "By the rule"),
        _level(report, "Previous"),
    ]
    columns += [Column("Movement", 30), *(Column(label_of(level), 11) for level in report.levels)]
    columns += [Column("What decided it", 60)]
    rows: list[tuple[Cell, ...]] = []
    for area in report.areas:
        before = label_of(area.previous) if area.previous is not None else UNKNOWN
        counts = [area.at(level) for level in report.levels]
        level, rule = label_of(area.rag, area.reason), label_of(area.computed)
        rows.append((area.title, area.lead, level, rule, before, area.moved or UNKNOWN, *counts, area.decided))
    return ReportSheet(
        "Areas", "Areas at a glance", "One table: each area with its level and counts.", tuple(columns), tuple(rows)
    )


def _number(row: ReportRow) -> Fraction | None:
    """The value as it is printed: at the decimals it is judged at."""
    if row.number is None:
        return None
    return Fraction(text(row.number, row.decimals, grouped=False)) if row.decimals is not None else row.number


def _ratings(report: Report) -> ReportSheet:
    intervals = any(row.limits for row in report.rows)
    columns = (
        Column("Area", 30), Column("Measure or action", 60), Column("Entity", 14), Column("Kind", 10), _level(report),
        _level(report, "By the rule"), Column("Reason not rated", 20), Column("Value", 11),
        *((Column("Interval from", 13), Column("Interval to", 13)) if intervals else ()), Column("Unit", 12),
        Column("Value in words", 22), Column("Of period", 12), Column("Counts", 22), Column("Target", 11),
        Column("Target in words", 18), Column("Target date", 13), _level(report, "Previous"), Column("Movement", 30),
        Column("What would change it", 44), Column("Exception", 12), Column("Why", 44), Column("Evidence", 30),
        Column("Explanation", 80), Column("Rule", 40),
    )  # fmt: skip
    rows = tuple(_rating(area.title, row, intervals) for area in report.areas for row in area.rows)
    columns, rows = _for_readers(report, columns, rows)
    told = "One table: each measure and action with value, target, level and explanation."
    return ReportSheet("Ratings", "Every measure and action", told, columns, rows)


#: columns that are empty in every row of the public edition
_OF_THE_BOARD = ("What would change it", "Evidence")


def _for_readers(
    report: Report, columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """A table without the columns that its readers have nothing in."""
    kept = [n for n, column in enumerate(columns) if not (report.is_public and column.name in _OF_THE_BOARD)]
    return tuple(columns[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in rows)


def _rating(area: str, row: ReportRow, intervals: bool) -> tuple[Cell, ...]:
    return (
        area, row.title, row.entity, row.kind, label_of(row.rag), label_of(row.computed), sentence(row.reason),
        _number(row),
        *((row.limits or (None, None)) if intervals else ()),
        "percent" if row.unit == "%" else row.unit, row.value, row.measured, row.counted,
        row.targets[0] if len(row.targets) == 1 else None, row.target, row.due,
        label_of(row.previous) if row.previous is not None else UNKNOWN, row.moved or UNKNOWN,
        row.needed or row.unrated,
        "yes" if row.why else "no", "; ".join(f"{why.head}: {why.text}" for why in row.why), row.evidence,
        " ".join(row.text), f"{row.id}, {row.card.place}" if row.card.place else row.id,
    )  # fmt: skip


def _history(report: Report) -> ReportSheet:
    columns = (
        Column("Area", 30), Column("Measure", 60), Column("Period", 18), Column("Value", 11), Column("Target", 24),
        _level(report), Column("Note", 40),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for area in report.areas:
        for row in area.rows:
            for column in row.chart.columns if row.chart else ():
                note = "later: only the target is known" if column.later else ""
                note = "an earlier figure, carried forward" if column.carried else note
                level = label_of(column.rag) if column.rag is not None else ""
                name = f"{row.title}, {row.entity}" if row.entity else row.title
                rows.append((area.title, name, column.period.label, column.value, column.target_text, level, note))
    told = "One table: each measure, a row a period: what the charts are made of."
    return ReportSheet("History", "Measures over time", told, columns, _or_none(rows, len(columns)))


def _or_none(rows: list[tuple[Cell, ...]], wide: int) -> tuple[tuple[Cell, ...], ...]:
    return tuple(rows) or (("none", *[""] * (wide - 1)),)


def _over_time(report: Report) -> ReportSheet:
    columns = (Column("Area", 42), *(_level(report, period.label) for period in report.periods))
    rows: list[tuple[Cell, ...]] = []
    for area in report.areas:
        known = dict(area.history) | {report.period: area.rag}
        levels = [known.get(period) for period in report.periods]
        rows.append((area.title, *(UNKNOWN if level is None else label_of(level) for level in levels)))
    return ReportSheet(
        "Areas over time", "Areas over time", "One table: the level of each area in each period.", columns, tuple(rows)
    )


def _judgements(report: Report) -> ReportSheet:
    columns = (
        Column("Subject", 40), Column("Kind", 12), Column("Effect", 26), Column("From", 13), Column("Until", 13),
        Column("Reason", 60), Column("Authority", 36), Column("Released when", 40), Column("State", 24),
        Column("Changed the level", 18),
    )  # fmt: skip
    own = [judgement for area in report.areas for judgement in area.judgements]
    own += [judgement for row in report.rows for judgement in row.judgements]
    told = "One table: each grace and judgement that was looked at, its authority and what ends it."
    return ReportSheet(
        "Graces and judgements", "Graces and judgements", told, columns, _or_none([*map(_judgement, own)], len(columns))
    )


def _judgement(own: Judgement) -> tuple[Cell, ...]:
    return (
        own.subject, own.kind, own.effect, own.start, own.until, own.reason, own.authority, own.release_when, own.state,
        "yes" if own.changed else "no",
    )  # fmt: skip


def _narrative(report: Report) -> ReportSheet:
    all_columns = (Column("Area", 30), Column("Heading", 20), Column("Text", 90), Column("Evidence", 40))
    columns, rows = _for_readers(report, all_columns, _or_none([*_statements(report)], len(all_columns)))
    title = "What those who lead each area say"
    return ReportSheet("Narrative", title, "One table: people's words, by area.", columns, rows)


def _statements(report: Report) -> Iterator[tuple[Cell, ...]]:
    for area in report.areas:
        if area.recommendation:
            yield area.title, "Recommendation", area.recommendation, ""
        said = area.narrative
        for heading, statements in (
            ("Key developments", said.key_developments),
            ("Key risks", said.key_risks),
            ("Progress", said.progress),
            ("Risks", said.risks),
            ("Notes on the source", said.notes),
        ):
            yield from ((area.title, heading, own.text, own.evidence) for own in statements)


def _problems(report: Report) -> ReportSheet:
    columns = (Column("File", 24), Column("Row", 7), Column("Column", 14), Column("Code", 10), Column("Message", 70),
               Column("Hint", 50))  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (p.place.file, p.place.line or None, p.place.column or None, p.code, p.message, p.hint) for p in report.problems
    ]
    return ReportSheet(
        "Problems",
        "Problems with the data",
        "One table: what is wrong with the data.",
        columns,
        _or_none(rows, len(columns)),
    )


def _notes(report: Report) -> ReportSheet:
    worst_first = [f"{level.label} ({meaning})" for level, meaning, *_ in report.key if not level.is_grey]
    notes = [
        "Value holds the number that was judged; words and an action's status stand in Value in words.",
        f"Levels, worst first: {', '.join(worst_first)}.",
        "By the rule is the level before graces and judgements; where it is another, Graces and judgements says why.",
        f"Days are judged as at {short_day(report.as_at)}.",
        f"{report.read}.",
        f"Fingerprint of the rules: {report.fingerprint}",
        *report.suppressed,
    ]
    rows = tuple((Fraction(n), note) for n, note in enumerate(notes, start=1))
    return ReportSheet(
        "Notes", "Notes", "One table: numbered notes.", (Column("Number", 10), Column("Note", 100)), rows
    )
