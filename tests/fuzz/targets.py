"""What is fuzzed: each target makes one input from a random generator and gives it to the engine.

Only RagError may come out. What loads is used too: its KPIs are rated, its data scored, and each says why.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import ragengine
from ragengine.importing.importing import import_sheet
from ragengine.importing.sheet import read_sheet
from ragengine.narrative import check_narrative
from ragengine.workbench.editing.edit import edited

from .mutating import NASTY, mutated, mutated_bytes

__all__ = ["TARGETS", "Target"]

HERE = Path(__file__).resolve().parents[1]
PLAN = HERE.parent / "rules"

#: makes an input and gives it to the engine, in a folder of its own; returns the input, to be kept should it fail
Target = Callable[[random.Random, Path, Callable[[str | bytes], None]], None]

RULES = {
    "book.toml": (
        '[book]\ntitle = "T"\nedition = "E"\nmissing = "carry forward"\n[grace.closed]\nfrom = 2020-03-23\nuntil = 2020-09-30\n'
        'no_worse_than = "amber"\nreason = "Closed"\nauthority = "Board"\n[rollup]\nminimum_coverage = "60%"\nrules = [\n'
        '{ rag = "red", when = "critical_red >= 1 or red > rated / 2" },\n{ rag = "amber", when = "red >= 1" },\n'
        '{ rag = "green" }]\n'
    ),
    "a.toml": (
        '[area]\ntitle = "A"\n[kpi.k]\ntitle = "K"\nunit = "%"\ndirection = "higher"\n'
        'target = { 2019-04-01 = 85, 2020-04-01 = 90 }\ntolerance = "10 pp"\ndecimals = 1\ngrace = ["closed"]\n'
        '[[kpi.k.examples]]\nvalue = 93\nrag = "green"\n'
        '[kpi.f]\ntitle = "F"\nunit = "%"\ndirection = "higher"\ntarget = 80\ntolerance = "5 pp"\ninputs = ["seen", "due"]\n'
        'formula = "100 * seen / due"\nvalid = { min = 0, max = 100 }\n'
        '[kpi.b]\ntitle = "B"\nunit = "days"\ndirection = "lower"\nbands = [{ rag = "green", to = 5 }, { rag = "amber", above = 5, to = 9 }, '
        '{ rag = "red", above = 9 }]\n[kpi.w]\ntitle = "W"\nwords = { no = "red", yes = "green" }\n'
        '[kpi.r]\ntitle = "R"\nunit = "days"\ndirection = "within"\ntarget = { min = 3, max = 9 }\ntolerance = "10% of target"\n'
        '[action.do]\ntitle = "Do"\ndue = "Sep-20"\nwarning = "28 days"\ntolerance = "0 days"\ngrace = ["closed"]\n'
    ),
}
_PERIODS = ("2020-07", "Jul-20", "Q1 2020/21", "2020/21", "2020-06-30")
_VALUES = ("90", "84.5", "c", "", "0", "yes", "n/a", "12 [p]")


@cache
def _book() -> ragengine.Rulebook:
    return ragengine.load(RULES)


@cache
def _rule_texts() -> list[str]:
    small = [path for path in sorted((HERE / "rulefiles").rglob("*.toml")) if path.stat().st_size < 3000]
    return [*RULES.values(), *(path.read_text(encoding="utf-8", errors="replace") for path in small)]


def _used(book: ragengine.Rulebook) -> None:
    """Rates each KPI and action of a rulebook, and asks why."""
    for kpi in book.rules.kpis:
        for value in (90, "", "abc", -1e14):
            rating = book.rate(kpi, value, period="2020-07")
            rating.explain()
            rating.explanation.to_dict()
    for action in book.rules.actions:
        book.rate(action, "in progress", as_at="2020-07-31").explain()


def rules(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """A rulebook with one file mutated: checked, loaded, and every KPI rated."""
    files = dict(RULES)
    name = rng.choice((*files, "a.toml", "a.toml"))
    files[name] = mutated(files[name] if rng.random() < 0.8 else rng.choice(_rule_texts()), rng, _rule_texts())
    keep(json.dumps(files))
    ragengine.check(files)
    _used(ragengine.load(files))


def _rows(rng: random.Random) -> list[dict[str, str]]:
    return [
        {"kpi": f"a.{rng.choice('kfbwr')}", "period": rng.choice(_PERIODS), "value": rng.choice(_VALUES), "seen": "7", "due": "9",
         "numerator": rng.choice(("", "84")), "denominator": rng.choice(("", "100")), "entity": rng.choice(("", "E1")), "causes": ""}
        for _ in range(4)
    ]  # fmt: skip


def _scored(path: Path) -> None:
    data = ragengine.read(path)
    card = _book().score(data, "2020-09")
    for rating in card.ratings.values():
        rating.explanation.to_dict()
    counts = card.rows
    assert counts.read == counts.rated + counts.grey + counts.rejected, counts


def csv(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """A file of measurements or action reports as CSV, read and scored; every row is counted."""
    rows = _rows(rng)
    text = "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)])
    name = "measurements.csv"
    if rng.random() < 0.2:
        name = "actions.csv"
        text = "action,as_at,status,progress,completed_on\na.do,2020-07-31,in progress,50,\na.do,2020-08-31,complete,100,2020-08-14\n"
    _of_file(folder / name, mutated(text, rng, [text]), keep)


_CELLS: tuple[object, ...] = (None, True, False, 0, -1, 1e300, 0.1, 10**40, [], ["a", "b"], [1], {}, {"a": [1]}, *NASTY)


def json_data(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """A file of measurements as JSON: cells of every type, or the text changed."""
    rows: list[dict[str, object]] = [{**row} for row in _rows(rng)]
    for _ in range(rng.randrange(4)):
        row = rng.choice(rows)
        row[rng.choice((*row, "target", "excluded", "evidence", "note", rng.choice(NASTY)))] = rng.choice(_CELLS)
    text = json.dumps(rows, indent=rng.choice((None, 1)))
    _of_file(folder / "measurements.json", text if rng.random() < 0.6 else mutated(text, rng, [text]), keep)


def xlsx(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """A workbook, its bytes and the texts of its parts changed."""
    _of_file(folder / "measurements.xlsx", _workbook(rng), keep)


def _of_file(path: Path, content: str | bytes, keep: Callable[[str | bytes], None]) -> None:
    keep(content)
    path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    _scored(path.parent)


@cache
def _sheets() -> Mapping[str, bytes]:
    import io
    import zipfile

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["kpi", "period", "value", "numerator", "denominator"])
    for row in (
        ["a.k", "2020-07", 0.84, None, None],
        ["a.b", "2020-07", 4, None, None],
        ["a.f", "Jul-20", "c", 84, 100],
    ):
        sheet.append(row)
    sheet["C2"].number_format = "0.0%"
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _workbook(rng: random.Random) -> bytes:
    import io
    import zipfile

    parts = dict(_sheets())
    name = rng.choice(("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml", *parts))
    if rng.random() < 0.9:
        parts[name] = mutated(parts[name].decode(), rng, [parts[name].decode()]).encode("utf-8", "surrogatepass")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return out.getvalue() if rng.random() < 0.8 else mutated_bytes(out.getvalue(), rng)


_OVERRIDES = (
    '[[override]]\nsubject = "a.k"\nrag = "amber"\nfrom = 2020-06-01\nuntil = 2020-12-31\nreason = "R"\nauthority = "Board"\n'
    '[[override]]\nsubject = "a"\nno_better_than = "amber"\nfrom = 2020-06-01\nuntil = 2020-12-31\nreason = "R"\nauthority = "B"\n'
)
_NARRATIVE = (
    '[a]\nkey_developments = ["Measure K was 84% in July 2020, up from 81% in June, and is Amber.", "7 of 9 were seen (78%)."]\n'
    'key_risks = ["Two of the three actions are late; K is red at 79.5% against a target of 90%."]\n'
    'progress = [{ text = "We reduced the backlog by 12, from 40 to 28.", evidence = "a.k" }]\n'
)


def toml_data(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """Overrides and narrative beside sound measurements."""
    name, text = rng.choice((("overrides.toml", _OVERRIDES), ("narrative.toml", _NARRATIVE)))
    (folder / "measurements.csv").write_text("kpi,period,value\na.k,2020-07,84\n", encoding="utf-8")
    _of_file(folder / name, mutated(text, rng, [text]), keep)


def narrative(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """Sentences of a report, held against the ratings."""
    (folder / "measurements.csv").write_text(
        "kpi,period,value\na.k,2020-06,81\na.k,2020-07,84\na.b,2020-07,4\n", encoding="utf-8"
    )
    text = mutated(_NARRATIVE, rng, [_NARRATIVE])
    keep(text)
    (folder / "narrative.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    check_narrative(_book(), folder)


def set_value(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """``ragengine set``: an id and a value as somebody types them, in a rulebook as it is or mutated."""
    files = dict(RULES)
    if rng.random() < 0.3:
        files["a.toml"] = mutated(files["a.toml"], rng, _rule_texts())
    keys = (
        "target",
        "tolerance",
        "title",
        "direction",
        "bands",
        "valid",
        "grace",
        "due",
        "words",
        "entities.E1.target",
        "examples",
    )
    subject = rng.choice(("a.k", "a.f", "a.b", "a.w", "a.r", "a.do", "a", "book", "book.grace.closed"))
    given = f"{subject}.{rng.choice(keys)}"
    given = given if rng.random() < 0.8 else mutated(given, rng, [given])
    value = rng.choice((*NASTY, "91", '"5 pp"', "{ 2020-01-01 = 5 }", "[1, 2]", "{ min = 0, max = 3 }"))
    value = value if rng.random() < 0.7 else mutated(value, rng, NASTY)
    keep(json.dumps([files, given, value]))
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    edited(folder, given, value)


_SHEET = (
    "Area,Ref,Indicator,Good is,Unit,Target 2019/20,Target 2020/21,Tolerance,Apr-20,May-20,Q1\n"
    "Assessment,1.1,Assessments in 45 days,Higher is better,%,85%,90%,10%,84%,86.5%,85%\n"
    "Assessment,1.2,Days to first visit,Lower,days,<=10,<=9,2,11,9,10\n"
    "Early help,2.1,Open cases,Monitor,number,n/a,n/a,,1234,1250,\nEarly help,2.2,Plans agreed,Yes/No,,Yes,Yes,,Yes,No,\n"
)


def importing(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """``ragengine import``: a sheet of KPIs as somebody keeps it."""
    text = mutated(_SHEET, rng, [_SHEET])
    keep(text)
    (folder / "sheet.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    import_sheet(read_sheet(folder / "sheet.csv"))


@cache
def _card() -> str:
    data = ragengine.Data.of(
        measurements=[{"kpi": f"a.{k}", "period": p, "value": 5} for k in "kbr" for p in ("2020-06", "2020-07")]
    )
    return _book().score(data, "2020-07").to_json()


def _with_others_inside(text: str, rng: random.Random) -> str:
    """A JSON document with one to three of its values, wherever they stand, changed for others."""
    document = json.loads(text)
    for _ in range(rng.choice((1, 1, 2, 3))):
        here = document
        while True:
            key = rng.choice(list(here) if isinstance(here, dict) else range(len(here)))
            if not isinstance(here[key], dict | list) or not here[key] or rng.random() < 0.1:
                break
            here = here[key]
        here[key] = rng.choice((*_CELLS, here[key], "-1", "1/3", "2020-13", "amber"))
    return json.dumps(document)


def scorecard(rng: random.Random, folder: Path, keep: Callable[[str | bytes], None]) -> None:
    """A scorecard's JSON, its text or its values changed, read back and used as the previous one."""
    text = mutated(_card(), rng, [_card()]) if rng.random() < 0.4 else _with_others_inside(_card(), rng)
    keep(text)
    card = ragengine.Scorecard.from_json(text)
    card.to_json()
    data = ragengine.Data.of(measurements=[{"kpi": "a.k", "period": "2020-08", "value": 84}])
    _book().score(data, "2020-08", card).to_json()


TARGETS: dict[str, Target] = {
    "rules": rules,
    "csv": csv,
    "json": json_data,
    "xlsx": xlsx,
    "toml": toml_data,
    "set": set_value,
    "import": importing,
    "narrative": narrative,
    "scorecard": scorecard,
}


def emptied(folder: Path) -> Path:
    """The folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
