"""Every screen of the request portal, for the tour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QScrollArea, QWidget

from gui import wording
from gui.desk import Place
from gui.dialogs import authorization, credit
from gui.main_window import MainWindow
from gui.tables.overview import OverviewPage
from gui.wizards.request import RequestWizard
from gui.wizards.request_entitlements import WishPart
from store.portal import titles
from tests import portal
from tests.portal import ANN, BEN, READER, SA, SUITE, SUPPORT, VISIO

Shown = Callable[[MainWindow], QWidget]


def _filled(window: MainWindow) -> None:
    """Titles, what Ann has, and what was asked for, once."""
    desk = window.desk
    if not titles.exists(desk.book, SUITE):
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


def _page(code: str, key: str = "", tab: str = "", *, some: bool = False) -> Shown:
    """A page or record of the filled portal; `some` selects its first row."""

    def show(window: MainWindow) -> QWidget:
        _filled(window)
        window.desk.go(Place(code, key, tab))
        page = window.stack.currentWidget()
        if some and isinstance(page, OverviewPage):
            page.ask(filter="all")
            page.select(page.model.key_at(0))
        return window

    return show


def _asked(code: str, search: str) -> Shown:
    """An overview with a search that finds nothing."""

    def show(window: MainWindow) -> QWidget:
        _page(code)(window)
        window.stack.currentWidget().search.setText(search)
        return window

    return show


def _dialog(code: str, key: str = "", tab: str = "") -> Shown:
    """A dialog that a place names."""

    def show(window: MainWindow) -> QWidget:
        _filled(window)
        window.desk.go(Place(code, key, tab))
        return window.findChildren(QDialog)[-1]

    return show


def _denied(window: MainWindow) -> QWidget:
    """A denial without a reason."""
    dialog = _dialog("decide-request", "REQ-009")(window)
    dialog.deny_button.click()
    return dialog


def _refused(window: MainWindow) -> QWidget:
    """A title that there is already."""
    made = _dialog("add-title")(window)
    made.fields["Name"].setText(SUITE)
    made.save_button.click()
    return made


def _give_back(window: MainWindow) -> QWidget:
    """A charge that is given back."""
    return credit.open_(window.desk, window, "R-2026-003", "2", "120.00 EUR")


def _record_dialog(button: str) -> Shown:
    """What a button of an authorization opens."""

    def show(window: MainWindow) -> QWidget:
        _filled(window)
        run = {"end": authorization.end, "enter": authorization.enter}[button]
        return run(window.desk, window, "A-1")

    return show


def _home(window: MainWindow) -> QWidget:
    """The lower part of Home, where requests stand."""
    _page("home")(window)
    page = window.stack.currentWidget()
    QTimer.singleShot(200, page, lambda: page.findChild(QScrollArea).ensureWidgetVisible(page.portal))
    return window


PAGES: Sequence[tuple[str, Shown]] = [
    *((code, _page(code)) for code in wording.REQUEST_PAGES),
    *((f"{code}-chosen", _page(code, some=True)) for code in ("authorizations", "requests", "approvals")),
    ("home-requests", _home),
    ("titles-nothing-found", _asked("titles", "nothing like it")),
    *((f"title-{tab}", _page("title", "Office 2021", tab)) for tab in ("details", "history")),
    *((f"definition-{tab}", _page("definition", SA, tab)) for tab in ("details", "history", "why")),
    *(
        (f"authorization-{tab}", _page("authorization", "A-3", tab))
        for tab in ("details", "timeline", "history", "why")
    ),
    ("authorization-versions", _page("authorization", "AU-1001")),
    ("authorization-many-periods", _page("authorization", "AU-1007", "timeline")),
    *((f"request-{tab}", _page("request", "R-2026-003", tab)) for tab in ("details", "history", "why")),
    ("request-refused", _page("request", "REQ-009")),
    ("request-own", _page("request", "R-2026-001")),
    ("request-gone", _page("request", "Nowhere")),
    ("dialog-approval", _dialog("decide-request", "R-2026-002")),
    ("dialog-approval-own", _dialog("decide-request", "R-2026-001")),
    ("dialog-approval-denied", _denied),
    ("dialog-title", _dialog("edit-title", SUITE)),
    ("dialog-title-refused", _refused),
    ("dialog-definition", _dialog("edit-definition", SA)),
    ("dialog-definition-new", _dialog("add-definition", VISIO)),
    ("dialog-authorization", _dialog("add-authorization", VISIO)),
    ("dialog-authorization-end", _record_dialog("end")),
    ("dialog-authorization-enter", _record_dialog("enter")),
    ("dialog-credit", _give_back),
]

SCREENS: Sequence[tuple[str, Shown]] = [
    ("wizard-request-0", _holder),
    ("wizard-request-1", _titles),
    ("wizard-request-1-nothing", _nothing_ticked),
    ("wizard-request-2", _entitlements),
    ("wizard-request-2-wrong", _forced),
    ("wizard-request-3", _preview),
    ("wizard-request-4", _ends(0)),
    ("wizard-request-6", _ends(1)),
    *PAGES,
]
"""Every screen by the name of its picture."""
