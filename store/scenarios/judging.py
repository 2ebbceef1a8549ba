"""Judges a scenario beside the book: the very changes are made in a transaction of which nothing is kept.

So what it says is what applying would give. Only the transfer groups that the changes touch are judged, before and
after. A book that is open for reading only is copied first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from rules.vocabulary import UNDER_LICENSED, is_unlimited
from store import conclusions, derivation, forecast, money, pricing
from store.ahead import judging, looking, parts
from store.ahead.shape import Shortage, Standing
from store.book import Book, open_book
from store.bulk import collector_off
from store.previews import trial
from store.pricing import Price
from store.scenarios import applying
from store.scenarios.shape import Scenario

Named = tuple[str, str, str]
"""Product, model ("" without an entitlement) and metric of a position."""

Amounts = Mapping[str, Decimal]
"""Amounts by currency."""


@dataclass(frozen=True)
class Side:
    """What holds of a position on one side: its figures, the price of a unit, and what it lacks up to the horizon."""

    standing: Standing
    price: Price
    shortage: Shortage | None

    @property
    def value(self) -> Decimal | None:
        """What the balance is worth; None without a price, and without limit."""
        if self.price[0] is None or is_unlimited(self.standing.balance):
            return None
        return money.cents(money.cost(self.standing.balance, self.price[0]))


@dataclass(frozen=True)
class Difference:
    """A position as the book has it and as the scenario has it; None where it has none."""

    product: str
    model: str
    metric: str
    before: Side | None
    after: Side | None

    @property
    def key(self) -> str:
        """What names the position elsewhere."""
        return f"{self.product}|{self.model}|{self.metric}"

    @property
    def changes(self) -> bool:
        """Whether the scenario makes a difference to the figures on the day, or to what falls short later."""
        return self.before != self.after


@dataclass(frozen=True)
class Sum:
    """All positions of one side: how many are short, the units that they lack, and amounts by currency.

    `to_close` is what the units missing on the day cost, `surplus` what the units left are worth, `to_keep` what it
    costs that none of them is short up to the horizon.
    """

    positions: int
    shortfall: int
    to_close: Amounts
    surplus: Amounts
    to_keep: Amounts


@dataclass(frozen=True)
class Comparison:
    """A scenario beside the book, on a day and up to a horizon.

    `positions` are those of all transfer groups that the changes touch, in their order. `bought` is what added and
    renewed items cost, `dropped` what items cost that are no longer there.
    """

    scenario: Scenario
    on: date
    until: date
    positions: tuple[Difference, ...]
    bought: Amounts
    dropped: Amounts

    @property
    def before(self) -> Sum:
        """The book."""
        return _sum([one.before for one in self.positions if one.before])

    @property
    def after(self) -> Sum:
        """The scenario."""
        return _sum([one.after for one in self.positions if one.after])


def compare(book: Book, scenario: Scenario, *, on: date | None = None, months: int = forecast.MONTHS) -> Comparison:
    """What a scenario changes on a day (by default the one that the book was last judged on), and up to a horizon.

    Raises Unfit for a change that is not possible, naming it by its number.
    """
    with _workable(book) as work, collector_off():
        day = on or forecast.judged_on(work)
        about = applying.products(work, scenario.changes)
        near = _near(work, about)
        with trial(work):
            applying.apply(work, scenario)
            near |= _near(work, about | applying.products(work, scenario.changes))
            after, bought = _sides(work, near, day, months), _items(work, near)
        with work.reading():
            before, held = _sides(work, near, day, months), _items(work, near)
    named = sorted(before.keys() | after.keys())
    positions = tuple(Difference(*one, before.get(one), after.get(one)) for one in named)
    spent = _worth(bought, lambda key: held.get(key) is None), _worth(held, lambda key: bought.get(key) is None)
    return Comparison(scenario, day, forecast.until(day, months), positions, *spent)


@contextmanager
def _workable(book: Book) -> Generator[Book]:
    """The book itself; of one that is open for reading only, a copy that is gone afterwards."""
    if book.lock is not None:
        yield book
        return
    with TemporaryDirectory(prefix="elpis-") as folder:
        path = Path(folder) / "what-if.elpis"
        book.run("VACUUM INTO ?", (str(path),))
        with open_book(path, clock=book.clock, who=book.who, passphrase=book.passphrase) as copy:
            yield copy


def _near(book: Book, about: Collection[int]) -> set[int]:
    """Every product of the transfer groups of some products."""
    groups = derivation.groups_of(book, about)
    marks = ", ".join("?" * len(groups))
    return {row[0] for row in book.rows(f"SELECT id FROM products WHERE transfer_group IN ({marks})", groups)}


def _sides(book: Book, about: Collection[int], day: date, months: int) -> dict[Named, Side]:
    """Every position of the transfer groups of some products, on a day and with what it lacks later."""
    groups = frozenset(derivation.groups_of(book, about))
    found = forecast.ahead(book, as_of=day, months=months, groups=groups)
    lacking = {(one.product, one.model, one.metric): one for one in found.shortages}
    metrics = dict(book.rows("SELECT id, code FROM metrics"))
    sides: dict[Named, Side] = {}
    on = day.toordinal()
    for between in looking.ranges(book, groups):
        held = dict(book.rows("SELECT id, transfer_group FROM products WHERE transfer_group BETWEEN ? AND ?", between))
        known = parts.read(book, held, groups)
        for (product, metric, model), standing in judging.judged(list(known.values()), on).items():
            part = known[held[product]]
            lots = part.lots.get((product, model or "", metric), ())
            price = pricing.listed(part, product, model, metric, on) or conclusions.price_of(lots, on)
            named = part.products[product].name, model or "", metrics[metric]
            sides[named] = Side(standing, price, lacking.get(named))
    return sides


# --------------------------------------------------------------------------------------------------------------- money
_ItemKey = tuple[str, str]
_Bought = Mapping[_ItemKey, tuple[int, str, str]]

_ITEMS = """
SELECT c.contract, i.item, i.quantity, i.unit_price, c.currency FROM products p
CROSS JOIN contract_items i ON i.product_id = p.id CROSS JOIN contracts c ON c.id = i.contract_id
WHERE p.id IN ({}) AND i.unit_price IS NOT NULL"""


def _items(book: Book, about: Collection[int]) -> _Bought:
    """The contract items of some products that have a price: quantity, unit price, currency."""
    rows = book.rows(_ITEMS.format(", ".join("?" * len(about))), list(about))
    return {(row[0], row[1]): row[2:] for row in rows}


def _worth(items: _Bought, chosen: Callable[[_ItemKey], bool]) -> dict[str, Decimal]:
    costs = (
        (currency, money.cost(quantity, price))
        for key, (quantity, price, currency) in items.items()
        if chosen(key) and not is_unlimited(quantity)
    )
    return money.by_currency(costs)


def _sum(sides: Collection[Side]) -> Sum:
    short = [one for one in sides if one.standing.status == UNDER_LICENSED]
    valued = [(one, one.value) for one in sides]
    costs = [(one.price[1] or "", value) for one, value in valued if value is not None]
    lacking = [one.shortage for one in sides if one.shortage is not None]
    return Sum(
        len(short),
        sum(-one.standing.balance for one in short),
        money.by_currency((currency, -value) for currency, value in costs if value < 0),
        money.by_currency((currency, value) for currency, value in costs if value > 0),
        money.by_currency((one.currency or "", one.cost) for one in lacking if one.cost is not None),
    )
