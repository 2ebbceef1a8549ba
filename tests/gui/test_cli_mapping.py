"""The command line with files of people's own making: a mapping proposed, given, kept and known again."""

import json

import pytest

from tests.store.imports import samples

HEADER = ["Titel", "Menge", "Preis"]


@pytest.fixture
def file(tmp_path):
    return samples.write_csv(tmp_path / "liste.csv", HEADER, [{"Titel": "Office", "Menge": "12", "Preis": "9,50"}])


@pytest.fixture
def made(tmp_path, file, elpis):
    """The mapping as it is proposed, corrected where it needs to be."""
    path = tmp_path / "m.json"
    elpis("mapping", "propose", file, "--out", path)
    data = json.loads(path.read_bytes())
    path.write_text(json.dumps(data | {"columns": {"Titel": "product", "Menge": "quantity", "Preis": "unit_price"}}))
    return path


def test_a_mapping_is_proposed_with_its_reasons(file, elpis, tmp_path):
    said = elpis("mapping", "propose", file, "--target", "licenses", "--out", tmp_path / "m.json")
    assert said.status == 0
    assert "  Menge -> quantity (by its name and its quantities)" in said.out
    assert "  Titel -> not taken (no field has this name)" in said.out
    assert "Check: product is needed" in said.out
    assert json.loads((tmp_path / "m.json").read_bytes())["decimal"] == ","
    assert elpis("mapping", "propose", file, "--json").json["mapping"]["columns"]["Menge"] == "quantity"


def test_a_file_is_reviewed_and_imported_by_a_mapping(file, made, elpis, tmp_path):
    said = elpis(
        "review", file, "--as-of", "2026-11-21", "--out", tmp_path / "out", "--mapping", made, "--formats", "json"
    )
    assert said.status == 0
    snapshot = json.loads((tmp_path / "out" / "snapshot.json").read_bytes())
    assert [(one["product"], one["quantity"]) for one in snapshot["entitlements"]] == [("Office", 12)]
    said = elpis("import", file, "--book", tmp_path / "b.elpis", "--as-of", "2026-11-21", "--mapping", made)
    assert "liste.csv: recognized by the mapping liste" in said.out


def test_a_kept_mapping_is_listed_used_exported_and_removed(file, made, elpis, tmp_path):
    book = tmp_path / "b.elpis"
    assert elpis("import", file, "--book", book, "--as-of", "2026-11-21").status == 1
    elpis("import", file, "--book", book, "--as-of", "2026-11-21", "--mapping", made)
    assert elpis("mapping", "keep", book, made).out == f"liste: kept in {book}\n"
    assert elpis("mapping", "list", book).out == "liste: licenses, from Titel, Menge, Preis\n"
    assert elpis("mapping", "list", book, "--json").json[0]["name"] == "liste"
    again = elpis("import", file, "--book", book, "--as-of", "2026-11-21")
    assert "contract items: 0 new, 0 changed, 1 as before" in again.out
    elpis("mapping", "export", book, "liste", "--out", tmp_path / "again.json")
    assert json.loads((tmp_path / "again.json").read_bytes()) == json.loads(made.read_bytes())
    assert elpis("mapping", "remove", book, "liste").status == 0
    assert elpis("mapping", "export", book, "liste", "--out", tmp_path / "x.json").err == (
        "error: mappings: there is no 'liste'.\n"
    )


def test_a_file_that_needs_a_mapping_says_so(file, elpis, tmp_path):
    said = elpis("review", file, "--as-of", "2026-11-21", "--out", tmp_path / "out")
    assert said.status == 1
    assert "nobody has said yet what its columns stand for (Titel, Menge, Preis)" in said.err
    assert elpis("mapping", "propose", tmp_path / "no.csv").status == 1


def test_refused_rows_are_left_out_when_asked(made, elpis, tmp_path):
    rows = [{"Titel": "Office", "Menge": "12"}, {"Titel": "Visio", "Menge": "few"}]
    path = samples.write_csv(tmp_path / "rows.csv", HEADER, rows)
    how = ["--book", tmp_path / "b.elpis", "--as-of", "2026-11-21", "--mapping", made]
    assert elpis("import", path, *how).status == 1
    said = elpis("import", path, *how, "--without-refused")
    assert (said.status, "contract items: 1 new" in said.out) == (0, True)
    assert "the row was left out" in said.err


def test_an_unwritable_place_and_a_wrong_mapping_are_told(made, elpis, tmp_path, file):
    book = tmp_path / "b.elpis"
    elpis("import", file, "--book", book, "--as-of", "2026-11-21", "--mapping", made)
    elpis("mapping", "keep", book, made)
    said = elpis("mapping", "export", book, "liste", "--out", tmp_path / "no" / "m.json")
    assert (said.status, "cannot be written" in said.err) == (1, True)
    made.write_text("{}")
    said = elpis("import", file, "--book", tmp_path / "never.elpis", "--as-of", "2026-11-21", "--mapping", made)
    assert (said.status, (tmp_path / "never.elpis").exists()) == (1, False)


def test_of_a_file_that_breaks_off_nothing_is_proposed_and_the_row_is_told(tmp_path, elpis):
    path = tmp_path / "liste.csv"
    path.write_text('Titel,Menge\nOffice,1\n"Visio,2\n')
    said = elpis("mapping", "propose", path)
    assert said.status == 1
    assert said.err == "error: liste.csv, row 3: a quotation mark that opens a cell here is never closed\n"


def test_a_row_with_too_many_cells_does_not_keep_the_columns_from_being_proposed(tmp_path, elpis):
    path = tmp_path / "liste.csv"
    path.write_text("Titel,Menge\nOffice, Std,1\nVisio,2\n")
    said = elpis("mapping", "propose", path, "--target", "licenses")
    assert said.status == 0
    assert "  Menge -> quantity (by its name and its quantities)" in said.out
