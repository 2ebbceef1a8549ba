"""Reads the text of an invoice: the text layer of a PDF file, or a mail with the PDF and text files attached to it.

Run in a process of its own. Gives ["text", place, text] for each page and part that holds words, in their order, and
["told", place, sentence] for each that could not be read; places are "" (the head and body of a mail), "page 2",
"attachment order.pdf, page 2".
"""

import io
import re
import zlib
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, cast

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import PyPdfError

from store.imports.children.answers import Failed

MOST_PAGES = 200
MOST_PARTS = 200
DEEPEST = 5
"""How deeply mails may be attached to mails, and parts stand in parts of them."""

LONGEST = 2_000_000
"""Characters of all parts together."""

_DAMAGES = (
    PyPdfError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    EOFError,
    zlib.error,
    MessageError,
)
"""What comes of a file that is not as it should be; what is worse ends the process, and the file is refused."""

_CUT = "the text is longer than {:,} characters; the rest was left out"


def read(path: str, kind: str) -> Iterator[list[object]]:
    """The texts of a file of a kind: pdf, eml, or eml-alone (without what is attached)."""
    with open(path, "rb") as file:
        data = file.read()
    left = LONGEST
    for word, place, text in _pdf(data, "") if kind == "pdf" else _mail(data, kind == "eml"):
        if word == "text":
            if len(text) > left:
                yield ["told", place, _CUT.format(LONGEST)]
            yield [word, place, text[:left]]
            left -= len(text)
            if left <= 0:
                return
        else:
            yield [word, place, text]


_Said = Iterator[tuple[str, str, str]]


# ------------------------------------------------------------------------------------------------------------------ PDF
def _pdf(data: bytes, of: str) -> _Said:
    """The pages of a PDF file. Raises Failed when none can be read; `of` names the attachment that it is."""
    pages = _pages(data, of)
    found = 0
    for number, page in enumerate(pages, 1):
        place = f"{of}, page {number}" if of else f"page {number}"
        try:
            text = _text_of(page)
        except _DAMAGES:
            yield "told", place, "this page is damaged, and was left out"
            continue
        if text.strip():
            found += 1
            yield "text", place, text
    if not found:
        raise Failed("it has no text that could be read: it is a picture of a text, or empty", of)


def _pages(data: bytes, of: str) -> list[PageObject]:
    if b"%PDF-" not in data[:1024]:
        raise Failed("it is no PDF file", of)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise Failed("it is encrypted; save it without a password first", of)
        pages: list[PageObject] = []
        for page in reader.pages:
            if len(pages) == MOST_PAGES:
                raise Failed(f"it has more than {MOST_PAGES} pages; save those that matter as a file of their own", of)
            pages.append(page)
    except _DAMAGES:
        raise Failed("it is damaged", of) from None
    if not pages:
        raise Failed("it is damaged: it has no pages", of)
    return pages


def _text_of(page: PageObject) -> str:
    """The text of a page with its columns side by side, as one sees them; or else as it stands in the file."""
    try:
        text = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False)
    except _DAMAGES:
        text = ""
    return _tidy(text if text.strip() else page.extract_text())


def _tidy(text: str) -> str:
    """The lines without what cannot be shown, and columns at most a few blanks apart."""
    lines = ("".join(c if c.isprintable() or c == "\t" else " " for c in line) for line in text.splitlines())
    return "\n".join(re.sub(r" {4,}", "    ", line).strip() for line in lines)


# ----------------------------------------------------------------------------------------------------------------- mail
def _mail(data: bytes, attached: bool) -> _Said:
    try:
        mail = message_from_bytes(data, EmailMessage, policy=policy.default)
        yield "text", "", _words_of(mail)
    except _DAMAGES:
        raise Failed("this mail is damaged") from None
    if not attached:
        yield "told", "", "what is attached could not be read safely, and was left out"
        return
    for number, (part, depth) in enumerate(_attachments(mail, 0)):
        place = f"attachment {_name(part)}"
        if number >= MOST_PARTS or depth > DEEPEST:
            yield "told", place, "this and what is attached after it was left out: there is too much of it"
            return
        try:
            yield from _attachment(part, place)
        except Failed as failed:
            yield "told", place, failed.reason
        except _DAMAGES:
            yield "told", place, "it is damaged"


def _words_of(mail: EmailMessage) -> str:
    """Head and body of a mail as a text."""
    heads = [f"{label}: {' '.join(str(mail[name]).split())}" for name, label in _HEADS if mail[name]]
    return "\n".join([*heads, "", _body(mail)])


_HEADS = (("subject", "Subject"), ("from", "From"), ("to", "To"), ("date", "Sent"))


def _body(mail: EmailMessage) -> str:
    """The first part with words that is not attached."""
    for part in _parts(mail, 0):
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
            text = _decoded(part)
            if text.strip():
                return _Plain.of(text) if kind == "text/html" else text
    return ""


def _parts(mail: EmailMessage, depth: int) -> Iterator[EmailMessage]:
    """The parts of this mail, but not of those attached to it."""
    if mail.get_content_maintype() != "multipart":
        yield mail
    elif depth <= 4 * DEEPEST:
        for part in mail.iter_parts():
            if isinstance(part, EmailMessage):
                yield from _parts(part, depth + 1)


def _attachments(mail: EmailMessage, depth: int) -> Iterator[tuple[EmailMessage, int]]:
    """What is attached to a mail and to the mails attached to it, each with its depth."""
    for part in _parts(mail, 0):
        if part.get_content_type() == "message/rfc822":
            yield part, depth
            inner = _inner(part)
            if inner is not None and depth <= DEEPEST:
                yield from _attachments(inner, depth + 1)
        elif part.get_filename() or part.get_content_disposition() == "attachment":
            yield part, depth


def _attachment(part: EmailMessage, place: str) -> _Said:
    kind, name = part.get_content_type(), _name(part).casefold()
    if kind == "message/rfc822":
        inner = _inner(part)
        if inner is not None:
            yield "text", place, _words_of(inner)
        return
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    if kind == "application/pdf" or name.endswith(".pdf"):
        yield from _pdf(data, place)
    elif kind == "text/html":
        yield "text", place, _Plain.of(_decoded(part))
    elif kind == "text/plain":
        yield "text", place, _decoded(part)


def _inner(part: EmailMessage) -> EmailMessage | None:
    """The mail that is attached as this part."""
    inner: Any = part.get_payload(0) if part.is_multipart() else None
    return cast("EmailMessage", inner) if isinstance(inner, EmailMessage) else None


def _name(part: EmailMessage) -> str:
    name = " ".join("".join(c if c.isprintable() else " " for c in part.get_filename() or "").split())
    return name[:80] or "without a name"


def _decoded(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    name = part.get_content_charset("utf-8") or "utf-8"
    try:
        text = content.decode(name, "replace") if isinstance(content, bytes) else ""
    except LookupError:
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


_BLOCKS = frozenset("p div br tr li h1 h2 h3 h4 table ul ol".split())


class _Plain(HTMLParser):
    """The text of a page, one line for what stands below each other."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    @classmethod
    def of(cls, page: str) -> str:
        """The text that somebody sees who opens the page."""
        parser = cls()
        parser.feed(page)
        parser.close()
        lines = re.sub(r"[ \t\r\f\v]+", " ", "".join(parser.parts)).splitlines()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (handed in)
        """A new line where a page begins one."""
        self.hidden += tag in ("style", "script")
        self.parts.append("\n" if tag in _BLOCKS else "\t" if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        """The end of what is not shown."""
        self.hidden -= tag in ("style", "script") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        """Text, where it is shown."""
        self.parts.append("" if self.hidden else data.replace("\n", " "))
