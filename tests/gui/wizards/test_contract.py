"""Adding and editing license contracts with the wizard: every way to its end, back, cancelled, and failing."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWizard
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.wizards import contract as wizards
from gui.wizards.base import Finished, Progress
from gui.wizards.contract import ContractWizard
from gui.wizards.item_editor import ItemEditor, put
from store import contracts
from store.content import content_hash
from store.errors import Unfit
from tests import tour_contracts
from tests.estates import allocation, groups, item, of
from tests.gui.test_every_widget import check

TEXTS = Path(__file__).parent.parent.parent / "store" / "imports" / "texts"
ORDER = (TEXTS / "order-confirmation.txt").read_text(encoding="utf-8")
ROWS = """Product\tModel\tMetric\tQty\tFrom\tTo\tPrice
Microsoft 365 E3\tSubscription\tUser\t120\t01.12.2026\t30.11.2027\t399.60
SQL Server 2022 Standard\tperpetual\tcore\t16\t2026-12-01\t\t1500
"""


@pytest.fixture
def wizard(desk: Desk, qtbot: QtBot) -> ContractWizard:
    """The wizard for a new contract."""
    return shown(ContractWizard(desk, None), qtbot)


def shown(made: ContractWizard, qtbot: QtBot) -> ContractWizard:
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.open()
    return made


def step(wizard: ContractWizard) -> str:
    return wizard.currentPage().step


def press(wizard: ContractWizard, which: QWizard.WizardButton, qtbot: QtBot) -> None:
    qtbot.mouseClick(wizard.button(which), Qt.MouseButton.LeftButton)


def on(wizard: ContractWizard, qtbot: QtBot) -> None:
    press(wizard, QWizard.WizardButton.NextButton, qtbot)


def back(wizard: ContractWizard, qtbot: QtBot) -> None:
    press(wizard, QWizard.WizardButton.BackButton, qtbot)


def store(wizard: ContractWizard, qtbot: QtBot) -> None:
    """Press the button of the summary, and wait for the end of the work."""
    press(wizard, QWizard.WizardButton.CommitButton, qtbot)
    page = wizard.currentPage()
    assert isinstance(page, Progress)
    qtbot.waitUntil(lambda: isinstance(wizard.currentPage(), Finished) or page.again.isVisible())


def type_details(wizard: ContractWizard, **texts: str) -> None:
    for name, text in texts.items():
        wizard.details.fields[name].control.setText(text)


def type_item(editor: ItemEditor, **texts: str) -> None:
    for name, text in texts.items():
        put(editor.fields[name].control, text)


def add_item(wizard: ContractWizard, **texts: str) -> None:
    wizard.items.add()
    type_item(wizard.items.editor, **texts)
    wizard.items.editor.accept()


SERVERS = {
    "product": "Windows Server 2025 Standard",
    "model": "perpetual",
    "metric": "core",
    "quantity": "200",
    "license_start": "2026-12-01",
    "unit_price": "62,50",
}


def to_items(wizard: ContractWizard, qtbot: QtBot) -> None:
    on(wizard, qtbot)
    type_details(wizard, name="Server purchase", supplier="Sundvik Licensing AB")
    on(wizard, qtbot)
    assert step(wizard) == "Contract items"


# ---------------------------------------------------------------------------------------------------------- by hand
def test_a_contract_is_typed_stored_and_taken_back(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    before = content_hash(desk.book)
    to_items(wizard, qtbot)
    add_item(wizard, **SERVERS)
    on(wizard, qtbot)
    assert step(wizard) == "Summary"
    assert content_hash(desk.book) == before

    store(wizard, qtbot)

    assert wizard.finished_page.heading.text() == "Contract C-2026-001 was added"
    contract, items = contracts.read(desk.book, "C-2026-001")
    assert (contract.name, contract.supplier, contract.invoice_date.isoformat()) == (
        "Server purchase",
        "Sundvik Licensing AB",
        "2026-11-21",
    )
    assert [(one.product, one.quantity, str(one.unit_price)) for one in items] == [
        ("Windows Server 2025 Standard", 200, "62.50")
    ]
    assert desk.undo_text == "Add contract C-2026-001"
    desk.undo()
    assert content_hash(desk.book) == before


def test_the_steps_at_the_left_follow_the_way_that_is_chosen(wizard: ContractWizard) -> None:
    assert wizard.steps.names() == [
        *("Input selection", "Enter details", "Contract items", "Summary", "Progress", "Finished"),
    ]
    wizard.input.cards["text"].radio.setChecked(True)
    assert wizard.steps.names()[1:3] == ["Enter text", "Verify data"]
    wizard.input.cards["file"].radio.setChecked(True)
    assert wizard.steps.names()[1:3] == ["Upload", "Enter details"]


def test_a_card_is_chosen_by_a_click_anywhere_on_it(wizard: ContractWizard, qtbot: QtBot) -> None:
    qtbot.mouseClick(wizard.input.cards["text"], Qt.MouseButton.LeftButton)
    assert wizard.state.way == "text"


def test_what_is_missing_is_said_under_its_field_until_it_is_typed(wizard: ContractWizard, qtbot: QtBot) -> None:
    on(wizard, qtbot)
    type_details(wizard, contract="", invoice_date="", currency="e1")
    on(wizard, qtbot)
    said = {name: field.said() for name, field in wizard.details.fields.items() if field.said()}
    assert step(wizard) == "Enter details"
    assert said["name"] == "This is empty, and it is needed."
    assert set(said) == {"contract", "name", "invoice_date", "currency"}
    type_details(wizard, name="Servers")
    assert wizard.details.fields["name"].said() == ""


def test_a_number_that_is_taken_is_refused_at_once(wizard: ContractWizard, qtbot: QtBot) -> None:
    on(wizard, qtbot)
    type_details(wizard, name="Servers", contract=" MS-EA-2022 ")
    on(wizard, qtbot)
    assert "contract of this number" in wizard.details.fields["contract"].said()


def test_days_may_be_typed_as_one_is_used_to(wizard: ContractWizard, qtbot: QtBot) -> None:
    on(wizard, qtbot)
    type_details(wizard, name="Servers", invoice_date="3.12.2026", notice_date="31 August 2027")
    on(wizard, qtbot)
    assert wizard.state.contract["invoice_date"] == "2026-12-03"
    assert wizard.state.contract["notice_date"] == "2027-08-31"


def test_an_invoice_that_another_contract_has_too_is_pointed_out(wizard: ContractWizard, qtbot: QtBot) -> None:
    on(wizard, qtbot)
    type_details(wizard, name="Servers", supplier="Sundvik Licensing AB", invoice_number="SL-2022-10333")
    on(wizard, qtbot)
    back(wizard, qtbot)
    on(wizard, qtbot)
    assert "is this the same purchase?" in wizard.details.fields["invoice_number"].said()


def test_a_day_is_picked_from_a_calendar(wizard: ContractWizard, qtbot: QtBot) -> None:
    on(wizard, qtbot)
    line = wizard.details.fields["notice_date"].control
    type_details(wizard, notice_date="2027-08-01")
    qtbot.keyClick(line, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = line.menu.actions()[0].defaultWidget()
    calendar.clicked.emit(calendar.selectedDate().addDays(2))
    assert line.text() == "2027-08-03"


# ------------------------------------------------------------------------------------------------------------- items
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


# ----------------------------------------------------------------------------------------------------- text and file
def enter_text(wizard: ContractWizard, qtbot: QtBot, text: str = ORDER) -> None:
    wizard.input.cards["text"].radio.setChecked(True)
    on(wizard, qtbot)
    wizard.text.box.setPlainText(text)
    on(wizard, qtbot)


def verify(wizard: ContractWizard) -> None:
    for mark in wizard.details.checks.values():
        mark.setChecked(True)


def test_a_text_fills_the_fields_and_each_has_to_be_verified(wizard: ContractWizard, qtbot: QtBot) -> None:
    enter_text(wizard, qtbot)
    assert step(wizard) == "Verify data"
    assert wizard.details.fields["invoice_number"].control.text() == "SL-2026-10777"
    on(wizard, qtbot)
    assert step(wizard) == "Verify data"
    assert wizard.details.fields["supplier"].said() == "Compare this with the text, then press the mark beside it."
    verify(wizard)
    on(wizard, qtbot)
    assert step(wizard) == "Contract items"


def test_a_field_shows_its_place_in_the_text(wizard: ContractWizard, qtbot: QtBot) -> None:
    enter_text(wizard, qtbot)
    wizard.details.fields["supplier"].control.setFocus()
    qtbot.waitUntil(lambda: wizard.details.source.at == "supplier")
    present = wizard.details.source.extraSelections()[-1]
    assert present.cursor.selectedText() == "Sundvik Licensing AB"


def test_a_place_in_the_text_leads_to_its_field(wizard: ContractWizard, qtbot: QtBot) -> None:
    enter_text(wizard, qtbot)
    wizard.details.source.point("customer")
    at = wizard.details.source.cursorRect().center()
    qtbot.mouseClick(wizard.details.source.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(wizard.details.fields["customer"].control.hasFocus)


def test_places_are_right_behind_letters_of_two_units(wizard: ContractWizard, qtbot: QtBot) -> None:
    enter_text(wizard, qtbot, "😀😀 Supplier: Kestrel Software Ltd\n5 x Microsoft 365 E3")
    wizard.details.source.point("supplier")
    assert wizard.details.source.extraSelections()[-1].cursor.selectedText() == "Kestrel Software Ltd"


def test_a_value_that_is_typed_over_counts_as_verified_and_enter_verifies(wizard: ContractWizard, qtbot: QtBot) -> None:
    enter_text(wizard, qtbot)
    type_details(wizard, supplier="Sundvik AB")
    assert wizard.details.checks["supplier"].isChecked()
    qtbot.keyClick(wizard.details.fields["customer"].control, Qt.Key.Key_Return)
    assert wizard.details.checks["customer"].isChecked()
    assert step(wizard) == "Verify data"


def test_items_of_a_text_have_to_be_verified_too(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    enter_text(wizard, qtbot)
    verify(wizard)
    on(wizard, qtbot)
    wizard.items.choose(2)
    assert "Open the item to choose another one, or to add it" in wizard.items.notes.text()
    wizard.items.remove()
    on(wizard, qtbot)
    assert "Compare item 1 with the text" in wizard.items.said.text()
    wizard.items.table.setFocus()
    qtbot.keyClick(wizard.items.table, Qt.Key.Key_Space)
    qtbot.keyClick(wizard.items.table, Qt.Key.Key_Space)
    on(wizard, qtbot)
    store(wizard, qtbot)
    _, items = contracts.read(desk.book, "C-2026-001")
    assert [(one.product, one.quantity) for one in items] == [
        ("Windows Server 2025 Standard", 500),
        ("Microsoft 365 E3", 120),
    ]


def test_another_text_replaces_what_was_read_and_keeps_what_was_typed(wizard: ContractWizard, qtbot: QtBot) -> None:
    enter_text(wizard, qtbot)
    type_details(wizard, supplier="Typed Ltd")
    back(wizard, qtbot)
    wizard.text.box.setPlainText("Invoice no. 4711\n7 x Microsoft 365 E3")
    on(wizard, qtbot)
    assert wizard.details.fields["invoice_number"].control.text() == "4711"
    assert wizard.details.fields["supplier"].control.text() == "Typed Ltd"
    assert wizard.details.fields["customer"].control.text() == ""
    assert [one.texts["quantity"] for one in wizard.state.items] == ["7"]


def test_without_a_text_one_cannot_go_on(wizard: ContractWizard, qtbot: QtBot) -> None:
    wizard.input.cards["text"].radio.setChecked(True)
    on(wizard, qtbot)
    on(wizard, qtbot)
    assert step(wizard) == "Enter text"
    assert "There is no text yet" in wizard.text.field.said()


def test_a_table_fills_the_items(wizard: ContractWizard, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        "supplier,product,qty,start,model,metric,note\nKestrel,microsoft 365 e3,5,2026-12-01,subscription,user,x\n"
    )
    wizard.input.cards["file"].radio.setChecked(True)
    on(wizard, qtbot)
    on(wizard, qtbot)
    assert "Choose a file first" in wizard.file.said.text()
    wizard.file.zone.chosen.emit(path)
    assert "Columns left out: note" in wizard.file.zone.told.text()
    on(wizard, qtbot)
    assert step(wizard) == "Enter details"
    type_details(wizard, name="From a table")
    assert wizard.details.fields["supplier"].control.text() == "Kestrel"
    on(wizard, qtbot)
    assert wizard.state.items[0].texts["product"] == "Microsoft 365 E3"


def test_a_text_file_is_verified_like_a_text(wizard: ContractWizard, qtbot: QtBot) -> None:
    wizard.input.cards["file"].radio.setChecked(True)
    on(wizard, qtbot)
    wizard.file.take(TEXTS / "order-confirmation.txt")
    assert "8 fields of the contract and 3 items" in wizard.file.zone.told.text()
    on(wizard, qtbot)
    assert step(wizard) == "Verify data"
    assert wizard.details.pane.isVisible()


def test_a_file_that_cannot_be_read_says_what_to_do(wizard: ContractWizard, qtbot: QtBot, tmp_path: Path) -> None:
    wizard.input.cards["file"].radio.setChecked(True)
    on(wizard, qtbot)
    path = tmp_path / "order.pdf"
    path.write_bytes(b"%PDF-1.7")
    wizard.file.take(path)
    assert "PDF files are not read yet" in wizard.file.said.text()
    wizard.file.zone.ask()
    wizard.file.zone.dialog.fileSelected.emit(str(TEXTS / "order-confirmation.txt"))
    assert "The data was read" in wizard.file.said.text()
    wizard.file.zone.dialog.close()


# --------------------------------------------------------------------------------------------------- back and cancel
def test_going_back_keeps_everything_that_was_typed(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    add_item(wizard, **SERVERS)
    on(wizard, qtbot)
    for _ in range(3):
        back(wizard, qtbot)
    assert step(wizard) == "Input selection"
    on(wizard, qtbot)
    assert wizard.details.fields["name"].control.text() == "Server purchase"
    on(wizard, qtbot)
    assert len(wizard.state.items) == 1


def test_leaving_at_once_asks_nothing(wizard: ContractWizard, qtbot: QtBot) -> None:
    press(wizard, QWizard.WizardButton.CancelButton, qtbot)
    assert not wizard.isVisible()


def test_leaving_asks_when_something_was_typed(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    before = content_hash(desk.book)
    to_items(wizard, qtbot)
    press(wizard, QWizard.WizardButton.CancelButton, qtbot)
    assert wizard.isVisible()
    stay, leave = (button(wizard, words) for words in ("Go on typing", "Leave"))
    qtbot.mouseClick(stay, Qt.MouseButton.LeftButton)
    assert wizard.isVisible()
    wizard.close()
    leave = button(wizard, "Leave")
    qtbot.mouseClick(leave, Qt.MouseButton.LeftButton)
    assert not wizard.isVisible()
    assert content_hash(desk.book) == before


def button(wizard: ContractWizard, words: str) -> QPushButton:
    return next(one for one in wizard.asking.findChildren(QPushButton) if one.text().replace("&", "") == words)


def test_another_book_closes_the_wizard(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    desk.close()
    assert not wizard.isVisible()


# ---------------------------------------------------------------------------------------------------------- failing
def test_a_failure_is_told_and_keeps_what_was_typed(
    wizard: ContractWizard, desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content_hash(desk.book)
    to_items(wizard, qtbot)
    add_item(wizard, **SERVERS)
    on(wizard, qtbot)
    with monkeypatch.context() as broken:
        broken.setattr(contracts, "save_whole", _refuse)
        store(wizard, qtbot)
    assert wizard.progress.said.text() == "The disk is full."
    assert content_hash(desk.book) == before

    qtbot.mouseClick(wizard.progress.back, Qt.MouseButton.LeftButton)
    assert step(wizard) == "Summary"
    store(wizard, qtbot)
    assert isinstance(wizard.currentPage(), Finished)


def _refuse(*_: object, **__: object) -> None:
    raise Unfit("The disk is full.")


def test_a_fault_of_the_program_is_told_as_one_and_one_can_try_again(
    wizard: ContractWizard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_items(wizard, qtbot)
    on(wizard, qtbot)
    with monkeypatch.context() as broken:
        broken.setattr(contracts, "save_whole", lambda *_, **__: 1 // 0)
        store(wizard, qtbot)
    assert "a fault in the program" in wizard.progress.said.text()
    qtbot.mouseClick(wizard.progress.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(wizard.currentPage(), Finished))


def test_a_book_that_is_busy_says_so_and_one_can_try_again(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    on(wizard, qtbot)
    desk._writing = desk.work.run("Waiting", lambda _: None, lambda _: None)
    store(wizard, qtbot)
    assert "cannot be changed yet" in wizard.progress.said.text()
    desk._writing = None


# ------------------------------------------------------------------------------------------------------- finished, edit
def test_the_new_record_can_be_opened_from_the_last_page(wizard: ContractWizard, desk: Desk, qtbot: QtBot) -> None:
    desk.reaches.add("contract")
    to_items(wizard, qtbot)
    on(wizard, qtbot)
    store(wizard, qtbot)
    with qtbot.waitSignal(desk.asked) as asked:
        qtbot.mouseClick(wizard.finished_page.open_button, Qt.MouseButton.LeftButton)
    assert asked.args == [Place("contract", "C-2026-001")]
    assert not wizard.isVisible()


def test_the_last_page_is_left_without_a_question(wizard: ContractWizard, qtbot: QtBot) -> None:
    to_items(wizard, qtbot)
    on(wizard, qtbot)
    store(wizard, qtbot)
    wizard.reject()
    assert not wizard.isVisible()


def test_a_contract_is_edited_with_its_items_and_taken_back(desk: Desk, qtbot: QtBot) -> None:
    before = content_hash(desk.book)
    wizard = shown(ContractWizard(desk, None, "MS-EA-2022"), qtbot)
    assert wizard.details.fields["contract"].control.isReadOnly()
    type_details(wizard, name="Enterprise Agreement, corrected")
    on(wizard, qtbot)
    first = wizard.state.items[0]
    wizard.state.items[0] = replace(first, texts={**first.texts, "quantity": "60"})
    wizard.items.refresh()
    on(wizard, qtbot)
    store(wizard, qtbot)
    contract, items = contracts.read(desk.book, "MS-EA-2022")
    assert (contract.name, items[0].quantity) == ("Enterprise Agreement, corrected", 60)
    assert desk.undo_text == "Edit contract MS-EA-2022"
    desk.undo()
    assert content_hash(desk.book) == before


def test_removing_what_is_allocated_has_to_be_confirmed(desk_with: object, qtbot: QtBot) -> None:
    tables = of(
        item("1", "Office", 60),
        item("2", "Office", 40),
        resource_groups=groups("Plant"),
        user_groups=groups("Staff"),
        allocations=[allocation("Office", "Plant", "Staff", 80)],
    )
    desk = desk_with(tables)
    wizard = shown(ContractWizard(desk, None, "C1"), qtbot)
    on(wizard, qtbot)
    wizard.items.choose(0)
    wizard.items.remove()
    on(wizard, qtbot)
    press(wizard, QWizard.WizardButton.CommitButton, qtbot)
    assert step(wizard) == "Summary"
    assert "tick that it shall be stored" in wizard.summary.said.text()
    wizard.summary.confirm.setChecked(True)
    store(wizard, qtbot)
    assert [one.item for one in contracts.read(desk.book, "C1")[1]] == ["2"]


def test_the_window_opens_the_wizards(window: object, qtbot: QtBot) -> None:
    made = wizards.open_add(window.desk, window, Place("add-contract", "text"))
    assert made.isVisible()
    assert made.state.way == "text"
    made.reject()
    made = wizards.open_edit(window.desk, window, Place("edit-contract", "MS-EA-2022"))
    assert made.windowTitle() == "Edit contract MS-EA-2022"
    made.reject()
    told = wizards.open_edit(window.desk, window, Place("edit-contract", "nothing"))
    assert told.text() == "This contract cannot be edited"
    told.close()


def test_a_book_that_is_only_read_opens_no_wizard(window: object) -> None:
    desk = window.desk
    desk.open(desk.book.path, read_only=True)
    for opener in (wizards.open_add, wizards.open_edit):
        told = opener(desk, window, Place("x"))
        assert "reading only" in told.text()
        told.close()


def test_every_control_of_every_step_has_a_name_and_every_label_shows_plain_text(
    window: object, desk: Desk, qtbot: QtBot
) -> None:
    for _, show in tour_contracts.SCREENS[:-1]:
        check(show(window))
