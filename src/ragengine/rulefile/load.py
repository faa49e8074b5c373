"""Reads a folder of rule files: everything that is wrong with it at once, or the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import chain
from typing import Any

from attrs import evolve

from ..period import Calendar
from ..problem import Place, Problem, shorten, sorted_problems
from ..rulebook.action import Action
from ..rulebook.area import PROGRAMME, Area, RollupPolicy
from ..rulebook.expression import action_names, when_names
from ..rulebook.grace import Grace
from ..rulebook.kpi import Kpi
from ..rulebook.rules import Case, Rules
from ..terms import Missing, Scale
from ..toml.parse import parse_toml
from ..toml.positions import SourceMap
from ..toml.sources import Source, read_source
from .areas import read_rollup, read_scale
from .cases import read_cases
from .documents import Documents, documents_of
from .editions import Edition, extended
from .faults import Faults, TooManyFaults, near
from .fields import ACTION, AREA, AREA_FILE, BOOK, BOOK_FILE, GRACE, KPI
from .graces import GraceTable, read_grace
from .keys import as_meant, read_table
from .limits import with_children
from .measures import MeasureReader
from .references import check_areas, check_ids, check_names, check_reviews, check_scores, check_symbols
from .settings import as_set, read_budget, read_checks
from .values import id_fault, id_like

__all__ = ["SourceMap", "load_document", "load_rules", "load_with_faults"]

_HEADER = re.compile(r"((?:kpi|action|grace)\.[^\]\n]+|area|rollup|book)\]")
_DEFAULT_BOOK = '[book]\ntitle   = "Rules"\nedition = "-"\nmissing = "grey"\n'


def load_document(text: str, name: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    """One TOML text, with the limits of rule files; for data that is written in TOML."""
    return parse_toml(text, name)


def load_rules(
    folder: Source, *, as_at: date | None = None, instead: Mapping[str, str] | None = None
) -> tuple[Rules | None, list[Problem]]:
    """The rules of a folder, a mapping of file names to texts, an archive or resources, and every problem with them.

    Rules are None where there is an error. ``as_at`` is the day for what depends on one (reviews); without it those
    are not looked at. What ``[book.checks]`` turns off is not told. A mapping may lack ``book.toml``. ``instead`` are
    texts that stand in for files of the folder.
    """
    rules, faults = load_with_faults(folder, as_at=as_at, instead=instead)
    problems = sorted_problems(faults.problems())
    if rules is not None:
        off = [setting for setting in rules.checks if setting.severity == "off"]
        problems = as_set(off, problems)
    return rules, problems


def load_with_faults(
    folder: Source, *, as_at: date | None = None, instead: Mapping[str, str] | None = None
) -> tuple[Rules | None, Faults]:
    """The same, with the faults open for more: whoever checks further places what it finds as the loader does."""
    texts, problems, home = read_source(folder)
    if isinstance(folder, Mapping):
        texts.setdefault("book.toml", _DEFAULT_BOOK)
    elif not texts and problems:
        faults = Faults({}, {})
        faults.add_problems(problems)
        return None, faults
    if instead:
        texts = dict(sorted({**texts, **instead}.items()))
    documents, cases, found = documents_of(texts)
    problems += found
    edition = extended(documents, texts, home)
    problems += edition.problems
    loading = _Loading(texts, edition, cases, as_at)
    loading.faults.add_problems(problems)
    try:
        rules = loading.rules()
    except TooManyFaults:
        rules = None
    return (None if loading.faults.has_errors else rules), loading.faults


class _Loading:
    """One run of :func:`load_rules`."""

    def __init__(self, texts: Mapping[str, str], edition: Edition, cases: Documents, as_at: date | None) -> None:
        self.texts = texts
        self.documents = edition.documents
        self.changelog = edition.changelog
        self.case_documents = cases
        self.as_at = as_at
        self.faults = Faults(texts, edition.below)
        self.origins = {name: _origins(name, text) for name, text in texts.items()}
        for name, below in edition.below.items():
            for shown, text in below:
                self.origins[name] = _origins(shown, text) | self.origins.get(name, {})

    def rules(self) -> Rules | None:
        book = self.documents.get("book.toml")
        if book is None:
            if "book.toml" not in self.texts:
                place = Place("book.toml")
                self.faults.add_problems(
                    [Problem("RAG005", "there is no book.toml", place, hint="ragengine init makes one")]
                )
            book = {"book": {"title": "-", "edition": "-", "missing": "grey"}}
        self.documents = {file: self._as_meant(file, document) for file, document in self.documents.items()}
        book = dict(as_meant(book, BOOK_FILE, self.faults, "book.toml", (), what="table"))
        written, fields = self._book(book)
        checks = read_checks(written["checks"], self.faults) if "checks" in written else ()
        budget = read_budget(written["grace_budget"], self.faults) if "grace_budget" in written else None
        scale = read_scale(book, self.faults, "book.toml")
        missing = fields.get("missing")
        if missing in (Missing.RED, Missing.AMBER) and scale.get(missing) is None:
            said = f"the scale has no level {missing}"
            self.faults.add("book.toml", ("book", "missing"), "RAG017", said, "write grey or carry forward")
        calendar = Calendar(**{key: fields[key] for key in ("day_first", "year_starts") if key in fields})
        tables = self._grace_tables(book)
        rollup = RollupPolicy(file="book.toml")
        if "rollup" in book:
            rollup = self._rollup("book.toml", book, scale)
        graces = self._book_graces(tables, scale)
        reader = MeasureReader(scale, tables, graces, calendar, self.faults)
        areas, kpis, actions = self._areas(reader, scale)
        check_symbols(fields.get("symbols", {}), kpis.values(), self.faults)
        cases = self._cases(kpis)
        check_areas(areas, self.faults)
        areas, rollup = self._with_limits(areas, rollup, {**kpis, **actions})
        check_ids({"area": areas, "kpi": kpis, "action": actions}, self.faults)
        check_names(tables, "book.toml", ("grace",), self.faults)
        for kpi in kpis.values():
            if kpi.entities:
                path = ("kpi", kpi.name, "entities")
                check_names(kpi.entities, f"{kpi.area}.toml", path, self.faults, coded=True)
        if self.as_at is not None:
            check_reviews([*kpis.values(), *actions.values()], self.as_at, self.faults)
        if not kpis and not actions and not self.faults.has_errors:
            self.faults.add(
                "book.toml", (), "RAG034", "there are no KPIs here", "write [kpi.<id>] in <area>.toml", warning=True
            )
        if self.faults.has_errors:
            return None
        made = Rules(
            title=fields["title"],
            edition=fields["edition"],
            missing=fields["missing"],
            max_age=fields.get("max_age"),
            calendar=calendar,
            symbols=fields.get("symbols", {}),
            scale=scale,
            areas=dict(sorted(areas.items(), key=_area_order)),
            kpis=kpis,
            actions=actions,
            graces=graces,
            rollup=rollup,
            cases=tuple(cases),
            changelog=self.changelog,
            checks=checks,
            grace_budget=budget,
            document=self.documents,
        )
        check_scores(made, self.faults)
        return None if self.faults.has_errors else made

    def _with_limits(
        self, areas: Mapping[str, Area], rollup: RollupPolicy, rules: Mapping[str, Kpi | Action]
    ) -> tuple[dict[str, Area], RollupPolicy]:
        """Areas and the book's roll-up with the children that caps and floors name: known once all files are read."""
        made = {}
        for area in areas.values():
            own = area.rollup
            if own is not None:
                own = with_children(own, area.id, areas, rules, self.faults, f"{area.id}.toml")
            made[area.id] = area if own is area.rollup else evolve(area, rollup=own)
        return made, with_children(rollup, "", areas, rules, self.faults, "book.toml")

    def _origin(self, file: str, header: str) -> tuple[str, int]:
        """File and line of a table: in this edition, else in the nearest below it that has it."""
        return self.origins.get(file, {}).get(header, (file, 0))

    def _rollup(self, file: str, document: Mapping[str, Any], scale: Scale) -> RollupPolicy:
        shown, line = self._origin(file, "rollup")
        return evolve(read_rollup(document["rollup"], scale, self.faults, file, ("rollup",), line), file=shown)

    def _as_meant(self, file: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """The tables of an area's file, with the keys of its KPIs and actions as they are meant."""
        if file == "book.toml":
            return dict(document)
        made = dict(as_meant(document, AREA_FILE, self.faults, file, (), what="table"))
        for kind, keys in (("kpi", KPI), ("action", ACTION)):
            found = made.get(kind)
            if isinstance(found, dict):
                made[kind] = {
                    name: as_meant(raw, keys, self.faults, file, (kind, name), AREA_FILE)
                    if isinstance(raw, dict)
                    else raw
                    for name, raw in found.items()
                }
        return made

    def _book(self, book: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """The table ``[book]`` as it is meant, and its fields."""
        faults = self.faults
        raw = book.get("book")
        if not isinstance(raw, dict):
            faults.add("book.toml", (), "RAG005", "there is no [book]", "write title, edition and missing in [book]")
            return {}, {}
        raw, fields = read_table(raw, BOOK, faults, "book.toml", ("book",), BOOK_FILE)
        hints = {"missing": ' missing = "grey", "red", "amber" or "carry forward": it must be chosen'}
        for key in ("title", "edition", "missing"):
            if key not in raw:
                hint = f"write{hints[key]}" if key in hints else f"write {key} = …"
                faults.add("book.toml", ("book",), "RAG005", f"{key} is missing", hint)
        return raw, fields

    def _grace_tables(self, book: Mapping[str, Any]) -> dict[str, GraceTable]:
        raw = book.get("grace", {})
        if not isinstance(raw, dict):
            self.faults.add("book.toml", ("grace",), "RAG006", "grace is not a table", "write [grace.covid-19]")
            return {}
        found = {}
        for name, table in raw.items():
            if not isinstance(table, dict):
                hint = "write [grace.covid-19]"
                self.faults.add("book.toml", ("grace", name), "RAG004", f"unknown key {name!r}", hint, at_key=True)
                continue
            shown, line = self._origin("book.toml", f"grace.{name}")
            meant = as_meant(table, GRACE, self.faults, "book.toml", ("grace", name))
            found[name] = GraceTable(name, meant, "book.toml", ("grace", name), line, shown)
        return found

    def _book_graces(self, tables: Mapping[str, GraceTable], scale: Scale) -> dict[str, Grace]:
        """Each grace of the book once with general names, so that one nobody opted into is checked too."""
        declared = dict.fromkeys(chain.from_iterable(self._inputs().values()), when_names()["value"])
        names = when_names() | action_names() | declared
        owner = {"unit": "", "direction": "higher"}
        made = {}
        for table in tables.values():
            effect_needs_owner = {"target", "tolerance"} & table.raw.keys()
            grace = None if effect_needs_owner else read_grace(table, names, owner, scale, self.faults)
            if grace is not None:
                made[table.name] = grace
        return made

    def _inputs(self) -> dict[str, tuple[str, ...]]:
        """The extra numbers that each KPI declares, whether or not it can be read."""
        found = {}
        for file, document in self.documents.items():
            kpis = document.get("kpi", {})
            for name, kpi in kpis.items() if isinstance(kpis, dict) else ():
                inputs = kpi.get("inputs") if isinstance(kpi, dict) else None
                if isinstance(inputs, list):
                    own = tuple(one for one in inputs if isinstance(one, str))
                    found[f"{file.removesuffix('.toml')}.{name}"] = own
        return found

    def _areas(self, reader: MeasureReader, scale: Scale) -> tuple[dict[str, Area], dict[str, Kpi], dict[str, Action]]:
        areas: dict[str, Area] = {}
        kpis: dict[str, Kpi] = {}
        actions: dict[str, Action] = {}
        for file, document in self.documents.items():
            if file == "book.toml":
                continue
            area_id = file.removesuffix(".toml")
            area = self._area(area_id, file, document, scale)
            if area is not None:
                areas[area_id] = area
            kinds: tuple[tuple[str, dict[str, Any]], ...] = (("kpi", kpis), ("action", actions))
            for kind, made in kinds:
                for name, raw in self._measures(document, kind, file):
                    shown, line = self._origin(file, f"{kind}.{name}")
                    read = reader.kpi if kind == "kpi" else reader.action
                    rule = read(area_id, name, raw, file, line)
                    if rule is not None and shown != file:
                        rule = _inherited(rule, shown)
                    if rule is not None:
                        made[rule.id] = rule
            for name in self._names(document, "kpi") & self._names(document, "action"):
                said = f"a KPI and an action are both called {area_id}.{name}"
                self.faults.add(file, ("action", name), "RAG009", said, "give one of them another id", at_key=True)
        return areas, kpis, actions

    @staticmethod
    def _names(document: Mapping[str, Any], kind: str) -> set[str]:
        found = document.get(kind, {})
        return set(found) if isinstance(found, dict) else set()

    def _measures(self, document: Mapping[str, Any], kind: str, file: str) -> list[tuple[str, Mapping[str, Any]]]:
        tables = document.get(kind, {})
        if not isinstance(tables, dict):
            self.faults.add(file, (kind,), "RAG006", f"{kind} is not a table", f"write [{kind}.<id>]")
            return []
        found: list[tuple[str, Mapping[str, Any]]] = []
        for name, raw in tables.items():
            if isinstance(raw, dict):
                found.append((name, raw))
            else:
                said = f"{kind}.{shorten(name, 40)} is not a table"
                self.faults.add(file, (kind, name), "RAG006", said, f"write [{kind}.<id>]")
        return found

    def _area(self, area_id: str, file: str, document: Mapping[str, Any], scale: Scale) -> Area | None:
        faults = self.faults
        fault = id_fault(area_id)
        if fault:
            said = fault.replace("the id", "the file name")
            hint = f"it is the area's id: name the file {id_like(area_id) or 'early-help'}.toml"
            faults.add(file, (), "RAG007", said, hint)
        elif area_id == PROGRAMME:
            said = f"{PROGRAMME!r} is the roll-up of all areas, and no area can have its id"
            faults.add(file, (), "RAG007", said, "name the file otherwise; the title may be any text")
        raw = document.get("area")
        if not isinstance(raw, dict):
            hint = (
                "write title = … in [area]"
                if document
                else "no KPIs here: write [area] and [kpi.<id>], or remove the file"
            )
            faults.add(file, (), "RAG005", "the file has no [area]", hint)
            return None
        raw, fields = read_table(raw, AREA, faults, file, ("area",), AREA_FILE)
        if "title" not in raw:
            faults.add(file, ("area",), "RAG005", "title is missing", "write what the area is called")
        if "title" not in fields:
            return None
        rollup = None
        if "rollup" in document:
            rollup = self._rollup(file, document, scale)
        shown, line = self._origin(file, "area")
        return Area(id=area_id, rollup=rollup, file=shown, line=line, **fields)

    def _cases(self, kpis: Mapping[str, Kpi]) -> list[Case]:
        if not self.case_documents:
            return []
        inputs = self._inputs() | {kpi.id: kpi.inputs for kpi in kpis.values()}
        found: list[Case] = []
        for file, document in self.case_documents.items():
            area = file.partition(".")[0]
            # a file that is there and cannot be read has been told
            if f"{area}.toml" not in self.documents and f"{area}.toml" not in self.texts:
                known = [name.removesuffix(".toml") for name in self.documents]
                hint = near(area, known) or "the file's name begins with an area's id"
                self.faults.add(file, (), "RAG019", f"no area is called {shorten(area, 40)!r}", hint)
            found += read_cases(document, file, self.texts[file], inputs, self.faults)
        return found


def _inherited(rule: Kpi | Action, shown: str) -> Kpi | Action:
    """A rule that only an extended edition writes, with the file that it stands in."""
    if isinstance(rule, Action):
        return evolve(rule, file=shown)
    entities = {entity: evolve(own, file=shown) for entity, own in rule.entities.items()}
    return evolve(rule, file=shown, entities=entities)


def _origins(file: str, text: str) -> dict[str, tuple[str, int]]:
    """File and line of the tables that an explanation names, by header, found without a full scan."""
    origins: dict[str, tuple[str, int]] = {}
    line = 0
    for part in f"\n{text}".split("\n["):
        match = _HEADER.match(part)
        if match:
            origins.setdefault(match[1].replace('"', ""), (file, line))
        line += part.count("\n") + 1
    return origins


def _area_order(item: tuple[str, Area]) -> tuple[bool, int, str]:
    area = item[1]
    return (area.order is None, area.order or 0, area.id)
