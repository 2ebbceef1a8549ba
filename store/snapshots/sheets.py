"""The parts of a workbook around its cells: the sheets, which of them there are, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_START: Final = f'{DECLARATION}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
_FIT: Final = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
_FROZEN: Final = (
    '<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight"'
    ' state="frozen"/><selection pane="topRight" activeCell="B1" sqref="B1"/><selection pane="bottomLeft"'
    ' activeCell="A2" sqref="A2"/><selection pane="bottomRight"/></sheetView></sheetViews>'
)
_BARE: Final = '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews>'
_MARGINS: Final = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
_FOOTER: Final = "<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>"


@dataclass(frozen=True)
class Sheet:
    """A sheet that was written: its title; of a table also its cells ("A1:K7"), and whether it prints on any width."""

    title: str
    cells: str = ""
    wide: bool = False


def start_of_table(widths: Sequence[int], *, wide: bool) -> str:
    """What stands in a sheet before the rows of a table: its head and first column stay when one scrolls."""
    return f"{_START}{'' if wide else _FIT}{_FROZEN}{_columns(widths)}<sheetData>"


def end_of_table(cells: str, *, wide: bool) -> str:
    """What stands behind the rows of a table: a filter on all its `cells`, and how it is printed."""
    how = 'scale="70" ' if wide else 'fitToHeight="0" '
    setup = f'<pageSetup paperSize="9" {how}orientation="landscape"/>'
    return f'</sheetData><autoFilter ref="{cells}"/>{_MARGINS}{setup}{_FOOTER}</worksheet>'


def page(widths: Sequence[int], rows: Iterable[str]) -> str:
    """A whole sheet without grid lines that prints on one page."""
    setup = '<pageSetup paperSize="9" orientation="portrait"/>'
    start = f"{_START}{_FIT}{_BARE}{_columns(widths)}<sheetData>"
    return f"{start}{''.join(rows)}</sheetData>{_MARGINS}{setup}{_FOOTER}</worksheet>"


def _columns(widths: Sequence[int]) -> str:
    columns = [
        f'<col min="{place}" max="{place}" width="{_with_margin(width)}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    ]
    return f'<sheetFormatPr defaultRowHeight="15"/><cols>{"".join(columns)}</cols>'


def _with_margin(width: int) -> float:
    """A width as spreadsheets count it: a character is seven pixels, and five pixels stand beside them."""
    return int((width * 7 + 5) / 7 * 256) / 256


def workbook(sheets: Sequence[Sheet]) -> str:
    """The part that names the sheets, their filters, and the head that is repeated in print."""
    listed = [
        f'<sheet name={quoteattr(sheet.title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    ]
    names = [name for number, sheet in enumerate(sheets) if sheet.cells for name in _names(number, sheet)]
    defined = f"<definedNames>{''.join(names)}</definedNames>" if names else ""
    views = '<bookViews><workbookView xWindow="240" yWindow="15" windowWidth="16095" windowHeight="9660"/></bookViews>'
    return (
        f'{DECLARATION}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr/>{views}'
        f"<sheets>{''.join(listed)}</sheets>{defined}</workbook>"
    )


def _names(number: int, sheet: Sheet) -> Iterable[str]:
    title = escape("'" + sheet.title.replace("'", "''") + "'")
    first, last = sheet.cells.split(":")
    filtered = f"{title}!{_fixed(first)}:{_fixed(last)}"
    yield f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">{filtered}</definedName>'
    repeated = f"{title}!$A:$A,{title}!$1:$1" if sheet.wide else f"{title}!$1:$1"
    yield f'<definedName name="_xlnm.Print_Titles" localSheetId="{number}">{repeated}</definedName>'


def _fixed(cell: str) -> str:
    column = cell.rstrip("0123456789")
    return f"${column}${cell.removeprefix(column)}"


def around(sheets: Sequence[Sheet], title: str, as_of: str) -> Iterable[tuple[str, str]]:
    """The parts that say what the file is, with their names; its only time is the day of judgement."""
    numbers = range(1, len(sheets) + 1)
    links = [(f"rId{number}", f"{_OFFICE}/worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield (
        "xl/_rels/workbook.xml.rels",
        _links([*links, (f"rId{len(sheets) + 1}", f"{_OFFICE}/styles", "styles.xml")]),
    )
    core = f"{_PACKAGE}/metadata/core-properties"
    yield "docProps/core.xml", _core(core, title, as_of)
    yield (
        "_rels/.rels",
        _links(
            [
                ("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
                ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
    )
    yield "[Content_Types].xml", _types(numbers)


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    listed = [f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>' for name, kind, target in links]
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(listed)}</Relationships>'


def _core(space: str, title: str, as_of: str) -> str:
    spaces = (
        f'xmlns:cp="{space}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{as_of}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return f"{DECLARATION}<cp:coreProperties {spaces}><dc:title>{escape(title)}</dc:title>{times}</cp:coreProperties>"


def _types(numbers: Iterable[int]) -> str:
    parts = {
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/xl/styles.xml": f"{_KIND}.styles+xml",
        "/xl/workbook.xml": f"{_KIND}.sheet.main+xml",
        **{f"/xl/worksheets/sheet{number}.xml": f"{_KIND}.worksheet+xml" for number in numbers},
    }
    listed = [f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items()]
    return (
        f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(listed)}</Types>'
    )
