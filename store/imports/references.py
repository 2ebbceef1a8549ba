"""Resolves the names by which rows of an import speak of other rows, to the ids of the book."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from typing import Final

from store.book import Book
from store.imports.checks import Memo, Wrong, converter
from store.imports.source import RawTable, Unreadable
from store.imports.template import Column
from store.matching import judging

COMPARED: Final = 5_000
"""Beyond so many names, no similar one is looked for: it would take longer than the import."""

_NAMES: Final[Mapping[str, str]] = {
    "families": "SELECT name, id FROM families",
    "products": "SELECT product, id FROM products",
    "resource_groups": "SELECT name, id FROM resource_groups WHERE id <> 0",
    "user_groups": "SELECT name, id FROM user_groups",
    "contracts": "SELECT contract, id FROM contracts",
    "metrics": "SELECT code, id FROM metrics",
    "hosts": "SELECT host, id FROM hosts",
    "virtual_machines": "SELECT vm, id FROM virtual_machines",
    "titles": "SELECT title, id FROM titles",
    "entitlement_definitions": "SELECT definition, id FROM entitlement_definitions",
    "authorizations": "SELECT authorization, id FROM authorizations",
    "requests": "SELECT request, id FROM requests",
    "reviews": "SELECT title, id FROM reviews",
}


_GIVEN: Final = {"family": "families"}


class References:
    """What the names in an import refer to.

    Names in rows that were refused themselves are tolerated: their own finding says what is wrong, once. A number below
    -1 stands in for each of them, so that rows that speak of different ones are still told apart.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[str, dict[str, int]] = {}
        self._tolerated: dict[str, set[str]] = {}
        self._stand_ins: dict[tuple[str, str], int] = {}
        self._software: dict[tuple[str, str, str], int] | None = None

    def known(self, table: str) -> dict[str, int]:
        """The ids of a table by name."""
        if table not in self._known:
            self._known[table] = dict(self._book.rows(_NAMES[table]))
        return self._known[table]

    def software(self) -> dict[tuple[str, str, str], int]:
        """The ids of names of found software, by publisher, name and version; who adds names notes them here."""
        if self._software is None:
            self._software = judging.names(self._book)
        return self._software

    def forget(self, table: str) -> None:
        """Read the names of a table anew when they are asked for next: rows were added to it."""
        self._known.pop(table, None)
        if table == "discovered_software":
            self._software = None

    def tolerate(self, table: str, parts: Iterable[RawTable]) -> None:
        """Take every name that a table gives, however wrong its row, as told: its own keys, and families."""
        for raw in parts:
            for at, column in enumerate(raw.columns):
                if column.name in (raw.table.key[0], "family"):
                    told = self._tolerated.setdefault(_GIVEN.get(column.name, table), set())
                    with suppress(Unreadable):
                        for _, rows in raw.batches():
                            told.update(unicodedata.normalize("NFC", row[at].strip()) for row in rows)

    def tolerated(self, table: str, name: str) -> bool:
        """Whether the import itself gives a name, in a row that could not be stored."""
        return name in self._tolerated.get(table, ())

    def stand_in(self, table: str, name: str) -> int:
        """The number that stands for something that is not in the book, and that nothing else bears."""
        return self._stand_ins.setdefault((table, name), -2 - len(self._stand_ins))

    def converter(self, column: Column, empty: object = None) -> Memo:
        """A converter from a name to an id; `empty` is what an empty cell gives."""
        table = column.kind.removeprefix("reference:")
        name = converter(column)
        known = self.known(table)

        def look_up(cell: str) -> object:
            text = name(cell)
            if text is None:
                return empty
            found = known.get(str(text))
            if found is None and table == "metrics":
                found = known.get(str(text).casefold())
            if found is not None:
                return found
            if self.tolerated(table, str(text)):
                return self.stand_in(table, str(text))
            raise Wrong("unknown-reference", self._reason(table, str(text), known))

        memo = Memo(look_up)
        memo.update(known)
        return memo

    def _reason(self, table: str, text: str, known: Mapping[str, int]) -> str:
        if table == "metrics":
            return f"is not a metric of this book; accepted: {', '.join(sorted(known))}"
        near = get_close_matches(text, known, 1) if len(known) <= COMPARED else []
        hint = f'; did you mean "{near[0]}"?' if near else f"; add it to the table {table}"
        return f"is not known in {table.replace('_', ' ')}{hint}"
