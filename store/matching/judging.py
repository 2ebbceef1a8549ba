"""Keeps what follows from found software in step with the book: what each name stands for, and what is installed.

A name is matched when products, decisions or names change. Software whose name stands for a product is an installation
of it; such installations are marked as found, and are never entered. Whatever is entered for the same product, device
and user holds instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import orjson

from store.book import Book, Row
from store.bulk import insert
from store.matching import candidates, normal
from store.matching.decided import EVERY, Decisions
from store.matching.matcher import ASSIGNED, IGNORED, MATCHED, WAITING, Known, Match, Matcher, Software
from store.matching.normal import Normal

_PRODUCTS: Final = """
SELECT p.id, p.product, p.vendor, coalesce(f.name, ''), p.edition, p.version
FROM products p LEFT JOIN families f ON f.id = p.family_id ORDER BY p.id"""

_IDENTIFIERS: Final = """
SELECT sku, min(product_id) FROM contract_items WHERE sku <> '' GROUP BY sku HAVING count(DISTINCT product_id) = 1"""


def matcher(book: Book) -> Matcher:
    """What knows the products of a book, the part numbers in its contracts, and what was decided."""
    return Matcher(map(Known._make, book.rows(_PRODUCTS)), decisions(book), dict(book.rows(_IDENTIFIERS)))


def decisions(book: Book) -> Decisions:
    """What was decided on names."""
    sql = "SELECT publisher, name, version, product_id FROM name_decisions"
    return {Normal(*row[:3]): row[3] for row in book.rows(sql)}


def is_used(book: Book) -> bool:
    """Whether the book holds any names of found software, or of licenses that wait for a decision."""
    return book.one("SELECT 1 FROM software_names LIMIT 1") is not None


# --------------------------------------------------------------------------------------------------------------- names
def all_(book: Book) -> None:
    """Match every name anew, and bring what is installed up to date. Inside a transaction."""
    if is_used(book) or book.one("SELECT 1 FROM installations WHERE found = 1 LIMIT 1"):
        _count_devices(book)
        _install(book, _match(book, "SELECT id FROM software_names"), everything=True)


def some(book: Book, keys: Iterable[tuple[str, str]], products: Iterable[tuple[int, str]]) -> set[int]:
    """Match those names anew that changed decisions or products may concern; the products with other installations.

    `keys` are normal publishers and names, with EVERY for all names of a publisher; `products` their ids and names,
    those they had before as well. Inside a transaction.
    """
    if not is_used(book):
        return set()
    book.run("CREATE TEMP TABLE concerned (id INTEGER PRIMARY KEY)")
    for publisher, name in keys:
        named, values = ("", (publisher,)) if name == EVERY else (" AND normal_name = ?", (publisher, name))
        known = f"SELECT id FROM software_names WHERE normal_publisher = ?{named}"
        book.run(f"INSERT INTO concerned {known} AND id NOT IN (SELECT id FROM concerned)", values)
    for product, name in products:
        _concern(book, product, name)
    touched = _match(book, "SELECT id FROM concerned")
    book.run("DROP TABLE concerned")
    return _install(book, touched)


def _concern(book: Book, product: int, name: str) -> None:
    """Names that stand for a product, have it as a candidate, share a word with it, or had one that was removed."""
    told = normal.words(name)
    told = [word for word in told if len(word) > 2 and not word.isdigit()] or list(told)
    tests = ["product_id = ?", "state = ''", "instr(candidates, ?)", *["instr(normal_name, ?)"] * len(told)]
    book.run(
        f"INSERT INTO concerned SELECT id FROM software_names WHERE ({' OR '.join(tests)})"
        " AND id NOT IN (SELECT id FROM concerned)",
        (product, orjson.dumps(name).decode(), *told),
    )


def forget(book: Book, product: int) -> None:
    """Let go of a product that is about to be removed: nothing that was found is installed as it any more."""
    book.run("DELETE FROM installations WHERE product_id = ? AND found = 1", (product,))
    book.run("UPDATE software_names SET product_id = NULL, state = '' WHERE product_id = ?", (product,))


def _match(book: Book, which: str) -> set[int]:
    """Match the names that a query has the ids of; the products that they stood for, and now stand for."""
    asked = matcher(book)
    products: set[int] = set()
    changed: list[Sequence[object]] = []
    names = dict(book.rows("SELECT product, id FROM products"))
    for row in book.rows(f"SELECT {_COLUMNS} FROM software_names WHERE id IN ({which})"):
        held, found = row[5:], _values(asked, row, names)
        products |= {number for number in (held[1], found[1]) if number is not None}
        if found != held:
            changed.append((*found, row[0]))
    book.many("UPDATE software_names SET state = ?, product_id = ?, reason = ?, candidates = ? WHERE id = ?", changed)
    return products


_COLUMNS: Final = "id, publisher, name, version, licensed, state, product_id, reason, candidates"


def _values(asked: Matcher, row: Row, names: Mapping[str, int]) -> Row:
    """What is stored of a name: state, product, reason, candidates."""
    software = Software(*row[1:4])
    match = asked.match(software)
    if row[4] and match.state == MATCHED:
        match = near(asked, software, names.get(software.name)) or match
    return (match.state, match.product, match.reason, written(match))


def near(asked: Matcher, software: Software, own: int | None) -> Match | None:
    """Of a name in license files: whether it may be the same as another product than the one that bears it."""
    match = asked.match(software, but=own)
    close = tuple(one for one in match.candidates if one.reason in candidates.NEAR)
    return Match(WAITING, own, candidates=close) if match.state == WAITING and close else None


def written(match: Match) -> str:
    """Candidates as the book holds them."""
    return orjson.dumps([asdict(one) for one in match.candidates]).decode()


def read(text: str) -> list[candidates.Candidate]:
    """Candidates that the book holds."""
    return [candidates.Candidate(**one) for one in orjson.loads(text)]


def names(book: Book) -> dict[Any, int]:
    """The names that a book holds (publisher, name, version), with their ids."""
    return {row[:3]: row[3] for row in book.rows("SELECT publisher, name, version, id FROM software_names")}


def enter(book: Book, found: Iterable[tuple[str, str, str]], known: dict[Any, int]) -> None:
    """Add those names (publisher, name, version) that are not known yet, and note their ids. In a transaction."""
    new = [(*each, *normal.normal(*each)) for each in dict.fromkeys(found) if each not in known]
    if new:
        insert(book, "software_names", _NAMES, new)
        last = book.value("SELECT max(id) FROM software_names")
        known |= {row[:3]: number for number, row in enumerate(new, last - len(new) + 1)}


_NAMES: Final = ("publisher", "name", "version", "normal_publisher", "normal_name", "normal_version")


def _count_devices(book: Book) -> None:
    counted = "SELECT name_id, count(DISTINCT device) AS devices FROM discovered_software GROUP BY name_id"
    book.run(
        f"UPDATE software_names AS n SET devices = c.devices FROM ({counted}) c"
        " WHERE c.name_id = n.id AND n.devices <> c.devices"
    )
    book.run(
        "UPDATE software_names SET devices = 0 WHERE devices > 0"
        " AND NOT EXISTS (SELECT 1 FROM discovered_software d WHERE d.name_id = software_names.id)"
    )


# -------------------------------------------------------------------------------------------------------- installations
_VALUES: Final = ("resource_group_id", "installed_on", "source", "host_id", "vm_id")
_KEY: Final = "product_id, device, user"
_SAME: Final = "i.product_id = w.product_id AND i.device = w.device AND i.user = w.user"


def _install(book: Book, products: set[int], *, everything: bool = False) -> set[int]:
    """Make the found installations of products what the found software says; the products for which they changed."""
    numbers = set(products)
    if everything:
        numbers |= {row[0] for row in book.rows("SELECT DISTINCT product_id FROM installations WHERE found = 1")}
    if not numbers:
        return set()
    book.run("CREATE TEMP TABLE touched (id INTEGER PRIMARY KEY)")
    insert(book, "temp.touched", ("id",), [(number,) for number in sorted(numbers)])
    book.run(f"CREATE TEMP TABLE wanted ({_KEY}, {', '.join(_VALUES)}, PRIMARY KEY ({_KEY})) WITHOUT ROWID")
    book.run(_WANTED)
    changed = {row[0] for row in book.rows(_DIFFERENT)}
    if changed:
        for statement in _WRITTEN:
            book.run(statement)
    for table in ("wanted", "touched"):
        book.run(f"DROP TABLE temp.{table}")
    return changed


_WANTED: Final = f"""
INSERT INTO temp.wanted ({_KEY}, {", ".join(_VALUES)})
SELECT n.product_id, d.device, d.user, max(d.resource_group_id), min(d.installed_on), max(d.source), max(d.host_id),
       max(d.vm_id)
FROM temp.touched t CROSS JOIN software_names n ON n.product_id = t.id
CROSS JOIN discovered_software d ON d.name_id = n.id
WHERE n.state IN ('{MATCHED}', '{ASSIGNED}', '{WAITING}')
AND NOT EXISTS (SELECT 1 FROM installations i WHERE i.product_id = n.product_id AND i.device = d.device
                AND i.user = d.user AND i.found = 0)
GROUP BY 1, 2, 3"""

_GONE: Final = f"""
FROM installations AS i WHERE i.found = 1 AND i.product_id IN (SELECT id FROM temp.touched)
AND NOT EXISTS (SELECT 1 FROM temp.wanted w WHERE {_SAME})"""

_NEW: Final = f"FROM temp.wanted w WHERE NOT EXISTS (SELECT 1 FROM installations i WHERE {_SAME})"
_OTHER: Final = " OR ".join(f"i.{column} IS NOT w.{column}" for column in _VALUES)

_DIFFERENT: Final = f"""
SELECT i.product_id {_GONE} UNION SELECT w.product_id {_NEW}
UNION SELECT w.product_id FROM temp.wanted w JOIN installations i ON {_SAME} WHERE {_OTHER}"""

_WRITTEN: Final = (
    f"DELETE {_GONE}",
    f"UPDATE installations AS i SET {', '.join(f'{column} = w.{column}' for column in _VALUES)}"
    f" FROM temp.wanted w WHERE {_SAME} AND ({_OTHER})",
    f"INSERT INTO installations ({_KEY}, {', '.join(_VALUES)}, found)"
    f" SELECT w.product_id, w.device, w.user, {', '.join(f'w.{column}' for column in _VALUES)}, 1 {_NEW}",
)

STATES: Final = (WAITING, MATCHED, ASSIGNED, IGNORED)
"""What a name can be."""
