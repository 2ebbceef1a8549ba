"""A record that is changed by two at once: what it was when somebody began to edit it, and what it is by now.

Only one program writes to a book at a time, but a window may stay open over lunch while an import in the background, an
undo or another window of the same program changes what it shows. Saving it would take that change back unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from store import allocations, contracts, drafts, holdings
from store.allocations import Part
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import EntitlementKey

Texts = Mapping[str, str]
"""Fields of a record by their names, as people read them."""


@dataclass(frozen=True)
class Difference:
    """A field that was changed meanwhile: what it was (base), what the book has (theirs), what was typed (yours)."""

    field: str
    base: str
    theirs: str
    yours: str


@dataclass
class Seen:
    """A record as somebody saw it when he began to edit it, and how it is read again."""

    what: str
    read: Callable[[Book], Texts]
    base: Texts

    @property
    def is_there(self) -> bool:
        """Whether the book has it, as far as it was seen."""
        return bool(self.base)


class Conflict(Unfit):
    """What somebody edits was changed meanwhile. Nothing was stored."""

    def __init__(self, seen: Seen, theirs: Texts, differences: tuple[Difference, ...]) -> None:
        names = ", ".join(one.field for one in differences[:3]) + (" and more" if len(differences) > 3 else "")
        gone = f"{seen.what} was removed" if not theirs else f"{seen.what} was changed ({names})"
        super().__init__(f"{gone} since you opened it. Nothing was stored.")
        self.what, self.differences, self.removed = seen.what, differences, not theirs
        self._seen, self._theirs = seen, theirs

    def accept(self) -> None:
        """It is known now: what was typed may be stored over it, as long as it is not changed once more."""
        self._seen.base = self._theirs


def see(book: Book, what: str, read: Callable[[Book], Texts]) -> Seen:
    """A record that is going to be edited; `what` is what people call it."""
    return Seen(what, read, read(book))


def require_unchanged(book: Book, seen: Seen | None, yours: Texts) -> None:
    """Raise Conflict where the record is not as it was seen. Inside the transaction that stores `yours`.

    A field that was changed to what is typed now is none; a record that was only added is not seen, and may be None.
    """
    if seen is None:
        return
    theirs = _read(book, seen)
    names = [name for name in dict.fromkeys((*seen.base, *theirs)) if seen.base.get(name) != theirs.get(name)]
    found = (Difference(n, seen.base.get(n, ""), theirs.get(n, ""), yours.get(n, "")) for n in names)
    differences = tuple(one for one in found if one.theirs != one.yours)
    if differences:
        raise Conflict(seen, theirs, differences)


def _read(book: Book, seen: Seen) -> Texts:
    try:
        return seen.read(book)
    except Unknown:
        return {}


def texts(record: Any) -> dict[str, str]:
    """The fields of a record; what is not there is an empty text. A number that only the book knows is none of them."""
    found = {field.name: getattr(record, field.name) for field in fields(record) if field.name != "id"}
    return {name.replace("_", " "): _text(value) for name, value in found.items()}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # who typed 12 has typed 12.00
    return "" if value is None else str(value)


def record(read: Callable[..., Any], *key: object) -> Callable[[Book], Texts]:
    """How the record is read that `read(book, *key)` gives; None, or Unknown, where there is none."""

    def found(book: Book) -> Texts:
        held = read(book, *key)
        return {} if held is None else texts(held)

    return found


def contract(number: str) -> Callable[[Book], Texts]:
    """How a contract is read with its items."""

    def read(book: Book) -> Texts:
        held, items = contracts.read(book, number)
        return contract_texts(drafts.of_contract(held), [drafts.of_item(item) for item in items])

    return read


def contract_texts(held: Texts, items: list[Mapping[str, str]]) -> dict[str, str]:
    """The fields of a contract as they are typed, and those of each item under its number."""
    found = {name.replace("_", " "): text for name, text in held.items()}
    for item in items:
        own = {name: text for name, text in item.items() if name != "item"}
        found |= {f"item {item.get('item', '')}: {name.replace('_', ' ')}": text for name, text in own.items()}
    return found


def entitlement(key: EntitlementKey) -> Callable[[Book], Texts]:
    """How an entitlement is read with all that is allocated of it."""

    def read(book: Book) -> Texts:
        held = holdings.of(book, key)
        return entitlement_texts(held.name, held.responsible, allocations.parts(book, key))

    return read


def entitlement_texts(name: str, responsible: str, parts: Iterable[Part]) -> dict[str, str]:
    """What a person says of an entitlement: its name, who answers for it, and what each two groups have of it."""
    shares = {f"allocated to {one.resource_group} / {one.user_group}": str(one.quantity) for one in parts}
    return {"name": name, "responsible user group": responsible, **shares}
