"""Who may request what, what waits for an approver, what an approval leads to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import library, reference, requests
from rules.requests import Choice, Decision, Grant, Line, Title, Wish, Withdrawal
from rules.vocabulary import NEVER

KINDS = {
    "title": (Title, requests.title),
    "wish": (Wish, requests.wish),
    "choice": (Choice, requests.choice),
    "line": (Line, requests.line),
    "decision": (Decision, requests.decision),
    "withdrawal": (Withdrawal, requests.withdrawal),
    "grant": (Grant, requests.grant),
}

DAY = 739_000
FINE = Wish(
    together=1,
    of_title=1,
    included=0,
    orderable=1,
    starts_on=0,
    ends_on=NEVER,
    contract_ends_on=NEVER,
    authorized_on=0,
    max_days=NEVER,
    asked_on=DAY,
)


def test_the_facts_stand_as_the_document_declares_them() -> None:
    facts = library.documents()["requests"].facts
    assert {kind: tuple(fields) for kind, fields in facts.items()} == {
        kind: fact._fields for kind, (fact, _) in KINDS.items()
    }


def test_a_title_is_offered_when_it_may_be_ordered() -> None:
    assert requests.title(Title(1)).says == "offered"
    assert requests.title(Title(0))[:2] == ("refused", ("not-orderable",))


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, ()),
        ({"together": 0}, ("title-missing",)),
        ({"of_title": 0}, ("of-another-title",)),
        ({"included": 1}, ("included",)),
        ({"included": 1, "orderable": 0}, ("included",)),
        ({"orderable": 0}, ("not-orderable",)),
        ({"starts_on": DAY + 1}, ("not-yet-available",)),
        ({"starts_on": DAY}, ()),
        ({"ends_on": DAY}, ()),
        ({"ends_on": DAY - 1}, ("definition-expired",)),
        ({"contract_ends_on": DAY}, ()),
        ({"contract_ends_on": DAY - 1}, ("contract-expired",)),
        ({"authorized_on": DAY - 90, "max_days": 90}, ()),
        ({"authorized_on": DAY - 91, "max_days": 90}, ("window-closed",)),
        ({"authorized_on": DAY, "max_days": 0}, ()),
        ({"authorized_on": DAY - 9_000}, ()),
        ({"authorized_on": 0, "max_days": 0}, ()),
        (
            {"orderable": 0, "ends_on": 1, "contract_ends_on": 1},
            ("not-orderable", "definition-expired", "contract-expired"),
        ),
    ],
)
def test_an_entitlement_is_offered_or_refused_with_every_reason(change, reasons) -> None:
    ruling = requests.wish(FINE._replace(**change))
    assert (ruling.says, ruling.reasons) == ("refused" if reasons else "offered", reasons)


def test_a_forced_entitlement_is_locked_unless_its_title_is_only_requested_again() -> None:
    found = [requests.choice(Choice(*fact)).says for fact in ((1, 0), (1, 1), (0, 0), (0, 1))]
    assert found == ["locked", "free", "free", "free"]


def test_an_entitlement_follows_the_approval_flag_of_its_title_and_a_repeated_title_needs_none() -> None:
    facts = {(0, 1, 1): "granted", (0, 1, 0): "granted", (0, 0, 0): "granted", (0, 0, 1): "pending"}
    facts |= {(1, 0, 0): "granted", (1, 1, 0): "granted", (1, 0, 1): "pending", (1, 1, 1): "pending"}
    assert {fact: requests.line(Line(*fact)).says for fact in facts} == facts


@pytest.mark.parametrize(
    ("fact", "says", "reasons"),
    [
        (Decision(1, 0, 1, DAY, DAY), "approve", ()),
        (Decision(1, 0, 0, DAY, DAY), "deny", ()),
        (Decision(1, 1, 0, DAY + 5, DAY), "deny", ()),
        (Decision(1, 1, 1, DAY, DAY), "refused", ("own-request",)),
        (Decision(1, 0, 1, DAY - 1, DAY), "refused", ("decided-early",)),
        (Decision(0, 0, 1, DAY, DAY), "refused", ("not-pending",)),
        (Decision(0, 1, 1, DAY - 1, DAY), "refused", ("not-pending", "own-request", "decided-early")),
    ],
)
def test_a_decision_counts_on_what_is_pending_not_on_ones_own_request_and_not_before_it(fact, says, reasons) -> None:
    assert requests.decision(fact)[:2] == (says, reasons)


def test_the_requester_takes_back_what_is_pending() -> None:
    found = {fact: requests.withdrawal(Withdrawal(*fact))[:2] for fact in ((1, 1), (0, 1), (1, 0), (0, 0))}
    assert found == {
        (1, 1): ("cancelled", ("withdrawn",)),
        (0, 1): ("refused", ("not-pending",)),
        (1, 0): ("refused", ("not-the-requester",)),
        (0, 0): ("refused", ("not-pending", "not-the-requester")),
    }


def test_a_grant_authorizes_deploys_waits_is_cancelled_or_stale() -> None:
    facts = [(0, 0, 0, 0), (0, 1, 0, 0), (1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 0), (1, 0, 0, 1), (1, 1, 0, 1)]
    found = [requests.grant(Grant(*fact)) for fact in facts]
    assert [(one.says, one.reasons, one.charged) for one in found] == [
        ("authorized", (), True),
        ("authorized", ("already-authorized",), False),
        ("deployed", (), False),
        ("pending", ("waits-for-title",), False),
        ("stale", ("authorization-ended",), False),
        ("cancelled", ("title-denied",), False),
        ("cancelled", ("title-denied",), False),
    ]


FLAG = st.integers(0, 1)
DAYS = st.integers(DAY - 3, DAY + 3) | st.just(NEVER)
WISHES = st.builds(
    Wish,
    FLAG,
    FLAG,
    FLAG,
    FLAG,
    DAYS | st.just(0),
    DAYS,
    DAYS,
    DAYS | st.just(0),
    st.integers(0, 4) | st.just(NEVER),
    DAYS,
)


@settings(deadline=None)
@given(WISHES)
def test_wishes_are_judged_as_their_real_days_are(fact: Wish) -> None:
    (fired,) = reference.conclude(library.documents()["requests"], "wish", [fact])
    assert requests.wish(fact).rules == tuple(rule.name for rule in fired)


@settings(deadline=None)
@given(WISHES.map(lambda fact: fact._replace(together=0)))
def test_no_entitlement_without_its_title(fact: Wish) -> None:
    ruling = requests.wish(fact)
    assert ruling.says == "refused"
    assert "title-missing" in ruling.reasons


@settings(deadline=None)
@given(st.builds(Decision, FLAG, FLAG, FLAG, DAYS, DAYS))
def test_decisions_are_judged_as_their_real_days_are(fact: Decision) -> None:
    (fired,) = reference.conclude(library.documents()["requests"], "decision", [fact])
    assert requests.decision(fact).rules == tuple(rule.name for rule in fired)


@pytest.mark.parametrize("kind", ["title", "choice", "line", "withdrawal", "grant"])
def test_every_combination_of_flags_has_one_answer(kind) -> None:
    fact, judge = KINDS[kind]
    for number in range(2 ** len(fact._fields)):
        flags = fact(*(number >> place & 1 for place in range(len(fact._fields))))
        assert judge(flags).says
