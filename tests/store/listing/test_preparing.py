"""A large book gets indexes and search tables when a window opens it; they stay right whatever changes the book."""

from contextlib import closing

import pytest

from store import care, contracts, overviews
from store.listing import preparing
from store.listing.preparing import INDEXES
from store.overviews import OVERVIEWS, Ask
from store.records import Contract
from tests.conftest import AS_OF, opened
from tests.estates import item, of, product
from tests.store.listing.oracle import all_ids


def made(book):
    names = "name LIKE 'overview~_%' ESCAPE '~' OR name IN ('contract_search', 'product_search')"
    return {row[0] for row in book.rows(f"SELECT name FROM sqlite_schema WHERE {names}")}


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 5), products=[product("Office", vendor="Contoso", family="Suite")]))
    return book


def found(book, name, text):
    return [overviews.key(book, name, number) for number in overviews.first(book, name, Ask(text))]


def test_a_small_book_gets_nothing(estate):
    overviews.prepare(estate)
    assert made(estate) == set()


def test_a_large_book_gets_everything_once_and_keeps_it(estate):
    steps = []
    preparing.prepare(estate, lambda *step: steps.append(step), large=1)
    count = len(INDEXES) + 2 + 1  # an index a step, the two search tables, the sums
    assert steps == [(n, count) for n in range(count)]
    everything = made(estate)
    assert everything >= INDEXES.keys() | {"contract_search", "product_search"}
    steps.clear()
    preparing.prepare(estate, lambda *step: steps.append(step), large=1)
    assert (steps, made(estate)) == ([], everything)
    assert care.check(estate) == []
    estate.close()
    with closing(opened(estate.path)) as again:
        assert made(again) == everything


def test_preparing_can_be_stopped_between_two_pieces_and_taken_up_again(estate):
    class StopError(Exception):
        pass

    def stop(done, _):
        if done == 5:
            raise StopError

    with pytest.raises(StopError):
        preparing.prepare(estate, stop, large=1)
    assert len(made(estate)) < len(INDEXES)
    assert found(estate, "contracts", "c1") == ["C1"]
    preparing.prepare(estate, large=1)
    assert made(estate) >= INDEXES.keys()


def test_an_index_of_an_earlier_version_is_made_anew_or_dropped(estate):
    name = next(iter(INDEXES))
    estate.run(f"CREATE INDEX {name} ON products (edition)")
    estate.run("CREATE INDEX overview_no_longer_used ON products (edition)")
    preparing.prepare(estate, large=1)
    assert "overview_no_longer_used" not in made(estate)
    assert estate.value("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)) == INDEXES[name]


def test_words_that_a_quick_import_left_out_are_completed(estate):
    estate.run("DELETE FROM entitlement_search")
    preparing.prepare(estate, large=1)
    assert found(estate, "entitlements", "contoso") == ["Office|perpetual|device"]


def test_contracts_are_found_by_what_they_are_called_now(estate):
    preparing.prepare(estate, large=1)
    contracts.save(estate, Contract("C-9", "Support", invoice_date=AS_OF, currency="EUR", supplier="Fabrikam"))
    assert found(estate, "contracts", "fabri") == ["C-9"]
    contracts.save(estate, Contract("C-9", "Support", invoice_date=AS_OF, currency="EUR", supplier="Contoso"))
    assert found(estate, "contracts", "fabri") == []
    assert found(estate, "contracts", "cont supp") == ["C-9"]
    contracts.remove(estate, "C-9")
    assert found(estate, "contracts", "contoso") == []


def test_products_are_found_by_what_they_and_their_family_are_called_now(estate, fill):
    preparing.prepare(estate, large=1)
    fill(estate, {"products": [product("Visio", vendor="Contoso", family="Suite"), product("Reader", vendor="Adobe")]})
    assert found(estate, "products", "suite") == ["Office", "Visio"]
    estate.run("UPDATE products SET vendor = 'Fabrikam' WHERE product = 'Visio'")
    assert found(estate, "products", "fabrikam") == ["Visio"]
    estate.run("UPDATE families SET name = 'Bundle'")
    assert found(estate, "products", "suite") == []
    assert found(estate, "products", "bundle") == ["Office", "Visio"]
    assert found(estate, "events", "bundle") == found(estate, "events", "office")
    estate.run("DELETE FROM products WHERE product = 'Reader'")
    assert found(estate, "products", "adobe") == []


@pytest.mark.parametrize("name", OVERVIEWS)
def test_a_page_of_a_large_book_is_read_off_an_index(name, large_book):
    """Without sorting: what a page costs does not grow with the book."""
    fields = ["", *(field.name for field in OVERVIEWS[name].fields if field.sortable)]
    assert {field for field in fields if _sorts(large_book, name, field)} == _SORTED[name]


_SORTED = {
    "entitlements": set(),
    "compliance": {"override"},
    "products": set(),
    "demand": set(),
    "events": {"product"},
    "changes": {"at", "who", "action", "subject", "key"},
    "contracts": set(),
    **{
        name: {"", *(field.name for field in OVERVIEWS[name].fields if field.sortable)} - read
        for name, read in {
            "titles": set(),
            "definitions": set(),
            "authorizations": set(),
            "deployed": set(),
            "requests": {""},
            "approvals": set(),
            "charges": {"", "entry"},
            "reviews": set(),
            "review_rows": set(),
            "matching": set(),
            "hosts": set(),
            "virtual_machines": set(),
        }.items()
    },
}
"""What is sorted for each page: there are few such rows, or no index can have it."""


def _sorts(book, name, field):
    """Whether rows have to be sorted for the first page."""
    statements = []
    connection = book.connection()
    connection.set_trace_callback(statements.append)
    overviews.first(book, name, Ask(sort=field))
    connection.set_trace_callback(None)
    queries = [sql for sql in statements if sql.startswith("SELECT") and "manual_events" not in sql]
    return any("USE TEMP B-TREE" in row[3] for sql in queries for row in book.rows(f"EXPLAIN QUERY PLAN {sql}"))


def test_a_prepared_book_shows_the_same_as_one_that_was_not(plain_book, large_book):
    for name, overview in OVERVIEWS.items():
        for field in overview.fields:
            one, other = (
                [overviews.key(book, name, number) for number in all_ids(book, name, Ask(sort=field.name))]
                for book in (plain_book, large_book)
            )
            assert one == other
