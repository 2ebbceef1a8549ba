"""A requester sees what may be requested, asks for it, and takes it back."""

from datetime import date
from decimal import Decimal

import pytest

from store import contracts, rows
from store.errors import Unfit, Unknown
from store.portal import authorizations, decisions, definitions, requests, titles
from store.portal.records import Authorization, Definition, Line, Request, Span, Title
from store.records import Contract, ContractItem
from store.tables import Product
from tests.rules.test_optional_entitlements import CASES
from tests.store.portal.conftest import TODAY, entitlement, ledger, on, outcomes, title

DEPLOYED = {"created", "replaced"}


# -------------------------------------------------------------------------------------------- the table of spec 4.1
@pytest.mark.parametrize("case", CASES)
def test_the_table_of_updates_as_a_request_that_is_approved(case, portal, ask, approve, holding, lists):
    held, new, outcome, reasons, warnings = CASES[case]
    holding(held)
    before = lists()["deployed_entitlements"]
    request, _ = ask(title(), entitlement(*new))
    preview = decisions.preview(portal, [(request, "2")], on=TODAY)

    (effect,) = approve(request, "2")

    assert (effect.outcome, list(effect.reasons), list(effect.warnings)) == (outcome, reasons, warnings)
    assert preview == [effect]
    assert effect.before == (Span(held[0], on(held[1]), on(held[2])) if held else None)
    found = lists()
    charged = 30 * new[0] if outcome in DEPLOYED else None
    assert [(one["line"], one["kind"], one["amount"]) for one in found["charges"]] == (
        [("2", "debit", f"{charged}.00")] if charged else []
    )
    if outcome == "no-change":
        assert found["deployed_entitlements"] == before
        return
    (now,) = found["deployed_entitlements"]
    assert (now["quantity"], now["start"], now["end"]) == new
    assert effect.after == Span(new[0], on(new[1]), on(new[2]))
    assert [one["replaced_on"] for one in now["periods"]] == (["2025-03-01", None] if held else [None])
    if held:
        assert tuple(now["periods"][0][name] for name in ("quantity", "start", "end")) == held


# -------------------------------------------------------------------------------------------- requests and approvals
def test_r01_an_entitlement_alone_is_refused(portal, ask):
    _, effects = ask(entitlement())
    assert [(one.outcome, one.reasons) for one in effects] == [("refused", ("title-missing",))]
    assert ledger(portal) == []


def test_r02_a_new_title_with_its_entitlement_waits_and_is_then_authorized_created_and_charged(portal, ask, approve):
    request, effects = ask(title(), entitlement())
    assert outcomes(effects) == {"1": "pending", "2": "pending"}
    assert ledger(portal) == []

    effects = approve(request, "1", "2")

    assert outcomes(effects) == {"1": "authorized", "2": "created"}
    assert {one.authorization for one in effects} == {"R1/1"}
    assert ledger(portal) == [("R1/1", "debit", "100.00"), ("R1/2", "debit", "30.00")]


def test_r03_what_is_denied_leaves_no_trace_but_its_reason(portal, ask, lists):
    request, _ = ask(title(), entitlement())
    effects = decisions.deny(portal, [(request, "1")], on=TODAY, by="lee", reason="no budget")

    assert outcomes(effects) == {"1": "denied"}
    found = lists()
    assert [(one["line"], one["outcome"], one["reasons"]) for one in found["request_lines"]] == [
        ("1", "denied", []),
        ("2", "cancelled", ["title-denied"]),
    ]
    assert found["charges"] == found["deployed_entitlements"] == []
    assert portal.rows("SELECT * FROM authorizations") == []
    assert decisions.decision(portal, request, "1").reason == "no budget"


def test_both_lines_denied_at_once_are_both_denied(portal, ask):
    request, _ = ask(title(), entitlement())
    effects = decisions.deny(portal, [(request, "1"), (request, "2")], on=TODAY, by="lee", reason="no budget")
    assert outcomes(effects) == {"1": "denied", "2": "denied"}


def test_r04_without_approval_flag_everything_is_granted_on_the_day_of_the_request(portal, ask):
    help_ = entitlement(5, title="Viewer", definition="Help")
    _, effects = ask(title("Viewer"), help_)
    assert outcomes(effects) == {"1": "authorized", "2": "created"}
    assert {one.step for one in effects} == {"granted"}
    assert ledger(portal) == [("R1/2", "debit", "10.00")], "a title without a price is not charged"


def test_what_is_granted_with_its_title_at_once_is_told_as_new_and_not_as_added_later(portal, ask):
    definitions.save(portal, Definition("Help", "Viewer", max_request_days=0, forced=True))
    _, (_, first) = ask(title("Viewer"), entitlement(title="Viewer", definition="Help"))
    assert first.rules[:2] == ("requests.offered-with-title", "requests.forced")
    _, (_, again) = ask(title("Viewer"), entitlement(2, title="Viewer", definition="Help"))
    assert again.rules[:2] == ("requests.offered-later", "requests.forced-not-again")


def test_r05_an_authorized_title_that_is_requested_again_needs_no_approval_and_no_money(portal, ask, holding):
    holding()
    _, effects = ask(title())
    assert [(one.step, one.outcome, one.reasons) for one in effects] == [
        ("granted", "authorized", ("already-authorized",))
    ]
    assert ledger(portal) == []


def test_r06_and_r07_its_entitlement_follows_the_flag_and_a_denial_leaves_the_title_alone(portal, ask, holding):
    holding()
    request, effects = ask(title(), entitlement())
    assert outcomes(effects) == {"1": "authorized", "2": "pending"}

    decisions.deny(portal, [(request, "2")], on=TODAY, by="lee", reason="not needed")

    assert portal.rows("SELECT line, outcome FROM request_lines") == [("1", "authorized"), ("2", "denied")]
    assert ledger(portal) == []


def test_r09_to_r11_the_window_is_tested_on_the_day_of_the_request_and_its_last_day_counts(
    portal, ask, approve, holding
):
    definitions.save(portal, Definition("SA", "Office", unit_price=Decimal(30), max_request_days=90))
    holding()
    request, _ = ask(title(), entitlement(), day=date(2025, 4, 10))
    _, late = ask(title(), entitlement(), day=date(2025, 4, 11))

    assert late[1].reasons == ("window-closed",)
    assert outcomes(approve(request, "2", day=date(2025, 5, 10))) == {"2": "created"}


def contract_until(book, *ends):
    rows.insert(book, Product, {"product": "Server"})
    contracts.save(book, Contract("C1", "Enterprise", date(2024, 1, 1)))
    for number, end in enumerate(ends):
        contracts.save_item(
            book,
            ContractItem("C1", str(number), "Server", "subscription", "device", 1, date(2024, 1, 1), on(end)),
        )
    definitions.save(book, Definition("SA", "Office", contract="C1", ends_on=date(2025, 12, 31)))


def test_r12_to_r14_an_expired_contract_hides_the_entitlement_and_what_is_deployed_stays(portal, ask, holding, lists):
    holding((1, "2024-01-01", "2026-12-31"))
    contract_until(portal, "2025-01-31", "2025-02-28")
    _, effects = ask(title(), entitlement())
    assert effects[1].reasons == ("contract-expired",)
    assert definitions.effective_end(portal, "SA") == date(2025, 2, 28)
    assert lists()["deployed_entitlements"][0]["state"] == "active"


def test_a_contract_with_an_item_that_never_ends_does_not_end(portal, ask):
    contract_until(portal, "2025-02-28", None)
    _, effects = ask(title(), entitlement())
    assert outcomes(effects)["2"] == "pending"
    assert definitions.effective_end(portal, "SA") == date(2025, 12, 31)


def test_r15_to_r18_what_is_off_or_included_is_shown_with_its_reason_and_what_is_forced_is_locked(portal, holding):
    definitions.save(portal, Definition("Basic", "Office", kind="included"))
    definitions.save(portal, Definition("Care", "Office", forced=True, max_request_days=30))
    definitions.save(portal, Definition("Off", "Office", orderable=False))

    def offered(holder):
        (offer,) = requests.offers(portal, holder, TODAY, ["Office"])
        return offer, {one.definition: one for one in offer.entitlements}

    offer, found = offered("PC-2")
    assert (offer.authorization, offer.price, offer.currency, offer.requires_approval) == (
        "",
        Decimal(100),
        "EUR",
        True,
    )
    assert {name: one.reasons for name, one in found.items()} == {
        "Basic": ("included",),
        "Care": (),
        "Off": ("not-orderable",),
        "SA": (),
    }
    assert [name for name, one in found.items() if one.locked] == ["Care"]
    holding((5, "2024-01-01", None))
    offer, found = offered("PC-1")
    assert offer.authorization == "AU1"
    assert (found["Care"].reasons, found["Care"].until) == (("window-closed",), date(2025, 2, 9))
    assert found["SA"].held == Span(5, date(2024, 1, 1))
    assert not any(one.locked for one in found.values())


def test_r16_a_forced_entitlement_cannot_be_left_out(portal, ask):
    definitions.save(portal, Definition("Care", "Office", forced=True))
    with pytest.raises(Unfit, match="Care: this goes with its title"):
        ask(title())
    _, effects = ask(title(), entitlement(definition="Care"))
    assert outcomes(effects) == {"1": "pending", "2": "pending"}
    _, effects = ask(title(), entitlement(definition="Care"), holder="PC-9")
    assert requests.forced_missing(portal, requests.read(portal, "R3")) == []


def test_r19_two_approvals_of_one_entitlement_find_each_others_result(portal, ask, approve, holding):
    holding()
    first, _ = ask(title(), entitlement(5))
    second, _ = ask(title(), entitlement(5))

    effects = decisions.approve(portal, [(second, "2"), (first, "2")], on=TODAY, by="lee")

    assert [(one.request, one.outcome) for one in effects] == [("R2", "no-change"), ("R1", "created")]
    assert ledger(portal) == [("R1/2", "debit", "150.00")]


def test_r21_a_decision_made_again_is_refused_and_charges_nothing(portal, ask, approve):
    request, _ = ask(title())
    approve(request, "1")
    with pytest.raises(Unfit, match="this is not pending"):
        approve(request, "1")
    assert ledger(portal) == [("R1/1", "debit", "100.00")]


def test_r22_an_approval_after_the_authorization_was_ended_is_stale(portal, ask, approve, holding):
    holding()
    request, _ = ask(title(), entitlement())
    authorizations.end(portal, "AU1", TODAY)
    effects = approve(request, "2")
    assert [(one.outcome, one.reasons) for one in effects] == [("stale", ("authorization-ended",))]
    assert ledger(portal) == []
    assert portal.rows("SELECT * FROM deployed_entitlements") == []


def test_r23_free_lines_of_a_mixed_request_proceed_and_the_others_wait(portal, ask):
    _, effects = ask(title(), title("Viewer", "2"))
    assert outcomes(effects) == {"1": "pending", "2": "authorized"}


def test_an_entitlement_approved_before_its_title_waits_for_it(portal, ask, approve):
    request, _ = ask(title(), entitlement())
    (early,) = approve(request, "2")
    assert (early.outcome, early.reasons) == ("pending", ("waits-for-title",))
    assert decisions.pending(portal) == [("R1", "1")]

    approve(request, "1", day=date(2025, 3, 9))

    assert portal.rows("SELECT line, outcome, reasons FROM request_lines") == [
        ("1", "authorized", "[]"),
        ("2", "created", "[]"),
    ]
    assert portal.rows("SELECT charged_on FROM charges") == [("2025-03-09",)] * 2


def test_an_entitlement_approved_before_its_title_is_denied_goes_with_it(portal, ask, approve):
    request, _ = ask(title(), entitlement())
    approve(request, "2")
    decisions.deny(portal, [(request, "1")], on=TODAY, by="lee", reason="no")
    assert portal.rows("SELECT outcome FROM request_lines") == [("denied",), ("cancelled",)]


def test_titles_are_carried_out_first_however_the_lines_are_numbered(portal, ask, approve):
    request, _ = ask(entitlement(line="1"), title(line="10"))
    assert outcomes(approve(request, "1", "10")) == {"1": "created", "10": "authorized"}


def test_an_entitlement_of_another_title_is_refused(portal, ask):
    _, effects = ask(title(), entitlement(definition="Help"))
    assert effects[1].reasons == ("of-another-title",)


def test_a_title_that_may_not_be_ordered_takes_its_entitlements_along(portal, ask):
    titles.save(portal, Title("Office", orderable=False))
    _, effects = ask(title(), entitlement())
    assert [one.reasons for one in effects] == [("not-orderable",), ("title-missing",)]


def test_an_authorization_gets_a_name_that_is_free(portal, ask, approve):
    authorizations.save(portal, Authorization("R1/1", "Viewer", "PC-7", TODAY))
    request, _ = ask(title(quantity=3))
    (effect,) = approve(request, "1")
    assert effect.authorization == "R1/1/2"
    assert authorizations.read(portal, "R1/1/2") == Authorization("R1/1/2", "Office", "PC-1", TODAY, 3)
    assert ledger(portal) == [("R1/1", "debit", "300.00")]


def test_the_price_of_the_day_of_the_request_is_charged(portal, ask, approve):
    request, _ = ask(title())
    titles.save(portal, Title("Office", price=Decimal("120.5")))
    approve(request, "1")
    again, _ = ask(title(), holder="PC-2")
    approve(again, "1")
    assert ledger(portal) == [("R1/1", "debit", "100.00"), ("R2/1", "debit", "120.50")]


def test_a_charge_has_as_many_decimals_as_it_needs(portal, ask, approve):
    definitions.save(portal, Definition("SA", "Office", unit_price=Decimal("0.333")))
    request, _ = ask(title(), entitlement(3))
    approve(request, "1", "2")
    assert ledger(portal)[1] == ("R1/2", "debit", "0.999")


# ------------------------------------------------------------------------------------------------------------ previews
def test_a_preview_tells_what_submitting_and_approving_will_do_and_stores_nothing(portal, ask, approve, holding):
    holding((5, "2024-01-01", "2025-12-31"))
    lines = (title(), entitlement(8, end="2025-06-30"), title("Viewer", "3"), entitlement(line="4", definition="Help"))
    request = Request("R1", "kim", "PC-1", TODAY, lines)
    before = portal.rows("SELECT * FROM change_log")

    preview = requests.preview(portal, request)

    assert portal.rows("SELECT * FROM change_log") == before
    assert portal.rows("SELECT * FROM requests") == []
    assert [(one.step, one.outcome, one.amount) for one in preview] == [
        ("granted", "authorized", None),
        ("pending", "replaced", Decimal("240.00")),
        ("granted", "authorized", None),
        ("refused", "refused", None),
    ]
    assert preview[1].warnings == ("shortens",)
    assert (preview[1].before, preview[1].after) == (
        Span(5, date(2024, 1, 1), date(2025, 12, 31)),
        Span(8, TODAY, date(2025, 6, 30)),
    )
    requests.submit(portal, request)
    assert approve("R1", "2") == [preview[1]]


def test_the_preview_of_a_decision_names_its_rules(portal, ask, approve):
    request, _ = ask(title(), entitlement())
    keys = [(request, "2"), (request, "1")]
    first, second = decisions.preview(portal, keys, on=TODAY)
    assert (first.outcome, second.outcome, first.step) == ("created", "authorized", "pending")
    assert first.rules[-1] == "optional_entitlements.created"
    approve(request, "1")
    assert [(one.step, one.outcome) for one in decisions.preview(portal, keys[1:], on=TODAY)] == [
        ("authorized", "authorized")
    ]


# --------------------------------------------------------------------------------------------------- wrong, and refused
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([title(), title()], "'1' is there twice"),
        ([], "a request asks for something"),
        ([title(quantity=0)], "0 asks for nothing"),
        ([title(quantity=2**31)], "is not possible"),
        ([title(), entitlement(end="2025-02-28")], "lies before the start"),
        ([title(), entitlement(start=None, end="2025-02-28")], "lies before the start, 2025-03-01"),
        ([title(), entitlement(definition="")], "an entitlement names its definition"),
        ([Line("1", "title", "Office", "SA")], "a title has none"),
        ([Line("1", "gift", "Office")], "'gift' is none"),
        ([Line(" ", "title", "Office")], "line: is empty"),
    ],
)
def test_what_no_request_can_hold_is_refused_and_nothing_is_stored(lines, said, portal, ask):
    with pytest.raises(Unfit, match=said):
        ask(*lines)
    assert portal.rows("SELECT * FROM requests") == []


def test_unknown_titles_and_definitions_are_named(portal, ask):
    with pytest.raises(Unknown, match=r"titles: there is no 'Ofice'. Did you mean 'Office'"):
        ask(title("Ofice"))
    with pytest.raises(Unknown, match="entitlement definitions: there is no 'SB'"):
        ask(title(), entitlement(definition="SB"))
    with pytest.raises(Unknown, match="requests: there is no 'R7'"):
        requests.read(portal, "R7")


def test_a_number_that_is_taken_is_refused_and_free_ones_are_proposed(portal, ask):
    request, _ = ask(title())
    with pytest.raises(Unfit, match="'R1' is in the book already"):
        requests.submit(portal, Request(request, "kim", "PC-1", TODAY, (title(),)))
    assert requests.propose_number(portal, TODAY) == "R-2025-001"
    requests.submit(portal, Request("R-2025-007", "kim", "PC-1", TODAY, (title(),)))
    assert requests.propose_number(portal, TODAY) == "R-2025-008"


def test_a_request_is_read_as_it_was_made(portal, ask):
    lines = (title(quantity=2), entitlement(3, None, None))
    ask(*lines)
    read = requests.read(portal, "R1")
    assert (read.requester, read.holder, read.submitted_on) == ("kim", "PC-1", TODAY)
    assert read.lines == (lines[0], entitlement(3, "2025-03-01", None)), "it begins on the day of the request"


# ------------------------------------------------------------------------------------------------- changed, withdrawn
def test_a_pending_or_refused_line_is_changed_and_judged_anew(portal, ask, approve):
    definitions.save(portal, Definition("SA", "Office", unit_price=Decimal(30), ends_on=date(2025, 3, 31)))
    request, _ = ask(title(), entitlement(5), entitlement(1, line="3", definition="Help"))
    assert requests.change(portal, request, entitlement(7)).outcome == "pending"
    assert requests.change(portal, request, entitlement(1, line="3")).outcome == "pending"
    assert requests.change(portal, request, entitlement(1, line="3", definition="Help")).outcome == "refused"
    approve(request, "1", "2")
    assert ledger(portal)[1] == ("R1/2", "debit", "210.00")
    with pytest.raises(Unfit, match="line '2' is created and stays as it is"):
        requests.change(portal, request, entitlement(9))
    with pytest.raises(Unknown, match="has no line '8'"):
        requests.change(portal, request, entitlement(9, line="8"))


def test_a_requester_withdraws_what_is_pending_and_entitlements_go_with_their_title(portal, ask, approve):
    request, _ = ask(title(), entitlement(), title("Viewer", "3"))
    with pytest.raises(Unfit, match="only who has made a request can withdraw it"):
        requests.withdraw(portal, request)
    requests.withdraw(portal, request, ["1"], by=" Kim ")
    assert portal.rows("SELECT outcome, reasons FROM request_lines") == [
        ("cancelled", '["withdrawn"]'),
        ("cancelled", '["title-denied"]'),
        ("authorized", "[]"),
    ]
    with pytest.raises(Unfit, match="not pending any more"):
        requests.withdraw(portal, request, ["1"], by="kim")
    with pytest.raises(Unfit, match="this is not pending"):
        approve(request, "2")


def test_a_whole_request_is_withdrawn_at_once(portal, ask):
    request, _ = ask(title(), entitlement(), title("Viewer", "3"))
    requests.withdraw(portal, request, by="kim")
    assert [row[0] for row in portal.rows("SELECT outcome FROM request_lines")] == [
        "cancelled",
        "cancelled",
        "authorized",
    ]
    requests.withdraw(portal, request, by="kim")


# ----------------------------------------------------------------------------------------------------------- decisions
def test_nobody_approves_his_own_request_however_he_spells_himself(portal, ask, approve):
    request, _ = ask(title())
    with pytest.raises(Unfit, match="nobody approves his own request"):
        approve(request, "1", by="KIM")
    assert not decisions.may_decide(portal, request, "kim ")
    assert decisions.may_decide(portal, request)
    assert decisions.decision(portal, request, "1") is None
    own, _ = ask(title(), holder="PC-2", requester="ann")
    with pytest.raises(Unfit, match="nobody approves his own request"):
        decisions.approve(portal, [(own, "1")], on=TODAY)


def test_no_decision_before_the_request_and_none_without_a_line(portal, ask, approve):
    request, _ = ask(title())
    with pytest.raises(Unfit, match="older than the request"):
        approve(request, "1", day=date(2025, 2, 28))
    with pytest.raises(Unknown, match="has no line '9'"):
        approve(request, "9")
    with pytest.raises(Unknown, match="no line to decide on"):
        decisions.approve(portal, [], on=TODAY)
    with pytest.raises(Unfit, match="reason: is empty"):
        decisions.deny(portal, [(request, "1")], on=TODAY, by="lee", reason=" ")


def test_of_several_decisions_one_wrong_one_stores_none(portal, ask):
    first, _ = ask(title())
    second, _ = ask(title("Viewer"))
    with pytest.raises(Unfit, match="request 'R2', line '1': this is not pending"):
        decisions.approve(portal, [(first, "1"), (second, "1")], on=TODAY, by="lee")
    assert portal.rows("SELECT * FROM decisions") == []
    assert decisions.pending(portal) == [("R1", "1")]


def test_a_decision_is_approve_or_deny(portal, ask):
    request, _ = ask(title())
    wrong = decisions.Decision(request, "1", "perhaps", TODAY, "lee")
    with pytest.raises(Unfit, match="'perhaps' is none"):
        decisions.decide(portal, [wrong])
