"""What a field of a screen can be filled with, and the short lists that are shown whole."""

from __future__ import annotations

from store import names
from store.book import Book, Row
from store.records import Right


def metrics(book: Book) -> list[str]:
    """The codes of all metrics, those that every book has first."""
    return [row[0] for row in book.rows("SELECT code FROM metrics ORDER BY id")]


def families(book: Book) -> list[str]:
    """The names of all product families."""
    return [row[0] for row in book.rows("SELECT name FROM families ORDER BY name")]


def products(book: Book, text: str = "", limit: int = 50) -> list[str]:
    """The names of the first products that hold the text, whatever its capitals."""
    sql = "SELECT product FROM products WHERE instr(lower(product), lower(?)) > 0 OR ?1 = '' ORDER BY product LIMIT ?2"
    return [row[0] for row in book.rows(sql, (text, limit))]


def clusters(book: Book) -> list[str]:
    """The names of all clusters of hosts."""
    return [row[0] for row in book.rows("SELECT DISTINCT cluster FROM hosts WHERE cluster <> '' ORDER BY cluster")]


def rights(book: Book) -> list[Right]:
    """All downgrade and upgrade rights by name."""
    rows = book.rows(
        """SELECT r."right", r.kind, coalesce(f.name, ''), coalesce(a.product, ''), coalesce(b.product, ''),
               coalesce(m.code, ''), r.depth, r.valid_from, r.valid_until
           FROM rights r LEFT JOIN families f ON f.id = r.family_id LEFT JOIN products a ON a.id = r.from_product_id
           LEFT JOIN products b ON b.id = r.to_product_id LEFT JOIN metrics m ON m.id = r.metric_id ORDER BY 1"""
    )
    return [_right(row) for row in rows]


def _right(row: Row) -> Right:
    first, last = map(names.day_of, row[7:9])
    return Right(*row[:7], valid_from=first, valid_until=last)


def items(book: Book, text: str = "", limit: int = 50) -> list[tuple[str, str, str, str, str | None]]:
    """Contract items that hold the text in their number, contract or product: contract, item, product, model, end."""
    sql = """SELECT c.contract, i.item, p.product, i.model, i.license_end FROM contract_items i
        JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id
        WHERE ?1 = '' OR instr(lower(c.contract || '/' || i.item || ' ' || p.product), lower(?1)) > 0
        ORDER BY c.contract, i.id LIMIT ?2"""
    return [(row[0], row[1], row[2], row[3], row[4]) for row in book.rows(sql, (text, limit))]


def holders(book: Book, text: str = "", limit: int = 50) -> list[str]:
    """Those for whom something was authorized or requested, and whose names hold the text, whatever its capitals."""
    sql = """SELECT holder FROM (SELECT holder FROM authorizations UNION SELECT holder FROM requests)
        WHERE instr(lower(holder), lower(?1)) > 0 OR ?1 = '' ORDER BY holder COLLATE NOCASE, holder LIMIT ?2"""
    return [row[0] for row in book.rows(sql, (text, limit))]


def titles(book: Book) -> list[str]:
    """The names of all titles."""
    return [row[0] for row in book.rows("SELECT title FROM titles ORDER BY title COLLATE NOCASE, title")]


def definitions(book: Book, title: str) -> list[str]:
    """The names of the optional entitlements of a title."""
    sql = """SELECT d.definition FROM entitlement_definitions d JOIN titles t ON t.id = d.title_id
        WHERE t.title = ? AND d.kind = 'optional' ORDER BY d.definition COLLATE NOCASE, d.definition"""
    return [row[0] for row in book.rows(sql, (title,))]
