"""What an entitlement holds."""

import pytest

from store import allocations, entitlements, holdings
from store.errors import Unknown
from store.holdings import Holding
from store.records import EntitlementKey
from tests.estates import groups, item, of

OFFICE = EntitlementKey("Office", "perpetual", "device")
NAME = "Office - Perpetual - Device based"


def test_an_entitlement_tells_what_is_allocated_and_who_answers_for_it(book, fill):
    fill(
        book,
        of(
            item("1", "Office", 2000, responsible="Sales"),
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales", "Infrastructure Team"),
        ),
    )
    assert holdings.of(book, OFFICE) == Holding(OFFICE, NAME, 2000, 0, "", "Sales")
    allocations.allocate(book, OFFICE, "Berlin", "Sales", 1200)
    entitlements.set_responsible(book, OFFICE, "Infrastructure Team")
    assert holdings.of(book, OFFICE) == Holding(OFFICE, NAME, 2000, 1200, *["Infrastructure Team"] * 2)
    with pytest.raises(Unknown):
        holdings.of(book, EntitlementKey("Mail", "perpetual", "device"))
