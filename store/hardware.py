"""What a person does with hosts and virtual machines; demand that is counted on them follows."""

from __future__ import annotations

from store import names, uses
from store.basic_tables import Host as HostTable
from store.basic_tables import VirtualMachine as MachineTable
from store.book import Book
from store.counting_checks import refuse
from store.effects import settled
from store.errors import Unfit, Unknown
from store.records import Host, VirtualMachine


def save_host(book: Book, host: Host) -> None:
    """Add a host or change it. Raises Unknown for names that do not exist, Unfit for what cannot be."""
    name = names.name(host.host, "host")
    with settled(book) as effects:
        values = {
            "resource_group_id": names.optional(book, "resource_groups", host.resource_group) or 0,
            "processors": names.count(host.processors, "processors"),
            "cores_per_processor": names.count(host.cores_per_processor, "cores per processor"),
            "cluster": names.line(host.cluster, "cluster"),
        }
        refuse(book, "hosts", {"host": name, **values})
        effects.save(HostTable, {"host": name}, values, named=name)
        _refuse_homeless(book)


def remove_host(book: Book, host: str) -> None:
    """Remove a host on which nothing runs. Raises Unknown; Unfit while something names it."""
    with settled(book) as effects:
        uses.refuse(book, "hosts", names.number(book, "hosts", host), host)
        effects.remove(HostTable, {"host": host}, named=host)
        _refuse_homeless(book)


def save_machine(book: Book, machine: VirtualMachine) -> None:
    """Add a virtual machine or change it. Raises Unknown for names that do not exist, Unfit for what cannot be."""
    name = names.name(machine.vm, "virtual machine")
    with settled(book) as effects:
        values = {
            "host_id": names.optional(book, "hosts", machine.host),
            "cluster": names.line(machine.cluster, "cluster"),
            "vcpus": names.count(machine.vcpus, "vCPUs"),
        }
        refuse(book, "virtual_machines", {"vm": name, **values})
        effects.save(MachineTable, {"vm": name}, values, named=name)


def remove_machine(book: Book, machine: str) -> None:
    """Remove a virtual machine. Raises Unknown; Unfit while an installation names it."""
    with settled(book) as effects:
        uses.refuse(book, "virtual_machines", names.number(book, "virtual_machines", machine), machine)
        effects.remove(MachineTable, {"vm": machine}, named=machine)


def exists(book: Book, table: str, name: str) -> bool:
    """Whether there is a host ("hosts") or virtual machine ("virtual_machines") of that name."""
    try:
        return bool(names.number(book, table, name))
    except Unknown:
        return False


def _refuse_homeless(book: Book) -> None:
    """Every virtual machine still runs somewhere."""
    found = book.one(
        """SELECT v.vm, v.cluster FROM virtual_machines v WHERE v.host_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM hosts h WHERE h.cluster = v.cluster) ORDER BY v.vm LIMIT 1"""
    )
    if found:
        raise Unfit(f"cluster: {found[0]!r} runs in {found[1]!r}, which would be the cluster of no host any more.")
