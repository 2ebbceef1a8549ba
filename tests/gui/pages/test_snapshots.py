"""Snapshots from the window: saved, listed, checked, and let go."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages import snapshots
from gui.pages.snapshots import SnapshotsPage
from store import undo
from store.snapshots import kept
from tests.gui.conftest import settled


@pytest.fixture
def page(window: MainWindow, desk: Desk, qtbot: QtBot) -> SnapshotsPage:
    desk.go(Place("snapshots"))
    shown = window.stack.currentWidget()
    assert isinstance(shown, SnapshotsPage)
    return shown


def save(page: SnapshotsPage, folder: Path, qtbot: QtBot) -> None:
    page.save()
    assert page.dialog is not None
    page.dialog.control.setText(str(folder))
    page.dialog.json.setChecked(True)
    qtbot.mouseClick(page.dialog.save, Qt.MouseButton.LeftButton)
    settled(page.desk, qtbot)


def shown(page: SnapshotsPage) -> list[list[str]]:
    items = [page.list.topLevelItem(number) for number in range(page.list.topLevelItemCount())]
    return [[item.text(place) for place in range(item.columnCount())] for item in items]


def test_a_book_without_snapshots_says_how_to_save_one(page: SnapshotsPage, qtbot: QtBot) -> None:
    assert page.stack.currentIndex() == 1
    offer = page.stack.currentWidget().findChild(QPushButton)
    assert offer is not None
    qtbot.mouseClick(offer, Qt.MouseButton.LeftButton)
    assert page.dialog is not None
    assert page.dialog.control.text().endswith("snapshots/sample-2026-11-21")
    page.dialog.reject()


def test_a_saved_snapshot_stands_in_the_list_and_is_whole(
    page: SnapshotsPage, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    save(page, tmp_path / "out", qtbot)
    one = kept.listed(desk.book)[0]
    assert shown(page)[0][0::3] == ["2026-11-21", "22", str(tmp_path / "out")]
    assert shown(page)[0][4:6] == ["Whole", one.sha256[:12]]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["manifest.json", "snapshot.json"]
    assert undo.next_back(desk.book) is None


def test_what_was_changed_or_is_missing_is_told(page: SnapshotsPage, desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    for name in ("one", "two"):
        save(page, tmp_path / name, qtbot)
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "two" / "snapshot.json").write_text("{}", encoding="utf-8")
    qtbot.mouseClick(page.actions_["check"], Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert [row[4] for row in shown(page)] == ["Changed", "Missing"]
    page.list.setCurrentItem(page.list.topLevelItem(0))
    assert page.said.text() == "snapshot.json was changed."
    page.list.setCurrentItem(page.list.topLevelItem(1))
    assert not page.actions_["open"].isEnabled()
    page.open_folder()
    assert "cannot be opened" in page.said.text()


def test_the_folder_and_the_fingerprint_are_at_hand(
    page: SnapshotsPage, desk: Desk, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(snapshots, "open_local", lambda folder: opened.append(folder) or True)
    save(page, tmp_path / "out", qtbot)
    page.list.itemActivated.emit(page.list.topLevelItem(0), 0)
    assert opened == [tmp_path / "out"]
    page.copy_fingerprint()
    assert QGuiApplication.clipboard().text() == kept.listed(desk.book)[0].sha256


def test_a_snapshot_is_let_go_after_a_question_and_its_files_stay(
    page: SnapshotsPage, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    save(page, tmp_path / "out", qtbot)
    page.forget()
    assert page.question is not None
    next(one for one in page.question.buttons() if one.text() == "Remove").click()
    settled(desk, qtbot)
    assert kept.listed(desk.book) == []
    assert (page.stack.currentIndex(), (tmp_path / "out" / "snapshot.json").exists()) == (1, True)


def test_a_folder_is_needed_and_must_be_its_own(page: SnapshotsPage, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("hello", encoding="utf-8")
    for text, said in (("", "Choose a folder."), (str(tmp_path / "letters"), "This folder holds other files.")):
        save(page, Path(text), qtbot) if text else _save_nothing(page, qtbot)
        assert page.dialog is not None
        assert page.dialog.folder.said().startswith(said)
        page.dialog.reject()
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["a.txt"]


def _save_nothing(page: SnapshotsPage, qtbot: QtBot) -> None:
    page.save()
    assert page.dialog is not None
    page.dialog.control.clear()
    qtbot.mouseClick(page.dialog.save, Qt.MouseButton.LeftButton)


def test_a_place_that_cannot_be_written_is_told_and_what_was_typed_stays(
    page: SnapshotsPage, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    save(page, tmp_path / "file" / "out", qtbot)
    assert page.dialog is not None
    assert "is a file where a folder is needed" in page.dialog.said.text()
    assert page.dialog.control.text() == str(tmp_path / "file" / "out")
    page.dialog.control.setText(str(tmp_path / "good"))
    qtbot.mouseClick(page.dialog.save, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert len(shown(page)) == 1


def test_saving_can_be_cancelled(page: SnapshotsPage, desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    page.save()
    dialog = page.dialog
    assert dialog is not None
    dialog.control.setText(str(tmp_path / "out"))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    dialog.reject()
    settled(desk, qtbot)
    assert dialog.said.text() == "This was canceled. Nothing was saved."
    dialog.reject()
    assert not dialog.isVisible()


def test_the_next_snapshot_is_proposed_beside_the_last_one(page: SnapshotsPage, tmp_path: Path, qtbot: QtBot) -> None:
    save(page, tmp_path / "handed out" / "first", qtbot)
    page.save()
    assert page.dialog is not None
    assert page.dialog.control.text() == str(tmp_path / "handed out" / "sample-2026-11-21")
    assert page.dialog.json.isChecked()
    page.dialog.reject()


def test_a_folder_is_chosen_in_the_dialog_of_the_desktop(page: SnapshotsPage, tmp_path: Path) -> None:
    page.save()
    assert page.dialog is not None
    page.dialog._choose()
    assert page.dialog.asking is not None
    page.dialog.asking.fileSelected.emit(str(tmp_path))
    assert page.dialog.control.text() == str(tmp_path / "sample-2026-11-21")
    page.dialog.asking.close()
    page.dialog.reject()


def test_a_book_that_is_only_read_gives_a_snapshot_without_remembering_it(
    window: MainWindow, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    desk.open(desk.book.path, read_only=True)
    desk.go(Place("snapshots"))
    page = window.stack.currentWidget()
    assert isinstance(page, SnapshotsPage)
    save(page, tmp_path / "out", qtbot)
    assert (tmp_path / "out" / "snapshot.json").exists()
    assert shown(page) == []
