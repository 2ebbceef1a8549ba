"""Entitlements are found by the beginnings of their words, as one types."""

import pytest

from store import search
from tests.estates import item, of, product, subscription


@pytest.fixture
def estate(book, fill):
    products = [product("SQL Server 2019 Standard", vendor="Contoso"), product("Büro-Paket", vendor="Fabrikam")]
    fill(
        book,
        of(item("1", products[0]["product"], 5), subscription("2", "Büro-Paket", 5, "2026-01-01"), products=products),
    )
    return book


def names(book, text):
    found = search.find(book, text)
    return [book.value("SELECT name FROM entitlements WHERE id = ?", (number,)) for number in found]


@pytest.mark.parametrize("text", ["sql", "SQL serv", "2019 contoso", "stand perp", "sql server 2019 standard device"])
def test_every_word_is_found_by_its_beginning_in_any_order(text, estate):
    assert names(estate, text) == ["SQL Server 2019 Standard - Perpetual - Device based"]


@pytest.mark.parametrize("text", ["buro", "BÜRO paket", "fabri"])
def test_case_and_accents_do_not_matter(text, estate):
    assert names(estate, text) == ["Büro-Paket - Subscription - Device based"]


def test_a_word_that_none_has_finds_none(estate):
    assert names(estate, "sql fabrikam") == []


@pytest.mark.parametrize(
    "text", ["", "  ", '"', "* OR *", "NOT", "a AND (", "words:sql", "-sql", "^", "'; DROP TABLE x"]
)
def test_what_is_an_operator_elsewhere_is_only_text_here(text, estate):
    assert set(search.find(estate, text)) <= {1, 2}


def test_no_more_are_found_than_asked_for(estate):
    assert len(search.find(estate, "device", limit=1)) == 1
    search.rebuild(estate)
    assert len(search.find(estate, "device")) == 2
