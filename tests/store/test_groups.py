"""Resource groups and user groups are trees: made, renamed, moved and removed, never in a circle."""

import pytest

from store import allocations, entitlements, groups, search
from store.errors import Unfit, Unknown
from store.records import EntitlementKey
from tests.conftest import snapshot_of
from tests.estates import item, of

OFFICE = EntitlementKey("Office", "perpetual", "device")
KINDS = pytest.mark.parametrize("kind", [groups.RESOURCE_GROUPS, groups.USER_GROUPS])


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100)))
    for kind in (groups.RESOURCE_GROUPS, groups.USER_GROUPS):
        groups.add(book, kind, "Europe")
        groups.add(book, kind, "Germany", "Europe")
        groups.add(book, kind, "Berlin", "Germany")
    return book


@KINDS
def test_a_group_can_be_added_below_another_one(kind, estate):
    assert groups.tree(estate, kind) == {"Berlin": "Germany", "Europe": "", "Germany": "Europe"}


@KINDS
def test_a_group_can_be_moved_with_all_that_is_below_it(kind, estate):
    groups.move(estate, kind, "Germany", "")
    assert groups.tree(estate, kind) == {"Berlin": "Germany", "Europe": "", "Germany": ""}
    groups.move(estate, kind, "Europe", "Berlin")
    assert groups.tree(estate, kind)["Europe"] == "Berlin"


@KINDS
@pytest.mark.parametrize("parent", ["Europe", "Germany", "Berlin"])
def test_a_group_is_never_its_own_ancestor(kind, parent, estate):
    before = groups.tree(estate, kind)
    with pytest.raises(Unfit, match=f"'Europe' would be above and below '{parent}' at once"):
        groups.move(estate, kind, "Europe", parent)
    assert groups.tree(estate, kind) == before


@KINDS
def test_a_name_is_given_once(kind, estate):
    for change in (
        lambda: groups.add(estate, kind, " Berlin "),
        lambda: groups.rename(estate, kind, "Europe", "Berlin"),
    ):
        with pytest.raises(Unfit, match="name: there is a group 'Berlin' already"):
            change()
    with pytest.raises(Unfit, match="name: is empty"):
        groups.add(estate, kind, "  ")
    groups.rename(estate, kind, "Berlin", "Berlin")


def test_a_renamed_group_is_the_same_wherever_it_is_spoken_of(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Berlin", 40)
    entitlements.set_responsible(estate, OFFICE, "Berlin")
    assert search.find(estate, "berlin")
    groups.rename(estate, groups.RESOURCE_GROUPS, "Berlin", "Capital")
    groups.rename(estate, groups.USER_GROUPS, "Berlin", "Team B")

    (found,) = snapshot_of(estate)["entitlements"]
    (position,) = snapshot_of(estate)["positions"]
    assert [part["resource_group"] for part in position["breakdown"]] == ["Capital", None]
    assert found["managed_by"] == "Team B"
    assert search.find(estate, "berlin") == []
    assert search.find(estate, "team b")


@KINDS
def test_a_group_that_nothing_uses_can_be_removed(kind, estate):
    groups.remove(estate, kind, "Berlin")
    assert groups.tree(estate, kind) == {"Europe": "", "Germany": "Europe"}


def test_a_group_in_use_stays_and_says_what_uses_it(estate):
    allocations.allocate(estate, OFFICE, "Berlin", "Berlin", 40)
    for kind in (groups.RESOURCE_GROUPS, groups.USER_GROUPS):
        with pytest.raises(Unfit, match=r"'Berlin' cannot be removed: it is used by allocations. Change those first."):
            groups.remove(estate, kind, "Berlin")
        with pytest.raises(Unfit, match=r"'Germany' has groups below it. Move or remove them first."):
            groups.remove(estate, kind, "Germany")


@KINDS
def test_a_group_that_is_not_there_is_named(kind, estate):
    for change in (
        lambda: groups.remove(estate, kind, "Berlyn"),
        lambda: groups.rename(estate, kind, "Berlyn", "X"),
        lambda: groups.move(estate, kind, "Berlyn", ""),
        lambda: groups.add(estate, kind, "X", "Berlyn"),
    ):
        with pytest.raises(Unknown, match=r"there is no 'Berlyn'. Did you mean 'Berlin'?"):
            change()


def test_there_are_two_kinds_of_groups(estate):
    with pytest.raises(Unknown, match=r"there are no 'teams'; there are resource_groups and user_groups"):
        groups.tree(estate, "teams")


def test_the_group_of_what_has_no_group_cannot_be_named(estate):
    with pytest.raises(Unknown):
        groups.remove(estate, groups.RESOURCE_GROUPS, "")
