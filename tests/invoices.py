"""Invoices as shops send them: PDF files in several layouts and languages, mails with them attached, hostile ones."""

from __future__ import annotations

import io
import zlib
from email.message import EmailMessage

from reportlab.lib import pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

PRODUCTS = ("Windows Server 2025 Standard", "SQL Server 2022 Standard", "Visio Professional 2024")

ROWS = (
    (PRODUCTS[0], 500, "62.50", "31250.00"),
    (PRODUCTS[1], 16, "1875.00", "30000.00"),
    (PRODUCTS[2], 3, "399.90", "1199.70"),
)
"""Product, quantity, unit price, total."""


def english(amount: str) -> str:
    return f"{float(amount):,.2f}"


def german(amount: str) -> str:
    return english(amount).translate(str.maketrans(",.", ".,"))


def french(amount: str) -> str:
    return english(amount).translate(str.maketrans(",.", " ,"))


def swiss(amount: str) -> str:
    return english(amount).replace(",", "’")


def page(canvas: Canvas, lines: list[tuple[float, float, str]]) -> None:
    """Words at places, in millimeters from the upper left corner."""
    canvas.setFont("Helvetica", 9)
    for x, y, text in lines:
        canvas.drawString(x * 2.8346, A4[1] - y * 2.8346, text)
    canvas.showPage()


def pdf(*pages: list[tuple[float, float, str]], **how: object) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, **how)
    for lines in pages:
        page(canvas, lines)
    canvas.save()
    return out.getvalue()


def _rows(first: float, head: tuple[str, ...], number: object) -> list[tuple[float, float, str]]:
    places = (15, 22, 100, 130, 165)
    lines = [(x, first, text) for x, text in zip(places, head, strict=True)]
    for at, (product, count, price, total) in enumerate(ROWS, 1):
        texts = (str(at), product, str(count), number(price), number(total))  # type: ignore[operator]
        lines += [(x, first + 6 * at, text) for x, text in zip(places, texts, strict=True)]
    return lines


def table() -> bytes:
    """An English one with a table."""
    head = [
        *((15, 20, "Example Software Ltd"), (15, 30, "INVOICE")),
        *((15, 40, "Invoice no.: SL-2026-10666"), (15, 45, "Invoice date: 12 November 2026")),
        *((15, 50, "Purchase order: PO-4711"), (15, 55, "Supplier: Example Software Ltd"), (15, 60, "Currency: GBP")),
    ]
    foot = [(130, 110, "Total"), (165, 110, "62,449.70"), (15, 120, "Licenses are perpetual.")]
    return pdf([*head, *_rows(75, ("Pos", "Description", "Qty", "Unit price", "Amount"), english), *foot])


def rechnung() -> bytes:
    """A German one, with what belongs together side by side."""
    head = [
        *((15, 20, "Altmarkt Softwarehandel GmbH"), (15, 30, "Rechnung")),
        *((15, 40, "Rechnungsnummer: RE-2026-0815"), (110, 40, "Rechnungsdatum: 12.11.2026")),
        *((15, 46, "Lieferant: Altmarkt Softwarehandel GmbH"), (110, 46, "Bestellnummer: B-77")),
        *((15, 52, "Kunde: Brunnwald Maschinenbau AG"), (110, 52, "Währung: EUR")),
        (15, 58, "Laufzeit vom 01.12.2026 bis 30.11.2027"),
    ]
    return pdf([*head, *_rows(75, ("Pos", "Bezeichnung", "Menge", "Einzelpreis", "Gesamt"), german)])


def facture() -> bytes:
    """A French one."""
    head = [
        *((15, 20, "Logiciels Exemple SARL"), (15, 30, "FACTURE")),
        *((15, 40, "Facture n° F-2026-77"), (15, 46, "Date de facture : 12 novembre 2026")),
        *((15, 52, "Fournisseur : Logiciels Exemple SARL"), (15, 58, "Devise : EUR")),
    ]
    return pdf([*head, *_rows(75, ("N", "Désignation", "Quantité", "Prix unitaire", "Montant"), french)])


def pairs() -> bytes:
    """One of labels and values, with one product."""
    told = (
        ("Invoice number", "INV-9"),
        ("Invoice date", "2026-11-12"),
        ("Supplier", "Contoso Sales Inc"),
        ("Product", PRODUCTS[0]),
        ("Quantity", "500"),
        ("Unit price", "USD 62.50"),
        ("Total", "USD 31,250.00"),
        ("Start date", "2026-12-01"),
        ("End date", "2027-11-30"),
    )
    return pdf([(15, 20 + 6 * at, f"{name}: {value}") for at, (name, value) in enumerate(told)])


def long() -> bytes:
    """Three pages: the head on the first, the rows on the second and third."""
    rows = _rows(20, ("Pos", "Description", "Qty", "Unit price", "Amount"), english)
    return pdf(
        [(15, 20, "Invoice no.: L-3"), (15, 26, "Invoice date: 12 November 2026"), (15, 32, "Currency: EUR")],
        [line for line in rows if line[1] <= 32],
        [line for line in rows if line[1] > 32],
    )


LAYOUTS = {"table": table, "rechnung": rechnung, "facture": facture, "long": long}
"""Those with all rows."""


def mail(*attached: tuple[str, bytes], text: str = "Please find our invoice attached.", html: str = "") -> EmailMessage:
    """A mail with files attached to it."""
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "Your invoice", "shop@example.com", "it@example.org"
    made["Date"] = "Thu, 12 Nov 2026 08:30:00 +0000"
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content in attached:
        kind = ("application", "pdf") if name.endswith(".pdf") else ("text", "plain")
        if kind[0] == "text":
            made.add_attachment(content.decode(), filename=name)
        else:
            made.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=name)
    return made


# --------------------------------------------------------------------------------------------------------------- hostile
def made_of(*objects: bytes, root: int = 1) -> bytes:
    """A PDF file of objects as they are, numbered from 1."""
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, table_at)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


def _one_page(contents: bytes, *more: bytes) -> bytes:
    page_ = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 << /Type"
    page_ += b" /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    return made_of(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page_, contents, *more
    )


def blanks(megabytes: int) -> bytes:
    """So many megabytes of blanks, packed: one of them is, and stands there so often."""
    megabyte, packer, check = b" " * (1 << 20), zlib.compressobj(9, wbits=-15), 1
    packed = packer.compress(megabyte) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(megabytes):
        check = zlib.adler32(megabyte, check)
    return b"\x78\xda" + packed * megabytes + b"\x03\x00" + check.to_bytes(4, "big")


def bomb() -> bytes:
    """A page of hundreds of megabytes of blanks in a few hundred kilobytes."""
    return _one_page(stream(blanks(160), b"/Filter /FlateDecode"))


def bombs_in_a_row() -> bytes:
    """The same behind several filters, each of which blows it up."""
    packed = blanks(96)
    for _ in range(2):
        packed = zlib.compress(packed, 9)
    return _one_page(stream(packed, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"))


def endless_words() -> bytes:
    """Hundreds of thousands of words on one page."""
    return _one_page(
        stream(zlib.compress(b"BT /F1 9 Tf " + b"(x) Tj 1 0 Td " * 400_000 + b"ET", 9), b"/Filter /FlateDecode")
    )


HOSTILE = {
    "a page tree that goes in circles": lambda: made_of(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"
    ),
    "a page tree that is its own grandchild": lambda: made_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1 /Parent 2 0 R >>",
    ),
    "a page tree of thousands of levels": lambda: made_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        *(b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1) for number in range(2, 4_000)),
    ),
    "a catalog that is missing": lambda: made_of(b"<< >>"),
    "a root that is no object": lambda: made_of(b"[ ]", root=99),
    "objects nested a hundred thousand deep": lambda: made_of(b"[" * 100_000 + b"]" * 100_000),
    "a length that is a lie": lambda: _one_page(b"<< /Length 999999999 >>\nstream\nBT ET\nendstream"),
    "a stream that stands for itself": lambda: _one_page(b"4 0 R"),
    "a bomb": bomb,
    "a bomb in a bomb in a bomb": bombs_in_a_row,
    "hundreds of thousands of words": endless_words,
    "a cross-reference table that goes in circles": lambda: table().replace(
        b"startxref", b"startxref\n9\n%%EOF\nstartxref"
    ),
    "garbage behind its beginning": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 4_000,
    "half of a file": lambda: table()[: len(table()) // 2],
    "nothing but its beginning": lambda: b"%PDF-1.7\n",
    "a text that calls itself a PDF file": lambda: b"Invoice no.: 1",
    "a picture of a text": lambda: pdf([]),
    "a form that draws itself": lambda: _one_page(
        stream(b"/X Do"),
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >> /Length 5 >>\n"
        b"stream\n/X Do\nendstream",
    ),
}
"""What somebody may send who means no good."""


def encrypted(user: str) -> bytes:
    return pdf([(15, 20, "Invoice no.: SECRET-1")], encrypt=pdfencrypt.StandardEncryption(user, "owner", strength=128))
