"""Invoices are read from PDF files, mails and texts, every value with its place; what cannot be read says so."""

import resource
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from store.errors import Unfit
from store.imports import documents, invoices, text_reader
from store.imports.invoices import joined
from store.imports.product_names import Products
from tests import invoices as made

WITHOUT = Products([])


def written(tmp_path: Path, content: bytes, name: str = "invoice.pdf") -> Path:
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


def read(tmp_path, content, name="invoice.pdf"):
    document = documents.read(written(tmp_path, content, name))
    return document, text_reader.read(document.text, WITHOUT)


def values(fields):
    return {name: reading.value for name, reading in fields.items()}


# ------------------------------------------------------------------------------------------------------------ PDF files
@pytest.mark.parametrize("layout", made.LAYOUTS)
def test_every_row_of_every_layout_is_an_item(tmp_path, layout):
    _, found = read(tmp_path, made.LAYOUTS[layout]())
    told = [(i["product"].value, i["quantity"].value, float(i["unit_price"].value)) for i in found.items]
    assert told == [(product, str(count), float(price)) for product, count, price, _ in made.ROWS]
    assert {i[name].confidence for i in found.items for name in ("quantity", "unit_price")} == {"sure"}


@pytest.mark.parametrize(
    ("layout", "wanted"),
    [
        (
            "table",
            {
                **{"invoice_number": "SL-2026-10666", "invoice_date": "2026-11-12", "currency": "GBP"},
                **{"purchase_order_number": "PO-4711", "supplier": "Example Software Ltd"},
            },
        ),
        (
            "rechnung",
            {
                **{"invoice_number": "RE-2026-0815", "invoice_date": "2026-11-12", "currency": "EUR"},
                **{"purchase_order_number": "B-77", "supplier": "Altmarkt Softwarehandel GmbH"},
                **{"customer": "Brunnwald Maschinenbau AG"},
            },
        ),
        (
            "facture",
            {
                **{"invoice_number": "F-2026-77", "invoice_date": "2026-11-12", "currency": "EUR"},
                **{"supplier": "Logiciels Exemple SARL"},
            },
        ),
        ("long", {"invoice_number": "L-3", "invoice_date": "2026-11-12", "currency": "EUR"}),
    ],
)
def test_the_fields_of_the_contract_are_found_in_each_language(tmp_path, layout, wanted):
    _, found = read(tmp_path, made.LAYOUTS[layout]())
    assert wanted.items() <= values(found.contract).items()
    assert {found.contract[name].confidence for name in wanted} == {"sure"}


def test_labels_with_their_values_are_read(tmp_path):
    _, found = read(tmp_path, made.pairs())
    assert values(found.contract)["invoice_number"] == "INV-9"
    assert (
        values(found.items[0]).items()
        >= {
            **{"product": "Windows Server 2025 Standard", "quantity": "500", "unit_price": "62.50"},
            **{"license_start": "2026-12-01", "license_end": "2027-11-30"},
        }.items()
    )


def test_a_term_that_stands_above_the_table_holds_for_all_rows(tmp_path):
    _, found = read(tmp_path, made.rechnung())
    assert {(i["license_start"].value, i["license_end"].value) for i in found.items} == {("2026-12-01", "2027-11-30")}


def test_what_nobody_knows_is_proposed_and_never_sure(tmp_path):
    _, found = read(tmp_path, made.table())
    unknown = found.items[2]["product"]
    assert (unknown.value, unknown.confidence) == ("Visio Professional 2024", "unsure")


def test_every_value_has_its_page_and_line(tmp_path):
    document, found = read(tmp_path, made.long())
    assert document.words.place(found.contract["invoice_number"].start) == "page 1, line 1"
    assert document.words.place(found.items[0]["product"].start) == "page 2, line 2"
    assert document.words.place(found.items[2]["quantity"].start) == "page 3, line 1"
    for fields in (found.contract, *found.items):
        for reading in fields.values():
            assert 0 <= reading.start < reading.end <= len(document.text)


def test_numbers_may_be_grouped_by_apostrophes(tmp_path):
    lines = [(15, 20, "1"), (25, 20, "Office Suite"), (90, 20, "1’200"), (120, 20, "10.50"), (150, 20, "12’600.00")]
    _, found = read(tmp_path, made.pdf(lines))
    assert (
        values(found.items[0]).items() >= {"product": "Office Suite", "quantity": "1200", "unit_price": "10.50"}.items()
    )


def test_a_sum_below_a_table_is_no_product(tmp_path):
    _, found = read(tmp_path, made.pdf([(15, 20, "Total"), (90, 20, "2"), (120, 20, "10.50"), (150, 20, "21.00")]))
    assert found.items == ()


# ---------------------------------------------------------------------------------------------------------------- mails
def test_a_mail_is_read_with_what_is_attached(tmp_path):
    mail = made.mail(("Rechnung 1.pdf", made.rechnung()), ("note.txt", b"Quote no.: Q-5"))
    document, found = read(tmp_path, mail.as_bytes(), "mail.eml")
    assert values(found.contract)["quote_number"] == "Q-5"
    assert len(found.items) == 3
    assert document.words.place(found.contract["invoice_number"].start) == "attachment Rechnung 1.pdf, page 1, line 3"
    assert document.words.place(found.contract["quote_number"].start) == "attachment note.txt, line 1"
    assert document.words.place(0) == "line 1"
    assert document.words.told == ()


def test_of_a_mail_in_two_forms_the_text_is_read_and_of_a_page_what_one_sees(tmp_path):
    page = "<style>x</style><p>Invoice no.: H-1</p><script>Invoice no.: H-2</script>"
    _, found = read(tmp_path, made.mail(text="Invoice no.: T-1", html=page).as_bytes(), "mail.eml")
    assert values(found.contract)["invoice_number"] == "T-1"
    _, found = read(tmp_path, made.mail(text=" ", html=page).as_bytes(), "mail.eml")
    assert values(found.contract)["invoice_number"] == "H-1"


def test_what_is_attached_and_cannot_be_read_is_told_and_the_rest_is_not_lost(tmp_path):
    mail = made.mail(
        ("scan.pdf", made.pdf([])),
        ("secret.pdf", made.encrypted("pass")),
        ("broken.pdf", b"%PDF-1.7\n"),
        ("good.pdf", made.table()),
    )
    document, found = read(tmp_path, mail.as_bytes(), "mail.eml")
    assert len(found.items) == 3
    assert document.words.told == (
        "attachment scan.pdf: it has no text that could be read: it is a picture of a text, or empty",
        "attachment secret.pdf: it is encrypted; save it without a password first",
        "attachment broken.pdf: it is damaged",
    )


def test_a_mail_attached_to_a_mail_is_read(tmp_path):
    outer = made.mail(text="See below.")
    outer.add_attachment(made.mail(("a.pdf", made.table()), text="Quote no.: Q-7"))
    document, found = read(tmp_path, outer.as_bytes(), "mail.eml")
    assert values(found.contract)["quote_number"] == "Q-7"
    assert len(found.items) == 3
    assert document.words.told == ()


def test_mails_are_opened_only_so_deep(tmp_path):
    mail = made.mail(text="Invoice no.: DEEP-1")
    for depth in range(40):
        outer = made.mail(text=f"Level {depth}")
        outer.add_attachment(mail)
        mail = outer
    document = documents.read(written(tmp_path, mail.as_bytes(), "mail.eml"))
    assert "Level 39" in document.text
    assert "Level 30" not in document.text
    assert any("left out" in one for one in document.words.told)


def test_a_mail_with_an_attachment_that_ends_the_reader_is_read_without_it(tmp_path, monkeypatch):
    monkeypatch.setattr(invoices, "LIMITS", invoices.Limits(memory=256 << 20, seconds=1, patience=20))
    mail = made.mail(("bomb.pdf", made.endless_words()), text="Invoice no.: T-9")
    document, found = read(tmp_path, mail.as_bytes(), "mail.eml")
    assert values(found.contract)["invoice_number"] == "T-9"
    assert document.words.told == ("what is attached could not be read safely, and was left out",)


def test_names_of_what_is_attached_are_shown_on_one_line(tmp_path):
    mail = made.mail()
    mail.add_attachment(b"%PDF-1.7\n", maintype="application", subtype="pdf", filename="a\tb" * 60 + ".pdf")
    (told,) = documents.read(written(tmp_path, mail.as_bytes(), "mail.eml")).words.told
    assert len(told) < 120
    assert told.isprintable()


def test_hundreds_of_attachments_are_not_all_opened(tmp_path):
    mail = made.mail(*((f"{number}.txt", b"x") for number in range(250)))
    document = documents.read(written(tmp_path, mail.as_bytes(), "mail.eml"))
    assert "there is too much of it" in document.words.told[-1]


# -------------------------------------------------------------------------------------------------------------- hostile
@pytest.mark.parametrize("name", made.HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence_or_read_and_never_harms(tmp_path, name, monkeypatch):
    monkeypatch.setattr(invoices, "LIMITS", invoices.Limits(seconds=1, patience=30))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = written(tmp_path, made.HOSTILE[name]())
    began, held = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        document = documents.read(path)
    except Unfit as fault:
        sentence = str(fault)
        assert sentence.startswith("invoice.pdf: ")
        assert "Nothing was changed" in sentence
        assert len(sentence) < 400
    else:
        assert len(document.text) <= 2_000_000
    assert time.monotonic() - began < invoices.LIMITS.patience + 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - max(before, held) < 50 << 10, "KB more than before"


def test_an_encrypted_file_is_told_and_one_that_anybody_may_open_is_read(tmp_path):
    with pytest.raises(Unfit, match="it is encrypted; save it without a password first"):
        documents.read(written(tmp_path, made.encrypted("pass")))
    _, found = read(tmp_path, made.encrypted(""))
    assert values(found.contract)["invoice_number"] == "SECRET-1"


def test_a_picture_of_a_text_says_so(tmp_path):
    with pytest.raises(Unfit, match="it has no text that could be read: it is a picture of a text, or empty"):
        documents.read(written(tmp_path, made.pdf([])))


def test_more_than_ten_megabytes_are_not_read(tmp_path):
    with pytest.raises(Unfit, match="at most 10 MB"):
        documents.read(written(tmp_path, made.table() + bytes(10 << 20)))
    assert documents.read(written(tmp_path, made.table() + bytes(9 << 20))).text


def test_a_book_of_pages_is_refused(tmp_path):
    with pytest.raises(Unfit, match="it has more than 200 pages"):
        documents.read(written(tmp_path, made.pdf(*[[(15, 20, "Page")]] * 201)))


def test_no_mail_whatever_it_is_made_of_does_harm(tmp_path):
    nested = b"Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    told = []
    hostile = [
        nested + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 300,
        b"Content-Type: message/rfc822\n\n" * 300,
        b"Subject: " + b"=?utf-8?b?" * 10_000,
        b'Content-Type: text/plain; charset="' + b"x" * 100_000 + b'"\n\nInvoice no.: 1',
        b"Content-Transfer-Encoding: base64\n\n" + b"A" * 1_000_000,
        bytes(range(256)) * 1_000,
    ]
    for content in hostile:
        try:
            documents.read(written(tmp_path, content, "mail.eml"))
        except Unfit as fault:
            told.append(str(fault))
    assert all(len(one) < 400 for one in told)


def test_the_same_file_gives_the_same_words(tmp_path, cold_readers):
    path = written(tmp_path, made.mail(("a.pdf", made.table())).as_bytes(), "mail.eml")
    assert documents.read(path) == documents.read(path)


def test_a_text_of_millions_of_characters_is_cut_and_says_so(tmp_path):
    mail = EmailMessage()
    mail["Subject"] = "Long"
    mail.set_content("word " * 600_000, cte="8bit")
    document = documents.read(written(tmp_path, mail.as_bytes(), "mail.eml"))
    assert len(document.text) == 2_000_000
    assert "longer than 2,000,000 characters" in document.words.told[0]


def test_places_are_told_by_page_and_line():
    words = joined([("page 1", "a\nb"), ("page 2", "c")])
    assert words.text == "a\nb\n\nc"
    assert [words.place(at) for at in (0, 2, 5)] == ["page 1, line 1", "page 1, line 2", "page 2, line 1"]
    assert invoices.Words("a\nb").place(2) == "line 2"
