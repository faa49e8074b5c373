"""The report as a tagged PDF (PDF/UA-1) by Typst, from our template or a council's own."""

from __future__ import annotations

import json
import tempfile
from importlib import resources
from pathlib import Path

from ..errors import BadArgument, MissingExtra
from .figures.standalone import chart_svg
from .model import Report
from .plain import plain_report

__all__ = ["pdf_file"]

#: seconds: the moment that stands in every file's metadata
_LONG_AGO = 946_684_800


def pdf_file(report: Report, template: Path | None = None) -> bytes:
    """The bytes of a PDF.

    Args:
        template: a ``.typ`` that reads ``json("report.json")`` and ``charts/ANCHOR.svg`` beside it.

    Raises MissingExtra without typst, BadArgument for a template that does not compile.
    """
    try:
        import typst
    except ImportError as lacking:
        raise MissingExtra("a PDF", "typst", "pdf") from lacking
    if template is None:
        source = (resources.files(__package__) / "templates" / "report.typ").read_text("utf-8")
    else:
        try:
            source = template.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as wrong:
            raise BadArgument("--template", str(template), f"it cannot be read: {wrong}") from wrong
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.typ").write_text(source, "utf-8")
        (folder / "report.json").write_text(json.dumps(plain_report(report), ensure_ascii=False), "utf-8")
        charts = folder / "charts"
        charts.mkdir()
        for row in report.rows:
            if row.chart is not None:
                (charts / f"{row.anchor}.svg").write_bytes(chart_svg(report, row))
        try:
            made = typst.compile(
                str(folder / "report.typ"), root=name, format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=_LONG_AGO
            )
        except typst.TypstError as wrong:
            if template is None:
                raise
            raise BadArgument("--template", str(template), f"Typst says: {wrong}") from wrong
    assert isinstance(made, bytes)
    return made
