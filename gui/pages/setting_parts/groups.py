"""Resource groups and user groups: trees whose groups can be added, renamed, moved and removed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from gui.desk import Desk
from gui.pages.setting_parts.form import done
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button, explain
from gui.widgets.empty import empty
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from store import groups
from store.book import Book

_ABOUT = {
    groups.RESOURCE_GROUPS: "Where licenses are used: sites, departments, clusters. Licenses are allocated to them,"
    " demand is counted in them.",
    groups.USER_GROUPS: "Who uses licenses and who answers for them.",
}
_NEW = "New group"


def make(kind: str, desk: Desk) -> QWidget:
    """The tree of a kind of groups (`store.groups.RESOURCE_GROUPS` or `USER_GROUPS`)."""
    return Groups(desk, kind)


class Tree(QTreeWidget):
    """A tree of groups; a group that is dragged onto another asks to be moved below it."""

    asked_to_move = Signal(str, str)
    """The group, and the one that it shall be below ("" for none)."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setProperty("kind", "boxed")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAnimated(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Nothing is moved here: the book decides, and the tree shows what it says."""
        self.drop(self.indexAt(event.position().toPoint()))
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()

    def drop(self, at: QModelIndex) -> None:
        """The chosen group was dropped at a place of the tree, or outside of all groups."""
        chosen, above = self.currentItem(), self.itemFromIndex(at) if at.isValid() else None
        if chosen is not None and above is not chosen:
            self.asked_to_move.emit(chosen.text(0), above.text(0) if above is not None else "")


class Groups(QWidget):
    """The tree with what can be done with it. Every action is one step that can be undone."""

    def __init__(self, desk: Desk, kind: str) -> None:
        super().__init__()
        self.desk, self.kind = desk, kind
        self.noun = "resource group" if kind == groups.RESOURCE_GROUPS else "user group"
        self.tree = Tree()
        self.said = Inline()
        self.parent_box = QComboBox()
        self._build()
        self.tree.asked_to_move.connect(self.move_below)
        self.tree.itemChanged.connect(self._renamed)
        self.tree.currentItemChanged.connect(lambda *_: self._chosen())
        self.tree.customContextMenuRequested.connect(self._menu)
        hear(self, desk.changed, lambda subjects: self.show_groups() if "groups" in subjects else None)
        self.show_groups()

    def _build(self) -> None:
        self.tree.setAccessibleName(f"{self.noun.capitalize()}s")
        self.parent_box.setAccessibleName("Move below")
        self.parent_box.activated.connect(self._moved)
        self.add_button = button("Add", self.add, icon="plus")
        self.below_button = button("Add below", self.add_below, icon="corner-down-right")
        self.rename_button = button("Rename", self.edit, icon="pencil")
        self.remove_button = button("Remove", self.remove, icon="trash-2", kind="danger")
        self.none = empty("folder-tree", f"No {self.noun}s yet", _ABOUT[self.kind])
        for keys, run, one in (
            ("Insert", self.add, self.add_button),
            ("Shift+Insert", self.add_below, self.below_button),
            ("Delete", self.remove, self.remove_button),
        ):
            QShortcut(QKeySequence(keys), self.tree, run, context=Qt.ShortcutContext.WidgetShortcut)
            explain(one, one.text(), keys)
        explain(self.rename_button, "Rename", "F2")
        tools = row(
            self.add_button,
            self.below_button,
            self.rename_button,
            label("Move below", "muted"),
            self.parent_box,
            None,
            self.remove_button,
        )
        about = label(_ABOUT[self.kind], "muted", wrap=True)
        self.setLayout(column(about, tools, self.said, self.tree, self.none, gap=2 * SPACE))
        self.tree.setMinimumHeight(40 * SPACE)

    # --------------------------------------------------------------------------------------------------------- showing
    def show_groups(self) -> None:
        """Show the groups as the book has them; what is chosen and what is folded stays so."""
        if not self.desk.is_open:
            return
        chosen, folded = self.chosen(), self._folded()
        known = groups.tree(self.desk.book, self.kind)
        self.tree.blockSignals(True)
        self.tree.clear()
        items = self._items(known)
        for name, item in items.items():
            item.setExpanded(name not in folded)
        self.tree.blockSignals(False)
        self.parent_box.clear()
        self.parent_box.addItem("No group", "")
        for name in known:
            self.parent_box.addItem(name, name)
        if chosen in items:
            self.tree.setCurrentItem(items[chosen])
        self.tree.setVisible(bool(known))
        self.none.setVisible(not known)
        self._chosen()

    def _items(self, known: Mapping[str, str]) -> dict[str, QTreeWidgetItem]:
        items = {name: QTreeWidgetItem([name]) for name in known}
        flag = Qt.ItemFlag
        for name, item in items.items():
            item.setData(0, Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | (flag.NoItemFlags if self.desk.read_only else flag.ItemIsEditable))
            above = items.get(known[name])
            above.addChild(item) if above is not None else self.tree.addTopLevelItem(item)
        return items

    def _folded(self) -> set[str]:
        found = self.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        return {item.text(0) for item in found if item.childCount() and not item.isExpanded()}

    def _chosen(self) -> None:
        item = self.tree.currentItem()
        for one in (self.below_button, self.rename_button, self.remove_button, self.parent_box):
            one.setEnabled(item is not None and not self.desk.read_only)
        self.add_button.setEnabled(not self.desk.read_only)
        above = item.parent() if item is not None else None
        self.parent_box.setCurrentIndex(self.parent_box.findData(above.text(0) if above is not None else ""))

    def chosen(self) -> str:
        """The name of the chosen group, "" for none."""
        item = self.tree.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item is not None else ""

    def choose(self, name: str) -> None:
        """Choose a group."""
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        for item in self.tree.findItems(name, flags):
            self.tree.setCurrentItem(item)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("Add", self.add)
        if self.tree.itemAt(at) is not None:
            menu.addAction("Add below", self.add_below)
            menu.addAction("Rename", self.edit)
            menu.addAction("Move to the top", partial(self.move_below, self.chosen(), ""))
            menu.addAction("Remove", self.remove)
        menu.setEnabled(not self.desk.read_only)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.tree.viewport().mapToGlobal(at))

    # --------------------------------------------------------------------------------------------------------- actions
    def add(self) -> None:
        """Add a group beside the chosen one, and let its name be typed."""
        item = self.tree.currentItem()
        above = item.parent() if item is not None else None
        self._add(above.text(0) if above is not None else "")

    def add_below(self) -> None:
        """Add a group below the chosen one, and let its name be typed."""
        self._add(self.chosen())

    def _add(self, parent: str) -> None:
        name = self._free()
        if self._do(f"Add {self.noun}", lambda book: groups.add(book, self.kind, name, parent)):
            self.choose(name)
            self.edit()

    def _free(self) -> str:
        """A name that no group has yet, to be typed over."""
        known = groups.tree(self.desk.book, self.kind)
        names = (_NEW if number == 1 else f"{_NEW} {number}" for number in range(1, len(known) + 2))
        return next(name for name in names if name not in known)

    def edit(self) -> None:
        """Let the name of the chosen group be typed."""
        if self.tree.currentItem() is not None:
            self.tree.setFocus()
            self.tree.editItem(self.tree.currentItem(), 0)

    def _renamed(self, item: QTreeWidgetItem) -> None:
        old, new = item.data(0, Qt.ItemDataRole.UserRole), item.text(0).strip()
        if new == old:
            return
        done = new and self._do(f"Rename {self.noun} {old}", lambda book: groups.rename(book, self.kind, old, new))
        self.show_groups()
        self.choose(new if done else old)

    def _moved(self, _: int) -> None:
        self.move_below(self.chosen(), self.parent_box.currentData())

    def move_below(self, name: str, parent: str) -> None:
        """Put a group below another one, or below none."""
        self._do(f"Move {self.noun} {name}", lambda book: groups.move(book, self.kind, name, parent))
        self.show_groups()
        self.choose(name)

    def remove(self) -> None:
        """Remove the chosen group, if nothing uses it."""
        name = self.chosen()
        if name:
            self._do(f"Remove {self.noun} {name}", lambda book: groups.remove(book, self.kind, name))

    def _do(self, what: str, change: Callable[[Book], None]) -> bool:
        return done(self.desk, self.said, what, change)
