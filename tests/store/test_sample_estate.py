"""The sample estate is a template folder that holds together, with something of everything worth looking at."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from store import catalogue, rulebook
from store.imports.load import load
from store.imports.template import TABLES
from store.portal.firings import SUBJECTS

AS_OF = "2026-11-21"
TEMPLATE = {table.name: table for table in TABLES}
NAMES = (
    "products",
    "resource_groups",
    "user_groups",
    "contracts",
    "contract_items",
    "allocations",
    "demand",
    "installations",
    "rights",
    "overrides",
    "titles",
    "entitlement_definitions",
    "authorizations",
    "deployed_entitlements",
    "requests",
    "request_lines",
    "decisions",
)

Row = dict[str, str]


def read(name: str) -> list[Row]:
    text = (files("resources") / "sample" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


@pytest.fixture(scope="module")
def estate() -> dict[str, list[Row]]:
    return {name: read(name) for name in NAMES}


def entitlement(item: Row, estate: dict[str, list[Row]]) -> tuple[str, str, str]:
    """The entitlement that an item feeds: maintenance goes to the perpetual one, unless it is kept apart or has none."""
    apart = {row["product"] for row in estate["products"] if row["maintenance_separate"] == "true"}
    perpetual = {(row["product"], row["metric"]) for row in estate["contract_items"] if row["model"] == "perpetual"}
    base = (item["product"], item["metric"]) in perpetual and item["product"] not in apart
    return item["product"], "perpetual" if item["model"] == "maintenance" and base else item["model"], item["metric"]


def in_force(item: Row) -> bool:
    return item["license_start"] <= AS_OF <= (item["license_end"] or "9999")


@pytest.mark.parametrize("name", NAMES)
def test_each_file_has_columns_of_the_template_and_no_key_twice(name: str, estate: dict[str, list[Row]]) -> None:
    columns = {column.name: column for column in TEMPLATE[name].columns}
    present = set(estate[name][0])
    assert present <= set(columns)
    assert {column.name for column in columns.values() if column.required} <= present
    keys = [tuple(row.get(part, "") for part in TEMPLATE[name].key) for row in estate[name]]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", NAMES)
def test_each_cell_is_filled_and_written_as_the_template_says(name: str, estate: dict[str, list[Row]]) -> None:
    for column in (column for column in TEMPLATE[name].columns if column.name in estate[name][0]):
        cells = [row[column.name] for row in estate[name]]
        assert all(cells) or not column.required, column.name
        for cell in filter(None, cells):
            assert cell == cell.strip()
            if column.kind == "date":
                assert date.fromisoformat(cell).isoformat() == cell
            elif column.kind == "quantity":
                assert 0 <= int(cell) < 2**31
            elif column.kind == "money":
                assert Decimal(cell) > 0
            elif column.kind.startswith("choice:"):
                assert cell in column.kind.removeprefix("choice:").split("|")


def references(estate: dict[str, list[Row]]) -> Iterator[tuple[str, str, str]]:
    for name in NAMES:
        for column in TEMPLATE[name].columns:
            kind, _, table = column.kind.partition(":")
            if kind == "reference" and table in estate:
                yield from ((name, table, row[column.name]) for row in estate[name] if row.get(column.name))


def test_whatever_is_referred_to_is_there(estate: dict[str, list[Row]]) -> None:
    known = {name: {row[TEMPLATE[name].key[0]] for row in rows} for name, rows in estate.items()}
    assert [found for found in references(estate) if found[2] not in known[found[1]]] == []


def test_the_estate_is_as_large_as_its_description_says(estate: dict[str, list[Row]]) -> None:
    vendor = {row["product"]: row["vendor"] for row in estate["products"]}
    items = estate["contract_items"]
    assert len(estate["contracts"]) == 64
    assert len({vendor[item["product"]] for item in items}) == 12
    assert len({entitlement(item, estate) for item in items}) == 156
    assert len(estate["resource_groups"]) == 8
    assert len(estate["installations"]) == 2000


def test_models_metrics_currencies_and_terms_are_of_every_sort(estate: dict[str, list[Row]]) -> None:
    items = estate["contract_items"]
    assert {item["model"] for item in items} == {"perpetual", "subscription", "maintenance"}
    assert {item["metric"] for item in items} == {"device", "user", "core"}
    assert {row["currency"] for row in estate["contracts"]} == {"EUR", "USD"}
    ends = [item["license_end"] for item in items if item["model"] == "subscription"]
    assert any(item["license_start"] > AS_OF for item in items)
    assert AS_OF in ends
    assert any(AS_OF < end <= "2027-02-19" for end in ends)
    assert any(end < AS_OF for end in ends)
    assert any(end > "2027-02-19" for end in ends)
    assert [item["product"] for item in items if item["quantity"] == "unlimited"] == ["Confluence 9.2"]
    assert [row["contract"] for row in estate["contracts"] if not row["invoice_date"]] == ["AU-2027"]


def test_entitlements_were_bought_again_and_maintenance_is_partial_lapsed_too_much_and_orphaned(
    estate: dict[str, list[Row]],
) -> None:
    items = estate["contract_items"]
    lots = Counter(entitlement(item, estate) for item in items if item["model"] != "maintenance")
    assert len([count for count in lots.values() if count > 1]) >= 8
    owned = Counter[tuple[str, str]]()
    for item in items:
        if item["model"] == "perpetual":
            owned[item["product"], item["metric"]] += int(item["quantity"])
    kept = [item for item in items if item["model"] == "maintenance"]
    covered = [(int(item["quantity"]), owned[item["product"], item["metric"]]) for item in kept]
    assert any(0 < units < base for units, base in covered)
    assert any(units > base > 0 for units, base in covered)
    assert [item["product"] for item, (_, base) in zip(kept, covered, strict=True) if not base] == [
        "IBM Cognos Analytics 11.2"
    ]
    assert any(not in_force(item) for item in kept)
    assert Counter(item["product"] for item in kept)["Windows Server 2022 Datacenter"] == 2


def test_nobody_gets_more_allocated_than_there_is(estate: dict[str, list[Row]]) -> None:
    quantity, allocated = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for item in estate["contract_items"]:
        if item["quantity"] != "unlimited" and item["model"] == entitlement(item, estate)[1]:
            quantity[entitlement(item, estate)] += int(item["quantity"])
    for row in estate["allocations"]:
        allocated[row["product"], row["model"], row["metric"]] += int(row["quantity"])
    assert allocated <= quantity
    assert len(allocated) > 50
    assert len({row["resource_group"] for row in estate["allocations"]}) == 8


def test_rights_go_down_and_up_in_families_and_named_pairs_with_depth_and_with_days(
    estate: dict[str, list[Row]],
) -> None:
    rights = estate["rights"]
    assert {(row["kind"], bool(row["family"])) for row in rights} == {
        ("downgrade", True),
        ("downgrade", False),
        ("upgrade", True),
        ("upgrade", False),
    }
    assert any(row["depth"] for row in rights)
    assert any(row["valid_until"] and row["valid_until"] < AS_OF for row in rights)
    assert any(row["valid_from"] > AS_OF for row in rights)


def test_some_products_are_used_without_any_entitlement_and_one_figure_is_typed_over(
    estate: dict[str, list[Row]],
) -> None:
    bought = {item["product"] for item in estate["contract_items"]}
    used = {row["product"] for row in estate["installations"]}
    assert used - bought == {"Docker Desktop", "Oracle JDK 11", "Visio Professional 2013"}
    assert [row["reason"] != "" for row in estate["overrides"]] == [True]


def test_nothing_was_counted_or_used_after_the_day_of_the_review(estate: dict[str, list[Row]]) -> None:
    assert all(row["counted_on"][:10] <= AS_OF for row in estate["demand"])
    assert all(row["installed_on"] <= AS_OF for row in estate["installations"])
    assert all(row["installed_on"] <= (row["last_used_on"] or AS_OF) <= AS_OF for row in estate["installations"])


def test_what_the_estate_says_of_a_product_is_what_the_catalogue_says(estate: dict[str, list[Row]]) -> None:
    left_open = 0
    for row in estate["products"]:
        entry = catalogue.lookup(row["product"])
        if entry and row["family"]:
            said = (entry.vendor, entry.family, entry.edition, entry.version, entry.released_on.isoformat())
            assert tuple(row[name] for name in ("vendor", "family", "edition", "version", "released_on")) == said
        left_open += not row["family"]
        assert entry or row["family"]
    assert left_open > 20


def test_every_rule_of_the_portal_that_a_file_can_lead_to_has_fired(book) -> None:
    load(book, Path(str(files("resources") / "sample")), as_of=date.fromisoformat(AS_OF))
    silent = {rule for rule, count in rulebook.fired(book).items() if not count and rule.split(".")[0] in SUBJECTS}
    assert silent == {
        # an authorization is ended by a person
        *("optional_entitlements.ended", "optional_entitlements.authorization-ended", "requests.stale"),
        # what is refused leaves no trace
        *("requests.not-pending", "requests.own-request", "requests.decided-early"),
        *("requests.withdrawn", "requests.not-withdrawn", "requests.not-the-requester"),
    }
    assert all(
        rulebook.firings(book, rule)
        for rule in rulebook.fired(book)
        if rule.split(".")[0] in SUBJECTS and rule not in silent
    )
