"""Counts the demand of one product by the counting rule of its metric (rulebook/counting.toml).

An installation stands on a host, on a virtual machine, or on a device of which no hardware is known. The rules say
where it counts; what counts is put together machine by machine, and rounded up once at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

from rules import counting, library
from rules import counting_methods as methods
from rules.counting import Number
from rules.counting_methods import Parameters
from rules.language import Rule
from rules.vocabulary import NEVER

SUBJECT: Final = "counting"

HOST: Final = "host"
MACHINE: Final = "vm"
DEVICE: Final = "device"
USER: Final = "user"
KINDS: Final = (HOST, MACHINE, DEVICE, USER)
"""What demand is counted on."""


class Dated(NamedTuple):
    """A counting rule as the rulebook sees it, on a day. Days are ordinals."""

    method: str
    virtual: str
    basis: str
    valid_from: int
    replaced_on: int
    day: int


class Place(NamedTuple):
    """Where a product is installed: what the method counts by, and on what it runs (`HOST`, `MACHINE`, `DEVICE`)."""

    by: str
    runs: str
    count_host: int


class Host(NamedTuple):
    """A physical machine; its resource group is None for none."""

    name: str
    group: int | None
    processors: int
    cores: int
    """Of each processor."""


class Guest(NamedTuple):
    """A virtual machine, and the hosts on which it can run."""

    name: str
    vcpus: int
    hosts: tuple[int, ...]


class Seat(NamedTuple):
    """An installation: device, user ("" for none), resource group, cores told with it, and the ids of its machine."""

    device: str
    user: str
    group: int | None
    cores: int | None
    host: int | None = None
    guest: int | None = None


class Hardware(NamedTuple):
    """Hosts and virtual machines by their ids."""

    hosts: Mapping[int, Host]
    guests: Mapping[int, Guest]


@dataclass(slots=True)
class Thing:
    """One thing that demand is counted on; `units` is what it counts, as a part of the sum.

    `own` is whether the product is on it beside its virtual machines (`guests`, by name with their vCPUs). `systems`
    are operating systems that count for stacking, `seats` installations.
    """

    kind: str
    name: str
    group: int | None
    processors: int = 0
    cores: int = 0
    vcpus: int = 0
    own: bool = False
    systems: int = 0
    seats: int = 0
    guests: dict[str, int] = field(default_factory=dict[str, int])
    units: Number = 0

    @property
    def all_cores(self) -> int:
        """The cores of all processors; of a virtual machine its vCPUs."""
        return self.vcpus if self.kind == MACHINE else self.processors * self.cores


@dataclass(frozen=True, slots=True)
class Counted:
    """What demand comes to: the rights, by resource group, and how: the things, the sum, and the rule."""

    total: int
    groups: Mapping[int | None, int]
    things: Sequence[Thing]
    sum: Fraction
    """Units before `minimum` and packs."""
    users: int
    """Distinct users, where they count."""
    parameters: Parameters
    """Those that hold, with those of the rulebook where none is given."""
    ruling: Rule


# ---------------------------------------------------------------------------------------------------------- what holds
def in_force(rules: Sequence[tuple[int, str, Parameters]], day: int) -> tuple[int, Rule] | None:
    """The one of the counting rules of a metric (first day, method, parameters; in their order) that holds on a day.

    Its place in the sequence, and what the rulebook says of it; None where none holds yet.
    """
    ends = [*(first for first, _, _ in rules[1:]), NEVER + 1]
    facts = [
        Dated(method, given.virtual, given.basis, first, end, day)
        for (first, method, given), end in zip(rules, ends, strict=True)
    ]
    fired = library.engine(SUBJECT).conclude("rule", facts)
    return next(((at, found[0]) for at, found in enumerate(fired) if found), None)


def completed(given: Parameters, ruling: Rule) -> Parameters:
    """Parameters with those of the rulebook where none is given."""
    filled = {
        name: value for name, value in ruling.then.items() if name != "by" and getattr(given, name) in (None, "", ())
    }
    whole = given._replace(**filled)
    return whole._replace(factor=None if whole.factor is None else Fraction(whole.factor))


# -------------------------------------------------------------------------------------------------------- what counts
def count(ruling: Rule, method: str, given: Parameters, seats: Sequence[Seat], hardware: Hardware) -> Counted:
    """Count the demand of a product from its installations, by the method and what the rulebook says of it."""
    parameters = completed(given, ruling)
    things = _things(str(ruling.then["by"]), parameters, seats, hardware)
    units = _UNITS[method]
    for thing in things:
        thing.units = units(thing, parameters)
    users = _users(seats) if method == methods.NAMED_USER else {}
    summed, weights = _summed(method, parameters, things, users)
    total, groups = rights(summed, weights, parameters) if seats else (0, {})
    return Counted(total, groups, things, Fraction(summed), len(users), parameters, ruling)


def rights(
    summed: Number, weights: Mapping[int | None, Number], given: Parameters
) -> tuple[int, dict[int | None, int]]:
    """The rights for units, rounded up once, and by resource group (None, for no group, is last) by their weights."""
    total = counting.whole(max(summed, given.minimum or 0), given.pack or 1)
    ordered = sorted(weights, key=lambda group: (group is None, group or 0))
    return total, counting.apportioned(total, {group: weights[group] for group in ordered} or {None: 1})


_Weights = dict[int | None, Number]


def _summed(
    method: str, parameters: Parameters, things: Sequence[Thing], users: Mapping[str, int | None]
) -> tuple[Number, _Weights]:
    """The units in all, and by resource group."""
    summed, weights = _by_group((thing.group, thing.units) for thing in things)
    if len(users) > summed:
        return _by_group((group, 1) for group in users.values())
    if method == methods.TIERS:
        return sum(counting.tiered(int(summed), parameters.tiers), Fraction(0)), weights
    return summed, weights


def _by_group(parts: Iterable[tuple[int | None, Number]]) -> tuple[Number, _Weights]:
    weights: _Weights = {}
    for group, units in parts:
        weights[group] = weights.get(group, 0) + units
    return sum(weights.values()), weights


def _users(seats: Iterable[Seat]) -> dict[str, int | None]:
    """Distinct users with their groups; an installation without a user counts its device."""
    found: dict[str, int | None] = {}
    for seat in seats:
        _keep(found, f"user {seat.user}" if seat.user else f"device {seat.device}", seat.group)
    return found


def _keep(groups: dict[str, int | None], name: str, group: int | None) -> None:
    """The first group of a name; None, for no group, comes before every other."""
    groups[name] = _first(groups[name], group) if name in groups else group


def _first(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else min(one, other)


# -------------------------------------------------------------------------------------------------------------- things
def _things(by: str, parameters: Parameters, seats: Sequence[Seat], hardware: Hardware) -> list[Thing]:
    """What the installations stand on, each thing once, in the order of their kinds and names."""
    found: dict[tuple[str, str], Thing] = {}
    if by in (DEVICE, USER):
        for seat in seats:
            _sit(found, by, seat)
    else:
        runs = [_runs(seat) for seat in seats]
        rulings = _placed({Place(by, one, parameters.count_host or 0) for one in runs})
        for seat, one in zip(seats, runs, strict=True):
            at, systems = rulings[one]
            _stand(found, at, systems, seat, hardware)
    return [found[key] for key in sorted(found, key=lambda key: (KINDS.index(key[0]), key[1]))]


def _runs(seat: Seat) -> str:
    return MACHINE if seat.guest is not None else HOST if seat.host is not None else DEVICE


def _placed(places: Iterable[Place]) -> dict[str, tuple[str, int]]:
    """What runs -> where it counts, and whether it is an operating system of it."""
    facts = sorted(places)
    fired = library.engine(SUBJECT).conclude("place", facts)
    found = {place.runs: rules[0].then for place, rules in zip(facts, fired, strict=True)}
    return {runs: (str(then["at"]), int(then["systems"])) for runs, then in found.items()}


def _sit(found: dict[tuple[str, str], Thing], by: str, seat: Seat) -> None:
    """Count an installation by its device, or by its user where it has one."""
    key = (USER, seat.user) if by == USER and seat.user else (DEVICE, seat.device)
    thing = found.get(key) or found.setdefault(key, Thing(*key, seat.group, 1, seat.cores or 1))
    thing.group = _first(thing.group, seat.group)
    thing.seats += 1


def _stand(found: dict[tuple[str, str], Thing], at: str, systems: int, seat: Seat, hardware: Hardware) -> None:
    """Count an installation by the machines on which it stands."""
    if at == MACHINE:
        guest = hardware.guests[seat.guest or 0]
        _seated(found, Thing(MACHINE, guest.name, seat.group, vcpus=guest.vcpus), seat)
    elif at == HOST:
        guest = hardware.guests.get(seat.guest or 0)
        for number in guest.hosts if guest else (seat.host or 0,):
            host = hardware.hosts[number]
            thing = _seated(found, Thing(HOST, host.name, host.group or seat.group, host.processors, host.cores), seat)
            _load(thing, guest, systems)
    else:
        thing = _seated(found, Thing(DEVICE, seat.device, seat.group, 1, seat.cores or 1), seat)
        thing.own, thing.cores = True, max(thing.cores, seat.cores or 1)


def _seated(found: dict[tuple[str, str], Thing], thing: Thing, seat: Seat) -> Thing:
    """The thing of that kind and name, one installation more on it."""
    held = found.setdefault((thing.kind, thing.name), thing)
    held.group = held.group if thing.kind == HOST and thing.group != seat.group else _first(held.group, thing.group)
    held.seats += 1
    return held


def _load(thing: Thing, guest: Guest | None, systems: int) -> None:
    """Note what of a host runs the product: a virtual machine, or itself. Each counts once as an operating system."""
    if guest is None:
        thing.systems += systems if not thing.own else 0
        thing.own = True
    elif guest.name not in thing.guests:
        thing.guests[guest.name] = guest.vcpus
        thing.systems += systems


# --------------------------------------------------------------------------------------------------------------- units
_Units = Callable[[Thing, Parameters], counting.Number]


def _one(_: Thing, __: Parameters) -> int:
    return 1


def _cores(thing: Thing, p: Parameters) -> counting.Number:
    cores = max(thing.vcpus, p.minimum_per_vm or 0) if thing.kind == MACHINE else _licensed_cores(thing, p)
    return cores if p.factor is None or p.factor == 1 else cores * p.factor


def _licensed_cores(thing: Thing, p: Parameters) -> int:
    return counting.cores(thing.processors, thing.cores, p.minimum_per_processor or 0, p.minimum_per_server or 0)


def _stacked(thing: Thing, p: Parameters) -> int:
    return counting.stacked(_licensed_cores(thing, p), thing.systems, p.per or 1)


def _processors(thing: Thing, p: Parameters) -> int:
    return counting.by_processor(thing.processors, p.per or 1, p.minimum_per_server or 1)


def _socket_pairs(thing: Thing, p: Parameters) -> counting.Number:
    return Fraction(1, p.per or 1) if thing.kind == MACHINE else counting.by_processor(thing.processors, p.per or 1)


def _machines(_: Thing, p: Parameters) -> Fraction:
    return Fraction(1, p.per or 1)


def _vcpus(thing: Thing, p: Parameters) -> int:
    return counting.whole(thing.all_cores, p.per or 1)


def _servers(thing: Thing, p: Parameters) -> int:
    guests = counting.server(len(thing.guests), sum(thing.guests.values()), p.per or 1, p.per_threads or 1)
    return guests + thing.own


def _host_or_guests(thing: Thing, _: Parameters) -> int:
    return counting.host_or_guests(thing.all_cores, list(thing.guests.values()), on_host=thing.own)


def _least_users(thing: Thing, p: Parameters) -> int:
    return counting.least_users(thing.all_cores, p.factor or 1, p.minimum_per_processor or 0, p.minimum_per_server or 0)


def _installations(thing: Thing, p: Parameters) -> int:
    return counting.by_installation(thing.seats, p.per)


def _basis(thing: Thing, p: Parameters) -> int:
    return _BASES[p.basis](thing)


_BASES: Final[Mapping[str, Callable[[Thing], int]]] = {
    methods.DEVICE: lambda _: 1,
    methods.USER: lambda _: 1,
    methods.VM: lambda _: 1,
    methods.CORES: lambda thing: thing.all_cores,
    methods.VCPU: lambda thing: thing.all_cores,
    methods.PROCESSORS: lambda thing: thing.processors,
}

_UNITS: Final[Mapping[str, _Units]] = {
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
"""What one thing counts, by method."""
