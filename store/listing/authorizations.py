"""The overviews of authorizations, and of the optional entitlements that are deployed on them."""

from __future__ import annotations

from typing import Final

from rules.vocabulary import AUTHORIZATION_STATES, DEPLOYMENT_STATES
from store.listing.shape import Arm, Field, Listing, Overview, Words, found
from store.listing.titles import AS_OF, days, nocase

_AUTHORIZATIONS: Final = Overview(
    "authorizations",
    (
        Field("authorization", "text"),
        Field("holder", "text"),
        Field("title", "text"),
        Field("how", "code"),
        Field("authorized_on", "day"),
        Field("units", "number"),
        Field("entitlements", "number", sortable=False),
        Field("state", "code", sortable=False),
        Field("ended_on", "day"),
        Field("product", "text", hidden=True),
    ),
    (*AUTHORIZATION_STATES, "all"),
    default="active",
)

_STATE: Final = f"""CASE WHEN a.ended_on <= {AS_OF} THEN 'ended' WHEN a.authorized_on > {AS_OF} THEN 'upcoming'
    ELSE 'active' END"""

_AUTHORIZATIONS_ARM: Final = Arm(
    base="authorizations a",
    id="a.id",
    local=("a.id",),
    joins={"t": "JOIN titles t ON t.id = a.title_id", "p": "LEFT JOIN products p ON p.id = t.product_id"},
    columns={
        **{name: f"a.{name}" for name in "authorization holder how authorized_on units ended_on".split()},
        "title": "t.title",
        "entitlements": """(SELECT count(*) FROM deployed_entitlements e
            WHERE e.authorization_id = a.id AND e.replaced_on IS NULL)""",
        "state": _STATE,
        "product": "coalesce(p.product, '')",
    },
    order=("a.holder COLLATE NOCASE", "t.title COLLATE NOCASE"),
    sorts={
        **nocase("a.authorization", "a.holder", "t.title", "p.product"),
        **days(ended_on="a.ended_on"),
    },
    filters={**{state: f"{_STATE} = '{state}'" for state in AUTHORIZATION_STATES}, "all": "1"},
    words=Words(plain=("a.authorization || ' ' || a.holder || ' ' || t.title || ' ' || coalesce(p.product, '')",)),
    key="a.authorization",
)

AUTHORIZATIONS: Final = Listing(
    _AUTHORIZATIONS,
    (_AUTHORIZATIONS_ARM,),
    find=lambda book, key: found(book, "SELECT id FROM authorizations WHERE authorization = ?", key, 1),
)

# ------------------------------------------------------------------------------------------------------------ deployed
_DEPLOYED: Final = Overview(
    "deployed",
    (
        Field("holder", "text"),
        Field("title", "text"),
        Field("definition", "text"),
        Field("quantity", "number"),
        Field("start", "day"),
        Field("end", "day"),
        Field("days_left", "number", sortable=False),
        Field("state", "code", sortable=False),
        Field("request", "text", sortable=False),
        Field("reasons", "text", sortable=False),
        Field("periods", "number"),
        Field("authorization", "text", hidden=True),
    ),
    (*DEPLOYMENT_STATES, "expiring", "all"),
    default="all",
)

_DEPLOYED_STATE: Final = f"""CASE WHEN a.ended_on <= {AS_OF} THEN 'ended' WHEN e.starts_on > {AS_OF} THEN 'scheduled'
    WHEN coalesce(e.ends_on >= {AS_OF}, 1) THEN 'active' ELSE 'expired' END"""

_KEY: Final = """
SELECT e.id FROM deployed_entitlements e JOIN authorizations a ON a.id = e.authorization_id
JOIN entitlement_definitions d ON d.id = e.definition_id
WHERE a.authorization = ? AND d.definition = ? AND e.replaced_on IS NULL"""

_REQUEST: Final = "coalesce(r.request || ', ' || l.line, '')"
_REASONS: Final = "coalesce((SELECT group_concat(value, ', ') FROM json_each(l.reasons)), '')"
_DEPLOYED_TEXTS: Final = ("a.holder", "t.title", "d.definition", "a.authorization", _REQUEST)

_DEPLOYED_ARM: Final = Arm(
    base="deployed_entitlements e",
    id="e.id",
    local=("e.id",),
    only="e.replaced_on IS NULL",
    joins={
        "a": "JOIN authorizations a ON a.id = e.authorization_id",
        "d": "JOIN entitlement_definitions d ON d.id = e.definition_id",
        "t": "JOIN titles t ON t.id = a.title_id",
        "l": "LEFT JOIN request_lines l ON l.id = e.line_id",
        "r": "LEFT JOIN requests r ON r.id = l.request_id",
    },
    columns={
        "holder": "a.holder",
        "title": "t.title",
        "definition": "d.definition",
        "quantity": "e.quantity",
        "start": "e.starts_on",
        "end": "e.ends_on",
        "days_left": f"CAST(julianday(e.ends_on) - julianday({AS_OF}) AS INTEGER)",
        "state": _DEPLOYED_STATE,
        "request": _REQUEST,
        "reasons": _REASONS,
        "periods": "e.number",
        "authorization": "a.authorization",
        "ends_early": "coalesce(a.ended_on <= e.ends_on, 0)",
    },
    order=("a.holder COLLATE NOCASE", "d.definition COLLATE NOCASE"),
    sorts={
        **nocase(
            "a.holder",
            "t.title",
            "d.definition",
            "a.authorization",
            request=_REQUEST,
            reasons=_REASONS,
        ),
        **days(end="e.ends_on"),
    },
    filters={
        **{state: f"{_DEPLOYED_STATE} = '{state}'" for state in DEPLOYMENT_STATES},
        "expiring": "e.ends_on >= :as_of AND e.ends_on <= :soon AND coalesce(a.ended_on > e.ends_on, 1)",
        "all": "1",
    },
    words=Words(plain=(" || ' ' || ".join(_DEPLOYED_TEXTS),)),
    key="a.authorization || '|' || d.definition",
)

DEPLOYED: Final = Listing(_DEPLOYED, (_DEPLOYED_ARM,), find=lambda book, key: found(book, _KEY, key, 2))
