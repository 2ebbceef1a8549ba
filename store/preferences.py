"""What a person sets for a whole book: the currency of contracts that name none, the days on which warnings are due."""

from __future__ import annotations

from datetime import date

from store import derivation, rows, settings
from store.book import Book
from store.errors import Unfit, Unknown
from store.imports.cells import Wrong
from store.imports.checks import converter
from store.imports.template import Column
from store.tables import Setting

NAMES = ("currency", "warning_leads")
"""The settings that people change. The day of judgement is set by judging."""


def current(book: Book) -> dict[str, str]:
    """The settings that people change, with their values."""
    return {name: settings.get(book, name) for name in NAMES}


def change(book: Book, name: str, value: str) -> None:
    """Change a setting, and derive what hangs on it, in one transaction.

    Raises Unknown for a setting that does not exist, Unfit for a value that it cannot have.
    """
    held = taken(name, value)
    with book.transaction():
        changed = rows.save(book, Setting, {"key": name}, {"value": held}, named=name)
        as_of = settings.get(book, "as_of")
        if changed and as_of:
            derivation.recalculate(book, as_of=date.fromisoformat(as_of))


def taken(name: str, value: str) -> str:
    """A setting's value as the book holds it. Raises Unknown for a setting that does not exist, Unfit."""
    if name not in NAMES:
        raise Unknown(f"there is no setting {name!r}; there are {', '.join(NAMES)}.")
    return _currency(value) if name == "currency" else ",".join(map(str, settings.parse_leads(value)))


def _currency(value: str) -> str:
    try:
        return str(converter(Column("currency", "currency", required=True))(value))
    except Wrong as wrong:
        raise Unfit(f"currency: {value!r} {wrong.reason}.") from None
