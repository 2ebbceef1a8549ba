"""The wizard for contracts in the hands of a user: on and back, what is typed, and the end of the work."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWizard
from pytestqt.qtbot import QtBot

from gui.wizards.base import Finished, Progress
from gui.wizards.contract import ContractWizard
from gui.wizards.item_editor import ItemEditor, put


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
