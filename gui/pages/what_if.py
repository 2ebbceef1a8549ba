"""What if: scenarios of changes, each beside the book, and applied if it is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QLayout,
    QListWidget,
    QMenu,
    QMessageBox,
    QPushButton,
    QWidget,
)

from gui import what_if_text, wording
from gui.desk import Desk, Place
from gui.dialogs import name as name_dialog
from gui.dialogs import question, scenario_change
from gui.dialogs.form import Form
from gui.pages.forecast import export_dialog
from gui.pages.what_if_parts.comparison import ComparisonView
from gui.theme import SPACE
from gui.watch import Watch, hear
from gui.widgets.buttons import button, icon_button
from gui.widgets.card import heading
from gui.widgets.day_field import day_field, day_of, to_qt
from gui.widgets.empty import empty
from gui.widgets.layout import column, frame, row, scrolling, stacked
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.work import Job, Report, using
from store.book import Book
from store.errors import KnownFault
from store.scenarios import handing_out, judging, keeping, reading
from store.scenarios.judging import Comparison
from store.scenarios.shape import KINDS, Change, Scenario

_SUBJECTS: Final = frozenset({"compliance", "prices", "scenarios"})
_ABOUT: Final = (
    "Try changes out beside the book. It stays as it is until a scenario is applied, which is one step to undo."
)
_SIDE: Final = 184
_TALLEST: Final = 6
"""Changes that are shown at once; further ones are scrolled to."""


def make(desk: Desk) -> QWidget:
    """The page; the key of a Place names a scenario."""
    return WhatIfPage(desk)


class WhatIfPage(QWidget):
    """Scenarios at the left; at the right the changes of the one in hand, and what they lead to."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.scenario: Scenario | None = None
        self.dialog: Form | None = None
        self.question: QMessageBox | None = None
        self._job: Job | None = None
        self._filling = False
        self.list, self.changes = _list("Scenarios"), _list("Changes")
        self.said = Inline()
        self.view = ComparisonView(desk)
        self.day = day_field("Compare on", desk.as_of)
        self._build()
        self.list.currentRowChanged.connect(lambda _: self._chosen())
        self.changes.itemActivated.connect(lambda _: self.edit())
        self.changes.currentRowChanged.connect(lambda _: self._enable())
        self.day.dateChanged.connect(lambda _: self.compare())
        self._watch = Watch(self, desk, _SUBJECTS.intersection, self._fill)
        hear(self, desk.day_changed, lambda day: self.day.setDate(to_qt(day)))
        desk.opened.connect(self._reopened)

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        self.new = button("New scenario", self.add_scenario, icon="plus")
        self.title = label("", "heading")
        self.apply_button = button("Apply…", self.ask_to_apply, icon="check", kind="primary")
        self.more = _menu_button("More", "ellipsis", self._fill_more)
        self.add_button = _menu_button("Add a change", "plus", self._fill_kinds)
        self.edit_button = button("Edit", self.edit, icon="pencil")
        self.up_button = icon_button("arrow-up", "Move up", lambda: self.move_change(-1))
        self.down_button = icon_button("arrow-down", "Move down", lambda: self.move_change(1))
        self.remove_button = button("Remove", self.remove_change, icon="trash-2", kind="danger")
        first = button("New scenario", self.add_scenario, icon="plus", kind="primary")
        load = button("Read one from a file…", self.ask_file, icon="folder-open")
        sentence = "Try out a renewal, a purchase, less demand or another right, and see what it would lead to."
        self.stack = stacked(self._build_full(), empty("flask-conical", "No scenario yet", sentence, first, load))
        edge = 3 * SPACE
        head = heading("What if", _ABOUT, self.new)
        self.setLayout(column(head, self.said, self.stack, gap=2 * SPACE, margins=(edge, edge, edge, SPACE)))
        self.layout().setStretch(2, 1)

    def _build_full(self) -> QLayout:
        self.list.setFixedWidth(_SIDE)
        tools = row(self.add_button, self.edit_button, self.up_button, self.down_button, None, self.remove_button)
        edge = 2 * SPACE
        changes = frame("card", column(tools, self.changes, margins=(edge, edge, edge, edge)))
        head = row(self.title, None, label("Compare on", "muted"), self.day, self.more, self.apply_button)
        body = column(changes, self.view, None, gap=2 * SPACE, margins=(0, 0, SPACE, SPACE))
        right = column(head, scrolling(body), gap=SPACE + 4)
        right.setStretch(1, 1)
        made = row(self.list, right, gap=2 * SPACE)
        made.setStretch(1, 1)
        return made

    def _fill_more(self, menu: QMenu) -> None:
        for text, run in (
            ("Rename…", self.ask_name),
            ("Duplicate", self.duplicate),
            ("Export the comparison…", self.ask_export),
            ("Save the changes to a file…", self.ask_save),
            ("Read a scenario from a file…", self.ask_file),
            ("Remove the scenario", self.remove),
        ):
            menu.addAction(text, run)

    def _fill_kinds(self, menu: QMenu) -> None:
        for kind in KINDS:
            menu.addAction(f"{what_if_text.KINDS[kind]}…", partial(self.add, kind))

    # ---------------------------------------------------------------------------------------------------------- showing
    def arrive(self, place: Place) -> None:
        """Show the scenario that the place names, as the book has it now."""
        if self._watch.stale or place.key:
            self._fill(place.key)

    def _reopened(self) -> None:
        self._watch.stale, self.scenario = True, None
        if self.desk.is_open:
            self.day.setDate(to_qt(self.desk.as_of))

    def _fill(self, chosen: str = "") -> None:
        if not self.desk.is_open:
            return
        self._watch.stale = False
        names = keeping.held(self.desk.book)
        chosen = chosen or (self.scenario.scenario if self.scenario else "")
        self._filling = True
        self.list.clear()
        self.list.addItems([wording.line(name) for name in names])
        for number, name in enumerate(names):
            self.list.item(number).setData(Qt.ItemDataRole.UserRole, name)
        self.list.setCurrentRow(names.index(chosen) if chosen in names else 0 if names else -1)
        self._filling = False
        self.stack.setCurrentIndex(0 if names else 1)
        self.new.setVisible(bool(names))
        self._chosen()

    def _chosen(self) -> None:
        item = self.list.currentItem()
        if self._filling:
            return
        self.said.clear()
        self.scenario = None if item is None else self._read(item.data(Qt.ItemDataRole.UserRole))
        at = self.changes.currentRow()
        self.changes.clear()
        if self.scenario is not None:
            self.title.setText(wording.line(self.scenario.scenario))
            for number, change in enumerate(self.scenario.changes, start=1):
                self.changes.addItem(f"{number}.  {what_if_text.change(change)}")
            self.changes.setCurrentRow(min(max(at, 0), self.changes.count() - 1))
            high = self.changes.sizeHintForRow(0) if self.scenario.changes else 0
            self.changes.setFixedHeight(high * min(self.changes.count(), _TALLEST) + 2 * SPACE)
            self.changes.setVisible(bool(self.scenario.changes))
        self._enable()
        self.compare()

    def _read(self, name: str) -> Scenario | None:
        try:
            return keeping.read(self.desk.book, name)
        except KnownFault as fault:
            self.said.say(str(fault))
            return None

    def _enable(self) -> None:
        may = self.scenario is not None and not self.desk.read_only
        at = self.changes.currentRow()
        for one in (self.add_button, self.more):
            one.setEnabled(may)
        self.new.setEnabled(not self.desk.read_only)
        for one in (self.edit_button, self.remove_button):
            one.setEnabled(may and at >= 0)
        self.up_button.setEnabled(may and at > 0)
        self.down_button.setEnabled(may and 0 <= at < self.changes.count() - 1)
        self.apply_button.setEnabled(may and self.changes.count() > 0)

    # -------------------------------------------------------------------------------------------------------- comparing
    def compare(self) -> None:
        """Judge the scenario beside the book, in the background."""
        scenario = self.scenario
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if scenario is None or not scenario.changes:
            self.view.say("Add a change, and see here what it leads to." if scenario else "")
            return
        if self.desk.busy:
            self.view.say("The book is being changed or judged; the comparison follows.")
            return
        book, day = self.desk.book, day_of(self.day)

        def look(report: Report) -> Comparison:
            with using(book, report):
                return judging.compare(book, scenario, on=day)

        work = self.desk.work
        self._job = work.run("Comparing the scenario", look, self._show, self._fail, lane="what-if", owner=self)
        self._job.ended.connect(self._ended)

    def _ended(self) -> None:
        if self._job is not None and not self._job.running:
            self._job = None

    def _show(self, found: Comparison) -> None:
        self.said.clear()
        self.view.show_found(found)

    def _fail(self, fault: Exception) -> None:
        if not isinstance(fault, KnownFault):
            raise fault
        self.view.say("")
        advice = " Edit or remove it, and the others are compared again." if str(fault).startswith("change ") else ""
        self.said.say(f"{wording.capital(str(fault))}{advice}")

    # -------------------------------------------------------------------------------------------------------- scenarios
    def add_scenario(self) -> None:
        """Ask for the name of a new scenario."""
        taken = keeping.held(self.desk.book)
        name_dialog.open_(self.window(), "New scenario", lambda name: self._keep(Scenario(name), "Add"), taken=taken)

    def ask_name(self) -> None:
        """Ask for another name of the scenario in hand."""
        if (held := self.scenario) is not None:
            taken = keeping.held(self.desk.book)
            name_dialog.open_(
                self.window(), "Rename", partial(self._rename, held.scenario), name=held.scenario, taken=taken
            )

    def _rename(self, held: str, name: str) -> None:
        if self._do(f"Rename scenario {held}", lambda book: keeping.rename(book, held, name)):
            self._fill(name)

    def duplicate(self) -> None:
        """Keep a copy of the scenario in hand, under a name that is free."""
        if self.scenario is not None:
            taken = set(keeping.held(self.desk.book))
            copies = (f"{self.scenario.scenario} ({number})" for number in range(2, len(taken) + 3))
            self._keep(replace(self.scenario, scenario=next(name for name in copies if name not in taken)), "Add")

    def remove(self) -> None:
        """Let go of the scenario in hand. It can be undone."""
        if (held := self.scenario) is not None:
            self._do(f"Remove scenario {held.scenario}", lambda book: keeping.remove(book, held.scenario))

    def _keep(self, scenario: Scenario, verb: str = "Change") -> None:
        what = f"{verb} scenario {wording.line(scenario.scenario)}"
        if self._do(what, lambda book: keeping.save(book, scenario, new=verb == "Add")):
            self._fill(scenario.scenario)

    def _do(self, what: str, change: Callable[[Book], object]) -> bool:
        self.said.clear()
        try:
            self.desk.do(what, change)
        except KnownFault as fault:
            self.said.say(str(fault))
            return False
        return True

    # ---------------------------------------------------------------------------------------------------------- changes
    def add(self, kind: str) -> None:
        """Ask for a new change of a kind."""
        if (held := self.scenario) is not None:
            keep = partial(self._put, held, len(held.changes))
            self.dialog = scenario_change.open_(self.desk, self.window(), held, kind, keep)

    def edit(self) -> None:
        """Ask what shall be different about the chosen change."""
        at = self.changes.currentRow()
        if (held := self.scenario) is None or at < 0 or self.desk.read_only:
            return
        kind = next(code for code, one in KINDS.items() if one is type(held.changes[at]))
        self.dialog = scenario_change.open_(self.desk, self.window(), held, kind, partial(self._put, held, at), at)

    def _put(self, held: Scenario, at: int, change: Change) -> None:
        self._keep(replace(held, changes=(*held.changes[:at], change, *held.changes[at + 1 :])))

    def remove_change(self) -> None:
        """Take the chosen change out of the scenario."""
        at = self.changes.currentRow()
        if (held := self.scenario) is not None and at >= 0:
            self._keep(replace(held, changes=(*held.changes[:at], *held.changes[at + 1 :])))

    def move_change(self, by: int) -> None:
        """Make the chosen change earlier or later."""
        at = self.changes.currentRow()
        if (held := self.scenario) is not None and 0 <= at + by < len(held.changes):
            changes = list(held.changes)
            changes[at], changes[at + by] = changes[at + by], changes[at]
            self._keep(replace(held, changes=tuple(changes)))
            self.changes.setCurrentRow(at + by)

    # -------------------------------------------------------------------------------------------------- applying, files
    def ask_to_apply(self) -> None:
        """Ask, and make the changes of the scenario for real."""
        if (held := self.scenario) is not None:
            count = wording.plural(len(held.changes), "change")
            self.question = question.ask(
                self,
                f"Apply {count} of “{wording.line(held.scenario)}” to the book?",
                "Contracts, demand and rights change as listed, and everything that follows is judged. One undo takes"
                " all of it back.",
                "Apply",
                partial(self._apply, held),
            )

    def _apply(self, held: Scenario) -> None:
        name = wording.line(held.scenario)
        try:
            self.desk.do_long(
                f"Apply scenario {name}",
                lambda book, _: keeping.apply(book, held),
                lambda _: self.desk.tell(f"The scenario {name} is applied. Undo takes all of it back.", "positive"),
                self._fail,
                owner=self,
            )
        except KnownFault as fault:
            self.said.say(str(fault))

    def ask_export(self) -> QFileDialog | None:
        """Ask for the file that the comparison is written to."""
        found = self.view.found
        if found is None:
            return None
        name = f"{wording.line(found.scenario.scenario).replace('/', '-')} {found.on.isoformat()}.xlsx"
        return export_dialog(self, self.desk, "Export the comparison", name, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the comparison, in the background."""
        if (found := self.view.found) is not None:
            self._write(lambda _: handing_out.save(found, path), path)

    def ask_save(self) -> QFileDialog | None:
        """Ask for the JSON file that the changes are written to."""
        held = self.scenario
        if held is None:
            return None
        name = f"{wording.line(held.scenario).replace('/', '-')}.json"
        return export_dialog(self, self.desk, "Save the changes", name, self.save_to)

    def save_to(self, path: Path) -> None:
        """Write the changes to a file, in the background."""
        if (held := self.scenario) is not None:
            self._write(lambda _: handing_out.save_scenario(held, path), path)

    def _write(self, job: Callable[[Report], object], path: Path) -> None:
        done = partial(self.desk.tell, f"Written to {path}.", "positive")
        self.desk.work.run("Writing a file", job, lambda _: done(), owner=self)

    def ask_file(self) -> QFileDialog:
        """Ask for a file with a scenario."""
        dialog = QFileDialog(self, "Read a scenario", self.desk.state.get("folders/export", str(Path.home())))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(("Scenario (*.json)", "All files (*)"))
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.finished.connect(lambda _: dialog.deleteLater())
        dialog.open()
        return dialog

    def read_file(self, path: Path) -> None:
        """Keep the scenario of a file; one of that name is replaced."""
        try:
            found = reading.of_file(path)
        except KnownFault as fault:
            self.said.say(str(fault))
            return
        self._keep(replace(found, scenario=found.scenario or path.stem), "Read")


def _list(name: str) -> QListWidget:
    made = QListWidget()
    made.setAccessibleName(name)
    made.setProperty("kind", "boxed")
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made


def _menu_button(text: str, icon: str, fill: Callable[[QMenu], object]) -> QPushButton:
    def show() -> None:
        menu = QMenu(made)
        fill(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(made.mapToGlobal(QPoint(0, made.height() + 4)))

    made = button(text, show, icon=icon)
    return made
