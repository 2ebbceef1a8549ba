"""Products: their family, version and dates decide where licenses may go; a change moves them at once."""

from dataclasses import replace
from datetime import date

import pytest

from store import allocations, entitlements, products, readers, rights, search
from store.errors import Unfit, Unknown
from store.records import EntitlementKey, Product, Right
from tests.conftest import snapshot_of
from tests.estates import demand, groups, item, of, product

FIRST, SECOND = "Server 1", "Server 2"


@pytest.fixture
def estate(book, fill):
    """Too few of the first version, too many of the second: no family yet, so nothing moves."""
    tables = of(
        item("1", FIRST, 10),
        item("2", SECOND, 30),
        demand=[demand(FIRST, 15), demand("Office", 1)],
        resource_groups=groups("Berlin"),
        user_groups=groups("Desk"),
        products=[product(FIRST, version_rank=1), product(SECOND, version_rank=2), product("Office")],
    )
    fill(book, tables)
    return book


def balances(book):
    return {p["product"]: p["balance"] for p in snapshot_of(book)["positions"]}


def test_every_field_of_a_product_can_be_entered_and_is_read_back(estate):
    full = Product(
        "Paint",
        "Contoso",
        "Suite",
        "Pro",
        "2026",
        7,
        date(2026, 1, 1),
        date(2031, 1, 1),
        "user",
        maintenance_separate=True,
    )
    products.save(estate, full)
    assert readers.product(estate, "Paint") == full
    products.save(estate, Product("Paint"))
    assert readers.product(estate, "Paint") == Product("Paint")


def test_products_that_join_a_family_cover_each_other_and_stop_when_one_leaves(estate):
    products.save(estate, Product(FIRST, family="Server", version_rank=1))
    rights.save(estate, Right("R1", "downgrade", family="Server"))
    assert balances(estate) == {FIRST: -5, SECOND: 30, "Office": -1}

    products.save(estate, Product(SECOND, family="Server", version_rank=2))
    assert balances(estate) == {FIRST: 0, SECOND: 25, "Office": -1}

    products.save(estate, Product(FIRST, version_rank=1))
    assert balances(estate) == {FIRST: -5, SECOND: 30, "Office": -1}


def test_an_entitlement_is_found_by_the_new_words_of_its_product(estate):
    products.save(estate, replace(readers.product(estate, FIRST), vendor="Contoso", family="Datacenter"))
    assert len(search.find(estate, "contoso datacenter")) == 1
    products.rename_family(estate, "Datacenter", "Server room")
    assert search.find(estate, "datacenter") == []
    assert len(search.find(estate, "server room")) == 1


def test_a_renamed_product_takes_the_names_of_its_entitlements_along_but_not_those_that_people_gave(estate):
    entitlements.rename(estate, EntitlementKey(SECOND, "perpetual", "device"), "Our servers")
    products.rename(estate, FIRST, "Host 1")
    products.rename(estate, SECOND, "Host 2")
    names = {e["product"]: e["name"] for e in snapshot_of(estate)["entitlements"]}
    assert names == {"Host 1": "Host 1 - Perpetual - Device based", "Host 2": "Our servers"}
    assert len(search.find(estate, "host")) == 2
    assert len(search.find(estate, "our servers")) == len(search.find(estate, "our servers host")) == 1
    assert balances(estate) == {"Host 1": -5, "Host 2": 30, "Office": -1}


def test_a_product_that_nothing_uses_can_be_removed(estate):
    products.save(estate, Product("Paint", family="Suite"))
    products.remove(estate, "Paint")
    with pytest.raises(Unknown, match="there is no 'Paint'"):
        products.remove(estate, "Paint")


def test_a_product_in_use_stays_and_says_what_uses_it(estate):
    rights.save(estate, Right("R1", "downgrade", from_product=SECOND, to_product=FIRST))
    with pytest.raises(Unfit, match=r"'Server 1' cannot be removed: it is used by contract items, demand, rights"):
        products.remove(estate, FIRST)


def test_an_archived_entitlement_goes_with_its_product_unless_it_is_spoken_of(estate):
    from store import contracts

    key = EntitlementKey(SECOND, "perpetual", "device")
    allocations.allocate(estate, key, "Berlin", "Desk", 4)
    contracts.remove_item(estate, "C1", "2", confirmed=True)
    with pytest.raises(Unfit, match="'Server 2' cannot be removed: it is used by allocations"):
        products.remove(estate, SECOND)
    estate.run("DELETE FROM allocations")
    products.remove(estate, SECOND)
    assert balances(estate) == {FIRST: -5, "Office": -1}


@pytest.mark.parametrize(
    ("change", "fault", "sentence"),
    [
        (lambda b: products.save(b, Product(" ")), Unfit, "product: is empty"),
        (lambda b: products.save(b, Product("X", metric="seat")), Unknown, "metrics: there is no 'seat'"),
        (lambda b: products.save(b, Product("X", version_rank=2**40)), Unfit, "version rank: 1,099,511,627,776 is not"),
        (lambda b: products.rename(b, FIRST, SECOND), Unfit, "product: there is 'Server 2' already"),
        (lambda b: products.rename(b, "Nothing", "X"), Unknown, "products: there is no 'Nothing'"),
        (lambda b: products.rename_family(b, "Nothing", "X"), Unknown, "families: there is no 'Nothing'"),
    ],
)
def test_what_no_product_can_be_is_refused(change, fault, sentence, estate):
    before = snapshot_of(estate)
    with pytest.raises(fault, match=sentence):
        change(estate)
    assert snapshot_of(estate) == before


def test_a_family_takes_no_name_of_another(estate):
    for name in ("One", "Two"):
        products.save(estate, Product(f"P {name}", family=name))
    with pytest.raises(Unfit, match=r"family: there is 'Two' already. Give its products that family instead."):
        products.rename_family(estate, "One", "Two")
    products.rename_family(estate, "One", "One")


def test_a_renamed_product_may_keep_its_name(estate):
    products.rename(estate, FIRST, FIRST)
    assert estate.value("SELECT count(*) FROM change_log WHERE subject = 'products'") == 0
