"""The words of the field as codes, and the two numbers that stand for "without end" and "without limit".

Codes are what files and snapshots hold (kebab-case); texts for people are made elsewhere.
"""

from typing import Final

NEVER: Final = 3_652_059
"""The day, as an ordinal, that stands for "never ends" (`date.max.toordinal()`). It is compared, never added to."""

UNLIMITED: Final = 2**52
"""A quantity without limit. Sums and differences of it with ordinary quantities stay far above every ordinary one."""

MAX_QUANTITY: Final = 2_147_483_647
"""The largest ordinary quantity that a contract item, an allocation or a demand row may hold."""

PERPETUAL: Final = "perpetual"
SUBSCRIPTION: Final = "subscription"
MAINTENANCE: Final = "maintenance"
MODELS: Final = (PERPETUAL, SUBSCRIPTION, MAINTENANCE)
"""License models in the order in which demand is placed on them; maintenance takes none."""

DEVICE: Final = "device"
USER: Final = "user"
CORE: Final = "core"
METRICS: Final = (DEVICE, USER, CORE)
"""Metrics that every book has; others are added in its settings."""

CONTRACT_INVOICED: Final = "contract-invoiced"
PURCHASED: Final = "purchased"
PURCHASED_RENEWAL: Final = "purchased-renewal"
EXPIRATION_WARNING: Final = "expiration-warning"
LICENSE_END: Final = "license-end"
EVENT_KINDS: Final = (CONTRACT_INVOICED, PURCHASED, PURCHASED_RENEWAL, EXPIRATION_WARNING, LICENSE_END)
"""Kinds of automatic events."""

DEPLOYMENT_END: Final = "deployment-end"
"""The kind of the event on the last day of an optional entitlement. It is read from what is deployed."""

REVIEW_DUE: Final = "review-due"
"""The kind of the event on the day by which what a review has decided is to be done. It is read from the review."""

UPCOMING: Final = "upcoming"
ACTIVE: Final = "active"
EXPIRING: Final = "expiring"
FINAL_DAY: Final = "final-day"
EXPIRED: Final = "expired"
STATES: Final = (UPCOMING, ACTIVE, EXPIRING, FINAL_DAY, EXPIRED)
"""Expiration states of an entitlement."""

COMPLIANT: Final = "compliant"
OVER_LICENSED: Final = "over-licensed"
UNDER_LICENSED: Final = "under-licensed"
STATUSES: Final = (COMPLIANT, OVER_LICENSED, UNDER_LICENSED)
"""What a balance says about a position."""

DOWNGRADE: Final = "downgrade"
UPGRADE: Final = "upgrade"
TRANSFER_KINDS: Final = (DOWNGRADE, UPGRADE)
"""Kinds of rights, and of the transfers that they allow."""

DEFAULT_LEADS: Final = (90, 60, 30, 7)
"""Days before the last valid day on which a warning is due, unless the book's settings name others."""


def is_unlimited(quantity: int) -> bool:
    """Whether a quantity, or a sum or difference with one, is without limit."""
    return quantity > UNLIMITED // 2


OPTIONAL: Final = "optional"
INCLUDED: Final = "included"
DEFINITION_KINDS: Final = (OPTIONAL, INCLUDED)
"""Kinds of entitlement definitions: requested for one authorization, or part of every one of the title."""

NO_VERSIONS: Final = "none"
WHILE_IN_FORCE: Final = "while-in-force"
PERPETUALLY: Final = "perpetual"
VERSION_RIGHTS: Final = (NO_VERSIONS, WHILE_IN_FORCE, PERPETUALLY)
"""What an entitlement definition gives to newer versions of its title."""

TITLE: Final = "title"
ENTITLEMENT: Final = "entitlement"
LINE_KINDS: Final = (TITLE, ENTITLEMENT)
"""What a line of a request asks for."""

APPROVE: Final = "approve"
DENY: Final = "deny"
DECISIONS: Final = (APPROVE, DENY)

PENDING: Final = "pending"
DENIED: Final = "denied"
AUTHORIZED: Final = "authorized"
CREATED: Final = "created"
REPLACED: Final = "replaced"
NO_CHANGE: Final = "no-change"
REFUSED: Final = "refused"
CANCELLED: Final = "cancelled"
STALE: Final = "stale"
OUTCOMES: Final = (PENDING, AUTHORIZED, CREATED, REPLACED, NO_CHANGE, DENIED, REFUSED, CANCELLED, STALE)
"""What became of a line of a request."""

ACCEPTED: Final = "accepted"
BUY: Final = "buy"
CANCEL: Final = "cancel"
INVESTIGATE: Final = "investigate"
REVIEW_DECISIONS: Final = (ACCEPTED, BUY, CANCEL, INVESTIGATE)
"""What a review can decide of a position: it is as it should be, licenses are bought or canceled, somebody looks."""

MANUAL_KINDS: Final = ("status-update", "activity-log", "custom")
"""Kinds of events that people make."""

ENTERED: Final = "entered"
AUTHORIZATION_ORIGINS: Final = (ENTERED, "portal")
"""How an authorization came to be: typed or imported, or by a request."""

SCHEDULED: Final = "scheduled"
ENDED: Final = "ended"
DEPLOYMENT_STATES: Final = (SCHEDULED, ACTIVE, EXPIRED, ENDED)
"""States of what an authorization holds."""

AUTHORIZATION_STATES: Final = (UPCOMING, ACTIVE, ENDED)
ORDERABLE: Final = "orderable"
HIDDEN: Final = "hidden"
DEFINITION_STATES: Final = (ORDERABLE, INCLUDED, UPCOMING, HIDDEN, EXPIRED)

SHORTENS: Final = "shortens"
FEWER: Final = "fewer"
GAP: Final = "gap"
STAYS_EXPIRED: Final = "stays-expired"
WARNINGS: Final = (SHORTENS, FEWER, GAP, STAYS_EXPIRED)
"""What is worth knowing about the effect of a line."""

DEBIT: Final = "debit"
CREDIT: Final = "credit"
CHARGE_KINDS: Final = (DEBIT, CREDIT)
