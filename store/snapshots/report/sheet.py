"""The sheets of the report: their frame, and the few ways in which something is put on them.

Lengths are points (1/72 inch) from the lower left corner. A page is compressed when it is full and all that is kept of
it; what nobody can know before the end, such as the number of pages, is added to the pages then.
"""

# ReportLab is not typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, BinaryIO, Final, NamedTuple

from reportlab.pdfbase.pdfdoc import PDFArray, PDFStream, PDFStreamFilterZCompress
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from store.snapshots.report.faces import BOLD, FOLDER, REGULAR, Face

WIDTH: Final = 841.89
HEIGHT: Final = 595.28
LEFT: Final = 36.0
RIGHT: Final = WIDTH - 36.0
TOP: Final = HEIGHT - 62.0
BOTTOM: Final = 46.0
"""Where the content of a page ends; below is its footer."""

COLORS: Final = {
    "text": "#1b1e25",
    "muted": "#5a616e",
    "line": "#e3e5ea",
    "strong-line": "#c3c7d0",
    "sunken": "#f6f7f9",
    "accent": "#3a57d0",
    "bad": "#b8261f",
    "watch": "#865200",
    "good": "#14703f",
    "info": "#1f5fa8",
    "past": "#5a616e",
}
"""What each color means; the word always stands beside it."""


def _fill(color: str) -> str:
    return " ".join(f"{int(color[place : place + 2], 16) / 255:.3f}" for place in (1, 3, 5)) + " rg"


FILL: Final = {name: _fill(color) for name, color in COLORS.items()}
"""The operators that choose a color."""


class Style(NamedTuple):
    """How a text looks: size and distance of lines in points, color, weight."""

    size: float
    leading: float
    color: str = "text"
    bold: bool = False


TITLE: Final = Style(30, 36, bold=True)
HEADING: Final = Style(17, 22, bold=True)
SUBHEADING: Final = Style(10, 14, bold=True)
LEAD: Final = Style(11.5, 16.5, "muted")
BODY: Final = Style(8.6, 12.4)
NOTE: Final = Style(7.6, 11, "muted")
SMALL: Final = Style(6.6, 9, "muted")


class Frame(NamedTuple):
    """What stands on every page: in its head beside the section, and in its foot beside the number."""

    head: str
    foot: str


Start = tuple[str, int]
"""The name of a section, and the page on which it begins."""


class Sheet:
    """A report while it is written. `y` is how far down the page is filled, `section` what its next head says."""

    def __init__(self, target: BinaryIO, frame: Frame, title: str, author: str) -> None:
        _register()
        options: dict[str, Any] = {"pageCompression": 1, "invariant": 1, "lang": "en", "initialFontName": REGULAR}
        self._canvas: Any = Canvas(target, (WIDTH, HEIGHT), **options)
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("Elpis")
        self._document: Any = self._canvas._doc
        self.missing: set[str] = set()
        self._faces = {bold: Face(BOLD if bold else REGULAR, self._document, self.missing) for bold in (False, True)}
        self._head = self.cut(frame.head, SMALL, RIGHT - LEFT - 160)
        self._foot = self.cut(frame.foot, SMALL, RIGHT - LEFT - 90)
        self._pages: list[Any] = []
        self._code: list[str] = []
        self._later: defaultdict[int, list[str]] = defaultdict(list)
        self.section = ""
        self.y = TOP

    @property
    def page(self) -> int:
        """The number of the page that is being filled, from 1."""
        return len(self._pages) + 1

    def face(self, style: Style) -> Face:
        """The font of a style."""
        return self._faces[style.bold]

    # ------------------------------------------------------------------------------------------------------ drawing
    def put(self, operators: str) -> None:
        """Add operators of a page's content to the page."""
        self._code.append(operators)

    def line(self, x: float, y: float, text: str, style: Style, *, right: bool = False) -> None:
        """One line of text at (x, y); it begins there, or ends there if it goes to the right edge."""
        self.put(self.shown(x, y, text, style, right=right))

    def shown(self, x: float, y: float, text: str, style: Style, *, right: bool = False) -> str:
        """The operators of one line of text; its characters are those that `Face.lines` gives."""
        face = self._faces[style.bold]
        if right:
            x -= face.width(text) * style.size
        return f"BT {FILL[style.color]} 1 0 0 1 {x:.2f} {y:.2f} Tm {face.operators(text, style.size)} ET"

    def cut(self, text: str, style: Style, room: float) -> str:
        """The text as far as it fits into one line of some points, with an ellipsis where it goes on."""
        face = self._faces[style.bold]
        first, *rest = face.lines(text, room / style.size)
        if not rest:
            return first
        return face.lines(text, (room / style.size) - face.width("…"))[0] + "…"

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled rectangle, (x, y) its lower left corner."""
        self.put(f"{FILL[color]} {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def rule(self, y: float, color: str = "line") -> None:
        """A thin line from edge to edge."""
        self.box(LEFT, y, RIGHT - LEFT, 0.5, color)

    # ---------------------------------------------------------------------------------------------------- paragraphs
    def paragraph(self, text: str, style: Style, *, left: float = LEFT, width: float = RIGHT - LEFT) -> None:
        """A paragraph at `y`, broken into lines and over pages."""
        for line in self.face(style).lines(text, width / style.size):
            self.need(style.leading)
            self.y -= style.leading
            self.line(left, self.y, line, style)

    def heading(self, text: str, *, room: float = 120) -> Start:
        """Begin a section: its name, on a new page where less than `room` points are left for what follows."""
        self.section = text
        if self.y < TOP:
            self.y -= 26
            self.need(HEADING.leading + room)
        self._mark(text)
        self.y -= HEADING.size
        self.line(LEFT, self.y, text, HEADING)
        self.y -= 8
        return text, self.page

    def need(self, room: float) -> None:
        """Turn the page unless so many points are left on it."""
        if self.y - room < BOTTOM:
            self.turn()

    # --------------------------------------------------------------------------------------------------------- pages
    def turn(self, *, framed: bool = True) -> None:
        """End the page and begin the next one, with its running head."""
        self._end()
        self.y = TOP
        if framed:
            self.line(LEFT, HEIGHT - 38, self._head, SMALL)
            self.line(RIGHT, HEIGHT - 38, self.section, SMALL, right=True)
            self.rule(HEIGHT - 45)

    def add(self, page: int, operators: str) -> None:
        """Add operators to a page that may be full already."""
        self._later[page].append(operators)

    def finish(self) -> None:
        """Number the pages and write the file. Raises `OSError`."""
        self._end()
        for number, page in enumerate(self._pages, start=1):
            for operators in self._numbered(number):
                self.add(number, operators)
            streams = [_compressed(self._later[number])]
            page.Contents = PDFArray([self._document.Reference(stream) for stream in [page.Contents, *streams]])
        self._canvas.showOutline()
        self._canvas.save()

    def _numbered(self, number: int) -> Iterator[str]:
        yield self.shown(LEFT, 24, f"Page {number:,} of {len(self._pages):,}", SMALL)
        yield self.shown(RIGHT, 24, self._foot, SMALL, right=True)

    def _end(self) -> None:
        self._canvas.showPage()
        page = self._document.Pages.pages[-1]
        page.Contents = _compressed(self._code)
        self._code.clear()
        self._pages.append(page)

    def _mark(self, title: str) -> None:
        key = f"section-{len(self._pages)}-{self.y:.0f}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(title, key)


class _AlreadyCompressed(PDFStreamFilterZCompress):
    """Names the compression of a stream that has it already."""

    def encode(self, text: bytes) -> bytes:
        return text


def _compressed(code: Iterable[str]) -> Any:
    return PDFStream(content=zlib.compress("\n".join(code).encode("ascii"), 6), filters=[_AlreadyCompressed()])


@cache
def _register() -> None:
    """ReportLab begins each page with a font; this one is embedded only where a text uses it."""
    registerFont(TTFont(REGULAR, str(FOLDER.joinpath(f"{REGULAR}.ttf"))))
