"""What a person does with contracts and their items, and what follows from it in the same transaction."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from store import allocations, calendar, contracts, derivation, products
from store.errors import Unconfirmed, Unfit, Unknown
from store.records import Contract, ContractItem, EntitlementKey, ManualEvent
from tests.conftest import AS_OF, snapshot_of
from tests.estates import allocation, contract, groups, item, maintenance, of, product

OFFICE = EntitlementKey("Office", "perpetual", "device")
C1 = Contract("C1", "Contract C1", date(2024, 1, 15), "EUR")
ITEM = ContractItem("C1", "1", "Office", "perpetual", "device", 100, date(2024, 2, 1))


@pytest.fixture
def estate(book, fill):
    """100 Office of contract C1, and Visio, which nobody has bought yet."""
    fill(book, of(item("1", "Office", 100), products=[product("Office"), product("Visio")]))
    return book


def events(book, **wanted):
    return [e for e in snapshot_of(book)["events"] if wanted.items() <= e.items()]


def kinds(book, **wanted):
    return [(e["on"], e["kind"], e["item"]) for e in events(book, **wanted)]


def entitlements(book):
    return {(e["product"], e["model"], e["metric"]): e for e in snapshot_of(book)["entitlements"]}


def log(book):
    return book.rows("SELECT action, subject, key, before, after FROM change_log ORDER BY id")


# --------------------------------------------------------------------------------------------------------- contracts
def test_a_new_contract_has_its_invoice_in_the_calendar(estate):
    contracts.save(estate, Contract("C2", "Second", date(2026, 3, 1), "USD", supplier="Contoso"))

    (invoiced,) = events(estate, contract="C2")
    assert (invoiced["on"], invoiced["kind"], invoiced["automatic"]) == ("2026-03-01", "contract-invoiced", True)
    assert invoiced["because"] == ["contract:C2"]
    assert estate.one("SELECT supplier, currency FROM contracts WHERE contract = 'C2'") == ("Contoso", "USD")


def test_the_invoice_event_moves_with_the_date_of_the_contract_and_keeps_its_id(estate):
    find = "SELECT id, on_day FROM events WHERE kind = 'contract-invoiced'"
    ((number, _),) = estate.rows(find)

    contracts.save(estate, replace(C1, invoice_date=date(2024, 1, 20)))

    assert estate.rows(find) == [(number, "2024-01-20")]


def test_a_contract_without_an_invoice_date_is_invoiced_on_the_day_of_the_review_and_keeps_that_day(estate):
    contracts.save(estate, Contract("C2", "Second"))
    assert kinds(estate, contract="C2") == [("2026-11-21", "contract-invoiced", None)]

    derivation.recalculate(estate, as_of=date(2027, 1, 1))
    contracts.save(estate, Contract("C2", "Second, renamed"))

    assert kinds(estate, contract="C2") == [("2026-11-21", "contract-invoiced", None)]
    codes = {(f["code"], f["place"]) for f in snapshot_of(estate)["findings"]}
    assert ("invoice-date-defaulted", "contract C2, invoice date") in codes


def test_a_contract_in_a_book_without_any_day_needs_an_invoice_date(book):
    with pytest.raises(Unfit, match="invoice date: this is needed until the book has been judged on a day"):
        contracts.save(book, Contract("C1", "First"))
    contracts.save(book, C1)
    assert book.rows("SELECT currency FROM contracts") == [("EUR",)]
    assert book.rows("SELECT * FROM events") == []


def test_a_contract_is_found_again_however_its_number_is_typed(estate):
    contracts.save(estate, replace(C1, contract=" C1 ", name=" Renamed "))
    assert estate.rows("SELECT contract, name FROM contracts") == [("C1", "Renamed")]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"contract": " "}, "contract: is empty"),
        ({"name": ""}, "name: is empty"),
        ({"currency": "euros"}, "currency: 'euros' is not a currency"),
        ({"supplier": "a\nb"}, "supplier: .* holds a character that cannot be shown"),
    ],
)
def test_what_no_contract_can_hold_is_refused_and_not_stored(wrong, sentence, estate):
    before = estate.rows("SELECT * FROM contracts")
    with pytest.raises(Unfit, match=sentence):
        contracts.save(estate, replace(C1, **wrong))
    assert estate.rows("SELECT * FROM contracts") == before


def test_saving_a_contract_as_it_is_writes_nothing(estate):
    before = estate.rows("SELECT count(*) FROM change_log")
    contracts.save(estate, C1)
    assert estate.rows("SELECT count(*) FROM change_log") == before


def test_the_currency_of_a_contract_is_that_of_the_prices_of_its_entitlements(estate):
    contracts.save_item(estate, replace(ITEM, unit_price=Decimal("9.5")))
    contracts.save(estate, replace(C1, currency="CHF"))

    assert entitlements(estate)["Office", "perpetual", "device"]["price"] == {"currency": "CHF", "amount": "9.50"}


def test_the_invoice_date_decides_which_of_two_purchases_of_one_day_is_the_first(book, fill):
    later = item("1", "Office", 10, contract="C2")
    fill(
        book, of(item("1", "Office", 10), later, contracts=[contract("C1"), contract("C2", invoice_date="2024-01-16")])
    )
    assert kinds(book, kind="purchased", contract="C1")

    contracts.save(book, Contract("C2", "Contract C2", date(2024, 1, 14), "EUR"))

    assert kinds(book, kind="purchased", contract="C2")
    assert kinds(book, kind="purchased-renewal", contract="C1")


# ------------------------------------------------------------------------------------------------------------- items
def test_the_first_item_opens_an_entitlement_and_the_next_one_feeds_it(estate):
    contracts.save_item(estate, replace(ITEM, item="2", quantity=40, license_start=date(2025, 1, 1)))

    assert entitlements(estate)["Office", "perpetual", "device"]["quantity"] == 140
    assert kinds(estate, product="Office") == [
        ("2024-02-01", "purchased", "1"),
        ("2025-01-01", "purchased-renewal", "2"),
    ]


def test_when_the_first_purchase_is_removed_the_next_one_becomes_the_first(estate):
    contracts.save_item(estate, replace(ITEM, item="2", quantity=40, license_start=date(2025, 1, 1)))
    contracts.remove_item(estate, "C1", "1")

    assert kinds(estate, product="Office") == [("2025-01-01", "purchased", "2")]
    assert entitlements(estate)["Office", "perpetual", "device"]["quantity"] == 40


def test_the_last_valid_day_is_included_and_has_the_warning_and_the_end(estate):
    contracts.save_item(estate, replace(ITEM, license_end=AS_OF))

    assert entitlements(estate)["Office", "perpetual", "device"]["state"] == "final-day"
    assert entitlements(estate)["Office", "perpetual", "device"]["active"] == 100
    last = {kind for on, kind, _ in kinds(estate, product="Office") if on == "2026-11-21"}
    assert last == {"expiration-warning", "license-end"}

    derivation.recalculate(estate, as_of=date(2026, 11, 22))
    assert entitlements(estate)["Office", "perpetual", "device"]["active"] == 0
    assert entitlements(estate)["Office", "perpetual", "device"]["state"] == "expired"


def test_an_item_without_end_never_expires(estate):
    assert entitlements(estate)["Office", "perpetual", "device"]["expiration"] is None
    derivation.recalculate(estate, as_of=date(9999, 12, 31))
    assert entitlements(estate)["Office", "perpetual", "device"]["state"] == "active"


def test_the_first_and_the_last_day_of_the_calendar_do_no_harm(estate):
    contracts.save_item(estate, replace(ITEM, license_start=date(1, 1, 1), license_end=date(1, 1, 3)))
    assert {e["on"] for e in events(estate, product="Office")} == {"0001-01-01", "0001-01-03"}
    derivation.recalculate(estate, as_of=date(1, 1, 1))
    assert entitlements(estate)["Office", "perpetual", "device"]["state"] == "expiring"
    contracts.save_item(estate, replace(ITEM, license_end=date(9999, 12, 31)))
    assert entitlements(estate)["Office", "perpetual", "device"]["active"] == 0


def test_an_item_with_another_model_moves_to_another_entitlement_and_the_old_one_is_archived(estate):
    contracts.save_item(estate, replace(ITEM, model="subscription", license_end=date(2027, 1, 1)))

    assert list(entitlements(estate)) == [("Office", "subscription", "device")]
    assert estate.rows("SELECT model, archived FROM entitlements ORDER BY id") == [
        ("perpetual", 1),
        ("subscription", 0),
    ]
    assert {e["model"] for e in events(estate, product="Office")} == {"subscription"}
    assert [p["model"] for p in snapshot_of(estate)["positions"]] == ["subscription"]


def test_an_entitlement_comes_back_from_the_archive_when_an_item_feeds_it_again(estate):
    contracts.save_item(estate, replace(ITEM, metric="user"))
    contracts.save_item(estate, ITEM)

    assert list(entitlements(estate)) == [("Office", "perpetual", "device")]
    assert estate.value("SELECT count(*) FROM entitlements") == 2


def test_allocations_follow_the_last_item_to_an_entitlement_that_has_none(book, fill):
    berlin = {"resource_groups": groups("Berlin"), "user_groups": groups("Sales")}
    held = [allocation("Office", "Berlin", "Sales", 60)]
    fill(book, of(item("1", "Office", 100), products=[product("Office"), product("Visio")], allocations=held, **berlin))

    contracts.save_item(book, replace(ITEM, product="Visio"))

    assert entitlements(book)["Visio", "perpetual", "device"]["allocated"] == 60
    assert log(book)[-1][:3] == ("change", "allocations", "Office|perpetual|device|Berlin|Sales")
    (position,) = snapshot_of(book)["positions"]
    assert [(part["resource_group"], part["active"]) for part in position["breakdown"]] == [("Berlin", 60), (None, 40)]


def test_allocations_stay_where_they_are_while_another_item_feeds_their_entitlement(book, fill):
    berlin = {"resource_groups": groups("Berlin"), "user_groups": groups("Sales")}
    held = [allocation("Office", "Berlin", "Sales", 60)]
    both = item("1", "Office", 100), item("2", "Office", 100)
    fill(book, of(*both, products=[product("Office"), product("Visio")], allocations=held, **berlin))

    contracts.save_item(book, replace(ITEM, product="Visio"))

    assert entitlements(book)["Office", "perpetual", "device"]["allocated"] == 60
    assert entitlements(book)["Visio", "perpetual", "device"]["allocated"] == 0


def test_allocations_are_not_mixed_with_those_that_the_other_entitlement_has(book, fill):
    berlin = {"resource_groups": groups("Berlin"), "user_groups": groups("Sales")}
    held = [allocation("Office", "Berlin", "Sales", 60), allocation("Visio", "Berlin", "Sales", 5)]
    fill(book, of(item("1", "Office", 100), item("2", "Visio", 10), allocations=held, **berlin))

    contracts.save_item(book, replace(ITEM, product="Visio"))

    assert entitlements(book)["Visio", "perpetual", "device"]["allocated"] == 5


def test_the_group_that_a_purchase_names_manages_the_entitlement_and_is_found_by_search(book, fill):
    from store import search

    fill(book, of(item("1", "Office", 100), user_groups=groups("Infrastructure")))
    assert entitlements(book)["Office", "perpetual", "device"]["managed_by"] == "License contract"

    contracts.save_item(book, replace(ITEM, responsible="Infrastructure"))

    assert entitlements(book)["Office", "perpetual", "device"]["managed_by"] == "Infrastructure"
    assert len(search.find(book, "infra off")) == 1


@pytest.mark.parametrize(
    ("wrong", "fault", "sentence"),
    [
        ({"contract": "C9"}, Unknown, "contracts: there is no 'C9'"),
        ({"product": "Offize"}, Unknown, "Did you mean 'Office'"),
        ({"metric": "heads"}, Unknown, "metrics: there is no 'heads'"),
        ({"responsible": "Nobody"}, Unknown, "user groups: there is no 'Nobody'"),
        ({"model": "rental"}, Unfit, "model: 'rental' is none"),
        ({"quantity": -1}, Unfit, "quantity: -1 is not possible"),
        ({"license_end": date(2024, 1, 31)}, Unfit, "lies before the license start"),
        ({"unit_price": Decimal(-1)}, Unfit, "unit price: -1 is not possible"),
        ({"item": ""}, Unfit, "item: is empty"),
    ],
)
def test_what_no_item_can_hold_is_refused_and_not_stored(wrong, fault, sentence, estate):
    before = snapshot_of(estate), log(estate)
    with pytest.raises(fault, match=sentence):
        contracts.save_item(estate, replace(ITEM, **wrong))
    assert (snapshot_of(estate), log(estate)) == before


def test_an_item_that_moves_to_another_product_is_found_by_its_number_however_it_is_typed(estate):
    contracts.save_item(estate, replace(ITEM, item=" 1 ", product="Visio"))
    assert [p["product"] for p in snapshot_of(estate)["positions"]] == ["Visio"]


def test_a_change_is_logged_with_who_when_before_and_after(estate):
    contracts.save_item(estate, replace(ITEM, quantity=120))

    at, who, *what = estate.rows("SELECT at, who, action, subject, key, before, after FROM change_log ORDER BY id")[-1]
    assert (at, who) == ("2026-11-21T08:30:00Z", "ann")
    assert what[:3] == ["change", "contract_items", "C1|1"]
    assert [json.loads(image) for image in what[3:]] == [{"quantity": 100}, {"quantity": 120}]


def test_an_unlimited_item_makes_an_unlimited_entitlement(estate):
    contracts.save_item(estate, replace(ITEM, quantity=None))
    found = entitlements(estate)["Office", "perpetual", "device"]
    assert (found["quantity"], found["active"], found["remaining"]) == ("unlimited", "unlimited", "unlimited")


# ---------------------------------------------------------------------------------------------------------- removing
def test_a_removed_item_takes_its_events_along_and_stays_in_the_log(estate):
    contracts.remove_item(estate, "C1", "1")

    assert kinds(estate) == [("2024-01-15", "contract-invoiced", None)]
    assert entitlements(estate) == {}
    action, subject, key, before, after = log(estate)[-1]
    assert (action, subject, key, after) == ("remove", "contract_items", "C1|1", None)
    assert json.loads(before)["quantity"] == 100


def test_removing_what_leaves_too_much_allocated_needs_a_confirmation(book, fill):
    berlin = {"resource_groups": groups("Berlin"), "user_groups": groups("Sales")}
    held = [allocation("Office", "Berlin", "Sales", 60)]
    fill(book, of(item("1", "Office", 50), item("2", "Office", 50), allocations=held, **berlin))
    before = snapshot_of(book)

    for remove in (lambda: contracts.remove_item(book, "C1", "2"), lambda: contracts.remove(book, "C1")):
        with pytest.raises(
            Unfit, match=r"Office - Perpetual - Device based: 60 are allocated, but .* would be left. Release"
        ):
            remove()
        assert snapshot_of(book) == before

    contracts.remove_item(book, "C1", "2", confirmed=True)
    assert entitlements(book)["Office", "perpetual", "device"]["remaining"] == -10


def test_a_removed_contract_takes_its_items_and_events_along(estate):
    contracts.remove(estate, "C1")

    found = snapshot_of(estate)
    assert (found["events"], found["entitlements"], found["positions"]) == ([], [], [])
    assert [row[:3] for row in log(estate)[-2:]] == [
        ("remove", "contract_items", "C1|1"),
        ("remove", "contracts", "C1"),
    ]


def test_a_contract_with_events_of_ones_own_stays(estate):
    calendar.save(estate, ManualEvent("C1", "status-update", date(2026, 12, 1), "Talk to Contoso"))
    with pytest.raises(Unfit, match="contract 'C1' has events of yours in the calendar"):
        contracts.remove(estate, "C1")
    assert entitlements(estate)


def test_removing_what_is_not_there_is_told(estate):
    with pytest.raises(Unknown, match="contract 'C1' has no item '7'"):
        contracts.remove_item(estate, "C1", "7")
    with pytest.raises(Unknown, match="contracts: there is no 'C7'"):
        contracts.remove(estate, "C7")


# ------------------------------------------------------------------------------------------------------- maintenance
def test_maintenance_adds_no_rights_but_covers_what_is_there(book, fill):
    fill(book, of(item("1", "Office", 50), maintenance("2", "Office", 20, "2024-02-01", "2027-01-31")))
    found = entitlements(book)["Office", "perpetual", "device"]
    assert (found["active"], found["maintenance_quantity"], len(entitlements(book))) == (50, 20, 1)
    assert [p["model"] for p in snapshot_of(book)["positions"]] == ["perpetual"]


def test_more_maintenance_than_licenses_covers_them_all_with_a_warning(book, fill):
    fill(book, of(item("1", "Office", 50), maintenance("2", "Office", 60, "2024-02-01", "2027-01-31")))
    assert entitlements(book)["Office", "perpetual", "device"]["maintenance_quantity"] == 50
    (finding,) = [f for f in snapshot_of(book)["findings"] if f["code"] == "excess-maintenance"]
    assert finding["message"] == "60 are under maintenance, but only 50 are active: maintenance of 10 covers nothing"


def test_maintenance_that_is_tracked_separately_has_an_entitlement_of_its_own_and_no_position(book, fill):
    apart = [product("Office", maintenance_separate="true")]
    own = maintenance("2", "Office", 20, "2024-02-01", "2027-01-31")
    fill(book, of(item("1", "Office", 50), own, products=apart))
    assert set(entitlements(book)) == {("Office", "perpetual", "device"), ("Office", "maintenance", "device")}
    assert [p["model"] for p in snapshot_of(book)["positions"]] == ["perpetual"]


def test_maintenance_waits_for_its_license_and_goes_over_to_it(book, fill):
    fill(book, of(maintenance("2", "Office", 20, "2024-02-01", "2027-01-31")))
    assert list(entitlements(book)) == [("Office", "maintenance", "device")]
    assert "orphan-maintenance" in {f["code"] for f in snapshot_of(book)["findings"]}

    contracts.save_item(book, ITEM)

    assert list(entitlements(book)) == [("Office", "perpetual", "device")]
    assert entitlements(book)["Office", "perpetual", "device"]["maintenance_quantity"] == 20
    assert "orphan-maintenance" not in {f["code"] for f in snapshot_of(book)["findings"]}


def test_allocations_do_not_follow_to_maintenance(book, fill):
    tables = of(item("1", "Office", 100), resource_groups=groups("Berlin"), user_groups=groups("Sales"))
    fill(book, tables | {"allocations": [allocation("Office", "Berlin", "Sales", 60)]})
    contracts.save_item(book, replace(ITEM, model="maintenance", license_end=date(2027, 1, 1)))
    assert entitlements(book)["Office", "maintenance", "device"]["allocated"] == 0
    assert not allocations.follow(book, None, None)


# ------------------------------------------------------------------------------------------------- a contract as a whole
C2 = Contract("C2", "Second", date(2026, 3, 1), "USD", supplier="Contoso", notice_date=date(2027, 1, 31))
WHOLE = [
    ContractItem("C2", "1", "Office", "perpetual", "device", 40, date(2026, 3, 1), None, Decimal("9.50"), "SKU-1"),
    ContractItem("C2", "2", "Visio", "subscription", "user", None, date(2026, 3, 1), date(2027, 2, 28)),
]


def test_a_contract_is_stored_with_all_its_items_and_read_back_as_it_was(estate):
    contracts.save_whole(estate, C2, WHOLE, new=True)
    assert contracts.read(estate, "C2") == (C2, WHOLE)
    assert entitlements(estate)["Office", "perpetual", "device"]["quantity"] == 140


def test_saving_the_whole_takes_out_the_items_that_are_not_in_it_any_more(estate):
    contracts.save_whole(estate, C2, WHOLE, new=True)
    contracts.save_whole(estate, C2, [replace(WHOLE[1], quantity=7)])
    assert contracts.read(estate, "C2")[1] == [replace(WHOLE[1], quantity=7)]
    assert entitlements(estate)["Office", "perpetual", "device"]["quantity"] == 100
    assert events(estate, contract="C2", item="1") == []


def test_saving_the_whole_as_it_is_writes_nothing(estate):
    contracts.save_whole(estate, C2, WHOLE, new=True)
    before = estate.rows("SELECT count(*) FROM change_log")
    contracts.save_whole(estate, C2, WHOLE)
    assert estate.rows("SELECT count(*) FROM change_log") == before


def test_products_that_the_book_lacks_come_with_the_contract(estate):
    item = replace(WHOLE[0], product="SQL Server 2022 Standard")
    contracts.save_whole(estate, C2, [item], products=[products.proposed(item.product)], new=True)
    assert ("SQL Server 2022 Standard", "perpetual", "device") in entitlements(estate)


def test_a_new_contract_takes_no_number_that_another_has(estate):
    assert contracts.exists(estate, " C1 ")
    assert not contracts.exists(estate, "C2")
    with pytest.raises(Unfit, match="contract: 'C1' is in the book already"):
        contracts.save_whole(estate, replace(C1, contract=" C1"), [], new=True)


def test_an_item_number_counts_once_in_a_contract(estate):
    with pytest.raises(Unfit, match="item: '1' is there twice"):
        contracts.save_whole(estate, C2, [WHOLE[0], replace(WHOLE[1], item=" 1 ")])


def test_taking_items_out_must_be_confirmed_when_too_much_would_stay_allocated(book, fill):
    given = {"resource_groups": groups("Plant"), "user_groups": groups("Staff")}
    fill(book, of(item("1", "Office", 100), allocations=[allocation("Office", "Plant", "Staff", 80)], **given))
    before = snapshot_of(book)
    with pytest.raises(Unconfirmed, match="80 are allocated, but 0 would be left"):
        contracts.save_whole(book, C1, [])
    assert snapshot_of(book) == before
    contracts.save_whole(book, C1, [], confirmed=True)
    assert contracts.read(book, "C1")[1] == []


def test_allocations_follow_an_item_that_moves_within_the_whole(book, fill):
    given = {"resource_groups": groups("Plant"), "user_groups": groups("Staff")}
    fill(
        book,
        of(
            item("1", "Office", 100),
            products=[product("Office"), product("Visio")],
            allocations=[allocation("Office", "Plant", "Staff", 80)],
            **given,
        ),
    )
    contracts.save_whole(book, C1, [replace(ITEM, product="Visio")])
    assert entitlements(book)["Visio", "perpetual", "device"]["allocated"] == 80


def test_a_number_is_proposed_that_is_free(estate):
    assert contracts.propose_number(estate, date(2026, 11, 21)) == "C-2026-001"
    for number in ("C-2026-007", "C-2026-x", "C-2025-100"):
        contracts.save(estate, replace(C2, contract=number))
    assert contracts.propose_number(estate, date(2026, 11, 21)) == "C-2026-008"


def test_reading_a_contract_that_is_not_there_says_so(estate):
    with pytest.raises(Unknown, match="there is no 'C9'"):
        contracts.read(estate, "C9")
