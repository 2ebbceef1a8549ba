"""Signed snapshots from the window: saved with a key of one's own, told in the list, checked whoever they are from."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.dialogs import verification
from gui.dialogs.snapshot import SnapshotDialog
from gui.dialogs.verification import VerificationDialog
from gui.main_window import MainWindow
from gui.pages.snapshots import SnapshotsPage
from store.snapshots import kept, keys, verify
from store.snapshots.verify import grouped, key_of
from tests.gui.conftest import settled
from tests.signing import PASSPHRASE, resigned, signer


@pytest.fixture
def page(window: MainWindow, desk: Desk) -> SnapshotsPage:
    desk.go(Place("snapshots"))
    shown = window.stack.currentWidget()
    assert isinstance(shown, SnapshotsPage)
    return shown


def asked(page: SnapshotsPage, file: Path) -> SnapshotDialog:
    """The dialog, with a signed snapshot chosen."""
    page.save()
    assert page.dialog is not None
    page.dialog.signed.setChecked(True)
    page.dialog.control.setText(str(file))
    return page.dialog


def save(page: SnapshotsPage, file: Path, qtbot: QtBot) -> Path:
    dialog = asked(page, file)
    for field in (dialog.signing.passphrase, dialog.signing.again):
        field.control.setText(PASSPHRASE)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    settled(page.desk, qtbot)
    return file


def checked(dialog: VerificationDialog, qtbot: QtBot) -> dict[str, str]:
    """The codes that the dialog shows, each with the words for what it is about."""
    settled(dialog.desk, qtbot)
    items = [dialog.list.topLevelItem(number) for number in range(dialog.list.topLevelItemCount())]
    return {item.text(1): item.text(0) for item in items}


@pytest.fixture
def file(page: SnapshotsPage, tmp_path: Path, qtbot: QtBot) -> Path:
    return save(page, tmp_path / "q4.licsnap", qtbot)


def test_the_first_signed_snapshot_makes_a_key_and_says_so_before(
    page: SnapshotsPage, desk: Desk, tmp_path: Path, qtbot: QtBot, own_keys: Path
) -> None:
    dialog = asked(page, tmp_path / "q4.licsnap")
    assert not keys.exists(own_keys)
    assert not dialog.signing.again.isHidden()
    assert str(own_keys) in " ".join(part.text() for part in dialog.signing.findChildren(type(dialog.folder.hint)))
    dialog.reject()
    save(page, tmp_path / "q4.licsnap", qtbot)
    one = kept.listed(desk.book)[0]
    assert (one.seal, one.key, one.folder) == (1, keys.known(own_keys), tmp_path / "q4.licsnap")
    assert page.list.topLevelItem(0).text(4) == "Signed"
    assert page.fingerprint.text() == f"Your signing key: {grouped(one.key)}"
    assert not page.key.isHidden()


def test_a_passphrase_is_never_shown_and_does_not_stay_in_its_field(
    page: SnapshotsPage, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = asked(page, tmp_path / "q4.licsnap")
    fields = [dialog.signing.passphrase.control, dialog.signing.again.control]
    for control in fields:
        assert isinstance(control, QLineEdit)
        assert control.echoMode() == QLineEdit.EchoMode.Password
        control.setText(PASSPHRASE)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert [control.text() for control in fields] == ["", ""]
    settled(page.desk, qtbot)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("", "", "Type the passphrase."),
        ("short", "short", "A passphrase has 8 characters or more."),
        (PASSPHRASE, "another one", "The two differ. Type the same passphrase twice."),
    ],
)
def test_what_is_missing_for_a_new_key_is_said_below_its_field(
    first: str, second: str, said: str, page: SnapshotsPage, tmp_path: Path, qtbot: QtBot, own_keys: Path
) -> None:
    dialog = asked(page, tmp_path / "q4.licsnap")
    dialog.signing.passphrase.control.setText(first)
    dialog.signing.again.control.setText(second)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    assert said in {dialog.signing.passphrase.said(), dialog.signing.again.said()}
    assert not keys.exists(own_keys)
    dialog.reject()


def test_with_a_key_its_fingerprint_is_shown_and_one_passphrase_asked_for(
    page: SnapshotsPage, file: Path, tmp_path: Path, qtbot: QtBot, own_keys: Path
) -> None:
    dialog = asked(page, tmp_path / "next.licsnap")
    assert dialog.signing.again.parent() is None
    dialog.signing.passphrase.control.setText("a wrong passphrase")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    settled(page.desk, qtbot)
    assert "Is the passphrase right?" in dialog.said.text()
    assert not (tmp_path / "next.licsnap").exists()
    dialog.signing.passphrase.control.setText(PASSPHRASE)
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    settled(page.desk, qtbot)
    assert [one.seal for one in kept.listed(page.desk.book)] == [2, 1]


def test_a_signed_snapshot_is_a_file_and_every_other_one_a_folder(page: SnapshotsPage) -> None:
    page.save()
    dialog = page.dialog
    assert dialog is not None
    dialog.signed.setChecked(True)
    assert dialog.control.text().endswith("sample-2026-11-21.licsnap")
    assert dialog.folder.title == "File"
    dialog._chosen("/handed/out")
    assert dialog.control.text() == "/handed/out/sample-2026-11-21.licsnap"
    dialog.json.setChecked(True)
    assert dialog.control.text() == "/handed/out/sample-2026-11-21"
    assert (dialog.folder.title, dialog.signing.isHidden()) == ("Folder", True)
    dialog.signed.setChecked(True)
    dialog.control.clear()
    dialog._save()
    assert dialog.folder.said() == "Choose a file."
    dialog.reject()


def test_the_way_of_the_last_time_is_proposed_again(page: SnapshotsPage, file: Path) -> None:
    page.save()
    assert page.dialog is not None
    assert page.dialog.signed.isChecked()
    assert page.dialog.control.text() == str(file.parent / "sample-2026-11-21.licsnap")
    page.dialog.reject()


def test_a_book_that_is_only_read_signs_nothing(page: SnapshotsPage, desk: Desk) -> None:
    desk.open(desk.book.path, read_only=True)
    page.save()
    assert page.dialog is not None
    assert not page.dialog.signed.isEnabled()
    page.dialog.reject()


def test_the_list_tells_what_became_of_a_signed_file(page: SnapshotsPage, file: Path, qtbot: QtBot) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b"under-licensed", b"over--licensed", 1))
    page.check()
    settled(page.desk, qtbot)
    assert page.list.topLevelItem(0).text(4) == "Changed"
    assert "was changed." in page.said.text()
    file.unlink()
    page.check()
    settled(page.desk, qtbot)
    assert page.list.topLevelItem(0).text(4) == "Missing"


def test_the_folder_of_a_signed_file_is_opened(
    page: SnapshotsPage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr("gui.pages.snapshots.open_local", lambda folder: opened.append(folder) or True)
    page.open_folder()
    assert opened == [file.parent]


# ------------------------------------------------------------------------------------------------------------- checking
def test_ones_own_snapshot_is_trusted_and_every_check_is_shown_in_words(
    page: SnapshotsPage, file: Path, qtbot: QtBot, own_keys: Path
) -> None:
    qtbot.mouseClick(page.actions_["checks"], Qt.MouseButton.LeftButton)
    dialog = page.checks
    assert dialog is not None
    assert checked(dialog, qtbot) == {
        "container.ok": "The file",
        "sig.ok": "Signature",
        "manifest.ok": "Manifest",
        "file.ok": "Its files",
        "totals.ok": "Its totals",
        "book.ok": "This book",
        "audit.ok": "Change log",
    }
    assert dialog.verdict.text().startswith("Trusted: ")
    assert key_of(dialog.key.control.text()) == keys.known(own_keys)
    dialog.close()


def test_somebody_elses_snapshot_is_intact_until_his_key_is_named(
    page: SnapshotsPage, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    foreign = tmp_path / "foreign.licsnap"
    foreign.write_bytes(resigned(file.read_bytes(), signer(5), book="0" * 32))
    dialog = verification.open_(page.desk, page, foreign)
    assert {"sig.untrusted", "data.unread"} < set(checked(dialog, qtbot))
    assert dialog.verdict.text().startswith("Intact, but not trusted: ")
    assert dialog.key.control.text() == ""
    dialog.key.control.setText("nonsense")
    dialog.check()
    assert "neither a public key" in dialog.key.said()
    dialog.key.control.setText(grouped(signer(5).fingerprint))
    dialog.check()
    assert "sig.ok" in checked(dialog, qtbot)
    assert dialog.verdict.text().startswith("Trusted: ")
    dialog.close()


def test_an_old_snapshot_is_told_beside_an_earlier_one(
    page: SnapshotsPage, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    later = save(page, tmp_path / "later.licsnap", qtbot)
    dialog = verification.open_(page.desk, page, later)
    dialog.earlier.control.setText(str(file))
    dialog.check()
    assert {"seq.ok", "chain.ok"} < set(checked(dialog, qtbot))
    dialog.earlier.control.setText("2")
    dialog.check()
    assert "seq.replay" in checked(dialog, qtbot)
    assert dialog.verdict.text().startswith("Refused: ")
    dialog.close()


def test_any_file_can_be_verified_also_while_no_book_is_open(
    empty_window: MainWindow, signed_file: Path, qtbot: QtBot
) -> None:
    asking = verification.ask(empty_window.desk, empty_window)
    asking.fileSelected.emit(str(signed_file))
    asking.close()
    dialog = empty_window.findChildren(VerificationDialog)[-1]
    assert "sig.untrusted" in checked(dialog, qtbot)
    dialog.close()
    other = verification.open_(empty_window.desk, empty_window, signed_file.with_name("letter.txt"))
    assert set(checked(other, qtbot)) == {"container.missing"}
    other.close()
    assert "verify" in empty_window.actions_


@pytest.fixture
def signed_file(sample_book: Path, tmp_path: Path) -> Path:
    from store.snapshots import sealing
    from tests.conftest import opened

    with opened(Path(shutil.copy(sample_book, tmp_path / "made.elpis"))) as book:
        sealing.seal(book, tmp_path / "made.licsnap", signer(5))
    return tmp_path / "made.licsnap"


def test_a_file_and_a_key_are_chosen_in_the_dialog_of_the_desktop(
    page: SnapshotsPage, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    page.ask()
    assert page.asking is not None
    page.asking.fileSelected.emit(str(file))
    page.asking.close()
    dialog = page.findChildren(VerificationDialog)[-1]
    settled(page.desk, qtbot)
    for field in (dialog.key, dialog.earlier):
        dialog._choose(field, "*")
        assert dialog.asking is not None
        dialog.asking.fileSelected.emit("/chosen")
        dialog.asking.close()
        assert field.control.text() == "/chosen"
    dialog.close()


def test_the_public_key_is_exported_to_be_handed_out(
    page: SnapshotsPage, file: Path, tmp_path: Path, own_keys: Path
) -> None:
    page.ask_export()
    assert page.asking is not None
    page.asking.fileSelected.emit(str(tmp_path / "ann.pem"))
    page.asking.close()
    assert key_of(str(tmp_path / "ann.pem")) == keys.known(own_keys)
    assert verify.verify(file, key=key_of(str(tmp_path / "ann.pem"))).verdict == verify.TRUSTED
    (tmp_path / "folder").mkdir()
    page._export(str(tmp_path / "folder"))
    assert "cannot be written" in page.said.text() or "is a folder" in page.said.text()
