"""What a person does with the price list: what one license of a product costs from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from store import names
from store.book import Book
from store.effects import settled
from store.errors import Unknown
from store.records import EntitlementKey, ListedPrice
from store.tables import Price


def save(book: Book, price: ListedPrice) -> None:
    """Add a price or change it: one of the same license and first day is replaced. What is worth what follows.

    Raises Unknown for names that do not exist, Unfit for an impossible amount or currency.
    """
    save_all(book, [price])


def save_all(book: Book, prices: Iterable[ListedPrice]) -> None:
    """The same for many at once: all of them or none."""
    with settled(book) as effects:
        for price in prices:
            currency = names.required_currency(price.currency)
            values = {"unit_price": names.price(price.unit_price), "currency": currency}
            effects.save(Price, _key(book, price.license, price.valid_from), values, named=_named(price))


def remove(book: Book, price: ListedPrice) -> None:
    """Remove the price of a license from a first day on; an earlier one holds again. Raises Unknown."""
    with settled(book) as effects:
        if effects.remove(Price, _key(book, price.license, price.valid_from), named=_named(price)) is None:
            raise Unknown(f"the price list has no {price.license} from {price.valid_from} on.")


def read(book: Book, license_: EntitlementKey, valid_from: date) -> ListedPrice | None:
    """The price of a license from that very day on, if the list has one."""
    return next((one for one in held(book) if (one.license, one.valid_from) == (license_, valid_from)), None)


def held(book: Book) -> list[ListedPrice]:
    """The price list, by license and day."""
    return [
        ListedPrice(EntitlementKey(*row[:3]), Decimal(row[3]), row[4], date.fromisoformat(row[5]))
        for row in book.rows(_PRICES)
    ]


_PRICES = """
SELECT p.product, l.model, m.code, l.unit_price, l.currency, l.valid_from FROM prices l
JOIN products p ON p.id = l.product_id JOIN metrics m ON m.id = l.metric_id ORDER BY 1, 2, 3, 6"""


def _key(book: Book, license_: EntitlementKey, valid_from: date) -> dict[str, object]:
    return {
        "product_id": names.number(book, "products", license_.product),
        "model": names.model(license_.model),
        "metric_id": names.number(book, "metrics", license_.metric),
        "valid_from": valid_from.isoformat(),
    }


def _named(price: ListedPrice) -> str:
    return f"{price.license}|{price.valid_from}"
