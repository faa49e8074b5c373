"""What only shows when all files are read: parents, circles, ids that look alike, reviews."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from ..rulebook.action import Action
from ..rulebook.area import PROGRAMME, Area
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Rules
from ..rulebook.scored_areas import levelled_areas, mixed_areas
from ..toml.positions import Path
from .faults import Faults, near

__all__ = [
    "check_areas", "check_ids", "check_names", "check_reviews", "check_scores", "check_symbols", "look_alike",
]  # fmt: skip

#: areas are named up to so many
_MOST_SHOWN = 12
_LOOK_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "_": "-"})


def check_areas(areas: Mapping[str, Area], faults: Faults) -> None:
    """Parents that no file has, and areas in a circle."""
    for area in areas.values():
        if area.parent and area.parent not in areas:
            named = [*islice(areas, _MOST_SHOWN), *(["…"] if len(areas) > _MOST_SHOWN else [])]
            hint = near(area.parent, areas) or f"the areas are {', '.join(named)}"
            faults.add(f"{area.id}.toml", ("area", "parent"), "RAG019", f"no area is called {area.parent!r}", hint)
    seen: set[str] = set()
    for area in areas.values():
        walked: dict[str, None] = {}
        here = area.id
        while here in areas and here not in seen:
            seen.add(here)
            walked[here] = None
            here = areas[here].parent
        if here in walked:
            circle = list(walked)[list(walked).index(here) :]
            shown = " → ".join([*circle[:_MOST_SHOWN], *(["…"] if len(circle) > _MOST_SHOWN else []), circle[0]])
            said = f"the areas form a cycle: {shown}"
            faults.add(f"{here}.toml", ("area", "parent"), "RAG022", said, "let one of them have no parent")


def look_alike(subject: str) -> str:
    """An id with letters that look alike made one: two ids for which this is the same are hard to tell apart."""
    return unicodedata.normalize("NFKC", subject).casefold().translate(_LOOK_ALIKE)


def check_ids(ids: Mapping[str, Iterable[str]], faults: Faults) -> None:
    """Ids, by kind, that differ only by letters that look alike."""
    seen: dict[str, tuple[str, str]] = {}
    for kind, subjects in ids.items():
        for subject in subjects:
            other, its_kind = seen.setdefault(look_alike(subject), (subject, kind))
            if other != subject:
                said = f"{subject} looks like {other} in {_file_of(other, its_kind)}"
                name = subject.partition(".")[2]
                path = (kind, name) if name else (kind,)
                hint = "give one of them another id"
                faults.add(_file_of(subject, kind), path, "RAG010", said, hint, warning=True, at_key=True)


def _file_of(subject: str, kind: str) -> str:
    area = subject if kind == "area" else subject.partition(".")[0]
    return f"{area}.toml"


def check_names(names: Iterable[str], file: str, path: Path, faults: Faults, *, coded: bool = False) -> None:
    """Names of one table that differ only by case or (unless they are codes of a register) by look-alike letters."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(unicodedata.normalize("NFKC", name).casefold() if coded else look_alike(name), name)
        if other != name:
            said = f"{name} looks like {other}"
            faults.add(file, (*path, name), "RAG010", said, "give one of them another name", warning=True, at_key=True)


def check_symbols(symbols: Iterable[str], kpis: Iterable[Kpi], faults: Faults) -> None:
    """Marks of the book that are words of a KPI: a cell would mean two things."""
    marks = {mark.casefold(): mark for mark in symbols}
    for kpi in kpis if marks else ():
        for own in (kpi, *kpi.entities.values()):
            for mark in {marks[word.strip().casefold()] for word, _ in own.words if word.strip().casefold() in marks}:
                said = f"the mark {mark!r} is a word of {kpi.id}"
                faults.add("book.toml", ("book", "symbols", mark), "RAG016", said, "leave one", at_key=True)


def check_reviews(rules: Iterable[Kpi | Action], as_at: date, faults: Faults) -> None:
    """Rules whose review is overdue on a day."""
    for rule in rules:
        if rule.review_by is not None and rule.review_by < as_at:
            kind = "kpi" if isinstance(rule, Kpi) else "action"
            said = f"review_by {rule.review_by} has passed"
            path = (kind, rule.name, "review_by")
            faults.add(
                f"{rule.area}.toml", path, "RAG031", said, "review the rule and write the next date", warning=True
            )


def check_scores(rules: Rules, faults: Faults) -> None:
    """Roll-ups by points that lack the points of levels, or some scores; ranks that entities make otherwise."""
    lacking = [str(level) for level in rules.scale if level.points is None]
    if lacking:
        said = f"a points roll-up of levels needs points for each, and {', '.join(lacking)} has none"
        hint = "write points in [[scale.levels]], or a score for each child"
        for file in sorted({_rollup_file(rules, area) for area in levelled_areas(rules)}):
            faults.add(file, ("rollup", "method"), "RAG023", said, hint)
    for area, with_score, without in mixed_areas(rules):
        said = f"of what {area} rolls up by points {with_score} has a score, and {without} has none"
        hint = "give each a score, or leave what has none out: weight = 0 or in_rollup = false"
        if without in rules.areas:
            hint = "let each area take scores by points, or roll them up by another method"
        faults.add(_rollup_file(rules, area), ("rollup", "method"), "RAG023", said, hint)
    for kpi in rules.kpis.values():
        for entity, variant in kpi.entities.items():
            by_rank = [each is not None and each.by_rank for each in (kpi.score, variant.score)]
            if any(by_rank) and kpi.score != variant.score:
                path = ("kpi", kpi.name, "entities", entity, "score")
                said = "a rank is among all entities, and this one would have a score of its own"
                faults.add(kpi.file or f"{kpi.area}.toml", path, "RAG016", said, "write score once, for the KPI")
            elif (kpi.score is None) != (variant.score is None):
                path = ("kpi", kpi.name, "entities", entity, "score")
                said = f"{entity} has a score, and the KPI itself has none"
                faults.add(kpi.file or f"{kpi.area}.toml", path, "RAG016", said, "write a score for the KPI too")


def _rollup_file(rules: Rules, area: str) -> str:
    """Where the roll-up of an area is written."""
    own = area != PROGRAMME and rules.areas[area].rollup is not None
    return f"{area}.toml" if own else "book.toml"
