"""States that overviews filter and sort by are those that the rules conclude."""

from datetime import date, timedelta

import pytest

from store import settings
from store.overviews import Ask
from store.portal import authorizations, definitions
from tests.conftest import AS_OF
from tests.store.listing.oracle import all_ids, table

DAYS = [AS_OF, date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 20), date(2027, 2, 1), date(2028, 1, 1)]


@pytest.mark.parametrize("day", DAYS)
def test_the_states_of_definitions_authorizations_and_what_is_deployed(plain_book, day):
    before = settings.get(plain_book, "as_of")
    settings.put(plain_book, "as_of", day.isoformat())
    try:
        offered = table(plain_book, "definitions").values()
        names = [row["definition"] for row in offered]
        assert {row["definition"]: row["state"] for row in offered} == {
            name: state for name, (state, _) in definitions.states(plain_book, day, names).items()
        }
        assert {row["definition"]: row["effective_end"] for row in offered} == {
            name: end.isoformat() if (end := definitions.effective_end(plain_book, name)) else None for name in names
        }
        held = table(plain_book, "authorizations").values()
        names = [row["authorization"] for row in held]
        assert {row["authorization"]: row["state"] for row in held} == {
            name: state for name, (state, _) in authorizations.states(plain_book, day, names).items()
        }
        deployed = table(plain_book, "deployed").values()
        assert {(row["authorization"], row["definition"]): row["state"] for row in deployed} == {
            (one.authorization, one.definition): one.state for one in authorizations.every_deployed(plain_book, day)
        }
        left = {row["end"]: row["days_left"] for row in deployed if row["end"]}
        assert all(date.fromisoformat(end) - day == timedelta(days) for end, days in left.items())
    finally:
        settings.put(plain_book, "as_of", before)


def test_every_kind_of_row_stands_in_the_estate(plain_book):
    assert {row["state"] for row in table(plain_book, "definitions").values()} == {
        *("orderable", "included", "upcoming", "hidden", "expired")
    }
    assert {row["state"] for row in table(plain_book, "deployed").values()} == {
        *("active", "expired", "scheduled", "ended")
    }
    assert {row["status"] for row in table(plain_book, "charges").values()} == {"standing", "reversed"}
    for code in ("pending", "approved", "declined"):
        assert all_ids(plain_book, "requests", Ask(filter=code)), code
    assert all_ids(plain_book, "approvals")
