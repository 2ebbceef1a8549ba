"""The two fonts of the report, embedded so that it looks alike everywhere: widths, what they cannot show, line breaks.

Inter covers Latin, Greek and Cyrillic. A character of another script is shown as an empty box, never left out.
"""

# ReportLab is not typed.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from reportlab.pdfbase.ttfonts import TTFont

REPLACEMENT: Final = "\N{WHITE SQUARE}"
"""What stands for a character that the fonts have no picture of, or that has none."""

FOLDER: Final = files("resources").joinpath("fonts")
"""Where the fonts lie."""
_SPACES: Final = {0x09: " ", 0xA0: " "}
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_BREAK_AFTER: Final = frozenset("/\\-_.,;:|@")
_KNOWN: Final = 4_096

REGULAR: Final = "Inter-Regular"
BOLD: Final = "Inter-SemiBold"

# Figures of one width, so that columns of numbers align: the numbers of their glyphs, the same in both fonts, and how
# far each font advances for them, in thousandths of its size.
_TABULAR: Final = {str(digit): 947 + digit for digit in range(10)} | {"+": 983, "\N{MINUS SIGN}": 984}
_ADVANCE: Final = {REGULAR: 1328 / 2.048, BOLD: 1325 / 2.048}

_ESCAPED: Final = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256), *map(ord, "()\\"))}


class Face:
    """One font in one document. Widths are those of a text of one point."""

    def __init__(self, name: str, document: Any, missing: set[str]) -> None:
        self._font: Any = TTFont(name, str(FOLDER.joinpath(f"{name}.ttf")))
        self._document = document
        self._shown = _Shown(self._font.face.charToGlyph, missing)
        _with_tabular_figures(self._font.face, _ADVANCE[name])
        self._widths: dict[int, float] = {
            code: width / 1000 for code, width in self._font.face.charWidths.items() if code in self._shown.known
        }
        self.width = lru_cache(_KNOWN)(self._width)
        self.operators = lru_cache(_KNOWN)(self._operators)
        self.lines = lru_cache(_KNOWN)(self._lines)

    def _width(self, text: str) -> float:
        return sum(map(self._widths.__getitem__, map(ord, text)))

    def _operators(self, text: str, size: float) -> str:
        """The operators that show a text of characters that the font has, from where the line begins."""
        parts: list[str] = []
        for subset, codes in self._font.splitString(text, self._document):
            name = self._font.getSubsetInternalName(subset, self._document)
            parts.append(f"{name} {size:g} Tf ({codes.decode('latin-1').translate(_ESCAPED)}) Tj")
        return " ".join(parts)

    def _lines(self, text: str, room: float) -> tuple[str, ...]:
        """The text as lines no wider than `room` (in widths of one point), with what cannot be shown replaced.

        Lines break at spaces; a word that is too long for a line is broken within, if possible behind a sign.
        """
        text = text.translate(self._shown).strip()
        if "\n" not in text and self.width(text) <= room:
            return (text,)
        return tuple(line for paragraph in text.split("\n") for line in self._broken(paragraph.split(), room))

    def _broken(self, words: list[str], room: float) -> list[str]:
        lines = [""]
        left = room
        for word in words:
            width = self.width(word)
            space = self._widths[32] if lines[-1] else 0.0
            if width + space <= left:
                lines[-1] += f" {word}" if lines[-1] else word
                left -= width + space
                continue
            pieces = [word] if width <= room else self._pieces(word, room)
            lines[-1:] = [*filter(None, lines[-1:]), *pieces]
            left = room - self.width(lines[-1])
        return lines

    def _pieces(self, word: str, room: float) -> list[str]:
        pieces: list[str] = []
        start, good, used = 0, 0, 0.0
        for place, letter in enumerate(word):
            width = self._widths[ord(letter)]
            while used + width > room and place > start:  # what is left of a break behind a sign may be too long, too
                end = good if good > start + (place - start) // 3 else place
                pieces.append(word[start:end])
                start, used = end, self.width(word[end:place])
            used += width
            if letter in _BREAK_AFTER:
                good = place + 1
        return [*pieces, word[start:]]


class _Shown(dict[int, str]):
    """What is shown for each character: itself, a space, or the box; the latter are noted in `missing`."""

    def __init__(self, glyphs: dict[int, int], missing: set[str]) -> None:
        super().__init__(_SPACES | {0x0A: "\n"})
        self.known = frozenset(code for code in glyphs if unicodedata.category(chr(code)) not in _INVISIBLE)
        self._missing = missing

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if code not in self.known:
            self._missing.add(letter)
            letter = REPLACEMENT
        self[code] = letter
        return letter


def _with_tabular_figures(face: Any, advance: float) -> None:
    for letter, glyph in _TABULAR.items():
        face.charToGlyph[ord(letter)] = glyph
        face.charWidths[ord(letter)] = advance
