"""What the window shows while no book is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from gui.desk import Desk
from gui.on_demand import Later
from gui.theme import SPACE
from gui.widgets.buttons import button, explain
from gui.widgets.layout import clear, column, row, scrolling
from gui.widgets.text import label, picture

if TYPE_CHECKING:
    from gui import books
else:
    books = Later("gui.books")

_WIDTH = 720


def make(desk: Desk) -> QWidget:
    """The start page: the recent books, and the ways to get one."""
    inner = QWidget()
    recent = QVBoxLayout()
    recent.setSpacing(2)
    body = QWidget()
    body.setMinimumWidth(_WIDTH)
    body.setLayout(column(_head(), 4 * SPACE, _ways(desk, inner), 4 * SPACE, recent, gap=0))
    made = scrolling(inner)
    inner.setLayout(column(None, row(None, body, None), None, None, margins=(0, 4 * SPACE, 0, 4 * SPACE)))
    _fill(recent, desk, inner)
    desk.opened.connect(lambda: _fill(recent, desk, inner))
    return made


def _head() -> QVBoxLayout:
    return column(
        row(picture("scale", "accent", 40), label("Elpis", "display"), None, gap=SPACE + 4),
        label("What you may use, what you use, and what is missing, on any day. Nothing leaves this machine.", "muted"),
    )


def _ways(desk: Desk, parent: QWidget) -> QWidget:
    made = QWidget()
    made.setLayout(
        row(
            _way("folder-open", "Open a book", "A .elpis file", lambda: books.ask_open(desk, parent.window())),
            _way("file-plus", "New book", "Empty, to be filled", lambda: books.ask_new(desk, parent.window())),
            _way("download", "Import files", "Into a new book", lambda: books.ask_import(desk, parent.window())),
            _way("flask-conical", "See the sample", "A small estate", lambda: books.open_sample(desk, parent.window())),
            gap=2 * SPACE,
        )
    )
    return made


def _way(icon: str, title: str, about: str, run: Callable[[], object]) -> QPushButton:
    made = button("", run, kind="tile")
    made.setAccessibleName(f"{title}: {about}")
    made.setLayout(
        column(
            picture(icon, "accent", 3 * SPACE),
            SPACE,
            label(title, "strong"),
            label(about, "hint"),
            None,
            gap=2,
            margins=(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE),
        )
    )
    return made


def _fill(box: QVBoxLayout, desk: Desk, parent: QWidget) -> None:
    clear(box)
    found = desk.state.recent()
    if found:
        box.addWidget(label("Recent books", "overline"))
        box.addSpacing(4)
    for path in found:
        box.addWidget(_recent(path, desk, parent))


def _recent(path: Path, desk: Desk, parent: QWidget) -> QPushButton:
    made = button("", lambda: books.open_path(desk, parent.window(), path), kind="row")
    made.setAccessibleName(f"Open {path.stem}, {path.parent}")
    explain(made, str(path))
    folder = label("", "hint")
    folder.setText(folder.fontMetrics().elidedText(_folder(path), Qt.TextElideMode.ElideMiddle, _WIDTH // 2))
    made.setLayout(row(picture("book-open", "muted", 18), label(path.stem), None, folder, margins=(SPACE, 0, SPACE, 0)))
    return made


def _folder(path: Path) -> str:
    home = Path.home()
    return f"~/{path.parent.relative_to(home)}" if path.is_relative_to(home) else str(path.parent)
