"""Newer versions that an authorization may take for free, because of an entitlement that it holds or held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules import formulas, version_rights
from rules.version_rights import Newer, Period
from rules.vocabulary import NO_VERSIONS
from store import names, rows
from store.book import Book, Row
from store.errors import Unfit
from store.facts import ordinal
from store.tables import Authorization


@dataclass(frozen=True)
class FreeVersion:
    """A newer title, the day of its release, the definition that gives it, and the rule."""

    title: str
    released_on: date
    definition: str
    rule: str


_SIBLINGS = """
SELECT t.title, t.id, p.version_rank, coalesce(p.released_on, nullif(t.listed_on, '')), p.version
FROM titles h JOIN products o ON o.id = h.product_id JOIN products p ON p.family_id = o.family_id
    AND p.edition = o.edition JOIN titles t ON t.product_id = p.id WHERE h.id = ? ORDER BY t.id"""

_GIVING = """
SELECT d.definition, d.version_right, e.starts_on, e.ends_on, e.replaced_on FROM deployed_entitlements e
JOIN entitlement_definitions d ON d.id = e.definition_id WHERE e.authorization_id = ? AND d.version_right <> ?
ORDER BY d.definition, e.number"""


def free(book: Book, authorization: str, as_of: date) -> list[FreeVersion]:
    """The newer versions that an authorization may take for free on a day, newest first. Raises Unknown.

    Versions are titles whose products are of one family and edition. One that has no day of release counts as released
    when its title came into the book. Every period of an entitlement counts, replaced ones, too.
    """
    number = names.number(book, "authorizations", authorization)
    held = rows.get(book, Authorization, number)
    siblings = [row for row in book.rows(_SIBLINGS, (held["title_id"],)) if row[3]]
    own = [row[1] for row in siblings]
    if held["title_id"] not in own or (held["ended_on"] or "9") <= as_of.isoformat():
        return []
    versions = _ranked(siblings)
    mine = versions[own.index(held["title_id"])]
    found: dict[str, FreeVersion] = {}
    for definition, (right, periods) in _giving(book, number).items():
        given = version_rights.free(right, mine, versions, periods, as_of.toordinal())
        for row, fired in zip(siblings, given, strict=True):
            if fired:
                found.setdefault(row[0], FreeVersion(row[0], date.fromisoformat(row[3]), definition, fired[0]))
    ranks = dict(zip((row[0] for row in siblings), versions, strict=True))
    return sorted(found.values(), key=lambda one: (-ranks[one.title].rank, one.title))


def _ranked(siblings: list[Row]) -> list[Newer]:
    days = [ordinal(row[3]) for row in siblings]
    ranks = formulas.ranks([(row[2], day, row[4]) for row, day in zip(siblings, days, strict=True)])
    return [Newer(1, rank, day) for rank, day in zip(ranks, days, strict=True)]


def _giving(book: Book, authorization: int) -> dict[str, tuple[str, list[Period]]]:
    """The definitions that give newer versions to an authorization: their right, and all periods."""
    found: dict[str, tuple[str, list[Period]]] = {}
    for definition, right, *days in book.rows(_GIVING, (authorization, NO_VERSIONS)):
        start, last, replaced = map(ordinal, days)
        found.setdefault(definition, (right, []))[1].append(Period(start, last, replaced))
    return found


def fired(book: Book, as_of: date) -> dict[str, list[str]]:
    """Rule -> the authorizations for which it gives a newer version on a day, with that version ("A1: Cad 11")."""
    found: dict[str, list[str]] = {}
    for (name,) in book.rows(_ABLE, (NO_VERSIONS,)):
        for one in free(book, name, as_of):
            found.setdefault(one.rule, []).append(f"{name}: {one.title}")
    return found


_ABLE = """
SELECT DISTINCT a.authorization FROM entitlement_definitions d CROSS JOIN deployed_entitlements e
    ON e.definition_id = d.id CROSS JOIN authorizations a ON a.id = e.authorization_id
WHERE d.version_right <> ? ORDER BY 1 LIMIT 1000"""


def take(book: Book, authorization: str, title: str, as_of: date) -> None:
    """Take a newer version for free: the authorization is for that title from now on, and keeps all that it holds.

    Nothing is charged. Raises Unknown; Unfit for a version that is not free, or that the holder has already.
    """
    with book.transaction():
        if title not in [one.title for one in free(book, authorization, as_of)]:
            raise Unfit(f"{title!r} is not free for {authorization!r} on {as_of}.")
        held = rows.get(book, Authorization, names.number(book, "authorizations", authorization))
        new = names.number(book, "titles", title)
        if book.one(_HAS, (held["holder"], new, as_of.isoformat())):
            raise Unfit(f"{held['holder']!r} has {title!r} already.")
        rows.save(book, Authorization, {"id": held["id"]}, {"title_id": new}, named=authorization)


_HAS = "SELECT 1 FROM authorizations WHERE holder = ? AND title_id = ? AND coalesce(ended_on > ?, 1)"
