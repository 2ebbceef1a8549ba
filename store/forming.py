"""Forms entitlements: each contract item opens or feeds the entitlement that the rules of formation name for it."""

from __future__ import annotations

from rules import formation
from rules.vocabulary import MAINTENANCE, PERPETUAL
from store import facts, naming
from store.book import Book, Row
from store.bulk import insert

_KEYS = """
SELECT i.product_id, i.model, i.metric_id, p.maintenance_separate, p.product,
       min(coalesce(i.entitlement_id, 0)), max(coalesce(i.entitlement_id, 0)), min(i.formed_by), max(i.formed_by)
FROM products p CROSS JOIN contract_items i ON i.product_id = p.id WHERE p.transfer_group BETWEEN ? AND ?
GROUP BY p.transfer_group, p.id, i.model, i.metric_id"""

_OPENED = """
SELECT e.product_id, e.model, e.metric_id, e.id FROM products p CROSS JOIN entitlements e ON e.product_id = p.id
WHERE p.transfer_group BETWEEN ? AND ?"""


_MANY = 1_000


def form(book: Book, first: int, last: int) -> None:
    """Open the entitlements that the items of a range of transfer groups call for, and point the items at them.

    An entitlement that no item feeds any more stays: the derivation marks it as archived. Inside a transaction.
    """
    between = (first, last)
    keys = book.rows(_KEYS, between)
    bases = {(key[0], key[2]) for key in keys if key[1] == PERPETUAL}
    judged = formation.targets(
        [formation.Item(int(key[1] == MAINTENANCE), key[3], int((key[0], key[2]) in bases)) for key in keys]
    )
    fed = [
        (key[0], PERPETUAL if target == formation.BASE else key[1], key[2])
        for key, (target, _) in zip(keys, judged, strict=True)
    ]
    opened = _opened(book, between)
    missing = [key for key, one in zip(keys, fed, strict=True) if one not in opened and one == key[:3]]
    if missing:
        _open(book, missing)
        opened = _opened(book, between)
    wrong = [
        (opened[one], rule, *key[:3])
        for key, one, (_, rule) in zip(keys, fed, judged, strict=True)
        if key[5:] != (opened[one], opened[one], rule, rule)
    ]
    if len(wrong) > _MANY:
        _point_all(book, wrong)
    else:
        book.many(_POINT, wrong)


def _point_all(book: Book, wrong: list[Row]) -> None:
    """One statement for all of them: half the work of a statement each."""
    book.run(
        "CREATE TEMP TABLE fed (entitlement_id, formed_by, product_id, model, metric_id,"
        " PRIMARY KEY (product_id, model, metric_id)) WITHOUT ROWID"
    )
    insert(book, "temp.fed", ("entitlement_id", "formed_by", "product_id", "model", "metric_id"), wrong)
    book.run(
        "UPDATE contract_items AS i SET entitlement_id = f.entitlement_id, formed_by = f.formed_by FROM temp.fed f"
        " WHERE f.product_id = i.product_id AND f.model = i.model AND f.metric_id = i.metric_id"
    )
    book.run("DROP TABLE temp.fed")


def _opened(book: Book, between: tuple[int, int]) -> dict[Row, int]:
    return {row[:3]: row[3] for row in book.rows(_OPENED, between)}


def _open(book: Book, keys: list[Row]) -> None:
    metrics = dict(book.rows("SELECT id, code FROM metrics"))
    rows = ((*key[:3], naming.entitlement_name(key[4], key[1], metrics[key[2]])) for key in keys)
    insert(book, "entitlements", ("product_id", "model", "metric_id", "name"), rows)


_POINT = """
UPDATE contract_items SET entitlement_id = ?, formed_by = ? WHERE product_id = ? AND model = ? AND metric_id = ?"""


def form_all(book: Book) -> None:
    """Form the entitlements of the whole book, a part at a time, so that others get their turn. In a transaction."""
    for first, last in facts.ranges(book):
        form(book, first, last)
