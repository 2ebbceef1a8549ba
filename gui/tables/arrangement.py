"""How the columns of a table are arranged: order, widths, which are shown. As plain data, so that it can be kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gui.tables.view import TableView
from gui.tables.window_model import WindowModel

Arrangement = list[dict[str, Any]]
"""The columns from left to right: "name", "width", "shown"."""


def read(view: TableView, model: WindowModel) -> Arrangement:
    """How the columns stand now."""
    header = view.horizontalHeader()
    found: Arrangement = []
    for place in range(header.count()):
        column = header.logicalIndex(place)
        shown = not header.isSectionHidden(column)
        width = view.columnWidth(column) if shown else view.usual_width(model.columns[column])
        found.append({"name": model.columns[column].name, "width": width, "shown": shown})
    return found


def usual(view: TableView, model: WindowModel) -> Arrangement:
    """How the columns stand when nobody has touched them."""
    return [
        {"name": column.name, "width": view.usual_width(column), "shown": not column.hidden} for column in model.columns
    ]


def apply(view: TableView, model: WindowModel, wanted: Sequence[object]) -> None:
    """Arrange the columns; those that are not named come last as usual, names that do not exist are passed over.

    What was kept may come from another version of the program or from a file that somebody has edited.
    """
    header, numbers = view.horizontalHeader(), {column.name: n for n, column in enumerate(model.columns)}
    known = {each["name"]: each for each in wanted if isinstance(each, dict) and each.get("name") in numbers}
    rest = [each for each in usual(view, model) if each["name"] not in known]
    for place, each in enumerate([*known.values(), *rest]):
        column = numbers[each["name"]]
        header.moveSection(header.visualIndex(column), place)
        width = each.get("width")
        view.setColumnWidth(column, width if isinstance(width, int) and 0 < width < 4_000 else view.columnWidth(column))
        header.setSectionHidden(column, not each.get("shown", True))
    if all(header.isSectionHidden(column) for column in range(header.count())):
        header.setSectionHidden(0, False)
