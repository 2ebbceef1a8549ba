"""A list of findings: how severe, where, and what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from gui import icons, theme, wording
from store.imports.finding import Finding

MOST: Final = 1_000
"""Findings that are shown; nobody reads more before correcting the first."""

_AROUND: Final = 12


class FindingsList(QTreeWidget):
    """Shows findings in their order. Ctrl+C copies the chosen ones."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Findings")
        self.setHeaderLabels(["Severity", "Place", "What is said"])
        self.setRootIsDecorated(False)
        self.setWordWrap(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.setProperty("kind", "boxed")
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.header().resizeSection(0, 112)
        self.header().resizeSection(1, 264)
        self.header().sectionResized.connect(lambda *_: self.measure())

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show other findings."""
        self.clear()
        self.addTopLevelItems([_item(finding) for finding in findings[:MOST]])
        if len(findings) > MOST:
            more = wording.plural(len(findings) - MOST, "more finding")
            self.addTopLevelItem(QTreeWidgetItem(["", "", f"{more}. Correct those above first."]))
        self.measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows are as high as their words need at this width."""
        super().resizeEvent(event)
        self.measure()

    def measure(self) -> None:
        """Make the rows as high as their words need."""
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            high = max(self._height(item.text(place), self.columnWidth(place)) for place in (1, 2))
            item.setSizeHint(0, QSize(0, high + _AROUND))

    def _height(self, text: str, width: int) -> int:
        room = QRect(0, 0, max(80, width - 2 * _AROUND), 10_000)
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()


def _item(finding: Finding) -> QTreeWidgetItem:
    meaning, icon = theme.status(finding.severity)
    item = QTreeWidgetItem([wording.badge(finding.severity), finding.place, finding.message])
    item.setIcon(0, icons.icon(icon, meaning))
    for place in range(3):
        item.setData(place, Qt.ItemDataRole.AccessibleTextRole, str(finding))
    return item
