"""The overview of products by family and version."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from gui.desk import Desk, Place
from gui.pages import going
from gui.tables.overview import OverviewPage
from store.overviews import Ask


def make(desk: Desk) -> QWidget:
    """The page. Products come with imports; from a row one goes to everything that is known of it."""
    page = OverviewPage(
        desk,
        "products",
        [
            action
            for icon, name in (
                ("key-round", "entitlements"),
                ("scale", "compliance"),
                ("file-text", "contracts"),
                ("gauge", "demand"),
            )
            for action in going.rows_of(desk, lambda: page, icon, name, "product", "product")
        ],
    )
    page.activated.connect(partial(_open, desk))
    return page


def _open(desk: Desk, key: str) -> None:
    if "product" in desk.reaches:
        desk.go(Place("product", key))
    elif "entitlements" in desk.reaches:
        desk.go(Place("entitlements", ask=Ask(where=(("product", key),))))
