"""Word, Excel, OpenDocument and PDF: everything of the source is in them, the bytes are the same, and text stays text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ragengine.errors import BadArgument
from ragengine.report.accessibility import findings
from ragengine.report.docx import docx_file
from ragengine.report.html.page import html_page
from ragengine.report.model import Report
from ragengine.report.ods import ods_file
from ragengine.report.pdf import pdf_file
from ragengine.report.xlsx import xlsx_file

from .test_html import nasty_report

MAKERS: dict[str, Callable[[Report], bytes]] = {"docx": docx_file, "xlsx": xlsx_file, "ods": ods_file, "pdf": pdf_file}
EXTRAS = {"docx": "docxtpl", "xlsx": "xlsxwriter", "pdf": "typst"}


@pytest.fixture(params=list(MAKERS))
def kind(request: pytest.FixtureRequest) -> str:
    """Each format whose library is installed."""
    if request.param in EXTRAS:
        pytest.importorskip(EXTRAS[request.param])
    return str(request.param)


def test_a_file_passes_the_accessibility_list(kind: str, plan: Report, two_years: Report, tmp_path: Path) -> None:
    """Titles, languages, headings, tables, words for charts: ``report --check`` finds nothing."""
    if kind == "pdf":
        pytest.importorskip("pdfua")
    for name, report in (("plan", plan), ("two", two_years)):
        path = tmp_path / f"{name}.{kind}"
        path.write_bytes(MAKERS[kind](report))
        assert findings(path) == []


def test_the_same_report_gives_the_same_bytes(kind: str, two_years: Report) -> None:
    """No clock in a file, metadata included."""
    assert MAKERS[kind](two_years) == MAKERS[kind](two_years)


def test_hostile_texts_stay_text(kind: str) -> None:
    """Tags of templates, formulas and markup are words in a cell."""
    report = nasty_report()
    content = MAKERS[kind](report)

    if kind == "xlsx":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert not any(cell.data_type == "f" for sheet in book for line in sheet for cell in line)
    if kind == "docx":
        text = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
        assert "{% raw %}" in text and "<script>" not in text


def _letters(text: str) -> str:
    """A text without spaces: where a line was broken is no matter."""
    return re.sub(r"\s+", "", text)


def _texts(kind: str, content: bytes, folder: Path) -> str:
    if kind == "pdf":
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
        (folder / "r.pdf").write_bytes(content)
        done = subprocess.run(["pdftotext", "-layout", "r.pdf", "-"], cwd=folder, capture_output=True, check=True)
        done_raw = subprocess.run(["pdftotext", "-raw", "r.pdf", "-"], cwd=folder, capture_output=True, check=True)
        return done.stdout.decode() + done_raw.stdout.decode()
    name = {"docx": "word/document.xml", "ods": "content.xml", "xlsx": "xl/sharedStrings.xml"}[kind]
    text = zipfile.ZipFile(io.BytesIO(content)).read(name).decode()
    import html

    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def test_the_whole_source_is_found_again(kind: str, plan: Report, tmp_path: Path) -> None:
    """Every sentence, priority, date, value, target and level of the plan's document stands in the file."""
    found = _letters(_texts(kind, MAKERS[kind](plan), tmp_path))

    for area in plan.areas:
        said = area.narrative
        for statement in (*said.key_developments, *said.key_risks, *said.progress, *said.risks):
            assert _letters(statement.text) in found
        assert _letters(area.title) in found and _letters(area.lead) in found and _letters(area.recommendation) in found
    for row in plan.rows:
        assert _letters(row.title) in found
        if row.value and kind != "pdf":
            assert _letters(row.value) in found


def test_the_whole_source_is_found_again_in_the_page(plan: Report) -> None:
    """The same of HTML."""
    import html

    found = _letters(html.unescape(re.sub(r"<[^>]+>", " ", html_page(plan))))

    for area in plan.areas:
        said = area.narrative
        for statement in (*said.key_developments, *said.key_risks, *said.progress, *said.risks):
            assert _letters(statement.text) in found
    for row in plan.rows:
        assert _letters(row.title) in found and _letters(row.due_words) in found


def test_a_workbook_is_tables_with_filters_and_colours_by_word(plan: Report) -> None:
    """One table a sheet, numbers as numbers, days as days, a reason beside each missing value."""
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(plan)))
    ratings = book["Ratings"]
    heads = [cell.value for cell in ratings[4]]
    by_id = {line[heads.index("Rule")].split(",")[0]: line for line in ratings.iter_rows(min_row=5, values_only=True)}
    seen = by_id["early-help.seen-10-days"]

    assert [sheet.title for sheet in book][:4] == ["Cover", "Contents", "Areas", "Ratings"]
    assert all(len(sheet.tables) == 1 for sheet in book if sheet.title != "Cover")
    assert (seen[heads.index("Value")], seen[heads.index("Target")], seen[heads.index("Level")]) == (84, 90, "Amber")
    assert seen[heads.index("Target date")].date().isoformat() == "2020-05-31"
    assert by_id["leadership.agency-workers"][heads.index("Reason not rated")] == "No data"
    assert ratings.freeze_panes == "B5" and ratings.conditional_formatting


def test_an_ods_is_read_by_another_library(plan: Report) -> None:
    """odfdo finds the sheets, the heads and the figures."""
    odfdo = pytest.importorskip("odfdo")
    document = odfdo.Document(io.BytesIO(ods_file(plan)))
    ratings = document.body.get_table(name="Ratings")
    heads = ratings.get_row_values(3)

    assert heads[:2] == ["Area", "Measure or action"]
    assert len(list(ratings.rows)) == 4 + 157
    assert float(ratings.get_row_values(4)[heads.index("Value")]) == 14.14


def test_a_template_of_ones_own(plan: Report, tmp_path: Path) -> None:
    """A council's Word document and Typst file are given the same names."""
    docx = pytest.importorskip("docx")
    own = docx.Document()
    own.add_paragraph("{{ title }}: {{ programme.level.word }}")
    own.save(tmp_path / "own.docx")
    made = docx.Document(io.BytesIO(docx_file(plan, tmp_path / "own.docx")))

    assert made.paragraphs[0].text == "Children's services improvement plan: Amber"

    pytest.importorskip("typst")
    (tmp_path / "own.typ").write_text(
        '#let report = json("report.json")\n#set document(title: report.title, date: datetime(..report.date))\n'
        '#set text(lang: "en")\n= #report.title\n'
    )
    assert pdf_file(plan, tmp_path / "own.typ").startswith(b"%PDF")


@pytest.mark.parametrize(("name", "text"), [("bad.docx", "no zip"), ("bad.typ", "#let ="), ("none.typ", None)])
def test_a_template_that_cannot_be_used_is_wrong_use(plan: Report, tmp_path: Path, name: str, text: str | None) -> None:
    """Said in a sentence, never as a stack trace."""
    pytest.importorskip("docxtpl")
    pytest.importorskip("typst")
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    make = docx_file if name.endswith("docx") else pdf_file

    with pytest.raises(BadArgument, match="--template"):
        make(plan, path)


def test_a_template_cannot_reach_out(plan: Report, tmp_path: Path) -> None:
    """A Word template's tags run in a sandbox."""
    docx = pytest.importorskip("docx")
    own = docx.Document()
    own.add_paragraph("{{ title.__class__.__mro__ }}")
    own.save(tmp_path / "own.docx")

    with pytest.raises(BadArgument, match="--template"):
        docx_file(plan, tmp_path / "own.docx")


def test_the_default_template_is_what_its_script_makes() -> None:
    """The Word template in the package is made by a script, whose bytes are always the same."""
    pytest.importorskip("docx")
    import importlib.util

    root = Path(__file__).resolve().parent.parent.parent
    spec = importlib.util.spec_from_file_location("make_report_template", root / "docs" / "make_report_template.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made, kept = (zipfile.ZipFile(io.BytesIO(content)) for content in (script.made(), script.TARGET.read_bytes()))

    assert made.read("word/document.xml") == kept.read("word/document.xml")
