"""The preview of an import: every row with what becomes of it, what changes, and everything that is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QTabWidget, QTreeWidgetItem, QWidget

from gui import icons, wording
from gui.desk import Desk
from gui.pages.forecast import export_dialog
from gui.theme import SPACE
from gui.widgets.buttons import button, plain
from gui.widgets.findings import FindingsList
from gui.widgets.layout import column, row
from gui.wizards.base import fault_sentence
from gui.wizards.fields import choice
from gui.wizards.looking import LookingPage, numbers, numbers_tree, steps, tree
from gui.work import Report
from rules.vocabulary import STATUSES
from store.book import Book
from store.errors import KnownFault
from store.imports import previewing
from store.imports.dry_run import Preview, dry_run
from store.imports.load import opened
from store.imports.looking import KINDS, REFUSED, SeenRow

Attempt = tuple[str, Preview, bool]
"""The SHA-256 of what was tried, what it would do, and whether rows are refused that can be left out."""


class PreviewPage(LookingPage):
    """What the import would change, table by table and row by row, and everything that is to be said about it."""

    sums_up = True

    def __init__(self, desk: Desk) -> None:
        about = "The import was tried, and taken back: nothing is changed yet."
        super().__init__(desk, "Preview", "What would change", about)
        self.preview: Preview | None = None
        self.looked_at = ""
        self.counts = numbers_tree("Rows by table", ["Table", "New", "Changed", "Unchanged", "Refused"])
        self.statuses = numbers_tree("Positions by status", ["Positions", "Now", "Afterwards"])
        self.rows = RowsPart()
        self.changes = tree(["Row and column", "Old", "New"], 360)
        self.changes.setAccessibleName("Changed rows")
        self.findings = FindingsList()
        self.leave = QCheckBox("Leave refused rows out, and import the others")
        self.leave.toggled.connect(lambda _: self.look())
        self.leave.hide()
        self.export = button("Export…", self.ask_export, icon="download")
        summary = QWidget()
        summary.setLayout(column(self.counts, self.statuses, margins=(0, SPACE, 0, 0)))
        summary.layout().setStretch(0, 3)
        summary.layout().setStretch(1, 2)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for widget in (summary, self.rows, self.changes, self.findings):
            self.tabs.addTab(widget, "")
        below = row(self.again, self.export, 2 * SPACE, self.leave, None)
        self.fill(row(self.bar, self.cancel), self.tabs, below, scroll=False)

    def look(self) -> None:
        """Try the import."""
        path, as_of, how = self.wizard().path(), self.desk.as_of, self.wizard().how()
        self.wait(self.tabs)
        self.export.hide()

        def attempt(book: Book, report: Report) -> Attempt:
            source = opened(book, path, how, lambda: report(0, 0))
            can_leave = any(left.wrong for left in source.left_out)
            return source.sha256, dry_run(book, source, as_of=as_of, progress=steps(report)), can_leave

        try:
            self.begin(self.desk.run_alone(f"Preview of {path.name}", attempt, self._found, self.failed, owner=self))
        except KnownFault as fault:
            self.failed(fault)

    def _found(self, answer: Attempt) -> None:
        self.looked_at, preview, can_leave = answer
        self.preview = preview
        self.show_body(self.tabs)
        self.export.show()
        self.leave.setVisible(can_leave)
        self._show_counts(preview)
        self._show_changes(preview)
        self.rows.show_rows(preview.rows)
        self.findings.show_findings(preview.findings)
        for number, title in enumerate(_titles(preview)):
            self.tabs.setTabText(number, title)
        self.tabs.setTabVisible(2, not preview.refused)
        self.tabs.setCurrentIndex(3 if preview.refused else 0)
        if preview.refused:
            self.said.say(_REFUSED_ROWS if can_leave and not self.leave.isChecked() else _REFUSED)
        elif not preview.changed:
            self.said.say("All of this is in the book already: importing it would change nothing.", "info")
        self.be_ready(preview.changed)

    def _show_counts(self, preview: Preview) -> None:
        self.counts.clear()
        for table, counts in preview.counts.items():
            self.counts.addTopLevelItem(numbers([wording.heading(table), *map(wording.number, counts), ""]))
        if preview.left:
            self.counts.addTopLevelItem(numbers(["Rows of the file", "", "", "", wording.number(preview.left)]))
        self.statuses.clear()
        for status in STATUSES if not preview.refused else ():
            now, then = (wording.number(one.get(status, 0)) for one in (preview.before, preview.after))
            self.statuses.addTopLevelItem(numbers([wording.badge(status), now, then]))

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

    # ------------------------------------------------------------------------------------------------------- exporting
    def ask_export(self) -> QFileDialog | None:
        """Ask for a file that takes all rows with what becomes of them."""
        name = f"Preview of {self.wizard().path().stem}.xlsx"
        return export_dialog(self, self.desk, "Export the preview", name, self.export_to)

    def export_to(self, path: Path) -> None:
        """Try the import once more, for all of its rows, and write what it would do."""
        given, as_of, how = self.wizard().path(), self.desk.as_of, self.wizard().how()

        def attempt(book: Book, report: Report) -> None:
            source = opened(book, given, how, lambda: report(0, 0))
            found = dry_run(book, source, as_of=as_of, progress=steps(report), most=None)
            previewing.save(found, path, name=given.name, as_of=as_of)

        def done(_: object) -> None:
            self.said.say(f"{path.name} is written.", "positive")

        def failed(error: Exception) -> None:
            self.said.say(fault_sentence(error))

        self.desk.run_alone(f"Export to {path.name}", attempt, done, failed, owner=self)


class RowsPart(QWidget):
    """The rows of an input, those of each kind by themselves: where they stand, what is in them, and why."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[SeenRow] = ()
        self.kind = choice([("", "All rows"), *((kind, _KINDS[kind][0]) for kind in KINDS)])
        self.kind.setAccessibleName("Which rows are shown")
        self.kind.currentIndexChanged.connect(lambda _: self._fill())
        self.tree = tree(["What becomes of it", "Row", "Values", "Why"], 136)
        self.tree.setAccessibleName("Rows of the file")
        self.tree.setRootIsDecorated(False)
        self.tree.header().resizeSection(1, 184)
        self.tree.header().resizeSection(2, 340)
        self.setLayout(column(row(self.kind, None), self.tree, margins=(0, SPACE, 0, 0)))

    def show_rows(self, rows: Sequence[SeenRow]) -> None:
        """Show other rows."""
        self._rows = sorted(rows, key=lambda one: one.kind != REFUSED)
        self._fill()

    def _fill(self) -> None:
        self.tree.clear()
        kind = self.kind.currentData()
        self.tree.addTopLevelItems([_line(one) for one in self._rows if kind in ("", one.kind)])


_KINDS = {
    "new": ("New", "plus", "positive"),
    "changed": ("Changed", "pencil", "accent"),
    "unchanged": ("Unchanged", "circle", "muted"),
    "refused": ("Refused", "circle-alert", "negative"),
}


def _line(seen: SeenRow) -> QTreeWidgetItem:
    words, icon, meaning = _KINDS[seen.kind]
    number = seen.place.rpartition(", ")[2]
    place = f"{wording.heading(seen.table)}, {number}" if seen.table else wording.capital(number)
    values = "   ".join(f"{name}: {wording.line(text)}" for name, text in seen.cells)
    made = QTreeWidgetItem([words, place, values, seen.reason])
    made.setIcon(0, icons.icon(icon, meaning))
    for at, text in ((1, seen.place), (2, values), (3, seen.reason)):
        made.setToolTip(at, plain(text))
    return made


_REFUSED = "This would be refused. Correct what is listed below in your file, and look again."
_REFUSED_ROWS = "This would be refused. Correct the rows that are listed below, and look again; or leave them out."


def _titles(preview: Preview) -> tuple[str, str, str, str]:
    changed = sum(counts.changed for counts in preview.counts.values())
    every = sum(map(sum, preview.counts.values())) + preview.left
    return (
        "What changes",
        f"Rows ({wording.number(every)})",
        f"Changed rows ({wording.number(changed)})",
        f"Findings ({wording.number(len(preview.findings))})",
    )
