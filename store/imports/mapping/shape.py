"""A mapping of columns, and the JSON file by which it goes from book to book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

import orjson

from store.errors import KnownFault
from store.imports.mapping.targets import LICENSES, TARGETS
from store.imports.mapping.values import DATE_FORMATS, DECIMALS
from store.imports.template import folded

FORMAT: Final = "elpis-mapping"
VERSION: Final = 1
LONGEST: Final = 100
"""Characters that the name of a mapping may have."""

_MOST: Final = 1 << 20


@dataclass(frozen=True)
class LeaveOut:
    """Rows that are left aside: those where a column has one of these values, whatever their case."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ColumnMapping:
    """What the columns of a file stand for.

    `columns` pairs columns with fields of the target, `constants` fields with what holds for every row. `words`
    translates cells: field -> cell -> value. `header` are the columns of the files that it is for.
    """

    name: str
    target: str
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    date_format: str = DATE_FORMATS[0]
    decimal: str = DECIMALS[0]
    unlimited: tuple[str, ...] = ("unlimited",)
    leave_out: tuple[LeaveOut, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    header: tuple[str, ...] = ()

    def fits(self, header: Iterable[str]) -> bool:
        """Whether a file with these columns is one that the mapping was made for: the same set of columns."""
        return bool(self.header) and set(map(folded, header)) == set(map(folded, self.header))


def spelled(mapping: ColumnMapping, header: Iterable[str]) -> ColumnMapping:
    """The mapping with its columns as a file spells them: those that `fits` takes for the same have one name."""
    given = tuple(header)
    own = {folded(name): name for name in reversed(given)}

    def name(column: str) -> str:
        return column if column in given else own.get(folded(column), column)

    rules = tuple(replace(rule, column=name(rule.column)) for rule in mapping.leave_out)
    columns = {name(column): field for column, field in mapping.columns.items()}
    return replace(mapping, columns=columns, leave_out=rules)


def problems(mapping: ColumnMapping) -> Iterator[tuple[str, str]]:
    """What is wrong with a mapping: the field or column ("" for the whole), and a sentence."""
    if not mapping.name.strip() or len(mapping.name) > LONGEST:
        yield "", f"The mapping needs a name of at most {LONGEST} characters."
    fields = {one.name: one for one in TARGETS[mapping.target]}
    given = [*mapping.columns.values(), *mapping.constants]
    for name in sorted(set(given)):
        if name not in fields:
            yield name, f"{name} is no field of {mapping.target}; there are {', '.join(fields)}."
        elif given.count(name) > 1:
            said = name.replace("_", " ")
            yield name, f"{said} is given {given.count(name)} times; keep one column, or the value for all rows."
    for one in fields.values():
        if one.required and one.name not in given:
            yield one.name, _NEEDED.format(one.name)
    if mapping.target == LICENSES and not {"quantity", "packs", "unlimited"}.intersection(given):
        yield "quantity", _NEEDED.format("quantity")
    known = set(mapping.header)
    for column in (*mapping.columns, *(rule.column for rule in mapping.leave_out)):
        if known and column not in known:
            yield column, f"There is no column {column} in the file."


_NEEDED: Final = "{} is needed: choose the column that has it, or give a value for all rows."


# ---------------------------------------------------------------------------------------------------------------- file
def as_data(mapping: ColumnMapping) -> dict[str, Any]:
    """The mapping as its file has it."""
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "name": mapping.name,
        "target": mapping.target,
        "columns": dict(mapping.columns),
        "constants": dict(mapping.constants),
        "date_format": mapping.date_format,
        "decimal": mapping.decimal,
        "unlimited": list(mapping.unlimited),
        "leave_out": [{"column": rule.column, "values": list(rule.values)} for rule in mapping.leave_out],
        "words": {name: dict(words) for name, words in mapping.words.items()},
        "header": list(mapping.header),
    }


def dumped(mapping: ColumnMapping) -> bytes:
    """The file of a mapping."""
    return orjson.dumps(as_data(mapping), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write(mapping: ColumnMapping, path: Path) -> None:
    """Write the file of a mapping."""
    path.write_bytes(dumped(mapping))


def read(path: Path) -> ColumnMapping:
    """The mapping in a file; raises KnownFault with what is wrong with it."""
    try:
        if path.stat().st_size > _MOST:
            raise KnownFault(f"{path.name} is no mapping: it is larger than 1 MB.")
        return parsed(path.read_bytes(), path.name)
    except OSError as fault:
        raise KnownFault(f"{path} cannot be opened: {fault.strerror}.") from None


def parsed(data: bytes | str, place: str) -> ColumnMapping:
    """The mapping that a JSON text holds; raises KnownFault with what is wrong with it, naming the place."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise KnownFault(f"{place} is no mapping: it is not JSON ({fault}).") from None
    try:
        mapping = _made(value)
    except (KeyError, TypeError, ValueError) as fault:
        raise KnownFault(f"{place} is no mapping: {fault.args[0] if fault.args else fault}.") from None
    for about, sentence in problems(mapping):
        raise KnownFault(f"{place}{f', {about}' if about else ''}: {sentence}")
    return mapping


def _made(value: Any) -> ColumnMapping:
    given = _object(value, "the file")
    if given.get("format") != FORMAT or given.get("format_version") != VERSION:
        raise ValueError(f'its format must be "{FORMAT}", version {VERSION}')
    unknown = sorted(set(given) - set(as_data(ColumnMapping("", "licenses"))))
    if unknown:
        raise ValueError(f"{unknown[0]} is not known in a mapping")
    return ColumnMapping(
        _text(given, "name"),
        _one_of(given, "target", tuple(TARGETS)),
        _texts(given.get("columns", {}), "columns"),
        _texts(given.get("constants", {}), "constants"),
        _one_of(given, "date_format", DATE_FORMATS),
        _one_of(given, "decimal", DECIMALS),
        _list(given.get("unlimited", ["unlimited"]), "unlimited"),
        tuple(_rule(one) for one in _items(given.get("leave_out", []), "leave_out")),
        {name: _texts(words, "words") for name, words in _object(given.get("words", {}), "words").items()},
        _list(given.get("header", []), "header"),
    )


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"{what} must be an object")
    return cast("dict[str, Any]", value)


def _items(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{what} must be a list")
    return cast("list[Any]", value)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    return value


def _one_of(given: Mapping[str, Any], name: str, accepted: tuple[str, ...]) -> str:
    value = given.get(name, accepted[0] if name != "target" else None)
    if value not in accepted:
        raise ValueError(f"{name} must be one of {', '.join(accepted)}")
    return str(value)


def _texts(value: Any, what: str) -> dict[str, str]:
    found = _object(value, what)
    if not all(isinstance(one, str) for one in found.values()):
        raise TypeError(f"{what} must pair texts with texts")
    return found


def _list(value: Any, what: str) -> tuple[str, ...]:
    found = _items(value, what)
    if not all(isinstance(one, str) for one in found):
        raise TypeError(f"{what} must be a list of texts")
    return tuple(found)


def _rule(value: Any) -> LeaveOut:
    given = _object(value, "a rule of leave_out")
    return LeaveOut(_text(given, "column"), _list(given.get("values"), "the values of leave_out"))
