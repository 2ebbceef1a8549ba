"""Snapshots: what was handed out of this book, where it lies, and whether it still is what was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui import icons, own_key, wording
from gui.desk import Desk, Place
from gui.dialogs import question, snapshot, verification
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button, plain
from gui.widgets.card import heading
from gui.widgets.empty import empty
from gui.widgets.layout import column, frame, row, stacked
from gui.widgets.message import Inline
from gui.widgets.text import label, picture
from gui.work import Report
from rules.vocabulary import UNDER_LICENSED
from store.errors import KnownFault
from store.snapshots import kept, keys
from store.snapshots.kept import Kept, State
from store.snapshots.verify import grouped

_COLUMNS = ("As of", "Saved", "By", "Under-licensed", "State", "Fingerprint", "Where")
_WIDTHS = (112, 160, 96, 128, 136, 136, 200)
_LOOKS = {
    kept.SIGNED: ("badge-check", "positive"),
    kept.WHOLE: ("shield-check", "positive"),
    kept.CHANGED: ("triangle-alert", "warning"),
    kept.REPLACED: ("repeat", "muted"),
    kept.MISSING: ("circle-x", "negative"),
}
_ABOUT = (
    "A snapshot is everything the book shows on a day, as files. Its fingerprint (SHA-256) tells whether a copy is the"
    " one that was saved. A signed one is a single file, which anybody can check with your public key."
)


def make(desk: Desk) -> QWidget:
    """The page."""
    return SnapshotsPage(desk)


class SnapshotsPage(QWidget):
    """A list of the snapshots that were saved from this book, and what can be done with each."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.shown: Sequence[Kept] = ()
        self.states: Mapping[int, State] = {}
        self.dialog: snapshot.SnapshotDialog | None = None
        self.question: QMessageBox | None = None
        self.asking: QFileDialog | None = None
        self.checks: verification.VerificationDialog | None = None
        self.add = button("Save a snapshot…", self.save, icon="camera", kind="primary")
        self.verify = button("Verify a file…", self.ask, icon="shield-check")
        self.list = _list()
        self.key, self.fingerprint = self._key()
        self.said = Inline()
        self.actions_ = self._buttons()
        self._build()
        hear(self, desk.changed, lambda subjects: self._fill() if "snapshots" in subjects else None)
        self._fill()

    def _build(self) -> None:
        full = column(row(*self.actions_.values(), None), self.said, self.list, self.key)
        full.setStretch(2, 1)
        first = button("Save a snapshot…", self.save, icon="camera", kind="primary")
        nothing = empty(
            "camera",
            "No snapshot was saved yet",
            "Save one to hand out what the book shows today, and to prove later what it showed.",
            first,
        )
        self.stack = stacked(full, nothing)
        edge = 3 * SPACE
        self.setLayout(
            column(
                heading("Snapshots", _ABOUT, self.verify, self.add),
                SPACE,
                self.stack,
                margins=(edge, edge, edge, 2 * SPACE),
            )
        )
        self.layout().setStretch(2, 1)
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemActivated.connect(lambda *_: self.open_folder())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)

    def _buttons(self) -> dict[str, QPushButton]:
        return {
            "open": button("Open folder", self.open_folder, icon="folder-open"),
            "copy": button("Copy fingerprint", self.copy_fingerprint, icon="copy"),
            "check": button("Check all again", self.check, icon="refresh-cw"),
            "checks": button("Show the checks", self.show_checks, icon="list"),
            "forget": button("Remove from the list", self.forget, icon="trash-2"),
        }

    def _key(self) -> tuple[QFrame, QLabel]:
        """The line about one's own signing key, below the list."""
        shown = label("", "muted", selectable=True)
        export = button("Export public key…", self.ask_export, icon="key-round")
        line = row(
            picture("key-round", "muted"), shown, None, export, margins=(SPACE, SPACE // 2, SPACE // 2, SPACE // 2)
        )
        return frame("well", line), shown

    def arrive(self, _: Place) -> None:
        """Check the snapshots, which may have been moved or changed meanwhile."""
        self.check()

    # ------------------------------------------------------------------------------------------------------------ list
    def _fill(self) -> None:
        if not self.desk.is_open:
            return
        chosen = self.chosen()
        self.shown = kept.listed(self.desk.book)
        self.list.clear()
        for one in self.shown:
            self.list.addTopLevelItem(_item(one, self.states.get(one.id)))
        numbers = [one.id for one in self.shown]
        if self.shown:
            self.list.setCurrentItem(
                self.list.topLevelItem(numbers.index(chosen.id) if chosen and chosen.id in numbers else 0)
            )
        self.stack.setCurrentIndex(0 if self.shown else 1)
        self.add.setVisible(bool(self.shown))
        known = own_key.fingerprint()
        self.key.setVisible(known is not None)
        self.fingerprint.setText(f"Your signing key: {grouped(known or '')}")
        self._enable()

    def chosen(self) -> Kept | None:
        """The snapshot in hand."""
        item = self.list.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item is not None and item.isSelected() else None

    def _enable(self) -> None:
        one = self.chosen()
        found = self.states.get(one.id) if one else None
        for code, made in self.actions_.items():
            made.setEnabled(one is not None and not (code == "forget" and self.desk.read_only))
        self.actions_["checks"].setEnabled(one is not None and one.seal is not None)
        self.actions_["open"].setEnabled(one is not None and (found is None or found.code != kept.MISSING))
        self.said.clear()
        if found is not None and found.reasons:
            self.said.say(" ".join(_sentence(reason) for reason in found.reasons[:5]), "warning")

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for made in self.actions_.values():
            action = menu.addAction(made.icon(), made.text(), made.click)
            action.setEnabled(made.isEnabled())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.list.viewport().mapToGlobal(at))

    # --------------------------------------------------------------------------------------------------------- actions
    def save(self) -> None:
        """Ask where to, and save."""
        self.dialog = snapshot.open_(self.desk, self)
        self.dialog.saved.connect(self._saved)

    def _saved(self, one: Kept) -> None:
        self.desk.state.put("snapshots/home", str(one.folder.parent))
        self._fill()
        self.check()
        number = f", signed, as number {one.seal}" if one.seal else ""
        self.desk.tell(f"The snapshot is saved{number}: {one.folder}", "positive")

    def check(self) -> None:
        """Read every snapshot again, in the background."""
        found = list(self.shown)

        def job(report: Report) -> dict[int, State]:
            states: dict[int, State] = {}
            for number, one in enumerate(found):
                report(number, len(found))
                states[one.id] = kept.state(one)
            return states

        if found:
            self.desk.work.run("Checking the snapshots", job, self._checked, lane="snapshots", owner=self)

    def _checked(self, states: Mapping[int, State]) -> None:
        self.states = states
        self._fill()

    def open_folder(self) -> None:
        """Show the files of the chosen snapshot in the program that the desktop has for folders."""
        one = self.chosen()
        if one is None:
            return
        folder = one.folder if one.seal is None else one.folder.parent
        if not folder.is_dir() or not open_local(folder):
            self.said.say(f"{one.folder} cannot be opened: it is not there any more, or no program is set for folders.")

    def copy_fingerprint(self) -> None:
        """Put the fingerprint of the chosen snapshot on the clipboard."""
        if one := self.chosen():
            QGuiApplication.clipboard().setText(one.sha256)
            self.desk.tell("The fingerprint is on the clipboard.")

    def ask(self) -> None:
        """Ask for a signed snapshot, whoever it is from, and check it."""
        self.asking = verification.ask(self.desk, self)

    def show_checks(self) -> None:
        """Show every check of the chosen signed snapshot."""
        if (one := self.chosen()) and one.seal is not None:
            self.checks = verification.open_(self.desk, self, one.folder)

    def ask_export(self) -> None:
        """Ask where the public key shall be written, to be handed out."""
        self.asking = QFileDialog(self, "Export the public key", "", "Public keys (*.pem)")
        self.asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.asking.setDefaultSuffix("pem")
        self.asking.selectFile("elpis-public-key.pem")
        self.asking.fileSelected.connect(self._export)
        self.asking.open()

    def _export(self, name: str) -> None:
        try:
            keys.export(own_key.folder(), Path(name))
        except KnownFault as fault:
            self.said.say(str(fault))
        else:
            self.desk.tell(f"The public key is saved in {name}", "positive")

    def forget(self) -> None:
        """Ask, and let the book forget the chosen snapshot."""
        if one := self.chosen():
            self.question = question.ask(
                self,
                f"Remove the snapshot of {one.as_of} from this list?",
                f"What was saved stays in {one.folder}. The list does not tell of it any more.",
                "Remove",
                partial(self._forget, one),
            )

    def _forget(self, one: Kept) -> None:
        try:
            self.desk.run_alone("", lambda book, _: kept.forget(book, one.id), lambda _: self._fill(), owner=self)
        except KnownFault as fault:
            self.said.say(str(fault))


def open_local(folder: Path) -> bool:
    """Open a folder of this machine; whether the desktop has taken it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _list() -> QTreeWidget:
    made = QTreeWidget()
    made.setAccessibleName("Snapshots")
    made.setHeaderLabels(list(_COLUMNS))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setAllColumnsShowFocus(True)
    made.setProperty("kind", "boxed")
    made.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    for place, width in enumerate(_WIDTHS):
        made.header().resizeSection(place, width)
    return made


def _item(one: Kept, found: State | None) -> QTreeWidgetItem:
    short = wording.number(one.statuses.get(UNDER_LICENSED, 0))
    state = "Not checked yet" if found is None else wording.badge(found.code)
    item = QTreeWidgetItem([one.as_of, wording.moment(one.at), one.who, short, state, one.sha256[:12], str(one.folder)])
    item.setData(0, Qt.ItemDataRole.UserRole, one)
    item.setTextAlignment(3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if found is not None:
        icon, meaning = _LOOKS[found.code]
        item.setIcon(4, icons.icon(icon, meaning))
    item.setToolTip(5, one.sha256)
    item.setToolTip(6, plain(str(one.folder)))
    return item


def _sentence(reason: str) -> str:
    return reason if reason.endswith(".") else f"{reason}."
