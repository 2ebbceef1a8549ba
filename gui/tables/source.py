"""An overview of the book on the desk, as what a table reads from."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Final

from gui import overview_words
from gui.desk import Desk
from gui.tables.pages import Row
from gui.tables.window_model import Source
from gui.work import Report, using
from store import overviews
from store.overviews import Ask

KEYS: Final = {
    "entitlements": ("product", "model", "metric"),
    "contracts": ("contract",),
    "compliance": ("product", "model", "metric"),
    "demand": ("product", "metric"),
    "matching": ("software", "publisher", "version"),
    "products": ("product",),
    "hosts": ("host",),
    "virtual_machines": ("vm",),
    "titles": ("title",),
    "definitions": ("definition",),
    "authorizations": ("authorization",),
    "deployed": ("authorization", "definition"),
    "requests": ("request", "line"),
    "approvals": ("request", "line"),
    "charges": ("entry",),
    "reviews": ("review",),
    "review_rows": ("review", "product", "model", "metric"),
}
"""The fields that make the public key of a row."""

PARTS: Final = "parts"
"""The field that says how many groups have a part in a row."""


def of(desk: Desk, name: str) -> Source:
    """What a table of this overview reads from: always from the book that is open at that time."""
    fields = [field.name for field in overviews.OVERVIEWS[name].fields]
    return Source(
        first=lambda ask, limit: overviews.first(desk.book, name, ask, limit),
        ids=lambda ask, report: _ids(desk, name, ask, report),
        rows=lambda ids: overviews.rows(desk.book, name, ids),
        children=lambda number: overviews.children(desk.book, name, number),
        opens=lambda _: overviews.OVERVIEWS[name].tree,
        key=_key([fields.index(field) for field in KEYS[name]]),
        find=lambda key: overviews.find(desk.book, name, key),
        nobody=overview_words.NOBODY.get(name, ""),
    )


def _ids(desk: Desk, name: str, ask: Ask, report: Report) -> Generator[Sequence[int]]:
    """On a background thread."""
    with using(desk.book, report) as book:
        yield from overviews.ids(book, name, ask)


def _key(places: Sequence[int]) -> Callable[[Row], str]:
    return lambda values: "|".join([str(values[place] or "") for place in places])
