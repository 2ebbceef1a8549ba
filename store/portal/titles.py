"""What a person does with titles, software as people request it. A title may stand for a product of the book."""

from __future__ import annotations

from decimal import Decimal

from store import names, rows, settings, uses
from store.book import Book
from store.errors import Unfit
from store.portal.records import Title
from store.tables import Title as TitleTable


def save(book: Book, title: Title) -> None:
    """Add a title or change it. Raises Unknown for a product that does not exist, Unfit for impossible values.

    Requests that wait keep the price of the day on which they were made.
    """
    key = {"title": names.name(title.title, "title")}
    values = {
        "requires_approval": int(title.requires_approval),
        "orderable": int(title.orderable),
        "price": names.price(title.price),
    }
    with book.transaction():
        values["product_id"] = names.optional(book, "products", title.product)
        if rows.find(book, TitleTable, key) is None:
            values["listed_on"] = book.now()[:10]
        rows.save(book, TitleTable, key, values, named=key["title"])


def rename(book: Book, title: str, new: str) -> None:
    """Give a title another name. Raises Unknown; Unfit for a name that is taken."""
    name = names.name(new, "title")
    with book.transaction():
        number = names.number(book, "titles", title)
        found = rows.find(book, TitleTable, {"title": name})
        if found is not None and found["id"] != number:
            raise Unfit(f"title: there is {name!r} already.")
        rows.save(book, TitleTable, {"id": number}, {"title": name}, named=name)


def remove(book: Book, title: str) -> None:
    """Remove a title that nothing uses. Raises Unknown; Unfit, naming what uses it."""
    with book.transaction():
        number = names.number(book, "titles", title)
        uses.refuse(book, "titles", number, title)
        rows.remove(book, TitleTable, {"id": number}, named=title)


def exists(book: Book, title: str) -> bool:
    """Whether there is a title of that name."""
    return rows.find(book, TitleTable, {"title": title.strip()}) is not None


def any_(book: Book) -> bool:
    """Whether there are titles at all, so that people can request something."""
    return book.one("SELECT 1 FROM titles LIMIT 1") is not None


def read(book: Book, title: str) -> Title:
    """The title of that name. Raises Unknown."""
    return of(book, rows.get(book, TitleTable, names.number(book, "titles", title)))


def of(book: Book, row: rows.Values) -> Title:
    """A row of titles as a record."""
    found = book.one("SELECT product FROM products WHERE id IS ?", (row["product_id"],))
    price = None if row["price"] is None else Decimal(row["price"])
    return Title(row["title"], found[0] if found else "", bool(row["requires_approval"]), bool(row["orderable"]), price)


def authorized_units(book: Book, product: str) -> int | None:
    """Units that are authorized of the titles of a product on the day of judgement; None where it has no title.

    They are authorized, not installed: they stand beside the position of the product, and are no part of its demand.
    """
    return authorized_by_product(book, [product]).get(product)


def authorized_by_product(book: Book, products: list[str]) -> dict[str, int]:
    """The same for several products; those without a title are left out."""
    marks = ", ".join("?" * len(products))
    sql = f"""SELECT p.product, coalesce(sum(a.units), 0) FROM products p JOIN titles t ON t.product_id = p.id
        LEFT JOIN authorizations a ON a.title_id = t.id AND {ACTIVE} WHERE p.product IN ({marks}) GROUP BY p.id"""
    return dict(book.rows(sql.replace(":as_of", "?"), (*[settings.get(book, "as_of")] * 2, *products)))


ACTIVE = "a.authorized_on <= :as_of AND coalesce(a.ended_on > :as_of, 1)"
"""The condition under which an authorization, as `a`, is active on the day of judgement."""
