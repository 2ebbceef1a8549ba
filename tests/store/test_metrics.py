"""Metrics: three that every book has, and those that a person adds."""

import pytest

from store import demand, metrics
from store.errors import Unfit, Unknown
from store.records import Count
from tests.estates import item, of


def test_a_metric_can_be_added_used_and_once_unused_removed(book, fill):
    metrics.add(book, "Seat ")
    fill(book, of(item("1", "Office", 10, metric="seat")))
    demand.save(book, Count("Office", "seat", 4))
    with pytest.raises(Unfit, match=r"'seat' cannot be removed: it is used by entitlements, contract items, demand"):
        metrics.remove(book, "seat")

    metrics.add(book, "core pair")
    metrics.remove(book, "core pair")
    assert book.rows("SELECT code FROM metrics ORDER BY id") == [("device",), ("user",), ("core",), ("seat",)]
    assert book.rows("SELECT action, key FROM change_log WHERE subject = 'metrics' ORDER BY id") == [
        ("add", "seat"),
        ("add", "core pair"),
        ("remove", "core pair"),
    ]


@pytest.mark.parametrize("code", ["user", " USER"])
def test_a_metric_is_there_once(code, book):
    with pytest.raises(Unfit, match="metric: there is 'user' already"):
        metrics.add(book, code)


@pytest.mark.parametrize("code", ["device", " device"])
def test_a_metric_of_every_book_stays(code, book):
    with pytest.raises(Unfit, match="'device' is one that every book has"):
        metrics.remove(book, code)


def test_a_metric_that_is_not_there_is_named(book):
    with pytest.raises(Unknown, match="there is no 'seat'"):
        metrics.remove(book, "seat")
