"""Arranges widgets beside each other in columns of one width, on further lines where one is full."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize

from gui.tables.flow import Flow
from gui.theme import SPACE

_GAP = SPACE + 4


class Even(Flow):
    """A layout of cards: all as wide as each other, those of a line as high as each other."""

    def sizeHint(self) -> QSize:
        """Room for all of them on one line."""
        count, each = len(self._shown()), self._each()
        return QSize(max(0, count * (each.width() + _GAP) - _GAP), each.height())

    def minimumSize(self) -> QSize:
        """Room for one of them."""
        return self._each()

    def _each(self) -> QSize:
        """What every one of them needs."""
        hints = [item.minimumSize().expandedTo(item.sizeHint()) for item in self._shown()]
        return QSize(max((h.width() for h in hints), default=0), max((h.height() for h in hints), default=0))

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        items, each = self._shown(), self._each()
        if not items:
            return 0
        across = max(1, min(len(items), (rect.width() + _GAP) // (each.width() + _GAP)))
        wide = (rect.width() - (across - 1) * _GAP) / across
        for place, item in enumerate(items if move else ()):
            line, column = divmod(place, across)
            left, right = round(column * (wide + _GAP)), round(column * (wide + _GAP) + wide)
            top = rect.y() + line * (each.height() + _GAP)
            item.setGeometry(QRect(rect.x() + left, top, right - left, each.height()))
        lines = -(-len(items) // across)
        return lines * (each.height() + _GAP) - _GAP
