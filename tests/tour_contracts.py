"""Every step of the contract wizards, for the tour: by hand, from a text, from a file, edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.desk import Place
from gui.main_window import MainWindow
from gui.wizards.contract import ContractWizard
from gui.wizards.contract_state import ItemDraft
from gui.wizards.item_editor import put
from store.imports import pasted

TEXTS = Path(__file__).parent / "store" / "imports" / "texts"
ROWS = """Product\tModel\tMetric\tQty\tFrom\tTo\tPrice
Windows Server 2025 Standard\tperpetual\tcore\t200\t2026-12-01\t\t62.50
Microsoft 365 E3\tsubscription\tuser\t120\t2026-12-01\t2027-11-30\t399.60
Windows Server 2025 Standard\tmaintenance\tcore\t100\t2026-12-01\t2027-11-30\t12
SQL Server 2022 Standard\tperpetual\tcore\tmany\t2026-12-01\t\t1500
"""

Shown = Callable[[MainWindow], QWidget]


def _wizard(window: MainWindow, page: str, key: str = "") -> ContractWizard:
    window.desk.go(Place(page, key))
    return window.findChildren(ContractWizard)[-1]


def _by_hand(number: int) -> Shown:
    """The wizard at a step, with a contract of three items; -1 has a wrong one more."""

    def show(window: MainWindow) -> QWidget:
        wizard = _wizard(window, "add-contract", "manual")
        wizard.state.contract |= {"name": "Server purchase 2026", "supplier": "Sundvik Licensing AB"}
        rows = list(wizard.state.rows_of(pasted.read(pasted.cells_of(ROWS))))
        if number:
            wizard.state.items[:] = [ItemDraft(texts) for texts in (rows if number < 0 else rows[:3])]
        for _ in range(number if number >= 0 else 3):
            wizard.next()
        return wizard

    return show


def _missing(window: MainWindow) -> QWidget:
    """Fields that are needed and empty."""
    wizard = _wizard(window, "add-contract")
    wizard.next()
    wizard.next()
    return wizard


def _empty(window: MainWindow) -> QWidget:
    """No items yet."""
    wizard = _wizard(window, "add-contract")
    wizard.state.contract["name"] = "Server purchase 2026"
    wizard.next()
    wizard.next()
    return wizard


def _editor(product: str) -> Shown:
    """The editor of an item, with what follows from it."""

    def show(window: MainWindow) -> QWidget:
        wizard = _empty(window)
        wizard.items.add()
        editor = wizard.items.editor
        typed = {"product": product, "model": "perpetual", "metric": "core", "quantity": "200", "unit_price": "62.50"}
        for name, text in typed.items():
            put(editor.fields[name].control, text)
        editor.judge()
        return editor

    return show


def _from_text(number: int) -> Shown:
    """The wizard at a step, with an order to read."""

    def show(window: MainWindow) -> QWidget:
        wizard = _wizard(window, "add-contract", "text")
        wizard.text.box.setPlainText((TEXTS / "order-confirmation.txt").read_text(encoding="utf-8"))
        for _ in range(number):
            wizard.next()
            for check in list(wizard.details.checks.values())[: 99 if number > 2 else 3]:
                check.setChecked(True)
        return wizard

    return show


def _from_file(name: str) -> Shown:
    """A file that was chosen."""

    def show(window: MainWindow) -> QWidget:
        wizard = _wizard(window, "add-contract", "file")
        wizard.next()
        if name:
            wizard.file.take(TEXTS / name)
        return wizard

    return show


def _edited(number: int) -> Shown:
    """A contract of the sample at a step, with one item less."""

    def show(window: MainWindow) -> QWidget:
        wizard = _wizard(window, "edit-contract", "MS-EA-2022")
        del wizard.state.items[-1]
        for _ in range(number):
            wizard.next()
        return wizard

    return show


SCREENS: Sequence[tuple[str, Shown]] = [
    *((f"wizard-contract-{number}", _by_hand(number)) for number in (0, 1, 2, 3)),
    ("wizard-contract-missing", _missing),
    ("wizard-contract-no-items", _empty),
    ("wizard-contract-wrong-item", _by_hand(-1)),
    ("wizard-contract-item", _editor("Windows Server 2025 Standard")),
    ("wizard-contract-new-product", _editor("SQL Server 2019 Web")),
    *((f"wizard-contract-text-{number}", _from_text(number)) for number in (1, 2, 3)),
    ("wizard-contract-file", _from_file("")),
    ("wizard-contract-file-read", _from_file("order-confirmation.txt")),
    ("wizard-contract-file-refused", _from_file("order.pdf")),
    *((f"wizard-contract-edit-{number}", _edited(number)) for number in (0, 1, 2)),
    ("wizard-contract-finished", _by_hand(4)),
]
"""Every screen by the name of its picture; the last one stores a contract."""
