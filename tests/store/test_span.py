"""The days that a book is about, and what a change has touched."""

from datetime import date

from store import contracts, span, touched
from store.records import Contract
from tests import estates
from tests.estates import subscription


def test_an_empty_book_is_about_no_days(book):
    assert span.days(book) is None


def test_a_book_is_about_the_days_from_its_first_to_its_last_event(book, fill):
    fill(book, estates.of(subscription("1", "Office", 5, "2023-05-01", "2028-04-30")))
    assert span.days(book) == (date(2023, 5, 1), date(2028, 4, 30))


def test_a_change_touches_its_subject_and_what_follows_from_it(book, fill):
    fill(book, estates.of(subscription("1", "Office", 5, "2023-05-01", "2028-04-30")))
    mark = touched.mark(book)
    assert touched.since(book, mark) == frozenset()
    contracts.save(book, Contract("C-17", "Office", date(2026, 1, 1)))
    assert touched.since(book, mark) == {"contracts", "changes", "entitlements", "compliance", "events", "findings"}


def test_tables_are_told_by_the_names_that_people_have_for_them():
    assert {"groups", "demand"} <= touched.subjects(["resource_groups", "installations"])
    assert touched.subjects([]) == frozenset()
