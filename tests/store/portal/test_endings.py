"""Optional entitlements that expire stand in the calendar, can be acknowledged, and need attention."""

from datetime import date

import pytest

from gui import event_words
from store import agenda, attention, calendar, contracts, event_reasons, overviews, undo
from store.errors import Unknown
from store.portal import authorizations
from store.portal.records import Authorization, Span
from store.records import Contract, ManualEvent
from tests.store.portal.conftest import TODAY, entitlement, on, title

END = date(2025, 4, 30)
YEAR = date(2025, 1, 1), date(2025, 12, 31)


@pytest.fixture
def ends(portal):
    """Five PCs with SA: two until the end of April, one of them ended, one until May, one without end."""
    contracts.save(portal, Contract("C1", "Enterprise", END))
    for name, end in (("A", "2025-04-30"), ("B", "2025-04-30"), ("C", "2025-05-30"), ("D", None), ("E", "2025-04-30")):
        authorizations.save(portal, Authorization(name, "Office", f"PC-{name}", date(2025, 1, 1)))
        authorizations.enter(portal, name, "SA", Span(2, date(2025, 1, 1), on(end)))
    authorizations.end(portal, "E", date(2025, 4, 1))
    return portal


def told(entries):
    return [(entry.on.isoformat(), entry.kind, entry.name) for entry in entries]


def test_the_calendar_counts_and_lists_last_days_beside_all_other_events(ends):
    calendar.save(ends, ManualEvent("C1", "custom", END, "Call them"))
    counts = agenda.counts(ends, *YEAR)
    assert counts == {
        END: {"contract-invoiced": 1, "deployment-end": 2, "custom": 1},
        date(2025, 5, 30): {"deployment-end": 1},
    }
    assert agenda.counts(ends, *YEAR, {"license-end"}) == {}
    assert told(agenda.of_day(ends, END)) == [
        ("2025-04-30", "custom", "Call them"),
        ("2025-04-30", "deployment-end", "SA for PC-A"),
        ("2025-04-30", "deployment-end", "SA for PC-B"),
        ("2025-04-30", "contract-invoiced", ""),
    ]
    assert agenda.total(ends, *YEAR) == len(list(agenda.every(ends, *YEAR))) - 1 == 4
    assert agenda.total(ends, *YEAR, {"custom"}) == 0


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_of_the_agenda_have_every_entry_once_in_the_order_of_days(limit, ends):
    found, after = [], None
    while True:
        page = agenda.page(ends, *YEAR, after=after, limit=limit)
        found += page.entries
        after = page.after
        if after is None:
            break
    assert told(found) == [
        ("2025-04-30", "contract-invoiced", ""),
        ("2025-04-30", "deployment-end", "SA for PC-A"),
        ("2025-04-30", "deployment-end", "SA for PC-B"),
        ("2025-05-30", "deployment-end", "SA for PC-C"),
    ]


def test_one_steps_from_a_last_day_to_the_next(ends):
    assert agenda.neighbor(ends, END, YEAR[1]) == date(2025, 5, 30)
    assert agenda.neighbor(ends, date(2025, 5, 30), YEAR[0]) == END
    assert agenda.neighbor(ends, END, YEAR[1], {"license-end"}) is None


def test_a_last_day_is_known_by_its_key_acknowledged_and_explained(ends):
    first = agenda.of_day(ends, END, {"deployment-end"})[0]
    assert agenda.one(ends, first.key) == first
    assert (first.automatic, first.done, first.quantity, first.authorization) == (True, False, 2, "A")
    assert event_words.event_title(first) == "SA for PC-A ends"
    assert event_words.event_about(first) == "authorization A · 2"
    with undo.step(ends, "Acknowledge"):
        calendar.acknowledge(ends, first.number)
    assert agenda.one(ends, first.key).done
    undo.back(ends)
    assert not agenda.one(ends, first.key).done
    calendar.acknowledge(ends, first.number)
    calendar.acknowledge(ends, first.number, seen=False)
    assert not agenda.one(ends, first.key).done
    with pytest.raises(Unknown):
        agenda.one(ends, "deployment|99")
    with pytest.raises(Unknown):
        calendar.acknowledge(ends, first.number + 99)

    why = event_reasons.why(ends, first)
    assert why.rule == "optional_entitlements.expired"
    assert all(one.holds for one in why.conditions)
    assert [(fact.code, fact.value) for fact in why.facts] == [
        *(("authorization", "A"), ("holder", "PC-A"), ("definition", "SA")),
        *(("start", date(2025, 1, 1)), ("end", END)),
    ]


def test_what_is_extended_moves_in_the_calendar(ends):
    authorizations.enter(ends, "A", "SA", Span(2, date(2025, 1, 1), date(2026, 4, 30)))
    assert [entry.authorization for entry in agenda.of_day(ends, END, {"deployment-end"})] == ["B"]


def test_what_ends_soon_needs_attention_and_is_found_in_its_overview(ends):
    assert [one.entitlements for one in attention.expiring_deployed(ends, TODAY)] == [0, 2, 3]
    until = attention.expiring_deployed(ends, TODAY)[1].until
    ask = attention.ask_expiring_deployed(TODAY, until)
    keys = [overviews.key(ends, "deployed", number) for number in overviews.first(ends, "deployed", ask)]
    assert keys == ["A|SA", "B|SA"]
    assert [(one.key, one.holder, one.on, one.quantity) for one in attention.deployed_endings(ends, TODAY, 1)] == [
        ("A|SA", "PC-A", END, 2)
    ]


def test_what_waits_for_an_approver_is_counted(portal, ask):
    assert attention.waiting(portal) == 0
    ask(title(), entitlement())
    assert attention.waiting(portal) == 2
