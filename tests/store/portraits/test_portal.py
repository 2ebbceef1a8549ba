"""What the records of the portal tell: titles, definitions, authorizations with their periods, requests with reasons."""

import pytest

from store import derivation
from store.portal import holders, ledger
from store.portraits import authorization, definition, histories, periods, portal_reasons, request, title
from tests import portal
from tests.estates import item, of
from tests.portal import ANN, SA, SUITE, SUPPORT, TODAY


@pytest.fixture
def filled(book):
    derivation.recalculate(book, as_of=TODAY)
    portal.fill(book)
    return book


def test_a_title_tells_its_offers_and_its_holders(filled):
    found = title.read(filled, SUITE)
    assert (found.authorized, found.holder_count, found.product.key) == (3, 2, "Contoso Suite 2024")
    assert [(one.definition.name, one.state) for one in found.offers][:2] == [
        ("Base license", "included"),
        ("Premium support", "orderable"),
    ]
    assert [(one.holder, one.units, one.entitlements) for one in found.holders] == [(ANN, 1, 2), ("LAPTOP-17", 2, 1)]
    assert title.read(filled, "PDF Reader").product is None
    assert title.read(filled, "Nowhere") is None


def test_a_definition_tells_its_effective_end_and_who_holds_it(filled):
    found = definition.read(filled, "Upgrade Advantage")
    assert (found.effective_end, found.state, found.held) == ("2025-12-31", "expired", ())
    assert [(one.holder, one.deployed.span.quantity) for one in definition.read(filled, SA).held] == [
        (ANN, 5),
        ("LAPTOP-17", 4),
    ]
    assert definition.read(filled, "Nowhere") is None


def test_a_definition_tells_its_contract(book, fill):
    fill(book, portal_of_contract())
    found = definition.read(book, "Care")
    assert (found.contract.key, found.effective_end) == ("C1", "2026-12-31")
    (reason,) = portal_reasons.of_definition(book, "Care")
    assert (reason.outcome, reason.holds, reason.facts[0].key) == ("orderable", True, "C1")


def portal_of_contract():
    return {
        **of(item("1", "Server", 5, "2026-01-01", "2026-12-31")),
        "titles": [{"title": "Server", "requires_approval": "true", "orderable": "true"}],
        "entitlement_definitions": [
            {"definition": "Care", "title": "Server", "kind": "optional", "contract": "C1", "orderable": "true"}
        ],
    }


def test_an_authorization_tells_what_it_holds_and_what_led_to_it(filled):
    found = authorization.read(filled, "A-3")
    assert [(one.definition, one.span.quantity, len(one.periods)) for one in found.deployed] == [(SA, 4, 2)]
    assert [(one.what, one.outcome, one.amount) for one in found.asked] == [
        (SUITE, "authorized", None),
        (SA, "replaced", "120.00 EUR"),
    ]
    assert [one.name for one in found.included] == ["Base license"]
    assert authorization.read(filled, "Nowhere") is None


def test_its_timeline_has_a_lane_for_each_entitlement_with_every_period(filled):
    made = periods.timeline(filled, "A-3")
    assert [lane.name for lane in made.lanes] == ["Authorization", SA]
    assert [(bar.kind, bar.quantity, bar.request, bar.item) for bar in made.lanes[1].bars] == [
        ("replaced", 2, "", ""),
        ("deployed", 4, "R-2026-003", "2"),
    ]
    assert not made.empty
    assert periods.timeline(filled, "Nowhere").empty


def test_an_ended_authorization_ends_its_bars(filled):
    portal.authorizations.end(filled, "A-1", TODAY)
    made = periods.timeline(filled, "A-1")
    assert [mark.kind for mark in made.marks] == [
        "authorized",
        "entitlement-end",
        "authorization-ended",
        "entitlement-end",
    ]
    yesterday = TODAY.toordinal() - 1
    assert {bar.last for bar in made.bars} == {yesterday, portal.day("2025-01-09").toordinal()}


def test_a_request_tells_what_was_held_before_and_after(filled):
    found = request.read(filled, "R-2026-003")
    line = found.lines[1]
    assert (line.effect.before.quantity, line.effect.after.quantity, line.charged) == (2, 4, portal.Decimal("120.00"))
    assert (line.decision.decided_by, found.mine, found.waiting) == (portal.MANAGER, False, ())
    own = request.read(filled, "R-2026-001")
    assert (own.mine, len(own.waiting)) == (True, 3)
    assert [one.effect.outcome for one in own.waiting] == ["authorized", "created", "created"]
    assert request.read(filled, "Nowhere") is None


def test_an_amount_that_was_given_back_is_told(filled):
    ledger.credit(filled, "R-2026-003", "2", portal.Decimal(20), "ordered twice")
    assert request.read(filled, "R-2026-003").lines[1].credited == 20


def test_every_conclusion_of_the_portal_has_its_reason(filled):
    lines = portal_reasons.of_request(filled, "R-2026-003")
    assert all(one.holds for one in lines)
    assert ("replaced", "line 2, Software Assurance") in [(one.outcome, one.about) for one in lines]
    assert [(one.outcome, one.about) for one in portal_reasons.of_authorization(filled, "A-1")] == [
        ("active", ""),
        ("expired", SUPPORT),
        ("active", SA),
    ]
    assert [one.outcome for one in portal_reasons.of_definition(filled, "Drawing templates")] == ["upcoming"]
    for tell in (portal_reasons.of_request, portal_reasons.of_authorization, portal_reasons.of_definition):
        assert tell(filled, "Nowhere") == []


def test_the_history_of_each_record_is_told(filled):
    for subject, key in (("title", SUITE), ("definition", SA), ("authorization", "A-1"), ("request", "R-2026-003")):
        assert histories.read(filled, subject, key), subject


def test_what_a_holder_has_is_told_with_its_entitlements(filled):
    found = holders.holding(filled, ANN, TODAY)
    assert [(one.authorization.title, len(one.deployed)) for one in found] == [("PDF Reader", 0), (SUITE, 2)]
    portal.authorizations.end(filled, "A-2", TODAY)
    assert [one.authorization.title for one in holders.holding(filled, ANN, TODAY)] == [SUITE]
