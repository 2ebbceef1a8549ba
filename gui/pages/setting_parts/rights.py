"""Downgrade and upgrade rights: which licenses may stand in for which others."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import right as dialog
from gui.pages.setting_parts.form import done
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button, explain
from gui.widgets.empty import empty
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from store import choices, rights
from store.records import Right

_ABOUT = (
    "A downgrade right lets licenses of a newer version cover demand for an older one; an upgrade right the other way"
    " round. Without a right, nothing is moved."
)
_COLUMNS = ("Name", "Kind", "Holds", "Metric", "Versions apart", "Valid")


def make(desk: Desk) -> QWidget:
    """The rights of the book, with what can be done with them."""
    return Rights(desk)


class Rights(QWidget):
    """One row a right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.held: list[Right] = []
        self.said = Inline()
        self.table = QTableWidget(0, len(_COLUMNS))
        self._build()
        hear(self, desk.changed, lambda subjects: self.show_rights() if subjects & {"rights", "products"} else None)
        self.show_rights()

    def _build(self) -> None:
        self.table.setAccessibleName("Rights")
        self.table.setProperty("kind", "boxed")
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setMinimumHeight(40 * SPACE)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.table.itemActivated.connect(lambda _: self.edit())
        self.add_button = button("Add", self.add, icon="plus")
        self.edit_button = button("Edit", self.edit, icon="pencil")
        self.remove_button = button("Remove", self.remove, icon="trash-2", kind="danger")
        for keys, run, one in (("Insert", self.add, self.add_button), ("Delete", self.remove, self.remove_button)):
            QShortcut(QKeySequence(keys), self.table, run, context=Qt.ShortcutContext.WidgetShortcut)
            explain(one, one.text(), keys)
        explain(self.edit_button, "Edit", "Return")
        self.none = empty("arrow-right-left", "No rights yet", "Add one, and it covers shortfalls where it may.")
        tools = row(self.add_button, self.edit_button, None, self.remove_button)
        about = label(_ABOUT, "muted", wrap=True)
        self.setLayout(column(about, tools, self.said, self.table, self.none, gap=2 * SPACE))

    def show_rights(self) -> None:
        """Show the rights as the book has them; the chosen one stays so."""
        if not self.desk.is_open:
            return
        chosen = self.chosen()
        self.held = choices.rights(self.desk.book)
        self.table.setRowCount(len(self.held))
        for number, right in enumerate(self.held):
            for place, text in enumerate(_cells(right)):
                self.table.setItem(number, place, QTableWidgetItem(text))
            if chosen is not None and right.right == chosen.right:
                self.table.selectRow(number)
        for place in (0, 1, 3, 4, 5):
            self.table.resizeColumnToContents(place)
        self.table.setVisible(bool(self.held))
        self.none.setVisible(not self.held)
        self._chosen()

    def chosen(self) -> Right | None:
        """The chosen right."""
        number = self.table.currentRow()
        return self.held[number] if 0 <= number < len(self.held) else None

    def _chosen(self) -> None:
        self.add_button.setEnabled(not self.desk.read_only)
        for one in (self.edit_button, self.remove_button):
            one.setEnabled(self.chosen() is not None and not self.desk.read_only)

    def add(self) -> None:
        """Ask for a new right."""
        dialog.open_(self.desk, self.window())

    def edit(self) -> None:
        """Ask what shall be different about the chosen right."""
        chosen = self.chosen()
        if chosen is not None and not self.desk.read_only:
            dialog.open_(self.desk, self.window(), chosen)

    def remove(self) -> None:
        """Remove the chosen right; what it moved moves no more. It can be undone."""
        chosen = self.chosen()
        if chosen is not None:
            name = chosen.right
            done(self.desk, self.said, f"Remove right {name}", lambda book: rights.remove(book, name))


def _cells(right: Right) -> tuple[str, ...]:
    return (
        right.right,
        wording.badge(right.kind),
        f"within {right.family}" if right.family else f"from {right.from_product} to {right.to_product}",
        right.metric or "all",
        "any" if right.depth is None else f"up to {wording.number(right.depth)}",
        _valid(right),
    )


def _valid(right: Right) -> str:
    if right.valid_from and right.valid_until:
        return f"{right.valid_from} to {right.valid_until}"
    if right.valid_from:
        return f"from {right.valid_from}"
    return f"until {right.valid_until}" if right.valid_until else "always"
