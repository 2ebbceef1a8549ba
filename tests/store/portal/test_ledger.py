"""The ledger only grows: nothing is changed or charged twice, and what is undone is given back."""

import sqlite3
from datetime import date
from decimal import Decimal

import pytest

from store import audit, care, undo
from store.errors import Unfit, Unknown
from store.portal import authorizations, decisions
from store.portal import ledger as ledgers
from store.portal.ledger import Entry
from tests.conftest import snapshot_of
from tests.store.portal.conftest import TODAY, entitlement, ledger, title


@pytest.fixture
def charged(portal, ask, approve):
    request, _ = ask(title(), entitlement(5))
    with undo.step(portal, "Approve R1"):
        approve(request, "1", "2")
    return portal


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE charges SET amount = '1.00'",
        "DELETE FROM charges",
        "REPLACE INTO charges SELECT id, request, line, kind, turn, '1.00', currency, charged_on, rule, reason, reverses FROM charges",
        "INSERT INTO charges (request, line, kind, turn, amount, currency, charged_on) VALUES ('R1', '1', 'debit', 1, '100.00', 'EUR', '')",
        "INSERT INTO charges (request, line, kind, turn, amount, currency, charged_on) VALUES ('R1', '1', 'debit', 0, '100.00', 'EUR', '')",
        "INSERT INTO charges (request, line, kind, turn, amount, currency, charged_on) VALUES ('R9', '1', 'credit', 0, '100.00', 'EUR', '')",
    ],
)
def test_entries_cannot_be_changed_removed_or_made_twice_even_in_sql(statement, charged):
    before = charged.rows("SELECT * FROM charges")
    with pytest.raises(Exception, match=r"ledger of charges"):
        charged.run(statement)
    outside = sqlite3.connect(charged.path, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match=r"ledger of charges"):
        outside.execute(statement)
    outside.close()
    assert charged.rows("SELECT * FROM charges") == before
    assert care.check(charged) == []


def test_an_approval_that_is_undone_is_given_back_and_redone_it_is_charged_anew(charged):
    before = audit.content_hash(charged)
    snapshot = snapshot_of(charged)
    undone = undo.back(charged)

    assert undone.subjects >= {"charges", "decisions", "authorizations", "deployed_entitlements", "request_lines"}
    assert ledger(charged)[2:] == [("R1/2", "credit", "150.00"), ("R1/1", "credit", "100.00")]
    assert snapshot_of(charged)["charges"] == snapshot_of(charged)["deployed_entitlements"] == []
    assert decisions.pending(charged) == [("R1", "1"), ("R1", "2")]

    undo.forward(charged)
    assert audit.content_hash(charged) == before
    assert snapshot_of(charged) == snapshot
    undo.back(charged)
    assert [entry[1] for entry in ledger(charged)] == ["debit"] * 2 + ["credit"] * 2 + ["debit"] * 2 + ["credit"] * 2


def test_after_an_undo_the_same_line_can_be_approved_and_charged_again(charged, approve):
    undo.back(charged)
    approve("R1", "1", "2")
    assert [(one["line"], one["amount"]) for one in snapshot_of(charged)["charges"]] == [
        ("1", "100.00"),
        ("2", "150.00"),
    ]


def test_an_undo_never_goes_over_a_later_change(charged):
    authorizations.end(charged, "R1/1", date(2025, 6, 1))
    before = charged.rows("SELECT * FROM charges")
    with pytest.raises(Unfit, match="has been changed since"):
        undo.back(charged)
    assert charged.rows("SELECT * FROM charges") == before


def test_a_charge_is_given_back_by_hand_once_with_a_reason_and_not_more_than_it_was(charged):
    for amount, reason, said in (
        (Decimal(151), "x", "at most 150.00"),
        (Decimal(0), "x", "more than 0"),
        (Decimal(1), "", "reason"),
    ):
        with pytest.raises(Unfit, match=said):
            ledgers.credit(charged, "R1", "2", amount, reason)
    with pytest.raises(Unknown, match="nothing was charged"):
        ledgers.credit(charged, "R1", "3", Decimal(1), "x")
    with undo.step(charged, "Credit"):
        ledgers.credit(charged, "R1", "2", Decimal("50"), "delivered late")
    with pytest.raises(Unfit, match="has its credit already"):
        ledgers.credit(charged, "R1", "2", Decimal("50"), "again")
    found = [(one["line"], one["kind"], one["amount"], one["rule"]) for one in snapshot_of(charged)["charges"]]
    assert found[1:] == [("2", "debit", "150.00", "optional_entitlements.created"), ("2", "credit", "50.00", None)]
    undo.back(charged)
    assert len(snapshot_of(charged)["charges"]) == 2
    undo.forward(charged)
    assert len(snapshot_of(charged)["charges"]) == 3


def test_what_no_undo_can_give_back_stays(charged):
    ledgers.credit(charged, "R1", "2", Decimal("50"), "delivered late")
    with pytest.raises(Unfit, match="cannot be undone"):
        undo.back(charged)


def test_entries_are_posted_many_at_a_time(portal):
    ledgers.post(portal, [Entry("R1", str(n), "debit", "1.00", "EUR", TODAY.isoformat()) for n in range(3)])
    ledgers.take_back(portal, 1, 3)
    assert [one[0] for one in ledger(portal)[3:]] == ["R1/1", "R1/2"]
    ledgers.bring_back(portal, 1, 3)
    assert [one[1] for one in ledger(portal)[5:]] == ["debit", "debit"]
