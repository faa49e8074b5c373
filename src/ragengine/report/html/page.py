"""The whole page: one file, no network, readable with scripts off."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from ...document.html import Html, el, together
from ...rating.phrases import long_date
from ..figures.parts import DARK, LIGHT, band_colours, chip_colours
from ..model import Report
from ..wording import short_day
from .areas import area_pages
from .history import heat_map, key_section
from .parts import MANY
from .rows import every_row
from .summary import first_section

__all__ = ["html_page"]

#: a page of more charts than this is laid out where it is scrolled to
_MANY_CHARTS = 20


def html_page(report: Report) -> str:
    """The report as one HTML file."""
    style, script = _style(report), _asset("script.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    name = f"{report.title}: exception report, {report.period.label}"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("title", name),
        el("style", Html(style)),
    )
    heat = heat_map(report)
    sections = [("glance", "Areas at a glance"), ("one", "Every measure and action")]
    sections += [("heat", "Areas over time")] if heat is not None else []
    sections += [("key", "Key"), ("areas", "Area pages")]
    links = [el("li", el("a", title, href=f"#{anchor}")) for anchor, title in sections]
    main = el(
        "main",
        first_section(report),
        every_row(report),
        heat,
        key_section(report),
        area_pages(report),
        _problems(report),
        id="main",
        class_="wrap",
        tabindex=-1,
    )
    body = el(
        "body",
        el("a", "Skip to the report", class_="skip", href="#main"),
        _header(report),
        el("nav", el("div", el("ul", *links), class_="wrap"), class_="nav", aria_label="Sections"),
        main,
        _footer(report),
        el("script", Html(script)),
        class_="many" if _is_large(report) else None,
    )
    return f"<!doctype html>\n{el('html', head, body, lang='en-GB')}\n"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8").strip()


def _header(report: Report) -> Html:
    facts = [("Period", report.period.label), ("As at", long_date(report.as_at))]
    facts += [("Compared with", report.compared)] if report.compared else []
    rules = together(f"edition {report.edition}, ", el("code", report.fingerprint[:12]))
    entries = [el("div", el("dt", name), el("dd", value)) for name, value in (*facts, ("Rules", rules))]
    kind = "Exception report" if report.edition_name == "board" else "Exception report, public edition"
    parts = el("p", kind, class_="ov"), el("h1", report.title), el("dl", *entries, class_="meta")
    return el("header", el("div", *parts, class_="wrap"), class_="top")


def _problems(report: Report) -> Html | None:
    if not report.problems or report.edition_name != "board":
        return None
    items = [el("li", str(problem)) for problem in report.problems]
    return el(
        "section", el("h2", "Problems with the data", id="ph"), el("ul", *items), id="problems", aria_labelledby="ph"
    )


def _footer(report: Report) -> Html:
    told = (
        "Levels, movements, reasons and explanations are made from rules and data. Key developments, key risks, "
        "progress and risks are the words of those who lead each area."
    )
    rows = el("p", f"{report.read}. Rules: fingerprint ", el("code", report.fingerprint), ".")
    return el("footer", el("div", el("p", told), rows, class_="wrap"), class_="foot")


def _style(report: Report) -> str:
    """The style sheet with this scale's colours, and the running foot of printed pages."""
    foot = f"{report.title} · exception report, {report.period.label} · as at {short_day(report.as_at)}"
    return (
        _asset("style.css")
        .replace("/*light*/", _variables(report, dark=False))
        .replace("/*dark*/", _variables(report, dark=True))
        .replace("/*levels*/", _level_rules(report))
        .replace("/*foot*/", _css_text(foot))
    )


def _variables(report: Report, *, dark: bool) -> str:
    said = [f"--{name}:{value}" for name, value in (DARK if dark else LIGHT).items()]
    for level, shade in zip(report.scale, band_colours(report.scale.levels, dark=dark), strict=True):
        text, ground = chip_colours(level, dark=dark)
        said += [f"--t{level.rank}:{text}", f"--g{level.rank}:{ground}", f"--b{level.rank}:{shade}"]
    said.append(f"--bg:{'#333a40' if dark else '#e3e5e7'}")
    return ";".join(said)


def _level_rules(report: Report) -> str:
    """The worst level is the only inverted one; the best has no outline."""
    rules = []
    for level in report.scale:
        n = level.rank
        pair = f"background:var(--t{n});color:var(--g{n})" if n == 0 else f"background:var(--g{n});color:var(--t{n})"
        rules.append(f".l{n}{{{pair};border-color:var(--{'g' if level == report.scale.best and n else 't'}{n})}}")
        rules.append(f".b{n}{{fill:var(--b{n})}}")
    return "".join(rules)


def _css_text(text: str) -> str:
    """A text as a string of CSS: what could end it, or the style element, is written as an escape."""
    return '"' + "".join(c if c.isalnum() or c in " ,.·:" else f"\\{ord(c):x} " for c in text) + '"'


def _is_large(report: Report) -> bool:
    return len(report.rows) > MANY or sum(row.chart is not None for row in report.rows) > _MANY_CHARTS
