"""What ``diff`` shows: as blocks for a terminal, and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from attrs import evolve

from ..document.blocks import Block, Bullets, Grid, Heading, Paragraph
from ..document.markdown import markdown
from ..report.wording import level_words
from ..workbench.diff.changes import LevelChange, RuleChange, RulesDiff
from ..workbench.diff.flips import Flip, Flips
from .output import count

__all__ = ["diff_blocks", "diff_markdown"]

Labels = tuple[str, str]

_SECTIONS = {"book": "The book", "grace": "Graces", "area": "Areas", "kpi": "KPIs", "action": "Actions"}
_NOUNS = {"grace": "grace", "area": "area", "kpi": "KPI", "action": "action"}


def diff_blocks(found: RulesDiff, labels: Labels, *, verbose: bool = False) -> list[Block]:
    """The whole comparison; with ``verbose`` each flip with its explanations."""
    blocks = [*_head(found, labels), *_changes(found)]
    if found.flips is not None:
        blocks += _flips_head(found.flips)
        for cause, flips in found.flips.by_cause().items():
            blocks += [Heading(_cause(cause, flips), 3), _flip_table(flips)]
            if verbose:
                blocks += _explanations(flips)
    return blocks


def diff_markdown(found: RulesDiff, labels: Labels) -> str:
    """The same as Markdown, the explanations folded away under their cause."""
    parts = [markdown(_lowered([*_head(found, labels), *_changes(found)]))]
    if found.flips is not None:
        parts.append(markdown(_lowered(_flips_head(found.flips))))
        for cause, flips in found.flips.by_cause().items():
            parts.append(markdown(_lowered([Heading(_cause(cause, flips), 3), _flip_table(flips)])))
            inside = markdown(_lowered(_explanations(flips)))
            parts.append(f"<details>\n<summary>Explanations, old and new</summary>\n\n{inside}\n</details>\n")
    return "\n".join(parts)


def _lowered(blocks: Iterable[Block]) -> Iterator[Block]:
    """Headings a level down: a comment on a pull request has no title of its own."""
    for block in blocks:
        yield evolve(block, level=block.level + 1) if isinstance(block, Heading) else block


def _head(found: RulesDiff, labels: Labels) -> list[Block]:
    rows = [
        (when, label, side.edition, side.fingerprint[:12])
        for when, label, side in zip(("Old", "New"), labels, (found.old, found.new), strict=True)
    ]
    blocks: list[Block] = [
        Heading(f"{found.new.title}: what changed in the rules"),
        Grid(("", "Rules", "Edition", "Fingerprint"), tuple(rows)),
        Paragraph(_summary(found)),
    ]
    if found.old.title != found.new.title:
        blocks.insert(2, Paragraph(f"It was called {found.old.title}."))
    if found.reworded:
        said = "Only worded or written otherwise, and rated the same"
        blocks.append(Paragraph(f"{said}: {', '.join(found.reworded)}."))
    return blocks


def _summary(found: RulesDiff) -> str:
    if not found.changes:
        return "Nothing changed in meaning."
    parts = []
    for what in ("changed", "added", "removed"):
        own = [change for change in found.changes if change.what == what]
        named = ["the book"] if any(change.kind == "book" for change in own) else []
        for kind, noun in _NOUNS.items():
            number = sum(change.kind == kind for change in own)
            named += [count(number, noun)] if number else []
        if named:
            parts.append(f"{what.capitalize()}: {', '.join(named)}.")
    return " ".join(parts)


def _changes(found: RulesDiff) -> Iterator[Block]:
    for kind, changes in groupby(found.changes, key=lambda change: change.kind):
        yield Heading(_SECTIONS[kind], 2)
        for change in changes:
            yield from _change(change)


def _change(change: RuleChange) -> Iterator[Block]:
    if change.kind != "book":
        title = f": {change.title}" if change.title else ""
        added = "" if change.what == "changed" else f" ({change.what})"
        yield Heading(f"{change.id}{added}{title}", 3)
    if change.details:
        yield Bullets(change.details)
    everyone = [level for level in change.levels if not level.entity]
    if everyone:
        yield _level_table(change, everyone)
    alike = []
    for entity, levels in groupby((level for level in change.levels if level.entity), key=lambda level: level.entity):
        own = [evolve(level, entity="") for level in levels]
        if own == everyone:
            alike.append(entity)
        else:
            yield Paragraph(f"{entity}:")
            yield _level_table(change, own)
    if alike:
        yield Paragraph(f"The same for {', '.join(alike)}.")


def _level_table(change: RuleChange, levels: Sequence[LevelChange]) -> Grid:
    rows = []
    for level in levels:
        new = level_words(level.new)
        rows.append(
            (level.where, level_words(level.old), f"stays {new}" if level.old == level.new else new, level.when)
        )
    by_days = change.kind == "action" and all(level.interval is None for level in levels)
    if by_days:
        return Grid(("While it is open", "Old", "New"), tuple((when, old, new) for _, old, new, when in rows))
    return Grid(("Values", "Old", "New", "When"), tuple(rows))


def _flips_head(flips: Flips) -> list[Block]:
    first, last = flips.periods[:1], flips.periods[-1:]
    when = (
        f", {first[0].label} to {last[0].label}" if len(flips.periods) > 1 else "".join(f", {p.label}" for p in first)
    )
    ratings = sum(flip.kind != "area" for flip in flips.flips)
    compared = f"{count(flips.ratings, 'rating')} and {count(flips.areas, 'area level')} compared{when}"
    flipped = f"{count(ratings, 'rating')} and {count(len(flips.flips) - ratings, 'area level')}"
    said = f"{compared}: {flipped} flip." if flips.flips else f"{compared}: none flips."
    blocks: list[Block] = [Heading("Ratings that flip", 2), Paragraph(said)]
    causes = flips.by_cause()
    if causes:
        rows = tuple((cause, str(len(own))) for cause, own in causes.items())
        blocks.append(Grid(("Cause", "Flips"), rows))
    return blocks


def _cause(cause: str, flips: Sequence[Flip]) -> str:
    return f"{cause[0].upper()}{cause[1:]}: {count(len(flips), 'flip')}"


def _flip_table(flips: Sequence[Flip]) -> Grid:
    rows = [(flip.name, flip.period.label, _level(flip.before), _level(flip.after)) for flip in flips]
    return Grid(("KPI, action or area", "Period", "Old", "New"), tuple(rows))


def _level(row: object) -> str:
    reason = getattr(row, "reason", None)
    return level_words(getattr(row, "rag", None)) + (f": {reason}" if reason else "")


def _explanations(flips: Iterable[Flip]) -> Iterator[Block]:
    for flip in flips:
        yield Heading(f"{flip.name}, {flip.period.label}", 4)
        yield Bullets((f"Old: {_explained(flip.before)}", f"New: {_explained(flip.after)}"))


def _explained(row: object) -> str:
    explain = getattr(row, "explain", None)
    return " ".join(explain().splitlines()) if explain is not None else "not in these rules."
