"""The calendar: invoices, purchases, renewals, warnings and ends."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import library, lifecycle
from rules.lifecycle import Event, Lot, Purchase, Term, Warned, invoice_events, purchase_events, series
from rules.reference import explain, why_not
from rules.vocabulary import DEFAULT_LEADS, NEVER


def day(text: str) -> int:
    return NEVER if text == "never" else date.fromisoformat(text).toordinal()


def lot(starts_on: str, ends_on: str, *, key: str = "C1/1", invoiced_on: str = "2024-01-15") -> Lot:
    return day(starts_on), day(invoiced_on), key, day(ends_on)


def calendar(*lots: Lot, leads: Sequence[int] = ()) -> list[list[tuple[str, str, int]]]:
    events = purchase_events(series(lots), leads)
    return [[(date.fromordinal(each.on).isoformat(), each.kind, each.lead) for each in of_lot] for of_lot in events]


def test_the_facts_stand_as_the_document_declares_them() -> None:
    facts = library.documents()["lifecycle"].facts
    assert [tuple(facts[kind]) for kind in ("contract", "purchase", "warning")] == [
        lifecycle.Invoice._fields,
        Term._fields,
        Warned._fields,
    ]


def test_a_contract_is_in_the_calendar_on_the_day_of_its_invoice() -> None:
    invoiced = day("2024-01-15")
    expected = (Event("contract-invoiced", invoiced, -1, "lifecycle.contract-invoiced"),)
    assert invoice_events([invoiced, 0, invoiced]) == [expected, (), expected]


def test_the_first_purchase_is_purchased_and_the_next_one_is_a_renewal() -> None:
    first, second = calendar(
        lot("2024-02-01", "2025-01-31"), lot("2025-02-01", "2026-01-31", key="C2/1", invoiced_on="2025-01-10")
    )
    assert first == [("2024-02-01", "purchased", -1), ("2025-01-31", "license-end", -1)]
    assert second == [
        ("2025-02-01", "purchased-renewal", -1),
        ("2026-01-31", "expiration-warning", 0),
        ("2026-01-31", "license-end", -1),
    ]


def test_when_the_first_purchase_goes_the_next_one_becomes_the_first() -> None:
    assert calendar(lot("2025-02-01", "never", key="C2/1")) == [[("2025-02-01", "purchased", -1)]]


def test_a_purchase_without_end_has_neither_warning_nor_end() -> None:
    assert calendar(lot("2024-02-01", "never"), leads=DEFAULT_LEADS) == [[("2024-02-01", "purchased", -1)]]


def test_an_end_is_warned_of_on_the_final_day_and_on_the_days_set() -> None:
    assert calendar(lot("2023-03-01", "2024-02-29"), leads=(7, 90, 30, 60)) == [
        [
            ("2023-03-01", "purchased", -1),
            ("2023-12-01", "expiration-warning", 90),
            ("2023-12-31", "expiration-warning", 60),
            ("2024-01-30", "expiration-warning", 30),
            ("2024-02-22", "expiration-warning", 7),
            ("2024-02-29", "expiration-warning", 0),
            ("2024-02-29", "license-end", -1),
        ]
    ]


@pytest.mark.parametrize(("ends_on", "warned"), [("2024-01-30", []), ("2024-01-31", [30]), ("2024-02-01", [30])])
def test_a_warning_is_never_due_before_the_purchase_begins(ends_on: str, warned: list[int]) -> None:
    (events,) = calendar(lot("2024-01-01", ends_on), leads=[30])
    assert [lead for _, kind, lead in events if kind == "expiration-warning" and lead] == warned


def test_a_purchase_of_one_day_is_bought_warned_of_and_over_on_that_day() -> None:
    assert calendar(lot("2024-02-29", "2024-02-29"), leads=[7]) == [
        [
            ("2024-02-29", "expiration-warning", 0),
            ("2024-02-29", "license-end", -1),
            ("2024-02-29", "purchased", -1),
        ]
    ]


def test_leads_of_nothing_and_of_less_are_no_warnings_and_twice_the_same_lead_is_one() -> None:
    (events,) = calendar(lot("2024-01-01", "2024-12-31"), leads=[0, -5, 7, 7])
    assert [lead for _, kind, lead in events if kind == "expiration-warning"] == [7, 0]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "continued"),
    [
        ("2025-02-01", "2026-01-31", 1),  # the day after
        ("2025-02-02", "2026-01-31", 0),  # a day of gap
        ("2024-06-01", "2025-02-01", 1),  # overlapping, a day longer
        ("2024-06-01", "2025-01-31", 0),  # overlapping, as long
        ("2024-02-01", "never", 1),
    ],
)
def test_a_purchase_is_continued_by_a_later_one_without_gap_that_lasts_longer(
    starts_on: str, ends_on: str, continued: int
) -> None:
    first, second = series([lot("2024-02-01", "2025-01-31"), lot(starts_on, ends_on, key="C2/1")])
    assert (first.number, first.continued, second.number, second.continued) == (1, continued, 2, 0)


def test_a_renewal_need_not_be_the_very_next_purchase() -> None:
    first, between, renewal = series(
        [
            lot("2024-02-01", "2025-01-31"),
            lot("2024-03-01", "2024-06-30", key="C2/1"),
            lot("2025-01-01", "never", key="C3/1"),
        ]
    )
    assert [first.continued, between.continued, renewal.continued] == [1, 0, 0]


def test_purchases_of_one_day_are_numbered_by_invoice_day_and_then_by_key() -> None:
    lots = [
        lot("2024-02-01", "never", key="C1/2", invoiced_on="2024-01-15"),
        lot("2024-02-01", "never", key="C1/1", invoiced_on="2024-01-15"),
        lot("2024-02-01", "never", key="C9/9", invoiced_on="2023-12-01"),
    ]
    assert [purchase.number for purchase in series(lots)] == [3, 2, 1]


def test_equal_purchases_share_one_tuple_of_events() -> None:
    purchase = Purchase(1, day("2024-02-01"), day("2025-01-31"), 0)
    one, other, _ = purchase_events([purchase, Purchase(*purchase), Purchase(2, 1, 2, 0)], DEFAULT_LEADS)
    assert one is other


def test_nothing_bought_has_no_events() -> None:
    assert purchase_events([], DEFAULT_LEADS) == []
    assert invoice_events([]) == []
    assert series([]) == []


def test_why_a_warning_is_not_due_is_told_in_days() -> None:
    rule = library.rule("lifecycle.early-warning")
    verdicts = why_not(rule, {"w": Warned(days=29, continued=0, lead=30)})
    assert [each.values for each in verdicts if not each.holds] == ["30 <= 29"]


def test_every_event_names_the_rule_that_holds_for_it() -> None:
    purchase = Purchase(2, day("2024-02-01"), day("2025-01-31"), 0)
    seen = lifecycle.term(purchase)
    for event in purchase_events([purchase], DEFAULT_LEADS)[0]:
        rule = library.rule(event.rule)
        facts = {"p": seen, "w": Warned(seen.days, seen.continued, event.lead)}
        assert rule.then["event"] == event.kind
        assert all(verdict.holds for verdict in explain(rule, facts))


days_near = st.integers(0, 40).map(lambda offset: day("2024-02-10") + offset)
ends = st.one_of(st.integers(0, 40), st.none())


@st.composite
def some_lots(draw: st.DrawFn) -> list[Lot]:
    found: list[Lot] = []
    for number in range(draw(st.integers(0, 7))):
        starts_on, length = draw(days_near), draw(ends)
        ends_on = NEVER if length is None else starts_on + length
        found.append((starts_on, draw(days_near), f"C{number}", ends_on))
    return draw(st.permutations(found))


def brute_series(lots: Sequence[Lot]) -> list[tuple[int, bool]]:
    """Every purchase against every other one."""
    answers: list[tuple[int, bool]] = []
    for mine in lots:
        before = [other for other in lots if other[:3] < mine[:3]]
        after = [other for other in lots if other[:3] > mine[:3]]
        continued = mine[3] != NEVER and any(other[0] - 1 <= mine[3] < other[3] for other in after)
        answers.append((len(before) + 1, continued))
    return answers


def brute_events(purchase: Purchase, leads: Sequence[int]) -> list[tuple[date, str, int]]:
    """The calendar by dates, from the sentences of the guide."""
    first = date.fromordinal(purchase.starts_on)
    found = [(first, "purchased" if purchase.number == 1 else "purchased-renewal", -1)]
    if purchase.ends_on != NEVER:
        last = date.fromordinal(purchase.ends_on)
        found.append((last, "license-end", -1))
        if not purchase.continued:
            found.append((last, "expiration-warning", 0))
            warned = [(last - timedelta(days=lead), "expiration-warning", lead) for lead in {*leads} if lead > 0]
            found += [each for each in warned if each[0] >= first]
    return sorted(found)


@settings(deadline=None, max_examples=300)
@given(some_lots())
def test_the_series_agrees_with_a_look_at_every_pair(lots: list[Lot]) -> None:
    purchases = series(lots)
    assert [(each.number, bool(each.continued)) for each in purchases] == brute_series(lots)
    assert [(each.starts_on, each.ends_on) for each in purchases] == [(each[0], each[3]) for each in lots]


@settings(deadline=None, max_examples=300)
@given(st.lists(some_lots(), max_size=4), st.lists(st.integers(-1, 45), max_size=5))
def test_the_calendar_agrees_with_one_made_from_dates(estates: list[list[Lot]], leads: list[int]) -> None:
    purchases = [purchase for lots in estates for purchase in series(lots)]
    for purchase, events in zip(purchases, purchase_events(purchases, leads), strict=True):
        found = [(date.fromordinal(each.on), each.kind, each.lead) for each in events]
        assert found == brute_events(purchase, leads)
