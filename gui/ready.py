"""What an open book needs, imported while the window stands and nobody has asked for anything yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer

PARTS: Final = (
    "filelock",
    "store.book",
    "rules.engine",
    "rules.library",
    "store.records",
    "store.derivation",
    "store.overviews",
    "store.undo",
    "store.lookup",
    "store.span",
    "store.calendar",
    "store.schema",
    "store.row_hashes",
    "store.evidence",
    "store.places",
    "store.care",
    "store.generations",
    "store.backups",
    "gui.backup_words",
    "gui.leaving",
    "gui.books",
    "gui.palette",
    "gui.widgets.as_of_bar",
    "gui.widgets.navigation",
    "gui.widgets.reminders",
    "gui.widgets.status_area",
    "concurrent.futures.thread",
)
"""The modules, those that others need first: each takes little by itself."""

_PAUSE: Final = 20
"""Milliseconds between two imports, for what the user does meanwhile. The first has to wait for the window's paint."""


def get_ready(owner: QObject, then: Callable[[], object], parts: Sequence[str] = PARTS) -> None:
    """Import one module after the other, with pauses, as long as the owner lives; when all is there, go on with `then`.

    On the thread of the window: imports by two threads at once would wait for each other when a book is opened.
    """
    left = iter(parts)
    timer = QTimer(owner, interval=_PAUSE)

    def step() -> None:
        part = next(left, None)
        if part is None:
            timer.stop()
            then()
        else:
            import_module(part)

    timer.timeout.connect(step)
    timer.start()
