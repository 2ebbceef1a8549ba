"""Value-unit tiers as text: up to how many each counts how much, such as "2500:1, 10000:0.8, 0.6"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from rules.counting_methods import Tier
from rules.vocabulary import MAX_QUANTITY

MOST_TIERS: Final = 20
LARGEST_WEIGHT: Final = 1_000

_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


def decimal(text: str) -> str | None:
    """A number with at most six decimals as it is kept: "0.50" is "0.5"; None for what is no such number."""
    if not _DECIMAL.fullmatch(text):
        return None
    units, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    return f"{int(units)}.{rest}" if rest else str(int(units))


def parse(text: str) -> tuple[Tier, ...]:
    """The tiers of a text. Raises ValueError with a sentence about what is wrong and what is accepted."""
    parts = [part.strip() for part in text.replace(";", ",").split(",")]
    if len(parts) > MOST_TIERS:
        raise ValueError(f"has {len(parts)} tiers; at most {MOST_TIERS} are accepted")
    tiers = [_tier(part) for part in parts]
    limits = [0, *(limit for limit, _ in tiers[:-1] if limit is not None)]
    if tiers[-1][0] is not None or len(limits) < len(tiers):
        raise ValueError(
            "must end in one weight without a limit, which counts all above; such as 2500:1, 10000:0.8, 0.6"
        )
    if any(one >= other for one, other in pairwise(limits)):
        raise ValueError("has limits that do not grow; each tier must end above the one before it")
    return tuple(tiers)


def _tier(part: str) -> Tier:
    limit, colon, weight = (one.strip() for one in part.rpartition(":"))
    known = decimal(weight)
    if known is None or Fraction(known) > LARGEST_WEIGHT or (colon and not limit.isdecimal()):
        raise ValueError(f"has a tier {part[:40]!r} that is none; write limit:weight, such as 2500:1, 10000:0.8, 0.6")
    if len(limit) > 10 or int(limit or 0) > MAX_QUANTITY:
        raise ValueError(f"has a limit that is too large; at most {MAX_QUANTITY:,} is accepted")
    return int(limit) if colon else None, Fraction(known)


def text_of(tiers: Sequence[Tier]) -> str:
    """Tiers as text, as `parse` takes them."""
    return ", ".join(_number(weight) if limit is None else f"{limit}:{_number(weight)}" for limit, weight in tiers)


def _number(value: Fraction) -> str:
    """A decimal of at most six places as text; a weight is one."""
    units, rest = divmod(value.numerator * (1_000_000 // value.denominator), 1_000_000)
    decimals = f"{rest:06}".rstrip("0")
    return f"{units}.{decimals}" if decimals else str(units)
