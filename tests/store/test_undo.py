"""Every action of a user is a step: undone and redone as one, also tomorrow, and never over somebody else's change."""

from dataclasses import replace
from datetime import date

import pytest

from store import allocations, audit, contracts, demand, derivation, groups, overrides, preferences, products, undo
from store.book import Book
from store.errors import Unfit
from store.records import Contract, ContractItem, Count, EntitlementKey, Override, Product
from tests.conftest import AS_OF, opened, snapshot_of
from tests.estates import groups as named_groups
from tests.estates import item, of, product

OFFICE = EntitlementKey("Office", "perpetual", "device")
SECOND = Contract("C2", "Second", date(2026, 1, 1), "EUR")
SEATS = ContractItem("C2", "1", "Visio", "subscription", "user", 7, date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def estate(book: Book, fill):
    tables = of(
        item("1", "Office", 100),
        products=[product("Office"), product("Visio")],
        resource_groups=named_groups("Berlin"),
        user_groups=named_groups("Sales"),
    )
    fill(book, tables)
    return book


def positions(book):
    return {(p["product"], p["model"]): p["balance"] for p in snapshot_of(book)["positions"]}


# ---------------------------------------------------------------------------------------------------------- one step
def test_a_step_is_undone_and_redone_as_one_with_all_that_follows_from_it(estate):
    before = snapshot_of(estate)
    with undo.step(estate, "Add contract C2"):
        contracts.save(estate, SECOND)
        contracts.save_item(estate, SEATS)
    after = snapshot_of(estate)
    assert after != before

    done = undo.back(estate)
    assert (done.number, done.what, done.at, done.who) == (1, "Add contract C2", "2026-11-21T08:30:00Z", "ann")
    assert done.subjects == {"contracts", "contract_items", "entitlements"}
    assert snapshot_of(estate) == before

    assert undo.forward(estate).what == "Add contract C2"
    assert snapshot_of(estate) == after


def test_undo_goes_back_step_by_step_and_redo_forward_again(estate):
    hashes = [audit.content_hash(estate)]
    for quantity in (10, 20, 30):
        with undo.step(estate, f"Demand of {quantity}"):
            demand.save(estate, Count("Office", "device", quantity))
        hashes.append(audit.content_hash(estate))

    told = []
    for known in reversed(hashes[:-1]):
        told.append(undo.back(estate).what)
        assert audit.content_hash(estate) == known
    for known in hashes[1:]:
        told.append(undo.forward(estate).what)
        assert audit.content_hash(estate) == known
    assert [text.split()[-1] for text in told] == ["30", "20", "10", "10", "20", "30"]
    assert positions(estate)["Office", "perpetual"] == 70


def test_what_comes_next_is_told_without_doing_it(estate):
    assert undo.next_back(estate) is None
    assert undo.next_forward(estate) is None
    with undo.step(estate, "Demand of Office"):
        demand.save(estate, Count("Office", "device", 5))
    assert undo.next_back(estate) == undo.Step(1, "Demand of Office", "2026-11-21T08:30:00Z", "ann")
    undo.back(estate)
    assert undo.next_back(estate) is None
    assert undo.next_forward(estate) == undo.Step(1, "Demand of Office", "2026-11-21T08:30:00Z", "ann")


def test_without_a_step_there_is_nothing_to_undo_or_redo(estate):
    with pytest.raises(Unfit, match=r"There is nothing to undo."):
        undo.back(estate)
    with pytest.raises(Unfit, match=r"There is nothing to redo."):
        undo.forward(estate)


def test_steps_are_still_there_when_the_book_is_opened_again(tmp_path):
    with opened(tmp_path / "kept.elpis", create=True) as first:
        products.save(first, Product("Office"))
        with undo.step(first, "Add Visio"):
            products.save(first, Product("Visio", vendor="Contoso"))
    with opened(tmp_path / "kept.elpis") as second:
        undo.back(second)
    with opened(tmp_path / "kept.elpis") as third:
        assert third.rows("SELECT product FROM products") == [("Office",)]
        undo.forward(third)
        assert third.rows("SELECT product, vendor FROM products") == [("Office", ""), ("Visio", "Contoso")]


def test_a_new_step_after_an_undo_ends_what_could_be_redone(estate):
    for quantity in (10, 20):
        with undo.step(estate, f"Demand of {quantity}"):
            demand.save(estate, Count("Office", "device", quantity))
    undo.back(estate)
    with undo.step(estate, "Demand of 30"):
        demand.save(estate, Count("Office", "device", 30))

    assert undo.next_forward(estate) is None
    assert [undo.back(estate).what, undo.back(estate).what] == ["Demand of 30", "Demand of 10"]
    assert positions(estate) == {("Office", "perpetual"): 100}


# ------------------------------------------------------------------------------------------- what is a step, what not
def test_an_action_that_fails_is_no_step_and_leaves_nothing(estate):
    before = audit.content_hash(estate)

    def half_done():
        with undo.step(estate, "Add contract C2"):
            contracts.save(estate, SECOND)
            contracts.save_item(estate, replace(SEATS, quantity=-1))

    with pytest.raises(Unfit, match="quantity: -1 is not possible"):
        half_done()
    assert undo.next_back(estate) is None
    assert audit.content_hash(estate) == before


def test_an_action_that_changes_nothing_is_no_step_and_ends_no_redo(estate):
    with undo.step(estate, "Demand"):
        demand.save(estate, Count("Office", "device", 5))
    undo.back(estate)
    with undo.step(estate, "Nothing"):
        contracts.save(estate, Contract("C1", "Contract C1", date(2024, 1, 15), "EUR"))
    assert undo.next_back(estate) is None
    assert undo.forward(estate).what == "Demand"


def test_a_step_inside_of_another_belongs_to_it(estate):
    with undo.step(estate, "Whole"):
        demand.save(estate, Count("Office", "device", 5))
        with undo.step(estate, "Part"):
            demand.save(estate, Count("Visio", "device", 5))
    assert undo.back(estate).what == "Whole"
    assert estate.rows("SELECT * FROM demand") == []


def test_a_change_that_is_no_step_is_not_undone(estate):
    demand.save(estate, Count("Office", "device", 5))
    assert undo.next_back(estate) is None
    with undo.step(estate, "More"):
        demand.save(estate, Count("Office", "device", 6))
    undo.back(estate)
    assert estate.rows("SELECT quantity FROM demand") == [(5,)]


def test_the_day_of_judgement_is_no_content_and_stays_where_it_is(estate):
    with undo.step(estate, "Demand"):
        demand.save(estate, Count("Office", "device", 5))
    derivation.recalculate(estate, as_of=date(2027, 1, 1))
    undo.back(estate)
    assert snapshot_of(estate)["as_of"] == "2027-01-01"


# ----------------------------------------------------------------------------------------------- what undo writes down
def test_the_change_log_tells_of_undo_and_redo_and_loses_nothing(estate):
    with undo.step(estate, "Demand"):
        demand.save(estate, Count("Office", "device", 5))
    before = estate.rows("SELECT * FROM change_log")
    undo.back(estate)
    undo.forward(estate)

    entries = estate.rows("SELECT action, subject, key, step_id FROM change_log WHERE subject = 'demand' ORDER BY id")
    assert entries == [(action, "demand", "Office|device||", 1) for action in ("add", "undo", "redo")]
    assert estate.rows("SELECT * FROM change_log")[: len(before)] == before


def test_a_row_comes_back_by_the_number_that_it_had(estate):
    with undo.step(estate, "Allocate"):
        allocations.allocate(estate, OFFICE, "Berlin", "Sales", 40)
    number = estate.value("SELECT id FROM allocations")
    undo.back(estate)
    assert estate.rows("SELECT * FROM allocations") == []
    undo.forward(estate)
    assert estate.value("SELECT id FROM allocations") == number


def test_an_entitlement_goes_with_what_opened_it_and_comes_back_as_what_later_steps_speak_of(estate):
    with undo.step(estate, "Add Paint"):
        products.save(estate, Product("Paint"))
    with undo.step(estate, "Add item"):
        contracts.save_item(estate, replace(SEATS, contract="C1", item="2", product="Paint"))
    paint = EntitlementKey("Paint", "subscription", "user")
    with undo.step(estate, "Allocate Paint"):
        allocations.allocate(estate, paint, "Berlin", "Sales", 3)
    after = snapshot_of(estate)

    for _ in range(3):
        undo.back(estate)
    assert estate.rows("SELECT name FROM entitlements") == [("Office - Perpetual - Device based",)]
    for _ in range(3):
        undo.forward(estate)
    assert snapshot_of(estate) == after


def test_entitlements_formed_later_go_with_their_product_and_come_back_by_their_number(tmp_path):
    with opened(tmp_path / "unjudged.elpis", create=True) as book:
        with undo.step(book, "Add Office"):
            products.save(book, Product("Office"))
        with undo.step(book, "Add contract"):
            contracts.save(book, Contract("C1", "First", date(2026, 1, 1), "EUR"))
            contracts.save_item(book, replace(SEATS, contract="C1", product="Office"))
        derivation.recalculate(book, as_of=AS_OF)
        groups.add(book, "resource_groups", "Berlin")
        groups.add(book, "user_groups", "Sales")
        with undo.step(book, "Allocate"):
            allocations.allocate(book, EntitlementKey("Office", "subscription", "user"), "Berlin", "Sales", 3)
        rows = book.rows("SELECT id, name, allocated FROM entitlements")

        for _ in range(3):
            undo.back(book)
        assert book.rows("SELECT * FROM entitlements") == []
        for _ in range(3):
            undo.forward(book)
        assert book.rows("SELECT id, name, allocated FROM entitlements") == rows
        assert book.rows("PRAGMA foreign_key_check") == []


def test_other_warning_days_are_undone_with_the_warnings_that_follow(estate):
    contracts.save_item(estate, replace(SEATS, contract="C1", item="2"))
    before = snapshot_of(estate)["events"]
    with undo.step(estate, "Change the warning days"):
        preferences.change(estate, "warning_leads", "14")
    assert snapshot_of(estate)["events"] != before
    undo.back(estate)
    assert snapshot_of(estate)["events"] == before


# ------------------------------------------------------------------------------------------------ somebody else's work
def test_what_was_changed_since_is_not_overwritten(estate):
    with undo.step(estate, "Demand of 5"):
        demand.save(estate, Count("Office", "device", 5))
    with undo.step(estate, "Demand of 6"):
        demand.save(estate, Count("Office", "device", 6))
    demand.save(estate, Count("Office", "device", 7))
    before = audit.content_hash(estate)

    with pytest.raises(Unfit, match=r"demand: 'Office\|device\|\|' has been changed since in another way. Nothing"):
        undo.back(estate)
    assert audit.content_hash(estate) == before
    assert undo.next_back(estate).what == "Demand of 6"


def test_what_was_added_and_changed_since_is_not_taken_away(estate):
    with undo.step(estate, "Add Paint"):
        products.save(estate, Product("Paint", vendor="Contoso"))
    products.save(estate, Product("Paint", vendor="Contoso", edition="Pro"))
    with pytest.raises(Unfit, match=r"products: 'Paint' has been changed since in another way"):
        undo.back(estate)


def test_what_was_removed_since_cannot_be_undone(estate):
    with undo.step(estate, "Demand"):
        demand.save(estate, Count("Office", "device", 5))
    demand.remove(estate, Count("Office", "device", 5))
    with pytest.raises(Unfit, match=r"has been changed since"):
        undo.back(estate)


def test_what_somebody_else_built_upon_cannot_be_taken_from_under_it(estate):
    with undo.step(estate, "Add Paint"):
        products.save(estate, Product("Paint"))
    demand.save(estate, Count("Paint", "device", 5))
    before = audit.content_hash(estate)
    with pytest.raises(Unfit, match=r"This cannot be undone: something else in the book depends on it, or took its"):
        undo.back(estate)
    assert audit.content_hash(estate) == before
    assert estate.rows("PRAGMA foreign_key_check") == []


def test_what_somebody_else_put_in_its_place_is_not_doubled(estate):
    with undo.step(estate, "Add Paint"):
        products.save(estate, Product("Paint"))
    undo.back(estate)
    products.save(estate, Product("Paint"))
    with pytest.raises(Unfit, match=r"This cannot be redone: something else in the book"):
        undo.forward(estate)


def test_another_field_of_the_row_may_have_been_changed_by_somebody_else(estate):
    with undo.step(estate, "Add a supplier"):
        contracts.save(estate, Contract("C1", "Contract C1", date(2024, 1, 15), "EUR", supplier="Contoso"))
    contracts.save(estate, Contract("C1", "Ours", date(2024, 1, 15), "EUR", supplier="Contoso"))
    undo.back(estate)
    assert estate.rows("SELECT name, supplier FROM contracts") == [("Ours", "")]


# --------------------------------------------------------------------------------------------------------- all nouns
def test_a_removed_contract_comes_back_with_its_items_and_events(estate):
    before = snapshot_of(estate)
    with undo.step(estate, "Remove contract C1"):
        contracts.remove(estate, "C1")
    assert estate.rows("SELECT * FROM contracts") == estate.rows("SELECT * FROM events") == []
    undo.back(estate)
    assert snapshot_of(estate) == before


def test_an_override_switched_off_can_be_had_back_with_its_typed_figures(estate):
    with undo.step(estate, "Override"):
        overrides.save(estate, Override(OFFICE, "as agreed", active=1000, demand=860, downgrade=-35, upgrade=0))
    with undo.step(estate, "Switch the override off"):
        overrides.remove(estate, OFFICE)
    assert positions(estate)["Office", "perpetual"] == 100
    undo.back(estate)
    assert positions(estate)["Office", "perpetual"] == 105
