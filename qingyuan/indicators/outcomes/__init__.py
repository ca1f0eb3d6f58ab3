"""How long until something happens: survival curves, competing events and fair comparison, for any anonymous table.

Nothing here knows a person: a row is two days, what happened and the group. Pure functions over numbers; no database.
"""

from __future__ import annotations

from qingyuan.indicators.outcomes.curves import Incidence, Survival, incidence, kaplan_meier
from qingyuan.indicators.outcomes.people import BadTable, Columns, Followed, Reading, read
from qingyuan.indicators.outcomes.report import HORIZONS, Report, analyse, same_people, spread

__all__ = [
    "HORIZONS",
    "BadTable",
    "Columns",
    "Followed",
    "Incidence",
    "Reading",
    "Report",
    "Survival",
    "analyse",
    "incidence",
    "kaplan_meier",
    "read",
    "same_people",
    "spread",
]
