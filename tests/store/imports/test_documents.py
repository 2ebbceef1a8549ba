"""Files that a contract is read from: texts, mails and tables; everything else says what to do."""

from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from store.errors import Unfit
from store.imports import documents

MB = 1024 * 1024


def written(tmp_path: Path, name: str, content: bytes | str) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_its_encoding(tmp_path, encoding):
    path = written(tmp_path, "order.txt", "Rechnung für Büro".encode(encoding))
    assert documents.read(path).text == "Rechnung für Büro"


def test_a_mail_is_read_with_its_head(tmp_path, cold_readers):
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = "Your order", "shop@example.com", "Sat, 21 Nov 2026 08:30:00 +0000"
    mail.set_content("500 x Office\n")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="order.pdf")
    text = documents.read(written(tmp_path, "order.eml", mail.as_bytes())).text
    assert text.startswith("Subject: Your order\nFrom: shop@example.com\n")
    assert "500 x Office" in text


def test_a_mail_that_is_a_page_is_read_as_a_text(tmp_path):
    mail = EmailMessage()
    mail["Subject"] = "Order"
    page = "<style>p {}</style><p>500 x\nOffice</p><table><tr><td>Total</td><td>5.00 EUR</td></tr></table></style>"
    mail.set_content(page, subtype="html")
    text = documents.read(written(tmp_path, "order.eml", mail.as_bytes())).text
    assert "500 x Office" in text
    assert "Total 5.00 EUR" in text
    assert "{}" not in text


def test_a_mail_in_an_encoding_that_nobody_knows_is_read_all_the_same(tmp_path):
    raw = b"Subject: x\nContent-Type: text/plain; charset=klingon\n\n500 x Office\n"
    assert "500 x Office" in documents.read(written(tmp_path, "order.eml", raw)).text


def test_a_mail_without_words_is_empty(tmp_path):
    raw = b"Content-Type: application/pdf\n\nx\n"
    with pytest.raises(Unfit, match="nothing in this file"):
        documents.read(written(tmp_path, "order.eml", raw))


def test_a_table_becomes_items(tmp_path):
    table = documents.read(written(tmp_path, "items.csv", "product;qty\nOffice;5\n")).table
    assert table.items == ({"product": "Office", "quantity": "5"},)


def test_of_a_workbook_the_sheet_of_items_is_read_or_else_the_first(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["product", "qty"])
    book.active.append(["Office", 5])
    path = tmp_path / "items.xlsx"
    book.save(path)
    assert documents.read(path).table.items == ({"product": "Office", "quantity": "5"},)
    sheet = book.create_sheet("Contract items")
    sheet.append(["product"])
    for _ in range(1_500):
        sheet.append(["Visio"])
    book.save(path)
    assert len(documents.read(path).table.items) == 1_500


def test_a_workbook_that_is_none_says_so(tmp_path):
    with pytest.raises(Unfit, match=r"items\.xlsx: "):
        documents.read(written(tmp_path, "items.xlsx", b"PK\x03\x04 no"))


def test_ten_megabytes_are_read_and_not_a_byte_more(tmp_path):
    assert documents.read(written(tmp_path, "a.txt", b"x" * 10 * MB)).text
    with pytest.raises(Unfit, match="at most 10 MB"):
        documents.read(written(tmp_path, "b.txt", b"x" * (10 * MB + 1)))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("order.pdf", b"%PDF", "it is no PDF file"),
        ("order.png", b"x", "pictures are not read"),
        ("order.docx", b"x", "word processors"),
        ("order.xls", b"x", "Save it as XLSX or CSV"),
        ("order.msg", b"x", "Save it as EML"),
        ("order.exe", b"x", "Choose a PDF, TXT, EML, CSV or XLSX file"),
        ("order.txt", b"a\0b", "this is no text"),
        ("order.txt", b"\x81\x8d", "not in UTF-8"),
        ("order.txt", b" \n", "nothing in this file"),
        ("items.csv", b"product,qty\n", "nothing in this file"),
        ("items.csv", b"product\n" + b"Office\n" * 2_001, "at most 2,000"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(tmp_path, name, content, sentence):
    with pytest.raises(Unfit, match=sentence):
        documents.read(written(tmp_path, name, content))


def test_a_file_that_is_gone_says_so(tmp_path):
    with pytest.raises(Unfit, match="cannot be opened"):
        documents.read(tmp_path / "gone.txt")


def test_of_a_mail_in_two_forms_the_one_with_words_is_read(tmp_path):
    mail = EmailMessage()
    mail["Subject"] = "Order"
    mail.set_content(" \n")
    mail.add_alternative("<p>500 x Office</p>", subtype="html")
    assert "500 x Office" in documents.read(written(tmp_path, "order.eml", mail.as_bytes())).text
