"""Undo of what was large: it says how far it is, and stopped half way it has changed nothing."""

import pytest

from store import contracts, demand, undo
from store.audit import content_hash
from store.imports.load import load
from store.records import Contract, Count
from tests import estates
from tests.conftest import AS_OF
from tests.estates import item, of

PRODUCTS = [f"Tool {number}" for number in range(40)]


class StopError(Exception):
    pass


def bought(path):
    return estates.write(path, of(*(item(str(n), name, 5) for n, name in enumerate(PRODUCTS))))


@pytest.fixture
def estate(book, fill, tmp_path):
    fill(book, of(item("0", "Office", 5, contract="C0")))
    with undo.step(book, "Import"):
        load(book, bought(tmp_path / "tools"), as_of=AS_OF)
    return book


@pytest.mark.parametrize("turn", ["back", "forward"])
def test_an_import_is_undone_and_redone_step_by_step(turn, estate):
    if turn == "forward":
        undo.back(estate)
    steps = []
    step = getattr(undo, turn)(estate, lambda *told: steps.append(told))
    assert step.what == "Import"
    assert steps
    assert all(0 <= done <= total for done, total in steps)


@pytest.mark.parametrize("turn", ["back", "forward"])
def test_stopped_half_way_nothing_is_undone_or_redone(turn, estate):
    if turn == "forward":
        undo.back(estate)
    before = content_hash(estate)

    def stop(done, total):
        if done == total:
            raise StopError

    with pytest.raises(StopError):
        getattr(undo, turn)(estate, stop)
    assert content_hash(estate) == before
    assert getattr(undo, f"next_{turn}")(estate).what == "Import"
    getattr(undo, turn)(estate)
    assert content_hash(estate) != before


def test_many_single_changes_take_long_too_and_tell_of_each(estate):
    with undo.step(estate, "One contract"):
        contracts.save(estate, Contract("C-9", "One", AS_OF))
    assert not undo.takes_long(estate, undo.next_back(estate))
    with undo.step(estate, "Many counts"):
        for number in range(501):
            demand.save(estate, Count(PRODUCTS[number % 40], "device", number + 1, source=f"scan {number}"))
    assert undo.takes_long(estate, undo.next_back(estate))
    steps = []
    undo.back(estate, lambda *told: steps.append(told))
    assert (250, 501) in steps
