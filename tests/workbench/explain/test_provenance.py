"""Where each key comes from: the file and line that are named hold it, whichever edition, table or grace writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import fields_dict

import ragengine
from ragengine.rulebook.kpi import Kpi
from ragengine.rulefile.provenance import Origins, origins_of
from ragengine.workbench.explain.settings import Setting, action_settings, area_settings, kpi_settings

ROOT = Path(__file__).resolve().parent.parent.parent.parent
GOOD = ROOT / "tests" / "rulefiles" / "good"


def settings_of(folder: Path) -> list[Setting]:
    """Every setting of every KPI, its entities', every action and area of a folder."""
    rules, origins = ragengine.load(folder).rules, origins_of(folder)
    found: list[Setting] = []
    for kpi in rules.kpis.values():
        for entity in (None, *kpi.entities):
            found += kpi_settings(rules, kpi, entity, origins)
    for action in rules.actions.values():
        found += action_settings(rules, action, origins)
    for area in rules.areas:
        found += area_settings(rules, area, origins)
    return found


def by_key(settings: tuple[Setting, ...]) -> dict[str, str]:
    """The source of each key, in words."""
    return {setting.key: setting.source for setting in settings}


def load(folder: Path, **files: str) -> tuple[ragengine.rulebook.rules.Rules, Origins]:
    """Rules and origins of texts, written into a folder; ``earlier`` names are those of the edition below."""
    for name, text in files.items():
        edition, _, file = name.rpartition("__")
        (folder / edition).mkdir(parents=True, exist_ok=True)
        (folder / edition / f"{file}.toml").write_text(text, encoding="utf-8")
    own = folder / "later" if (folder / "later").is_dir() else folder
    return ragengine.load(own).rules, origins_of(own)


@pytest.mark.parametrize("folder", [ROOT / "rules", *sorted(GOOD.iterdir())], ids=lambda path: path.name)
def test_the_line_that_is_named_holds_the_key(folder: Path) -> None:
    """Read as plain text, the named line of the named file writes the key and what stands for it; none is unplaced."""
    settings = settings_of(folder)
    lines = {path: path.read_text("utf-8").splitlines() for path in folder.rglob("*.toml")}
    for setting in settings:
        if setting.layer == "default":
            assert (setting.file, setting.line) == ("", 0)
            continue
        line = lines[folder / setting.file][setting.line - 1]
        key = setting.key.rpartition(": ")[2]
        for needle in _needles(key, setting.value):
            assert needle in line, (setting, line)
    assert any(setting.layer != "default" for setting in settings)


def _needles(key: str, value: str) -> list[str]:
    """What must stand on the line of a key: itself, or for a part of a list or table the part."""
    if " from " in key:
        return [key.partition(" from ")[2], value.strip("{ }").split(" ")[-1]]
    name, _, part = key.partition(" ")
    if part.isdigit():
        return [value.split(" = ")[1].split(",")[0].split(" ")[0]]
    if key == "grace":
        return [value]
    if key == "rollup":
        return ["[rollup]"]
    return [name.rpartition(".")[2]]


def test_every_key_that_is_written_is_shown(plan: ragengine.Rulebook) -> None:
    """For each KPI of the plan the keys of its table, its examples apart, are all among its settings."""
    origins = origins_of(ROOT / "rules")
    for kpi in plan.rules.kpis.values():
        written = set(plan.rules.document[f"{kpi.area}.toml"]["kpi"][kpi.name]) - {"examples", "entities"}
        shown = {setting.key.partition(" ")[0] for setting in kpi_settings(plan.rules, kpi, None, origins)}
        assert written <= shown, kpi.id


def test_keys_of_the_plan_checked_by_hand(plan: ragengine.Rulebook) -> None:
    """A KPI's own, the book's, and what nobody wrote."""
    origins = origins_of(ROOT / "rules")
    found = by_key(kpi_settings(plan.rules, plan.rules.kpis["early-help.seen-10-days"], None, origins))

    assert found["target"] == "early-help.toml:30 (KPI)"
    assert found["missing"] == "book.toml:7 (book)"
    assert found["rollup"] == "book.toml:25 (book)"
    assert found["decimals"] == "default"
    action = by_key(action_settings(plan.rules, plan.rules.actions["lscp.neglect-toolkit-feedback"], origins))
    assert action["covid-19-survey: extend_due"] == "book.toml:21 (grace)"
    assert action["on_time"] == "default"


EARLIER_BOOK = '[book]\ntitle = "Plan"\nedition = "2019-20"\nmissing = "grey"\n'
EARLIER_AREA = """\
[area]
title = "A"

[kpi.k]
title     = "K"
unit      = "%"
direction = "higher"
target    = { 2019-04-01 = 85 }
tolerance = "10 pp"
"""


def test_an_edition_says_key_by_key_which_one_wrote_it(tmp_path: Path) -> None:
    """A table of dates is merged date by date; each date stands where its edition wrote it."""
    later = '[kpi.k]\ntarget = { 2020-04-01 = 90 }\n[kpi.k.entities."E1"]\ntolerance = "5 pp"\n'
    rules, origins = load(
        tmp_path,
        earlier__book=EARLIER_BOOK,
        earlier__a=EARLIER_AREA,
        later__book='[book]\nedition = "2020-21"\nextends = "../earlier"\n',
        later__a=later,
    )
    found = by_key(kpi_settings(rules, rules.kpis["a.k"], "E1", origins))

    assert found["target from 2019-04-01"] == "../earlier/a.toml:8 (KPI, edition 2019-20)"
    assert found["target from 2020-04-01"] == "a.toml:2 (KPI)"
    assert found["tolerance"] == "a.toml:4 (entity E1)"
    assert found["missing"] == "../earlier/book.toml:4 (book, edition 2019-20)"


def test_a_kpi_written_anew_stands_where_it_is_written(tmp_path: Path) -> None:
    """An edition that removes a KPI and writes it again takes nothing from the one below."""
    rules, origins = load(
        tmp_path,
        earlier__book=EARLIER_BOOK,
        earlier__a=EARLIER_AREA,
        later__book='[book]\nedition = "2020-21"\nextends = "../earlier"\n',
        later__a='remove = ["k"]\n[kpi.k]\ntitle = "K"\ndirection = "monitor"\n',
    )
    found = by_key(kpi_settings(rules, rules.kpis["a.k"], None, origins))

    assert (found["title"], found["direction"], found["unit"]) == ("a.toml:3 (KPI)", "a.toml:4 (KPI)", "default")
    assert "target" not in found


def test_a_default_is_what_the_model_holds(tmp_path: Path) -> None:
    """A default is asked of the model, so that it cannot be told wrongly."""
    rules, origins = load(tmp_path, book=EARLIER_BOOK, a=EARLIER_AREA)
    shown = {s.key: s.value for s in kpi_settings(rules, rules.kpis["a.k"], None, origins) if s.layer == "default"}

    assert shown["persistence"] == str(fields_dict(Kpi)["persistence"].default)
    assert (shown["in_rollup"], shown["critical"], shown["met"]) == ("true", "false", "at or beyond target")
    assert shown["rollup"] == "worst"


def test_texts_without_a_folder_have_origins_too() -> None:
    """A mapping of texts is placed by its file names."""
    found = origins_of({"book.toml": EARLIER_BOOK, "a.toml": EARLIER_AREA}).of("a.toml", ("kpi", "k", "unit"))

    assert found is not None
    assert (str(found.place), found.edition, found.inherited) == ("a.toml:6:1", "2019-20", False)
    assert origins_of({"a.toml": EARLIER_AREA}).of("a.toml", ("kpi", "k", "decimals")) is None
