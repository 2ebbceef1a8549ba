"""Workbooks made by hand, part by part, so that every one of their bytes can be wrong."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
STYLES, LINKS = "xl/styles.xml", "xl/_rels/workbook.xml.rels"

HEADER = ("product", "vendor", "version_rank", "released_on", "maintenance_separate")
ROWS: Sequence[Sequence[object]] = (
    ("Office", "Müller & Söhne", 3, "2024-01-02", "true"),
    ("Visio", "Acme", -4, "2020-02-29", ""),
    ("Paint", "", 1, "", "false"),
)

Parts = dict[str, bytes]


def letters(column: int) -> str:
    """The name of a column, counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(address: str, value: object, shared: list[str] | None = None) -> str:
    """The XML of a cell; texts stand in the sheet itself, or in the shared ones if these are given."""
    if value == "" or value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{address}" t="b"><v>{int(value)}</v></c>'
    if not isinstance(value, str):
        return f'<c r="{address}"><v>{value}</v></c>'
    if shared is None:
        return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    shared.append(value)
    return f'<c r="{address}" t="s"><v>{len(shared) - 1}</v></c>'


def row(number: int, values: Sequence[object], shared: list[str] | None = None) -> str:
    cells = "".join(cell(f"{letters(at)}{number}", value, shared) for at, value in enumerate(values))
    return f'<row r="{number}">{cells}</row>'


def sheet(rows: str, *, before: str = "", after: str = "", encoding: str = "utf-8") -> bytes:
    """A part of a sheet from the XML of its rows."""
    data = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return (DECLARATION.replace("UTF-8", encoding) + data).encode(encoding)


def strings(texts: Sequence[str], count: int | None = None) -> bytes:
    """The part of the shared texts; `count` is what it says of their number."""
    many = len(texts) if count is None else count
    data = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    return f'{DECLARATION}<sst xmlns="{MAIN}" count="{many}" uniqueCount="{many}">{data}</sst>'.encode()


def parts(rows: Sequence[Sequence[object]] = ROWS, name: str = "products", *, header: Sequence[str] = HEADER) -> Parts:
    """A sound workbook with one sheet and shared texts."""
    shared: list[str] = []
    xml = "".join(row(number, values, shared) for number, values in enumerate((header, *rows), 1))
    return around({name: sheet(xml)}, shared)


def texts() -> list[str]:
    """The shared texts of the sound workbook."""
    return [value for line in (HEADER, *ROWS) for value in line if isinstance(value, str) and value]


def around(sheets: Mapping[str, bytes], shared: Sequence[str] = (), more: str = "") -> Parts:
    """What a workbook needs beside its sheets; `more` is XML in front of the list of the sheets."""
    names = list(sheets)
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    targets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)]
    targets += [("rId90001", "styles", "styles.xml"), ("rId90002", "sharedStrings", "sharedStrings.xml")]
    links = "".join(f'<Relationship Id="{i}" Type="{RELATIONS}/{t}" Target="{p}"/>' for i, t, p in targets)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(names) + 1)
    )
    return {
        "[Content_Types].xml": (
            f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml"'
            ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/styles.xml"'
            ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
            '<Override PartName="/xl/sharedStrings.xml"'
            ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
            f"{overrides}</Types>"
        ).encode(),
        "_rels/.rels": (
            f'{DECLARATION}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1"'
            f' Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        WORKBOOK: (
            f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{more}<sheets>{listed}</sheets></workbook>'
        ).encode(),
        LINKS: f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{links}</Relationships>'.encode(),
        STYLES: (
            f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
            '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
            '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ).encode(),
        **{f"xl/worksheets/sheet{n}.xml": data for n, data in enumerate(sheets.values(), 1)},
        STRINGS: strings(shared),
    }


def zipped(path: Path, content: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the parts into a file."""
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path
