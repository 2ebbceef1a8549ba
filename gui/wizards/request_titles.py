"""The titles that a request can ask for, as a table to tick them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QTableView

from gui import icons, portal_words, theme, wording
from gui.theme import SPACE
from gui.widgets.buttons import plain
from gui.wizards.request_state import State
from rules.vocabulary import INCLUDED
from store.portal.requests import TitleOffer

TITLE, ENTITLEMENTS, PRICE, STEP = range(4)
_HEADINGS: Final = ("Title", "Entitlements", "Price", "What happens")
_ROW: Final = 36

Index = QModelIndex | QPersistentModelIndex


class TitlesModel(QAbstractTableModel):
    """Titles as they are offered; those that match what was typed, with a tick for the chosen ones."""

    changed = Signal()

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state
        self.offers: Sequence[TitleOffer] = ()
        self._typed = ""

    def refresh(self) -> None:
        """Ask anew what is offered."""
        self.beginResetModel()
        words = self._typed.casefold().split()
        self.offers = [
            one for name, one in self.state.offers().items() if all(word in name.casefold() for word in words)
        ]
        self.endResetModel()

    def narrow(self, typed: str) -> None:
        """Show those titles that hold every word."""
        self._typed = typed
        self.refresh()

    def toggle(self, row: int) -> None:
        """Choose a title, or do not any more; one that is not offered stays as it is."""
        offer = self.offers[row]
        if offer.offered:
            self.state.choose(offer.title, chosen=offer.title not in self.state.titles)
            self.dataChanged.emit(self.index(row, 0), self.index(row, STEP))
            self.changed.emit()

    # ------------------------------------------------------------------------------------------------------------ Qt
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.offers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """What is not offered can be read, and not chosen."""
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() != TITLE:
            return found
        offered = self.offers[index.row()].offered
        return found | Qt.ItemFlag.ItemIsUserCheckable if offered else Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell: its text, its tick, how it looks."""
        offer, column = self.offers[index.row()], index.column()
        show = _SHOWN.get(Qt.ItemDataRole(role))
        return None if show is None else show(self.state, offer, column)


def cell(offer: TitleOffer, column: int, state: State) -> str:
    """What stands in a cell."""
    if column == TITLE:
        return wording.line(offer.title)
    if column == ENTITLEMENTS:
        return _entitlements(offer)
    if column == PRICE:
        return f"{price(offer)}  (AUTH)" if offer.authorization else price(offer)
    return step(offer, state)


def price(offer: TitleOffer) -> str:
    """What a title costs its holder: nothing when he has it already."""
    if offer.authorization:
        return wording.money(f"0.00 {offer.currency}")
    return wording.amount(offer.price, offer.currency) if offer.price is not None else "Free"


def step(offer: TitleOffer, state: State) -> str:
    """What happens when it is requested."""
    if not offer.offered:
        return f"Cannot be requested: {portal_words.REASONS.get(offer.reasons[0], offer.reasons[0])}"
    if offer.authorization:
        return f"{wording.line(state.holder)} has it: nothing to approve"
    return "Needs approval" if offer.requires_approval else "Granted at once"


def _entitlements(offer: TitleOffer) -> str:
    included = sum(one.kind == INCLUDED for one in offer.entitlements)
    open_ = sum(one.offered for one in offer.entitlements)
    parts = [(included, "included"), (open_, "to choose")]
    return ", ".join(f"{wording.number(count)} {word}" for count, word in parts if count)


def _looks(offer: TitleOffer) -> tuple[str, str]:
    if not offer.offered:
        return theme.status("refused")
    if offer.authorization:
        return theme.status("authorized")
    return theme.status("pending" if offer.requires_approval else "granted")


def _tick(state: State, offer: TitleOffer, column: int) -> Any:
    if column != TITLE:
        return None
    return Qt.CheckState.Checked if offer.title in state.titles else Qt.CheckState.Unchecked


def _icon(_: State, offer: TitleOffer, column: int) -> Any:
    meaning, icon = _looks(offer)
    return icons.icon(icon, meaning) if column == STEP else None


def _aligned(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == PRICE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_SHOWN: Final[dict[Qt.ItemDataRole, Callable[[State, TitleOffer, int], Any]]] = {
    Qt.ItemDataRole.DisplayRole: lambda state, offer, column: cell(offer, column, state),
    Qt.ItemDataRole.ToolTipRole: lambda state, offer, column: plain(cell(offer, column, state)),
    Qt.ItemDataRole.AccessibleTextRole: lambda state, offer, column: (
        f"{_HEADINGS[column]}: {cell(offer, column, state) or 'empty'}"
    ),
    Qt.ItemDataRole.TextAlignmentRole: lambda _, __, column: _aligned(column),
    Qt.ItemDataRole.CheckStateRole: _tick,
    Qt.ItemDataRole.DecorationRole: _icon,
    Qt.ItemDataRole.ForegroundRole: lambda _, offer, __: None if offer.offered else theme.of().colour("muted"),
}


class TitlesTable(QTableView):
    """The table: Space and a click anywhere on a row tick it."""

    def __init__(self, model: TitlesModel) -> None:
        super().__init__()
        self.listed = model
        self.setModel(model)
        self.setProperty("kind", "boxed")
        self.setAccessibleName("Titles to request")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.findChild(QAbstractButton).setAccessibleName("Mark everything")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(_ROW, self.fontMetrics().height() + 2 * SPACE))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks the row where one is."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.listed.toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click ticks a row."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.listed.toggle(index.row())
