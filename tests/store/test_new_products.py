"""Adding products by hand: what the catalogue knows of them, their family, and what is refused."""

from datetime import date

import pytest

from store import products, undo
from store.content import content_hash
from store.errors import Unfit, Unknown
from store.records import Product


def test_the_catalogue_proposes_what_it_knows_of_a_name():
    known = products.proposed(" SQL Server 2022 Standard ")
    assert (known.product, known.vendor, known.family) == ("SQL Server 2022 Standard", "Microsoft", "SQL Server")
    assert (known.edition, known.version, known.released_on) == ("Standard", "2022", date(2022, 11, 16))
    assert products.proposed("Foo Suite 3") is None


def test_products_of_one_family_belong_together(book):
    products.add(book, Product("Server 1", family="Server"))
    products.add(book, Product("Server 2", family="Server", metric="core", maintenance_separate=True))
    products.add(book, Product("Other"))
    found = dict(book.rows("SELECT product, transfer_group FROM products"))
    assert found["Server 1"] == found["Server 2"] != found["Other"]
    assert book.value("SELECT count(*) FROM families") == 1


def test_a_product_with_all_that_is_known_is_taken_back_by_undo(book):
    before = content_hash(book)
    with undo.step(book, "Add a product"):
        products.add(book, products.proposed("SQL Server 2022 Standard"))
    undo.back(book)
    assert content_hash(book) == before


@pytest.mark.parametrize(
    ("wrong", "fault", "sentence"),
    [
        (Product("Office"), Unfit, "'Office' is in the book already"),
        (Product(" "), Unfit, "product: is empty"),
        (Product("New", metric="moon"), Unknown, "there is no 'moon'"),
    ],
)
def test_what_cannot_be_a_product_is_refused(book, wrong, fault, sentence):
    products.add(book, Product("Office"))
    with pytest.raises(fault, match=sentence):
        products.add(book, wrong)
