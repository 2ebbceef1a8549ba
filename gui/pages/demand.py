"""The overview of demand: products that open to their counts by resource group and source."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import demand as dialog
from gui.dialogs import question
from gui.pages import going, removing
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store import demand, overviews
from store.records import Count

_COUNTED = "counted"


def make(desk: Desk) -> QWidget:
    """The page. A row of counted demand opens to its counts; these are what is changed and removed."""
    page = OverviewPage(
        desk,
        "demand",
        [
            PageAction("edit", "pencil", "F2", lambda _: edit(page), "one"),
            PageAction("remove", "trash-2", "Del", lambda _: _ask_to_remove(page), "some"),
            PageAction("add-demand", "plus", "Ins", lambda _: dialog.open_(desk, page)),
            *going.rows_of(desk, lambda: page, "scale", "compliance", "product", "product"),
            *going.rows_of(desk, lambda: page, "key-round", "entitlements", "product", "product"),
        ],
        sort="product",
    )
    page.activated.connect(lambda _: edit(page))
    return page


def edit(page: OverviewPage) -> None:
    """Change the selected count; of a product with several, one of them has to be chosen first."""
    row = next(page.selection.rows(), None)
    if row is None:
        return
    counts, upper = _counts(page, row), page.model.line(page.model.upper(row)).values
    if len(counts) == 1:
        dialog.open_(page.desk, page, counts[0])
    elif not counts:
        dialog.open_(page.desk, page, product=upper[0], metric=upper[1])
    else:
        if not page.model.opening(row):
            page.model.toggle(row)
        page.desk.tell(f"There are {len(counts)} counts of {wording.line(upper[0])}: choose one of them below.")


def _counts(page: OverviewPage, row: int) -> list[Count]:
    """The counts that a row stands for: one for a row below another, all of them for the upper one."""
    model = page.model
    upper, chosen = model.line(model.upper(row)).values, model.line(row).values
    if upper[5] != _COUNTED:
        return []
    parts = [chosen] if model.depth(row) else overviews.children(page.desk.book, "demand", model.id_at(row))
    return [Count(upper[0], upper[1], part[2], part[0], part[3] or "", part[4]) for part in parts]


def _ask_to_remove(page: OverviewPage) -> None:
    counts = list(dict.fromkeys(count for row in page.selection.rows() for count in _counts(page, row)))
    if not counts:
        page.question = question.tell(
            page,
            "There is no count to remove.",
            "This demand comes from installations. Add a count, and it holds instead of them.",
        )
        return
    products = list(dict.fromkeys(count.product for count in counts))
    of = f"of {wording.line(products[0])}" if len(products) == 1 else f"of {wording.number(len(products))} products"
    number = "the count" if len(counts) == 1 else f"{wording.number(len(counts))} counts"
    what = f"Remove {number} {of}"
    page.question = question.ask(
        page,
        f"{what}?",
        "Positions follow at once. You can undo this.",
        "Remove",
        lambda: removing.remove(page, what, counts, lambda book, count, _: demand.remove(book, count)),
    )
