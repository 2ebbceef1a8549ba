"""Downgrade and upgrade rights: who may cover whose demand. A change moves licenses at once."""

from dataclasses import replace
from datetime import date

import pytest

from store import readers, rights
from store.errors import Unfit, Unknown
from store.records import Right
from tests.conftest import snapshot_of
from tests.estates import demand, item, of, product

FAMILY = Right("R1", "downgrade", family="Server")


@pytest.fixture
def estate(book, fill):
    tables = of(
        item("1", "Server 2", 30),
        demand=[demand("Server 1", 5), demand("Host", 7)],
        products=[
            product("Server 1", family="Server", version_rank=1),
            product("Server 2", family="Server", version_rank=2),
            product("Host"),
        ],
    )
    fill(book, tables)
    return book


def moved(book):
    return {(t["from_product"], t["to_product"]): t["quantity"] for t in snapshot_of(book)["transfers"]}


def test_a_right_of_a_family_moves_licenses_within_it_until_it_is_removed(estate):
    rights.save(estate, FAMILY)
    assert moved(estate) == {("Server 2", "Server 1"): 5}
    rights.remove(estate, "R1")
    assert moved(estate) == {}


def test_a_right_that_is_not_valid_yet_moves_nothing(estate):
    rights.save(estate, replace(FAMILY, valid_from=date(2027, 1, 1)))
    assert moved(estate) == {}
    rights.save(estate, replace(FAMILY, valid_until=date(2027, 1, 1)))
    assert moved(estate) == {("Server 2", "Server 1"): 5}


def test_a_named_pair_ties_two_products_together_and_lets_them_go(estate):
    rights.save(estate, Right("R2", "downgrade", from_product="Server 2", to_product="Host"))
    assert moved(estate) == {("Server 2", "Host"): 7}
    rights.save(estate, replace(FAMILY, right="R2"))
    assert moved(estate) == {("Server 2", "Server 1"): 5}
    rights.save(estate, Right("R2", "downgrade", from_product="Server 2", to_product="Host"))
    rights.remove(estate, "R2")
    assert moved(estate) == {}
    groups = dict(estate.rows("SELECT product, transfer_group FROM products"))
    assert groups["Host"] != groups["Server 2"] == groups["Server 1"]


def test_every_field_of_a_right_can_be_entered_and_is_read_back(estate):
    full = replace(FAMILY, metric="device", depth=1, valid_from=date(2026, 1, 1), valid_until=date(2027, 1, 1))
    rights.save(estate, full)
    assert readers.right(estate, "R1") == full
    pair = Right("R1", "upgrade", from_product="Server 2", to_product="Host", depth=0)
    rights.save(estate, pair)
    assert readers.right(estate, "R1") == pair


@pytest.mark.parametrize(
    ("right", "fault", "sentence"),
    [
        (replace(FAMILY, right=""), Unfit, "right: is empty"),
        (replace(FAMILY, kind="sidegrade"), Unfit, "kind: 'sidegrade' is none; possible are downgrade, upgrade"),
        (replace(FAMILY, family=""), Unfit, "a right is for a family, or from one product to another"),
        (replace(FAMILY, from_product="Host"), Unfit, "a right is for a family, or from one product to another"),
        (replace(FAMILY, family="", from_product="Host"), Unfit, "name either, and both of the two"),
        (replace(FAMILY, family="", from_product="Host", to_product="Host"), Unfit, "needs no right to cover itself"),
        (replace(FAMILY, depth=-1), Unfit, "depth: -1 is not possible"),
        (
            replace(FAMILY, valid_from=date(2027, 1, 1), valid_until=date(2026, 1, 1)),
            Unfit,
            "valid until: 2026-01-01 lies before the first day, 2027-01-01",
        ),
        (replace(FAMILY, family="Hosts"), Unknown, "families: there is no 'Hosts'"),
        (replace(FAMILY, metric="seat"), Unknown, "metrics: there is no 'seat'"),
    ],
)
def test_what_no_right_can_be_is_refused(right, fault, sentence, estate):
    with pytest.raises(fault, match=sentence):
        rights.save(estate, right)
    assert estate.rows("SELECT * FROM rights") == []


def test_a_right_that_is_not_there_cannot_be_removed(estate):
    with pytest.raises(Unknown, match="rights: there is no 'R9'"):
        rights.remove(estate, "R9")
