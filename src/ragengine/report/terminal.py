"""The report for a terminal: the one page that fits a screen, the full text, and what has no data."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from ..display import clean
from ..rating.facts import Change
from ..rating.phrases import long_date, plural
from .build import judgement_words, named, programme_sentence
from .exception_report import changes, met_words, sentences, value_words, whole_level
from .model import AreaPage, Report, ReportRow
from .wording import initial, joined, label_of, level_words, short_day

__all__ = ["brief", "full_report", "missing"]

Paint = Callable[[str], str]

#: width of the level, of a count, and of what changed
_LEVEL, _COUNT, _SINCE = 11, 4, 18
#: exceptions on the one page
_MOST_AT_RISK = 4
#: narrower than this, an area is a line of its own and its level the next
_NARROW = 64


def _unpainted(text: str) -> str:
    return text


def _wrapped(text: str, width: int, indent: int = 0, first: str = "") -> list[str]:
    pad = " " * indent
    return textwrap.wrap(clean(text), width, initial_indent=first or pad, subsequent_indent=pad) or [""]


def _cut(text: str, width: int) -> str:
    """A text in a cell: the only place where one is cut, and it shows."""
    text = clean(text)
    return text if len(text) <= width else f"{text[: width - 1]}…"


def brief(report: Report, width: int = 80, paint: Paint = _unpainted) -> list[str]:
    """Programme, areas, what changed and what is at risk, on one screen."""
    lines = [*_head(report, width, paint), *_areas(report, width, paint)]
    risky = [row for area in report.areas for row in area.rows if row.at_risk]
    lines += ["", f"At risk: {len(risky)}{_of_which(report, risky)}"]
    lines.append("-" * width)
    worst_first = sorted(risky, key=lambda row: row.rag.rank)
    for row in worst_first[:_MOST_AT_RISK]:
        lines += _short_item(row, width, paint)
    left = len(risky) - _MOST_AT_RISK
    if left > 0:
        lines += _wrapped(f"… {left} more: ragengine report --format text, or --format html", width)
    return lines


def _head(report: Report, width: int, paint: Paint) -> list[str]:
    dates = f"{report.period.label}, as at {long_date(report.as_at)}"
    title = _cut(report.title, max(10, width - len(dates) - 1))
    first, worst = programme_sentence(report)
    level = f"{report.programme.rag.symbol} {label_of(report.programme.rag, report.programme.reason).upper()}"
    areas = f": {named([area.title for area in worst])}" if worst and len(worst) < 4 else ""
    told = " ".join(filter(None, (f"{first.rstrip('.')}{areas}.", report.programme.worse_if)))
    said = _wrapped(told, width, len(level) + 2)
    if len(title) + len(dates) + 1 > width:
        return [title, dates, f"{paint(level)}  {said[0].strip()}", *said[1:], ""]
    return [f"{title}{dates.rjust(width - len(title))}", f"{paint(level)}  {said[0].strip()}", *said[1:], ""]


def _of_which(report: Report, rows: Sequence[ReportRow]) -> str:
    counts = [(level, sum(row.rag == level for row in rows)) for level in report.scale]
    said = [f"{count} {level.label}" for level, count in counts if count]
    return f", of which {joined(said)}" if said else ""


def _measures(count: int) -> str:
    return "1 measure or action" if count == 1 else f"{count:,} measures and actions"


def _areas(report: Report, width: int, paint: Paint) -> Iterator[str]:
    levels = report.levels
    counts = _COUNT * len(levels)
    since = f"Since {report.compared}" if report.compared else ""
    if width < _NARROW:
        yield from _stacked(report, width, paint)
        return
    level_wide, since_wide = _widths(report, since, width - counts)
    name = max(12, width - level_wide - since_wide - counts)
    heads = "".join(initial(level).rjust(_COUNT) for level in levels)
    moved_head = _cut(since, since_wide - 1).ljust(since_wide)
    yield f"{'Area'.ljust(name)}{'Level'.ljust(level_wide)}{moved_head}{heads}".rstrip()
    yield "-" * width
    notes: set[str] = set()
    for area in report.areas:
        level = _cut(_level_of(area), level_wide - 1).ljust(level_wide)
        moved, note = _since(area)
        notes |= {note} if note else set()
        numbers = "".join(str(area.at(own)).rjust(_COUNT) for own in levels)
        yield f"{_cut(area.title, name - 1).ljust(name)}{paint(level)}{moved.ljust(since_wide)}{numbers}"
    yield ""
    letters = ", ".join(f"{initial(level)} {label_of(level)}" for level in levels)
    told = f"{'; '.join(sorted(notes))}. " if notes else ""
    yield from _wrapped(f"{told}Measures and actions at each level: {letters}.", width)


def _level_of(area: AreaPage) -> str:
    return f"{area.rag.symbol} {label_of(area.rag, area.reason)}"


def _widths(report: Report, since: str, width: int) -> tuple[int, int]:
    """The columns of the level and of what moved: whole where every area's title has room beside them."""
    room = width - 1 - max((len(area.title) for area in report.areas), default=0)
    level = max(_LEVEL, 2 + max((len(_level_of(area)) for area in report.areas), default=0))
    moved = max(_SINCE, 2 + len(since))
    tried = ((level, moved), (_LEVEL, moved), (level, _SINCE))
    return next((pair for pair in tried if sum(pair) <= room), (_LEVEL, _SINCE))


def _stacked(report: Report, width: int, paint: Paint) -> Iterator[str]:
    """Each area with its level, what changed and the counts below its name."""
    for area in report.areas:
        moved, _ = _since(area)
        counts = ", ".join(f"{area.at(level)} {label_of(level)}" for level in report.levels if area.at(level))
        yield from _wrapped(area.title, width)
        yield f"  {paint(_level_of(area))}{'' if moved == '–' else f', {moved}'}"
        yield from _wrapped(counts, width, 2)


def _since(area: AreaPage) -> tuple[str, str]:
    """Movement in a few letters, and what a letter stands for."""
    if area.change is None or area.previous is None:
        return "–", ""
    if area.change is Change.UNCHANGED:
        return "same", ""
    words = {Change.WORSENED: "worse", Change.IMPROVED: "better"}.get(area.change, str(area.change))
    said = f"{words}: {area.previous.symbol} {area.previous.label}"
    if area.moved.endswith("by judgement"):
        return f"{said} j"[: _SINCE - 1], "j: by judgement"
    return said[: _SINCE - 1], ""


def _short_item(row: ReportRow, width: int, paint: Paint) -> Iterator[str]:
    pad = " " * _LEVEL
    level = f"{row.rag.symbol} {label_of(row.rag, row.reason)}".ljust(_LEVEL)
    yield f"{paint(level)}{_cut(row.called, width - _LEVEL)}"
    figures = _figures(row)
    needed = row.needed
    if needed and len(figures) + len(needed) + 2 + _LEVEL <= width:
        yield f"{pad}{figures} {needed}"
    else:
        yield from _wrapped(figures, width, _LEVEL)
        if needed:
            yield from _wrapped(needed, width, _LEVEL)


def _figures(row: ReportRow) -> str:
    """Value and target on a line; why it is not rated, where it is not."""
    if row.rag.is_grey and not row.value:
        return row.unrated
    if row.is_action:
        due = f"due {row.due_words}" if row.due_words else "no due date"
        return ", ".join(filter(None, (row.value, due, row.lateness))) + "."
    said = ", ".join(filter(None, (value_words(row), met_words(row))))
    return f"{said}. {row.unrated}".strip() if row.rag.is_grey else f"{said}."


def full_report(report: Report, width: int = 80, paint: Paint = _unpainted) -> list[str]:
    """The whole report, an item a block."""
    wide = width - 2
    title = f"{report.title}: exception report"
    lines = [*_wrapped(title, width), "=" * min(width, len(title)), ""]
    lines += _wrapped(f"Edition {report.edition}, rules {report.fingerprint[:12]}.", wide)
    lines += ["", *_head(report, width, paint)]
    changed = changes(report)
    if changed:
        lines += [f"What changed since {report.compared}", ""]
        for said in changed:
            lines += _wrapped(said, wide, 2, "- ")
        lines.append("")
    lines += ["RAG at a glance and key", "-" * 23, *_areas(report, width, paint), ""]
    for level, meaning, areas, rows in report.key:
        name = f"{level.symbol} {label_of(level)}".ljust(14)
        told, *more = _wrapped(f"{meaning}: {plural(areas, 'area')}, {_measures(rows)}", width, 14)
        lines += [f"{paint(name)}{told.strip()}", *more]
    for said in (*report.suppressed, f"{report.read}."):
        lines += ["", *_wrapped(said, wide)]
    for area in report.areas:
        lines += _area(area, width, paint)
    if report.problems:
        lines += ["", "Problems with the data", "-" * 22]
        for problem in report.problems:
            lines += _wrapped(str(problem), wide, 2, "- ")
    return lines


def _area(area: AreaPage, width: int, paint: Paint) -> Iterator[str]:
    wide = width - 2
    yield from ("", "", *_wrapped(area.title, width), "-" * min(width, len(area.title)))
    before = f"Previous {level_words(area.previous)}. " if area.previous else ""
    lead = f"Lead: {area.lead}. " if area.lead else ""
    yield from _wrapped(f"{lead}{before}Current {whole_level(area)}. {area.decided}. {area.coverage}.", wide)
    if area.recommendation:
        yield from _wrapped(f"Recommendation: {area.recommendation}", wide)
    for judgement in area.judgements:
        yield from _wrapped(f"Judgement: {judgement_words(judgement)}", wide)
    said = area.narrative
    yield from _said("Key developments", sentences(said.key_developments), wide)
    yield from _said("Key risks", sentences(said.key_risks), wide)
    if area.rows:
        yield from ("", "Priorities", "")
    for row in area.rows:
        yield from _item(row, width, paint)
    yield from _said("Progress, with evidence", sentences(said.progress), wide)
    yield from _said("Risks", sentences(said.risks), wide)
    yield from _said("Notes on the source", sentences(said.notes), wide)


def _said(title: str, statements: Sequence[str], width: int) -> Iterator[str]:
    if statements:
        yield from ("", title)
        for statement in statements:
            yield from _wrapped(statement, width, 2, "- ")


def _item(row: ReportRow, width: int, paint: Paint) -> Iterator[str]:
    """A row in full: nothing is cut."""
    level = f"{row.rag.symbol} {label_of(row.rag, row.reason)}"
    name = f"{row.title}, {row.entity}" if row.entity else row.title
    if len(level) < _LEVEL:
        first, *rest = _wrapped(name, width, _LEVEL)
        yield f"{paint(level.ljust(_LEVEL))}{first.strip()}"
        yield from rest
    else:
        yield paint(level)
        yield from _wrapped(name, width, _LEVEL)
    details = [_figures(row)]
    if not row.is_action and row.due_words and not row.rag.is_grey:
        details.append(f"To be met by {row.due_words}.")
    if row.computed != row.rag and not (row.rag.is_grey and row.computed.is_grey):
        details.append(f"By the rule {level_words(row.computed)}; {row.relief}.")
    details += [row.needed, f"{row.moved}." if row.moved else ""]
    yield from _wrapped(" ".join(filter(None, details)), width, _LEVEL)
    for why in row.why:
        yield from _wrapped(f"{why.head}: {why.text}.", width, _LEVEL)
    for judgement in row.judgements:
        if judgement.changed:
            yield from _wrapped(f"{judgement.kind.capitalize()}: {judgement_words(judgement)}", width, _LEVEL)


def missing(report: Report, width: int = 80) -> list[str]:
    """What has no data this period, by who answers for it."""
    by_lead: dict[str, list[tuple[AreaPage, ReportRow]]] = defaultdict(list)
    for area in report.areas:
        for row in area.rows:
            if row.reason in ("no data", "missing input", "stale"):
                by_lead[row.card.lead or area.lead or "No lead is named"].append((area, row))
    total = sum(map(len, by_lead.values()))
    lines = [f"No data for {report.period.label}: {total} of {len(report.rows)} measures and actions"]
    for lead, rows in by_lead.items():
        lines += ["", f"{clean(lead)}: {len(rows)}", "-" * min(width, len(lead) + 4)]
        for area, row in rows:
            due = (
                ""
                if row.due is None
                else (
                    f", its date {short_day(row.due)} has passed"
                    if row.due < report.as_at
                    else f", by {short_day(row.due)}"
                )
            )
            name = f"{row.called}, {row.entity}" if row.entity else row.called
            lines += _wrapped(f"{name} ({area.title}){due} [{row.id}]", width, 2, "- ")
    return lines
