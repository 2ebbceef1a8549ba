"""A dry run tells what an import would do, and leaves nothing behind."""

from datetime import date

import pytest

from store import undo
from store.content import content_hash
from store.imports.dry_run import SHOWN, Change, Part, dry_run, recognized, stops
from store.imports.load import load
from store.imports.readers import open_source
from store.imports.source import watched
from store.imports.staging import Counts
from tests.conftest import AS_OF
from tests.estates import contract, demand, groups, item, of, product, write

BEFORE = of(item("1", "Office", 5), demand=[demand("Office", 7)])


@pytest.fixture
def source(tmp_path):
    def make(tables, name="input"):
        return open_source(write(tmp_path / name, tables))

    return make


def everything(book):
    tables = [row[0] for row in book.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")]
    shown = [name for name in tables if not name.startswith("entitlement_search")]
    return {name: book.rows(f"SELECT * FROM {name}") for name in shown}


def schema(book):
    return book.rows("SELECT name, sql FROM sqlite_schema ORDER BY name")


def test_a_dry_run_into_an_empty_book_tells_what_would_be_new(book, source):
    before = everything(book), schema(book)
    found = dry_run(book, source(BEFORE), as_of=AS_OF)
    assert found.counts["contract_items"] == Counts(1, 0, 0)
    assert (found.before, found.after) == ({}, {"under-licensed": 1})
    assert found.changed
    assert not found.refused
    assert (everything(book), schema(book)) == before


def test_a_dry_run_into_a_filled_book_tells_old_and_new_by_their_names(book, fill, source):
    fill(book, BEFORE)
    later = of(
        item("1", "Visio", 6),
        demand=[demand("Office", 7)],
        products=[product("Office", family="Suite", vendor="M"), product("Visio")],
        contracts=[contract(name="Renamed")],
    )
    before = everything(book), schema(book), content_hash(book)
    found = dry_run(book, source(later), as_of=AS_OF)
    assert found.changes == {
        "products": (Change("Office", (("vendor", "", "M"), ("family", "", "Suite"))),),
        "contracts": (Change("C1", (("name", "Contract C1", "Renamed"),)),),
        "contract_items": (Change("C1|1", (("product", "Office", "Visio"), ("quantity", "5", "6"))),),
    }
    assert found.counts["demand"] == Counts(0, 0, 1)
    assert (found.before, found.after) == ({"under-licensed": 1}, {"over-licensed": 1, "under-licensed": 1})
    assert (everything(book), schema(book), content_hash(book)) == before


def test_the_import_afterwards_does_what_was_told(book, fill, source):
    fill(book, BEFORE)
    later = of(item("1", "Office", 9), demand=[demand("Office", 7)])
    told = dry_run(book, source(later), as_of=AS_OF)
    done = fill(book, later)
    assert (told.counts, told.findings) == (done.counts, done.findings)
    assert told.after == dict(book.rows("SELECT status, count(*) FROM positions GROUP BY status"))


def test_a_moved_group_is_told_with_its_parents(book, fill, source):
    fill(book, {"resource_groups": groups("A", "B", C="A")})
    found = dry_run(book, source({"resource_groups": groups(C="B")}), as_of=AS_OF)
    assert found.changes == {"resource_groups": (Change("C", (("parent", "A", "B"),)),)}


def test_only_the_first_changed_rows_are_told_one_by_one(book, fill, source):
    many = range(SHOWN + 5)
    fill(book, {"products": [product(f"P{n}") for n in many]})
    found = dry_run(book, source({"products": [product(f"P{n}", vendor="V") for n in many]}), as_of=AS_OF)
    assert found.counts["products"].changed == SHOWN + 5
    assert len(found.changes["products"]) == SHOWN


def test_what_would_be_refused_is_told_with_every_finding(book, fill, source):
    fill(book, BEFORE)
    before = everything(book)
    found = dry_run(book, source(of(item("1", "Office", "many"), item("2", "Office", "few"))), as_of=AS_OF)
    assert found.refused
    assert not found.changed
    assert [finding.code for finding in found.findings] == ["not-a-number", "not-a-number"]
    assert everything(book) == before


def test_another_day_is_taken_back_as_well(book, fill, source):
    fill(book, BEFORE)
    dry_run(book, source(BEFORE), as_of=date(2030, 1, 1))
    assert book.value("SELECT value FROM settings WHERE key = 'as_of'") == "2026-11-21"


def test_who_stops_it_leaves_nothing_behind(book, fill, source):
    fill(book, BEFORE)
    before = everything(book)
    said = []

    def stop(what, done, total):
        said.append(what)
        if what == "reading" and len(said) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        dry_run(book, source(of(item("1", "Office", 9))), as_of=AS_OF, progress=stop)
    assert everything(book) == before


def test_a_dry_run_is_no_step_to_undo(book, source):
    dry_run(book, source(BEFORE), as_of=AS_OF)
    assert undo.next_back(book) is None


def test_what_was_recognized_pairs_the_columns_with_those_of_the_file(source, tmp_path):
    found = recognized(source({"products": [{"product": "Office", "vendor": "M", "colour": "red"}]}))
    assert found == (
        Part(
            "products",
            "products.csv",
            (("product", "product"), ("vendor", "vendor")),
            (
                *("family", "edition", "version", "version_rank", "released_on", "metric", "maintenance_separate"),
                "support_ends_on",
            ),
        ),
    )


def test_an_input_that_cannot_be_read_stops(tmp_path, source):
    assert stops(open_source(tmp_path / "nowhere"))
    assert not stops(source(BEFORE))


def test_a_watched_input_is_the_same_input(book, source):
    seen = []
    original = source(BEFORE)
    held = watched(original, lambda: seen.append(1))
    assert [part.place for part in held.tables] == [part.place for part in original.tables]
    assert [list(part.batches()) for part in held.tables] == [list(part.batches()) for part in original.tables]
    assert len(seen) >= len(held.tables)


def test_an_import_that_is_undone_leaves_the_same_content(book, fill, tmp_path):
    fill(book, BEFORE)
    before = content_hash(book)
    later = write(tmp_path / "later", of(item("1", "Office", 9), item("2", "Visio", 3), demand=[demand("Visio", 7)]))
    with undo.step(book, "Import later", resolved=True):
        load(book, later, as_of=AS_OF)
    after = content_hash(book)
    assert after != before
    undo.back(book)
    assert content_hash(book) == before
    undo.forward(book)
    assert content_hash(book) == after
