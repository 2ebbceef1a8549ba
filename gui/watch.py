"""A page that shows the book asks it again after changes: at once while it is looked at, else when it is next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, SignalInstance
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


def hear(owner: QObject, signal: SignalInstance, then: Callable[[Any], object]) -> None:
    """Call `then` with what a signal says for as long as its owner is there, which a lambda alone would outlive."""
    signal.connect(_Ear(owner, then).hear)


class _Ear(QObject):
    def __init__(self, owner: QObject, then: Callable[[Any], object]) -> None:
        super().__init__(owner)
        self._then = then

    def hear(self, said: Any) -> None:
        self._then(said)
