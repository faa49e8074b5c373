"""Explanations as pages: what is printed, drawn and written as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from ..display import clean
from ..document.blocks import Grid
from ..document.plain import table_lines
from ..rating.phrases import long_date
from ..rating.rating import Rating
from ..report.wording import level_words
from ..rollup.area_rating import AreaRating
from ..workbench.drawing.number_line import band_list, number_line
from ..workbench.drawing.strip import Strip
from ..workbench.drawing.svg import strips_svg
from ..workbench.explain.area import AreaExplanation
from ..workbench.explain.graces import GraceOnDay
from ..workbench.explain.plain_values import explanation_values
from ..workbench.explain.rule import RuleExplanation, rating_graces, rating_strips
from ..workbench.explain.settings import Setting
from ..workbench.explain.timeline import Stretch
from ..workbench.explain.walk import Stop
from ..workbench.explain.why_not import WhyNot

__all__ = ["Page", "area_page", "area_rating_page", "page_lines", "page_svg", "rating_page", "rule_page", "walk_page"]

Paint = Callable[[str], str]

#: a line longer than this is harder to read than a shorter one
_WIDEST = 100


@frozen
class Section:
    """The heading of a part of a page."""

    text: str


@frozen
class Listed:
    """A strip as a list of its bands, below the line that is drawn of it."""

    strip: Strip


#: a paragraph, a heading, a table, bands as a line, bands as a list
Part = str | Section | Grid | Strip | Listed


@frozen(eq=False)
class Page:
    """One explanation, ready to be printed, drawn, or written as JSON."""

    subject: str
    title: str
    parts: tuple[Part, ...]
    data: dict[str, Any]
    strips: tuple[Strip, ...] = ()
    #: why there is nothing to draw, where there is not
    undrawn: str = ""


def page_lines(page: Page, width: int, paint: Paint, *, plain: bool = False) -> list[str]:
    """The page as lines of text for a terminal of any width."""
    lines: list[str] = []
    for part in page.parts:
        match part:
            case str():
                for line in part.splitlines():
                    indent = " " * (len(line) - len(line.lstrip()) + 2)
                    lines += textwrap.wrap(clean(line), width, subsequent_indent=indent) or [""]
            case Section(text=text):
                lines += ["", *textwrap.wrap(clean(text), width)]
                lines.append("-" * min(width, len(lines[-1])))
            case Grid():
                lines += table_lines(part, width, paint)
            case Strip():
                drawn = number_line(part, min(width, _WIDEST), plain=plain, paint=paint)
                caption = textwrap.wrap(clean(part.caption), width)
                lines += ["", *caption, *(drawn or band_list(part, width, paint))]
            case Listed(strip=strip):
                if number_line(strip, min(width, _WIDEST), plain=plain):
                    lines += ["", *band_list(strip, width, paint)]
    return lines


def page_svg(page: Page) -> str:
    """What the page draws, as SVG; there must be something to draw."""
    spoken = []
    for strip in page.strips:
        bands = "; ".join(f"{level.label} {strip.piece(piece)}" for piece, level in strip.table)
        marks = "".join(f". Marked: {mark.words}" for mark in strip.marks)
        spoken.append(f"{strip.caption}: {bands}{marks}." if strip.caption else f"{bands}{marks}.")
    return strips_svg(page.strips, page.title, " ".join(spoken), page.subject)


def rule_page(explained: RuleExplanation) -> Page:
    """A KPI's or an action's rule."""
    kind = "KPI" if explained.kind == "kpi" else "Action"
    title = f"{explained.title} ({explained.area})"
    said = f"{title}, {explained.entity}" if explained.entity else title
    reference = _reference(kind, explained.id, explained.file, explained.line, explained.edition, explained.fingerprint)
    parts: list[Part] = [said, reference, _as_at(explained), " ".join(explained.says)]
    if explained.why_no_bands:
        parts.append(f"No bands: {explained.why_no_bands}.")
    for strip in explained.strips:
        parts += [strip, Listed(strip)]
    if explained.graces:
        on = explained.day
        parts += [
            Section(f"Graces on {long_date(on)}" if on else "Graces"),
            _graces(explained.graces, dated=on is not None),
        ]
    if len(explained.timeline) > 1:
        parts += [Section("Through time"), _timeline(explained.timeline)]
    elif explained.kind == "action" and explained.timeline:
        parts.append("; ".join(explained.timeline[0].says).capitalize() + ".")
    parts += [Section("Where each key comes from"), _settings(explained.settings)]
    return Page(
        explained.id, said, tuple(parts), explanation_values(explained), explained.strips, explained.why_no_bands
    )


def rating_page(rating: Rating, on: date | None, answer: WhyNot | None, assumed: str = "") -> Page:
    """One rating: why it is what it is, where its value lies, and each step; ``assumed`` is what nobody said."""
    strips = tuple(rating_strips(rating))
    graces = rating_graces(rating, on)
    explanation = rating.explanation
    parts: list[Part] = [rating.explain(), *([assumed] if assumed else [])]
    if answer is not None:
        parts += _answer(answer)
    for strip in strips:
        parts.append(strip)
    if graces:
        parts += [Section("Graces it opts into"), _graces(graces, dated=True)]
    rows = tuple(
        (step.stage, step.text, step.level, f"{step.file}:{step.line}" if step.line else step.file)
        for step in explanation.steps
    )
    parts += [Section("Step by step"), Grid(("Stage", "What was looked at", "Level", "Where"), rows)]
    data = explanation.to_dict() | {"graces_on_day": [explanation_values(grace) for grace in graces]}
    if answer is not None:
        data["why_not"] = explanation_values(answer)
    entity = f", {explanation.entity}" if explanation.entity else ""
    when = f", {rating.period.label}" if rating.period else ""
    title = f"{explanation.title} ({explanation.area}){entity}{when}: {rating.rag.label}"
    reason = f"it is {rating.rag.label}" + (f": {rating.reason}" if rating.reason else "")
    return Page(explanation.subject, title, tuple(parts), data, strips, reason)


def area_page(explained: AreaExplanation) -> Page:
    """An area's roll-up, without data."""
    reference = _reference(
        "Area", explained.id, explained.file, explained.line, explained.edition, explained.fingerprint
    )
    where = f", {explained.policy_file}:{explained.policy_line}" if explained.policy_file else ""
    whose = {"area": "its own roll-up", "book": "the book's roll-up", "default": "no roll-up is written: the worst"}
    says = [f"Method {explained.method} ({whose[explained.policy_of]}{where}).", *explained.says]
    parts: list[Part] = [explained.title, reference, " ".join(says)]
    if explained.rules:
        parts += [
            Section("Rules, the first that holds"),
            Grid(("Level", "When"), tuple((rule.level, rule.when) for rule in explained.rules)),
        ]
    for strip in explained.strips:
        parts += [strip, Listed(strip)]
    if explained.mixes:
        rows = tuple((mix.level, "; or ".join(mix.ways) or "no mix of its children") for mix in explained.mixes)
        parts += [Section("The smallest mixes, every other child at its best"), Grid(("Level", "Children"), rows)]
    if explained.children:
        children = tuple(
            (child.id, child.kind, "yes" if child.critical else "no", child.weight if child.counts else "left out")
            for child in explained.children
        )
        parts += [Section("Children"), Grid(("Child", "Kind", "Critical", "Weight"), children)]
    parts += [Section("Where each key comes from"), _settings(explained.settings)]
    undrawn = f"the method {explained.method} has no bands"
    return Page(explained.id, explained.title, tuple(parts), explanation_values(explained), explained.strips, undrawn)


def area_rating_page(area: AreaRating, answer: WhyNot | None, strip: Strip | None) -> Page:
    """An area's rating with its children."""
    parts: list[Part] = [area.explain()]
    if answer is not None:
        parts += _answer(answer)
    if strip is not None:
        parts += [strip]
    rows = tuple(
        (
            child.id,
            level_words(child.rag) + (f": {child.reason}" if child.reason else ""),
            "yes" if child.critical else "no",
            "yes" if child.id in area.deciding else "",
        )
        for child in area.children
    )
    if rows:
        parts += [Section("Children"), Grid(("Child", "Level", "Critical", "Decided"), rows)]
    data = explanation_values(area)
    if answer is not None:
        data["why_not"] = explanation_values(answer)
    title = f"{area.title}, {area.period.label}: {area.rag.label}"
    strips = () if strip is None else (strip,)
    return Page(area.id, title, tuple(parts), data, strips, f"the method {area.method} has no bands")


def walk_page(subject: str, title: str, stops: Sequence[Stop]) -> Page:
    """A line for each period; columns that say nothing in any of them are left out."""
    columns: list[tuple[str, list[str]]] = [
        ("Period", [stop.label for stop in stops]),
        ("Level", [level_words(stop.level) if stop.level else "" for stop in stops]),
        ("In force", [stop.in_force for stop in stops]),
        ("Graces live", [", ".join(stop.graces) for stop in stops]),
        ("What they do", ["; ".join(stop.does) for stop in stops]),
        ("Why", [stop.why for stop in stops]),
    ]
    told = [(header, cells) for header, cells in columns if any(cells)]
    rows = tuple(zip(*(cells for _, cells in told), strict=True))
    grid = Grid(tuple(header for header, _ in told), rows)
    data = {"subject": subject, "title": title, "periods": [explanation_values(stop) for stop in stops]}
    return Page(subject, title, (title, Section("Period by period"), grid), data, (), "a walk has many rules")


def _reference(kind: str, subject: str, file: str, line: int, edition: str, fingerprint: str) -> str:
    place = f"{file}:{line}" if file and line else (file or "no file")
    return f"{kind} {subject}, {place}, edition {edition}, fingerprint {fingerprint[:12]}."


def _as_at(explained: RuleExplanation) -> str:
    if explained.day is None:
        return explained.why_day
    return f"As at {long_date(explained.day)}" + (f": {explained.why_day}." if explained.why_day else ".")


def _answer(answer: WhyNot) -> list[Part]:
    parts: list[Part] = [Section(answer.headline)]
    for n, obstacle in enumerate(answer.obstacles, start=1):
        end = ":" if obstacle.ways else "."
        parts.append(f"{n}. {obstacle.stage}: {obstacle.text.rstrip('.')}{end}")
        parts += [f"   - {way}" for way in obstacle.ways]
    return [*parts, *answer.beside]


def _graces(graces: Iterable[GraceOnDay], *, dated: bool) -> str:
    """Each grace: on the day, what it does, whether it is granted, and who grants it and why."""
    lines = []
    for grace in graces:
        between = f"{long_date(grace.start)} to {long_date(grace.until)}"
        lines.append(f"{grace.name}: {grace.effect}, {between}" + (f", when {grace.when}" if grace.when else ""))
        if dated:
            lines += [f"  {grace.state_words}", *(f"  {does}" for does in grace.does)]
            lines += [f"  {grace.decided}"] if grace.decided else []
        place = f" ({grace.file}:{grace.line})" if grace.line else ""
        lines.append(f"  {grace.reason.rstrip('.')}. {grace.authority.rstrip('.')}{place}.")
    return "\n".join(lines)


def _timeline(stretches: Iterable[Stretch]) -> Grid:
    rows = tuple((stretch.when, "; ".join(stretch.says)) for stretch in stretches)
    return Grid(("When", "What is in force, then what changes"), rows)


def _settings(settings: Iterable[Setting]) -> Grid:
    return Grid(("Key", "Value", "From"), tuple((s.key, s.value, s.source) for s in settings))
