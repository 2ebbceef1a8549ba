"""Adding and editing license contracts with the wizard: every way to its end, back, cancelled, and failing."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWizard
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.wizards import contract as wizards
from gui.wizards.base import Finished
from gui.wizards.contract import ContractWizard
from store import contracts
from store.content import content_hash
from store.errors import Unfit
from tests import tour_contracts
from tests.estates import allocation, groups, item, of
from tests.gui.test_every_widget import check
from tests.gui.wizards.contracts import (
    SERVERS,
    add_item,
    back,
    on,
    press,
    shown,
    step,
    store,
    to_items,
    type_details,
)


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


ENDS = "3 missing no-items wrong-item new-product text-3 file-read file-refused edit-2".split()
"""The screens of the tour at which its ways through the wizard end; those before are still in the wizard."""


def test_every_control_of_every_step_has_a_name_and_every_label_shows_plain_text(
    window: object, desk: Desk, qtbot: QtBot
) -> None:
    screens = dict(tour_contracts.SCREENS)
    for end in ENDS:
        check(screens[f"wizard-contract-{end}"](window))
        for wizard in window.findChildren(ContractWizard):
            wizard.done(0)
