"""The plan's August 2020 report, and the same plan with two years of figures made up for charts."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ragengine
from ragengine.report.build import report_of_card
from ragengine.report.events import EventRow, read_events
from ragengine.report.html.page import html_page
from ragengine.report.model import Report
from ragengine.report.series import cards_of

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "docs" / "examples"
CHROMIUM = os.environ.get("RAGENGINE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def plan_book() -> ragengine.Rulebook:
    return ragengine.load(ROOT / "rules")


@pytest.fixture(scope="session")
def plan() -> Report:
    """The report of the worked example."""
    book = plan_book()
    before = book.score(ragengine.read(EXAMPLES / "2020-07", day_first=True), "Jul-20")
    card = book.score(ragengine.read(EXAMPLES / "2020-08", day_first=True), "Aug-20", before)
    return report_of_card(book, card, (before,))


def two_year_rules() -> dict[str, str]:
    """The plan's rules, one measure with dated targets and a grace."""
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "rules").glob("*.toml") if "cases" not in path.name}
    texts.pop("tombi.toml", None)
    dated = 'target      = { 2018-01-01 = 85, 2020-04-01 = 90, 2021-01-01 = 92 }\ngrace       = ["covid-19"]\n'
    early = texts["early-help.toml"]
    head, mark, rest = early.partition("[kpi.seen-10-days]")
    texts["early-help.toml"] = head + mark + rest.replace("target      = 90\n", dated, 1)
    grace = (
        '[grace.covid-19]\nfrom = 2020-03-23\nuntil = 2020-09-30\nno_worse_than = "amber"\n'
        'reason = "Visits suspended"\nauthority = "Improvement Board"\n\n[rollup]'
    )
    texts["book.toml"] = texts["book.toml"].replace("[rollup]", grace, 1)
    return texts


def write_two_years(folder: Path) -> Path:
    """Rules and monthly data from September 2018 to August 2020: waves, with one month missing and a comparator."""
    rules, data = folder / "rules", folder / "data"
    rules.mkdir(parents=True)
    data.mkdir()
    for name, text in two_year_rules().items():
        (rules / name).write_text(text, "utf-8")
    for name in ("actions.csv", "overrides.toml", "narrative.toml"):
        shutil.copy(EXAMPLES / "2020-08" / name, data / name)
    lines = ["kpi,period,value,evidence,comparator,comparator_name"]
    for number, (kpi_id, prepared) in enumerate(ragengine.load(rules).kpis.items()):
        for month in range(24):
            period = f"{2018 + (8 + month) // 12}-{(8 + month) % 12 + 1:02}"
            wave = 70 + 25 * math.sin(number + month / 3)
            value: object = round(wave if prepared.kpi.unit == "%" else wave / 10, 1)
            if prepared.kpi.words:
                value = prepared.kpi.words[month % len(prepared.kpi.words)][0]
            seen = kpi_id == "early-help.seen-10-days"
            if seen and month == 4:
                continue
            lines.append(
                f"{kpi_id},{period},{value},scorecard,{78 if seen else ''},{'Similar councils' if seen else ''}"
            )
    (data / "measurements.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (data / "events.csv").write_text(
        "from,text,subject,kind\n"
        "2019-04-01,counted from the referral,early-help.seen-10-days,definition change\n"
        "2019-10-01,a second team opened,early-help,intervention\n",
        "utf-8",
    )
    return folder


@pytest.fixture(scope="session")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report with charts of 24 periods."""
    folder = write_two_years(tmp_path_factory.mktemp("two") / "plan")
    book = ragengine.load(folder / "rules")
    data = ragengine.read(folder / "data", day_first=True)
    *earlier, card = cards_of(book, data, "Aug-20", 24)
    known = frozenset((*book.rules.areas, *book.rules.kpis, *book.rules.actions))
    events: tuple[list[EventRow], Any] = read_events([folder / "data"], known)
    return report_of_card(book, card, earlier, events[0], events[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven without a window; skipped where it or its driver is not installed."""
    sync = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install ragengine[browser]"
    )
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium, or name it in RAGENGINE_CHROMIUM")
    with sync.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def written(report: Report, folder: Path, name: str) -> str:
    """A page on disk, as its address."""
    path = folder / name
    path.write_text(html_page(report), "utf-8")
    return path.as_uri()


@pytest.fixture(scope="session")
def pages(plan: Report, two_years: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    return {"plan": written(plan, folder, "plan.html"), "two years": written(two_years, folder, "two-years.html")}
