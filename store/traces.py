"""What an import leaves behind in a step, so that it can be undone as one: which rows it added.

Its changes of rows are in the change log. What it added would be too much for that: rows with ids are remembered as
ranges of ids; of the other tables either all rows, or the keys of those that came. Undone, the rows themselves are
kept here, until they are put back or the redo is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from store import derivation, rows
from store.book import Book
from store.bulk import indexes_afterwards
from store.errors import Unfit
from store.portal import ledger
from store.tables import BY_NAME

Marks = dict[str, int]
"""Table -> the largest id in it, or how many rows a table without ids has."""

_Ranges = Mapping[str, tuple[int, int]]
"""Table -> the id after which the rows of an import begin, and the last of them."""

_BY_ID: Final = (
    *("review_rows", "reviews", "prices", "exchange_rates"),
    *("decisions", "deployed_entitlements", "request_lines", "requests", "authorizations", "entitlement_definitions"),
    "titles",
    *("name_decisions", "software_names"),
    *("allocations", "overrides", "rights", "contract_items", "entitlements", "contracts", "products", "families"),
    *("counting_rules", "virtual_machines", "hosts", "resource_groups", "user_groups", "metrics"),
)
_BY_KEY: Final = {
    "discovered_software": ("device", "name_id", "user"),
    "demand": ("product_id", "metric_id", "resource_group_id", "source"),
    "installations": ("product_id", "device", "user"),
    "acknowledgements": ("contract", "item", "kind", "lead", "on_day", "who"),
}
_ENTERED: Final = {"installations": " WHERE found = 0"}
"""Which rows of a table are entered, where others follow from something else."""
_LEDGER: Final = "charges"
"""Where nothing is removed: what an import charged is given back, and charged anew."""
_FINDING: Final = ("severity", "code", "place", "message")


# ----------------------------------------------------------------------------------------------- while it is imported
def marks(book: Book) -> Marks:
    """Where the tables of the book end, for `note`; nothing outside of a step."""
    if book.hand.step is None:
        return {}
    return _ends(book, "coalesce(max(id), 0)", (*_BY_ID, _LEDGER)) | _ends(book, "count(*)", _BY_KEY)


def _ends(book: Book, end: str, tables: Iterable[str]) -> Marks:
    return {table: book.value(f"SELECT {end} FROM {table}{_ENTERED.get(table, '')}") for table in tables}


def keep_keys(book: Book, table: str, key: Sequence[str], source: str) -> None:
    """Remember the keys of rows that the import under way is about to add from `source` (a FROM clause over `s`)."""
    _keep(book, "(SELECT coalesce(max(id), 0) + 1 FROM imports)", f"{table} keys", key, f"{source}")


def _keep(book: Book, number: int | str, subject: str, columns: Iterable[str], source: str) -> int:
    """Keep columns of rows of `source` (a FROM clause over `s`) for an import; how many there were."""
    kept = ", ".join(f"'{column}', s.\"{column}\"" for column in columns)
    return book.run(
        f"INSERT INTO kept_rows (import_id, subject, kept) SELECT {number}, '{subject}', json_object({kept}) {source}"
    )


def note(book: Book, number: int, before: Marks) -> None:
    """Write down which rows an import added, and keep the findings that its own take the place of."""
    if not before:
        return
    after = marks(book)
    added = [(number, table, before[table], after[table]) for table in (*_BY_ID, _LEDGER)]
    whole = [(number, table, 0, after[table]) for table in _BY_KEY if before[table] == 0]
    book.many("INSERT INTO import_ranges VALUES (?, ?, ?, ?)", [row for row in added + whole if row[2] < row[3]])
    _keep(book, number, "import_findings", _FINDING, "FROM import_findings AS s ORDER BY id")


def log(book: Book, action: str, number: int, before: str | None, after: str | None) -> None:
    """Write the entry of an import as a whole; `before` is None when its rows come, `after` when they go."""
    rows.note(book, action, "imports", str(number), before, after)


# ----------------------------------------------------------------------------------------------------- undone, redone
def take_away(book: Book, number: int, entry: int) -> None:
    """Remove what an import added, and keep it. What rules made of it goes too; the rest is the caller's to derive.

    Raises Unfit when something that was no step has changed any of it since `entry`. Inside a transaction without
    checks of references, which `check` makes up for.
    """
    ranges = _ranges(book, number)
    _refuse_changed(book, entry, ranges)
    derivation.drop(book, ranges)
    for table, key in _BY_KEY.items():
        _take_keyed(book, number, table, key, ranges.get(table, (0, None))[1])
    ledger.take_back(book, *ranges.get(_LEDGER, (0, 0)))
    for table in _BY_ID:
        if where := _where(table, ranges):
            columns = rows.entered(BY_NAME[table])
            kept = _keep(book, number, table, columns, f"FROM {table} AS s {where} ORDER BY id")
            whole = kept == book.value(f"SELECT count(*) FROM {table}")
            book.run(f"DELETE FROM {table}" if whole else f"DELETE FROM {table} AS s {where}")
    _swap_findings(book, number)


def put_back(book: Book, number: int) -> None:
    """Add the rows of an import that were taken away, by their old ids. Inside a transaction as `take_away` needs."""
    for table in (*_BY_KEY, *_BY_ID):
        columns = rows.entered(BY_NAME[table])
        names = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(f"kept ->> '{column}'" for column in columns)
        with indexes_afterwards(book, [table]):
            book.run(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM kept_rows"
                " WHERE import_id = ? AND subject = ? ORDER BY id",
                (number, table),
            )
        book.run("DELETE FROM kept_rows WHERE import_id = ? AND subject = ?", (number, table))
    ledger.bring_back(book, *_ranges(book, number).get(_LEDGER, (0, 0)))
    _swap_findings(book, number)


def check(book: Book) -> None:
    """Raises Unfit when a row that people fill refers to one that is not there."""
    for table in BY_NAME:
        broken = book.one(f"SELECT parent FROM pragma_foreign_key_check('{table}')")
        if broken is not None:
            what, of = table.replace("_", " "), broken[0].replace("_", " ")
            raise Unfit(f"{what}: some of them need {of} that would no longer be there. Nothing was changed.")


def forget_lost(book: Book) -> None:
    """Let go of what was kept for steps that can no longer be redone."""
    lost = "SELECT i.id FROM imports i JOIN steps s ON s.id = i.step_id WHERE s.state = 'lost'"
    book.run(f"DELETE FROM kept_rows WHERE import_id IN ({lost})")


def _ranges(book: Book, number: int) -> _Ranges:
    sql = "SELECT subject, after_id, last_id FROM import_ranges WHERE import_id = ?"
    return {subject: (after, last) for subject, after, last in book.rows(sql, (number,))}


def _where(table: str, ranges: _Ranges) -> str:
    """The condition for the rows of a table that go with an import; none if none do. Entitlements go with products."""
    within = [_within("s.id", ranges[table])] if table in ranges else []
    if table == "entitlements" and "products" in ranges:
        within.append(_within("s.product_id", ranges["products"]))
    return f"WHERE {' OR '.join(within)}" if within else ""


def _within(column: str, between: tuple[int, int]) -> str:
    return f"{column} > {between[0]} AND {column} <= {between[1]}"


def _take_keyed(book: Book, number: int, table: str, key: Sequence[str], whole: int | None) -> None:
    """Remove and keep the rows of a table without ids: all, if the import brought so many, or those it has keys of."""
    columns = rows.entered(BY_NAME[table])
    if whole is not None:
        only = _ENTERED.get(table, "")
        if _keep(book, number, table, columns, f"FROM {table} AS s{only}") != whole:
            raise _changed(table)
        book.run(f"DELETE FROM {table}{only}")
        return
    keys = f"FROM kept_rows AS k{{}} WHERE k.import_id = {number} AND k.subject = '{table} keys'"
    same = " AND ".join(f"s.{column} = k.kept ->> '{column}'" for column in key)
    _keep(book, number, table, columns, keys.format(f" CROSS JOIN {table} AS s ON {same}") + " ORDER BY k.id")
    names, values = ", ".join(key), ", ".join(f"k.kept ->> '{column}'" for column in key)
    book.run(f"DELETE FROM {table} WHERE ({names}) IN (SELECT {values} {keys.format('')})")


def _swap_findings(book: Book, number: int) -> None:
    """The findings of the last import that still holds: kept ones for those shown, and the other way round."""
    last = book.value("SELECT coalesce(max(id), 0) FROM kept_rows")
    kept = f"FROM kept_rows WHERE id <= {last} AND import_id = {number} AND subject = 'import_findings'"
    _keep(book, number, "import_findings", _FINDING, "FROM import_findings AS s ORDER BY id")
    book.run("DELETE FROM import_findings")
    values = ", ".join(f"kept ->> '{column}'" for column in _FINDING)
    book.run(f"INSERT INTO import_findings ({', '.join(_FINDING)}) SELECT {values} {kept} ORDER BY id")
    book.run(f"DELETE {kept}")


def _refuse_changed(book: Book, entry: int, ranges: _Ranges) -> None:
    """Raises Unfit when the change log knows of a changed or removed row of an import that belongs to no step."""
    for table in (*ranges.keys() - {_LEDGER}, *_BY_KEY):
        within = "" if table in _BY_KEY else " AND " + _within("row_key ->> 'id'", ranges[table])
        sql = (
            f"SELECT 1 FROM change_log WHERE id > ? AND step_id IS NULL AND subject = ? AND before IS NOT NULL{within}"
        )
        if book.one(sql, (entry, table)):
            raise _changed(table)


def _changed(table: str) -> Unfit:
    what = table.replace("_", " ")
    return Unfit(f"{what}: rows of the import have been changed since in another way. Nothing was changed.")
