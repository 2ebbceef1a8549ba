"""Reads contract data out of a written text: an order, an invoice, a letter.

By rules only, and nothing leaves the computer: the same text always gives the same fields, and each says where it
stands.
"""

from __future__ import annotations

from typing import Final

from store.imports import text_contract, text_items
from store.imports.product_names import Products
from store.imports.reading import Extract, text_of

LONGEST: Final = 100_000
"""Characters of a text that are read; the rest is left alone."""


def read(text: str, products: Products) -> Extract:
    """The contract and its items as far as the text tells them. Never fails; what the text does not say is missing."""
    found = text_of(text[:LONGEST], products)
    contract = text_contract.read(found)
    return Extract(contract, tuple(text_items.read(found, contract)))
