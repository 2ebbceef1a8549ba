"""A list of the checks of a signed snapshot: what was checked, what was found, and its code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem

from gui import icons, wording
from gui.widgets.findings import FindingsList
from store.snapshots.verify import BAD, OK, OPEN, Check

LOOKS: Final = {
    OK: ("circle-check", "positive"),
    OPEN: ("triangle-alert", "warning"),
    BAD: ("circle-x", "negative"),
}


class ChecksList(FindingsList):
    """Shows checks in their order. Ctrl+C copies the chosen ones."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Checks")
        self.setHeaderLabels(["Check", "Code", "What was found"])
        self.header().resizeSection(0, 176)
        self.header().resizeSection(1, 168)

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show other checks."""
        self.clear()
        self.addTopLevelItems([_item(check) for check in checks])
        self.measure()


def _item(check: Check) -> QTreeWidgetItem:
    item = QTreeWidgetItem([wording.checked(check.code), check.code, check.sentence])
    item.setIcon(0, icons.icon(*LOOKS[check.result]))
    for place in range(3):
        item.setData(place, Qt.ItemDataRole.AccessibleTextRole, f"{item.text(0)}: {check.result}. {check.sentence}")
    return item
