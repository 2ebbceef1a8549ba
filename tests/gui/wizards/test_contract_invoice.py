"""An invoice in a contract: from a file that is dropped, read aside, with every value marked where it stands."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.main_window import MainWindow
from gui.wizards.contract import ContractWizard
from tests import invoices


def dropped(window: MainWindow, path: Path, qtbot: QtBot) -> ContractWizard:
    window.take(path)
    (wizard,) = window.findChildren(ContractWizard)
    qtbot.waitUntil(lambda: wizard.file.job is None, timeout=60_000)
    return wizard


@pytest.fixture
def written(tmp_path: Path):
    def write(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def test_a_dropped_invoice_opens_the_wizard_with_what_it_says(window: MainWindow, written, qtbot: QtBot) -> None:
    wizard = dropped(window, written("invoice.pdf", invoices.table()), qtbot)
    assert wizard.currentPage() is wizard.file
    assert wizard.file.said.text() == "The data was read. Look at it in the next steps."
    assert wizard.state.contract["invoice_number"] == "SL-2026-10666"
    assert [item.texts["quantity"] for item in wizard.state.items] == ["500", "16", "3"]
    assert not any(item.checked for item in wizard.state.items)
    wizard.reject()


def test_what_cannot_be_read_is_told_and_another_file_can_be_chosen(
    window: MainWindow, desk: Desk, written, qtbot: QtBot
) -> None:
    wizard = dropped(window, written("scan.pdf", invoices.pdf([])), qtbot)
    assert "it is a picture of a text, or empty" in wizard.file.said.text()
    wizard.file.take(written("good.pdf", invoices.pairs()))
    qtbot.waitUntil(lambda: wizard.file.job is None, timeout=60_000)
    assert wizard.state.contract["invoice_number"] == "INV-9"
    wizard.reject()


def test_a_mail_tells_what_of_it_could_not_be_read(window: MainWindow, written, qtbot: QtBot) -> None:
    mail = invoices.mail(("scan.pdf", invoices.pdf([])), ("good.pdf", invoices.table()))
    wizard = dropped(window, written("mail.eml", mail.as_bytes()), qtbot)
    assert wizard.file.said.text().startswith("Not all of it could be read. Attachment scan.pdf: it has no text")
    assert len(wizard.state.items) == 3
    wizard.reject()
