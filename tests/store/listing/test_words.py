"""Words are found by their beginnings; everything that is not a letter or a digit only stands between them."""

import pytest

from store.listing.words import has_words, match, plain, words_of


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("SQL Server 2019", "serv sql", True),
        ("SQL Server 2019", "erver", False),
        ("MyServer server", "server", True),
        ("Büro-Paket", "buro paket", True),
        ("(Server)", "server", True),
        ("SQL_Studio", "studio", True),
        ("sub2020 2020", "2020", True),
        ("anything", "", True),
        ("", "a", False),
        (None, "a", False),
    ],
)
def test_each_word_must_begin_a_word_of_the_text(text, wanted, found):
    assert has_words(text, wanted) is found


def test_case_and_accents_do_not_count():
    assert plain("ÉCOLE Straße") == "ecole straße"


def test_what_was_typed_becomes_words_only():
    assert words_of(' "a" OR b* -c_d 1.5 ') == ["a", "OR", "b", "c", "d", "1", "5"]
    assert match('a" OR "b') == '"a"* "OR"* "b"*'
