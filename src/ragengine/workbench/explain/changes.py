"""The smallest changes of children that give an area a level: searched for, within a bound that is said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from ...rollup.policy import decide
from ...rollup.tally import Child
from ...rulebook.area import RollupPolicy
from ...terms import Rag, Scale

__all__ = ["MOST_TRIED", "Move", "Search", "smallest_changes", "way_words"]

#: sets of changed children that are tried before the search gives up on the very smallest
MOST_TRIED = 5_000
#: ways that are told
_MOST_TOLD = 3


@frozen
class Move:
    """So many of these children, which count alike, to another level."""

    count: int
    of: tuple[str, ...]
    critical: bool
    old: Rag
    new: Rag


def way_words(moves: Sequence[Move], area: str) -> str:
    """One way: ``seen (Amber) to Green``, ``of a, b, c (Red) 2 to Amber and 1 to Green``; ids as within their area."""
    said = []
    for of in dict.fromkeys(move.of for move in moves):
        own = [move for move in moves if move.of == of]
        names = ", ".join(child.removeprefix(f"{area}.") for child in of)
        if len(own) == 1 and own[0].count == len(of):
            said.append(f"{names} ({own[0].old.label}) to {own[0].new.label}")
        else:
            to = " and ".join(f"{move.count} to {move.new.label}" for move in own)
            said.append(f"of {names} ({own[0].old.label}) {to}")
    return "; ".join(said)


@frozen
class Search:
    """What was found.

    Attributes:
        ways: each a set of moves that gives the level; the smallest steps first.
        size: how many children each of them changes; None where nothing was found.
        smallest: whether no set of fewer children does it: every one was tried.
        tried: the largest number of changed children of which every set was tried.
    """

    ways: tuple[tuple[Move, ...], ...]
    size: int | None
    smallest: bool
    tried: int


def smallest_changes(policy: RollupPolicy, scale: Scale, children: Sequence[Child], wanted: Rag) -> Search:
    """The fewest children whose levels, changed, give the area a level; grey ones may become rated.

    Children of one level, weight and criticality are interchangeable. After :data:`MOST_TRIED` sets the children
    are only taken one by one, and what is found that way is not said to be the smallest.
    """
    groups = _alike(children, policy.named)
    options = [(n, level) for n, group in enumerate(groups) for level in scale if level != group[0].rag]
    budget = MOST_TRIED
    for size in range(1, len(children) + 1):
        found: list[tuple[Move, ...]] = []
        whole = True
        for counts in _counts(options, [len(group) for group in groups], size):
            if budget == 0:
                whole = False
                break
            budget -= 1
            if decide(policy, scale, _changed(groups, options, counts)).rag == wanted:
                found.append(_moves(groups, options, counts))
        if found:
            found.sort(key=_steps)
            return Search(tuple(found[:_MOST_TOLD]), size, True, size)
        if not whole:
            return _one_by_one(policy, scale, children, wanted, size - 1)
    return Search((), None, True, len(children))


def _alike(children: Sequence[Child], named: Collection[str]) -> list[list[Child]]:
    """Children that count the same together, worst and critical first, grey last; named ones by themselves."""
    groups: dict[tuple[bool, int, bool, Fraction, str], list[Child]] = {}
    for child in children:
        name = child.subject if child.subject in named else ""
        key = (child.rag.is_grey, child.rag.rank, not child.critical, -child.weight, name)
        groups.setdefault(key, []).append(child)
    return [groups[key] for key in sorted(groups)]


def _counts(options: Sequence[tuple[int, Rag]], sizes: Sequence[int], size: int) -> Iterator[dict[int, int]]:
    """How many children take each option, for every way to change so many of them."""

    def choose(at: int, left: int, room: list[int]) -> Iterator[dict[int, int]]:
        if left == 0:
            yield {}
            return
        if at == len(options):
            return
        group = options[at][0]
        for count in range(min(left, room[group]), -1, -1):
            room[group] -= count
            for rest in choose(at + 1, left - count, room):
                yield {at: count, **rest} if count else rest
            room[group] += count

    yield from choose(0, size, list(sizes))


def _changed(
    groups: Sequence[Sequence[Child]], options: Sequence[tuple[int, Rag]], counts: dict[int, int]
) -> list[Child]:
    made: list[Child] = []
    for n, group in enumerate(groups):
        at = 0
        for option, count in counts.items():
            if options[option][0] == n:
                made += [child.with_level(options[option][1]) for child in group[at : at + count]]
                at += count
        made += group[at:]
    return made


def _moves(
    groups: Sequence[Sequence[Child]], options: Sequence[tuple[int, Rag]], counts: dict[int, int]
) -> tuple[Move, ...]:
    return tuple(
        Move(
            count,
            tuple(child.id for child in groups[options[option][0]]),
            groups[options[option][0]][0].critical,
            groups[options[option][0]][0].rag,
            options[option][1],
        )
        for option, count in counts.items()
    )


def _steps(moves: Sequence[Move]) -> tuple[int, int]:
    """How far a way goes: levels moved, then children that must become rated."""
    grey = sum(move.count for move in moves if move.old.is_grey)
    return sum(move.count * abs(move.new.rank - max(move.old.rank, 0)) for move in moves) + grey, grey


def _one_by_one(policy: RollupPolicy, scale: Scale, children: Sequence[Child], wanted: Rag, tried: int) -> Search:
    """One child after the other to the wanted level, those that weigh most against it first."""
    order = sorted(
        (child for child in children if child.rag != wanted),
        key=lambda c: (c.rag.is_grey, c.rag.rank if wanted.rank else -c.rag.rank, not c.critical, -c.weight),
    )
    moved: list[Child] = []
    rest = list(children)
    for child in order:
        rest.remove(child)
        moved.append(child)
        if decide(policy, scale, [*(c.with_level(wanted) for c in moved), *rest]).rag == wanted:
            way = tuple(Move(1, (c.id,), c.critical, c.rag, wanted) for c in moved)
            return Search((way,), len(moved), False, tried)
    return Search((), None, False, tried)
