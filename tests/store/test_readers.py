"""Rows are read as the records that the operations take: saved again, they change nothing."""

from datetime import date
from decimal import Decimal

import pytest

from store import contracts, overrides, readers
from store.errors import Unknown
from store.records import Contract, ContractItem, EntitlementKey, Override
from tests.estates import groups, item, of, product

OFFICE = EntitlementKey("Office", "perpetual", "device")
FULL = Contract("C2", "Second", date(2026, 1, 1), "USD", "Contoso", "Us", "I-1", "P-1", "S-1", "Q-1", date(2026, 9, 30))
LOT = ContractItem(
    "C2",
    "1",
    "Visio",
    "subscription",
    "user",
    None,
    date(2026, 1, 1),
    date(2026, 12, 31),
    Decimal("9.90"),
    "SKU",
    "Desk",
)


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100), products=[product("Office"), product("Visio")], user_groups=groups("Desk")))
    contracts.save(book, FULL)
    contracts.save_item(book, LOT)
    return book


def test_a_contract_is_read_as_it_was_entered(estate):
    assert readers.contract(estate, "C2") == FULL
    assert readers.item(estate, "C2", "1") == LOT
    assert readers.items(estate, "C2") == [LOT]


def test_an_invoice_date_that_nobody_gave_is_read_as_none(estate):
    contracts.save(estate, Contract("C3", "Third", currency="EUR"))
    assert readers.contract(estate, "C3").invoice_date is None


def test_an_override_is_read_as_it_was_entered_or_not_at_all(estate):
    assert readers.override(estate, OFFICE) is None
    typed = Override(OFFICE, "audit", active=5, downgrade=-3)
    overrides.save(estate, typed)
    assert readers.override(estate, OFFICE) == typed


@pytest.mark.parametrize(
    ("read", "sentence"),
    [
        (lambda b: readers.contract(b, "C9"), "contracts: there is no 'C9'"),
        (lambda b: readers.item(b, "C2", "9"), "contract 'C2' has no item '9'"),
        (lambda b: readers.product(b, "X"), "products: there is no 'X'"),
        (lambda b: readers.right(b, "X"), "rights: there is no 'X'"),
        (lambda b: readers.event(b, 9), "no event 9 of yours"),
    ],
)
def test_what_is_not_there_is_named(read, sentence, estate):
    with pytest.raises(Unknown, match=sentence):
        read(estate)
