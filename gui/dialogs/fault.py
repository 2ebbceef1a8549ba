"""A fault of the program, with the report that those who mend it need: to be read in full, copied and saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QPlainTextEdit, QWidget

from gui import faults
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline, message
from gui.widgets.text import label
from store.snapshots.saving import SavingFault

_NOW = (
    "Elpis has made a mistake. This is a fault of the program, not of your data: what was stored before is safe, and"
    " what was under way was not stored."
)
_EARLIER = "Elpis made a mistake last time. What was stored before it is safe, and what was under way was not stored."
_ABOUT = "This is all that the report holds: where in the program it happened, and nothing that you have entered."


def open_(parent: QWidget | None, text: str, *, earlier: bool = False) -> FaultDialog:
    """Show a report of `gui.faults`; `earlier` for one of an earlier run."""
    dialog = FaultDialog(parent, text, _EARLIER if earlier else _NOW)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class FaultDialog(QDialog):
    """Shows a report as it is."""

    def __init__(self, parent: QWidget | None, text: str, said: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("A fault of the program")
        self.text = text
        self.asking: QFileDialog | None = None
        self.details = QPlainTextEdit(text)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setAccessibleName("Report")
        self.said = Inline()
        copy = button("Copy", lambda: QGuiApplication.clipboard().setText(text), icon="copy")
        save = button("Save…", self._choose, icon="download")
        close = button("Close", self.accept, kind="primary")
        edge = 2 * SPACE
        about = label(_ABOUT, "muted", wrap=True)
        parts = (message(said, "error"), about, self.details, self.said, row(copy, save, None, close))
        self.setLayout(column(*parts, margins=(edge, edge, edge, edge)))
        self.resize(720, 460)

    def _choose(self) -> None:
        self.asking = QFileDialog(self, "Save the report", str(Path.home()))
        self.asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.asking.setNameFilters(["Texts (*.txt)", "All files (*)"])
        self.asking.selectFile("elpis-report.txt")
        self.asking.fileSelected.connect(lambda name: self.save(Path(name)))
        self.asking.open()

    def save(self, target: Path) -> None:
        """Save the report, and say where it is, or why not."""
        try:
            faults.save(target, self.text)
        except SavingFault as fault:
            self.said.say(str(fault))
        else:
            self.said.say(f"Saved: {target}", "positive")
