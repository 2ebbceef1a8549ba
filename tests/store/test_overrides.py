"""What a person does with manual overrides: the typed figures hold, the calculated ones stay beside them."""

import json

import pytest

from store import demand as counts
from store import overrides
from store.errors import Unfit, Unknown
from store.records import Count, EntitlementKey, Override
from tests.conftest import snapshot_of
from tests.estates import demand, item, of

SERVER = EntitlementKey("Server", "perpetual", "core")
TYPED = Override(SERVER, "audit of 2026", demand=860, downgrade=-35, upgrade=0)


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Server", 1000, metric="core"), demand=[demand("Server", 900, metric="core")]))
    return book


def position(book):
    (found,) = snapshot_of(book)["positions"]
    return found


def test_typed_figures_hold_and_the_calculated_ones_stay_beside_them(estate):
    overrides.save(estate, TYPED)

    found = position(estate)
    assert (found["active"], found["demand"], found["downgrade"], found["upgrade"]) == (1000, 860, -35, 0)
    assert (found["balance"], found["status"]) == (105, "over-licensed")
    assert (found["calculated"]["demand"], found["calculated"]["balance"]) == (900, 100)
    assert found["override"]["reason"] == "audit of 2026"
    assert "override:Server|perpetual|core" in found["because"]


def test_switched_off_the_calculated_figures_hold_again_and_the_typed_ones_stay_in_the_log(estate):
    before = position(estate)
    overrides.save(estate, TYPED)
    overrides.remove(estate, SERVER)

    assert position(estate) == before
    (removed,) = estate.rows("SELECT before FROM change_log WHERE action = 'remove' AND subject = 'overrides'")
    assert json.loads(removed[0])["demand"] == 860
    with pytest.raises(Unknown, match="has no manual override"):
        overrides.remove(estate, SERVER)


def test_a_change_below_never_touches_what_was_typed(estate):
    overrides.save(estate, TYPED)
    counts.save(estate, Count("Server", "core", 950, source="count"))
    assert (position(estate)["demand"], position(estate)["calculated"]["demand"]) == (860, 950)


def test_a_second_override_of_an_entitlement_changes_the_first(estate):
    overrides.save(estate, TYPED)
    overrides.save(estate, Override(SERVER, "corrected", demand=870))
    assert (position(estate)["demand"], position(estate)["downgrade"]) == (870, 0)
    assert estate.value("SELECT count(*) FROM overrides") == 1


def test_typed_transfers_without_a_counterpart_are_warned_of(estate):
    overrides.save(estate, TYPED)
    codes = {f["code"]: f for f in snapshot_of(estate)["findings"]}
    assert codes["unbalanced-override"]["place"] == "override of Server - Perpetual - Core based"


@pytest.mark.parametrize(
    ("override", "fault", "sentence"),
    [
        (Override(SERVER, " "), Unfit, "reason: is empty"),
        (Override(SERVER, "x", active=-1), Unfit, "active: -1 is not possible"),
        (Override(SERVER, "x", demand=2**31), Unfit, "demand: 2,147,483,648 is not possible"),
        (Override(SERVER, "x", upgrade=-(2**31)), Unfit, "upgrade: -2,147,483,648 is not possible; at most"),
        (Override(EntitlementKey("Server", "perpetual", "user"), "x"), Unknown, "there is no entitlement"),
        (Override(EntitlementKey("Server", "maintenance", "core"), "x"), Unfit, "maintenance has no position"),
    ],
)
def test_what_no_override_can_hold_is_refused(override, fault, sentence, estate):
    before = position(estate)
    with pytest.raises(fault, match=sentence):
        overrides.save(estate, override)
    assert position(estate) == before
