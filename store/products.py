"""What a person does with products: their family, version and dates decide how licenses may move between them."""

from __future__ import annotations

from store import catalogue, names, naming, uses
from store.book import Book
from store.effects import Effects, settled
from store.errors import Unfit
from store.records import Product
from store.tables import Entitlement, Family
from store.tables import Product as ProductTable


def proposed(name: str) -> Product | None:
    """A product as the catalogue knows it by that name, or None."""
    entry = catalogue.lookup(name)
    if entry is None:
        return None
    return Product(
        name.strip(),
        vendor=entry.vendor,
        family=entry.family,
        edition=entry.edition,
        version=entry.version,
        released_on=entry.released_on,
        support_ends_on=entry.support_ends_on,
    )


def read(book: Book, product: str) -> Product:
    """A product as it can be saved. Raises Unknown."""
    number = names.number(book, "products", product)
    *texts, released, ends, metric, separate = book.rows(_READ, (number,))[0]
    days = map(names.day_of, (released, ends))
    return Product(*texts, *days, metric=metric, maintenance_separate=bool(separate))


_READ = """
SELECT p.product, p.vendor, coalesce(f.name, ''), p.edition, p.version, p.version_rank, p.released_on,
       p.support_ends_on, coalesce(m.code, ''), p.maintenance_separate
FROM products p LEFT JOIN families f ON f.id = p.family_id LEFT JOIN metrics m ON m.id = p.metric_id WHERE p.id = ?"""


def add(book: Book, product: Product) -> None:
    """Add a product; it joins its family. Raises Unfit for a name that is taken, else as `save`."""
    name = names.name(product.product, "product")
    if names.is_taken(book, "products", name):
        raise Unfit(f"product: {name!r} is in the book already.")
    save(book, product)


def save(book: Book, product: Product) -> None:
    """Add a product or change it; transfers and positions of the families that it leaves and joins follow.

    A family that does not exist yet is made. Raises Unknown for a metric that does not exist, Unfit for what no
    product can hold.
    """
    name = names.name(product.product, "product")
    values = {
        **{column: names.line(getattr(product, column), column) for column in ("vendor", "edition", "version")},
        "version_rank": _rank(product.version_rank),
        "released_on": names.day_text(product.released_on),
        "support_ends_on": names.day_text(product.support_ends_on),
        "maintenance_separate": int(product.maintenance_separate),
    }
    with settled(book) as effects:
        values["metric_id"] = names.optional(book, "metrics", product.metric)
        values["family_id"] = _family(effects, names.line(product.family, "family"))
        effects.save(ProductTable, {"product": name}, values, named=name)


def rename(book: Book, product: str, new: str) -> None:
    """Give a product another name; entitlements that bear names of the book's own making follow.

    Raises Unknown; Unfit for a name that is taken.
    """
    name = names.name(new, "product")
    with settled(book) as effects:
        number = names.number(book, "products", product)
        if names.is_taken(book, "products", name, number):
            raise Unfit(f"product: there is {name!r} already.")
        before = book.value("SELECT product FROM products WHERE id = ?", (number,))
        effects.save(ProductTable, {"id": number}, {"product": name}, named=name)
        for entitlement, held, model, metric in book.rows(_ENTITLEMENTS, (number,)):
            if held == naming.entitlement_name(before, model, metric):
                values = {"name": naming.entitlement_name(name, model, metric)}
                effects.save(Entitlement, {"id": entitlement}, values, named=f"{name}|{model}|{metric}")


def remove(book: Book, product: str) -> None:
    """Remove a product that nothing uses. Raises Unknown; Unfit, naming what uses it."""
    with settled(book) as effects:
        number = names.number(book, "products", product)
        uses.refuse(book, "products", number, product)
        for entitlement, _, model, metric in book.rows(_ENTITLEMENTS, (number,)):
            uses.refuse(book, "entitlements", entitlement, product)
            effects.remove(Entitlement, {"id": entitlement}, named=f"{product}|{model}|{metric}")
        effects.remove(ProductTable, {"id": number}, named=product)


_ENTITLEMENTS = """
SELECT e.id, e.name, e.model, m.code FROM entitlements e JOIN metrics m ON m.id = e.metric_id WHERE e.product_id = ?"""


def rename_family(book: Book, family: str, new: str) -> None:
    """Give a family another name. Raises Unknown; Unfit for a name that is taken."""
    name = names.name(new, "family")
    with settled(book) as effects:
        number = names.number(book, "families", family)
        if names.is_taken(book, "families", name, number):
            raise Unfit(f"family: there is {name!r} already. Give its products that family instead.")
        effects.save(Family, {"id": number}, {"name": name}, named=name)


def _family(effects: Effects, name: str) -> int | None:
    """The id of a family, made when there is none; None for no name."""
    if not name:
        return None
    effects.save(Family, {"name": name}, {}, named=name)
    return names.number(effects.book, "families", name)


def _rank(rank: int | None) -> int | None:
    if rank is not None and abs(rank) > names.MAX_QUANTITY:
        raise Unfit(f"version rank: {rank:,} is not possible; at most {names.MAX_QUANTITY:,} either way is.")
    return rank
