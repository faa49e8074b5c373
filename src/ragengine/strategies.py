"""Hypothesis strategies: rulebooks, KPIs, actions, and measurements on and beside their lines.

What is drawn is written as rule files and read by the loader, so a property holds of what an author can write.
Needs hypothesis: ``pip install "ragengine[strategies]"``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .errors import MissingExtra

try:
    from hypothesis import strategies as st
except ImportError as missing:
    raise MissingExtra("ragengine.strategies", "hypothesis", "strategies") from missing

from .book import PreparedAction, Rulebook
from .number import text
from .period import parse_period
from .rating.prepare import PreparedKpi
from .rating.relative import periods_of
from .rulebook.compile import UnusableTarget
from .rulefile.load import load_rules
from .ruling import Ruling, rulings_of
from .ruling.days import Standing, levels_by_day
from .terms import Status
from .toml.write import toml_table

__all__ = [
    "actions",
    "days_around",
    "kpis",
    "lines_of",
    "measurements",
    "periods_around",
    "reports",
    "rule_files",
    "rulebooks",
    "values_around",
]

_DAY = timedelta(days=1)
_LEVELS = ("red", "amber", "green")
_ENTITIES = ("North", "South")
#: narrower than any step in which people tell values
_BESIDE = Fraction(1, 10**7)

Table = dict[str, Any]


def _decimals(least: int, most: int) -> st.SearchStrategy[Decimal]:
    """Numbers as people write them, with none to two places."""
    return st.builds(
        lambda number, places: Decimal(number).scaleb(-places),
        st.integers(least, most),
        st.sampled_from((0, 1, 2)),
    )


_days = st.dates(date(2019, 1, 1), date(2021, 12, 31))
_numbers = _decimals(-300, 12_000)
_positive = _decimals(1, 9_000)


def _flag(draw: st.DrawFn, often: int = 3) -> bool:
    """True once in so many times; it shrinks to False."""
    return draw(st.integers(0, often - 1)) == often - 1


def _dated(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Any:
    """A value, or two with the days from which they hold."""
    first = draw(values)
    if not _flag(draw):
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
        written["target"] = _dated(draw, _positive)
        written["tolerance"] = f"{draw(st.integers(1, 60))}% of target"
    elif kind == "amber":
        target, width = draw(_positive), draw(_positive)
        written["target"] = target
        written["amber"] = target - width if written["direction"] == "higher" else target + width
    else:
        written["target"] = _dated(draw, _numbers)
        written["tolerance"] = _width(draw, unit)
    if _flag(draw):
        written["met"] = "beyond target"
    return written


def _width(draw: st.DrawFn, unit: str) -> Any:
    if _flag(draw, 4):
        return 0
    width = draw(_positive)
    return f"{width:f} pp" if unit == "%" else width


@st.composite
def _ranges(draw: st.DrawFn, unit: str) -> Table:
    """A range to be within."""
    low, span = draw(_numbers), draw(_positive)
    written: Table = {"direction": "within", "target": {"min": low, "max": low + span}}
    written["tolerance"] = (
        _width(draw, unit) if not _flag(draw) else {"below": _width(draw, unit), "above": _width(draw, unit)}
    )
    return written


@st.composite
def _bands(draw: st.DrawFn, unit: str) -> Table:
    """Written bands, each edge in the band below it or in the one above."""
    higher = draw(st.booleans())
    cuts = sorted(draw(st.sets(_numbers, min_size=2, max_size=2)))
    levels = _LEVELS if higher else _LEVELS[::-1]
    bands: list[Table] = [{"rag": level} for level in levels]
    for cut, below, above in zip(cuts, bands[:-1], bands[1:], strict=True):
        reached = draw(st.booleans())
        below["below" if reached else "to"] = cut
        above["from" if reached else "above"] = cut
    return {"direction": "higher" if higher else "lower", "bands": bands}


def _worded(unit: str) -> st.SearchStrategy[Table]:
    return st.just({"words": {"no": "red", "in part": "amber", "yes": "green"}})


@st.composite
def _kpi_tables(draw: st.DrawFn, graces: tuple[str, ...]) -> Table:
    """One ``[kpi.<id>]`` table that the loader takes."""
    unit = draw(st.sampled_from(("%", "days", "children")))
    kind = draw(st.sampled_from((_targets, _targets, _ranges, _bands, _worded)))
    written: Table = {"title": "Seen in time", "unit": unit, **draw(kind(unit))}
    if kind is not _worded and _flag(draw):
        written["decimals"] = draw(st.integers(0, 2))
    if _flag(draw, 4):
        written["missing"] = draw(st.sampled_from(("grey", "red", "amber", "carry forward")))
    if _flag(draw, 5):
        written["rated_from"] = draw(_days)
    if _flag(draw, 5):
        written["persistence"] = draw(st.integers(2, 3))
    if _flag(draw, 5):
        written["requires_evidence"] = True
    if _flag(draw, 5):
        written["critical"] = True
    opted: list[Any] = [name for name in graces if draw(st.booleans())]
    if "tolerance" in written and written["direction"] != "within" and written["target"] != "from data" and _flag(draw):
        opted.append({**_dates(draw), "tolerance": _width(draw, unit)})
    if opted:
        written["grace"] = opted
    if isinstance(written.get("target"), Decimal) and "amber" not in written and _flag(draw, 4):
        written["entities"] = {entity: {"target": draw(_positive)} for entity in _ENTITIES if draw(st.booleans())}
    return written


def _dates(draw: st.DrawFn) -> Table:
    """What every grace has but its effect."""
    start = draw(_days)
    until = start + timedelta(days=draw(st.integers(0, 400)))
    return {"from": start, "until": until, "reason": "Closed", "authority": "Board"}


@st.composite
def _grace_tables(draw: st.DrawFn) -> dict[str, Table]:
    """Up to three graces by name, each effect once, a cap never below a floor."""
    floor = draw(st.integers(0, 2))
    effects: list[tuple[str, Any]] = [
        ("no_worse_than", _LEVELS[floor]),
        ("no_better_than", _LEVELS[draw(st.integers(floor, 2))]),
        ("suspend", True),
    ]
    made: dict[str, Table] = {}
    for effect, value in effects:
        if not _flag(draw, 2):
            continue
        table = {**_dates(draw), effect: value}
        if _flag(draw):
            table["when"] = draw(st.sampled_from(('"covid" in causes', "value > previous_value", 'evidence == "seen"')))
        made[effect.replace("_", "-")] = table
    return made


@st.composite
def _action_tables(draw: st.DrawFn) -> Table:
    """One ``[action.<id>]`` table that the loader takes."""
    written: Table = {"title": "Learning circles", "due": draw(_days)}
    if _flag(draw, 2):
        written["warning"] = f"{draw(st.integers(0, 60))} days"
    if _flag(draw, 2):
        written["tolerance"] = f"{draw(st.integers(0, 60))} days"
    if _flag(draw, 4):
        written["on_time"] = False
    return written


@st.composite
def rule_files(draw: st.DrawFn, kpis: int = 3, actions: int = 2) -> dict[str, str]:
    """Texts of a sound rulebook's files by name, with one to so many KPIs and up to so many actions, in area ``a``."""
    graces = draw(_grace_tables())
    book = toml_table(
        "book", {"title": "Plan", "edition": "2020-21", "missing": draw(st.sampled_from(("grey", "red")))}
    )
    book += "".join(toml_table(f"grace.{name}", table) for name, table in graces.items())
    if draw(st.booleans()):
        book += toml_table("rollup", {"rules": list(_ROLLUP)})
    area = toml_table("area", {"title": "Early help"})
    for n in range(draw(st.integers(1, kpis))):
        area += toml_table(f"kpi.k{n}", draw(_kpi_tables(tuple(graces))))
    for n in range(draw(st.integers(0, actions))):
        area += toml_table(f"action.x{n}", draw(_action_tables()))
    return {"book.toml": book, "a.toml": area}


_ROLLUP = (
    {"rag": "red", "when": "critical_red >= 1 or red > rated / 2"},
    {"rag": "amber", "when": "red + amber >= 1"},
    {"rag": "green"},
)


def rulebooks(kpis: int = 3, actions: int = 2) -> st.SearchStrategy[Rulebook]:
    """Rulebooks, read from the files of :func:`rule_files`."""
    return rule_files(kpis, actions).map(_loaded)


def _loaded(files: dict[str, str]) -> Rulebook:
    rules, problems = load_rules(files)
    assert rules is not None, (problems, files)
    return Rulebook(rules)


def kpis(book: Rulebook | None = None) -> st.SearchStrategy[PreparedKpi]:
    """A KPI of a rulebook, or of one that is drawn."""
    if book is None:
        return rulebooks(1, 0).map(lambda drawn: next(iter(drawn.kpis.values())))
    return st.sampled_from(list(book.kpis.values()))


def actions(book: Rulebook | None = None) -> st.SearchStrategy[PreparedAction]:
    """An action of a rulebook, or of one that is drawn."""
    books = st.just(book) if book is not None else rulebooks(1, 3).filter(lambda drawn: bool(drawn.rules.actions))
    return books.flatmap(lambda drawn: st.sampled_from([_action(drawn, name) for name in drawn.rules.actions]))


def _action(book: Rulebook, name: str) -> PreparedAction:
    found = book[name]
    assert isinstance(found, PreparedAction)
    return found


def lines_of(kpi: PreparedKpi, target: Fraction | None = None) -> list[Fraction]:
    """Every number at which a level of a KPI may change, in any era, for any entity, with and without its graces.

    ``target`` is one that a measurement brings.
    """
    found: set[Fraction] = set()
    for own in (kpi.kpi, *kpi.kpi.entities.values()):
        for ruling in rulings_of(kpi.rules, own):
            found.update(_lines(ruling.with_target(target)))
    return sorted(found)


def _lines(ruling: Ruling) -> Iterator[Fraction]:
    try:
        table = ruling.table
        if table is None:
            return
        for each in (table, ruling.under(ruling.live)):
            yield from (cut.at for cut in each.thresholds)
    except UnusableTarget:
        return


def values_around(kpi: PreparedKpi, target: Fraction | None = None) -> st.SearchStrategy[Any]:
    """Values on, just under and just over every line of a KPI, and between them, as float, int, Decimal and text.

    Of a KPI with words: its words. ``target`` is one that a measurement brings.
    """
    if kpi.kpi.words:
        return st.sampled_from([word for word, _ in kpi.kpi.words])
    near = {Fraction(0)}
    for line in lines_of(kpi, target):
        near |= {line + step for step in (0, _BESIDE, -_BESIDE, 1, -1)}
    return st.sampled_from(sorted(near, key=lambda value: (abs(value), value))).flatmap(_ways_to_write)


def _ways_to_write(value: Fraction) -> st.SearchStrategy[Any]:
    """One number as a caller may pass it; all of them are rated alike."""
    written = text(value, 9, grouped=False).rstrip("0").rstrip(".")
    ways: list[Any] = [Decimal(written), written, float(written)]
    if value.denominator == 1:
        ways.insert(0, int(value))
    return st.sampled_from(ways)


def periods_around(kpi: PreparedKpi) -> st.SearchStrategy[date]:
    """The first and last day of what is dated in a KPI, for any entity, the days beside them, and a day before all."""
    days: set[date] = {date(2018, 12, 31)}
    for own in (kpi.kpi, *kpi.kpi.entities.values()):
        for ruling in rulings_of(kpi.rules, own):
            days |= {day for day in (ruling.era.start, ruling.era.end) if date.min < day < date.max}
    return st.sampled_from(sorted(day + step for day in days for step in (-_DAY, timedelta(0), _DAY)))


@st.composite
def measurements(draw: st.DrawFn, kpi: PreparedKpi) -> dict[str, Any]:
    """What :meth:`PreparedKpi.rate` takes: a value or counts around the lines, and a period around the dates.

    With the target, where that comes with the data, or with the ``history`` that it is made from.
    """
    given: dict[str, Any] = {"period": draw(periods_around(kpi))}
    target = draw(_positive) if any(each.needs_target for each in rulings_of(kpi.rules, kpi.kpi)) else None
    if kpi.kpi.entities:
        given["entity"] = draw(st.sampled_from((None, *kpi.kpi.entities)))
    if target is not None:
        given |= _bringing(kpi, given, target)
    kind = draw(st.sampled_from(("value", "value", "counts", "nothing")))
    if kind == "counts" and kpi.kpi.unit == "%" and not kpi.kpi.words:
        given |= draw(_counts(kpi))
    elif kind != "nothing":
        relative = kpi.ruling_of(given["period"], given.get("entity")).relative
        at = None if target is None else Fraction(target)
        given["value"] = draw(values_around(kpi, at if at is None or relative is None else relative.changed(at)))
    else:
        given["value"] = draw(st.sampled_from(("", "c", "n/a", "..")))
    if _flag(draw):
        given["causes"] = ("covid",)
    if _flag(draw):
        given["evidence"] = "seen"
    return given


def _bringing(kpi: PreparedKpi, given: Table, target: Any) -> Table:
    """What gives a row this target: itself, or the rows that the rule makes one from, each with this value."""
    day, entity = given["period"], given.get("entity")
    relative = kpi.ruling_of(day, entity).relative
    if relative is None:
        return {"target": target}
    if relative.of_entities:
        return {"history": [{"period": day, "entity": f"peer {n}", "value": target} for n in range(3)]}
    periods = periods_of(relative, kpi.period_named(parse_period(day)), kpi.history(entity, ()))
    return {"history": [{"period": each.end, "value": target} for each in periods]}


@st.composite
def _counts(draw: st.DrawFn, kpi: PreparedKpi) -> dict[str, Any]:
    """Counts whose percentage lies on or beside a line between 0 and 100."""
    lines = [line for line in lines_of(kpi) if 0 <= line <= 100] or [Fraction(50)]
    denominator = draw(st.sampled_from((0, 1, 7, 100, 1000)))
    exact = draw(st.sampled_from(lines)) * denominator / 100
    return {"numerator": max(0, min(denominator, round(exact) + draw(st.integers(-1, 1)))), "denominator": denominator}


def days_around(action: PreparedAction) -> st.SearchStrategy[date]:
    """The days on and beside every line of an action, and around the ends of its graces."""
    rules, rule = action.rules, action.action
    days = {date(2020, 1, 1), *(ruling.era.start for ruling in rulings_of(rules, rule))}
    if rule.formula is None:
        tables = (levels_by_day(rules, rule, Standing(status=each)) for each in (Status.IN_PROGRESS, Status.COMPLETE))
        days |= {date.fromordinal(int(cut.at)) for table in tables for cut in table.thresholds}
    known = sorted(days - {date.min})
    return st.sampled_from([day + timedelta(days=by) for day in known for by in (-2, -1, 0, 1, 2)])


@st.composite
def reports(draw: st.DrawFn, action: PreparedAction) -> dict[str, Any]:
    """What :meth:`PreparedAction.rate` takes, on days around the lines of an action."""
    status = draw(st.sampled_from(("in progress", "not started", "complete", "deferred")))
    given: dict[str, Any] = {"as_at": draw(days_around(action)), "status": status}
    if status == "complete":
        given["completed_on"] = given["as_at"] - timedelta(days=draw(st.integers(0, 30)))
    return given
