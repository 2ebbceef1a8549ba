"""What a person does with the calendar: events of one's own; automatic ones follow their contract."""

from dataclasses import replace
from datetime import date

import pytest

from store import calendar
from store.errors import Unfit, Unknown
from store.records import ManualEvent
from tests.conftest import snapshot_of
from tests.estates import item, of

TALK = ManualEvent("C1", "status-update", date(2026, 12, 1), "Talk to Contoso")


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100)))
    return book


def own(book):
    return [(e["on"], e["kind"], e["contract"]) for e in snapshot_of(book)["events"] if not e["automatic"]]


def test_an_event_of_ones_own_stands_in_the_calendar_and_can_be_moved_and_removed(estate):
    number = calendar.save(estate, TALK)
    assert own(estate) == [("2026-12-01", "status-update", "C1")]

    assert calendar.save(estate, replace(TALK, on=date(2026, 12, 8), id=number)) == number
    assert own(estate) == [("2026-12-08", "status-update", "C1")]

    calendar.remove(estate, number)
    assert own(estate) == []
    assert [row[0] for row in estate.rows("SELECT action FROM change_log WHERE subject = 'manual_events'")] == [
        "add",
        "change",
        "remove",
    ]


@pytest.mark.parametrize(
    ("event", "fault", "sentence"),
    [
        (replace(TALK, kind="purchased"), Unfit, "purchased events are automatic: they follow their contract"),
        (replace(TALK, kind="party"), Unfit, "'party' is none; possible are status-update, activity-log, custom"),
        (replace(TALK, name=" "), Unfit, "display name: is empty"),
        (replace(TALK, contract="C9"), Unknown, "contracts: there is no 'C9'"),
        (replace(TALK, id=77), Unknown, "the calendar has no event 77 of yours"),
    ],
)
def test_what_no_event_of_ones_own_can_be_is_refused(event, fault, sentence, estate):
    with pytest.raises(fault, match=sentence):
        calendar.save(estate, event)
    assert own(estate) == []


def test_an_automatic_event_cannot_be_removed_by_its_number(estate):
    automatic = estate.value("SELECT min(id) FROM events")
    with pytest.raises(Unknown, match="automatic events cannot be removed"):
        calendar.remove(estate, automatic)
    assert len(snapshot_of(estate)["events"]) == 2
