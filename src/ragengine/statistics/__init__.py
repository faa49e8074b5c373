"""Numbers in, numbers out: intervals, comparisons, funnels, quantiles, stability. Nothing here knows a rating."""

from .comparison import Side, against, between
from .funnel import count_funnel, proportion_funnel
from .intervals import (
    BYAR_FROM,
    LEVELS_OF_CONFIDENCE,
    Limits,
    byar,
    byar_end,
    exact_poisson,
    normal_quantile,
    poisson,
    wilson,
    wilson_ends,
)
from .quantiles import PeerPlace, place, quantile, quantile_groups
from .scores import along, by_rank
from .stability import CasesToFlip, cases_to_flip, permitted

__all__ = [
    "BYAR_FROM",
    "LEVELS_OF_CONFIDENCE",
    "CasesToFlip",
    "Limits",
    "PeerPlace",
    "Side",
    "against",
    "along",
    "between",
    "by_rank",
    "byar",
    "byar_end",
    "cases_to_flip",
    "count_funnel",
    "exact_poisson",
    "normal_quantile",
    "permitted",
    "place",
    "poisson",
    "proportion_funnel",
    "quantile",
    "quantile_groups",
    "wilson",
    "wilson_ends",
]
