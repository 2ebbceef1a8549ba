"""An overview: one table with everything that people do with lists, the same on every page of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QToolButton, QWidget

from gui import wording
from gui.desk import Desk
from gui.tables import arrangement, columns, copying, export, source
from gui.tables.actions import PageAction, bare, make, worded
from gui.tables.chips import Chips
from gui.tables.columns_popup import ColumnsPopup
from gui.tables.foot import AT_ONCE, Foot, selected_ids
from gui.tables.keeping import MANY, Selection
from gui.tables.search_field import SearchField
from gui.tables.tree_model import TreeModel
from gui.tables.view import TableView
from gui.tables.views import View, Views
from gui.tables.window_model import WindowModel
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.empty import empty
from gui.widgets.layout import column, row
from gui.widgets.text import label
from gui.work import Job, Report, using
from store import overviews
from store.overviews import Ask

_ASIDE: Final = frozenset({"changes", "findings", "snapshots"})
"""Subjects whose changes no overview shows."""

_REMEMBER_AFTER: Final = 400
_EDGE: Final = 3 * SPACE


class OverviewPage(QWidget):
    """The overview of that name, with what can be done on it. `subjects` are those whose changes it shows."""

    activated = Signal(str)
    """A row was opened, by Enter or a double click: its public key."""

    def __init__(self, desk: Desk, name: str, actions: Sequence[PageAction] = ()) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("kind", "page")
        self.desk, self.name, self.words = desk, name, wording.OVERVIEWS[name]
        self.overview = overviews.OVERVIEWS[name]
        self.offers = actions
        self._stale = True
        self._counting: Job | None = None
        self._asked = self._remembered_ask()
        kind = TreeModel if self.overview.tree else WindowModel
        origin = source.of(desk, name)
        self.model = kind(origin, columns.of(self.overview.fields), desk.work, self)
        self.view = TableView(self.model)
        self.selection = Selection(self.view, self.model, origin.find)
        self.foot = Foot(desk, self.view, self.model, self.selection)
        self.views = Views(desk.state, name, self, self._look, self._usual_look, self._show_look)
        self._build()
        self._connect()
        arrangement.apply(self.view, self.model, self._remembered("columns", []))

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        self.search = SearchField(self.words.many)
        self.chips = Chips(self.overview.filters)
        self.view.setAccessibleName(self.words.title)
        self.actions_by_code: dict[str, QAction] = {}
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self.setFocusProxy(self.view)
        self.setLayout(
            column(
                self._head(),
                row(self.search, self.chips, gap=2 * SPACE),
                self._stack,
                self.foot,
                gap=SPACE + SPACE // 2,
                margins=(_EDGE, 2 * SPACE, _EDGE, SPACE),
            )
        )
        self.layout().setStretch(2, 1)

    def _head(self) -> QHBoxLayout:
        """The title, and the buttons: what concerns the list as a whole first, then its rows, adding last."""
        self._action("find", "search", "Ctrl+F", self._find)
        self._action("copy", "copy", "Ctrl+C", self.copy)
        general = [
            bare(self._action("refresh", "refresh-cw", "F5", self.refresh), "refresh-cw"),
            self._views_button(),
            bare(self._action("columns", "columns-3", "", self._open_columns), "columns-3"),
            bare(self._action("export", "download", "Ctrl+E", self._ask_export), "download"),
        ]
        self._columns_button = general[2]
        others, primary = [], []
        for offer in self.offers:
            action = self._action(offer.code, offer.icon, offer.shortcut, partial(self._run, offer))
            if offer.toolbar and offer.needs == "none":
                primary.append(worded(action, offer.icon, "primary"))
            elif offer.toolbar:
                others.append(worded(action, offer.icon, "quiet"))
        title = label(self.words.title, "title")
        return row(title, None, *general, SPACE, *others, SPACE, *primary, gap=SPACE // 2)

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
        for moved in (header.sectionResized, header.sectionMoved):
            moved.connect(lambda *_: self._later.start())
        self.selection.changed.connect(self._enable)
        self.model.settled.connect(self._settle)
        self.model.modelReset.connect(self._show_rows)
        self.model.failed.connect(lambda fault: self.desk.tell(str(fault), "error"))
        self.desk.changed.connect(self._hear)
        self.desk.opened.connect(self._reopen)
        self._enable()
