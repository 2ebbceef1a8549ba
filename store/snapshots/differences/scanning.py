"""Reads the JSON of a snapshot piece by piece, in whatever spelling: by lines, in one line, or indented.

Files come from anywhere. Nothing is held but the element in hand, and everything that cannot be is a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn, cast

from store.snapshots.reading import SnapshotFault

Sections = Iterator[tuple[str, Any]]
"""The pairs of a snapshot in their order; a list is an iterator of its elements, to be read before the next pair."""

_PIECE: Final = 1 << 18
_LONGEST: Final = 1 << 25
"""Characters that one element may have."""

_SPACE: Final = re.compile(r"[ \t\n\r]*")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


_DECODER: Final = json.JSONDecoder(parse_constant=_no_number)


def sections(place: str, read: Callable[[int], str]) -> Sections:
    """The pairs of a snapshot. `read(n)` gives the next n characters, "" at the end; `place` names it in sentences.

    Raises SnapshotFault where it is no JSON object, is cut off, or has something behind its end.
    """
    text = _Text(place, read)
    text.expect("{")
    while True:
        name = text.value()
        text.expect(":")
        if text.peek() == "[":
            elements = _elements(text)
            yield str(name), elements
            for _ in elements:
                pass
        else:
            yield str(name), text.value()
        if text.expect(",}") == "}":
            break
    if text.peek():
        raise text.fault("there is something behind its end")


def _elements(text: _Text) -> Iterator[dict[str, Any]]:
    text.expect("[")
    if text.peek() == "]":
        text.expect("]")
        return
    while True:
        element = text.value()
        if not isinstance(element, dict):
            raise text.fault("an element of a list is no object")
        yield cast("dict[str, Any]", element)
        if text.expect(",]") == "]":
            return


class _Text:
    """The characters of a file from where one is; what was read before is let go."""

    def __init__(self, place: str, read: Callable[[int], str]) -> None:
        self.place, self._read = place, read
        self._held, self._at = "", 0

    def fault(self, reason: str) -> SnapshotFault:
        """What to raise."""
        return SnapshotFault(f"{self.place} is no snapshot of Elpis: {reason}")

    def peek(self) -> str:
        """The next character that is no white space, "" at the end."""
        while True:
            self._at = _SPACE.match(self._held, self._at).end()  # pyright: ignore[reportOptionalMemberAccess]
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def expect(self, marks: str) -> str:
        """Go behind the next character, which is to be one of these."""
        found = self.peek()
        if not found:
            raise self.fault("it ends too early: it was cut off")
        if found not in marks:
            raise self.fault("it is not valid JSON")
        self._at += 1
        return found

    def value(self) -> Any:
        """Go behind the next value, and give it."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._held, self._at)
            except json.JSONDecodeError:
                end = len(self._held)
            except (ValueError, RecursionError) as fault:
                raise self.fault("it holds what no snapshot has") from fault
            else:
                if end < len(self._held):
                    self._check(found, end)
                    self._at = end
                    return found
            if len(self._held) - self._at > _LONGEST or not self._more():
                raise self.fault("it is not valid JSON, or was cut off")

    def _check(self, found: Any, end: int) -> None:
        """Escapes can stand for halves of characters, which no text is made of."""
        if self._held.find("\\u", self._at, end) < 0:
            return
        try:
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeEncodeError as fault:
            raise self.fault("it holds text that is none") from fault

    def _more(self) -> bool:
        """Take in as much again as is held, and at least a piece; False at the end."""
        try:
            piece = self._read(max(_PIECE, len(self._held) - self._at))
        except UnicodeDecodeError as fault:
            raise self.fault("it is not text in UTF-8") from fault
        self._held, self._at = self._held[self._at :] + piece, 0
        return bool(piece)
