"""The overviews of reviews, and of the positions of all reviews with what was decided on each."""

from __future__ import annotations

from typing import Final

from rules.vocabulary import REVIEW_DECISIONS
from store.listing.shape import Arm, Field, Listing, Overview, Words, found
from store.listing.titles import days, nocase

UNDECIDED: Final = "undecided"
"""The filter for positions on which nobody has decided yet."""

_REVIEWS: Final = Overview(
    "reviews",
    (
        Field("review", "text"),
        Field("as_of", "day"),
        Field("scope", "code"),
        Field("decided", "text", sortable=False),
        Field("review_state", "code", sortable=False),
        Field("opened_at", "moment"),
        Field("opened_by", "text"),
        Field("signed_off_at", "moment"),
        Field("signed_off_by", "text"),
        Field("frozen_sha256", "text", hidden=True, sortable=False),
    ),
    ("open", "signed-off", "all"),
)

_OF: Final = "(SELECT count(*) FROM review_rows r WHERE r.review_id = v.id{})"
_DECIDED: Final = _OF.format(" AND r.decision <> ''")
_LEFT: Final = "EXISTS (SELECT 1 FROM review_rows r WHERE r.review_id = v.id AND r.decision = '')"
_STATE: Final = f"""CASE WHEN v.signed_off_at IS NOT NULL THEN 'signed-off' WHEN {_LEFT} THEN 'open'
    ELSE 'decided' END"""

_REVIEWS_ARM: Final = Arm(
    base="reviews v",
    id="v.id",
    local=("v.id",),
    columns={
        "review": "v.title",
        **{name: f"v.{name}" for name in "as_of scope opened_at opened_by signed_off_at frozen_sha256".split()},
        "signed_off_by": "coalesce(v.signed_off_by, '')",
        "decided": f"{_DECIDED} || ' of ' || {_OF.format('')}",
        "review_state": _STATE,
    },
    order=("-v.id",),
    sorts=nocase("v.opened_by", "v.signed_off_by", review="v.title"),
    filters={"open": "v.signed_off_at IS NULL", "signed-off": "v.signed_off_at IS NOT NULL", "all": "1"},
    words=Words(plain=("v.title || ' ' || v.as_of || ' ' || v.opened_by || ' ' || coalesce(v.signed_off_by, '')",)),
    key="v.title",
)

REVIEWS: Final = Listing(
    _REVIEWS, (_REVIEWS_ARM,), find=lambda book, key: found(book, "SELECT id FROM reviews WHERE title = ?", key, 1)
)

_ROWS: Final = Overview(
    "review_rows",
    (
        Field("product", "text"),
        Field("model", "code"),
        Field("metric", "code"),
        Field("balance", "count"),
        Field("status", "code"),
        Field("decision", "code"),
        Field("responsible", "text"),
        Field("due_on", "day"),
        Field("note", "text"),
        Field("review", "text", hidden=True),
        Field("active", "count", hidden=True),
        Field("demand", "count", hidden=True),
        Field("downgrade", "count", hidden=True),
        Field("upgrade", "count", hidden=True),
    ),
    (UNDECIDED, *REVIEW_DECISIONS, "all"),
)

_ROWS_ARM: Final = Arm(
    base="review_rows r",
    id="r.id",
    local=("r.id",),
    joins={
        "v": "JOIN reviews v ON v.id = r.review_id",
        "g": "LEFT JOIN user_groups g ON g.id = r.responsible_id",
    },
    columns={
        **{name: f"r.{name}" for name in "product metric balance status due_on note".split()},
        **{name: f"r.{name}" for name in "active demand downgrade upgrade".split()},
        "model": "nullif(r.model, '')",
        "decision": "nullif(r.decision, '')",
        "responsible": "coalesce(g.name, '')",
        "review": "v.title",
    },
    order=("r.product COLLATE NOCASE",),
    sorts={**nocase("r.product", "r.note", responsible="g.name", review="v.title"), **days(due_on="r.due_on")},
    filters={
        UNDECIDED: "r.decision = ''",
        **{decision: f"r.decision = '{decision}'" for decision in REVIEW_DECISIONS},
        "all": "1",
    },
    words=Words(
        plain=("r.product || ' ' || r.model || ' ' || r.metric || ' ' || r.note || ' ' || coalesce(g.name, '')",)
    ),
    key="v.title || '|' || r.product || '|' || r.model || '|' || r.metric",
)

_FIND: Final = """
SELECT r.id FROM reviews v JOIN review_rows r ON r.review_id = v.id
WHERE v.title = ? AND r.product = ? AND r.model = ? AND r.metric = ?"""

ROWS: Final = Listing(_ROWS, (_ROWS_ARM,), find=lambda book, key: found(book, _FIND, key, 4))
