"""What a person decides on names of software: which product a name stands for, or that it needs no license.

A decision holds for every later import, and for what was found already. Each can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from store import merging, names, products
from store.book import Book
from store.effects import Effects, settled
from store.errors import Unfit, Unknown
from store.listing.shape import splits
from store.matching import decided, judging, normal
from store.matching.candidates import Candidate
from store.matching.decided import EVERY
from store.matching.matcher import ASSIGNED, BY_PUBLISHER, IGNORED, WAITING
from store.matching.normal import Normal
from store.records import Product
from store.tables import NameDecision

KEYS: Final = 3
"""Parts of the key of a name: name, publisher and version."""


class Name(NamedTuple):
    """A name as it was found."""

    id: int
    publisher: str
    name: str
    version: str
    product: str
    state: str
    reason: str
    devices: int
    licensed: bool
    candidates: tuple[Candidate, ...]

    @property
    def key(self) -> str:
        """The key by which people know it."""
        return f"{self.name}|{self.publisher}|{self.version}"

    @property
    def normal(self) -> Normal:
        """The name as decisions know it."""
        return normal.normal(self.publisher, self.name, self.version)

    @property
    def tells_version(self) -> bool:
        """Whether the name itself says which version it is, so that a version beside it is one of its updates."""
        return any(character.isdigit() for character in self.normal.name)


_READ: Final = """
SELECT n.id, n.publisher, n.name, n.version, coalesce(p.product, ''), n.state, n.reason, n.devices,
       n.licensed, n.candidates
FROM software_names n LEFT JOIN products p ON p.id = n.product_id"""


def read(book: Book, key: str) -> Name:
    """A name by its key. Raises Unknown."""
    for name, publisher, version in splits(key, KEYS):
        found = book.one(f"{_READ} WHERE n.name = ? AND n.publisher = ? AND n.version = ?", (name, publisher, version))
        if found is not None:
            return _name(found)
    raise Unknown(f"software: no name {key!r} was found.")


def called(book: Book, name: str) -> list[Name]:
    """All names that are the same as one, whatever their versions, and, where `name` is a key, that one."""
    found = book.rows(f"{_READ} WHERE n.name = ? ORDER BY n.publisher, n.version", (name,))
    if found:
        return [_name(row) for row in found]
    try:
        return [read(book, name)]
    except Unknown:
        wanted = normal.name(name)
        rows = book.rows(f"{_READ} WHERE n.normal_name = ? ORDER BY n.name, n.publisher, n.version", (wanted,))
        return [_name(row) for row in rows]


def waiting(book: Book) -> list[Name]:
    """The names that wait for a decision: those with candidates first, then those on most devices."""
    return [
        _name(row)
        for row in book.rows(f"{_READ} WHERE n.state = '{WAITING}' AND {SHOWN} ORDER BY {', '.join(ORDER)}, n.id")
    ]


ORDER: Final = ("n.candidates = '[]'", "n.devices DESC", "n.name COLLATE NOCASE")
SHOWN: Final = f"(n.devices > 0 OR n.licensed OR n.state IN ('{ASSIGNED}', '{IGNORED}'))"
"""A name that is on no device any more is only told where something was decided on it."""


def count(book: Book) -> int:
    """How many names wait for a decision."""
    return book.value(f"SELECT count(*) FROM software_names n WHERE n.state = '{WAITING}' AND {SHOWN}")


def _name(row: Sequence[object]) -> Name:
    return Name._make((*row[:8], bool(row[8]), tuple(judging.read(str(row[9])))))


# ------------------------------------------------------------------------------------------------------------ deciding
def decide(book: Book, found: Sequence[Name], product: str, *, every_version: bool | None = None) -> None:
    """Names stand for a product from now on. Raises Unknown for a product that the book does not hold.

    A name of license files that is a product of its own meanwhile is merged with it.
    `every_version`: whether that holds for all versions of the name; by default where the name itself says which
    version it is, or the product is of none.
    """
    with settled(book) as effects:
        number = names.number(book, "products", product)
        versioned = book.value("SELECT version FROM products WHERE id = ?", (number,))
        for one in found:
            every = every_version if every_version is not None else one.tells_version or not versioned
            _save(effects, one.normal, number, every=every)
        for one in found:
            if one.licensed and names.is_taken(book, "products", one.name):
                merging.merge(book, one.name, product)


def add_and_decide(book: Book, found: Sequence[Name], product: Product) -> None:
    """Names stand for a new product, which is added. Raises Unfit for one that cannot be."""
    with settled(book):
        products.add(book, product)
        decide(book, found, product.product)


def accept(book: Book, found: Iterable[Name]) -> int:
    """Each name stands for its best candidate, which is added where only the catalogue has it; how many had one."""
    accepted = 0
    with settled(book):
        for one in found:
            if one.candidates:
                best = one.candidates[0]
                if best.new and not names.is_taken(book, "products", best.product):
                    products.add(book, products.proposed(best.product) or Product(best.product))
                decide(book, [one], best.product)
                accepted += 1
    return accepted


def ignore(book: Book, found: Iterable[Name], *, every_version: bool = True) -> None:
    """Names need no license from now on."""
    with settled(book) as effects:
        for one in found:
            _save(effects, one.normal, None, every=every_version)


def ignore_publisher(book: Book, publisher: str) -> None:
    """Whatever a publisher makes needs no license, but for what is certain to be a product of the book.

    Raises Unfit for a publisher that is not told.
    """
    key = normal.publisher(publisher)
    if not key:
        raise Unfit("publisher: these names tell none. Decide on the names themselves.")
    with settled(book) as effects:
        _store(effects, decided.on_publisher(key), None)


def take_back(book: Book, found: Iterable[Name]) -> int:
    """Let go of the decisions that hold for names; how many there were. The names are matched as before them."""
    with settled(book) as effects:
        held = judging.decisions(book)
        keys = {key for one in found if (key := _holding(one, held)) is not None}
        for key in sorted(keys):
            effects.remove(NameDecision, key._asdict(), named=_told(key))
    return len(keys)


def holds_for(book: Book, one: Name) -> int:
    """For how many names the decision on a name holds, that one included; 0 where none does."""
    key = _holding(one, judging.decisions(book))
    if key is None:
        return 0
    tests = {"normal_publisher": key.publisher, "normal_name": key.name, "normal_version": key.version}
    given = {column: value for column, value in tests.items() if value != EVERY}
    where = " AND ".join(f"{column} = ?" for column in given)
    only = f" AND state = '{IGNORED}' AND reason = '{BY_PUBLISHER}'" if key.name == EVERY else ""
    return book.value(f"SELECT count(*) FROM software_names WHERE {where}{only}", tuple(given.values()))


def _holding(one: Name, held: decided.Decisions) -> Normal | None:
    key = decided.holding(one.normal, held)
    if key is None and one.reason == BY_PUBLISHER:
        return decided.on_publisher(one.normal.publisher)
    return key


def _save(effects: Effects, key: Normal, product: int | None, *, every: bool) -> None:
    """Store a decision; one for every version takes the place of one for this version."""
    if every:
        effects.remove(NameDecision, key._asdict(), named=_told(key))
        key = key._replace(version=EVERY)
    _store(effects, key, product)


def _store(effects: Effects, key: Normal, product: int | None) -> None:
    effects.save(NameDecision, key._asdict(), {"product_id": product}, named=_told(key))


def _told(key: Normal) -> str:
    return "|".join(key)
