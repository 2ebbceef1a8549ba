"""JSON is read exactly, or refused with the place of the fault."""

import json
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.imports.children import strict_json
from store.imports.children.answers import Failed


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"{}", {}),
        (b"\xef\xbb\xbf[1, -2.5, 1e3]", [1, -2.5, 1000.0]),
        (
            b'{"a": {"b": [true, false, null, "B\xc3\xbcro \\ud83d\\ude00"]}}',
            {"a": {"b": [True, False, None, "Büro 😀"]}},
        ),
        (b"[9223372036854775807, -9223372036854775808]", [2**63 - 1, -(2**63)]),
        (b'[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        (b'["a\\\\ud800"]', ["a\\ud800"]),
        (b"[" * 100 + b"]" * 100, eval("[" * 100 + "]" * 100)),
    ],
)
def test_sound_data_are_read_as_they_are(data, value):
    assert strict_json.parse(data) == value


@pytest.mark.parametrize(
    ("data", "place", "says"),
    [
        (b"", "line 1, column 1", "a value is missing"),
        (b"[1,", "line 1, column 4, in [1]", "a value is missing"),
        (b'{"a": 1} x', "line 1, column 10", "something follows after the end"),
        (b'{"a": 1}{"a": 1}', "line 1, column 9", "something follows after the end"),
        (b'{\n "a": [1 2]}', "line 2, column 10, in a[0]", "a comma or a closing bracket is missing"),
        (b'{"a" 1}', "line 1, column 6, in a", "a colon is missing"),
        (b'{"a": "b', "line 1, column 7, in a", "is never closed"),
        (b'["a\tb"]', "line 1, column 4, in [0]", "control character"),
        (b"{'a': 1}", "line 1, column 2", "this is no JSON"),
        (b'{"a": 1,}', "line 1, column 9", "this is no JSON"),
        (b'{"a": {"b": 1,\n"c": 2, "b": 3}}', "line 2, column 9, in a.b", 'the name "b" stands twice'),
        (b'{"a": [1, NaN]}', "line 1, column 11, in a[1]", "NaN is no number"),
        (b"[-Infinity]", "line 1, column 2, in [0]", "-Infinity is no number"),
        (b'{"a": {"b": 1e999}}', "line 1, column 13, in a.b", "the number 1e999 is too large"),
        (b"[1, 9223372036854775808]", "line 1, column 5, in [1]", "is too large"),
        (b"[" + b"9" * 5_000 + b"]", "line 1, column 2, in [0]", "is too large"),
        (b'{"a": ["ok", "\\ud800"]}', "line 1, column 14, in a[1]", "half of a character"),
        (b'{"a\\udc00": 1}', "line 1, column 2", "half of a character"),
        (b"[" * 101 + b"]" * 101, "line 1, column 101", "nested deeper than 100 levels"),
        (b'{"a":' * 100_000, "line 1, column 501", "nested deeper than 100 levels"),
        (b"[" * 5_000_000, "line 1, column 101", "nested deeper than 100 levels"),
        ('{"a": "ü"}'.encode("latin-1"), "byte 7", "not in UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "", "not in UTF-8"),
        (b'{"a": "\0"}', "", "not in UTF-8"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(data, place, says):
    with pytest.raises(Failed) as failed:
        strict_json.parse(data)
    assert failed.value.place.startswith(place)
    assert says in failed.value.reason


@pytest.mark.parametrize(
    "data",
    [b'["' + b'\\"' * 2_000_000, b'"' * 1_000_001, b'{"a":"' + b"\\ud800" * 500_000 + b'"}', b"[1," * 90 + b" " * 9_000_000],
)  # fmt: skip
def test_a_fault_is_found_quickly_however_the_data_are_made(data):
    begun = process_time()
    with pytest.raises(Failed):
        strict_json.parse(data)
    assert process_time() - begun < 20


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(VALUES, st.booleans())
def test_whatever_was_written_is_read(value, ascii_only):
    written = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert strict_json.parse(written) == value


@settings(deadline=None, max_examples=200)
@given(VALUES, st.integers(0, 200), st.binary(max_size=3), st.integers(0, 3))
def test_whatever_was_damaged_is_read_as_python_reads_it_or_refused(value, at, put, cut):
    data = json.dumps(value).encode()
    data = data[:at] + put + data[at + cut :]
    with suppress(Failed):
        assert strict_json.parse(data) == json.loads(data.decode("utf-8-sig"))
