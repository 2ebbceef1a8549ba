"""Why a record is what it is: the rules, their conditions with the values of the day, the facts."""

import pytest

from store import contracts
from store.portraits import reasons
from tests import estates
from tests.estates import allocation, demand, groups, item, maintenance, of, subscription


@pytest.fixture
def estate(book, fill):
    fill(
        book,
        of(
            subscription("1", "Office", 5, "2025-01-01", "2025-12-31"),
            subscription("2", "Office", 8, "2026-01-01", "2026-12-31", contract="C2"),
            item("3", "Server", 10),
            maintenance("4", "Server", 4, "2026-01-01", "2026-12-31"),
            contracts=[estates.contract(), estates.contract("C2", name="Renewal")],
            demand=[demand("Office", 6), demand("Tool", 2)],
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales"),
            allocations=[allocation("Server", "Berlin", "Sales", 7)],
        ),
    )
    return book


def holding(found, topic):
    return [one for one in found if one.topic == topic and one.holds]


def test_the_state_of_an_entitlement_follows_from_the_purchase_that_governs_it(estate):
    (state,) = holding(reasons.of_entitlement(estate, "Office|subscription|device"), "state")

    assert (state.outcome, state.rule, state.about) == ("expiring", "expiration.expiring", "C2, item 2")
    assert [link.key for link in state.facts] == ["C2"]
    assert state.source
    assert "2026-12-31 > 2026-11-21" in [check.values for check in state.checks]


def test_the_states_that_it_is_not_in_say_which_condition_fails(estate):
    found = reasons.of_entitlement(estate, "Office|subscription|device")

    others = {one.outcome: [c.text for c in one.checks if not c.holds] for one in found if not one.holds}
    assert others["expired"] == ["t.ends_on < t.as_of"]
    assert others["upcoming"] == ["t.starts_on > t.as_of"]


def test_allocations_and_what_formed_the_entitlement_are_explained(estate):
    found = reasons.of_entitlement(estate, "Server|perpetual|device")

    (allocated,) = holding(found, "allocation")
    assert (allocated.outcome, [check.values for check in allocated.checks]) == ("within", ["7 <= 10"])
    assert {(one.outcome, one.about) for one in holding(found, "formation")} == {
        ("own", "C1, item 3"),
        ("base", "C1, item 4"),
    }


def test_an_archived_entitlement_follows_from_no_rule(estate):
    contracts.remove(estate, "C2")
    contracts.remove_item(estate, "C1", "1")

    assert reasons.of_entitlement(estate, "Office|subscription|device") == []


def test_each_event_of_a_contract_says_its_rule_and_its_day(estate):
    found = holding(reasons.of_contract(estate, "C2"), "event")

    assert [(one.outcome, one.day) for one in found if one.outcome != "expiration-warning"] == [
        ("contract-invoiced", "2024-01-15"),
        ("purchased-renewal", "2026-01-01"),
        ("license-end", "2026-12-31"),
    ]
    assert sorted(one.day for one in found if one.rule == "lifecycle.early-warning") == [
        "2026-10-02",
        "2026-11-01",
        "2026-12-01",
        "2026-12-24",
    ]
    assert found[1].facts[0].key == "Office|subscription|device"


def test_a_warning_that_is_not_given_says_that_a_renewal_takes_over(estate):
    found = reasons.of_contract(estate, "C1")

    (silent,) = [one for one in found if one.rule == "lifecycle.final-day-warning" and one.about == "C1, item 1"]
    assert not silent.holds
    assert silent.day is None
    assert [check.text for check in silent.checks if not check.holds] == ["p.continued == 0"]


def test_a_product_explains_the_status_of_each_of_its_positions(estate):
    (status,) = reasons.of_product(estate, "Office")

    assert (status.outcome, status.rule) == ("over-licensed", "compliance.over-licensed")
    assert [link.subject for link in status.facts] == ["position", "entitlement", "product"]


def test_a_position_explains_its_status_and_the_state_behind_it(estate):
    status, state = reasons.of_position(estate, "Office|subscription|device")

    assert (status.topic, state.topic, state.holds) == ("status", "state", True)


def test_a_position_without_entitlement_has_a_status_alone(estate):
    (status,) = reasons.of_position(estate, "Tool||device")

    assert status.outcome == "under-licensed"
    assert [link.subject for link in status.facts] == ["position", "product"]


@pytest.mark.parametrize("of_", [reasons.of_entitlement, reasons.of_contract, reasons.of_product, reasons.of_position])
def test_what_is_gone_has_no_reasons(estate, of_):
    assert of_(estate, "Nothing|perpetual|device") == []
