"""Import: a file or folder, what was understood of it, what it would change, and then the import itself.

The preview is the real import, taken back. What is imported afterwards is what was looked at: an input that has changed
meanwhile is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QLineEdit,
    QProgressBar,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
    QWizard,
)

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
from gui.work import Job, Report
from rules.vocabulary import STATUSES
from store.book import Book
from store.errors import KnownFault, Unfit
from store.imports.dry_run import Preview, dry_run, recognized, stops
from store.imports.finding import Finding, Refused
from store.imports.load import Imported, load_source
from store.imports.readers import open_source
from store.imports.source import Source, watched

_FILES = "Tables (*.csv *.xlsx);;All files (*)"


def open_(desk: Desk, parent: QWidget, path: str = "") -> ImportWizard:
    """Show the wizard; with a path, it is filled in already."""
    wizard = ImportWizard(desk, parent, path)
    base.open_(wizard)
    return wizard


class ImportWizard(base.Wizard):
    """File, recognized, preview, progress, finished."""

    resolved = True

    def __init__(self, desk: Desk, parent: QWidget | None, path: str) -> None:
        super().__init__(desk, parent, "Import", "Import")
        self.file = FilePage(path)
        self.recognized = RecognizedPage(desk)
        self.preview = PreviewPage(desk)
        self.progress = Progress("All of it is stored, or nothing. One undo takes it back.")
        self.finished_ = Finished()
        self.begin(*self.route())
        self.finished.connect(lambda _: self._stop())

    def route(self) -> Sequence[Page]:
        """Always the same pages."""
        return (self.file, self.recognized, self.preview, self.progress, self.finished_)

    def path(self) -> Path:
        """What is to be imported."""
        return Path(self.file.field.control.text().strip())

    def what(self) -> str:
        """The words of the step."""
        return f"Import {self.path().name}"

    def store(self, book: Book, report: Report) -> object:
        """Import what was looked at."""
        source = open_source(self.path(), lambda: report(0, 0))
        if source.sha256 != self.preview.looked_at:
            raise Unfit("This input has changed since the preview. Go back, and look again at what it would change.")
        try:
            return load_source(
                book, watched(source, lambda: report(0, 0)), as_of=self.desk.as_of, progress=_steps(report)
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
        self.recognized.stop()
        self.preview.stop()


def _steps(report: Report) -> Callable[[str, int, int], None]:
    return lambda _, done, total: report(done, total)


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
    "The license file of Microsoft Configuration Manager, as it is.",
    "An inventory of GLPI (JSON), or a folder of them.",
)


# ---------------------------------------------------------------------------------------------------------- recognized
class _Looking(Page):
    """A page that works in the background before it shows something."""

    def __init__(self, desk: Desk, step: str, title: str, about: str) -> None:
        super().__init__(step, title, about)
        self.desk = desk
        self.job: Job | None = None
        self.ready = False
        self.bar = QProgressBar()
        self.bar.setAccessibleName(title)
        self.again = button("Look again", self.look, icon="refresh-cw")
        self.cancel = button("Stop", self.stop, icon="x")

    def arrive(self) -> None:
        """Look anew."""
        self.look()

    def look(self) -> None:
        """Begin to look."""
        raise NotImplementedError

    def isComplete(self) -> bool:
        """One goes on when there is something to go on with."""
        return self.ready

    def cleanupPage(self) -> None:
        """Gone back: what is not needed any more stops."""
        self.stop()

    def stop(self) -> None:
        """Stop looking."""
        if self.job is not None:
            self.job.cancel()

    def _begin(self, job: Job) -> None:
        self.job = job
        job.progressed.connect(self._move)
        job.ended.connect(lambda: self._ended(job))

    def _wait(self, body: QWidget) -> None:
        self.said.clear()
        self._be_ready(False)
        self.bar.setRange(0, 0)
        for part, shown in ((self.bar, True), (self.cancel, True), (self.again, False), (body, False)):
            part.setVisible(shown)

    def _show(self, body: QWidget) -> None:
        for part, shown in ((self.bar, False), (self.cancel, False), (self.again, True), (body, True)):
            part.setVisible(shown)

    def _move(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _be_ready(self, ready: bool) -> None:
        self.ready = ready
        self.completeChanged.emit()
        if ready:
            role = QWizard.WizardButton.CommitButton if self.sums_up else QWizard.WizardButton.NextButton
            self.wizard().button(role).setFocus()

    def _ended(self, job: Job) -> None:
        if self.job is job:
            self.job = None
            if job.cancelled:
                self.bar.hide()
                self.cancel.hide()
                self.again.show()
                self.said.say("You have stopped this. Nothing was changed.", "info")

    def _failed(self, error: Exception) -> None:
        self.bar.hide()
        self.cancel.hide()
        self.again.show()
        self.said.say(base.fault_sentence(error))


class RecognizedPage(_Looking):
    """What the input is, its tables and columns, and what of it is ignored."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Recognized", "What was recognized", "")
        self.source: Source | None = None
        self.format = label("", "strong", wrap=True)
        self.tree = _tree(["Table and column", "In your file"], 320)
        self.tree.setAccessibleName("Tables and columns")
        self.findings = FindingsList()
        self.findings_title = label("", "overline")
        self.body = QWidget()
        self.body.setLayout(column(self.format, self.tree, self.findings_title, self.findings))
        self.body.layout().setStretch(1, 3)
        self.body.layout().setStretch(3, 2)
        self.fill(row(self.bar, self.cancel), self.body, row(self.again, None), scroll=False)

    def look(self) -> None:
        """Read what the input is."""
        path = self.wizard().path()
        self._wait(self.body)

        def read(report: Report) -> Source:
            return open_source(path, lambda: report(0, 0))

        self._begin(self.desk.work.run("", read, self._found, self._failed, lane="import", owner=self))

    def _found(self, source: Source) -> None:
        self.source = source
        self._show(self.body)
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
        _show_findings(self.findings_title, self.findings, source.findings, "Left aside, or to be corrected")
        if stops(source):
            self.said.say("This cannot be imported as it is. Correct what is listed below, and look again.")
        self._be_ready(not stops(source))


def _format(source: Source, tables: int) -> str:
    if not tables:
        return f"{source.path.name} was not recognized."
    known = f" Recognized by {source.reason}." if source.reason else ""
    return f"{source.path.name} is {wording.FORMATS[source.kind]}, with {wording.plural(tables, 'table')}.{known}"


# ------------------------------------------------------------------------------------------------------------- preview
class PreviewPage(_Looking):
    """What the import would change, table by table and row by row, and everything that is to be said about it."""

    sums_up = True

    def __init__(self, desk: Desk) -> None:
        about = "The import was tried, and taken back: nothing is changed yet."
        super().__init__(desk, "Preview", "What would change", about)
        self.preview: Preview | None = None
        self.looked_at = ""
        self.counts = _numbers_tree("Rows by table", ["Table", "New", "Changed", "Unchanged"])
        self.statuses = _numbers_tree("Positions by status", ["Positions", "Now", "Afterwards"])
        self.changes = _tree(["Row and column", "Old", "New"], 360)
        self.changes.setAccessibleName("Changed rows")
        self.findings = FindingsList()
        summary = QWidget()
        summary.setLayout(column(self.counts, self.statuses, margins=(0, SPACE, 0, 0)))
        summary.layout().setStretch(0, 3)
        summary.layout().setStretch(1, 2)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for widget in (summary, self.changes, self.findings):
            self.tabs.addTab(widget, "")
        self.fill(row(self.bar, self.cancel), self.tabs, row(self.again, None), scroll=False)

    def look(self) -> None:
        """Try the import."""
        path, as_of = self.wizard().path(), self.desk.as_of
        self._wait(self.tabs)

        def attempt(book: Book, report: Report) -> tuple[str, Preview]:
            source = open_source(path, lambda: report(0, 0))
            return source.sha256, dry_run(book, source, as_of=as_of, progress=_steps(report))

        try:
            self._begin(self.desk.run_alone(f"Preview of {path.name}", attempt, self._found, self._failed, owner=self))
        except KnownFault as fault:
            self._failed(fault)

    def _found(self, answer: tuple[str, Preview]) -> None:
        self.looked_at, self.preview = answer
        preview = self.preview
        self._show(self.tabs)
        self._show_counts(preview)
        self._show_changes(preview)
        self.findings.show_findings(preview.findings)
        for number, title in enumerate(_titles(preview)):
            self.tabs.setTabText(number, title)
            self.tabs.setTabVisible(number, not preview.refused or number == 2)
        self.tabs.setCurrentIndex(2 if preview.refused else 0)
        if preview.refused:
            self.said.say("This would be refused. Correct what is listed below in your file, and look again.")
        elif not preview.changed:
            self.said.say("All of this is in the book already: importing it would change nothing.", "info")
        self._be_ready(preview.changed)

    def _show_counts(self, preview: Preview) -> None:
        self.counts.clear()
        for table, counts in preview.counts.items():
            self.counts.addTopLevelItem(_numbers([wording.heading(table), *map(wording.number, counts)]))
        self.statuses.clear()
        for status in STATUSES:
            now, then = (wording.number(one.get(status, 0)) for one in (preview.before, preview.after))
            self.statuses.addTopLevelItem(_numbers([wording.badge(status), now, then]))

    def _show_changes(self, preview: Preview) -> None:
        self.changes.clear()
        for table, changes in preview.changes.items():
            total = preview.counts[table].changed
            first = f", the first {wording.number(len(changes))}" if total > len(changes) else ""
            top = QTreeWidgetItem([f"{wording.heading(table)}: {wording.number(total)} changed{first}"])
            self.changes.addTopLevelItem(top)
            for change in changes:
                line = QTreeWidgetItem([change.key.replace("|", " | ")])
                top.addChild(line)
                for column_, old, new in change.fields:
                    line.addChild(QTreeWidgetItem([wording.heading(column_), old or "–", new or "–"]))
            top.setExpanded(True)
            for number in range(min(20, top.childCount())):
                top.child(number).setExpanded(True)


def _titles(preview: Preview) -> tuple[str, str, str]:
    changed = sum(counts.changed for counts in preview.counts.values())
    return (
        "What changes",
        f"Changed rows ({wording.number(changed)})",
        f"Findings ({wording.number(len(preview.findings))})",
    )


def _show_findings(title: QWidget, shown: FindingsList, findings: Sequence[Finding], text: str) -> None:
    title.setText(text)
    shown.show_findings(findings)
    for one in (title, shown):
        one.setVisible(bool(findings))


def _tree(headings: Sequence[str], first: int) -> QTreeWidget:
    made = QTreeWidget()
    made.setHeaderLabels(list(headings))
    made.setProperty("kind", "boxed")
    made.setAllColumnsShowFocus(True)
    made.setUniformRowHeights(True)
    made.header().resizeSection(0, first)
    for place in range(1, len(headings) - 1):
        made.header().resizeSection(place, _WIDE)
    return made


def _numbers_tree(name: str, headings: Sequence[str]) -> QTreeWidget:
    """A flat tree: a name, and numbers in line below each other."""
    made = _tree(headings, 280)
    made.setAccessibleName(name)
    made.setRootIsDecorated(False)
    made.header().setStretchLastSection(False)
    for place in range(1, len(headings)):
        made.header().resizeSection(place, _WIDE)
        made.headerItem().setTextAlignment(place, _RIGHT)
    return made


def _numbers(texts: Sequence[str]) -> QTreeWidgetItem:
    made = QTreeWidgetItem(list(texts))
    for place in range(1, len(texts)):
        made.setTextAlignment(place, _RIGHT)
    return made


def _muted(item: QTreeWidgetItem) -> QTreeWidgetItem:
    item.setDisabled(True)
    return item


_WIDE = 136
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
