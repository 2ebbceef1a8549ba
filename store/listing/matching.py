"""The overview of names of found software: what each stands for, and why, and which wait for a person to decide."""

from __future__ import annotations

from typing import Final

from store.listing.shape import Arm, Field, Listing, Overview, Words, found
from store.listing.titles import nocase
from store.matching.deciding import ORDER, SHOWN
from store.matching.matcher import ASSIGNED, IGNORED, MATCHED, WAITING

OVERVIEW: Final = Overview(
    "matching",
    (
        Field("software", "text"),
        Field("publisher", "text"),
        Field("version", "text"),
        Field("devices", "count"),
        Field("best", "text"),
        Field("why", "code"),
        Field("name_state", "code"),
    ),
    (WAITING, MATCHED, ASSIGNED, IGNORED, "all"),
    default=WAITING,
)

_FIRST: Final = "n.candidates ->> '$[0].{}'"

_ARM: Final = Arm(
    base="software_names n",
    id="n.id",
    local=("n.id",),
    joins={"p": "LEFT JOIN products p ON p.id = n.product_id"},
    columns={
        "software": "n.name",
        "publisher": "n.publisher",
        "version": "n.version",
        "devices": "n.devices",
        "best": f"CASE n.state WHEN '{WAITING}' THEN {_FIRST.format('product')} ELSE p.product END",
        "why": f"CASE n.state WHEN '{WAITING}' THEN {_FIRST.format('reason')} ELSE n.reason END",
        "name_state": "n.state",
    },
    order=ORDER,
    sorts=nocase("n.publisher", software="n.name", best="p.product"),
    filters={**{state: f"n.state = '{state}'" for state in OVERVIEW.filters[:-1]}, "all": "1"},
    words=Words(plain=("n.name || ' ' || n.publisher || ' ' || n.version || ' ' || n.candidates",)),
    only=SHOWN,
    key="n.name || '|' || n.publisher || '|' || n.version",
)

_FIND: Final = "SELECT id FROM software_names WHERE name = ? AND publisher = ? AND version = ?"

LISTING: Final = Listing(OVERVIEW, (_ARM,), find=lambda book, key: found(book, _FIND, key, 3))
