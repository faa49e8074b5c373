"""The net: the draft rated on the sheet's own values, held against the colours that the sheet prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy

from attrs import frozen

from ..book import Rulebook
from ..errors import RagError
from ..loading import load
from ..terms import AMBER, RED
from ..toml.write import toml_value
from .data_files import SheetReading, numbers_of
from .draft import Draft, Offer
from .imported import Compared
from .tolerances import NO_TOLERANCE

__all__ = ["KpiOfSheet", "agreeing", "compared", "house_tolerance"]

_BOOK = '[book]\ntitle = "Draft"\nedition = "draft"\nmissing = "grey"\n'
#: tolerances of a house, tried where a sheet gives none, the commonest first
_WIDTHS = (10, 5, 15, 20, 2, 3, 25)
_MOST_OFFERS = 12


@frozen
class KpiOfSheet:
    """A drafted KPI with what the sheet holds of it."""

    id: str
    draft: Draft
    readings: Sequence[SheetReading]

    @property
    def published(self) -> list[SheetReading]:
        """Those with a level and with numbers to rate."""
        return [r for r in self.readings if r.level is not None and not r.level.is_grey and numbers_of(r)]


def compared(book: Rulebook, subjects: Iterable[KpiOfSheet], agreeing_of: Mapping[str, str]) -> tuple[Compared, ...]:
    """Each published level beside the draft's."""
    made = []
    for subject in subjects:
        for reading in subject.published:
            assert reading.level is not None
            ours = _level(book, subject.id, reading)
            told = agreeing_of.get(subject.id, "")
            value = reading.value or f"{reading.numerator}/{reading.denominator}"
            same = ours == str(reading.level)
            made.append(Compared(subject.id, str(reading.period), value, reading.level, ours, "" if same else told))
    return tuple(made)


def _level(book: Rulebook, kpi: str, reading: SheetReading) -> str:
    numbers: dict[str, object] = dict(numbers_of(reading))
    if reading.entity:
        numbers["entity"] = reading.entity
    try:
        rating = book.rate(kpi, numbers.get("value"), period=str(reading.period),
                           **{key: number for key, number in numbers.items() if key != "value"})  # fmt: skip
    except RagError as wrong:
        return f"not rated: {wrong}"
    return str(rating.rag) if rating.reason is None else f"grey: {rating.reason}"


def agreeing(subjects: Sequence[KpiOfSheet], book: Rulebook) -> dict[str, str]:
    """Takes, of each KPI that disagrees, the offered reading under which it agrees; gives what else would agree, by id.

    Only what is marked has other readings, and what is taken stays marked.
    """
    told: dict[str, str] = {}
    for subject in subjects:
        if _agrees(book, subject.id, subject.published):
            _settle(subject)
            continue
        usable = [offer for offer in subject.draft.offers if offer.points <= len(subject.published)]
        offers = [*usable[:_MOST_OFFERS], *_pairs(usable)]
        taken = _first(subject, offers)
        if taken is not None:
            before = _told(subject.draft, taken)
            subject.draft.taken(taken, f"as the published colours have it; by the cells alone {before}")
            continue
        proposal = _first(subject, list(_proposals(subject.draft)))
        if proposal is not None:
            told[subject.id] = proposal.told
    if not told:
        _settle_no_amber(subjects)
    return told


def _settle_no_amber(subjects: Sequence[KpiOfSheet]) -> None:
    """A sheet that prints red near its targets and amber nowhere has none: what says that none is given goes."""
    wanting = [s for s in subjects if s.draft.without_amber and s.published]
    levels = {reading.level for subject in subjects for reading in subject.readings}
    if AMBER in levels or RED not in levels:
        return
    kept = [[offer.told for offer in _all(s, [_width(width) for width in _WIDTHS])] for s in wanting]
    if set(map(_told_width, _WIDTHS)).intersection(*map(set, kept)):
        return
    for subject in wanting:
        mark = subject.draft.lines["tolerance"].confirm
        if mark.startswith(NO_TOLERANCE):
            subject.draft.settled(("tolerance", mark))


def _told_width(width: int) -> str:
    return f"{width}% of target"


def _width(width: int) -> Offer:
    return Offer(_told_width(width), {"tolerance": _told_width(width)})


def _settle(subject: KpiOfSheet) -> None:
    """Takes away the marks of which every other reading is ruled out by the published levels."""
    asked: dict[tuple[str, str], list[Offer]] = {}
    for offer in subject.draft.offers:
        if offer.asks is not None:
            asked.setdefault(offer.asks, []).append(offer)
    for asks, offers in asked.items():
        borne_out = [offer for offer in offers if offer.points > len(subject.published)] or _all(subject, offers)
        if not borne_out:
            subject.draft.settled(asks)


def _told(draft: Draft, taken: Offer) -> str:
    """What stood before another reading was taken."""
    before = {
        key: draft.lines[key]
        for key, value in taken.lines.items()
        if key in draft.lines and draft.lines[key].value != value
    }
    return ", ".join(f"{key} = {toml_value(line.value)}" for key, line in before.items()) or "nothing"


def _pairs(offers: Sequence[Offer]) -> Iterator[Offer]:
    """Two other readings at once, where they are of different keys."""
    for n, first in enumerate(offers[:4]):
        for second in offers[n + 1 : 4]:
            if not first.lines.keys() & second.lines.keys():
                yield Offer(f"{first.told}, {second.told}", {**first.lines, **second.lines})


def _proposals(draft: Draft) -> Iterator[Offer]:
    """Readings that no cell gives, and a person may know of."""
    lines = draft.lines
    met = None if "met" in lines else "beyond target"
    if "target" in lines:
        yield Offer('met = "beyond target"' if met else "the target itself met", {"met": met})
    if "tolerance" in lines or "amber" in lines:
        for width in _WIDTHS:
            yield Offer(f'tolerance = "{width}% of target"', {"tolerance": f"{width}% of target", "amber": None})
        if draft.unit == "%":
            for width in _WIDTHS:
                yield Offer(f'tolerance = "{width} pp"', {"tolerance": f"{width} pp", "amber": None})
    direction = lines.get("direction")
    if direction is not None and direction.confirm and direction.value in ("higher", "lower"):
        turned = "lower" if direction.value == "higher" else "higher"
        yield Offer(f'direction = "{turned}"', {"direction": turned})
        for width in _WIDTHS:
            told = f'direction = "{turned}", tolerance = "{width}% of target"'
            yield Offer(told, {"direction": turned, "tolerance": f"{width}% of target", "amber": None})


def _first(subject: KpiOfSheet, offers: Sequence[Offer]) -> Offer | None:
    """The first reading under which all published levels come out."""
    return next(iter(_all(subject, offers)), None)


def _all(subject: KpiOfSheet, offers: Sequence[Offer]) -> list[Offer]:
    """The readings under which all published levels come out, in their order."""
    tables = [_table(subject.draft, offer, f"v{n}") for n, offer in enumerate(offers)]
    usable = [n for n, table in enumerate(tables) if table]
    if not usable:
        return []
    try:
        book = load(_book(tables[n] for n in usable))
    except RagError:
        usable = [n for n in usable if _loads(tables[n])]
        if not usable:
            return []
        book = load(_book(tables[n] for n in usable))
    return [offers[n] for n in usable if _agrees(book, f"a.v{n}", subject.published)]


def _table(draft: Draft, offer: Offer, name: str) -> str:
    """The KPI under another reading; empty where it cannot be written."""
    other = copy(draft)
    other.lines = dict(draft.lines)
    other.taken(offer, "")
    try:
        return other.written(name)
    except ValueError:
        return ""


def _book(tables: Iterable[str]) -> dict[str, str]:
    return {"book.toml": _BOOK, "a.toml": '[area]\ntitle = "A"\n\n' + "\n".join(tables)}


def _loads(table: str) -> bool:
    try:
        load(_book([table]))
    except RagError:
        return False
    return True


def _agrees(book: Rulebook, kpi: str, readings: Sequence[SheetReading]) -> bool:
    return all(_level(book, kpi, reading) == str(reading.level) for reading in readings)


def house_tolerance(subjects: Sequence[KpiOfSheet], told: Mapping[str, str]) -> str:
    """The tolerance under which most KPIs without one come to their published levels; empty where none does."""
    wanting = [s for s in subjects if s.draft.without_amber and s.published and s.id in told]
    offers = [_width(width) for width in _WIDTHS]
    counts = Counter(offer.told for subject in wanting for offer in _all(subject, offers))
    return max(counts, key=lambda width: counts[width]) if counts else ""
