"""What a timeline shows of a record: terms of purchases and maintenance as bars, events as marks, all on days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rules.vocabulary import EXPIRATION_WARNING, MAINTENANCE
from store import facts, overviews
from store.book import Book
from store.portraits import contract as contracts
from store.portraits import entitlement as entitlements
from store.portraits import parts
from store.portraits.shape import Event, Purchase


@dataclass(frozen=True)
class Bar:
    """The term of a purchase. Days are ordinals; `last` is None without end.

    `kind` is "purchased", "purchased-renewal" or "maintenance"; "authorized", "deployed" or "replaced" on the timeline
    of an authorization, where `request` says what brought it.
    """

    kind: str
    first: int
    last: int | None
    quantity: int
    product: str
    contract: str
    item: str
    request: str = ""


@dataclass(frozen=True)
class Lane:
    """Bars that belong together, under a name."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Mark:
    """Something that happens on a day (an ordinal). `lead` is how many days ahead a warning comes, else -1."""

    day: int
    kind: str
    lead: int
    contract: str
    item: str
    name: str


@dataclass(frozen=True)
class Timeline:
    """Bars by their first day, maintenance apart; marks by their day; further lanes by name, where there are such."""

    licenses: tuple[Bar, ...]
    maintenance: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    others: tuple[Lane, ...] = ()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes that have bars."""
        own = (Lane("Licenses", self.licenses), Lane("Maintenance", self.maintenance))
        return tuple(lane for lane in (*own, *self.others) if lane.bars)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars of all lanes."""
        return tuple(bar for lane in self.lanes for bar in lane.bars)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.lanes or self.marks)


def of(book: Book, subject: str, key: str) -> Timeline:
    """The timeline of an "entitlement", "contract", "product" or "position"; an empty one when it is gone."""
    return {"entitlement": _of_entitlement, "contract": _of_contract, "product": _of_product}.get(
        subject, _of_entitlement
    )(book, key)


def _of_entitlement(book: Book, key: str) -> Timeline:
    """Also of a position: it has the key of its entitlement, if it has one."""
    number = overviews.find(book, "entitlements", key)
    if number is None:
        return Timeline((), (), ())
    where, values = entitlements.feeding(book, number)
    return _made(parts.purchases(book, where, values), parts.events(book, where, values))


def _of_contract(book: Book, key: str) -> Timeline:
    number = overviews.find(book, "contracts", key)
    if number is None:
        return Timeline((), (), ())
    made = _made(parts.purchases(book, "i.contract_id = ?", (number,)), contracts.events(book, number))
    notice = book.value("SELECT notice_date FROM contracts WHERE id = ?", (number,))
    return _with(made, [("notice", notice)])


def _of_product(book: Book, key: str) -> Timeline:
    number = overviews.find(book, "products", key)
    if number is None:
        return Timeline((), (), ())
    where = "i.product_id = ?"
    made = _made(parts.purchases(book, where, (number,)), parts.events(book, where, (number,)))
    released, ends = book.rows("SELECT released_on, support_ends_on FROM products WHERE id = ?", (number,))[0]
    return _with(made, [("released", released), ("support-end", ends)])


def _with(made: Timeline, days: Iterable[tuple[str, str | None]]) -> Timeline:
    """The same with further marks: kinds and days, as far as these are known."""
    marks = [Mark(facts.ordinal(day), kind, -1, "", "", "") for kind, day in days if day is not None]
    return replace(made, marks=tuple(sorted((*made.marks, *marks), key=_day)))


def _made(purchases: Iterable[Purchase], events: Iterable[Event]) -> Timeline:
    events = list(events)
    renewals = {(event.contract, event.item) for event in events if event.kind == "purchased-renewal"}
    bars = [_bar(purchase, renewals) for purchase in purchases]
    licenses = tuple(bar for bar in bars if bar.kind != MAINTENANCE)
    maintenance = tuple(bar for bar in bars if bar.kind == MAINTENANCE)
    return Timeline(licenses, maintenance, tuple(sorted((_mark(event) for event in events), key=_day)))


def _bar(purchase: Purchase, renewals: set[tuple[str, str]]) -> Bar:
    renewed = (purchase.contract.key, purchase.item) in renewals
    kind = MAINTENANCE if purchase.model == MAINTENANCE else "purchased-renewal" if renewed else "purchased"
    last = None if purchase.license_end is None else facts.ordinal(purchase.license_end)
    first = facts.ordinal(purchase.license_start)
    return Bar(kind, first, last, purchase.quantity, purchase.product, purchase.contract.key, purchase.item)


def _mark(event: Event) -> Mark:
    lead = event.lead if event.kind == EXPIRATION_WARNING else -1
    return Mark(facts.ordinal(event.day), event.kind, lead, event.contract, event.item, event.name)


def _day(mark: Mark) -> int:
    return mark.day
