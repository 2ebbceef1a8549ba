"""Every screen of the request portal, for the tour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from gui.desk import Place
from gui.main_window import MainWindow
from gui.wizards.request import RequestWizard
from gui.wizards.request_entitlements import WishPart
from tests import portal
from tests.portal import ANN, BEN, READER, SA, SUITE, SUPPORT, VISIO

Shown = Callable[[MainWindow], QWidget]


def _filled(window: MainWindow) -> None:
    """Titles, what Ann has, and what was asked for, once."""
    desk = window.desk
    if not desk.book.one("SELECT 1 FROM titles"):
        desk.do("Offer", portal.fill)


def _wizard(window: MainWindow, holder: str, *titles: str) -> RequestWizard:
    _filled(window)
    window.desk.go(Place("add-request", holder))
    wizard = window.findChildren(RequestWizard)[-1]
    wizard.next()
    for title in titles:
        wizard.state.choose(title, chosen=True)
    return wizard


def _wish(wizard: RequestWizard, name: str) -> WishPart:
    part = next(one for card in wizard.entitlements.cards for one in card.wishes if one.offer.definition == name)
    part.box.setChecked(True)
    return part


def _holder(window: MainWindow) -> QWidget:
    wizard = _wizard(window, ANN)
    wizard.back()
    return wizard


def _titles(window: MainWindow) -> QWidget:
    wizard = _wizard(window, ANN, SUITE, VISIO)
    wizard.titles.model.refresh()
    return wizard


def _nothing_ticked(window: MainWindow) -> QWidget:
    wizard = _wizard(window, BEN)
    wizard.next()
    return wizard


def _entitlements(window: MainWindow) -> QWidget:
    wizard = _wizard(window, ANN, SUITE, VISIO)
    wizard.next()
    _wish(wizard, SA)
    wizard.entitlements.cards[0].show_hidden()
    return wizard


def _forced(window: MainWindow) -> QWidget:
    """A forced one for somebody who has nothing, and a day that is none."""
    wizard = _wizard(window, BEN, SUITE, READER)
    wizard.next()
    _wish(wizard, SA).end.control.setText("someday")
    wizard.next()
    return wizard


def _preview(window: MainWindow) -> QWidget:
    """What takes something away, and what stays ended."""
    wizard = _wizard(window, ANN, SUITE, READER)
    wizard.next()
    part = _wish(wizard, SA)
    part.quantity.control.setValue(3)
    part.start.control.setText("2026-12-24")
    part.end.control.setText("2026-12-30")
    _wish(wizard, SUPPORT)
    wizard.next()
    wizard.next()
    return wizard


def _ends(number: int) -> Shown:
    """The last steps of a request of Ben's: 0 the summary, 2 the last page."""

    def show(window: MainWindow) -> QWidget:
        wizard = _wizard(window, BEN, SUITE, READER)
        wizard.next()
        _wish(wizard, SA)
        for _ in range(2 + bool(number)):
            wizard.next()
        return wizard

    return show


SCREENS: Sequence[tuple[str, Shown]] = [
    ("wizard-request-0", _holder),
    ("wizard-request-1", _titles),
    ("wizard-request-1-nothing", _nothing_ticked),
    ("wizard-request-2", _entitlements),
    ("wizard-request-2-wrong", _forced),
    ("wizard-request-3", _preview),
    ("wizard-request-4", _ends(0)),
    ("wizard-request-6", _ends(1)),
]
"""Every screen by the name of its picture."""
