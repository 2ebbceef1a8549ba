"""Reads inventories of machines as GLPI and its agents write them (JSON, its schema is public).

For each file ["begin", number of the file, what it is, facts of the device], a row for each entry of its software, and
["end", number of entries]. What it is: "inventory"; "other" for JSON of another kind; or "broken", and then the reason
and the place stand there instead of the facts. A cell that is no text and no number is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from store.imports.children.answers import Failed, piece
from store.imports.children.strict_json import parse

CELLS = ("name", "publisher", "version", "username", "install_date", "arch", "guid", "from")
"""What is read of each entry of the software, in this order."""

Facts = dict[str, Any]


def read(*paths: str) -> Iterator[list[object]]:
    """The inventories in these files, in their order."""
    for number, path in enumerate(paths):
        with open(path, "rb") as stream:
            data = stream.read()
        yield from _inventory(number, data)


def _inventory(number: int, data: bytes) -> Iterator[list[object]]:
    try:
        whole = _mapping(parse(data))
    except Failed as failed:
        yield from piece([number, "broken", failed.reason, failed.place], ())
        return
    content = _mapping(whole.get("content"))
    if not content or "deviceid" not in whole:
        yield from piece([number, "other", ""], ())
        return
    software = _listed(content, "softwares")
    rows = ((at, [_text(entry.get(cell)) for cell in CELLS]) for at, entry in enumerate(software, 1))
    try:
        yield from piece([number, "inventory", _facts(whole, content)], rows, len(software))
    except Failed as failed:
        raise Failed(failed.reason, f"file {number + 1}, {failed.place}") from None


def _facts(whole: Mapping[str, Any], content: Mapping[str, Any]) -> Facts:
    """What is told of a device and of what runs on it, as texts and numbers."""
    hardware, bios = _mapping(content.get("hardware")), _mapping(content.get("bios"))
    return {
        "id": _text(whole.get("deviceid")),
        "name": _text(hardware.get("name")),
        "uuid": _text(hardware.get("uuid")),
        "serial": _text(bios.get("ssn")),
        "virtual": _text(hardware.get("vmsystem")),
        "at": _text(_mapping(content.get("accesslog")).get("logdate")),
        "users": [_text(user.get("login")) for user in _listed(content, "users")],
        "system": _chosen(_mapping(content.get("operatingsystem")), "full_name name version install_date"),
        "cpus": [_number(cpu.get("core")) for cpu in _listed(content, "cpus")],
        "vms": [_vm(vm) for vm in _listed(content, "virtualmachines")],
        "software": isinstance(content.get("softwares"), list | dict),
    }


def _vm(vm: Mapping[str, Any]) -> Facts:
    return _chosen(vm, "name uuid vmtype subsystem image") | {"vcpus": _number(vm.get("vcpu"))}


def _chosen(held: Mapping[str, Any], names: str) -> Facts:
    return {name: _text(held.get(name)) for name in names.split()}


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _listed(held: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The entries of a list; an entry that is no object is an empty one, so that none is lost.

    What converts from XML writes the only entry of a list without the list.
    """
    given: object = held.get(name)
    found = [cast("object", given)] if isinstance(given, dict) else given
    return [_mapping(entry) for entry in cast("list[object]", found)] if isinstance(found, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if type(value) in (int, float) else ""


def _number(value: object) -> int | None:
    """A count; agents of some systems write it as text."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 10:
        return int(value)
    return value if type(value) is int and 0 <= value < 10**9 else None
