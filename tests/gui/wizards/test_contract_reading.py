"""The wizard fills a contract from a text or a file, and everything read has to be verified."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.wizards.contract import ContractWizard
from store import contracts
from tests.gui.wizards.contracts import back, on, step, store, type_details

TEXTS = Path(__file__).parent.parent.parent / "store" / "imports" / "texts"
ORDER = (TEXTS / "order-confirmation.txt").read_text(encoding="utf-8")


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
    path = tmp_path / "order.docx"
    path.write_bytes(b"PK")
    wizard.file.take(path)
    assert "documents of word processors are not read" in wizard.file.said.text()
    wizard.file.zone.ask()
    wizard.file.zone.dialog.fileSelected.emit(str(TEXTS / "order-confirmation.txt"))
    assert "The data was read" in wizard.file.said.text()
    wizard.file.zone.dialog.close()
