"""What follows from changed rows: which transfer groups and contracts to derive, which entitlements to find anew.

A change of any table notes the rows that it touches, before and after, and then settles: exactly what depends on them
is derived. Whatever goes with a row that is removed is taken away first.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from store import derivation, grouping, rows, search, settings
from store.book import Book
from store.matching import judging
from store.tables import Table

Row = Mapping[str, Any]
"""A row of the book: columns and values."""

_COUNTED_BY = """SELECT p.id FROM products p WHERE ? = coalesce(p.metric_id,
    (SELECT min(i.metric_id) FROM contract_items i WHERE i.product_id = p.id),
    (SELECT id FROM metrics WHERE code = 'device'))
    AND EXISTS (SELECT 1 FROM installations n WHERE n.product_id = p.id)"""

_ON_MACHINES = """SELECT DISTINCT n.product_id FROM installations n WHERE EXISTS (SELECT 1 FROM counting_rules)
    AND (n.{0}_id = ?1 OR n.device = ?2{1})"""
_ON_HOST = _ON_MACHINES.format(
    "host",
    """ OR n.vm_id IN (SELECT v.id FROM virtual_machines v WHERE v.host_id = ?1 OR v.cluster <> '' AND v.cluster = ?3)
    OR n.device IN (SELECT v.vm FROM virtual_machines v WHERE v.host_id = ?1 OR v.cluster <> '' AND v.cluster = ?3)""",
)

_Queries = Mapping[str, tuple[str, tuple[str, ...]]]

_PRODUCTS: _Queries = {
    "products": ("SELECT ?", ("id",)),
    "contract_items": ("SELECT ?", ("product_id",)),
    "demand": ("SELECT ?", ("product_id",)),
    "installations": ("SELECT ?", ("product_id",)),
    "entitlements": ("SELECT ?", ("product_id",)),
    "allocations": ("SELECT product_id FROM entitlements WHERE id = ?", ("entitlement_id",)),
    "overrides": ("SELECT product_id FROM entitlements WHERE id = ?", ("entitlement_id",)),
    "contracts": ("SELECT DISTINCT product_id FROM contract_items WHERE contract_id = ?", ("id",)),
    "prices": ("SELECT ?", ("product_id",)),
    "counting_rules": (_COUNTED_BY, ("metric_id",)),
    "hosts": (_ON_HOST, ("id", "host", "cluster")),
    "virtual_machines": (_ON_MACHINES.format("vm", ""), ("id", "vm")),
    "rights": (
        "SELECT id FROM products WHERE id IN (?, ?) UNION SELECT min(id) FROM products WHERE family_id = ?",
        ("from_product_id", "to_product_id", "family_id"),
    ),
}
"""Table -> the products whose positions hang on a row of it; one product stands for its whole family."""

_WORDS: _Queries = {
    "products": ("SELECT id FROM entitlements WHERE product_id = ?", ("id",)),
    "entitlements": ("SELECT ?", ("id",)),
    "families": (
        "SELECT e.id FROM products p JOIN entitlements e ON e.product_id = p.id WHERE p.family_id = ?",
        ("id",),
    ),
    "user_groups": ("SELECT id FROM entitlements WHERE managed_by_id = ?", ("id",)),
}
"""Table -> the entitlements that are searched by words of a row of it."""


@contextmanager
def settled(book: Book) -> Generator[Effects]:
    """A transaction at whose end everything that its changes touch is derived."""
    with book.transaction():
        effects = Effects(book)
        yield effects
        effects.settle()


def _common(key: Row, values: Row) -> Row:
    """What of a key is another now."""
    return {column: values[column] for column in key if column in values}


@dataclass
class Effects:
    """What changed rows of one transaction touch."""

    book: Book
    products: set[int] = field(default_factory=set[int])
    groups: set[int] = field(default_factory=set[int])
    contracts: set[int] = field(default_factory=set[int])
    words: set[int] = field(default_factory=set[int])
    names: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Normal publishers and names of software on which something else is decided now."""
    named: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    """Products, by the names before and after, that names of software may stand for now, or do no longer."""
    moving: bool = False
    """Whether transfer groups may be others now."""
    everything: bool = False
    """Whether the whole book is to be derived."""
    loaded: bool = False
    """Whether so many rows changed that nothing of it is looked at singly."""
    progress: derivation.Progress | None = None
    """Called with how much of each of its parts is done; may raise to stop there."""

    def report(self, done: int, total: int) -> None:
        """Say that so many of so many steps are done."""
        if self.progress is not None:
            self.progress(done, total)

    def save(self, table: type[Table], key: Row, values: Row, *, named: str) -> bool:
        """Add or change a row as `store.rows.save` does, and note it; whether anything changed."""
        before = rows.find(self.book, table, key)
        changed = rows.save(self.book, table, key, values, named=named)
        if changed:
            self.note(rows.name(table), before)
            self.note(rows.name(table), rows.find(self.book, table, {**key, **_common(key, values)}))
        return changed

    def remove(self, table: type[Table], key: Row, *, named: str) -> Row | None:
        """Remove a row as `store.rows.remove` does, with what rules made of it, and note it."""
        held = rows.find(self.book, table, key)
        if held is not None:
            self.note(rows.name(table), held)
            self.removing(rows.name(table), held)
            rows.remove(self.book, table, key, named=named)
        return held

    def note(self, table: str, row: Row | None) -> None:
        """Note what hangs on a row that is about to change, or has just changed; None for no row."""
        if row is None or self.loaded:
            return
        products = self._found(_PRODUCTS, table, row)
        self.products |= products
        self.groups |= set(derivation.groups_of(self.book, products))
        self.words |= self._found(_WORDS, table, row)
        self.contracts |= {row["id"]} if table == "contracts" else set()
        self.names |= {(row["publisher"], row["name"])} if table == "name_decisions" else set()
        self.named |= {(row["id"], row["product"])} if table == "products" else set()
        self.moving |= table in ("products", "rights")
        self.everything |= table == "settings" and row["key"] == "warning_leads"

    def _found(self, queries: _Queries, table: str, row: Row) -> set[int]:
        if table not in queries:
            return set()
        sql, columns = queries[table]
        found = self.book.rows(sql, [row[column] for column in columns])
        return {number for (number,) in found if number is not None}

    def removing(self, table: str, row: Row) -> None:
        """Take away what rules made of a row that is about to be removed."""
        if table == "contract_items":
            derivation.drop_events(self.book, row["id"])
        elif table == "contracts":
            derivation.drop_events(self.book, None, row["id"])
        elif table == "products":
            self.book.run("DELETE FROM positions WHERE product_id = ?", (row["id"],))
            self.book.run("DELETE FROM transfers WHERE from_product_id = ?1 OR to_product_id = ?1", (row["id"],))
            judging.forget(self.book, row["id"])
        elif table == "rights":
            self.book.run("DELETE FROM transfers WHERE right_id = ?", (row["id"],))
        elif table == "entitlements":
            self.book.run("DELETE FROM entitlement_search WHERE rowid = ?", (row["id"],))

    def settle(self) -> None:
        """Derive what depends on the rows noted, and only that. Inside the transaction of the changes."""
        day = settings.get(self.book, "as_of")
        self._match_names()
        if self.loaded:
            derivation.regroup(self.book)
        groups = grouping.regroup(self.book, self.groups, self.products) if self.moving else self.groups
        if day and (self.everything or self.loaded):
            derivation.recalculate(self.book, as_of=date.fromisoformat(day), progress=self.progress)
        else:
            derivation.derive(self.book, groups, self.contracts, self.progress)
        if self.loaded:
            search.rebuild(self.book)
        for entitlement in self.words:
            search.refresh(self.book, entitlement)

    def _match_names(self) -> None:
        """Let found software stand for what it stands for now; what that installs is counted with the rest."""
        if self.loaded:
            judging.all_(self.book)
        elif self.names or self.named:
            products = judging.some(self.book, sorted(self.names), sorted(self.named))
            self.products |= products
            self.groups |= set(derivation.groups_of(self.book, products))
