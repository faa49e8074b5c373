"""What is read from CSV and XLSX files, compared with what another reader finds, and what is refused."""

from __future__ import annotations

import datetime
import io
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ragengine.errors import BadArgument, DataError
from ragengine.importing.importing import import_sheet
from ragengine.importing.sheet import MOST_ROWS, read_sheet


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook as people make them: a merged title, a merged area, formats, an error, a formula without result."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "KPIs"
    rows = [
        ["Performance 2025/26"],
        [],
        ["Service", "Indicator", "Polarity", "Target", "Tolerance", "Q1 2025/26", "Owner"],
        ["Contact", "Calls answered", "High", 0.95, 0.05, 0.956, "Head of contact"],
        [None, "Cost per call", "Low", 1000, 50, 1040.5, None],
        [None, "Calls lost", "Low", "=C1+1", 2, 7, None],
        ["Plans", "Plan adopted", None, datetime.datetime(2026, 3, 31), None, None, None],
        ["Plans", "Appeals", "Low", 2, 1, "#DIV/0!", None],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("A4:A6")
    for cell in ("D4", "E4", "F4"):
        sheet[cell].number_format = "0.0%"
    sheet["D5"].number_format = '"£"#,##0'
    sheet["D7"].number_format = "dd/mm/yyyy"
    sheet["F8"].data_type = "e"
    path = tmp_path / "kpis.xlsx"
    made.save(path)
    return path


def test_a_workbook_is_read_as_it_is_shown(book: Path) -> None:
    """Percentages with their sign, currency, days, errors; merged cells filled; blank rows left out."""
    rows = {row.number: row.cells for row in read_sheet(book).rows}

    assert rows[1] == ("Performance 2025/26",) * 7
    assert rows[4] == ("Contact", "Calls answered", "High", "95%", "5%", "95.6%", "Head of contact")
    assert rows[5] == ("Contact", "Cost per call", "Low", "£1000", "50", "1040.5", "")
    assert rows[6][:4] == ("Contact", "Calls lost", "Low", "=C1+1")
    assert rows[7][3] == "2026-03-31"
    assert rows[8][5] == "#DIV/0!"
    assert 2 not in rows


def test_numbers_and_texts_are_those_another_reader_finds(tmp_path: Path) -> None:
    """Each plain cell is what openpyxl gives for it; of a float, the 15 digits that Excel shows."""
    values = [0.1 + 0.2, 1e-7, -5, 123456789012, 1e20, "text", " padded ", "<&>\"'", "é\U0001f600", True, "1,000"]
    made = openpyxl.Workbook()
    for n, value in enumerate(values, start=1):
        made.active.cell(n, 1, value)
    made.save(tmp_path / "a.xlsx")
    found = [cell.value for (cell,) in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows()]
    ours = [row.cells[0] for row in read_sheet(tmp_path / "a.xlsx").rows]

    assert ours[0] == "0.3"
    for own, other in zip(ours[1:], found[1:], strict=True):
        match other:
            case bool():
                assert own == str(other).upper()
            case int() | float():
                assert float(own) == other
            case _:
                assert own == other.strip()


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
@pytest.mark.parametrize(
    ("number_format", "shown"),
    [("dd/mm/yyyy", "2025-06-30"), ("mmm-yy", "2025-06"), ("[$-809]dd mmmm yyyy;@", "2025-06-30"), ("0.00", None)],
)
def test_a_day_is_read_in_both_eras(
    tmp_path: Path, epoch: datetime.datetime, number_format: str, shown: str | None
) -> None:
    """Workbooks that count from 1900 and from 1904; a format that shows no day leaves the number."""
    made = openpyxl.Workbook()
    made.epoch = epoch
    made.active["A1"] = datetime.datetime(2025, 6, 30)
    made.active["A1"].number_format = number_format
    made.save(tmp_path / "a.xlsx")
    (row,) = read_sheet(tmp_path / "a.xlsx").rows

    assert row.cells[0] == shown or (shown is None and row.cells[0].isdigit())


def test_a_formula_with_its_result_is_the_result(book: Path) -> None:
    """As Excel saves it; without one it is told, with the way out."""
    assert read_sheet(book).uncalculated == ("D6",)
    _rewrite(
        book, "xl/worksheets/sheet1.xml", lambda xml: re.sub(r"<f>C1\+1</f><v ?/?>(</v>)?", "<f>C1+1</f><v>3</v>", xml)
    )
    sheet = read_sheet(book)

    assert sheet.uncalculated == ()
    assert [row.cells[3] for row in sheet.rows if row.number == 6] == ["3"]


@pytest.mark.parametrize(
    ("stored", "shown", "told"),
    [
        ('<c r="D6" t="str"><f>C1&amp;""</f><v></v></c>', "", ()),
        ('<c r="D6" t="str"><f>C1&amp;""</f><v>High</v></c>', "High", ()),
        ('<c r="D6" t="e"><f>C1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", ()),
        ('<c r="D6"><f t="array" ref="D6:D7">C1:C2</f></c>', "=C1:C2", ("D6",)),
        ('<c r="D6"><f t="shared" si="0"/></c>', "=", ("D6",)),
    ],
)
def test_a_result_may_be_a_blank_text(book: Path, stored: str, shown: str, told: tuple[str, ...]) -> None:
    """A formula that gave an empty text is blank; one that gave nothing is told, whatever kind it is."""
    _rewrite(book, SHEET, lambda xml: re.sub(r'<c r="D6".*?</c>', stored, xml))
    sheet = read_sheet(book)

    assert sheet.uncalculated == told
    assert [row.cells[3] for row in sheet.rows if row.number == 6] == [shown]


def test_rows_and_cells_out_of_order_are_read(book: Path) -> None:
    """Some programs write them so; none is dropped."""
    before = read_sheet(book).rows
    _rewrite(book, SHEET, lambda xml: re.sub(r'(<row r="4".*?</row>)(.*)(</sheetData>)', r"\2\1\3", xml))
    _rewrite(book, SHEET, lambda xml: re.sub(r'(<c r="B5".*?</c>)(<c r="C5".*?</c>)', r"\2\1", xml))

    assert read_sheet(book).rows == before


@pytest.mark.parametrize(
    ("number_format", "shown"),
    [
        ('_-"£"* #,##0.00_-', "£-2.5"),
        ("[$€-2] #,##0", "€-2.5"),
        ('"$"#,##0_);("$"#,##0)', "-2.5"),
        ('0 "days"', "-2.5"),
    ],
)
def test_currency_is_what_the_file_says(tmp_path: Path, number_format: str, shown: str) -> None:
    """The format that means the reader's own currency has no sign of its own."""
    made = openpyxl.Workbook()
    made.active["A1"] = -2.5
    made.active["A1"].number_format = number_format
    made.save(tmp_path / "a.xlsx")

    assert read_sheet(tmp_path / "a.xlsx").rows[0].cells == (shown,)


def test_without_openpyxl_the_extra_is_named(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV needs no extra, a workbook says which."""
    monkeypatch.setitem(sys.modules, "openpyxl.cell.read_only", None)
    monkeypatch.delitem(sys.modules, "ragengine.data.workbook_cells", raising=False)
    book.with_suffix(".csv").write_text("KPI,Target\nA,1\n")

    with pytest.raises(DataError, match=r'kpis\.xlsx: .*needs openpyxl; pip install "ragengine\[xlsx\]"'):
        read_sheet(book)
    assert len(read_sheet(book.with_suffix(".csv")).rows) == 2


def test_a_workbook_becomes_rules(book: Path) -> None:
    """The same meaning as a CSV file that shows the same."""
    made = import_sheet(read_sheet(book))

    assert (made.rows, made.kpis, [s.where for s in made.skipped]) == (5, 4, [])
    assert [action.name for area in made.areas for action in area.actions] == ["plan-adopted"]
    contact = made.rules["contact.toml"]
    assert 'unit      = "%"\ndirection = "higher"\ntarget    = 95\ntolerance = "5% of target"  # CONFIRM' in contact
    assert 'unit      = "£"\ndirection = "lower"\ntarget    = 1000\ntolerance = 50\n' in contact
    assert "the formula was never calculated (kpis.xlsx row 6, Target: '=C1+1')" in contact
    assert "formulas that were saved without their results: 1 (D6)" in made.remarks[0]
    assert "contact.calls-answered,Q1 2025/26,95.6,,,kpis.xlsx row 4" in made.data["measurements.csv"]


def test_a_sheet_is_named_where_there_are_several(book: Path) -> None:
    """Hidden ones do not count; a name that is not there is refused with those that are."""
    made = openpyxl.load_workbook(book)
    made.create_sheet("Hidden").sheet_state = "hidden"
    made.save(book)
    assert len(read_sheet(book).rows) == 7
    made.create_sheet("Notes & more").append(["Indicator", "Target"])
    made.save(book)

    assert read_sheet(book, sheet="Notes & more").rows[0].cells == ("Indicator", "Target")
    with pytest.raises(BadArgument, match="KPIs, Notes & more"):
        read_sheet(book)
    with pytest.raises(BadArgument, match="KPIs, Notes & more"):
        read_sheet(book, sheet="Hidden")


def _rewrite(path: Path, part: str, change: object) -> None:
    """Changes one part of a workbook, as no spreadsheet would."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data.decode()) if info.filename == part else data)  # type: ignore[operator]
    path.write_bytes(out.getvalue())


def zipped(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("part", "change", "words"),
    [
        (SHEET, lambda xml: xml.replace('r="G4"', 'r="XFD1048576"'), "a cell stands at XFD1048576, beyond"),
        (SHEET, lambda xml: xml.replace('r="G4"', 'r="G-4"'), "damaged"),
        (SHEET, lambda xml: xml.replace("A1:G1", "A1:XFD1048576").replace("A4:A6", "A1:ZZ99999"), None),
        (SHEET, lambda xml: xml.replace("A1:G1", "everything"), "damaged"),
        (SHEET, lambda xml: xml + "<" * 100, "damaged"),
        (SHEET, lambda xml: BOMB + xml, "entities of its own"),
        (SHEET, lambda xml: xml + " " * 30_000_000, "unpacks to more"),
        (
            SHEET,
            lambda xml: xml.replace("<mergeCells", "<mergeCells>" + '<mergeCell ref="A2:A3"/>' * 41_000),
            "20,000 merged",
        ),
        (SHEET, lambda xml: xml.encode("utf-16"), "not UTF-8"),
        ("xl/workbook.xml", lambda xml: xml.replace("sheetId", "id"), "damaged"),
        ("[Content_Types].xml", lambda xml: xml.replace("sheet.main", "text.main"), "damaged"),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace("worksheets", "../.."), "no sheet"),
        ("xl/styles.xml", lambda xml: "", "damaged"),
    ],
)
def test_a_workbook_that_is_no_spreadsheet_is_refused(book: Path, part: str, change: object, words: str | None) -> None:
    """A stray cell far away, merged ranges without end, entities, bombs, damage: named, at once, without a trace."""
    _rewrite(book, part, change)
    if words is None:
        assert len(read_sheet(book).rows) in (7, 8)
        return
    with pytest.raises(DataError, match=words):
        read_sheet(book)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a workbook"),
        (zipped({"mimetype": b"x"}), "not a workbook"),
        (zipped({"[Content_Types].xml": b"", **{f"{n}": b"" for n in range(2000)}}), "more than 2,000 parts"),
        (zipped({"[Content_Types].xml": b"x"}, zipfile.ZIP_LZMA), "packed as no spreadsheet is"),
        (b"PK\x03\x04nonsense", "not a workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old or a protected"),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    """Another format under the name, an old .xls, a file with a password."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    with pytest.raises(DataError, match=words):
        read_sheet(path)


def test_parts_are_bounded_together(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts, each of which would do, are refused before any is unpacked."""
    with zipfile.ZipFile(book) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    monkeypatch.setattr("ragengine.data.workbook._LARGEST_WHOLE", unpacked)
    assert len(read_sheet(book).rows) == 7
    monkeypatch.setattr("ragengine.data.workbook._LARGEST_WHOLE", unpacked - 1)

    with pytest.raises(DataError, match="unpacks to more than is read"):
        read_sheet(book)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_workbook_cut_short_is_refused(book: Path, cut: float) -> None:
    """A download that broke off."""
    book.write_bytes(book.read_bytes()[: int(book.stat().st_size * cut)])

    with pytest.raises(DataError):
        read_sheet(book)


def csv_rows(tmp_path: Path, content: bytes, encoding: str | None = None) -> list[tuple[str, ...]]:
    """The rows of a CSV file with this content."""
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return [row.cells for row in read_sheet(path, encoding=encoding).rows]


@pytest.mark.parametrize(
    "content",
    [
        b"Report\n\nKPI,Target\nA,1\n",
        b"Report\nKPI;Target\nA;1\n",
        b"Report\nKPI\tTarget\nA\t1\n",
        b"\xef\xbb\xbfReport\r\nKPI,Target\r\nA,1\r\n",
        b"sep=;\nReport\nKPI;Target\nA;1\n",
        b"Report\nKPI|Target\nA|1\n",
    ],
)
def test_csv_is_read_whatever_parts_its_cells(tmp_path: Path, content: bytes) -> None:
    """Comma, semicolon or tab, with a title row that has none of them; byte order mark and Windows line ends."""
    assert csv_rows(tmp_path, content)[-2:] == [("KPI", "Target"), ("A", "1")]
    assert csv_rows(tmp_path, content)[0][0] == "Report"


def test_windows_1252_is_read_and_said(tmp_path: Path) -> None:
    """As Excel saves CSV; what is neither that nor UTF-8 is named by line and byte, with the way out."""
    content = "KPI,Target\nCafé visits,£5\n".encode("cp1252")
    path = tmp_path / "a.csv"

    assert csv_rows(tmp_path, content, None)[1] == ("Café visits", "£5")
    assert read_sheet(path).notes == ("read as Windows-1252: line 2 is not UTF-8 (byte 0xe9)",)
    assert csv_rows(tmp_path, content, "cp1252")[1] == ("Café visits", "£5")
    with pytest.raises(DataError, match=r"a\.csv:2:1.*not UTF-8: byte 0xe9"):
        csv_rows(tmp_path, content, "utf-8")
    with pytest.raises(DataError, match=r"a\.csv:2:1.*not UTF-8: byte 0x83.*--encoding cp1252"):
        csv_rows(tmp_path, b"KPI\n\x83\xd0\n", None)
    with pytest.raises(DataError, match="neither UTF-8 nor Windows-1252: byte 0x81"):
        csv_rows(tmp_path, b"KPI\n\x81\n", None)


def test_utf_16_is_read(tmp_path: Path) -> None:
    """As Excel saves Unicode text: with tabs."""
    assert csv_rows(tmp_path, "KPI\tTarget\nA\t1\n".encode("utf-16"))[1] == ("A", "1")


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("head", ["", "sep=;{}", "Report;;{}"])
def test_any_line_end_is_read(tmp_path: Path, end: str, head: str) -> None:
    """Old and new ones, with a line that names the separator or a title."""
    text = head.format(end) + end.join(["KPI;Target", "A;85,5", "B;1.234,5", ""])

    assert csv_rows(tmp_path, text.encode())[-2:] == [("A", "85,5"), ("B", "1.234,5")]
    assert read_sheet(tmp_path / "a.csv").decimal_comma


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'KPI,Target\n"A,1\n', "never closed"),
        (b"KPI\nA\x00B\n", "NUL"),
        (b"\xff\xfeK\x00A", "UTF-16"),
        (b"KPI\n" + b"A\n" * (MOST_ROWS + 1), "more than 20,000 rows"),
    ],
)
def test_csv_that_cannot_be_read_to_its_end_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """Half a sheet is not imported."""
    with pytest.raises(DataError, match=words):
        csv_rows(tmp_path, content)


def test_other_files_are_refused(tmp_path: Path) -> None:
    """A missing file, another format, a sheet's name for a CSV file."""
    (tmp_path / "a.csv").write_text("KPI,Target\n")
    (tmp_path / "a.pdf").write_text("x")

    with pytest.raises(DataError, match="no such file"):
        read_sheet(tmp_path / "b.csv")
    with pytest.raises(DataError, match=r"\.pdf is not read"):
        read_sheet(tmp_path / "a.pdf")
    with pytest.raises(BadArgument, match="one sheet"):
        read_sheet(tmp_path / "a.csv", sheet="KPIs")
