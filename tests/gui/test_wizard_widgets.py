"""Every control of the wizards for events and entitlements has a name, every label shows plain text."""

import pytest
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.dialogs.compliance import ComplianceDialog
from gui.main_window import MainWindow
from store import names
from store.groups import RESOURCE_GROUPS, USER_GROUPS
from tests.gui.test_every_widget import check
from tests.gui.walking import opened, to_the_end, to_the_summary

KEY = "Windows Server 2025 Standard|perpetual|core"
MARKUP = "<b>bold</b> & <img src=x>"


@pytest.mark.parametrize("place", [Place("add-event"), Place("edit-entitlement", KEY), Place("add-entitlement")])
def test_the_pages_of_a_wizard(window: MainWindow, desk: Desk, qtbot: QtBot, place: Place) -> None:
    wizard = opened(window, place)
    check(wizard)
    if place.page == "add-event":
        wizard.details.record.choose(desk.book.value("SELECT contract FROM contracts LIMIT 1"))
        wizard.details.name.control.setText(MARKUP)
    elif place.page == "edit-entitlement":
        wizard.allocation.add()
        model = wizard.allocation.model
        for column, value in enumerate((MARKUP, MARKUP, 1)):
            model.setData(model.index(len(model.lines) - 1, column), value)
    else:
        wizard.license.record.setText(MARKUP)
        wizard.responsibility.group.control.setText(MARKUP)
    to_the_summary(wizard)
    check(wizard)
    check(to_the_end(wizard, qtbot))
    if place.page == "edit-entitlement":
        assert MARKUP in names.listed(desk.book, RESOURCE_GROUPS)
        assert MARKUP in names.listed(desk.book, USER_GROUPS)


def test_the_window_for_typed_figures(window: MainWindow, desk: Desk) -> None:
    desk.go(Place("add-compliance", KEY))
    dialog = window.findChildren(ComplianceDialog)[-1]
    dialog.override.setChecked(True)
    check(dialog)
