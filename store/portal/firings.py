"""How often each rule of the portal has fired, and on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from rules import optional_entitlements
from rules.optional_entitlements import Authorization, Definition, Deployment
from store import settings
from store.book import Book, Row
from store.facts import ordinal
from store.portal import versions
from store.portal.state import CONTRACT_END

SUBJECTS = ("requests", "optional_entitlements", "version_rights")
"""The subjects of the rulebook that belong to the portal."""

_ON_LINES = """SELECT n.value, count(*) FROM request_lines l, json_each(l.trail) t, json_each(t.value, '$[0]') n
GROUP BY n.value"""

_LINES = """SELECT 'request', r.request, r.request || ', line ' || l.line,
    coalesce(d.definition || ' of ', '') || t.title || ' for ' || r.holder || ': ' || l.outcome
FROM request_lines l JOIN requests r ON r.id = l.request_id JOIN titles t ON t.id = l.title_id
LEFT JOIN entitlement_definitions d ON d.id = l.definition_id WHERE instr(l.trail, ?) ORDER BY l.id LIMIT ?"""

_DEPLOYED = """SELECT e.starts_on, e.ends_on, a.ended_on, 'authorization', a.authorization,
    d.definition || ' for ' || a.holder, e.quantity || coalesce(' until ' || e.ends_on, ' without end')
FROM deployed_entitlements e JOIN authorizations a ON a.id = e.authorization_id
JOIN entitlement_definitions d ON d.id = e.definition_id WHERE e.replaced_on IS NULL ORDER BY e.id"""

_AUTHORIZED = """SELECT a.authorized_on, a.ended_on, 'authorization', a.authorization, t.title || ' for ' || a.holder,
    'since ' || a.authorized_on FROM authorizations a JOIN titles t ON t.id = a.title_id ORDER BY a.id"""

_DEFINED = f"""SELECT d.kind = 'included', d.orderable, d.starts_on, d.ends_on, {CONTRACT_END}, 'definition',
    d.definition, d.definition, 'of ' || t.title FROM entitlement_definitions d JOIN titles t ON t.id = d.title_id
ORDER BY d.id"""


def counts(book: Book) -> Mapping[str, int]:
    """How often each rule of the portal has fired on the book as it was last judged."""
    found = Counter(dict(book.rows(_ON_LINES)))
    found.update(rule for rule, _ in _states(book))
    if day := settings.get(book, "as_of"):
        found.update({rule: len(names) for rule, names in versions.fired(book, date.fromisoformat(day)).items()})
    return found


def of(book: Book, rule: str, limit: int) -> list[Row]:
    """What a rule of the portal has fired on: subject, key, name and detail of the first so many."""
    lines = book.rows(_LINES, (f'"{rule}"', limit))
    states = [told for name, told in _states(book) if name == rule]
    day = settings.get(book, "as_of")
    given = versions.fired(book, date.fromisoformat(day)).get(rule, []) if day else []
    free = [("authorization", *name.partition(": ")[::2]) for name in given]
    return [*lines, *states, *((subject, key, key, detail) for subject, key, detail in free)][:limit]


def _states(book: Book) -> Iterable[tuple[str, Row]]:
    """The rule that gives everything its state, with subject, key, name and detail of that."""
    day = settings.get(book, "as_of")
    if not day:
        return
    as_of = ordinal(day)
    deployed = book.rows(_DEPLOYED)
    facts = [Deployment(ordinal(row[0]), ordinal(row[1]), ordinal(row[2]), as_of) for row in deployed]
    for (_, rule), row in zip(optional_entitlements.deployments(facts), deployed, strict=True):
        yield rule, row[3:]
    authorized = book.rows(_AUTHORIZED)
    owned = [Authorization(ordinal(row[0]), ordinal(row[1]), as_of) for row in authorized]
    for (_, rule), row in zip(optional_entitlements.authorizations(owned), authorized, strict=True):
        yield rule, row[2:]
    defined = book.rows(_DEFINED)
    offers = [_definition(row, as_of) for row in defined]
    for (_, rule), row in zip(optional_entitlements.definitions(offers), defined, strict=True):
        yield rule, row[5:]


def _definition(row: Row, as_of: int) -> Definition:
    included, orderable, first, own, contract, *_ = row
    return Definition(included, orderable, ordinal(first) if first else 0, min(ordinal(own), ordinal(contract)), as_of)
