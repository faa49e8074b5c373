"""Makes the default Word template of ``ragengine report``: ``python docs/make_report_template.py``.

Needs python-docx, which comes with ``ragengine[docx]``. Tags in the cells are docxtpl's.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ragengine.document.zips import changed_zip

TARGET = Path(__file__).resolve().parent.parent / "src" / "ragengine" / "report" / "templates" / "report.docx"
LONG_AGO = datetime(2000, 1, 1)
LINE = "C9CED2"


def element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def table(
    document: Any, caption: str, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]]
) -> Any:
    """A table with a repeated head row; a row of one text is a tag of its own."""
    made = document.add_table(rows=0, cols=len(heads))
    made.autofit = False
    properties = made._tbl.tblPr
    properties.append(element("w:tblLayout", type="fixed"))
    borders = element("w:tblBorders")
    for side in ("bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz="4", color=LINE))
    properties.append(borders)
    margins = element("w:tblCellMar")
    for side, wide in (("top", "57"), ("left", "113"), ("bottom", "57"), ("right", "113")):
        margins.append(element(f"w:{side}", w=wide, type="dxa"))
    properties.append(margins)
    properties.append(element("w:tblCaption", val=caption))
    properties.append(element("w:tblDescription", val=f"{caption}: {', '.join(heads)}"))
    head = made.add_row()
    head._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for cell, text in zip(head.cells, heads, strict=True):
        fill(cell, text, bold=True)
        shade(cell, "E3E5E7")
        edges = element("w:tcBorders")
        edges.append(element("w:bottom", val="single", sz="12", color="0B0C0C"))
        cell._tc.get_or_add_tcPr().append(edges)
    for texts in rows:
        row = made.add_row()
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        if len(texts) == 1:
            row.cells[0].merge(row.cells[-1])
            fill(row.cells[0], texts[0])
        else:
            for cell, text in zip(row.cells, texts, strict=True):
                fill(cell, text)
    for column, wide in zip(made.columns, widths, strict=True):
        column.width = Mm(wide)
    for row in made.rows:
        for cell, wide in zip(row.cells, widths, strict=False):
            cell.width = Mm(wide)
    return made


def fill(cell: Any, text: str, *, bold: bool = False) -> None:
    """Text in a cell; each line a paragraph; a line that starts with * is a bullet."""
    for n, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
        if line.startswith("* "):
            paragraph.style = cell.part.document.styles["List Bullet"]
            line = line[2:]
        run = paragraph.add_run(line)
        run.bold = bold or None
        run.font.size = Pt(9)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = 1.05


def shade(cell: Any, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour))


def styled(document: Any) -> None:
    """A4 landscape, Arial, English, headings in the ink."""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(15)
    for name, size in (("Normal", 10), ("Title", 20), ("Heading 1", 16), ("Heading 2", 12), ("List Bullet", 9)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        style.font.color.rgb = RGBColor(0x0B, 0x0C, 0x0C)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for own in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{own}"), "Arial")
        for own in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{own}"), None)
    document.styles["Normal"].element.get_or_add_rPr().append(element("w:lang", val="en-GB"))
    document.styles["Normal"].paragraph_format.line_spacing = 1.15
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    for latent in document.styles.element.iter(qn("w:lang")):
        latent.set(qn("w:val"), "en-GB")
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ title }} · exception report, {{ period }} · as at {{ as_at }} · page ").font.size = Pt(8)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        run.font.size = Pt(8)
        if kind:
            run._r.append(element("w:fldChar", fldCharType=kind))
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)


LEVEL = "{{% cellbg {0}.ground_hex %}}{{{{r {0}.rich }}}}"

BY_RULE = (
    "\n{{%p if {0}.by_rule %}}\nby the rule {{{{ {0}.by_rule.symbol }}}} {{{{ {0}.by_rule.word }}}}; {1}\n"
    "{{%p endif %}}"
)


def level(name: str) -> str:
    return LEVEL.format(name)


def said(name: str) -> str:
    """The statements of people as bullets, each with its evidence."""
    return (
        f"{{%p for own in {name} %}}\n"
        "* {{ own.text }}{% if own.evidence %} Evidence: {{ own.evidence }}.{% endif %}\n"
        f"{{%p endfor %}}\n{{%p if not {name} %}}\nNone.\n{{%p endif %}}"
    )


def body(document: Any) -> None:
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph(
        "Exception report{% if public %}, public edition{% endif %}. Period: {{ period }}. As at: {{ as_at }}."
        "{% if compared %} Compared with {{ compared }}.{% endif %} "
        "Rules: edition {{ edition }}, {{ fingerprint[:12] }}."
    )
    document.add_paragraph("RAG at a glance", style="Heading 1")
    document.add_paragraph("The programme is {{r programme.level.rich }}. {{ programme.sentence }}")
    document.add_paragraph("{%p if changes %}")
    document.add_paragraph("What changed since {{ compared }}", style="Heading 2")
    document.add_paragraph("{%p for own in changes %}")
    document.add_paragraph("{{ own }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for own in notes %}")
    document.add_paragraph("{{ own }}")
    document.add_paragraph("{%p endfor %}")
    table(
        document,
        "Areas at a glance",
        ("Area", "Previous", "Current", "Movement", "Counts", "What decided it"),
        (66, 24, 34, 45, 42, 56),
        (
            ("{%tr for area in areas %}",),
            (
                "{{ area.title }}", level("area.previous"),
                level("area.level") + BY_RULE.format("area", "by judgement"),
                "{{ area.moved }}", "{{ area.counted }}", "{{ area.decided }}",
            ),
            ("{%tr endfor %}",),
        ),
    )  # fmt: skip
    document.add_paragraph("Key", style="Heading 2")
    table(
        document,
        "Key",
        ("Level", "What it means", "Areas", "Measures and actions"),
        (34, 130, 30, 45),
        (
            ("{%tr for own in key %}",),
            (level("own.level"), "{{ own.meaning }}", "{{ own.areas }}", "{{ own.rows }}"),
            ("{%tr endfor %}",),
        ),
    )
    document.add_paragraph("{%p for area in areas %}")
    heading = document.add_paragraph("{{ area.title }}", style="Heading 1")
    heading.paragraph_format.page_break_before = True
    table(
        document,
        "Area, recommendation and level",
        ("Area and lead", "Recommendation", "Previous RAG", "Current RAG"),
        (90, 117, 30, 30),
        (
            (
                "{{ area.title }}\n{{ area.lead }}", "{{ area.recommendation or 'None' }}", level("area.previous"),
                level("area.level") + BY_RULE.format("area", "by judgement"),
            ),
        ),
    )  # fmt: skip
    document.add_paragraph("{{ area.decided }}. {{ area.coverage }}.")
    document.add_paragraph("{%p for own in area.judgements %}")
    document.add_paragraph("Judgement: {{ own }}")
    document.add_paragraph("{%p endfor %}")
    halves = (133.5, 133.5)
    table(
        document, "Key developments and key risks", ("Key developments", "Key risks"), halves,
        ((said("area.key_developments"), said("area.key_risks")),),
    )  # fmt: skip
    document.add_paragraph("Priorities", style="Heading 2")
    table(
        document,
        "Priorities",
        ("Priority", "Target date", "Previous RAG", "Current RAG", "Value and target", "Why it is here"),
        (85, 22, 22, 31, 42, 65),
        (
            ("{%tr for row in area.rows %}",),
            (
                "{{ row.title }}", "{{ row.due }}", level("row.previous"),
                level("row.level") + BY_RULE.format("row", "{{ row.relief }}"),
                "{{ row.value }}{% if row.value and row.target %}; {% endif %}{{ row.target }}",
                "{% for why in row.why %}{{ why.head }}: {{ why.text }}. {% endfor %}{{ row.needed }}",
            ),
            ("{%tr endfor %}",),
        ),
    )  # fmt: skip
    document.add_paragraph("Analysis", style="Heading 2")
    table(document, "Analysis", ("Progress", "Risks"), halves, ((said("area.progress"), said("area.risks")),))
    document.add_paragraph("{%p for row in area.rows %}")
    document.add_paragraph("{%p for own in row.judgements %}")
    document.add_paragraph("{{ row.short }}. {{ own }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if row.chart %}")
    document.add_paragraph("{{ row.short }}", style="Heading 2")
    # a chart's title does not stay behind on the page before it
    document.add_paragraph("{{ row.chart_title }}.").paragraph_format.keep_with_next = True
    document.add_paragraph("{{ row.picture }}")
    table(
        document,
        "The figures in the chart",
        ("Period", "Value", "Target", "Level"),
        (50, 50, 60, 40),
        (
            ("{%tr for own in row.figures %}",),
            ("{{ own.period }}", "{{ own.value }}", "{{ own.target }}", level("own.level")),
            ("{%tr endfor %}",),
        ),
    )
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph(
        "Levels, movements and reasons are made from rules and data. Key developments, key risks, progress and risks "
        "are the words of those who lead each area. {{ read }}."
    )


def made() -> bytes:
    document = Document()
    styled(document)
    body(document)
    properties = document.core_properties
    properties.author, properties.title, properties.language = "", "Exception report", "en-GB"
    properties.created = properties.modified = LONG_AGO
    properties.comments = properties.last_modified_by = ""
    out = io.BytesIO()
    document.save(out)
    return changed_zip(out.getvalue(), lambda _, content: content)


if __name__ == "__main__":
    TARGET.write_bytes(made())
