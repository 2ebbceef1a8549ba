"""The items of a contract: a table, with what each of them does to entitlements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from gui.theme import SPACE
from gui.widgets.buttons import button, explain
from gui.widgets.empty import empty
from gui.widgets.layout import column, frame, row, scrolling, stacked
from gui.widgets.text import label
from gui.wizards import effects, item_table, notes
from gui.wizards.base import Page, Problem
from gui.wizards.contract_state import ItemDraft, State
from gui.wizards.item_editor import ItemEditor, notes_of
from gui.wizards.source_view import SourceView
from store.imports import pasted


class ItemsPage(Page):
    """Add, edit, duplicate, remove, paste; with a text, each item that was found has to be verified."""

    def __init__(self, state: State) -> None:
        super().__init__("Contract items", "Contract items", "Each item opens an entitlement or feeds one.")
        self.state = state
        self.model = item_table.ItemModel(state)
        self.table = item_table.view(self.model)
        self.editor: ItemEditor | None = None
        self.notes = notes.Notes()
        self.source = SourceView()
        self.total = label("", "strong")
        self.buttons = self._make_buttons()
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._chosen())
        self.table.doubleClicked.connect(lambda _: self.edit())
        self._lay_out()

    def _make_buttons(self) -> dict[str, QPushButton]:
        made: dict[str, QPushButton] = {}
        for code, icon, words, run, keys in (
            ("add", "plus", "Add item", self.add, "Ctrl+Ins"),
            ("edit", "pencil", "Edit", self.edit, "F2"),
            ("duplicate", "copy-plus", "Duplicate", self.duplicate, "Ctrl+D"),
            ("remove", "trash-2", "Remove", self.remove, "Del"),
            ("paste", "clipboard-paste", "Paste rows", self.paste, "Ctrl+V"),
            ("verify", "check", "Verified", self.verify, "Space"),
        ):
            made[code] = button(words, run, icon=icon)
            explain(made[code], _ABOUT[code], keys)
            anywhere = code in _WITHOUT_ITEMS
            shortcut = QShortcut(QKeySequence(keys), self if anywhere else self.table)
            context = Qt.ShortcutContext
            shortcut.setContext(context.WidgetWithChildrenShortcut if anywhere else context.WidgetShortcut)
            shortcut.activated.connect(made[code].click)
        enter = QShortcut(QKeySequence(Qt.Key.Key_Return), self.table)
        enter.setContext(Qt.ShortcutContext.WidgetShortcut)
        enter.activated.connect(self.edit)
        return made

    def _lay_out(self) -> None:
        nothing = empty(
            "clipboard-list",
            "No items yet",
            "An item says how many licenses of a product were bought, from when to when. Copy rows out of a spreadsheet"
            " to paste them here, with or without a header.",
        )
        self.stack = stacked(frame("well", row(nothing)), self.table)
        inner = column(label("The selected item", "overline"), self.notes, None, margins=(2 * SPACE, 12, 12, 12))
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.setChildrenCollapsible(False)
        card = QWidget()
        card.setLayout(row(frame("card", row(scrolling(inner), margins=(1, 1, 1, 1))), margins=(0, 0, SPACE, 0)))
        self.below.addWidget(card)
        self.pane = QWidget()
        self.pane.setLayout(row(self.source, margins=(SPACE, 0, 0, 0)))
        self.below.addWidget(self.pane)
        self.below.setSizes([420, 380])
        bar = row(*self.buttons.values(), None, self.total)
        self.fill(bar, self.stack, self.below, scroll=False)
        inside = self.layout().itemAt(1).layout()
        inside.setStretch(1, 5)
        inside.setStretch(2, 3)

    # ---------------------------------------------------------------------------------------------------------- coming
    def arrive(self) -> None:
        """Show the items as they are."""
        self.pane.setVisible(bool(self.state.text))
        self.refresh(0)
        first = self.table if self.state.items else self.buttons["add"]
        QTimer.singleShot(0, first, first.setFocus)  # after the wizard, which would choose a button

    def refresh(self, row: int = -1) -> None:
        """Show the items anew, and choose one."""
        self.model.refresh()
        some = bool(self.state.items)
        self.stack.setCurrentIndex(int(some))
        self.below.setVisible(some)
        self.buttons["verify"].setVisible(any(item.readings for item in self.state.items))
        currency = self.state.contract.get("currency", "") or self.state.currency
        total = self.state.total()
        self.total.setText("" if total is None else f"Total {effects.money(total, currency)}")
        if some:
            self.choose(min(max(row, 0), len(self.state.items) - 1))
        self._chosen()

    def choose(self, row: int) -> None:
        """Select an item."""
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags.ClearAndSelect | flags.Rows)

    def rows(self) -> list[int]:
        """The rows selected."""
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def _chosen(self) -> None:
        rows = self.rows()
        for code, needs in (("edit", len(rows) == 1), ("duplicate", rows), ("remove", rows), ("verify", rows)):
            self.buttons[code].setEnabled(bool(needs))
        item = self.state.items[rows[0]] if len(rows) == 1 and rows[0] < len(self.state.items) else None
        self.notes.show_notes(self._notes(item, rows[0]) if item else [("info", "muted", "Select one item.")])
        if self.state.text:
            self.source.show_text(self.state.text, item.readings if item else {})
            self.source.point("product")

    def _notes(self, item: ItemDraft, row: int) -> Iterator[notes.Note]:
        wrongs = self.model.wrongs(row)
        for name, sentence in wrongs.items():
            title = "Number" if name == "item" else effects.wording.heading(name)
            yield notes.of_severity(
                "error", f"{title}: {sentence}{_ADD if name == 'product' and item.texts.get(name) else ''}"
            )
        for reading in item.readings.values() if not item.checked else ():
            if reading.remark:
                yield notes.of_severity("warning", f"{reading.value}: {reading.remark}")
        if not wrongs:
            yield from notes_of(self.state, item, self.state.items)

    # --------------------------------------------------------------------------------------------------------- changing
    def add(self) -> None:
        """Open the editor for one more item."""
        self._open(ItemDraft(self.state.new_item()), None)

    def edit(self) -> None:
        """Open the editor for the selected item."""
        rows = self.rows()
        if len(rows) == 1:
            item = self.state.items[rows[0]]
            self._open(item, item)

    def _open(self, draft: ItemDraft, instead: ItemDraft | None) -> None:
        self.editor = ItemEditor(self.state, draft, self, instead=instead)
        self.editor.taken.connect(lambda made: self._take(made, instead))
        self.editor.open()

    def _take(self, made: ItemDraft, instead: ItemDraft | None) -> None:
        items = self.state.items
        at = next((number for number, one in enumerate(items) if one is instead), len(items))
        items[at : at + 1] = [made]
        self.refresh(at)

    def duplicate(self) -> None:
        """Add the selected items once more, with numbers of their own."""
        for at in self.rows():
            item = self.state.items[at]
            self.state.items.append(replace(item, texts={**item.texts, "item": self.state.next_number()}))
        self.refresh(len(self.state.items) - 1)

    def remove(self) -> None:
        """Take the selected items out."""
        rows = self.rows()
        self.state.items[:] = [item for at, item in enumerate(self.state.items) if at not in rows]
        self.refresh(rows[0] if rows else 0)

    def verify(self) -> None:
        """Say of the selected items that they are right, or take that back; then go to the next one that is open."""
        rows = self.rows()
        on = any(not self.state.items[at].checked for at in rows)
        for at in rows:
            self.state.items[at] = replace(self.state.items[at], checked=on)
        unchecked = [at for at, item in enumerate(self.state.items) if not item.checked]
        self.refresh(unchecked[0] if on and unchecked else rows[0] if rows else 0)

    def paste(self) -> None:
        """Add the rows of the clipboard as items."""
        table = pasted.read(pasted.cells_of(QGuiApplication.clipboard().text()))
        if not table.items:
            self.said.say(
                "There is nothing on the clipboard to make items of. Copy rows of a spreadsheet first.", "info"
            )
            return
        first = len(self.state.items)
        for texts in self.state.rows_of(table):
            self.state.items.append(ItemDraft(texts, self.state.proposed(texts.get("product", ""))))
        self.refresh(first)
        self._tell_pasted(len(table.items), first, table.unknown)

    def _tell_pasted(self, count: int, first: int, unknown: tuple[str, ...]) -> None:
        wrong = sum(1 for at in range(first, len(self.state.items)) if self.model.wrongs(at))
        words = f"{count} item{'s' * (count != 1)} pasted."
        if wrong:
            words += f" {wrong} of them cannot be taken as they are: open those that are marked."
        if unknown:
            words += f" Columns left out: {', '.join(unknown[:8])}."
        self.said.say(words, "warning" if wrong else "positive")

    # ------------------------------------------------------------------------------------------------------------ going
    def problems(self) -> Iterator[Problem]:
        """Items that are wrong, and items that nobody has verified."""
        self.model.refresh()
        wrong = [at for at in range(len(self.state.items)) if self.model.wrongs(at)]
        unchecked = [at for at, item in enumerate(self.state.items) if not item.checked]
        if wrong:
            self.choose(wrong[0])
            names = ", ".join(item_table.label_of(self.state.items[at]) for at in wrong[:5])
            yield None, f"Correct what is marked in {names}{' and others' * (len(wrong) > 5)}."
        elif unchecked:
            self.choose(unchecked[0])
            name = item_table.label_of(self.state.items[unchecked[0]])
            yield None, f"Compare {name} with the text, and press “Verified” (Space) when it is right."


_ADD = " Open the item to choose another one, or to add it to the book."

_WITHOUT_ITEMS = frozenset({"add", "paste"})
"""What can be done before there is an item, when there is no table that could have the keyboard."""

_ABOUT = {
    "add": "Add an item",
    "edit": "Edit the selected item",
    "duplicate": "Add the selected items once more",
    "remove": "Remove the selected items",
    "paste": "Add rows copied out of a spreadsheet",
    "verify": "The selected items are what the text says",
}
