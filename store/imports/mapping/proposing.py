"""Proposes what the columns of a file stand for, by their names and by what is in them, each with the reason.

The same file always gives the same proposal: names count first (the field's own, then other names for it), and of
columns with one meaning the first. What a column holds must not contradict its field, and it decides how days and
numbers are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rules.vocabulary import DEVICE
from store.imports.cells import Wrong
from store.imports.flat import Flat
from store.imports.mapping import presets, targets, values
from store.imports.mapping.presets import plain
from store.imports.mapping.shape import ColumnMapping
from store.imports.mapping.targets import DEMAND, INSTALLATIONS, LICENSES, TARGETS, USERS, Field


@dataclass(frozen=True)
class Proposal:
    """A mapping, and why: column -> reason. Columns without a field have the reason why they were not taken.

    `doubts` are sentences on what could as well be otherwise.
    """

    mapping: ColumnMapping
    reasons: Mapping[str, str]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """How the cells of a column are written: which kinds they could be, in which style; and if numbers are `parted`."""

    filled: int
    kinds: frozenset[str]
    date_formats: frozenset[str]
    decimals: frozenset[str]
    parted: bool


def propose(flat: Flat, target: str = "") -> Proposal:
    """What a file seems to hold, for one target or for the one that fits best."""
    preset = presets.of(flat.names)
    if preset is not None and target in ("", LICENSES):
        mapping = preset.mapping(flat.names)
        return Proposal(mapping, dict.fromkeys(mapping.columns, f"as {preset.label} has it"))
    written = _looked_at(flat)
    found = [_proposed(flat, one, written) for one in ([target] if target else _likely(flat.names))]
    return max(found, key=lambda one: (_complete(one.mapping), len(one.mapping.columns)))


def _likely(names: Sequence[str]) -> Iterator[str]:
    """The targets in the order in which they are preferred where a header could be several."""
    there = set(map(plain, names))
    people = {"samaccountname", "userprincipalname", "enabled", "accountenabled", "useraccountcontrol", "memberof"}
    yield from (USERS,) if there & people else ()
    yield from (LICENSES, INSTALLATIONS, DEMAND)
    yield from () if there & people else (USERS,)


def _complete(mapping: ColumnMapping) -> int:
    """How many of the columns that a target cannot do without are there, in hundredths."""
    needed = [field.name for field in TARGETS[mapping.target] if field.required]
    needed += ["quantity"] if mapping.target == LICENSES else []
    needed = [name for name in needed if not (mapping.target == USERS and name == "product")]
    given = {*mapping.columns.values(), *mapping.constants}
    return 100 * len(given.intersection(needed)) // len(needed)


def _proposed(flat: Flat, target: str, written: Mapping[str, Written]) -> Proposal:
    columns: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for matches in (_by_own_name, _by_other_name):
        for field in TARGETS[target]:
            if field.name not in columns.values():
                _assign(field, flat.names, matches, written, columns, reasons)
    for name in flat.names:
        if name not in reasons:
            reasons[name] = "empty" if not written[name].filled else "no field has this name"
    ordered = {name: columns[name] for name in flat.names if name in columns}
    constants = {"metric": DEVICE} if target in (LICENSES, DEMAND) and "metric" not in columns.values() else {}
    dates = [written[name] for name, field in ordered.items() if _kind(target, field) in _DAYS]
    numbers = [written[name] for name, field in ordered.items() if _kind(target, field) in _NUMBERS]
    mapping = ColumnMapping(
        flat.path.stem,
        target,
        ordered,
        constants,
        _agreed(values.DATE_FORMATS, [one.date_formats for one in dates if one.filled]),
        _agreed(values.DECIMALS, [one.decimals for one in numbers if one.filled]),
        ("unlimited", "-1"),
        header=flat.names,
    )
    return Proposal(mapping, reasons, tuple(_doubts(mapping, dates, numbers)))


def _doubts(mapping: ColumnMapping, dates: Sequence[Written], numbers: Sequence[Written]) -> Iterator[str]:
    both = set(values.DATE_FORMATS[1:])
    told = [one for one in dates if one.filled and values.DATE_FORMATS[0] not in one.date_formats]
    if told and all(both <= one.date_formats for one in told):
        yield f"No day tells whether days are {' or '.join(values.DATE_FORMATS[1:])}; {mapping.date_format} is taken."
    unsure = [one for one in numbers if one.filled and one.parted]
    if unsure and all(set(values.DECIMALS) <= one.decimals for one in unsure):
        yield f'No number tells whether "." or "," stands before decimals; "{mapping.decimal}" is taken.'


_DAYS: Final = (targets.DAY, targets.LAST_DAY)
_NUMBERS: Final = (targets.QUANTITY, targets.UNLIMITED, targets.MONEY)
Matches = Callable[[Field, str], bool]


def _kind(target: str, name: str) -> str:
    return targets.field(target, name).kind


def _by_own_name(field: Field, column: str) -> bool:
    return plain(column) == plain(field.name)


def _by_other_name(field: Field, column: str) -> bool:
    return plain(column) in field.also.split("|")


def _assign(
    field: Field,
    names: Sequence[str],
    matches: Matches,
    written: Mapping[str, Written],
    columns: dict[str, str],
    reasons: dict[str, str],
) -> None:
    """Give a field the first column of its name whose cells can be what it needs; and say why, or why not."""
    also = [plain(field.name), *field.also.split("|")]
    fitting = [name for name in names if name not in columns and matches(field, name)]
    for name in sorted(fitting, key=lambda one: (also.index(plain(one)), names.index(one))):
        if not written[name].filled or field.kind in written[name].kinds:
            columns[name] = field.name
            reasons[name] = "by its name" if not written[name].filled else f"by its name and its {_WORDS[field.kind]}"
            return
        reasons.setdefault(name, f"its name says {field.name}, but its cells are not {_WORDS[field.kind]}")


_WORDS: Final = {
    targets.NAME: "texts",
    targets.GROUP: "texts",
    targets.METRIC: "texts",
    targets.DAY: "days",
    targets.LAST_DAY: "days",
    targets.QUANTITY: "quantities",
    targets.UNLIMITED: "quantities",
    targets.MONEY: "amounts",
    targets.CURRENCY: "currencies",
    targets.FLAG: "yes and no",
    targets.MODEL: "license models",
}


def _agreed(known: Sequence[str], possible: Sequence[frozenset[str]]) -> str:
    """The first style in which most columns can be written."""
    return max(known, key=lambda one: sum(one in styles for styles in possible))


# ------------------------------------------------------------------------------------------------- what cells are like
_MOST_OF: Final = 0.8
"""The part of the cells that must be readable as what the column's name says; others will be refused with a reason."""

_MARKS: Final = frozenset({"unlimited", "-1", "n/a", "-", "site", "ela"})


def _looked_at(flat: Flat) -> dict[str, Written]:
    rows = flat.sample()
    return {name: _written([row[at].strip() for row in rows if row[at].strip()]) for at, name in enumerate(flat.names)}


def _written(cells: Sequence[str]) -> Written:
    orders = frozenset(
        one for one in values.DATE_FORMATS if _most(cells, lambda text, one=one: values.last_day(text, one))
    )
    decimals = frozenset(one for one in values.DECIMALS if _most(cells, lambda text, one=one: values.money(text, one)))
    whole = any(_most(cells, lambda text, one=one: _count(text, one)) for one in decimals or values.DECIMALS)
    kinds = {targets.NAME, targets.GROUP, targets.METRIC}
    kinds |= set(_DAYS) if orders else set()
    kinds |= {targets.MONEY} if decimals else set()
    kinds |= {targets.QUANTITY, targets.UNLIMITED} if whole else set()
    for kind, convert in (
        (targets.FLAG, values.flag),
        (targets.MODEL, values.model),
        (targets.CURRENCY, values.currency),
    ):
        kinds |= {kind} if _most(cells, convert) else set()
    parted = any(mark in cell for cell in cells for mark in values.DECIMALS)
    return Written(len(cells), frozenset(kinds), orders, decimals, parted)


def _count(text: str, decimal: str) -> str:
    return "" if text.casefold() in _MARKS else values.quantity(text, decimal)


def _most(cells: Sequence[str], convert: Callable[[str], object]) -> bool:
    """Whether most cells can be read in a way."""
    read = sum(_reads(convert, cell) for cell in cells)
    return bool(cells) and read >= _MOST_OF * len(cells)


def _reads(convert: Callable[[str], object], cell: str) -> bool:
    try:
        convert(cell)
    except Wrong:
        return False
    return True
