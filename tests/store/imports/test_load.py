"""An import: rows are known by their keys, and either all of it is stored or nothing."""

import json
from datetime import date

import pytest

from store import contracts, search, undo
from store.imports.finding import Refused
from store.imports.load import load
from tests import estates
from tests.conftest import AS_OF, opened, snapshot_of
from tests.estates import allocation, contract, demand, groups, item, of, override, product

ESTATE = of(
    item("1", "Office", 100, unit_price="12.50", responsible="Sales"),
    demand=[demand("Office", 90)],
    resource_groups=groups("Berlin"),
    user_groups=groups("Sales"),
    allocations=[allocation("Office", "Berlin", "Sales", 60)],
    overrides=[override("Office", demand=25)],
    installations=[{"product": "Office", "device": "PC-1", "user": "ann", "cores": 4}],
    rights=[{"right": "SA", "kind": "downgrade", "family": "Suite"}],
    products=[product("Office", vendor="Contoso", family="Suite")],
)


def dump(book):
    tables = [row[0] for row in book.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    return {table: book.rows(f"SELECT * FROM {table}") for table in tables}


def log(book):
    sql = "SELECT at, who, action, subject, key, before, after FROM change_log ORDER BY id"
    return [(*row[:5], *(None if image is None else json.loads(image) for image in row[5:])) for row in book.rows(sql)]


def test_an_import_says_how_many_rows_were_new_changed_and_as_before(book, fill):
    first = fill(book, ESTATE)
    assert {name: tuple(counts) for name, counts in first.counts.items()} == dict.fromkeys(ESTATE, (1, 0, 0))
    assert first.changed

    second = fill(book, ESTATE | {"demand": [demand("Office", 95), demand("Office", 5, source="scan")]})
    assert second.counts["demand"] == (1, 1, 0)
    assert second.counts["contract_items"] == (0, 0, 1)


def test_importing_the_same_twice_changes_nothing_at_all(book, fill):
    fill(book, ESTATE)
    before = dump(book)
    writes = book.database.connection().total_changes

    again = fill(book, ESTATE)

    assert not again.changed
    assert dump(book) == before
    assert book.database.connection().total_changes - writes < 30, "staged rows and notes about them, no more"


def test_importing_the_same_on_another_day_judges_that_day_and_logs_nothing(book, fill):
    fill(book, of(item("1", "Office", 5, "2026-01-01", "2026-12-31")))
    before = log(book)
    fill(book, of(item("1", "Office", 5, "2026-01-01", "2026-12-31")), as_of=date(2027, 1, 1))
    assert snapshot_of(book)["entitlements"][0]["state"] == "expired"
    assert log(book) == before


def test_an_import_is_logged_with_its_source_its_digest_and_its_counts(book, fill):
    fill(book, ESTATE)
    ((at, who, action, subject, key, before, after),) = log(book)
    assert (at, who, action, subject, key, before) == ("2026-11-21T08:30:00Z", "ann", "import", "imports", "1", None)
    assert after["rows"]["demand"] == {"new": 1, "changed": 0, "unchanged": 0}
    assert len(after["sha256"]) == 64
    assert book.rows("SELECT kind, source FROM imports") == [("template", "tables0")]


def test_a_changed_row_is_logged_with_what_it_was_and_what_it_is(book, fill):
    fill(book, ESTATE)
    fill(book, ESTATE | {"contract_items": [item("1", "Office", 120, unit_price="12.50", responsible="Sales")]})

    changed = [row for row in log(book) if row[3] == "contract_items"]
    ((_, who, action, _, key, before, after),) = changed
    assert (who, action, key, before["quantity"], after["quantity"]) == ("ann", "import", "C1|1", 100, 120)
    assert snapshot_of(book)["entitlements"][0]["quantity"] == 120


def test_the_log_names_rows_as_people_do(book, fill):
    fill(book, ESTATE)
    other = {
        "allocations": [allocation("Office", "Berlin", "Sales", 61)],
        "demand": [demand("Office", 91)],
        "overrides": [override("Office", demand=26)],
        "installations": [{"product": "Office", "device": "PC-1", "user": "ann", "cores": 8}],
        "rights": [{"right": "SA", "kind": "downgrade", "family": "Suite", "depth": 1}],
    }
    fill(book, ESTATE | other)
    assert {row[3]: row[4] for row in log(book) if row[3] != "imports"} == {
        "allocations": "Office|perpetual|device|Berlin|Sales",
        "demand": "Office|device||count",
        "overrides": "Office|perpetual|device",
        "installations": "Office|PC-1|ann",
        "rights": "SA",
    }


def test_a_column_that_the_file_does_not_have_stays_as_it_is_in_the_book(book, fill):
    fill(book, ESTATE)
    short = {"contract_items": [{k: v for k, v in item("1", "Office", 120).items() if k != "license_end"}]}
    fill(book, short | {"products": [product("Office")], "contracts": [{"contract": "C1", "name": "Contract C1"}]})

    assert book.rows("SELECT unit_price, quantity FROM contract_items") == [("12.50", 120)]
    assert book.rows("SELECT vendor FROM products") == [("Contoso",)]
    assert book.rows("SELECT invoice_date, currency FROM contracts") == [("2024-01-15", "EUR")]


def test_limits_of_rights_typed_figures_and_support_days_stay_where_the_file_has_no_column_for_them(book, fill):
    limits = {"metric": "device", "depth": 1, "valid_from": "2020-01-01", "valid_until": "2030-01-01"}
    right = {"right": "SA", "kind": "downgrade", "family": "Suite"}
    supported = [product("Office", family="Suite", support_ends_on="2030-01-01")]
    fill(
        book, ESTATE | {"rights": [right | limits], "products": supported, "overrides": [override("Office", active=3)]}
    )
    typed = {name: value for name, value in override("Office", demand=9).items() if value != ""}
    fill(book, {"rights": [right], "products": [product("Office", vendor="New")], "overrides": [typed]})

    assert book.rows("SELECT depth, valid_from, valid_until, metric_id IS NULL FROM rights") == [
        (1, "2020-01-01", "2030-01-01", 0)
    ]
    assert book.rows("SELECT vendor, support_ends_on FROM products") == [("New", "2030-01-01")]
    assert book.rows("SELECT active, demand FROM overrides") == [(3, 9)]


@pytest.mark.parametrize(
    ("first", "later", "told"),
    [
        (
            {"contract_items": [item("1", "Office", 100, "2026-01-01", "2026-12-31")]},
            {"contract_items": [{k: v for k, v in item("1", "Office", 1, "2027-01-01").items() if k != "license_end"}]},
            'contract_items.csv, row 2, column license_end: what the book has lies before the license start "2027-01-01"',
        ),
        (
            {"rights": [{"right": "R", "kind": "upgrade", "family": "Suite", "valid_until": "2026-12-31"}]},
            {"rights": [{"right": "R", "kind": "upgrade", "family": "Suite", "valid_from": "2027-01-01"}]},
            'rights.csv, row 2, column valid_until: what the book has lies before valid_from "2027-01-01"',
        ),
    ],
)
def test_a_term_whose_start_moves_behind_the_end_that_the_book_has_is_refused(book, fill, first, later, told):
    fill(book, ESTATE | first)
    with pytest.raises(Refused) as refused:
        fill(book, later)
    assert [str(f).split(";")[0] for f in refused.value.findings] == [f"error: {told}"]


def test_a_column_that_the_file_leaves_empty_becomes_empty(book, fill):
    fill(book, ESTATE)
    fill(book, {"contract_items": [item("1", "Office", 100, unit_price="", responsible="")]})
    assert book.rows("SELECT unit_price, responsible_id FROM contract_items") == [(None, None)]


def test_a_contract_without_an_invoice_date_takes_the_day_of_the_first_review_and_keeps_it(book, fill):
    empty = {"contracts": [contract(invoice_date="", currency="")]}
    fill(book, of(item("1", "Office", 1)) | empty)
    fill(book, of(item("1", "Office", 1)) | empty, as_of=date(2027, 1, 1))

    found = snapshot_of(book)
    assert [(e["on"], e["kind"]) for e in found["events"] if e["item"] is None] == [("2026-11-21", "contract-invoiced")]
    (told,) = [f for f in found["findings"] if f["code"] == "invoice-date-defaulted"]
    assert (told["severity"], told["place"]) == ("info", "contract C1, invoice date")

    fill(book, of(item("1", "Office", 1)) | {"contracts": [contract(invoice_date="2024-03-01")]})
    assert "invoice-date-defaulted" not in {f["code"] for f in snapshot_of(book)["findings"]}


def test_tables_may_come_one_after_the_other(book, fill):
    for name in ("products", "user_groups", "resource_groups", "contracts", "contract_items", "allocations", "demand"):
        fill(book, {name: ESTATE[name]})
    (entitlement,) = snapshot_of(book)["entitlements"]
    assert (entitlement["allocated"], entitlement["managed_by"]) == (60, "Sales")
    assert len(search.find(book, "office sales contoso")) == 1


def test_what_is_refused_leaves_no_trace(book, fill):
    fill(book, ESTATE)
    before = dump(book)
    with pytest.raises(Refused) as refused:
        fill(book, ESTATE | {"demand": [demand("Office", 95), demand("Visio", 1)], "products": [product("New")]})
    assert [f.code for f in refused.value.findings] == ["unknown-reference"]
    assert dump(book) == before
    assert fill(book, ESTATE | {"products": [product("New")]}).changed


def test_every_problem_is_told_at_once_and_only_where_it_is(book, fill):
    wrong = {
        "products": [product("Office", family="Suite", version_rank="first")],
        "contract_items": [item("1", "Office", "many"), item("2", "Offize", 1)],
        "demand": [demand("Office", -1)],
        "allocations": [allocation("Office", "Berlin", "Sales", 60)],
    }
    with pytest.raises(Refused) as refused:
        fill(book, ESTATE | wrong)
    assert [f"{f.place}: {f.code}" for f in refused.value.findings if f.severity == "error"] == [
        "contract_items.csv, row 2, column quantity: not-a-number",
        "contract_items.csv, row 3, column product: unknown-reference",
        "demand.csv, row 2, column quantity: negative",
        "products.csv, row 2, column version_rank: not-a-number",
    ]


ELSEWHERE = {
    "products": [product("Office", family="Suite"), product("Visio", family="Suite")],
    "contracts": [contract("C1"), contract("C2")],
    "contract_items": [item("1", "Office", 5), item("1", "Visio", 5, contract="C2")],
    "resource_groups": groups("Berlin", "Bonn"),
    "demand": [demand("Office", 1, resource_group=g) for g in ("Berlin", "Bonn")] + [demand("Visio", 1)],
    "allocations": [allocation(name, "Berlin", "Sales", 1) for name in ("Office", "Visio")],
    "overrides": [override("Office", demand=2), override("Visio", demand=2)],
    "installations": [{"product": name, "device": "PC-1"} for name in ("Office", "Visio")],
    "rights": [{"right": "R", "kind": "downgrade", "from_product": "Office", "to_product": "Visio"}],
    "hosts": [{"host": "H1", "processors": "1"}, {"host": "H2", "processors": "1"}],
    "virtual_machines": [{"vm": "V1", "host": "H1"}],
}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("products", "version_rank"),
        ("contracts", "invoice_date"),
        ("contract_items", "license_end"),
        ("resource_groups", "parent"),
        ("hosts", "processors"),
    ],
)
def test_one_wrong_cell_never_makes_duplicates_of_rows_that_speak_of_different_things(book, fill, table, column):
    wrong = [ELSEWHERE[table][0] | {column: "wrong"}, *ELSEWHERE[table][1:]]
    with pytest.raises(Refused) as refused:
        fill(book, ESTATE | ELSEWHERE | {table: wrong})
    assert [f.place for f in refused.value.findings if f.severity == "error"] == [
        f"{table}.csv, row 2, column {column}"
    ]


def test_rows_of_one_key_are_told_also_where_what_they_speak_of_was_refused(book, fill):
    wrong = {
        "products": [product("Office", family="Suite", version_rank="first"), product("Visio")],
        "demand": [demand("Office", 1), demand("Visio", 1), demand("Office", 2)],
        "allocations": [allocation("Office", "Berlin", "Sales", 1), allocation("Office", "Berlin", "Sales", 2)],
    }
    with pytest.raises(Refused) as refused:
        fill(book, ESTATE | wrong)
    assert [f"{f.place}: {f.code}" for f in refused.value.findings if f.severity == "error"] == [
        "allocations.csv, row 3, column product: duplicate-key",
        "demand.csv, row 4, column product: duplicate-key",
        "products.csv, row 2, column version_rank: not-a-number",
    ]


def test_a_name_whose_own_row_was_refused_is_known_however_its_letters_are_composed(book, fill):
    wrong = {"products": [product("Bu\u0308ro", version_rank="first")], "demand": [demand("B\u00fcro", 1)]}
    with pytest.raises(Refused) as refused:
        fill(book, wrong)
    assert [f.place for f in refused.value.findings] == ["products.csv, row 2, column version_rank"]


def test_a_million_wrong_rows_would_stay_readable(book, fill):
    with pytest.raises(Refused) as refused:
        fill(book, ESTATE | {"demand": [demand("Office", -n, source=f"{n}") for n in range(1, 1_302)]})
    assert len(refused.value.findings) == 1_001
    assert any("301 more findings in this table are not listed" in f.message for f in refused.value.findings)


def test_what_an_import_warned_of_stands_in_the_snapshot_until_the_next_one(book, fill):
    fill(book, ESTATE | {"products": [product("Office", vendor="Contoso", family="Suite", colour="blue")]})
    assert "unknown-column" in {f["code"] for f in snapshot_of(book)["findings"]}
    fill(book, ESTATE | {"demand": [demand("Office", 1)]})
    assert "unknown-column" not in {f["code"] for f in snapshot_of(book)["findings"]}


def test_an_item_that_was_removed_by_hand_comes_back_with_its_allocations(book, fill):
    fill(book, ESTATE)
    contracts.remove_item(book, "C1", "1", confirmed=True)
    assert snapshot_of(book)["entitlements"] == []

    fill(book, ESTATE)

    assert snapshot_of(book)["entitlements"][0]["allocated"] == 60


def test_allocations_must_fit_into_what_the_import_makes_of_the_quantity(book, fill):
    fill(book, ESTATE)
    more = {"allocations": [allocation("Office", "Berlin", "Sales", 150)]}
    with pytest.raises(
        Refused, match=r"150 are allocated of Office - Perpetual - Device based, which holds 100: 50 too"
    ):
        fill(book, more)
    assert fill(book, more | {"contract_items": [item("1", "Office", 150)]}).counts["allocations"] == (0, 1, 0)

    with pytest.raises(Refused, match=r"151 are allocated .* 1 too many"):
        fill(book, {"user_groups": groups("Support"), "allocations": [allocation("Office", "Berlin", "Support", 1)]})


def test_products_of_the_catalogue_get_their_family_version_and_dates(book, fill):
    fill(book, {"products": [product("SQL Server 2019 Standard"), product("Nobody knows it")]})
    sql = """SELECT f.name, p.edition, p.version, p.released_on, p.support_ends_on FROM products p
        LEFT JOIN families f ON f.id = p.family_id ORDER BY p.id"""
    assert book.rows(sql) == [
        ("SQL Server", "Standard", "2019", "2019-11-04", "2030-01-08"),
        (None, "", "", None, None),
    ]


def test_what_the_file_says_comes_before_what_the_catalogue_knows(book, fill):
    told = product("SQL Server 2019 Standard", vendor="Contoso", family="Databases", released_on="2020-01-01")
    fill(book, {"products": [told]})
    sql = "SELECT f.name, p.vendor, p.edition, p.released_on FROM products p JOIN families f ON f.id = p.family_id"
    assert book.rows(sql) == [("Databases", "Contoso", "Standard", "2020-01-01")]


def test_rights_of_maintenance_are_neither_allocated_nor_overridden(book, fill):
    own = {"products": [product("Office", maintenance_separate="true", family="Suite")]}
    wrong = {
        "contract_items": [item("1", "Office", 5, model="maintenance")],
        "allocations": [allocation("Office", "Berlin", "Sales", 1, model="maintenance")],
        "overrides": [override("Office", model="maintenance", demand=1)],
    }
    with pytest.raises(Refused) as refused:
        fill(book, ESTATE | own | wrong)
    assert [(f.code, f.place) for f in refused.value.findings] == [
        ("of-maintenance", "allocations.csv, row 2, column model"),
        ("of-maintenance", "overrides.csv, row 2, column model"),
    ]


def test_progress_is_told_step_by_step(book, tmp_path):
    steps = []
    load(book, estates.write(tmp_path / "in", ESTATE), as_of=AS_OF, progress=lambda *step: steps.append(step))
    assert steps[0] == ("reading products", 0, 1)
    assert steps[-1][0] == "applying the rules"
    assert steps[-1][1] == steps[-1][2]


def test_a_book_that_is_deleted_afterwards_is_spared_words_and_indexes(tmp_path):
    with opened(tmp_path / "review.elpis", create=True, temporary=True) as book:
        load(book, estates.write(tmp_path / "in", ESTATE), as_of=AS_OF)
        assert search.find(book, "office") == []
        assert book.rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'events'") == []
        assert book.value("PRAGMA synchronous") == 0


def test_all_indexes_are_there_after_a_first_import_and_after_a_refused_one(book, fill):
    sql = "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"
    before = book.rows(sql)
    with pytest.raises(Refused):
        fill(book, ESTATE | {"products": [product("Office"), product("Office")]})
    assert book.rows(sql) == before
    fill(book, ESTATE)
    assert book.rows(sql) == before


def test_a_row_that_is_too_short_and_one_that_is_there_twice_are_both_told(book, tmp_path):
    (tmp_path / "products.csv").write_text("product,vendor\nOffice,Acme\nVisio\nOffice,Acme\n")
    with pytest.raises(Refused) as refused:
        load(book, tmp_path / "products.csv", as_of=AS_OF)
    assert [str(finding).partition(";")[0] for finding in refused.value.findings] == [
        "error: products.csv, row 3: the row has 1 cells and the header 2",
        'error: products.csv, row 4, column product: "Office" is a duplicate: row 2 of products.csv has this key already',
    ]


MOVING = of(
    item("1", "Office", 100),
    item("2", "Office", 20),
    products=[product("Office"), product("Visio")],
    resource_groups=groups("Berlin"),
    user_groups=groups("Sales"),
    allocations=[allocation("Office", "Berlin", "Sales", 60)],
)


def allocated(book):
    found = {e["name"].split(" - ")[0]: e["allocated"] for e in snapshot_of(book)["entitlements"]}
    return found, [f["code"] for f in snapshot_of(book)["findings"]]


def test_allocations_follow_when_an_import_moves_every_item_to_one_other_entitlement(book, fill):
    fill(book, MOVING)
    fill(book, {"contract_items": [item("1", "Visio", 100), item("2", "Visio", 20)]})
    assert allocated(book) == ({"Visio": 120 - 60}, [])


def test_allocations_stay_when_an_import_moves_items_apart_or_only_some_of_them(book, fill):
    fill(book, MOVING)
    fill(book, {"contract_items": [item("1", "Visio", 100)]})
    assert allocated(book)[0] == {"Office": 60, "Visio": 0}
    fill(book, {"contract_items": [item("1", "Office", 100)]})
    fill(book, {"contract_items": [item("1", "Visio", 100), item("2", "Office", 20, metric="user")]})
    assert allocated(book) == ({"Visio": 0, "Office": 0}, ["over-allocated"])


def test_what_the_import_allocates_itself_comes_before_what_would_follow(book, fill):
    fill(book, MOVING)
    moved = [item("1", "Visio", 100), item("2", "Visio", 20)]
    fill(book, {"contract_items": moved, "allocations": [allocation("Visio", "Berlin", "Sales", 110)]})
    assert allocated(book) == ({"Visio": 110}, ["over-allocated"])


def test_allocations_that_followed_in_an_import_go_back_with_it(book, fill):
    fill(book, MOVING)
    before = snapshot_of(book)
    with undo.step(book, "Import"):
        fill(book, {"contract_items": [item("1", "Visio", 100), item("2", "Visio", 20)]})
    after = snapshot_of(book)
    undo.back(book)
    assert snapshot_of(book) == before
    undo.forward(book)
    assert snapshot_of(book) == after
