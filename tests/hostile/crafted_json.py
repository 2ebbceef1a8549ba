"""Inventories and documents in JSON that somebody made on purpose. None of them is stored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.hostile.crafted import Crafted, Make


def _file(content: str | bytes) -> Make:
    def make(folder: Path) -> Path:
        path = folder / "sent.json"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def _inventory(content: str) -> str:
    return f'{{"action": "inventory", "deviceid": "pc-1", "content": {content}}}'


def _document(content: str) -> str:
    return f'{{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": {content}}}'


NAMED = '"hardware": {"name": "PC 1", "uuid": "1"}'
FAULTS = {
    "nested without end": ("[" * 100_000, "nested deeper than 100 levels"),
    "nested a little too deep": ("[" * 120 + "]" * 120, "nested deeper than 100 levels"),
    "no number": ("[NaN]", "NaN is no number"),
    "more than any number": ("[1e999]", "the number 1e999 is too large"),
    "a number without end": ("9" * 100_000, "is too large"),
    "half of a character": ('["\\ud800"]', "half of a character"),
    "a name that stands twice": ('[{"name": "a", "name": "b"}]', 'the name "name" stands twice'),
    "cut off": ('[{"name": "a', "is never closed"),
    "a comma too many": ("[1,]", "a value is missing"),
    "a comment": ("[1] /* x */", "is missing"),
    "a control character": ('["a\x07b"]', "control character"),
}


def _shared() -> Iterator[Crafted]:
    """What is wrong with JSON as such, in every reader of it."""
    for name, (text, says) in FAULTS.items():
        inventory = _inventory(f'{{{NAMED}, "softwares": {text}}}')
        yield Crafted(f"inventory: {name}", _file(inventory), f"sent.json, line 1, column .*{says}")
        yield Crafted(f"document: {name}", _file(_document(text)), f"sent.json, line 1, column .*{says}")
    for name, whole in (("inventory", _inventory(f"{{{NAMED}}}")), ("document", _document("[]"))):
        yield Crafted(f"{name}: something behind it", _file(whole + "x"), "something follows after the end")
        yield Crafted(f"{name}: in UTF-16", _file(whole.encode("utf-16")), "sent.json")
        yield Crafted(f"{name}: a byte that is no letter", _file(whole.encode() + b"\xff"), "not in UTF-8")
        yield Crafted(f"{name}: two of them", _file(whole * 2), "something follows after the end")


WRONG: tuple[Any, ...] = (
    None,
    5,
    -1.5,
    True,
    "text",
    [],
    {},
    [[]],
    [None],
    [5],
    ["text"],
    [{}],
    {"name": {}},
    [{"name": []}],
)


def kinds() -> Iterator[tuple[str, str]]:
    """Every value of an inventory and of a document in every wrong kind: name, text. Read or refused, as it may be."""
    for wrong in WRONG:
        value = json.dumps(wrong)
        for field in ("softwares", "cpus", "virtualmachines", "operatingsystem", "hardware", "users", "bios"):
            yield f"inventory: {field} is {value}", _inventory(f'{{{NAMED}, "{field}": {value}}}')
        yield f"inventory: content is {value}", _inventory(value)
        for field in ("name", "publisher", "version", "install_date", "username", "guid"):
            one = f'{{"name": "Office", "version": "1", "{field}x": 1, "{field}": {value}}}'.replace(
                f'"name": "Office", "version": "1", "{field}x": 1, "name"', '"name"'
            ).replace(f'"version": "1", "{field}x": 1, "version"', '"version"')
            yield f"inventory: {field} of software is {value}", _inventory(f'{{{NAMED}, "softwares": [{one}]}}')
        yield f"document: components are {value}", _document(value)
        for field in ("licenses", "name", "type"):
            yield f"document: {field} is {value}", _document(f'[{{"{field}": {value}}}]')
        for field in ("licensing", "properties", "bom-ref"):
            one = f'{{"license": {{"name": "x", "{field}": {value}}}}}'
            yield f"document: {field} of a license is {value}", _document(f'[{{"name": "a", "licenses": [{one}]}}]')
        for field in ("purchaseOrder", "licenseTypes", "licensor", "purchaser", "expiration", "lastRenewal", "altIds"):
            one = f'{{"license": {{"name": "x", "licensing": {{"{field}": {value}}}}}}}'
            yield f"document: {field} of licensing is {value}", _document(f'[{{"name": "a", "licenses": [{one}]}}]')


JSON = tuple(_shared())
