"""Groups are trees: a parent may stand below its children, and may change, but never into a circle."""

import json

import pytest

from store.imports.finding import Refused
from tests.estates import groups


def tree(book, table="resource_groups"):
    return dict(
        book.rows(f"SELECT g.name, p.name FROM {table} g LEFT JOIN {table} p ON p.id = g.parent_id WHERE g.name <> ''")
    )


@pytest.mark.parametrize("table", ["resource_groups", "user_groups"])
def test_a_parent_may_stand_below_its_children(table, book, fill):
    found = fill(book, {table: [*groups(Berlin="Germany", Mitte="Berlin"), *groups("Germany")]})
    assert tree(book, table) == {"Berlin": "Germany", "Mitte": "Berlin", "Germany": None}
    assert found.counts[table] == (3, 0, 0)


def test_a_parent_may_be_known_from_an_earlier_import(book, fill):
    fill(book, {"resource_groups": groups("Germany")})
    found = fill(book, {"resource_groups": groups(Berlin="Germany")})
    assert tree(book) == {"Germany": None, "Berlin": "Germany"}
    assert found.counts["resource_groups"] == (1, 0, 0)


def test_a_changed_parent_is_logged_and_the_same_again_is_not(book, fill):
    fill(book, {"resource_groups": groups("Germany", "Europe", Berlin="Germany")})
    moved = {"resource_groups": groups("Germany", "Europe", Berlin="Europe")}
    assert fill(book, moved).counts["resource_groups"] == (0, 1, 2)
    assert fill(book, moved).counts["resource_groups"] == (0, 0, 3)
    sql = "SELECT key, before, after FROM change_log WHERE subject = 'resource_groups'"
    number = dict(book.rows("SELECT name, id FROM resource_groups"))
    before, after = (json.dumps({"parent_id": number[name]}, separators=(",", ":")) for name in ("Germany", "Europe"))
    assert book.rows(sql) == [("Berlin", before, after)]


def test_a_circle_that_only_the_book_and_the_file_together_make_is_refused(book, fill):
    fill(book, {"resource_groups": groups("A", B="A", C="B")})
    with pytest.raises(Refused, match='"A" would be above and below "C" at once; a group cannot be its own ancestor'):
        fill(book, {"resource_groups": groups(A="C")})
    assert tree(book) == {"A": None, "B": "A", "C": "B"}


def test_a_group_below_a_circle_is_not_blamed_for_it(book, fill):
    with pytest.raises(Refused) as refused:
        fill(book, {"user_groups": groups(X="Y", Y="X", Below="X")})
    assert [f.place for f in refused.value.findings] == [
        "user_groups.csv, row 2, column parent",
        "user_groups.csv, row 3, column parent",
    ]
