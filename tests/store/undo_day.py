"""What people do with a book on a day, at random: changes of all kinds, each a step; undo and redo between them.

`Day` has the changes. What is true after each of them its heirs say.
"""

import itertools
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from store import (
    allocations,
    calendar,
    contracts,
    demand,
    entitlements,
    groups,
    metrics,
    overrides,
    preferences,
    prices,
    products,
    rates,
    rights,
    undo,
)
from store.book import Book
from store.records import (
    Contract,
    ContractItem,
    Count,
    EntitlementKey,
    ExchangeRate,
    ListedPrice,
    ManualEntitlement,
    ManualEvent,
    Override,
    Product,
    Right,
)
from store.scenarios import keeping
from store.scenarios.shape import AddItem, ChangeDemand, RedateItem, Scenario
from tests import estates

_PRODUCTS = ["Server 1", "Server 2", "Server 3", "Office"]
_MODELS = ["perpetual", "subscription", "maintenance"]
_METRICS = ["device", "user"]
_PLACES = ["Berlin", "Paris", "Europe"]
_TEAMS = ["Desk", "Build", "IT"]
_FORMED = [EntitlementKey(product, "perpetual", "device") for product in ("Server 2", "Office")]

PRODUCTS = st.sampled_from(_PRODUCTS)
FAMILIES = st.sampled_from(["", "Server", "Suite"])
MODELS = st.sampled_from(_MODELS)
METRICS = st.sampled_from(_METRICS)
CONTRACTS = st.sampled_from(["C1", "C2"])
ITEMS = st.sampled_from(["1", "2", "3"])
PLACES = st.sampled_from(_PLACES)
TEAMS = st.sampled_from(_TEAMS)
NOWHERE = st.sampled_from(["", *_PLACES])
NOBODY = st.sampled_from(["", *_TEAMS])
NAMES = st.sampled_from([*_PLACES, *_TEAMS])
PARENTS = st.sampled_from(["", *_PLACES, *_TEAMS])
QUANTITIES = st.integers(0, 40)
DAYS = st.sampled_from([date(2025, 1, 1) + timedelta(days=47 * number) for number in range(24)])
KEYS = st.sampled_from(_FORMED * 12 + [EntitlementKey(*key) for key in itertools.product(_PRODUCTS, _MODELS, _METRICS)])
"""Half of them are of entitlements that there are in the morning."""
RIGHTS = st.sampled_from(["R1", "R2"])
KINDS = st.sampled_from(["resource_groups", "user_groups"])
MOSTLY = st.sampled_from([True, True, False])

FIRST = estates.of(
    estates.item("1", "Server 2", 10),
    estates.item("2", "Office", 5, end="2027-03-31"),
    products=[
        estates.product("Server 1", family="Server", version_rank=1),
        estates.product("Server 2", family="Server", version_rank=2),
        estates.product("Office"),
    ],
    resource_groups=estates.groups("Europe", Berlin="Europe"),
    user_groups=estates.groups("Desk"),
    demand=[estates.demand("Server 1", 4)],
    rights=[{"right": "R1", "kind": "downgrade", "family": "Server"}],
)
"""The estate that the day begins with."""


class Day(RuleBasedStateMachine):
    """A user's day. `at` is how many steps of those done on it are not undone; `steps` how many there are in all."""

    book: Book
    at = 0
    steps = 0

    def do(self, change: Callable[[], object]) -> None:
        """One action as one step; what is refused leaves no trace."""
        raise NotImplementedError

    def turned(self, turn: Callable[[Book], undo.Step], by: int) -> None:
        """Undo (by -1) or redo (by 1)."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------------- going
    @precondition(lambda self: self.at > 0)
    @rule()
    def back(self) -> None:
        self.turned(undo.back, -1)

    @precondition(lambda self: self.at < self.steps)
    @rule()
    def forward(self) -> None:
        self.turned(undo.forward, 1)

    @precondition(lambda self: self.steps > 0)
    @rule(back=st.integers(0, 4), forward=st.integers(0, 4))
    def to_and_fro(self, back: int, forward: int) -> None:
        for _ in range(min(back, self.at)):
            self.back()
        for _ in range(min(forward, self.steps - self.at)):
            self.forward()

    # ----------------------------------------------------------------------------------------------------- changing
    @rule(contract=CONTRACTS, day=DAYS, currency=st.sampled_from(["EUR", "USD"]))
    def a_contract(self, contract: str, day: date, currency: str) -> None:
        self.do(lambda: contracts.save(self.book, Contract(contract, f"Contract {contract}", day, currency)))

    @rule(
        contract=CONTRACTS,
        item=ITEMS,
        product=PRODUCTS,
        model=MODELS,
        metric=METRICS,
        quantity=QUANTITIES,
        start=DAYS,
        end=st.none() | DAYS,
        price=st.none() | st.just(Decimal("12.50")),
        team=NOBODY,
    )
    def an_item(self, contract, item, product, model, metric, quantity, start, end, price, team) -> None:
        values = (contract, item, product, model, metric, quantity, start, end, price)
        self.do(lambda: contracts.save_item(self.book, ContractItem(*values, responsible=team)))

    @rule(contract=CONTRACTS, item=st.none() | ITEMS, sure=st.booleans())
    def no_item_or_no_contract(self, contract: str, item: str | None, sure: bool) -> None:
        if item is None:
            self.do(lambda: contracts.remove(self.book, contract, confirmed=sure))
        else:
            self.do(lambda: contracts.remove_item(self.book, contract, item, confirmed=sure))

    @rule(key=KEYS, quantity=QUANTITIES, start=DAYS, team=NOBODY, there=MOSTLY)
    def a_manual_entitlement_or_none(
        self, key: EntitlementKey, quantity: int, start: date, team: str, there: bool
    ) -> None:
        lot = ManualEntitlement(key.product, key.model, key.metric, quantity, start, responsible=team)
        if there:
            self.do(lambda: entitlements.add(self.book, lot))
        else:
            self.do(lambda: entitlements.remove(self.book, key, confirmed=bool(quantity)))

    @rule(key=KEYS, name=st.none() | st.sampled_from(["Ours", "Theirs"]), team=NOBODY)
    def an_entitlement_renamed_or_somebody_responsible(self, key: EntitlementKey, name: str | None, team: str) -> None:
        if name is None:
            self.do(lambda: entitlements.set_responsible(self.book, key, team))
        else:
            self.do(lambda: entitlements.rename(self.book, key, name))

    @rule(key=KEYS, place=PLACES, team=TEAMS, quantity=st.integers(0, 12))
    def an_allocation_or_none(self, key: EntitlementKey, place: str, team: str, quantity: int) -> None:
        if quantity:
            self.do(lambda: allocations.allocate(self.book, key, place, team, quantity))
        else:
            self.do(lambda: allocations.release(self.book, key, place, team))

    @rule(product=PRODUCTS, metric=METRICS, place=NOWHERE, quantity=QUANTITIES, there=MOSTLY)
    def a_count_or_none(self, product: str, metric: str, place: str, quantity: int, there: bool) -> None:
        count = Count(product, metric, quantity, place)
        self.do(lambda: (demand.save if there else demand.remove)(self.book, count))

    @rule(key=KEYS, figure=st.none() | QUANTITIES, up=st.none() | st.integers(-5, 5), there=MOSTLY)
    def an_override_or_none(self, key: EntitlementKey, figure: int | None, up: int | None, there: bool) -> None:
        if there:
            self.do(lambda: overrides.save(self.book, Override(key, "we know better", figure, upgrade=up)))
        else:
            self.do(lambda: overrides.remove(self.book, key))

    @rule(product=PRODUCTS, family=FAMILIES, rank=st.none() | st.integers(1, 3), apart=st.booleans())
    def a_product(self, product: str, family: str, rank: int | None, apart: bool) -> None:
        record = Product(product, family=family, version_rank=rank, maintenance_separate=apart)
        self.do(lambda: products.save(self.book, record))

    @rule(product=PRODUCTS, new=st.none() | PRODUCTS)
    def a_product_renamed_or_removed(self, product: str, new: str | None) -> None:
        self.do(lambda: products.rename(self.book, product, new) if new else products.remove(self.book, product))

    @rule(
        right=RIGHTS,
        kind=st.sampled_from(["downgrade", "upgrade"]),
        family=FAMILIES,
        pair=st.tuples(PRODUCTS, PRODUCTS),
        there=MOSTLY,
    )
    def a_right_or_none(self, right: str, kind: str, family: str, pair: tuple[str, str], there: bool) -> None:
        one, other = ("", "") if family else pair
        if there:
            self.do(lambda: rights.save(self.book, Right(right, kind, family, one, other)))
        else:
            self.do(lambda: rights.remove(self.book, right))

    @rule(kind=KINDS, name=NAMES, parent=PARENTS, there=MOSTLY)
    def a_group_or_none(self, kind: str, name: str, parent: str, there: bool) -> None:
        self.do(lambda: groups.add(self.book, kind, name, parent) if there else groups.remove(self.book, kind, name))

    @rule(kind=KINDS, name=NAMES, new=NAMES, moved=st.booleans())
    def a_group_moved_or_renamed(self, kind: str, name: str, new: str, moved: bool) -> None:
        self.do(lambda: (groups.move if moved else groups.rename)(self.book, kind, name, new))

    @rule(there=st.booleans())
    def a_metric(self, there: bool) -> None:
        self.do(lambda: (metrics.add if there else metrics.remove)(self.book, "seat"))

    @rule(contract=CONTRACTS, on=DAYS, days=st.integers(0, 5), repeat=st.sampled_from(["none", "monthly"]))
    def an_event(self, contract: str, on: date, days: int, repeat: str) -> None:
        event = ManualEvent(contract, "custom", on, "Talk", remind_at=time(10), remind_days=days, repeat=repeat)
        self.do(lambda: calendar.save(self.book, event))

    @rule(event=st.integers(1, 3), on=st.none() | DAYS, there=MOSTLY)
    def an_event_done_or_removed(self, event: int, on: date | None, there: bool) -> None:
        if there:
            self.do(lambda: calendar.acknowledge_own(self.book, event, on))
        else:
            self.do(lambda: calendar.remove(self.book, event))

    @rule(which=st.integers(0, 5), seen=st.booleans())
    def an_automatic_event_seen(self, which: int, seen: bool) -> None:
        found = self.book.one("SELECT id FROM events ORDER BY id LIMIT 1 OFFSET ?", (which,))
        self.do(lambda: calendar.acknowledge(self.book, found[0] if found else 0, seen=seen))

    @rule(key=KEYS, amount=st.sampled_from(["5", "7.25"]), day=DAYS, there=st.booleans())
    def a_listed_price(self, key: EntitlementKey, amount: str, day: date, there: bool) -> None:
        price = ListedPrice(key, Decimal(amount), "EUR", day)
        self.do(lambda: (prices.save if there else prices.remove)(self.book, price))

    @rule(day=DAYS, there=st.booleans())
    def a_rate(self, day: date, there: bool) -> None:
        rate = ExchangeRate("USD", "EUR", Decimal("0.9"), day)
        self.do(lambda: (rates.save if there else rates.remove)(self.book, rate))

    @rule(key=KEYS, contract=CONTRACTS | st.just("C9"), item=ITEMS, by=st.integers(-9, 9), day=DAYS, kept=st.booleans())
    def a_scenario(self, key: EntitlementKey, contract: str, item: str, by: int, day: date, kept: bool) -> None:
        bought = AddItem(contract, key.product, key.model, key.metric, abs(by), day)
        changes = bought, ChangeDemand(key.product, key.metric, by), RedateItem(contract, item, day, None)
        scenario = Scenario("Next year", changes[: 1 + abs(by) % 3])
        self.do(lambda: (keeping.save if kept else keeping.apply)(self.book, scenario))

    @rule(leads=st.sampled_from(["90, 60", "30", ""]))
    def warnings(self, leads: str) -> None:
        self.do(lambda: preferences.change(self.book, "warning_leads", leads))
