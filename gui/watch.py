"""A page that shows the book asks it again after changes: at once while it is looked at, else when it is next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.desk import Desk


class Watch(QObject):
    """Whether what a page shows may differ from the book (`stale`). The page says so itself when it has asked."""

    def __init__(
        self, page: QWidget, desk: Desk, concerns: Callable[[frozenset[str]], object], ask: Callable[[], object]
    ) -> None:
        """`concerns` tells whether a change of these subjects matters to the page."""
        super().__init__(page)
        self.stale = True
        self._page, self._concerns, self._ask = page, concerns, ask
        desk.changed.connect(self._hear)

    def _hear(self, subjects: frozenset[str]) -> None:
        if self._concerns(subjects):
            self.stale = True
            if self._page.isVisible():
                self._ask()
