"""How a count came about, written out: the formula of each thing with its numbers, and the steps to the rights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from rules import counting
from rules import counting_methods as methods
from rules.counted import MACHINE, Counted, Thing
from rules.counting_methods import Parameters


def shown(value: counting.Number) -> str:
    """A number as people write it: whole, as a decimal, or, where that has no end, as a fraction."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return f"{exact.numerator:,}"
    thousandths = exact * 1_000_000
    if thousandths.denominator != 1:
        return f"{exact.numerator:,}/{exact.denominator:,}"
    whole, rest = divmod(thousandths.numerator, 1_000_000)
    return f"{whole:,}." + f"{rest:06}".rstrip("0")


def formula(method: str, thing: Thing, p: Parameters) -> str:
    """What a thing counts, as a formula with its numbers: "max(2 × max(8, 16), 16) = 32"."""
    return f"{_FORMULAS[method](thing, p)} = {shown(thing.units)}"


def steps(method: str, found: Counted) -> list[str]:
    """From the units of all things to the rights, a line each: the sum, tiers, what counts at least, packs."""
    p = found.parameters
    units = sum((thing.units for thing in found.things), Fraction(0))
    told = [f"sum = {shown(units)}"]
    if method == methods.NAMED_USER:
        told = [f"least = {shown(units)}", f"max({found.users:,} users, {shown(units)}) = {shown(found.sum)}"]
    elif method == methods.TIERS:
        told.append(f"{_tiers(int(units), p)} = {shown(found.sum)}")
    held = max(found.sum, Fraction(p.minimum or 0))
    if p.minimum:
        told.append(f"max({shown(found.sum)}, at least {p.minimum:,}) = {shown(held)}")
    if p.pack and p.pack > 1:
        told.append(f"{_divided(shown(held), p.pack)} = {found.total:,}")
    elif held != found.total:
        told.append(f"{shown(held)} rounded up = {found.total:,}")
    return told


def _tiers(quantity: int, p: Parameters) -> str:
    parts: list[str] = []
    below = 0
    for limit, weight in p.tiers[: len(counting.tiered(quantity, p.tiers))]:
        within = quantity if limit is None else min(quantity, limit)
        parts.append(f"{within - below:,} × {shown(weight)}")
        below = within
    return " + ".join(parts) or "0"


def _divided(what: str, by: int) -> str:
    return f"{what} ÷ {by:,} rounded up" if by > 1 else what


# ------------------------------------------------------------------------------------------------------------ formulas
def _one(_: Thing, __: Parameters) -> str:
    return "1"


def _physical(thing: Thing, p: Parameters) -> str:
    per_processor, per_server = p.minimum_per_processor or 0, p.minimum_per_server or 0
    cores = f"max({thing.cores:,}, {per_processor:,})" if per_processor else f"{thing.cores:,}"
    product = f"{thing.processors:,} × {cores}"
    return f"max({product}, {per_server:,})" if per_server else product


def _cores(thing: Thing, p: Parameters) -> str:
    cores = _physical(thing, p)
    if thing.kind == MACHINE:
        cores = f"max({thing.vcpus:,}, {p.minimum_per_vm:,})" if p.minimum_per_vm else f"{thing.vcpus:,}"
    return cores if p.factor in (None, 1) else f"{cores} × {shown(p.factor)}"


def _stacked(thing: Thing, p: Parameters) -> str:
    return f"{_physical(thing, p)} × max(1, {_divided(f'{thing.systems:,}', p.per or 1)})"


def _processors(thing: Thing, p: Parameters) -> str:
    least = p.minimum_per_server or 1
    count = f"max({thing.processors:,}, {least:,})" if least > 1 else f"{thing.processors:,}"
    return _divided(count, p.per or 1)


def _socket_pairs(thing: Thing, p: Parameters) -> str:
    return _machines(thing, p) if thing.kind == MACHINE else _divided(f"{thing.processors:,}", p.per or 1)


def _machines(_: Thing, p: Parameters) -> str:
    return f"1 ÷ {p.per:,}" if p.per and p.per > 1 else "1"


def _vcpus(thing: Thing, p: Parameters) -> str:
    return _divided(f"{thing.all_cores:,}", p.per or 1)


def _servers(thing: Thing, p: Parameters) -> str:
    threads = sum(thing.guests.values())
    guests = f"max({len(thing.guests):,} ÷ {p.per:,}, {threads:,} ÷ {p.per_threads:,}) rounded up"
    return (f"{guests} + 1" if thing.own else guests) if thing.guests else "1"


def _host_or_guests(thing: Thing, _: Parameters) -> str:
    own = [f"{thing.all_cores:,}"] if thing.own else []
    guests = [f"{sum(thing.guests.values()):,}"] if thing.guests else []
    return f"min({thing.all_cores:,}, {' + '.join(own + guests)})"


def _least_users(thing: Thing, p: Parameters) -> str:
    factor = f" × {shown(p.factor)} rounded up" if p.factor not in (None, 1) else ""
    least = f"{thing.all_cores:,}{factor} × {p.minimum_per_processor or 0:,}"
    return f"max({least}, {p.minimum_per_server:,})" if p.minimum_per_server else least


def _installations(thing: Thing, p: Parameters) -> str:
    return "1" if p.per is None else _divided(f"{thing.seats:,}", p.per)


def _basis(thing: Thing, p: Parameters) -> str:
    if p.basis == methods.PROCESSORS:
        return f"{thing.processors:,}"
    if p.basis not in (methods.CORES, methods.VCPU):
        return "1"
    return f"{thing.vcpus:,}" if thing.kind == MACHINE else f"{thing.processors:,} × {thing.cores:,}"


_FORMULAS: Final[Mapping[str, Callable[[Thing, Parameters], str]]] = {
    methods.DEVICE: _one,
    methods.USER: _one,
    methods.CORE: _cores,
    methods.STACKING: _stacked,
    methods.PROCESSOR: _processors,
    methods.SOCKET_PAIR: _socket_pairs,
    methods.VM: _machines,
    methods.VCPU: _vcpus,
    methods.SERVER: _servers,
    methods.HOST_OR_GUEST: _host_or_guests,
    methods.NAMED_USER: _least_users,
    methods.INSTALLATION: _installations,
    methods.TIERS: _basis,
}
