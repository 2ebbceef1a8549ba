"""The forecast, position by position: every day that changes one, why, and what it takes to keep it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from store import derivation, forecast
from store.errors import Unfit
from store.forecast import Cause, Standing
from tests.bench import varied
from tests.conftest import AS_OF
from tests.estates import contract, demand, family, item, maintenance, of, override, product, subscription

_ROWS = """
SELECT p.product, coalesce(s.model, ''), m.code, s.active, s.demand, s.downgrade, s.upgrade, s.balance, s.status,
       s.price_amount, s.price_currency
FROM positions s JOIN products p ON p.id = s.product_id JOIN metrics m ON m.id = s.metric_id ORDER BY 1, 2, 3"""


def estate(seed, families=30):
    """A small estate with something of everything; tables that came out empty are left out."""
    return {name: rows for name, rows in varied.estate(seed, families=families).items() if rows}


def ahead(book, **how):
    return forecast.ahead(book, **{"as_of": AS_OF, **how})


def judged(book, day):
    derivation.recalculate(book, as_of=day)
    return {row[:3]: Standing(*row[3:9]) for row in book.rows(_ROWS)}


def near(found, first):
    """The days that a forecast names, those beside them, and every third week."""
    named = {(day.on - first).days + by for day in found.days for by in (-1, 0, 1)}
    return sorted(named & {*range(1, (found.until - first).days + 1)} | {*range(1, (found.until - first).days, 21)})


def check_each_day(book, found, first, numbers=None):
    """Every day up to the horizon, or those of these numbers, is as the forecast says: it has changed, or has not."""
    held = judged(book, first)
    named = {day.on: day for day in found.days}
    lacking = {key: [(first, -one.balance)] for key, one in held.items() if one.status == "under-licensed"}
    for number in numbers or range(1, (found.until - first).days + 1):
        day = first + timedelta(number)
        now = judged(book, day)
        assert now.keys() == held.keys()
        changed = {key: (held[key], now[key]) for key in now if now[key] != held[key]}
        said = {one[:3]: (one.before, one.after) for one in named[day].changes} if day in named else {}
        assert said == changed, day
        short = [-one.balance for one in now.values() if one.status == "under-licensed"]
        if day in named:
            assert (named[day].positions, named[day].shortfall) == (len(short), sum(short))
            assert all(one.causes for one in named[day].changes)
        for key, one in now.items():
            if one.status == "under-licensed":
                lacking.setdefault(key, []).append((day, -one.balance))
        held = now
    assert {(one.product, one.model, one.metric) for one in found.shortages} == lacking.keys()
    for one in found.shortages:
        days = lacking[one.product, one.model, one.metric]
        most = max(units for _, units in days)
        assert (one.on, one.units, one.most) == (*days[0], most)
        assert one.most_on == next(day for day, units in days if units == most)


# ------------------------------------------------------------------------------------------------------------ exactness
def test_every_day_of_two_years_is_as_judging_it_shows_and_no_other_day_changes_anything(book, fill):
    fill(book, estate(5, families=5))
    found = ahead(book)
    assert found.until == date(2028, 11, 21)
    assert len(found.days) > 10
    check_each_day(book, found, AS_OF, near(found, AS_OF))


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(20, 40))
def test_every_day_of_random_estates_is_as_judging_it_shows(book, fill, seed):
    fill(book, estate(seed, families=8))
    check_each_day(book, ahead(book), AS_OF)


@pytest.mark.parametrize("seed", [6, 7])
def test_a_first_day_that_the_book_was_not_judged_on_is_judged_too(book, fill, seed):
    fill(book, estate(seed, families=12))
    here = ahead(book, as_of=AS_OF, months=6)
    derivation.recalculate(book, as_of=date(2025, 1, 31))
    assert ahead(book, as_of=AS_OF, months=6) == here


def test_the_forecast_of_some_transfer_groups_is_that_of_the_whole_without_the_others(book, fill):
    fill(book, estate(8, families=12))
    whole = ahead(book)
    groups = [row[0] for row in book.rows("SELECT DISTINCT transfer_group FROM products ORDER BY 1")]
    names = {
        group: {row[0] for row in book.rows("SELECT product FROM products WHERE transfer_group = ?", (group,))}
        for group in groups
    }
    parts = {group: ahead(book, groups={group}) for group in groups}
    for group, part in parts.items():
        assert part.shortages == tuple(one for one in whole.shortages if one.product in names[group])
    assert sum(part.shortfall for part in parts.values()) == whole.shortfall
    many = ahead(book, groups=groups)
    assert many == whole


def test_the_same_book_gives_the_same_forecast(book, fill):
    fill(book, estate(9))
    assert ahead(book) == ahead(book)


# --------------------------------------------------------------------------------------------------- days and causes
def test_a_change_says_which_purchase_ended_and_what_the_position_was_and_is(book, fill):
    fill(book, of(subscription("1", "Office", 50, "2026-01-01", "2026-12-31"), demand=[demand("Office", 40)]))
    (day,) = ahead(book).days
    (change,) = day.changes
    assert (day.on, day.positions, day.shortfall) == (date(2027, 1, 1), 1, 40)
    assert change.key == "Office|subscription|device"
    assert change.before == Standing(50, 40, 0, 0, 10, "over-licensed")
    assert change.after == Standing(0, 40, 0, 0, -40, "under-licensed")
    assert change.causes == (Cause("purchase-ended", "contract_item:C1/1", "Office"),)


def test_a_renewal_that_keeps_the_units_changes_nothing_and_is_not_named(book, fill):
    terms = subscription("1", "Office", 50, "2026-01-01", "2026-12-31"), subscription("2", "Office", 50, "2027-01-01")
    fill(book, of(*terms, demand=[demand("Office", 40)]))
    assert ahead(book).days == ()


def test_what_was_covered_by_another_version_says_so(book, fill):
    versions = family(product("Server 2019"), product("Server 2022"))
    ends = subscription("1", "Server 2022", 10, "2026-01-01", "2027-06-30")
    right = {"right": "SA", "kind": "downgrade", "family": "Server"}
    fill(book, of(ends, products=versions, rights=[right], demand=[demand("Server 2019", 8)]))
    (day,) = ahead(book).days
    older, newer = day.changes
    assert (older.product, older.before.balance, older.after.balance) == ("Server 2019", 0, -8)
    assert older.causes == newer.causes == (Cause("purchase-ended", "contract_item:C1/1", "Server 2022"),)


def test_rights_and_releases_are_causes_too(book, fill):
    versions = family(
        product("Server 2022", released_on="2022-01-01"), product("Server 2027", released_on="2027-03-01")
    )
    right = {"right": "SA", "kind": "upgrade", "family": "Server", "valid_until": "2027-08-31"}
    held = item("1", "Server 2022", 10), maintenance("2", "Server 2022", 10, "2026-01-01", "2027-12-31")
    fill(book, of(*held, products=versions, rights=[right], demand=[demand("Server 2027", 4)]))
    out, over = ahead(book).days
    assert {one.causes for one in out.changes} == {(Cause("release", "product:Server 2027", "Server 2027"),)}
    assert {one.causes for one in over.changes} == {(Cause("right-ended", "right:SA", ""),)}
    begins = {**right, "valid_until": "", "valid_from": "2027-05-01"}
    fill(book, {"rights": [begins]})
    (day,) = ahead(book).days
    assert (day.on, day.changes[0].causes) == (date(2027, 5, 1), (Cause("right-begun", "right:SA", ""),))


# ------------------------------------------------------------------------------------------------- shortages and costs
def test_a_shortage_costs_the_units_that_are_lacking_at_worst_at_the_latest_price(book, fill):
    terms = (
        subscription("1", "Office", 30, "2026-01-01", "2026-12-31", unit_price="10.50"),
        subscription("2", "Office", 20, "2026-02-01", "2027-06-30", unit_price="12.00"),
    )
    fill(book, of(*terms, demand=[demand("Office", 45)]))
    found = ahead(book)
    (one,) = found.shortages
    assert (one.key, one.on, one.units) == ("Office|subscription|device", date(2027, 1, 1), 25)
    assert (one.most, one.most_on, one.price, one.currency) == (45, date(2027, 7, 1), "12.00", "EUR")
    assert one.cost == Decimal("540.00")
    assert (found.costs, found.unpriced) == ({"EUR": Decimal("540.00")}, 0)


def test_what_was_bought_without_limit_costs_its_price_once(book, fill):
    ends = subscription("1", "Office", "unlimited", "2026-01-01", "2026-12-31", unit_price="900")
    fill(book, of(ends, demand=[demand("Office", 45)]))
    (one,) = ahead(book).shortages
    assert (one.most, one.flat, one.cost) == (45, True, Decimal("900.00"))
    derivation.recalculate(book, as_of=date(2027, 5, 1))
    (later,) = ahead(book, as_of=date(2027, 5, 1)).shortages
    assert (later.on, later.cost) == (date(2027, 5, 1), Decimal("900.00"))


def test_costs_of_several_currencies_stand_side_by_side_and_what_has_no_price_is_counted(book, fill):
    terms = (
        subscription("1", "A", 2, "2026-01-01", "2026-12-31", unit_price="1.25"),
        subscription("1", "B", 3, "2026-01-01", "2026-12-31", unit_price="2", contract="C2"),
        subscription("2", "C", 4, "2026-01-01", "2026-12-31"),
    )
    tables = of(*terms, demand=[demand(name, 5) for name in "ABCD"])
    fill(book, {**tables, "contracts": [contract("C1"), contract("C2", currency="USD")]})
    found = ahead(book)
    assert found.costs == {"EUR": Decimal("6.25"), "USD": Decimal("10.00")}
    assert found.unpriced == 2
    assert [one.product for one in found.shortages] == ["A", "B", "C", "D"]


def test_what_is_short_today_is_short_from_today_on(book, fill):
    fill(book, of(item("1", "Office", 5, unit_price="3"), demand=[demand("Office", 7)]))
    found = ahead(book)
    assert (found.positions, found.shortfall, found.days) == (1, 2, ())
    assert [(one.on, one.units, one.cost) for one in found.shortages] == [(AS_OF, 2, Decimal("6.00"))]


def test_an_override_keeps_a_position_from_falling_short(book, fill):
    ends = subscription("1", "Office", 50, "2026-01-01", "2026-12-31")
    fill(book, of(ends, demand=[demand("Office", 40)], overrides=[override("Office", model="subscription", active=50)]))
    assert (ahead(book).days, ahead(book).shortages) == ((), ())


# ------------------------------------------------------------------------------------------------------------- horizon
def test_the_horizon_can_be_chosen(book, fill):
    fill(book, of(subscription("1", "Office", 5, "2026-01-01", "2026-12-31"), demand=[demand("Office", 5)]))
    assert ahead(book, months=1).days == ()
    assert [day.on for day in ahead(book, months=2).days] == [date(2027, 1, 1)]


@pytest.mark.parametrize("months", [0, -1, 121])
def test_a_horizon_that_is_none_is_refused(book, months):
    with pytest.raises(Unfit, match=r"a number from 1 to 120"):
        ahead(book, months=months)


def test_a_book_that_was_never_judged_has_no_forecast(book):
    with pytest.raises(Unfit, match=r"choose a day first"):
        ahead(book)
