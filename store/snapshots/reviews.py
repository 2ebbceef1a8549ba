"""The reviews of a book in a snapshot: two lists, which only a book with reviews gives to its snapshots."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from store.book import Book
from store.reviews import reading
from store.snapshots.lists import units

_REVIEWS: Final = """
SELECT json_object('as_of', v.as_of, 'frozen_sha256', v.frozen_sha256, 'opened_at', v.opened_at,
    'opened_by', v.opened_by, 'review', v.title, 'scope', v.scope, 'signed_off_at', v.signed_off_at,
    'signed_off_by', v.signed_off_by)
FROM reviews v ORDER BY v.title"""

_ROWS: Final = f"""
SELECT json_object('active', {units("r.active")}, 'balance', {units("r.balance")},
    'decision', nullif(r.decision, ''), 'demand', r.demand, 'downgrade', r.downgrade, 'due_on', r.due_on,
    'metric', r.metric, 'model', nullif(r.model, ''), 'note', r.note, 'product', r.product, 'responsible', g.name,
    'review', v.title, 'status', r.status, 'upgrade', r.upgrade)
FROM reviews v JOIN review_rows r ON r.review_id = v.id LEFT JOIN user_groups g ON g.id = r.responsible_id
ORDER BY v.title, r.product, r.model, r.metric"""


def lists(book: Book) -> dict[str, Iterable[bytes]]:
    """The lists `reviews` and `review_rows`, each element as JSON; none for a book without reviews."""
    if not reading.any_(book):
        return {}
    queries = {"reviews": _REVIEWS, "review_rows": _ROWS}
    return {name: (row[0].encode() for row in book.each(query)) for name, query in queries.items()}
