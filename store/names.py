"""Resolves the names in records to ids, and refuses values that no field of the book takes."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from rules.vocabulary import MAX_QUANTITY, MODELS, UNLIMITED
from store.book import Book
from store.errors import Unfit, Unknown
from store.imports.cells import Wrong, converter
from store.imports.template import Column
from store.records import EntitlementKey

_COLUMN = {
    "products": "product",
    "contracts": "contract",
    "metrics": "code",
    "resource_groups": "name",
    "user_groups": "name",
    "families": "name",
    "rights": '"right"',
    "hosts": "host",
    "virtual_machines": "vm",
    "titles": "title",
    "entitlement_definitions": "definition",
    "authorizations": "authorization",
    "requests": "request",
    "reviews": "title",
}


def number(book: Book, table: str, name: str) -> int:
    """The id of the row of that name. Raises Unknown, naming what is near."""
    column = _COLUMN[table]
    name = unicodedata.normalize("NFC", name.strip())
    found = book.one(f"SELECT id FROM {table} WHERE {column} = ?", (name,))
    if found is None or not name:
        start = f"{name[:1]}%"
        near = [row[0] for row in book.rows(f"SELECT {column} FROM {table} WHERE {column} LIKE ? LIMIT 500", (start,))]
        close = get_close_matches(name, near, 1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise Unknown(f"{table.replace('_', ' ')}: there is no {name!r}.{hint}")
    return int(found[0])


def is_taken(book: Book, table: str, name: str, but: int | None = None) -> bool:
    """Whether a row bears that name, other than the row of that id."""
    found = book.one(f"SELECT id FROM {table} WHERE {_COLUMN[table]} = ?", (name,))
    return found is not None and found[0] != but


def listed(book: Book, table: str) -> list[str]:
    """All names in a table, in their order: what a person picks from."""
    column = _COLUMN[table]
    return [row[0] for row in book.rows(f"SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY {column}")]


def optional(book: Book, table: str, name: str) -> int | None:
    """The id of the row of that name; None for no name."""
    return number(book, table, name) if name.strip() else None


def entitlement(book: Book, key: EntitlementKey) -> int:
    """The id of an entitlement in use. Raises Unknown."""
    found = book.one(
        "SELECT e.id FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id"
        " WHERE p.product = ? AND e.model = ? AND m.code = ? AND e.archived = 0",
        (key.product, key.model, key.metric),
    )
    if found is None:
        raise Unknown(f"there is no entitlement {key}. Contract items open entitlements; add one for it first.")
    return int(found[0])


def units(value: int | None, what: str) -> int:
    """A quantity as the book holds it; None is unlimited. Raises Unfit for what is negative or too large."""
    if value is None:
        return UNLIMITED
    if not 0 <= value <= MAX_QUANTITY:
        raise Unfit(f"{what}: {value:,} is not possible; a number from 0 to {MAX_QUANTITY:,} is.")
    return value


def count(value: int | None, what: str) -> int | None:
    """A number that may be left out. Raises Unfit for what is negative or too large."""
    return None if value is None else units(value, what)


def model(code: str) -> str:
    """A license model. Raises Unfit for one that does not exist."""
    if code not in MODELS:
        raise Unfit(f"model: {code!r} is none; possible are {', '.join(MODELS)}.")
    return code


def name(value: str, what: str) -> str:
    """A text of one line that must not be empty, as an import would take it. Raises Unfit."""
    return _taken("name", value, what, required=True)


def line(value: str, what: str) -> str:
    """A text of one line, or none. Raises Unfit for what cannot be shown or is too long."""
    return _taken("name", value, what)


def note(value: str, what: str) -> str:
    """A text of any lines that must not be empty. Raises Unfit."""
    return _taken("text", value, what, required=True)


def text(value: str, what: str) -> str:
    """A text of any lines, or none. Raises Unfit for what cannot be shown or is too long."""
    return _taken("text", value, what)


def currency(value: str) -> str:
    """A currency in capitals, or none. Raises Unfit for what has not three letters."""
    return _taken("currency", value, "currency")


def required_currency(value: str) -> str:
    """A currency in capitals. Raises Unfit for none, and for what has not three letters."""
    found = currency(value)
    if not found:
        raise Unfit("currency: this is needed; three letters such as EUR are possible.")
    return found


def moment(value: str | None, what: str) -> str | None:
    """A day, or a time with its offset (kept in UTC); None for none. Raises Unfit for what is neither."""
    return _taken("moment", value or "", what) or None


def _taken(kind: str, value: str, what: str, *, required: bool = False) -> str:
    """What an import makes of such a text: one book, one spelling. "" for no text."""
    try:
        return str(converter(Column(what, kind, required))(value) or "")
    except Wrong as wrong:
        shown = f"{value!r} " if value.strip() else ""
        raise Unfit(f"{what}: {shown}{wrong.reason}.") from None


def term(first: date, last: date | None) -> tuple[str, str | None]:
    """First and last valid day as the book holds them. Raises Unfit when the last lies before the first."""
    if last is not None and last < first:
        raise Unfit(f"license end: {last} lies before the license start, {first}.")
    return first.isoformat(), day_text(last)


def day_text(day: date | None) -> str | None:
    """A day as the book holds it, None for none."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """The day that the book holds as that text; None for none."""
    return date.fromisoformat(text) if text else None


def price(value: Decimal | None) -> str | None:
    """A unit price as the book holds it. Raises Unfit for what is negative or no amount."""
    if value is None:
        return None
    if not value.is_finite() or value < 0:
        raise Unfit(f"unit price: {value} is not possible; an amount of 0 or more is.")
    return _taken("money", f"{abs(value):f}", "unit price")
