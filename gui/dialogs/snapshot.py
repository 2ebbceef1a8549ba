"""Saves a snapshot of the day: where to, in which formats, signed or not; in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QProgressBar, QRadioButton, QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs.signing import Signing
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.wizards.base import fault_sentence
from gui.wizards.fields import Field
from gui.work import Job, Report
from store.book import Book
from store.errors import KnownFault
from store.snapshots import kept, licsnap, manifest
from store.snapshots.kept import Kept

_EDGE = 3 * SPACE
_OF_A_FOLDER = "A folder of its own. An earlier snapshot in it is replaced as a whole, or not at all."
_OF_A_FILE = "An earlier file of that name is replaced as a whole, or not at all. The book numbers what is signed."


def open_(desk: Desk, parent: QWidget) -> SnapshotDialog:
    """Show the dialog."""
    dialog = SnapshotDialog(desk, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class SnapshotDialog(QDialog):
    """Asks for a folder and the formats. `saved` tells of the snapshot."""

    saved = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.job: Job | None = None
        self.asking: QFileDialog | None = None
        self.setWindowTitle("Save a snapshot")
        self.setMinimumWidth(72 * SPACE)
        self.control = QLineEdit(str(_place(desk)))
        self.folder = Field(
            "Folder",
            self.control,
            needed=True,
            hint=_OF_A_FOLDER,
        )
        self.folder.line.addWidget(button("Choose…", self._choose, icon="folder-open"))
        self.all = QRadioButton("Report (PDF), Excel workbook, CSV files and JSON")
        self.json = QRadioButton("JSON only, for programs")
        self.signed = QRadioButton("One signed file (.licsnap): all of these, and whoever gets it can check it")
        self.signed.setDisabled(desk.read_only)
        self.signing = Signing()
        self._choose_kind(str(desk.state.get("snapshots/kind", "all")))
        self.said = Inline()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName("Saving the snapshot")
        self.bar.hide()
        self.save = button("Save", self._save, kind="primary")
        self.save.setDefault(True)
        self.cancel = button("Cancel", self.reject)
        self._build()
        desk.opened.connect(self._leave)

    def _build(self) -> None:
        about = (
            f"Everything that the book shows as of {wording.day(self.desk.as_of)}, as files that anybody can read, with"
            " a manifest by which anybody can check them."
        )
        self.setLayout(
            column(
                label("Save a snapshot", "title"),
                label(about, "muted", wrap=True),
                SPACE,
                self.folder,
                SPACE,
                column(label("Formats", "strong"), self.all, self.json, self.signed, gap=SPACE // 2),
                self.signing,
                self.said,
                self.bar,
                SPACE,
                None,
                row(None, self.save, self.cancel),
                margins=(_EDGE, _EDGE, _EDGE, _EDGE),
            )
        )

    def _choose_kind(self, kind: str) -> None:
        kinds = {"all": self.all, "json": self.json, "signed": self.signed}
        wanted = kinds.get(kind, self.all)
        (wanted if wanted.isEnabled() else self.all).setChecked(True)
        self.signed.toggled.connect(self._turn)
        self._turn(self.signed.isChecked())

    def _turn(self, signed: bool) -> None:
        """A signed snapshot is a file, every other one a folder."""
        self.signing.setVisible(signed)
        text = self.control.text().strip()
        bare = text.removesuffix(licsnap.SUFFIX)
        self.control.setText(f"{bare}{licsnap.SUFFIX}" if signed and bare else bare)
        self.folder.rename("File" if signed else "Folder")
        self.folder.hint.setText(_OF_A_FILE if signed else _OF_A_FOLDER)
        self.adjustSize()

    def reject(self) -> None:
        """While it is being saved, Cancel stops that; an earlier snapshot stays as it was."""
        if self.job is not None:
            self.job.cancel()
        else:
            super().reject()

    def _choose(self) -> None:
        self.asking = QFileDialog(self, "Where the folder of the snapshot goes", str(Path(self.control.text()).parent))
        self.asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.asking.setFileMode(QFileDialog.FileMode.Directory)
        self.asking.fileSelected.connect(self._chosen)
        self.asking.open()

    def _chosen(self, name: str) -> None:
        end = licsnap.SUFFIX if self.signed.isChecked() else ""
        self.control.setText(f"{Path(name) / _place(self.desk).name}{end}")

    def _save(self) -> None:
        folder = Path(self.control.text().strip())
        if not self.control.text().strip():
            self.folder.say("Choose a file." if self.signed.isChecked() else "Choose a folder.")
        elif self.signed.isChecked():
            if not self.signing.complain():
                self._run(folder)
        elif _is_of_others(folder):
            name = _place(self.desk).name
            self.folder.say(f"This folder holds other files. Give the snapshot one of its own, such as {folder / name}")
        else:
            self._run(folder)

    def _run(self, folder: Path) -> None:
        kind = "signed" if self.signed.isChecked() else "json" if self.json.isChecked() else "all"
        self.desk.state.put("snapshots/kind", kind)
        signer = self.signing.signer() if kind == "signed" else None

        def save(book: Book, _: Report) -> Kept:
            if signer is not None:
                return kept.save_signed(book, folder, signer())
            return kept.save(book, folder, json_only=kind == "json")

        run = self.desk.look_long if self.desk.read_only else self.desk.run_alone
        try:
            self.job = run("Saving a snapshot", save, self._done, self._failed, owner=self)
        except KnownFault as fault:
            self._failed(fault)
            return
        self.job.ended.connect(self._ended)
        self._busy(True)

    def _busy(self, busy: bool) -> None:
        self.said.clear()
        self.bar.setVisible(busy)
        for part in (self.folder, self.all, self.json, self.signed, self.signing, self.save):
            part.setEnabled(not busy)

    def _done(self, saved: Kept) -> None:
        self.job = None
        self.saved.emit(saved)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.job = None
        self._busy(False)
        self.said.say(fault_sentence(error))

    def _ended(self) -> None:
        if self.job is not None:
            self.job = None
            self._busy(False)
            self.said.say("This was canceled. Nothing was saved.", "info")

    def _leave(self) -> None:
        super().reject()


def _is_of_others(folder: Path) -> bool:
    """Whether a folder holds files, but no snapshot."""
    return folder.is_dir() and not (folder / manifest.NAME).exists() and any(folder.iterdir())


def _place(desk: Desk) -> Path:
    """Beside the last one, or beside the book: a folder named after book and day."""
    path = desk.book.path.absolute()
    home = Path(desk.state.get("snapshots/home", str(path.parent / "snapshots")))
    return home / f"{path.stem}-{desk.as_of.isoformat()}"
