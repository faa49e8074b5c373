"""The schemas that editors read say what the loader reads: its keys, what they need, and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import ragengine
from ragengine.cli import main
from ragengine.rulefile.load import load_rules
from ragengine.starter import FILES
from ragengine.workbench.schema import FileKind, schema, schema_text, tombi_settings

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = Path(ragengine.__file__).resolve().parent / "schemas"
GOOD = [ROOT / "rules", *sorted((ROOT / "tests/suite").glob("*/")), *sorted((ROOT / "tests/rulefiles/good").glob("*/")), ROOT / "tests/rulefiles/good/extends/earlier"]  # fmt: skip
BAD = sorted((ROOT / "tests/rulefiles/bad").glob("*/"))

#: what a schema cannot see, and why: it looks at one table of one file, and at no number beside another
UNSEEN = {
    "amber-beside-tolerance": "keys that exclude each other",
    "amber-beyond-target": "a number beside another",
    "bands-against-direction": "a number beside another",
    "tolerance-without-unit": "one key beside another",
    "bands-beside-tolerance": "keys that exclude each other",
    "bands-gap": "a number beside another",
    "scores-out-of-order": "a number beside another",
    "some-children-score": "one KPI beside another",
    "levels-without-points": "the scale of another file",
    "caps-of-what-is-not-there": "one key of two, and names of other tables",
    "bands-gap-at-one-number": "a number beside another",
    "bands-overlap": "a number beside another",
    "direction-missing": "one of several keys is needed",
    "due-date-that-can-be-read-two-ways": "dates in words",
    "extends-an-edition-with-a-fault": "other folders",
    "extends-in-a-circle": "other folders",
    "formula-with-unknown-name": "expressions",
    "grace-ends-before-start": "a date beside another",
    "grace-overlapping": "a date beside another",
    "grace-unknown": "a name in another file",
    "grace-with-two-effects": "keys that exclude each other",
    "mark-that-is-a-word": "another file",
    "parents-in-a-circle": "other files",
    "rated-from-a-start-that-is-not-there": "one key needs another",
    "relative-target-of-a-range": "a value beside another",
    "relative-target-read-by-its-formula": "expressions",
    "relief-that-makes-no-band": "a number beside another",
    "rollup-last-rule-with-condition": "the place in a list",
    "rollup-share-with-gap": "a number beside another",
    "rollup-that-punishes-improvement": "expressions",
    "scale-with-two-of-one-name": "a name beside another",
    "scale-without-green-for-a-target": "another file",
    "short-title-that-is-long": "a warning only",
    "target-missing": "one of several keys is needed",
    "tolerance-in-another-unit": "a text beside another",
    "tolerance-larger-than-target": "a number beside another",
    "tolerance-missing": "one of several keys is needed",
    "tolerance-of-nothing": "a number beside another",
    "valid-beside-words": "keys that exclude each other",
    "when-always-true": "expressions",
    "within-range-reversed": "a number beside another",
    "within-with-one-number": "a value beside another",
    "within-with-target-from-data": "a value beside another",
    "words-with-unknown-level": "the scale of another file",
}


def kind_of(name: str) -> FileKind:
    """What a file of this name is."""
    return FileKind.BOOK if name == "book.toml" else FileKind.CASES if name.endswith(".cases.toml") else FileKind.AREA


def as_json(value: Any) -> Any:
    """A TOML value as JSON has it: dates as texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def told(texts: dict[str, str]) -> Iterator[str]:
    """What the schemas say of the files of a folder that are TOML, each with its file."""
    documents = {}
    for name, text in texts.items():
        try:
            documents[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
    extends = "extends" in documents.get("book.toml", {}).get("book", {})
    for name, document in documents.items():
        validator = jsonschema.Draft7Validator(
            schema(kind_of(name), extends=extends), format_checker=jsonschema.FormatChecker()
        )
        yield from (f"{name}: {wrong.message}" for wrong in validator.iter_errors(as_json(document)))


def texts_of(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.toml")) if file.name != "tombi.toml"}


@pytest.mark.parametrize("folder", GOOD, ids=lambda folder: folder.name)
def test_a_schema_accepts_what_the_loader_accepts(folder: Path) -> None:
    """Every file of the plan, of the suite and of the sound folders."""
    assert texts_of(folder)
    assert list(told(texts_of(folder))) == []


def test_a_schema_accepts_what_init_writes() -> None:
    """A newcomer's first file has no red line under it."""
    texts = {name.removeprefix("rules/"): text for name, text in FILES.items() if name.startswith("rules/")}

    assert len(texts) == 3
    assert list(told(texts)) == []


def test_what_is_unseen_is_a_bad_folder() -> None:
    """The list above names no folder that is gone."""
    assert UNSEEN.keys() < {folder.name for folder in BAD}


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_a_schema_refuses_what_it_can_see(folder: Path) -> None:
    """Unknown keys, wrong types, missing keys, words that are not listed; the rest is for ``ragengine check``."""
    assert (list(told(texts_of(folder))) == []) == (folder.name in UNSEEN)


BOOK = '[book]\ntitle = "B"\nedition = "1"\nmissing = "grey"\n'
AREA = '[area]\ntitle = "A"\n'
KPI = '[kpi.k]\ntitle = "K"\n'

#: the file, its text, and what the schema says of it
REFUSED = [
    ("a.toml", f"{AREA}{KPI}traget = 90\n", "'traget' was unexpected"),
    ("a.toml", f"{AREA}{KPI}direction = 'up'\n", "'up' is not one of ['higher', 'lower', 'within', 'monitor']"),
    ("a.toml", f"{AREA}{KPI}tolerance = '10%'\n", "'10%' is not valid under any of the given schemas"),
    ("a.toml", f"{AREA}{KPI}decimals = 7\n", "7 is greater than the maximum of 6"),
    ("a.toml", f"{AREA}{KPI}target = {{ 2020-4-1 = 90 }}\n", "is not valid under any of the given schemas"),
    ("a.toml", f"{AREA}{KPI}target = {{ 2020-04-01 = 'ninety' }}\n", "is not valid under any of the given schemas"),
    ("a.toml", f"{AREA}{KPI}review_by = 'soon'\n", "'soon' is not a 'date'"),
    ("a.toml", f"{AREA}{KPI}weight = -1\n", "-1 is less than the minimum of 0"),
    ("a.toml", f"{AREA}{KPI}bands = [{{ rag = 'red', form = 3 }}]\n", "'form': 3}] is not valid under any of the given schemas"),
    ("a.toml", f"{AREA}{KPI}bands = []\n", "is not valid under any of the given schemas"),
    ("a.toml", f"{AREA}{KPI}[kpi.k.entities.E06]\ntraget = 90\n", "'traget' was unexpected"),
    ("a.toml", f"{AREA}{KPI}[kpi.k.entities.E06]\nexamples = []\n", "'examples' was unexpected"),
    ("a.toml", f"{AREA}[kpi.K]\ntitle = 'K'\n", "'K' does not match any of the regexes"),
    ("a.toml", f"{AREA}[kpi.k]\nunit = '%'\n", "'title' is a required property"),
    ("a.toml", f"{AREA}[action.k]\ntitle = 'K'\n", "'due' is a required property"),
    ("a.toml", f"{AREA}[action.k]\ntitle = 'K'\ndue = true\n", "True is not valid under any of the given schemas"),
    ("a.toml", f"{KPI}", "'area' is a required property"),
    ("a.toml", "[area]\ntitle = ' '\n", "' ' does not match"),
    ("book.toml", "[book]\ntitle = 'B'\nedition = '1'\n", "'missing' is a required property"),
    ("book.toml", f"{BOOK}max_age = '3 mths'\n", "'3 mths' does not match"),
    ("book.toml", f"{BOOK}dates = 'month first'\n", "'month first' is not one of ['day first']"),
    ("book.toml", f"{BOOK}grace_budget = {{}}\n", "{} should be non-empty"),
    ("book.toml", f"{BOOK}[book.checks]\nRAG012 = {{ severity = 'off', reason = 'x' }}\n", "'RAG012' does not match"),
    ("book.toml", f"{BOOK}[grace.g]\nfrom = 2020-04-01\nreason = 'R'\nauthority = 'A'\n", "'until' is a required"),
    ("book.toml", f"{BOOK}[rollup]\nminimum_coverage = 60\n", "60 is not of type 'string'"),
    ("book.toml", f"{BOOK}[[scale.levels]]\nid = 'a'\nlabel = 'A'\nsymbol = 'a'\ncolour = '#000000'\n", "is too short"),
    ("a.cases.toml", "[[case]]\nname = 'n'\nexpect = { rga = 'green' }\n", "'rga' was unexpected"),
    ("a.cases.toml", "[[case]]\nname = 'n'\nexpect = {}\n", "{} should be non-empty"),
    ("a.cases.toml", "[[case]]\nname = 'n'\nstatus = 'open'\nexpect = { rag = 'red' }\n", "'open' is not one of"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), REFUSED, ids=range(len(REFUSED)))
def test_each_kind_of_fault_is_told_once(name: str, text: str, said: str) -> None:
    """The one thing that is wrong, and nothing beside it."""
    found = list(told({name: text}))

    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("kind", FileKind)
@pytest.mark.parametrize("extends", [False, True])
def test_each_schema_is_draft_07_and_explains_itself(kind: FileKind, extends: bool) -> None:
    """It is a valid schema, closed, and each table has a title, each key a sentence."""
    made = schema(kind, extends=extends)
    jsonschema.Draft7Validator.check_schema(made)
    tables = {"": made, **made["definitions"]}
    silent = [(name, key) for name, table in tables.items() for key, shape in table["properties"].items() if not shape["description"].strip()]  # fmt: skip

    assert made["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert [name for name, table in tables.items() if not table["title"]] == []
    assert [n for n, t in tables.items() if t["additionalProperties"] is not False] == (
        {FileKind.CASES: ["case", "past"], FileKind.AREA: ["example"], FileKind.BOOK: []}[kind]
    )
    assert silent == []


def test_an_edition_that_extends_another_need_not_repeat_it() -> None:
    """Titles, dates and the choice of missing may stand in the edition below; a band still needs its level."""
    book = '[book]\nedition = "2"\nextends = "../1"\n[grace.g]\nuntil = 2021-03-31\n'
    area = "[kpi.k]\ntarget = 95\n"
    bad = f"{area}bands = [{{ from = 3 }}]\n"

    assert list(told({"book.toml": book, "a.toml": area})) == []
    assert len(list(told({"a.toml": area}))) == 2
    assert len(list(told({"book.toml": book, "a.toml": bad}))) == 1


def test_defaults_are_those_of_the_model() -> None:
    """What holds where a key is left out."""
    tables = schema(FileKind.AREA)["definitions"]
    defaults = {
        f"{table}.{key}": shape["default"]
        for table in ("kpi", "action", "area", "rollup", "grace")
        for key, shape in tables.get(table, {}).get("properties", {}).items()
        if "default" in shape
    }

    assert defaults == {
        "kpi.met": "at or beyond target",
        "kpi.persistence": 1,
        "kpi.basis": "stated",
        "kpi.critical": False,
        "kpi.weight": 1,
        "kpi.in_rollup": True,
        "kpi.requires_evidence": False,
        "kpi.suppress_zero": False,
        "action.complete": "green",
        "action.on_time": True,
        "action.critical": False,
        "action.weight": 1,
        "action.in_rollup": True,
        "action.requires_evidence": False,
    }


#: a rulebook with every table, each as short as it can be
WHOLE: dict[str, dict[str, Any]] = {
    "book.toml": {
        "book": {
            "title": "B", "edition": "1", "missing": "grey", "checks": {"RAG058": {"severity": "off", "reason": "R"}},
            "grace_budget": {"periods": 6},
        },
        "grace": {"g": {"from": date(2020, 4, 1), "until": date(2020, 6, 1), "reason": "R", "authority": "A", "suspend": True}},
        "rollup": {
            "rules": [{"rag": "green"}], "caps": [{"no_better_than": "amber", "when": "red >= 2"}],
            "floors": [{"no_worse_than": "amber", "when": "green >= 3"}],
        },
        "scale": {"levels": [
            {"id": level, "label": level, "symbol": level[0], "colour": "#000000"} for level in ("red", "amber", "green")
        ]},
    },
    "a.toml": {
        "area": {"title": "A"},
        "kpi": {
            "k": {
                "title": "K", "direction": "monitor", "entities": {"E": {"note": "N"}}, "examples": [{"rag": "grey"}],
                "grace": [{"from": date(2020, 4, 1), "until": date(2020, 6, 1), "reason": "R", "authority": "A", "suspend": True}],
            },
            "b": {"title": "B", "direction": "higher", "bands": [{"rag": "green"}]},
        },
        "action": {"a": {"title": "A", "due": "TBC"}},
    },
    "a.cases.toml": {"case": [{"name": "n", "kpi": "a.k", "history": [{"period": "Jul-20"}], "expect": {"rag": "grey"}}]},
}  # fmt: skip
Step = str | int
#: where each table of the schemas stands in it
PLACES: dict[str, tuple[str, tuple[Step, ...]]] = {
    "book.toml": ("book.toml", ()),
    "book": ("book.toml", ("book",)),
    "check": ("book.toml", ("book", "checks", "RAG058")),
    "budget": ("book.toml", ("book", "grace_budget")),
    "grace": ("book.toml", ("grace", "g")),
    "rollup": ("book.toml", ("rollup",)),
    "rule": ("book.toml", ("rollup", "rules", 0)),
    "cap": ("book.toml", ("rollup", "caps", 0)),
    "floor": ("book.toml", ("rollup", "floors", 0)),
    "scale": ("book.toml", ("scale",)),
    "level": ("book.toml", ("scale", "levels", 0)),
    "a.toml": ("a.toml", ()),
    "area": ("a.toml", ("area",)),
    "kpi": ("a.toml", ("kpi", "k")),
    "entity": ("a.toml", ("kpi", "k", "entities", "E")),
    "inline_grace": ("a.toml", ("kpi", "k", "grace", 0)),
    "example": ("a.toml", ("kpi", "k", "examples", 0)),
    "band": ("a.toml", ("kpi", "b", "bands", 0)),
    "action": ("a.toml", ("action", "a")),
    "a.cases.toml": ("a.cases.toml", ()),
    "case": ("a.cases.toml", ("case", 0)),
    "past": ("a.cases.toml", ("case", 0, "history", 0)),
    "expected": ("a.cases.toml", ("case", 0, "expect")),
}
TABLES: dict[str, dict[str, Any]] = {
    **{name: schema(kind_of(name)) for name in WHOLE},
    **{name: table for kind in FileKind for name, table in schema(kind)["definitions"].items()},
}
EVERY_KEY = sorted({key for table in TABLES.values() for key in table["properties"]})


def written(value: Any) -> str:
    """A TOML value on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def problems_with(name: str, change: Any) -> list[ragengine.Problem]:
    """What the loader says once the table of this name was changed."""
    documents = deepcopy(WHOLE)
    file, path = PLACES[name]
    table: Any = documents[file]
    for step in path:
        table = table[step]
    change(table)
    texts = {file: "\n".join(f"{key} = {written(value)}" for key, value in document.items()) for file, document in documents.items()}  # fmt: skip
    return load_rules(texts)[1]


def test_every_table_of_the_schemas_is_looked_at() -> None:
    """The tests below miss none, and what they change is sound."""
    assert PLACES.keys() == TABLES.keys()
    assert [p for p in problems_with("book", lambda table: None) if p.is_error] == []


@pytest.mark.parametrize("name", PLACES)
def test_a_table_of_the_schema_has_the_keys_that_the_loader_reads(name: str) -> None:
    """Each key of any table, put into this one: the loader knows it exactly where the schema has it."""
    known = []
    for key in EVERY_KEY:
        found = problems_with(name, lambda table, key=key: table.setdefault(key, True))
        unknown = {f"{key!r}", f"no {key} of its own"}
        if not any(p.code == "RAG004" and any(said in p.message for said in unknown) for p in found):
            known.append(key)

    assert known == sorted(TABLES[name]["properties"])


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if "required" in table])
def test_the_loader_misses_what_the_schema_requires(name: str) -> None:
    """Each required key, left out: an error; what the whole book leaves out, neither requires."""
    for key in TABLES[name]["required"]:
        assert any(p.is_error for p in problems_with(name, lambda table, key=key: table.pop(key))), key


def test_the_rule_reference_names_every_key() -> None:
    """A key that an editor offers can be looked up."""
    page = (ROOT / "docs/rules.md").read_text("utf-8") + (ROOT / "docs/data.md").read_text("utf-8")
    ours = {key for name in ("book", "area", "kpi", "action", "grace", "rollup", "scale", "level", "band") for key in TABLES[name]["properties"]}  # fmt: skip

    assert sorted(key for key in ours if key not in page) == []


def test_the_shipped_schemas_are_those_that_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """``ragengine schema KIND > src/ragengine/schemas/KIND.json`` mends it."""
    printed = {}
    for kind in FileKind:
        assert main(["schema", kind]) == 0
        printed[f"{kind}.json"] = capsys.readouterr().out
    for kind in (FileKind.BOOK, FileKind.AREA):
        assert main(["schema", kind, "--extends"]) == 0
        printed[f"{kind}-extends.json"] = capsys.readouterr().out

    assert {file.name: file.read_text("utf-8") for file in SHIPPED.iterdir()} == printed
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == printed["area.json"]


def test_the_plan_has_the_settings_that_are_written() -> None:
    """The plan's own folder uses the schemas where they are made."""
    assert (ROOT / "rules/tombi.toml").read_text("utf-8") == tombi_settings("../src/ragengine/schemas")


def test_write_puts_schemas_and_settings_beside_the_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rules are as good as before; settings of one's own are kept."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "tests/rulefiles/good/words", "rules")
    assert main(["schema", "--write", "rules"]) == 0

    assert (
        capsys.readouterr().out == "wrote book.json, area.json, cases.json to rules/schemas\nwrote rules/tombi.toml\n"
    )
    assert Path("rules/schemas/area.json").read_text("utf-8") == schema_text(FileKind.AREA)
    assert tomllib.loads(Path("rules/tombi.toml").read_text("utf-8"))["schemas"][0]["path"] == "schemas/book.json"
    assert ragengine.check("rules") == []

    Path("rules/tombi.toml").write_text("# mine\n", "utf-8")
    assert main(["schema", "--write", "rules"]) == 0
    assert "rules/tombi.toml is there already and is kept" in capsys.readouterr().out
    assert Path("rules/tombi.toml").read_text("utf-8") == "# mine\n"


def test_write_knows_an_edition_that_extends_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its schemas require nothing that the other may have."""
    shutil.copytree(ROOT / "tests/rulefiles/good/extends", tmp_path / "rules")

    assert main(["schema", "--write", str(tmp_path / "rules")]) == 0
    assert "extends another" in capsys.readouterr().out
    assert (tmp_path / "rules/schemas/area.json").read_text("utf-8") == schema_text(FileKind.AREA, extends=True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--write", "nowhere"], 3, "nowhere is no folder of rules: book.toml cannot be read"),
        (["book", "--write", "."], 2, "--write writes the schemas of all kinds"),
    ],
)
def test_what_cannot_be_written_is_said(
    arguments: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """No folder, or a kind that means nothing: and nothing is written."""
    monkeypatch.chdir(tmp_path)

    assert main(["schema", *arguments]) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


TOMBI = Path(sys.executable).parent / "tombi"


@pytest.fixture
def plan_copy(tmp_path: Path) -> Path:
    """The plan's rules where they can be changed, with schemas beside them."""
    if not TOMBI.exists():
        pytest.skip("tombi is not installed: it comes with the extra dev")
    folder = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", folder, ignore=shutil.ignore_patterns("tombi.toml"))
    assert main(["schema", "--write", str(folder)]) == 0
    return folder


def tombi(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and what tombi says, run in the folder."""
    done = subprocess.run(
        [TOMBI, *arguments, "--offline", "."], cwd=folder, capture_output=True, text=True, check=False,
        env={"NO_COLOR": "1", "PATH": "", "HOME": str(folder.parent)},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_the_editors_tool_finds_nothing_in_the_plan_and_every_fault_in_a_bad_copy(plan_copy: Path) -> None:
    """Tombi reads the settings, finds the schema of each kind of file, and underlines."""
    assert tombi(plan_copy, "lint", "--error-on-warnings")[0] == 0

    for name, good, bad in (
        ("book.toml", 'missing = "carry forward"', 'missing = "carry on"'),
        ("assessment.toml", 'direction   = "monitor"', 'direction   = "watch"'),
        ("assessment.cases.toml", "expect = {", "expects = {"),
    ):
        text = (plan_copy / name).read_text("utf-8")
        assert good in text
        (plan_copy / name).write_text(text.replace(good, bad, 1), "utf-8")
    code, said = tombi(plan_copy, "lint")

    assert code == 1
    assert 'the value must be one of ["grey", "red", "amber", "carry forward"], but found "carry on"' in said
    assert 'the value must be one of ["higher", "lower", "within", "monitor"], but found "watch"' in said
    assert '"expect" is required' in said


def test_the_editors_tool_formats_without_a_change_of_meaning(plan_copy: Path) -> None:
    """``tombi format`` moves tables and spaces: fingerprint, order within each kind and cases stay as they are."""
    before, _ = load_rules(plan_copy)
    assert tombi(plan_copy, "format")[0] == 0
    after, problems = load_rules(plan_copy)

    assert before is not None and after is not None
    assert problems == []
    assert after.fingerprint == before.fingerprint
    assert [list(after.areas), list(after.kpis), list(after.actions)] == [
        list(before.areas), list(before.kpis), list(before.actions)
    ]  # fmt: skip
    assert [case.fields for case in after.cases] == [case.fields for case in before.cases]
