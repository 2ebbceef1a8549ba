"""The overviews of titles and of the entitlement definitions that they offer or include."""

from __future__ import annotations

from typing import Final

from rules.vocabulary import DEFINITION_STATES
from store.listing.shape import Arm, Field, Listing, Overview, Words, found
from store.portal.state import CONTRACT_END

AS_OF: Final = "(SELECT value FROM settings WHERE key = 'as_of')"
"""The day of judgement, for values of rows."""

CURRENCY: Final = "coalesce((SELECT value FROM settings WHERE key = 'currency'), 'EUR')"
"""The currency of prices that name none."""


def nocase(*columns: str, **expressions: str) -> dict[str, tuple[str, ...]]:
    """Texts that are sorted without regard to capitals: columns as "alias.name", or a name with its expression."""
    plain = {column.partition(".")[2]: column for column in columns}
    return {name: (f"{column} COLLATE NOCASE",) for name, column in (plain | expressions).items()}


def days(**columns: str) -> dict[str, tuple[str, ...]]:
    """Last days, of which one that never comes is the latest."""
    return {name: (f"coalesce({column}, '9')",) for name, column in columns.items()}


# -------------------------------------------------------------------------------------------------------------- titles
_TITLES: Final = Overview(
    "titles",
    (
        Field("title", "text"),
        Field("product", "text"),
        Field("version", "text"),
        Field("released_on", "day"),
        Field("orderable", "flag"),
        Field("requires_approval", "flag"),
        Field("price", "money"),
        Field("included", "number", sortable=False),
        Field("optional", "number", sortable=False),
        Field("authorized", "number", sortable=False),
        Field("owned", "count", sortable=False),
        Field("balance", "count", sortable=False),
        Field("vendor", "text", hidden=True),
        Field("family", "text", hidden=True),
        Field("listed_on", "day", hidden=True),
    ),
    ("orderable", "needs-approval", "all"),
    default="all",
)

_ACTIVE: Final = f"a.authorized_on <= {AS_OF} AND coalesce(a.ended_on > {AS_OF}, 1)"

_TITLES_ARM: Final = Arm(
    base="titles t",
    id="t.id",
    local=("t.id",),
    joins={
        "p": "LEFT JOIN products p ON p.id = t.product_id",
        "f": "LEFT JOIN families f ON f.id = p.family_id",
    },
    columns={
        "title": "t.title",
        "product": "coalesce(p.product, '')",
        "version": "coalesce(p.version, '')",
        "released_on": "p.released_on",
        "orderable": "t.orderable",
        "requires_approval": "t.requires_approval",
        "price": f"t.price || ' ' || {CURRENCY}",
        "included": "(SELECT count(*) FROM entitlement_definitions d WHERE d.title_id = t.id AND d.kind = 'included')",
        "optional": "(SELECT count(*) FROM entitlement_definitions d WHERE d.title_id = t.id AND d.kind = 'optional')",
        "authorized": f"(SELECT coalesce(sum(a.units), 0) FROM authorizations a WHERE a.title_id = t.id AND {_ACTIVE})",
        "owned": "(SELECT sum(s.active) FROM positions s WHERE s.product_id = t.product_id)",
        "balance": "(SELECT sum(s.balance) FROM positions s WHERE s.product_id = t.product_id)",
        "vendor": "coalesce(p.vendor, '')",
        "family": "coalesce(f.name, '')",
        "listed_on": "t.listed_on",
    },
    order=("t.title COLLATE NOCASE",),
    sorts={
        **nocase("t.title", "p.product", "p.version", "p.vendor", family="f.name"),
        "price": ("CAST(t.price AS REAL)",),
    },
    filters={"orderable": "t.orderable = 1", "needs-approval": "t.requires_approval = 1", "all": "1"},
    words=Words(
        plain=(
            "t.title || ' ' || coalesce(p.product || ' ' || p.vendor || ' ' || p.version, '')"
            " || ' ' || coalesce(f.name, '')",
        ),
    ),
    key="t.title",
)

TITLES: Final = Listing(
    _TITLES, (_TITLES_ARM,), find=lambda book, key: found(book, "SELECT id FROM titles WHERE title = ?", key, 1)
)

# --------------------------------------------------------------------------------------------------------- definitions
_DEFINITIONS: Final = Overview(
    "definitions",
    (
        Field("definition", "text"),
        Field("title", "text"),
        Field("contract", "text"),
        Field("kind", "code"),
        Field("state", "code", sortable=False),
        Field("orderable", "flag"),
        Field("forced", "flag"),
        Field("version_right", "code"),
        Field("max_request_days", "number"),
        Field("starts_on", "day"),
        Field("ends_on", "day"),
        Field("effective_end", "day", sortable=False),
        Field("unit_price", "money"),
        Field("holders", "number", sortable=False),
    ),
    (*DEFINITION_STATES, "all"),
    default="all",
)

_END: Final = f"nullif(min(coalesce(d.ends_on, '9999-12-31'), coalesce({CONTRACT_END}, '9999-12-31')), '9999-12-31')"
_STATE: Final = f"""CASE WHEN {_END} < {AS_OF} THEN 'expired' WHEN d.starts_on > {AS_OF} THEN 'upcoming'
    WHEN d.kind = 'included' THEN 'included' WHEN d.orderable = 1 THEN 'orderable' ELSE 'hidden' END"""

_DEFINITIONS_ARM: Final = Arm(
    base="entitlement_definitions d",
    id="d.id",
    local=("d.id",),
    joins={
        "t": "JOIN titles t ON t.id = d.title_id",
        "c": "LEFT JOIN contracts c ON c.id = d.contract_id",
    },
    columns={
        **{f"{name}": f"d.{name}" for name in "definition kind orderable forced version_right".split()},
        **{f"{name}": f"d.{name}" for name in "max_request_days starts_on ends_on".split()},
        "title": "t.title",
        "contract": "coalesce(c.contract, '')",
        "state": _STATE,
        "effective_end": _END,
        "unit_price": f"d.unit_price || ' ' || {CURRENCY}",
        "holders": """(SELECT count(DISTINCT e.authorization_id) FROM deployed_entitlements e
            WHERE e.definition_id = d.id AND e.replaced_on IS NULL)""",
    },
    order=("d.definition COLLATE NOCASE",),
    sorts={
        **nocase("d.definition", "t.title", "c.contract"),
        **days(ends_on="d.ends_on", effective_end=_END),
        "unit_price": ("CAST(d.unit_price AS REAL)",),
    },
    filters={**{state: f"{_STATE} = '{state}'" for state in DEFINITION_STATES}, "all": "1"},
    words=Words(plain=("d.definition || ' ' || t.title || ' ' || coalesce(c.contract || ' ' || c.name, '')",)),
    key="d.definition",
)

DEFINITIONS: Final = Listing(
    _DEFINITIONS,
    (_DEFINITIONS_ARM,),
    find=lambda book, key: found(book, "SELECT id FROM entitlement_definitions WHERE definition = ?", key, 1),
)
