"""Hands the whole book out: in which way, and where to; in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLineEdit, QProgressBar, QRadioButton, QWidget

from gui import wording
from gui.desk import Desk
from gui.exports import WAYS
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.wizards.base import fault_sentence
from gui.wizards.fields import Field
from gui.work import Job, Report
from store.book import Book
from store.snapshots import manifest

_EDGE = 3 * SPACE
_KIND = "exports/kind"
_WORKBOOK = ".xlsx"


def open_(desk: Desk, parent: QWidget) -> ExportDialog:
    """Show the dialog."""
    dialog = ExportDialog(desk, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class ExportDialog(QDialog):
    """Asks for the way and the place. `saved` tells where it went."""

    saved = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.job: Job | None = None
        self.asking: QFileDialog | None = None
        self.setWindowTitle("Export")
        self.setMinimumWidth(72 * SPACE)
        self.control = QLineEdit(str(_place(desk)))
        self.place = Field("Folder", self.control, needed=True, hint=" ")
        self.place.line.addWidget(button("Choose…", self._choose, icon="folder-open"))
        self.kinds = {kind: QRadioButton(way.title) for kind, way in WAYS.items()}
        self.workbook = QCheckBox("One Excel workbook instead of a folder of CSV files")
        self.said = Inline()
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Exporting")
        self.bar.hide()
        self.save = button("Export", self._save, kind="primary")
        self.save.setDefault(True)
        self.cancel = button("Cancel", self.reject)
        self._build()
        wanted = str(desk.state.get(_KIND, "template"))
        self.kinds.get(wanted, self.kinds["template"]).setChecked(True)
        for one in (*self.kinds.values(), self.workbook):
            one.toggled.connect(self._turn)
        self._turn()
        desk.opened.connect(self._leave)

    def _build(self) -> None:
        about = f"All of the book as of {wording.day(self.desk.as_of)}, as files. The book stays as it is."
        ways = [
            part for kind in WAYS for part in (self.kinds[kind], _indented(label(WAYS[kind].about, "muted", wrap=True)))
        ]
        self.setLayout(
            column(
                label("Export", "title"),
                label(about, "muted", wrap=True),
                SPACE,
                column(*ways, gap=SPACE // 2),
                SPACE,
                self.workbook,
                self.place,
                self.said,
                self.bar,
                SPACE,
                None,
                row(None, self.save, self.cancel),
                margins=(_EDGE, _EDGE, _EDGE, _EDGE),
            )
        )

    @property
    def kind(self) -> str:
        """The way that is chosen."""
        return next(kind for kind, control in self.kinds.items() if control.isChecked())

    @property
    def ending(self) -> str:
        """How the name of what is made ends; "" for a folder."""
        way = WAYS[self.kind]
        return _WORKBOOK if way.workbook and self.workbook.isChecked() else way.ending

    def _turn(self) -> None:
        """Some ways make a folder, others a file of their own ending."""
        text = self.control.text().strip()
        for ending in (_WORKBOOK, *(way.ending for way in WAYS.values())):
            text = text.removesuffix(ending)
        self.control.setText(f"{text}{self.ending}" if text else "")
        self.workbook.setEnabled(WAYS[self.kind].workbook)
        self.place.rename("File" if self.ending else "Folder")
        what = "An earlier file of that name" if self.ending else "A folder of its own. An earlier export in it"
        self.place.hint.setText(f"{what} is replaced as a whole, or not at all.")
        self.place.say("")

    def reject(self) -> None:
        """While it is being written, Cancel stops that; what was there before stays."""
        if self.job is not None:
            self.job.cancel()
        else:
            super().reject()

    def _choose(self) -> None:
        self.asking = QFileDialog(self, "Where the export goes", str(Path(self.control.text()).parent))
        self.asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.asking.setFileMode(QFileDialog.FileMode.Directory)
        self.asking.fileSelected.connect(self._chosen)
        self.asking.open()

    def _chosen(self, name: str) -> None:
        self.control.setText(f"{Path(name) / _place(self.desk).name}{self.ending}")

    def _save(self) -> None:
        target = Path(self.control.text().strip())
        if not self.control.text().strip():
            self.place.say("Choose a file." if self.ending else "Choose a folder.")
        elif not self.ending and _is_of_others(target):
            name = _place(self.desk).name
            self.place.say(f"This folder holds other files. Give the export one of its own, such as {target / name}")
        else:
            self._run(target)

    def _run(self, target: Path) -> None:
        kind = self.kind
        self.desk.state.put(_KIND, kind)

        def save(book: Book, report: Report) -> dict[str, int]:
            return WAYS[kind].save(book, target, report)

        self.job = self.desk.look_long("Exporting the book", save, self._done, self._failed, owner=self)
        self.job.progressed.connect(self._show)
        self.job.ended.connect(self._ended)
        self._busy(True)

    def _show(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _busy(self, busy: bool) -> None:
        self.said.clear()
        self.bar.setRange(0, 0)
        self.bar.setVisible(busy)
        for part in (self.place, *self.kinds.values(), self.save):
            part.setEnabled(not busy)
        self.workbook.setEnabled(not busy and WAYS[self.kind].workbook)

    def _done(self, counts: dict[str, int]) -> None:
        self.job = None
        target = Path(self.control.text().strip())
        rows = wording.number(sum(counts.values()))
        self.desk.tell(f"Exported {rows} rows to {target}.", "positive")
        self.saved.emit(target)
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.job = None
        self._busy(False)
        self.said.say(fault_sentence(error))

    def _ended(self) -> None:
        if self.job is not None:
            self.job = None
            self._busy(False)
            self.said.say("This was canceled. What was there before stays.", "info")

    def _leave(self) -> None:
        super().reject()


def _indented(part: QWidget) -> QWidget:
    part.setContentsMargins(3 * SPACE, 0, 0, SPACE // 2)
    return part


def _is_of_others(folder: Path) -> bool:
    """Whether a folder holds files, but no export."""
    return folder.is_dir() and not (folder / manifest.NAME).exists() and any(folder.iterdir())


def _place(desk: Desk) -> Path:
    """Beside the book, named after book and day."""
    path = desk.book.path.absolute()
    return path.parent / "exports" / f"{path.stem}-{desk.as_of.isoformat()}"
