"""What people write above the columns of a KPI sheet, and which key each means."""

from __future__ import annotations

__all__ = ["KEYS", "SPELLINGS", "folded"]

#: spellings by key, folded as :func:`folded` does; where two columns mean one key, the earlier spelling wins
SPELLINGS: dict[str, tuple[str, ...]] = {
    "title": (
        "indicator", "performance indicator", "key performance indicator", "performance measure", "measure",
        "kpi", "kpi title", "measure title", "indicator title", "kpi name", "measure name", "indicator name",
        "pi", "pi title", "title", "metric", "kpi description", "indicator description", "measure description",
        "pi description", "success measure", "description", "name",
    ),
    "ref": (
        "ref", "reference", "ref no", "kpi ref", "pi ref", "indicator ref", "measure ref", "code", "kpi code",
        "pi code", "measure code", "indicator code", "id", "kpi id", "pi id", "indicator id", "measure id",
        "number", "no", "kpi no", "kpi number", "pi no", "indicator number",
    ),
    "area": (
        "area", "service", "service area", "department", "directorate", "dept", "division", "theme",
        "priority area", "priority", "portfolio", "programme", "program", "outcome", "corporate priority",
        "strategic aim", "corporate aim", "corporate objective", "strategic priority",
        "service unit", "category", "project", "team", "workstream", "objective", "strategic objective", "domain",
        "section",
        "pillar", "goal area",
    ),
    "unit": (
        "unit", "units", "unit of measure", "unit of measurement", "uom", "format", "data format", "data type",
        "number format", "measured in", "measured as", "measured by", "how measured", "expressed as", "type of measure",
        "type of unit", "type of data", "data unit", "measurement unit", "kind of measure",
        "value type", "measure type", "type",
    ),
    "direction": (
        "polarity", "direction", "good is", "better to be", "good to be", "high is good", "higher is better",
        "bigger is better", "low is good", "lower is better", "smaller is better", "good performance",
        "good performance is", "what is good", "desired direction", "preferred direction", "direction of good",
        "aim", "aim to", "aim to maximise", "aim to minimise", "pattern", "direction of performance",
        "high or low is good", "is high or low good", "optimal direction", "better is", "good performance means",
        "desired trend", "bigger or smaller is better", "bigger or smaller", "higher or lower is better",
        "polarity good is",
        "which way is better", "better if", "better when", "good if", "good when", "good",
        "improvement direction", "desired direction of travel",
        "good performance is typified by", "high low", "low high", "high or low", "which way is good",
        "good is high low",         "optimum", "good direction", "good means", "what good looks like",
    ),
    "target": (
        "target", "annual target", "year end target", "yearly target", "quarterly target", "monthly target",
        "target value", "current target", "profiled target", "target figure", "target for year", "standard", "targets",
        "goal", "plan", "planned", "profile", "profiled", "trajectory", "target level", "full year target",
        "ytd target",
        "target ytd", "target performance", "performance target", "kpi target", "threshold", "operational standard",
        "tgt", "trgt", "aim for",
    ),
    "minimum": (
        "target min", "target minimum", "minimum target", "min target", "lower target", "target from", "lower limit",
        "lower threshold", "target low", "min", "minimum",
    ),
    "maximum": (
        "target max", "target maximum", "maximum target", "max target", "upper target", "target to", "upper limit",
        "upper threshold", "target high", "max", "maximum",
    ),
    "tolerance": (
        "tolerance", "amber tolerance", "rag tolerance", "target tolerance", "tolerance level",
        "tolerance variance", "acceptable variance", "variance allowed", "allowed variance", "amber width",
        "amber range width",
        "tolerance from target", "permitted variance", "agreed tolerance", "rag tolerance level", "tolerances",
        "amber band",
        "margin", "amber margin",
    ),
    "green": ("green", "green threshold", "green if", "green when", "green range", "rag green", "green criteria", "g",
    "green band",
              "on track", "green rating", "green target", "green level", "green rule", "criteria green",
              "green on target"),
    "amber": (
        "amber", "amber threshold", "amber if", "amber when", "amber range", "rag amber", "amber criteria",
        "yellow", "amber line", "a", "amber rating", "at risk", "amber level", "amber rule", "criteria amber",
        "amber from",
        "amber target", "yellow threshold", "amber trigger", "floor", "floor standard", "minimum standard",
        "minimum acceptable", "acceptable", "acceptable level", "minimum acceptable level",
        "lowest acceptable", "worst acceptable", "limit of tolerance", "tolerance limit",
    ),
    "red": (
        "red", "red threshold", "red if", "red when", "red range", "rag red", "red criteria", "red trigger",
        "intervention level", "intervention", "r", "red band", "red rating", "off track", "red level", "red rule",
        "criteria red", "red from",
    ),
    "frequency": (
        "frequency", "reporting frequency", "frequency of reporting", "reporting", "reported",
        "collection frequency", "data frequency", "how often", "reporting cycle", "periodicity",
    ),
    "lead": (
        "lead", "lead officer", "owner", "kpi owner", "indicator owner", "measure owner", "responsible officer",
        "responsible", "accountable officer", "accountable", "responsible person", "manager", "lead manager",
        "head of service", "data owner", "contact", "accountable lead", "contact officer", "lead contact",
        "named officer",
    ),
    "period": (
        "period", "reporting period", "quarter", "month", "reporting month", "reporting quarter",
        "financial year", "year", "date", "period end", "as at",
    ),
    "actual": (
        "actual", "result", "value", "performance", "outturn", "current value", "current performance",
        "this quarter", "this quarter value", "this month", "current", "actual performance", "actual value",
        "latest", "latest value", "year to date", "ytd", "score", "data", "actuals", "act", "achieved to date",
        "actual ytd",
        "ytd actual", "latest performance", "latest result", "latest data", "current result", "measured",
        "reported value",
        "actual performance ytd", "outcome value", "latest outturn", "year end outturn", "position",
        "current position", "current quarter", "current month", "this year", "latest quarter", "latest period",
        "latest month", "this period value", "current year",
        "this period", "current period",
    ),
    "numerator": ("numerator", "num"),
    "denominator": ("denominator", "den", "denom"),
    "status": (
        "status", "rag", "rag status", "rag rating", "rating", "performance status", "published status",
        "traffic light", "colour", "color", "current rag", "current status", "rag score", "rag this month",
        "rag this quarter",
        "latest rag", "latest status", "rag colour", "published rag", "performance rag", "brag", "brag status",
        "brag rating", "r a g", "overall rag", "rag assessment", "assessment", "rag current",
    ),
    "met": ("met", "target met", "met target", "met goal", "goal met", "on target", "achieved", "target achieved"),
    "source": ("source", "data source", "source of data", "system"),
    "note": (
        "note", "notes", "comment", "comments", "commentary", "narrative", "definition", "remarks",
        "explanation", "latest commentary", "update", "narrative update",
    ),
    "previous": (
        "previous", "previous value", "previous quarter", "previous quarter value", "previous year",
        "previous month", "previous year value", "last year", "last quarter", "last month",
        "previous performance", "previous outturn", "prior year", "previous rag", "previous status",
        "trend", "direction of travel", "dot", "last period", "previous period", "same period last year",
        "change", "movement", "variance to target", "gap", "gap to target", "difference", "percent", "variance", "var",
    ),
    "baseline": ("baseline", "baseline value", "base", "starting point", "baseline position", "baseline figure"),
    "entity": (
        "entity", "ward", "site", "school", "hospital", "trust", "organisation", "locality", "district", "region",
        "branch",
        "provider", "unit name", "entity code", "entity name", "location", "depot", "practice", "borough",
    ),
    "due": (
        "due", "due date", "deadline", "target date", "completion date", "by when", "end date", "planned completion",
        "target completion date", "date due", "planned end", "finish", "finish date", "planned completion date",
        "expected completion", "complete by", "when",
    ),
    "start": ("start", "start date", "planned start", "begins", "begin"),
    "progress": (
        "complete", "percent complete", "percentage complete", "progress", "completed", "completion", "pct complete",
        "progress percent", "percentage completion", "per cent complete", "progress percentage",
    ),
    "completed_on": (
        "completed on", "date completed", "actual completion", "actual completion date", "actual end", "completed date",
        "actual finish", "date complete",
    ),
    "action": (
        "action", "action title", "milestone", "task", "deliverable", "activity", "action point", "actions",
        "milestones",
        "improvement action", "key action", "action description", "what", "action required", "key milestone",
        "project milestone",
    ),
}  # fmt: skip

SPELLINGS["thresholds"] = (
    "rag thresholds", "thresholds", "rag criteria", "rag definition", "rag definitions", "rag rule", "rag rules",
    "how it is rated", "rag parameters", "rag boundaries", "rag key", "rag tolerances", "performance thresholds",
)  # fmt: skip
#: what ``--map`` may name: `previous` is known so that nothing else takes such a column
KEYS = tuple(SPELLINGS)


def folded(heading: str) -> str:
    """A heading without what spellings differ in: case, punctuation, underscores, brackets.

    >>> folded(" Unit_of measure (%)"), folded("Lead / Owner:")
    ('unit of measure', 'lead owner')
    """
    return " ".join("".join(c if c.isalnum() else " " for c in heading.casefold()).split())
