"""The overview of entitlements."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.desk import Desk, Place
from gui.dialogs import question
from gui.pages import going
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store.overviews import Ask


def make(desk: Desk) -> QWidget:
    """The page. Entitlements come from contract items, so adding one is adding a contract."""
    page = OverviewPage(
        desk,
        "entitlements",
        [
            *going.to(desk, "edit", "pencil", "edit-entitlement", "F2"),
            PageAction("remove", "trash-2", "Del", lambda keys: _explain_removal(page, keys), "one"),
            *going.to(desk, "add-contract", "plus", "add-contract", "Ins", "none"),
            *going.rows_of(desk, lambda: page, "scale", "compliance", "product", "product"),
            *going.rows_of(desk, lambda: page, "file-text", "contracts", "product", "product"),
        ],
        sort="product",
    )
    page.activated.connect(going.opener(desk, "entitlement"))
    return page


def _explain_removal(page: OverviewPage, keys: list[str]) -> None:
    """Entitlements follow contracts: what can be removed is the items that feed them."""
    row = page.records(keys)[0]
    place = Place("contracts", ask=Ask(where=(("product", row["product"]),)))
    others = {"Show the contracts": lambda: page.desk.go(place)} if "contracts" in page.desk.reaches else {}
    page.question = question.tell(
        page,
        f"{row['name']} comes from license contracts.",
        "It is there for as long as a contract item feeds it. Remove these items, or change their product, model or"
        " metric, and it goes by itself.",
        **others,
    )
