"""A report as plain values: what a council's own template of Word or Typst is given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..data.model import Statement
from ..display import clean
from ..rating.phrases import long_date
from ..terms import Rag
from .build import judgement_words, named, programme_sentence
from .exception_report import changes, value_words
from .figures.parts import chip_colours
from .model import AreaPage, Judgement, Report, ReportRow
from .wording import UNKNOWN, label_of, sentence

__all__ = ["FORMAT", "plain_report"]

#: version of these names: they are added to and never renamed
FORMAT = "ragengine report 1"


def plain_report(report: Report) -> dict[str, Any]:
    """Texts, numbers, lists and mappings; docs/reports.md lists the names."""
    first, worst = programme_sentence(report)
    areas = f": {named([area.title for area in worst])}" if worst else ""
    return {
        "format": FORMAT,
        "title": clean(report.title),
        "period": report.period.label,
        "as_at": long_date(report.as_at),
        "date": {"year": report.as_at.year, "month": report.as_at.month, "day": report.as_at.day},
        "compared": report.compared,
        "edition": clean(report.edition),
        "fingerprint": report.fingerprint,
        "public": report.edition_name == "public",
        "programme": {
            "level": _level(report.programme.rag, report.programme.reason),
            "sentence": clean(f"{first.rstrip('.')}{areas}. {report.programme.worse_if}".strip()),
        },
        "changes": [clean(said) for said in changes(report)],
        "notes": list(report.suppressed),
        "levels": [_level(level) for level in report.levels],
        "key": [
            {"level": _level(level), "meaning": meaning, "areas": areas_at, "rows": rows_at}
            for level, meaning, areas_at, rows_at in report.key
        ],
        "areas": [_area(report, area) for area in report.areas],
        "read": str(report.read),
        "problems": [clean(str(problem)) for problem in report.problems],
    }


def _level(level: Rag | None, reason: str = "") -> dict[str, Any]:
    """A level as word, symbol and colours; an unknown one says so and has none."""
    if level is None:
        return {"id": "", "word": UNKNOWN, "symbol": "", "text": "", "ground": "", "worst": False, "rated": False}
    text, ground = ("", "") if level.is_grey else chip_colours(level)
    return {
        "id": str(level),
        "word": clean(label_of(level, reason)),
        "symbol": level.symbol,
        "text": text,
        "ground": ground,
        "worst": level.rank == 0,
        "rated": not level.is_grey,
    }


def _area(report: Report, area: AreaPage) -> dict[str, Any]:
    said = area.narrative
    by_rule = area.computed != area.rag
    return {
        "id": area.id,
        "title": clean(area.title),
        "lead": clean(area.lead),
        "recommendation": clean(area.recommendation),
        "level": _level(area.rag, area.reason),
        "by_rule": _level(area.computed) if by_rule else None,
        "previous": _level(area.previous),
        "moved": area.moved or UNKNOWN,
        "counts": [area.at(level) for level in report.levels],
        "decided": clean(area.decided),
        "coverage": sentence(area.coverage),
        "judgements": [clean(judgement_words(own)) for own in area.judgements],
        "key_developments": _statements(said.key_developments),
        "key_risks": _statements(said.key_risks),
        "progress": _statements(said.progress),
        "risks": _statements(said.risks),
        "notes": _statements(said.notes),
        "rows": [_row(row) for row in area.rows],
    }


def _statements(said: Iterable[Statement]) -> list[dict[str, str]]:
    return [{"text": clean(own.text), "evidence": clean(own.evidence)} for own in said]


def _row(row: ReportRow) -> dict[str, Any]:
    by_rule = row.computed != row.rag
    return {
        "id": row.id,
        "kind": row.kind,
        "title": clean(f"{row.title}, {row.entity}" if row.entity else row.title),
        "short": clean(row.called),
        "level": _level(row.rag, row.reason),
        "by_rule": _level(row.computed) if by_rule else None,
        "relief": row.relief,
        "previous": _level(row.previous),
        "value": clean(value_words(row)),
        "target": clean(row.target_beside),
        "due": row.due_words,
        "moved": row.moved or UNKNOWN,
        "needed": clean(row.unrated or row.needed),
        "why": [{"head": why.head, "text": clean(why.text)} for why in row.why],
        "evidence": clean(row.evidence),
        "sentence": clean(row.sentence),
        "explanation": [clean(line) for line in row.text],
        "judgements": [_judgement(own) for own in row.judgements if own.changed],
        "rule": [clean(words) for words in (*row.card.bands, *row.card.says)],
        "basis": clean(row.card.basis),
        "reference": clean(f"{row.id}, {row.card.reference}"),
        "anchor": row.anchor,
        "chart": row.chart is not None,
        "chart_title": clean(row.chart.title) if row.chart else "",
        "figures": [
            {
                "period": column.period.label,
                "value": clean(column.value_text) or ("later" if column.later else "no data"),
                "target": clean(column.target_text),
                "level": _level(column.rag),
            }
            for column in (row.chart.columns if row.chart else ())
        ],
    }


def _judgement(own: Judgement) -> str:
    return clean(f"{sentence(own.kind)}: {judgement_words(own)}")
