"""Names in an import become ids; an unknown one is answered with the nearest that is known."""

import pytest

from store.imports import references
from store.imports.checks import Wrong
from store.imports.references import References
from store.imports.template import BY_NAME
from tests.estates import demand, item, of, product

PRODUCT = BY_NAME["demand"].column("product")
METRIC = BY_NAME["demand"].column("metric")
GROUP = BY_NAME["demand"].column("resource_group")


@pytest.fixture
def known(book):
    book.run("INSERT INTO products (product) VALUES ('Office 2021'), ('Visio 2021')")
    return References(book)


def test_a_known_name_is_its_id_with_or_without_blanks(known):
    look_up = known.converter(PRODUCT)
    assert [look_up("Office 2021"), look_up("  Visio 2021 ")] == [1, 2]


def test_an_empty_name_is_what_the_table_takes_for_none(known):
    assert known.converter(GROUP)("") is None
    assert known.converter(GROUP, 0)(" ") == 0
    with pytest.raises(Wrong, match="is empty, and it is needed"):
        known.converter(PRODUCT)("")


def test_a_metric_is_known_in_any_case_and_an_unknown_one_is_answered_with_those_of_the_book(known):
    assert known.converter(METRIC)("Device") == known.converter(METRIC)("device") == 1
    with pytest.raises(Wrong, match="is not a metric of this book; accepted: core, device, user"):
        known.converter(METRIC)("heads")


def test_an_unknown_name_is_answered_with_a_similar_one_or_with_what_to_do(known):
    with pytest.raises(Wrong, match='is not known in products; did you mean "Office 2021"'):
        known.converter(PRODUCT)("Office 2012")
    with pytest.raises(Wrong, match="is not known in resource groups; add it to the table resource_groups"):
        known.converter(GROUP)("Berlin")


def test_among_very_many_names_no_similar_one_is_looked_for(known, monkeypatch):
    monkeypatch.setattr(references, "COMPARED", 1)
    with pytest.raises(Wrong, match="add it to the table products"):
        known.converter(PRODUCT)("Office 2012")


def test_a_row_that_was_refused_is_not_blamed_again_where_others_name_it(book, fill):
    from store.imports.finding import Refused

    wrong = of(item("1", "Office", 1), demand=[demand("Office", 1)], products=[product("Office", released_on="soon")])
    with pytest.raises(Refused) as refused:
        fill(book, wrong)
    assert [f.place for f in refused.value.findings] == ["products.csv, row 2, column released_on"]


def test_items_of_different_contracts_are_no_duplicates_where_another_row_is_refused(book, folder):
    from store.imports.finding import Refused
    from store.imports.load import load
    from tests.conftest import AS_OF

    items = "contract,item,product,model,metric,quantity,license_start\n"
    rows = [f"{contract},1,Office,perpetual,device,5,2024-01-01\n" for contract in ("A", "B", "A")]
    made = folder(
        products="product,released_on\nOffice,soon\n",
        contracts="contract,name\nA,One\nB,Two\n",
        contract_items=items + "".join(rows),
    )
    with pytest.raises(Refused) as refused:
        load(book, made, as_of=AS_OF)
    assert [f.place for f in refused.value.findings] == [
        "contract_items.csv, row 4, column item",
        "products.csv, row 2, column released_on",
    ]


def test_a_table_that_cannot_be_read_at_all_is_blamed_once(book, folder):
    from store.imports.finding import Refused
    from store.imports.load import load
    from tests.conftest import AS_OF

    made = folder(products='product\n"Office\n', demand="product,metric,quantity\nOffice,device,1\n")
    with pytest.raises(Refused) as refused:
        load(book, made, as_of=AS_OF)
    assert "products.csv, row 2" in [f.place for f in refused.value.findings]


def test_a_table_without_its_key_column_tolerates_nothing(book, folder):
    from store.imports.finding import Refused
    from store.imports.load import load
    from tests.conftest import AS_OF

    made = folder(products="vendor\nContoso\n", demand="product,metric,quantity\nOffice,device,1\n")
    with pytest.raises(Refused, match="the column product is missing"):
        load(book, made, as_of=AS_OF)
