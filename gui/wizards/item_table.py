"""The items of a contract as rows of a table: what is typed, what is wrong with it, and what follows from it."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gui import icons, theme, wording
from gui.widgets.buttons import plain
from gui.wizards import effects
from gui.wizards.contract_state import ItemDraft, State
from store import drafts, previews
from store.imports.cells import converter
from store.imports.template import Column

COLUMNS: Final = (*("item", "product", "model", "quantity", "license_start", "license_end", "unit_price", "effect"),)
_TITLES: Final = {
    "item": "No.",
    "model": "Model, metric",
    "license_start": "Start",
    "license_end": "End",
    "effect": "Effect",
}
_WIDTHS: Final = {"item": 56, "model": 148, "quantity": 88, "unit_price": 92}
_SHOWS: Final = {"model": ("model", "metric")}
"""Columns that show more than the field that they are named after."""
_RIGHT: Final = ("quantity", "unit_price")

Index = QModelIndex | QPersistentModelIndex


class ItemModel(QAbstractTableModel):
    """Asks the state for its items; `refresh` after they have changed."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state
        self._wrongs: list[drafts.Wrongs] = []
        self._effects: list[tuple[str, str, str]] = []
        self.note = ""
        """Why no effects can be shown, "" when they are."""

    def refresh(self) -> None:
        """Judge all items anew."""
        self.beginResetModel()
        self._wrongs = [self.state.wrongs(item) for item in self.state.items]
        preview = self.state.preview(
            [item for item, wrong in zip(self.state.items, self._wrongs, strict=True) if not wrong]
        )
        known = isinstance(preview, previews.Preview)
        self.note = "" if known else str(preview)
        self._effects = [
            effects.of_item(preview, item.texts["item"].strip()) if known and not wrong else ("", "", "")
            for item, wrong in zip(self.state.items, self._wrongs, strict=True)
        ]
        self.endResetModel()

    def wrongs(self, row: int) -> drafts.Wrongs:
        """What is wrong with an item."""
        return self._wrongs[row]

    def effect(self, row: int) -> tuple[str, str, str]:
        """What an item does: icon, few words, sentence."""
        return self._effects[row]

    def rowCount(self, parent: Index | None = None) -> int:
        """One row an item."""
        return 0 if parent is not None and parent.isValid() else len(self._wrongs)

    def columnCount(self, parent: Index | None = None) -> int:
        """The columns."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        name = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _TITLES.get(name) or wording.heading(name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(name)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell: its text, or how it looks."""
        name, row = COLUMNS[index.column()], index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, name)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(row, name)
        if role == Qt.ItemDataRole.ForegroundRole and self._wrong(row, name):
            return theme.of().colour("negative")
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return plain(self._told(row, name))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(name)
        return None

    def _wrong(self, row: int, name: str) -> str:
        """What is wrong with what a cell shows, "" for nothing."""
        wrongs = self._wrongs[row]
        return next((wrongs[one] for one in _SHOWS.get(name, (name,)) if one in wrongs), "")

    def _text(self, row: int, name: str) -> str:
        draft, wrongs = self.state.items[row], self._wrongs[row]
        if name == "effect":
            return self._effects[row][1]
        parts = _SHOWS.get(name, (name,))
        return ", ".join(shown(one, draft.texts.get(one, ""), wrong=one in wrongs) for one in parts)

    def _icon(self, row: int, name: str) -> QIcon | None:
        draft = self.state.items[row]
        if self._wrong(row, name):
            return icons.icon("circle-alert", "negative")
        if name == "item" and draft.readings:
            return icons.icon(*(("circle-check", "positive") if draft.checked else ("circle-dashed", "warning")))
        if name == "product" and draft.product is not None:
            return icons.icon("sparkles", "accent")
        if name == "effect" and self._effects[row][0]:
            return icons.icon(self._effects[row][0], "accent")
        return None

    def _told(self, row: int, name: str) -> str:
        draft = self.state.items[row]
        if wrong := self._wrong(row, name):
            return wrong
        if name == "item" and draft.readings:
            return "Verified" if draft.checked else "Read from the text, and not verified yet"
        if name == "product" and draft.product is not None:
            return f"{draft.texts.get('product', '')}: this product is added to the book"
        return self._effects[row][2] if name == "effect" else draft.texts.get(name, "")


def _alignment(name: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if name in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def shown(name: str, text: str, *, wrong: bool = False) -> str:
    """A field of an item as it is shown; what is wrong stays as it was typed."""
    text = text.strip()
    if wrong:
        return text or "missing"
    if name == "quantity" and text.isdigit():
        return wording.number(int(text))
    if name in ("model", "metric"):
        return wording.label(text)
    if name == "unit_price" and text:
        return wording.money(str(converter(Column("unit_price", "money"))(text)))
    return "Never" if name == "license_end" and not text else wording.line(text)


def view(model: ItemModel) -> QTableView:
    """The table: rows are chosen as a whole, columns keep in the window."""
    made = QTableView()
    made.setModel(model)
    made.setProperty("kind", "boxed")
    made.setAccessibleName("Contract items")
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setTabKeyNavigation(False)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(36)
    head = made.horizontalHeader()
    head.setHighlightSections(False)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for place, name in enumerate(COLUMNS):
        made.setColumnWidth(place, _WIDTHS.get(name, 104))
    head.setSectionResizeMode(COLUMNS.index("product"), QHeaderView.ResizeMode.Stretch)
    head.setSectionResizeMode(COLUMNS.index("effect"), QHeaderView.ResizeMode.ResizeToContents)
    head.setMinimumSectionSize(48)
    return made


def label_of(item: ItemDraft) -> str:
    """An item in a sentence: "item 3"."""
    return f"item {item.texts.get('item', '').strip() or '?'}"
