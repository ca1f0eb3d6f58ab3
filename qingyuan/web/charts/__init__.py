"""Pictures of numbers as plain geometry, drawn by ``templates/components`` as SVG.

Pure: numbers in, coordinates out. Nothing here knows a request, a model or a colour; every picture keeps the numbers
it was made of, so that the template can set the table behind it.
"""

from __future__ import annotations

from qingyuan.web.charts.funnel import Funnel, Sample, funnel
from qingyuan.web.charts.lines import LineChart, Series, Sparkline, line_chart, sparkline
from qingyuan.web.charts.tiles import Tile, TileMap, tile_map
from qingyuan.web.charts.timeline import Lane, Mark, Span, Timeline, timeline

__all__ = [
    "Funnel",
    "Lane",
    "LineChart",
    "Mark",
    "Sample",
    "Series",
    "Span",
    "Sparkline",
    "Tile",
    "TileMap",
    "Timeline",
    "funnel",
    "line_chart",
    "sparkline",
    "tile_map",
    "timeline",
]
