"""What was promised of the window: the ratio that must hold, and the one that would be better still, bar by bar."""

from __future__ import annotations

from typing import NamedTuple


class Bar(NamedTuple):
    """A ratio at most: `must` holds, `stretch` is aimed at."""

    must: float
    stretch: float | None


FIRST_PAINT = Bar(2.2, 1.4)
FIRST_PAINT_TO_EMPTY = Bar(4.5, 2.5)
MEMORY = Bar(1 / 40, 1 / 100)
MEGABYTES = Bar(30, None)
JUMP = Bar(1.4, 1.15)
LATE_JUMP = Bar(1.8, None)
SORT = Bar(2.5, 1.6)
SORT_OF_A_MILLION = Bar(3.6, 2)
WHOLE_ORDER = Bar(2.2, 1.3)
KEY = Bar(2.8, 2)
KEY_IN_A_MILLION = Bar(3.8, 2.5)
SEARCH = Bar(1 / 30, 1 / 60)
KEY_IN_AN_ORDER = Bar(20, 4)
DELEGATE = Bar(0.7, 0.5)
LONGEST_GAP = Bar(3, 2)
LATE_GAP = Bar(1, None)
PAGE = Bar(2, 1.5)
CHARTS = Bar(0.8, 0.4)
START = Bar(1.6, 1.3)
HEAVY_MODULES = Bar(0, 0)
