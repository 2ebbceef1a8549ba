"""Settings: how the program looks, by what a book is judged, and its groups, metrics and rights."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLayout, QTabWidget, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.pages.setting_parts import counting, groups, judgement, looks, mappings, metrics, prices, rights
from gui.pages.setting_parts.boxed import Boxed
from gui.theme import SPACE
from gui.widgets.card import heading
from gui.widgets.layout import column, scrolling
from store.groups import RESOURCE_GROUPS, USER_GROUPS

_MAKERS = {
    "looks": looks.make,
    "judgement": judgement.make,
    "resource-groups": partial(groups.make, RESOURCE_GROUPS),
    "user-groups": partial(groups.make, USER_GROUPS),
    "metrics": metrics.make,
    "counting": counting.make,
    "rights": rights.make,
    "prices": prices.make_prices,
    "rates": prices.make_rates,
    "mappings": mappings.make,
}

TABS = tuple((code, title, _MAKERS[code]) for code, title in wording.SETTINGS.items())
"""The parts of the page: code, title, maker."""


_READABLE = 880
_WIDE = 1280


def make(desk: Desk) -> QWidget:
    """The page; a Place names a part by its tab, such as "resource-groups"."""
    return SettingsPage(desk)


class SettingsPage(QWidget):
    """One tab a part; a part is made when it is first looked at."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        for _, title, _ in TABS:
            room = QWidget()
            room.setLayout(column())
            self.tabs.addTab(room, title)
        self.tabs.currentChanged.connect(self._fill)
        self._fill(0)
        edge = 3 * SPACE
        self.setLayout(column(heading("Settings"), SPACE, self.tabs, margins=(edge, edge, edge, SPACE)))
        self.layout().setStretch(2, 1)

    def arrive(self, place: Place) -> None:
        """Show the part that the place names."""
        codes = [code for code, _, _ in TABS]
        if place.tab in codes:
            self.tabs.setCurrentIndex(codes.index(place.tab))

    def _fill(self, number: int) -> None:
        room = self.tabs.widget(number).layout()
        if room.count() == 0:
            room.addWidget(scrolling(_placed(TABS[number][2](self.desk))))


def _placed(part: QWidget) -> QLayout:
    """A part at the upper left, as wide as reads well."""
    part.setMaximumWidth(_WIDE if isinstance(part, rights.Rights | Boxed) else _READABLE)
    return column(part, margins=(0, 3 * SPACE, SPACE, 2 * SPACE))
