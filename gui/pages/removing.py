"""Removes what was selected in an overview, as one step: many rows in the background, doubts are asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from gui.dialogs import question
from gui.tables.overview import OverviewPage
from gui.work import Report
from store.book import Book
from store.errors import KnownFault, Unconfirmed

Key = TypeVar("Key")

_AT_ONCE: Final = 50
"""Rows that are removed while one waits: about a tenth of a second."""


def remove(
    page: OverviewPage,
    what: str,
    keys: Sequence[Key],
    one: Callable[[Book, Key, bool], object],
    *,
    confirmed: bool = False,
) -> None:
    """Remove each of the keys by `one`, which is told whether that was confirmed; `what` is what undo takes back."""

    def change(book: Book, report: Report | None = None) -> None:
        for number, key in enumerate(keys):
            if report is not None:
                report(number, len(keys))
            one(book, key, confirmed)

    again = partial(remove, page, what, keys, one, confirmed=True)
    try:
        if len(keys) <= _AT_ONCE:
            page.desk.do(what, change)
        else:
            page.desk.do_long(what, change, lambda _: None, partial(_refused, page, again), owner=page)
    except KnownFault as fault:
        _refused(page, again, fault)


def _refused(page: OverviewPage, again: Callable[[], object], fault: Exception) -> None:
    """Ask about a doubt, tell a fault; one of the program is not ours to word."""
    if isinstance(fault, Unconfirmed):
        page.question = question.ask(
            page,
            str(fault),
            "Removed all the same, the entitlement stays allocated beyond what it holds, and is shown as such.",
            "Remove all the same",
            again,
        )
    elif isinstance(fault, KnownFault):
        page.question = question.tell(page, "Nothing was removed.", str(fault))
    else:
        raise fault
