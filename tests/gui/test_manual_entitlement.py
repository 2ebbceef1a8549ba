"""The wizard for licenses that no contract is known for."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QDate

from gui.desk import Place
from gui.pages.record_parts.page import TABS
from gui.widgets.listing import Listing
from store import entitlements, holdings
from store.audit import content_hash
from store.records import EntitlementKey
from tests.gui.conftest import settled
from tests.gui.pages.records import texts
from tests.gui.walking import opened, to_a_failure, to_the_end, to_the_summary

HERE = Place("add-entitlement")
PLOTTER = EntitlementKey("Legacy Plotter 3", "subscription", "device")


def filled(wizard):
    page = wizard.license
    page.record.setText("Legacy Plotter 3")
    page.model.control.setCurrentIndex(page.model.control.findData("subscription"))
    page.measure.control.setCurrentIndex(page.measure.control.findData("device"))
    page.quantity.control.setValue(12)
    page.price.control.setText("1,120.50")
    wizard.term.open_end.setChecked(False)
    wizard.term.end.control.setDate(QDate(2027, 6, 30))
    wizard.responsibility.group.control.setText("Plotter Team")
    return wizard


def test_licenses_without_a_contract_are_added_with_their_product_and_group(window, desk, qtbot):
    before = content_hash(desk.book)
    wizard = filled(opened(window, HERE))
    assert wizard.license.product.said() == "“Legacy Plotter 3” is a new product: it is made together with this."
    to_the_summary(wizard)
    told = wizard.summary.summary.shown()
    assert (told["Quantity"], told["Unit price"], told["License end"]) == ("12", "1,120.50 EUR", "2027-06-30")
    finished = to_the_end(wizard, qtbot)
    assert finished.details.text() == "12 subscription, from 2026-11-21, until 2027-06-30."
    held = holdings.of(desk.book, PLOTTER)
    assert (held.quantity, held.managed_by) == (12, "Plotter Team")
    assert entitlements.is_manual(desk.book, PLOTTER)
    desk.undo()
    assert content_hash(desk.book) == before


def test_unlimited_licenses_without_end(window, desk, qtbot):
    wizard = opened(window, Place("add-entitlement", "Windows Server 2025 Standard"))
    assert wizard.license.record.key() == "Windows Server 2025 Standard"
    wizard.license.model.control.setCurrentIndex(wizard.license.model.control.findData("subscription"))
    wizard.license.measure.control.setCurrentIndex(wizard.license.measure.control.findData("user"))
    wizard.license.unlimited.setChecked(True)
    assert wizard.draft().unit_price is None
    wizard.next()
    assert wizard.term.said.text() == "A subscription usually has an end."
    assert to_the_end(wizard, qtbot).details.text() == "Unlimited subscription, from 2026-11-21, without end."


@pytest.mark.parametrize(("price", "fits"), [("12.5", True), ("abc", False), ("-1", False), ("", True)])
def test_a_price_is_an_amount(price, fits, window):
    wizard = filled(opened(window, HERE))
    wizard.license.price.control.setText(price)
    wizard.next()
    assert (wizard.license.price.said() == "") == fits
    assert wizard.draft().unit_price == (Decimal(price) if fits and price else wizard.draft().unit_price)


def test_what_is_missing_or_impossible_is_said_where_it_is_typed(window):
    wizard = opened(window, HERE)
    wizard.license.currency.control.setText("E")
    wizard.next()
    assert wizard.license.product.said() == "Name the product."
    assert wizard.license.currency.said() == "Type three letters, such as EUR."
    wizard = filled(opened(window, HERE))
    wizard.term.end.control.setDate(QDate(2020, 1, 1))
    wizard.next()
    wizard.next()
    assert wizard.term.end.said() == "The end lies before the start."


def test_what_a_contract_feeds_is_not_added_by_hand(window):
    wizard = filled(opened(window, HERE))
    wizard.license.record.choose("Windows Server 2025 Standard")
    wizard.license.model.control.setCurrentIndex(wizard.license.model.control.findData("perpetual"))
    wizard.license.measure.control.setCurrentIndex(wizard.license.measure.control.findData("core"))
    wizard.next()
    assert wizard.license.product.said().startswith("A contract feeds this entitlement already")


def test_everything_typed_is_kept_when_storing_fails_and_leaving_asks(window, desk, qtbot):
    before = content_hash(desk.book)
    wizard = filled(opened(window, HERE))
    to_the_summary(wizard)
    wizard.new_group = False
    assert "Plotter Team" in to_a_failure(wizard, qtbot)
    assert content_hash(desk.book) == before
    wizard.progress.back.click()
    wizard.back()
    assert wizard.responsibility.responsible() == "Plotter Team"
    wizard.reject()
    assert wizard.asking is not None


def test_nowhere_is_it_called_by_its_key(window, desk, qtbot):
    to_the_end(filled(opened(window, HERE)), qtbot).open_button.click()
    page = window.stack.currentWidget()
    told: list[str] = []
    for tab in TABS:
        desk.go(Place("entitlement", str(PLOTTER), tab))
        settled(desk, qtbot)
        lines = [line for listing in page.findChildren(Listing) for line in listing.listed.cells]
        told += [cell.text for line in lines for cell in line] + texts(page)
    assert "Item manual-1, 1 added" in told
    assert [words for words in told if "|" in words] == []
