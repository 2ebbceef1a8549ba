"""What needs attention in a book as it was last judged: each part is one question to the book.

Money is summed exactly and by currency; currencies are never added. Everything counted here can be asked for row by
row in `store.overviews` with the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from rules.vocabulary import COMPLIANT, OVER_LICENSED, STATUSES, SUBSCRIPTION, UNDER_LICENSED
from store import money, overviews, settings
from store.book import Book
from store.imports.finding import Finding
from store.money import Amount, Sums
from store.overviews import Ask
from store.portal import endings as deployments

SOON: Final = 90
"""Days within which what expires needs attention."""

_STEPS: Final = (30, 60, SOON)


@dataclass(frozen=True)
class Balances:
    """Positions by status, what is short, and what of the surplus could be canceled because it is rented.

    `rented` are over-licensed positions of subscriptions; `owned` counts the other over-licensed ones. What is held
    without limit is compliant by the rules, and stands in neither.
    """

    statuses: Mapping[str, int] = field(default_factory=dict[str, int])
    short: tuple[Amount, ...] = ()
    rented: tuple[Amount, ...] = ()
    owned: int = 0


@dataclass(frozen=True)
class Expiry:
    """Entitlements that expire from the day of judgement on, within so many days."""

    within: int
    until: date
    entitlements: int


@dataclass(frozen=True)
class Shortage:
    """A position that is short: its key, product, model and metric, the units it lacks and what they cost.

    `cost` is None where no price is known, and then `currency` is "".
    """

    key: str
    product: str
    model: str
    metric: str
    units: int
    currency: str
    cost: Decimal | None


@dataclass(frozen=True)
class Ending:
    """An entitlement that expires soon: its key, product, name, last day, active units."""

    key: str
    product: str
    name: str
    on: date
    active: int


@dataclass(frozen=True)
class LastImport:
    """The last import into the book: when (UTC), what was read, by whom, and its findings by severity."""

    at: str
    source: str
    who: str
    severities: Mapping[str, int]


def balances(book: Book) -> Balances:
    """Positions by status, what is short, what could be canceled."""
    counted = dict(book.rows("SELECT status, count(*) FROM positions GROUP BY status"))
    statuses = {status: int(counted.get(status, 0)) for status in STATUSES}
    short, rented = Sums(), Sums()
    owned = 0
    for status, model, units, price, currency in book.each(_UNEVEN, (COMPLIANT,)):
        if status == UNDER_LICENSED:
            short.add(-units, price, currency)
        elif model == SUBSCRIPTION:
            rented.add(units, price, currency)
        else:
            owned += 1
    return Balances(statuses, short.amounts(), rented.amounts(), owned)


_UNEVEN: Final = "SELECT status, model, balance, price_amount, price_currency FROM positions WHERE status <> ?"


def expiring(book: Book, as_of: date) -> list[Expiry]:
    """How many entitlements expire within 30, 60 and 90 days, each number with those before it."""
    days = [date.fromordinal(min(as_of.toordinal() + days, date.max.toordinal())) for days in _STEPS]
    within = ", ".join("coalesce(sum(expiration <= ?), 0)" for _ in days)
    sql = f"SELECT {within} FROM entitlements WHERE archived = 0 AND expiration BETWEEN ? AND ?"
    texts = [day.isoformat() for day in days]
    row = book.rows(sql, [*texts, as_of.isoformat(), texts[-1]])[0]
    return [Expiry(*one) for one in zip(_STEPS, days, row, strict=True)]


def ask_expiring(as_of: date, until: date) -> Ask:
    """How the overview of entitlements is asked for what expires from one day to another."""
    return Ask(where=(("expiration >=", as_of.isoformat()), ("expiration <=", until.isoformat())), sort="expiration")


def ask_amount(status: str, currency: str | None = None, model: str | None = None) -> Ask:
    """How the overview of compliance is asked for positions of a status, of one currency ("": without a price), of one
    model ("": without an entitlement); the farthest from zero come first.
    """
    chosen = [("currency", currency), ("model", model)]
    where = tuple((name, value or None) for name, value in chosen if value is not None)
    return _asked(status, *where)


def ask_owned() -> Ask:
    """The same for a surplus that is no subscription's."""
    return _asked(OVER_LICENSED, ("model !=", SUBSCRIPTION))


def _asked(status: str, *where: tuple[str, object]) -> Ask:
    return Ask(filter=status, where=where, sort="balance", descending=status == OVER_LICENSED)


def endings(book: Book, as_of: date, limit: int = 5) -> list[Ending]:
    """The entitlements that expire next within 90 days."""
    until = as_of + timedelta(SOON)
    sql = """SELECT p.product || '|' || e.model || '|' || m.code, p.product, e.name, e.expiration, e.active
        FROM entitlements e JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id
        WHERE e.archived = 0 AND e.expiration BETWEEN ? AND ? ORDER BY e.expiration, e.name LIMIT ?"""
    found = book.rows(sql, (as_of.isoformat(), until.isoformat(), limit))
    return [Ending(key, product, name, date.fromisoformat(on), active) for key, product, name, on, active in found]


def shortages(book: Book, limit: int = 5) -> list[Shortage]:
    """The positions that lack most, by what that costs: in the currency of the book, in others, without a price."""
    sql = """SELECT p.product, coalesce(s.model, ''), m.code, -s.balance, coalesce(s.price_currency, ''), s.price_amount
        FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
        WHERE s.status = ? ORDER BY s.price_currency IS NULL, s.price_currency IS NOT ?, s.price_currency,
            round(s.balance * CAST(s.price_amount AS REAL), 6), s.balance, 1, 2, 3 LIMIT ?"""
    found = book.rows(sql, (UNDER_LICENSED, settings.get(book, "currency"), limit))
    return [
        Shortage(f"{product}|{model}|{metric}", product, model, metric, units, currency, _cost(units, price))
        for product, model, metric, units, currency, price in found
    ]


def _cost(units: int, price: str | None) -> Decimal | None:
    return None if price is None else money.cents(money.cost(units, price))


@dataclass(frozen=True)
class DeployedEnding:
    """An optional entitlement that ends soon: its key in the overview "deployed", what it is, whose, its last day."""

    key: str
    authorization: str
    definition: str
    holder: str
    on: date
    quantity: int


def expiring_deployed(book: Book, as_of: date) -> list[Expiry]:
    """How many optional entitlements end within 30, 60 and 90 days, each number with those before it."""
    days = [date.fromordinal(min(as_of.toordinal() + days, date.max.toordinal())) for days in _STEPS]
    ends = deployments.counts(book, as_of, days[-1])
    totals = [sum(count for day, count in ends if day <= last.isoformat()) for last in days]
    return [Expiry(*one) for one in zip(_STEPS, days, totals, strict=True)]


def ask_expiring_deployed(as_of: date, until: date) -> Ask:
    """How the overview "deployed" is asked for what ends from one day to another."""
    where = (("end >=", as_of.isoformat()), ("end <=", until.isoformat()), ("ends_early", 0))
    return Ask(where=where, sort="end")


def deployed_endings(book: Book, as_of: date, limit: int = 5) -> list[DeployedEnding]:
    """The optional entitlements that end next within 90 days."""
    found = deployments.rows(book, as_of, as_of + timedelta(SOON), limit=limit)
    return [
        DeployedEnding(f"{name}|{definition}", name, definition, holder, date.fromisoformat(on), quantity)
        for _, on, _, _, _, quantity, definition, holder, name, _ in found
    ]


def waiting(book: Book) -> int:
    """Lines of requests that wait for an approver: the rows of the overview "approvals"."""
    return overviews.counts(book, "approvals", Ask())["all"]


def stale_demand(book: Book) -> int:
    """Products and metrics whose demand was last counted more than 90 days ago."""
    return overviews.counts(book, "demand", Ask())["stale"]


def last_import(book: Book) -> LastImport | None:
    """The last import, None where there was none."""
    row = book.one("SELECT at, source, who FROM imports ORDER BY id DESC LIMIT 1")
    if row is None:
        return None
    severities = book.rows("SELECT severity, count(*) FROM import_findings GROUP BY severity")
    at, source, who = row
    return LastImport(at, source, who, dict(severities))


def import_findings(book: Book) -> list[Finding]:
    """The findings of the last import, in the order in which it told them."""
    sql = "SELECT severity, code, place, message FROM import_findings ORDER BY id"
    return [Finding(*row) for row in book.rows(sql)]
