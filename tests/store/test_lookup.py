"""Records found by a few typed words."""

import pytest

from store.lookup import find
from tests import estates, portal
from tests.estates import contract, item


@pytest.fixture
def estate(book, fill):
    tables = estates.of(item("1", "Office 2021", 10), item("1", "Draw", 1, contract="M-7"))
    fill(book, {**tables, "contracts": [contract(), contract("M-7", name="Design 100%", supplier="ACME")]})
    return book


def test_one_word_finds_records_of_every_kind(estate):
    assert [(one.subject, one.key) for one in find(estate, "office")] == [
        ("entitlement", "Office 2021|perpetual|device"),
        ("product", "Office 2021"),
    ]
    assert [(one.subject, one.key, one.detail) for one in find(estate, "design")] == [("contract", "M-7", "M-7, ACME")]


def test_every_word_has_to_fit(estate):
    assert find(estate, "office 2019") == []
    assert {one.subject for one in find(estate, "2021 off")} == {"entitlement", "product"}


def test_signs_of_databases_mean_themselves(estate):
    assert [one.key for one in find(estate, "100%")] == ["M-7"]
    assert find(estate, "_") == []
    assert find(estate, "' OR 1") == []
    assert find(estate, "   ") == []


def test_no_more_than_asked_for_of_each_kind(book, fill):
    fill(book, estates.of(*(item(str(n), f"Office {n:02}", 1) for n in range(20))))
    assert len(find(book, "office", limit=3)) == 6


def test_titles_definitions_authorizations_and_requests_are_found(book):
    portal.fill(book)
    assert [(one.subject, one.key, one.name) for one in find(book, "ann suite")] == [
        ("authorization", "A-1", "Ann, Suite 2024")
    ]
    assert ("title", "Suite 2024") in [(one.subject, one.key) for one in find(book, "suite")]
    assert [(one.subject, one.detail) for one in find(book, "training")] == [
        ("definition", "entitlement of Suite 2024")
    ]
    assert [(one.key, one.detail) for one in find(book, "r-2026-004")] == [("R-2026-004", "for PC-9, by ben")]
