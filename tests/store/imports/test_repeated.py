"""Every file of another program: the same file twice changes nothing, a newer one updates by key, nothing comes twice."""

import pytest

from store.content import content_hash
from store.imports.load import How, load
from store.imports.mapping.shape import ColumnMapping
from tests.conftest import AS_OF
from tests.store.imports import samples
from tests.store.imports.test_cyclonedx import SUITE
from tests.store.imports.test_license_files import FLEXERA, IVANTI
from tests.store.imports.test_license_statement import OFFICE, SQL
from tests.store.imports.test_service_now import OFFICE as RIGHTS
from tests.store.imports.test_snipe_it import OFFICE as SEATS

PLAIN = ColumnMapping("List", "licenses", {"A": "product", "B": "quantity"}, {"metric": "user"})


def _statement(path, number):
    return samples.statement(path.with_suffix(".xlsx"), [[*OFFICE[:3], number, *OFFICE[4:]], SQL])


FILES = {
    "snipe-it": lambda path, n: samples.write_csv(
        path, samples.SNIPE_IT, [SEATS | {"seats": str(n), "maintained": "yes"}]
    ),
    "license-statement": _statement,
    "servicenow": lambda path, n: samples.service_now(
        path.with_suffix(".xlsx"), [RIGHTS | {"Purchased rights": n}, RIGHTS | {"License type": "Upgrade"}]
    ),
    "flexera": lambda path, n: samples.write_csv(path, samples.FLEXERA, [FLEXERA | {"Quantity": str(n)}, FLEXERA]),
    "ivanti": lambda path, n: samples.write_csv(path, samples.IVANTI, [IVANTI | {"Quantity": str(n)}]),
    "cyclonedx": lambda path, n: samples.cyclonedx(path, [SUITE | {"properties": {"seats": str(n)}}]),
    "mapped": lambda path, n: samples.write_csv(path, ["A", "B"], [{"A": "Office", "B": str(n)}]),
}


@pytest.mark.parametrize("kind", FILES)
def test_the_same_file_changes_nothing_and_a_newer_one_updates_by_key(book, tmp_path, kind):
    how = How(PLAIN) if kind == "mapped" else How()
    path = FILES[kind](tmp_path / "file.csv", 20)
    first = load(book, path, as_of=AS_OF, how=how)
    assert first.counts["contract_items"].new
    held, rows = content_hash(book), book.value("SELECT count(*) FROM contract_items")
    again = load(book, path, as_of=AS_OF, how=how)
    assert (again.changed, content_hash(book)) == (False, held)
    newer = load(book, FILES[kind](tmp_path / "file.csv", 35), as_of=AS_OF, how=how)
    assert all(counts.new == 0 for counts in newer.counts.values())
    assert newer.counts["contract_items"].changed
    assert book.value("SELECT count(*) FROM contract_items") == rows
    back = load(book, FILES[kind](tmp_path / "file.csv", 20), as_of=AS_OF, how=how)
    assert (back.changed, content_hash(book)) == (True, held)


def test_a_newer_statement_takes_back_the_assurance_that_an_older_one_had(book, tmp_path):
    load(book, samples.statement(tmp_path / "s.xlsx", [OFFICE]), as_of=AS_OF)
    query = "SELECT item, quantity, license_start FROM contract_items ORDER BY item"
    office = "Office Professional Plus 2021"
    assert book.rows(query) == [
        (office, 250, "2026-10-31"),
        (f"{office}, Software Assurance, 0-12 months", 20, "2026-10-31"),
        (f"{office}, Software Assurance, over 24 months", 100, "2026-10-31"),
    ]
    moved = [*OFFICE[:8], 0, 120, 0]
    load(book, samples.statement(tmp_path / "s.xlsx", [moved], stated="2026/11/30"), as_of=AS_OF)
    assert book.rows(query) == [
        (office, 250, "2026-10-31"),
        (f"{office}, Software Assurance, 0-12 months", 0, "2026-10-31"),
        (f"{office}, Software Assurance, 12-24 months", 120, "2026-11-30"),
        (f"{office}, Software Assurance, over 24 months", 0, "2026-10-31"),
    ]


def test_refused_rows_refuse_the_file_unless_they_are_to_be_left_out(book, tmp_path):
    path = samples.write_csv(tmp_path / "x.csv", ["A", "B"], [{"A": "Office", "B": "5"}, {"A": "Visio", "B": "few"}])
    from store.imports.finding import Refused

    before = content_hash(book)
    with pytest.raises(Refused) as refused:
        load(book, path, as_of=AS_OF, how=How(PLAIN))
    assert [str(one) for one in refused.value.findings if one.severity == "error"] == [
        'error: x.csv, row 3, column B: "few" is not a number; this file has "." before the decimals'
    ]
    assert content_hash(book) == before
    imported = load(book, path, as_of=AS_OF, how=How(PLAIN, without_refused=True))
    assert imported.counts["contract_items"].new == 1
    assert [str(one) for one in imported.findings if one.code == "not-a-number"] == [
        'warning: x.csv, row 3, column B: "few" is not a number; this file has "." before the decimals;'
        " the row was left out"
    ]


def test_groups_keep_their_place_in_the_tree_when_a_list_of_people_names_them(book, tmp_path, fill):
    fill(book, {"resource_groups": [{"name": "Europe"}, {"name": "Sales", "parent": "Europe"}]})
    people = ColumnMapping("AD", "users", {"Login": "user", "Dept": "resource_group"}, {"product": "Jira"})
    path = samples.write_csv(tmp_path / "ad.csv", ["Login", "Dept"], [{"Login": "ann", "Dept": "Sales"}])
    load(book, path, as_of=AS_OF, how=How(people))
    sql = "SELECT p.name FROM resource_groups g JOIN resource_groups p ON p.id = g.parent_id WHERE g.name = 'Sales'"
    assert book.rows(sql) == [("Europe",)]
