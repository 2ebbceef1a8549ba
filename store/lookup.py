"""Finds records by a few typed words: what a person goes to without walking through an overview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from store import search
from store.book import Book


@dataclass(frozen=True)
class Found:
    """A record: what it is ("entitlement", "contract", "title" ...), its key, its name, what it is like."""

    subject: str
    key: str
    name: str
    detail: str


def find(book: Book, text: str, limit: int = 8) -> list[Found]:
    """Records that hold every word of the text: entitlements by any of their words, others by name or number.

    At most `limit` of each kind.
    """
    words = text.split()
    if not words:
        return []
    return [
        *_entitlements(book, text, limit),
        *_contracts(book, words, limit),
        *_products(book, words, limit),
        *(one for finding in _OF_THE_PORTAL for one in _held(book, words, limit, *finding)),
    ]


def _entitlements(book: Book, text: str, limit: int) -> Iterator[Found]:
    ids = search.find(book, text, limit)
    rows = book.rows(
        f"""SELECT p.product || '|' || e.model || '|' || m.code, e.name, e.model || ', ' || m.code
            FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
            WHERE e.id IN ({", ".join("?" * len(ids))}) ORDER BY e.name""",
        ids,
    )
    return (Found("entitlement", *row) for row in rows)


def _contracts(book: Book, words: list[str], limit: int) -> Iterator[Found]:
    sql = "SELECT contract, name, supplier FROM contracts WHERE "
    rows = book.rows(f"{sql}{_holding('contract', 'name', words=words)} ORDER BY contract LIMIT ?", (*words, limit))
    return (
        Found("contract", number, name or number, ", ".join(filter(None, (number, supplier))))
        for number, name, supplier in rows
    )


def _products(book: Book, words: list[str], limit: int) -> Iterator[Found]:
    sql = "SELECT product, product, vendor FROM products WHERE "
    rows = book.rows(f"{sql}{_holding('product', 'vendor', words=words)} ORDER BY product LIMIT ?", (*words, limit))
    return (Found("product", *row) for row in rows)


_OF_THE_PORTAL: Final = (
    ("title", "SELECT t.title, t.title, 'title' FROM titles t", ("t.title",)),
    (
        "definition",
        "SELECT d.definition, d.definition, 'entitlement of ' || t.title FROM entitlement_definitions d"
        " JOIN titles t ON t.id = d.title_id",
        ("d.definition",),
    ),
    (
        "authorization",
        "SELECT a.authorization, a.holder || ', ' || t.title, 'authorization ' || a.authorization"
        " FROM authorizations a JOIN titles t ON t.id = a.title_id",
        ("a.authorization", "a.holder", "t.title"),
    ),
    (
        "request",
        "SELECT r.request, r.request, 'for ' || r.holder || ', by ' || r.requester FROM requests r",
        ("r.request", "r.holder", "r.requester"),
    ),
)
"""Subject -> what selects key, name and detail, and the columns that are looked into."""


def _held(
    book: Book, words: list[str], limit: int, subject: str, select: str, columns: tuple[str, ...]
) -> Iterator[Found]:
    sql = f"{select} WHERE {_holding(*columns, words=words)} ORDER BY 1 LIMIT ?"
    return (Found(subject, *row) for row in book.rows(sql, (*words, limit)))


def _holding(*columns: str, words: list[str]) -> str:
    """Each word stands somewhere in the columns. What is typed has no meaning of its own, as it would have in LIKE."""
    text = " || ' ' || ".join(columns)
    return " AND ".join([f"instr(lower({text}), lower(?)) > 0"] * len(words))
