"""Whatever is asked for and decided in whatever order: what must always hold, holds."""

import tempfile
from contextlib import closing, suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Unfit
from store.portal import authorizations, decisions, definitions, requests, titles
from store.portal.records import Decision, Definition, Line, Request, Title
from tests.conftest import another
from tests.examples import examples

START = date(2025, 1, 1)
WRITTEN = {"created", "replaced"}
TITLES = ("Office", "Viewer")
DEFINITIONS = ("SA", "Free", "Care")

days = st.integers(0, 400).map(lambda count: START + timedelta(count))
lines = st.lists(
    st.tuples(st.sampled_from((*TITLES, *DEFINITIONS)), st.integers(1, 3), days, st.none() | days),
    min_size=1,
    max_size=5,
)
actions = st.lists(
    st.tuples(
        lines, st.sampled_from(["PC-1", "PC-2"]), st.lists(st.sampled_from(["approve", "deny", "withdraw"]), max_size=5)
    ),
    min_size=1,
    max_size=6,
)


def filled(book):
    titles.save(book, Title("Office", price=Decimal(100)))
    titles.save(book, Title("Viewer", requires_approval=False, price=Decimal(7)))
    definitions.save(book, Definition("SA", "Office", unit_price=Decimal(30)))
    definitions.save(book, Definition("Free", "Office"))
    definitions.save(book, Definition("Care", "Viewer", unit_price=Decimal("0.50"), ends_on=START + timedelta(200)))


def line(number, what, quantity, start, end):
    if what in TITLES:
        return Line(str(number), "title", what, quantity=quantity)
    end = None if end is None or end < start else end
    return Line(str(number), "entitlement", "Viewer" if what == "Care" else "Office", what, quantity, start, end)


def act(book, asked):
    """Submit and decide one request after the other, each a few days later."""
    for number, (wanted, holder, decided) in enumerate(asked):
        day, name = START + timedelta(7 * number), f"R{number}"
        found = [line(place, *one) for place, one in enumerate(wanted, 1)]
        requests.submit(book, Request(name, "kim", holder, day, tuple(found)))
        for place, decision in enumerate(decided, 1):
            with suppress(Unfit, decisions.Unknown):
                if decision == "withdraw":
                    requests.withdraw(book, name, [str(place)], by="kim")
                else:
                    decisions.decide(book, [Decision(name, str(place), decision, day, "lee", "because")])


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@examples(20)
@given(actions)
def test_what_must_always_hold(folder, asked):
    path = folder / f"{len(list(folder.iterdir()))}.elpis"
    with closing(another(path, temporary=True)) as book:
        filled(book)
        act(book, asked)
        rows = book.rows(
            """SELECT l.id, l.request_id, l.kind, l.title_id, l.outcome, l.price, l.quantity, r.request, l.line,
               (SELECT count(*) FROM deployed_entitlements e WHERE e.line_id = l.id),
               (SELECT group_concat(c.amount) FROM charges c WHERE c.request = r.request AND c.line = l.line)
               FROM request_lines l JOIN requests r ON r.id = l.request_id"""
        )
        titles_of = {
            (row[1], row[3]) for row in rows if row[2] == "title" and row[4] not in ("refused", "denied", "cancelled")
        }
        for _, request, kind, title, outcome, price, quantity, *_, periods, charged in rows:
            assert periods == (kind == "entitlement" and outcome in WRITTEN), "a period exactly where it was written"
            if kind == "entitlement":
                amount = Decimal(price or 0) * quantity if outcome in WRITTEN else 0
                assert Decimal(charged or 0) == amount, "a charge exactly where a period was, unless the price is zero"
                assert outcome not in WRITTEN | {"pending"} or (request, title) in titles_of, "not without its title"
            if outcome in ("denied", "cancelled", "stale", "refused", "pending"):
                assert not charged
        current = book.rows(
            "SELECT count(*) FROM deployed_entitlements WHERE replaced_on IS NULL GROUP BY authorization_id, definition_id"
        )
        assert all(count == 1 for (count,) in current), "one present period each"
        assert book.rows("PRAGMA foreign_key_check") == []
        for one in authorizations.every_deployed(book, START):
            numbers = [period.replaced_on for period in one.periods]
            assert numbers[-1] is None
            assert None not in numbers[:-1]


@examples(12)
@given(st.integers(1, 3), days, st.none() | days, days)
def test_asking_for_the_same_again_changes_nothing_whatever_its_start(folder, quantity, start, end, other):
    end = None if end is None or end < max(start, other) else end
    path = folder / f"again{len(list(folder.iterdir()))}.elpis"
    with closing(another(path, temporary=True)) as book:
        filled(book)
        for name, begin in (("R1", start), ("R2", other)):
            wanted = Line("2", "entitlement", "Office", "SA", quantity, begin, end)
            requests.submit(book, Request(name, "kim", "PC-1", START, (Line("1", "title", "Office"), wanted)))
            with suppress(Unfit):
                decisions.approve(book, [(name, "1")], on=START, by="lee")
            decisions.approve(book, [(name, "2")], on=START, by="lee")
        assert book.rows("SELECT outcome FROM request_lines WHERE line = '2'") == [("created",), ("no-change",)]
        assert book.value("SELECT count(*) FROM deployed_entitlements") == 1
        assert book.value("SELECT count(*) FROM charges WHERE line = '2'") == 1
