"""Pictures of hosts, virtual machines and counting rules, and of a count that opens to its hosts and formulas."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.desk import Place
from gui.dialogs.form import Form
from gui.main_window import MainWindow
from gui.pages.setting_parts.boxed import Boxed
from gui.widgets.listing import Listing
from store.imports.load import load
from tests import estates

SERVERS = 6
PRODUCT = "Windows Server 2025 Datacenter, virtual"
TABLES = estates.of(
    estates.item("1", PRODUCT, 160, "2025-02-01", "2027-01-31", contract="VIRT-1", metric="core"),
    contracts=[estates.contract("VIRT-1", name="Virtual estate", supplier="Softline")],
    hosts=[
        {"host": f"esx-{n:02}", "processors": 2, "cores_per_processor": 8 + 8 * (n % 2), "cluster": "Production"}
        for n in range(1, SERVERS)
    ]
    + [{"host": "hv-test", "processors": 1, "cores_per_processor": 12, "cluster": ""}],
    virtual_machines=[
        {"vm": f"app-{n:02}", "host": f"esx-{1 + n % (SERVERS - 1):02}", "cluster": "", "vcpus": 2 + 2 * (n % 3)}
        for n in range(24)
    ]
    + [{"vm": "build", "host": "hv-test"}, {"vm": "roaming", "cluster": "Production", "vcpus": 4}],
    counting_rules=[
        {"metric": "core", "method": "stacking", "pack": 2, "coverage": "all-or-nothing", "valid_from": "2026-01-01"},
        {"metric": "core", "method": "core", "minimum_per_processor": 8, "minimum_per_server": 16, "pack": 2},
        {"metric": "value unit", "method": "tiers", "tiers": "2500:1, 10000:0.8, 50000:0.6, 0.4"},
        {"metric": "socket pair", "method": "socket-pair"},
    ],
    installations=[
        *({"product": PRODUCT, "device": f"app-{n:02}"} for n in range(20)),
        {"product": PRODUCT, "device": "hv-test"},
    ],
)


def _filled(window: MainWindow) -> None:
    """Bring hosts, machines and rules into the book, once."""
    desk = window.desk
    if not desk.book.value("SELECT count(*) FROM counting_rules"):
        with TemporaryDirectory() as folder:
            path = estates.write(Path(folder) / "virtual", TABLES)
            desk.do("Import virtual estate", lambda book: load(book, path, as_of=date(2026, 11, 21)))
        desk.refresh()


def hosts(window: MainWindow) -> QWidget:
    """The overview of hosts."""
    _filled(window)
    window.desk.go(Place("hosts"))
    return window


def machines(window: MainWindow) -> QWidget:
    """The overview of virtual machines."""
    _filled(window)
    window.desk.go(Place("virtual_machines"))
    return window


def host(window: MainWindow) -> QWidget:
    """The form of a host."""
    window.desk.go(Place("edit-host", "esx-02"))
    return window.findChildren(Form)[-1]


def machine(window: MainWindow) -> QWidget:
    """The form of a virtual machine that cannot be stored."""
    window.desk.go(Place("edit-virtual-machine", "roaming"))
    form = window.findChildren(Form)[-1]
    form.fields["Cluster"].setText("")
    form.save_button.click()
    return form


def rules(window: MainWindow) -> QWidget:
    """The counting rules."""
    _filled(window)
    window.desk.go(Place("settings", tab="counting"))
    return window


def rule(window: MainWindow) -> QWidget:
    """The form of a counting rule."""
    part = next(one for one in window.findChildren(Boxed) if one.kind.name == "Counting rules")
    part.table.selectRow(1)
    part.edit()
    return window.findChildren(Form)[-1]


def counted(window: MainWindow) -> QWidget:
    """A position whose demand was counted, scrolled down to how."""
    _filled(window)
    window.desk.go(Place("position", f"{PRODUCT}|perpetual|core"))
    QTimer.singleShot(150, window, lambda: _scroll(window))
    return window


def _scroll(window: MainWindow) -> None:
    """Down to the last card of the page."""
    card = next((one for one in window.findChildren(Listing) if one.accessibleName() == "Counted"), None)
    for area in window.stack.currentWidget().findChildren(QScrollArea) if card else ():
        if area.isAncestorOf(card):
            area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


SCREENS = [
    ("hosts", hosts),
    ("virtual-machines", machines),
    ("host-edit", host),
    ("virtual-machine-refused", machine),
    ("counting-rules", rules),
    ("counting-rule-edit", rule),
    ("position-counted", counted),
]
"""In this order: each needs what the one before made."""
