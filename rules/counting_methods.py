"""The methods by which demand is counted: what each counts by, and the parameters that it takes. Data only.

What holds for a parameter that is not given stands in rulebook/counting.toml, what a method does in `rules.counting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal, NamedTuple

DEVICE: Final = "device"
USER: Final = "user"
CORE: Final = "core"
STACKING: Final = "stacking"
PROCESSOR: Final = "processor"
SOCKET_PAIR: Final = "socket-pair"
VM: Final = "vm"
VCPU: Final = "vcpu"
SERVER: Final = "server"
HOST_OR_GUEST: Final = "host-or-guest"
NAMED_USER: Final = "named-user"
INSTALLATION: Final = "installation"
TIERS: Final = "tiers"

PARTIAL: Final = "partial"
WHOLE: Final = "all-or-nothing"
COVERAGES: Final = (PARTIAL, WHOLE)
"""How rights cover what was counted: unit by unit, or each device wholly or not at all."""

ON_HOST: Final = "host"
ON_VM: Final = "vm"
PLACES: Final = (ON_HOST, ON_VM)
"""Where an installation on a virtual machine is counted: on its host, or on the virtual machine itself."""

CORES: Final = "core"
PROCESSORS: Final = "processor"
BASES: Final = (DEVICE, USER, CORES, PROCESSORS, VCPU, VM)
"""What value-unit tiers are applied to."""

Tier = tuple[int | None, Fraction]
"""Up to this many in all (None: without end), each counts so much."""


class Parameters(NamedTuple):
    """The parameters of a counting rule; None (or "" of a text) is not given.

    `per` is how many one right covers (processors, virtual machines, vCPUs, installations), `per_threads` how many
    threads; `minimum_*` are the least that counts for each processor, server, virtual machine, or in all; `factor`
    multiplies cores; `virtual` is one of `PLACES`; `basis` one of `BASES`; `pack` is how many units one right is.
    """

    per: int | None = None
    per_threads: int | None = None
    minimum_per_processor: int | None = None
    minimum_per_server: int | None = None
    minimum_per_vm: int | None = None
    minimum: int | None = None
    factor: Fraction | None = None
    virtual: str = ""
    count_host: int | None = None
    basis: str = ""
    tiers: tuple[Tier, ...] = ()
    pack: int | None = None
    coverage: str = ""


Name = Literal[
    "per",
    "per_threads",
    "minimum_per_processor",
    "minimum_per_server",
    "minimum_per_vm",
    "factor",
    "virtual",
    "count_host",
    "basis",
    "tiers",
]

EVERYWHERE: Final = ("minimum", "pack", "coverage")
"""Parameters that every method takes."""

METHODS: Final[Mapping[str, tuple[Name, ...]]] = {
    DEVICE: (),
    USER: (),
    CORE: ("minimum_per_processor", "minimum_per_server", "minimum_per_vm", "factor", "virtual"),
    STACKING: ("per", "minimum_per_processor", "minimum_per_server", "count_host"),
    PROCESSOR: ("per", "minimum_per_server"),
    SOCKET_PAIR: ("per",),
    VM: ("per",),
    VCPU: ("per",),
    SERVER: ("per", "per_threads"),
    HOST_OR_GUEST: (),
    NAMED_USER: ("minimum_per_processor", "minimum_per_server", "factor"),
    INSTALLATION: ("per", "basis"),
    TIERS: ("tiers", "basis"),
}
"""Every method with the parameters that it takes of its own."""


def takes(method: str) -> tuple[str, ...]:
    """The names of all parameters that a method takes. KeyError for a method that is none."""
    return (*METHODS[method], *EVERYWHERE)
