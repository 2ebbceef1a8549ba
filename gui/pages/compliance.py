"""The overview of compliance: positions that open to resource groups, and what no group has."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import question
from gui.pages import going, removing
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from gui.widgets.totals_line import TotalsLine
from store import overrides
from store.records import EntitlementKey


def make(desk: Desk) -> QWidget:
    """The page."""
    page = OverviewPage(
        desk,
        "compliance",
        [
            *going.to(desk, "edit", "pencil", "add-compliance", "F2"),
            PageAction("remove-override", "rotate-ccw", "Del", lambda keys: _ask_to_remove(page, keys), "some"),
            *going.to(desk, "add-compliance", "plus", "add-compliance", "Ins", "none"),
            *going.rows_of(desk, lambda: page, "key-round", "entitlements", "product", "product"),
            *going.rows_of(desk, lambda: page, "gauge", "demand", "product", "product"),
        ],
        sort="product",
        aside=("name",),
    )
    page.activated.connect(going.opener(desk, "position"))
    page.put_below(TotalsLine(desk))
    return page


def _ask_to_remove(page: OverviewPage, keys: list[str]) -> None:
    rows = [row for row in page.records(keys) if row["override"]]
    if not rows:
        page.question = question.tell(
            page,
            "There is no override to remove.",
            "These figures are calculated from entitlements, demand and rights. Change those, and they follow.",
        )
        return
    named = rows[0]["name"] if len(rows) == 1 else f"{wording.number(len(rows))} positions"
    page.question = question.ask(
        page,
        f"Remove the override of {named}?",
        "The calculated figures hold again. What was typed stays in the history; you can undo this.",
        "Remove the override" if len(rows) == 1 else "Remove the overrides",
        lambda: removing.remove(
            page,
            f"Remove override of {named}",
            [EntitlementKey(row["product"], row["model"], row["metric"]) for row in rows],
            lambda book, key, _: overrides.remove(book, key),
        ),
    )
