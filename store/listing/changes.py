"""The overview of the change log, newest entries first."""

from __future__ import annotations

from typing import Final

from store.book import Book
from store.listing.shape import Arm, Field, Listing, Overview, Words, found

OVERVIEW: Final = Overview(
    "changes",
    (
        Field("at", "moment"),
        Field("who", "text"),
        Field("action", "code"),
        Field("subject", "code"),
        Field("key", "text"),
    ),
    ("all",),
)


def _find(book: Book, key: str) -> int | None:
    return found(book, "SELECT id FROM change_log WHERE id = CAST(? AS INTEGER)", key, 1) if key.isdecimal() else None


_ARM: Final = Arm(
    base="change_log l",
    id="l.id",
    local=("l.id",),
    columns={"at": "l.at", "who": "l.who", "action": "l.action", "subject": "l.subject", "key": "l.key"},
    order=("l.id DESC",),
    sorts={"who": ("l.who COLLATE NOCASE",), "key": ("l.key COLLATE NOCASE",)},
    filters={"all": "1"},
    words=Words(plain=("l.who || ' ' || l.action || ' ' || l.subject || ' ' || l.key",)),
    key="CAST(l.id AS TEXT)",
)

LISTING: Final = Listing(OVERVIEW, (_ARM,), find=_find)
