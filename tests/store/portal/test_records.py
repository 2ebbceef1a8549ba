"""Titles, definitions and authorizations: what a person does with them."""

from datetime import date
from decimal import Decimal

import pytest

from gui import ruling
from store import audit, contracts, products, why
from store.errors import Unfit, Unknown
from store.portal import authorizations, definitions, titles, versions
from store.portal.records import Authorization, Definition, Span, Title
from store.records import Contract, Product
from tests.store.portal.conftest import TODAY, entitlement, title

SPAN = Span(5, date(2024, 1, 1), date(2025, 12, 31))


def test_a_title_is_saved_renamed_read_and_removed(portal):
    products.add(portal, Product("Visio"))
    record = Title("Visio 2024", "Visio", requires_approval=False, orderable=False, price=Decimal("12.50"))
    titles.save(portal, record)
    assert titles.read(portal, "Visio 2024") == record
    titles.rename(portal, "Visio 2024", "Visio")
    assert titles.read(portal, "Visio").product == "Visio"
    with pytest.raises(Unfit, match="there is 'Office' already"):
        titles.rename(portal, "Visio", "Office")
    with pytest.raises(Unfit, match=r"'Visio' cannot be removed: it is used by titles"):
        products.remove(portal, "Visio")
    titles.remove(portal, "Visio")
    with pytest.raises(Unknown):
        titles.read(portal, "Visio")
    products.remove(portal, "Visio")


def test_what_uses_a_title_keeps_it(portal):
    with pytest.raises(Unfit, match=r"'Office' cannot be removed: it is used by entitlement definitions"):
        titles.remove(portal, "Office")
    definitions.remove(portal, "SA")
    titles.remove(portal, "Office")


@pytest.mark.parametrize("price", ["-1", "NaN"])
def test_a_price_is_an_amount(price, portal):
    with pytest.raises(Unfit, match="unit price"):
        titles.save(portal, Title("Office", price=Decimal(price)))


def test_a_definition_is_saved_and_read(portal):
    contracts.save(portal, Contract("C1", "Enterprise", date(2024, 1, 1)))
    record = Definition(
        *("Care", "Office", "optional", Decimal("3.00"), 90, date(2025, 1, 1), date(2025, 12, 31), "C1"),
        orderable=False,
        forced=True,
        version_right="perpetual",
    )
    definitions.save(portal, record)
    assert definitions.read(portal, "Care") == record
    assert definitions.effective_end(portal, "Care") == date(2025, 12, 31)
    assert definitions.effective_end(portal, "SA") is None
    assert definitions.states(portal, TODAY, ["Care", "SA"]) == {
        "Care": ("hidden", "optional_entitlements.definition-hidden"),
        "SA": ("orderable", "optional_entitlements.definition-orderable"),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "gift"}, "'gift' is none"),
        ({"version_right": "some"}, "'some' is none"),
        ({"starts_on": date(2025, 2, 1), "ends_on": date(2025, 1, 31)}, "lies before the first day"),
        ({"max_request_days": -1}, "request window"),
        ({"unit_price": Decimal(-1)}, "unit price"),
    ],
)
def test_a_definition_holds_only_what_is_possible(change, said, portal):
    with pytest.raises(Unfit, match=said):
        definitions.save(portal, Definition(**{"definition": "New", "title": "Office", **change}))


def test_a_definition_in_use_keeps_its_title_and_kind(portal, holding):
    holding((5, "2024-01-01", None))
    with pytest.raises(Unfit, match="used by deployed entitlements"):
        definitions.save(portal, Definition("SA", "Viewer"))
    with pytest.raises(Unfit, match="used by deployed entitlements"):
        definitions.remove(portal, "SA")
    definitions.save(portal, Definition("SA", "Office", unit_price=Decimal(35)))
    assert definitions.read(portal, "SA").unit_price == 35


def test_an_authorization_is_saved_ended_and_taken_up_again(portal, holding):
    holding((5, "2024-01-01", None))
    assert authorizations.states(portal, TODAY, ["AU1"])["AU1"][0] == "active"
    authorizations.end(portal, "AU1", TODAY)
    assert authorizations.states(portal, TODAY, ["AU1"])["AU1"][0] == "ended"
    assert authorizations.held(portal, "AU1", "SA", TODAY).state == "ended"
    authorizations.end(portal, "AU1", None)
    assert authorizations.held(portal, "AU1", "SA", TODAY).state == "active"
    with pytest.raises(Unfit, match="lies before the authorization"):
        authorizations.end(portal, "AU1", date(2025, 1, 9))
    authorizations.end(portal, "AU1", date(2025, 1, 20))
    with pytest.raises(Unfit, match="authorized on: 2025-01-21 lies after its end, 2025-01-20"):
        authorizations.save(portal, Authorization("AU1", "Office", "PC-1", date(2025, 1, 21)))
    authorizations.save(portal, Authorization("AU1", "Office", "PC-1", date(2025, 1, 20)))
    authorizations.end(portal, "AU1", None)
    with pytest.raises(Unfit, match="used by deployed entitlements"):
        authorizations.remove(portal, "AU1")
    with pytest.raises(Unfit, match="used by deployed entitlements"):
        authorizations.save(portal, Authorization("AU1", "Office", "PC-2", TODAY))
    with pytest.raises(Unfit, match="units: 0"):
        authorizations.save(portal, Authorization("AU2", "Office", "PC-2", TODAY, 0))
    authorizations.save(portal, Authorization("AU2", "Office", "PC-2", TODAY, 3))
    assert authorizations.read(portal, "AU2").units == 3
    authorizations.remove(portal, "AU2")


def test_what_is_held_already_is_entered_without_a_charge_and_corrected_until_a_request_changes_it(
    portal, holding, ask, approve
):
    holding()
    authorizations.enter(portal, "AU1", "SA", Span(4, date(2024, 1, 1)))
    authorizations.enter(portal, "AU1", "SA", SPAN)
    assert authorizations.held(portal, "AU1", "SA", TODAY).span == SPAN
    with pytest.raises(Unknown, match="holds nothing of 'Help'"):
        authorizations.held(portal, "AU1", "Help", TODAY)
    with pytest.raises(Unfit, match="of another title"):
        authorizations.enter(portal, "AU1", "Help", SPAN)
    with pytest.raises(Unfit, match="quantity: 0"):
        authorizations.enter(portal, "AU1", "SA", Span(0, TODAY))
    request, _ = ask(title(), entitlement(6))
    approve(request, "2")
    with pytest.raises(Unfit, match="was requested since"):
        authorizations.enter(portal, "AU1", "SA", SPAN)
    (found,) = authorizations.deployed(portal, "AU1", TODAY)
    assert [(one.quantity, one.line) for one in found.periods] == [(5, ""), (6, "R1|2")]
    assert portal.rows("SELECT amount FROM charges") == [("180.00",)]


def test_authorized_units_stand_beside_the_position_of_the_product(portal, review):
    products.add(portal, Product("Visio"))
    titles.save(portal, Title("Visio Standard", "Visio"))
    assert titles.authorized_units(portal, "Visio") == 0
    for name, day, units in (("A", TODAY, 3), ("B", date(2025, 3, 2), 10), ("C", date(2024, 1, 1), 4)):
        authorizations.save(portal, Authorization(name, "Visio Standard", name, day, units))
    assert titles.authorized_units(portal, "Visio") == 7
    authorizations.end(portal, "C", TODAY)
    assert titles.authorized_units(portal, "Visio") == 3
    assert titles.authorized_units(portal, "Reader") is None


# ------------------------------------------------------------------------------------------------------------ history
def test_fields_have_a_history_and_are_restored(portal, holding):
    holding()
    titles.save(portal, Title("Office", price=Decimal(120)))
    titles.rename(portal, "Office", "Office Suite")
    definitions.save(portal, Definition("SA", "Office Suite", unit_price=Decimal(33)))
    authorizations.save(portal, Authorization("AU1", "Office Suite", "PC-1", date(2025, 1, 11), 2))
    authorizations.end(portal, "AU1", TODAY)
    for subject, key, field in (
        ("titles", "Office Suite", "title"),
        ("titles", "Office", "price"),
        ("entitlement_definitions", "SA", "unit_price"),
        ("authorizations", "AU1", "units"),
        ("authorizations", "AU1", "ended_on"),
    ):
        change = next(one for one in audit.history(portal, subject, key) if one.field == field)
        audit.restore(portal, change.entry, field)
    assert titles.read(portal, "Office") == Title("Office", price=Decimal("100.00"))
    assert definitions.read(portal, "SA").unit_price == 30
    assert authorizations.read(portal, "AU1").units == 1
    assert authorizations.states(portal, TODAY, ["AU1"])["AU1"][0] == "active"


def test_what_was_requested_and_decided_is_not_restored_field_by_field(portal, ask, approve):
    request, _ = ask(title())
    approve(request, "1")
    changes = audit.history(portal, "requests", request)
    assert {(one.subject, one.field) for one in changes if one.subject == "decisions"} >= {("decisions", "decision")}
    outcome = next(one for one in changes if (one.field, one.new) == ("outcome", "authorized"))
    with pytest.raises(Unfit, match="follows from other changes"):
        audit.restore(portal, outcome.entry, "outcome")
    assert not any(one.field == "trail" for one in changes)


# ------------------------------------------------------------------------------------------------------ free versions
@pytest.fixture
def family(portal):
    """Titles of three versions of one family, the first with a perpetual right to new versions."""
    for number, released in ((9, date(2019, 5, 1)), (10, date(2022, 5, 1)), (11, date(2024, 6, 1))):
        products.add(portal, Product(f"Cad {number}", family="Cad", version=str(number), released_on=released))
        titles.save(portal, Title(f"Cad {number}", f"Cad {number}"))
    definitions.save(portal, Definition("Care", "Cad 9", version_right="perpetual", unit_price=Decimal(5)))
    authorizations.save(portal, Authorization("A9", "Cad 9", "PC-1", date(2022, 1, 1)))
    authorizations.enter(portal, "A9", "Care", Span(1, date(2022, 1, 1), date(2024, 12, 31)))
    return portal


def offered(book, authorization="A9", as_of=TODAY):
    return [(one.title, one.definition, one.rule) for one in versions.free(book, authorization, as_of)]


def test_versions_released_in_force_are_free_newest_first_and_a_renewal_loses_none(family, ask, approve):
    free = [("Cad 11", "Care", "version_rights.perpetual"), ("Cad 10", "Care", "version_rights.perpetual")]
    assert offered(family) == free
    request, _ = ask(title("Cad 9"), entitlement(1, "2025-01-01", "2027-12-31", title="Cad 9", definition="Care"))
    approve(request, "2")
    assert offered(family) == free
    assert offered(family, as_of=date(2022, 5, 1)) == free[1:]


def test_a_free_version_is_taken_in_place_and_what_is_held_stays(family):
    authorizations.save(family, Authorization("A10", "Cad 10", "PC-1", TODAY))
    with pytest.raises(Unfit, match="'PC-1' has 'Cad 10' already"):
        versions.take(family, "A9", "Cad 10", TODAY)
    versions.take(family, "A9", "Cad 11", TODAY)
    assert authorizations.read(family, "A9").title == "Cad 11"
    assert authorizations.held(family, "A9", "Care", TODAY).state == "expired"
    assert family.rows("SELECT * FROM charges") == []
    assert offered(family) == []
    with pytest.raises(Unfit, match="'Cad 9' is not free"):
        versions.take(family, "A9", "Cad 9", TODAY)


def test_a_version_without_release_counts_from_the_day_its_title_came_into_the_book(family):
    products.add(family, Product("Cad 12", family="Cad", version="12"))
    titles.save(family, Title("Cad 12", "Cad 12"))
    assert "Cad 12" not in [one[0] for one in offered(family, as_of=date(2027, 1, 1))]
    family.run("UPDATE titles SET listed_on = '2024-08-02' WHERE title = 'Cad 12'")
    assert "Cad 12" in [one[0] for one in offered(family)]


def test_titles_without_a_product_and_ended_authorizations_have_no_free_versions(family, holding):
    holding()
    assert offered(family, "AU1") == []
    authorizations.end(family, "A9", TODAY)
    assert offered(family) == []


# ---------------------------------------------------------------------------------------------------------------- why
def test_a_line_of_a_request_tells_the_rules_behind_it_with_the_values_of_their_day(portal, ask, approve, holding):
    holding((5, "2024-01-01", "2025-12-31"))
    request, _ = ask(title(), entitlement(8, end="2025-06-30"))
    approve(request, "2")
    authorizations.end(portal, "AU1", date(2025, 4, 1))

    found = why.why(portal, f"request_line:{request}/2")

    told = found["request_line"]
    assert (told["outcome"], told["reasons"], told["warnings"]) == ("replaced", ["quantity-changed"], ["shortens"])
    assert (told["decision"], told["decided_by"], told["start"], told["quantity"]) == (
        "approve",
        "lee",
        "2025-03-01",
        8,
    )
    last = found["rules"][-1]
    assert last["name"] == "optional_entitlements.quantity-changed"
    assert [one["values"] for one in last["conditions"]] == ["1 == 1", "8 != 5"]
    assert all(one["holds"] for rule in found["rules"] for one in rule["conditions"])
    text = "\n".join(ruling.answer(found))
    assert "request R1, line 2: 8 SA of Office for PC-1, 2025-03-01 to 2025-06-30" in text
    assert "warning: shortens" in text
    with pytest.raises(Unknown, match="no line 'R1/9'"):
        why.why(portal, "request_line:R1/9")
    with pytest.raises(Unknown, match="no line 'R1'"):
        why.why(portal, "request_line:R1")


def test_a_title_line_without_a_decision_tells_its_rules_too(portal, ask):
    request, _ = ask(title("Viewer"))
    text = "\n".join(ruling.answer(why.why(portal, f"request_line:{request}/1")))
    assert (
        "request R1, line 1: 1 Viewer for PC-1\n  asked for by kim on 2025-03-01\n  authorized, authorization R1/1"
        in text
    )
