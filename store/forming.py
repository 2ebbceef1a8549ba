"""Forms entitlements: each contract item opens or feeds the entitlement that the rules of formation name for it."""

from __future__ import annotations

from rules import formation
from rules.vocabulary import MAINTENANCE, PERPETUAL
from store import naming
from store.book import Book, Row

_KEYS = """
SELECT i.product_id, i.model, i.metric_id, p.maintenance_separate, p.product
FROM products p CROSS JOIN contract_items i ON i.product_id = p.id WHERE p.transfer_group BETWEEN ? AND ?
GROUP BY p.transfer_group, p.id, i.model, i.metric_id"""


def form(book: Book, first: int, last: int) -> None:
    """Open the entitlements that the items of a range of transfer groups call for, and point the items at them.

    An entitlement that no item feeds any more stays: the derivation marks it as archived. Inside a transaction.
    """
    keys = book.rows(_KEYS, (first, last))
    bases = {(product, metric) for product, model, metric, *_ in keys if model == PERPETUAL}
    items = [formation.Item(int(k[1] == MAINTENANCE), k[3], int((k[0], k[2]) in bases)) for k in keys]
    metrics = dict(book.rows("SELECT id, code FROM metrics"))
    opened: list[Row] = []
    fed: list[Row] = []
    for (product, model, metric, _, name), (target, rule) in zip(keys, formation.targets(items), strict=True):
        fed_model = PERPETUAL if target == formation.BASE else model
        if fed_model == model:
            opened.append((product, model, metric, naming.entitlement_name(name, model, metrics[metric])))
        fed.append((product, fed_model, metric, rule, product, model, metric))
    book.many("INSERT OR IGNORE INTO entitlements (product_id, model, metric_id, name) VALUES (?, ?, ?, ?)", opened)
    book.many(_POINT, fed)


_POINT = """
UPDATE contract_items SET entitlement_id = e.id, formed_by = e.rule FROM (
    SELECT id, ?4 AS rule FROM entitlements WHERE product_id = ?1 AND model = ?2 AND metric_id = ?3) e
WHERE product_id = ?5 AND model = ?6 AND metric_id = ?7 AND (entitlement_id IS NOT e.id OR formed_by <> e.rule)"""


def form_all(book: Book) -> None:
    """Form the entitlements of the whole book. Inside a transaction."""
    form(book, 0, 2**62)
