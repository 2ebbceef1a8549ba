"""The template is a public interface: names, keys and what is needed stand here a second time, to be changed knowingly."""

import pytest

from store.imports.cells import converter
from store.imports.template import BY_NAME, TABLES, folded

# ** marks a key, * what is needed.
PUBLIC = {
    "products": "**product* vendor family edition version version_rank released_on metric"
    " maintenance_separate support_ends_on",
    "resource_groups": "**name* parent",
    "user_groups": "**name* parent",
    "contracts": "**contract* name* invoice_date currency supplier customer invoice_number"
    " purchase_order_number sales_order_number quote_number notice_date invoice_date_defaulted"
    " manual",
    "contract_items": "**contract* **item* product* sku model* metric* quantity* license_start* license_end"
    " unit_price responsible",
    "entitlements": "**product* **model* **metric* name responsible activation",
    "prices": "**product* **model* **metric* **valid_from* unit_price* currency*",
    "exchange_rates": "**from_currency* **to_currency* **valid_from* rate*",
    "allocations": "**product* **model* **metric* **resource_group* **user_group* quantity*",
    "demand": "**product* **metric* **resource_group **source quantity* counted_on",
    "hosts": "**host* resource_group processors cores_per_processor cluster",
    "virtual_machines": "**vm* host cluster vcpus",
    "counting_rules": "**metric* method* per per_threads minimum_per_processor minimum_per_server minimum_per_vm"
    " minimum factor virtual count_host basis tiers pack coverage **valid_from",
    "installations": "**product* **device* **user resource_group cores installed_on last_used_on source host vm",
    "discovered_software": "**device* **name* **publisher **version **user resource_group installed_on source host vm",
    "name_decisions": "**publisher **name* **version product",
    "rights": "**right* kind* family from_product to_product metric depth valid_from valid_until",
    "overrides": "**product* **model* **metric* active demand downgrade upgrade reason*",
    "titles": "**title* product requires_approval orderable price listed_on",
    "entitlement_definitions": "**definition* title* kind* unit_price max_request_days starts_on ends_on contract"
    " orderable forced version_right",
    "authorizations": "**authorization* title* holder* authorized_on* units how ended_on",
    "requests": "**request* requester* holder* submitted_on*",
    "request_lines": "**request* **line* kind* title* definition quantity start end price currency outcome"
    " reasons warnings trail authorization",
    "deployed_entitlements": "**authorization* **definition* quantity* start* end **number replaced_on request line",
    "decisions": "**request* **line* decision* decided_on* decided_by* reason",
    "manual_events": "**event* kind* on* contract* name* remind_at remind_days repeat notify acknowledged_on",
    "acknowledgements": "**contract **item **kind* **lead* **on_day* **who at*",
    "charges": "**request* **line* **kind* **turn* amount* currency* charged_on* rule reason reverses",
    "licensed_names": "**name* **publisher **version",
    "scenarios": "**scenario* **number* change",
    "mappings": "**mapping* columns*",
    "reviews": "**review* as_of* scope* opened_at* opened_by frozen_sha256* signed_off_at signed_off_by",
    "review_rows": "**review* **product* **model **metric* active* demand* downgrade* upgrade* balance*"
    " status* decision note responsible due_on",
    "findings": "**severity* **code* **place* **message*",
    "settings": "**name* value",
    "metrics": "**metric*",
    "families": "**family*",
}


def _written(table):
    return " ".join("**" * c.key + c.name + "*" * c.required for c in table.columns)


def test_the_tables_are_the_public_ones():
    assert [table.name for table in TABLES] == list(PUBLIC)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_public_columns(table):
    assert _written(table) == PUBLIC[table.name]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_stands_after_those_it_refers_to(table):
    before = {"metrics", table.name, *(earlier.name for earlier in TABLES[: TABLES.index(table)])}
    assert {c.kind.removeprefix("reference:") for c in table.columns if c.kind.startswith("reference:")} <= before


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_has_a_kind_that_can_be_converted(table):
    assert table.says
    assert all(converter(column) for column in table.columns)
    assert table.column(table.key[0]).key


def test_names_are_compared_without_case_blanks_and_underscores():
    assert BY_NAME[folded("Contract Items")].name == "contract_items"
    assert folded("License_Start") == folded("license start") == folded("LICENSESTART")
