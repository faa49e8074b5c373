"""The page as a file: whole, without network, the same bytes, and safe against what texts hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ragengine
from ragengine.document.html import el
from ragengine.report.accessibility import findings
from ragengine.report.build import report_of_card
from ragengine.report.figures.parts import band_colours, chip_colours
from ragengine.report.html.page import html_page
from ragengine.report.model import Report
from ragengine.terms import AMBER, DEFAULT_SCALE, GREEN, RED
from ragengine.workbench.drawing.level_colours import contrast

NASTY = "</style><script>alert(1)</script> \"' & <b> \\ \u202e \x07 ]]> }} {% raw %} =1+1"


def nasty_report() -> Report:
    """Every text that an author or a reporter may write is hostile."""
    quoted = NASTY.replace("\\", "\\\\").replace('"', '\\"').replace("\x07", "").replace("\u202e", "\\u202e")
    rules = {
        "book.toml": f'[book]\ntitle = "{quoted}"\nedition = "{quoted}"\nmissing = "grey"\n'
        f'[grace.g]\nfrom = 2020-01-01\nuntil = 2020-12-31\nno_worse_than = "amber"\nreason = "{quoted}"\nauthority = "{quoted}"\n',
        "a.toml": f'[area]\ntitle = "{quoted}"\nlead = "{quoted}"\nrecommendation = "{quoted}"\n'
        f'[kpi.k]\ntitle = "{quoted}"\nunit = "{quoted}"\ndirection = "higher"\ntarget = 90\ntolerance = 10\ngrace = ["g"]\nsource = "{quoted}"\n',
    }
    folder = Path(__file__).parent
    book = _load(rules, folder)
    row = ragengine_row()
    card = book.score(row, "2020-07")
    return report_of_card(book, card)


def _load(rules: dict[str, str], folder: Path) -> ragengine.Rulebook:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        for file, text in rules.items():
            (Path(name) / file).write_text(text, "utf-8")
        return ragengine.load(name)


def ragengine_row() -> object:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        cell = NASTY.replace('"', '""').replace("\x07", "")
        (Path(name) / "measurements.csv").write_text(
            f'kpi,period,value,evidence,note\na.k,2020-07,50,"{cell}","{cell}"\n', "utf-8"
        )
        (Path(name) / "narrative.toml").write_text(
            "[a]\nkey_developments = ['''" + NASTY.replace("\x07", "") + "''']\n", "utf-8"
        )
        return ragengine.read(name)


def test_hostile_texts_stay_text() -> None:
    """Markup in titles, evidence, narrative and reasons is shown, never run; the style sheet cannot be left."""
    page = html_page(nasty_report())

    assert "<script>alert" not in page
    assert page.count("<script>") == 1 == page.count("</script>")
    assert page.count("</style>") == 1
    assert "\u202e" not in page and "\x07" not in page


def test_the_page_needs_no_network(plan: Report) -> None:
    """No address but those of its own parts, and a policy that would forbid any."""
    page = html_page(plan)

    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "url(http" not in page and "@import" not in page
    assert "default-src &#x27;none&#x27;" in page


def test_the_same_report_gives_the_same_bytes(plan: Report) -> None:
    """Made twice, it is one text."""
    assert html_page(plan) == html_page(plan)


def test_the_plan_is_light(plan: Report, two_years: Report) -> None:
    """Under 600 KB for the plan, and under 2 MB with two years of monthly data."""
    assert len(html_page(plan).encode()) < 600_000
    assert len(html_page(two_years).encode()) < 2_000_000


@pytest.mark.parametrize("name", ["plan", "two_years"])
def test_the_page_passes_its_own_list(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """``report --check`` finds nothing."""
    path = tmp_path / "report.html"
    path.write_text(html_page(request.getfixturevalue(name)), "utf-8")

    assert findings(path) == []


def test_every_row_is_there_twice_linked_once(plan: Report) -> None:
    """Each measure and action has a row that leads to where it is told."""
    page = html_page(plan)

    for row in plan.rows:
        assert f'href="#{row.anchor}"' in page
        assert page.count(f'id="{row.anchor}"') == 1


def test_chips_are_read_and_seen_without_colour() -> None:
    """Words have the contrast that WCAG asks; the worst level is dark where the others are light."""
    for dark in (False, True):
        for level in DEFAULT_SCALE:
            assert contrast(*chip_colours(level, dark=dark)) >= 4.5
    grounds = {level: chip_colours(level) for level in (RED, AMBER, GREEN)}
    assert grounds[RED] == ("#651b1b", "#f4d7d7") and grounds[GREEN] == ("#083d29", "#cfe4dc")


def test_bands_get_steadily_darker_from_best_to_worst() -> None:
    """So a chart is read in greyscale; in dark mode lighter."""

    def lightness(colour: str) -> float:
        return contrast(colour, "#000000")

    light = [lightness(colour) for colour in band_colours(DEFAULT_SCALE.levels)]
    dark = [lightness(colour) for colour in band_colours(DEFAULT_SCALE.levels, dark=True)]

    assert light == sorted(light) and dark == sorted(dark, reverse=True)
    assert len({*band_colours(DEFAULT_SCALE.levels * 2)}) == 6


def test_elements_escape_what_they_are_given() -> None:
    """Text and attributes; a part that is markup already stays."""
    assert el("p", "<b>", title='"') == '<p title="&quot;">&lt;b&gt;</p>'
    assert el("p", el("b", "x")) == "<p><b>x</b></p>"
