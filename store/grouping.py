"""Numbers transfer groups anew around some products: what a single edit of a product, a family or a right needs.

`store.derivation.regroup` does the same for the whole book at once, after a load.
"""

from __future__ import annotations

from collections.abc import Iterable

from store.book import Book

_OF_GROUP = "SELECT id, family_id, transfer_group FROM products WHERE transfer_group = ?"
_OF_FAMILY = "SELECT id, family_id, transfer_group FROM products WHERE family_id = ?"
_BY_ID = "SELECT id, family_id, transfer_group FROM products WHERE id = ?"
_PAIRED = """
SELECT to_product_id FROM rights WHERE from_product_id = ?1
UNION SELECT from_product_id FROM rights WHERE to_product_id = ?1"""


def regroup(book: Book, groups: Iterable[int], products: Iterable[int]) -> set[int]:
    """Renumber the transfer groups that some groups and products belong to now; all groups before and after that.

    A group bears the smallest id of its products: those of one family, or tied by a named pair. In a transaction.
    """
    asked = set(groups)
    near: dict[int, tuple[int | None, int]] = {}
    pairs: list[tuple[int, int]] = []
    todo = [(_OF_GROUP, group) for group in asked] + [(_BY_ID, product) for product in set(products)]
    seen = set(todo)
    while todo:
        for number, family, group in book.rows(todo[-1][0], (todo.pop()[1],)):
            if number not in near:
                near[number] = family, group
                paired = [row[0] for row in book.rows(_PAIRED, (number,))]
                pairs += [(number, other) for other in paired]
                leads = {(_OF_GROUP, group), *((_BY_ID, other) for other in paired)}
                leads |= {(_OF_FAMILY, family)} if family is not None else set()
                todo += leads - seen
                seen |= leads
    root = _joined(near, pairs)
    moved = [(root[number], number) for number, (_, group) in near.items() if root[number] != group]
    book.many("UPDATE products SET transfer_group = ? WHERE id = ?", moved)
    return asked | {group for _, group in near.values()} | set(root.values())


def _joined(near: dict[int, tuple[int | None, int]], pairs: list[tuple[int, int]]) -> dict[int, int]:
    """Each product -> the smallest product that it belongs together with."""
    first: dict[int, int] = {}
    families = [
        (first.setdefault(family, number), number) for number, (family, _) in near.items() if family is not None
    ]
    root = {number: number for number in near}
    for one, other in families + pairs:
        low, high = sorted((_root(root, one), _root(root, other)))
        root[high] = low
    return {number: _root(root, number) for number in root}


def _root(root: dict[int, int], number: int) -> int:
    while root[number] != number:
        number = root[number]
    return number
