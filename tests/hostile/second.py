"""Second readers, written apart from ours and from the libraries that ours use: what stands in a file, cell by cell."""

import re
import zipfile
from xml.etree import ElementTree

from tests.hostile.xlsx import MAIN

Cells = list[tuple[int, dict[int, str]]]
"""Rows by their numbers, and their cells by the number of the column, from 0; empty ones are not there."""

_SPACE = f"{{{MAIN}}}"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


class Unsure(Exception):
    """The file may mean several things, or what it means is not simple: there is nothing to compare with."""


def csv_cells(data: bytes, delimiter: str) -> Cells | None:  # noqa: PLR0912 (one branch for each kind of character)
    """The rows of a CSV file as RFC 4180 has them; None where a quotation mark is in the wrong place."""
    text = data.decode("utf-8-sig")
    rows: list[list[str]] = [[]]
    cell: list[str] = []
    at, quoted, size = 0, False, len(text)
    while at < size:
        char = text[at]
        at += 1
        if quoted:
            if char != '"':
                cell.append(char)
            elif text[at : at + 1] == '"':
                cell.append(char)
                at += 1
            elif at < size and text[at] not in (delimiter, "\r", "\n"):
                return None
            else:
                quoted = False
        elif char == '"' and not cell and (at == 1 or text[at - 2] in (delimiter, "\r", "\n")):
            quoted = True
        elif char == delimiter:
            rows[-1].append("".join(cell))
            cell.clear()
        elif char in "\r\n":
            at += char == "\r" and text[at : at + 1] == "\n"
            before = text[: at - 1].endswith(('"', delimiter)) or cell or rows[-1]
            if before:
                rows[-1].append("".join(cell))
            cell.clear()
            rows.append([])
        else:
            cell.append(char)
    if quoted:
        return None
    if cell or rows[-1] or text.endswith('"'):
        rows[-1].append("".join(cell))
    return [(number, dict(enumerate(row))) for number, row in enumerate(rows, 1) if row]


def sheet_cells(path: str, name: str) -> Cells:
    """The cells of a sheet as the standard has them. Raises Unsure."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.casefold(): part for part in archive.namelist()}
            targets = _targets(archive.read("xl/_rels/workbook.xml.rels"))
            (link,) = (
                sheet.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
                for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_SPACE}sheet")
                if sheet.get("name") == name
            )
            root = ElementTree.fromstring(archive.read(parts[f"xl/{targets[str(link)]}".casefold()]))
            shared = _shared(archive.read(parts["xl/sharedstrings.xml"])) if "xl/sharedstrings.xml" in parts else []
    except (ElementTree.ParseError, KeyError, ValueError, zipfile.BadZipFile, LookupError) as error:
        raise Unsure from error
    data = root.findall(f"{_SPACE}sheetData")
    if len(data) != 1 or root.tag != f"{_SPACE}worksheet":
        raise Unsure
    return _rows(data[0], shared)


def _targets(links: bytes) -> dict[str, str]:
    return {link.get("Id", ""): link.get("Target", "") for link in ElementTree.fromstring(links)}


def _shared(data: bytes) -> list[str]:
    return [_text(item) for item in ElementTree.fromstring(data).iter(f"{_SPACE}si")]


def _text(item: ElementTree.Element) -> str:
    if any(child.tag not in (f"{_SPACE}t", f"{_SPACE}r") for child in item):
        raise Unsure
    if any(len(text) for text in item.iter(f"{_SPACE}t")):
        raise Unsure
    return "".join(text.text or "" for text in item.iter(f"{_SPACE}t"))


def _rows(data: ElementTree.Element, shared: list[str]) -> Cells:
    found: dict[int, dict[int, str]] = {}
    for row in data:
        if row.tag != f"{_SPACE}row" or not (row.get("r") or "").isdecimal():
            raise Unsure
        for cell in row:
            place = _REFERENCE.fullmatch(cell.get("r") or "")
            if cell.tag != f"{_SPACE}c" or not place:
                raise Unsure
            column = 0
            for letter in place[1].upper():
                column = column * 26 + ord(letter) - 64
            text = _value(cell, shared)
            if text:
                found.setdefault(int(place[2]), {})[column - 1] = text
    return sorted(found.items())


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    tags = [child.tag for child in cell]
    kind = cell.get("t", "n")
    if kind == "inlineStr" and tags == [f"{_SPACE}is"]:
        return _text(cell[0])
    if not tags:
        return ""
    if tags != [f"{_SPACE}v"] or cell.get("s", "0") != "0":
        raise Unsure
    value = cell[0].text or ""
    if kind == "s":
        if not value.isdecimal() or int(value) >= len(shared):
            raise Unsure
        return shared[int(value)]
    if kind == "str":
        return value
    if kind == "n" and _NUMBER.fullmatch(value) and len(value) < 15:
        return f"{float(value) or 0:.15g}"  # less than nothing is nothing
    if kind == "n" and not value:
        return ""
    raise Unsure
