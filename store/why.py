"""Answers "why?": the rules behind a position, their conditions with the values of the day, and every fact used."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import orjson

from rules import compliance, expiration, library, reference, transfers
from rules.language import Rule
from rules.terms import Fact
from rules.vocabulary import is_unlimited
from store import conclusions, counting_why, facts, positioning, settings
from store.book import Book, Row
from store.derivation import day_of
from store.errors import BookFault, Unknown

Answer = dict[str, Any]
"""Plain data: texts, numbers, lists and dicts, as JSON has them."""

_FIND = """
SELECT s.id, p.product, s.model, m.code FROM positions s JOIN products p ON p.id = s.product_id
JOIN metrics m ON m.id = s.metric_id"""


def why(book: Book, position: str) -> Answer:
    """Everything behind a position, named as `product`, `product|metric` or `product|model|metric`.

    Or behind a line of a request, named as the snapshot names it: `request_line:R1/2`. Raises Unknown when the book
    has no such thing, or several positions; the message names those that are near.
    """
    if position.startswith(LINE):
        return line(book, position.removeprefix(LINE))
    if not settings.get(book, "as_of"):
        raise BookFault(f"{book.path}: this book has not been judged on any day yet; recalculate it first.")
    number = _find(book, position)
    row = book.rows(
        "SELECT product_id, metric_id, model, entitlement_id, active, demand, downgrade, upgrade, balance, status,"
        " calculated_balance, rule, because FROM positions WHERE id = ?",
        (number,),
    )[0]
    names = book.rows(f"{_FIND} WHERE s.id = ?", (number,))[0]
    return {
        "as_of": settings.get(book, "as_of"),
        "position": {"product": names[1], "model": names[2], "metric": names[3], **_figures(row)},
        "rule": _ruling(library.rule(row[11]), {"p": compliance.position(row[8])}),
        "because": orjson.loads(row[12]),
        "override": _override(book, row),
        "entitlement": _entitlement(book, row[3]),
        "purchases": _purchases(book, row[3]),
        "allocations": _allocations(book, row[3]),
        "demand": _demand(book, row[0], row[1]),
        "transfers": _transfers(book, row),
    }


LINE = "request_line:"
"""How a line of a request is named where a position could be meant."""


def line(book: Book, named: str) -> Answer:
    """Everything behind what became of a line of a request, named as `request/line`. Raises Unknown.

    `rules` are those that decided on it, in order, each with its conditions and their values at that moment.
    """
    parts = named.split("/")
    for place in range(1, len(parts)):
        found = book.one(_LINE, ("/".join(parts[:place]), "/".join(parts[place:])))
        if found is not None:
            return _line(found)
    raise Unknown(f"the book has no line {named!r} of a request. See the list request_lines.")


_LINE = """
SELECT r.request, l.line, l.kind, t.title, d.definition, r.requester, r.holder, r.submitted_on, l.quantity,
    coalesce(l.starts_on, iif(l.kind = 'title', NULL, r.submitted_on)), l.ends_on, l.outcome, a.authorization,
    x.decision, x.decided_on, x.decided_by, x.reason, l.reasons, l.warnings, l.trail
FROM requests r JOIN request_lines l ON l.request_id = r.id JOIN titles t ON t.id = l.title_id
LEFT JOIN entitlement_definitions d ON d.id = l.definition_id LEFT JOIN authorizations a ON a.id = l.authorization_id
LEFT JOIN decisions x ON x.line_id = l.id WHERE r.request = ? AND l.line = ?"""

_OF_LINE = (
    *("request", "line", "kind", "title", "definition", "requester", "holder", "submitted_on", "quantity", "start"),
    *("end", "outcome", "authorization", "decision", "decided_on", "decided_by", "reason"),
)


def _line(row: Row) -> Answer:
    told = [
        _ruling(rule, dict.fromkeys(rule.kinds, tuple(fact)))
        for names, fact in orjson.loads(row[19])
        for rule in map(library.rule, names)
    ]
    lists = {"reasons": orjson.loads(row[17]), "warnings": orjson.loads(row[18])}
    return {"request_line": dict(zip(_OF_LINE, row, strict=False)) | lists, "rules": told}


def _find(book: Book, text: str) -> int:
    """The id of the one position that the text names."""
    whole = _tight(text)
    found = [
        (number, "|".join((product, model or "", metric)))
        for number, product, model, metric in book.rows(f"{_FIND} WHERE {_BEGINS} ORDER BY 2, 3, 4", (whole,))
        if whole in (named := _tight(product), f"{named}|{metric}", f"{named}|{model or ''}|{metric}")
    ]
    if len(found) == 1:
        return found[0][0]
    if found:
        raise Unknown(f"{text!r} names {len(found)} positions. Name one: {'; '.join(name for _, name in found)}")
    near = book.rows(f"{_FIND} WHERE p.product LIKE ? ORDER BY 2, 3, 4 LIMIT 5", (f"%{whole.split('|')[0]}%",))
    hint = "; ".join("|".join((row[1], row[2] or "", row[3])) for row in near)
    raise Unknown(f"the book has no position {text!r}. " + (f"Near it: {hint}" if near else "See the list positions."))


_BEGINS = "trim(substr(p.product, 1, instr(p.product || '|', '|') - 1)) = substr(?1, 1, instr(?1 || '|', '|') - 1)"
"""The names of products that begin as a text does, up to the first sign that parts it: a name may hold it, too."""


def _tight(text: str) -> str:
    """A text as it is compared: composed, and without blanks around the signs that part it."""
    return "|".join(part.strip() for part in unicodedata.normalize("NFC", text).split("|"))


def _figures(row: Row) -> Answer:
    names = ("active", "demand", "downgrade", "upgrade", "balance", "status")
    return {name: _shown(value) for name, value in zip(names, row[4:10], strict=True)}


def _shown(value: Any) -> Any:
    return "unlimited" if isinstance(value, int) and is_unlimited(value) else value


def _ruling(rule: Rule, known: Mapping[str, Fact]) -> Answer:
    return _told(rule, reference.explain(rule, known))


def _told(rule: Rule, verdicts: Iterable[reference.Verdict]) -> Answer:
    conditions = [asdict(verdict) for verdict in verdicts]
    return {"name": rule.name, "says": rule.says, "source": rule.source, "conditions": conditions}


def _override(book: Book, row: Row) -> Answer | None:
    typed = book.one(
        "SELECT active, demand, downgrade, upgrade, reason FROM overrides WHERE entitlement_id IS ?", (row[3],)
    )
    if typed is None:
        return None
    names = ("active", "demand", "downgrade", "upgrade", "reason")
    return {**dict(zip(names, typed, strict=True)), "calculated_balance": _shown(row[10])}


def _entitlement(book: Book, entitlement: int | None) -> Answer | None:
    """Its state, the rule that says so, and the purchase that governs it."""
    held = book.one(
        "SELECT name, quantity, active, state, rule, because FROM entitlements WHERE id IS ?", (entitlement,)
    )
    if held is None:
        return None
    name, quantity, active, state, rule, because = held
    reasons = orjson.loads(because)
    start, end = book.rows(
        "SELECT i.license_start, i.license_end FROM contract_items i JOIN contracts c ON c.id = i.contract_id"
        " WHERE i.entitlement_id = ? AND 'contract_item:' || c.contract || '/' || i.item = ?",
        (entitlement, reasons[0]),
    )[0]
    day = day_of(book)
    term = expiration.Term(facts.ordinal(start), facts.ordinal(end), day.as_of, max(day.leads, default=0))
    return {
        "name": name,
        "quantity": _shown(quantity),
        "active": _shown(active),
        "state": state,
        "rule": _ruling(library.rule(rule), {"t": term}),
        "because": reasons,
    }


def _purchases(book: Book, entitlement: int | None) -> list[Answer]:
    names = (
        "key",
        "model",
        "quantity",
        "license_start",
        "license_end",
        "unit_price",
        "currency",
        "in_force",
        "formed_by",
    )
    rows = book.rows(
        """SELECT 'contract_item:' || c.contract || '/' || i.item, i.model, i.quantity, i.license_start, i.license_end,
               i.unit_price, c.currency, i.license_start <= ?1 AND coalesce(i.license_end >= ?1, 1), i.formed_by
           FROM contract_items i JOIN contracts c ON c.id = i.contract_id
           WHERE i.entitlement_id IS ?2 ORDER BY i.license_start, c.contract, i.item""",
        (settings.get(book, "as_of"), entitlement),
    )
    return [
        {**dict(zip(names, row, strict=True)), "quantity": _shown(row[2]), "in_force": bool(row[7])} for row in rows
    ]


def _allocations(book: Book, entitlement: int | None) -> list[Answer]:
    rows = book.rows(
        """SELECT r.name, u.name, a.quantity FROM allocations a JOIN resource_groups r ON r.id = a.resource_group_id
           JOIN user_groups u ON u.id = a.user_group_id WHERE a.entitlement_id IS ? ORDER BY 1, 2""",
        (entitlement,),
    )
    return [dict(zip(("resource_group", "user_group", "quantity"), row, strict=True)) for row in rows]


def _demand(book: Book, product: int, metric: int) -> Answer:
    """The demand rows, or, where there are none, the installations that were counted."""
    rows = book.rows(
        """SELECT nullif(g.name, ''), d.source, d.quantity, d.counted_on FROM demand d
           JOIN resource_groups g ON g.id = d.resource_group_id WHERE d.product_id = ? AND d.metric_id = ?
           ORDER BY g.name, d.source""",
        (product, metric),
    )
    names = ("resource_group", "source", "quantity", "counted_on")
    if rows:
        return {"rows": [dict(zip(names, row, strict=True)) for row in rows], "installations": None}
    code = book.value("SELECT code FROM metrics WHERE id = ?", (metric,))
    counting = counting_why.read(book, product, code)
    told = {} if counting is None else {"counting": asdict(counting)}
    installed = book.value("SELECT count(*) FROM installations WHERE product_id = ?", (product,))
    counted = sum(facts.installed(book, product, code).values()) if installed else 0
    return {"rows": [], "installations": {"rows": installed, "counted_by": code, "quantity": counted}, **told}


def _transfers(book: Book, row: Row) -> list[Answer]:
    """What the position gave and received, each with its right and the conditions that held before anything moved."""
    group = book.value("SELECT transfer_group FROM products WHERE id = ?", (row[0],))
    known = facts.read(book, group, group)
    day = day_of(book)
    stands = positioning.stands_of(known, conclusions.judge_entitlements(known, day))
    rows, rights = positioning.rows_and_rights(known, stands, range(len(stands)))
    at = {(stand.cell, stand.model): number for number, stand in enumerate(stands)}
    moved = book.rows(
        """SELECT t.kind, t.from_product_id, t.from_model, t.to_product_id, t.to_model, t.metric_id, t.quantity,
               t.right_id, r."right", t.rule FROM transfers t JOIN rights r ON r.id = t.right_id
           WHERE t.metric_id = ?1 AND ((t.from_product_id = ?2 AND t.from_model IS ?3)
               OR (t.to_product_id = ?2 AND t.to_model IS ?3)) ORDER BY t.id""",
        (row[1], row[0], row[2]),
    )
    answers: list[Answer] = []
    for kind, giver, from_model, taker, to_model, metric, quantity, number, right, rule in moved:
        sides = at[(giver, metric), from_model], at[(taker, metric), to_model]
        judged = transfers.why_not(rows, [r for r in rights if r.number == number], day.as_of, *sides)
        verdicts = next(found for name, _, found in judged if name == rule)
        answers.append(
            {
                "kind": kind,
                "from_product": known.products[giver].name,
                "from_model": from_model,
                "to_product": known.products[taker].name,
                "to_model": to_model,
                "quantity": quantity,
                "right": right,
                "rule": _told(library.rule(rule), verdicts),
            }
        )
    return answers
