"""Whatever people do with a book, undo and redo go back and forth through exactly the books that there were."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from store import (
    allocations,
    audit,
    calendar,
    contracts,
    demand,
    derivation,
    entitlements,
    evidence,
    groups,
    log_chain,
    metrics,
    overrides,
    preferences,
    prices,
    products,
    rates,
    reversal,
    rights,
    runs,
    undo,
)
from store.errors import KnownFault
from store.imports.finding import Refused
from store.imports.load import load
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
from tests.conftest import AS_OF, opened
from tests.promises import Promise

PRODUCTS = st.sampled_from(["Server 1", "Server 2", "Server 3", "Office"])
FAMILIES = st.sampled_from(["", "Server", "Suite"])
MODELS = st.sampled_from(["perpetual", "subscription", "maintenance"])
METRICS = st.sampled_from(["device", "user"])
CONTRACTS = st.sampled_from(["C1", "C2"])
ITEMS = st.sampled_from(["1", "2", "3"])
PLACES = st.sampled_from(["Berlin", "Paris", "Europe"])
TEAMS = st.sampled_from(["Desk", "Build", "IT"])
QUANTITIES = st.integers(0, 40)
DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))
KEYS = st.builds(EntitlementKey, PRODUCTS, MODELS, METRICS)
RIGHTS = st.sampled_from(["R1", "R2"])
KINDS = st.sampled_from(["resource_groups", "user_groups"])
TREES = ["products", "contracts", "contract_items", "entitlements", "events", "positions", "transfers"]
"""Tables in which rules write."""


class Books(RuleBasedStateMachine):
    """A user's day: changes of all kinds, each a step; undo and redo between them, and the book opened anew."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.book = opened(self.folder / "estate.elpis", create=True)
        evidence.settle(self.book)
        self.hashes = [audit.content_hash(self.book)]
        self.at = 0

    @initialize()
    def an_estate(self) -> None:
        self.do(
            lambda: load(
                self.book,
                estates.write(
                    self.folder / "first",
                    estates.of(
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
                    ),
                ),
                as_of=AS_OF,
            )
        )

    def do(self, change: Callable[[], object]) -> None:
        """One action as one step; what is refused leaves no trace."""
        known = undo.next_back(self.book)
        with suppress(KnownFault, Refused), undo.step(self.book, "something"):
            change()
        found = audit.content_hash(self.book)
        if undo.next_back(self.book) == known:
            assert found == self.hashes[self.at], "without a step, nothing has changed"
            return
        self.at += 1
        self.hashes[self.at :] = [found]

    def turned(self, turn: Callable[..., undo.Step], action: str) -> None:
        """Undo or redo, of which every change is an entry of the change log itself."""
        last = log_chain.head(self.book).seq
        turn(self.book)
        said = {row[0] for row in self.book.rows("SELECT action FROM change_log WHERE id > ?", (last,))}
        assert said == {action}

    # ------------------------------------------------------------------------------------------------------- going
    @precondition(lambda self: self.at > 0)
    @rule()
    def back(self) -> None:
        self.turned(undo.back, "undo")
        self.at -= 1
        assert audit.content_hash(self.book) == self.hashes[self.at]

    @precondition(lambda self: self.at < len(self.hashes) - 1)
    @rule()
    def forward(self) -> None:
        self.turned(undo.forward, "redo")
        self.at += 1
        assert audit.content_hash(self.book) == self.hashes[self.at]

    @rule()
    def open_anew(self) -> None:
        self.book.close()
        self.book = opened(self.folder / "estate.elpis")

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
        team=st.just("") | TEAMS,
    )
    def an_item(self, contract, item, product, model, metric, quantity, start, end, price, team) -> None:
        values = (contract, item, product, model, metric, quantity, start, end, price)
        self.do(lambda: contracts.save_item(self.book, ContractItem(*values, responsible=team)))

    @rule(contract=CONTRACTS, item=ITEMS, sure=st.booleans())
    def no_item(self, contract: str, item: str, sure: bool) -> None:
        self.do(lambda: contracts.remove_item(self.book, contract, item, confirmed=sure))

    @rule(contract=CONTRACTS, sure=st.booleans())
    def no_contract(self, contract: str, sure: bool) -> None:
        self.do(lambda: contracts.remove(self.book, contract, confirmed=sure))

    @rule(key=KEYS, quantity=QUANTITIES, start=DAYS, team=st.just("") | TEAMS)
    def a_manual_entitlement(self, key: EntitlementKey, quantity: int, start: date, team: str) -> None:
        lot = ManualEntitlement(key.product, key.model, key.metric, quantity, start, responsible=team)
        self.do(lambda: entitlements.add(self.book, lot))

    @rule(key=KEYS, sure=st.booleans())
    def no_manual_entitlement(self, key: EntitlementKey, sure: bool) -> None:
        self.do(lambda: entitlements.remove(self.book, key, confirmed=sure))

    @rule(key=KEYS, name=st.sampled_from(["Ours", "Theirs"]))
    def an_entitlement_renamed(self, key: EntitlementKey, name: str) -> None:
        self.do(lambda: entitlements.rename(self.book, key, name))

    @rule(key=KEYS, team=st.just("") | TEAMS)
    def somebody_responsible(self, key: EntitlementKey, team: str) -> None:
        self.do(lambda: entitlements.set_responsible(self.book, key, team))

    @rule(key=KEYS, place=PLACES, team=TEAMS, quantity=st.integers(1, 12))
    def an_allocation(self, key: EntitlementKey, place: str, team: str, quantity: int) -> None:
        self.do(lambda: allocations.allocate(self.book, key, place, team, quantity))

    @rule(key=KEYS, place=PLACES, team=TEAMS)
    def no_allocation(self, key: EntitlementKey, place: str, team: str) -> None:
        self.do(lambda: allocations.release(self.book, key, place, team))

    @rule(product=PRODUCTS, metric=METRICS, place=st.just("") | PLACES, quantity=QUANTITIES)
    def a_count(self, product: str, metric: str, place: str, quantity: int) -> None:
        self.do(lambda: demand.save(self.book, Count(product, metric, quantity, place)))

    @rule(product=PRODUCTS, metric=METRICS, place=st.just("") | PLACES)
    def no_count(self, product: str, metric: str, place: str) -> None:
        self.do(lambda: demand.remove(self.book, Count(product, metric, 0, place)))

    @rule(key=KEYS, figure=st.none() | QUANTITIES, up=st.none() | st.integers(-5, 5))
    def an_override(self, key: EntitlementKey, figure: int | None, up: int | None) -> None:
        self.do(lambda: overrides.save(self.book, Override(key, "we know better", figure, upgrade=up)))

    @rule(key=KEYS)
    def no_override(self, key: EntitlementKey) -> None:
        self.do(lambda: overrides.remove(self.book, key))

    @rule(product=PRODUCTS, family=FAMILIES, rank=st.none() | st.integers(1, 3), apart=st.booleans())
    def a_product(self, product: str, family: str, rank: int | None, apart: bool) -> None:
        record = Product(product, family=family, version_rank=rank, maintenance_separate=apart)
        self.do(lambda: products.save(self.book, record))

    @rule(product=PRODUCTS, new=PRODUCTS)
    def a_product_renamed(self, product: str, new: str) -> None:
        self.do(lambda: products.rename(self.book, product, new))

    @rule(product=PRODUCTS)
    def no_product(self, product: str) -> None:
        self.do(lambda: products.remove(self.book, product))

    @rule(
        right=RIGHTS,
        kind=st.sampled_from(["downgrade", "upgrade"]),
        family=FAMILIES,
        pair=st.tuples(PRODUCTS, PRODUCTS),
    )
    def a_right(self, right: str, kind: str, family: str, pair: tuple[str, str]) -> None:
        one, other = ("", "") if family else pair
        self.do(lambda: rights.save(self.book, Right(right, kind, family, one, other)))

    @rule(right=RIGHTS)
    def no_right(self, right: str) -> None:
        self.do(lambda: rights.remove(self.book, right))

    @rule(kind=KINDS, name=PLACES | TEAMS, parent=st.just("") | PLACES | TEAMS)
    def a_group(self, kind: str, name: str, parent: str) -> None:
        self.do(lambda: groups.add(self.book, kind, name, parent))

    @rule(kind=KINDS, name=PLACES | TEAMS, parent=st.just("") | PLACES | TEAMS)
    def a_group_moved(self, kind: str, name: str, parent: str) -> None:
        self.do(lambda: groups.move(self.book, kind, name, parent))

    @rule(kind=KINDS, name=PLACES | TEAMS, new=PLACES | TEAMS)
    def a_group_renamed(self, kind: str, name: str, new: str) -> None:
        self.do(lambda: groups.rename(self.book, kind, name, new))

    @rule(kind=KINDS, name=PLACES | TEAMS)
    def no_group(self, kind: str, name: str) -> None:
        self.do(lambda: groups.remove(self.book, kind, name))

    @rule(there=st.booleans())
    def a_metric(self, there: bool) -> None:
        self.do(lambda: (metrics.add if there else metrics.remove)(self.book, "seat"))

    @rule(contract=CONTRACTS, on=DAYS, days=st.integers(0, 5), repeat=st.sampled_from(["none", "monthly"]))
    def an_event(self, contract: str, on: date, days: int, repeat: str) -> None:
        event = ManualEvent(contract, "custom", on, "Talk", remind_at=time(10), remind_days=days, repeat=repeat)
        self.do(lambda: calendar.save(self.book, event))

    @rule(event=st.integers(1, 3), on=st.none() | DAYS)
    def an_event_done(self, event: int, on: date | None) -> None:
        self.do(lambda: calendar.acknowledge_own(self.book, event, on))

    @rule(event=st.integers(1, 3))
    def no_event(self, event: int) -> None:
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

    @rule(
        items=st.lists(
            st.tuples(ITEMS, PRODUCTS, QUANTITIES, MODELS, METRICS),
            unique_by=lambda row: row[0],
            min_size=1,
            max_size=3,
        ),
        counts=st.lists(st.tuples(PRODUCTS, QUANTITIES), unique_by=lambda row: row[0], max_size=3),
        devices=st.lists(st.tuples(PRODUCTS, st.sampled_from(["pc1", "pc2"])), unique=True, max_size=3),
        parent=st.just("") | PLACES,
        then=st.none() | QUANTITIES,
    )
    def an_import(self, items: Any, counts: Any, devices: Any, parent: str, then: int | None) -> None:
        rows = [
            estates.item(n, product, count, model=m, metric=u, end="2027-06-30") for n, product, count, m, u in items
        ]
        tables = estates.of(
            *rows,
            products=[
                estates.product(name) for name in sorted({*(i[1] for i in items), *(r[0] for r in counts + devices)})
            ],
            resource_groups=estates.groups("Europe", "Berlin", **({"Paris": parent} if parent else {})),
            demand=[estates.demand(product, count) for product, count in counts],
            installations=[{"product": product, "device": device} for product, device in devices],
        )
        folder = estates.write(self.folder / f"in{len(list(self.folder.iterdir()))}", tables)

        def change() -> None:
            load(self.book, folder, as_of=AS_OF)
            if then is not None:  # more in the same step
                demand.save(self.book, Count(items[0][1], "device", then, source="count"))

        self.do(change)

    # ------------------------------------------------------------------------------------------------------ always so
    @invariant()
    def every_reference_leads_somewhere(self) -> None:
        assert self.book.rows("PRAGMA foreign_key_check") == []

    @invariant()
    def every_change_is_in_the_chain_and_no_row_is_other_than_the_log_tells(self) -> None:
        assert log_chain.problems(self.book) == []
        assert evidence.problems(self.book) == []

    @precondition(lambda self: not evidence.is_settled(self.book))
    @rule()
    def rows_of_imports_hashed(self) -> None:
        evidence.settle(self.book)

    @invariant()
    def what_rules_derive_is_what_judging_all_anew_gives(self) -> None:
        if self.hashes[1:]:
            before = {table: self.book.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TREES}
            with self.book.transaction():
                derivation.regroup(self.book)
            derivation.recalculate(self.book, as_of=AS_OF)
            after = {table: self.book.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TREES}
            assert before == after

    def teardown(self) -> None:
        while self.at:
            self.back()
        assert undo.next_back(self.book) is None
        while self.at < len(self.hashes) - 1:
            self.forward()
        assert undo.next_forward(self.book) is None
        self.every_reference_leads_somewhere()
        self.book.close()


def drive(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )


def tried(examples: int, steps: int, few: int, promise: Promise) -> None:
    drive(examples, steps)
    told = f"steps of a day with undo and redo, runs of {few or 'any'} entries"
    promise("R24", told, count=examples * steps, control="an undo that forgets a row is noticed")


@pytest.mark.parametrize("few", [0, 100])
def test_undo_and_redo_lead_through_the_books_that_there_were(few, monkeypatch, promise):
    monkeypatch.setattr(runs, "_FEW", few)
    tried(6, 20, few, promise)


def test_an_undo_that_forgets_something_does_not_lead_back(book, fill, monkeypatch):
    fill(book, estates.of(estates.item("1", "Office", 5), demand=[estates.demand("Office", 4)]))
    before = audit.content_hash(book)
    with undo.step(book, "gone"):
        demand.remove(book, Count("Office", "device", 0, source="count"))
    monkeypatch.setattr(reversal, "_bring_back", lambda *_: None)
    undo.back(book)
    assert audit.content_hash(book) != before


@pytest.mark.deep
@pytest.mark.parametrize("few", [0, 100])
def test_undo_and_redo_lead_through_the_books_that_there_were_however_long_the_day(few, monkeypatch, promise):
    monkeypatch.setattr(runs, "_FEW", few)
    tried(300, 60, few, promise)
