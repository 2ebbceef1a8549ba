"""Scenarios as JSON and back. What a file says wrongly is told with the number of the change and the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, cast

import orjson

from store.errors import Unfit
from store.scenarios.shape import KINDS, Change, Scenario

FORMAT: Final = "elpis-scenario"
"""Value of the key `format`."""

FORMAT_VERSION: Final = 1

_LARGEST: Final = 4_000_000
"""Bytes of a file that nobody writes by hand."""


def as_data(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain data for JSON."""
    changes = [change_data(change) for change in scenario.changes]
    return {"format": FORMAT, "format_version": FORMAT_VERSION, "scenario": scenario.scenario, "changes": changes}


def change_data(change: Change) -> dict[str, Any]:
    """A change as plain data: its kind, and what is not as it is without being said."""
    kind = next(code for code, one in KINDS.items() if one is type(change))
    said = {one.name: getattr(change, one.name) for one in fields(change)}
    needed = {one.name for one in fields(change) if one.default is MISSING}
    usual = {one.name: one.default for one in fields(change) if one.default is not MISSING}
    kept = {name: value for name, value in said.items() if name in needed or value != usual[name]}
    return {"kind": kind, **{name: _plain(value) for name, value in kept.items()}}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def of_file(path: Path) -> Scenario:
    """The scenario that a file holds. Raises Unfit with a sentence for a file that holds none."""
    try:
        if path.stat().st_size > _LARGEST:
            raise Unfit(f"{path}: this file is too large for a scenario.")
        data: object = orjson.loads(path.read_bytes())
    except OSError as fault:
        raise Unfit(f"{path}: this file cannot be read ({fault.strerror}).") from fault
    except orjson.JSONDecodeError as fault:
        raise Unfit(f"{path}: this is no JSON ({fault}).") from fault
    try:
        return of_data(data)
    except Unfit as fault:
        raise Unfit(f"{path}: {fault}") from fault


def of_data(data: object) -> Scenario:
    """The scenario that plain data says. Raises Unfit, naming the change and the field."""
    if not isinstance(data, dict):
        raise Unfit("this is no scenario; an object with the keys scenario and changes is.")
    known = cast("dict[str, Any]", data)
    if known.get("format", FORMAT) != FORMAT or known.get("format_version", FORMAT_VERSION) != FORMAT_VERSION:
        raise Unfit(f"format: {known.get('format')!r} is none; {FORMAT} of version {FORMAT_VERSION} is.")
    if unknown := known.keys() - {"format", "format_version", "scenario", "changes"}:
        raise Unfit(f"{min(unknown)}: a scenario has no such field; it has scenario and changes.")
    name, changes = known.get("scenario", ""), known.get("changes", [])
    if not isinstance(name, str) or not isinstance(changes, list):
        raise Unfit("scenario must be a name, and changes a list.")
    return Scenario(name.strip(), changes_of(cast("list[object]", changes)))


def changes_of(data: list[object]) -> tuple[Change, ...]:
    """The changes that a list says. Raises Unfit."""
    found: list[Change] = []
    for number, one in enumerate(data, start=1):
        try:
            found.append(_change(one))
        except Unfit as fault:
            raise Unfit(f"change {number}: {fault}") from fault
    return tuple(found)


def _change(data: object) -> Change:
    said = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    kind = said.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Unfit(f"kind: {kind!r} is none; possible are {', '.join(KINDS)}.")
    made = KINDS[kind]
    known = {one.name: one for one in fields(made)}
    if unknown := said.keys() - known.keys() - {"kind"}:
        raise Unfit(f"{min(unknown)}: {kind} has no such field; it has {', '.join(known)}.")
    values = {name: _READERS[name](said[name], name) for name in known if name in said}
    lacking = [name for name, one in known.items() if one.default is MISSING and name not in values]
    if lacking:
        raise Unfit(f"{lacking[0]}: this is needed.")
    return made(**values)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise Unfit(f"{name}: {value!r} is no text.")
    return value.strip()


def _units(value: object, name: str) -> int | None:
    if value is None or value == "unlimited":
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unfit(f"{name}: {value!r} is no whole number.")
    return value


def _number(value: object, name: str) -> int:
    found = _units(value, name)
    if found is None:
        raise Unfit(f"{name}: {value!r} is no whole number.")
    return found


def _needed_day(value: object, name: str) -> date:
    found = _day(value, name)
    if found is None:
        raise Unfit(f"{name}: this is needed.")
    return found


def _day(value: object, name: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(_text(value, name))
    except ValueError:
        raise Unfit(f"{name}: {value!r} is no day; write it as YYYY-MM-DD.") from None


def _amount(value: object, name: str) -> Decimal | None:
    if value is None:
        return None
    try:
        found = Decimal(value if isinstance(value, int) and not isinstance(value, bool) else _text(value, name))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Unfit(f"{name}: {value!r} is no number; write it as text such as '12.50'.")
    return found


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"{name}: {value!r} is neither true nor false.")
    return value


_READERS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("contract", "item", "product", "model", "metric", "currency", "right"), _text),
    "quantity": _units,
    "by": _number,
    "license_start": _needed_day,
    "license_end": _day,
    "unit_price": _amount,
    "percent": _amount,
    "on": _flag,
}
