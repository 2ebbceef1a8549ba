"""Settings: how the program looks, by what a book is judged, and its groups, metrics and rights."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from gui.desk import Desk, Place
from gui.pages.setting_parts import judgement, looks
from gui.theme import SPACE
from gui.widgets.card import heading
from gui.widgets.layout import column, scrolling

TABS = (
    ("looks", "Looks", looks.make),
    ("judgement", "Judgement", judgement.make),
)
"""The parts of the page: code, title, maker."""


def make(desk: Desk) -> QWidget:
    """The page; a Place names a part by its tab, such as "resource-groups"."""
    return SettingsPage(desk)


class SettingsPage(QWidget):
    """One tab a part."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for _, title, maker in TABS:
            self.tabs.addTab(scrolling(_placed(maker(desk))), title)
        edge = 3 * SPACE
        self.setLayout(column(heading("Settings"), SPACE, self.tabs, margins=(edge, edge, edge, SPACE)))
        self.layout().setStretch(2, 1)

    def arrive(self, place: Place) -> None:
        """Show the part that the place names."""
        codes = [code for code, _, _ in TABS]
        if place.tab in codes:
            self.tabs.setCurrentIndex(codes.index(place.tab))


def _placed(part: QWidget) -> QWidget:
    """A part at the upper left, as wide as reads well."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 3 * SPACE, SPACE, 2 * SPACE)
    part.setMaximumWidth(880)
    box.addWidget(part)
    return made
