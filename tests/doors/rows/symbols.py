"""Statistical symbols in every cell, marks of the book's own, and bracketed notes."""

from __future__ import annotations

from ..row import BOOK, Row, Table, grey, rated

#: DESIGN 5: the statistical symbols, as printed
SYMBOLS = {
    **dict.fromkeys(("c", "[c]", "*"), "suppressed"),
    **dict.fromkeys(("z", "[z]", "n/a", "N/A"), "not applicable"),
    **dict.fromkeys((":", "x", "[x]", "..", "-", "–", "TBC", "tbc", "u", "[u]", "w", "[w]"), "no data"),
    **dict.fromkeys(("k", "[k]", "low", "[low]"), "small numbers"),
}
OWN = {"<5": "suppressed", "Not Available": "no data", "n.a.": "not applicable", "few": "small numbers"}

_RATE = 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"'
_SHARE = f'{_RATE}\nformula = "100 * seen / due"\ninputs = ["seen", "due"]'
_BROUGHT = 'direction = "higher"\ntarget = "from data"\ntolerance = "10 pp"'
_VALUE = "a symbol in value, kept and shown"


def _in_every_cell(symbol: str, reason: str) -> list[Row]:
    """A symbol in value, in a count, in a target from the data and in a name that a formula reads."""
    return [
        grey("s-rate", reason, _VALUE, value=symbol),
        grey("s-rate", reason, "with no value, a symbol in a count", numerator=symbol, denominator="100"),
        grey("s-rate", reason, "with no value, a symbol in a count", numerator="84", denominator=symbol),
        rated("s-rate", "amber", 6, "the value is given: no count is asked", value="84", numerator=symbol),
        grey("s-share", reason, "a symbol in a name that the formula reads", seen=symbol, due="100"),
        grey("s-share", reason, "a symbol in a name that the formula reads", seen="84", due=symbol),
        rated("s-share", "amber", 6, "the formula reads no value", value=symbol, seen="84", due="100"),
        grey("s-brought", "no target", "a target that is a symbol", value="84", target=symbol),
        rated("s-rate", "amber", 6, "the rule states its target", value="84", target=symbol),
        grey("s-watched", reason, "a symbol before monitored", value=symbol),
    ]


RULES = {
    "s-rate": _RATE,
    "s-share": _SHARE,
    "s-brought": _BROUGHT,
    "s-watched": 'direction = "monitor"',
}  # fmt: skip

_EVERY = [row for symbol, reason in SYMBOLS.items() for row in _in_every_cell(symbol, reason)]
_NO_SYMBOLS = [
    grey("s-rate", "invalid", "no symbol is so written", value=text)
    for text in ("C", "Low", "X", "Z", "K", "[C]", "(c)", "c c", "c.", "?", "???", "---", "....", "none", "null",
                 "NULL", "nil", "#N/A", "unknown", "yes")
]  # fmt: skip

ROWS = (
    *_EVERY,
    *_NO_SYMBOLS,
    grey("s-rate", "suppressed", "blanks around a symbol are none of it", value=" c "),
    grey("s-rate", "suppressed", "a no-break space too", value="\u00a0c"),
    rated("s-rate", "green", -2, "letters in brackets after a number are a note", value="92 [p]"),
    rated("s-rate", "green", -2, "letters in brackets after a number are a note", value="92[r]"),
    rated("s-rate", "green", -2, "a break refuses movement, and no level", value="92 [b]"),
    rated("s-rate", "amber", 6, "a note in a count", numerator="84 [p]", denominator="100[r]"),
    rated("s-share", "amber", 6, "a note in an input", seen="84 [p]", due="100"),
    rated("s-brought", "amber", 6, "a note in a target", value="84", target="90 [e]"),
    grey("s-rate", "suppressed", "c in brackets after nothing is the symbol", value="[c]"),
    grey("s-rate", "invalid", "digits in brackets are no note", value="92 [1]"),
    grey("s-share", "suppressed", "a symbol before what is no number", seen="many", due="c"),
    grey("s-share", "suppressed", "a symbol before division by zero", seen="c", due="0"),
    grey("s-share", "suppressed", "a symbol before what is missing", seen="", due="c"),
)

TABLE = Table("plain", RULES, ROWS)

_WRITTEN = ", ".join(f'"{mark}" = "{meaning}"' for mark, meaning in OWN.items())
OWN_TABLE = Table(
    "symbols",
    RULES | {"s-words": 'words = { no = "red", yes = "green" }'},
    (
        *(row for mark, reason in OWN.items() for row in _in_every_cell(mark, reason)),
        *(row for mark in ("c", "..", "low") for row in _in_every_cell(mark, SYMBOLS[mark])),
        grey("s-rate", "invalid", "another mark is none", value="<6"),
        grey("s-words", "suppressed", "a mark of one's own beside words", value="<5"),
        rated("s-words", "green", None, "a listed word", value="Yes"),
        rated("s-rate", "red", 86, "a number is no mark", value="4"),
    ),
    BOOK + f"symbols = {{ {_WRITTEN} }}\n",
)
