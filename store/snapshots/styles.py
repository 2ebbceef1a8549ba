"""The formats of the cells of a workbook, by name, and the part of it that describes them to a spreadsheet."""

from __future__ import annotations

from typing import Final

_TONES: Final = {
    "bad": ("9C0006", "FFC7CE"),
    "late": ("833C0B", "F8CBAD"),
    "watch": ("7F6000", "FFEB9C"),
    "good": ("006100", "C6EFCE"),
    "ahead": ("1F4E78", "DDEBF7"),
    "past": ("595959", "EDEDED"),
}

_FONT: Final = '<name val="Calibri"/><family val="2"/></font>'
_FONTS: Final = (
    f'<font><sz val="11"/>{_FONT}',
    f'<font><b/><sz val="11"/>{_FONT}',
    f'<font><b/><sz val="12"/>{_FONT}',
    f'<font><b/><sz val="18"/>{_FONT}',
    *(f'<font><sz val="11"/><color rgb="FF{color}"/>{_FONT}' for color, _ in _TONES.values()),
)
_FILLS: Final = (
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
    *(
        f'<fill><patternFill patternType="solid"><fgColor rgb="FF{color}"/><bgColor indexed="64"/></patternFill></fill>'
        for color in ("E7E6E6", *(back for _, back in _TONES.values()))
    ),
)
_BORDERS: Final = (
    "<border><left/><right/><top/><bottom/><diagonal/></border>",
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border>',
)

_DATE: Final = 164
_QUANTITY: Final = 165
_FIRST_AMOUNT: Final = 166
_RIGHT: Final = '<alignment horizontal="right" indent="1"/>'


def _format(*, number: int = 0, font: int = 0, fill: int = 0, border: int = 0, alignment: str = "") -> str:
    applied = {"NumberFormat": number, "Font": font, "Fill": fill, "Border": border, "Alignment": alignment}
    marks = "".join(f' apply{name}="1"' for name, value in applied.items() if value)
    start = f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"{marks}'
    return f"{start}>{alignment}</xf>" if alignment else f"{start}/>"


_FORMATS: Final = {
    "plain": _format(),
    "header": _format(font=1, fill=2, border=1, alignment='<alignment vertical="center"/>'),
    "header-right": _format(
        font=1, fill=2, border=1, alignment='<alignment horizontal="right" vertical="center" indent="1"/>'
    ),
    "title": _format(font=3),
    "section": _format(font=2, border=1),
    "wrapped": _format(alignment='<alignment vertical="top" wrapText="1"/>'),
    "date": _format(number=_DATE, alignment='<alignment horizontal="left"/>'),
    "quantity": _format(number=_QUANTITY, alignment=_RIGHT),
    "right": _format(alignment=_RIGHT),
    **{tone: _format(font=4 + place, fill=3 + place) for place, tone in enumerate(_TONES)},
}

NUMBERS: Final = {name: number for number, name in enumerate(_FORMATS)}
"""The number under which a cell names each format."""


class Amounts:
    """The formats of money, one for each number of decimals that occurs."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def number(self, decimals: int) -> int:
        """The number of the format with so many decimals."""
        return self._known.setdefault(decimals, len(_FORMATS) + len(self._known))

    def xml(self) -> str:
        """The part of a workbook that describes its formats, those of money that were asked for among them."""
        patterns = {_DATE: "yyyy-mm-dd", _QUANTITY: _signed("#,##0")}
        formats = list(_FORMATS.values())
        for place, decimals in enumerate(self._known, start=_FIRST_AMOUNT):
            patterns[place] = _signed("#,##0" + ("." + "0" * decimals if decimals else ""))
            formats.append(_format(number=place, alignment=_RIGHT))
        codes = [f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in patterns.items()]
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f'<numFmts count="{len(codes)}">{"".join(codes)}</numFmts>'
            f'<fonts count="{len(_FONTS)}">{"".join(_FONTS)}</fonts>'
            f'<fills count="{len(_FILLS)}">{"".join(_FILLS)}</fills>'
            f'<borders count="{len(_BORDERS)}">{"".join(_BORDERS)}</borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(formats)}">{"".join(formats)}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            '<dxfs count="0"/></styleSheet>'
        )


def _signed(pattern: str) -> str:
    return f"{pattern};[Red]-{pattern}"
