"""What a person does with downgrade and upgrade rights: which product may cover the demand of which other."""

from __future__ import annotations

from rules.vocabulary import TRANSFER_KINDS
from store import names
from store.book import Book
from store.effects import settled
from store.errors import Unfit, Unknown
from store.records import Right
from store.tables import Right as RightTable


def save(book: Book, right: Right) -> None:
    """Add a right or change it; transfers and positions of all families that it reaches follow.

    Raises Unknown for names that do not exist, Unfit for a right that says neither a family nor a pair of products.
    """
    name = names.name(right.right, "right")
    _check(right)
    with settled(book) as effects:
        values = {
            "kind": right.kind,
            "family_id": names.optional(book, "families", right.family),
            "from_product_id": names.optional(book, "products", right.from_product),
            "to_product_id": names.optional(book, "products", right.to_product),
            "metric_id": names.optional(book, "metrics", right.metric),
            "depth": None if right.depth is None else names.units(right.depth, "depth"),
            "valid_from": names.day_text(right.valid_from),
            "valid_until": names.day_text(right.valid_until),
        }
        if values["from_product_id"] is not None and values["from_product_id"] == values["to_product_id"]:
            raise Unfit(f"to product: {right.to_product!r} needs no right to cover itself; name two products.")
        effects.save(RightTable, {"right": name}, values, named=name)


def remove(book: Book, right: str) -> None:
    """Remove a right; what it moved moves no more. Raises Unknown."""
    with settled(book) as effects:
        if effects.remove(RightTable, {"right": right}, named=right) is None:
            raise Unknown(f"rights: there is no {right!r}.")


def _check(right: Right) -> None:
    if right.kind not in TRANSFER_KINDS:
        raise Unfit(f"kind: {right.kind!r} is none; possible are {', '.join(TRANSFER_KINDS)}.")
    family, first, second = (bool(text.strip()) for text in (right.family, right.from_product, right.to_product))
    if family == first or first != second:
        raise Unfit("a right is for a family, or from one product to another: name either, and both of the two.")
    if right.valid_from and right.valid_until and right.valid_until < right.valid_from:
        raise Unfit(f"valid until: {right.valid_until} lies before the first day, {right.valid_from}.")
