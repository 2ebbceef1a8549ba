"""What the window says of the safety of its book: why it is only read, whether its place is safe, its last backup."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from gui.desk import Place
from gui.on_demand import Later
from gui.widgets.buttons import button, explain

if TYPE_CHECKING:
    from gui import backup_words, books
    from gui.main_window import MainWindow
    from store import backups, places
else:
    backup_words, books = Later("gui.backup_words"), Later("gui.books")
    backups, places = Later("store.backups"), Later("store.places")

_MINUTE = 60_000


def watch(window: MainWindow) -> None:
    """Keep the line at the bottom up to date, and say it when the book is found to be damaged."""
    timer = QTimer(window, interval=_MINUTE)
    timer.timeout.connect(lambda: show_age(window))
    timer.start()
    keeper = window.desk.keeper
    if keeper is not None:
        keeper.kept.connect(lambda: show_age(window))
        keeper.unsound.connect(lambda: say(window))


def furnish(window: MainWindow) -> None:
    """The line at the bottom leads to the backups."""
    if window.desk.keeper is not None:
        window.status.follow(window.desk.keeper.closing)
    window.status.kept.clicked.connect(partial(window.desk.go, Place("backups")))
    explain(window.status.kept, "Show the backups of this book")


def show_age(window: MainWindow) -> None:
    """Say how old the newest checked backup is."""
    desk = window.desk
    if not window.furnished or not desk.is_open:
        return
    latest = desk.keeper.latest if desk.keeper is not None else backups.latest(desk.book.path)
    window.status.say_kept(backup_words.verified(latest, desk.now))


def say(window: MainWindow) -> None:
    """Say above the pages what one has to know of the book: that it is damaged, only read, or in an unsafe place."""
    desk = window.desk
    problems = desk.keeper.problems if desk.keeper is not None else ()
    path = desk.book.path
    if problems:
        go = button("Show the backups", partial(desk.go, Place("backups")))
        window.banner.say(
            f"This book is not sound: {problems[0]}. It is open for reading only, so that nothing gets worse. Restore a"
            " backup; this file is kept aside then.",
            "error",
            go,
        )
    elif desk.read_only:
        again = button("Try again to change it", lambda: books.open_path(desk, window, path))
        window.banner.say(
            "This book is open for reading only, because another program has it open. Nothing can be changed, not even"
            " the day.",
            "warning",
            again,
        )
    elif warning := places.warning(path):
        window.banner.say(warning, "warning", button("I know", window.banner.clear))
