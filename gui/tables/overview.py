"""An overview: one table with everything that people do with lists, the same on every page of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QMessageBox, QToolButton, QWidget

from gui import overview_words, wording
from gui.desk import Desk, Place
from gui.tables import arrangement, columns, handing_out, nothing, source
from gui.tables.actions import PageAction, bare, make, worded
from gui.tables.chips import Chips
from gui.tables.columns_popup import ColumnsPopup
from gui.tables.foot import Foot
from gui.tables.keeping import MANY, Selection
from gui.tables.search_field import SearchField
from gui.tables.tree_model import TreeModel
from gui.tables.view import TableView
from gui.tables.views import View, Views
from gui.tables.window_model import WindowModel
from gui.theme import SPACE
from gui.watch import Watch
from gui.widgets.layout import column, row, stacked
from gui.widgets.text import label
from gui.work import Job, Report, using
from store import overviews
from store.overviews import Ask

_ASIDE: Final = frozenset({"changes", "findings", "snapshots"})
"""Subjects whose changes no overview shows."""

_REMEMBER_AFTER: Final = 400
_COUNT_AFTER: Final = 80
"""Milliseconds after the last change of its kind."""

_EDGE: Final = 3 * SPACE


class OverviewPage(QWidget):
    """The overview of that name, with what can be done on it. `subjects` are those whose changes it shows."""

    activated = Signal(str)
    """A row was opened, by Enter or a double click: its public key."""

    def __init__(
        self, desk: Desk, name: str, actions: Sequence[PageAction] = (), *, sort: str = "", aside: Sequence[str] = ()
    ) -> None:
        """`sort` is the order to begin with: a column, with a minus for downwards; columns `aside` begin hidden."""
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "page")
        self.desk, self.name, self.words = desk, name, overview_words.OVERVIEWS[name]
        self.overview = overviews.OVERVIEWS[name]
        self.offers = actions
        self.question: QMessageBox | None = None
        self._usual_sort = sort
        self._watch = Watch(self, desk, lambda subjects: subjects - _ASIDE, self.refresh)
        self._arranging = False
        self._counting: Job | None = None
        self._asked = self._remembered_ask()
        kind = TreeModel if self.overview.tree else WindowModel
        origin = source.of(desk, name)
        self.model = kind(origin, columns.of(self.overview.fields, aside), desk.work, self)
        self.view = TableView(self.model)
        self.selection = Selection(self.view, self.model, origin.find)
        self.foot = Foot(desk, self.view, self.model, self.selection)
        self.views = Views(desk.state, name, self, self._look, self._usual_look, self._show_look)
        self._build()
        self._connect()
        self._arrange(self._remembered("columns", []))

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        self.search = SearchField(self.words.title.lower())
        self.chips = Chips(self.overview.filters)
        self.view.setAccessibleName(self.words.title)
        self.actions_by_code: dict[str, QAction] = {}
        self._stack = stacked(self.view)
        narrowing = row(self.search, self.chips, gap=2 * SPACE)
        narrowing.setAlignment(self.chips, Qt.AlignmentFlag.AlignVCenter)
        narrowing.setStretch(1, 1)
        self.setLayout(
            column(
                self._head(),
                narrowing,
                self._stack,
                self.foot,
                gap=SPACE + SPACE // 2,
                margins=(_EDGE, 2 * SPACE, _EDGE, SPACE),
            )
        )
        self.layout().setStretch(2, 1)

    def setFocus(self, *_: object) -> None:
        """Give the keyboard to the table, and where it would be empty, to the search.

        A focus proxy would lead Tab past everything that stands above the table.
        """
        (self.view if self._stack.currentWidget() is self.view else self.search).setFocus()

    def put_below(self, widget: QWidget) -> None:
        """Put something between the table and its foot."""
        self.layout().insertWidget(self.layout().indexOf(self.foot), widget)

    def _head(self) -> QHBoxLayout:
        """The title, and the buttons: what concerns the list as a whole first, then its rows, adding last."""
        self._action("find", "search", "Ctrl+F", self._find)
        self._action("copy", "copy", "Ctrl+C", self.copy)
        general = [
            bare(self._action("refresh", "refresh-cw", "", self.refresh), "refresh-cw"),
            self._views_button(),
            bare(self._action("columns", "columns-3", "", self._open_columns), "columns-3"),
            bare(self._action("export", "download", "Ctrl+E", self.ask_export), "download"),
        ]
        self._columns_button = general[2]
        others, primary = [], []
        for offer in self.offers:
            action = self._action(offer.code, offer.icon, offer.shortcut, partial(self.run, offer))
            if offer.toolbar and offer.needs == "none":
                primary.append(worded(action, offer.icon, "" if primary else "primary"))
            elif offer.toolbar:
                others.append(worded(action, offer.icon, "quiet"))
        title = label(self.words.title, "title")
        return row(title, None, *general, SPACE, *others, SPACE, *primary[::-1], gap=SPACE // 2)

    def _action(self, code: str, icon: str, shortcut: str, run: Callable[[], object]) -> QAction:
        made = make(self, code, icon, shortcut, run)
        self.actions_by_code[code] = made
        return made

    def _views_button(self) -> QToolButton:
        self._views_menu = QMenu(self)
        self._views_menu.aboutToShow.connect(lambda: self.views.fill(self._views_menu))
        made = bare(self._action("views", "bookmark", "", lambda: self._below(made, self._views_menu)), "bookmark")
        return made

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda text: self.ask(search=text))
        self.search.left.connect(self._enter_table)
        self.chips.chosen.connect(lambda code: self.ask(filter=code))
        self.view.typed.connect(self._type)
        self.view.entered_row.connect(self._activate)
        self.view.customContextMenuRequested.connect(self._open_context_menu)
        header = self.view.horizontalHeader()
        header.sectionClicked.connect(self._click_header)
        header.customContextMenuRequested.connect(self._open_header_menu)
        self._later = QTimer(self, singleShot=True, interval=_REMEMBER_AFTER)
        self._later.timeout.connect(self.remember)
        self._count_later = QTimer(self, singleShot=True, interval=_COUNT_AFTER)
        self._count_later.timeout.connect(self._count_now)
        for moved in (header.sectionResized, header.sectionMoved):
            moved.connect(lambda *_: self._touch_columns())
        self.selection.changed.connect(self._enable)
        self.model.settled.connect(self._settle)
        self.model.modelReset.connect(self._show_rows)
        self.model.failed.connect(lambda fault: self.desk.tell(str(fault), "error"))
        self.desk.opened.connect(self._reopen)
        self._enable()

    # --------------------------------------------------------------------------------------------------------- asking
    def arrive(self, place: Place) -> None:
        """Show what a place asks for: a filter, a search, or only certain rows."""
        if place.ask is not None:
            asked, now = place.ask, self._asked
            self._take(asked if asked.sort else replace(asked, sort=now.sort, descending=now.descending))

    def asked(self) -> Ask:
        """What the overview was asked last."""
        return self._asked

    def ask(self, **changes: Any) -> None:
        """Ask for something else: another `search`, `filter`, `sort`, `descending`, or `where`."""
        wanted = replace(self._asked, **changes)
        if wanted == self.model.asked:
            return
        before = self.model.asked
        recount = before is None or (wanted.search, wanted.where) != (before.search, before.where)
        self._asked = wanted
        self._show_asked()
        if not self.desk.is_open:
            return
        self.model.ask(wanted)
        self.view.scrollToTop()
        if recount:
            self._count()
        self._later.start()

    def refresh(self) -> None:
        """Ask the book again; selected rows stay selected, what is in sight stays there."""
        self._watch.stale = False
        if self.model.asked is None:
            self.ask()
        else:
            self.selection.find_again()
            self.model.refresh()
            self._count()

    def _take(self, ask: Ask) -> None:
        self.search.blockSignals(True)
        self.search.setText(ask.search)
        self.search.blockSignals(False)
        self.ask(search=ask.search, filter=ask.filter, where=ask.where, sort=ask.sort, descending=ask.descending)

    def _show_asked(self) -> None:
        """Let filter, conditions and the arrow in the header say what is asked."""
        asked, names = self._asked, [column.name for column in self.model.columns]
        self.chips.choose(asked.filter)
        self.chips.narrow([wording.condition(*each) for each in asked.where], lambda: self.ask(where=()))
        order = Qt.SortOrder.DescendingOrder if asked.descending else Qt.SortOrder.AscendingOrder
        self.view.horizontalHeader().setSortIndicator(names.index(asked.sort) if asked.sort in names else -1, order)

    def _count(self) -> None:
        """Count the rows of each filter, in the background, once one has stopped typing."""
        if self._counting is not None and self._counting.running:
            self._counting.cancel()
        self._count_later.start()

    def _count_now(self) -> None:
        if not self.desk.is_open:
            return
        book, asked = self.desk.book, self._asked

        def job(report: Report) -> dict[str, int]:
            with using(book, report):
                return overviews.counts(book, self.name, asked)

        self._counting = self.desk.work.run("", job, self.chips.count, lane="counts", owner=self)

    def _reopen(self) -> None:
        if not self.desk.is_open:
            self.model.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._watch.stale and self.desk.is_open:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.remember()

    # ------------------------------------------------------------------------------------------------ rows and no rows
    def _settle(self) -> None:
        self.foot.count.setText(self.words.counted(self.model.total()))
        self._show_rows()

    def _show_rows(self) -> None:
        """The table, or what to do where it would be empty."""
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.view)
        elif self.desk.is_open and self.model.asked is not None:
            had_keyboard = self.view.hasFocus()
            self._show_empty()
            if had_keyboard:
                self.search.setFocus()

    def _show_empty(self) -> None:
        while self._stack.count() > 1:
            old = self._stack.widget(1)
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.addWidget(nothing.yet(self) if self._is_bare() else nothing.found(self))
        self._stack.setCurrentIndex(1)

    def _is_bare(self) -> bool:
        """Whether the overview has no rows at all, whatever is asked."""
        return not overviews.first(self.desk.book, self.name, Ask(), 1)

    # ------------------------------------------------------------------------------------------------------- selection
    def selected_keys(self) -> list[str]:
        """The public keys of the selected rows, from top to bottom."""
        return self.selection.keys()

    def records(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        """The rows with these keys that there still are, as values by field."""
        found = [overviews.find(self.desk.book, self.name, key) for key in keys]
        fields = [field.name for field in self.overview.fields]
        rows = self.model.values([number for number in found if number is not None])
        return [dict(zip(fields, row, strict=True)) for row in rows]

    def select(self, key: str) -> bool:
        """Select the row with that key and bring it into sight; whether it is in the list."""
        number = overviews.find(self.desk.book, self.name, key)
        rows = [] if number is None else self.model.rows_of({number}, 0, self.model.rowCount() - 1)
        for found in rows:
            self.view.selectRow(found)
            self.view.scrollTo(self.model.index(found, self.view.first_column()))
        return bool(rows)

    def _enable(self) -> None:
        count = self.selection.count()
        for offer in self.offers:
            self.actions_by_code[offer.code].setEnabled(offer.fits(count))
        self.actions_by_code["copy"].setEnabled(count > 0)

    def run(self, offer: PageAction) -> None:
        """Do what an action offers with the selected rows."""
        if offer.needs == "none":
            offer.run([])
        elif self.selection.count() > MANY:
            self.desk.tell(f"Select at most {wording.number(MANY)} rows for that.", "warning")
        else:
            offer.run(self.selected_keys())

    def _activate(self, at: int) -> None:
        self.activated.emit(self.model.key_at(at))

    def _enter_table(self) -> None:
        if self.model.rowCount():
            self.view.setFocus()
            if not self.view.currentIndex().isValid():
                self.view.setCurrentIndex(self.model.index(0, self.view.first_column()))

    def _type(self, letters: str) -> None:
        self.search.setFocus()
        self.search.insert(letters)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    # ----------------------------------------------------------------------------------------------- sorting and menus
    def sort(self, name: str, *, descending: bool = False) -> None:
        """Sort by a column; "" is the order that the overview has by itself."""
        self.ask(sort=name, descending=descending)

    def _click_header(self, place: int) -> None:
        """Up, down, and then as it was."""
        name = self.model.columns[place].name
        if not self.model.columns[place].sortable:
            self._show_asked()
        elif self._asked.sort != name:
            self.sort(name)
        elif not self._asked.descending:
            self.sort(name, descending=True)
        else:
            self.sort("")

    def _open_context_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        by_keyboard = not index.isValid() and self.view.currentIndex().isValid()
        if by_keyboard:
            index = self.view.currentIndex()
            at = self.view.visualRect(index).center()
        menu = QMenu(self)
        menu.addActions([self.actions_by_code[offer.code] for offer in self.offers if offer.needs != "none"])
        menu.addAction(self.actions_by_code["copy"])
        menu.addSeparator()
        menu.addActions([self.actions_by_code[offer.code] for offer in self.offers if offer.needs == "none"])
        menu.addActions([self.actions_by_code["refresh"], self.actions_by_code["export"]])
        if index.isValid():
            self._add_column_actions(menu, index.column())
        self._pop_up(menu, self.view.viewport().mapToGlobal(at))

    def _open_header_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        place = self.view.horizontalHeader().logicalIndexAt(at)
        if place >= 0:
            self._add_column_actions(menu, place)
        menu.addAction(self.actions_by_code["columns"])
        self._pop_up(menu, self.view.horizontalHeader().viewport().mapToGlobal(at))

    def _add_column_actions(self, menu: QMenu, place: int) -> None:
        held = self.model.columns[place]
        menu.addSeparator()
        title = held.title.replace("&", "&&")
        if held.sortable:
            menu.addAction(f"Sort by {title}, upwards", lambda: self.sort(held.name))
            menu.addAction(f"Sort by {title}, downwards", lambda: self.sort(held.name, descending=True))
        if len(self.foot.places()) > 1:
            menu.addAction(f"Hide {title}", lambda: self._arrange(self._without(held.name)))

    def _without(self, name: str) -> arrangement.Arrangement:
        now = arrangement.read(self.view, self.model)
        return [{**each, "shown": each["shown"] and each["name"] != name} for each in now]

    def _below(self, part: QWidget, menu: QMenu) -> None:
        self._pop_up(menu, part.mapToGlobal(part.rect().bottomLeft()))

    def _pop_up(self, menu: QMenu, at: QPoint) -> None:
        self.menu = menu
        menu.popup(at)

    # ---------------------------------------------------------------------------------------------- columns and views
    def _open_columns(self) -> None:
        now = arrangement.read(self.view, self.model)
        self.columns_popup = ColumnsPopup(self, now, lambda: arrangement.usual(self.view, self.model))
        self.columns_popup.changed.connect(self._arrange)
        part = self._columns_button
        self.columns_popup.open_at(part.mapToGlobal(part.rect().bottomRight()))

    def _arrange(self, wanted: Sequence[object]) -> None:
        """Arrange the columns; nothing wanted is the usual arrangement, which follows the width of the window."""
        self._arranging = True
        arrangement.apply(self.view, self.model, wanted)
        self.view.elastic = not wanted or wanted == arrangement.usual(self.view, self.model)
        if self.view.elastic:
            self.view.stretch()
        self._arranging = False
        self._later.start()

    def _touch_columns(self) -> None:
        """The user has dragged a column: from now on, they stand as he wants."""
        if not self._arranging and not self.view.stretching:
            self.view.elastic = False
            self._later.start()

    def _arranged(self) -> arrangement.Arrangement:
        return [] if self.view.elastic else arrangement.read(self.view, self.model)

    def _look(self) -> View:
        asked = self._asked
        return {
            **{name: getattr(asked, name) for name in ("search", "filter", "sort", "descending")},
            "columns": self._arranged(),
        }

    def _usual_look(self) -> View:
        return {"search": "", **self._usual_order(), "columns": []}

    def _usual_order(self) -> View:
        order, down = self._usual_sort.removeprefix("-"), self._usual_sort.startswith("-")
        return {"filter": self.overview.default, "sort": order, "descending": down}

    def _show_look(self, view: View) -> None:
        self._arrange(view.get("columns", []))
        self._take(self._valid(view))

    def remember(self) -> None:
        """Keep columns, order and filter for the next time."""
        self._later.stop()
        held = self._look()
        for name in ("filter", "sort", "descending", "columns"):
            self.desk.state.put(f"overview/{self.name}/{name}", held[name])

    def _remembered(self, name: str, usual: Any) -> Any:
        return self.desk.state.get(f"overview/{self.name}/{name}", usual)

    def _remembered_ask(self) -> Ask:
        return self._valid({name: self._remembered(name, value) for name, value in self._usual_order().items()})

    def _valid(self, view: View) -> Ask:
        """What a view asks, without what this overview does not have (any more)."""
        wanted, order = str(view.get("filter", "")), str(view.get("sort", ""))
        known = any(order == field.name and field.sortable for field in self.overview.fields)
        return Ask(
            search=str(view.get("search", "")),
            filter=wanted if wanted in self.overview.filters else self.overview.default,
            sort=order if known else "",
            descending=known and bool(view.get("descending")),
        )

    # ------------------------------------------------------------------------------------------------ copy and export
    def copy(self) -> None:
        """Put the selected rows onto the clipboard, as a table with headings."""
        handing_out.copy(self)

    def ask_export(self) -> None:
        """Ask for a file to write what is shown to."""
        self.file_dialog = handing_out.ask_for_file(self)

    def export_to(self, path: Path) -> None:
        """Write what is shown to a workbook or CSV file, in the background."""
        handing_out.export_file(self, path)
