"""What the room hands out: the paragraph, places, months and slices of a figure, each as one reader may read it."""

from __future__ import annotations

from qingyuan.indicators.query import BadQuery
from qingyuan.situation.queries.figures import Figure, TownFigure, rests_on_few
from qingyuan.situation.queries.places import town_table, towns
from qingyuan.situation.queries.readings import Part, Reading, part_state, read, read_all
from qingyuan.situation.queries.results import Results, results
from qingyuan.situation.queries.series import Series, monthly_codes, series
from qingyuan.situation.queries.showing import Asked
from qingyuan.situation.queries.slices import SliceFigure, slices
from qingyuan.situation.queries.whose import Whose, whose

__all__ = [
    "Asked",
    "BadQuery",
    "Figure",
    "Part",
    "Reading",
    "Results",
    "Series",
    "SliceFigure",
    "TownFigure",
    "Whose",
    "monthly_codes",
    "part_state",
    "read",
    "read_all",
    "rests_on_few",
    "results",
    "series",
    "slices",
    "town_table",
    "towns",
    "whose",
]
