"""What a person does with products: adding one that the book lacks so far, with what the catalogue knows of it."""

from __future__ import annotations

from datetime import date

from store import catalogue, grouping, names, rows
from store.book import Book
from store.errors import Unfit
from store.records import Product
from store.tables import Family
from store.tables import Product as ProductTable


def proposed(name: str) -> Product | None:
    """A product as the catalogue knows it by that name, or None."""
    entry = catalogue.lookup(name)
    if entry is None:
        return None
    told = entry.vendor, entry.family, entry.edition, entry.version, entry.released_on, entry.support_ends_on
    return Product(name.strip(), *told)


def add(book: Book, product: Product) -> None:
    """Add a product; it joins its family. Raises Unfit for a name that is taken, Unknown for a metric there is not."""
    name = names.name(product.product, "product")
    key = {"product": name}
    with book.transaction():
        if rows.find(book, ProductTable, key) is not None:
            raise Unfit(f"product: {name!r} is in the book already.")
        values = {
            **{column: names.line(getattr(product, column), column) for column in ("vendor", "edition", "version")},
            "family_id": _family(book, names.line(product.family, "family")),
            "released_on": _day(product.released_on),
            "support_ends_on": _day(product.support_ends_on),
            "metric_id": names.optional(book, "metrics", product.metric),
            "maintenance_separate": int(product.maintenance_separate),
        }
        rows.save(book, ProductTable, key, values, named=name)
        grouping.regroup(book, [], [names.number(book, "products", name)])


def _family(book: Book, name: str) -> int | None:
    """The id of a family, which is made when it is the first time that it is named."""
    if not name:
        return None
    rows.save(book, Family, {"name": name}, {}, named=name)
    return names.number(book, "families", name)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
