"""Reads the commercial licenses of a CycloneDX document (JSON, 1.5 to 1.7): every `license` that has `licensing`.

Run in a process of its own. Gives one table; a row is a license, by its number in the document. Its columns are those
of `COLUMNS`, and one for each property named `elpis:FIELD`, which says what the standard has no field for. A license
with `elpis:product` says everything in such properties: it came from a book, and goes back as it was.
"""

from collections.abc import Iterator
from typing import Any, cast

from store.imports.children.answers import Failed, piece
from store.imports.children.strict_json import parse

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
    "own",
)
VERSIONS = ("1.5", "1.6", "1.7")
OWN = "elpis:"
FIELDS = {
    "name": "product",
    "version": "version",
    "publisher": "vendor",
    "bom-ref": "item",
    "licensor": "supplier",
    "licensee": "customer",
    "purchaseOrder": "purchase_order_number",
    "lastRenewal": "license_start",
    "expiration": "license_end",
    "quantity": "quantity",
}
"""What the columns are in the words of the template."""

_QUANTITY = ("quantity", "seats", "licensequantity", "licencequantity", "numberoflicenses", "count")


def read(path: str) -> Iterator[list[object]]:
    """The licenses of a document."""
    found = list(_rows(_document(path)))
    own = sorted({name for _, said in found for name in said} - {f"{OWN}{field}" for field in FIELDS.values()})
    rows = enumerate((texts + [said.get(name, "") for name in own] for texts, said in found), 1)
    yield from piece([0, 0, [*COLUMNS, *own]], rows, 0)


def _document(path: str) -> dict[str, Any]:
    with open(path, "rb") as file:
        document = parse(file.read())
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
    yield from _of_component(_object(_object(document.get("metadata")).get("component")), "metadata.component")
    yield from _of_components(document.get("components"), "components")
    yield from _of_components(document.get("services"), "services")


def _of_components(value: Any, place: str) -> Iterator[_Row]:
    for at, component in enumerate(_list(value)):
        yield from _of_component(_object(component), f"{place}[{at}]")


def _of_component(component: dict[str, Any], place: str) -> Iterator[_Row]:
    for at, choice in enumerate(_list(component.get("licenses"))):
        license_ = _object(_object(choice).get("license"))
        if isinstance(license_.get("licensing"), dict):
            yield _row(component, license_, f"{place}.licenses[{at}]")
    yield from _of_components(component.get("components"), f"{place}.components")


def _row(component: dict[str, Any], license_: dict[str, Any], place: str) -> _Row:
    licensing = _object(license_["licensing"])
    given = _properties(license_) | _properties(licensing)
    said = {name: value for name, value in given.items() if name.startswith(OWN)}
    whole = f"{OWN}product" in said
    numbers = [_text(one) for one in _list(licensing.get("altIds"))]
    licensor = _party(licensing.get("licensor"))
    texts = {
        "place": place,
        "name": _text(component.get("name")) or _text(license_.get("name")),
        "version": _text(component.get("version")),
        "publisher": _text(component.get("publisher")) or licensor or _party(component.get("supplier")),
        "bom-ref": _text(license_.get("bom-ref")) or next(filter(None, numbers), ""),
        "licensor": licensor,
        "licensee": _party(licensing.get("licensee")),
        "purchaser": "" if whole else _party(licensing.get("purchaser")),
        "purchaseOrder": _text(licensing.get("purchaseOrder")),
        "licenseTypes": " ".join(_text(one) for one in _list(licensing.get("licenseTypes"))),
        "lastRenewal": _text(licensing.get("lastRenewal")),
        "expiration": _text(licensing.get("expiration")),
        "quantity": next((given[name] for name in given if _last_word(name) in _QUANTITY), ""),
        "own": "true" if whole else "",
    }
    for column, field in FIELDS.items():
        if whole or f"{OWN}{field}" in said:
            texts[column] = said.get(f"{OWN}{field}", "")
    return [texts[name] for name in COLUMNS], said


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
