"""Makes one product of two that turned out to be the same: what came under the one goes over to the other."""

from __future__ import annotations

from dataclasses import replace

from store import contracts, demand, names, products, readers, rows, uses
from store.book import Book
from store.effects import settled
from store.records import Count
from store.tables import Demand, Installation


def merge(book: Book, product: str, into: str) -> None:
    """Give contract items, demand counts and installations of a product to another, and remove it.

    Counts of one metric, group and source are added up. Allocations go along where the other product has none. A
    product that something else uses, such as a right or a title, stays without them. Raises Unknown.
    """
    with book.transaction():
        number = names.number(book, "products", product)
        other = names.number(book, "products", into)
        if number == other:
            return
        _items(book, number, into)
        _counts(book, number, into)
        _installations(book, number, other)
        if not uses.of(book, "products", number) and not _entitled(book, number):
            products.remove(book, product)


def _items(book: Book, number: int, into: str) -> None:
    sql = """SELECT c.contract, i.item FROM contract_items i JOIN contracts c ON c.id = i.contract_id
        WHERE i.product_id = ? ORDER BY i.id"""
    for contract, item in book.rows(sql, (number,)):
        contracts.save_item(book, replace(readers.item(book, contract, item), product=into))


def _counts(book: Book, number: int, into: str) -> None:
    columns = ("product_id", "metric_id", "resource_group_id", "source")
    for key in book.rows(f"SELECT {', '.join(columns)} FROM demand WHERE product_id = ?", (number,)):
        row = rows.find(book, Demand, dict(zip(columns, key, strict=True)))
        count = readers.count_of(book, row or {})
        demand.remove(book, count)
        demand.save(book, _added(book, replace(count, product=into)))


def _added(book: Book, count: Count) -> Count:
    """A count with what is there already under the same key."""
    key = (
        names.number(book, "products", count.product),
        names.number(book, "metrics", count.metric),
        names.optional(book, "resource_groups", count.resource_group) or 0,
        count.source,
    )
    sql = """SELECT quantity FROM demand
        WHERE product_id = ? AND metric_id = ? AND resource_group_id = ? AND source = ?"""
    held = book.one(sql, key)
    return count if held is None else replace(count, quantity=count.quantity + int(held[0]))


def _installations(book: Book, number: int, other: int) -> None:
    sql = "SELECT device, user FROM installations WHERE product_id = ? AND found = 0"
    with settled(book) as effects:
        for device, user in book.rows(sql, (number,)):
            key = {"product_id": number, "device": device, "user": user}
            held = effects.remove(Installation, key, named=f"{number}|{device}|{user}") or {}
            new = {**key, "product_id": other}
            if rows.find(book, Installation, {**new, "found": 0}) is None:
                book.run(
                    "DELETE FROM installations WHERE product_id = ? AND device = ? AND user = ?", tuple(new.values())
                )
                values = {column: value for column, value in held.items() if column not in (*key, "found")}
                effects.save(Installation, new, values, named=f"{other}|{device}|{user}")


def _entitled(book: Book, number: int) -> bool:
    """Whether something hangs on the entitlements of a product, which would go with it."""
    sql = "SELECT id FROM entitlements WHERE product_id = ?"
    return any(uses.of(book, "entitlements", one) for (one,) in book.rows(sql, (number,)))
