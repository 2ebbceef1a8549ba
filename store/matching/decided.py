"""What was decided on names: which decision holds for a name, of those for it alone, for all its versions, and for all
of its publisher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store.matching.normal import Normal

EVERY: Final = "*"
"""Stands for every version of a name, or for every name of a publisher."""

Decisions = Mapping[Normal, int | None]
"""What was decided, by normal names: the id of a product, or None for what needs no license."""


def on_name(key: Normal) -> tuple[Normal, Normal]:
    """The decisions that may hold for a name: of its version, and of every version."""
    return key, key._replace(version=EVERY)


def on_publisher(publisher: str) -> Normal:
    """The decision on everything of a publisher, by its normal name."""
    return Normal(publisher, EVERY, EVERY)


def holding(key: Normal, decisions: Decisions) -> Normal | None:
    """The decision on a name itself, the nearest first; None where there is none."""
    return next((one for one in on_name(key) if one in decisions), None)
