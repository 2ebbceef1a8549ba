"""The next twelve months: every day on which something changes, exactly as judging that day shows it."""

from datetime import date, timedelta

import pytest

from store import derivation, forecast
from store.forecast import Point
from tests.bench import varied
from tests.conftest import AS_OF
from tests.estates import demand, family, item, maintenance, of, override, product, subscription


def points(book):
    return forecast.year(book, as_of=AS_OF)


def judged(book, day):
    derivation.recalculate(book, as_of=day)
    return book.rows("SELECT count(*), coalesce(sum(-balance), 0) FROM positions WHERE status = 'under-licensed'")[0]


def test_a_subscription_that_ends_leaves_its_demand_short_on_the_day_after(book, fill):
    fill(book, of(subscription("1", "Office", 50, "2026-01-01", "2026-12-31"), demand=[demand("Office", 40)]))
    assert points(book) == [Point(AS_OF, 0, 0), Point(date(2027, 1, 1), 1, 40, ended=1)]


def test_a_renewal_that_follows_at_once_closes_the_gap(book, fill):
    renewed = subscription("2", "Office", 60, "2027-01-01", "2027-12-31")
    fill(book, of(subscription("1", "Office", 50, "2026-01-01", "2026-12-31"), renewed, demand=[demand("Office", 55)]))
    assert points(book) == [Point(AS_OF, 1, 5), Point(date(2027, 1, 1), 0, 0, ended=1, begun=1)]


def test_what_ends_after_twelve_months_is_not_told(book, fill):
    ends = [
        subscription("1", "A", 5, "2026-01-01", "2027-11-20"),
        subscription("2", "B", 5, "2026-01-01", "2027-11-21"),
    ]
    fill(book, of(*ends, demand=[demand("A", 5), demand("B", 5)]))
    assert [point.on for point in points(book)] == [AS_OF, date(2027, 11, 21)]


def test_a_book_in_which_nothing_changes_has_today_alone(book, fill):
    fill(book, of(item("1", "Office", 5), demand=[demand("Office", 7)]))
    assert points(book) == [Point(AS_OF, 1, 2)]


def test_an_empty_book_lacks_nothing(book):
    derivation.recalculate(book, as_of=AS_OF)
    assert points(book) == [Point(AS_OF, 0, 0)]


def test_a_right_that_ends_leaves_short_what_it_covered(book, fill):
    versions = family(product("Server 2019"), product("Server 2022"))
    right = {"right": "SA", "kind": "downgrade", "family": "Server", "valid_until": "2027-06-30"}
    fill(
        book,
        of(item("1", "Server 2022", 10), products=versions, rights=[right], demand=[demand("Server 2019", 8)]),
    )
    assert points(book) == [Point(AS_OF, 0, 0), Point(date(2027, 7, 1), 1, 8)]


def test_a_version_that_is_released_may_be_covered_by_maintenance_from_that_day_on(book, fill):
    versions = family(
        product("Server 2022", released_on="2022-01-01"), product("Server 2027", released_on="2027-03-01")
    )
    right = {"right": "SA", "kind": "upgrade", "family": "Server"}
    held = item("1", "Server 2022", 10), maintenance("2", "Server 2022", 10, "2026-01-01", "2027-12-31")
    fill(book, of(*held, products=versions, rights=[right], demand=[demand("Server 2027", 4)]))
    assert points(book) == [Point(AS_OF, 1, 4), Point(date(2027, 3, 1), 0, 0)]


def test_an_override_holds_whatever_ends(book, fill):
    ends = subscription("1", "Office", 50, "2026-01-01", "2026-12-31")
    typed = override("Office", model="subscription", active=50)
    fill(book, of(ends, demand=[demand("Office", 40)], overrides=[typed]))
    assert points(book) == [Point(AS_OF, 0, 0), Point(date(2027, 1, 1), 0, 0, ended=1)]


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(2, 12))])
def test_every_day_is_what_judging_that_day_shows(book, fill, seed):
    fill(book, varied.estate(seed, families=16))
    found = points(book)
    assert len(found) > 30, "there are enough days to judge: with the least of these estates, 40"
    for point in found:
        assert (point.positions, point.shortfall) == judged(book, point.on), point.on


@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.deep)])
def test_between_the_days_nothing_changes(book, fill, step):
    fill(book, varied.estate(3, families=12))
    found = points(book)
    days = [AS_OF + timedelta(days) for days in range(0, 366, step)]
    for day in days:
        last = max((point for point in found if point.on <= day), key=lambda point: point.on)
        assert (last.positions, last.shortfall) == judged(book, day), day


def test_progress_is_told_and_may_stop_it(book, fill):
    fill(book, varied.estate(4))

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forecast.year(book, as_of=AS_OF, progress=stop)
