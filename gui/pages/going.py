"""Ways from the rows of an overview to other places: only to those that there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from gui.desk import Desk, Place
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store.overviews import Ask


def to(
    desk: Desk, code: str, icon: str, page: str, shortcut: str = "", needs: Literal["none", "one"] = "one"
) -> list[PageAction]:
    """An action that goes to a record, wizard or dialog with the key of the selected row, or without one."""
    if page not in desk.reaches:
        return []
    return [PageAction(code, icon, shortcut, lambda keys: desk.go(Place(page, *keys[:1])), needs)]


def rows_of(
    desk: Desk, get: Callable[[], OverviewPage], icon: str, page: str, where: str, field: str
) -> list[PageAction]:
    """An action that shows the rows of another overview whose `where` is a field of the selected row."""
    if page not in desk.reaches:
        return []

    def run(keys: list[str]) -> None:
        value = get().records(keys)[0][field]
        desk.go(Place(page, ask=Ask(where=((where, value),))))

    return [PageAction(f"show-{page}", icon, "", run, "one", toolbar=False)]


def opener(desk: Desk, noun: str) -> Callable[[str], None]:
    """What opens the record of a row, if there are such records."""
    return lambda key: desk.go(Place(noun, key)) if noun in desk.reaches else None
