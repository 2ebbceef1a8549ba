"""The position of an entitlement, with calculated and typed figures beside each other."""

import pytest

from store import overrides, standing
from store.errors import Unfit, Unknown
from store.records import EntitlementKey, Override
from store.standing import Figures
from tests.estates import demand, item, of

OFFICE = EntitlementKey("Office", "perpetual", "device")


def test_the_documented_example_leaves_105_and_is_over_licensed():
    figures = Figures(1000, 860, -35, 0)
    assert (figures.balance, standing.status(figures.balance)) == (105, "over-licensed")


@pytest.mark.parametrize(("wanted", "balance", "status"), [(965, 0, "compliant"), (966, -1, "under-licensed")])
def test_the_edges_of_the_documented_example(wanted, balance, status):
    figures = Figures(1000, wanted, -35, 0)
    assert (figures.balance, standing.status(figures.balance)) == (balance, status)


def test_typed_figures_stand_beside_the_calculated_ones(book, fill):
    fill(book, of(item("1", "Office", 100), demand=[demand("Office", 30)]))
    assert standing.of(book, OFFICE).override is None
    typed = Override(OFFICE, "audit of 2026", 1000, 860, -35, 0)
    overrides.save(book, typed)
    found = standing.of(book, OFFICE)
    assert (found.calculated, found.override) == (Figures(100, 30, 0, 0), typed)
    assert found.name == "Office - Perpetual - Device based"


def test_maintenance_and_what_there_is_not_have_no_position(book, fill):
    fill(book, of(item("1", "Office", 100)))
    with pytest.raises(Unfit, match="no position of its own"):
        standing.of(book, EntitlementKey("Office", "maintenance", "device"))
    with pytest.raises(Unknown):
        standing.of(book, EntitlementKey("Mail", "perpetual", "device"))


def test_before_any_day_was_judged_there_is_no_position(book, fill):
    fill(book, of(item("1", "Office", 100)))
    book.run("DELETE FROM positions")
    with pytest.raises(Unfit, match="not been judged"):
        standing.of(book, OFFICE)
