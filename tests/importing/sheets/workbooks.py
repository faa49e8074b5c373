"""The workbooks among the sheets, as people make them: each a function that gives one, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

Made = tuple[Workbook, dict[str, Any]]
WORKBOOKS: dict[str, Callable[[], Made]] = {}


def workbook(make: Callable[[], Made]) -> Callable[[], Made]:
    """Enters a workbook."""
    WORKBOOKS[make.__name__.replace("_", "-")] = make
    return make


def sheet(book: Workbook, title: str, rows: list[list[object]]) -> Worksheet:
    """A further sheet with these rows."""
    made = book.create_sheet(title)
    for row in rows:
        made.append(row)
    return made


def empty() -> Workbook:
    """A workbook without sheets."""
    made = Workbook()
    made.remove(made.active)
    return made


@workbook
def a_sheet_for_each_service() -> Made:
    """Two sheets of KPIs, each an area; one of notes, which is told; merged headings over two rows."""
    book = empty()
    one = sheet(book, "Housing", [
        ["Housing scorecard 2024/25"],
        ["Ref", "Measure", "Good is", "Q1", None, "Q2", None],
        [None, None, None, "Target", "Actual", "Target", "Actual"],
        ["H1", "Homes let in 20 days", "High", 0.8, 0.78, 0.85, 0.86],
    ])  # fmt: skip
    for cells in ("A1:G1", "D2:E2", "F2:G2", "A2:A3", "B2:B3", "C2:C3"):
        one.merge_cells(cells)
    for cell in ("D4", "E4", "F4", "G4"):
        one[cell].number_format = "0%"
    sheet(book, "Planning", [
        ["Indicator", "Polarity", "Unit", "Target", "Tolerance", "Q1 2024/25"],
        ["Majors decided in time", "High", "%", 70, "5 pp", 66],
    ])  # fmt: skip
    sheet(book, "Notes", [["All figures are provisional."], ["Ask the performance team."]])
    return book, {
        "set": {"tolerance": "5 pp"},
        "rules": {
            "housing": {"homes-let-in-20-days": {
                "ref": "H1", "unit": "%", "direction": "higher", "target": {"2024-04-01": 80, "2024-07-01": 85},
                "tolerance": "5 pp",
            }},
            "planning": {"majors-decided-in-time": {
                "unit": "%", "direction": "higher", "target": 70, "tolerance": "5 pp",
            }},
        },
        "values": {
            "housing.homes-let-in-20-days": ["Q1 2024/25 78", "Q2 2024/25 86"],
            "planning.majors-decided-in-time": ["Q1 2024/25 66"],
        },
        "notes": ["sheet Notes is not read: no row of it names the columns of a list of KPIs or actions"],
    }  # fmt: skip


@workbook
def durations() -> Made:
    """Times kept as parts of a day: by the unit of the KPI they are hours, or minutes."""
    book = empty()
    made = sheet(book, "Front door", [
        ["KPI", "Service", "Unit", "Good is", "Target", "Tolerance", datetime(2024, 4, 1), datetime(2024, 5, 1)],
        ["Response", "Front door", "hours", "Low", 4, 1, timedelta(hours=26, minutes=30), timedelta(hours=3, minutes=45)],
        ["Handover", "Front door", "minutes", "Low", 30, 5, time(0, 42), time(0, 28)],
    ])  # fmt: skip
    for row in (2, 3):
        for column in ("G", "H"):
            made[f"{column}{row}"].number_format = "[h]:mm"
    for column in ("G", "H"):
        made[f"{column}1"].number_format = "mmm-yy"
    return book, {
        "rules": {"front-door": {
            "response": {"unit": "hours", "direction": "lower", "target": 4, "tolerance": 1},
            "handover": {"unit": "minutes", "direction": "lower", "target": 30, "tolerance": 5, "marked": ["unit"]},
        }},
        "values": {
            "front-door.response": ["2024-04 26.5", "2024-05 3.75"],
            "front-door.handover": ["2024-04 42", "2024-05 28"],
        },
    }  # fmt: skip


@workbook
def money_and_percentages() -> Made:
    """Currencies and percentages by the format of each cell; a unit in one column, a percentage in another."""
    book = empty()
    made = sheet(book, "KPIs", [
        ["Indicator", "Unit", "Polarity", "Target", "Tolerance", "2024/25"],
        ["Cost per placement", None, "Low", 950, 50, 940.5],
        ["Reviews in time", "Number", "High", 0.95, 0.05, 0.9275],
    ])  # fmt: skip
    made["D2"].number_format = '"£"#,##0'
    for cell in ("D3", "E3", "F3"):
        made[cell].number_format = "0.0%"
    return book, {
        "rules": {"money-and-percentages": {
            "cost-per-placement": {"unit": "£", "direction": "lower", "target": 950, "tolerance": 50},
            "reviews-in-time": {
                "unit": "%", "direction": "higher", "target": 95, "tolerance": "5% of target",
                "marked": ["unit", "tolerance"],
            },
        }},
        "values": {
            "money-and-percentages.cost-per-placement": ["2024/25 940.5"],
            "money-and-percentages.reviews-in-time": ["2024/25 92.75"],
        },
    }  # fmt: skip


@workbook
def hidden_things() -> Made:
    """A hidden row and column are read and said; a hidden sheet is said."""
    book = empty()
    made = sheet(book, "KPIs", [
        ["Measure", "Good is", "Target", "Tolerance", "Q1 2024/25"],
        ["Calls answered", "High", 80, 5, 82],
        ["Letters answered", "High", 90, 5, 84],
    ])  # fmt: skip
    made.row_dimensions[3].hidden = True
    made.column_dimensions["D"].hidden = True
    sheet(book, "Last year", [["Measure", "Target"], ["Old", 1]]).sheet_state = "hidden"
    return book, {
        "rules": {"hidden-things": {
            "calls-answered": {"direction": "higher", "target": 80, "tolerance": 5},
            "letters-answered": {"direction": "higher", "target": 90, "tolerance": 5},
        }},
        "values": {
            "hidden-things.calls-answered": ["Q1 2024/25 82"],
            "hidden-things.letters-answered": ["Q1 2024/25 84"],
        },
        "notes": [
            "read too: hidden rows: 3", "read too: hidden columns: D",
            "hidden sheets, not read: Last year (unhide those that are wanted)",
        ],
    }  # fmt: skip


@workbook
def scorecard_and_actions() -> Made:
    """A sheet of KPIs and one of actions beside it: the actions are reported as at the end of the latest period."""
    book = empty()
    sheet(book, "Scorecard", [
        ["Service", "Indicator", "Good is", "Target", "Tolerance", "Q1 2024/25", "RAG"],
        ["Adoption", "Weeks to match", "Low", 20, 4, 23, "Amber"],
    ])  # fmt: skip
    sheet(book, "Actions", [
        ["Service", "Action", "Owner", "Due date", "Status", "% complete"],
        ["Adoption", "Recruit two social workers", "Head of service", date(2024, 9, 30), "In progress", 0.5],
        ["Adoption", "Publish the guide", "Head of service", date(2024, 5, 31), "Complete", 1],
    ])  # fmt: skip
    return book, {
        "rules": {"adoption": {"weeks-to-match": {"direction": "lower", "target": 20, "tolerance": 4}}},
        "values": {"adoption.weeks-to-match": ["Q1 2024/25 23 amber"]},
        "actions": {"adoption": {
            "recruit-two-social-workers": {
                "lead": "Head of service", "due": "2024-09-30", "tolerance": "0 days", "marked": ["tolerance"],
            },
            "publish-the-guide": {
                "lead": "Head of service", "due": "2024-05-31", "tolerance": "0 days", "marked": ["tolerance"],
            },
        }},
        "reports": {
            "adoption.recruit-two-social-workers": "2024-06-30 in progress 50",
            "adoption.publish-the-guide": "2024-06-30 complete 100",
        },
        "notes": ["actions are reported as at 2024-06-30, the end of the latest period of the values"],
    }  # fmt: skip


def fill(place: Worksheet, cell: str, colour: str | Color) -> None:
    """Fills a cell of a sheet."""
    place[cell].fill = PatternFill("solid", fgColor=colour)


@workbook
def levels_by_the_fills_of_a_column() -> Made:
    """A column of colours without words: levels where their hue says so; one of the theme is told."""
    book = empty()
    rows = sheet(book, "KPIs", [
        ["Measure", "Good is", "Target", "Tolerance", "Q1 2024/25", "RAG"],
        ["Calls answered", "High", 90, 5, 91, None],
        ["Letters answered", "High", 80, 5, 78, None],
        ["Days to let", "Low", 10, 2, 14, None],
        ["Visits", "High", 100, 10, 95, None],
        ["Trees", "High", 50, 5, 47, "Amber"],
    ])  # fmt: skip
    for column in "ABCDEF":
        fill(rows, f"{column}1", "4472C4")
    for cell, colour in (("F2", "92D050"), ("F3", "FFC000"), ("F4", "FFFF0000"), ("F6", "00B050")):
        fill(rows, cell, colour)
    fill(rows, "F5", Color(theme=5))
    return book, {
        "rules": {"levels-by-the-fills-of-a-column": {
            "calls-answered": {"direction": "higher", "target": 90, "tolerance": 5},
            "letters-answered": {"direction": "higher", "target": 80, "tolerance": 5},
            "days-to-let": {"direction": "lower", "target": 10, "tolerance": 2},
            "visits": {"direction": "higher", "target": 100, "tolerance": 10},
            "trees": {"direction": "higher", "target": 50, "tolerance": 5},
        }},
        "values": {
            "levels-by-the-fills-of-a-column.calls-answered": ["Q1 2024/25 91 green"],
            "levels-by-the-fills-of-a-column.letters-answered": ["Q1 2024/25 78 amber"],
            "levels-by-the-fills-of-a-column.days-to-let": ["Q1 2024/25 14 red"],
            "levels-by-the-fills-of-a-column.visits": ["Q1 2024/25 95"],
            "levels-by-the-fills-of-a-column.trees": ["Q1 2024/25 47 amber"],
        },
        "notes": ["published levels read from the fills of cells, where no word is: 3"],
        "unread": [
            "cells filled with another colour than red, amber or green, or with one of the theme: no level: 1 (row 5)",
            "levels in cells of another colour: the word is read: 1 (row 6 'Amber')",
        ],
    }  # fmt: skip


@workbook
def values_in_cells_of_their_level() -> Made:
    """Values on light green, yellow and red: levels; where all have one colour it is a design, and none."""
    book = empty()
    rows = sheet(book, "Levels", [
        ["Measure", "Good is", "Target", "Tolerance", "Apr-24", "May-24"],
        ["Calls answered", "High", 90, 5, 91, 86],
        ["Letters answered", "High", 80, 5, 70, 81],
    ])  # fmt: skip
    for cell, colour in (("E2", "C6EFCE"), ("F2", "FFEB9C"), ("E3", "FFC7CE"), ("F3", "FFFFFF")):
        fill(rows, cell, colour)
    plain = sheet(book, "Design", [
        ["Measure", "Good is", "Target", "Tolerance", "Apr-24"],
        ["Visits", "High", 100, 10, 80],
        ["Trees", "High", 50, 5, 47],
    ])  # fmt: skip
    for cell in ("E2", "E3"):
        fill(plain, cell, "E2EFDA")
    rule = CellIsRule(operator="lessThan", formula=["90"], fill=PatternFill(bgColor="FFC7CE"))
    plain.conditional_formatting.add("E2:E3", rule)
    return book, {
        "rules": {
            "levels": {
                "calls-answered": {"direction": "higher", "target": 90, "tolerance": 5},
                "letters-answered": {"direction": "higher", "target": 80, "tolerance": 5},
            },
            "design": {
                "visits": {"direction": "higher", "target": 100, "tolerance": 10},
                "trees": {"direction": "higher", "target": 50, "tolerance": 5},
            },
        },
        "values": {
            "levels.calls-answered": ["2024-04 91 green", "2024-05 86 amber"],
            "levels.letters-answered": ["2024-04 70 red", "2024-05 81"],
            "design.visits": ["2024-04 80"],
            "design.trees": ["2024-04 47"],
        },
        "notes": [
            "conditional formatting is not evaluated: levels that only its colours show are not read",
            "published levels read from the fills of cells, where no word is: 3",
        ],
    }  # fmt: skip
