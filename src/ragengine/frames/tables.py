"""The catalogue of a rulebook as tables to look up in: subjects, rules in their eras, variants, levels."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from typing import Any

from attrs import define, field

from ..bands import Threshold
from ..book import Rulebook
from ..catalogue import Catalogue, Cell, catalogue_of
from ..catalogue.levels import Level, LevelTable
from ..catalogue.moving_lines import loosened
from ..number import exact, smallest_float
from ..period import Duration
from ..terms import GREY, Reason
from .case_rules import CaseRules
from .engines import out, unused
from .lines import LEAST, MOST, short_below
from .periods import FIRST_ERA
from .scores import Scores
from .small_table import SmallTable

__all__ = ["NONE", "Tables", "tables_of"]

#: stands for "none" among numbers of levels and conditions
NONE = -1
_INF = float("inf")


def _or_none(value: int | None) -> int:
    return NONE if value is None else value


@define(slots=False)
class Tables:
    """The look-up tables of one catalogue; the last row of each is for what the rules do not have."""

    catalogue: Catalogue
    _kept: dict[object, tuple[SmallTable, SmallTable | None]] = field(factory=dict, init=False, repr=False)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The keys of the rules, in order."""
        return tuple(dict.fromkeys(cell.subject for cell in self.catalogue.cells))

    @cached_property
    def scores(self) -> Scores | None:
        """What the scores of the rules take; None where no rule has one."""
        return Scores.of(self.catalogue)

    @cached_property
    def cases(self) -> CaseRules | None:
        """What the intervals of cases take; None where no rule compares one."""
        return CaseRules.of(self.catalogue)

    @cached_property
    def all_compare(self) -> bool:
        """Whether every rule compares an interval."""
        return self.catalogue.compared.keys() == self.catalogue.rules.kpis.keys()

    @cached_property
    def _first_variants(self) -> dict[str, list[tuple[int, Cell]]]:
        """For each subject the number and cell of the first variant of each of its eras."""
        found: dict[str, list[tuple[int, Cell]]] = {subject: [] for subject in self.subjects}
        for number, cell in enumerate(self.catalogue.cells):
            if cell.variant == 0:
                found[cell.subject].append((number, cell))
        return found

    @property
    def unknown(self) -> int:
        """The number of the cell of a rule that there is not."""
        return len(self.catalogue.cells)

    @cached_property
    def ages(self) -> list[Duration | None]:
        """How old carried values may be, each once."""
        return list(dict.fromkeys([None, *(cell.max_age for cell in self.catalogue.cells)]))

    @cached_property
    def without_period(self) -> list[int]:
        """The cell of each subject where no period is given: its only one, if it is not dated."""
        return [
            *(own[0][0] if own[0][1].end == date.max else self.unknown for own in self._first_variants.values()),
            self.unknown,
        ]

    @cached_property
    def by_era(self) -> list[int]:
        """The cell of each subject in each era, eras counting fastest; the first two are no eras."""
        numbers: list[int] = []
        for subject, without in zip(self.subjects, self.without_period, strict=False):
            numbers += [self.unknown, without]
            own = iter(self._first_variants[subject])
            number, cell = next(own)
            for start in self.catalogue.starts:
                while cell.end < start:
                    number, cell = next(own)
                numbers.append(number)
        return [*numbers, *[self.unknown] * self.eras]

    @property
    def eras(self) -> int:
        """How many numbers eras have: those of the book, and the two that stand for no era."""
        return FIRST_ERA + len(self.catalogue.starts)

    def located(
        self,
        edition: str,
        wanted: frozenset[str],
        *,
        dated: bool,
        history: bool,
        targets: bool,
        judged: bool,
        parts: bool,
        scores: Scores | None = None,
    ) -> tuple[SmallTable, SmallTable | None]:
        """What is looked up by subject, and by subject and era; the second by the number that the first gives.

        Made once for the same question. Without conditions a rule has one variant, which stands there too; without
        dates it all stands in the first.
        """
        asked = (wanted, dated, history, targets, judged, parts, scores)
        if asked not in self._kept:
            numbers = self.by_era if dated else self.without_period
            rules = self.rules(numbers, history=history, targets=targets, judged=judged, parts=parts, scores=scores)
            if not self.conditional:
                rules = rules.beside(self.variants(numbers, parts=parts))
            subjects = self.by_subject(edition, wanted)
            self._kept[asked] = (subjects, rules) if dated else (subjects.beside(rules), None)
        return self._kept[asked]

    def by_subject(self, edition: str, wanted: Collection[str]) -> SmallTable:
        """Rule, area and edition by key, those that are wanted."""
        kpis = [own[0][1].kpi for own in self._first_variants.values()]
        texts: dict[str, list[str | None]] = {
            out("rule"): [*(f"{kpi.file}:{kpi.line}" for kpi in kpis), None],
            out("area"): [*(kpi.area for kpi in kpis), None],
            out("edition"): [edition] * (len(kpis) + 1),
        }
        chosen = {out(name): texts[out(name)] for name in ("rule", "area", "edition") if name in wanted}
        return SmallTable.of({}, chosen, keys=self.subjects, number=unused("place"))

    def rules(
        self,
        numbers: Sequence[int],
        *,
        history: bool,
        targets: bool,
        judged: bool,
        parts: bool,
        scores: Scores | None = None,
    ) -> SmallTable:
        """What holds whatever the conditions say, for cells by number.

        ``history`` also tells whether they rate, ``targets`` what is to be met, ``judged`` whether there is a rule,
        ``scores`` what a score is made of.
        """
        every = self.catalogue.cells
        columns: dict[str, list[Any]] = {}

        def add(name: str, of: Callable[[Cell], Any], unknown: Any, *, needed: bool = True) -> None:
            if needed:
                columns[unused(name)] = [unknown if n == self.unknown else of(every[n]) for n in numbers]

        conditions = self.conditional
        ages = self.ages
        if conditions:
            columns[unused("cell")] = list(numbers)
        add("source", lambda c: c.source, 0, needed=len(self.catalogue.sources) > 1)
        add("target", _one_target, None, needed=targets)
        add("better", lambda c: float(c.better), 1.0, needed=targets)
        add("aims", lambda c: float(c.aims), 1.0, needed=targets and self.beside_aims)
        add(
            "low",
            lambda c: float(c.low) if _is_range(c) and c.low is not None else None,
            None,
            needed=targets and self.ranges,
        )
        add(
            "high",
            lambda c: float(c.high) if _is_range(c) and c.high is not None else None,
            None,
            needed=targets and self.ranges,
        )
        add("relative", lambda c: c.relative, 0, needed=bool(self.catalogue.relatives))
        add("takes", lambda c: int(c.data_target != 0), 0, needed=self.takes)
        add("compares", lambda c: int(c.kpi.compare is not None), 0, needed=bool(self.catalogue.compared))
        add("positive", lambda c: int(c.positive), 0, needed=any(c.positive for c in every))
        add("minimum_n", lambda c: c.minimum_n or 0, 0, needed=any(c.minimum_n for c in every))
        add("carries", lambda c: int(c.carries), 0, needed=self.carries)
        add("max_age", lambda c: ages.index(c.max_age), 0, needed=any(ages))
        add("rates", lambda c: int(c.always is None), 0, needed=history)
        add("known", lambda c: 1, 0, needed=judged)
        for name, (of, unknown) in [*_columns_of(scores), *_columns_of(self.cases)]:
            add(name, of, unknown)
        if self.bounded:
            for name, of, otherwise in ((LEAST, _least, -_INF), (MOST, _most, _INF)):
                add(f"t{name}", partial(_bound_of, of, otherwise, _float_of), otherwise)
                add(f"loose{name}", partial(_bound_of, of, otherwise, _loose_of), otherwise)
                add(f"whole{name}", partial(_bound_of, of, otherwise, _whole_of), otherwise, needed=parts)
                add(f"rest{name}", partial(_bound_of, of, otherwise, _rest_of), otherwise, needed=parts)
        for n in range(conditions):
            add(f"condition{n}", partial(_condition, n), NONE)
        return SmallTable.of(columns)

    @cached_property
    def conditional(self) -> int:
        """How many conditions a rule has at the most."""
        return max((len(cell.conditions) for cell in self.catalogue.cells), default=0)

    @cached_property
    def beside_aims(self) -> bool:
        """Whether a rule's target is an input of its formula, and no line."""
        return any(not cell.aims for cell in self.catalogue.cells)

    @cached_property
    def ranges(self) -> bool:
        """Whether any rule has a range for a target."""
        return any(_is_range(cell) for cell in self.catalogue.cells)

    @cached_property
    def carries(self) -> bool:
        """Whether any rule carries a missing value forward."""
        return any(cell.carries for cell in self.catalogue.cells)

    @cached_property
    def takes(self) -> bool:
        """Whether any rule takes the target of the row."""
        return any(cell.data_target for cell in self.catalogue.cells)

    @cached_property
    def short_below(self) -> float:
        """See :func:`~.lines.short_below`, of all lines that move with a row's target."""
        cuts = {cut for cell in self.catalogue.cells if cell.slopes for cut in cell.cuts}
        return short_below(number for cut, slope, bend in cuts for number in (cut.at, slope, bend))

    def variants(self, numbers: Sequence[int], *, parts: bool) -> SmallTable:
        """Lines and first levels, for cells by number; each line also in two parts where ``parts`` are compared."""
        every, count = self.catalogue.cells, self.catalogue.most_thresholds
        cells = [None if number == self.unknown else every[number] for number in numbers]
        columns: dict[str, list[Any]] = {unused("first"): [_first(cell) for cell in cells]}

        def add(name: str, of: Callable[[Cell], Any], unknown: Any, *, needed: bool = True) -> None:
            if needed:
                columns[name] = [unknown if cell is None else of(cell) for cell in cells]

        def add_asked(name: str, of: Callable[[Cell], Any], none: Any, *, needed: bool) -> None:
            """One that nobody asks of a rule that there is not: what every rule has, it has too."""
            add(name, of, next((of(cell) for cell in cells if cell is not None), none), needed=needed)

        for name in ("missing", "instead", "no_target", "bad_target"):
            needed = any(getattr(cell, name) is not None for cell in every)
            add_asked(unused(name), partial(_level, name), NONE, needed=needed)
        computed = any(source.formula is not None for source in self.catalogue.sources)
        straight = any(cell.slopes for cell in every)
        for n in range(count):
            add(unused(f"t{n}"), partial(_at, "thresholds", n, _INF), _INF)
            add(unused(f"loose{n}"), partial(_at, "loose", n, _INF), _INF, needed=computed)
            add(unused(f"whole{n}"), partial(_part, 0, n), _INF, needed=parts)
            add(unused(f"rest{n}"), partial(_part, 1, n), _INF, needed=parts)
            add_asked(unused(f"slope{n}"), partial(_at, "slopes", n, 0.0), 0.0, needed=straight)
            add_asked(unused(f"sway{n}"), partial(_at, "sways", n, 0.0), 0.0, needed=straight)
        return SmallTable.of(columns)

    @cached_property
    def bounded(self) -> bool:
        """Whether any rule says what is valid."""
        return any(cell.kpi.valid is not None for cell in self.catalogue.cells)

    def every_variant(self, *, parts: bool) -> SmallTable:
        """The same of every cell, by its number."""
        key = ("every variant", parts)
        if key not in self._kept:
            made = self.variants(range(len(self.catalogue.cells) + 1), parts=parts)
            self._kept[key] = made, None
        return self._kept[key][0]

    def levels(self, rows: Sequence[Level], wanted: Sequence[str]) -> SmallTable:
        """The level table's columns by number; levels in the order of the scale, grey last.

        ``rows`` begin with those of the catalogue, and are kept where there are no others.
        """
        key = ("levels", tuple(wanted))
        if len(rows) > len(self.catalogue.levels.rows):
            return self._levels(rows, wanted)
        if key not in self._kept:
            made = self._levels(rows, wanted)
            self._kept[key] = made, None
        return self._kept[key][0]

    def _levels(self, rows: Sequence[Level], wanted: Sequence[str]) -> SmallTable:
        texts = {out(name): [getattr(row, name) or None for row in rows] for name in wanted}
        scale = (*map(str, self.catalogue.rules.scale), str(GREY))
        orders = {out(name): scale for name in ("rag", "adjusted", "computed")}
        return SmallTable.of({}, texts, orders={**orders, out("reason"): tuple(map(str, Reason))})

    @cached_property
    def words(self) -> SmallTable:
        """The number of each word by subject and word, separated by a line end."""
        keys, numbers = [], []
        for subject in self.subjects:
            cell = self._first_variants[subject][0][1]
            for n, word in enumerate(self.catalogue.sources[cell.source].words):
                keys.append(f"{subject}\n{word}")
                numbers.append(n)
        return SmallTable.of({unused("word"): [*map(float, numbers), None]}, keys=keys)


@lru_cache(maxsize=16)
def tables_of(book: Rulebook) -> Tables:
    """The look-up tables of a rulebook, made once."""
    return Tables(catalogue_of(book))


def _columns_of(rules: Scores | CaseRules | None) -> Iterable[tuple[str, tuple[Callable[[Cell], Any], Any]]]:
    return () if rules is None else rules.columns().items()


def _is_range(cell: Cell) -> bool:
    return cell.low is not None and cell.high is not None


def _end(field: str, cell: Cell) -> float | None:
    """An end of a range."""
    return float(getattr(cell, field)) if _is_range(cell) else None


def _one_target(cell: Cell) -> float | None:
    target: Fraction | None = None if _is_range(cell) else (cell.low if cell.high is None else cell.high)
    return None if target is None else float(target)


def _first(cell: Cell | None) -> int:
    """The number of the level below the first threshold; what is so whatever the value is told below 0."""
    if cell is None:
        return -1 - LevelTable.grey(Reason.INVALID)
    return cell.first if cell.always is None else -1 - cell.always


def _condition(n: int, cell: Cell) -> int:
    return cell.conditions[n] if n < len(cell.conditions) else NONE


def _level(field: str, cell: Cell) -> int:
    return _or_none(getattr(cell, field))


def _at(field: str, n: int, otherwise: float, cell: Cell) -> float:
    values: tuple[float, ...] = getattr(cell, field)
    return values[n] if n < len(values) else otherwise


def _part(part: int, n: int, cell: Cell) -> float:
    """The whole (0) or the rest (1) of a threshold."""
    return _parts_of(cell.cuts[n][0] if n < len(cell.cuts) else None, _INF)[part]


def _least(cell: Cell) -> Threshold | None:
    """The line that what is valid reaches."""
    valid = cell.kpi.valid
    return None if valid is None or valid.min is None else Threshold(exact(valid.min), True)


def _most(cell: Cell) -> Threshold | None:
    """The line that what is valid does not pass."""
    valid = cell.kpi.valid
    return None if valid is None or valid.max is None else Threshold(exact(valid.max), False)


def _bound_of(
    of: Callable[[Cell], Threshold | None],
    otherwise: float,
    as_number: Callable[[Threshold | None, float], float],
    cell: Cell,
) -> float:
    """An end of what is valid for a cell, as the number that is compared."""
    return as_number(of(cell), otherwise)


def _whole_of(line: Threshold | None, otherwise: float) -> float:
    return _parts_of(line, otherwise)[0]


def _rest_of(line: Threshold | None, otherwise: float) -> float:
    return _parts_of(line, otherwise)[1]


def _float_of(line: Threshold | None, otherwise: float) -> float:
    return otherwise if line is None else smallest_float(line.at, reached=line.reached)


def _loose_of(line: Threshold | None, otherwise: float) -> float:
    return otherwise if line is None else loosened(line.at, line.reached)


def _parts_of(line: Threshold | None, otherwise: float) -> tuple[float, float]:
    """A line before the point and after it, both with its sign."""
    if line is None:
        return otherwise, otherwise
    whole = math.trunc(line.at)
    return float(whole), smallest_float(line.at - whole, reached=line.reached)
