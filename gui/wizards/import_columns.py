"""The columns of a file of the user's own making: each beside a sample of what is in it, and the field that it goes to.

What is proposed can be changed; the first rows are shown as they would be stored, anew with every change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QSizePolicy,
    QSplitter,
    QTreeWidgetItem,
    QWidget,
)

from gui import icons, theme, wording
from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.buttons import button, explain, plain
from gui.widgets.layout import column, row, scrolling
from gui.widgets.text import label
from gui.wizards.base import Problem, fault_sentence
from gui.wizards.fields import Field, choice
from gui.wizards.looking import LookingPage, tree
from gui.work import Report
from store.errors import KnownFault
from store.imports import free
from store.imports.flat import SAMPLE, Flat
from store.imports.mapping import keeping, proposing, shape, trial
from store.imports.mapping.shape import ColumnMapping, LeaveOut
from store.imports.mapping.targets import TARGETS
from store.imports.mapping.values import DATE_FORMATS, DECIMALS
from store.imports.source import Source, Unreadable

TARGET_WORDS: Final = {
    "licenses": "Licenses that were bought",
    "installations": "Installations on devices",
    "demand": "Demand as it was counted",
    "users": "Users of a product",
}
_FOR_ALL: Final[Mapping[str, tuple[str, ...]]] = {
    "licenses": ("metric", "model", "currency"),
    "installations": ("product",),
    "demand": ("product", "metric"),
    "users": ("product",),
}
"""What can be said for all rows, where no column says it."""

_HINTS: Final = {
    "metric": "device, user, core …",
    "model": "By whether there is an end",
    "currency": "That of the book",
    "product": "The name of the product",
}
_TRIED: Final = 8
_LINE: Final = 36
_WIDEST: Final = 260


@dataclass(frozen=True)
class Looked:
    """What looking at a file has brought: its first rows, and what is proposed or remembered for its columns."""

    flat: Flat
    proposal: proposing.Proposal


class ColumnsPage(LookingPage):
    """Each column of the file beside the field that it goes to, how values are written, and the first rows."""

    def __init__(self, desk: Desk) -> None:
        about = (
            "Proposed by their names and by what is in them. Nothing is stored before you have seen what would change."
        )
        super().__init__(desk, "Columns", "What do the columns stand for?", about)
        self.flat: Flat | None = None
        self.proposal: proposing.Proposal | None = None
        self.looked_at: Path | None = None
        self.fields: dict[str, QComboBox] = {}
        self.words: Mapping[str, Mapping[str, str]] = {}
        self.dialog: QFileDialog | None = None
        self._filling = False
        self.table = tree(["Column in your file", "What is in it", "Field", "Why"], 136)
        self.table.setAccessibleName("Columns of the file")
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(False)
        for place, width in ((1, 164), (2, 172)):
            self.table.header().resizeSection(place, width)
        self.tried = tree(["Row"], 72)
        self.tried.setAccessibleName("The first rows as they would be stored")
        self.tried.setRootIsDecorated(False)
        self._make_settings()
        self._arrange()

    # ------------------------------------------------------------------------------------------------------- its parts
    def _make_settings(self) -> None:
        self.target = Field("The rows are", choice(list(TARGET_WORDS.items())))
        self.name = Field("Name of this mapping", QLineEdit(), needed=True)
        self.remember = QCheckBox("Remember it for such files")
        explain(self.remember, "A later file with the same columns is read by this mapping at once")
        self.remember.setChecked(True)
        self.dates = Field("Days are written", choice([(one, one) for one in DATE_FORMATS]))
        self.decimal = Field("Before decimals", choice([(one, _DECIMAL_WORDS[one]) for one in DECIMALS]))
        self.unlimited = Field("Unlimited is written", _line("unlimited, -1"))
        self.left_column = Field("Leave rows out by column", choice([("", "None")]))
        self.left_values = Field("where it is", _line("canceled, returned"))
        self.for_all = {
            name: Field(f"{wording.heading(name)} of all rows", _line(hint)) for name, hint in _HINTS.items()
        }
        self.target.changed.connect(self._other_target)
        parts = (self.name, self.dates, self.decimal, self.unlimited, self.left_column, self.left_values)
        for one in (*parts, *self.for_all.values()):
            one.changed.connect(self.refresh)

    def _arrange(self) -> None:
        side = QWidget()
        parts = (self.target, *self.for_all.values(), self.dates, self.decimal, self.unlimited)
        files = row(button("Read…", self.ask_open), button("Write…", self.ask_save), None)
        left_out = (self.left_column, self.left_values)
        kept = column(self.name, self.remember, files, gap=SPACE)
        side.setLayout(column(*parts, *left_out, kept, None, gap=SPACE + 4, margins=(2 * SPACE, 0, 2 * SPACE, SPACE)))
        for box in side.findChildren(QComboBox):
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.setChildrenCollapsible(False)
        beside.addWidget(self.table)
        beside.addWidget(scrolling(side))
        beside.setStretchFactor(0, 1)
        beside.setSizes([676, 288])
        below = QWidget()
        self.tried_title = label("", "overline")
        below.setLayout(column(self.tried_title, self.tried, gap=SPACE // 2))
        self.body = QSplitter(Qt.Orientation.Vertical)
        self.body.setChildrenCollapsible(False)
        for part, share in ((beside, 3), (below, 2)):
            self.body.addWidget(part)
            self.body.setStretchFactor(self.body.count() - 1, share)
        self.body.setSizes([340, 232])
        self.fill(row(self.bar, self.cancel), self.body, row(self.again, None), scroll=False)

    # -------------------------------------------------------------------------------------------------------- looking
    def arrive(self) -> None:
        """Look at the file, unless it is the one that is shown already."""
        if self.looked_at != self.wizard().path():
            self.look()

    def look(self) -> None:
        """Read the first rows, and propose what the columns are."""
        path, held = self.wizard().path(), keeping.held(self.desk.book)
        self.looked_at = None
        self.wait(self.body)

        def read(_: Report) -> Looked:
            flat = free.flat(path)
            if isinstance(flat, Source):
                raise KnownFault("\n".join(map(str, flat.findings)))
            known = next((one for one in held if one.fits(flat.names)), None)
            try:
                first = trial.head(flat, SAMPLE)
            except Unreadable as unreadable:
                raise KnownFault(str(unreadable)) from None
            return Looked(first, _known(shape.spelled(known, flat.names)) if known else proposing.propose(first))

        self.begin(self.desk.work.run("", read, self._found, self.failed, lane="import", owner=self))

    def _found(self, looked: Looked) -> None:
        self.flat, self.proposal = looked.flat, looked.proposal
        self.looked_at = self.wizard().path()
        self.show_body(self.body)
        self.again.hide()
        self.show_mapping(looked.proposal.mapping)
        for doubt in looked.proposal.doubts:
            self.said.say(doubt, "warning")
        self.be_ready(True)
        self.table.setFocus()

    def show_mapping(self, mapping: ColumnMapping) -> None:
        """Put a mapping into the controls."""
        flat = self.flat
        if flat is None:
            return
        self._filling = True
        self.words = mapping.words
        self.target.control.setCurrentIndex(self.target.control.findData(mapping.target))
        self._fill_table(flat, mapping)
        for field, value in ((self.dates, mapping.date_format), (self.decimal, mapping.decimal)):
            field.control.setCurrentIndex(field.control.findData(value))
        for field, text in (
            (self.name, mapping.name),
            (self.unlimited, ", ".join(mapping.unlimited)),
            (self.left_values, ", ".join(mapping.leave_out[0].values if mapping.leave_out else ())),
        ):
            field.control.setText(text)
        for name, field in self.for_all.items():
            field.control.setText(mapping.constants.get(name, ""))
        box = self.left_column.control
        box.clear()
        for code, words in (("", "None"), *((name, name) for name in flat.names)):
            box.addItem(words, code)
        box.setCurrentIndex(max(0, box.findData(mapping.leave_out[0].column if mapping.leave_out else "")))
        self._filling = False
        self.refresh()

    def _fill_table(self, flat: Flat, mapping: ColumnMapping) -> None:
        self.table.clear()
        self.fields.clear()
        sample = flat.sample()
        options = [("", "Not taken"), *((one.name, _words(one.name, one.required)) for one in TARGETS[mapping.target])]
        for at, name in enumerate(flat.names):
            texts = list(dict.fromkeys(one for row_ in sample if (one := wording.line(row_[at].strip()))))
            item = QTreeWidgetItem([name, "  ·  ".join(texts[:4]) or "empty", "", ""])
            item.setSizeHint(0, QSize(0, _LINE))
            item.setToolTip(1, plain("\n".join(texts[:12])))
            self.table.addTopLevelItem(item)
            box = choice(options, mapping.columns.get(name, ""))
            box.setAccessibleName(f"Field of the column {name}")
            box.currentIndexChanged.connect(lambda _: self.refresh())
            self.fields[name] = box
            self.table.setItemWidget(item, 2, box)

    def _other_target(self) -> None:
        if not self._filling and self.flat is not None:
            target = self.target.control.currentData()
            found = proposing.propose(self.flat, target)
            self.proposal = found
            self.show_mapping(replace(found.mapping, name=self.name.control.text()))

    # ------------------------------------------------------------------------------------------------- what is chosen
    def mapping(self) -> ColumnMapping:
        """What the controls say."""
        columns = {name: code for name, box in self.fields.items() if (code := str(box.currentData()))}
        target = str(self.target.control.currentData())
        shown = [name for name in _FOR_ALL[target] if name not in columns.values()]
        texts = {name: self.for_all[name].control.text().strip() for name in shown}
        column_, values = str(self.left_column.control.currentData() or ""), _several(self.left_values.control.text())
        return ColumnMapping(
            self.name.control.text().strip(),
            target,
            columns,
            {name: text for name, text in texts.items() if text},
            str(self.dates.control.currentData()),
            str(self.decimal.control.currentData()),
            _several(self.unlimited.control.text()),
            (LeaveOut(column_, values),) if column_ and values else (),
            self.words,
            self.flat.names if self.flat is not None else (),
        )

    def refresh(self) -> None:
        """Show what follows from what is chosen: why, what is wrong, and the first rows."""
        if self._filling or self.flat is None:
            return
        mapping = self.mapping()
        wrong = dict(shape.problems(mapping))
        for name, field in self.for_all.items():
            field.setVisible(name in _FOR_ALL[mapping.target] and name not in mapping.columns.values())
        self.left_values.setVisible(bool(self.left_column.control.currentData()))
        self._explain(mapping, wrong)
        self._try(mapping)

    def _explain(self, mapping: ColumnMapping, wrong: Mapping[str, str]) -> None:
        """Beside each column: what is wrong with its field, or why it was proposed."""
        proposed = self.proposal
        colours = theme.of()
        for number, name in enumerate(self.fields):
            item = self.table.topLevelItem(number)
            field = mapping.columns.get(name, "")
            problem = wrong.get(field, "") if field else ""
            as_proposed = proposed is not None and proposed.mapping.columns.get(name, "") == field
            reason = proposed.reasons.get(name, "") if proposed is not None and as_proposed else "chosen by you"
            item.setText(3, wording.capital(problem or reason))
            item.setForeground(3, colours.colour("negative" if problem else "muted"))
            item.setIcon(3, icons.icon("circle-alert", "negative") if problem else QIcon())
            item.setToolTip(3, plain(item.text(3)))
            self.fields[name].setAccessibleDescription(item.text(3))

    def _try(self, mapping: ColumnMapping) -> None:
        """Show the first rows as they would be stored."""
        self.tried.clear()
        needed = [wording.capital(sentence) for _, sentence in shape.problems(mapping)]
        if needed or self.flat is None:
            self.tried.setColumnCount(1)
            self.tried.setHeaderLabels(["Not yet"])
            self.tried_title.setText("The first rows as they would be stored")
            for sentence in needed:
                self.tried.addTopLevelItem(_wrong([sentence], 1))
            return
        found = trial.tried(self.flat, mapping)
        refused = sum(bool(one.reason) for one in found.rows)
        titles = ["Row", *map(wording.heading, found.columns)]
        self.tried.setColumnCount(len(titles))
        self.tried.setHeaderLabels(titles)
        for one in found.rows[:_TRIED]:
            if one.reason:
                self.tried.addTopLevelItem(_wrong([f"{one.number}  {one.reason}"], 1))
                self.tried.topLevelItem(self.tried.topLevelItemCount() - 1).setFirstColumnSpanned(True)
            else:
                self.tried.addTopLevelItem(QTreeWidgetItem([str(one.number), *map(wording.label, one.cells)]))
        for place in range(1, len(titles)):
            self.tried.resizeColumnToContents(place)
            self.tried.setColumnWidth(place, min(self.tried.columnWidth(place), _WIDEST))
        told = f", {wording.number(refused)} of them left out" if refused else ""
        rows = wording.plural(len(found.rows), "row")
        self.tried_title.setText(f"The first {rows} as they would be stored{told}")

    def problems(self) -> Iterable[Problem]:
        """A mapping that can read the file."""
        for about, sentence in shape.problems(self.mapping()):
            yield (self.name if not about else None), wording.capital(sentence)

    # ---------------------------------------------------------------------------------------------------------- files
    def ask_open(self) -> None:
        """Ask for the file of a mapping."""
        self._ask("Read a mapping", QFileDialog.AcceptMode.AcceptOpen, self.open_file)

    def ask_save(self) -> None:
        """Ask where the mapping goes."""
        self._ask("Write the mapping", QFileDialog.AcceptMode.AcceptSave, self.save_file)

    def _ask(self, title: str, mode: QFileDialog.AcceptMode, run: object) -> None:
        self.dialog = QFileDialog(self, title, "", "Mappings (*.json)")
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.setAcceptMode(mode)
        self.dialog.setDefaultSuffix("json")
        self.dialog.fileSelected.connect(run)
        self.dialog.open()

    def open_file(self, path: str) -> None:
        """Take the mapping of a file, as far as the columns are those of this one."""
        try:
            found = shape.read(Path(path))
        except KnownFault as fault:
            self.said.say(fault_sentence(fault))
            return
        self.said.clear()
        self.show_mapping(found)

    def save_file(self, path: str) -> None:
        """Write the mapping to a file."""
        try:
            shape.write(self.mapping(), Path(path))
        except OSError as fault:
            self.said.say(f"{path} cannot be written: {fault.strerror}.")
            return
        self.said.say(f"{Path(path).name} is written.", "positive")


_DECIMAL_WORDS: Final = {".": "a point: 1,250.50", ",": "a comma: 1.250,50"}


def _line(hint: str) -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(hint)
    return made


def _known(mapping: ColumnMapping) -> proposing.Proposal:
    return proposing.Proposal(mapping, dict.fromkeys(mapping.columns, f"as remembered under {mapping.name}"))


def _words(name: str, required: bool) -> str:
    return f"{wording.heading(name)} *" if required else wording.heading(name)


def _several(text: str) -> tuple[str, ...]:
    return tuple(one for part in text.split(",") if (one := part.strip()))


def _wrong(texts: list[str], last: int) -> QTreeWidgetItem:
    made = QTreeWidgetItem(texts)
    made.setIcon(0, icons.icon("circle-alert", "negative"))
    for place in range(last):
        made.setForeground(place, theme.of().colour("negative"))
        made.setToolTip(place, plain(texts[place]))
    return made
