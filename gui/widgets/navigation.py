"""The list of pages at the left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from gui import icons, theme
from gui.theme import SPACE
from gui.widgets.buttons import plain

_CODE = Qt.ItemDataRole.UserRole


class Navigation(QListWidget):
    """One row a page. The row that is gone to by hand is told by `asked`; showing where one is tells nothing."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "navigation")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Pages")
        self.setIconSize(QSize(18, 18))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._icons: list[str] = []
        self._showing = False
        self.currentRowChanged.connect(self._moved)

    def fill(self, pages: Iterable[tuple[str, str, str, str]], groups: Mapping[str, str]) -> None:
        """Show pages: code, title, icon, shortcut. `groups` names the pages above which a heading stands, or a gap."""
        self._showing = True
        self.clear()
        self._icons = []
        for code, title, icon, shortcut in pages:
            if code in groups:
                self._head(groups[code])
            item = QListWidgetItem(title)
            item.setData(_CODE, code)
            item.setToolTip(plain(f"{title} ({shortcut})" if shortcut else title))
            self._icons.append(icon)
            self.addItem(item)
        self._showing = False
        self.retint()

    def _head(self, text: str) -> None:
        """A heading above a group, that cannot be gone to; without a text it is a gap."""
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(theme.font("small", bold=True))
        item.setTextAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        height = QFontMetrics(item.font()).height() + 2 * SPACE if text else SPACE
        item.setSizeHint(QSize(0, height))
        self._icons.append("")
        self.addItem(item)

    def show_page(self, code: str) -> None:
        """Mark the row of a page; none if it has no row."""
        self._showing = True
        rows = [i for i in range(self.count()) if self.item(i).data(_CODE) == code]
        self.setCurrentRow(rows[0] if rows else -1)
        self._showing = False
        self.retint()

    def retint(self) -> None:
        """Draw the icons in the colours of the present theme."""
        for number, name in enumerate(self._icons):
            if not name:
                self.item(number).setForeground(theme.of(self).colour("muted"))
                continue
            self.item(number).setIcon(icons.icon(name, "accent" if number == self.currentRow() else "muted", 18))

    def _moved(self, number: int) -> None:
        if number >= 0 and not self._showing:
            self.retint()
            self.asked.emit(self.item(number).data(_CODE))
