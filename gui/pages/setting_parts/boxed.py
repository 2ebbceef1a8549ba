"""A short list of the settings in a boxed table: shown whole, with buttons to add, edit, read and remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui import wording
from gui.desk import Desk
from gui.pages.setting_parts.form import done
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button, explain
from gui.widgets.empty import empty
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from store.book import Book
from store.errors import KnownFault

T = TypeVar("T")


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What is listed: its name, a sentence about it, titles of columns (the first one stretches), which of them are
    numbers, and how entries are read, shown, asked for and removed; `subjects` are those whose changes matter.
    """

    name: str
    about: str
    columns: Sequence[str]
    numbers: frozenset[int]
    subjects: frozenset[str]
    icon: str
    nothing: tuple[str, str]
    read: Callable[[Book], Sequence[T]]
    cells: Callable[[T], Sequence[str]]
    ask: Callable[[Desk, QWidget, T | None], object] | None
    """Asks for an entry, or what shall be different about one; None where entries come only from elsewhere."""
    remove: Callable[[Book, T], object]
    called: Callable[[T], str]
    load: Callable[[Book, Path], int] | None = None
    """Reads entries from a file, where that is possible; how many they were."""
    files: str = "Comma-separated values (*.csv)"
    """Which files those are."""


class Boxed(QWidget, Generic[T]):
    """One row an entry."""

    def __init__(self, desk: Desk, kind: Kind[T]) -> None:
        super().__init__()
        self.desk, self.kind = desk, kind
        self.held: Sequence[T] = ()
        self.said = Inline()
        self.table = QTableWidget(0, len(kind.columns))
        self._build()
        hear(self, desk.changed, lambda subjects: self.show_entries() if subjects & kind.subjects else None)
        self.show_entries()

    def _build(self) -> None:
        _calm(self.table, self.kind.name, self.kind.columns, self.kind.numbers)
        self.table.itemSelectionChanged.connect(self._chosen)
        self.table.itemActivated.connect(lambda _: self.edit())
        self.add_button = button("Add", self.add, icon="plus")
        self.edit_button = button("Edit", self.edit, icon="pencil")
        self.remove_button = button("Remove", self.remove, icon="trash-2", kind="danger")
        for keys, run, one in (("Insert", self.add, self.add_button), ("Delete", self.remove, self.remove_button)):
            QShortcut(QKeySequence(keys), self.table, run, context=Qt.ShortcutContext.WidgetShortcut)
            explain(one, one.text(), keys)
        explain(self.edit_button, "Edit", "Return")
        self.none = empty(self.kind.icon, *self.kind.nothing)
        self.load_button = button("Read a file…", self.ask_file, icon="folder-open")
        if self.kind.load is None:
            self.load_button.hide()
        if self.kind.ask is None:
            self.add_button.hide()
            self.edit_button.hide()
        tools = row(self.add_button, self.edit_button, self.load_button, None, self.remove_button)
        about = label(self.kind.about, "muted", wrap=True)
        self.setLayout(column(about, tools, self.said, self.table, self.none, gap=2 * SPACE))

    def show_entries(self) -> None:
        """Show the entries as the book has them; the chosen one stays so."""
        if not self.desk.is_open:
            return
        chosen = self.chosen()
        self.held = self.kind.read(self.desk.book)
        self.table.setRowCount(len(self.held))
        for number, one in enumerate(self.held):
            for place, text in enumerate(self.kind.cells(one)):
                item = QTableWidgetItem(text)
                side = Qt.AlignmentFlag.AlignRight if place in self.kind.numbers else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(number, place, item)
            if one == chosen:
                self.table.selectRow(number)
        for place in range(1, len(self.kind.columns)):
            self.table.resizeColumnToContents(place)
        self.table.setVisible(bool(self.held))
        self.none.setVisible(not self.held)
        self._chosen()

    def chosen(self) -> T | None:
        """The chosen entry."""
        number = self.table.currentRow()
        return self.held[number] if 0 <= number < len(self.held) else None

    def _chosen(self) -> None:
        for one in (self.add_button, self.load_button):
            one.setEnabled(not self.desk.read_only)
        for one in (self.edit_button, self.remove_button):
            one.setEnabled(self.chosen() is not None and not self.desk.read_only)

    def add(self) -> None:
        """Ask for a new entry."""
        if self.kind.ask is not None and not self.desk.read_only:
            self.kind.ask(self.desk, self.window(), None)

    def edit(self) -> None:
        """Ask what shall be different about the chosen entry."""
        chosen = self.chosen()
        if self.kind.ask is not None and chosen is not None and not self.desk.read_only:
            self.kind.ask(self.desk, self.window(), chosen)

    def ask_file(self) -> QFileDialog:
        """Ask for a file with entries."""
        dialog = QFileDialog(self, self.kind.name, self.desk.state.get("folders/import", str(Path.home())))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters((self.kind.files, "All files (*)"))
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.finished.connect(lambda _: dialog.deleteLater())
        dialog.open()
        return dialog

    def read_file(self, path: Path) -> None:
        """Take the entries of a file over, all or none, in the background; one step to undo."""
        load = self.kind.load
        if load is None:
            return
        self.said.clear()
        try:
            self.desk.do_long(
                f"Read {self.kind.name.lower()} from {path.name}",
                lambda book, _: load(book, path),
                lambda count: self.desk.tell(f"Read {wording.plural(count, 'row')} from {path}.", "positive"),
                self._fail,
                owner=self,
            )
        except KnownFault as fault:
            self.said.say(str(fault))

    def _fail(self, fault: Exception) -> None:
        if not isinstance(fault, KnownFault):
            raise fault
        self.said.say(str(fault))

    def remove(self) -> None:
        """Remove the chosen entry. It can be undone."""
        chosen = self.chosen()
        if chosen is not None:
            what = f"Remove {self.kind.called(chosen)}"
            done(self.desk, self.said, what, lambda book: self.kind.remove(book, chosen))


def _calm(table: QTableWidget, name: str, columns: Sequence[str], numbers: frozenset[int]) -> None:
    """A table that is read row by row."""
    table.setAccessibleName(name)
    table.setProperty("kind", "boxed")
    table.setHorizontalHeaderLabels(list(columns))
    titles = table.horizontalHeader()
    titles.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for place in numbers:
        table.horizontalHeaderItem(place).setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    titles.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    titles.setHighlightSections(False)
    table.verticalHeader().hide()
    table.setCornerButtonEnabled(False)
    table.findChild(QAbstractButton).setAccessibleName("Mark everything")
    table.setShowGrid(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setMinimumHeight(40 * SPACE)
