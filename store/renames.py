"""What records are called now whose key held the name of a product that has been renamed since."""

from __future__ import annotations

from typing import Final

from store.book import Book
from store.listing.shape import splits

_RENAMED: Final = """
SELECT json_extract(after, '$.product') FROM change_log
WHERE subject = 'products' AND json_extract(before, '$.product') = ? ORDER BY id DESC LIMIT 1"""

_PARTS: Final = {"product": 1, "entitlement": 3, "position": 3}
"""Of how many parts a key of each kind of records is made, the product first."""


def product(book: Book, name: str) -> str | None:
    """What the product is called now that was called so last; None when it was removed, or never there.

    Reads the change log: for those who look for one record that they do not find.
    """
    passed: set[str] = set()
    while book.one("SELECT 1 FROM products WHERE product = ?", (name,)) is None:
        passed.add(name)
        found = book.one(_RENAMED, (name,))
        if found is None or found[0] is None or found[0] in passed:
            return None
        name = found[0]
    return name


def key(book: Book, subject: str, key: str) -> str | None:
    """The key of a record ("product", "entitlement" or "position") under the present name of its product.

    None when no renaming leads from that key to another.
    """
    for name, *rest in splits(key, _PARTS.get(subject, 1)):
        now = product(book, name) if subject in _PARTS else None
        if now is not None and now != name:
            return "|".join([now, *rest])
    return None
