"""Inventories of machines by GLPI: one file a machine, or a folder of them.

Software is what was found on the device, the operating system with it; processors make the device a host, and what runs
on it are its virtual machines. Each entry is stored, or left out with the reason.
"""

from __future__ import annotations

import mmap
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from store.imports import isolated
from store.imports.cells import Wrong, converter
from store.imports.children.glpi import CELLS
from store.imports.csv_folder import digest_of
from store.imports.finding import ERROR, INFO, WARNING, Finding
from store.imports.foreign import template_table
from store.imports.isolated import Piece
from store.imports.source import LeftOut, RawTable, Source, Unreadable
from store.imports.template import Column

GLPI: Final = "glpi"
_MARKS: Final = (b'"content"', b'"deviceid"')
_TOGETHER: Final = 40
"""Files that one reader reads, so that a folder of many does not start as many."""

_CONTAINERS: Final = frozenset("docker lxc podman containerd systemd-nspawn jail".split())
_REAL: Final = frozenset(["", "physical"])
_ORIGINS: Final = {"user": "username", "installed_on": "install_date"}
_SHOWN: Final = 10


@dataclass(frozen=True)
class _Inventory:
    """One inventory: its file, what is told of the device, and the entries of its software."""

    path: Path
    facts: Mapping[str, Any]
    rows: Piece

    @property
    def device(self) -> str:
        """The name of the device; where it has none, what the agent calls it."""
        return (self.facts["name"] or self.facts["id"]).strip()

    @property
    def is_virtual(self) -> bool:
        """Whether the device is a virtual machine itself."""
        return self.facts["virtual"].casefold() not in _REAL


@dataclass
class _Work:
    """What comes out of inventories."""

    tables: list[RawTable] = field(default_factory=list[RawTable])
    findings: list[Finding] = field(default_factory=list[Finding])
    left_out: list[LeftOut] = field(default_factory=list[LeftOut])
    read: int = 0


# --------------------------------------------------------------------------------------------------------- recognizing
def recognized(path: Path) -> bool:
    """Whether a file looks like an inventory, or a folder holds one."""
    if path.is_dir():
        return any(_looks_like_one(file) for file in sorted(path.iterdir()) if file.is_file())
    return path.is_file() and _looks_like_one(path)


def _looks_like_one(path: Path) -> bool:
    with path.open("rb") as stream:
        if not stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return False
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return all(content.find(mark) >= 0 for mark in _MARKS)


def read_file(path: Path) -> Source:
    """The inventory in a file as tables of the template."""
    return _read(path, [path])


def read_folder(folder: Path) -> Source:
    """The inventories in a folder as tables of the template; what is none is a warning."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    chosen = [path for path in files if _looks_like_one(path)]
    others = [path for path in files if path not in chosen and path.suffix.casefold() == ".json"]
    source = _read(folder, chosen)
    text = "this is no inventory of GLPI and was ignored"
    ignored = tuple(Finding(WARNING, "unknown-file", path.name, text) for path in others)
    return Source(
        GLPI,
        folder,
        source.sha256,
        source.tables,
        source.findings + ignored,
        "",
        source.read,
        source.left,
        source.left_out,
    )


def read(path: Path) -> Source:
    """A file, or the files of a folder."""
    return read_folder(path) if path.is_dir() else read_file(path)


def _read(path: Path, files: Sequence[Path]) -> Source:
    work = _Work()
    with tempfile.TemporaryDirectory(prefix="elpis-") as folder:
        private = [Path(shutil.copyfile(file, Path(folder, f"{at}.json"))) for at, file in enumerate(files)]
        sha256 = digest_of(private)  # of the contents, in the order of their names
        found = [one for start in range(0, len(files), _TOGETHER) for one in _asked(work, files, private, start)]
    kept = _one_a_device(work, found)
    names = _guests(kept)
    for one in kept:
        _software(work, one)
    work.tables += _machines(work, kept, names)
    return Source(
        GLPI,
        path,
        sha256,
        tuple(work.tables),
        tuple(work.findings),
        "",
        work.read,
        len(work.left_out),
        tuple(work.left_out),
    )


def _asked(work: _Work, files: Sequence[Path], private: Sequence[Path], start: int) -> Iterator[_Inventory]:
    """What the reader makes of some of the files; where it does not come to its end, of each by itself."""
    part = range(start, min(start + _TOGETHER, len(files)))
    try:
        pieces = _pieces([private[at] for at in part], files[start].name)
    except Unreadable as unreadable:
        if len(part) == 1:
            work.findings += unreadable.findings
            return
        for at in part:
            yield from _alone(work, files[at], private[at])
        return
    for at, rows in zip(part, pieces, strict=True):
        yield from _told(work, files[at], rows)


def _alone(work: _Work, file: Path, private: Path) -> Iterator[_Inventory]:
    try:
        (rows,) = _pieces([private], file.name)
    except Unreadable as unreadable:
        work.findings += unreadable.findings
        return
    yield from _told(work, file, rows)


def _pieces(private: Sequence[Path], place: str) -> list[Piece]:
    answer = isolated.ask("glpi", private[0], *map(str, private[1:]), place=place)
    found = answer.pieces()
    if len(found) != len(private):
        raise answer.unreadable("the reader ended early")
    return found


def _told(work: _Work, file: Path, rows: Piece) -> Iterator[_Inventory]:
    """The inventory that a reader found in a file, or what else is to be said on it."""
    _, what, told, *where = rows.head
    if what == "broken":
        place = ", ".join((file.name, *filter(None, where)))
        work.findings.append(Finding(ERROR, "not-json", place, f"{told}; export it anew"))
    elif what == "other":
        work.findings.append(
            Finding(WARNING, "unknown-file", file.name, "this is no inventory of GLPI and was ignored")
        )
    else:
        one = _Inventory(file, told, rows)
        if problem := _unfit(one.device):
            work.findings.append(Finding(ERROR, "device-without-name", file.name, f"the name of the device {problem}"))
        else:
            yield one


def _one_a_device(work: _Work, found: Sequence[_Inventory]) -> list[_Inventory]:
    """The newest inventory of each device. Two devices of one name are never taken for each other."""
    kept: dict[str, _Inventory] = {}
    for one in found:
        held = kept.get(one.device)
        if held is None:
            kept[one.device] = one
            continue
        if held.facts["uuid"] and one.facts["uuid"] and held.facts["uuid"] != one.facts["uuid"]:
            other, text = one, f"another device, the one of {held.path.name}, has the same name"
        else:
            other = min(held, one, key=lambda each: (each.facts["at"], each.path.name))
            kept[one.device] = one if other is held else held
            text = f"{kept[one.device].path.name} has a newer inventory of the same device"
        work.findings.append(Finding(WARNING, "device-twice", other.path.name, f"{text}; this file was left out"))
        work.left_out += _all_left_out(other, text)
        work.read += int(other.rows.tail[0])
    return list(kept.values())


def _all_left_out(one: _Inventory, reason: str) -> Iterator[LeftOut]:
    for numbers, rows in one.rows.batches():
        for number, cells in zip(numbers, rows, strict=True):
            yield LeftOut(f"{one.path.name}, row {number}", tuple(zip(CELLS, cells, strict=True)), reason)


# ------------------------------------------------------------------------------------------------------------ software
_NAME: Final = converter(Column("name", "name", required=True))
_LINE: Final = converter(Column("cell", "name"))
_DAY: Final = converter(Column("install_date", "date"))


def _unfit(name: str) -> str:
    """What is wrong with a name, "" for nothing."""
    return _problem(_NAME, name)


def _problem(convert: Any, cell: str) -> str:
    try:
        convert(cell)
    except Wrong as wrong:
        return wrong.reason
    return ""


def _software(work: _Work, one: _Inventory) -> None:
    """The software of a device, and its operating system; rows of the file are entries of its list."""
    kept: list[tuple[int, dict[str, str]]] = []
    first: dict[tuple[str, ...], int] = {}
    repeated: list[int] = []
    for number, cells in _entries(one):
        work.read += 1
        row = _row(work, one, number, cells)
        if row is None:
            continue
        key = tuple(row[column] for column in ("name", "publisher", "version", "user"))
        earlier = first.setdefault(key, number)
        if earlier == number:
            kept.append((number, row))
        else:
            repeated.append(number)
            told = f"row {earlier} names the same software (of another architecture, perhaps)"
            work.left_out.append(LeftOut(_place(one, number), tuple(cells.items()), told))
    if repeated:
        work.findings.append(_repeats(one, repeated))
    if kept:
        work.tables.append(template_table("discovered_software", one.path.name, kept, _ORIGINS))
    if not one.facts["software"]:
        text = "the inventory does not tell of software, so what is known of the device stays"
        work.findings.append(Finding(INFO, "no-software", one.path.name, text))
    system = _system(one)
    if system is not None and tuple(system[c] for c in ("name", "publisher", "version", "user")) not in first:
        found = template_table("discovered_software", f"{one.path.name}, operating system", [(1, system)], {})
        work.tables.append(replace(found, whole=one.facts["software"]))


def _entries(one: _Inventory) -> Iterator[tuple[int, dict[str, str]]]:
    for numbers, rows in one.rows.batches():
        for number, cells in zip(numbers, rows, strict=True):
            yield number, dict(zip(CELLS, map(str.strip, cells), strict=True))


def _row(work: _Work, one: _Inventory, number: int, cells: Mapping[str, str]) -> dict[str, str] | None:
    """An entry as a row of the template; None, with the reason said, for what cannot be one."""
    wrong = _unfit(cells["name"])
    column = "name"
    for name in ("publisher", "version", "username"):
        if not wrong:
            wrong, column = _problem(_LINE, cells[name]), name
    if wrong:
        finding = Finding(WARNING, "row-left-out", f"{_place(one, number)}, column {column}", f"the cell {wrong}")
        work.findings.append(finding)
        work.left_out.append(LeftOut(_place(one, number), tuple(cells.items()), f"the cell {column} {wrong}"))
        return None
    day = cells["install_date"][:10]
    if problem := _problem(_DAY, day):
        place = f"{_place(one, number)}, column install_date"
        work.findings.append(Finding(INFO, "day-left-out", place, f'"{day}" {problem}; the software has no day'))
        day = ""
    return _found(one, cells["name"], cells["publisher"], cells["version"], cells["username"], day)


def _found(one: _Inventory, name: str, publisher: str, version: str, user: str, day: str) -> dict[str, str]:
    return {
        "device": one.device,
        "name": name,
        "publisher": publisher,
        "version": version,
        "user": user or _user(one),
        "installed_on": day,
        "source": GLPI,
    }


def _user(one: _Inventory) -> str:
    """Who works with the device, where the inventory names one person and no more."""
    users = {user.strip() for user in one.facts["users"]} - {""}
    only = users.pop() if len(users) == 1 else ""
    return "" if _problem(_LINE, only) else only


def _system(one: _Inventory) -> dict[str, str] | None:
    """The operating system as software."""
    told = one.facts["system"]
    name = (told["full_name"] or " ".join(filter(None, (told["name"], told["version"])))).strip()
    version = told["version"].strip()
    if not name or _unfit(name) or _problem(_LINE, version):
        return None
    day = told["install_date"][:10]
    return _found(one, name, "", version, "", "" if _problem(_DAY, day) else day)


def _place(one: _Inventory, number: int) -> str:
    return f"{one.path.name}, row {number}"


def _repeats(one: _Inventory, rows: Sequence[int]) -> Finding:
    shown = ", ".join(map(str, rows[:_SHOWN])) + (" and others" if len(rows) > _SHOWN else "")
    few = len(rows) == 1
    text = f"{'entry names' if few else 'entries name'} software that is listed already (row {shown})"
    return Finding(INFO, "repeated-row", one.path.name, f"{len(rows):,} {text}; each of them counts once")


# ------------------------------------------------------------------------------------------------------------ machines
def _guests(kept: Sequence[_Inventory]) -> Mapping[str, str]:
    """The names of the virtual machines that have an inventory of their own, by their UUID."""
    return {one.facts["uuid"].casefold(): one.device for one in kept if one.is_virtual and one.facts["uuid"]}


def _machines(work: _Work, kept: Sequence[_Inventory], names: Mapping[str, str]) -> Iterator[RawTable]:
    """Hosts with their processors, and what runs on them."""
    vms: dict[str, str] = {}
    real = [one for one in kept if not one.is_virtual]
    found = {one.device: list(_vms(work, one, names, vms)) for one in real}
    for one in real:
        if one.facts["cpus"] or found[one.device]:
            yield template_table("hosts", f"{one.path.name}, processors", [(1, _host(work, one))], {})
    for one in real:
        if found[one.device]:
            place = f"{one.path.name}, virtual machines"
            yield template_table("virtual_machines", place, found[one.device], {"vcpus": "vcpu"})


def _host(work: _Work, one: _Inventory) -> dict[str, str]:
    """Its processors, with the cores of the largest where they differ."""
    cores = [count for count in one.facts["cpus"] if count]
    row = {"host": one.device}
    if one.facts["cpus"]:
        row["processors"] = str(len(one.facts["cpus"]))
    if cores:
        row["cores_per_processor"] = str(max(cores))
    if len(set(cores)) > 1 or (cores and len(cores) < len(one.facts["cpus"])):
        text = f"its processors have different numbers of cores; {max(cores)} were taken for each"
        work.findings.append(Finding(WARNING, "cores-differ", f"{one.path.name}, processors", text))
    return row


def _vms(
    work: _Work, one: _Inventory, names: Mapping[str, str], taken: dict[str, str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The virtual machines of a host. Containers share its system, and are none."""
    for number, vm in enumerate(one.facts["vms"], 1):
        work.read += 1
        place = f"{one.path.name}, virtual machine {number}"
        name = names.get(vm["uuid"].casefold()) or vm["name"].strip()
        container = vm["vmtype"].casefold() in _CONTAINERS or (bool(vm["image"]) and not vm["vcpus"])
        if container:
            reason = "it is a container, and no virtual machine"
        elif problem := _unfit(name):
            reason = f"its name {problem}"
        elif name in taken:
            reason = f"{taken[name]} has a virtual machine of the same name"
        else:
            taken[name] = one.path.name
            yield number, {"vm": name, "host": one.device, "vcpus": str(vm["vcpus"] or "")}
            continue
        work.findings.append(Finding(INFO, "machine-left-out", place, f'"{name}" was left out: {reason}'))
        work.left_out.append(LeftOut(place, tuple((key, str(value or "")) for key, value in vm.items()), reason))
