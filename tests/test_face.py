"""What a service meets: everything it catches or is given can be imported from ``ragengine``, and says what was wrong."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
import typing
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

import ragengine
from ragengine import BadArgument, RagError, UnknownId

BOOK = '[book]\ntitle = "B"\nedition = "E"\nmissing = "grey"\n'
AREAS = {
    "c.toml": '[area]\ntitle = "C"\n[action.y]\ntitle = "Y"\ndue = "TBC"\n',
    "late.toml": '[area]\ntitle = "L"\n[kpi.k]\ntitle = "K"\ndirection = "higher"\ntarget = 90\ntolerance = 0\n',
    "a.toml": """\
[area]
title = "A"
[action.x]
title = "X"
due   = 2020-07-31
[kpi.k]
title     = "K"
unit      = "%"
direction = "higher"
target    = { 2020-01-01 = 90 }
tolerance = "10 pp"
grace     = [{ from = 2020-07-01, until = 2020-07-31, no_worse_than = "amber", reason = "R", authority = "B", when = '"covid" in causes' }]
[kpi.f]
title     = "F"
direction = "higher"
target    = 90
tolerance = 0
inputs    = ["seen"]
formula   = "seen"
""",
}
LEVELS = "it is one of red, amber, green"


@pytest.fixture(scope="module")
def book() -> ragengine.Rulebook:
    """Three areas, one of actions alone."""
    return ragengine.load({"book.toml": BOOK, **AREAS})


# what is exported


def _deferred(module: Any) -> dict[str, Any]:
    """The names that a module imports for type checkers alone."""
    found: dict[str, Any] = {}
    package = module.__name__ if hasattr(module, "__path__") else module.__name__.rpartition(".")[0]
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            for each in node.body:
                assert isinstance(each, ast.ImportFrom)
                home = importlib.import_module("." * each.level + (each.module or ""), package)
                found |= {alias.asname or alias.name: getattr(home, alias.name) for alias in each.names}
    return found


def _hints(thing: Any) -> Iterable[Any]:
    module = sys.modules[thing.__module__]
    return typing.get_type_hints(thing, {**vars(module), **_deferred(module)}, {}).values()


def _own(hint: Any) -> Iterator[type]:
    """The classes of this library in a type."""
    for each in typing.get_args(hint):
        for one in each if isinstance(each, list | tuple) else [each]:
            yield from _own(one)
    found = typing.get_origin(hint) or hint
    if isinstance(found, type) and found.__module__.startswith("ragengine"):
        yield found


#: values whose fields are read by those who get them
_READ = (
    "ActionReport",
    "AreaRating",
    "Data",
    "ExceptionRow",
    "Explanation",
    "Movement",
    "Needed",
    "Problem",
    "Scorecard",
)


def _asked_of(thing: Any) -> Iterator[type]:
    """The types that a public function or class takes or gives: its methods, its properties, fields that are read."""
    if inspect.isfunction(thing):
        yield from (own for hint in _hints(thing) for own in _own(hint))
    if not isinstance(thing, type):
        return
    for name, member in vars(thing).items():
        function = getattr(member, "__func__", member.fget if isinstance(member, property) else member)
        if not name.startswith("_") and inspect.isfunction(function):
            yield from _asked_of(function)
    if thing.__name__ in _READ:
        assert attrs.has(thing)
        yield from (own for hint in _hints(thing) for own in _own(hint))


def test_every_type_of_a_public_signature_is_exported() -> None:
    """Whatever a public function, method or property takes or gives can be imported from ``ragengine`` by its name."""
    todo = [getattr(ragengine, name) for name in ragengine.__all__]
    seen: set[Any] = set()
    while todo:
        thing = todo.pop()
        if inspect.isfunction(thing) or (isinstance(thing, type) and thing not in seen):
            seen.add(thing)
            todo += [own for own in _asked_of(thing) if own not in seen]
    hidden = {each.__name__ for each in seen if getattr(ragengine, each.__name__, None) is not each}

    assert hidden == set()
    assert {ragengine.Explanation, ragengine.Measurement, ragengine.Movement, ragengine.Needed} <= seen


def test_every_name_that_is_listed_is_there() -> None:
    """``__all__`` is what ``dir`` shows and ``import *`` brings, without an optional library."""
    code = (
        "import sys; sys.modules['narwhals'] = None; sys.modules['narwhals.stable'] = None; from ragengine import *; "
        "import ragengine; missing = [n for n in ragengine.__all__ if n not in globals() and n != '__version__']; "
        "print(missing, 'frames' in dir(ragengine))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[] True"


def test_frames_are_there_without_an_import_of_their_own() -> None:
    """``import ragengine; ragengine.frames.rate`` is enough, and nothing of it is loaded before."""
    code = (
        "import sys, ragengine; before = 'narwhals' in sys.modules; found = ragengine.frames.rate; "
        "print(before, found.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False ragengine.frames.rate"


def test_frames_name_their_extra_where_it_is_missing() -> None:
    """Without narwhals the one error says what to install, with fields, and is an ImportError too."""
    code = (
        "import sys; sys.modules['narwhals'] = None; sys.modules['narwhals.stable'] = None\n"
        "import ragengine\n"
        "try: ragengine.frames\n"
        "except ragengine.RagError as wrong: print(isinstance(wrong, ImportError), wrong.library, wrong.extra, wrong)\n"
        "try: import ragengine.frames\n"
        "except ImportError as wrong: print(type(wrong).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    told = 'True narwhals frames ragengine.frames needs narwhals: pip install "ragengine[frames]"'
    assert done.stdout.splitlines() == [told, "MissingExtra"]


def _subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _subclasses(each)


def test_every_exception_for_callers_is_exported() -> None:
    """Each exception under RagError is a name of the library."""
    for module in sorted((Path(ragengine.__file__).parent).rglob("*.py")):
        name = ".".join(module.relative_to(Path(ragengine.__file__).parent).with_suffix("").parts)
        if not name.startswith(("__main__", "pytest_plugin", "strategies", "schemas")):
            importlib.import_module(f"ragengine.{name}".removesuffix(".__init__"))
    found = {each.__name__ for each in _subclasses(RagError)}

    assert found == {name for name in found if getattr(ragengine, name, None)}
    assert {"BadArgument", "CannotRate", "DataError", "MissingExtra", "PeriodError", "RevisionError"} <= found


# what the rulebook holds


def test_a_rulebook_is_a_collection_of_ids(book: ragengine.Rulebook) -> None:
    """Its length, its ids in the order of the files (in a file the KPIs first), and what is in it."""
    assert list(book) == ["a.k", "a.f", "a.x", "c.y", "late.k"]
    assert len(book) == 5
    assert [subject in book for subject in ("a.k", "a.x", "a", None, [], 5)] == [True, True, False, False, False, False]


def test_the_plan_is_iterated_in_the_order_of_its_files(plan: ragengine.Rulebook) -> None:
    """Every KPI and action once, the areas by file name."""
    ids = list(plan)
    areas = list(dict.fromkeys(subject.partition(".")[0] for subject in ids))

    assert len(set(ids)) == len(ids) == len(plan) == len(plan.kpis) + len(plan.rules.actions)
    assert areas == sorted(areas)


def test_kpi_and_action_are_book_with_a_type(book: ragengine.Rulebook) -> None:
    """``book.kpi`` and ``book.action`` give what ``book[…]`` gives; the other kind is an UnknownId that names the kind."""
    assert book.kpi("a.k") is book["a.k"]
    assert isinstance(book.action("a.x"), ragengine.PreparedAction) and book.action("a.x").id == "a.x"
    with pytest.raises(UnknownId, match=r"no KPI 'a\.x'"):
        book.kpi("a.x")
    with pytest.raises(UnknownId, match=r"no action 'a\.k'"):
        book.action("a.k")
    with pytest.raises(UnknownId, match=r"did you mean late\.k") as told:
        book.kpi("late-k")
    assert (told.value.kind, told.value.id, told.value.near) == ("KPI", "late-k", ("late.k",))


# what a caller did wrong


class Unprintable:
    """It raises when it is printed."""

    def __repr__(self) -> str:
        raise RuntimeError("no")

    __str__ = __repr__


STRANGE: list[Any] = [
    None, 5, 5.5, True, [], {}, (), object(), b"x", float("nan"), 10**5000, datetime(2020, 7, 1), date(1, 1, 1), "",
    "\ud800", "x" * 100_000, -1, {1}, print, Decimal("NaN"), Decimal("sNaN"), 1 + 2j, range(3), type, Unprintable(),
]  # fmt: skip


def _data(kind: str, **cells: object) -> ragengine.Data:
    rows = {
        "measurements": {"kpi": "a.k", "period": "2020-07", "value": 5},
        "actions": {"action": "a.x", "as_at": "2020-07-01", "status": "in progress"},
        "overrides": {
            "subject": "a.k", "rag": "red", "from": "2020-07-01", "until": "2020-07-31", "reason": "R", "authority": "A",
        },
        "published": {"subject": "a.k", "period": "2020-07", "rag": "red", "source": "S"},
    }  # fmt: skip
    return ragengine.Data.of(**{kind: [rows[kind] | cells]})  # type: ignore[arg-type]


def _calls(book: ragengine.Rulebook, it: Any) -> Iterator[Callable[[], object]]:
    """Every place where a caller can put something strange."""
    rate, card = book.rate, book.score(ragengine.Data(), "2020-07")
    rating = rate("a.k", 50, period="2020-07")
    yield lambda: book[it]
    yield lambda: book.kpi(it)
    yield lambda: book.action(it)
    yield lambda: it in book
    yield lambda: rating.needed_for(it)
    for value, period in ((it, "2020-07"), (5, it)):
        yield lambda value=value, period=period: rate("a.k", value, period=period).explain()  # type: ignore[misc]
        yield lambda value=value, period=period: rate("late.k", value, period=period, note="n").explain()  # type: ignore[misc]
        yield lambda value=value, period=period: book.rate_many([("a.k", period, value)])[0].explain()  # type: ignore[misc]
        yield lambda value=value, period=period: rate("a.k", 5, period="2020-07", history=[(period, value)]).explain()  # type: ignore[misc]
    yield lambda: rate(it, 5, period="2020-07")
    yield lambda: book.rate_many(it)
    yield lambda: book.rate_many([it])
    yield lambda: book.rate_many([(it, "2020-07", 5)])
    for name in (
        "numerator", "denominator", "excluded", "exclusion_reason", "target", "entity", "causes", "evidence", "inputs",
        "note", "history", "zz",
    ):  # fmt: skip
        yield lambda name=name: rate("a.k", 50, period="2020-07", **{name: it}).explain()  # type: ignore[misc]
    yield lambda: rate("a.f", inputs={"seen": it}).explain()
    yield lambda: rate("a.k", 50, period="2020-07", history=[it])
    yield lambda: rate("a.k", 50, period="2020-07", history=[{"period": it, "value": 5}])
    for name in ("as_at", "status", "progress", "completed_on", "evidence", "causes", "note", "previous"):
        given = {"as_at": "2020-07-01", "status": "in progress", name: it}
        yield lambda given=given: rate("a.x", **given).explain()  # type: ignore[misc]
    yield lambda: book.score(it)
    yield lambda: book.score(_data("measurements"), it)
    yield lambda: book.score(ragengine.Data(), "2020-07", it)
    yield lambda: ragengine.load(it)
    yield lambda: ragengine.load({"book.toml": it})
    yield lambda: ragengine.check(it)
    yield lambda: ragengine.read(it)
    yield lambda: ragengine.parse_period(it)
    yield lambda: ragengine.Scorecard.from_json(it)
    yield lambda: ragengine.diff(it, book)
    yield lambda: ragengine.review_grace(book, None, it)
    yield lambda: card.ratings[it]
    yield lambda: card.areas[it]
    yield lambda: card.areas["a", it]
    yield lambda: book.scale[it]
    yield lambda: card.to_frame(it)
    for kind in ("measurements", "actions", "overrides", "published"):
        yield lambda kind=kind: ragengine.Data.of(**{kind: it})  # type: ignore[misc]
        yield lambda kind=kind: ragengine.Data.of(**{kind: [it]})  # type: ignore[misc]
        row = {"zz": it} | dict.fromkeys(("kpi", "action", "subject", "period", "value", "as_at", "from", "causes"), it)
        row |= dict.fromkeys(("entity", "numerator", "target", "evidence", "status", "progress", "rag", "source"), it)
        for name in row:
            cell = {name: row[name]}
            yield lambda kind=kind, cell=cell: book.score(_data(kind, **cell), "2020-07").to_json()  # type: ignore[misc]


@pytest.mark.parametrize("it", STRANGE, ids=[f"{n}-{type(it).__name__}" for n, it in enumerate(STRANGE)])
def test_a_callers_mistake_of_any_type_is_told_with_fields(book: ragengine.Rulebook, it: Any) -> None:
    """Wherever it is put, it is data (a level, or grey with its reason) or an exception under RagError that prints."""
    for call in _calls(book, it):
        told: Exception | None = None
        try:
            call()
        except RagError as wrong:
            told = wrong
        assert told is None or (str(told) and (attrs.has(type(told)) or isinstance(told, ragengine.PeriodError)))


@pytest.mark.parametrize(
    ("call", "argument", "wanted"),
    [
        (lambda b: b.rate("a.k", 50, period="2020-07").needed_for("purple"), "level", LEVELS),
        (lambda b: b.rate("a.k", 50, period="2020-07").needed_for(None), "level", LEVELS),
        (lambda b: b.rate("a.k", 50, period=["2020-07"]), "period", "write a period as data files do"),
        (lambda b: b.rate_many([("a.k", ["2020-07"], 50)]), "period", "write a period as data files do"),
        (lambda b: b.rate("a.k", 50, period="2020-07", note="n", history=[("2020-06", 5, 6)]), "history", "pairs"),
        (lambda b: b.rate("a.k", 50, period="2020-07", history="2020-06"), "history", "pairs"),
        (lambda b: b.rate("a.k", 50, period="2020-07", causes=5), "causes", "write a text, or several"),
        (lambda b: b.rate("a.k", 50, period="2020-07", causes=["covid", 5]), "causes", "a cause is a text"),
        (lambda b: b.rate("a.k", 50), "period", "the rule of a.k is dated"),
        (lambda b: b.rate("a.x", "complete"), "as_at", "an action is rated on a day"),
        (lambda b: b.rate("a.x", "in progress", as_at="2020-07-01", previous="violet"), "previous", LEVELS),
        (lambda b: b.rate_many([("a.k", "2020-07", 1), ("a.k", "2020-07")]), "rows[1]", "(kpi, period, value)"),
        (lambda b: b.rate_many(None), "rows", "(kpi, period, value)"),
        (lambda b: b.rate_many([("a.x", "2020-07", 1)]), "rows", "an action is rated with rate()"),
        (lambda b: b.score([{"kpi": "a.k"}]), "data", "Data.of"),
        (lambda b: b.score(ragengine.Data(), "2020-07", "2020-06"), "previous", "the scorecard of the period before"),
        (lambda b: ragengine.load(None), "rules", "name a folder or a zip archive"),
        (lambda b: ragengine.load({"book.toml": b"[book]"}), "rules['book.toml']", "give the text of the file"),
        (lambda b: ragengine.check({5: ""}), "rules", "the names of files are texts"),
        (lambda b: ragengine.check({}, as_at="July"), "as_at", "give a date"),
        (lambda b: ragengine.read(None), "paths", "name folders or files"),
        (lambda b: ragengine.Scorecard.from_json(None), "written", "to_json"),
        (lambda b: ragengine.Data.of({"kpi": "a.k"}), "measurements", "a list of mappings"),
    ],
)  # fmt: skip
def test_a_bad_argument_names_itself_and_what_would_do(
    book: ragengine.Rulebook, call: Callable[[ragengine.Rulebook], object], argument: str, wanted: str
) -> None:
    """Its name and what would do instead stand in fields."""
    with pytest.raises(BadArgument) as told:
        call(book)

    assert told.value.argument == argument
    assert wanted in told.value.wanted


@pytest.mark.parametrize("subject", [None, 5, ["a.k"], "a.z", "a", b"a.k"])
def test_what_is_no_id_is_an_unknown_id(book: ragengine.Rulebook, subject: Any) -> None:
    """By every way to ask for a KPI or action."""
    for call in (
        lambda: book[subject],
        lambda: book.rate(subject, 5, period="2020-07"),
        lambda: book.rate_many([(subject, "2020-07", 5)]),
        lambda: book.kpi(subject),
        lambda: book.action(subject),
    ):
        with pytest.raises(UnknownId) as told:
            call()
        assert told.value.id == subject


def test_a_number_nobody_can_print_is_data(book: ragengine.Rulebook) -> None:
    """5,001 digits are grey, invalid, by every way, with its size as the reason."""
    for rating in (
        book.rate("a.k", 10**5000, period="2020-07"),
        book.rate_many([("a.k", "2020-07", 10**5000)])[0],
    ):
        assert (str(rating.rag), rating.reason) == ("grey", ragengine.Reason.INVALID)
        assert "an integer of 16,610 bits" in rating.explain()


def test_one_text_is_one_cause(book: ragengine.Rulebook) -> None:
    """``causes="covid"`` grants what ``causes={"covid"}`` grants."""
    for causes in ("covid", {"covid"}, ["Covid"], "strike; covid"):
        assert str(book.rate("a.k", 50, period="2020-07", causes=causes).rag) == "amber"


def test_a_level_is_read_as_everywhere(book: ragengine.Rulebook) -> None:
    """``needed_for`` takes an id, a label or an alias in any case, or the level itself."""
    rating = book.rate("a.k", 84, period="2020-07")

    for level in ("green", "GREEN", " Green ", "g", ragengine.GREEN):
        needed = rating.needed_for(level)
        assert needed is not None and needed.change == 6


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("a.kk", "the scorecard has no rating 'a.kk'; did you mean a.k?"),
        (("a.k", "North"), "the scorecard has no rating 'a.k, North'; did you mean a.k?"),
        ("zzz", "the scorecard has no rating 'zzz'"),
    ],
)
def test_a_rating_that_a_scorecard_does_not_have_names_what_was_meant(
    book: ragengine.Rulebook, asked: Any, said: str
) -> None:
    """It is the scorecard that lacks it, whatever the rules have."""
    card = book.score(ragengine.Data.of([{"kpi": "a.k", "period": "2020-07", "value": 90}]), "2020-07")

    with pytest.raises(UnknownId) as told:
        card.ratings[asked]
    assert str(told.value) == said
    assert asked not in card.ratings


def test_a_cell_of_a_row_in_memory_is_told_once(book: ragengine.Rulebook) -> None:
    """As of a file: who reads the cell tells it, and the scorecard does not tell it again."""
    rows = [{"kpi": "a.k", "period": "2020-07", "numerator": "abc", "denominator": 5}]
    card = book.score(ragengine.Data.of(rows), "2020-07")

    assert [(str(problem.place), problem.code, problem.key) for problem in card.problems] == [
        ("measurements[0]", "RAG105", "numerator")
    ]
