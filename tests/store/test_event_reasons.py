"""Why an automatic event is in the calendar."""

from datetime import date

import pytest

from store import agenda, event_reasons
from tests.estates import contract, of, subscription

LAST = date(2025, 12, 31)


@pytest.fixture
def estate(book, fill):
    """Mail for 2025, renewed for 2026, and once more from the middle of 2026 on."""
    fill(
        book,
        of(
            subscription("1", "Mail", 5, "2025-01-01", "2025-12-31"),
            subscription("2", "Mail", 5, "2026-01-01", "2026-12-31", contract="C2"),
            subscription("3", "Mail", 5, "2026-06-01", "2026-08-31", contract="C2"),
            contracts=[contract("C1"), contract("C2", invoice_date="2025-12-01")],
        ),
    )
    return book


def why(book, key):
    return event_reasons.why(book, agenda.one(book, key))


def facts(found):
    return {fact.code: fact.value for fact in found.facts}


def test_an_invoice_is_there_because_of_the_contract(estate):
    found = why(estate, "C1||contract-invoiced|-1")
    assert found.says == "A contract is in the calendar on the day of its invoice"
    assert facts(found) == {"contract": "C1", "invoice-date": date(2024, 1, 15)}
    assert [verdict.holds for verdict in found.conditions] == [True]


def test_a_renewal_tells_its_place_among_the_purchases_and_leads_to_the_entitlement(estate):
    found = why(estate, "C2|2|purchased-renewal|-1")
    assert facts(found)["place"] == "2/3"
    assert found.facts[0].subject == "contract"
    assert [fact.key for fact in found.facts if fact.code == "place"] == ["Mail|subscription|device"]
    assert [verdict.values for verdict in found.conditions] == ["2 > 1"]


def test_an_end_tells_which_purchase_continues_it(estate):
    found = why(estate, "C1|1|license-end|-1")
    assert facts(found)["continued-by"] == "C2"
    assert facts(found)["license-end"] == LAST


@pytest.mark.parametrize(("lead", "rule"), [(30, "lifecycle.early-warning"), (0, "lifecycle.final-day-warning")])
def test_a_warning_tells_how_long_before_the_end_it_comes(lead, rule, estate):
    found = why(estate, f"C2|2|expiration-warning|{lead}")
    assert found.rule == rule
    assert facts(found)["lead"] == lead
    assert all(verdict.holds for verdict in found.conditions)


def test_a_license_without_end_tells_none(book, fill):
    fill(book, of(subscription("1", "Mail", 5, "2025-01-01")))
    assert "license-end" not in facts(why(book, "C1|1|purchased|-1"))
