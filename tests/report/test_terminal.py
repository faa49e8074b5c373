"""The report in a terminal: one screen, full text, and what has no data."""

from __future__ import annotations

from ragengine.report.model import Report
from ragengine.report.terminal import brief, full_report, missing


def test_brief_fits_one_screen(plan: Report) -> None:
    """Programme, areas, what changed and what is at risk, in 80 columns."""
    lines = brief(plan)

    assert len(lines) <= 45
    assert max(map(len, lines)) <= 80
    assert lines[1].startswith("● AMBER  3 of 17 areas are Red")
    assert any("worse: ★ Green j" in line for line in lines)
    assert any(line.startswith("At risk: 31, of which 25 Red and 6 Amber") for line in lines)


def test_a_wide_window_cuts_no_level_and_no_heading(plan: Report) -> None:
    """What is cut at 80 columns is whole where there is room."""
    head = next(line for line in brief(plan, 160) if line.startswith("Area "))

    assert f"Since {plan.compared} " in head
    assert not any("…" in line for line in brief(plan, 160) if not line.startswith("… "))


def test_nothing_is_cut_in_the_full_text(plan: Report) -> None:
    """Every title, and every sentence that people wrote, stands in it whole."""
    text = " ".join(" ".join(full_report(plan)).split())
    squeezed = text.replace(" ", "")

    assert all(row.title.replace(" ", "") in squeezed for row in plan.rows)
    assert all(
        said.text.replace(" ", "") in squeezed
        for area in plan.areas
        for said in (*area.narrative.key_developments, *area.narrative.risks)
    )
    assert max(map(len, full_report(plan))) <= 80


def test_missing_lists_by_lead(plan: Report) -> None:
    """What has no data, by who answers for it, with the id to report under."""
    lines = missing(plan)

    assert lines[0] == "No data for August 2020: 72 of 157 measures and actions"
    assert "Lead, MASH: 4" in lines
    assert any("its date 31 Jul 2020 has passed" in line for line in lines)
