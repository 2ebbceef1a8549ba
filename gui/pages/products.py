"""The overview of products by family and version."""

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
from store import products
from store.overviews import Ask


def make(desk: Desk) -> QWidget:
    """The page. Most products come with imports; from a row one goes to everything that is known of it."""
    page = OverviewPage(
        desk,
        "products",
        [
            *going.to(desk, "edit", "pencil", "edit-product", "F2"),
            PageAction("remove", "trash-2", "Del", lambda keys: _ask_to_remove(page, keys), "some"),
            *going.to(desk, "add-product", "plus", "add-product", "Ins", "none"),
            *_ways(desk, lambda: page),
        ],
    )
    page.activated.connect(partial(_open, desk))
    return page


def _ways(desk: Desk, get: Callable[[], OverviewPage]) -> list[PageAction]:
    """Ways from a product to its rows in other overviews."""
    return [
        action
        for icon, name in (
            ("key-round", "entitlements"),
            ("scale", "compliance"),
            ("file-text", "contracts"),
            ("gauge", "demand"),
        )
        for action in going.rows_of(desk, get, icon, name, "product", "product")
    ]


def _ask_to_remove(page: OverviewPage, keys: list[str]) -> None:
    named = wording.line(keys[0]) if len(keys) == 1 else f"{wording.number(len(keys))} products"
    page.question = question.ask(
        page,
        f"Remove {named}?",
        "Only products that nothing uses can be removed. You can undo this.",
        "Remove",
        lambda: removing.remove(page, f"Remove {named}", keys, lambda book, key, _: products.remove(book, key)),
    )


def _open(desk: Desk, key: str) -> None:
    if "product" in desk.reaches:
        desk.go(Place("product", key))
    elif "entitlements" in desk.reaches:
        desk.go(Place("entitlements", ask=Ask(where=(("product", key),))))
