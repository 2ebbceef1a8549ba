"""Which entitlement a contract item opens or feeds."""

from itertools import product

from rules import library
from rules.formation import BASE, ORPHAN, OWN, Item, targets


def test_the_facts_stand_as_the_document_declares_them() -> None:
    assert tuple(library.documents()["formation"].facts["item"]) == Item._fields


def test_usage_rights_feed_the_entitlement_of_their_own_model() -> None:
    items = [Item(0, separate, base) for separate, base in product((0, 1), repeat=2)]
    assert targets(items) == [(OWN, "formation.own")] * 4


def test_maintenance_is_a_quantity_of_the_perpetual_entitlement() -> None:
    assert targets([Item(maintenance=1, separate=0, base=1)]) == [(BASE, "formation.maintained-base")]


def test_maintenance_that_is_tracked_separately_has_its_own_entitlement() -> None:
    assert targets([Item(maintenance=1, separate=1, base=base) for base in (0, 1)]) == [
        (OWN, "formation.dedicated-maintenance"),
        (OWN, "formation.dedicated-maintenance"),
    ]


def test_maintenance_of_nothing_is_an_orphan() -> None:
    assert targets([Item(maintenance=1, separate=0, base=0)]) == [(ORPHAN, "formation.orphan-maintenance")]
