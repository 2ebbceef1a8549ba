"""The overviews of hosts and virtual machines, on which demand is counted where a counting rule says so."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.pages import going, removing
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store import hardware
from store.book import Book


def make_hosts(desk: Desk) -> QWidget:
    """The page of hosts."""
    more = "Nothing may run on it any more. You can undo this."
    return _page(desk, "hosts", "host", hardware.remove_host, more)


def make_machines(desk: Desk) -> QWidget:
    """The page of virtual machines."""
    more = "No installation may name it any more. You can undo this."
    return _page(desk, "virtual_machines", "virtual-machine", hardware.remove_machine, more)


def _page(desk: Desk, overview: str, noun: str, remove: Callable[[Book, str], None], more: str) -> OverviewPage:
    page = OverviewPage(
        desk,
        overview,
        [
            *going.to(desk, "edit", "pencil", f"edit-{noun}", "F2"),
            PageAction("remove", "trash-2", "Del", lambda keys: _ask(page, noun, keys, remove, more), "some"),
            *going.to(desk, f"add-{noun}", "plus", f"add-{noun}", "Ins", "none"),
            *_ways(desk, overview, lambda: page),
        ],
    )
    page.activated.connect(partial(_open, desk, f"edit-{noun}"))
    return page


def _ways(desk: Desk, overview: str, get: Callable[[], OverviewPage]) -> list[PageAction]:
    """From a host to its virtual machines, and back."""
    other = ("monitor", "virtual_machines") if overview == "hosts" else ("server", "hosts")
    return going.rows_of(desk, get, *other, "host", "host")


def _open(desk: Desk, page: str, key: str) -> None:
    if page in desk.reaches and not desk.read_only:
        desk.go(Place(page, key))


def _ask(page: OverviewPage, noun: str, keys: list[str], remove: Callable[[Book, str], None], more: str) -> None:
    words = noun.replace("-", " ")
    named = f"{words} {wording.line(keys[0])}" if len(keys) == 1 else wording.plural(len(keys), words)
    what = f"Remove {named}"
    page.question = question.ask(
        page,
        f"{what}?",
        more,
        "Remove",
        lambda: removing.remove(page, what, keys, lambda book, key, _: remove(book, key)),
    )
