"""The import wizard: to its end, back, cancelled, and failing; nothing changes before Progress, one undo takes all."""

import csv
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox, QTreeWidget, QTreeWidgetItem, QWizard
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.wizards import import_, import_preview
from gui.wizards.import_ import ImportWizard
from store import undo
from store.content import content_hash
from store.errors import BookFault
from tests import estates
from tests.gui.conftest import SAMPLE, settled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample estate with one vendor and ten quantities changed, and one product more."""
    made = tmp_path / "estate 2027"
    shutil.copytree(SAMPLE, made)
    _edit(made / "contract_items.csv", lambda rows: [row | {"quantity": "77"} for row in rows[:10]] + rows[10:])
    _edit(
        made / "products.csv",
        lambda rows: [
            rows[0] | {"vendor": "<b>M&S</b>"},
            *rows[1:],
            dict.fromkeys(rows[0], "") | {"product": "New One"},
        ],
    )
    return made


def _edit(path: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        rows = change(list(csv.DictReader(file)))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def wizard(window: MainWindow, desk: Desk, qtbot: QtBot) -> ImportWizard:
    made = import_.open_(desk, window)
    with qtbot.waitExposed(made):
        made.show()
    return made


def press(wizard: ImportWizard, role: QWizard.WizardButton, qtbot: QtBot) -> None:
    pressed = wizard.button(role)
    assert pressed.isEnabled()
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


def go_on(wizard: ImportWizard, qtbot: QtBot) -> None:
    """Press Next, and wait for what the page has to find out."""
    press(wizard, QWizard.WizardButton.NextButton, qtbot)
    settled(wizard.desk, qtbot)


def to_preview(wizard: ImportWizard, folder: Path, qtbot: QtBot) -> None:
    wizard.file.control.setText(str(folder))
    go_on(wizard, qtbot)
    go_on(wizard, qtbot)
    assert wizard.currentPage() is wizard.preview


def cells(tree: QTreeWidget) -> list[list[str]]:
    return [_cells(tree.topLevelItem(number)) for number in range(tree.topLevelItemCount())]


def _cells(item: QTreeWidgetItem) -> list[str]:
    return [item.text(place) for place in range(item.columnCount())]


def everything(item: QTreeWidgetItem) -> list[Any]:
    return [_cells(item), [everything(item.child(number)) for number in range(item.childCount())]]


# -------------------------------------------------------------------------------------------------------------- to the end
def test_an_import_from_file_to_finished_and_one_undo_for_all(
    wizard: ImportWizard, desk: Desk, folder: Path, qtbot: QtBot
) -> None:
    before = content_hash(desk.book)
    to_preview(wizard, folder, qtbot)
    assert content_hash(desk.book) == before, "a preview changes nothing"
    assert undo.next_back(desk.book) is None
    press(wizard, QWizard.WizardButton.CommitButton, qtbot)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.finished_)
    assert wizard.finished_.heading.text() == "estate 2027 is imported"
    assert "Contract items: 10 changed, 172 unchanged" in wizard.finished_.details.text()
    assert desk.undo_text == "Import estate 2027"
    wizard.finished_.open_button.click()
    assert not wizard.isVisible()
    after = content_hash(desk.book)
    assert after != before
    desk.undo()
    qtbot.waitUntil(lambda: not desk.busy)
    assert content_hash(desk.book) == before
    desk.redo()
    qtbot.waitUntil(lambda: not desk.busy)
    assert content_hash(desk.book) == after
    settled(desk, qtbot)


def test_the_steps_stand_at_the_left(wizard: ImportWizard) -> None:
    assert wizard.steps.names() == ["File", "Recognized", "Preview", "Progress", "Finished"]


# -------------------------------------------------------------------------------------------------------------- the pages
def test_a_path_is_needed_and_must_exist(wizard: ImportWizard, qtbot: QtBot) -> None:
    press(wizard, QWizard.WizardButton.NextButton, qtbot)
    assert wizard.file.field.said() == "Choose a file or a folder."
    wizard.file.control.setText("/no/such/place")
    press(wizard, QWizard.WizardButton.NextButton, qtbot)
    assert wizard.file.field.said().startswith("There is no such file or folder.")
    assert wizard.currentPage() is wizard.file


def test_files_and_folders_are_chosen_in_the_dialogs_of_the_desktop(wizard: ImportWizard, folder: Path) -> None:
    for choose in (wizard.file.choose_file, wizard.file.choose_folder):
        choose()
        assert wizard.file.dialog is not None
        wizard.file.dialog.fileSelected.emit(str(folder))
        assert wizard.file.control.text() == str(folder)
        wizard.file.dialog.close()


def test_what_is_dropped_is_taken(wizard: ImportWizard, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    nothing = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)
    wizard.file.dropEvent(QDropEvent(QPoint(5, 5).toPointF(), Qt.DropAction.CopyAction, data, *nothing))
    assert wizard.file.control.text() == str(folder)


def test_a_path_dropped_on_the_window_opens_the_wizard_with_it(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.take(folder)
    opened = window.findChild(ImportWizard)
    assert opened is not None
    assert opened.file.control.text() == str(folder)
    opened.reject()


def test_the_recognized_tables_are_shown_with_their_columns_and_what_is_ignored(
    wizard: ImportWizard, folder: Path, qtbot: QtBot
) -> None:
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    wizard.file.control.setText(str(folder))
    go_on(wizard, qtbot)
    page = wizard.recognized
    tables = len(list(folder.glob("*.csv"))) - 1
    known = "Recognized by the names of its files."
    assert page.format.text() == f"estate 2027 is the import template of Elpis, with {tables} tables. {known}"
    assert cells(page.tree)[0] == ["Products", "products.csv"]
    assert [_cells(page.tree.topLevelItem(0).child(n)) for n in range(2)] == [
        ["Product", "product"],
        ["Vendor", "vendor"],
    ]
    assert cells(page.findings)[0][1:] == [
        "notes.csv",
        "the file is not named after a table of the template and was ignored",
    ]


def test_the_user_s_own_columns_stand_beside_ours(wizard: ImportWizard, qtbot: QtBot) -> None:
    wizard.file.control.setText(str(Path(__file__).parents[2] / "data" / "opensam"))
    go_on(wizard, qtbot)
    page = wizard.recognized
    assert page.format.text() == (
        "opensam is a folder of OpenSAM, with 6 tables. Recognized by the columns of licenses.csv or installations.csv."
    )
    assert [_cells(page.tree.topLevelItem(0).child(n)) for n in range(1)] == [["Product", "software"]]


def test_what_cannot_be_read_stops_at_once(wizard: ImportWizard, tmp_path: Path, qtbot: QtBot) -> None:
    wrong = tmp_path / "letter.txt"
    wrong.write_text("hello", encoding="utf-8")
    wizard.file.control.setText(str(wrong))
    go_on(wizard, qtbot)
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()
    assert wizard.recognized.format.text() == "letter.txt was not recognized."
    assert wizard.recognized.said.text().startswith("This cannot be imported as it is.")
    assert cells(wizard.recognized.findings)[0][0] == "Error"


def test_the_preview_shows_new_changed_and_unchanged_rows_old_and_new(
    wizard: ImportWizard, folder: Path, qtbot: QtBot
) -> None:
    to_preview(wizard, folder, qtbot)
    shown = {name: rest for name, *rest in cells(wizard.preview.counts)}
    assert (shown["Products"], shown["Contract items"]) == (["1", "1", "153", ""], ["0", "10", "172", ""])
    assert [row[0] for row in cells(wizard.preview.statuses)] == ["Compliant", "Over-licensed", "Under-licensed"]
    assert sum(int(row[1]) for row in cells(wizard.preview.statuses)) == 156
    products = everything(wizard.preview.changes.topLevelItem(0))
    assert products[0] == ["Products: 1 changed"]
    assert products[1][0][1] == [[["Vendor", "Microsoft", "<b>M&S</b>"], []]]
    assert wizard.preview.tabs.tabText(2) == "Changed rows (11)"


def test_errors_are_listed_with_their_places_and_nothing_goes_on(
    wizard: ImportWizard, folder: Path, qtbot: QtBot
) -> None:
    _edit(folder / "contract_items.csv", lambda rows: [rows[0] | {"model": "forever"}, *rows[1:]])
    to_preview(wizard, folder, qtbot)
    assert wizard.preview.said.text().startswith("This would be refused.")
    assert not wizard.button(QWizard.WizardButton.CommitButton).isEnabled()
    severity, place, text = cells(wizard.preview.findings)[0]
    assert (severity, place) == ("Error", "contract_items.csv, row 2, column model")
    assert text.startswith('"forever" is not known here')
    _edit(folder / "contract_items.csv", lambda rows: [rows[0] | {"model": "perpetual"}, *rows[1:]])
    qtbot.mouseClick(wizard.preview.again, Qt.MouseButton.LeftButton)
    settled(wizard.desk, qtbot)
    assert wizard.button(QWizard.WizardButton.CommitButton).isEnabled()


def test_what_is_in_the_book_already_is_said_to_change_nothing(wizard: ImportWizard, qtbot: QtBot) -> None:
    to_preview(wizard, SAMPLE, qtbot)
    assert wizard.preview.said.text().startswith("All of this is in the book already")
    assert not wizard.button(QWizard.WizardButton.CommitButton).isEnabled()


# ------------------------------------------------------------------------------------------------------ back, cancelled
def test_back_leads_to_the_path_and_everything_is_looked_at_anew(
    wizard: ImportWizard, folder: Path, qtbot: QtBot
) -> None:
    to_preview(wizard, SAMPLE, qtbot)
    for _ in range(2):
        press(wizard, QWizard.WizardButton.BackButton, qtbot)
    assert wizard.file.control.text() == str(SAMPLE)
    to_preview(wizard, folder, qtbot)
    assert wizard.preview.preview is not None
    assert wizard.preview.preview.changed


def test_cancel_asks_and_changes_nothing(wizard: ImportWizard, desk: Desk, folder: Path, qtbot: QtBot) -> None:
    before = content_hash(desk.book)
    to_preview(wizard, folder, qtbot)
    press(wizard, QWizard.WizardButton.CancelButton, qtbot)
    assert isinstance(wizard.asking, QMessageBox)
    leave = next(one for one in wizard.asking.buttons() if one.text() == "Leave")
    qtbot.mouseClick(leave, Qt.MouseButton.LeftButton)
    assert not wizard.isVisible()
    assert content_hash(desk.book) == before


def test_a_preview_can_be_stopped_and_looked_at_again(
    wizard: ImportWizard, desk: Desk, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content_hash(desk.book)
    reached, real = threading.Event(), import_preview.dry_run

    def slow(book: Any, source: Any, *, as_of: Any, progress: Any) -> Any:
        def wait(what: str, done: int, total: int) -> None:
            reached.set()
            stopped.wait(5)
            progress(what, done, total)

        return real(book, source, as_of=as_of, progress=wait)

    stopped = threading.Event()
    monkeypatch.setattr(import_preview, "dry_run", slow)
    wizard.file.control.setText(str(folder))
    go_on(wizard, qtbot)
    press(wizard, QWizard.WizardButton.NextButton, qtbot)
    assert reached.wait(5)
    qtbot.mouseClick(wizard.preview.cancel, Qt.MouseButton.LeftButton)
    stopped.set()
    settled(desk, qtbot)
    assert wizard.preview.said.text() == "You have stopped this. Nothing was changed."
    assert content_hash(desk.book) == before
    monkeypatch.setattr(import_preview, "dry_run", real)
    qtbot.mouseClick(wizard.preview.again, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert wizard.button(QWizard.WizardButton.CommitButton).isEnabled()


# -------------------------------------------------------------------------------------------------- failing in Progress
def test_a_file_that_changed_since_the_preview_is_not_imported(
    wizard: ImportWizard, desk: Desk, folder: Path, qtbot: QtBot
) -> None:
    before = content_hash(desk.book)
    to_preview(wizard, folder, qtbot)
    _edit(folder / "products.csv", lambda rows: [rows[0] | {"vendor": "Somebody else"}, *rows[1:]])
    press(wizard, QWizard.WizardButton.CommitButton, qtbot)
    qtbot.waitUntil(lambda: "has changed since the preview" in wizard.progress.said.text())
    assert content_hash(desk.book) == before
    wizard.progress.back.click()
    assert wizard.currentPage() is wizard.preview
    assert wizard.path() == folder
    qtbot.mouseClick(wizard.preview.again, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    press(wizard, QWizard.WizardButton.CommitButton, qtbot)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.finished_)
    settled(desk, qtbot)


def test_a_full_disk_is_told_and_what_was_chosen_is_kept(
    wizard: ImportWizard, desk: Desk, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content_hash(desk.book)
    to_preview(wizard, folder, qtbot)

    def fail(*_: Any, **__: Any) -> None:
        raise BookFault("the disk is full; nothing was stored. Free some space and try again.")

    real = import_.load_source
    monkeypatch.setattr(import_, "load_source", fail)
    press(wizard, QWizard.WizardButton.CommitButton, qtbot)
    qtbot.waitUntil(lambda: "the disk is full" in wizard.progress.said.text())
    assert content_hash(desk.book) == before
    monkeypatch.setattr(import_, "load_source", real)
    wizard.progress.again.click()
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.finished_)
    assert content_hash(desk.book) != before
    settled(desk, qtbot)


def test_a_book_that_is_only_read_takes_no_import(desk: Desk, window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    desk.open(desk.book.path, read_only=True)
    wizard = import_.open_(desk, window, str(folder))
    go_on(wizard, qtbot)
    go_on(wizard, qtbot)
    assert wizard.preview.said.text().startswith("This book is open for reading only.")
    assert not wizard.button(QWizard.WizardButton.CommitButton).isEnabled()
    wizard.leave()


def test_an_empty_book_is_filled(empty_desk: Desk, tmp_path: Path, empty_window: MainWindow, qtbot: QtBot) -> None:
    empty_desk.open(tmp_path / "new.elpis", create=True)
    source = estates.write(tmp_path / "tables", estates.of(estates.item("1", "Office", 5)))
    empty_desk.go(Place("import", str(source)))
    wizard = empty_window.findChild(ImportWizard)
    assert wizard is not None
    go_on(wizard, qtbot)
    go_on(wizard, qtbot)
    press(wizard, QWizard.WizardButton.CommitButton, qtbot)
    qtbot.waitUntil(lambda: wizard.currentPage() is wizard.finished_)
    assert wizard.finished_.details.text() == "Products: 1 new\nContracts: 1 new\nContract items: 1 new"
    settled(empty_desk, qtbot)
    wizard.reject()
