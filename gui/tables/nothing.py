"""What stands in an overview without rows: how to begin, or how to see more than what was asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Place
from gui.widgets.buttons import button
from gui.widgets.empty import empty

if TYPE_CHECKING:
    from gui.tables.overview import OverviewPage


def yet(page: OverviewPage) -> QWidget:
    """For a book that has no such rows at all."""
    adds = [offer for offer in page.offers if offer.needs == "none"]
    buttons = [
        button(wording.action(offer.code), partial(page.run, offer), icon=offer.icon, kind="" if number else "primary")
        for number, offer in enumerate(adds)
    ]
    if page.words.imported and "import" in page.desk.reaches:
        buttons.append(button("Import a file…", lambda: page.desk.go(Place("import")), icon="upload"))
    return empty("table-2", page.words.empty, page.words.advice, *buttons)


def found(page: OverviewPage) -> QWidget:
    """For a search or filter that no row fits."""
    asked, buttons = page.asked(), []
    searched = asked.search.strip()
    if searched:
        buttons.append(button("Clear the search", page.search.clear, icon="x"))
    if asked.where:
        buttons.append(button("Drop the condition", lambda: page.ask(where=()), icon="x"))
    if asked.filter != "all":
        buttons.append(button(f"Show all {page.words.many}", lambda: page.ask(filter="all"), icon="list"))
    matching = f" match “{searched}”" if searched else ""
    within = "" if asked.filter == "all" else f" among “{wording.filtered(asked.filter)}”"
    hint = "The search finds words by their beginnings." if searched else "There are some under other filters."
    return empty("search", f"No {page.words.many}{matching}{within}", hint, *buttons)
