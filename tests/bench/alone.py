"""What is measured in a process of its own, from nothing: `python -m tests.bench.alone WORK [BOOK]`.

Every work imports only what it is about, so that a bare window is a bare one.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SIZE = 1600, 900
HEAVY = ("polars", "pandas", "numpy", "openpyxl", "reportlab", "psycopg")


def page(path: str) -> None:
    """The program is there; how long until a book is open and its page of entitlements painted."""
    from gui.pages import entitlements
    from tests.bench.window import application, desk

    app = application()
    with desk(None) as held:
        started = _now()
        held.open(Path(path))
        _painted(app, entitlements.make(held))
        _say(started)


def empty() -> None:
    """The same for a window with an empty table of thirteen columns, and nothing else."""
    from PySide6.QtGui import QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    app = QApplication([])
    started = _now()
    window, table = QMainWindow(), QTableView()
    table.setModel(QStandardItemModel(0, 13, table))
    window.setCentralWidget(table)
    _painted(app, window)
    _say(started)


def start() -> None:
    """The program from its entry to the first window, with the database and the engine of rules in it."""
    from gui import __main__  # noqa: F401 - the entry of the program
    from gui.app import dress, make_app, make_window
    from gui.state import State

    with TemporaryDirectory() as place:
        app, state = make_app(["elpis"]), State(Path(place) / "state.ini")
        dress(app, state)
        window = make_window(state)
        _painted(app, window)
        heavy = [name for name in HEAVY if name in sys.modules]
        import durable_rules_engine  # noqa: F401
        import peewee  # noqa: F401

        _say((0.0, 0.0), heavy=heavy)


def bare() -> None:
    """A window of PySide alone, with a table, a toolbar and a dock."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QTableWidget, QToolBar

    app = QApplication([])
    window, bar, dock = QMainWindow(), QToolBar(), QDockWidget("Dock")
    window.setCentralWidget(QTableWidget(30, 13))
    bar.addAction("Action")
    window.addToolBar(bar)
    dock.setWidget(QLabel("Label"))
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    _painted(app, window)
    _say((0.0, 0.0))


def memory(path: str, size: str) -> None:
    """Megabytes that a whole list takes above the empty table, and that tuples of its rows take."""
    from tests.bench.window import application, memory_of

    application()
    print(json.dumps(memory_of(Path(path), int(size))), flush=True)


def _painted(app: Any, window: Any) -> None:
    """Show a window until all of it has been painted: what is in it is painted with it."""
    from PySide6.QtCore import QEvent, QObject

    class Paints(QObject):
        seen = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.seen = self.seen or event.type() == QEvent.Type.Paint
            return False

    paints = Paints()
    window.installEventFilter(paints)
    window.resize(*SIZE)
    window.show()
    while not paints.seen:
        app.processEvents()


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _say(started: tuple[float, float], **more: Any) -> None:
    wall, cpu = (now - before for now, before in zip(_now(), started, strict=True))
    print(json.dumps({"wall": wall, "cpu": cpu, **more}), flush=True)


WORKS: dict[str, Callable[..., None]] = {
    "page": page,
    "empty": empty,
    "start": start,
    "bare": bare,
    "memory": memory,
}

if __name__ == "__main__":
    WORKS[sys.argv[1]](*sys.argv[2:])
