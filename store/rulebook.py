"""The rulebook on this book and day: how often each rule has fired, and on what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rules import allocation, library
from store.book import Book, Row
from store.portal import firings as portal


@dataclass(frozen=True)
class Firing:
    """What a rule has fired on: the record by subject and key, its name, and what followed."""

    subject: str
    key: str
    name: str
    detail: str


_COUNTS: Final = (
    "SELECT rule, count(*) FROM events GROUP BY rule",
    "SELECT rule, count(*) FROM entitlements WHERE archived = 0 GROUP BY rule",
    "SELECT formed_by, count(*) FROM contract_items GROUP BY formed_by",
    "SELECT rule, count(*) FROM positions GROUP BY rule",
    "SELECT rule, count(*) FROM transfers GROUP BY rule",
)

_POSITION: Final = "p.product || '|' || coalesce(s.model, '') || '|' || m.code"

_FIRINGS: Final = {
    "lifecycle": """SELECT 'contract', c.contract, c.contract || coalesce(', item ' || i.item, ''), e.on_day
        FROM events e JOIN contracts c ON c.id = e.contract_id LEFT JOIN contract_items i ON i.id = e.item_id
        WHERE e.rule = ? ORDER BY e.on_day DESC, e.id""",
    "expiration": """SELECT 'entitlement', p.product || '|' || e.model || '|' || m.code, e.name,
            e.model || ', ' || m.code || coalesce(', until ' || e.expiration, '')
        FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
        WHERE e.rule = ? AND e.archived = 0 ORDER BY e.name""",
    "formation": """SELECT 'contract', c.contract, c.contract || ', item ' || i.item, p.product || ', ' || i.model
        FROM contract_items i JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id
        WHERE i.formed_by = ? ORDER BY c.contract, i.item""",
    "compliance": f"""SELECT 'position', {_POSITION}, p.product,
            coalesce(s.model, 'no entitlement') || ', ' || m.code
        FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
        WHERE s.rule = ? ORDER BY p.product""",
    "transfers": """SELECT 'position', f.product || '|' || t.from_model || '|' || m.code,
            f.product || ' to ' || o.product, t.quantity || ' by ' || r."right"
        FROM transfers t JOIN products f ON f.id = t.from_product_id JOIN products o ON o.id = t.to_product_id
        JOIN metrics m ON m.id = t.metric_id JOIN rights r ON r.id = t.right_id WHERE t.rule = ? ORDER BY t.id""",
}
"""Subject of the rulebook -> subject, key, name and detail of what a rule has fired on."""

_ALLOCATED: Final = """SELECT p.product || '|' || e.model || '|' || m.code, e.name, e.quantity, e.allocated
    FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
    WHERE e.archived = 0 AND e.allocated > 0 ORDER BY e.name"""


def fired(book: Book) -> dict[str, int]:
    """How often each rule of the rulebook has fired on the book as it was last judged; 0 for those that have not."""
    counts = dict.fromkeys((rule.name for one in library.documents().values() for rule in one.rules), 0)
    for sql in _COUNTS:
        counts |= {rule: number for rule, number in book.rows(sql) if rule in counts}
    standings = book.rows(
        "SELECT quantity, allocated, count(*) FROM entitlements WHERE archived = 0 AND allocated > 0 GROUP BY 1, 2"
    )
    for rule, row in zip(_judged([row[:2] for row in standings]), standings, strict=True):
        counts[rule] += row[2]
    return {**counts, **portal.counts(book)}


def firings(book: Book, rule: str, limit: int = 100) -> list[Firing]:
    """What a rule has fired on, at most `limit` of it. KeyError for a rule that does not exist."""
    subject = library.rule(rule).name.partition(".")[0]
    if subject in portal.SUBJECTS:
        return [Firing(*row) for row in portal.of(book, rule, limit)]
    if subject in _FIRINGS:
        return [Firing(*row) for row in book.rows(f"{_FIRINGS[subject]} LIMIT ?", (rule, limit))]
    rows = book.rows(_ALLOCATED)
    hits = [row for row, name in zip(rows, _judged([row[2:] for row in rows]), strict=True) if name == rule]
    return [
        Firing("entitlement", key, name, f"{allocated:,} of {quantity:,} allocated")
        for key, name, quantity, allocated in hits[:limit]
    ]


def _judged(standings: list[Row]) -> list[str]:
    """The rule that judges each pair of a quantity and what is allocated of it."""
    return [rule for _, rule in allocation.judge([allocation.Standing(*row) for row in standings])]
