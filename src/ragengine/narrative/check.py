"""The narrative check: sentences are read, and every claim is held against arithmetic, data, ratings and each other."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePath

from attrs import frozen

from ..book import Rulebook
from ..data.read import read
from ..display import did_you_mean
from ..errors import DataError
from ..period import Period
from ..problem import Place, Problem, shorten, sorted_problems
from ..rollup.scorecard import Scorecard
from .claims import Claim, LevelClaim, LevelCount
from .facts import NarrativeFacts
from .level_counts import count_verdict
from .levels import level_verdict
from .numbers import NumberChecks
from .pairs import contradictions, impossible_counts
from .reading import read_claims
from .sentences import Sentence, read_sentences
from .verdicts import ClaimOutcome, Verdict

__all__ = ["NarrativeReport", "check_narrative", "verdicts_of"]

#: how many sentences back "this measure" may have been named
_LOOK_BACK = 3


@frozen
class NarrativeReport:
    """What the sentences of a narrative claim, and how each claim fared.

    Attributes:
        sentences: every sentence that was read, evidence too.
        verdicts: one for each claim that was understood, in the order of the file.
        unread: what is wrong with the narrative files themselves.
        data_problems: errors of the other data, which a claim may have wanted.
    """

    period: Period
    sentences: tuple[Sentence, ...]
    verdicts: tuple[Verdict, ...]
    unread: tuple[Problem, ...] = ()
    data_problems: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """What to mend, by file, line and column."""
        flagged = [verdict.problem for verdict in self.verdicts if verdict.problem is not None]
        return sorted_problems([*self.unread, *flagged])

    def count(self, outcome: ClaimOutcome) -> int:
        """How many claims fared so."""
        return sum(verdict.outcome is outcome for verdict in self.verdicts)


def check_narrative(
    book: Rulebook,
    *data: str | os.PathLike[str],
    as_at: str | None = None,
    previous: Scorecard | None = None,
) -> NarrativeReport:
    """Reads the sentences of narrative files and flags what does not hold.

    Args:
        data: folders of data files, or files; ``narrative.toml`` among them.
        as_at: the period to hold them against, as for :meth:`Rulebook.score`; the latest in the data where it is None.
        previous: the scorecard of the period before, for what is said to have changed.

    Raises DataError where a path does not exist or there is no narrative, BadArgument for a period that cannot be read.

    >>> import ragengine
    >>> report = check_narrative(ragengine.load("rules"), "docs/examples/2020-08")
    >>> [problem.code for problem in report.problems][:2]
    ['RAG124', 'RAG124']
    """
    read_data = read(*data, calendar=book.rules.calendar)
    sentences, unread = read_sentences(*data)
    if not sentences:
        missing = Problem("RAG101", "no narrative is there to check", Place(str(data[0])), hint="write narrative.toml")
        raise DataError(tuple(unread) or (missing,))
    card = book.score(read_data, as_at, previous)
    verdicts = verdicts_of(NarrativeFacts.of(book.rules, read_data, card), sentences)
    own_files = {PurePath(sentence.place.file).name for sentence in sentences}
    others = tuple(p for p in card.problems if p.is_error and p.place.file not in own_files)
    unread += _unknown_areas(book, sentences)
    return NarrativeReport(card.period, tuple(sentences), tuple(verdicts), tuple(unread), others)


def _unknown_areas(book: Rulebook, sentences: Sequence[Sentence]) -> list[Problem]:
    """Sentences under an area that the rules do not have are held against nothing: each such area is a problem."""
    unknown = {(s.place.file, s.area): s for s in reversed(sentences) if s.area not in book.rules.areas}
    problems = []
    for sentence in unknown.values():
        near = did_you_mean(sentence.area, book.rules.areas)
        hint = f"did you mean {near}?" if near else ""
        message = f"the rules have no area {shorten(sentence.area, 40)!r}"
        problems.append(Problem("RAG104", message, sentence.area_place, hint=hint))
    return problems


def verdicts_of(facts: NarrativeFacts, sentences: Sequence[Sentence]) -> list[Verdict]:
    """A verdict for each claim of the sentences, in their order."""
    claims = read_claims(sentences, facts.rules.scale, facts.subjects.units)
    lists: dict[tuple[str, str, str], list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        if not sentence.is_evidence:
            lists[sentence.list_key].append(sentence)
    # what heads a list is held against each of its items
    claims = [c for c in claims if not (isinstance(c.content, LevelClaim) and c.content.of == "list")]
    made: list[Verdict] = []
    for _, group in groupby(claims, key=lambda claim: id(claim.sentence)):
        own = list(group)
        numbers = [claim for claim in own if not isinstance(claim.content, LevelClaim | LevelCount)]
        levels = [claim for claim in own if isinstance(claim.content, LevelClaim | LevelCount)]
        made += NumberChecks(facts).verdicts(numbers)
        number = own[0].sentence.number
        before = lists[own[0].sentence.list_key][max(0, number - _LOOK_BACK) : number]
        made += [_level_verdict(facts, claim, [sentence.text for sentence in before]) for claim in levels]
    return _settled(facts, made)


def _level_verdict(facts: NarrativeFacts, claim: Claim, before: Sequence[str]) -> Verdict:
    if isinstance(claim.content, LevelCount):
        return count_verdict(facts, claim, claim.content)
    assert isinstance(claim.content, LevelClaim)
    return level_verdict(facts, claim, claim.content, before)


def _settled(facts: NarrativeFacts, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts with what two sentences say of each other; a claim has one, the gravest first found."""
    against: dict[int, Verdict] = {}
    for verdict in (*impossible_counts(v.claim for v in verdicts), *contradictions(facts, verdicts)):
        against.setdefault(id(verdict.claim), verdict)
    settled = [
        verdict if verdict.outcome is ClaimOutcome.FLAGGED else against.get(id(verdict.claim), verdict)
        for verdict in verdicts
    ]
    return sorted(settled, key=lambda v: (v.claim.sentence.place.file, v.claim.sentence.place.line, v.claim.position))
