"""Which way is better of one KPI: every cell that says so has a vote, and what they leave open is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..terms import Direction
from .draft import Draft, Seen
from .polarity import Vote, decided, guess_direction, only_moves, read_direction, stated_in, suggests
from .quantities import read_quantity
from .targets import SheetTargets
from .units import Unit

__all__ = ["note_direction", "put_direction", "said_direction", "votes_of"]

#: the weights of a vote by a column that says which way is better, and of what only hints at it
_SAID, _HINT = 5, 2


def said_direction(seen: Seen) -> Direction | None:
    """What the column of the polarity says."""
    return read_direction(seen.text, seen.heading) if seen.text else None


def votes_of(seen: Seen, title: str, where: str, targets: SheetTargets, baseline: Seen, unit: Unit) -> list[Vote]:
    """All that says which way is better, save the threshold columns; ``seen`` is the column of the polarity."""
    votes: list[Vote] = []
    said, moves = said_direction(seen), only_moves(seen.text)
    if said is not None and said is not Direction.MONITOR:
        votes.append(Vote(said, 3 if moves else _SAID, f"the column says {said} ({seen})"))
    target = targets.first
    side = target.bound.side if target.bound is not None else None
    if side is not None:
        votes.append(Vote(side, 4, f"the target says {side} ({target.seen})"))
    elif target.way is not None:
        votes.append(Vote(target.way, 3, f"the target says {target.way} ({target.seen})"))
    stated, guess = stated_in(title), guess_direction(title)
    hints = list(_hints(targets, baseline, unit))
    if stated is not None:
        votes.append(Vote(stated, 4, f"the title says {stated} ({where})"))
    elif guess.found:
        own = guess.direction
        turned = Direction.LOWER if own is Direction.HIGHER else Direction.HIGHER
        clear = not guess.generic or not suggests(title, turned)
        agreed = clear and bool(hints) and all(hint.direction is own for hint in hints)
        # two that have nothing to do with each other, words and numbers, are no guess
        weight = _HINT + 1 if agreed and not moves else 1 if guess.generic else _HINT
        votes.append(Vote(own, weight, guess.why))
    if moves:
        # it may be taken from the numbers themselves: that they go the same way says nothing more
        return votes + [hint for hint in hints if hint.direction is not said]
    return votes + hints[:1]


def _hints(targets: SheetTargets, seen: Seen, unit: Unit) -> Iterator[Vote]:
    """Which way the numbers of the targets go: from the baseline, and from year to year."""
    first = targets.first
    baseline, amounts = read_quantity(seen.text, ratio=unit.ratio), first.amounts()
    if baseline is not None and first.bound is not None and baseline.scaled == first.bound.scaled:
        base = unit.number(baseline)
        if isinstance(amounts, Fraction) and amounts != base:
            way = Direction.HIGHER if amounts > base else Direction.LOWER
            yield Vote(way, _HINT, f"the target lies on that side of the baseline: {way} ({seen})")
    if targets.trend is not None:
        yield Vote(targets.trend, _HINT, f"the targets of later years go {targets.trend}")


def put_direction(draft: Draft, seen: Seen, where: str, votes: Sequence[Vote]) -> Direction:
    """Writes what most says; what rests on title or numbers alone is a guess, and each other voice is told."""
    best, against = decided(votes)
    if best is None:
        guess = guess_direction("")
        unread = f"the polarity cannot be read ({seen}); " if seen.text else ""
        draft.put("direction", str(guess.direction), f"{unread}{guess.why} ({where})")
        mark = draft.lines["direction"].confirm
        draft.offer("direction lower", points=2, asks=("direction", mark), direction="lower")
        return guess.direction
    stating = [vote for vote in votes if vote.weight > _HINT and vote.direction is best]
    own = "; ".join(vote.told for vote in votes if vote.direction is best)
    said_range = any(vote.weight >= _SAID and vote.direction is Direction.WITHIN for vote in votes)
    least = _HINT if said_range else _HINT - 1 if stating else 0
    if only_moves(seen.text) and len(stating) == 1 and not suggests(draft.title, best):
        least = 0  # how it is to move may not be what is better: reduce, of agreements established
    doubts = [vote.told for vote in against if vote.weight > least]
    if seen.text and said_direction(seen) is None:
        doubts.insert(0, f"the polarity cannot be read ({seen}); {own}")
    elif not stating:
        doubts.insert(0, f"{own} ({where})")
    draft.put("direction", str(best), "; ".join(doubts))
    if doubts and best is not Direction.WITHIN:
        turned = Direction.LOWER if best is Direction.HIGHER else Direction.HIGHER
        draft.offer(
            f"direction {turned}", points=1 if stating else 2, asks=("direction", "; ".join(doubts)),
            direction=str(turned),
        )  # fmt: skip
    return best


def note_direction(draft: Draft, votes: Sequence[Vote], *, certain: bool) -> None:
    """Marks where the thresholds say another direction than what else says it.

    ``certain``: comparators of two columns say it; then, and where a column or the target says it too, the words
    of a title or a baseline count for nothing.
    """
    written = draft.lines["direction"].value
    said = max((vote.weight for vote in votes if vote.direction == written), default=0)
    sure = certain or said > _HINT + 1 or written == Direction.WITHIN
    least = _HINT if sure else _HINT - 1
    for vote in votes:
        if vote.direction != written and vote.weight > least:
            draft.doubt("direction", f"the thresholds say {written}; {vote.told}")
