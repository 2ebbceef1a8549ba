"""Exports from the window: which way, where to, and what is said of it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.dialogs.export import ExportDialog
from gui.exports import WAYS
from gui.main_window import MainWindow
from tests.gui.conftest import settled


@pytest.fixture
def dialog(window: MainWindow, desk: Desk, qtbot: QtBot) -> ExportDialog:
    window.actions_["export"].trigger()
    found = window.findChildren(ExportDialog)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("kind", list(WAYS))
def test_each_way_writes_its_files(dialog: ExportDialog, desk: Desk, tmp_path: Path, qtbot: QtBot, kind: str) -> None:
    dialog.kinds[kind].setChecked(True)
    dialog.control.setText(str(tmp_path / f"out{dialog.ending}"))
    with qtbot.waitSignal(dialog.saved, timeout=60_000) as told:
        qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert told.args == [tmp_path / f"out{WAYS[kind].ending}"]
    assert (tmp_path / f"out{WAYS[kind].ending}").exists()
    settled(desk, qtbot)
    assert desk.state.get("exports/kind", "") == kind


def test_the_name_follows_the_way_and_the_form(dialog: ExportDialog) -> None:
    assert dialog.control.text().endswith("exports/sample-2026-11-21")
    assert dialog.place.title == "Folder"
    dialog.workbook.setChecked(True)
    assert dialog.control.text().endswith("sample-2026-11-21.xlsx")
    assert dialog.place.title == "File"
    dialog.kinds["icalendar"].setChecked(True)
    assert dialog.control.text().endswith("sample-2026-11-21.ics")
    assert not dialog.workbook.isEnabled()
    dialog.kinds["cyclonedx"].setChecked(True)
    assert dialog.control.text().endswith("sample-2026-11-21.cdx.json")
    dialog.reject()


def test_a_folder_of_others_and_no_folder_are_told(dialog: ExportDialog, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").write_bytes(b"")
    dialog.control.setText(str(tmp_path / "photos"))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert "holds other files" in dialog.place.said()
    dialog.control.setText(" ")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert dialog.place.said() == "Choose a folder."
    dialog.reject()


def test_a_place_that_cannot_be_written_is_told_and_can_be_changed(
    dialog: ExportDialog, desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("mine")
    dialog.control.setText(str(tmp_path / "file" / "deeper"))
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    settled(desk, qtbot)
    assert "is a file where a folder is needed" in dialog.said.text()
    assert dialog.save.isEnabled()
    dialog.reject()
