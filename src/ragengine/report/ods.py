"""The report as an OpenDocument spreadsheet: the sheets of the workbook, written as text into the format's own XML."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..document.html import Html, el, together
from ..document.zips import made_zip
from ..terms import Rag
from ..workbench.drawing.level_colours import colours
from .model import Report
from .sheets import Cell, Column, ReportSheet, sheets_of
from .wording import label_of

__all__ = ["ods_file"]

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: millimetres of a character's width
_CHARACTER = 2.1
#: the row of a table's heads, counted from 1
_HEADS = 4


def ods_file(report: Report) -> bytes:
    """The bytes of an ODS file; it needs no library."""
    sheets = sheets_of(report)
    files = {
        "mimetype": _MIME,
        "META-INF/manifest.xml": _manifest(),
        "meta.xml": _meta(report),
        "settings.xml": _settings(sheets),
        "styles.xml": _styles(report),
        "content.xml": _content(report, sheets),
    }
    return made_zip(((name, text.encode()) for name, text in files.items()), stored=frozenset({"mimetype"}))


def _x(tag: str, *content: str | None, **attributes: str) -> Html:
    """An element of OpenDocument: ``table__name`` is ``table:name``."""
    named = {name.replace("__", ":").replace("_", "-"): value for name, value in attributes.items()}
    return el(tag, *content, **named)


def _manifest() -> str:
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"'
    entries = [
        ("/", _MIME),
        *((name, "text/xml") for name in ("content.xml", "meta.xml", "settings.xml", "styles.xml")),
    ]
    said = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>' for name, kind in entries
    )
    return f"{_HEAD}<manifest:manifest {space}>{said}</manifest:manifest>"


def _meta(report: Report) -> str:
    title = el("dc:title", f"{report.title}: exception report, {report.period.label}")
    return (
        f"{_HEAD}<office:document-meta {_NAMES}><office:meta>{title}<dc:language>en-GB</dc:language>"
        "</office:meta></office:document-meta>"
    )


def _settings(sheets: list[ReportSheet]) -> str:
    """The heads of each table stay in place."""
    maps = []
    for sheet in sheets:
        if sheet.columns:
            items = {
                "VerticalSplitMode": ("short", 2),
                "VerticalSplitPosition": ("int", _HEADS),
                "PositionBottom": ("int", _HEADS),
            }
            said = "".join(
                f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
                for name, (kind, value) in items.items()
            )
            maps.append(_x("config:config-item-map-entry", Html(said), config__name=sheet.name))
    tables = _x("config:config-item-map-named", *maps, config__name="Tables")
    view = _x("config:config-item-map-indexed", _x("config:config-item-map-entry", tables), config__name="Views")
    own = _x("config:config-item-set", view, config__name="ooo:view-settings")
    return (
        f'{_HEAD}<office:document-settings {_NAMES} xmlns:ooo="http://openoffice.org/2004/office">'
        f"<office:settings>{own}</office:settings></office:document-settings>"
    )


def _cell_style(name: str, text: str = "", cell: str = "", data: str = "") -> str:
    linked = f' style:data-style-name="{data}"' if data else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default"{linked}>'
        f'<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top" {cell}/>'
        f"<style:text-properties {text}/></style:style>"
    )


def _styles(report: Report) -> str:
    """The font and language of every cell, and the style of each level for conditional formats."""
    levels = "".join(_level_style(level) for level in report.scale)
    page = (
        '<office:automatic-styles><style:page-layout style:name="pm">'
        '<style:page-layout-properties fo:page-width="297mm" '
        'fo:page-height="210mm" style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0"/>'
        "</style:page-layout></office:automatic-styles><office:master-styles>"
        '<style:master-page style:name="Default" style:page-layout-name="pm"/></office:master-styles>'
    )
    font = 'style:font-name="Arial" fo:font-family="Arial" fo:font-size="11pt" fo:language="en" fo:country="GB"'
    return (
        f'{_HEAD}<office:document-styles {_NAMES}><office:styles><style:default-style style:family="table-cell">'
        f"<style:text-properties {font}/></style:default-style>"
        f'<style:style style:name="Default" style:family="table-cell"/>{levels}</office:styles>'
        f"{page}</office:document-styles>"
    )


def _level_style(level: Rag) -> str:
    text, ground = colours(level)
    bold = ' fo:font-weight="bold"' if level.rank == 0 else ""
    return _cell_style(f"Level{level.rank}", f'fo:color="{text}"{bold}', f'fo:background-color="{ground}"')


def _content(report: Report, sheets: list[ReportSheet]) -> str:
    widths = sorted({column.width for sheet in sheets for column in sheet.columns} | {90})
    columns = "".join(
        f'<style:style style:name="co{width}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{width * _CHARACTER:.1f}mm"/></style:style>'
        for width in widths
    )
    dates = (
        '<number:date-style style:name="nd"><number:day/><number:text> </number:text><number:month '
        'number:textual="true"/><number:text> </number:text><number:year number:style="long"/></number:date-style>'
    )
    cells = (
        _cell_style("ce")
        + _cell_style("cd", data="nd")
        + _cell_style(
            "ch", 'fo:font-weight="bold"', 'fo:background-color="#e3e5e7" fo:border-bottom="1.5pt solid #0b0c0c"'
        )
        + '<style:style style:name="ct" style:family="table-cell"><style:text-properties fo:font-weight="bold" '
        'fo:font-size="16pt"/></style:style>'
    )
    conditional = _conditional(report)
    tables = together(*(_table(sheet) for sheet in sheets))
    ranges = together(*(_range(sheet, n) for n, sheet in enumerate(sheets) if sheet.columns))
    return (
        f"{_HEAD}<office:document-content {_NAMES}><office:automatic-styles>{columns}{dates}{cells}{conditional}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        f"<table:database-ranges>{ranges}</table:database-ranges></office:spreadsheet></office:body></office:document-content>"
    )


def _conditional(report: Report) -> str:
    """A cell whose word is a level takes that level's colours."""
    maps = "".join(
        _x(
            "style:map",
            style__condition=f'cell-content()="{label_of(level)}"',
            style__apply_style_name=f"Level{level.rank}",
        )
        for level in report.scale
    )
    return (
        '<style:style style:name="cl" style:family="table-cell" style:parent-style-name="Default">'
        f'<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>{maps}</style:style>'
    )


def _table(sheet: ReportSheet) -> Html:
    title = _row(_text(sheet.title, "ct"))
    if sheet.lines:
        rows = [title, *(_row(_text(line, "ce")) for line in sheet.lines)]
        return _x("table:table", _x("table:table-column", table__style_name="co90"), *rows, table__name=sheet.name)
    columns = [_x("table:table-column", table__style_name=f"co{column.width}") for column in sheet.columns]
    heads = _x("table:table-header-rows", _row(*(_text(column.name, "ch") for column in sheet.columns)))
    linked = sheet.name == "Contents"
    body = [
        _row(
            *(
                _link(str(cell)) if linked and n == 0 else _cell(cell, column)
                for n, (cell, column) in enumerate(zip(row, sheet.columns, strict=True))
            )
        )
        for row in sheet.rows
    ]
    top = [title, _row(_text(sheet.told, "")), _row(_x("table:table-cell"))]
    return _x("table:table", *columns, *top, heads, *body, table__name=sheet.name)


def _row(*cells: Html) -> Html:
    return _x("table:table-row", *cells)


def _text(text: str, style: str) -> Html:
    attributes = {"office__value_type": "string", **({"table__style_name": style} if style else {})}
    return _x("table:table-cell", el("text:p", text), **attributes)


def _link(name: str) -> Html:
    """A cell that leads to a sheet."""
    link = _x("text:a", name, xlink__type="simple", xlink__href=f"#'{name}'.A1")
    return _x("table:table-cell", el("text:p", link), office__value_type="string", table__style_name="ce")


def _cell(cell: Cell, column: Column) -> Html:
    match cell:
        case None | "":
            return _x("table:table-cell")
        case str():
            return _text(cell, "cl" if column.levels else "ce")
        case date():
            return _x("table:table-cell", office__value_type="date", office__date_value=cell.isoformat(),
                      table__style_name="cd")  # fmt: skip
        case int() | Fraction():
            written = repr(float(cell))
            return _x("table:table-cell", office__value_type="float", office__value=written, table__style_name="ce")


def _range(sheet: ReportSheet, number: int) -> Html:
    """The table with its filters."""
    quoted = sheet.name.replace("'", "''")
    last = f"{_letters(len(sheet.columns))}{_HEADS + len(sheet.rows)}"
    return _x(
        "table:database-range",
        table__name=f"table_{number}",
        table__target_range_address=f"'{quoted}'.A{_HEADS}:'{quoted}'.{last}",
        table__display_filter_buttons="true",
    )


def _letters(number: int) -> str:
    said = ""
    while number:
        number, rest = divmod(number - 1, 26)
        said = chr(65 + rest) + said
    return said
