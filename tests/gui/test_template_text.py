"""The template as text, and as empty files to fill in."""

import csv

import pytest

from rules.counting_methods import METHODS
from store.imports.tables import STORED
from store.imports.template import BY_NAME


def test_every_table_and_column_is_described(elpis):
    said = elpis("template")
    assert said.status == 0
    for name in STORED:
        assert f"\n{name}: " in f"\n{said.out}"
        assert all(
            f"  {column.name}" in elpis("template", name).out for column in BY_NAME[name.replace("_", "")].columns
        )


def test_keys_and_needed_columns_are_marked(elpis):
    said = elpis("template", "contract items").out
    assert "  contract#*" in said
    assert "  quantity*" in said
    assert "  sku  " in said
    assert "perpetual, subscription, maintenance" in said


def test_numbers_tell_the_least_that_is_accepted(elpis):
    assert "  processors             a whole number from 1; sockets in use" in elpis("template", "hosts").out
    assert "  minimum                  a whole number from 0; units" in elpis("template", "counting rules").out
    assert "  units            a whole number from 1" in elpis("template", "authorizations").out
    assert "  quantity*         a whole number from 0" in elpis("template", "demand").out


@pytest.mark.parametrize("method", METHODS)
def test_every_counting_method_is_told_with_what_it_takes_and_what_holds_without(method, elpis):
    told = [line for line in elpis("template", "counting rules").out.splitlines() if f"  method {method}" in line]
    assert all(f" {name}" in told[0].partition("; takes")[2] for name in METHODS[method])


def test_a_counting_method_is_told_with_its_defaults(elpis):
    said = elpis("template", "counting rules").out
    assert "; takes per (2), minimum_per_processor (8), minimum_per_server (16), count_host (0)\n" in said
    assert "  method core, virtual vm: Cores of what the product runs on: the vCPUs of a virtual machine" in said
    assert "  method device: One right for each device\n" in said
    assert "  every method takes minimum, pack, coverage, too\n" in said
    assert "method" not in elpis("template", "hosts").out


def test_a_table_that_does_not_exist_is_named_with_those_that_do(elpis):
    said = elpis("template", "licenses")
    assert said.status == 1
    assert "the template has no table 'licenses'; it has products" in said.err


def test_empty_files_have_every_header_and_overwrite_nothing(elpis, tmp_path):
    folder = tmp_path / "mine"
    assert elpis("template", "--out", str(folder)).status == 0
    assert {path.stem for path in folder.iterdir()} == set(STORED)
    with (folder / "demand.csv").open(newline="") as file:
        assert next(csv.reader(file))[:3] == ["product", "metric", "resource_group"]
    (folder / "products.csv").write_text("product\nmine\n")
    said = elpis("template", "--out", str(folder))
    assert said.status == 1
    assert "is there already" in said.err
    assert (folder / "products.csv").read_text() == "product\nmine\n"


def test_files_and_description_can_be_asked_for_together(elpis, tmp_path):
    said = elpis("template", "--describe", "--out", str(tmp_path / "both"))
    assert "products: something that is licensed" in said.out
    assert (tmp_path / "both" / "products.csv").exists()
