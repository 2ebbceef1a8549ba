"""Names lose what does not tell products apart, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.matching import normal
from tests.examples import examples


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Microsoft® Visio™ Professional", "microsoft visio professional"),
        ("Adobe Acrobat DC (64-bit)", "adobe acrobat dc"),
        ("Notepad++ (64-bit x64)", "notepad++"),
        ("Microsoft Visual C++ 2015-2019 Redistributable (x64)", "microsoft visual c++ 2015 2019 redistributable"),
        ("Office 2019 - en-us", "office 2019"),
        ("Project (English)", "project"),
        ("Security Update (KB4052623)", "security update"),
        ("SQL Server 2019 Standard Edition", "sql server 2019 standard"),
        ("Tool v2.1", "tool 2.1"),
        ("B&B  Suite_Pro", "b and b suite pro"),
        ("x64", "x64"),
        ("(KB4052623)", "kb4052623"),
        ("!!!", "!!!"),
        ("ÉDITEUR Straße", "éditeur strasse"),
    ],
)
def test_a_name_without_what_is_written_differently(name, wanted):
    assert normal.name(name) == wanted


@pytest.mark.parametrize(
    ("publisher", "wanted"),
    [
        ("Microsoft Corporation", "microsoft"),
        ("Microsoft Corp.", "microsoft"),
        ("The Document Foundation", "document foundation"),
        ("Beispiel GmbH & Co. KG", "beispiel"),
        ("S.A.P. SE", "sap"),
        ("Company", "company"),
        ("", ""),
    ],
)
def test_a_publisher_without_its_kind_of_company(publisher, wanted):
    assert normal.publisher(publisher) == wanted


@pytest.mark.parametrize(
    ("version", "wanted"),
    [("19.00.00.0", "19"), ("v2.1", "2.1"), ("0.0", "0"), ("2.11.0-24.FC24", "2.11.0-24.fc24"), ("", "")],
)
def test_a_version_without_zeros_that_say_nothing(version, wanted):
    assert normal.version(version) == wanted


def test_a_version_that_the_name_only_repeats_is_taken_out_of_it():
    assert normal.normal("Igor Pavlov", "7-Zip 19.00 (x64 edition)", "19.00.00.0") == ("igor pavlov", "7 zip", "19")
    assert normal.normal("", "Visio 2019", "16.0.1").name == "visio 2019"
    assert normal.normal("", "19.00", "19.00").name == "19.00"


def test_a_part_of_a_version_is_told_from_a_number_that_only_begins_alike():
    assert normal.begins("15.0.2000", "15.0")
    assert not normal.begins("15.01", "15.0")


NAMES = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            "Visio 2019 (x64) 64-bit x86_64 - en-us (English) KB1234567 (KB12345) v2.0 Edition & Inc. GmbH Co. 64 bit kb 12345 ® _".split(
                " "
            )
        ),
        max_size=8,
    ).map(" ".join),
)


@examples(50)
@given(NAMES)
def test_what_is_normal_already_stays_as_it_is(text):
    for made in (normal.name, normal.publisher, normal.version):
        assert made(made(text)) == made(text)


@examples(50)
@given(NAMES, NAMES, NAMES)
def test_what_identifies_software_is_normal_itself(publisher, name, version):
    once = normal.normal(publisher, name, version)
    assert normal.normal(*once) == once
