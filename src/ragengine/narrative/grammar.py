r"""What the narrative check understands: one table of patterns over outlines.

Braces name the pieces below. ``{gap}`` is a quantity of the group ``gap``; ``{gap%}`` a percentage, ``{gap#}`` a number
of any other unit. Every gap is bounded and nothing repeats within a repetition, so a search takes time in proportion to
the sentence. Patterns are tried in the order of the table; what one has understood is closed to the next.
"""

from __future__ import annotations

import re
from functools import lru_cache

from attrs import frozen

from ..terms import Scale
from .quantities import NUMBER, PERCENT, POINTS

__all__ = ["GRAMMAR", "Pattern", "patterns_of"]

_ANY = f"[{PERCENT}{POINTS}{NUMBER}]"

_PIECES = {
    "the": r"(?:(?:the|its|our|their|this|that|a|an|agreed|local|national|statutory|annual|monthly) ){0,3}",
    "target": r"(?:target|targets|goal|ambition|trajectory)\b"
    r"(?! (?:group|area|audience|cohort|date|population|school|service|family|families|children)s?\b)",
    #: the noun of a number: "3 working days over target"
    "noun": r"(?: (?!(?:targets?|goal|from|to|by|of|over|under|above|below|within|or|and|but|is|are|was|were|has|have"
    r"|had|be|been|remains?|stays?|which|that|lower|higher|less|more)\b)[a-z'-]{1,20}){0,3}",
    "below": r"(?P<below>lower than|below|under|less than|fewer than|short of|beneath|behind|adrift of)",
    "above": r"(?P<above>higher than|above|over|more than|greater than|in excess of|ahead of|beyond)",
    "off": r"(?:off|away from|from|out from|outside)",
    "side": r"(?:{below}|{above}|{off})",
    "up": r"(?P<up>increas(?:e|es|ed|ing)|r(?:ose|ises?|isen|ising)|gr(?:ew|ows?|own|owing|owth)|up|climbed|higher)",
    "down": r"(?P<down>reduc(?:e|es|ed|ing|tion)|decreas(?:e|es|ed|ing)|f(?:ell|alls?|allen|alling)"
    r"|declin(?:e|es|ed|ing)|dropp?(?:s|ed|ing)?|down|lower)",
    "better": r"(?P<better>improv(?:e|es|ed|ing|ement))",
    "worse": r"(?P<worse>worsen(?:s|ed|ing)?|deteriorat(?:e|es|ed|ing|ion))",
    "moved": r"(?:{up}|{down}|{better}|{worse})",
    "rise": r"(?:increase|rise|improvement|(?P<down>reduction|decrease|drop|fall))",
    "adverbs": r"(?: (?:slightly|significantly|further|again|steadily|sharply|now|marginally)){0,2}",
    "ratings": r"(?:rags?|ratings?|kpis?|pis?|measures?|indicators?|actions?|areas?|priorities|priority|scores?)\b",
    "be": r"(?:is|are|was|were|be|been|has been|have been)",
    #: after a colour: no noun that it could describe
    "stop": r"(?=$|[.,;:)]| -| (?:due|because|as|at|for|with|and|but|overall|again|this|in|since|on|while|whilst"
    r"|until|by)\b)",
    "few": r"(?: [a-z'-]{1,20}){0,3}",
}


@frozen
class Pattern:
    """One way of saying something, and sentences that say it so."""

    name: str
    text: str
    examples: tuple[str, ...]


GRAMMAR: tuple[Pattern, ...] = (
    Pattern(
        "left out",
        r"{reported%}[^.;()]{0,20}? ?\((?:the )?actual(?: %| figure| percentage| value| rate)?(?: is| was|:)? "
        r"{actual%},? (?:but|as|because|since|with|excluding|leaving out){few} {cases#}",
        ("Allocations are 100% (actual % is 88.9%, but one case is allocated elsewhere).",),
    ),
    Pattern(
        "share",
        r"{part#}(?: out)? of {the}{whole#}(?: [a-z'-]{1,20}){0,8}(?: \(|, or | or | = ){percent%}",
        ("8 of 9 children (89%) have been allocated.",),
    ),
    Pattern("share", r"{percent%} \({part#}(?: out)? of {the}{whole#}", ("89% (8 of 9) have been allocated.",)),
    Pattern("gap", r"(?P<within>within) {gap}{noun} of {the}{target}", ("Timeliness is within 2% of target.",)),
    Pattern("ratio", r"{ignored%} of {the}{target}", ("Spend is 96% of target.",)),
    Pattern(
        "gap",
        r"{gap}\)?{noun} {side} {the}{goal}{noun} {target}",
        ("Timeliness is 87%, 3% short of the 90% target.", "Sickness is 8 days, 3 days over the 5 days target."),
    ),
    Pattern(
        "gap",
        r"{gap}\)?{noun} {side} {the}{target}(?: of {goal})?",
        (
            "Children seen in time is 6% lower than target at 84%.",
            "Sickness is 8 days, 3 days above the target of 5 days.",
            "Timeliness is 4.5% off target (95.5%).",
        ),
    ),
    Pattern(
        "gap",
        r"(?P<missed>missed|missing|misses|short of|below) {the}{target} by {gap}",
        ("The service missed its target by 6%.",),
    ),
    Pattern(
        "gap",
        r"{target}(?: {be})? (?:(?P<missed>missed)|(?P<beat>exceeded|beaten)) by {gap}",
        ("The target was missed by 6%.",),
    ),
    Pattern(
        "gap", r"(?P<beat>exceed(?:s|ed|ing)?|beat|above) {the}{target} by {gap}", ("We exceeded the target by 2%.",)
    ),
    Pattern(
        "standing",
        r"{target}(?: {be})?(?P<not> not| never)?(?: yet| being| fully)? (?:met|achieved|reached|exceeded)\b",
        ("Target is met for open children with an assessment.",),
    ),
    Pattern(
        "standing",
        r"(?:meets?|met|meeting|achiev(?:e|es|ed|ing)|within|(?P<exceeded>exceed(?:s|ed|ing)?)"
        r"|(?:{be}|remains?|now|sitting|running) on) {the}(?:{goal}{noun} )?{target}(?! to)",
        ("Performance remains within target.",),
    ),
    Pattern(
        "standing",
        r"(?:{below}|{above}|(?P<not>off|missing|missed|outside)) {the}(?:{goal}{noun} )?{target}",
        ("Outcomes remain lower than target.",),
    ),
    Pattern(
        "target", r"{target}(?: (?:of|is|was)|:|,)? ?\(?{goal}", ("Staff sickness is 14.14 days (target 5 days).",)
    ),
    Pattern("target", r"{goal} (?:is|was|being) {the}{target}", ("90% is the target for visits.",)),
    Pattern("target", r"{goal}{noun} {target}", ("The service has a 90% target.",)),
    Pattern("change", r"{by}{noun} {rise}{few} from {start}{noun} to {end}", ("There was a 4% drop from 24% to 20%.",)),
    Pattern(
        "change",
        r"{moved}{few} from {start}{noun} to {end}(?:{noun},? (?:an?|\()[^.;]{0,20}? (?:of|by) {by})?",
        ("Repeat referrals have fallen from 24% to 20%.",),
    ),
    Pattern(
        "change",
        r"{moved}{adverbs} by {by}{noun}(?: from {start}{noun})? to {end}",
        ("Visits increased by 5% to 60%.",),
    ),
    Pattern("change", r"{moved}{adverbs} by {by}{noun} \({end}\)", ("Carers increased by 1 (165).",)),
    Pattern("change", r"{moved}{adverbs} by {by}", ("Visits increased by 5%.",)),
    Pattern("change", r"{moved}{adverbs} to {end}", ("Staff sickness has increased to 14.14 days.",)),
    Pattern("change", r"(?:an? )?{rise} of {by}", ("Timeliness is 93%, a rise of 3%.",)),
    Pattern("change", r"(?:{up}|{down}) {by}{noun} (?:on|since)\b", ("Timeliness is 93%, up 3 points on June.",)),
    Pattern("from", r"from {start%} to {end%}", ("Timeliness went from 90% to 93%.",)),
    Pattern("range", r"between {ignored}{noun} and {other}", ("Attendance is between 80% and 85%.",)),
    Pattern("range", r"{ignored%}(?: to | - |-){other%}", ("Attendance is 80% to 85%.",)),
    Pattern(
        "before",
        r"(?:compared (?:to|with)|(?:up|down) from|against|versus|vs\.?|previously|baseline(?: of| is| was)?"
        r"|last (?:year|month|quarter)|(?:year|month|quarter) before|remaining|other|further|another)"
        r"(?: [a-z]{1,12}){0,5} \(?{ignored}",
        ("Timeliness is 93%, compared with 90% in June.",),
    ),
    Pattern(
        "outstanding",
        r"(?<!or )outstanding (?P<counted>[a-z]{3,20}) (?:for|is|are|was|were|of|relates? to)[^.;,()]{0,60}",
        ("Outstanding visits are for one family of three children.",),
    ),
    Pattern(
        "outstanding",
        r"{ignored#} (?P<counted>[a-z]{3,20})(?: is| are| remains?| were| was)? (?:still )?outstanding",
        ("Three visits are outstanding.",),
    ),
    Pattern(
        "limit",
        r"(?:within|after|every|aged|next|past|last|per|least every|for|in) (?:the )?(?:next |last |past )?{ignored#}",
        ("Visits within 10 working days.",),
    ),
    Pattern(
        "count",
        r"(?:no|none of [^.;]{0,40}?(?:is|are)) {level}"
        r"(?: {ratings}(?! (?:in other|across|elsewhere))|$|[.,;:]| -)",
        ("No red RAGs.",),
    ),
    Pattern("count", r"no {ratings} {be}(?: now)?(?: rated)?(?: as)? {level}\b", ("No KPIs are red.",)),
    Pattern("count", r"{count#} {level} {ratings}", ("Two red KPIs.",)),
    Pattern(
        "count", r"(?P<all>all)(?: of)? {the}{ratings} {be}(?: rated)?(?: as)? {level}\b", ("All KPIs are green.",)
    ),
    Pattern(
        "following",
        r"following(?: [a-z]{1,20}){0,5} {be}(?: rated| flagged| graded)?(?: as| at)? {level}\b",
        ("The following areas have been rated as red: learning circles, partner training.",),
    ),
    Pattern(
        "changed",
        r"(?:(?P<raised>upgraded|improved|raised)|(?P<lowered>downgraded|worsened|lowered|reduced|escalated)|amended"
        r"|re-?graded|re-?rated|moved|changed|revised|adjusted|gone|went|set)(?: [a-z]{1,20}){0,3}?(?: from {old})?"
        r" (?:to|as|at) {level}\b",
        ("Overall RAG rating has been downgraded to red.",),
    ),
    Pattern(
        "kept",
        r"(?:retain(?:s|ed)?|remain(?:s|ed)?|kept|keeps|stay(?:s|ed)?|held|maintain(?:s|ed)?|continues?|still)"
        r"(?: to be)?(?: rated)?(?: as| at| on)? {level}\b",
        ("Overall rating retained as green.",),
    ),
    Pattern(
        "rated",
        r"(?:rated|flagged|judged|assessed|reported|marked|shown|scored|classed|graded)(?: as| at)?(?: an?)? {level}\b"
        rf"(?! (?:or|in [{PERCENT}{NUMBER}]))",
        ("Audit quality is flagged as red.",),
    ),
    Pattern(
        "rated", r"(?:is|are)(?: now| currently| overall| also| all| both)? {level}{stop}", ("Early Help is green.",)
    ),
    Pattern("rated", r"(?:rag(?: rating| status)?|rating|status)(?: is|:| =)? {level}{stop}", ("RAG: Amber.",)),
)

_BRACE = re.compile(r"\{([a-z]+)([%#]?)\}")


def patterns_of(scale: Scale) -> tuple[tuple[Pattern, re.Pattern[str]], ...]:
    """The table as regular expressions, with the words of a scale for its levels."""
    names = {name.casefold() for level in scale for name in (level.id, level.label, *level.aliases) if len(name) > 2}
    return _compiled("|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))))


@lru_cache(maxsize=16)
def _compiled(levels: str) -> tuple[tuple[Pattern, re.Pattern[str]], ...]:
    def filled(match: re.Match[str]) -> str:
        name, kind = match.groups()
        if name in ("level", "old"):
            return f"(?P<{name}>{levels})"
        if not kind and name in _PIECES:
            return _BRACE.sub(filled, _PIECES[name])
        sign = {"%": PERCENT, "#": NUMBER, "": _ANY}[kind]
        return f"(?P<{name}>{sign})"

    # no pattern begins within a word
    return tuple((pattern, re.compile(rf"(?<![a-z]){_BRACE.sub(filled, pattern.text)}")) for pattern in GRAMMAR)
