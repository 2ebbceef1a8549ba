"""A whole book leaves as files of the template and comes again: the same content, snapshot and files, in each form."""

import csv
import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import derivation, hardware, products, rows, undo
from store.content import content_hash
from store.exports import tables, template
from store.imports import tables as loading
from store.imports.finding import Refused
from store.imports.load import load
from store.imports.template import TABLES as TEMPLATE
from store.portal import authorizations, definitions, titles, versions
from store.portal.records import Authorization, Definition, Span, Title
from store.records import Host, Product, VirtualMachine
from store.snapshots import csv_files, manifest
from store.snapshots.saving import SavingFault
from store.tables import TABLES
from tests import estates
from tests.conftest import AS_OF, another
from tests.examples import examples
from tests.store.exports.round import comes_again, files, snapshot


# ------------------------------------------------------------------------------------------------------ the same again
@pytest.mark.parametrize("ending", ["", ".xlsx"])
def test_a_book_with_something_in_every_table_comes_again(filled, tmp_path, ending):
    comes_again(filled, tmp_path, ending)


@pytest.mark.parametrize("table", TABLES, ids=rows.name)
def test_every_table_and_column_that_people_fill_is_in_that_book(filled, table):
    """Fails where somebody adds a table or a column: fill it in `full.py`, and see to it that it comes again."""
    assert filled.value(f"SELECT count(*) FROM {rows.name(table)}"), f"{rows.name(table)} is empty"
    usual = rows.defaults(table)
    for column in rows.entered(table):
        told = filled.value(
            f'SELECT count(*) FROM {rows.name(table)} WHERE "{column}" IS NOT NULL AND "{column}" IS NOT ?',
            (usual[column],),
        )
        assert told, f"{rows.name(table)}.{column} holds nothing but what it holds by itself"


def test_every_table_that_people_fill_has_its_place_in_the_template():
    sources = {loading.LOADINGS[name].target.table for name in loading.LOADINGS}
    sources |= {way.table for way in loading.WAYS.values()}
    told = " ".join(sources)
    assert {rows.name(table) for table in TABLES if rows.name(table) not in told} == set()
    assert [one.table for one in tables.leaving()] == list(TEMPLATE)


def test_the_sample_estate_comes_again(book, tmp_path):
    load(book, Path("resources/sample"), as_of=AS_OF)
    comes_again(book, tmp_path)


def test_a_book_without_anything_comes_again(book, tmp_path):
    template.save(book, tmp_path / "out")
    assert sorted(files(tmp_path / "out")) == ["manifest.json", "metrics.csv", "settings.csv"]
    with another(tmp_path / "other.elpis") as other:
        load(other, tmp_path / "out", as_of=AS_OF)
        assert content_hash(other) == content_hash(book)


def test_the_import_of_a_book_is_one_step_to_undo(filled, tmp_path):
    """But for what is signed off, which nothing takes away."""
    filled.run("DROP TRIGGER reviews_stay_signed")
    filled.run("DROP TRIGGER review_rows_stay")
    filled.run("DROP TRIGGER reviews_keep_their_signature")
    filled.run("DROP TRIGGER review_rows_keep_their_decision")
    filled.run("UPDATE reviews SET signed_off_at = NULL, signed_off_by = NULL")
    template.save(filled, tmp_path / "out")
    with another(tmp_path / "other.elpis") as other:
        before = content_hash(other)
        with undo.step(other, "Import", resolved=True):
            load(other, tmp_path / "out", as_of=AS_OF)
        undo.back(other)
        assert content_hash(other) == before
        undo.forward(other)
        assert content_hash(other) == content_hash(filled)


# --------------------------------------------------------------------------------------------------------- what is kept
def test_what_a_spreadsheet_would_calculate_is_guarded_in_csv_and_plain_in_a_workbook(filled, tmp_path):
    template.save(filled, tmp_path / "out")
    template.save(filled, tmp_path / "out.xlsx")
    text = (tmp_path / "out" / "products.csv").read_text()
    cells = {row[0] for row in csv.reader(io.StringIO(text), strict=True)}
    assert '\'=HYPERLINK("http://x.invalid";"1")' in cells
    assert "''s-Hertogenbosch" in cells
    assert not any(cell.startswith(("=", "+", "@", "-")) for cell in cells)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["products"]
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} <= {"s", "n", "d"}
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=12).filter(str.strip)


@examples(6)
@given(names=st.lists(NAMES, min_size=1, max_size=4, unique_by=lambda name: name.strip().casefold()))
def test_every_text_comes_again_whatever_it_is_made_of(tmp_path_factory, names):
    tmp = tmp_path_factory.mktemp("texts")
    items = [estates.item(str(number), f"P{number}", 1) for number in range(len(names))]
    found = estates.of(*items, overrides=[estates.override(f"P{n}", demand=1) for n in range(len(names))])
    with another(tmp / "book.elpis") as book:
        load(book, estates.write(tmp / "in", found), as_of=AS_OF)
        for number, name in enumerate(names):
            plain = name.strip()
            book.run("UPDATE products SET vendor = ? WHERE product = ?", (_nfc(plain), f"P{number}"))
            book.run("UPDATE overrides SET reason = ? WHERE id = ?", (_nfc(f"{plain}\n{plain}\r\nx"), number + 1))
        for ending in ("", ".xlsx"):
            comes_again(book, tmp, ending)


def _nfc(text):
    return unicodedata.normalize("NFC", text).strip()


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=6) | st.sampled_from(["'", "''", "'=", "='", "'s", " =", "\u200b=1"]))
def test_a_guarded_cell_is_freed_to_what_it_was_and_others_stay(text):
    assert csv_files.freed(csv_files.guarded(text)) == text


def test_an_apostrophe_that_people_write_themselves_stays(book, fill):
    fill(book, estates.of(estates.item("1", "'s-Hertogenbosch", 1)))
    assert book.value("SELECT product FROM products") == "'s-Hertogenbosch"


# ------------------------------------------------------------------------------------------------------------ the files
def test_tables_without_rows_are_left_out_and_those_of_an_earlier_export_go(filled, tmp_path):
    template.save(filled, tmp_path / "out")
    assert "reviews.csv" in files(tmp_path / "out")
    assert manifest.verify(tmp_path / "out") == []
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with another(tmp_path / "empty.elpis") as empty:
        template.save(empty, tmp_path / "out")
    assert sorted(files(tmp_path / "out")) == ["manifest.json", "metrics.csv", "notes.txt", "settings.csv"]


def test_a_text_too_long_for_a_cell_of_a_workbook_is_told_and_goes_into_a_folder(book, fill, tmp_path):
    long = "\N{GRINNING FACE}" * 20_000
    fill(book, estates.of(estates.item("1", "Office", 1), overrides=[estates.override("Office", reason=long)]))
    with pytest.raises(SavingFault, match=r"overrides, row 2: a text is too long"):
        template.save(book, tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()
    comes_again(book, tmp_path)


def test_more_rows_than_a_sheet_holds_go_into_a_folder(book, fill, tmp_path, monkeypatch):
    fill(book, estates.of(*(estates.item(str(number), "Office", 1) for number in range(4))))
    monkeypatch.setattr(template.workbook, "ROWS_PER_SHEET", 3)
    with pytest.raises(SavingFault, match=r"contract_items has too many rows"):
        template.save(book, tmp_path / "out.xlsx")


def test_one_is_told_how_far_it_is_and_may_stop_it(filled, tmp_path):
    told = []
    template.save(filled, tmp_path / "out", lambda *step: told.append(step))
    assert told[0] == (0, len(TEMPLATE))

    def stop(*_):
        raise InterruptedError

    before = files(tmp_path / "out")
    with pytest.raises(SavingFault):
        template.save(filled, tmp_path / "out", stop)
    assert files(tmp_path / "out") == before


# --------------------------------------------------------------------------------------------------- in another book
def exported(filled, tmp_path):
    template.save(filled, tmp_path / "out")
    return tmp_path / "out"


def test_a_review_whose_positions_were_changed_in_the_files_is_refused(filled, tmp_path):
    place = exported(filled, tmp_path)
    file = place / "review_rows.csv"
    file.write_text(file.read_text().replace(",under-licensed,", ",compliant,", 1))
    with (
        another(tmp_path / "other.elpis") as other,
        pytest.raises(Refused, match="not those that were frozen"),
    ):
        load(other, place, as_of=AS_OF)


def test_what_is_signed_off_stays_whatever_files_say(filled, tmp_path):
    place = exported(filled, tmp_path)
    for name, old, new in (("reviews", ",ann\n", ",bob\n"), ("review_rows", ",buy,", ",cancel,")):
        text = (place / f"{name}.csv").read_text()
        (place / f"{name}.csv").write_text(text.replace(old, new))
        with pytest.raises(Refused, match="is signed off in the book"):
            load(filled, place, as_of=AS_OF)
        (place / f"{name}.csv").write_text(text)


def test_a_review_is_signed_off_by_files_that_say_so(filled, tmp_path):
    place = exported(filled, tmp_path)
    text = (place / "reviews.csv").read_text()
    unsigned = "\n".join(line.rsplit(",", 2)[0] + ",," for line in text.splitlines()[1:])
    (place / "reviews.csv").write_text(f"{text.splitlines()[0]}\n{unsigned}\n")
    with another(tmp_path / "other.elpis") as other:
        load(other, place, as_of=AS_OF)
        assert content_hash(other) != content_hash(filled)
        (place / "reviews.csv").write_text(text)
        assert load(other, place, as_of=AS_OF).counts["reviews"].changed == 1
        assert content_hash(other) == content_hash(filled)


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("charges", ",120.00,", ",121.00,", "is in the ledger otherwise"),
        ("request_lines", ",replaced,", ",created,", "is not what became of it in the book, where it is replaced"),
        ("deployed_entitlements", ",2026-10-02,", ",2026-10-03,", "was replaced for this authorization since"),
        ("settings", "currency,USD", "currency,Dollar", "cannot be set so"),
        ("settings", "currency,USD", "color,blue", "there is no setting"),
        ("scenarios", "add-item", "eat-item", "is no change of a scenario"),
        ("exchange_rates", "EUR,USD", "USD,USD", "needs no rate to itself"),
        ("exchange_rates", ",1.0850", ",0.000", "is not a rate"),
        ("manual_events", ",09:30,", ",9h,", "is not a time of day"),
        ("request_lines", '"[""withdrawn""]"', '"{""withdrawn"":1}"', "is not a list"),
        ("review_rows", ",unlimited,", ",endless,", "is not a whole number"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(filled, tmp_path, table, old, new, says):
    place = exported(filled, tmp_path)
    text = (place / f"{table}.csv").read_text()
    assert old in text, text
    (place / f"{table}.csv").write_text(text.replace(old, new))
    before = content_hash(filled)
    with pytest.raises(Refused, match=says) as refused:
        load(filled, place, as_of=AS_OF)
    assert any(f"{table}.csv, row " in finding.place for finding in refused.value.findings)
    assert content_hash(filled) == before


def test_the_ledger_takes_no_entry_out_of_its_turn(filled, tmp_path):
    place = exported(filled, tmp_path)
    lines = (place / "charges.csv").read_text().splitlines()
    (place / "charges.csv").write_text("\n".join([lines[0], *lines[2:]]) + "\n")
    with another(tmp_path / "other.elpis") as other, pytest.raises(Refused, match="follows no entry"):
        load(other, place, as_of=AS_OF)


def test_a_row_that_stands_there_twice_is_told(filled, tmp_path):
    place = exported(filled, tmp_path)
    file = place / "manual_events.csv"
    file.write_text(file.read_text() + file.read_text().splitlines()[1] + "\n")
    with pytest.raises(Refused, match=r"is a duplicate: row 2 of manual_events\.csv"):
        load(filled, place, as_of=AS_OF)


def test_a_named_entitlement_needs_a_contract_item_unless_a_whole_book_comes(book, fill):
    tables = estates.of(estates.item("1", "Office", 1))
    row = {"product": "Office", "model": "subscription", "metric": "device", "name": "Ours"}
    with pytest.raises(Refused, match="has no entitlement of the model subscription"):
        fill(book, {**tables, "entitlements": [row]})
    fill(book, {**tables, "entitlements": [{**row, "model": "perpetual"}]})
    assert book.value("SELECT name FROM entitlements") == "Ours"


def test_a_book_comes_again_whose_virtual_machine_has_moved_since_its_installation_was_told(book, fill, tmp_path):
    hosts = [{"host": "esx", "processors": 2, "cores_per_processor": 8}, {"host": "iron"}]
    placed = {"product": "Office", "device": "pc", "host": "iron", "vm": "web"}
    machine = {"vm": "web", "host": "iron"}
    tables = {"hosts": hosts, "virtual_machines": [machine], "installations": [placed]}
    fill(book, {"products": [estates.product("Office")], **tables})
    hardware.save_machine(book, VirtualMachine("web", "esx", "", None))
    comes_again(book, tmp_path)


def test_a_book_comes_again_whose_host_has_left_the_cluster_that_its_virtual_machine_names(book, fill, tmp_path):
    machine = {"vm": "web", "host": "iron", "cluster": "prod"}
    fill(book, {"hosts": [{"host": "iron", "cluster": "prod"}], "virtual_machines": [machine]})
    hardware.save_host(book, Host("iron", cluster="test"))
    comes_again(book, tmp_path)


def test_a_book_comes_again_in_which_a_free_version_was_taken(book, tmp_path):
    for version, released in (("9", date(2019, 5, 1)), ("10", date(2022, 5, 1))):
        products.add(book, Product(f"Cad {version}", family="Cad", version=version, released_on=released))
        titles.save(book, Title(f"Cad {version}", f"Cad {version}"))
    definitions.save(book, Definition("Care", "Cad 9", version_right="perpetual"))
    authorizations.save(book, Authorization("A9", "Cad 9", "PC-1", date(2022, 1, 1)))
    authorizations.enter(book, "A9", "Care", Span(1, date(2022, 1, 1), date(2024, 12, 31)))
    versions.take(book, "A9", "Cad 10", AS_OF)
    derivation.recalculate(book, as_of=AS_OF)
    comes_again(book, tmp_path)


def test_an_older_export_into_a_newer_book_never_undoes_what_was_decided(filled, tmp_path):
    place = exported(filled, tmp_path)
    text = (place / "request_lines.csv").read_text()
    (place / "request_lines.csv").write_text(text.replace(",replaced,", ",,").replace(",created,", ",,"))
    before = content_hash(filled), snapshot(filled, tmp_path / "a.json")
    assert not load(filled, place, as_of=AS_OF).changed
    assert (content_hash(filled), snapshot(filled, tmp_path / "b.json")) == before
