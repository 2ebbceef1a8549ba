"""Backups: which there are of this book, what each holds, what was changed since, and the way back to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QMessageBox,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui import backup_words, icons, wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.pages.snapshots import open_local
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button
from gui.widgets.card import heading
from gui.widgets.empty import empty
from gui.widgets.layout import column, row, stacked
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.work import Report
from store import backups, generations
from store.backups import Backup, Comparison
from store.book import Book
from store.errors import KnownFault

_ABOUT = (
    "Copies of this book, each checked when it was made: before an import, an update and a restore, after half an hour"
    " of changes, and when the book is closed. They lie in a folder beside it. Some of each day, week and month stay."
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def make(desk: Desk) -> QWidget:
    """The page."""
    return BackupsPage(desk)


class BackupsPage(QWidget):
    """A list of the backups, and beside it what the chosen one holds, compared with the book as it is now."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.shown: Sequence[Backup] = ()
        self.faults: Mapping[Path, str] = {}
        self.question: QMessageBox | None = None
        self.add = button("Back up now", self.back_up, icon="archive", kind="primary")
        self.list = _table("Backups", ("When", "Why", "Size", "State"), (152, 208, 80, 96))
        self.rows = _table("Rows then and now", ("Rows", "Then", "Now", "Difference"), (176, 72, 72, 88))
        self.changes = _table("Changes since", ("When", "Who", "What"), (152, 72, 216))
        self.summary = label("", "heading", wrap=True)
        self.about = label("", "muted", wrap=True)
        self.said = Inline()
        self.actions_ = self._buttons()
        self._build()
        if desk.keeper is not None:
            desk.keeper.kept.connect(self.fill)
        hear(self, desk.changed, lambda _: self._compare() if self.isVisible() else None)

    def _buttons(self) -> dict[str, QPushButton]:
        return {
            "restore": button("Restore…", self.restore, icon="history"),
            "check": button("Check all again", self.check, icon="refresh-cw"),
            "open": button("Open folder", self.open_folder, icon="folder-open"),
        }

    def _build(self) -> None:
        self.below = QSplitter(Qt.Orientation.Vertical)
        self.below.addWidget(self.rows)
        self.below.addWidget(self.changes)
        right = QWidget()
        right.setLayout(column(self.summary, self.about, self.below, gap=SPACE, margins=(SPACE, 0, 0, 0)))
        right.layout().setStretch(2, 1)
        both = QSplitter()
        both.addWidget(self.list)
        both.addWidget(right)
        both.setStretchFactor(0, 5)
        both.setStretchFactor(1, 4)
        both.setChildrenCollapsible(False)
        full = column(row(*self.actions_.values(), None), self.said, both)
        full.setStretch(2, 1)
        first = button("Back up now", self.back_up, icon="archive", kind="primary")
        nothing = empty("archive", "There is no backup yet", "Make one, or go on: soon there is one.", first)
        self.stack = stacked(full, nothing)
        edge = 3 * SPACE
        head = heading("Backups", _ABOUT, self.add)
        self.setLayout(column(head, SPACE, self.stack, margins=(edge, edge, edge, 2 * SPACE)))
        self.layout().setStretch(2, 1)
        self.list.itemSelectionChanged.connect(self._compare)

    def arrive(self, _: Place) -> None:
        """Look which backups there are."""
        self.fill()

    # ------------------------------------------------------------------------------------------------------------ list
    def fill(self) -> None:
        """List them, the newest first, and choose the one that was chosen."""
        if not self.desk.is_open:
            return
        chosen = self.chosen()
        self.shown = backups.listed(self.desk.book.path)
        self.list.clear()
        self.list.addTopLevelItems([self._item(one) for one in self.shown])
        paths = [one.path for one in self.shown]
        if paths:
            at = paths.index(chosen.path) if chosen and chosen.path in paths else 0
            self.list.setCurrentItem(self.list.topLevelItem(at))
        self.stack.setCurrentIndex(0 if paths else 1)
        self.add.setVisible(bool(paths))
        self._compare()

    def _item(self, one: Backup) -> QTreeWidgetItem:
        fault = self.faults.get(one.path)
        state = "Not sound" if fault else "Checked" if one.sha256 else "Not checked"
        words = [backup_words.moment(one), backup_words.REASONS[one.why], backup_words.size(one.size), state]
        item = QTreeWidgetItem(words)
        item.setData(0, Qt.ItemDataRole.UserRole, one)
        item.setTextAlignment(2, _RIGHT)
        icon = ("circle-x", "negative") if fault else ("shield-check", "positive" if one.sha256 else "muted")
        item.setIcon(3, icons.icon(*icon))
        return item

    def chosen(self) -> Backup | None:
        """The backup in hand."""
        item = self.list.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item is not None and item.isSelected() else None

    # ------------------------------------------------------------------------------------------------------- comparison
    def _compare(self) -> None:
        one = self.chosen()
        self.actions_["restore"].setEnabled(one is not None and not self._is_read_by_force())
        self.said.clear()
        if one is None or not self.desk.is_open:
            return
        if one.path in self.faults:
            self.said.say(self.faults[one.path])

        def look(book: Book, _: Report) -> Comparison:
            return backups.compare(book, one)

        self.desk.look_long("", look, self._show, self._failed, owner=self, lane="comparing")

    def _is_read_by_force(self) -> bool:
        """Whether another program has the book, which can then not be restored; a damaged one can."""
        problems = self.desk.keeper.problems if self.desk.keeper is not None else ()
        return self.desk.read_only and not problems

    def _show(self, found: Comparison) -> None:
        self.summary.setText(backup_words.summary(found))
        self.about.setText(backup_words.about(found))
        self.rows.clear()
        self.rows.addTopLevelItems([_counted(*one) for one in backup_words.differences(found) if one[1] or one[2]])
        self.changes.clear()
        told = [QTreeWidgetItem([wording.moment(at), who, what]) for at, who, what in found.changes]
        self.changes.addTopLevelItems(told)
        self.changes.setVisible(bool(told))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, KnownFault):
            self.said.say(str(error))

    # --------------------------------------------------------------------------------------------------------- actions
    def back_up(self) -> None:
        """Make a backup now."""
        keeper = self.desk.keeper
        if keeper is not None:
            keeper.back_up("user", self.fill)
            return
        self.desk.look_long("Backing up the book", _back_up, lambda _: self.fill(), owner=self)

    def check(self) -> None:
        """Read every backup from end to end, in the background."""
        found, passphrase = list(self.shown), self.desk.book.passphrase

        def job(report: Report) -> dict[Path, str]:
            faults: dict[Path, str] = {}
            for number, one in enumerate(found):
                report(number, len(found))
                try:
                    backups.check(one, passphrase)
                except KnownFault as fault:
                    faults[one.path] = str(fault)
            return faults

        self.desk.work.run("Checking the backups", job, self._checked, lane="checking", owner=self)

    def _checked(self, faults: Mapping[Path, str]) -> None:
        self.faults = faults
        self.fill()
        good = len(self.shown) - len(faults)
        self.desk.tell(
            f"{wording.number(good)} of {wording.number(len(self.shown))} backups are sound.",
            "warning" if faults else "positive",
        )

    def open_folder(self) -> None:
        """Show the files in the program that the desktop has for folders."""
        folder = generations.folder(self.desk.book.path)
        if not open_local(folder):
            self.said.say(f"{folder} cannot be opened: no program is set for folders.")

    def restore(self) -> None:
        """Ask, and go back to the chosen backup."""
        if one := self.chosen():
            self.question = question.ask(
                self,
                f"Go back to the backup of {backup_words.moment(one)}?",
                f"{self.summary.text()}. The book as it is now is kept beside it, under a name of its own, and what was"
                " done can be brought back from there.",
                "Restore",
                partial(self._restore, one),
            )

    def _restore(self, one: Backup) -> None:
        desk, told = self.desk, backup_words.moment(one)

        def done(aside: Path | None) -> None:
            if aside is not None:
                desk.tell(f"The book is as it was at {told}. What it was until now: {aside.name}", "positive")

        desk.restore(one, done)


def _back_up(book: Book, report: Report) -> Backup:
    return backups.back_up(book, progress=report)


def _counted(name: str, then: int, now: int) -> QTreeWidgetItem:
    difference = f"+{wording.number(now - then)}" if now > then else wording.number(now - then) if now < then else ""
    item = QTreeWidgetItem([name, wording.number(then), wording.number(now), difference])
    for place in (1, 2, 3):
        item.setTextAlignment(place, _RIGHT)
    return item


def _table(name: str, heads: Sequence[str], widths: Sequence[int]) -> QTreeWidget:
    made = QTreeWidget()
    made.setAccessibleName(name)
    made.setHeaderLabels(list(heads))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setAllColumnsShowFocus(True)
    made.setProperty("kind", "boxed")
    for place, width in enumerate(widths):
        made.header().resizeSection(place, width)
    return made
