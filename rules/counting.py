"""Arithmetic of counting, exact: whole numbers and fractions, rounded up where a rule says so and nowhere else."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import TypeVar

from rules.counting_methods import Tier

Key = TypeVar("Key", bound=Hashable)
Number = int | Fraction


def cores(processors: int, cores_per_processor: int, per_processor: int = 0, per_server: int = 0) -> int:
    """Cores of a machine that need rights: at least so many for each processor, and for the machine."""
    return max(processors * max(cores_per_processor, per_processor), per_server)


def sets(systems: int, per: int) -> int:
    """How often a machine is licensed for its operating systems, so many for each time; at least once."""
    return max(1, ceil(Fraction(systems, per)))


def stacked(cores: int, systems: int, per: int) -> int:
    """Cores of a machine that need rights when they are licensed once for each set of its operating systems."""
    return cores * sets(systems, per)


def by_processor(processors: int, per: int, least: int = 1) -> int:
    """Rights for the processors of a machine, of which at least so many count."""
    return ceil(Fraction(max(processors, least), per))


def server(machines: int, threads: int, per: int, per_threads: int) -> int:
    """Rights for a host whose virtual machines, and their threads in all, are covered by so many for each right."""
    return ceil(max(Fraction(machines, per), Fraction(threads, per_threads)))


def host_or_guests(cores: int, guests: Sequence[int], *, on_host: bool) -> int:
    """Cores that need rights: those of the guests and of the host that runs the product, never more than it has."""
    return min(cores, sum(guests) + cores * on_host)


def least_users(cores: int, factor: Number, per_processor: int, per_server: int = 0) -> int:
    """Users that a machine counts at least: for each processor (cores times the factor, rounded up), and in all."""
    return max(ceil(cores * factor) * per_processor, per_server)


def by_installation(installations: int, per: int | None) -> int:
    """Rights for the installations of one device or user, so many for each right; None is without limit."""
    return 1 if per is None else max(1, ceil(Fraction(installations, per)))


def tiered(quantity: int, tiers: Sequence[Tier]) -> list[Fraction]:
    """Units of every tier that a quantity reaches: each part of it with the weight of its tier."""
    found: list[Fraction] = []
    below = 0
    for limit, weight in tiers:
        if quantity <= below:
            break
        within = quantity if limit is None else min(quantity, limit)
        found.append((within - below) * weight)
        below = within
    return found


def whole(units: Number, pack: int = 1) -> int:
    """Rights for units, so many for each right, rounded up once."""
    return ceil(Fraction(units) / pack)


def covered(rights: Number, needs: Sequence[Number], *, all_or_nothing: bool) -> list[Number]:
    """How much of every need rights cover, the largest first: as far as they reach, or each wholly or not at all."""
    found: list[Number] = [0] * len(needs)
    left = rights
    for at in sorted(range(len(needs)), key=lambda at: (-needs[at], at)):
        taken = min(needs[at], left)
        if taken == needs[at] or not all_or_nothing:
            found[at] = taken
            left -= taken
    return found


def apportioned(total: int, weights: Mapping[Key, Number]) -> dict[Key, int]:
    """A whole number split by weights, without a rest: the largest fractions are rounded up, earlier ones first."""
    if not weights:
        return {}
    sum_of_weights = sum(weights.values())
    shares = {
        key: Fraction(total * weight) / sum_of_weights if sum_of_weights else 0 for key, weight in weights.items()
    }
    parts = {key: int(share) for key, share in shares.items()}
    rest = total - sum(parts.values())
    ranked = sorted(shares, key=lambda key: parts[key] - shares[key])
    for at in range(rest):
        parts[ranked[at % len(ranked)]] += 1
    return parts
