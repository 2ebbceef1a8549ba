"""The menus of the window: everything that can be done, with its shortcut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QStackedWidget

from gui import icons, wording
from gui.desk import Desk, Place
from gui.on_demand import Later, on_demand

if TYPE_CHECKING:
    from gui import books
    from gui.palette import Hit
else:
    books, Hit = Later("gui.books"), on_demand("gui.palette", "Hit")

open_about = on_demand("gui.dialogs.about", "open_")
open_export = on_demand("gui.dialogs.export", "open_")
verify_snapshot = on_demand("gui.dialogs.verification", "ask")
close_book = on_demand("gui.leaving", "close_book")
check_book = on_demand("gui.dialogs.book_check", "open_")
ask_encryption = on_demand("gui.dialogs.encryption", "open_")
open_shortcuts = on_demand("gui.dialogs.shortcuts", "open_")

Actions = dict[str, QAction]


class Window(Protocol):
    """What the menus need of the main window, a QWindow."""

    desk: Desk
    as_of: Any
    pages: Sequence[tuple[str, str, Any]]
    openers: Mapping[str, Any]
    actions_: Actions
    stack: QStackedWidget

    def menuBar(self) -> QMenuBar: ...
    def open_palette(self) -> None: ...
    def back(self) -> None: ...
    def forward(self) -> None: ...
    def close(self) -> bool: ...


def fill(window: Window) -> Actions:
    """Put the menus into the menu bar; the actions by code."""
    return {**_file(window), **_edit(window), **_go(window), **_help(window)}


def enable(window: Window) -> None:
    """Switch off what needs a book while there is none, and write down what undo and redo would do."""
    desk, actions = window.desk, getattr(window, "actions_", None)
    if not actions:
        return
    for action in actions.values():
        if action.property("needs") == "book":
            action.setEnabled(desk.is_open)
    for code, word, what in (("undo", "Undo", desk.undo_text), ("redo", "Redo", desk.redo_text)):
        actions[code].setText(f"{word} “{_short(what)}”" if what else word)
        actions[code].setEnabled(bool(what) and not desk.read_only)


def hits(window: Window) -> Iterator[Hit]:
    """Every action that can be run now, for the palette: of the menus, of the page, and whatever can be added."""
    for code, action in window.actions_.items():
        if action.isEnabled():
            name, _, _ = str(action.property("elpisIcon") or "arrow-right").partition(" ")
            also = wording.action(code) if code.startswith("add-") else ""
            yield Hit(_bare(action), _keys(action) or "Action", name, action.trigger, also)
    if not window.desk.is_open:
        return
    for action in window.stack.currentWidget().actions():
        if action.isEnabled() and action.objectName() != "refresh" and not action.objectName().startswith("add-"):
            name, _, _ = str(action.property("elpisIcon") or "arrow-right").partition(" ")
            keys = _keys(action)
            yield Hit(_bare(action), f"This page, {keys}" if keys else "This page", name, action.trigger)
    for code in window.openers:
        if code.startswith("add-") and code not in window.actions_:
            yield Hit(wording.action(code), "Action", "plus", partial(window.desk.go, Place(code)), "New")


def _bare(action: QAction) -> str:
    return action.text().replace("&", "").rstrip("…")


def _keys(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def book_menu(window: Window) -> QMenu:
    """The menu at the name of the book: the recent ones, and the ways to another."""
    menu = QMenu(window)
    for path in window.desk.state.recent():
        here = window.desk.is_open and path == window.desk.book.path.absolute()
        action = menu.addAction(_plain(path.stem), partial(books.open_path, window.desk, window, path))
        action.setCheckable(True)
        action.setChecked(here)
        action.setEnabled(not here)
        action.setStatusTip(str(path))
    menu.addSeparator()
    menu.addActions([window.actions_[code] for code in ("open", "new", "close")])
    icons.keep(menu)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _file(window: Window) -> Actions:
    desk, add = window.desk, partial(_add, window, _menu(window, "&File"))
    made = {
        "new": add("New book…", "file-plus", "Ctrl+Shift+N", lambda: books.ask_new(desk, window)),
        "open": add("Open a book…", "folder-open", "Ctrl+O", lambda: books.ask_open(desk, window)),
        "sample": add("Open the sample estate", "flask-conical", "", lambda: books.open_sample(desk, window)),
    }
    _recent(window)
    if "import" in window.openers:
        made["import"] = add("Import…", "download", "Ctrl+I", lambda: books.ask_import(desk, window))
    made["export"] = add("Export…", "upload", "", lambda: open_export(desk, window), book=True)
    made["verify"] = add("Verify a snapshot…", "shield-check", "", lambda: verify_snapshot(desk, window))
    made["check"] = add("Check this book…", "activity", "", lambda: check_book(desk, window), book=True)
    made["encrypt"] = add("Passphrase of this book…", "lock", "", lambda: ask_encryption(desk, window), book=True)
    made["close"] = add("Close the book", "x", "Ctrl+W", lambda: close_book(desk, window), book=True)
    made["quit"] = add("Quit", "log-out", "Ctrl+Q", window.close)
    return made


def _recent(window: Window) -> None:
    menu = window.menuBar().actions()[0].menu().addMenu("Recent books")

    def show() -> None:
        menu.clear()
        for path in window.desk.state.recent():
            menu.addAction(_plain(str(path)), partial(books.open_path, window.desk, window, path))
        if menu.isEmpty():
            menu.addAction("None yet").setEnabled(False)

    menu.aboutToShow.connect(show)


def _edit(window: Window) -> Actions:
    desk, add = window.desk, partial(_add, window, _menu(window, "&Edit"))
    made = {
        "undo": add("Undo", "undo-2", "Ctrl+Z", desk.undo, book=True),
        "redo": add("Redo", "redo-2", "Ctrl+Shift+Z", desk.redo, book=True),
    }
    for page, text, icon, keys in (
        ("add-contract", "New license contract…", "plus", "Ctrl+N"),
        ("add-entitlement", "New manual entitlement…", "key-round", "Ctrl+Shift+E"),
        ("add-request", "New request…", "clipboard-list", "Ctrl+R"),
    ):
        if page in window.openers:
            made[page] = add(text, icon, keys, partial(desk.go, Place(page)), book=True)
    desk.undo_changed.connect(lambda: enable(window))
    return made


def _go(window: Window) -> Actions:
    desk, menu = window.desk, _menu(window, "&Go")
    add = partial(_add, window, menu, book=True)
    made = {
        "palette": add("Find anything…", "search", "Ctrl+K", window.open_palette),
        "back": add("Back", "arrow-left", "Alt+Left", window.back),
        "forward": add("Forward", "arrow-right", "Alt+Right", window.forward),
        "refresh": add("Refresh", "refresh-cw", "F5", desk.refresh),
        "day": add("Change the day", "calendar", "Ctrl+D", partial(_type_day, window)),
        "today": add("Judge as of today", "calendar-clock", "Ctrl+T", partial(_judge_today, window)),
    }
    menu.addSeparator()
    keys = page_keys(code for code, _, _ in window.pages)
    for code, icon, _ in window.pages:
        if code in wording.PAGE_GROUPS:
            menu.addSeparator()
        made[f"go-{code}"] = add(f"Go to {wording.PAGES[code]}", icon, keys[code], partial(desk.go, Place(code)))
    return made


def _type_day(window: Window) -> None:
    window.as_of.field.type_anew()


def _judge_today(window: Window) -> None:
    window.as_of.today_button.click()


def page_keys(codes: Iterable[str]) -> dict[str, str]:
    """The shortcuts of pages by their codes: those of requests count for themselves, 0 is for the tenth."""
    made: dict[str, str] = {}
    counts = {"Ctrl": 0, "Alt": 0}
    for code in codes:
        held = "Alt" if code in wording.REQUEST_PAGES else "Ctrl"
        counts[held] += 1
        made[code] = f"{held}+{counts[held] % 10}" if counts[held] <= 10 else ""
    return made | ({"settings": "Ctrl+,"} if "settings" in made else {})


def _help(window: Window) -> Actions:
    add = partial(_add, window, _menu(window, "&Help"))
    return {
        "shortcuts": add("Keyboard shortcuts", "command", "F1", lambda: open_shortcuts(window, window.actions_)),
        "about": add("About Elpis", "info", "", lambda: open_about(window)),
    }


def _menu(window: Window, title: str) -> QMenu:
    menu = window.menuBar().addMenu(title)
    menu.aboutToShow.connect(partial(icons.keep, menu))
    return menu


def _add(
    window: Window,
    menu: QMenu,
    text: str,
    icon: str,
    keys: str,
    run: Callable[[], object],
    *,
    book: bool = False,
) -> QAction:
    action = QAction(text, window)
    icons.promise(action, icon, "muted")
    action.setShortcut(QKeySequence(keys))
    action.setProperty("needs", "book" if book else "")
    action.triggered.connect(lambda _=False: run())
    menu.addAction(action)
    return action


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _plain(text: str) -> str:
    """A text in a menu, where & would make a shortcut."""
    return text.replace("&", "&&")
