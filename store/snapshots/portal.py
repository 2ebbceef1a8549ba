"""The lists of the portal in a snapshot: lines of requests, what is deployed with all its periods, charges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Final

from store import settings
from store.book import Book
from store.portal import authorizations
from store.portal.ledger import STANDING
from store.portal.records import Deployed, Period
from store.snapshots import canonical

_SLASH: Final = " || '/' || "


def _key(subject: str, *parts: str) -> str:
    """The key of a fact in SQL, as JSON text."""
    return f"json_quote('{subject}:' || {_SLASH.join(parts)})"


def _if(condition: str, key: str) -> str:
    return f"CASE WHEN {condition} THEN ',' || {key} ELSE '' END"


_BECAUSE: Final = " || ".join(
    (
        f"'[' || {_key('title', 't.title')}",
        _if("d.id IS NOT NULL", _key("entitlement_definition", "d.definition")),
        _if("a.id IS NOT NULL", _key("authorization", "a.authorization")),
        _if("x.id IS NOT NULL", _key("decision", "r.request", "l.line")),
        "']'",
    )
)

REQUEST_LINES: Final = f"""
SELECT json_object('authorization', a.authorization, 'because', json({_BECAUSE}), 'line', l.line, 'outcome', l.outcome,
    'reasons', json(l.reasons), 'request', r.request, 'rule', json_extract(l.trail, '$[#-1][0][0]'),
    'warnings', json(l.warnings))
FROM requests r JOIN request_lines l ON l.request_id = r.id JOIN titles t ON t.id = l.title_id
LEFT JOIN entitlement_definitions d ON d.id = l.definition_id LEFT JOIN authorizations a ON a.id = l.authorization_id
LEFT JOIN decisions x ON x.line_id = l.id ORDER BY r.request, l.line"""

CHARGES: Final = f"""
SELECT json_object('amount', c.amount, 'because', json_array('request_line:' || c.request || '/' || c.line),
    'currency', c.currency, 'kind', c.kind, 'line', c.line, 'request', c.request, 'rule', nullif(c.rule, ''))
FROM charges c WHERE {STANDING} ORDER BY c.request, c.line, c.kind DESC"""


def deployed(book: Book) -> Iterator[bytes]:
    """Everything that is deployed, each as one element."""
    as_of = date.fromisoformat(settings.get(book, "as_of"))
    return map(_element, authorizations.every_deployed(book, as_of))


def _element(one: Deployed) -> bytes:
    lines = dict.fromkeys(period.line.replace("|", "/") for period in one.periods if period.line)
    reasons = [f"authorization:{one.authorization}", f"entitlement_definition:{one.definition}"]
    return canonical.encode(
        {
            "authorization": one.authorization,
            "because": [*reasons, *(f"request_line:{line}" for line in lines)],
            "definition": one.definition,
            **asdict(one.span),
            "periods": list(map(_period, one.periods)),
            "rule": one.rule,
            "state": one.state,
        }
    )


def _period(period: Period) -> dict[str, object]:
    return {name: getattr(period, name) for name in ("quantity", "start", "end", "replaced_on")}
