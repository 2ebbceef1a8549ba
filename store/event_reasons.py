"""Answers why an automatic event is in the calendar: its rule, the conditions with their values, and the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from rules import library, lifecycle, reference
from rules.formulas import days
from rules.optional_entitlements import Deployment
from rules.reference import Verdict
from rules.terms import Fact
from store.agenda import Entry
from store.book import Book
from store.facts import ordinal
from store.portal import endings


@dataclass(frozen=True)
class Known:
    """A fact that the rule used: a code for what it is, its value, and where it stands (subject and key, "" for none).

    Codes: contract, invoice-date, license-start, license-end, place, continued-by, lead; of an optional entitlement:
    authorization, holder, definition, start, end.
    """

    code: str
    value: str | int | date
    subject: str = ""
    key: str = ""


@dataclass(frozen=True)
class Why:
    """The rule behind an event: its name, what it says, where that comes from, its conditions, the facts it used."""

    rule: str
    says: str
    source: str
    conditions: tuple[Verdict, ...]
    facts: tuple[Known, ...]


_SERIES: Final = """
SELECT i.license_start, c.invoice_date, c.contract || '|' || i.item, i.license_end, c.contract, i.id
FROM contract_items i JOIN contracts c ON c.id = i.contract_id
WHERE (i.product_id, i.model, i.metric_id) = (
    SELECT x.product_id, x.model, x.metric_id FROM contract_items x
    JOIN events e ON e.item_id = x.id WHERE e.id = ?)"""

_ITEM: Final = "SELECT item_id FROM events WHERE id = ?"


def why(book: Book, entry: Entry) -> Why:
    """Everything behind an automatic event. KeyError for one's own, which no rule made."""
    rule = library.rule(entry.rule)
    fact, facts = (
        _of_deployment(book, entry)
        if entry.authorization
        else _of_purchase(book, entry)
        if entry.item
        else _of_contract(book, entry)
    )
    alias, _ = next(iter(rule.kinds.items()))
    return Why(rule.name, rule.says, rule.source, tuple(reference.explain(rule, {alias: fact})), tuple(facts))


def _of_contract(book: Book, entry: Entry) -> tuple[Fact, list[Known]]:
    invoiced = book.value("SELECT invoice_date FROM contracts WHERE contract = ?", (entry.contract,))
    known = [_contract("contract", entry.contract), Known("invoice-date", date.fromisoformat(invoiced))]
    return lifecycle.Invoice(ordinal(invoiced)), known


def _of_purchase(book: Book, entry: Entry) -> tuple[Fact, list[Known]]:
    """What the rules see of a purchase: its length, its place in its series, whether another continues it."""
    rows = book.rows(_SERIES, (entry.number,))
    lots = [(ordinal(row[0]), ordinal(row[1]), row[2], ordinal(row[3])) for row in rows]
    series = lifecycle.series(lots)
    at = [row[5] for row in rows].index(book.value(_ITEM, (entry.number,)))
    own = series[at]
    known = [
        _contract("contract", entry.contract),
        Known("license-start", date.fromisoformat(rows[at][0])),
        *([Known("license-end", date.fromisoformat(rows[at][3]))] if rows[at][3] else []),
        Known("place", f"{own.number}/{len(rows)}", "entitlement", f"{entry.product}|{entry.model}|{entry.metric}"),
    ]
    if own.continued:
        known.append(_contract("continued-by", rows[_continuing(series, at)][4]))
    if entry.lead >= 0:
        known.append(Known("lead", entry.lead))
    length = days(own.starts_on, own.ends_on)
    if entry.lead > 0:
        return lifecycle.Warned(length, own.continued, entry.lead), known
    return lifecycle.Term(own.number, length, own.continued), known


def _of_deployment(book: Book, entry: Entry) -> tuple[Fact, list[Known]]:
    """What the rules see of an optional entitlement on the day after its last one."""
    sql = """SELECT e.starts_on, e.ends_on, a.ended_on, a.holder, d.definition FROM deployed_entitlements e
        JOIN authorizations a ON a.id = e.authorization_id JOIN entitlement_definitions d ON d.id = e.definition_id
        WHERE e.id = ?"""
    start, end, ended, holder, definition = book.rows(sql, (entry.number - endings.ABOVE,))[0]
    known = [
        Known("authorization", entry.authorization, "authorization", entry.authorization),
        Known("holder", holder),
        Known("definition", definition, "definition", definition),
        Known("start", date.fromisoformat(start)),
        Known("end", date.fromisoformat(end)),
    ]
    return Deployment(ordinal(start), ordinal(end), ordinal(ended), ordinal(end) + 1), known


def _continuing(series: list[lifecycle.Purchase], at: int) -> int:
    """The place of the first purchase that takes over: it begins in time, and lasts longer."""
    own = series[at]
    later = [
        (one.number, place)
        for place, one in enumerate(series)
        if one.number > own.number and one.starts_on <= own.ends_on + 1 and one.ends_on > own.ends_on
    ]
    return min(later)[1]


def _contract(code: str, number: str) -> Known:
    return Known(code, number, "contract", number)
