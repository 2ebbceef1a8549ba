"""What an input is, is told by its content; what it was known by is said."""

import pytest

from store.imports.readers import open_source

SCCM = "Name,Publisher,Version,Language,EffectiveQuantity\nOffice,Microsoft,2021,,5\n"


def test_a_file_is_recognized_by_its_columns_whatever_its_name(tmp_path):
    (tmp_path / "products.csv").write_text(SCCM)
    found = open_source(tmp_path / "products.csv")
    assert found.kind == "config-manager"
    assert found.reason == "its columns Name, Publisher, Version and EffectiveQuantity"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_separator_and_the_case_of_the_header_do_not_matter(tmp_path, delimiter):
    (tmp_path / "list.csv").write_text(SCCM.lower().replace(",", delimiter))
    assert open_source(tmp_path / "list.csv").kind == "config-manager"


def test_a_recognized_file_whose_bytes_are_no_text_says_so(tmp_path):
    (tmp_path / "list.csv").write_bytes(SCCM.encode() + b"Caf\xe9,x,1,,1\n")
    (finding,) = open_source(tmp_path / "list.csv").findings
    assert finding.code == "encoding"


def test_what_is_not_there_is_said(tmp_path):
    (finding,) = open_source(tmp_path / "no").findings
    assert (finding.code, finding.place) == ("not-found", "no")
