"""Which children decided an area's level: a smallest set, found by counting those that count alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise

from attrs import frozen

from ..rulebook.area import RollupMethod, RollupPolicy
from ..rulebook.compile import policy_table
from ..terms import Rag, Scale
from .deciding_scores import deciding_scores
from .policy import Decision, decide, decide_counted, level_counts
from .tally import Child, Counted, points_of

__all__ = ["Decided", "Decider", "deciding_children"]

#: what makes two children count alike: level (rank, -1 for grey), criticality, weight (as two whole numbers, for a
#: Fraction is slow to look up), and the id of one that a cap or floor names
Kind = tuple[int, bool, int, int, str]
#: how many of each kind
Mix = dict[Kind, int]

#: so many sets, and one more for each child, are tried for a smallest one
_TRIED = 200
_MOST_WEIGHTS = 60
#: how often a set is gone through again for children that can be left out
_PASSES = 20


@frozen
class Deciding:
    """The children that decided: were all other rated children at the best level, nothing would change.

    Attributes:
        among_others: whether a smaller set may exist; from this one none can be left out.
    """

    children: tuple[Child, ...] = ()
    among_others: bool = False


@frozen(eq=False)
class Decided:
    """What a policy makes of children, and how many have each level; which of them decided it is found when asked."""

    decision: Decision
    counts: Mapping[str, int]
    _find: Callable[[], Deciding]

    @cached_property
    def deciding(self) -> Deciding:
        """The children that decided."""
        return self._find()

    def ids(self) -> tuple[tuple[str, ...], bool]:
        """Their ids, and whether there are others."""
        return tuple(child.id for child in self.deciding.children), self.deciding.among_others


def deciding_children(policy: RollupPolicy, scale: Scale, children: Sequence[Child]) -> Deciding:
    """The children that decide; none where even all at the best level would give the level, or where it is grey."""
    return Decider(scale).of(policy, children).deciding


class Decider:
    """Decides areas; children of as many of each kind are decided once, however many entities have them."""

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self._known: dict[tuple[int, tuple[tuple[Kind, int], ...]], _Alike] = {}

    def of(
        self, policy: RollupPolicy, children: Sequence[Child], again: Callable[[], Sequence[Child]] | None = None
    ) -> Decided:
        """The level by a policy, which must live as long as this does.

        ``again`` finds the same children once more: who decided is asked of few areas, and those of the others are let
        go.
        """
        find = again or (lambda: children)
        if policy.method is RollupMethod.POINTS and any(child.span is not None for child in children):
            return self._by_scores(policy, children, find)
        named = policy.named
        kinds = [_kind(child, named) for child in children]
        mix: Mix = {}
        for kind in kinds:
            mix[kind] = mix.get(kind, 0) + 1
        key = id(policy), tuple(sorted(mix.items()))
        known = self._known.get(key)
        if known is None:
            ones = dict(zip(kinds, children, strict=True))
            decision = decide_counted(policy, self._scale, [(child, mix[kind]) for kind, child in ones.items()])
            known = _Alike(policy, self._scale, ones, mix, decision, level_counts(children, self._scale))
            self._known[key] = known
        return Decided(known.decision, known.counts, lambda: known.deciding(find()))

    def _by_scores(
        self, policy: RollupPolicy, children: Sequence[Child], again: Callable[[], Sequence[Child]]
    ) -> Decided:
        """Scores are seldom alike twice: nothing is counted together or kept."""
        decision = decide(policy, self._scale, children)

        def find() -> Deciding:
            if decision.rag.is_grey:
                return Deciding()
            return Deciding(*deciding_scores(policy, self._scale, again(), decision.rag))

        return Decided(decision, level_counts(children, self._scale), find)


@frozen(eq=False)
class _Alike:
    """What a policy makes of so many children of each kind, whose ever they are; ``ones`` is one of each kind."""

    policy: RollupPolicy
    scale: Scale
    ones: Mapping[Kind, Child]
    mix: Mix
    decision: Decision
    counts: Mapping[str, int]

    @cached_property
    def wanted(self) -> tuple[Mix, bool]:
        """How many of each kind decided it, and whether fewer might."""
        return _wanted(self.policy, self.scale, self.ones, self.mix, self.decision)

    def deciding(self, children: Sequence[Child]) -> Deciding:
        """Which of some children that are of these kinds decided."""
        wanted, among_others = self.wanted
        return Deciding(_chosen(wanted, children, self.policy.named) if wanted else (), among_others)


def _wanted(
    policy: RollupPolicy, scale: Scale, ones: Mapping[Kind, Child], mix: Mix, decision: Decision
) -> tuple[Mix, bool]:
    counted = [(child, mix[kind]) for kind, child in ones.items()]
    by_weight = policy.method is RollupMethod.POINTS
    lacking = {
        kind: child
        for kind, child in ones.items()
        if 0 <= kind[0] < scale.best.rank and (child.weight or kind[4] or not by_weight)
    }
    if decision.rag.is_grey or not lacking:
        return {}, False
    if by_weight and not any(trace.holds for trace in decision.limits):
        weighed = [(child, count) for child, count in counted if child.weight]
        weighing = {kind: child for kind, child in lacking.items() if child.weight}
        kept, exact = _by_gain(policy, scale, weighed, weighing, decision.rag)
        if (
            not policy.limits
            or decide_counted(policy, scale, _with_best(counted, kept, policy, scale)).rag == decision.rag
        ):
            return kept, not exact
    kept, exact = _by_counts(policy, scale, counted, lacking, decision.rag)
    return kept, not exact


def _with_best(counted: Sequence[Counted], kept: Mix, policy: RollupPolicy, scale: Scale) -> list[Counted]:
    """The children with all but those that are kept at the best level; grey ones stay grey."""
    mixed: list[Counted] = []
    for child, count in counted:
        own = count if child.rag.is_grey else kept.get(_kind(child, policy.named), 0)
        mixed += [(child, own)] if own else []
        mixed += [(child.with_level(scale.best), count - own)] if count > own else []
    return mixed


def _kind(child: Child, named: Collection[str] = ()) -> Kind:
    weight = child.weight
    rank = -1 if child.rag.is_grey else child.rag.rank
    name = child.subject if named and child.subject in named else ""
    return (rank, child.critical, weight.numerator, weight.denominator, name)


def _order(kind: Kind) -> tuple[bool, int, bool, Fraction, str]:
    """Those that a limit names first, then the worst, of them the critical, of them the heaviest."""
    return (not kind[4], kind[0], not kind[1], -Fraction(kind[2], kind[3]), kind[4])


def _chosen(wanted: Mix, children: Sequence[Child], named: Collection[str]) -> tuple[Child, ...]:
    """So many of each kind as are wanted, the first that come, in the order of kinds."""
    left = dict(wanted)
    found: dict[Kind, list[Child]] = {kind: [] for kind in sorted(wanted, key=_order)}
    for child in children:
        kind = _kind(child, named)
        if left.get(kind):
            left[kind] -= 1
            found[kind].append(child)
    return tuple(child for group in found.values() for child in group)


# rules, worst, share, and whatever a limit holds of: only how many there are of a level counts


def _by_counts(
    policy: RollupPolicy, scale: Scale, counted: Sequence[Counted], lacking: dict[Kind, Child], level: Rag
) -> tuple[Mix, bool]:
    read, critical = _what_counts(policy, scale, level)
    named = policy.named
    # where points may decide and there are not too many weights, each weight is a group of its own
    by_weight = policy.method is RollupMethod.POINTS and len(lacking) <= _MOST_WEIGHTS
    groups: dict[tuple[object, ...], list[tuple[Kind, Child, int]]] = {}
    sizes = {_kind(child, named): count for child, count in counted}
    for kind in sorted(lacking, key=_order):
        if kind[0] in read:
            group = (kind[0], kind[1] and critical, kind[4], kind[2:4] if by_weight else ())
            groups.setdefault(group, []).append((kind, lacking[kind], sizes[kind]))
    loose = {kind for group in groups.values() for kind, _, _ in group}
    fixed = [
        (child if _kind(child, named) not in lacking else child.with_level(scale.best), count)
        for child, count in counted
        if _kind(child, named) not in loose
    ]
    members = list(groups.values())

    def holds(kept: Sequence[int]) -> bool:
        mixed = list(fixed)
        for group, count in zip(members, kept, strict=True):
            for _, child, size in group:
                own = min(size, count)
                count -= own
                mixed += [(child, own)] if own else []
                mixed += [(child.with_level(scale.best), size - own)] if size > own else []
        return decide_counted(policy, scale, mixed).rag == level

    kept, exact = _smallest(holds, [sum(size for _, _, size in group) for group in members])
    return {
        kind: own
        for group, count in zip(members, kept, strict=True)
        for kind, own in _first([(kind, size) for kind, _, size in group], count)
        if own
    }, exact


def _first(sizes: Sequence[tuple[Kind, int]], count: int) -> Iterator[tuple[Kind, int]]:
    for kind, size in sizes:
        own = min(size, count)
        count -= own
        yield kind, own


def _what_counts(policy: RollupPolicy, scale: Scale, level: Rag) -> tuple[set[int], bool]:
    """The ranks of the levels whose number can change whether the area has this level; whether critical ones do."""
    below = [own for own in scale if own != scale.best]
    if policy.limits:
        return {own.rank for own in below}, "critical_" in policy.conditions
    if policy.method is RollupMethod.SHARE:
        least = scale[policy.of] if policy.of else scale.best
        return {own.rank for own in below if own < least}, False
    if policy.method is RollupMethod.WORST:
        return {own.rank for own in below}, False
    # a rule after the last one that gives the level is asked only where the area has another
    last = max(n for n, rule in enumerate(policy.rules) if rule.rag == str(level))
    names = {name for rule in policy.rules[: last + 1] if rule.when is not None for name in rule.when.names}
    every = {"worst", str(scale.best), f"critical_{scale.best}"} & names
    read = {own.rank for own in below if every or {str(own), f"critical_{own}"} & names}
    return read, any(name.startswith("critical_") for name in names)


def _smallest(holds: Callable[[Sequence[int]], bool], sizes: Sequence[int]) -> tuple[Sequence[int], bool]:
    """How many of each group to keep so that it holds, as few as possible, the first groups first.

    Whether no fewer would do is known where few sets had to be tried; else it is a set from which none can be left out.
    """
    left = _TRIED + sum(sizes)
    for size in range(sum(sizes) + 1):
        for kept in _of_size(sizes, size):
            if holds(kept):
                return kept, True
            left -= 1
            if left == 0:
                orders = list(range(len(sizes))), list(reversed(range(len(sizes))))
                return min((_reduced(holds, sizes, order) for order in orders), key=sum), False
    return sizes, True


def _of_size(sizes: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    """Every way to take so many, the most of the first groups first."""
    if not sizes:
        if size == 0:
            yield ()
        return
    rest = sum(sizes[1:])
    for own in range(min(sizes[0], size), max(size - rest, 0) - 1, -1):
        for others in _of_size(sizes[1:], size - own):
            yield (own, *others)


def _reduced(holds: Callable[[Sequence[int]], bool], sizes: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """Fewer and fewer of each group, until one less of any would not hold."""
    kept = list(sizes)

    def fits(group: int, count: int) -> bool:
        return holds([count if n == group else own for n, own in enumerate(kept)])

    for _ in range(_PASSES):
        before = list(kept)
        for group in order:
            # `high` fits and `low` does not
            low, high = -1, kept[group]
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if fits(group, middle) else (middle, high)
            kept[group] = high
        if kept == before:
            break
    return tuple(kept)


# points: what each child takes away from the best score


def _by_gain(
    policy: RollupPolicy, scale: Scale, counted: Sequence[Counted], lacking: dict[Kind, Child], level: Rag
) -> tuple[Mix, bool]:
    table = policy_table(policy, scale)
    rated = [(child, count) for child, count in counted if not child.rag.is_grey]
    whole = sum((child.weight * count for child, count in rated), Fraction(0))
    best = points_of(scale.best)
    if policy.worst is not None:
        whole = Fraction(min(policy.worst, sum(count for _, count in rated)))
    sizes = {_kind(child, policy.named): count for child, count in counted}
    gains = [
        ((child.weight if policy.worst is None else 1) * (best - points_of(child.rag)), kind)
        for kind, child in lacking.items()
        for _ in range(sizes[kind])
    ]
    gains.sort(key=lambda gain: (-gain[0], _order(gain[1])))
    if policy.worst is not None:
        # the mean is of so many, and the largest gains are those of the worst
        del gains[policy.worst :]

    def holds(lost: Fraction) -> bool:
        return bool(table.labels[table.exact_index(best - lost / whole)] == level)

    rising = all(one < other for one, other in pairwise(table.labels)) and all(gain >= 0 for gain, _ in gains)
    losses = accumulate((gain for gain, _ in gains), initial=Fraction(0))
    size = next((size for size, lost in enumerate(losses) if holds(lost)), len(gains))
    kept = gains[:size]
    if not rising:
        kept = _without_needless(kept, holds)
    return dict(Counter(kind for _, kind in kept)), rising or not kept


def _without_needless(
    kept: list[tuple[Fraction, Kind]], holds: Callable[[Fraction], bool]
) -> list[tuple[Fraction, Kind]]:
    lost = sum((gain for gain, _ in kept), Fraction(0))
    for _ in range(_PASSES):
        needed = []
        for each in reversed(kept):
            if holds(lost - each[0]):
                lost -= each[0]
            else:
                needed.append(each)
        if len(needed) == len(kept):
            break
        kept = needed[::-1]
    return kept
