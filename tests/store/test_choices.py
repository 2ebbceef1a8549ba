"""What a field can be filled with."""

from datetime import date

from store import choices
from store.records import Right
from tests import estates, portal
from tests.estates import item


def test_products_are_found_by_any_part_of_their_name(book, fill):
    fill(book, estates.of(item("1", "Office 2021", 1), item("2", "Draw", 1), item("3", "Office 2019", 1)))
    assert choices.products(book, "FFICE") == ["Office 2019", "Office 2021"]
    assert choices.products(book) == ["Draw", "Office 2019", "Office 2021"]
    assert choices.products(book, limit=1) == ["Draw"]
    assert choices.products(book, "%") == []


def test_rights_are_as_they_were_brought_in(book, fill):
    rights = [
        {"right": "R1", "kind": "downgrade", "family": "Server", "depth": 2, "valid_from": "2020-01-01"},
        {"right": "R2", "kind": "upgrade", "from_product": "Server 1", "to_product": "Draw", "metric": "device"},
    ]
    named = [estates.product("Server 1", family="Server"), estates.product("Draw")]
    fill(book, {**estates.of(item("1", "Server 1", 1)), "products": named, "rights": rights})
    assert choices.rights(book) == [
        Right("R1", "downgrade", family="Server", depth=2, valid_from=date(2020, 1, 1)),
        Right("R2", "upgrade", from_product="Server 1", to_product="Draw", metric="device"),
    ]
    assert choices.families(book) == ["Server"]
    assert choices.metrics(book) == ["device", "user", "core"]


def test_holders_titles_and_optional_entitlements_are_suggested(book):
    portal.fill(book)
    assert choices.holders(book, "p") == ["LAPTOP-17", "PC-9"]
    assert choices.holders(book, limit=1) == ["Ann"]
    assert choices.titles(book)[-2:] == [portal.SUITE, portal.VISIO]
    assert choices.definitions(book, portal.VISIO) == ["Drawing templates"]
