"""An import is undone as one, whatever it brought, and redone from what was kept of it."""

import pytest

from store import audit, contracts, demand, search, undo
from store.errors import Unfit
from store.imports.load import load
from store.records import Count
from tests.conftest import AS_OF, snapshot_of
from tests.estates import allocation, groups, item, maintenance, of, override, product, write
from tests.estates import demand as count

FIRST = of(
    item("1", "Server 1", 10),
    item("2", "Server 2", 30, end="2027-03-31", responsible="Desk"),
    products=[
        product("Server 1", family="Server", version_rank=1),
        product("Server 2", family="Server", version_rank=2),
    ],
    resource_groups=groups("Europe", Berlin="Europe"),
    user_groups=groups("Desk"),
    allocations=[allocation("Server 2", "Berlin", "Desk", 4)],
    demand=[count("Server 1", 15)],
    installations=[{"product": "Server 2", "device": "pc1"}],
    rights=[{"right": "R1", "kind": "downgrade", "family": "Server"}],
    overrides=[override("Server 2", active=29)],
)
SECOND = of(
    item("1", "Server 1", 12),
    item("3", "Office", 5),
    maintenance("4", "Server 2", 5, "2026-01-01", "2026-12-31"),
    products=[
        product("Server 1", family="Server", version_rank=3),
        product("Server 2"),
        product("Office", family="Suite"),
    ],
    resource_groups=groups("Asia", Berlin="Asia"),
    user_groups=groups("Desk", "Build"),
    allocations=[allocation("Server 2", "Asia", "Build", 2)],
    demand=[count("Server 1", 16), count("Office", 8)],
    installations=[{"product": "Server 2", "device": "pc2"}, {"product": "Office", "device": "pc1"}],
    rights=[{"right": "R2", "kind": "upgrade", "family": "Server"}],
    overrides=[override("Server 2", active=28)],
)


@pytest.fixture
def bring(book, tmp_path):
    """Import tables as one step."""

    def bring(tables, resolved=True):
        folder = write(tmp_path / f"in{len(list(tmp_path.glob('in*')))}", tables)
        with undo.step(book, f"Import {folder.name}", resolved=resolved):
            return load(book, folder, as_of=AS_OF)

    return bring


def there_and_back(book, before):
    """What the book is like, after it went back to a snapshot and forward again, twice."""
    after, content = snapshot_of(book), audit.content_hash(book)
    for _ in range(2):
        undo.back(book)
        assert snapshot_of(book) == before
        undo.forward(book)
        assert (snapshot_of(book), audit.content_hash(book)) == (after, content)
    assert book.rows("PRAGMA foreign_key_check") == []


def test_a_first_import_is_undone_to_the_empty_book_and_redone_to_the_same_day(book, bring):
    fresh = audit.content_hash(book)
    bring(FIRST)
    after, content, found = snapshot_of(book), audit.content_hash(book), search.find(book, "server 2 desk")
    assert found

    undo.back(book)
    assert audit.content_hash(book) == fresh
    assert snapshot_of(book)["positions"] == snapshot_of(book)["events"] == snapshot_of(book)["findings"] == []
    assert search.find(book, "server 2 desk") == []

    undo.forward(book)
    assert (snapshot_of(book), audit.content_hash(book), search.find(book, "server 2 desk")) == (after, content, found)
    assert book.rows("SELECT count(*) FROM kept_rows WHERE subject <> 'import_findings'") == [(0,)]


@pytest.mark.parametrize("resolved", [True, False])
def test_an_import_that_adds_and_changes_is_undone_to_the_book_before_it(book, bring, resolved):
    bring(FIRST)
    before = snapshot_of(book)
    counts = bring(SECOND, resolved).counts
    assert {name for name, found in counts.items() if found.changed} >= {"products", "contract_items", "demand"}
    assert {name for name, found in counts.items() if found.new} == set(counts) - {"contracts", "overrides"}
    there_and_back(book, before)


def test_two_imports_in_one_step_are_one_step(book, bring):
    fresh = audit.content_hash(book)
    with undo.step(book, "Both"):
        bring(FIRST)
        bring(SECOND)
    after = snapshot_of(book)
    assert undo.back(book).subjects >= {"imports", "products"}
    assert audit.content_hash(book) == fresh
    undo.forward(book)
    assert snapshot_of(book) == after


def test_what_else_was_done_in_the_step_goes_with_the_import(book, bring, tmp_path):
    bring(FIRST)
    before = snapshot_of(book)
    with undo.step(book, "Import and correct"):
        demand.save(book, Count("Server 2", "device", 3, source="count"))
        bring(SECOND)
        contracts.remove_item(book, "C1", "2", confirmed=True)
        demand.save(book, Count("Office", "device", 9, source="count"))
    there_and_back(book, before)


def test_an_import_of_nothing_new_is_no_step(book, bring):
    bring(FIRST)
    bring(FIRST)
    assert undo.next_back(book).number == 1


def test_findings_of_an_import_go_and_those_of_the_one_before_come_back(book, bring):
    told = {**FIRST, "contracts": [{"contract": "C1", "name": "First", "invoice_date": "", "currency": "EUR"}]}
    bring({**told, "holidays": [{"day": "2026-12-25"}]})
    first = book.rows("SELECT code, place FROM import_findings")
    assert first
    bring(SECOND)
    assert book.rows("SELECT code, place FROM import_findings") == []
    undo.back(book)
    assert book.rows("SELECT code, place FROM import_findings") == first
    undo.forward(book)
    assert book.rows("SELECT code, place FROM import_findings") == []


def test_an_import_that_is_no_step_keeps_nothing_for_an_undo(book, fill):
    fill(book, FIRST)
    fill(book, SECOND)
    assert undo.next_back(book) is None
    assert book.rows("SELECT * FROM import_ranges") == book.rows("SELECT * FROM kept_rows") == []


def test_what_was_kept_is_let_go_when_the_redo_is_lost(book, bring):
    bring(FIRST)
    undo.back(book)
    assert book.value("SELECT count(*) FROM kept_rows") > 10
    bring(SECOND_ALONE)
    assert book.rows("SELECT DISTINCT subject FROM kept_rows") == []
    assert undo.next_forward(book) is None


SECOND_ALONE = of(item("1", "Office", 5))


@pytest.mark.parametrize(
    "change",
    [
        lambda book: contracts.remove_item(book, "C1", "1"),
        lambda book: demand.save(book, Count("Server 1", "device", 99, source="count")),
        lambda book: book.run("INSERT INTO demand VALUES (1, 2, 0, 'x', 5, NULL)"),
    ],
    ids=["an item was removed", "a count was changed", "a count came without any trace"],
)
def test_what_somebody_else_changed_in_imported_rows_is_not_thrown_away(book, bring, change):
    bring(FIRST)
    change(book)
    before = audit.content_hash(book)
    with pytest.raises(Unfit, match=r"rows of the import have been changed since in another way. Nothing was changed"):
        undo.back(book)
    assert audit.content_hash(book) == before


def test_what_somebody_else_built_upon_imported_rows_holds_them(book, bring, fill):
    bring(FIRST)
    fill(book, {"contract_items": [item("9", "Server 1", 1)]})
    before = audit.content_hash(book)
    with pytest.raises(Unfit, match=r"contract items: some of them need \w+ that would no longer be there"):
        undo.back(book)
    assert audit.content_hash(book) == before


def test_rows_of_somebody_else_beside_those_of_the_import_stay(book, bring, fill):
    bring(FIRST)
    fill(book, {"products": [product("Paint")]})
    undo.back(book)
    assert book.rows("SELECT product FROM products") == [("Paint",)]
    undo.forward(book)
    assert book.value("SELECT count(*) FROM products") == 3


def test_rows_that_somebody_else_imported_meanwhile_are_not_doubled(book, bring, fill):
    bring(FIRST)
    undo.back(book)
    fill(book, FIRST)
    with pytest.raises(Unfit, match="This cannot be redone"):
        undo.forward(book)
