"""JSON as it is meant: every key once, numbers that are some, nothing nested without end; or the place of the fault."""

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from math import isfinite
from typing import Any, NoReturn

from store.imports.children.answers import Failed

DEEPEST = 100
"""Objects and lists that may stand in each other."""

_LARGEST = 2**63
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {ord(one): 1 if one in "[{" else -1 for one in "[]{}"}
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_WORD = re.compile(r'[ \t\n\r]*+("(?:[^"\\]++|\\.)*+"?|[^\s"\[\]{},:]++|.|\Z)', re.DOTALL)
_NUMBER = re.compile(r"-?\d")
_REASONS = {
    "Extra data": "something follows after the end of the data",
    "Expecting value": "a value is missing, or is written as no value of JSON is",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after a name",
    "Unterminated string starting at": "a quotation mark that opens a text here is never closed",
    "Invalid control character at": "a text holds a control character",
}


class _Odd(Exception):
    """Something that JSON allows, or that Python makes of it, and that we do not take."""


def parse(data: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises Failed with the line and column of what is wrong with it."""
    text = _text(data)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_float, parse_int=_int)
    except json.JSONDecodeError as error:
        reason = _REASONS.get(error.msg, f"this is no JSON: {error.msg}")
        raise Failed(reason, _place(text, error.pos, _way_to(text, error.pos))) from None
    except (_Odd, RecursionError):
        raise _located(text) or Failed("the data are nested too deeply, or a number is too large") from None
    fault = _located(text) if _depth(data) > DEEPEST or _HALF.search(text) else None
    if fault:
        raise fault
    return value


def _text(data: bytes) -> str:
    if data.startswith(_BYTE_ORDER) or b"\0" in data:
        raise Failed("the text is not in UTF-8; save it as JSON in UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failed("the text is not in UTF-8; save it as JSON in UTF-8", f"byte {error.start:,}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Odd
    return found


def _no_number(_: str) -> NoReturn:
    raise _Odd


def _float(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise _Odd
    return value


def _int(text: str) -> int:
    if len(text) > 20 or not -_LARGEST <= int(text) < _LARGEST:
        raise _Odd
    return int(text)


def _depth(data: bytes) -> int:
    """How deep a sound text is nested."""
    brackets = _STRING.sub(b"", data).translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEPS.__getitem__, brackets)), default=0)


# ------------------------------------------------------------------------------------------------------------ the place
def _located(text: str) -> Failed | None:
    """The first thing that we do not take, with its place."""
    for offset, word, levels, fault in _words(text):
        reason = fault or _fault_of(word)
        if reason:
            return Failed(reason, _place(text, offset, _way(levels)))
    return None


def _fault_of(word: str) -> str:
    if word in ("NaN", "Infinity", "-Infinity"):
        return f"{word} is no number"
    if word.startswith('"'):
        return "a text holds half of a character (a lone surrogate)" if _is_half(word) else ""
    if _NUMBER.match(word) and _is_too_large(word):
        return f"the number {word[:30]}{'…' * (len(word) > 30)} is too large"
    return ""


def _is_half(word: str) -> bool:
    if _HALF.search(word):
        try:
            json.loads(word, strict=False).encode()
        except UnicodeEncodeError:
            return True
        except ValueError:
            return False
    return False


def _is_too_large(word: str) -> bool:
    try:
        (_float if set(word) & set(".eE") else _int)(word)
    except _Odd:
        return True
    except ValueError:
        return False
    return False


class _Level:
    """An object or a list that is open: the names seen in it (None for a list), and where in it one is."""

    def __init__(self, *, named: bool) -> None:
        self.names = set[str]() if named else None
        self.name = ""
        self.index = 0
        self.valued = False

    def __str__(self) -> str:
        return f"[{self.index}]" if self.names is None else f".{self.name}" if self.name else ""

    def named(self, name: str) -> bool:
        """Take the name of the next value; whether it was there before."""
        if self.names is None or self.valued:
            return False
        self.name, twice = name, name in self.names
        self.names.add(name)
        return twice

    def next(self) -> None:
        """After a comma."""
        self.index += 1
        self.valued = False


def _words(text: str) -> Iterator[tuple[int, str, list[_Level], str]]:
    """Each word with its offset, the levels that it stands in, and what is wrong with the place that it stands in."""
    levels: list[_Level] = []
    for found in _WORD.finditer(text):
        word, fault = found[1], ""
        if word in ("{", "["):
            levels.append(_Level(named=word == "{"))
            fault = f"the data are nested deeper than {DEEPEST} levels" if len(levels) > DEEPEST else ""
        elif word in ("}", "]"):
            del levels[-1:]
        elif levels and word == ",":
            levels[-1].next()
        elif levels and word == ":":
            levels[-1].valued = True
        elif levels and word.startswith('"') and levels[-1].named(word[1:-1]):
            fault = f"the name {word[:60]} stands twice in one object"
        yield found.start(1), word, levels, fault


def _way(levels: list[_Level]) -> str:
    """Such as content.softwares[12].name."""
    return "".join(map(str, levels)).lstrip(".")[:80]


def _way_to(text: str, offset: int) -> str:
    levels: list[_Level] = []
    for at, word, levels, _ in _words(text):
        if at + len(word) > offset:
            return _way(levels)
    return _way(levels)


def _place(text: str, offset: int, way: str) -> str:
    line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return f"line {line:,}, column {column:,}" + (f", in {way}" if way else "")
