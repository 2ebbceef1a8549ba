"""The JSON file of a mapping: it comes back as it went, and says what is wrong with it."""

import json

import pytest

from store.errors import KnownFault
from store.imports.mapping import shape
from store.imports.mapping.shape import ColumnMapping, LeaveOut

WHOLE = ColumnMapping(
    "Reseller",
    "licenses",
    {"A": "product", "B": "quantity"},
    {"metric": "user"},
    "DD/MM/YYYY",
    ",",
    ("-1",),
    (LeaveOut("C", ("x", "y")),),
    {"model": {"Miete": "subscription"}},
    ("A", "B", "C"),
)


def test_a_mapping_comes_back_from_its_file(tmp_path):
    shape.write(WHOLE, tmp_path / "m.json")
    assert shape.read(tmp_path / "m.json") == WHOLE


def test_a_header_fits_in_any_order_and_case():
    assert WHOLE.fits(["c", "B ", "a"])
    assert not WHOLE.fits(["A", "B"])
    assert not WHOLE.fits(["A", "B", "C", "D"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "other"}, 'its format must be "elpis-mapping"'),
        ({"target": "cars"}, "target must be one of licenses, installations, demand, users"),
        ({"date_format": "DMY"}, "date_format must be one of"),
        ({"decimal": ";"}, "decimal must be one of"),
        ({"columns": ["A"]}, "columns must be an object"),
        ({"columns": {"A": 5}}, "columns must pair texts with texts"),
        ({"columns": {"A": "product", "B": "wings"}}, "wings: wings is no field of licenses"),
        ({"columns": {"A": "product"}}, "quantity is needed"),
        ({"columns": {"A": "product", "B": "product"}}, "product is given 2 times"),
        ({"columns": {"A": "product", "Z": "quantity"}}, "There is no column Z in the file."),
        ({"leave_out": [{"column": "A", "values": "x"}]}, "the values of leave_out must be a list"),
        ({"leave_out": [5]}, "a rule of leave_out must be an object"),
        ({"unlimited": [5]}, "unlimited must be a list of texts"),
        ({"words": {"model": 5}}, "words must be an object"),
        ({"name": ""}, "The mapping needs a name"),
        ({"name": 5}, "name must be a text"),
        ({"colour": "red"}, "colour is not known in a mapping"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, change, sentence):
    path = tmp_path / "m.json"
    path.write_text(json.dumps(shape.as_data(WHOLE) | change))
    with pytest.raises(KnownFault) as fault:
        shape.read(path)
    assert sentence in str(fault.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "5", '"x"'])
def test_what_is_no_mapping_is_refused(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(KnownFault, match=r"m\.json is no mapping"):
        shape.read(path)


def test_a_file_that_is_not_there_or_far_too_large_is_refused(tmp_path):
    with pytest.raises(KnownFault, match="cannot be opened"):
        shape.read(tmp_path / "no.json")
    (tmp_path / "large.json").write_bytes(b" " * (1 << 20) + b"{}")
    with pytest.raises(KnownFault, match="larger than 1 MB"):
        shape.read(tmp_path / "large.json")
