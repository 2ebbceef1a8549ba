"""Found software comes in like any other table; a newer inventory of a device replaces what is gone on it."""

import pytest

from store import undo
from store.content import content_hash
from store.imports.dry_run import dry_run
from store.imports.finding import Refused
from store.imports.readers import open_source
from store.matching import judging
from tests import estates, found
from tests.conftest import AS_OF
from tests.found import VISIO, installed, software, states

DECISIONS = {
    "name_decisions": [
        {"publisher": "Adobe Inc.", "name": "Adobe Acrobat DC (x64)", "version": "*", "product": "Acrobat Pro"},
        {"publisher": "GNU Project", "name": "*", "version": "*", "product": ""},
    ]
}


def devices(book):
    return sorted(
        book.rows("SELECT d.device, n.name FROM discovered_software d JOIN software_names n ON n.id = d.name_id")
    )


def test_the_same_inventory_twice_changes_nothing(book, fill):
    fill(book, found.tables())
    before = content_hash(book), book.value("SELECT count(*) FROM change_log")
    assert not fill(book, found.tables()).changed
    assert (content_hash(book), book.value("SELECT count(*) FROM change_log")) == before


def test_a_newer_inventory_of_a_device_replaces_what_is_gone_on_it_and_nothing_else(book, fill):
    fill(book, found.tables())
    before = content_hash(book)
    with undo.step(book, "Import", resolved=True):
        done = fill(book, software("PC1,tar,GNU Project,1.34,,glpi"))
    assert done.counts["discovered_software"] == (1, 2, 0)
    assert [name for device, name in devices(book) if device == "PC1"] == ["tar"]
    assert len(devices(book)) == 6
    assert installed(book) == []
    undo.back(book)
    assert content_hash(book) == before
    assert installed(book) == [(VISIO, "PC1", "ann")]
    undo.forward(book)
    assert [name for device, name in devices(book) if device == "PC1"] == ["tar"]


def test_what_somebody_else_has_found_on_the_device_stays(book, fill):
    fill(book, found.tables())
    fill(book, software("PC1,tar,GNU Project,1.34,,other tool"))
    assert len([name for device, name in devices(book) if device == "PC1"]) == 3


def test_the_preview_tells_what_would_be_gone(book, fill, tmp_path):
    fill(book, found.tables())
    source = open_source(estates.write(tmp_path / "newer", software("PC1,tar,GNU Project,1.34,,glpi")))
    preview = dry_run(book, source, as_of=AS_OF)
    gone = preview.changes["discovered_software"]
    assert {change.fields for change in gone} == {(("found", "yes", "no"),)}
    assert len(devices(book)) == 7


def test_decisions_come_as_a_table_under_their_normal_names(book, fill):
    fill(book, found.tables())
    fill(book, DECISIONS)
    assert states(book)["tar"] == "ignored"
    assert ("Acrobat Pro", "PC2", "") in installed(book)
    assert set(judging.decisions(book)) == {("adobe", "adobe acrobat dc", "*"), ("gnu project", "*", "*")}
    assert not fill(book, DECISIONS).changed


def test_an_import_of_everything_is_undone_and_done_again(book, fill):
    before = content_hash(book)
    with undo.step(book, "Import", resolved=True):
        fill(book, {**found.tables(), **DECISIONS})
    after = content_hash(book), installed(book)
    undo.back(book)
    assert (content_hash(book), installed(book)) == (before, [])
    undo.forward(book)
    assert (content_hash(book), installed(book)) == after


def test_two_rows_of_one_name_are_refused_with_their_places(book, fill):
    with pytest.raises(Refused, match="is a duplicate"):
        fill(book, software("PC1,tar,GNU,1,,glpi", "PC1,tar,GNU,1,,glpi"))
    assert states(book) == {}


def test_found_software_runs_where_it_is_told(book, fill):
    hosts = {"hosts": [{"host": "H1"}], "virtual_machines": [{"vm": "V1", "host": "H1"}]}
    row = {"device": "V1", "name": VISIO, "version": "", "publisher": "", "host": "H1", "vm": "V1"}
    fill(book, {**found.tables(), **hosts, "discovered_software": [row]})
    sql = "SELECT h.host, v.vm FROM installations i JOIN hosts h ON h.id = i.host_id JOIN virtual_machines v ON v.id = i.vm_id"
    assert book.rows(sql) == [("H1", "V1")]
