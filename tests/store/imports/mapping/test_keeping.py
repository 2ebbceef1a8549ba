"""Mappings that a book remembers: known again by the columns of a file, undone and redone like everything else."""

from dataclasses import replace

import pytest

from store import undo
from store.content import content_hash
from store.errors import Unfit, Unknown
from store.imports.load import load, opened
from store.imports.mapping import keeping
from store.imports.mapping.shape import ColumnMapping
from tests.conftest import AS_OF
from tests.store.imports import samples

LIST = ColumnMapping(
    "Reseller", "licenses", {"Titel": "product", "Menge": "quantity"}, {"metric": "user"}, header=("Titel", "Menge")
)


@pytest.fixture
def file(tmp_path):
    def make(quantity="5", header=("Titel", "Menge"), name="liste.csv"):
        return samples.write_csv(tmp_path / name, header, [{"Titel": "Office", "Menge": quantity}])

    return make


def test_a_kept_mapping_reads_every_later_file_with_its_columns(book, file):
    with undo.step(book, "Keep mapping"):
        keeping.save(book, LIST)
    imported = load(book, file(), as_of=AS_OF)
    assert (imported.reason, imported.counts["contract_items"].new) == ("the mapping Reseller", 1)
    assert load(book, file(header=("Menge", "Titel"), name="other.csv"), as_of=AS_OF).counts["contract_items"].unchanged
    assert load(book, file("7"), as_of=AS_OF).counts["contract_items"].changed == 1


def test_a_file_with_other_columns_is_not_known_by_it(book, file):
    keeping.save(book, LIST)
    assert opened(book, file(header=("Titel", "Menge", "Farbe"))).kind == "free"


def test_a_kept_mapping_comes_before_what_is_known_anyway(book, tmp_path):
    path = samples.write_csv(
        tmp_path / "s.csv", samples.SNIPE_IT, [{"Item name": "A", "serial number": "S", "seats": "2"}]
    )
    own = ColumnMapping(
        "Own", "licenses", {"Item name": "product", "seats": "quantity"}, header=tuple(samples.SNIPE_IT)
    )
    assert opened(book, path).kind == "snipe-it"
    keeping.save(book, own)
    assert opened(book, path).kind == "mapped"


def test_keeping_changing_and_forgetting_can_be_undone(book):
    empty = content_hash(book)
    with undo.step(book, "Keep mapping Reseller"):
        keeping.save(book, LIST)
    kept = content_hash(book)
    with undo.step(book, "Change mapping"):
        keeping.save(book, replace(LIST, constants={"metric": "device"}))
    with undo.step(book, "Remove mapping"):
        keeping.remove(book, "Reseller")
    assert content_hash(book) == empty
    undo.back(book)
    assert keeping.read(book, "Reseller").constants == {"metric": "device"}
    undo.back(book)
    assert (keeping.read(book, "Reseller"), content_hash(book)) == (LIST, kept)
    undo.back(book)
    assert (keeping.held(book), content_hash(book)) == ([], empty)
    undo.forward(book)
    assert content_hash(book) == kept


def test_every_change_of_a_mapping_is_in_the_change_log(book):
    keeping.save(book, LIST)
    keeping.save(book, replace(LIST, decimal=","))
    keeping.remove(book, "Reseller")
    logged = book.rows("SELECT action, key FROM change_log WHERE subject = 'mappings' ORDER BY id")
    assert logged == [("add", "Reseller"), ("change", "Reseller"), ("remove", "Reseller")]


def test_what_could_read_no_file_is_not_kept(book):
    with pytest.raises(Unfit, match="quantity is needed"):
        keeping.save(book, replace(LIST, columns={"Titel": "product"}))
    with pytest.raises(Unfit):
        keeping.save(book, replace(LIST, name=" "))
    with pytest.raises(Unknown):
        keeping.remove(book, "Reseller")
    with pytest.raises(Unknown):
        keeping.read(book, "Reseller")


def test_a_mapping_that_this_program_cannot_read_is_passed_over(book):
    keeping.save(book, LIST)
    book.run("INSERT INTO mappings (mapping, columns) VALUES ('Newer', '{\"format_version\": 9}')")
    assert [one.name for one in keeping.held(book)] == ["Reseller"]
