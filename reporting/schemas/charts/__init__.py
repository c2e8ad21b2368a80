"""Charts as inline SVG: direct labels, a drawn target, a pattern beside each colour.

Colours come from the style sheet, so that the dark scheme and a grey printer have their own.
A table stands under each chart; the drawing itself is for eyes alone.
"""

from reporting.schemas.charts.bars import Bar, bars
from reporting.schemas.charts.gauge import Goal, gauge
from reporting.schemas.charts.map import Pin, PinState, mark, site_map
from reporting.schemas.charts.trend import Outlook, Point, trend
from reporting.schemas.charts.whisker import whisker

__all__ = [
    "Bar",
    "Goal",
    "Outlook",
    "Pin",
    "PinState",
    "Point",
    "bars",
    "gauge",
    "mark",
    "site_map",
    "trend",
    "whisker",
]
