"""Values in words: listed ones, though they be symbols elsewhere, those that are not, and true and false."""

from __future__ import annotations

from ..row import Table, grey, rated

_LISTED = "a listed word has its level"
_SYMBOL = "a symbol that words do not list"
_NOT = "a word that is not listed: invalid"
_FLAG = "JSON or Excel true is the word true"

RULES = {
    "plan": 'words = { no = "red", "in development" = "amber", yes = "green" }',
    "odd": 'words = { x = "red", low = "amber", true = "green" }',
    "dash": 'words = { "-" = "red", "n/a" = "amber", "TBC" = "green" }',
    "flag": 'words = { false = "red", true = "green" }',
    "w-rate": 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"',
    "plan-red": 'words = { no = "red", "in development" = "amber", yes = "green" }\nmissing = "red"',
}

ROWS = (
    rated("plan", "green", None, _LISTED, value="yes"),
    rated("plan", "green", None, "folded", value="YES"),
    rated("plan", "green", None, "blanks around it are none of it", value=" Yes "),
    rated("plan", "amber", None, _LISTED, value="In Development"),
    rated("plan", "red", None, _LISTED, value="no"),
    grey("plan", "invalid", _NOT, value="maybe"),
    grey("plan", "invalid", _NOT, value="yess"),
    grey("plan", "invalid", _NOT, value="in  progress"),
    grey("plan", "invalid", "a number is no word that is listed", value="1"),
    grey("plan", "invalid", "a number is no word that is listed", value="0.5"),
    grey("plan", "invalid", _NOT, value="true"),
    grey("plan", "invalid", _FLAG + ", which is not listed", value=True),
    grey("plan", "no data", "nothing", value=""),
    grey("plan", "no data", "nothing", value=" "),
    grey("plan", "suppressed", _SYMBOL, value="c"),
    grey("plan", "small numbers", _SYMBOL, value="low"),
    grey("plan", "no data", _SYMBOL, value="x"),
    grey("plan", "not applicable", _SYMBOL, value="n/a"),
    rated("plan-red", "red", None, "nothing is red here", value=""),
    grey("plan-red", "invalid", "what is not listed is not missing", value="maybe"),
    rated("plan", "green", None, "counts say nothing of a word", value="yes", numerator="8", denominator="9",
          excluded="10"),
    rated("odd", "red", None, "x is listed, though a symbol elsewhere", value="x"),
    rated("odd", "red", None, "folded, though X is no symbol", value="X"),
    rated("odd", "amber", None, "low is listed, though a symbol elsewhere", value="low"),
    rated("odd", "amber", None, "folded", value="Low"),
    rated("odd", "green", None, _LISTED, value="true"),
    rated("odd", "green", None, "as Excel writes it to CSV", value="TRUE"),
    rated("odd", "green", None, _FLAG, value=True),
    grey("odd", "invalid", "false is not listed", value=False),
    grey("odd", "small numbers", _SYMBOL, value="k"),
    grey("odd", "small numbers", "[low] is not the word low", value="[low]"),
    grey("odd", "no data", _SYMBOL, value=".."),
    rated("dash", "red", None, "- is listed, though a symbol elsewhere", value="-"),
    rated("dash", "amber", None, "n/a is listed", value="N/A"),
    rated("dash", "green", None, "TBC is listed", value="tbc"),
    grey("dash", "no data", "an en dash is another symbol", value="–"),
    rated("flag", "green", None, _FLAG, value=True),
    rated("flag", "red", None, "and false the word false", value=False),
    rated("flag", "red", None, "as Excel writes it to CSV", value="FALSE"),
    grey("w-rate", "invalid", "a boolean is no number", value=True),
    grey("w-rate", "invalid", "a boolean is no number", value=False),
    grey("w-rate", "invalid", "a word where numbers are asked for", value="true"),
    grey("w-rate", "invalid", "a boolean is no count", numerator=True, denominator=True),
    grey("w-rate", "invalid", "a list is no number", value=[84]),
    grey("w-rate", "invalid", "an object is no number", value={"amount": 84}),
    grey("plan", "invalid", "a list is no word", value=["yes"]),
)  # fmt: skip

TABLE = Table("plain", RULES, ROWS)
