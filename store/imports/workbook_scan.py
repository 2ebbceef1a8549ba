"""Looks at the bytes of an XLSX workbook before anything interprets them, and counts the values that it holds."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

UNPACKED: Final = 600 * 1024 * 1024
"""Bytes that a workbook may have unpacked."""

PARTS: Final = 10_000
_CHUNK: Final = 1 << 20
_CARRIED: Final = 8 << 20
_SMALL: Final = 16 << 20
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ID: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>[^<]|<(?:\w+:)?is[\s>]")
_STRAY = re.compile(rb' t="s"[^<>]*+>(?!<v>[0-9]{1,9}</v>)')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c(\s[^<>]*)?(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""\s(r|t)\s*=\s*["']([^"']*)["']""")
_INDEX = re.compile(rb"[0-9]{1,9}")
_CELL_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]+)<")
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>[^<]")
_SHARED = re.compile(rb"<(?:\w+:)?si(?:\s[^<>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_SHARED_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")


class Unsafe(Exception):
    """A workbook that will not be read: a code, and the reason as a sentence."""

    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(text)


@dataclass(frozen=True)
class Tally:
    """What the bytes of a sheet hold: cells with a value, and whether some of them are to be looked at one by one."""

    values: int
    odd: bool


@dataclass(frozen=True)
class Oddities:
    """Cells that a reader shows as empty: those with an error or an uncomputed formula by address, and empty texts."""

    faults: tuple[tuple[str, str], ...]
    empty_texts: int


class Scan:
    """An open workbook whose bytes were found to be sound; raises Unsafe if they are not."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise Unsafe("not-a-workbook", "the file is not an XLSX workbook, or it is damaged") from None
        self._tallies: dict[str, Tally] = {}
        self._names = {name.casefold(): name for name in self._zip.namelist()}
        try:
            self._check()
        except Unsafe:
            self._zip.close()
            raise

    def _check(self) -> None:
        _check_directory(self._zip)
        if "xl/workbook.xml" not in self._names:
            raise Unsafe("not-a-workbook", "the file is not an XLSX workbook; save it as Excel workbook (.xlsx)")
        for name in self._zip.namelist():
            if name.casefold().endswith((".xml", ".rels")):
                self._check_part(name)

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise Unsafe("damaged", f"the part {name} of the workbook is damaged; save the workbook anew") from None

    def _check_part(self, name: str) -> None:
        before = b""
        for chunk in self._chunks(name):
            if b"\0" in chunk:
                raise Unsafe("not-safe", f"the part {name} of the workbook holds NUL bytes; save the workbook anew")
            if b"<!DOCTYPE" in before + chunk:
                raise Unsafe(
                    "not-safe", f"the part {name} of the workbook declares a document type; no workbook needs it"
                )
            before = chunk[-16:]

    def _pieces(self, name: str, cut_at: Callable[[bytes], int]) -> Iterator[bytes]:
        """The part in pieces that are cut where `cut_at` says of what is read at once, 0 for nowhere.

        What is to be carried on is not put together before it is whole: texts that grow by each part that is read
        would take five times the memory of the longest.
        """
        carried: list[bytes] = []
        size = 0
        for chunk in self._chunks(name):
            cut = cut_at(chunk)
            if cut:
                yield b"".join((*carried, chunk[:cut]))
                carried, size = [], 0
            carried.append(chunk[cut:])
            size += len(chunk) - cut
            if size > _CARRIED:
                raise Unsafe("not-safe", f"a cell or row in the part {name} of the workbook is too long")
        yield b"".join(carried)

    def sheets(self) -> dict[str, str]:
        """The part that holds each sheet, by the name of the sheet."""
        targets = {
            node.get("Id"): posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).lstrip("/")
            for node in self._tree("xl/_rels/workbook.xml.rels")
        }
        book = self._tree("xl/workbook.xml")
        nodes = [*book.iter(f"{_MAIN}sheet"), *book.iter(f"{_STRICT}sheet")]
        found = {node.get("name", ""): targets.get(node.get(_ID[0], node.get(_ID[1], "")), "") for node in nodes}
        return {sheet: self._names[part.casefold()] for sheet, part in found.items() if part.casefold() in self._names}

    def _tree(self, name: str) -> ElementTree.Element:
        if name not in self._names:
            raise Unsafe("not-a-workbook", f"the part {name} of the workbook is missing; save the workbook anew")
        info = self._zip.getinfo(self._names[name])
        if info.file_size > _SMALL:
            raise Unsafe("not-safe", f"the part {name} of the workbook is too large")
        try:
            # Without a document type, which was refused above, there is nothing to expand and nothing to fetch.
            return ElementTree.fromstring(b"".join(self._chunks(info.filename)))  # noqa: S314 (see above)
        except (ElementTree.ParseError, ValueError, LookupError):
            raise Unsafe("damaged", f"the part {name} of the workbook is damaged; save the workbook anew") from None

    def tally(self, part: str) -> Tally:
        """Count the cells of a sheet that have a value; once, however often it is asked."""
        if part not in self._tallies:
            self._tallies[part] = self._count(part)
        return self._tallies[part]

    def _count(self, part: str) -> Tally:
        values, odd = 0, False
        for piece in self._pieces(part, _row_begins):
            values += _values(piece)
            odd = odd or _has_formula(piece) or _has_stray_text(piece)
        return Tally(values, odd)

    def oddities(self, part: str) -> Oddities:
        """The cells of a sheet that have no value although something stands in them."""
        empties = self._empty_shared()
        faults: list[tuple[str, str]] = []
        empty_texts = 0
        for piece in self._pieces(part, _row_begins):
            for attributes, body in _CELL.findall(piece):
                given = {_text(key): _text(value) for key, value in _ATTRIBUTE.findall(attributes)}
                fault = _fault(given, body)
                if fault:
                    faults.append((given.get("r", "?"), fault))
                empty_texts += _is_empty_text(given, body, empties)
        return Oddities(tuple(faults), empty_texts)

    def _empty_shared(self) -> frozenset[int]:
        """The numbers of shared texts that are empty."""
        name = self._names.get("xl/sharedstrings.xml")
        pieces = self._pieces(name, _shared_text_ends) if name else iter(())
        texts = (body for piece in pieces for body in _SHARED.findall(piece))
        return frozenset(number for number, body in enumerate(texts) if not _TEXT.search(body))


def _values(piece: bytes) -> int:
    """How many values stand in a piece of a sheet. Nearly all writers use plain tags, and those count quickly."""
    if b":v>" in piece or b":is>" in piece:
        return len(_VALUE.findall(piece))
    return piece.count(b"</v>") - piece.count(b"<v></v>") + piece.count(b"</is>")


def _has_formula(piece: bytes) -> bool:
    return bool(_FORMULA.search(piece)) if b":f" in piece else b"<f>" in piece or b"<f " in piece


def _has_stray_text(piece: bytes) -> bool:
    """Whether a cell may name a shared text by something that is no number: readers take the first text for it."""
    return piece.count(b'"s"') != piece.count(b' t="s"') or b"'s'" in piece or bool(_STRAY.search(piece))


def _row_begins(piece: bytes) -> int:
    """Where the last row begins, so that every cell is in one piece."""
    plain = piece.rfind(b"<row")
    return plain if plain > 0 else max(piece.rfind(b":row"), 0)


def _shared_text_ends(piece: bytes) -> int:
    return max((found.end() for found in _SHARED_END.finditer(piece)), default=0)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _check_directory(archive: zipfile.ZipFile) -> None:
    """The list of parts alone: double names, passwords, sizes."""
    parts = archive.infolist()
    names = [part.filename.casefold() for part in parts]
    if len(set(names)) < len(names):
        raise Unsafe("not-safe", "the workbook holds two parts of one name; save the workbook anew")
    if any(part.flag_bits & 1 for part in parts):
        raise Unsafe("encrypted", "the workbook is protected with a password; save it without one")
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise Unsafe("too-large", f"the workbook is too large: unpacked at most {UNPACKED >> 20} MB are accepted")


def _fault(given: dict[str, str], body: bytes) -> str:
    """What is wrong with a cell: the error that it shows, or that its formula was never computed; "" for nothing."""
    value = _CELL_VALUE.search(body)
    if given.get("t") == "e":
        return f"shows {_text(value[1])}" if value else "shows an error"
    if given.get("t", "").strip() == "s" and value and not _INDEX.fullmatch(value[1]):
        return "points to no text of the workbook"
    if _FORMULA.search(body) and not value and given.get("t") != "str":
        return "has a formula without a computed value; open and save the workbook in a spreadsheet program"
    return ""


def _is_empty_text(given: dict[str, str], body: bytes, empties: frozenset[int]) -> bool:
    if given.get("t") == "s":
        value = _CELL_VALUE.search(body)
        return bool(value) and value[1].isdigit() and len(value[1]) < 12 and int(value[1]) in empties
    return given.get("t") == "inlineStr" and not _TEXT.search(body)
