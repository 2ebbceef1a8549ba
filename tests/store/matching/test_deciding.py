"""One decision on a name holds for all that was found under it, before and after; it is one step, and can be taken back."""

import pytest

from store import products, undo
from store.content import content_hash
from store.errors import Unfit, Unknown
from store.matching import deciding, judging
from store.records import Product
from tests import found
from tests.found import ACROBAT, ACROBAT_DC, SQL, TAR, VISIO, installed, software, states


@pytest.fixture
def book(book, fill):
    fill(book, found.tables())
    return book


def called(book, name):
    made = deciding.called(book, name)
    assert made
    return made


def demand(book):
    return dict(book.rows("SELECT p.product, s.demand FROM positions s JOIN products p ON p.id = s.product_id"))


def steps(book):
    return book.value("SELECT count(*) FROM steps WHERE state = 'done'")


def test_software_whose_name_is_certain_is_installed_and_counted(book):
    assert installed(book) == [(VISIO, "PC1", "ann")]
    assert demand(book) == {VISIO: 1}
    assert deciding.count(book) == 6


def test_a_name_is_found_by_itself_by_its_key_and_by_its_normal_form(book):
    (one,) = called(book, TAR)
    assert called(book, one.key) == [one]
    assert called(book, "TAR (x64)") == [one]
    assert deciding.called(book, "nothing like it") == []


def test_what_waits_is_told_with_candidates_first_and_then_by_devices(book):
    waiting = deciding.waiting(book)
    assert [bool(one.candidates) for one in waiting] == sorted([bool(one.candidates) for one in waiting], reverse=True)
    assert [one.name for one in waiting if not one.candidates] == ["gzip", "tar"]


def test_a_decision_installs_what_was_found_under_every_version_of_the_name(book):
    with undo.step(book, "Decide"):
        deciding.decide(book, called(book, ACROBAT_DC), ACROBAT)
    assert [row[1:] for row in installed(book) if row[0] == ACROBAT] == [("PC1", "ann"), ("PC2", "")]
    assert demand(book)[ACROBAT] == 2
    assert states(book)["Adobe Acrobat DC (64-bit)"] == "assigned"
    assert steps(book) == 1


def test_it_holds_for_what_is_found_later(book, fill):
    deciding.decide(book, called(book, ACROBAT_DC), ACROBAT)
    fill(book, software(f"PC9,{ACROBAT_DC},Adobe Inc.,24.0,,glpi"))
    assert (ACROBAT, "PC9", "") in installed(book)


def test_it_is_undone_and_done_again_as_one_step(book):
    before = content_hash(book)
    with undo.step(book, "Decide"):
        deciding.decide(book, called(book, ACROBAT_DC), ACROBAT)
    after = content_hash(book)
    undo.back(book)
    assert content_hash(book) == before
    assert installed(book) == [(VISIO, "PC1", "ann")]
    assert demand(book).get(ACROBAT, 0) == 0
    undo.forward(book)
    assert content_hash(book) == after
    assert demand(book)[ACROBAT] == 2


def test_it_can_be_taken_back(book):
    deciding.decide(book, called(book, ACROBAT_DC), ACROBAT)
    one, *_ = called(book, ACROBAT_DC)
    assert deciding.holds_for(book, one) == 2
    assert deciding.take_back(book, [one]) == 1
    assert deciding.holds_for(book, one) == 0
    assert installed(book) == [(VISIO, "PC1", "ann")]
    assert deciding.take_back(book, [one]) == 0


def test_a_decision_on_one_version_leaves_the_others(book):
    (one,) = called(book, "Adobe Acrobat DC (64-bit)")
    deciding.decide(book, [one], ACROBAT, every_version=False)
    assert states(book)[ACROBAT_DC] == "waiting"
    deciding.ignore(book, [one])
    assert {states(book)[name] for name in (ACROBAT_DC, "Adobe Acrobat DC (64-bit)")} == {"ignored"}


def test_what_a_product_of_one_version_stands_for_is_that_version_alone(book, fill):
    fill(book, software("PC4,Cad,,2024.1,,glpi", "PC4,Cad,,2025.1,,glpi"))
    one = next(each for each in called(book, "Cad") if each.version == "2024.1")
    deciding.decide(book, [one], "AutoCAD 2024")
    assert [each.state for each in called(book, "Cad")] == ["assigned", "waiting"]


def test_software_that_needs_no_license_is_not_asked_for_again(book, fill):
    deciding.ignore(book, called(book, TAR))
    fill(book, software("PC9,tar,GNU Project,1.35,,glpi"))
    assert {one.state for one in called(book, TAR)} == {"ignored"}


def test_everything_of_a_publisher_needs_no_license_but_for_products_of_the_book(book):
    with undo.step(book, "Ignore"):
        deciding.ignore_publisher(book, "GNU Project")
        deciding.ignore_publisher(book, "Microsoft Corporation")
    assert states(book)[TAR] == states(book)["gzip"] == states(book)[SQL] == "ignored"
    assert installed(book) == [(VISIO, "PC1", "ann")]
    assert deciding.holds_for(book, called(book, TAR)[0]) == 2
    deciding.take_back(book, called(book, TAR))
    assert states(book)["gzip"] == "waiting"
    assert states(book)[SQL] == "ignored"


def test_software_without_a_publisher_cannot_be_decided_on_by_publisher(book):
    with pytest.raises(Unfit, match="tell none"):
        deciding.ignore_publisher(book, " ")


def test_the_best_candidates_are_accepted_and_added_where_only_the_catalogue_has_them(book):
    with undo.step(book, "Accept"):
        assert deciding.accept(book, deciding.waiting(book)) == 4
    assert ("SQL Server 2012 Standard", "PC2", "") in installed(book)
    assert products.read(book, "SQL Server 2012 Standard").family == "SQL Server"
    undo.back(book)
    assert installed(book) == [(VISIO, "PC1", "ann")]
    assert book.one("SELECT 1 FROM products WHERE product = 'SQL Server 2012 Standard'") is None


def test_a_name_stands_for_a_new_product(book):
    deciding.add_and_decide(book, called(book, TAR), Product("Archiver", vendor="GNU"))
    assert ("Archiver", "PC2", "") in installed(book)


def test_a_product_that_is_not_there_is_refused_and_nothing_is_decided(book):
    with pytest.raises(Unknown, match="Acrobat Pro"):
        deciding.decide(book, called(book, TAR), "Acrobat Prp")
    assert states(book)[TAR] == "waiting"
    with pytest.raises(Unknown, match="no name"):
        deciding.read(book, "nothing")


def test_a_product_that_names_stand_for_by_decision_is_used(book):
    deciding.decide(book, called(book, TAR), "Ledger")
    with pytest.raises(Unfit, match="name decisions"):
        products.remove(book, "Ledger")


def test_a_new_product_takes_the_software_that_is_called_so(book):
    with undo.step(book, "Add"):
        products.add(book, Product("Tar", vendor="GNU"))
    assert ("Tar", "PC2", "") in installed(book)
    undo.back(book)
    assert states(book)[TAR] == "waiting"
    assert installed(book) == [(VISIO, "PC1", "ann")]


def test_a_renamed_product_lets_go_of_what_was_only_called_like_it(book):
    products.rename(book, VISIO, "Drawing tool")
    assert installed(book) == []
    products.rename(book, "Drawing tool", VISIO)
    assert installed(book) == [(VISIO, "PC1", "ann")]


def test_candidates_follow_the_products(book):
    products.rename(book, ACROBAT, "Acrobat Pro DC")
    assert [one.product for one in called(book, ACROBAT_DC)[0].candidates] == ["Acrobat Pro DC"]
    products.remove(book, "Acrobat Pro DC")
    assert called(book, ACROBAT_DC)[0].candidates == ()


def test_what_is_entered_holds_instead_of_what_was_found_and_leaves_it_when_it_goes(book, fill):
    with undo.step(book, "Import", resolved=True):
        fill(book, {"installations": [{"product": VISIO, "device": "PC1", "user": "ann", "source": "list"}]})
    assert book.rows("SELECT source, found FROM installations") == [("list", 0)]
    undo.back(book)
    assert book.rows("SELECT source, found FROM installations") == [("glpi", 1)]


def test_a_name_on_no_device_any_more_is_only_told_where_it_was_decided_on(book, fill):
    deciding.ignore(book, called(book, TAR))
    fill(book, software("PC2,other,,1,,glpi"))
    assert SQL not in {one.name for one in deciding.waiting(book)}
    assert {one.devices for one in called(book, TAR)} == {0}


def test_matching_everything_anew_changes_nothing(book):
    deciding.decide(book, called(book, ACROBAT_DC), ACROBAT)
    before = book.rows("SELECT * FROM software_names"), installed(book)
    with book.transaction():
        judging.all_(book)
    assert (book.rows("SELECT * FROM software_names"), installed(book)) == before
