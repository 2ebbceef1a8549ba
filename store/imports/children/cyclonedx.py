"""Reads the commercial licenses of a CycloneDX document (JSON, 1.5 to 1.7): every `license` that has `licensing`.

Run in a process of its own. Gives one table; a row is a license, by its number in the document. Its columns are those
of `COLUMNS`, and one for each property named `elpis:FIELD`, which says what the standard has no field for.
"""

import json
from collections.abc import Iterator
from typing import Any, cast

from store.imports.children.answers import Failed, piece

COLUMNS = (
    "place",
    "name",
    "version",
    "publisher",
    "bom-ref",
    "licensor",
    "licensee",
    "purchaser",
    "purchaseOrder",
    "licenseTypes",
    "lastRenewal",
    "expiration",
    "quantity",
)
VERSIONS = ("1.5", "1.6", "1.7")
OWN = "elpis:"

_QUANTITY = ("quantity", "seats", "licensequantity", "licencequantity", "numberoflicenses", "count")
_DEEPEST = 200


def read(path: str) -> Iterator[list[object]]:
    """The licenses of a document."""
    found = list(_rows(_document(path)))
    own = sorted({name for _, said in found for name in said} - {f"{OWN}quantity"})
    rows = enumerate((texts + [said.get(name, "") for name in own] for texts, said in found), 1)
    yield from piece([0, 0, [*COLUMNS, *own]], rows, 0)


def _document(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            document: object = json.load(file)
    except (ValueError, RecursionError) as error:
        raise Failed(f"it is not JSON ({error})") from None
    given = _object(document)
    if given.get("bomFormat") != "CycloneDX":
        raise Failed("it is no CycloneDX document")
    version = _text(given.get("specVersion"))
    if version not in VERSIONS:
        raise Failed(f"it is CycloneDX {version}; {', '.join(VERSIONS)} can be read")
    return given


_Row = tuple[list[str], dict[str, str]]
"""The cells of COLUMNS, and what the properties of our own say."""


def _rows(document: dict[str, Any]) -> Iterator[_Row]:
    yield from _of_component(_object(_object(document.get("metadata")).get("component")), "metadata.component", 0)
    yield from _of_components(document.get("components"), "components", 0)
    yield from _of_components(document.get("services"), "services", 0)


def _of_components(value: Any, place: str, depth: int) -> Iterator[_Row]:
    for at, component in enumerate(_list(value)):
        yield from _of_component(_object(component), f"{place}[{at}]", depth)


def _of_component(component: dict[str, Any], place: str, depth: int) -> Iterator[_Row]:
    if depth > _DEEPEST:
        raise Failed("its components are nested too deeply", place)
    for at, choice in enumerate(_list(component.get("licenses"))):
        license_ = _object(_object(choice).get("license"))
        if isinstance(license_.get("licensing"), dict):
            yield _row(component, license_, f"{place}.licenses[{at}]")
    yield from _of_components(component.get("components"), f"{place}.components", depth + 1)


def _row(component: dict[str, Any], license_: dict[str, Any], place: str) -> _Row:
    licensing = _object(license_["licensing"])
    given = _properties(license_) | _properties(licensing)
    said = {name: value for name, value in given.items() if name.startswith(OWN)}
    count = said.get(f"{OWN}quantity") or next((given[name] for name in given if _last_word(name) in _QUANTITY), "")
    numbers = [_text(one) for one in _list(licensing.get("altIds"))]
    licensor = _party(licensing.get("licensor"))
    return [
        place,
        _text(component.get("name")) or _text(license_.get("name")),
        _text(component.get("version")),
        _text(component.get("publisher")) or licensor or _party(component.get("supplier")),
        _text(license_.get("bom-ref")) or next(filter(None, numbers), ""),
        licensor,
        _party(licensing.get("licensee")),
        _party(licensing.get("purchaser")),
        _text(licensing.get("purchaseOrder")),
        " ".join(_text(one) for one in _list(licensing.get("licenseTypes"))),
        _text(licensing.get("lastRenewal")),
        _text(licensing.get("expiration")),
        count,
    ], said


def _properties(value: dict[str, Any]) -> dict[str, str]:
    pairs = [_object(one) for one in _list(value.get("properties"))]
    return {_text(one.get("name")): _text(one.get("value")) for one in pairs}


def _last_word(name: str) -> str:
    return "".join(c for c in name.rpartition(":")[2].casefold() if c.isalnum())


def _party(value: Any) -> str:
    """The name of an organization or a person."""
    given = _object(value)
    found = _object(given.get("organization")) or _object(given.get("individual")) or given
    return _text(found.get("name")) or _text(found.get("email"))


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _text(value: Any) -> str:
    """A text on one line; numbers as they are written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())
