"""The overview of license contracts."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import question
from gui.pages import going, removing
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store import contracts


def make(desk: Desk) -> QWidget:
    """The page."""
    page = OverviewPage(
        desk,
        "contracts",
        [
            *going.to(desk, "edit", "pencil", "edit-contract", "F2"),
            PageAction("remove", "trash-2", "Del", lambda keys: _ask_to_remove(page, keys), "some"),
            *going.to(desk, "add-contract", "plus", "add-contract", "Ins", "none"),
            *going.rows_of(desk, lambda: page, "key-round", "entitlements", "contract", "contract"),
        ],
        sort="-invoice_date",
    )
    page.activated.connect(going.opener(desk, "contract"))
    return page


def _ask_to_remove(page: OverviewPage, keys: list[str]) -> None:
    named = f"contract {keys[0]}" if len(keys) == 1 else f"{wording.number(len(keys))} contracts"
    page.question = question.ask(
        page,
        f"Remove {named}?",
        "Its items, what they give to entitlements, and its events go with it. You can undo this."
        if len(keys) == 1
        else "Their items, what they give to entitlements, and their events go with them. You can undo this.",
        "Remove",
        lambda: removing.remove(
            page,
            f"Remove {named}",
            keys,
            lambda book, key, confirmed: contracts.remove(book, key, confirmed=confirmed),
        ),
    )
