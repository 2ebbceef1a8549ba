"""What happens to a record, on which days."""

from datetime import date

import pytest

from store import products
from store.portraits import timeline
from store.records import Product
from tests import estates
from tests.estates import demand, item, maintenance, of, subscription


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.fixture
def estate(book, fill):
    fill(
        book,
        of(
            subscription("1", "Office", 5, "2025-01-01", "2025-12-31"),
            subscription("2", "Office", 8, "2026-01-01", "2026-12-31"),
            item("3", "Server", 10),
            maintenance("4", "Server", 10, "2026-01-01", "2026-12-31"),
            contracts=[estates.contract(notice_date="2026-09-30")],
            products=[
                estates.product("Office"),
                estates.product("Server"),
            ],
            demand=[demand("Office", 5)],
        ),
    )
    products.save(book, Product("Server", released_on=date(2024, 1, 1), support_ends_on=date(2034, 1, 1)))
    return book


def test_the_first_purchase_and_its_renewal_are_told_apart(estate):
    found = timeline.of(estate, "entitlement", "Office|subscription|device")

    assert [(bar.kind, bar.first, bar.last, bar.quantity) for bar in found.licenses] == [
        ("purchased", day("2025-01-01"), day("2025-12-31"), 5),
        ("purchased-renewal", day("2026-01-01"), day("2026-12-31"), 8),
    ]
    assert found.maintenance == ()
    assert not found.empty


def test_a_term_without_end_has_none_and_maintenance_stands_apart(estate):
    found = timeline.of(estate, "entitlement", "Server|perpetual|device")

    assert [(bar.item, bar.last) for bar in found.licenses] == [("3", None)]
    assert [(bar.item, bar.kind) for bar in found.maintenance] == [("4", "maintenance")]


def test_warnings_come_with_their_lead_and_marks_by_their_day(estate):
    marks = timeline.of(estate, "entitlement", "Office|subscription|device").marks

    assert [mark.day for mark in marks] == sorted(mark.day for mark in marks)
    assert {mark.lead for mark in marks if mark.kind == "expiration-warning"} == {0, 7, 30, 60, 90}
    assert {mark.lead for mark in marks if mark.kind == "license-end"} == {-1}


def test_a_position_has_the_timeline_of_its_entitlement(estate):
    own = timeline.of(estate, "entitlement", "Office|subscription|device")

    assert timeline.of(estate, "position", "Office|subscription|device") == own


def test_a_contract_shows_all_its_items_and_its_notice_date(estate):
    found = timeline.of(estate, "contract", "C1")

    assert len(found.licenses) == 3
    assert ("notice", day("2026-09-30")) in {(mark.kind, mark.day) for mark in found.marks}


def test_a_product_shows_when_it_came_out_and_loses_support(estate):
    found = timeline.of(estate, "product", "Server")

    assert {("released", day("2024-01-01")), ("support-end", day("2034-01-01"))} <= {
        (mark.kind, mark.day) for mark in found.marks
    }
    assert {mark.kind for mark in timeline.of(estate, "product", "Office").marks} & {"released", "support-end"} == set()


@pytest.mark.parametrize("subject", ["entitlement", "contract", "product", "position"])
def test_what_is_gone_has_an_empty_timeline(estate, subject):
    assert timeline.of(estate, subject, "Nothing|perpetual|device").empty
