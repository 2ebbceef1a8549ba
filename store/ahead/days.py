"""The days on which something can change with time alone, and what it is that changes then."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from store.ahead.shape import COUNTING, PURCHASE_BEGUN, PURCHASE_ENDED, RELEASE, RIGHT_BEGUN, RIGHT_ENDED, Cause
from store.book import Book

Days = dict[int, dict[int, list[Cause]]]
"""Transfer group -> day (ordinal) -> what changes in it on that day."""

_JULIAN: Final = 1721424.5
"""What an ordinal lacks to a Julian day, as the database counts days."""


def _ordinal(day: str, after: int = 0) -> str:
    """The ordinal of a day in SQL, or of the one after it."""
    return f"CAST(julianday({day}) - {_JULIAN} AS INTEGER) + {after}"


_WITHIN: Final = "WHERE p.transfer_group BETWEEN ?1 AND ?2"
_ENDED: Final = _ordinal("i.license_end", 1)
_BEGUN: Final = _ordinal("i.license_start")
_ITEM: Final = "'contract_item:' || c.contract || '/' || i.item"
_ITEMS: Final = f"""FROM products p CROSS JOIN contract_items i ON i.product_id = p.id
    CROSS JOIN contracts c ON c.id = i.contract_id {_WITHIN}"""
_RIGHTS: Final = f"""FROM products p CROSS JOIN rights r ON r.from_product_id = p.id {_WITHIN}
    UNION ALL SELECT (SELECT min(p.transfer_group) FROM products p WHERE p.family_id = r.family_id), {{day}} AS day,
        'right:' || r."right", '' FROM rights r
    WHERE r.family_id IN (SELECT p.family_id FROM products p {_WITHIN})"""
_COUNTED: Final = f"""FROM counting_rules k JOIN metrics m ON m.id = k.metric_id
    CROSS JOIN products p {_WITHIN} AND k.valid_from <> '' AND EXISTS (
        SELECT 1 FROM installations n WHERE n.product_id = p.id) AND k.metric_id = coalesce(p.metric_id,
        (SELECT min(i.metric_id) FROM contract_items i WHERE i.product_id = p.id),
        (SELECT id FROM metrics WHERE code = 'device'))"""
_CHANGES: Final = {
    PURCHASE_ENDED: (_ENDED, _ITEM, "p.product", _ITEMS),
    PURCHASE_BEGUN: (_BEGUN, _ITEM, "p.product", _ITEMS),
    RIGHT_ENDED: (_ordinal("r.valid_until", 1), "'right:' || r.\"right\"", "''", _RIGHTS),
    RIGHT_BEGUN: (_ordinal("r.valid_from"), "'right:' || r.\"right\"", "''", _RIGHTS),
    RELEASE: (_ordinal("p.released_on"), "'product:' || p.product", "p.product", f"FROM products p {_WITHIN}"),
    COUNTING: (_ordinal("k.valid_from"), "'counting_rule:' || m.code || '|' || k.valid_from", "p.product", _COUNTED),
}


def _query(day: str, fact: str, product: str, source: str) -> str:
    inner = f"SELECT p.transfer_group, {day} AS day, {fact}, {product} {source.format(day=day)}"
    return f"SELECT * FROM ({inner}) WHERE day > ?3 AND day <= ?4 ORDER BY 1, 2, 3"


_QUERIES: Final = {kind: _query(*parts) for kind, parts in _CHANGES.items()}


def of(book: Book, groups: tuple[int, int], between: tuple[int, int]) -> Days:
    """What changes in a range of transfer groups after the first of two days (ordinals), up to the last."""
    found: Days = defaultdict(lambda: defaultdict(list))
    for kind, sql in _QUERIES.items():
        for group, day, fact, product in book.each(sql, (*groups, *between)):
            found[group][day].append(Cause(kind, fact, product))
    return found


Turns = dict[int, tuple[int, int]]
"""Day (ordinal) -> the purchases that have ended the day before, and those that begin."""


def turns(book: Book, first: int, last: int) -> Turns:
    """The terms of the whole book that end or begin after the first of two days (ordinals), up to the last."""
    ended, begun = (
        dict(
            book.rows(f"SELECT {day} AS day, count(*) FROM contract_items i WHERE day > ? AND day <= ? GROUP BY 1", at)
        )
        for day, at in ((_ENDED, (first, last)), (_BEGUN, (first, last)))
    )
    return {day: (ended.get(day, 0), begun.get(day, 0)) for day in ended.keys() | begun.keys()}
