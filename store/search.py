"""The search table of entitlements: every word that people look for, by prefix, found as they type."""

from __future__ import annotations

from typing import Final

from store.book import Book

WORDS: Final = (
    "iif(instr(e.name, p.product) = 1, '', p.product || ' ') || e.name || ' ' || p.vendor"
    " || ' ' || coalesce(f.name, '') || ' ' || p.edition || ' ' || p.version || ' ' || e.model || ' ' || m.code"
    " || ' ' || coalesce(g.name, '')"
)
"""What an entitlement is found by; a name of the book's own making begins with the product, which is enough."""

_WORDS = f"""
SELECT e.id, {WORDS}
FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
LEFT JOIN families f ON f.id = p.family_id LEFT JOIN user_groups g ON g.id = e.managed_by_id"""


def rebuild(book: Book) -> None:
    """Fill the search table anew: once after a load instead of nineteen times dearer row by row. In a transaction."""
    book.run("DELETE FROM entitlement_search")
    book.run(f"INSERT INTO entitlement_search (rowid, words) {_WORDS}")


def refresh(book: Book, entitlement: int) -> None:
    """Bring the words of one entitlement up to date. Inside a transaction."""
    book.run("DELETE FROM entitlement_search WHERE rowid = ?", (entitlement,))
    book.run(f"INSERT INTO entitlement_search (rowid, words) {_WORDS} WHERE e.id = ?", (entitlement,))


def complete(book: Book) -> None:
    """Give words to the entitlements that have none yet. Inside a transaction."""
    book.run(
        f"INSERT INTO entitlement_search (rowid, words) {_WORDS}"
        " WHERE e.id IN (SELECT id FROM entitlements EXCEPT SELECT rowid FROM entitlement_search)"
    )


def managers(book: Book, group: int) -> dict[int, int | None]:
    """The entitlements of a transfer group, each with the group that manages it: all of their words that can change."""
    sql = """SELECT e.id, e.managed_by_id FROM products p CROSS JOIN entitlements e ON e.product_id = p.id
        WHERE p.transfer_group = ?"""
    return dict(book.rows(sql, (group,)))


def find(book: Book, text: str, limit: int = 200) -> list[int]:
    """Ids of the entitlements that have every word of the text, each as the beginning of one of theirs.

    Whatever is typed is taken as words: quotes and operators of the search language have no meaning here.
    """
    words = "".join(c if c.isalnum() else " " for c in text).split()
    if not words:
        return []
    query = " ".join(f'"{word}"*' for word in words)
    sql = "SELECT rowid FROM entitlement_search WHERE words MATCH ? LIMIT ?"
    return [row[0] for row in book.rows(sql, (query, limit))]
