"""The rows of an allocation: resource group, user group, number of licenses; typed right in the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QSpinBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui import icons, wording
from gui.widgets.buttons import plain
from rules.vocabulary import MAX_QUANTITY
from store.allocations import Part

RESOURCE_GROUP, USER_GROUP, LICENSES, DEMAND = range(4)
_HEADINGS = ("Resource group", "User group", "Licenses", "Demand of the group")
_LONGEST = 200
_ROW = 36

Index = QModelIndex | QPersistentModelIndex


@dataclass
class Line:
    """A row while it is typed."""

    resource_group: str = ""
    user_group: str = ""
    quantity: int = 0


class AllocationModel(QAbstractTableModel):
    """Rows that are typed. `known` are the groups that there are, by column; others are new, and marked as such."""

    changed = Signal()

    def __init__(self, known: Mapping[int, Sequence[str]], demand: Mapping[str, int], parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self._known = {column: {name.casefold(): name for name in names} for column, names in known.items()}
        self._demand = demand

    # ---------------------------------------------------------------------------------------------------------- rows
    def parts(self) -> list[Part]:
        """The rows as they are stored."""
        return [Part(line.resource_group, line.user_group, line.quantity) for line in self.lines]

    def fill(self, parts: Sequence[Part]) -> None:
        """Show these rows, and no others."""
        self.beginResetModel()
        self.lines = [Line(part.resource_group, part.user_group, part.quantity) for part in parts]
        self.endResetModel()
        self.changed.emit()

    def add(self, line: Line) -> int:
        """Add a row at the end; its place."""
        self.beginInsertRows(QModelIndex(), len(self.lines), len(self.lines))
        self.lines.append(line)
        self.endInsertRows()
        self.changed.emit()
        return len(self.lines) - 1

    def remove(self, places: Sequence[int]) -> None:
        """Remove rows."""
        for place in sorted(places, reverse=True):
            self.beginRemoveRows(QModelIndex(), place, place)
            del self.lines[place]
            self.endRemoveRows()
        self.changed.emit()

    def allocated(self) -> int:
        """The licenses of all rows."""
        return sum(line.quantity for line in self.lines)

    def new_groups(self, column: int) -> list[str]:
        """The groups of a column that there are not yet, each once."""
        known = self._known[column]
        named = (self._text(line, column) for line in self.lines)
        return list(dict.fromkeys(name for name in named if name and name.casefold() not in known))

    def known(self, column: int) -> list[str]:
        """The groups that can be chosen in a column: those that there are, and those made here."""
        return [*self._known[column].values(), *self.new_groups(column)]

    def _text(self, line: Line, column: int) -> str:
        return line.resource_group if column == RESOURCE_GROUP else line.user_group

    # ------------------------------------------------------------------------------------------------------------ Qt
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Resource group, user group, licenses, demand."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All but the demand can be typed."""
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return found if index.column() == DEMAND else found | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in a cell; a new group has a mark, and says so."""
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(line, column)
        if role == Qt.ItemDataRole.EditRole:
            return line.quantity if column == LICENSES else self._text(line, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{_HEADINGS[column]}: {self._shown(line, column)}"
        if column in self._known and self._text(line, column) in self.new_groups(column):
            return self._mark(column, role)
        return None

    def _shown(self, line: Line, column: int) -> str:
        if column == LICENSES:
            return wording.number(line.quantity) if line.quantity else "How many?"
        if column == DEMAND:
            return wording.quantity(self._demand.get(line.resource_group, 0))
        return wording.line(self._text(line, column)) or "Choose or type a group"

    def _mark(self, column: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DecorationRole:
            return icons.icon("circle-plus", "info")
        return (
            f"This {_HEADINGS[column].lower()} is new: it is made together with the allocation."
            if (role == Qt.ItemDataRole.ToolTipRole)
            else None
        )

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take what was typed; a name that differs only in its capitals is that of the group there is."""
        if role != Qt.ItemDataRole.EditRole:
            return False
        line, column = self.lines[index.row()], index.column()
        if column == LICENSES:
            line.quantity = int(value)
        else:
            name = " ".join(str(value).split())
            name = self._known[column].get(name.casefold(), name)
            setattr(line, "resource_group" if column == RESOURCE_GROUP else "user_group", name)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), DEMAND))
        self.changed.emit()
        return True


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in {LICENSES, DEMAND} else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class _Delegate(QStyledItemDelegate):
    """Groups are typed with suggestions, numbers in a box that takes only such as are possible.

    The suggestions outlive the fields: a list of them that goes with its field may be the active window at that moment,
    and Qt then looks for the window's next focus among widgets that are half gone.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._suggesting = {column: _completer(self, _HEADINGS[column]) for column in (RESOURCE_GROUP, USER_GROUP)}

    def createEditor(self, parent: QWidget, _: QStyleOptionViewItem, index: Index) -> QWidget:
        """The field for a cell."""
        model: AllocationModel = index.model()
        if index.column() == LICENSES:
            box = QSpinBox(parent)
            box.setRange(0, MAX_QUANTITY)
            box.setGroupSeparatorShown(True)
            box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
            box.setAccessibleName(_HEADINGS[LICENSES])
            return box
        field = QLineEdit(parent)
        field.setMaxLength(_LONGEST)
        field.setAccessibleName(_HEADINGS[index.column()])
        completer = self._suggesting[index.column()]
        completer.model().setStringList(model.known(index.column()))
        field.setCompleter(completer)
        return field

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """A field that waits for its end lets go of the suggestions: the next field has them already by then."""
        if isinstance(editor, QLineEdit) and editor.completer() is not None:
            editor.completer().popup().hide()
            editor.setCompleter(None)
        super().destroyEditor(editor, index)


def _completer(parent: QObject, name: str) -> QCompleter:
    made = QCompleter(QStringListModel(parent), parent)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    made.popup().setAccessibleName(f"{name}: suggestions")
    return made


class AllocationTable(QTableView):
    """The table. Ins adds a row, Del removes the chosen ones, typing begins to edit."""

    adding = Signal()
    """Another row is asked for."""

    def __init__(self, model: AllocationModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setProperty("kind", "boxed")
        self.setAccessibleName("License allocation")
        self.setToolTip(plain("Type to change a cell. Ins adds a row, Del removes it."))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.AnyKeyPressed | triggers.DoubleClicked | triggers.EditKeyPressed | triggers.SelectedClicked
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.findChild(QAbstractButton).setAccessibleName("Choose all rows")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column, width in ((LICENSES, 120), (DEMAND, 170)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        for column in (RESOURCE_GROUP, USER_GROUP):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def chosen(self) -> list[int]:
        """The places of the chosen rows."""
        return sorted({index.row() for index in self.selectedIndexes()})

    def begin(self, place: int, column: int = RESOURCE_GROUP) -> None:
        """Go to a cell and edit it."""
        index = self.model().index(place, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.edit(index)

    def remove_chosen(self) -> None:
        """Remove the chosen rows."""
        self.model().remove(self.chosen())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add and remove rows; Enter edits, as a double click does. What an open field leaves goes no further."""
        if self.state() == QAbstractItemView.State.EditingState:
            event.accept()
        elif event.key() == Qt.Key.Key_Insert:
            self.adding.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_chosen()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Enter and Del are the table's, not those of the window around it."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key()
            in {
                Qt.Key.Key_Return,
                Qt.Key.Key_Enter,
                Qt.Key.Key_Delete,
                Qt.Key.Key_Insert,
            }
        ):
            event.accept()
            return True
        return super().event(event)
