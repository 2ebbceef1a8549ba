import json
import tracemalloc
from datetime import UTC, date, datetime
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.snapshots import canonical, reading
from tests.examples import examples
from tests.store.snapshots import sample

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ELEMENTS = st.lists(st.dictionaries(st.text(max_size=6), VALUES, max_size=5), max_size=6)


def test_every_element_stands_on_a_line_of_its_own_between_sorted_names(tmp_path):
    path = tmp_path / "snapshot.json"

    canonical.write(path, {"format": "x", "as_of": "2026-11-21"}, {"events": [b'{"a":1}', b'{"b":2}'], "charges": []})

    assert path.read_text() == ('{"as_of":"2026-11-21","charges":[\n],"events":[\n{"a":1},\n{"b":2}\n],"format":"x"}\n')


def test_the_sample_is_plain_json_with_everything_in_it(tmp_path):
    content = json.loads(sample.write(tmp_path / "snapshot.json").read_bytes())

    assert content == sample.HEAD | sample.LISTS


def test_keys_are_sorted_at_every_depth_and_dates_become_iso_text():
    assert canonical.encode({"b": {"z": 1, "a": [{"y": 1, "x": None}]}, "a": date(2026, 11, 21)}) == (
        b'{"a":"2026-11-21","b":{"a":[{"x":null,"y":1}],"z":1}}'
    )


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), [1.0], {"deep": [{"deeper": 0.1}]}, (2.0,), {1, 2}, b"raw", datetime(2026, 11, 21, tzinfo=UTC)],
)
def test_what_has_no_single_exact_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical.encode({"amount": value})


def test_a_float_in_the_head_is_refused(tmp_path):
    with pytest.raises(TypeError, match="float"):
        canonical.write(tmp_path / "snapshot.json", {"version": 1.5}, {})  # type: ignore[dict-item]


@pytest.mark.parametrize(("head", "lists"), [({}, {"events": []}), ({"events": "x"}, {"events": []})])
def test_a_head_that_is_empty_or_shares_a_name_with_a_list_is_misuse(tmp_path, head, lists):
    with pytest.raises(ValueError, match="head"):
        canonical.write(tmp_path / "snapshot.json", head, lists)


@examples(25)
@given(lists=st.dictionaries(st.sampled_from(canonical.LISTS), ELEMENTS))
def test_what_is_written_reads_back_by_element_and_as_a_whole(tmp_path_factory, lists):
    path = tmp_path_factory.getbasetemp() / "any.json"

    canonical.write(path, sample.HEAD, {name: map(canonical.encode, found) for name, found in lists.items()})

    assert json.loads(path.read_bytes()) == sample.HEAD | lists
    assert reading.head(path) == sample.HEAD
    assert reading.totals(path) == {name: len(found) for name, found in lists.items()}
    assert {name: list(reading.elements(path, name)) for name in lists} == lists


def test_memory_stays_flat_for_tens_of_thousands_of_elements(tmp_path):
    path = tmp_path / "snapshot.json"
    event = canonical.encode(sample.EVENTS[1])

    tracemalloc.start()
    canonical.write(path, sample.HEAD, {"events": repeat(event, 30_000)})
    read = sum(1 for _ in reading.elements(path, "events"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert read == 30_000
    assert path.stat().st_size > 7_000_000
    assert peak < 4_000_000
