"""Import: a file or folder, what was understood of it, what it would change, and then the import itself.

The preview is the real import, taken back. What is imported afterwards is what was looked at: an input that has changed
meanwhile is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit, QTreeWidgetItem, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.findings import FindingsList
from gui.widgets.layout import column, row
from gui.widgets.text import label
from gui.wizards import base
from gui.wizards.base import Finished, Made, Page, Problem, Progress
from gui.wizards.fields import Field
from gui.wizards.import_columns import ColumnsPage
from gui.wizards.import_preview import PreviewPage
from gui.wizards.looking import LookingPage, steps, tree
from gui.work import Report
from store.book import Book
from store.errors import Unfit
from store.imports import free
from store.imports.dry_run import recognized, stops
from store.imports.finding import Finding, Refused
from store.imports.load import How, Imported, load_source, opened
from store.imports.mapping import keeping, reading
from store.imports.readers import open_source
from store.imports.source import Source, watched

_FILES = "Tables and documents (*.csv *.xlsx *.json);;All files (*)"


def open_(desk: Desk, parent: QWidget, path: str = "") -> ImportWizard:
    """Show the wizard; with a path, it is filled in already."""
    wizard = ImportWizard(desk, parent, path)
    base.open_(wizard)
    return wizard


class ImportWizard(base.Wizard):
    """File, recognized, preview, progress, finished."""

    resolved = True
    backup = "import"

    def __init__(self, desk: Desk, parent: QWidget | None, path: str) -> None:
        super().__init__(desk, parent, "Import", "Import")
        self.file = FilePage(path)
        self.recognized = RecognizedPage(desk)
        self.columns = ColumnsPage(desk)
        self.preview = PreviewPage(desk)
        self.progress = Progress("All of it is stored, or nothing. One undo takes it back.")
        self.finished_ = Finished()
        self.begin(self.file, self.recognized, self.columns, self.preview, self.progress, self.finished_)
        self.finished.connect(lambda _: self._stop())

    def route(self) -> Sequence[Page]:
        """The columns are asked for where the file is of the user's own making."""
        columns = (self.columns,) if self.recognized.own_columns() else ()
        return (self.file, self.recognized, *columns, self.preview, self.progress, self.finished_)

    def how(self) -> How:
        """How the file is read, as chosen on the pages."""
        mapping = self.columns.mapping() if self.recognized.own_columns() else None
        return How(mapping, self.preview.leave.isChecked())

    def path(self) -> Path:
        """What is to be imported."""
        return Path(self.file.field.control.text().strip())

    def what(self) -> str:
        """The words of the step."""
        return f"Import {self.path().name}"

    def store(self, book: Book, report: Report) -> object:
        """Import what was looked at."""
        source = opened(book, self.path(), self.how(), lambda: report(0, 0))
        if source.sha256 != self.preview.looked_at:
            raise Unfit("This input has changed since the preview. Go back, and look again at what it would change.")
        if self.recognized.own_columns() and self.columns.remember.isChecked():
            keeping.save(book, self.columns.mapping())
        try:
            return load_source(
                book, watched(source, lambda: report(0, 0)), as_of=self.desk.as_of, progress=steps(report)
            )
        except Refused as refused:
            raise Unfit(str(refused)) from refused

    def made(self, answer: object) -> Made:
        """What was imported."""
        counts = answer.counts if isinstance(answer, Imported) else {}
        return Made(f"{self.path().name} is imported", wording.imported(counts), Place("home"), "Show Home")

    def typed(self) -> bool:
        """A path is quickly chosen again."""
        return self.currentPage() is not self.file

    def _stop(self) -> None:
        for page in (self.recognized, self.columns, self.preview):
            page.stop()


# ---------------------------------------------------------------------------------------------------------------- file
class FilePage(Page):
    """Which file or folder."""

    def __init__(self, path: str) -> None:
        super().__init__(
            "File",
            "What do you want to import?",
            "Nothing is changed before you have seen what would change.",
        )
        self.control = QLineEdit(path)
        self.control.setPlaceholderText("A file or folder; you can also drop it here")
        self.control.setAcceptDrops(False)  # the page takes what is dropped, as a path
        self.field = Field("File or folder", self.control, needed=True)
        self.dialog: QFileDialog | None = None
        known = [label(text, "muted", wrap=True) for text in _KNOWN]
        self.fill(
            self.field,
            row(
                button("Choose a file…", self.choose_file, icon="file-text"),
                button("Choose a folder…", self.choose_folder, icon="folder-open"),
                None,
            ),
            SPACE,
            column(label("What can be read", "overline"), *known, gap=SPACE),
        )
        self.setAcceptDrops(True)

    def problems(self) -> Iterable[Problem]:
        """A path, of something that exists."""
        text = self.control.text().strip()
        if not text:
            yield self.field, "Choose a file or a folder."
        elif not Path(text).exists():
            yield self.field, "There is no such file or folder. Check the name, or choose it anew."

    def choose_file(self) -> None:
        """Ask for a file."""
        self._ask("Import a file", QFileDialog.FileMode.ExistingFile)

    def choose_folder(self) -> None:
        """Ask for a folder."""
        self._ask("Import a folder", QFileDialog.FileMode.Directory)

    def _ask(self, title: str, mode: QFileDialog.FileMode) -> None:
        self.dialog = QFileDialog(self, title, str(Path(self.control.text()).parent), _FILES)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.setFileMode(mode)
        self.dialog.fileSelected.connect(self.control.setText)
        self.dialog.open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file or folder may be dropped here."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take its path."""
        event.acceptProposedAction()
        self.control.setText(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()))


_KNOWN = (
    "A folder of CSV files, or an XLSX workbook with a sheet a table: products, contracts, contract_items, demand,"
    " installations and others. The sample estate is one.",
    "One CSV file that is named after such a table.",
    "A folder of OpenSAM, as it is.",
    "License files as they are: Microsoft Configuration Manager and License Statement, Snipe-IT, ServiceNow, Flexera,"
    " Ivanti, GLPI, Snow, HCL BigFix; and CycloneDX documents.",
    "An inventory of GLPI (JSON), or a folder of them.",
    "Any other table with a header, CSV or XLSX: you say once what its columns stand for.",
)


# ---------------------------------------------------------------------------------------------------------- recognized
class RecognizedPage(LookingPage):
    """What the input is, its tables and columns, and what of it is ignored."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Recognized", "What was recognized", "")
        self.source: Source | None = None
        self.format = label("", "strong", wrap=True)
        self.tree = tree(["Table and column", "In your file"], 320)
        self.tree.setAccessibleName("Tables and columns")
        self.findings = FindingsList()
        self.findings_title = label("", "overline")
        self.body = QWidget()
        self.body.setLayout(column(self.format, self.tree, self.findings_title, self.findings, None))
        self.body.layout().setStretch(1, 3)
        self.body.layout().setStretch(3, 2)
        self.fill(row(self.bar, self.cancel), self.body, row(self.again, None), scroll=False)

    def look(self) -> None:
        """Read what the input is."""
        path, remembered = self.wizard().path(), keeping.held(self.desk.book)
        self.wait(self.body)
        self.source = None

        def read(report: Report) -> Source:
            return open_source(path, lambda: report(0, 0), remembered=remembered)

        self.begin(self.desk.work.run("", read, self._found, self.failed, lane="import", owner=self))

    def _found(self, source: Source) -> None:
        self.source = source
        self.show_body(self.body)
        parts = recognized(source)
        self.format.setText(_format(source, len(parts)))
        self.tree.clear()
        self.tree.setVisible(bool(parts))
        for part in parts:
            item = QTreeWidgetItem([wording.heading(part.table), part.place])
            self.tree.addTopLevelItem(item)
            for name, own in part.columns:
                item.addChild(QTreeWidgetItem([wording.heading(name), own]))
            if part.absent:
                absent = ", ".join(map(wording.heading, part.absent))
                item.addChild(_muted(QTreeWidgetItem(["Not in your file", absent])))
        told = [finding for finding in source.findings if finding.code != free.UNMAPPED]
        _show_findings(self.findings_title, self.findings, told, "Left aside, or to be corrected")
        if source.kind == free.FREE and self.own_columns():
            self.said.say("Nobody has said yet what these columns stand for. The next step asks for it.", "info")
        elif stops(source):
            self.said.say("This cannot be imported as it is. Correct what is listed below, and look again.")
        self.be_ready(self.own_columns() or not stops(source))
        self.wizard().refresh()

    def own_columns(self) -> bool:
        """Whether the file is of the user's own making, so that he has to say what its columns are."""
        source = self.source
        if source is None or source.path != self.wizard().path():
            return False
        return source.kind == reading.MAPPED or any(one.code == free.UNMAPPED for one in source.findings)


def _format(source: Source, tables: int) -> str:
    if source.kind == free.FREE and source.sha256:
        return f"{source.path.name} is {wording.FORMATS[source.kind]}."
    if not tables:
        return f"{source.path.name} was not recognized."
    known = f" Recognized by {source.reason}." if source.reason else ""
    return f"{source.path.name} is {wording.FORMATS[source.kind]}, with {wording.plural(tables, 'table')}.{known}"


def _show_findings(title: QWidget, shown: FindingsList, findings: Sequence[Finding], text: str) -> None:
    title.setText(text)
    shown.show_findings(findings)
    for one in (title, shown):
        one.setVisible(bool(findings))


def _muted(item: QTreeWidgetItem) -> QTreeWidgetItem:
    item.setDisabled(True)
    return item
