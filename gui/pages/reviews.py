"""The overview of reviews: which there are, how far each is, and who has signed it off."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import question
from gui.pages import going
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store.errors import KnownFault
from store.reviews import opening


def make(desk: Desk) -> QWidget:
    """The page."""
    page = OverviewPage(
        desk,
        "reviews",
        [
            *going.to(desk, "open", "badge-check", "review"),
            PageAction("remove", "trash-2", "Del", lambda keys: _ask(page, keys), "some"),
            *going.to(desk, "open-review", "plus", "open-review", "Ins", "none"),
        ],
    )
    page.activated.connect(going.opener(desk, "review"))
    return page


def _ask(page: OverviewPage, keys: list[str]) -> None:
    what = f"Remove {wording.plural(len(keys), 'review')}" if len(keys) > 1 else f"Remove {wording.line(keys[0])}"
    more = "You can undo this. A review that is signed off cannot be removed."
    page.question = question.ask(page, f"{what}?", more, "Remove", lambda: _remove(page, what, keys))


def _remove(page: OverviewPage, what: str, keys: list[str]) -> None:
    try:
        page.desk.do(what, lambda book: [opening.remove(book, key) for key in keys])
    except KnownFault as fault:
        page.question = question.tell(page, "Nothing was removed.", str(fault))
