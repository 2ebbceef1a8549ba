"""The items of a contract in the wizard: typed, pasted from a spreadsheet, duplicated, removed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.wizards.contract import ContractWizard
from store import contracts
from store.content import content_hash
from tests.gui.wizards.contracts import SERVERS, add_item, back, on, step, store, to_items, type_item

ROWS = """Product\tModel\tMetric\tQty\tFrom\tTo\tPrice
Microsoft 365 E3\tSubscription\tUser\t120\t01.12.2026\t30.11.2027\t399.60
SQL Server 2022 Standard\tperpetual\tcore\t16\t2026-12-01\t\t1500
"""


def test_an_item_shows_live_what_it_feeds(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    wizard.items.add()
    editor = wizard.items.editor
    editor.judge()
    assert "Shown as soon as everything needed is there" in editor.notes.text()
    type_item(editor, **SERVERS)
    editor.judge()
    assert "240 → 440" in editor.notes.text()
    assert "counts from 2026-12-01 on" in editor.notes.text()
    type_item(editor, license_end="2027-11-30")
    editor.judge()
    assert "A perpetual license usually has no end" in editor.notes.text()


def test_a_wrong_item_is_not_taken_and_says_why(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    wizard.items.add()
    editor = wizard.items.editor
    type_item(editor, **SERVERS, license_end="2025-01-01")
    type_item(editor, quantity="some")
    editor.accept()
    assert editor.isVisible()
    assert "is not a whole number" in editor.fields["quantity"].said()
    type_item(editor, quantity="5")
    editor.accept()
    assert "lies before the license start" in editor.fields["license_end"].said()
    editor.reject()
    assert wizard.state.items == []


def test_a_quantity_can_be_unlimited(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    wizard.items.add()
    type_item(wizard.items.editor, **SERVERS)
    wizard.items.editor.unlimited.setChecked(True)
    wizard.items.editor.accept()
    on(wizard, qtbot)
    store(wizard, qtbot)
    assert contracts.read(desk.book, "C-2026-001")[1][0].quantity is None


def test_unticking_unlimited_lets_one_type_again(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    wizard.items.add()
    editor = wizard.items.editor
    editor.unlimited.setChecked(True)
    editor.unlimited.setChecked(False)
    assert editor.fields["quantity"].control.isEnabled()
    assert editor.fields["quantity"].control.text() == ""
    editor.reject()


def test_a_product_that_the_catalogue_knows_is_added_with_what_it_knows(
    wizard: ContractWizard, desk: Desk, qtbot: QtBot
) -> None:
    before = content_hash(desk.book)
    to_items(wizard, qtbot)
    add_item(wizard, **{**SERVERS, "product": "SQL Server 2019 Web"})
    on(wizard, qtbot)
    store(wizard, qtbot)
    found = desk.book.one("SELECT vendor, version, edition FROM products WHERE product = 'SQL Server 2019 Web'")
    assert found == ("Microsoft", "2019", "Web")
    desk.undo()
    assert content_hash(desk.book) == before


def test_a_product_that_nobody_knows_has_to_be_ticked(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    wizard.items.add()
    editor = wizard.items.editor
    type_item(editor, **{**SERVERS, "product": "Foo Suite 3"})
    editor.accept()
    assert "This product is not in the book" in editor.fields["product"].said()
    editor.product.add.setChecked(True)
    editor.product.parts["vendor"].control.setText("Foo Ltd")
    editor.judge()
    assert "is added to the book" in editor.notes.text()
    editor.accept()
    on(wizard, qtbot)
    store(wizard, qtbot)
    assert desk.book.one("SELECT vendor FROM products WHERE product = 'Foo Suite 3'") == ("Foo Ltd",)


def test_a_name_that_is_nearly_one_of_the_book_can_be_taken_from_it(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    wizard.items.add()
    editor = wizard.items.editor
    type_item(editor, product="windows server 2025  standard")
    qtbot.mouseClick(editor.product.near, Qt.MouseButton.LeftButton)
    assert editor.fields["product"].control.text() == "Windows Server 2025 Standard"
    assert not editor.product.isVisible()
    editor.reject()


def test_the_keys_of_the_page_work_before_there_is_an_item(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    qtbot.waitUntil(wizard.items.buttons["add"].hasFocus)
    QGuiApplication.clipboard().setText(ROWS)
    qtbot.keyClick(wizard, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(wizard.state.items) == 2


def test_who_comes_back_to_items_has_the_keyboard_in_their_table(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    add_item(wizard, **SERVERS)
    on(wizard, qtbot)
    back(wizard, qtbot)
    back(wizard, qtbot)
    on(wizard, qtbot)
    qtbot.waitUntil(lambda: wizard.focusWidget() is wizard.items.table)


def test_rows_of_a_spreadsheet_are_pasted_and_wrong_cells_marked(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    QGuiApplication.clipboard().setText(ROWS.replace("\t16\t", "\tmany\t"))
    wizard.items.paste()
    assert "2 items pasted. 1 of them cannot be taken as they are" in wizard.items.said.text()
    column = next(
        c
        for c in range(wizard.items.model.columnCount())
        if wizard.items.model.headerData(c, Qt.Orientation.Horizontal) == "Quantity"
    )
    cell = wizard.items.model.index(1, column)
    assert "is not a whole number" in cell.data(Qt.ItemDataRole.ToolTipRole)
    on(wizard, qtbot)
    assert step(wizard) == "Contract items"
    assert "Correct what is marked in item 2" in wizard.items.said.text()

    wizard.items.choose(1)
    wizard.items.edit()
    type_item(wizard.items.editor, quantity="16")
    wizard.items.editor.accept()
    on(wizard, qtbot)
    assert step(wizard) == "Summary"


def test_pasting_nothing_says_so(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    QGuiApplication.clipboard().setText(" \n")
    wizard.items.paste()
    assert "nothing on the clipboard" in wizard.items.said.text()


def test_items_are_duplicated_and_removed_by_keyboard(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    add_item(wizard, **SERVERS)
    wizard.items.table.setFocus()
    qtbot.keyClick(wizard.items.table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert [one.texts["item"] for one in wizard.state.items] == ["1", "2"]
    qtbot.keyClick(wizard.items.table, Qt.Key.Key_Delete)
    assert [one.texts["item"] for one in wizard.state.items] == ["1"]


def test_two_items_of_one_number_are_refused(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    add_item(wizard, **SERVERS)
    wizard.items.add()
    type_item(wizard.items.editor, **SERVERS, item="1")
    wizard.items.editor.accept()
    assert "another item “1”" in wizard.items.editor.fields["item"].said()
    wizard.items.editor.reject()
