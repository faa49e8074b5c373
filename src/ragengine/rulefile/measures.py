"""KPI and action tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from attrs import evolve

from ..period import Calendar
from ..problem import Severity
from ..rulebook.action import Action
from ..rulebook.comparison import LIMITS, Comparison, bands_of
from ..rulebook.dated import Dated
from ..rulebook.expression import Expression, NameKind, action_names, formula_names, when_names
from ..rulebook.fault import Fault
from ..rulebook.grace import Grace
from ..rulebook.judged import as_judged, with_ids
from ..rulebook.kpi import Example, Kpi
from ..rulebook.measure import Band
from ..rulebook.soundness import action_faults, is_plainly_sound, kpi_faults
from ..terms import Direction, Missing, Scale
from ..toml.positions import Path
from .case_keys import EXAMPLE, UNDECLARED
from .case_values import check_values
from .faults import Faults, Wrong
from .fields import ACTION, AREA_FILE, ENTITY, KPI
from .graces import GraceTable, expression_of, graces_of
from .keys import Role, as_meant, read_table
from .values import id_fault, id_like, table, tables, wrong_type

__all__ = ["PLAIN", "MeasureReader"]


class MeasureReader:
    """Reads the KPIs and actions of a book's area files."""

    def __init__(
        self,
        scale: Scale,
        graces: Mapping[str, GraceTable],
        ready: Mapping[str, Grace],
        calendar: Calendar,
        faults: Faults,
    ) -> None:
        self.scale = scale
        self.graces = graces
        self.ready = {name: grace for name, grace in ready.items() if grace.when is None}
        self.calendar = calendar
        self.faults = faults

    def kpi(self, area: str, name: str, raw: Mapping[str, Any], file: str, line: int) -> Kpi | None:
        """One ``[kpi.<name>]`` table with its entities' own."""
        path: Path = ("kpi", name)
        kpi = self._kpi(f"{area}.{name}", raw, file, path, line)
        if kpi is None or "entities" not in raw:
            return kpi
        entities = {}
        for entity, written in table(raw["entities"]).items():
            if not isinstance(written, dict):
                self.faults.add(file, (*path, "entities", entity), "RAG006", "an entity is a table")
                continue
            at: Path = (*path, "entities", entity)
            own = as_meant(written, KPI, self.faults, file, at, AREA_FILE)
            for key in own:
                if key in KPI and key not in ENTITY:
                    said = f"an entity has no {key} of its own"
                    self.faults.add(file, (*at, key), "RAG004", said, "leave it out", at_key=True)
            shared = {key: value for key, value in raw.items() if key in ENTITY}
            made = self._kpi(kpi.id, {**shared, **own}, file, at, line)
            if made is not None:
                entities[entity] = made
        return evolve(kpi, entities=entities)

    def _kpi(self, kpi_id: str, raw: Mapping[str, Any], file: str, path: Path, line: int) -> Kpi | None:
        faults = self.faults
        raw, fields = read_table(raw, KPI, faults, file, path, AREA_FILE, self.calendar)
        own = kpi_id.partition(".")[2]
        fault = id_fault(own)
        if fault:
            hint = f"write {id_like(own) or 'children-seen-in-time'}"
            faults.add(file, path, "RAG007", fault, hint, at_key=True)
        if "title" not in raw:
            faults.add(file, path, "RAG005", "title is missing", "write what is measured")
        if "entities" in raw and not isinstance(raw["entities"], dict):
            faults.add_wrong(file, (*path, "entities"), wrong_type(raw["entities"], "a table"))
            return None
        inputs = fields.get("inputs", ())
        formula: Expression | None = None
        graces: tuple[Grace, ...] = ()
        if "formula" in raw:
            formula = expression_of(raw, "formula", formula_names(inputs), NameKind.NUMBER, faults, file, path)
        if "grace" in raw:
            graces = self._graces(raw, lambda: when_names(inputs), file, path, action=False)
        plain = _USUAL <= raw.keys() <= PLAIN
        complete = plain or self._complete(raw, file, path)
        if "title" not in fields or not complete:
            return None
        if len(fields) < len(raw) and any(key in raw and KPI[key].field not in fields for key in _RULING):
            return None
        examples = self._examples(raw, inputs, file, path) if "examples" in raw else ()
        if "bands" in fields:
            fields["bands"] = fields["bands"].mapped(lambda bands: self._bands(bands, fields.get("decimals")))
        if "words" in fields:
            fields["words"] = tuple((word, self.scale.id_of(level)) for word, level in fields["words"])
        if "compare" in fields:
            fields.update(self._compared(fields))
        kpi = Kpi(id=kpi_id, formula=formula, graces=graces, examples=examples, file=file, line=line, **fields)
        if not (plain and is_plainly_sound(kpi, self.scale)):
            self._crosscheck(kpi, file, path)
        return kpi

    def _compared(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What a comparison makes of the rule: its bands, its levels by their ids, and the columns of the interval."""
        said: Comparison = fields["compare"]
        sides = {side: self.scale.id_of(getattr(said, side)) for side in ("better", "similar", "worse")}
        compare = evolve(said, **sides)
        inputs = (*fields.get("inputs", ()), *LIMITS)
        direction = fields.get("direction", Direction.HIGHER)
        return {
            "compare": compare,
            "inputs": tuple(dict.fromkeys(inputs)),
            "bands": Dated.of(bands_of(compare, direction)),
        }

    def _bands(self, bands: tuple[Band, ...], decimals: int | None = None) -> tuple[Band, ...]:
        """Bands by the ids of their levels, as values of so many decimals see them."""
        named = with_ids(bands, self.scale)
        return named if decimals is None else as_judged(named, decimals, self.scale)

    def _graces(
        self,
        raw: Mapping[str, Any],
        names: Callable[[], Mapping[str, NameKind]],
        file: str,
        path: Path,
        *,
        action: bool,
    ) -> tuple[Grace, ...]:
        return graces_of(raw, self.graces, self.ready, names, self.scale, self.faults, file, path, action=action)

    def _complete(self, raw: Mapping[str, Any], file: str, path: Path) -> bool:
        """Whether exactly one thing makes the bands; each clash or lack is a fault."""
        if raw.keys() >= _USUAL and raw.keys().isdisjoint(_UNUSUAL):
            return True
        faults, before = self.faults, self.faults.has_errors
        monitored = raw.get("direction") == Direction.MONITOR
        words, bands, target = "words" in raw, "bands" in raw, "target" in raw
        if "direction" not in raw and not words:
            hint = 'write direction = "higher", "lower", "within" or "monitor"'
            faults.add(file, path, "RAG005", "direction is missing", hint)
        if monitored:
            return True
        if not (words or bands or target):
            hint = 'write target = 90, target = "none", bands = […], words = {…} or direction = "monitor"'
            faults.add(file, path, "RAG005", "target is missing", hint)
            return False
        if words:
            for key in ("bands", "target", "tolerance", "amber", "formula", "decimals", "valid", "confidence"):
                if key in raw:
                    faults.add(
                        file, (*path, key), "RAG016", f"words and {key} exclude each other", "leave one", at_key=True
                    )
        if "amber" in raw and "tolerance" in raw:
            said = "amber and tolerance both say where amber ends"
            faults.add(file, (*path, "amber"), "RAG016", said, "leave one", at_key=True)
        if bands:
            for key in ("tolerance", "amber", "met", "compare"):
                if key in raw:
                    said = f"bands and {key} exclude each other"
                    faults.add(file, (*path, key), "RAG016", said, "leave one", at_key=True)
            if target and not _target_is_read(raw):
                said = "target beside bands is read by nothing"
                hint = 'leave one, or let an edge be "105% of target" or a formula read target'
                faults.add(file, (*path, "target"), "RAG016", said, hint, at_key=True)
        elif "compare" in raw:
            for key in ("tolerance", "amber", "words", "met", "decimals"):
                if key in raw:
                    said = f"compare and {key} exclude each other"
                    faults.add(file, (*path, key), "RAG016", said, "leave one", at_key=True)
        elif target and not words and "tolerance" not in raw and "amber" not in raw and raw["target"] != "none":
            hint = 'write tolerance = "10 pp", amber = 80, or tolerance = 0 for no amber'
            faults.add(file, path, "RAG005", "tolerance is missing", hint)
        if raw.get("direction") == Direction.WITHIN and "amber" in raw:
            said = "amber is one line, and a range has two"
            faults.add(
                file, (*path, "amber"), "RAG016", said, "write tolerance = { below = …, above = … }", at_key=True
            )
        return not faults.has_errors or before

    def _crosscheck(self, kpi: Kpi, file: str, path: Path) -> None:
        faults = self.faults
        if kpi.basis == "assumed" and not kpi.rationale.strip():
            said = "the target is assumed, and no rationale says why"
            faults.add(file, (*path, "basis"), "RAG032", said, "write rationale = …", warning=True)
        self._short(kpi, file, path)
        if kpi.words:
            self._words(kpi, file, path)
        if kpi.requires_evidence:
            self._needs("amber", file, (*path, "requires_evidence"))
        if kpi.missing in (Missing.RED, Missing.AMBER):
            self._needs(str(kpi.missing), file, (*path, "missing"))
        for fault in kpi_faults(kpi, self.scale):
            self._fault(fault, file, path)

    def _short(self, measure: Kpi | Action, file: str, path: Path) -> None:
        if len(measure.short) > _SHORT:
            said = f"the short title has {len(measure.short)} characters"
            self.faults.add(file, (*path, "short"), "RAG035", said, f"write at most {_SHORT}", warning=True)

    def _needs(self, level: str, file: str, path: Path) -> None:
        """A key that makes a level of its own cannot be used on a scale without it."""
        if self.scale.get(level) is None:
            self.faults.add(file, path, "RAG017", f"the scale has no level {level}", "leave the key out")

    def _words(self, kpi: Kpi, file: str, path: Path) -> None:
        faults = self.faults
        ranks: list[int] = []
        for word, level_id in kpi.words:
            level = self.scale.get(level_id)
            if level is None or level.is_grey:
                known = ", ".join(str(own) for own in self.scale)
                said = f"the word {word!r} stands for {level_id!r}, which the scale has not"
                faults.add(file, (*path, "words", word), "RAG017", said, f"its levels are {known}")
            else:
                ranks.append(level.rank)
        if ranks != sorted(ranks) and ranks != sorted(ranks, reverse=True):
            ordered = [word for _, (word, _) in sorted(zip(ranks, kpi.words, strict=True), key=itemgetter(0))]
            hint = f"write the worst first: {', '.join(ordered)}"
            faults.add(file, (*path, "words"), "RAG013", "the words are not in the order of the scale", hint)

    def _fault(self, fault: Fault, file: str, path: Path) -> None:
        at = (*path, fault.key) if fault.key else path
        warning = fault.severity is Severity.WARNING
        self.faults.add(file, at, fault.code, fault.message, fault.hint, warning=warning)

    def _examples(self, raw: Mapping[str, Any], inputs: tuple[str, ...], file: str, path: Path) -> tuple[Example, ...]:
        try:
            items = tables(raw["examples"])
        except Wrong as wrong:
            self.faults.add_wrong(file, (*path, "examples"), wrong)
            return ()
        made = []
        for n, written in enumerate(items):
            at: Path = (*path, "examples", n)
            item = as_meant(written, (*EXAMPLE, *inputs), self.faults, file, at, otherwise=UNDECLARED)
            check_values(item, EXAMPLE, inputs, self.faults, file, at)
            if self.scale.read(str(item.get("rag", ""))) is None:
                said = "an example says which rag is expected"
                self.faults.add(file, at, "RAG026", said, "write rag = one of the scale's levels")
                continue
            made.append(Example(item, file, 0))
        return tuple(made)

    def action(self, area: str, name: str, raw: Mapping[str, Any], file: str, line: int) -> Action | None:
        """One ``[action.<name>]`` table."""
        faults, path = self.faults, ("action", name)
        raw, fields = read_table(raw, ACTION, faults, file, path, AREA_FILE, self.calendar)
        fault = id_fault(name)
        if fault:
            faults.add(file, path, "RAG007", fault, "write learning-circles", at_key=True)
        for key, hint in (("title", "write what is to be done"), ("due", 'write due = "Sep-20" or due = "TBC"')):
            if key not in raw:
                faults.add(file, path, "RAG005", f"{key} is missing", hint)
        if "bands" in raw:
            for key in ("tolerance", "warning"):
                if key in raw:
                    said = f"bands and {key} exclude each other"
                    faults.add(file, (*path, key), "RAG016", said, "leave one", at_key=True)
        formula = expression_of(raw, "formula", action_names(), NameKind.NUMBER, faults, file, path)
        graces = self._graces(raw, action_names, file, path, action=True)
        if formula is not None and "bands" not in raw:
            faults.add(file, (*path, "formula"), "RAG005", "a formula needs bands over it", "write bands = […]")
            return None
        if formula is not None and "elapsed" in formula.names and "start" not in raw:
            faults.add(file, (*path, "formula"), "RAG005", "elapsed needs a start", "write start = 2020-04-01")
        if fields.get("rated_from") == "start":
            fields["rated_from"] = fields.get("start")
            if fields["rated_from"] is None and ("start" in fields or "start" not in raw):
                faults.add(file, (*path, "rated_from"), "RAG005", "there is no start", "write start = 2020-04-01")
        if "title" not in fields or "due" not in fields or ("formula" in raw and formula is None):
            return None
        if "bands" in fields:
            fields["bands"] = self._bands(fields["bands"])
        if "complete" in fields:
            fields["complete"] = self.scale.id_of(fields["complete"])
        examples = self._examples(raw, (), file, path) if "examples" in raw else ()
        action = Action(
            id=f"{area}.{name}", formula=formula, graces=graces, examples=examples, file=file, line=line, **fields
        )
        for fault_found in action_faults(action, self.scale):
            self._fault(fault_found, file, path)
        self._short(action, file, path)
        if action.requires_evidence:
            self._needs("amber", file, (*path, "requires_evidence"))
        if action.start and action.due.day and action.start > action.due.day:
            faults.add(file, (*path, "start"), "RAG007", "start is after due", "check both dates")
        return action


#: characters of a short title that a table or chart has room for
_SHORT = 40
#: keys of most rules, and those that can clash with them
_USUAL = frozenset({"direction", "target", "tolerance"})
_UNUSUAL = frozenset({"words", "bands", "amber", "compare"})
#: keys that nothing is checked against where target and tolerance are plainly sound
PLAIN = _USUAL | {"unit", "decimals", "frequency"}
PLAIN |= {name for name, key in KPI.items() if key.role in (Role.WORDING, Role.ROLLUP)} - {"basis", "short"}

#: keys without which, if they are written wrongly, a KPI is not looked at further
_RULING = ("direction", "target", "tolerance", "amber", "bands", "words", "decimals", "met", "compare")


def _target_is_read(raw: Mapping[str, Any]) -> bool:
    return "target" in str(raw.get("formula", "")) or "% of target" in str(raw["bands"])
