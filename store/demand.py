"""What a person does with demand counts."""

from __future__ import annotations

from store import derivation, names, readers, rows
from store.book import Book
from store.errors import Unknown
from store.records import Count
from store.tables import Demand


def save(book: Book, count: Count) -> None:
    """Set a demand count: one of the same product, metric, group and source is replaced, never added to.

    Raises Unknown for names that do not exist, Unfit for an impossible quantity.
    """
    with book.transaction():
        key = _key(book, count)
        values = {
            "quantity": names.units(count.quantity, "quantity"),
            "counted_on": names.moment(count.counted_on, "counted on"),
        }
        if rows.save(book, Demand, key, values, named=_named(count)):
            derivation.derive(book, derivation.groups_of(book, [names.number(book, "products", count.product)]))


def read(book: Book, like: Count) -> Count | None:
    """The count of the same product, metric, group and source as another, if there is one. Raises Unknown."""
    found = rows.find(book, Demand, _key(book, like))
    return None if found is None else readers.count_of(book, found)


def remove(book: Book, count: Count) -> None:
    """Remove a demand count, whatever its quantity. Raises Unknown when there is none."""
    with book.transaction():
        key = _key(book, count)
        if rows.remove(book, Demand, key, named=_named(count)) is None:
            raise Unknown(f"demand: there is no count {_named(count)}.")
        derivation.derive(book, derivation.groups_of(book, [names.number(book, "products", count.product)]))


def _key(book: Book, count: Count) -> dict[str, int | str]:
    return {
        "product_id": names.number(book, "products", count.product),
        "metric_id": names.number(book, "metrics", count.metric),
        "resource_group_id": names.optional(book, "resource_groups", count.resource_group) or 0,
        "source": names.line(count.source, "source"),
    }


def _named(count: Count) -> str:
    return "|".join((count.product, count.metric, count.resource_group, count.source))
