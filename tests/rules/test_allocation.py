"""How much of an entitlement may be allocated."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import library
from rules.allocation import GRANTED, OVER_ALLOCATED, REFUSED, WITHIN, Decision, Request, Standing, decide, judge
from rules.vocabulary import MAX_QUANTITY, UNLIMITED


def test_the_facts_stand_as_the_document_declares_them() -> None:
    facts = library.documents()["allocation"].facts
    assert (tuple(facts["standing"]), tuple(facts["request"])) == (Standing._fields, Request._fields)


def test_all_2000_licenses_may_be_allocated_and_one_more_is_too_many() -> None:
    assert judge([Standing(2000, 2000), Standing(2000, 2001)]) == [
        (WITHIN, "allocation.within"),
        (OVER_ALLOCATED, "allocation.over-allocated"),
    ]


def test_a_new_allocation_may_use_up_what_remains() -> None:
    assert decide([Request(quantity=2000, allocated=0, requested=2000)]) == [Decision(GRANTED, 0, "allocation.granted")]


def test_a_refusal_says_by_how_many_the_quantity_would_be_exceeded() -> None:
    assert decide([Request(quantity=100, allocated=60, requested=50)]) == [Decision(REFUSED, 10, "allocation.too-many")]


def test_an_allocation_of_nothing_is_refused() -> None:
    assert decide([Request(100, 0, 0), Request(100, 0, -5)]) == [Decision(REFUSED, 0, "allocation.nothing")] * 2


def test_an_unlimited_entitlement_grants_everything() -> None:
    assert judge([Standing(UNLIMITED, MAX_QUANTITY)])[0][0] == WITHIN
    assert decide([Request(UNLIMITED, MAX_QUANTITY, MAX_QUANTITY)])[0].judgement == GRANTED


@settings(deadline=None)
@given(st.integers(0, 20), st.integers(0, 25), st.integers(-2, 25))
def test_whatever_is_granted_leaves_the_entitlement_in_order(quantity: int, allocated: int, requested: int) -> None:
    (decision,) = decide([Request(quantity, allocated, requested)])
    ((after, _),) = judge([Standing(quantity, allocated + requested)])
    assert (decision.judgement == GRANTED) == (requested > 0 and after == WITHIN)
    assert decision.excess == max(0, allocated + requested - quantity)
