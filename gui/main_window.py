"""The one window: pages at the left, the book and the day at the top, what runs in the background at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QPushButton, QWidget

from gui import icons, menus, safety, wording
from gui.desk import Desk, Place
from gui.on_demand import Later, on_demand
from gui.pages import start
from gui.theme import SPACE
from gui.widgets.buttons import button, explain, icon_button
from gui.widgets.layout import column, frame, row, stacked
from gui.widgets.message import Inline, Toasts
from gui.widgets.text import label, picture
from gui.work import Job
from store.errors import KnownFault

if TYPE_CHECKING:
    from gui import books, leaving
    from gui.dialogs import fault as fault_dialog
    from gui.dialogs import waiting
    from gui.palette import Hit, Palette, Search, fits
    from gui.widgets import reminders
    from gui.widgets.as_of_bar import AsOfBar
    from gui.widgets.navigation import Navigation
    from gui.widgets.status_area import StatusArea
    from store import lookup, span
    from store.book import Book
else:  # what only an open book needs, or a fault
    books, leaving, waiting = Later("gui.books"), Later("gui.leaving"), Later("gui.dialogs.waiting")
    Hit, Palette, fits = (on_demand("gui.palette", name) for name in ("Hit", "Palette", "fits"))
    AsOfBar = on_demand("gui.widgets.as_of_bar", "AsOfBar")
    Navigation = on_demand("gui.widgets.navigation", "Navigation")
    StatusArea = on_demand("gui.widgets.status_area", "StatusArea")
    fault_dialog, reminders = Later("gui.dialogs.fault"), Later("gui.widgets.reminders")
    lookup, span = Later("store.lookup"), Later("store.span")

report = on_demand("gui.faults", "report")

PAGES: Final[Sequence[tuple[str, str, Callable[[Desk], QWidget]]]] = (
    ("home", "house", on_demand("gui.pages.home")),
    ("contracts", "file-text", on_demand("gui.pages.contracts")),
    ("entitlements", "key-round", on_demand("gui.pages.entitlements")),
    ("compliance", "scale", on_demand("gui.pages.compliance")),
    ("calendar", "calendar-days", on_demand("gui.pages.calendar")),
    ("demand", "gauge", on_demand("gui.pages.demand")),
    ("matching", "link", on_demand("gui.pages.matching")),
    ("products", "package", on_demand("gui.pages.products")),
    ("hosts", "server", on_demand("gui.pages.hardware", "make_hosts")),
    ("virtual_machines", "monitor", on_demand("gui.pages.hardware", "make_machines")),
    ("forecast", "chart-line", on_demand("gui.pages.forecast")),
    ("what-if", "flask-conical", on_demand("gui.pages.what_if")),
    ("titles", "boxes", on_demand("gui.pages.portal", "make_titles")),
    ("definitions", "layers", on_demand("gui.pages.portal", "make_definitions")),
    ("authorizations", "badge-check", on_demand("gui.pages.portal", "make_authorizations")),
    ("deployed", "calendar-clock", on_demand("gui.pages.portal", "make_deployed")),
    ("requests", "clipboard-list", on_demand("gui.pages.portal", "make_requests")),
    ("approvals", "shield-check", on_demand("gui.pages.portal", "make_approvals")),
    ("charges", "coins", on_demand("gui.pages.portal", "make_charges")),
    ("snapshots", "camera", on_demand("gui.pages.snapshots")),
    ("compare", "arrow-right-left", on_demand("gui.pages.compare")),
    ("reviews", "square-pen", on_demand("gui.pages.reviews")),
    ("rulebook", "book-marked", on_demand("gui.pages.rulebook")),
    ("backups", "archive", on_demand("gui.pages.backups")),
    ("settings", "settings", on_demand("gui.pages.settings")),
)
"""The pages in the order of the navigation: code, icon, maker. One that has `arrive(place)` is told of each visit."""

RECORDS: Final[dict[str, Callable[[Desk, str], QWidget]]] = {
    "entitlement": on_demand("gui.pages.entitlement_record"),
    "contract": on_demand("gui.pages.contract_record"),
    "product": on_demand("gui.pages.product_record"),
    "position": on_demand("gui.pages.position_record"),
    "title": on_demand("gui.pages.title_record"),
    "definition": on_demand("gui.pages.definition_record"),
    "authorization": on_demand("gui.pages.authorization_record"),
    "request": on_demand("gui.pages.request_record"),
    "review": on_demand("gui.pages.review_record"),
}
"""Record pages by noun: makers that take the key of the record. A record page may have `arrive(place)`, too."""

OPENERS: Final[dict[str, Callable[[Desk, QWidget, Place], object]]] = {
    "import": lambda desk, window, place: on_demand("gui.wizards.import_", "open_")(desk, window, place.key),
    "findings": lambda desk, window, _: on_demand("gui.dialogs.findings", "open_")(desk, window),
    "add-event": on_demand("gui.wizards.event", "open_"),
    "edit-event": on_demand("gui.wizards.event", "open_"),
    "edit-entitlement": on_demand("gui.wizards.entitlement", "open_"),
    "add-entitlement": on_demand("gui.wizards.manual_entitlement", "open_"),
    "add-compliance": on_demand("gui.dialogs.compliance", "open_"),
    "add-demand": lambda desk, window, _: on_demand("gui.dialogs.demand", "open_")(desk, window),
    "add-product": on_demand("gui.dialogs.product", "open_"),
    "edit-product": on_demand("gui.dialogs.product", "open_"),
    "add-host": on_demand("gui.dialogs.hardware", "open_host"),
    "edit-host": on_demand("gui.dialogs.hardware", "open_host"),
    "add-virtual-machine": on_demand("gui.dialogs.hardware", "open_machine"),
    "edit-virtual-machine": on_demand("gui.dialogs.hardware", "open_machine"),
    "add-contract": on_demand("gui.wizards.contract", "open_add"),
    "edit-contract": on_demand("gui.wizards.contract", "open_edit"),
    "add-request": on_demand("gui.wizards.request", "open_"),
    "decide-request": on_demand("gui.dialogs.approval", "open_"),
    "add-title": on_demand("gui.dialogs.title", "open_"),
    "open-review": on_demand("gui.dialogs.review", "open_"),
    "edit-title": on_demand("gui.dialogs.title", "open_"),
    "add-definition": on_demand("gui.dialogs.definition", "open_new"),
    "edit-definition": on_demand("gui.dialogs.definition", "open_edit"),
    "add-authorization": on_demand("gui.dialogs.authorization", "open_new"),
}
"""Wizards and dialogs that a Place can name, such as "import" (its key is a path): functions that open them."""

SEARCHES: Final = {
    "entitlement": "key-round",
    "contract": "file-text",
    "product": "package",
    "title": "boxes",
    "definition": "layers",
    "authorization": "badge-check",
    "request": "clipboard-list",
}
"""What `store.lookup` finds, with its icon; shown as soon as there is a record page to go to."""

_SIDE: Final = 216
_KEPT: Final = 12
"""Record pages that are kept as they were left."""


class MainWindow(QMainWindow):
    """Shows the pages of a desk. Everything that it knows of a book, it asks the store."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.pages = PAGES
        self.openers = OPENERS
        self.setWindowTitle("Elpis")
        self.setAcceptDrops(True)
        self.setMinimumSize(840, 480)
        self.furnished = False
        """Whether a book has been open, so that there is what stands around its pages."""
        self._made: dict[tuple[str, str], QWidget] = {}
        self._history: list[Place] = []
        self._at = -1
        self._build()
        self.toasts = Toasts(self)
        self.actions_ = menus.fill(self)
        self._connect()
        desk.reaches |= {*(code for code, _, _ in PAGES), *RECORDS, *OPENERS}
        self._restore()
        self._opened()

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        self.start = start.make(self.desk)
        self.stack = stacked(self.start)
        self.banner = Inline(margins=(2 * SPACE, SPACE, 2 * SPACE, 0))
        self._inner = column(self.banner, self.stack, gap=0)
        self._whole = row(self._inner, gap=0)
        self._inner.setStretch(1, 1)
        self._whole.setStretch(0, 1)
        room = QWidget()
        room.setLayout(self._whole)
        self.setCentralWidget(room)

    def _furnish(self) -> None:
        """Put around the pages what belongs to an open book, when there is the first one."""
        self.navigation = Navigation()
        self.as_of = AsOfBar(self.desk.today)
        self.status = StatusArea(self.desk.work)
        self.back_button = icon_button("arrow-left", "Back", self.back, shortcut="Alt+Left")
        self.forward_button = icon_button("arrow-right", "Forward", self.forward, shortcut="Alt+Right")
        self.side = self._build_side()
        self.top = self._build_top()
        self._inner.insertWidget(0, self.top)
        self._inner.addWidget(self.status)
        self._whole.insertWidget(0, self.side)
        self.as_of.chosen.connect(self.desk.judge)
        self.navigation.asked.connect(lambda code: self.desk.go(Place(code)))
        self.navigation.folds.connect(partial(self.desk.state.put, "window/folded"))
        self.book_button.clicked.connect(self._show_book_menu)
        safety.furnish(self)
        self.furnished = True

    @cached_property
    def palette_(self) -> Palette:
        """The command palette, from when it is first wanted."""
        made = Palette(self.desk, self)
        made.finders += [self._find_pages, self._find_actions]
        made.searches.append(self._search())
        return made

    def _build_side(self) -> QFrame:
        self.book_name = label("", "strong")
        self.book_folder = label("", "hint")
        self.book_button = QPushButton()
        self.book_button.setProperty("kind", "book")
        names = column(None, self.book_name, self.book_folder, None, gap=0)
        arrow = picture("chevrons-up-down", "muted")
        self.book_button.setLayout(
            row(picture("scale", "accent", 22), names, None, arrow, gap=SPACE + 2, margins=(SPACE, 0, SPACE, 0))
        )
        side = frame("side", column(self.book_button, SPACE, self.navigation, gap=0, margins=(12, 12, 12, 12)))
        side.setFixedWidth(_SIDE)
        return side

    def _build_top(self) -> QFrame:
        self.search_button = button("Search", self.open_palette, icon="search", kind="search")
        icons.give(self.search_button, "search", "muted")
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        self.search_button.setText(f"Search   {keys}")
        explain(self.search_button, "Find any record, page or action", "Ctrl+K")
        parts = row(self.back_button, self.forward_button, gap=2)
        edge = 2 * SPACE
        return frame(
            "top",
            row(parts, SPACE, self.as_of, self.search_button, gap=SPACE, margins=(edge, SPACE, edge, SPACE)),
        )

    def _connect(self) -> None:
        desk = self.desk
        desk.opened.connect(self._opened)
        desk.asked.connect(self.show_place)
        desk.day_changed.connect(self._show_day)
        desk.changed.connect(self._changed)
        desk.told.connect(self._tell)
        desk.work.failed.connect(self._failed)
        desk.work.started.connect(self._wait_for)
        safety.watch(self)

    # ---------------------------------------------------------------------------------------------------------- places
    def place(self) -> Place | None:
        """Where one is, or None while no book is open."""
        return self._history[self._at] if 0 <= self._at < len(self._history) else None

    def show_place(self, place: Place) -> None:
        """Go to a place. Wizards and dialogs open over the window; pages and records are put into the history."""
        if place.page in OPENERS:
            OPENERS[place.page](self.desk, self, place)
            return
        if place.page not in self.desk.reaches:
            raise KeyError(f"there is no page {place.page!r}")
        if place != self.place():
            self._history = [*self._history[: self._at + 1], place]
            self._at = len(self._history) - 1
        self._show(place)

    def back(self) -> None:
        """Go to the place before."""
        self._step(-1)

    def forward(self) -> None:
        """Go to the place after, when one has gone back."""
        self._step(1)

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._history):
            self._at += by
            self._show(self._history[self._at])

    def _show(self, place: Place) -> None:
        page, moves = self._page(place), self._keyboard_moves()
        self.stack.setCurrentWidget(page)
        if moves:
            page.setFocus()
        arrive = getattr(page, "arrive", None)
        if arrive is not None:
            arrive(place)
        self.navigation.show_page(place.page)
        self.back_button.setEnabled(self._at > 0)
        self.forward_button.setEnabled(self._at + 1 < len(self._history))
        if place.page not in RECORDS:
            self.desk.state.put("window/page", place.page)

    def _keyboard_moves(self) -> bool:
        """Whether the keyboard goes along to another page: not for those who walk through the pages at the left."""
        focused = QApplication.focusWidget()
        return (
            focused is None
            or focused is self
            or any(part.isAncestorOf(focused) for part in (self.stack, self.palette_))
        )

    def _page(self, place: Place) -> QWidget:
        record = place.page in RECORDS
        at = (place.page, place.key if record else "")
        if at not in self._made:
            maker = partial(RECORDS[place.page], key=place.key) if record else _MAKERS[place.page]
            self._made[at] = maker(self.desk)
            self.stack.addWidget(self._made[at])
            self._forget_old_records()
        return self._made[at]

    def _forget_old_records(self) -> None:
        records = [at for at in self._made if at[0] in RECORDS]
        for at in records[:-_KEPT]:
            self._drop(at)

    def _drop(self, at: tuple[str, str]) -> None:
        page = self._made.pop(at)
        self.stack.removeWidget(page)
        page.deleteLater()

    # ------------------------------------------------------------------------------------------------------------ book
    def _opened(self) -> None:
        """Another book, or none: every page is made anew when it is gone to."""
        for at in list(self._made):
            self._drop(at)
        self._history, self._at = [], -1
        open_ = self.desk.is_open
        if open_ and not self.furnished:
            self._furnish()
        if self.furnished:
            self.as_of.forget()
            for part in (self.side, self.top, self.status):
                part.setVisible(open_)
        self.banner.clear()
        self.toasts.clear()
        menus.enable(self)
        if not open_:
            self.setWindowTitle("Elpis")
            self.stack.setCurrentWidget(self.start)
            return
        self._name_book(self.desk.book.path)
        keys = menus.page_keys(code for code, _, _ in PAGES)
        self.navigation.fill(
            ((code, wording.PAGES[code], icon, keys[code]) for code, icon, _ in PAGES),
            wording.PAGE_GROUPS,
            self.desk.state.get("window/folded", list(wording.FOLDED_AT_FIRST)),
        )
        self.as_of.setEnabled(not self.desk.read_only)
        safety.say(self)
        safety.show_age(self)
        self._show_day(self.desk.as_of)
        self._count()
        last = self.desk.state.get("window/page", "")
        self.show_place(Place(last if last in _MAKERS else PAGES[0][0]))
        self._remind()

    def _remind(self) -> None:
        """Tell at the start what is due or overdue; the calendar tells it by itself."""
        found = reminders.pending(self.desk)
        if found and self.place() != Place("calendar"):
            go = partial(self.desk.go, Place("calendar"))
            self.toasts.say(f"{reminders.headline(found)}.", "warning", "Show in the calendar", go)

    def _name_book(self, path: Path) -> None:
        self.setWindowTitle(f"{path.stem} – Elpis")
        width = _SIDE - 108
        for part, text in ((self.book_name, path.stem), (self.book_folder, path.parent.name or str(path.parent))):
            part.setText(part.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width))
        self.book_button.setAccessibleName(f"Book {path.stem}: open another")
        explain(self.book_button, str(path))

    def _show_day(self, day: date) -> None:
        self.as_of.show_day(day, span.days(self.desk.book) or (day, day))

    def _changed(self, subjects: frozenset[str]) -> None:
        if "events" in subjects and not self.desk.busy:
            self._show_day(self.desk.as_of)
        self._count()

    def _count(self) -> None:
        self.status.say(f"As of {wording.day(self.desk.as_of)}")

    def _show_book_menu(self) -> None:
        at = self.book_button.mapToGlobal(self.book_button.rect().bottomLeft())
        menus.book_menu(self).popup(at)

    # -------------------------------------------------------------------------------------------------------- messages
    def _tell(self, sentence: str, severity: str) -> None:
        self.toasts.say(sentence, severity)

    def _failed(self, job: Job, error: Exception) -> None:
        """A known problem is told in its own words; everything else is a fault of the program, and said to be one."""
        if isinstance(error, KnownFault):
            self.toasts.say(f"{job.what}: {error}" if job.what else str(error), "error")
        else:
            self.toasts.say(
                f"{job.what or 'Work in the background'} failed. This is a fault of the program, not of your data.",
                "error",
                "Details",
                lambda: fault_dialog.open_(self, report(error, "work in the background", self.desk.now)),
            )

    def _wait_for(self, job: Job) -> None:
        """While no book is open, no bottom of the window shows what runs; a dialog does it itself."""
        if job.what and not self.desk.is_open and QApplication.activeModalWidget() is None:
            shown = waiting.Waiting(self, job.what, "", "Cancel", job.cancel)
            job.ended.connect(shown.end)
            shown.follow(job)

    # --------------------------------------------------------------------------------------------------------- palette
    def open_palette(self) -> None:
        """Show the command palette."""
        self.palette_.open_()

    def _find_pages(self, typed: str) -> Sequence[Hit]:
        if not self.desk.is_open:
            return []
        return [
            Hit(wording.PAGES[code], "Page", icon, partial(self.desk.go, Place(code)))
            for code, icon, _ in PAGES
            if fits(typed, wording.PAGES[code])
        ] + [
            Hit(title, "Settings", "settings", partial(self.desk.go, Place("settings", tab=code)))
            for code, title in wording.SETTINGS.items()
            if typed and fits(typed, title, "Settings")
        ]

    def _find_actions(self, typed: str) -> Sequence[Hit]:
        return [hit for hit in menus.hits(self) if typed and fits(typed, hit.title, hit.detail, hit.also)]

    def _search(self) -> Search:
        def search(book: Book, typed: str) -> list[Hit]:
            return [
                Hit(one.name, one.detail, SEARCHES[one.subject], partial(self.desk.go, Place(one.subject, one.key)))
                for one in lookup.find(book, typed)
                if one.subject in SEARCHES and one.subject in self.desk.reaches
            ]

        return search

    # ---------------------------------------------------------------------------------------------------------- window
    def retint(self) -> None:
        """Draw what has been drawn in the colours of the theme before."""
        icons.retint(QApplication.instance())
        if self.furnished:
            self.navigation.retint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "toasts"):
            self.retint()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A book is opened, an invoice read, everything else imported."""
        event.acceptProposedAction()
        self.take(Path(next(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())))

    def take(self, path: Path) -> None:
        """Do with a file or folder what suits it: open a book, read an invoice, import everything else."""
        if path.suffix == ".elpis":
            books.open_path(self.desk, self, path)
        elif path.suffix.casefold() in books.INVOICES and path.is_file():
            books.read_invoice(self.desk, self, path)
        else:
            books.ask_import(self.desk, self, path)

    def _restore(self) -> None:
        geometry = self.desk.state.get_bytes("window/geometry")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(1280, 800)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window was, and let the book go; before, what no backup has is backed up."""
        if not leaving.may_leave(self.desk, self, self.close):
            event.ignore()
            return
        self.desk.state.put_bytes("window/geometry", self.saveGeometry())
        self.desk.state.save()
        self.desk.close()
        if self.desk.keeper is not None:
            self.desk.keeper.closing.close()
        event.accept()


_MAKERS: Final = {code: make for code, _, make in PAGES}


def every_place(desk: Desk) -> Iterator[Place]:
    """Every page there is, for those who walk through all of them."""
    return (Place(code) for code, _, _ in PAGES if code in desk.reaches)
