"""The report as a Word document through docxtpl: our template in the plan's layout, or a council's own."""

from __future__ import annotations

import io
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from ..display import clean
from ..document.zips import changed_zip
from ..errors import BadArgument, MissingExtra
from .figures.parts import chip_colours
from .figures.standalone import chart_svg
from .model import Report, ReportRow
from .plain import plain_report

__all__ = ["docx_file"]

_LONG_AGO = datetime(2000, 1, 1)
#: millimetres of a chart's width, and dots in an inch
_CHART_WIDE, _DOTS = 190, 160


def docx_file(report: Report, template: Path | None = None) -> bytes:
    """The bytes of a DOCX file.

    Args:
        template: a Word document with docxtpl's tags, of the names that docs/reports.md lists.

    Raises MissingExtra without docxtpl, BadArgument for a template that cannot be used.
    """
    try:
        import docxtpl
        import jinja2
        from docx.opc.exceptions import OpcError
        from jinja2.sandbox import SandboxedEnvironment
    except ImportError as lacking:
        raise MissingExtra("a Word document", "docxtpl", "docx") from lacking
    if template is None:
        source: Any = io.BytesIO((resources.files(__package__) / "templates" / "report.docx").read_bytes())
    else:
        source = str(template)
    try:
        document = docxtpl.DocxTemplate(source)
        values = _values(report, document, docxtpl)
        document.render(values, SandboxedEnvironment(autoescape=True), autoescape=True)
    except (jinja2.TemplateError, OpcError, OSError, KeyError, ValueError) as wrong:
        if template is None:
            raise
        raise BadArgument("--template", str(template), f"it is no Word template that can be filled: {wrong}") from wrong
    _finish(document.docx, report)
    out = io.BytesIO()
    document.save(out)
    return changed_zip(out.getvalue(), lambda _, content: content)


def _values(report: Report, document: Any, docxtpl: Any) -> dict[str, Any]:
    """The plain report with what only Word needs: rich texts of levels, colours without a hash, pictures."""
    values = plain_report(report)
    heads = [level["word"] for level in values["levels"]]
    _enrich(values, docxtpl)
    for area in values["areas"]:
        area["counted"] = ", ".join(f"{n} {head}" for n, head in zip(area["counts"], heads, strict=True) if n)
    rows = {row.anchor: row for row in report.rows}
    for area in values["areas"]:
        for own in area["rows"]:
            own["picture"] = _picture(report, rows[own["anchor"]], document, docxtpl) if own["chart"] else ""
    return values


def _enrich(value: Any, docxtpl: Any) -> None:
    """Every level, wherever it stands."""
    if isinstance(value, dict):
        if "symbol" in value and "ground" in value:
            rich = docxtpl.RichText()
            colour = value["text"].removeprefix("#") or "4d5358"
            rich.add(
                f"{value['symbol']} {value['word']}".strip(), bold=value["rated"], color=colour, size=18, font="Arial"
            )
            value["rich"] = rich
            value["ground_hex"] = value["ground"].removeprefix("#") or "FFFFFF"
            return
        for own in value.values():
            _enrich(own, docxtpl)
    elif isinstance(value, list):
        for own in value:
            _enrich(own, docxtpl)


def _picture(report: Report, row: ReportRow, document: Any, docxtpl: Any) -> Any:
    """The chart as a picture; where nothing draws one, the figures in the table after it."""
    try:
        import typst
        from docx.shared import Mm
    except ImportError:
        return "The chart needs Typst; its figures stand below."
    svg = chart_svg(report, row)
    picture = '#image(bytes(sys.inputs.svg), format: "svg", width: 230mm)'
    page = f"#set page(width: auto, height: auto, margin: 0pt)\n{picture}\n"
    png = typst.compile(page.encode(), format="png", ppi=_DOTS, sys_inputs={"svg": svg.decode()})
    return docxtpl.InlineImage(document, io.BytesIO(png), width=Mm(_CHART_WIDE))


def _finish(document: Any, report: Report) -> None:
    """Alternative texts, a box round each cell of the worst level, title, language and no clock."""
    charts = [row for row in report.rows if row.chart is not None]
    pictures = list(document.inline_shapes)
    for shape, row in zip(pictures[-len(charts) :] if charts else [], charts, strict=False):
        assert row.chart is not None
        told = f"{row.called}: {row.chart.title}. The figures are in the table that follows."
        shape._inline.docPr.set("descr", clean(told))
        shape._inline.docPr.set("name", clean(f"Chart: {row.called}"))
    worst = _worst_ground(report)
    for shading in document.element.body.iter(_w("shd")):
        if shading.get(_w("fill")) == worst:
            _box(shading.getparent())
    core = document.core_properties
    core.title = clean(f"{report.title}: exception report, {report.period.label}")
    core.author, core.last_modified_by, core.comments, core.language = "", "", "", "en-GB"
    core.created = core.modified = _LONG_AGO
    core.revision = 1


def _worst_ground(report: Report) -> str:
    """The ground of the worst level, as Word writes it."""
    return chip_colours(report.scale.worst)[1].removeprefix("#")


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def _box(properties: Any) -> None:
    """A line of 1.5 points round a cell: a printer without colours shows it."""
    borders = properties.makeelement(_w("tcBorders"), {})
    for side in ("top", "left", "bottom", "right"):
        line = {_w("val"): "single", _w("sz"): "12", _w("color"): "651B1B"}
        borders.append(borders.makeelement(_w(side), line))
    # the schema wants borders before shading
    properties.insert(list(properties).index(properties.find(_w("shd"))), borders)
