"""How many examples a test of properties tries: some in the quick tier, ten times as many when `make deep` asks."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import settings

TIMES = int(os.environ.get("ELPIS_EXAMPLES", "1"))


def examples(count: int, **more: Any) -> settings:
    """Settings for so many examples, and without a time limit for a single one."""
    return settings(deadline=None, max_examples=count * TIMES, **more)
