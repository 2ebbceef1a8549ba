"""The list of pages at the left, in groups that fold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from gui import icons, theme
from gui.theme import SPACE
from gui.widgets.buttons import plain

_CODE = Qt.ItemDataRole.UserRole
_GROUP = Qt.ItemDataRole.UserRole + 1
_ICON = Qt.ItemDataRole.UserRole + 2
_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class Navigation(QListWidget):
    """One row a page, under the heading of its group. Showing where one is tells nothing.

    `asked` tells the code of a page that is gone to by hand, `folds` the names of the groups that are folded, each time
    one is folded or unfolded by hand.
    """

    asked = Signal(str)
    folds = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "navigation")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Pages")
        self.setIconSize(QSize(18, 18))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._folded: set[str] = set()
        self._showing = False
        self.currentRowChanged.connect(self._moved)
        self.itemClicked.connect(self._clicked)

    def fill(
        self, pages: Iterable[tuple[str, str, str, str]], groups: Mapping[str, str], folded: Collection[str] = ()
    ) -> None:
        """Show pages: code, title, icon, shortcut.

        `groups` names the pages above which a heading stands, or a gap; of those in `folded` only the heading is seen.
        """
        self._showing = True
        self.clear()
        self._folded = set(folded)
        group = ""
        for code, title, icon, shortcut in pages:
            if code in groups:
                group = groups[code]
                self._head(group)
            item = QListWidgetItem(title)
            item.setData(_CODE, code)
            item.setData(_GROUP, group)
            item.setData(_ICON, icon)
            item.setToolTip(plain(f"{title} ({shortcut})" if shortcut else title))
            self.addItem(item)
        self._showing = False
        self._fold()

    def _head(self, text: str) -> None:
        """A heading above a group, which folds it; without a text it is a gap."""
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled if text else Qt.ItemFlag.NoItemFlags)
        item.setData(_GROUP, text)
        item.setFont(theme.font("small", bold=True))
        height = QFontMetrics(item.font()).height() + 1.5 * SPACE if text else SPACE
        item.setSizeHint(QSize(0, int(height)))
        self.addItem(item)

    def _items(self) -> Iterable[QListWidgetItem]:
        return map(self.item, range(self.count()))

    def show_page(self, code: str) -> None:
        """Mark the row of a page and unfold its group; none if it has no row."""
        self._showing = True
        found = next((item for item in self._items() if item.data(_CODE) == code), None)
        if found is None:
            self.setCurrentRow(-1)
        else:
            self._folded.discard(found.data(_GROUP))
            self.setCurrentItem(found)
        self._showing = False
        self._fold()

    def _fold(self) -> None:
        for item in self._items():
            item.setHidden(bool(item.data(_CODE)) and item.data(_GROUP) in self._folded)
        self.retint()

    def _turn(self, group: str) -> None:
        """Fold a group, or unfold it."""
        self._folded ^= {group}
        self._fold()
        self.folds.emit(sorted(self._folded))

    def retint(self) -> None:
        """Draw the icons in the colours of the present theme."""
        for item in self._items():
            if name := item.data(_ICON):
                item.setIcon(icons.icon(name, "accent" if item is self.currentItem() else "muted", 18))
            elif group := item.data(_GROUP):
                item.setForeground(theme.of(self).colour("muted"))
                folded = group in self._folded
                item.setIcon(icons.icon("chevron-right" if folded else "chevron-down", "muted", 14))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{group}, {'folded' if folded else 'unfolded'}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold and unfold groups from the keyboard: Left and Right anywhere in one, Enter on its heading."""
        item = self.currentItem()
        group = item.data(_GROUP) if item is not None else ""
        folded = group in self._folded
        heading = bool(group) and not item.data(_CODE)
        if heading and event.key() in _KEYS:
            self._turn(group)
        elif group and event.key() == (Qt.Key.Key_Right if folded else Qt.Key.Key_Left):
            self._turn(group)
            if not folded:
                self.setCurrentItem(next(head for head in self._items() if head.text() == group))
        else:
            super().keyPressEvent(event)

    def _clicked(self, item: QListWidgetItem) -> None:
        if not item.data(_CODE) and item.data(_GROUP):
            self._turn(item.data(_GROUP))

    def _moved(self, number: int) -> None:
        if number >= 0 and not self._showing:
            self.retint()
            if code := self.item(number).data(_CODE):
                self.asked.emit(code)
