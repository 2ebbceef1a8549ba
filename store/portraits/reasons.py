"""Why a record is what it is: each conclusion with its rule, the rule's conditions with their values, and the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from rules import allocation, compliance, expiration, formation, library, lifecycle, reference
from rules.formulas import days
from rules.language import Rule
from rules.terms import Fact
from rules.vocabulary import MAINTENANCE, PERPETUAL
from store import counting_why, derivation, facts, overviews
from store.book import Book, Row
from store.conclusions import Day
from store.portraits.shape import MOST, Link


@dataclass(frozen=True)
class Check:
    """A condition of a rule, whether it holds, and the condition with its values in it."""

    text: str
    holds: bool
    values: str


@dataclass(frozen=True)
class Reason:
    """A conclusion, or one that was not drawn: what it is about, and the rule with its checks.

    `topic` is "state", "counting", "allocation", "formation", "event", "status", "moved" or "request"; `about` names
    the contract item, the transfer or the line, if it is about one, and writes out the balance of a status. `outcome`
    is the code of what follows, `day` is ISO text, where it falls on one.
    """

    topic: str
    outcome: str
    about: str
    day: str | None
    rule: str
    says: str
    source: str
    holds: bool
    checks: tuple[Check, ...]
    facts: tuple[Link, ...]


def of_entitlement(book: Book, key: str) -> list[Reason]:
    """The state of an entitlement and those it is not in, its allocations, and what formed it; none if it is archived.

    An entitlement that is gone has no reasons.
    """
    number = overviews.find(book, "entitlements", key)
    if number is None:
        return []
    quantity, allocated, archived = book.rows(
        "SELECT quantity, allocated, archived FROM entitlements WHERE id = ?", (number,)
    )[0]
    if archived:
        return []
    found = [*_states(book, number), _allocated(quantity, allocated)]
    return found + [_formed(row) for row in book.rows(f"{_FORMED} WHERE i.entitlement_id = ? LIMIT ?", (number, MOST))]


def of_contract(book: Book, key: str) -> list[Reason]:
    """Which entitlements the items of a contract feed, and its events: those that there are, and those that are not."""
    number = overviews.find(book, "contracts", key)
    if number is None:
        return []
    invoiced = book.value("SELECT invoice_date FROM contracts WHERE id = ?", (number,))
    seen = lifecycle.Invoice(facts.ordinal(invoiced))
    first = _reason("event", library.rule("lifecycle.contract-invoiced"), {"c": seen}, day=invoiced)
    formed = [_formed(row) for row in book.rows(f"{_FORMED} WHERE i.contract_id = ? LIMIT ?", (number, MOST))]
    return [first, *_purchase_events(book, number), *formed]


def of_product(book: Book, key: str) -> list[Reason]:
    """The status of each position of a product."""
    number = overviews.find(book, "products", key)
    return [] if number is None else [_status(row) for row in book.rows(f"{_STATUS} WHERE s.product_id = ?", (number,))]


def of_position(book: Book, key: str) -> list[Reason]:
    """The status of a position, and the state of its entitlement."""
    number = overviews.find(book, "compliance", key)
    if number is None:
        return []
    row = book.rows(f"{_STATUS} WHERE s.id = ?", (number,))[0]
    entitlement = book.value("SELECT coalesce(entitlement_id, 0) FROM positions WHERE id = ?", (number,))
    states = (reason for reason in _states(book, entitlement) if reason.holds)
    return [_status(row), *_counted(book, number), *states]


def _counted(book: Book, position: int) -> Iterator[Reason]:
    """By which rule the demand of a position is counted from its installations."""
    product, metric, name = book.rows(
        "SELECT s.product_id, m.code, p.product FROM positions s JOIN products p ON p.id = s.product_id"
        " JOIN metrics m ON m.id = s.metric_id WHERE s.id = ?",
        (position,),
    )[0]
    found, ruling = counting_why.read(book, product, metric), counting_why.ruling(book, metric)
    if found is not None and ruling is not None:
        rule, fact = ruling
        about = f"{found.steps[-1].rpartition(' = ')[0]} = {found.total}"
        yield _reason("counting", rule, {"c": fact}, about=about, links=[Link("product", name, name)])


# -------------------------------------------------------------------------------------------------------------- status
_STATUS: Final = """
SELECT s.active, s.downgrade, s.upgrade, s.demand, s.balance, s.rule,
       p.product || '|' || coalesce(s.model, '') || '|' || m.code, coalesce(e.name, p.product),
       p.product || '|' || e.model || '|' || m.code, p.product
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id
LEFT JOIN entitlements e ON e.id = s.entitlement_id"""


def _status(row: Row) -> Reason:
    *parts, balance, rule, key, name, entitlement, product = row
    total = "{} + {} + {} - {}".format(*parts)
    links = [Link("position", key, name), Link("product", product, product)]
    if entitlement is not None:
        links.insert(1, Link("entitlement", entitlement, name))
    return _reason(
        "status", library.rule(rule), {"p": compliance.position(balance)}, about=f"{total} = {balance}", links=links
    )


# --------------------------------------------------------------------------------------------------------------- state
_LOTS: Final = """
SELECT i.license_start, c.invoice_date, 'contract_item:' || c.contract || '/' || i.item, i.license_end, c.contract,
       i.item, c.name
FROM contract_items i JOIN contracts c ON c.id = i.contract_id
JOIN entitlements e ON e.id = i.entitlement_id AND e.model = i.model WHERE e.id = ?"""


def _states(book: Book, number: int) -> Iterator[Reason]:
    """Every rule of states on the purchase that governs an entitlement; the one that holds comes first."""
    day = derivation.day_of(book)
    rows = book.rows(_LOTS, (number,))
    lots = [_lot(row) for row in rows]
    if not lots:
        return
    place = expiration.governing(lots, day.as_of)
    starts_on, _, _, ends_on = lots[place]
    term = expiration.Term(starts_on, ends_on, day.as_of, max(day.leads, default=0))
    contract, item, title = rows[place][4:]
    known = {"t": term}
    link = Link("contract", contract, title or contract)
    rules = library.documents()["expiration"].rules
    made = [_reason("state", rule, known, about=f"{contract}, item {item}", links=[link]) for rule in rules]
    held = next(reason for reason in made if reason.holds)
    yield held
    yield from (reason for reason in made if reason.outcome != held.outcome)


def _lot(row: Row) -> lifecycle.Lot:
    return facts.ordinal(row[0]), facts.ordinal(row[1]), row[2], facts.ordinal(row[3])


# --------------------------------------------------------------------------------------------- allocation and formation
def _allocated(quantity: int, allocated: int) -> Reason:
    standing = allocation.Standing(quantity, allocated)
    rule = allocation.judge([standing])[0][1]
    return _reason("allocation", library.rule(rule), {"s": standing})


_FORMED: Final = f"""
SELECT c.contract, c.name, i.item, i.model, p.maintenance_separate, i.formed_by,
       EXISTS (SELECT 1 FROM contract_items b WHERE b.product_id = i.product_id AND b.metric_id = i.metric_id
               AND b.model = '{PERPETUAL}'),
       q.product || '|' || e.model || '|' || n.code, e.name
FROM contract_items i JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id
JOIN entitlements e ON e.id = i.entitlement_id JOIN products q ON q.id = e.product_id
JOIN metrics n ON n.id = e.metric_id"""


def _formed(row: Row) -> Reason:
    contract, title, item, model, separate, rule, base, entitlement, name = row
    seen = formation.Item(int(model == MAINTENANCE), separate, base)
    links = [Link("contract", contract, title or contract), Link("entitlement", entitlement, name)]
    return _reason("formation", library.rule(rule), {"i": seen}, about=f"{contract}, item {item}", links=links)


# -------------------------------------------------------------------------------------------------------------- events
_SERIES: Final = """
SELECT i.license_start, c.invoice_date, 'contract_item:' || c.contract || '/' || i.item, i.license_end, i.contract_id,
       c.contract, i.item, q.product || '|' || e.model || '|' || n.code, e.name, i.product_id, i.model, i.metric_id
FROM contract_items i JOIN contracts c ON c.id = i.contract_id JOIN entitlements e ON e.id = i.entitlement_id
JOIN products q ON q.id = e.product_id JOIN metrics n ON n.id = e.metric_id
WHERE (i.product_id, i.model, i.metric_id) IN (
    SELECT product_id, model, metric_id FROM contract_items WHERE contract_id = ? ORDER BY id LIMIT ?)"""


def _purchase_events(book: Book, contract: int) -> Iterator[Reason]:
    """Every rule of events on every purchase of a contract, in the series of its product, model and metric."""
    day = derivation.day_of(book)
    series: dict[Row, list[Row]] = {}
    for row in book.rows(_SERIES, (contract, MOST)):
        series.setdefault(row[9:], []).append(row)
    for rows in series.values():
        for row, purchase in zip(rows, lifecycle.series([_lot(row) for row in rows]), strict=True):
            if row[4] == contract:
                about = f"{row[5]}, item {row[6]}"
                yield from _events_of(about, Link("entitlement", *row[7:9]), purchase, day)


def _events_of(about: str, link: Link, purchase: lifecycle.Purchase, day: Day) -> Iterator[Reason]:
    term = lifecycle.term(purchase)
    for rule in library.documents()["lifecycle"].rules:
        if "purchase" in rule.kinds.values():
            yield _event(rule, {"p": term}, about, link, purchase)
    early = library.rule("lifecycle.early-warning")
    for lead in day.leads:
        seen = lifecycle.Warned(days(purchase.starts_on, purchase.ends_on), purchase.continued, lead)
        yield _event(early, {"w": seen}, about, link, purchase)


def _event(rule: Rule, known: Mapping[str, Fact], about: str, link: Link, purchase: lifecycle.Purchase) -> Reason:
    made = told("event", rule, reference.explain(rule, known), about=about, links=[link])
    after = rule.values["after"](tuple(known.values()))
    return replace(made, day=facts.iso(purchase.starts_on + int(after))) if made.holds else made


# ------------------------------------------------------------------------------------------------------------- reasons
def checks(verdicts: Iterable[reference.Verdict]) -> tuple[Check, ...]:
    """The verdicts on the conditions of a rule, as they are handed out."""
    return tuple(Check(verdict.text, verdict.holds, verdict.values) for verdict in verdicts)


def _reason(
    topic: str,
    rule: Rule,
    known: Mapping[str, Fact],
    *,
    about: str = "",
    day: str | None = None,
    links: Iterable[Link] = (),
) -> Reason:
    return told(topic, rule, reference.explain(rule, known), about=about, day=day, links=links)


def of_fact(topic: str, rule: str, fact: Fact, *, about: str = "", links: Iterable[Link] = ()) -> Reason:
    """The reason that a rule over a single fact comes to, by the name of the rule."""
    found = library.rule(rule)
    (alias,) = found.kinds
    return _reason(topic, found, {alias: fact}, about=about, links=links)


def told(
    topic: str,
    rule: Rule,
    verdicts: Iterable[reference.Verdict],
    *,
    about: str = "",
    day: str | None = None,
    links: Iterable[Link] = (),
) -> Reason:
    """The reason that a rule and the verdicts on its conditions come to."""
    made = checks(verdicts)
    outcome = next(str(value) for key, value in rule.then.items() if key in _OUTCOMES)
    holds = all(check.holds for check in made)
    return Reason(topic, outcome, about, day, rule.name, rule.says, rule.source, holds, made, tuple(links))


_OUTCOMES: Final = frozenset(
    {
        "event",
        "state",
        "status",
        "judgement",
        "feeds",
        "transfer",
        "offer",
        "choice",
        "step",
        "decision",
        "outcome",
        "warning",
        "by",
    }
)
"""Under which of these words a rule says what follows."""
