"""Rulebooks, KPIs and actions, as files that an author could have written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen
from hypothesis import strategies as st

from ..book import PreparedAction, Rulebook
from ..rating.prepare import PreparedKpi
from ..rulefile.load import load_rules
from ..toml.write import toml_table

__all__ = ["actions", "chance", "kpis", "positive", "rule_files", "rulebooks"]

_LEVELS = ("red", "amber", "green")
_ENTITIES = ("North", "South")
_SOURCES = (
    "previous", "year ago", "mean of 3", "best of 4",
    "median of entities", "quartile 1 of entities", "decile 9 of entities", "mean of entities",
)  # fmt: skip
_CONDITIONS = ('"covid" in causes', "value > previous_value", 'evidence == "seen"')
_MORE_CONDITIONS = ("improved", "not worsened", "value >= year_ago_value", "shortfall < 3", 'entity == "North"')
_PER = "per 1,000"

Table = dict[str, Any]


@frozen
class _Room:
    """What drawn rules may have beside the plain keys."""

    statistics: bool = False
    other_rows: bool = False

    @property
    def units(self) -> tuple[str, ...]:
        return ("%", "days", "children", *((_PER,) if self.statistics else ()))

    @property
    def conditions(self) -> tuple[str, ...]:
        return _CONDITIONS + (_MORE_CONDITIONS if self.other_rows else ())


def _decimals(least: int, most: int) -> st.SearchStrategy[Decimal]:
    """Numbers as people write them, with none to two places."""
    return st.builds(
        lambda number, places: Decimal(number).scaleb(-places),
        st.integers(least, most),
        st.sampled_from((0, 1, 2)),
    )


_days = st.dates(date(2019, 1, 1), date(2021, 12, 31))
_numbers = _decimals(-300, 12_000)
positive = _decimals(1, 9_000)


def chance(draw: st.DrawFn, often: int = 3) -> bool:
    """True once in so many times; it shrinks to False."""
    return draw(st.integers(0, often - 1)) == often - 1


def _dated(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Any:
    """A value, or two with the days from which they hold."""
    first = draw(values)
    if not chance(draw):
        return first
    return {
        date(2019, 4, 1).isoformat(): first,
        draw(_days.filter(lambda day: day > date(2019, 4, 1))).isoformat(): draw(values),
    }


@st.composite
def _targets(draw: st.DrawFn, unit: str) -> Table:
    """Target and tolerance, higher or lower."""
    written: Table = {"direction": draw(st.sampled_from(("higher", "lower")))}
    kind = draw(st.sampled_from(("number", "relative", "amber", "from data")))
    if kind == "from data":
        return {**written, "target": "from data", "tolerance": f"{draw(st.integers(1, 60))}% of target"}
    if kind == "relative":
        written["target"] = _dated(draw, positive)
        written["tolerance"] = f"{draw(st.integers(1, 60))}% of target"
    elif kind == "amber":
        target, width = draw(positive), draw(positive)
        written["target"] = target
        written["amber"] = target - width if written["direction"] == "higher" else target + width
    else:
        written["target"] = _dated(draw, _numbers)
        written["tolerance"] = _width(draw, unit)
    if chance(draw):
        written["met"] = "beyond target"
    return written


def _width(draw: st.DrawFn, unit: str) -> Any:
    if chance(draw, 4):
        return 0
    width = draw(positive)
    return f"{width:f} pp" if unit == "%" else width


@st.composite
def _ranges(draw: st.DrawFn, unit: str) -> Table:
    """A range to be within."""
    low, span = draw(_numbers), draw(positive)
    written: Table = {"direction": "within", "target": {"min": low, "max": low + span}}
    written["tolerance"] = (
        _width(draw, unit) if not chance(draw) else {"below": _width(draw, unit), "above": _width(draw, unit)}
    )
    return written


@st.composite
def _bands(draw: st.DrawFn, unit: str) -> Table:
    """Written bands, each edge in the band below it or in the one above."""
    higher = draw(st.booleans())
    cuts = sorted(draw(st.sets(_numbers, min_size=2, max_size=2)))
    return {"direction": "higher" if higher else "lower", "bands": _cut(cuts, draw, higher=higher)}


def _cut(cuts: Sequence[Any], draw: st.DrawFn, *, higher: bool) -> list[Table]:
    bands: list[Table] = [{"rag": level} for level in (_LEVELS if higher else _LEVELS[::-1])]
    for cut, below, above in zip(cuts, bands[:-1], bands[1:], strict=True):
        reached = draw(st.booleans())
        below["below" if reached else "to"] = cut
        above["from" if reached else "above"] = cut
    return bands


@st.composite
def _from_rows(draw: st.DrawFn, unit: str) -> Table:
    """A target that is made from other rows: of earlier periods, or of the entities of the period."""
    direction = draw(st.sampled_from(("higher", "lower")))
    if chance(draw, 4):
        return {"direction": direction, "target": draw(_relative(unit)), "bands": _shares(draw, direction)}
    tolerance = f"{draw(st.integers(1, 60))}% of target" if chance(draw, 2) else _width(draw, unit)
    written: Table = {"direction": direction, "target": _dated(draw, _relative(unit)), "tolerance": tolerance}
    return written | ({"met": "beyond target"} if chance(draw) else {})


def _relative(unit: str) -> st.SearchStrategy[Table]:
    changes = (None, "+2 pp" if unit == "%" else "+2", "-10%", "+5%")
    return st.builds(
        lambda source, change: {"from": source} | ({} if change is None else {"change": change}),
        st.sampled_from(_SOURCES),
        st.sampled_from(changes),
    )


def _shares(draw: st.DrawFn, direction: str) -> list[Table]:
    """Bands with edges in per cent of the target."""
    cuts = sorted(draw(st.sets(st.integers(50, 150), min_size=2, max_size=2)))
    return _cut([f"{cut}% of target" for cut in cuts], draw, higher=direction == "higher")


@st.composite
def _compared(draw: st.DrawFn, unit: str) -> Table:
    """An interval beside a target."""
    target = draw(st.one_of(positive, st.just("from data")))
    compare = draw(st.sampled_from(("interval", {"better": "green", "similar": "green", "worse": "red"})))
    return {"direction": draw(st.sampled_from(("higher", "lower"))), "target": target, "compare": compare}


@st.composite
def _compared_with_rows(draw: st.DrawFn, unit: str) -> Table:
    return {**draw(_compared(unit)), "target": draw(_relative(unit))}


def _statistics(draw: st.DrawFn, written: Table) -> Table:
    """What small numbers and points say beside the level."""
    made: Table = {}
    if written["unit"] == _PER:
        made["formula"] = "1000 * numerator / denominator"
    if written["unit"] in ("%", _PER):
        if chance(draw, 2):
            made["confidence"] = draw(st.sampled_from(("95%", "99.8%")))
        if chance(draw, 4):
            made["minimum_n"] = draw(st.sampled_from((5, 10)))
    if written["direction"] != "within" and chance(draw):
        low, span = draw(_numbers), draw(positive)
        first, last = draw(st.sampled_from(((1, 4), (4, 1))))
        made["score"] = [{"at": low, "points": first}, {"at": low + span, "points": last}]
    return made


def _worded(unit: str) -> st.SearchStrategy[Table]:
    return st.just({"words": {"no": "red", "in part": "amber", "yes": "green"}})


@st.composite
def _kpi_tables(draw: st.DrawFn, graces: tuple[str, ...], room: _Room) -> Table:
    """One ``[kpi.<id>]`` table that the loader takes."""
    unit = draw(st.sampled_from(room.units))
    kinds = [_targets, _targets, _ranges, _bands, _worded]
    kinds += [_compared] if room.statistics else []
    kinds += [_from_rows, _from_rows, _from_rows] if room.other_rows else []
    kinds += [_compared_with_rows] if room.statistics and room.other_rows else []
    kind = draw(st.sampled_from(kinds))
    written: Table = {"title": "Seen in time", "unit": unit, **draw(kind(unit))}
    if kind is not _worded and "compare" not in written and chance(draw):
        written["decimals"] = draw(st.integers(0, 2))
    if chance(draw, 4):
        written["missing"] = draw(st.sampled_from(("grey", "red", "amber", "carry forward")))
    if chance(draw, 5):
        written["rated_from"] = draw(_days)
    if chance(draw, 5):
        written["persistence"] = draw(st.integers(2, 3))
    if chance(draw, 5):
        written["requires_evidence"] = True
    if chance(draw, 5):
        written["critical"] = True
    if room.statistics and kind is not _worded:
        written |= _statistics(draw, written)
    if room.other_rows and kind is not _worded and written["direction"] != "within" and chance(draw):
        written["score"] = {"rank_of": "entities", "best": 1, "worst": 4}
    opted: list[Any] = [name for name in graces if draw(st.booleans())]
    if (
        "tolerance" in written
        and written["direction"] != "within"
        and written["target"] != "from data"
        and chance(draw)
    ):
        opted.append({**_dates(draw), "tolerance": _width(draw, unit)})
    if room.other_rows and chance(draw, 4):
        opted.append({**_dates(draw), "exclude_period": True})
    if room.other_rows and "tolerance" in written and written["direction"] != "within" and chance(draw, 4):
        opted.append({**_dates(draw), "target": draw(positive), "when": draw(st.sampled_from(room.conditions))})
    if opted:
        written["grace"] = opted
    if isinstance(written.get("target"), Decimal) and "amber" not in written and chance(draw, 4):
        written["entities"] = {entity: {"target": draw(positive)} for entity in _ENTITIES if draw(st.booleans())}
    return written


def _dates(draw: st.DrawFn) -> Table:
    """What every grace has but its effect."""
    start = draw(_days)
    until = start + timedelta(days=draw(st.integers(0, 400)))
    return {"from": start, "until": until, "reason": "Closed", "authority": "Board"}


@st.composite
def _grace_tables(draw: st.DrawFn, conditions: tuple[str, ...]) -> dict[str, Table]:
    """Up to three graces by name, each effect once, a cap never below a floor."""
    floor = draw(st.integers(0, 2))
    effects: list[tuple[str, Any]] = [
        ("no_worse_than", _LEVELS[floor]),
        ("no_better_than", _LEVELS[draw(st.integers(floor, 2))]),
        ("suspend", True),
    ]
    made: dict[str, Table] = {}
    for effect, value in effects:
        if not chance(draw, 2):
            continue
        table = {**_dates(draw), effect: value}
        if chance(draw):
            table["when"] = draw(st.sampled_from(conditions))
        made[effect.replace("_", "-")] = table
    return made


@st.composite
def _action_tables(draw: st.DrawFn) -> Table:
    """One ``[action.<id>]`` table that the loader takes."""
    written: Table = {"title": "Learning circles", "due": draw(_days)}
    if chance(draw, 2):
        written["warning"] = f"{draw(st.integers(0, 60))} days"
    if chance(draw, 2):
        written["tolerance"] = f"{draw(st.integers(0, 60))} days"
    if chance(draw, 4):
        written["on_time"] = False
    return written


@st.composite
def rule_files(
    draw: st.DrawFn, kpis: int = 3, actions: int = 2, *, statistics: bool = False, other_rows: bool = False
) -> dict[str, str]:
    """Texts of a sound rulebook's files by name, with one to so many KPIs and up to so many actions, in area ``a``.

    Args:
        statistics: also ``confidence``, ``compare``, ``minimum_n``, rates of counts, and ``score`` along points.
        other_rows: also targets that are made from other rows, a ``score`` by rank, and conditions that look back.
            One row alone has no such target: :func:`measurements` brings the rows it wants, :func:`series` is all rows.
    """
    room = _Room(statistics, other_rows)
    graces = draw(_grace_tables(room.conditions))
    book = toml_table(
        "book", {"title": "Plan", "edition": "2020-21", "missing": draw(st.sampled_from(("grey", "red")))}
    )
    book += "".join(toml_table(f"grace.{name}", table) for name, table in graces.items())
    if draw(st.booleans()):
        book += toml_table("rollup", {"rules": list(_ROLLUP)})
    area = toml_table("area", {"title": "Early help"})
    for n in range(draw(st.integers(1, kpis))):
        area += toml_table(f"kpi.k{n}", draw(_kpi_tables(tuple(graces), room)))
    for n in range(draw(st.integers(0, actions))):
        area += toml_table(f"action.x{n}", draw(_action_tables()))
    return {"book.toml": book, "a.toml": area}


_ROLLUP = (
    {"rag": "red", "when": "critical_red >= 1 or red > rated / 2"},
    {"rag": "amber", "when": "red + amber >= 1"},
    {"rag": "green"},
)


def rulebooks(
    kpis: int = 3, actions: int = 2, *, statistics: bool = False, other_rows: bool = False
) -> st.SearchStrategy[Rulebook]:
    """Rulebooks, read from the files of :func:`rule_files`."""
    return rule_files(kpis, actions, statistics=statistics, other_rows=other_rows).map(_loaded)


def _loaded(files: dict[str, str]) -> Rulebook:
    rules, problems = load_rules(files)
    assert rules is not None, (problems, files)
    return Rulebook(rules)


def kpis(
    book: Rulebook | None = None, *, statistics: bool = False, other_rows: bool = False
) -> st.SearchStrategy[PreparedKpi]:
    """A KPI of a rulebook, or of one that is drawn, with what :func:`rule_files` may draw."""
    if book is None:
        drawn = rulebooks(1, 0, statistics=statistics, other_rows=other_rows)
        return drawn.map(lambda made: next(iter(made.kpis.values())))
    return st.sampled_from(list(book.kpis.values()))


def actions(book: Rulebook | None = None) -> st.SearchStrategy[PreparedAction]:
    """An action of a rulebook, or of one that is drawn."""
    books = st.just(book) if book is not None else rulebooks(1, 3).filter(lambda drawn: bool(drawn.rules.actions))
    return books.flatmap(lambda drawn: st.sampled_from([_action(drawn, name) for name in drawn.rules.actions]))


def _action(book: Rulebook, name: str) -> PreparedAction:
    found = book[name]
    assert isinstance(found, PreparedAction)
    return found
