"""A host or a virtual machine: added, or changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QSpinBox, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import form, question
from gui.dialogs.form import Form
from gui.widgets.number_field import number_field
from store import choices, conflicts, hardware, names, readers
from store.book import Book
from store.errors import KnownFault, Unfit
from store.imports.hardware import MOST_CORES, MOST_PROCESSORS, MOST_VCPUS
from store.records import Host, VirtualMachine

T = TypeVar("T")


def open_host(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Ask for a new host, or for what shall be different about the one that the key names."""
    return _opened(
        parent, "host", lambda: _host(desk, parent, readers.host(desk.book, place.key) if place.key else None)
    )


def open_machine(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Ask for a new virtual machine, or for what shall be different about the one that the key names."""
    return _opened(
        parent,
        "virtual machine",
        lambda: _machine(desk, parent, readers.machine(desk.book, place.key) if place.key else None),
    )


def _opened(parent: QWidget, noun: str, open_: Callable[[], Form]) -> QWidget:
    try:
        return open_()
    except KnownFault as fault:
        return question.tell(parent, f"This {noun} cannot be edited", str(fault))


def _host(desk: Desk, parent: QWidget, held: Host | None) -> Form:
    known = held or Host("")
    name = _name(known.host, held is not None)
    group = _suggesting(known.resource_group, names.listed(desk.book, "resource_groups"), "None")
    processors = _count(known.processors, MOST_PROCESSORS)
    cores = _count(known.cores_per_processor, MOST_CORES)
    cluster = _suggesting(known.cluster, choices.clusters(desk.book), "None: its machines stay on it")
    seen = _see(desk, f"Host {wording.line(held.host)}", readers.host, held.host) if held else None

    def save() -> None:
        made = Host(
            name.text().strip(),
            group.text().strip(),
            processors.value() or None,
            cores.value() or None,
            cluster.text().strip(),
        )
        _refuse_taken(desk.book, "hosts", held is None, made.host)
        deed = f"{'Edit' if held else 'Add'} host {wording.line(made.host)}"
        desk.do(deed, partial(_store, seen, made, hardware.save_host))

    return form.open_(
        parent,
        f"Host {wording.line(held.host)}" if held else "New host",
        [
            *(("Name", name), ("Resource group", group), ("Processors", processors)),
            *(("Cores per processor", cores), ("Cluster", cluster)),
        ],
        save,
        about="A physical machine. Installations whose device bears its name run on it.",
    )


def _machine(desk: Desk, parent: QWidget, held: VirtualMachine | None) -> Form:
    known = held or VirtualMachine("")
    name = _name(known.vm, held is not None)
    host = _suggesting(known.host, names.listed(desk.book, "hosts"), "None: it runs in the cluster")
    cluster = _suggesting(known.cluster, choices.clusters(desk.book), "None: it stays on its host")
    vcpus = _count(known.vcpus, MOST_VCPUS)
    seen = _see(desk, f"Virtual machine {wording.line(held.vm)}", readers.machine, held.vm) if held else None

    def save() -> None:
        made = VirtualMachine(name.text().strip(), host.text().strip(), cluster.text().strip(), vcpus.value() or None)
        _refuse_taken(desk.book, "virtual_machines", held is None, made.vm)
        deed = f"{'Edit' if held else 'Add'} virtual machine {wording.line(made.vm)}"
        desk.do(deed, partial(_store, seen, made, hardware.save_machine))

    return form.open_(
        parent,
        f"Virtual machine {wording.line(held.vm)}" if held else "New virtual machine",
        [("Name", name), ("Host", host), ("Cluster", cluster), ("vCPUs", vcpus)],
        save,
        about="It runs on a host, or on every host of a cluster. Installations whose device bears its name run on it.",
    )


def _see(desk: Desk, what: str, read: Callable[[Book, str], T], name: str) -> conflicts.Seen:
    return conflicts.see(desk.book, what, conflicts.record(read, name))


def _store(seen: conflicts.Seen | None, made: T, save: Callable[[Book, T], None], book: Book) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(made))
    save(book, made)


def _refuse_taken(book: Book, table: str, new: bool, name: str) -> None:
    """A new one must not bear the name of another."""
    if new and hardware.exists(book, table, name):
        what = "host" if table == "hosts" else "virtual machine"
        raise Unfit(f"There is a {what} “{name}” already. Choose another name, or edit that one.")


def _name(text: str, fixed: bool) -> QLineEdit:
    made = QLineEdit(text)
    made.setReadOnly(fixed)
    made.setMaxLength(500)
    return made


def _suggesting(text: str, known: list[str], nothing: str) -> QLineEdit:
    """A field for a name, with those that there are."""
    made = QLineEdit(text)
    made.setPlaceholderText(nothing)
    completer = QCompleter(known, made)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    made.setCompleter(completer)
    return made


def _count(value: int | None, most: int) -> QSpinBox:
    """A field for a number that need not be known."""
    made = number_field(0, most, value or 0)
    made.setSpecialValueText("Not known: counts as 1")
    return made
