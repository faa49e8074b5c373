"""A small rulebook and data that a newcomer can edit."""

from __future__ import annotations

__all__ = ["FILES"]

_BOOK = """\
# book.toml: what holds for every area.
[book]
title   = "Our performance"
edition = "2026-27"
missing = "grey"                    # a missing value is grey: or "red", "amber", "carry forward"

[rollup]
minimum_coverage = "50%"            # share of an area's children that must be rated
rules = [                           # first match wins; the last has no `when`
  { rag = "red",   when = "critical_red >= 1 or red > rated / 2" },
  { rag = "amber", when = "red + amber >= 1" },
  { rag = "green" },
]

# A grace is dated, reasoned and authorised relief; a KPI or action opts into it by name.
[grace.new-system]
from          = 2026-09-01
until         = 2027-03-31
no_worse_than = "amber"
reason        = "Records are being moved to a new system"
authority     = "Performance board, August 2026"
"""

_AREA = """\
# early-help.toml: one area; the file's name is the area's id.
[area]
title = "Early help"
lead  = "Service lead, Early help"

[kpi.seen-10-days]
title     = "Children seen within 10 working days"
unit      = "%"
direction = "higher"
target    = 90
tolerance = "10 pp"                 # amber from 80 to below 90
critical  = true
grace     = ["new-system"]

[kpi.days-to-first-visit]
title     = "Average days to the first visit"
unit      = "days"
direction = "lower"
target    = 5
tolerance = 2

[[kpi.days-to-first-visit.examples]]  # read by people, run by `ragengine test`
value = 7
rag   = "amber"

[action.guidance]
title     = "Publish the practice guidance"
due       = 2026-10-31
warning   = "28 days"               # not complete and due this soon: amber
tolerance = "0 days"                # later than due: red
"""

_CASES = """\
# Tests of the rules, as data: ragengine test RULES runs them.
[[case]]
name   = "on the target is green"
kpi    = "early-help.seen-10-days"
period = "2026-07"
value  = 90
expect = { rag = "green" }

[[case]]
name   = "just under the target is amber"
kpi    = "early-help.seen-10-days"
period = "2026-07"
value  = 89.9
expect = { rag = "amber" }

[[case]]
name   = "late and open is red"
action = "early-help.guidance"
as_at  = 2026-11-01
status = "in progress"
expect = { rag = "red", days_late = 1 }
"""

_MEASUREMENTS = """\
kpi,period,value,numerator,denominator,evidence,note
early-help.seen-10-days,2026-08,,93,100,case system,
early-help.seen-10-days,2026-09,,84,100,case system,
early-help.days-to-first-visit,2026-09,4.5,,,case system,
"""

_ACTIONS = """\
action,as_at,status,progress,note
early-help.guidance,2026-09-30,in progress,60,draft with the board
"""

#: path within the new folder → text
FILES: dict[str, str] = {
    "rules/book.toml": _BOOK,
    "rules/early-help.toml": _AREA,
    "rules/early-help.cases.toml": _CASES,
    "data/measurements.csv": _MEASUREMENTS,
    "data/actions.csv": _ACTIONS,
}
