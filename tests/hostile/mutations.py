"""Sound files, damaged where it hurts: a seed gives the same damage every time."""

import io
import json
import re
import zipfile
from random import Random

from tests import invoices
from tests.hostile import xlsx

PIECES = (
    b"\0",
    b'"',
    b'""',
    b",",
    b"\n",
    b"\r",
    b"\xff",
    b"\xef\xbb\xbf",
    b";",
    b"-",
    b"9" * 30,
    b"\xcc\x88",
    b"<",
    b"&",
    b">",
)
NASTY = (
    *("", " ", "-1", "0", "00", "1e5", "1E400", "NaN", "inf", "9" * 20, "2147483648", "3.5", "true", "unlimited"),
    *("2024-02-30", "2024-02-29", "21.11.2026", "x" * 600, "=1+1", "<b>", "a\nb", "\u202ex", "a,b", 'a"b', "Office"),
    *("Mu\u0308ller", "\ufeff", "\x07", "\u0663", "#REF!", "-0", "  Visio  ", "'", "null", "A1", "Visio;Paint"),
)
NASTY_XML = (
    *("<row/>", "<c/>", "<v>1</v>", "<!-- x -->", "<![CDATA[x]]>", "<?x?>", "&a;", "&#0;", "&amp;", "</row>", "</c>"),
    *('<c r="B2"><v>5</v></c>', "<!DOCTYPE x>", "<f>1+1</f>", '<c t="s" r="A9"><v>1</v></c>', "<row r='7'>", "\0"),
    *(
        "<is><t>x</t></is>",
        "<si><t>x</t></si>",
        "<t/>",
        '<c r="Z9"/>',
        "<sheetData/>",
        "</sheetData>",
        "<v></v>",
        "<v/>",
    ),
)
_TAG = re.compile(rb"<[^<>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_BETWEEN = re.compile(rb">([^<>]*)<")


def bytes_damaged(data: bytes, rng: Random) -> bytes:
    """One to four pieces put in, cut out, doubled, or overwritten."""
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(data) + 1), rng.randint(0, 40)
        middle = rng.choice([b"", rng.choice(PIECES), data[at : at + length] * 2, rng.randbytes(min(length, 4))])
        data = data[:at] + middle + data[at + length :]
    return data


# ----------------------------------------------------------------------------------------------------------------- CSV
def csv_file(rng: Random) -> bytes:
    """A table of products as CSV, with damage."""
    rows = [list(map(str, row)) for row in (xlsx.HEADER, *xlsx.ROWS, *_more(rng))]
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        rng.choice(_CSV)(rows, rng)
    delimiter, end = rng.choice(",,,,;\t" * 4 + "|"), rng.choice(["\n", "\n", "\r\n", "\r"])
    always = rng.random() < 0.3
    text = end.join(delimiter.join(_quoted(cell, delimiter, always, rng) for cell in row) for row in rows)
    encoding = rng.choice(["utf-8"] * 12 + ["utf-8-sig", "utf-8-sig", "cp1252", "utf-16"])
    data = (text + rng.choice([end, end, "", end * 3])).encode(encoding, "replace")
    return bytes_damaged(data, rng) if rng.random() < 0.3 else data


def _more(rng: Random) -> list[list[str]]:
    return [
        [f"P{n}", rng.choice(NASTY) if rng.random() < 0.02 else "", str(n), "", ""] for n in range(rng.randint(0, 12))
    ]


def _quoted(cell: str, delimiter: str, always: bool, rng: Random) -> str:
    if rng.random() < 0.002:
        return rng.choice(['"', '"x', 'x"', '"x"y'])
    if always or any(char in cell for char in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cell(rows: list[list[str]], rng: Random) -> None:
    row = rng.choice(rows)
    if row:
        row[rng.randrange(len(row))] = rng.choice(NASTY)


def _drop(rows: list[list[str]], rng: Random) -> None:
    del rows[rng.randrange(len(rows))]


def _double(rows: list[list[str]], rng: Random) -> None:
    rows.insert(rng.randrange(len(rows) + 1), list(rng.choice(rows)))


def _swap(rows: list[list[str]], rng: Random) -> None:
    one, other = rng.randrange(len(rows)), rng.randrange(len(rows))
    rows[one], rows[other] = rows[other], rows[one]


def _shorter(rows: list[list[str]], rng: Random) -> None:
    row = rng.choice(rows)
    if row:
        del row[rng.randrange(len(row))]


def _longer(rows: list[list[str]], rng: Random) -> None:
    rng.choice(rows).append(rng.choice(NASTY))


def _blank(rows: list[list[str]], rng: Random) -> None:
    rows.insert(rng.randrange(len(rows) + 1), [])


def _column(rows: list[list[str]], rng: Random) -> None:
    """Every row gets one more column, of a known name or not."""
    name = rng.choice([*xlsx.HEADER, "family", "edition", "Product ", "colour", ""])
    for number, row in enumerate(rows):
        row.append(name if not number else rng.choice(NASTY))


_CSV = (_cell, _cell, _cell, _drop, _double, _swap, _shorter, _longer, _blank, _column)


# ---------------------------------------------------------------------------------------------------------------- XLSX
def workbook(rng: Random) -> bytes:
    """A table of products as a workbook, with damage."""
    rows: list[list[object]] = [list(row) for row in (*xlsx.ROWS, *_more(rng))]
    for _ in range(rng.choice([0, 0, 1, 2])):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice([*NASTY[:-1], 5, -3.25, 1e300, True, 2**60])
    parts = xlsx.parts(rows)
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        rng.choice(_XLSX)(parts, rng)
    data = _packed(parts, rng)
    return bytes_damaged(data, rng) if rng.random() < 0.15 else data


def _packed(parts: xlsx.Parts, rng: Random) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(
        whole, "w", rng.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]), compresslevel=1
    ) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return whole.getvalue()


def _part(parts: xlsx.Parts, rng: Random) -> str:
    names = [xlsx.SHEET] * 6 + [xlsx.STRINGS] * 3 + [xlsx.WORKBOOK, xlsx.LINKS, xlsx.STYLES]
    chosen = rng.choice(names)
    return chosen if chosen in parts else rng.choice(list(parts))


def _tags(parts: xlsx.Parts, rng: Random) -> None:
    """A tag taken out, doubled, moved, or with something behind it."""
    name = _part(parts, rng)
    data = parts[name]
    tags = list(_TAG.finditer(data))
    if not tags:
        return
    tag, other = rng.choice(tags), rng.choice(tags)
    put = rng.choice([b"", tag[0] * 2, other[0], tag[0] + rng.choice(NASTY_XML).encode(), tag[0].upper()])
    parts[name] = data[: tag.start()] + put + data[tag.end() :]


def _elements(parts: xlsx.Parts, rng: Random) -> None:
    """A whole cell, row or text taken out, doubled, or put elsewhere."""
    name = rng.choice([xlsx.SHEET, xlsx.SHEET, xlsx.STRINGS])
    data = parts.get(name, b"")
    found = list(re.finditer(rng.choice([rb"<c .*?</c>", rb"<row .*?</row>", rb"<si>.*?</si>", rb"<v>.*?</v>"]), data))
    if found:
        one, other = rng.choice(found), rng.choice(found)
        put = rng.choice([b"", one[0] * 2, other[0], one[0] + other[0]])
        parts[name] = data[: one.start()] + put + data[one.end() :]


def _attributes(parts: xlsx.Parts, rng: Random) -> None:
    name = _part(parts, rng)
    data = parts[name]
    found = list(_ATTRIBUTE.finditer(data))
    if found:
        one, other = rng.choice(found), rng.choice(found)
        value = rng.choice(
            [rng.choice(NASTY).replace('"', "").encode(), other[2], b"s", b"str", b"b", b"e", b"inlineStr"]
        )
        put = rng.choice([b"", one[1] + b'="' + value + b'"', other[1] + b'="' + one[2] + b'"', one[0] * 2])
        parts[name] = data[: one.start()] + put + data[one.end() :]


def _texts(parts: xlsx.Parts, rng: Random) -> None:
    name = _part(parts, rng)
    data = parts[name]
    found = list(_BETWEEN.finditer(data))
    if found:
        one = rng.choice(found)
        put = rng.choice([*NASTY, *NASTY_XML]).encode()
        parts[name] = data[: one.start(1)] + put + data[one.end(1) :]


def _content(parts: xlsx.Parts, rng: Random) -> None:
    name = _part(parts, rng)
    parts[name] = bytes_damaged(parts[name], rng)


def _whole(parts: xlsx.Parts, rng: Random) -> None:
    """A part taken out, emptied, cut, renamed, or changed for another."""
    name, other = rng.choice(list(parts)), rng.choice(list(parts))
    data = parts.pop(name)
    way = rng.randrange(6)
    if way:
        changed = {
            1: b"",
            2: data[: rng.randrange(len(data) + 1)],
            3: parts.get(other, data),
            4: data,
            5: b"\xef\xbb\xbf" + data,
        }
        parts[rng.choice([name, name, name.upper(), name.replace("/", "\\"), f"../{name}"])] = changed[way]


_XLSX = (_tags, _tags, _elements, _elements, _attributes, _attributes, _texts, _texts, _content, _whole)


# ---------------------------------------------------------------------------------------------------------------- JSON
def json_text(rng: Random) -> bytes:
    """Some data as JSON, with damage."""
    value = _value(rng, 4)
    data = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1])).encode()
    for _ in range(rng.randint(0, 3)):
        found = list(re.finditer(rb'"[^"]*"|-?\d[\d.e+-]*|[\[\]{},:]|true|null', data))
        if found:
            one, other = rng.choice(found), rng.choice(found)
            nasty = [
                b"NaN",
                b"-Infinity",
                b"1e999",
                b"9" * 25,
                b'"\\ud800"',
                b"[" * 200,
                b'{"a":1,"a":2}',
                b"01",
                b"1.",
                b"'a'",
            ]
            put = rng.choice([b"", one[0] * 2, other[0], *nasty])
            data = data[: one.start()] + put + data[one.end() :]
    return bytes_damaged(data, rng) if rng.random() < 0.3 else data


def _value(rng: Random, depth: int) -> object:
    way = rng.randrange(6 if depth else 4)
    if way < 4:
        return [rng.choice(NASTY), rng.randint(-(10**6), 10**6), rng.random(), rng.choice([True, False, None])][way]
    inner = [_value(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    return inner if way == 4 else {f"k{n}": value for n, value in enumerate(inner)}


# -------------------------------------------------------------------------------------------------------------- invoices
_NUMBER = re.compile(rb"\d+")
_NAME = re.compile(rb"/[A-Z]\w*")
_LINE = re.compile(rb"[^\n]*\n")
_NUMBERS = (b"0", b"1", b"-1", b"9999999999", b"1e9", b"3.5", b"R", b"null", b"[0 0]", b"<<>>", b"(")
_HEADS = (
    *(b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: x-none\n", b"Content-Type: text/plain\n"),
    *(b'Content-Type: multipart/mixed; boundary="x"\n', b"Content-Type: message/rfc822\n", b"--x\n", b"--x--\n", b"\n"),
    *(
        b'Content-Type: text/plain; charset="utf-7"\n',
        b'Content-Type: text/plain; charset="\xff"\n',
        b"=\n",
        b"=\xff\n",
    ),
    *(
        b"Subject: =?utf-8?b?//8=?=\n",
        b"Subject: =?x?q?a?=\n",
        b"Date: 99 Xxx 2026\n",
        b"\x00\n",
        b"From \n",
        b"a" * 2_000,
    ),
)


def invoice(rng: Random) -> tuple[str, bytes]:
    """An invoice as a PDF file, or as a mail with one attached, with damage: its ending, and its bytes."""
    layout = rng.choice(list(invoices.LAYOUTS))
    data = invoices.LAYOUTS[layout]()
    if rng.random() < 0.7:
        return ".pdf", _pdf(data, rng)
    inner = _pdf(data, rng) if rng.random() < 0.3 else data
    return ".eml", _mail(invoices.mail(("invoice.pdf", inner), html="<p>Invoice <b>1</b></p>").as_bytes(), rng)


def _pdf(data: bytes, rng: Random) -> bytes:
    """Numbers, names and bytes of it changed, or it is cut off."""
    for _ in range(rng.randint(1, 4)):
        pattern, others = rng.choice([(_NUMBER, _NUMBERS), (_NUMBER, _NUMBERS), (_NAME, (b"/X", b"", b"/Kids"))])
        found = list(pattern.finditer(data))
        one = rng.choice(found)
        data = data[: one.start()] + rng.choice([*others, rng.choice(found)[0]]) + data[one.end() :]
    way = rng.random()
    return data[: rng.randrange(len(data))] if way < 0.1 else bytes_damaged(data, rng) if way < 0.4 else data


def _mail(data: bytes, rng: Random) -> bytes:
    """Lines of it taken out, doubled, moved, or others put in."""
    for _ in range(rng.randint(1, 4)):
        lines = list(_LINE.finditer(data))
        heads = [line for line in lines if len(line[0]) < 70]  # those between the encoded ones, which are many
        one, other = rng.choice(heads), rng.choice(lines)
        data = data[: one.start()] + rng.choice([b"", one[0] * 2, other[0], *_HEADS]) + data[one.end() :]
    return bytes_damaged(data, rng) if rng.random() < 0.3 else data
