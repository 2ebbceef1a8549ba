"""Where an import changed very many rows, they are changed back at once, and exactly as one by one."""

import pytest

from store import audit, demand, runs, undo
from store.errors import Unfit
from store.imports.load import load
from store.records import Count
from tests.conftest import AS_OF
from tests.estates import demand as count
from tests.estates import groups, item, of, write

PRODUCTS = [f"P{n}" for n in range(150)]


@pytest.fixture
def estate(book, fill):
    fill(book, of(*(item(str(n), name, 5) for n, name in enumerate(PRODUCTS)), demand=[count(n, 3) for n in PRODUCTS]))
    return book


@pytest.fixture
def bring(estate, tmp_path):
    """Import other numbers for all products as one step, and something small between."""
    folder = write(
        tmp_path / "in",
        {
            "contract_items": [item(str(n), name, 6) for n, name in enumerate(PRODUCTS)],
            "resource_groups": groups("Berlin"),
            "demand": [count(name, 4) for name in PRODUCTS],
        },
    )

    def bring():
        with undo.step(estate, "Import"):
            demand.save(estate, Count("P0", "device", 9, source="count"))
            load(estate, folder, as_of=AS_OF)
            demand.save(estate, Count("P1", "device", 9, source="count"))

    return bring


def test_many_changes_go_back_and_forth_at_once(estate, bring):
    before = audit.content_hash(estate)
    bring()
    after = audit.content_hash(estate)
    entries = estate.value("SELECT count(*) FROM change_log")
    first = estate.value("SELECT first_entry FROM steps")
    assert [
        (run.subject, run.key, run.columns, run.last - run.first + 1) for run in runs.split(estate, first, entries)
    ] == [
        ("", (), (), 2),
        ("demand", ("product_id", "metric_id", "resource_group_id", "source"), ("quantity", "counted_on"), 150),
        ("contract_items", ("id",), ITEM, 150),
        ("", (), (), 1),
    ]

    many = runs.split(estate, first, entries)[1]
    assert runs.split(estate, *many[:2]) == [many]

    for _ in range(2):
        assert undo.back(estate).subjects >= {"contract_items", "demand", "imports"}
        assert audit.content_hash(estate) == before
        undo.forward(estate)
        assert audit.content_hash(estate) == after
    assert estate.value("SELECT count(*) FROM change_log") == entries + 4 * (entries - first + 1)
    assert [change.action for change in audit.history(estate, "demand", "P7|device||count")][::-1] == [
        "import",
        *("undo", "redo", "undo", "redo"),
    ]


ITEM = ("product_id", "model", "metric_id", "quantity", "license_start", "license_end")


def test_one_row_among_many_that_somebody_else_changed_is_named(estate, bring):
    bring()
    estate.run("UPDATE contract_items SET quantity = 7 WHERE item = '77'")
    before = audit.content_hash(estate)
    with pytest.raises(Unfit, match=r"contract items: 'C1\|77' has been changed since in another way"):
        undo.back(estate)
    assert audit.content_hash(estate) == before


def test_a_row_that_changed_twice_is_changed_back_step_by_step(estate):
    with undo.step(estate, "Count"):
        for quantity in range(4, 200):
            demand.save(estate, Count("P0", "device", quantity, source="count"))
    step = estate.one("SELECT first_entry, last_entry FROM steps")
    assert runs.split(estate, *step) == [runs.Run(*step)]
