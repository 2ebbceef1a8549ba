"""Why a position is what it is: from the balance down to contract items and demand rows."""

import pytest

from store import why
from store.errors import BookFault, Unknown
from tests.estates import allocation, contract, demand, groups, item, maintenance, of, override, product, subscription


@pytest.fixture
def estate(book, fill):
    versions = [
        product("Server 2019", family="Server", version="2019"),
        product("Server 2025", family="Server", version="2025"),
    ]
    fill(
        book,
        of(
            item("1", "Server 2025", 100, unit_price="9.5"),
            item("1/b", "Server 2025", "unlimited", "2027-01-01", contract="C/2"),
            maintenance("3", "Server 2025", 50, "2026-01-01", "2026-12-31"),
            subscription("4", "Office", 5, "2026-01-01", "2026-12-01", metric="user"),
            item("5", "A|B", 1),
            products=[*versions, product("Office"), product("A|B")],
            contracts=[contract(), contract("C/2")],
            demand=[demand("Server 2019", 30, resource_group="Berlin"), demand("Server 2025", 20), demand("Office", 8)],
            installations=[{"product": "Office", "device": "PC-1", "user": "ann"}],
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales"),
            allocations=[allocation("Server 2025", "Berlin", "Sales", 60)],
            overrides=[override("Server 2025", demand=25)],
            rights=[{"right": "SA", "kind": "downgrade", "family": "Server"}],
        ),
    )
    return book


def test_the_rule_of_the_status_is_told_with_its_conditions_and_their_values(estate):
    found = why.why(estate, "Server 2025")

    assert found["position"] == {
        "product": "Server 2025",
        "model": "perpetual",
        "metric": "device",
        "active": 100,
        "demand": 25,
        "downgrade": -30,
        "upgrade": 0,
        "balance": 45,
        "status": "over-licensed",
    }
    assert found["rule"]["name"] == "compliance.over-licensed"
    assert found["rule"]["source"]
    assert {"text": "p.balance > 0", "holds": True, "values": "45 > 0"} in found["rule"]["conditions"]
    assert found["as_of"] == "2026-11-21"


def test_the_facts_behind_it_are_told_down_to_items_allocations_and_counts(estate):
    found = why.why(estate, "Server 2025|device")

    assert [(p["key"], p["quantity"], p["in_force"]) for p in found["purchases"]] == [
        ("contract_item:C1/1", 100, True),
        ("contract_item:C1/3", 50, True),
        ("contract_item:C/2/1/b", "unlimited", False),
    ]
    assert found["allocations"] == [{"resource_group": "Berlin", "user_group": "Sales", "quantity": 60}]
    assert found["demand"]["rows"] == [
        {"resource_group": None, "source": "count", "quantity": 20, "counted_on": "2026-11-01"}
    ]
    assert found["entitlement"]["quantity"] == "unlimited"
    assert found["entitlement"]["state"] == "active"
    assert all(condition["holds"] for condition in found["entitlement"]["rule"]["conditions"])


def test_an_override_is_told_with_what_would_be_calculated(estate):
    found = why.why(estate, "Server 2025|perpetual|device")["override"]
    assert (found["demand"], found["reason"], found["calculated_balance"]) == (25, "audit of 2026", 50)
    assert why.why(estate, "A|B")["override"] is None


def test_each_transfer_is_told_with_its_right_and_the_conditions_that_held(estate):
    for position in ("Server 2025", "Server 2019"):
        (moved,) = why.why(estate, position)["transfers"]
        assert (moved["kind"], moved["quantity"], moved["right"]) == ("downgrade", 30, "SA")
        assert (moved["from_product"], moved["to_product"], moved["to_model"]) == ("Server 2025", "Server 2019", None)
        assert moved["rule"]["name"].startswith("transfers.")
        assert all(condition["holds"] for condition in moved["rule"]["conditions"])
        assert len(moved["rule"]["conditions"]) > 3


def test_demand_without_an_entitlement_is_told_too(estate):
    found = why.why(estate, "Server 2019||device")
    assert (found["entitlement"], found["purchases"], found["override"]) == (None, [], None)
    assert found["position"]["status"] == "compliant"


def test_what_was_counted_from_installations_is_told(estate):
    found = why.why(estate, "Office|user")
    assert found["demand"] == {"rows": [], "installations": {"rows": 1, "counted_by": "user", "quantity": 1}}


def test_a_product_with_a_stroke_in_its_name_is_found(estate):
    assert why.why(estate, "A|B")["position"]["product"] == "A|B"
    assert why.why(estate, " A | B |perpetual|device ")["position"]["product"] == "A|B"


def test_an_item_with_a_slash_in_its_number_governs_like_any_other(estate):
    from datetime import date

    from store import derivation

    derivation.recalculate(estate, as_of=date(2027, 2, 1))
    assert why.why(estate, "Server 2025")["entitlement"]["because"] == ["contract_item:C/2/1/b"]


def test_a_text_that_names_several_positions_is_answered_with_their_names(estate):
    with pytest.raises(
        Unknown, match=r"'Office' names 2 positions. Name one: Office\|\|device; Office\|subscription\|user"
    ):
        why.why(estate, "Office")


def test_a_text_that_names_none_is_answered_with_what_is_near(estate):
    with pytest.raises(Unknown, match=r"no position 'Server'. Near it: Server 2019\|\|device; Server 2025"):
        why.why(estate, "Server")
    with pytest.raises(Unknown, match=r"no position 'Lisp Machine'. See the list positions"):
        why.why(estate, "Lisp Machine")


def test_a_book_that_was_never_judged_cannot_answer(book):
    with pytest.raises(BookFault, match=r"has not been judged on any day yet; recalculate it first"):
        why.why(book, "Office")


@pytest.mark.parametrize(
    "named", ["Disk | Tape|perpetual|user", "Disk | Tape | perpetual | user", "Disk|Tape|user", "Disk | Tape"]
)
def test_a_product_whose_name_has_the_sign_between_parts_with_blanks_is_found(book, fill, named):
    fill(book, of(item("1", "Disk | Tape", 5, metric="user"), item("2", "Disk", 3, metric="user")))
    assert why.why(book, named)["position"]["product"] == "Disk | Tape"


def test_a_name_is_found_however_its_letters_are_composed(book, fill):
    fill(book, of(item("1", "Büro", 5)))
    assert why.why(book, "Bu\u0308ro")["position"]["product"] == "Büro"
