"""What counting rules say: methods, parameters, where demand is counted, how rights cover it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

METHODS: Final[Mapping[str, str]] = {
    "device": "Devices",
    "user": "Users",
    "core": "Cores",
    "stacking": "Cores, stacked for virtual machines",
    "processor": "Processors",
    "socket-pair": "Socket pairs",
    "vm": "Virtual machines",
    "vcpu": "vCPUs",
    "server": "Servers, by virtual machines and threads",
    "host-or-guest": "Cores of the host or its machines",
    "named-user": "Named users with a minimum",
    "installation": "Installations",
    "tiers": "Value-unit tiers",
}
"""What the methods are called."""

PARAMETERS: Final[Mapping[str, str]] = {
    "per": "Covered by one right",
    "per_threads": "Threads of one right",
    "minimum_per_processor": "Minimum per processor",
    "minimum_per_server": "Minimum per server",
    "minimum_per_vm": "Minimum per virtual machine",
    "minimum": "Minimum in all",
    "factor": "Core factor",
    "virtual": "Virtual machines count",
    "count_host": "Host is a system, too",
    "basis": "Counted by",
    "tiers": "Tiers",
    "pack": "Units of a pack",
    "coverage": "Rights cover",
}
"""What the parameters are called."""

CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "virtual": {"host": "On their host", "vm": "By themselves"},
    "count_host": {"0": "No", "1": "Yes"},
    "basis": {
        "device": "Devices",
        "user": "Users",
        "core": "Cores",
        "processor": "Processors",
        "vcpu": "vCPUs",
        "vm": "Virtual machines",
    },
    "coverage": {"partial": "A part, where they do not reach", "all-or-nothing": "A device wholly, or not at all"},
}
"""The values of parameters that are chosen."""

KINDS: Final[Mapping[str, str]] = {"host": "Host", "vm": "Virtual machine", "device": "Device", "user": "User"}
"""What demand is counted on."""


def given(parameters: Iterable[tuple[str, str]]) -> str:
    """Parameters in one line: "Minimum per processor 8 · Units of a pack 2"."""
    return " · ".join(f"{PARAMETERS[name]} {value(name, text)}" for name, text in parameters)


def value(name: str, text: str) -> str:
    """The value of a parameter within a line."""
    word = CODES.get(name, {}).get(text, text)
    return word[:1].lower() + word[1:] if name in CODES and not word.startswith("vCPU") else word
