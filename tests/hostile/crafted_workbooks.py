"""Workbooks that somebody made on purpose: each with what must become of it."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile import xlsx
from tests.hostile.crafted import Crafted, Rows
from tests.hostile.xlsx import HEADER, LINKS, ROWS, SHEET, STRINGS, STYLES, WORKBOOK, Parts, cell, row, sheet

SOUND: Rows = [
    ("Office", "Müller & Söhne", 3, "2024-01-02", 1),
    ("Visio", "Acme", -4, "2020-02-29", 0),
    ("Paint", "", 1, None, 0),
]
HEAD = row(1, HEADER)


def _book(make: Callable[[], Parts]) -> Callable[[Path], Path]:
    return lambda folder: xlsx.zipped(folder / "estate.xlsx", make())


def _with(**changed: bytes) -> Callable[[Path], Path]:
    """The sound workbook with parts replaced: SHEET, STRINGS, WORKBOOK, STYLES or LINKS."""
    names = {"sheet": SHEET, "strings": STRINGS, "workbook": WORKBOOK, "styles": STYLES, "links": LINKS}
    return _book(lambda: {**xlsx.parts(), **{names[part]: data for part, data in changed.items()}})


def _rows(xml: str, **more: str) -> Callable[[Path], Path]:
    """The sound workbook with other rows below its header."""
    return _with(sheet=sheet(HEAD + xml, **more))


def _one(xml: str, column: str = "B") -> Callable[[Path], Path]:
    """One row: a product of the name P, and a cell with what is given."""
    return _rows(f'<row r="2">{cell("A2", "P")}{xml.replace("@", f"{column}2")}</row>')


def _in_part(part: str, old: bytes, new: bytes) -> Callable[[Path], Path]:
    def make() -> Parts:
        content = xlsx.parts()
        assert old in content[part], part
        return {**content, part: content[part].replace(old, new)}

    return _book(make)


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """The sound workbook with its file changed as a whole."""

    def make(folder: Path) -> Path:
        path = xlsx.zipped(folder / "estate.xlsx", xlsx.parts())
        path.write_bytes(change(path.read_bytes()))
        return path

    return make


def _streamed(part: str, piece: bytes, times: int, before: bytes = b"", after: bytes = b"") -> Callable[[Path], Path]:
    """The sound workbook with a part that is one piece again and again."""

    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "estate.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in xlsx.parts().items():
                if name != part:
                    archive.writestr(name, data)
            with archive.open(part, "w", force_zip64=True) as stream:
                stream.write(before)
                for _ in range(times):
                    stream.write(piece)
                stream.write(after)
        return folder / "estate.xlsx"

    return make


def _added(name: str, data: bytes) -> Callable[[Path], Path]:
    return _book(lambda: {**xlsx.parts(), name: data})


def _twice(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        content = xlsx.parts()
        path = xlsx.zipped(folder / "estate.xlsx", content)
        data = content[SHEET].replace(b"Office", b"Offize")
        with zipfile.ZipFile(path, "a") as archive:
            info = zipfile.ZipInfo(name)  # as bytes: the name that is there already would be a warning
            archive.NameToInfo.pop(name, None)
            archive.writestr(info, data)
        return path

    return make


def _entry(offset: int, form: str, value: int, part: str = SHEET) -> Callable[[bytes], bytes]:
    """Change a field of the central directory's entry of a part."""

    def change(data: bytes) -> bytes:
        at = data.rindex(part.encode()) - 46 + offset
        return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form) :]

    return change


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
QUADRATIC = "<!DOCTYPE x [<!ENTITY a '" + "x" * 100_000 + "'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
CORNER = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
NOT_SAFE = "could not be read safely"
TYPE = "declares a document type"
LARGE = "unpacked at most 600 MB are accepted"


def _hidden(state: str) -> Callable[[Path], Path]:
    return _in_part(WORKBOOK, b' sheetId="1"', f' sheetId="1" state="{state}"'.encode())


def _nested() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("estate.xlsx", b"PK")
    return inner.getvalue()


def _many_sheets() -> Parts:
    sheets = {"products": xlsx.parts()[SHEET], **{f"s{n}": sheet("") for n in range(2_000)}}
    return xlsx.around(sheets, xlsx.texts())


def _strict() -> Parts:
    old, new = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    return {
        name: data.replace(old + b"spreadsheetml/2006/main", new + b"spreadsheetml/main").replace(
            old + b"officeDocument/2006/relationships", new + b"officeDocument/relationships"
        )
        for name, data in xlsx.parts().items()
    }


def _text(text: str) -> str:
    return f'<c r="@" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


CELLS = {
    "a formula as a text": (_text("=cmd|&apos;/c calc&apos;!A0"), "=cmd|'/c calc'!A0", ""),
    "markup as a text": (_text("&lt;img src='file:///x'&gt;"), "<img src='file:///x'>", ""),
    "letters that look alike": (_text("\N{CYRILLIC CAPITAL LETTER O}ffice"), "\N{CYRILLIC CAPITAL LETTER O}ffice", ""),
    "writing from the right": (_text("abc&#x202E;def"), "abc\u202edef", ""),
    "a text of several runs": ('<c r="@" t="inlineStr"><is><r><t>Mül</t></r><r><t>ler</t></r></is></c>', "Müller", ""),
    "digits with zeros in front": (_text("007"), "007", ""),
    "characters by their numbers": (_text("&#65;&#x42;&amp;amp;"), "AB&amp;", ""),
    "a truth": ('<c r="@" t="b"><v>1</v></c>', "true", ""),
    "the day that never was": ('<c r="@" s="1"><v>60</v></c>', "1900-02-28", ""),
    "a day with a time": ('<c r="@" s="2"><v>45292.5</v></c>', "2024-01-01T12:00:00", ""),
    "a day in words of the standard": ('<c r="@" t="d"><v>2024-05-06</v></c>', "2024-05-06", ""),
    "a style that is not there": ('<c r="@" s="4000000000"><v>5</v></c>', "5", ""),
    "a day beyond the calendar": ('<c r="@" s="1"><v>1e12</v></c>', "1000000000000", ""),
    "a day before the calendar": ('<c r="@" s="1"><v>-99999999</v></c>', "-99999999", ""),
    "an error without a name": ('<c r="@" t="e"/>', "", ""),
    "a number of fifteen digits": ('<c r="@"><v>123456789012345</v></c>', "123456789012345", ""),
    "a sum with the noise of its arithmetic": ('<c r="@"><v>59.970000000000006</v></c>', "59.97", ""),
    "a number of twenty digits": (
        '<c r="@"><v>12345678901234567890</v></c>',
        "",
        "cell B2: .*more digits than a spread",
    ),
    "no number": ('<c r="@"><v>NaN</v></c>', "", "cell B2: .*a number that is none"),
    "more than any number": ('<c r="@"><v>1E400</v></c>', "", "cell B2: .*a number that is none"),
    "a shared text that is not there": ('<c r="@" t="s"><v>99</v></c>', "", "string index not found"),
    "a shared text of a number below zero": ('<c r="@" t="s"><v>-1</v></c>', "", "cell B2: the cell points to no text"),
    "a shared text of a broken number": ("<c r='@' t = 's'><v>1.5</v></c>", "", "cell B2: the cell points to no text"),
    "a text in a section of its own": ('<c r="@" t="str"><v><![CDATA[a<b]]></v></c>', "", "7 cells hold values but 6"),
    "a text inside of a comment": ('<!-- <c r="@"><v>5</v></c> -->', "", "7 cells hold values but 6"),
    "two values in one cell": ('<c r="@"><v>3</v><v>4</v></c>', "", "8 cells hold values but 7"),
    "a cell that is there twice": ('<c r="@"><v>3</v></c><c r="@"><v>4</v></c>', "", "8 cells hold values but 7"),
    "an unknown kind of cell": ('<c r="@" t="zzz"><v>5</v></c>', "", "could not be read safely"),
    "a cell in no column": ('<c r="5"><v>5</v></c>', "", "could not be read safely"),
    "a cell beyond the last column": ('<c r="ZZZZZZZ2"><v>5</v></c>', "", "could not be read safely"),
    "a cell beyond the last row": ('<c r="B99999999999"><v>5</v></c>', "", "could not be read safely"),
    "a cell in row zero": ('<c r="B0"><v>5</v></c>', "", "could not be read safely"),
    "an error": ('<c r="@" t="e"><v>#REF!</v></c>', "", "cell B2: the cell shows #REF!"),
    "a value that is not available": ('<c r="@" t="e"><f>NA()</f><v>#N/A</v></c>', "", "cell B2: the cell shows #N/A"),
    "a formula that nobody computed": ('<c r="@"><f>1+1</f></c>', "", "cell B2: .*formula without a computed value"),
    "half of a character": (_text("&#xD800;"), "", "could not be read safely"),
    "a character that cannot be shown": (_text("a&#x1;b"), "", "row 2, column vendor: .*cannot be shown"),
    "an entity that nobody declared": (_text("&boom;"), "", "could not be read safely"),
    "a text too long for a name": (_text("x" * 501), "", "row 2, column vendor: .*at most 500 are accepted"),
    "a text too long for a cell": (_text("x" * 131_073), "", "sheet products, row 2: .*more than 131,072 characters"),
}
"""A cell as the vendor of the product P, what it is in the book, and what is said where the workbook is refused."""


def _cells() -> Iterator[Crafted]:
    for name, (xml, vendor, says) in CELLS.items():
        yield Crafted(f"cell: {name}", _one(xml), says, None if says else [("P", vendor, None, None, 0)])


def _wide(count: int) -> str:
    return "".join(f'<c r="{xlsx.letters(at)}1" t="str"><v>h{at}</v></c>' for at in range(count))


def _sheets() -> Iterator[Crafted]:
    """Sheets as wholes, and what they say of themselves."""
    sound = "".join(row(number, values) for number, values in enumerate(ROWS, 2))
    shuffled = "".join(row(number, values) for number, values in reversed(list(enumerate(ROWS, 2))))
    bare = re.sub(r' r="[A-Z]*[0-9]+"', "", HEAD + row(2, ROWS[0]))
    yield Crafted("sheet: corners that lie far apart", _with(sheet=sheet(CORNER.format(1048576, "XFD"))), NOT_SAFE)
    yield Crafted(
        "sheet: a hundred columns to the last row", _with(sheet=sheet(CORNER.format(1048576, "CV"))), NOT_SAFE
    )
    yield Crafted("sheet: a dimension that is too small", _rows(sound, before='<dimension ref="A1:B1"/>'), rows=SOUND)
    yield Crafted(
        "sheet: a dimension that is too large", _rows(sound, before='<dimension ref="A1:XFD1048576"/>'), rows=SOUND
    )
    yield Crafted("sheet: a dimension that is none", _rows(sound, before='<dimension ref="-:-"/>'), NOT_SAFE)
    yield Crafted("sheet: cells without addresses", _with(sheet=sheet(bare)), rows=SOUND[:1])
    yield Crafted(
        "sheet: cells without addresses, and a million empty rows",
        _streamed(
            SHEET, b"<row/>" * 1_000, 1_000, sheet(bare).partition(b"</sheetData>")[0], b"</sheetData></worksheet>"
        ),
        rows=SOUND[:1],
    )
    yield Crafted("sheet: rows from the last to the first", _rows(shuffled), rows=SOUND)
    yield Crafted("sheet: a row that is there twice", _rows(sound + row(2, ROWS[0])), "cells hold values but")
    yield Crafted(
        "sheet: merged cells", _rows(sound, after='<mergeCells><mergeCell ref="A2:B3"/></mergeCells>'), rows=SOUND
    )
    yield Crafted(
        "sheet: a row that is hidden", _rows(sound.replace('<row r="3"', '<row hidden="1" r="3"')), rows=SOUND
    )
    yield Crafted("sheet: hidden", _hidden("hidden"), rows=SOUND)
    yield Crafted("sheet: very hidden", _hidden("veryHidden"), rows=SOUND)
    yield Crafted("sheet: in UTF-16", _with(sheet=sheet(HEAD + sound, encoding="utf-16")), "holds NUL bytes")
    yield Crafted("sheet: in UTF-7 by its own words", _in_part(SHEET, b"utf-8", b"utf-7"), rows=SOUND)
    yield Crafted("sheet: cut off", _with(sheet=sheet(HEAD + sound)[:-60]), NOT_SAFE)
    yield Crafted("sheet: tags that cross", _rows(sound.replace("</c></row>", "</row></c>", 1)), rows=SOUND)
    yield Crafted("sheet: nothing at all", _with(sheet=b""), NOT_SAFE)
    yield Crafted("sheet: a header and no rows", _with(sheet=sheet(HEAD)), rows=[])
    yield Crafted(
        "sheet: a column that is there twice", _with(sheet=sheet(row(1, ("product", "Product")))), "stands there 2"
    )
    yield Crafted(
        "sheet: sixteen thousand columns", _with(sheet=sheet(f'<row r="1">{_wide(16_384)}</row>')), "is missing"
    )
    yield Crafted("sheet: very many tags in each other", _rows("<a>" * 200_000 + "</a>" * 200_000), rows=[])
    yield Crafted("sheet: another namespace", _book(_strict), rows=SOUND)
    yield Crafted("sheet: two of one name", _book(_two_of_one_name), "more than one sheet is named")
    yield Crafted("sheet: two thousand others", _book(_many_sheets), rows=SOUND)


def _two_of_one_name() -> Parts:
    return xlsx.around({"products": xlsx.parts()[SHEET], "Products": sheet(HEAD)}, xlsx.texts())


def _declared() -> Iterator[Crafted]:
    """Document types and what they can hold."""
    for name, xml in (
        ("laughs without end", f"{LAUGHS}]>"),
        ("one long entity, often", QUADRATIC),
        ("an entity from outside", OUTSIDE),
        ("a parameter entity", "<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://127.0.0.1/x'> %a;]>"),
        ("nothing in it", "<!DOCTYPE x>"),
    ):
        for part in ("sheet", "strings", "workbook", "styles", "links"):
            content = xlsx.parts()
            names = {"sheet": SHEET, "strings": STRINGS, "workbook": WORKBOOK, "styles": STYLES, "links": LINKS}
            data = content[names[part]].replace(b"?>\n", b"?>\n" + xml.encode(), 1)
            yield Crafted(f"type: {name}, in the {part}", _with(**{part: data}), TYPE)
    far = b" " * ((1 << 20) - 10) + b"<!DOCTYPE x>"
    data = xlsx.parts()[SHEET].replace(b"?>\n", b"?>\n" + far, 1)
    yield Crafted("type: on the border of two looks", _with(sheet=data), TYPE)
    small = sheet(HEAD).replace(b"?>\n", b"?>\n<!doctype x [<!ENTITY a 'b'>]>", 1)
    yield Crafted("type: in small letters", _with(sheet=small), rows=[])


def _streams() -> Iterator[Crafted]:
    """Little that unpacks to much."""
    blank, tail = b" " * (1 << 20), sheet("").partition(b"<sheetData>")[2]
    head = sheet("").partition(b"</sheetData>")[0]
    yield Crafted("much: two gigabytes of blanks", _streamed(SHEET, blank, 2_048), LARGE, large=True)
    yield Crafted("much: 590 MB of blanks", _streamed(SHEET, blank, 590, head, tail), "too long", large=True)
    yield Crafted(
        "much: 30 MB of blanks", _streamed(SHEET, blank, 30, sheet(HEAD)[:-24], sheet(HEAD)[-24:]), "too long"
    )
    cell_ = b'<row r="1"><c r="A1" t="str"><v>', b"</v></c></row>"
    yield Crafted(
        "much: a gigabyte in a cell",
        _streamed(SHEET, b"x" * (1 << 20), 1_024, head + cell_[0], cell_[1] + tail),
        LARGE,
        large=True,
    )
    yield Crafted(
        "much: twelve MB in a cell", _streamed(SHEET, b"x" * (1 << 20), 12, head + cell_[0], cell_[1] + tail), "131,072"
    )
    yield Crafted(
        "much: 20 MB in a shared text",
        _streamed(STRINGS, b"x" * (1 << 20), 20, b"<sst><si><t>", b"</t></si></sst>"),
        NOT_SAFE,
    )
    yield Crafted("much: a picture of two gigabytes", _streamed("xl/media/image1.png", blank, 2_048), LARGE, large=True)
    numbers = b"".join(row(2, [1] * 10).replace(' r="2"', "").encode() for _ in range(1_000))
    numbers = re.sub(rb' r="[A-Z]+2"', b"", numbers)
    yield Crafted(
        "much: ten million cells",
        _streamed(SHEET, numbers, 1_000, head + HEAD.encode(), tail),
        "more findings in this table are not listed",
        large=True,
    )
    yield Crafted(
        "much: a lie on how many texts there are", _with(strings=xlsx.strings(xlsx.texts(), 4_000_000_000)), NOT_SAFE
    )
    yield Crafted("much: no texts by its own words", _with(strings=xlsx.strings(xlsx.texts(), 0)), rows=SOUND)
    yield Crafted("much: a lie below the truth", _with(strings=xlsx.strings(xlsx.texts(), 1)), rows=SOUND)
    yield Crafted(
        "much: attributes without end",
        _with(
            sheet=sheet(HEAD).replace(b"<sheetData", b"<sheetData" + b"".join(b" a%d='1'" % n for n in range(200_000)))
        ),
        rows=[],
    )
    yield Crafted(
        "much: ten thousand parts", _book(lambda: {**xlsx.parts(), **{f"x/{n}": b"" for n in range(10_001)}}), LARGE
    )


def _packages() -> Iterator[Crafted]:
    """What is wrong with the file around the parts."""
    yield Crafted("package: sound", _book(xlsx.parts), rows=SOUND)
    yield Crafted("package: not compressed", lambda d: xlsx.zipped(d / "estate.xlsx", xlsx.parts(), 0), rows=SOUND)
    yield Crafted(
        "package: compressed in another way",
        lambda d: xlsx.zipped(d / "estate.xlsx", xlsx.parts(), zipfile.ZIP_LZMA),
        NOT_SAFE,
    )
    yield Crafted("package: a way to compress that nobody knows", _bytes(_entry(10, "<H", 77)), "damaged")
    yield Crafted("package: a wrong checksum", _bytes(_entry(16, "<I", 12345)), "damaged")
    yield Crafted("package: a size that is too small", _bytes(_entry(24, "<I", 50)), "damaged")
    yield Crafted("package: a size that is too large", _bytes(_entry(24, "<I", 5_000_000)), rows=SOUND)
    yield Crafted("package: a packed size that is none", _bytes(_entry(20, "<I", 3)), "damaged")
    yield Crafted("package: a part beyond the end", _bytes(_entry(42, "<I", 50_000_000)), "damaged")
    yield Crafted("package: with a password", _bytes(_entry(8, "<H", 1)), "protected with a password")
    yield Crafted("package: the same part twice", _twice(SHEET), "two parts of one name")
    yield Crafted("package: the same part twice, in capitals", _twice(SHEET.upper()), "two parts of one name")
    yield Crafted("package: paths to other folders", _added("../../evil.xml", b"<a/>"), rows=SOUND)
    yield Crafted("package: a path from the root", _added("/etc/evil.xml", b"<a/>"), rows=SOUND)
    yield Crafted("package: a path of Windows", _added("..\\..\\evil.xml", b"<a/>"), rows=SOUND)
    yield Crafted("package: a workbook in a workbook", _added("xl/embeddings/a.xlsx", _nested()), rows=SOUND)
    yield Crafted("package: sizes of more than four GB", _bytes_of_zip64, rows=SOUND)
    yield Crafted("package: something in front", _bytes(lambda data: b"PK\x03\x04junk" + data), rows=SOUND)
    yield Crafted("package: something behind", _bytes(lambda data: data + b"junk" * 100), rows=SOUND)
    yield Crafted(
        "package: cut off", _bytes(lambda data: data[: len(data) // 2]), "not an XLSX workbook, or it is damaged"
    )
    yield Crafted("package: only its first bytes", _bytes(lambda _: b"PK\x03\x04"), "not an XLSX workbook")
    yield Crafted("package: nothing in it", lambda d: xlsx.zipped(d / "estate.xlsx", {}), "not an XLSX workbook")
    yield Crafted(
        "package: with a password, as Office does it",
        _bytes(lambda _: bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)),
        "an old Excel file (.xls) or one with a password",
    )
    yield Crafted(
        "package: a document of a word processor", _book(lambda: {"word/document.xml": b"<a/>"}), "not an XLSX workbook"
    )
    yield Crafted(
        "package: a sheet from another folder",
        _in_part(LINKS, b'"worksheets/sheet1.xml"', b'"../../../etc/passwd"'),
        "no sheet of the template",
    )
    yield Crafted(
        "package: a sheet from the network",
        _in_part(LINKS, b'Target="worksheets/sheet1.xml"', b'TargetMode="External" Target="http://127.0.0.1/s.xml"'),
        "no sheet of the template",
    )
    yield Crafted(
        "package: a sheet that is its own workbook",
        _in_part(LINKS, b'"worksheets/sheet1.xml"', b'"workbook.xml"'),
        rows=[],
    )
    yield Crafted(
        "package: no relation to the sheet", _in_part(LINKS, b'Id="rId1"', b'Id="rId7"'), "no sheet of the template"
    )
    yield Crafted(
        "package: no shared texts",
        _book(lambda: {name: data for name, data in xlsx.parts().items() if name != STRINGS}),
        NOT_SAFE,
    )
    yield Crafted(
        "package: no styles",
        _book(lambda: {name: data for name, data in xlsx.parts().items() if name != STYLES}),
        rows=SOUND,
    )
    yield Crafted("package: days counted from 1904", _book(_from_1904), rows=[("P", "", None, "2024-01-02", 0)])


def _bytes_of_zip64(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "estate.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in xlsx.parts().items():
            with archive.open(name, "w", force_zip64=True) as stream:
                stream.write(data)
    return folder / "estate.xlsx"


def _from_1904() -> Parts:
    xml = f'<row r="2">{cell("A2", "P")}<c r="D2" s="1"><v>43831</v></c></row>'
    return {
        **xlsx.around({"products": sheet(HEAD + xml)}, [], '<workbookPr date1904="1"/>'),
    }


WORKBOOKS = (*_cells(), *_sheets(), *_declared(), *_streams(), *_packages())
