"""Opening and making books from the window: asking for files, and what to do when a book is in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui import icons
from gui.desk import Desk, Place
from gui.on_demand import on_demand
from gui.theme import SPACE
from store.errors import BookInUse, KnownFault

if TYPE_CHECKING:
    from gui.work import Report
    from store.book import Book

SAMPLE: Final = Path(__file__).parent.parent / "resources" / "sample"
"""The sample estate: a folder of tables."""

_FILES: Final = "Books (*.elpis);;All files (*)"


def open_path(desk: Desk, window: QWidget, path: Path) -> bool:
    """Open a book, or say why that does not work; offer to only read one that is in use. Whether it is open now."""
    try:
        desk.open(path)
    except BookInUse as fault:
        _offer_reading(desk, window, path, str(fault))
    except KnownFault as fault:
        refuse(window, "This book cannot be opened", str(fault))
    else:
        return True
    return False


def ask_open(desk: Desk, window: QWidget) -> QFileDialog:
    """Ask for a book, and open it."""
    dialog = _dialog(window, "Open a book", QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda name: open_path(desk, window, Path(name)))
    dialog.open()
    return dialog


def ask_new(desk: Desk, window: QWidget, then: Callable[[], object] | None = None) -> QFileDialog:
    """Ask where a new book shall stand, make it, and go on with `then`."""
    dialog = _dialog(window, "New book", QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("elpis")
    dialog.selectFile("estate.elpis")
    dialog.fileSelected.connect(lambda name: _make(desk, window, Path(name), then))
    dialog.open()
    return dialog


def ask_import(desk: Desk, window: QWidget, path: Path | None = None) -> QFileDialog | None:
    """Import a file or folder: into the open book, or into a new one that is asked for first."""
    place = Place("import", key=str(path) if path else "")
    if desk.is_open:
        desk.go(place)
        return None
    return ask_new(desk, window, lambda: desk.go(place))


INVOICES: Final = (".pdf", ".eml", ".txt")
"""Endings of files from which a contract is read."""


def read_invoice(desk: Desk, window: QWidget, path: Path) -> QFileDialog | None:
    """Read a contract from an invoice: for the open book, or for a new one that is asked for first."""
    place = Place("add-contract", key=f"file:{path}")
    if desk.is_open:
        desk.go(place)
        return None
    return ask_new(desk, window, lambda: desk.go(place))


def open_sample(desk: Desk, window: QWidget, folder: Path | None = None) -> None:
    """Open the sample estate; it is made when it is opened for the first time, and keeps what is changed in it."""
    home = folder or Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
    path = home / "sample.elpis"
    if path.is_file():
        open_path(desk, window, path)
        return
    home.mkdir(parents=True, exist_ok=True)
    if _make(desk, window, path, None):
        desk.do_long("Import the sample estate", partial(_load, desk.today), lambda _: None, resolved=True)


def refuse(window: QWidget, title: str, sentence: str) -> QMessageBox:
    """Say in a small window what does not work, and what to do about it."""
    box = _box(window, title, sentence, "triangle-alert", "warning")
    box.addButton(QMessageBox.StandardButton.Ok)
    box.open()
    return box


def _load(as_of: date, book: Book, report: Report) -> None:
    load = on_demand("store.imports.load", "load")
    load(book, SAMPLE, as_of=as_of, progress=lambda _, done, total: report(done, total))


def _make(desk: Desk, window: QWidget, path: Path, then: Callable[[], object] | None) -> bool:
    """The user has confirmed in the dialog that a file of this name is replaced; a book is never emptied, though."""
    if path.exists():
        refuse(window, "There is such a file already", f"{path}: choose another name, or open this book.")
        return False
    try:
        desk.open(path, create=True)
    except KnownFault as fault:
        refuse(window, "This book cannot be made", str(fault))
        return False
    if then is not None:
        then()
    return True


def _offer_reading(desk: Desk, window: QWidget, path: Path, sentence: str) -> QMessageBox:
    box = _box(window, "This book is in use", sentence, "info", "accent")
    read = box.addButton("Open for reading", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    read.clicked.connect(lambda: _read(desk, window, path))
    box.open()
    return box


def _read(desk: Desk, window: QWidget, path: Path) -> None:
    try:
        desk.open(path, read_only=True)
    except KnownFault as fault:
        refuse(window, "This book cannot be opened", str(fault))


def _box(window: QWidget, title: str, sentence: str, icon: str, meaning: str) -> QMessageBox:
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(title)
    box.setInformativeText(sentence)
    box.setIconPixmap(icons.pixmap(icon, meaning, 3 * SPACE, window.devicePixelRatioF()))
    return box


def _dialog(window: QWidget, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
    dialog = QFileDialog(window, title, "", _FILES)
    dialog.setAcceptMode(mode)
    return dialog
