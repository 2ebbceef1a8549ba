"""What holds for a whole book: its currency, the warning leads, the day it was last judged on, its random id."""

from __future__ import annotations

from rules.vocabulary import DEFAULT_LEADS
from store.book import Book
from store.errors import Unfit

_DEFAULTS = {
    "currency": "EUR",
    "warning_leads": ",".join(map(str, DEFAULT_LEADS)),
    "as_of": "",
    "book_id": "",
}


def get(book: Book, name: str) -> str:
    """The value of a setting, or its default. Raises KeyError for a setting that does not exist."""
    found = book.one("SELECT value FROM settings WHERE key = ?", (name,))
    return _DEFAULTS[name] if found is None else str(found[0])


def put(book: Book, name: str, value: str) -> None:
    """Write a setting. The change log entry is the caller's, who knows what the change was for."""
    book.run("INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (name, value))


def leads(book: Book) -> tuple[int, ...]:
    """Days before a last valid day on which warnings are due, longest first."""
    return parse_leads(get(book, "warning_leads"))


def parse_leads(text: str) -> tuple[int, ...]:
    """Warning leads from text such as "90, 60, 30, 7". Raises Unfit for anything but whole days from 1 to 3660."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in parts if not (part.isascii() and part.isdigit() and 1 <= int(part[:5]) <= 3660)]
    if wrong:
        raise Unfit(f"warning leads: {wrong[0]!r} is not a number of days from 1 to 3660.")
    return tuple(sorted({int(part) for part in parts}, reverse=True))
