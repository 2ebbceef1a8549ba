"""Compare: what came, went and changed between two snapshots or days, grouped by what happened, with the causes."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from dateutil.relativedelta import relativedelta
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui import compare_text, icons, theme, wording
from gui.desk import Desk, Place
from gui.theme import SPACE
from gui.widgets.buttons import button, plain
from gui.widgets.card import heading
from gui.widgets.day_field import day_field, day_of
from gui.widgets.empty import empty
from gui.widgets.layout import column, frame, row, stacked
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.wizards.base import fault_sentence
from gui.work import Job, Report, using
from store.snapshots import compare, kept, licsnap
from store.snapshots.compare import Chosen
from store.snapshots.differences import handing_out, shape
from store.snapshots.differences.shape import Comparison, Difference, Element
from store.snapshots.saving import save_file

MOST: Final = 2_000
"""Positions that are shown; an export has all of them."""

_EDGE: Final = 3 * SPACE
_DAY: Final = "day"
_COLUMNS: Final = ("Position", "Model", "Metric", "Balance before", "Balance", "Status before", "Status")
_WIDTHS: Final = (320, 112, 80, 120, 96, 140, 140)
_LOOKS: Final = {
    shape.NEWLY_SHORT: ("circle-alert", "negative"),
    shape.RESOLVED: ("circle-check", "positive"),
    shape.STILL_SHORT: ("circle-alert", "warning"),
    shape.CAME: ("circle-plus", "info"),
    shape.WENT: ("circle-minus", "muted"),
    shape.CHANGED: ("arrow-up-down", "info"),
    shape.DETAILS: ("info", "muted"),
}
_ABOUT: Final = (
    "What is not the same between two snapshots, or two days of this book. Days are judged from what the book holds"
    " now; the book stays as it is."
)
_NAME: Final = Qt.ItemDataRole.UserRole


def make(desk: Desk) -> QWidget:
    """The page."""
    return ComparePage(desk)


class SideField(QWidget):
    """Chooses one side: a snapshot that was saved, another file or folder, or a day of the book."""

    failed = Signal(str)

    def __init__(self, desk: Desk, name: str, day: date) -> None:
        super().__init__()
        self.desk, self.name = desk, name
        self.what = QComboBox()
        self.what.setAccessibleName(name)
        self.what.setMinimumWidth(22 * SPACE)
        self.day = day_field(f"{name}: day", day)
        self.asking: QFileDialog | None = None
        self.setLayout(row(label(name, "muted"), self.what, self.day, gap=SPACE))
        self.fill()
        self.what.activated.connect(lambda _: self._chosen())
        self._look()

    def fill(self) -> None:
        """Offer the snapshots that there are now; what is chosen stays chosen."""
        held = self.what.currentData()
        self.what.clear()
        self.what.addItem("A day of this book", _DAY)
        for one in kept.listed(self.desk.book) if self.desk.is_open else ():
            number = f" no. {one.seal}" if one.seal else ""
            self.what.addItem(f"Snapshot{number} of {one.as_of}, saved {wording.moment(one.at)}", one.folder)
        self.what.addItem("A signed file (.licsnap)…", "file")
        self.what.addItem("The folder of a snapshot…", "folder")
        self._take(held)

    def _take(self, held: object) -> None:
        at = next((n for n in range(self.what.count()) if held and self.what.itemData(n) == held), 0)
        if at == 0 and isinstance(held, Path):
            at = self.what.count() - 2
            self.what.insertItem(at, wording.line(str(held)), held)
        self.what.setCurrentIndex(at)
        self._look()

    def choose(self, chosen: Chosen) -> None:
        """Choose a snapshot or a day."""
        if isinstance(chosen, date):
            self._take(_DAY)
            self.day.setDate(chosen)
        else:
            self._take(chosen)

    def chosen(self) -> Chosen:
        """The snapshot or the day."""
        held = self.what.currentData()
        return held if isinstance(held, Path) else day_of(self.day)

    def _look(self) -> None:
        self.day.setVisible(self.what.currentData() == _DAY)

    def _chosen(self) -> None:
        held = self.what.currentData()
        if held in ("file", "folder"):
            self.asking = QFileDialog(self, f"{self.name}: which snapshot?")
            self.asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            modes = QFileDialog.FileMode
            self.asking.setFileMode(modes.ExistingFile if held == "file" else modes.Directory)
            if held == "file":
                self.asking.setNameFilter(f"Snapshots (*{licsnap.SUFFIX} *.json)")
            self.asking.fileSelected.connect(lambda name: self._take(Path(name)))
            self.asking.rejected.connect(lambda: self._take(_DAY))
            self.asking.open()
        self._look()


class ComparePage(QWidget):
    """Two sides to choose at the top; below them the differences, which open to their causes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.desk = desk
        self.found: Comparison | None = None
        self.job: Job | None = None
        self.asking: QFileDialog | None = None
        self.before = SideField(desk, "Before", desk.as_of)
        self.after = SideField(desk, "After", desk.as_of + relativedelta(months=3))
        self.run = button("Compare", self.compare, icon="arrow-right-left", kind="primary")
        self.export = button("Export…", self.ask_export, icon="download")
        self.open_ = button("Open position", self.open_position, icon="external-link")
        self.said = Inline()
        self.summary = label("", "strong", wrap=True, selectable=True)
        self.tree = _tree()
        self._build()
        self._suggest()
        self.tree.itemActivated.connect(lambda *_: self.open_position())
        self.tree.itemSelectionChanged.connect(self._enable)
        desk.changed.connect(self._changed)
        self._enable()

    def _build(self) -> None:
        sides = row(self.before, self.after, self.run, None, gap=2 * SPACE)
        edge = 2 * SPACE
        chooser = frame("card", column(sides, margins=(edge, edge - 4, edge, edge - 4)))
        self.stack = stacked(
            empty("arrow-right-left", "Nothing is compared yet", "Choose two snapshots or days, and press Compare."),
            self.tree,
            empty("circle-check", "Nothing differs", "Every position is the same on both sides."),
        )
        told = row(self.summary, self.open_, self.export, gap=SPACE)
        told.setStretch(0, 1)
        self.setLayout(
            column(
                heading("Compare", _ABOUT),
                chooser,
                self.said,
                told,
                self.stack,
                gap=SPACE + 4,
                margins=(_EDGE, _EDGE, _EDGE, 2 * SPACE),
            )
        )
        self.layout().setStretch(4, 1)

    def _suggest(self) -> None:
        """The last snapshot that was saved against today, if there is one of another day."""
        if not self.desk.is_open:
            return
        last = next(iter(kept.listed(self.desk.book)), None)
        if last is not None:
            self.before.choose(last.folder)
            self.after.choose(self.desk.as_of)

    def _changed(self, subjects: frozenset[str]) -> None:
        if "snapshots" in subjects and self.desk.is_open:
            self.before.fill()
            self.after.fill()

    # -------------------------------------------------------------------------------------------------------- comparing
    def compare(self) -> None:
        """Compare what is chosen, in the background."""
        if self.job is not None and self.job.running:
            self.job.cancel()
        book, before, after = self.desk.book, self.before.chosen(), self.after.chosen()

        def job(report: Report) -> Comparison:
            with using(book, report):
                return compare.compare(before, after, book=book, progress=report)

        self.said.clear()
        self.run.setEnabled(False)
        self.job = self.desk.work.run("Comparing", job, self._show, self._failed, lane="compare", owner=self)
        self.job.ended.connect(lambda: self.run.setEnabled(True))

    def _failed(self, fault: Exception) -> None:
        self.said.say(fault_sentence(fault))

    def _show(self, found: Comparison) -> None:
        self.found = found
        self.summary.setText(_summed_up(found))
        if found.warnings:
            self.said.say(" ".join(wording.line(one) for one in found.warnings), "warning")
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        counts = found.groups
        for one in found.differences[:MOST]:
            if one.group not in groups:
                groups[one.group] = _group(one.group, counts[one.group])
                self.tree.addTopLevelItem(groups[one.group])
            groups[one.group].addChild(_item(one))
        for code, item in groups.items():
            item.setFirstColumnSpanned(True)
            item.setExpanded(code != shape.DETAILS)
            for number in range(item.childCount()):
                for place in range(item.child(number).childCount()):
                    item.child(number).child(place).setFirstColumnSpanned(True)
        self.stack.setCurrentIndex(1 if found.differences else 2)
        self._enable()

    def _enable(self) -> None:
        self.export.setEnabled(self.found is not None)
        self.open_.setEnabled(bool(self._key()))

    def _key(self) -> str:
        """The key of the position in hand, "" for none and for one that is in no book."""
        item = self.tree.currentItem()
        while item is not None and not item.data(0, _NAME):
            item = item.parent()
        return "" if item is None else str(item.data(0, _NAME))

    def open_position(self) -> None:
        """Go to the record of the position in hand."""
        if (key := self._key()) and "position" in self.desk.reaches:
            self.desk.go(Place("position", key))

    # -------------------------------------------------------------------------------------------------------- exporting
    def ask_export(self) -> None:
        """Ask for a file: a workbook, JSON, or text."""
        if self.found is None:
            return
        home = Path(self.desk.state.get("compare/home", str(self.desk.book.path.absolute().parent)))
        name = f"{self.desk.book.path.stem}-{self.found.before.as_of}-{self.found.after.as_of}.xlsx"
        self.asking = QFileDialog(self, "Export the comparison", str(home / name))
        self.asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.asking.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.asking.setNameFilters(["Excel workbook (*.xlsx)", "JSON (*.json)", "Text (*.txt)"])
        self.asking.fileSelected.connect(lambda name: self.export_to(Path(name)))
        self.asking.open()

    def export_to(self, target: Path) -> None:
        """Write what was found to a file, by its ending, in the background."""
        found = self.found
        if found is None:
            return
        path = (
            target if target.suffix.lower() in (".xlsx", ".json", ".txt") else target.with_name(f"{target.name}.xlsx")
        )
        self.desk.state.put("compare/home", str(path.parent))
        done = partial(self.desk.tell, f"The comparison is saved in {path}", "positive")
        job = partial(_write, found, path)
        self.desk.work.run("Exporting the comparison", job, lambda _: done(), self._failed, lane="export", owner=self)


def _write(found: Comparison, path: Path, _: Report) -> None:
    if path.suffix.lower() == ".txt":
        text = "".join(f"{line}\n" for line in compare_text.told(found))
        save_file(path, lambda target: target.write_bytes(text.encode()))
    else:
        handing_out.save(found, path)


def _summed_up(found: Comparison) -> str:
    more = wording.left_out(min(MOST, len(found.differences)), len(found.differences))
    return " ".join((f"From {found.before.as_of} to {found.after.as_of}: {compare_text.summary(found)}.", more)).strip()


def _tree() -> QTreeWidget:
    made = QTreeWidget()
    made.setAccessibleName("Differences")
    made.setHeaderLabels(list(_COLUMNS))
    made.setUniformRowHeights(True)
    made.setAllColumnsShowFocus(True)
    made.setProperty("kind", "boxed")
    made.header().setStretchLastSection(False)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for place, width in enumerate(_WIDTHS):
        made.header().resizeSection(place, width)
        if place in (3, 4):
            made.headerItem().setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def _group(code: str, count: int) -> QTreeWidgetItem:
    made = QTreeWidgetItem([f"{compare_text.GROUPS[code]} ({wording.number(count)})"])
    made.setIcon(0, icons.icon(*_LOOKS[code]))
    font = made.font(0)
    font.setBold(True)
    made.setFont(0, font)
    return made


def _item(one: Difference) -> QTreeWidgetItem:
    sides = one.before, one.after
    texts = [wording.line(one.product), wording.label(one.model) or "No entitlement", wording.label(one.metric)]
    texts += [*map(_balance, sides), *map(_status, sides)]
    made = QTreeWidgetItem(texts)
    made.setData(0, _NAME, one.key)
    made.setToolTip(0, plain(wording.line(one.product)))
    for place, side in zip((3, 4), sides, strict=True):
        made.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if shape.lack(side):
            made.setForeground(place, theme.of().colour("negative"))
    for place, side in zip((5, 6), sides, strict=True):
        if side is not None:
            icon_meaning = theme.status(str(side["status"]))
            made.setIcon(place, icons.icon(icon_meaning[1], icon_meaning[0]))
    for cause in one.causes:
        made.addChild(_cause(wording.capital(compare_text.cause(cause))))
    return made


def _cause(text: str) -> QTreeWidgetItem:
    made = QTreeWidgetItem([text])
    made.setIcon(0, icons.icon("corner-down-right", "muted"))
    made.setToolTip(0, plain(text))
    return made


def _balance(side: Element | None) -> str:
    if side is None:
        return "–"
    held = side["balance"]
    return wording.signed(held) if isinstance(held, int) else wording.capital(str(held))


def _status(side: Element | None) -> str:
    return "–" if side is None else wording.label(str(side["status"]))
