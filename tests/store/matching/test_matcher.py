"""What is certain is taken; what is not is a candidate with its reason, and nothing is ever guessed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.matching import candidates, decided, matcher, normal
from store.matching.matcher import Known, Matcher, Software
from tests import found

PRODUCTS = [
    Known(n, r["product"], r["vendor"], r["family"], r["edition"], r["version"])
    for n, r in enumerate(found.rows(found.PRODUCTS), 1)
]
NAMES = {known.id: known.product for known in PRODUCTS}


def match(name, publisher="", version="", sku="", decisions=None, products=PRODUCTS, **how):
    made = Matcher(products, decisions or {}, how.pop("identifiers", None))
    return made.match(Software(publisher, name, version, sku), **how)


def told(match):
    return [(one.product, one.reason) for one in match.candidates]


@pytest.mark.parametrize(
    ("name", "publisher", "version", "product", "reason"),
    [
        ("Acrobat Pro", "", "", "Acrobat Pro", matcher.BY_NAME),
        ("ACROBAT PRO (x64)", "Adobe Systems Incorporated", "21.1", "Acrobat Pro", matcher.BY_NORMAL_NAME),
        (
            "Microsoft Visio Professional 2019 - en-us",
            "Microsoft Corporation",
            "16.0",
            "Visio Professional 2019",
            matcher.BY_NORMAL_NAME,
        ),
        ("Microsoft Visio 2019 Professional", "Microsoft", "", "Visio Professional 2019", matcher.BY_NORMAL_NAME),
        ("AutoCAD", "Autodesk", "2024.1.2", "AutoCAD 2024", matcher.BY_NORMAL_NAME),
        ("Autodesk AutoCAD 2024", "", "", "AutoCAD 2024", matcher.BY_NORMAL_NAME),
        ("Ledger (64-bit)", "Acme Ltd.", "3.1", "Ledger", matcher.BY_NORMAL_NAME),
        ("MSSQL 2019 Std", "", "", "SQL Server 2019 Standard", matcher.BY_CATALOGUE),
    ],
)
def test_a_name_that_is_certain(name, publisher, version, product, reason):
    made = match(name, publisher, version)
    assert (made.state, NAMES[made.product], made.reason) == (matcher.MATCHED, product, reason)


@pytest.mark.parametrize(
    ("name", "publisher", "version", "first", "reason"),
    [
        (
            "Microsoft SQL Server 2019 (64-bit)",
            "Microsoft",
            "15.0",
            "SQL Server 2019 Enterprise",
            candidates.EDITION_UNTOLD,
        ),
        ("SQL Server 2012 Standard", "", "", "SQL Server 2012 Standard", candidates.NEW_IN_CATALOGUE),
        ("Ledger (x64)", "Acme", "", "Ledger", candidates.VERSION_UNTOLD),
        ("Ledger (x64)", "Other AG", "3.2", "Ledger", candidates.OTHER_PUBLISHER),
        ("Adobe Acrobat DC", "Adobe Inc.", "21", "Acrobat Pro", candidates.SHARED_WORDS),
    ],
)
def test_a_name_that_is_not_certain_waits_with_its_candidates(name, publisher, version, first, reason):
    made = match(name, publisher, version)
    assert (made.state, made.product) == (matcher.WAITING, None)
    assert told(made)[0] == (first, reason)


@pytest.mark.parametrize(
    ("name", "publisher", "version"),
    [
        ("Ledger (x64)", "Acme", "4.0"),
        ("AutoCAD 2025", "Autodesk", ""),
        ("Visio Standard 2019", "Microsoft", ""),
        ("tar", "GNU Project", "1.34"),
        ("Acrobat Pro Viewer Toolbar", "Shady Tools", "1"),
        ("", "", ""),
    ],
)
def test_another_version_edition_or_publisher_is_no_candidate(name, publisher, version):
    made = match(name, publisher, version)
    assert (made.state, told(made)) == (matcher.WAITING, [])


def test_of_two_products_that_are_the_same_but_for_signs_a_person_decides():
    products = [Known(1, "Data-Tool"), Known(2, "Data Tool (x64)")]
    made = match("DATA TOOL", products=products)
    assert told(made) == [("Data Tool (x64)", candidates.SEVERAL), ("Data-Tool", candidates.SEVERAL)]


def test_the_product_whose_version_says_more_is_the_one():
    products = [Known(1, "Plotter 2"), Known(2, "Plotter 2.5")]
    assert match("Plotter", version="2.5.1", products=products).product == 2
    assert match("Plotter", version="2.4", products=products).product == 1


def test_a_part_number_tells_a_product_whose_name_is_not_known():
    assert match("Whatever", sku="ABC-1", identifiers={"ABC-1": 5}).reason == matcher.BY_IDENTIFIER
    assert match("Ledger", sku="ABC-1", identifiers={"ABC-1": 5}).product == 6


def test_what_was_decided_comes_first_and_nearest():
    key = normal.normal("", "Acrobat Pro", "9")
    every = key._replace(version=decided.EVERY)
    assert match("Acrobat Pro", version="9", decisions={key: 6}).product == 6
    assert match("Acrobat Pro", version="8", decisions={key: 6}).product == 5
    assert match("Acrobat Pro", version="8", decisions={every: None}).state == matcher.IGNORED
    assert match("Acrobat Pro", version="9", decisions={every: None, key: 6}).product == 6


def test_what_is_decided_on_a_publisher_never_hides_a_product_of_the_book():
    decisions = {decided.on_publisher("adobe"): None}
    assert match("Adobe Reader", "Adobe Inc.", decisions=decisions).reason == matcher.BY_PUBLISHER
    assert match("Adobe Acrobat Pro", "Adobe Inc.", decisions=decisions).state == matcher.MATCHED


WORDS = st.lists(
    st.sampled_from("visio professional 2019 sql server standard acrobat pro ledger autocad 2024 tool".split()),
    min_size=1,
    max_size=4,
)
SOFTWARE = st.builds(
    lambda words, publisher, version: Software(publisher, " ".join(words), version),
    WORDS,
    st.sampled_from(["", "Microsoft", "Adobe Inc.", "Acme"]),
    st.sampled_from(["", "1", "2019.1", "3.2"]),
)


@settings(deadline=None, max_examples=60)
@given(SOFTWARE, st.lists(SOFTWARE, max_size=6), st.sampled_from([None, 1, 5]), st.booleans())
def test_a_decision_never_changes_what_other_names_stand_for(one, others, product, every):
    key = normal.normal(*one[:3])
    key = key._replace(version=decided.EVERY) if every else key
    before, after = Matcher(PRODUCTS), Matcher(PRODUCTS, {key: product})
    for other in others:
        if key not in decided.on_name(normal.normal(*other[:3])):
            assert after.match(other) == before.match(other)


@settings(deadline=None, max_examples=60)
@given(SOFTWARE)
def test_the_same_name_has_always_the_same_answer(one):
    assert Matcher(PRODUCTS).match(one) == Matcher(PRODUCTS[::-1]).match(one)


def test_three_thousand_names_are_matched_in_the_blink_of_an_eye():
    products = [Known(n, f"Product {n} Suite", f"Vendor {n % 40}", "", "", "") for n in range(1, 2001)]
    names = [Software(f"Maker {n % 90} Inc.", f"Program {n} Suite (x64)", f"{n % 9}.{n}") for n in range(3000)]
    asked = Matcher(products)
    began = time.process_time()
    found = [asked.match(one) for one in names]
    assert len(found) == 3000
    assert time.process_time() - began < 3
