"""What rows and titles are painted on."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget


def ground() -> QWidget:
    """A viewport as Qt makes it.

    Of one that Qt has made, Python would first ask which of all kinds of widgets it is, and learn all of them for that.
    """
    made = QWidget()
    made.setObjectName("qt_scrollarea_viewport")
    made.setBackgroundRole(QPalette.ColorRole.Base)
    made.setAutoFillBackground(True)
    return made
