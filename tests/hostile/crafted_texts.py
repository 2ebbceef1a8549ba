"""Tables of text, and what else may lie where a table is looked for: each with what must become of it."""

import codecs
import os
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.crafted import Crafted, Make

HEAD = "product,vendor,version_rank,released_on,maintenance_separate\n"
LINE = "Office,Müller,3,2024-01-02,true\n"
ONE = ("Office", "Müller", 3, "2024-01-02", 1)
BARE = ("P", "", None, None, 0)
TWO = ("Visio", "", None, None, 0)


def _file(content: str | bytes, name: str = "products.csv") -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder / name

    return make


def _below(content: str) -> Make:
    return _file(HEAD + content)


def _vendor(text: str) -> Make:
    return _file(f'{HEAD}P,"{text}",,,\n')


VENDORS = {
    "a formula": ("=cmd|'/c calc'!A0", ""),
    "a formula after blanks": ("  =1+1", ""),
    "a formula in full width": ("\uff1d1+1", ""),
    "markup": ("<img src='file:///x'>", ""),
    "writing from the right": ("abc\u202edef", ""),
    "nothing that is seen": ("a\u200bb", ""),
    "letters that look alike": ("\N{CYRILLIC CAPITAL LETTER O}ffice", ""),
    "letters with marks of their own": ("Mu\u0308ller", ""),
    "beyond the basic plane": ("\U0001f600", ""),
    "commands of a database": ("'); DROP TABLE products; --", ""),
    "a place holder": ("%s {0} ${HOME} %(x)s ? :x", ""),
    "a line break": ("a\nb", "column vendor: .*cannot be shown"),
    "a carriage return": ("a\rb", "column vendor: .*cannot be shown"),
    "a bell": ("a\x07b", "column vendor: .*cannot be shown"),
    "a command for terminals": ("\x1b[31mred", "column vendor: .*cannot be shown"),
    "the byte that shares columns": ("a\x1fb", "column vendor: .*cannot be shown"),
    "a line separator": ("a\u2028b", ""),
    "500 letters": ("x" * 500, ""),
    "501 letters": ("x" * 501, "at most 500 are accepted"),
    "131,073 letters": ("x" * 131_073, "a cell has more than 131,072 characters"),
    "ten MB": ("x" * (10 << 20), "a cell has more than 131,072 characters"),
}
RANKS = {
    "a number without end": ("9" * 5_000, "column version_rank"),
    "a number with an exponent": ("1e5", "column version_rank"),
    "digits of another script": ("\u0663", "column version_rank"),
    "digits in full width": ("\uff13", "column version_rank"),
    "a number with a fraction": ("3.0", "column version_rank"),
    "a number in words of programs": ("0x10", "column version_rank"),
    "no number": ("NaN", "column version_rank"),
    "a number with marks": ("1_000", "column version_rank"),
    "minus zero": ("-0", ""),
}
DAYS = {
    "the day that never was": ("1900-02-29", "is not a day of the calendar"),
    "a day of the year zero": ("0000-01-01", "is not a day of the calendar"),
    "a day of five digits": ("10000-01-01", "is not a date"),
    "a day in the order of somewhere": ("01/02/2024", "is not a date"),
    "a day in digits of another script": ("\u0662\u0660\u0662\u0664-01-02", "is not a date"),
    "a day with a time": ("2024-01-02T00:00", "is not a date"),
    "the last day": ("9999-12-31", ""),
}


def _cells() -> Iterator[Crafted]:
    for name, (text, says) in VENDORS.items():
        kept = {"Mu\u0308ller": "Müller"}.get(text, text.strip())
        yield Crafted(f"text: {name}", _vendor(text), says, None if says else [("P", kept, None, None, 0)])
    for name, (text, says) in RANKS.items():
        yield Crafted(f"number: {name}", _below(f"P,,{text},,\n"), says, None if says else [("P", "", 0, None, 0)])
    for name, (text, says) in DAYS.items():
        yield Crafted(f"day: {name}", _below(f"P,,,{text},\n"), says, None if says else [("P", "", None, text, 0)])


def _rows() -> Iterator[Crafted]:
    wrong = "a quotation mark"
    yield Crafted("rows: sound", _below(LINE + "Visio,,,,\n"), rows=[ONE, TWO])
    yield Crafted(
        "rows: a quotation mark that is never closed", _below(f'"{LINE}Visio,,,,\n'), "row 2: a quotation mark"
    )
    yield Crafted("rows: a quotation mark that is closed too soon", _below('"Of"fice,,,,\n'), wrong)
    yield Crafted("rows: a quotation mark within", _below('Of"fice,,,,\n'), rows=[('Of"fice', "", None, None, 0)])
    yield Crafted("rows: a row swallowed by quotation marks", _below('"Office,,,,\nVisio",,,,\n'), "cannot be shown")
    yield Crafted("rows: a cell too many", _below("Office,,,,,\n"), "row 2: the row has 6 cells and the header 5")
    yield Crafted("rows: a cell too few", _below(LINE + "Office,,,\n"), "row 3: the row has 4 cells and the header 5")
    yield Crafted("rows: blank ones between", _below(f"\n{LINE}\n\r\n\nVisio,,,,\n\n"), rows=[ONE, TWO])
    yield Crafted("rows: of blanks only", _below(f" ,,,,\n{LINE}"), rows=[ONE])
    yield Crafted("rows: the last without an end", _below(LINE.strip()), rows=[ONE])
    yield Crafted("rows: ended as on old machines", _file((HEAD + LINE).replace("\n", "\r")), rows=[ONE])
    yield Crafted("rows: ended in three ways", _file(HEAD[:-1] + "\r\n" + LINE[:-1] + "\rVisio,,,,\n"), rows=[ONE, TWO])
    yield Crafted("rows: the same twice", _below(LINE * 2), "row 3, column product: .*is a duplicate")
    yield Crafted("rows: shared by semicolons", _file((HEAD + LINE).replace(",", ";")), rows=[ONE])
    yield Crafted("rows: shared by tabs", _file((HEAD + LINE).replace(",", "\t")), rows=[ONE])
    yield Crafted("rows: shared by bars", _file((HEAD + LINE).replace(",", "|")), "the column product is missing")
    yield Crafted("rows: shared in two ways", _file(HEAD + LINE.replace(",", ";")), "row 2: the row has 1 cells")
    yield Crafted(
        "rows: a line for spreadsheets in front", _file("sep=,\n" + HEAD + LINE), "the column product is missing"
    )
    yield Crafted("rows: a million columns", _file("a," * 1_000_000 + "a\n"), "1,000,001 columns; at most 16,384")
    yield Crafted(
        "rows: a million columns below", _below("a," * 1_000_000 + "a\n"), "row 2: the row has 1,?000,?001 cells"
    )
    yield Crafted("rows: a million quotation marks", _below('"' * 1_000_001 + ",,,,\n"), "row 2: a")
    yield Crafted("rows: twenty thousand wrong ones", _below("Office,,x,,\n" * 20_000), "column version_rank")
    yield Crafted("rows: twenty thousand too short", _below("Office\n" * 20_000), "the row has 1 cells")


def _headers() -> Iterator[Crafted]:
    many = ",".join(f"h{n}" for n in range(16_383))
    yield Crafted("header: as many columns as a sheet has", _file(f"{many},product\n{',' * 16_383}P\n"), rows=[BARE])
    yield Crafted("header: nothing", _file(""), "the file is empty")
    yield Crafted("header: a line break", _file("\n"), "the first row is empty")
    yield Crafted("header: alone", _file(HEAD), rows=[])
    yield Crafted("header: a column twice", _file("product,Product \nOffice,Visio\n"), "stands there 2 times")
    yield Crafted("header: letters that look alike", _file("pr\N{CYRILLIC SMALL LETTER O}duct\nOffice\n"), "is missing")
    yield Crafted("header: a mark that is not seen", _file("\u200bproduct\nOffice\n"), "is missing")
    yield Crafted(
        "header: a quotation mark that is never closed", _file('"product\nOffice\n'), "row 1: a quotation mark"
    )
    yield Crafted(
        "header: columns without names", _file(",,product,,\n,,Office,,\n"), rows=[("Office", "", None, None, 0)]
    )


def _encodings() -> Iterator[Crafted]:
    text = HEAD + LINE
    yield Crafted("bytes: a mark of UTF-8", _file(codecs.BOM_UTF8 + text.encode()), rows=[ONE])
    yield Crafted("bytes: two marks of UTF-8", _file(codecs.BOM_UTF8 * 2 + text.encode()), "is missing")
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield Crafted(f"bytes: {name}", _file(text.encode(name)), "save it as CSV in UTF-8")
    for name in ("cp1252", "cp850", "latin-1"):
        yield Crafted(f"bytes: {name}", _file(text.encode(name)), "is not in UTF-8: byte 69 is 0x")
    yield Crafted("bytes: half a letter at the end", _file(text.encode() + b"\xc3"), "is not in UTF-8: byte")
    yield Crafted("bytes: letters written too long", _file(text.encode() + b"\xc0\xafx,,,,\n"), "is not in UTF-8: byte")
    yield Crafted("bytes: half a character", _file(text.encode() + b"\xed\xa0\x80x,,,,\n"), "is not in UTF-8: byte")
    yield Crafted(
        "bytes: beyond all letters", _file(text.encode() + b"\xf4\x90\x80\x80x,,,,\n"), "is not in UTF-8: byte"
    )
    yield Crafted("bytes: NUL", _file((text + "Vi\0sio,,,,\n").encode()), "is NUL")
    yield Crafted("bytes: NUL far behind", _file((text + "\n" * 3_000_000 + "\0").encode()), "byte 3,000,0.* is NUL")
    yield Crafted("bytes: a picture", _file(b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "products.csv")
    yield Crafted("bytes: a database", _file(b"SQLite format 3\0" + bytes(4_080)), "is NUL")
    yield Crafted("bytes: packed", _file(b"\x1f\x8b\x08" + bytes(200)), "products.csv")


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "products.csv")
    return folder / "products.csv"


def _linked(target: str) -> Make:
    def make(folder: Path) -> Path:
        (folder / "products.csv").symlink_to(target)
        return folder / "products.csv"

    return make


def _folder(folder: Path) -> Path:
    (folder / "estate" / "products.csv").mkdir(parents=True)
    return folder / "estate"


def _pipe_in_a_folder(name: str) -> Make:
    def make(folder: Path) -> Path:
        (folder / "estate").mkdir()
        os.mkfifo(folder / "estate" / name)
        return folder / "estate"

    return make


def _others() -> Iterator[Crafted]:
    """What is no file of a table at all."""
    yield Crafted("other: a pipe that nobody writes to", _pipe, "this is neither a file nor a folder")
    yield Crafted("other: a device that never ends", _linked("/dev/zero"), "this is neither a file nor a folder")
    yield Crafted("other: a link to itself", _linked("products.csv"), "products.csv: it cannot be opened")
    yield Crafted("other: a link to nothing", _linked("nothing"), "there is no such file or folder")
    yield Crafted("other: a folder with the name of a table", _folder, "the folder holds no table of the template")
    for name in ("products.csv", "licenses.csv", "estate.xlsx", "a.json"):
        make = _pipe_in_a_folder(name)
        yield Crafted(f"other: a pipe in a folder, {name}", make, "the folder holds no table of the template")
    yield Crafted("other: a table of another name", _file(HEAD, "licences.csv"), "nobody has said yet what its columns")
    yield Crafted(
        "other: a picture", _file(b"\x89PNG\r\n\x1a\n" + bytes(50), "a.png"), "not a file that can be imported"
    )
    yield Crafted(
        "other: a page", _file("<html><script>alert(1)</script></html>", "a.html"), "not a file that can be imp"
    )


TEXTS = (*_cells(), *_rows(), *_headers(), *_encodings(), *_others())
