"""Draws the pictures of README and docs/reports.md from the worked example: ``python docs/draw_pictures.py``.

Needs ``ragengine[browser]`` and a Chromium (RAGENGINE_CHROMIUM names it where it has another name).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import ragengine
from ragengine.report.build import report_of
from ragengine.report.html.page import html_page

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
#: name, width, height, what is scrolled to
SEEN = (
    ("report-first-view", 1280, 1130, "header"),
    ("report-every-measure", 1280, 980, "#one"),
    ("report-area", 1280, 1240, "#a-early-help"),
    ("report-phone", 360, 900, "#one tbody"),
)


def page() -> str:
    """The report of August 2020."""
    book = ragengine.load(ROOT / "rules")
    before = book.score(ragengine.read(ROOT / "docs" / "examples" / "2020-07", day_first=True), "Jul-20")
    card = book.score(ragengine.read(ROOT / "docs" / "examples" / "2020-08", day_first=True), "Aug-20", before)
    return html_page(report_of(book, card, (before,)))


def draw() -> None:
    chromium = os.environ.get("RAGENGINE_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "report.html"
        path.write_text(page(), "utf-8")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, width, height, at in SEEN:
            seen = browser.new_page(viewport={"width": width, "height": height})
            seen.goto(path.as_uri())
            seen.evaluate(f"document.querySelector('{at}').scrollIntoView()")
            seen.screenshot(path=PICTURES / f"{name}.png")
            seen.close()
        browser.close()


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    draw()
