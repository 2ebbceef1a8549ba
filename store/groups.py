"""What a person does with resource groups (where licenses are used) and user groups (who uses and answers for them).

Both are trees. `kind` is one of the two below, in every function.
"""

from __future__ import annotations

from store import names, uses
from store.book import Book
from store.effects import settled
from store.errors import Unfit, Unknown
from store.tables import ResourceGroup, Table, UserGroup

RESOURCE_GROUPS = "resource_groups"
USER_GROUPS = "user_groups"

_TABLES: dict[str, type[Table]] = {RESOURCE_GROUPS: ResourceGroup, USER_GROUPS: UserGroup}


def add(book: Book, kind: str, name: str, parent: str = "") -> None:
    """Add a group below a parent ("" for none). Raises Unfit for a name that is taken, Unknown for a missing parent."""
    taken = names.name(name, "name")
    with settled(book) as effects:
        _refuse_taken(book, kind, taken)
        values = {"parent_id": names.optional(book, kind, parent)}
        effects.save(_TABLES[kind], {"name": taken}, values, named=taken)


def rename(book: Book, kind: str, name: str, new: str) -> None:
    """Give a group another name; what speaks of it goes on doing so. Raises Unknown; Unfit for a name that is taken."""
    taken = names.name(new, "name")
    with settled(book) as effects:
        number = names.number(book, kind, name)
        _refuse_taken(book, kind, taken, number)
        effects.save(_TABLES[kind], {"id": number}, {"name": taken}, named=taken)


def move(book: Book, kind: str, name: str, parent: str) -> None:
    """Put a group, and all that is below it, below another one ("" for none).

    Raises Unknown for groups that do not exist, Unfit when the group would be above and below itself.
    """
    with settled(book) as effects:
        number, above = names.number(book, kind, name), names.optional(book, kind, parent)
        if above is not None and number in _ancestors(book, kind, above):
            raise Unfit(f"{name!r} would be above and below {parent!r} at once; a group cannot be its own ancestor.")
        effects.save(_TABLES[kind], {"id": number}, {"parent_id": above}, named=_name(book, kind, number))


def remove(book: Book, kind: str, name: str) -> None:
    """Remove a group that nothing uses. Raises Unknown; Unfit, naming what uses it."""
    with settled(book) as effects:
        number = names.number(book, kind, name)
        if book.one(f"SELECT 1 FROM {kind} WHERE parent_id = ?", (number,)):
            raise Unfit(f"{name!r} has groups below it. Move or remove them first.")
        uses.refuse(book, kind, number, name)
        effects.remove(_TABLES[kind], {"id": number}, named=_name(book, kind, number))


def tree(book: Book, kind: str) -> dict[str, str]:
    """Each group with the name of its parent ("" for none), by name."""
    if kind not in _TABLES:
        raise Unknown(f"there are no {kind!r}; there are {' and '.join(_TABLES)}.")
    sql = f"SELECT g.name, coalesce(p.name, '') FROM {kind} g LEFT JOIN {kind} p ON p.id = g.parent_id"
    return dict(book.rows(f"{sql} WHERE g.name <> '' ORDER BY g.name"))


def _refuse_taken(book: Book, kind: str, name: str, but: int | None = None) -> None:
    if names.is_taken(book, kind, name, but):
        raise Unfit(f"name: there is a group {name!r} already.")


def _ancestors(book: Book, kind: str, number: int) -> set[int]:
    """The group itself and all above it."""
    sql = f"""WITH RECURSIVE up (id) AS (
        SELECT ? UNION SELECT g.parent_id FROM {kind} g JOIN up ON up.id = g.id WHERE g.parent_id IS NOT NULL)
        SELECT id FROM up"""
    return {row[0] for row in book.rows(sql, (number,))}


def _name(book: Book, kind: str, number: int) -> str:
    return book.value(f"SELECT name FROM {kind} WHERE id = ?", (number,))
