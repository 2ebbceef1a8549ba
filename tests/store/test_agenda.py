"""What the calendar shows: counts of days, the events of a day, and a stretch of days page by page."""

from datetime import date

import pytest

from store import agenda, calendar
from store.errors import Unknown
from store.records import ManualEvent
from tests.estates import dated

DAY = date(2026, 12, 31)


@pytest.fixture
def estate(book, fill):
    """Office forever, Mail until the end of 2026; a talk each month from the end of October on."""
    fill(book, dated())
    calendar.save(book, ManualEvent("C1", "custom", date(2026, 10, 31), "Talk to Contoso", repeat="monthly"))
    return book


def told(entries):
    return [(entry.on.isoformat(), entry.kind) for entry in entries]


def test_a_month_knows_how_many_events_of_each_kind_its_days_have(estate):
    assert agenda.counts(estate, date(2026, 12, 1), DAY) == {
        date(2026, 12, 1): {"expiration-warning": 1},
        date(2026, 12, 24): {"expiration-warning": 1},
        DAY: {"expiration-warning": 1, "license-end": 1, "custom": 1},
    }
    assert agenda.counts(estate, date(2026, 12, 1), DAY, {"license-end"}) == {DAY: {"license-end": 1}}
    assert agenda.counts(estate, date(2026, 12, 1), DAY, set()) == {}


def test_a_day_shows_its_events_with_what_they_are_about(estate):
    own, warning, end = agenda.of_day(estate, DAY)
    assert (own.name, own.automatic, own.first, own.repeat) == ("Talk to Contoso", False, date(2026, 10, 31), "monthly")
    assert (warning.lead, warning.rule) == (0, "lifecycle.final-day-warning")
    assert (end.key, end.contract_name, end.product, end.model, end.metric, end.quantity) == (
        "C1|2|license-end|-1",
        "Contract C1",
        "Mail",
        "subscription",
        "device",
        5,
    )
    assert end.automatic
    assert told(agenda.of_day(estate, DAY, {"license-end"})) == [("2026-12-31", "license-end")]
    assert len(agenda.of_day(estate, DAY, limit=1)) == 2


def test_a_stretch_of_days_comes_page_by_page_and_misses_nothing(estate):
    first, last = date(2026, 1, 1), date(2027, 2, 28)
    whole = agenda.page(estate, first, last)
    assert whole.after is None
    pages, after = [], None
    while not pages or after is not None:
        found = agenda.page(estate, first, last, after=after, limit=2)
        pages, after = [*pages, found.entries], found.after
    assert [entry for page in pages for entry in page] == whole.entries
    assert len(pages) == 5
    assert told(whole.entries)[-3:] == [
        ("2026-12-31", "license-end"),
        ("2027-01-31", "custom"),
        ("2027-02-28", "custom"),
    ]


def test_one_goes_from_day_to_day_that_has_events(estate):
    begin, end = date(2020, 1, 1), date(2027, 12, 31)
    assert agenda.neighbor(estate, date(2026, 11, 21), end) == date(2026, 11, 30)
    assert agenda.neighbor(estate, date(2026, 11, 21), end, {"license-end"}) == DAY
    assert agenda.neighbor(estate, date(2026, 11, 1), begin) == date(2026, 10, 31)
    assert agenda.neighbor(estate, date(2026, 11, 1), begin, {"expiration-warning"}) == date(2026, 10, 2)
    assert agenda.neighbor(estate, date(2020, 6, 1), begin) is None


def test_what_is_acknowledged_is_shown_as_done_to_the_one_who_did_it(estate):
    own, warning, _ = agenda.of_day(estate, DAY)
    calendar.acknowledge(estate, warning.number)
    calendar.acknowledge_own(estate, own.number, date(2026, 11, 30))
    assert [entry.done for entry in agenda.of_day(estate, DAY)] == [False, True, False]
    assert [entry.done for entry in agenda.of_day(estate, date(2026, 11, 30))] == [True]


def test_an_event_is_found_by_its_key(estate):
    own, _, end = agenda.of_day(estate, DAY)
    assert agenda.one(estate, end.key) == end
    assert agenda.one(estate, own.key).on == date(2026, 10, 31)
    with pytest.raises(Unknown, match=r"has no event 'manual\|9'"):
        agenda.one(estate, "manual|9")


def test_every_event_is_handed_out_once_for_an_export(estate):
    found = list(agenda.every(estate, date(2026, 12, 30), date(2027, 12, 31)))
    assert told(found) == [
        ("2026-12-31", "expiration-warning"),
        ("2026-12-31", "license-end"),
        ("2026-10-31", "custom"),
    ]
    assert list(agenda.every(estate, date(2026, 1, 1), date(2026, 1, 2), {"custom"})) == []
    assert agenda.total(estate, date(2026, 12, 30), DAY) == 2
