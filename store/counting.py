"""Counts demand by the counting rules of metrics, from installations, hosts and virtual machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple, TypeVar

import orjson

from rules import counted, counting_tiers
from rules.counted import Counted, Guest, Hardware, Host, Seat
from rules.counting_methods import Parameters
from rules.language import Rule
from store.book import Book, Row

Key = TypeVar("Key", str, int | None)

Groups = Mapping[int | None, int]
"""Units by resource group; None is no group."""


class Held(NamedTuple):
    """A counting rule of the book: from which day (ordinal, 0 for always), and how."""

    first: int
    method: str
    parameters: Parameters
    valid_from: str


class InForce(NamedTuple):
    """A counting rule that holds on a day, and the rule of the rulebook that says what it does."""

    held: Held
    ruling: Rule


COLUMNS: Final = Parameters._fields

_RULES: Final = f"""
SELECT c.metric_id, c.valid_from, c.method, {", ".join(f"c.{name}" for name in COLUMNS)}
FROM counting_rules c ORDER BY c.metric_id, c.valid_from"""


def rules(book: Book) -> dict[int, list[Held]]:
    """The counting rules of every metric (id), in the order of their days; most books have none."""
    found: dict[int, list[Held]] = {}
    for metric, valid_from, method, *values in book.rows(_RULES):
        found.setdefault(metric, []).append(held(valid_from, method, values))
    return found


def held(valid_from: str, method: str, values: Sequence[object]) -> Held:
    """A counting rule of the book from its columns, parameters in the order of `COLUMNS`."""
    first = date.fromisoformat(valid_from).toordinal() if valid_from else 0
    return Held(first, method, parameters(values), valid_from)


def parameters(values: Sequence[object]) -> Parameters:
    """Parameters from the columns of the book."""
    given = {name: value for name, value in zip(COLUMNS, values, strict=True) if value is not None}
    if "factor" in given:
        given["factor"] = Fraction(str(given["factor"]))
    if "tiers" in given:
        given["tiers"] = counting_tiers.parse(str(given["tiers"]))
    return Parameters()._replace(**given)


def in_force(held: Sequence[Held], day: int) -> InForce | None:
    """The one of the rules of a metric that holds on a day, if one does."""
    found = counted.in_force([(one.first, one.method, one.parameters) for one in held], day)
    return None if found is None else InForce(held[found[0]], found[1])


def versions(held: Sequence[Held]) -> list[tuple[int, InForce | None]]:
    """From which day on which rule of a metric holds; None up to the first."""
    days = sorted({0, *(one.first for one in held)})
    return [(day, in_force(held, day)) for day in days]


def count(book: Book, product: int, rule: InForce) -> Counted:
    """Count the demand of a product (id) from its installations."""
    seats = list(map(Seat._make, book.rows(_SEATS, (product,))))
    return counted.count(rule.ruling, rule.held.method, rule.held.parameters, seats, _hardware(book, seats))


# An installation that names no virtual machine runs on the one that is called as its device is, wherever that runs; or
# else on the host that it names, or that is called so. A device that is called as the named host is that host.
_SEATS: Final = """
SELECT n.device, n.user, nullif(n.resource_group_id, 0), n.cores,
       iif(coalesce(n.vm_id, v.id) IS NULL, coalesce(n.host_id, h.id), NULL), coalesce(n.vm_id, v.id)
FROM installations n LEFT JOIN hosts m ON m.id = n.host_id
LEFT JOIN virtual_machines v ON v.vm = n.device AND m.host IS NOT n.device
LEFT JOIN hosts h ON h.host = n.device
WHERE n.product_id = ? ORDER BY n.device, n.user"""

_GUESTS: Final = """
SELECT v.id, v.vm, v.vcpus, h.id, h.host, nullif(h.resource_group_id, 0), h.processors, h.cores_per_processor
FROM json_each(?) j CROSS JOIN virtual_machines v ON v.id = j.value
JOIN hosts h ON h.id = v.host_id OR v.host_id IS NULL AND v.cluster <> '' AND h.cluster = v.cluster
ORDER BY v.id, h.host"""

_HOSTS: Final = """
SELECT h.id, h.host, nullif(h.resource_group_id, 0), h.processors, h.cores_per_processor
FROM json_each(?) j CROSS JOIN hosts h ON h.id = j.value"""


def _hardware(book: Book, seats: Sequence[Seat]) -> Hardware:
    """The hosts and virtual machines that installations name, and the hosts on which those can run."""
    rows = book.rows(_GUESTS, (_ids(seat.guest for seat in seats),))
    known = [*book.rows(_HOSTS, (_ids(seat.host for seat in seats),)), *(row[3:] for row in rows)]
    told = _told((seat.device, seat.cores) for seat in seats)
    return Hardware(
        {row[0]: _host(row, told) for row in known},
        _guests(rows, _told((seat.guest, seat.cores) for seat in seats)),
    )


def _told(cores: Iterable[tuple[Key, int | None]]) -> dict[Key, int]:
    """The most cores that installations tell of each device, or virtual machine."""
    found: dict[Key, int] = {}
    for key, number in cores:
        found[key] = max(found.get(key, 0), number or 0)
    return found


def _host(row: Row, told: Mapping[str, int]) -> Host:
    """A host; of processors whose cores nobody has entered, what an installation tells of the device is divided."""
    _, name, group, processors, cores = row
    count = processors or 1
    return Host(name, group, count, cores or -(-told.get(name, 0) // count) or 1)


def _ids(numbers: Iterable[int | None]) -> str:
    return orjson.dumps(sorted({number for number in numbers if number is not None})).decode()


def _guests(rows: Iterable[Row], told: Mapping[int | None, int]) -> dict[int, Guest]:
    """Virtual machines; of one whose vCPUs nobody has entered, its installations may tell the cores."""
    found: dict[int, Guest] = {}
    for number, name, vcpus, host, *_ in rows:
        before = found[number].hosts if number in found else ()
        found[number] = Guest(name, vcpus or told.get(number) or 1, (*before, host))
    return found
