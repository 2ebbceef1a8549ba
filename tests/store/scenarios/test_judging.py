"""A scenario beside the book: what it says is what really applying it gives, and the book stays as it is."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from store import content, derivation, forecast, prices, undo
from store.errors import KnownFault, Unfit
from store.forecast import Standing
from store.records import EntitlementKey, ListedPrice
from store.scenarios import judging, keeping
from store.scenarios.shape import (
    AddItem,
    ChangeDemand,
    DropItem,
    RedateItem,
    RenewItem,
    Scenario,
    SwitchRight,
)
from tests.bench import varied
from tests.conftest import AS_OF, opened
from tests.estates import demand, family, item, of, product, subscription

_POSITIONS = """
SELECT p.product, coalesce(s.model, ''), m.code, s.active, s.demand, s.downgrade, s.upgrade, s.balance, s.status,
       s.price_amount, s.price_currency
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id"""

OFFICE = of(
    subscription("1", "Office", 50, "2026-01-01", "2026-12-31", unit_price="10"),
    demand=[demand("Office", 40)],
)


def estate(seed, families=30):
    """A small estate with something of everything; tables that came out empty are left out."""
    return {name: rows for name, rows in varied.estate(seed, families=families).items() if rows}


def positions(book):
    return {row[:3]: (Standing(*row[3:9]), row[9:]) for row in book.rows(_POSITIONS)}


def changes(random, book):
    """Some changes that a person could think of, of any kind."""
    names = [row[0] for row in book.rows("SELECT product FROM products")]
    items = book.rows(
        "SELECT c.contract, i.item, i.license_end FROM contract_items i JOIN contracts c ON c.id = i.contract_id"
    )
    held = [row[0] for row in book.rows('SELECT "right" FROM rights')]
    day = AS_OF + timedelta(random.randint(-300, 300))
    metric = random.choice(("device", "device", "user"))
    contract, number, end = random.choice(items)
    percent = Decimal(random.choice((-100, -15, 10, 50)))
    model = random.choice(("perpetual", "subscription", "maintenance"))
    return random.choice(
        (
            AddItem("NEW", random.choice(names), model, metric, random.randint(0, 90), day, None, Decimal("2.5")),
            AddItem(contract, random.choice(names), model, metric, random.choice((5, None)), day, day + timedelta(99)),
            DropItem(contract, number),
            RenewItem(contract, number, AS_OF + timedelta(900)) if end else DropItem(contract, number),
            RedateItem(contract, number, day, random.choice((None, day + timedelta(400)))),
            ChangeDemand(random.choice(names), metric, random.randint(-60, 60)),
            ChangeDemand(random.choice(names), metric, percent=percent),
            SwitchRight(random.choice(held), random.random() < 0.5),
        )
    )


def possible(random, book, count):
    """A scenario whose changes are all possible, one after the other."""
    found = []
    while len(found) < count:
        one = changes(random, book)
        try:
            judging.compare(book, Scenario("trial", (*found, one)), months=1)
        except KnownFault:
            continue
        found.append(one)
    return Scenario("Next year", tuple(found))


def check(book, scenario, on):
    """What the comparison says against the book before and after really applying it, on a day."""
    before_hash = content.content_hash(book)
    said = judging.compare(book, scenario, on=on)
    assert content.content_hash(book) == before_hash
    derivation.recalculate(book, as_of=on)
    before, base = positions(book), forecast.ahead(book, as_of=on)
    derivation.recalculate(book, as_of=AS_OF)
    keeping.apply(book, scenario)
    derivation.recalculate(book, as_of=on)
    after, ahead = positions(book), forecast.ahead(book, as_of=on)
    for side, held, foreseen in (("before", before, base), ("after", after, ahead)):
        short = {(one.product, one.model, one.metric): one for one in foreseen.shortages}
        for one in said.positions:
            key, judged = (one.product, one.model, one.metric), getattr(one, side)
            assert (judged is None) == (key not in held)
            if judged is not None:
                assert (judged.standing, judged.price, judged.shortage) == (*held[key], short.get(key))
    named = {(one.product, one.model, one.metric) for one in said.positions}
    others = before.keys() - named
    assert others == after.keys() - named
    assert all(before[key] == after[key] for key in others)


@pytest.mark.parametrize("seed", range(2))
def test_what_a_scenario_says_is_what_applying_it_gives_on_any_day(book, fill, seed):
    random = Random(seed)
    fill(book, estate(100 + seed, families=10))
    check(book, possible(random, book, 5), AS_OF + timedelta(random.choice((0, 0, -200, 45, 400))))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(60))
def test_what_random_scenarios_say_is_what_applying_them_gives(book, fill, seed):
    random = Random(seed)
    fill(book, estate(200 + seed, families=12))
    check(book, possible(random, book, 8), AS_OF + timedelta(random.choice((0, -200, 45, 400))))


def test_it_is_applied_as_one_step_that_one_undo_takes_back(book, fill):
    fill(book, estate(120, families=8))
    scenario = possible(Random(3), book, 6)
    before = content.content_hash(book), positions(book)
    with undo.step(book, "Apply scenario Next year"):
        keeping.apply(book, scenario)
    assert content.content_hash(book) != before[0]
    undo.back(book)
    assert (content.content_hash(book), positions(book)) == before


# -------------------------------------------------------------------------------------------------- each kind of change
def only(book, *changes, **how):
    return judging.compare(book, Scenario("If", changes), **how)


def balances(found):
    return {
        one.product if one.model else f"{one.product}, no entitlement": (
            one.before and one.before.standing.balance,
            one.after and one.after.standing.balance,
        )
        for one in found.positions
    }


def test_a_renewal_keeps_a_position_after_its_end_and_says_what_it_costs(book, fill):
    fill(book, OFFICE)
    renewal = RenewItem("C1", "1", date(2027, 12, 31))
    found = only(book, renewal, on=date(2027, 1, 1))
    assert balances(found) == {"Office": (-40, 10)}
    assert (found.before.to_close, found.after.to_close) == ({"EUR": Decimal("400.00")}, {})
    assert (found.bought, found.dropped) == ({"EUR": Decimal(500)}, {})
    cheaper = RenewItem("C1", "1", date(2027, 12, 31), 40, Decimal(9))
    assert only(book, cheaper, on=date(2027, 1, 1)).bought == {"EUR": Decimal(360)}
    (one,) = only(book, renewal, on=AS_OF).positions
    assert (one.before.shortage.on, one.after.shortage.on) == (date(2027, 1, 1), date(2028, 1, 1))
    assert one.changes


def test_a_purchase_of_a_new_product_opens_its_position_in_a_contract_of_its_own(book, fill):
    fill(book, OFFICE | {"products": [product("Office"), product("Visio")]})
    bought = AddItem("PO-9", "Visio", "perpetual", "device", 5, AS_OF, None, Decimal("7.5"), "USD")
    found = only(book, bought)
    assert balances(found) == {"Visio": (None, 5)}
    assert found.bought == {"USD": Decimal("37.5")}
    assert found.after.surplus == {"USD": Decimal("37.50")}


def test_an_item_that_is_dropped_or_moved_is_missing_from_then_on(book, fill):
    fill(book, OFFICE)
    dropped = only(book, DropItem("C1", "1"))
    assert balances(dropped) == {"Office": (10, None), "Office, no entitlement": (None, -40)}
    assert dropped.dropped == {"EUR": Decimal(500)}
    moved = RedateItem("C1", "1", date(2026, 1, 1), date(2026, 11, 20))
    assert balances(only(book, moved)) == {"Office": (10, -40)}
    assert balances(only(book, moved, on=date(2026, 11, 20))) == {"Office": (10, 10)}


@pytest.mark.parametrize(
    ("change", "balance"),
    [
        (ChangeDemand("Office", "device", 5), 5),
        (ChangeDemand("Office", "device", -100), 50),
        (ChangeDemand("Office", "device", percent=Decimal(25)), 0),
        (ChangeDemand("Office", "device", percent=Decimal("0.1")), 9),
        (ChangeDemand("Office", "device", percent=Decimal(-100)), 50),
    ],
)
def test_demand_changes_by_a_number_or_by_a_share_that_is_rounded_up(change, balance, book, fill):
    fill(book, OFFICE)
    assert balances(only(book, change)) == {"Office": (10, balance)}


def test_what_is_only_installed_becomes_a_count_where_demand_is_changed(book, fill):
    installed = [{"product": "Office", "device": f"pc{n}"} for n in range(4)]
    fill(book, of(item("1", "Office", 5)) | {"installations": installed})
    assert balances(only(book, ChangeDemand("Office", "device", 2))) == {"Office": (1, -1)}


def test_a_right_is_switched_off_and_on(book, fill):
    versions = family(product("Server 2019"), product("Server 2022"))
    right = {"right": "SA", "kind": "downgrade", "family": "Server"}
    tables = of(item("1", "Server 2022", 10), products=versions, rights=[right], demand=[demand("Server 2019", 8)])
    fill(book, tables)
    off, on = SwitchRight("SA", False), SwitchRight("SA", True)
    assert balances(only(book, off)) == {"Server 2019, no entitlement": (0, -8), "Server 2022": (2, 10)}
    assert balances(only(book, off, on)) == {"Server 2019, no entitlement": (0, 0), "Server 2022": (2, 2)}
    fill(book, {"rights": [{**right, "valid_from": "2027-01-01", "valid_until": "2027-12-31"}]})
    assert balances(only(book, on)) == {"Server 2019, no entitlement": (-8, 0), "Server 2022": (10, 2)}
    assert balances(only(book, off, on=date(2027, 5, 1))) == {
        "Server 2019, no entitlement": (0, -8),
        "Server 2022": (2, 10),
    }


def test_a_listed_price_counts_in_scenarios_too(book, fill):
    fill(book, OFFICE)
    rented = EntitlementKey("Office", "subscription", "device")
    prices.save(book, ListedPrice(rented, Decimal(99), "USD", AS_OF))
    assert only(book, ChangeDemand("Office", "device", 20)).after.to_close == {"USD": Decimal("990.00")}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (DropItem("C1", "9"), "change 2: contract 'C1' has no item '9'"),
        (DropItem("C9", "1"), "change 2: contracts: there is no 'C9'"),
        (AddItem("C1", "Offce", "perpetual", "device", 1, AS_OF), "change 2: products: there is no 'Offce'"),
        (AddItem("C1", "Office", "rented", "device", 1, AS_OF), "change 2: model: 'rented' is none"),
        (AddItem("C1", "Office", "perpetual", "device", -1, AS_OF), "change 2: quantity: -1"),
        (AddItem("C1", "Office", "perpetual", "device", 1, AS_OF, item="1"), "has an item '1' already"),
        (RedateItem("C1", "1", date(2027, 1, 1), date(2026, 1, 1)), "change 2: license end"),
        (ChangeDemand("Office", "cpu", 1), "change 2: metrics: there is no 'cpu'"),
        (SwitchRight("SA", True), "change 2: rights: there is no 'SA'"),
    ],
)
def test_a_change_that_is_not_possible_is_named_and_nothing_is_changed(change, said, book, fill):
    fill(book, OFFICE)
    before = content.content_hash(book)
    with pytest.raises(Unfit, match=said):
        only(book, ChangeDemand("Office", "device", 1), change)
    assert content.content_hash(book) == before


def test_what_has_no_end_cannot_be_renewed(book, fill):
    fill(book, of(item("1", "Office", 5)))
    with pytest.raises(Unfit, match=r"has no end; there is nothing to renew"):
        only(book, RenewItem("C1", "1", None))


def test_a_book_that_is_open_for_reading_only_is_judged_on_a_copy(book, fill):
    fill(book, OFFICE)
    with opened(book.path, read_only=True) as reading:
        assert balances(only(reading, ChangeDemand("Office", "device", 20))) == {"Office": (10, -10)}


def test_a_scenario_without_changes_makes_no_difference(book, fill):
    fill(book, OFFICE)
    assert only(book).positions == ()
