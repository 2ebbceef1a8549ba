"""Price lists come from CSV files, all of them or none."""

from datetime import date
from decimal import Decimal

import pytest

from store import price_files, prices
from store.errors import Unfit, Unknown
from store.records import EntitlementKey, ListedPrice
from tests.estates import demand, item, of

HEAD = "product,model,metric,unit_price,currency,valid_from\n"
OFFICE = EntitlementKey("Office", "perpetual", "device")


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 5), demand=[demand("Office", 7)]))
    return book


def written(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "Office,perpetual,device,12.5,eur,2026-01-01\n\nOffice,perpetual,device,13,EUR,2027-01-01\n",
        "\ufeff"
        + HEAD.replace(",", ";")
        + "Office;perpetual;device;12.5;EUR;2026-01-01\nOffice;perpetual;device;13;EUR;2027-01-01",
        "Valid from,Note,Currency,Unit price,Metric,Model,Product\n"
        "2026-01-01,x,EUR,12.50,device,perpetual,Office\n2027-01-01,y,EUR,13,device,perpetual,Office\n",
    ],
)
def test_a_list_is_read_whatever_the_order_of_its_columns_and_what_separates_them(text, estate, tmp_path):
    assert price_files.load(estate, written(tmp_path, text)) == 2
    assert prices.held(estate) == [
        ListedPrice(OFFICE, Decimal("12.5"), "EUR", date(2026, 1, 1)),
        ListedPrice(OFFICE, Decimal(13), "EUR", date(2027, 1, 1)),
    ]
    assert estate.value("SELECT price_amount FROM positions") == "12.50"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no column product, model"),
        ("product,model\n", "there is no column metric"),
        (HEAD + "Office,perpetual,device,much,EUR,2026-01-01\n", "row 2, unit_price: 'much'"),
        (HEAD + "Office,perpetual,device,1,EUR\n", "row 2, valid_from: ''"),
        (HEAD + "x,y,z,1,EUR,2026-02-30\n" * 9, "And 4 more"),
        (HEAD + '"Office', "this is no CSV file"),
        (b"\xff\xfe\x00", "not in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_row_and_nothing_is_taken(text, said, estate, tmp_path):
    with pytest.raises(Unfit) as refused:
        price_files.load(estate, written(tmp_path, text))
    assert said in str(refused.value)
    assert prices.held(estate) == []


def test_a_product_that_the_book_does_not_have_refuses_the_whole_list(estate, tmp_path):
    rows = "Office,perpetual,device,1,EUR,2026-01-01\nOffce,perpetual,device,1,EUR,2026-01-01\n"
    with pytest.raises(Unknown, match=r"there is no 'Offce'"):
        price_files.load(estate, written(tmp_path, HEAD + rows))
    assert prices.held(estate) == []
    with pytest.raises(Unfit, match=r"cannot be read"):
        price_files.load(estate, tmp_path / "gone.csv")
