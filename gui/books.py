"""Opening and making books from the window: asking for files, and what to do when a book is in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui import icons
from gui.desk import Desk, Place
from gui.on_demand import Later, on_demand
from gui.theme import SPACE
from store.errors import BookInUse, KnownFault, Locked

if TYPE_CHECKING:
    from gui.dialogs import waiting
    from gui.work import Report
    from store import cipher, elsewhere, upgrading
    from store.book import Book, is_old, open_book
    from store.cipher import Passphrase
    from store.imports import isolated
else:
    cipher, elsewhere, isolated = Later("store.cipher"), Later("store.elsewhere"), Later("store.imports.isolated")
    waiting, upgrading = Later("gui.dialogs.waiting"), Later("store.upgrading")
    is_old, open_book = on_demand("store.book", "is_old"), on_demand("store.book", "open_book")

ask_passphrase = on_demand("gui.dialogs.passphrase", "open_")

SAMPLE: Final = Path(__file__).parent.parent / "resources" / "sample"
"""The sample estate: a folder of tables."""

_FILES: Final = "Books (*.elpis);;All files (*)"


def open_path(desk: Desk, window: QWidget, path: Path, passphrase: Passphrase | None = None) -> bool:
    """Open a book, or say why that does not work; ask for the passphrase of an encrypted one, offer to only read one
    that is in use. Whether it is open now.

    One of an older Elpis is brought to the present schema in the background before, and opened then.
    """
    if is_old(path, passphrase):
        renew(desk, window, path, passphrase)
        return False
    return _open_now(desk, window, path, passphrase)


def _open_now(desk: Desk, window: QWidget, path: Path, passphrase: Passphrase | None) -> bool:
    try:
        desk.open(path, passphrase=passphrase)
    except Locked:
        ask_passphrase(desk, window, path, partial(open_path, desk, window, path))
    except BookInUse as fault:
        _offer_reading(desk, window, path, str(fault), passphrase)
    except KnownFault as fault:
        refuse(window, "This book cannot be opened", str(fault))
    else:
        return True
    return False


def renew(desk: Desk, window: QWidget, path: Path, passphrase: Passphrase | None = None) -> waiting.Waiting:
    """Bring a book to the present schema, after a backup, while the window says how far it is; and open it."""

    def work(report: Report) -> None:
        with upgrading.told(report):
            open_book(path, clock=lambda: desk.now, who=desk.who, passphrase=passphrase).close()

    def failed(error: Exception) -> None:
        if isinstance(error, KnownFault):
            refuse(window, "This book cannot be opened", str(error))
        else:
            desk.work.failed.emit(job, error)

    def ended() -> None:
        shown.end()
        if job.cancelled:
            desk.tell(f"{path.name} was not opened.")

    job = desk.work.run("", work, lambda _: _open_now(desk, window, path, passphrase), failed, lane="opening")
    shown = waiting.Waiting(window, f"Bringing {path.name} up to date", _OLDER, "Cancel", job.cancel)
    job.ended.connect(ended)
    shown.follow(job)
    return shown


_OLDER: Final = (
    "This book was written by an older Elpis. A backup of it is made and checked, and then it is brought to the form of"
    " today. Until that is done, the book stays as it is."
)


def ask_open(desk: Desk, window: QWidget) -> QFileDialog:
    """Ask for a book, and open it; one that was never open here may be from elsewhere, and is asked about first."""
    dialog = _dialog(window, "Open a book", QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda name: open_chosen(desk, window, Path(name)))
    dialog.open()
    return dialog


def open_chosen(desk: Desk, window: QWidget, path: Path) -> QMessageBox | None:
    """Open a book that is known here; of another, ask whether it is from elsewhere."""
    if desk.state.knows_book(path):
        open_path(desk, window, path)
        return None
    box = _box(window, "Where is this book from?", _ELSEWHERE.format(path.name), "circle-help", "accent")
    box.addButton(QMessageBox.StandardButton.Cancel)
    own = box.addButton("It is my own: open it", QMessageBox.ButtonRole.DestructiveRole)
    other = box.addButton("Take its rows in", QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(other)
    own.clicked.connect(lambda: open_path(desk, window, path))
    other.clicked.connect(lambda: take_in(desk, window, path))
    box.open()
    return box


_ELSEWHERE: Final = (
    "{} was never open here. If somebody sent it to you, take its rows in: the file is looked through apart from"
    " everything else, what Elpis does not make itself is refused, and its rows are copied into a new book beside it."
)


def take_in(desk: Desk, window: QWidget, path: Path, passphrase: Passphrase | None = None) -> None:
    """Copy the rows of a book from elsewhere into a new book beside it, in the background, and open that."""
    if passphrase is None and cipher.is_encrypted(path):
        ask_passphrase(desk, window, path, partial(take_in, desk, window, path))
        return
    target = _free(path)

    def work(report: Report) -> tuple[str, ...]:
        with isolated.watched_by(lambda: report(0, 0)):
            how = {"who": desk.who, "passphrase": passphrase}
            return elsewhere.take_in(path, target, clock=lambda: desk.now, **how).problems

    def done(problems: tuple[str, ...]) -> None:
        if open_path(desk, window, target, passphrase) and problems:
            desk.tell(f"{target.name}: {problems[0]}. See File, Check this book, for all of it.", "warning")
        elif not problems:
            desk.tell(
                f"The rows of {path.name} were copied into {target.name}, which is sound and open now.", "positive"
            )

    def failed(error: Exception) -> None:
        refuse(window, "This book is not taken in", str(error))

    desk.work.run(f"Looking through {path.name}", work, done, failed)


def _free(path: Path) -> Path:
    """A name beside a book that no file has yet."""
    names = (f"{path.stem} taken in{f' {number}' if number > 1 else ''}.elpis" for number in count(1))
    return next(place for name in names if not (place := path.with_name(name)).exists())


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


def _offer_reading(
    desk: Desk, window: QWidget, path: Path, sentence: str, passphrase: Passphrase | None
) -> QMessageBox:
    box = _box(window, "This book is in use", sentence, "info", "accent")
    read = box.addButton("Open for reading", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    read.clicked.connect(lambda: _read(desk, window, path, passphrase))
    box.open()
    return box


def _read(desk: Desk, window: QWidget, path: Path, passphrase: Passphrase | None = None) -> None:
    try:
        desk.open(path, read_only=True, passphrase=passphrase)
    except Locked:
        ask_passphrase(desk, window, path, partial(_read, desk, window, path))
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
