"""Codes to words: every text about license data that people read, in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from rules.vocabulary import is_unlimited
from store.agenda import Entry

WORDS: Final[Mapping[str, str]] = {
    "upcoming": "upcoming",
    "active": "active",
    "expiring": "expiring",
    "final-day": "on their final day",
    "expired": "expired",
    "compliant": "compliant",
    "over-licensed": "over-licensed",
    "under-licensed": "under-licensed",
    "contract-invoiced": "contract invoiced",
    "purchased": "purchased",
    "purchased-renewal": "purchased renewal",
    "expiration-warning": "license expiration warning",
    "license-end": "license end",
    "status-update": "status update",
    "activity-log": "activity log",
    "custom": "event of your own",
    "downgrade": "downgrade",
    "upgrade": "upgrade",
}
"""What each code of states, statuses, events and transfers is called in a sentence."""


# --------------------------------------------------------------------------------------------------------------- frame
PAGES: Final[Mapping[str, str]] = {
    "home": "Home",
    "contracts": "License contracts",
    "entitlements": "Entitlements",
    "compliance": "Compliance",
    "calendar": "Calendar",
    "demand": "Demand",
    "products": "Products",
    "rulebook": "Rulebook",
    "snapshots": "Snapshots",
    "settings": "Settings",
}
"""What the pages are called."""

ALONE: Final[Mapping[str, str]] = {"final-day": "Final day", "expiration-warning": "Expiration warning"}
"""What a code is called standing alone, where that is not its word with a capital."""


def badge(code: str) -> str:
    """A code standing alone, as in a badge: "Under-licensed"."""
    word = WORDS.get(code, code.replace("-", " "))
    return ALONE.get(code, word[:1].upper() + word[1:])


# -------------------------------------------------------------------------------------------------------------- numbers
def number(value: int) -> str:
    """A number with thousands separated, a real minus sign and no decimals."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def counted(counts: Mapping[str, int]) -> str:
    """Counts by code as a phrase: "12 compliant, 3 under-licensed"; "none" for nothing."""
    return ", ".join(f"{number(count)} {WORDS.get(code, code)}" for code, count in counts.items()) or "none"


def day(value: date) -> str:
    """A day with its weekday: "Saturday, 2026-11-21"."""
    return f"{value:%A}, {value.isoformat()}"


# ------------------------------------------------------------------------------------------------------------- tables
HEADINGS: Final[Mapping[str, str]] = {
    "contract": "Contract ID",
    "purchase_order_number": "PO number",
    "sku": "SKU",
    "on_day": "Day",
    "at": "When",
    "override": "Overridden",
}
"""Titles of columns that are not just the name of their field."""

_CODES: Final = frozenset(
    {"perpetual", "subscription", "maintenance", "device", "user", "core"} | {"counted", "installed"}
)
MINUS: Final = "\N{MINUS SIGN}"


def heading(field: str) -> str:
    """The title of a column: "License start"."""
    return HEADINGS.get(field) or _capital(field.replace("_", " "))


@lru_cache(maxsize=1_024)
def label(code: str | None) -> str:
    """A code as it stands in a cell: "Over-licensed"; what people have named themselves stays as it is."""
    return "" if not code else badge(code) if code in WORDS or code in _CODES else line(code)


def line(text: str | None) -> str:
    """A text on one line."""
    return "" if not text else text if text.isprintable() else " ".join(text.split())


@lru_cache(maxsize=8_192)
def quantity(value: int | None) -> str:
    """A quantity: "1,000", "Unlimited", or nothing."""
    return "" if value is None else "Unlimited" if is_unlimited(value) else number(value)


def signed(value: int | None) -> str:
    """A quantity that goes both ways: "+35", a minus sign and "35", or "0"."""
    plus = value is not None and value > 0 and not is_unlimited(value)
    return f"+{quantity(value)}" if plus else quantity(value)


def money(text: str | None) -> str:
    """An amount with its currency, thousands separated: "1,250.50 EUR" of "1250.50 EUR"."""
    if not text:
        return ""
    amount, _, currency = text.partition(" ")
    whole, point, part = amount.removeprefix("-").partition(".")
    return f"{MINUS if amount.startswith('-') else ''}{number(int(whole))}{point}{part} {currency}".rstrip()


@lru_cache(maxsize=4_096)
def moment(text: str | None) -> str:
    """A moment in the time of this machine, to the minute; a day stays a day."""
    if not text or "T" not in text:
        return text or ""
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"


def flag(value: object) -> str:
    """Yes, or nothing."""
    return "Yes" if value else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def plain_number(value: int) -> str:
    """A number as programs read it: digits alone, or "unlimited"."""
    return "unlimited" if is_unlimited(value) else str(value)


def filtered(code: str) -> str:
    """What a filter is called on its chip."""
    return FILTERS.get(code) or badge(code)


FILTERS: Final[Mapping[str, str]] = {"over-allocated": "Over-allocated"}
"""Filters that are called otherwise than their code."""


@dataclass(frozen=True)
class OverviewWords:
    """What an overview is called, what one and many of its rows are, and what to say while it has none."""

    title: str
    one: str
    many: str
    empty: str
    advice: str

    def counted(self, count: int) -> str:
        """A number of rows: "1 contract", "2,000 contracts"."""
        return f"{number(count)} {self.one if count == 1 else self.many}"


NOBODY: Final[Mapping[str, str]] = {"compliance": "Unallocated", "demand": "No resource group"}
"""What the part of a row is called that belongs to no resource group."""

OVERVIEWS: Final[Mapping[str, OverviewWords]] = {
    "entitlements": OverviewWords(
        "Entitlements",
        "entitlement",
        "entitlements",
        "No entitlements yet",
        "Each item of a contract opens an entitlement or feeds one. Add a contract, or import many from a file.",
    ),
    "contracts": OverviewWords(
        "License contracts",
        "contract",
        "contracts",
        "No license contracts yet",
        "Add a contract from an invoice or by hand, or import a file with many of them.",
    ),
    "compliance": OverviewWords(
        "Compliance",
        "position",
        "positions",
        "No positions yet",
        "A position compares the licenses in force with what is needed. It appears as soon as there are contracts or"
        " demand.",
    ),
    "demand": OverviewWords(
        "Demand",
        "product in demand",
        "products in demand",
        "No demand yet",
        "Demand says how many licenses of a product are needed. Add a count, or import an inventory.",
    ),
    "products": OverviewWords(
        "Products",
        "product",
        "products",
        "No products yet",
        "Products come with the files that you import: contracts, demand, installations, or a product list.",
    ),
}
"""The overviews by name."""

ACTIONS: Final[Mapping[str, str]] = {
    "refresh": "Refresh",
    "open": "Open",
    "edit": "Edit",
    "remove": "Remove",
    "copy": "Copy",
    "import": "Import…",
}
"""What can be done with rows, where it is not just the words of its code."""


def action(code: str) -> str:
    """An action as it stands on a button: "Add contract"."""
    return ACTIONS.get(code) or _capital(code.replace("-", " "))


def condition(name: str, value: object) -> str:
    """What a list was narrowed to, in words: "Contract ID: C-17"."""
    shown = label(value) if isinstance(value, str) else str(value)
    for sign, words in (("<=", "up to"), (">=", "from"), ("!=", "not"), ("<", "below"), (">", "above")):
        if name.endswith(sign):
            return f"{heading(name.removesuffix(sign).strip())} {words} {shown}"
    return f"{heading(name)}: {shown}"


# --------------------------------------------------------------------------------------------------------------- home
def plural(count: int, one: str, many: str = "") -> str:
    """A number of things: "1 position", "2,000 positions"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def amount(value: Decimal, currency: str) -> str:
    """A sum of money: "1,250.50 EUR"."""
    return money(f"{value} {currency}")


def to_close(currency: str, positions: int, value: Decimal, *, every: bool) -> str:
    """What it costs to close what is short, or that nobody knows. `every`: these are all that there are."""
    if not currency:
        return f"{plural(positions, 'position')} without a known price"
    return f"{amount(value, currency)} to close {'them' if every else f'{number(positions)} of them'}"


def to_cancel(currency: str, positions: int, value: Decimal) -> str:
    """What rented surplus is worth, or that nobody knows."""
    if not currency:
        return f"{plural(positions, 'subscription')} without a known price"
    return f"{amount(value, currency)} in {plural(positions, 'subscription')}"


def cliff(on: date, positions: int, missing: int, ended: int, *, first: bool) -> str:
    """What holds from a day on: "2027-01-01: 3 positions lack 40 licenses. 2 terms have ended the day before."."""
    lack = f"{plural(positions, 'position')} {'lacks' if positions == 1 else 'lack'} {plural(missing, 'license')}"
    told = lack if positions else "nothing is short"
    why = f" {plural(ended, 'term has', 'terms have')} ended the day before." if ended else ""
    return f"{'As of ' if first else ''}{on.isoformat()}: {told}.{why}"


def found(severities: Mapping[str, int]) -> list[tuple[str, str]]:
    """Findings by severity, the gravest first: the code, and "2 warnings"."""
    names = {"error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("remark", "remarks")}
    return [(code, plural(severities[code], *words)) for code, words in names.items() if severities.get(code)]


# ------------------------------------------------------------------------------------------------------------ imports
FORMATS: Final[Mapping[str, str]] = {
    "template": "the import template of Elpis",
    "opensam": "a folder of OpenSAM",
    "config-manager": "the license file of Microsoft Configuration Manager",
}
"""What the kinds of inputs are."""


def imported(counts: Mapping[str, tuple[int, int, int]]) -> list[str]:
    """What an import did, a sentence a table: "Products: 12 new, 3 changed, 40 unchanged"."""
    words = ("new", "changed", "unchanged")
    return [
        f"{heading(table)}: " + ", ".join(f"{number(n)} {word}" for n, word in zip(row, words, strict=True) if n)
        for table, row in counts.items()
        if any(row)
    ]


# ------------------------------------------------------------------------------------------------------------- calendar
REPEATS: Final[Mapping[str, str]] = {
    "none": "Does not repeat",
    "monthly": "Every month",
    "quarterly": "Every three months",
    "yearly": "Every year",
}
"""How often an event comes again."""

FACTS: Final[Mapping[str, str]] = {
    "place": "Place among the purchases",
    "continued-by": "Continued by contract",
    "lead": "Days before the end",
}
"""Facts behind an event that are not just called as their code."""


def fact(code: str) -> str:
    """What a fact behind an event is called: "License end"."""
    return FACTS.get(code) or _capital(code.replace("-", " "))


def fact_value(value: str | int | date) -> str:
    """A fact behind an event: a day, a number, a name, or a place such as "2 of 3"."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return number(value) if value else "on the day itself"
    first, _, last = value.partition("/")
    return f"{first} of {last}" if first.isdecimal() and last.isdecimal() else line(value)


def month(day: date) -> str:
    """The month of a day: "November 2026"."""
    return f"{day:%B %Y}"


_SHORT: Final[Mapping[str, str]] = {
    "license-end": "end",
    "expiration-warning": "warning",
    "purchased": "purchase",
    "purchased-renewal": "renewal",
    "contract-invoiced": "invoice",
    "custom": "own event",
}
"""What events are called where there is little room."""


def event_kind(kind: str) -> str:
    """A kind of events in a word, as on a filter: "Warning"."""
    return _capital(_SHORT.get(kind, WORDS.get(kind, kind)))


def events(kind: str, count: int, *, short: bool = False) -> str:
    """A number of events of a kind: "1 license end", "12 warnings"; `short` for little room: "12 ends"."""
    word = _SHORT[kind] if kind in _SHORT and (short or kind != "license-end") else WORDS.get(kind, kind)
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def event_title(entry: Entry) -> str:
    """An event in a few words: what its owner called it, or what happens to what."""
    if entry.name:
        return line(entry.name)
    about = line(entry.product or entry.contract_name or entry.contract)
    if entry.model == "maintenance":
        about = f"Maintenance of {about}"
    if entry.kind == "expiration-warning":
        return f"{about}: last valid day" if entry.lead <= 0 else f"{about} ends in {days(entry.lead)}"
    ends = {
        "contract-invoiced": "invoiced",
        "purchased": "purchased",
        "purchased-renewal": "renewed",
        "license-end": "ends",
    }
    return f"{about} {ends[entry.kind]}"


def event_about(entry: Entry) -> str:
    """What else there is to say of an event, on one line: contract, item, quantity, repetition."""
    contract = f"{line(entry.contract_name)} ({line(entry.contract)})" if entry.contract_name else line(entry.contract)
    parts = [contract]
    if entry.item:
        parts.append(f"item {line(entry.item)}")
    if entry.quantity is not None:
        parts.append(f"{quantity(entry.quantity)} {label(entry.model).lower()}")
    if entry.repeat != "none":
        parts.append(REPEATS[entry.repeat].lower())
    return " · ".join(parts)


def in_days(days: int) -> str:
    """How far away a day is: "today", "tomorrow", "in 12 days", "3 days ago"."""
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {number(days)} days" if days > 0 else f"{number(-days)} days ago")


def days(count: int) -> str:
    """A number of days: "1 day", "30 days"."""
    return "1 day" if count == 1 else f"{number(count)} days"


# ------------------------------------------------------------------------------------------------------------ records
TABS: Final[Mapping[str, str]] = {
    "details": "Details",
    "timeline": "License timeline",
    "history": "History",
    "why": "Why",
}
"""The tabs of a record page."""

GONE: Final[Mapping[str, str]] = {
    "entitlement": "This entitlement is no longer in the book.",
    "contract": "This contract is no longer in the book.",
    "product": "This product is no longer in the book.",
    "position": "This position is no longer there: its product has neither an entitlement nor demand by this metric.",
}
"""What stands in the place of a record that is gone."""

OUTCOMES: Final[Mapping[str, str]] = {
    "within": "Allocations in order",
    "over-allocated": "Over-allocated",
    "own": "Feeds its own entitlement",
    "base": "Maintains the perpetual entitlement",
    "orphan": "Maintenance without a license",
    "no-entitlement": "No entitlement",
    "archived": "Archived",
    "supported": "Supported",
    "unsupported": "Out of support",
    "released": "Released",
    "support-end": "End of support",
    "notice": "Notice date",
    "maintenance": "Maintenance",
    "status-update": "Status update",
    "activity-log": "Activity log",
    "custom": "Event",
}
"""What conclusions and marks are called where that is not the word of their code."""

TOPICS: Final[Mapping[str, str]] = {
    "status": "Status",
    "state": "State on this day",
    "allocation": "Allocations",
    "formation": "What it feeds",
    "event": "Events",
    "other": "What it is not, and why not",
    "moved": "What moved",
    "refused": "What did not move, and why not",
}
"""Headings of the reasons of a record."""

OBSTACLES: Final[Mapping[str, str]] = {
    "no-right": "no {kind} right reaches these two",
    "no-order": "nothing says which version is newer",
    "no-surplus": "no surplus is left there",
    "no-maintained-surplus": "no maintained license is left there",
    "no-maintenance": "it has never been under maintenance",
    "maintenance-lapsed": "its maintenance had ended before the newer version came out",
    "not-perpetual": "only perpetual licenses can be upgraded",
    "not-released": "the newer version is not out yet",
    "release-unknown": "nobody has told when the newer version came out",
    "no-shortfall": "nothing is missing there",
    "not-newer": "it is not the newer version",
    "not-older": "it is not the older version",
    "too-far": "it is more versions away than the right reaches",
    "right-ended": "the right has ended",
    "right-to-come": "the right has not begun",
    "out-of-reach": "the right is about other products",
    "wrong-right": "the right is of another kind",
    "used-up": "the licenses that could have moved have been given elsewhere",
}
"""What stood in the way of a transfer, as the end of a sentence."""

_SIGNS: Final[Mapping[str, str]] = {" == ": " = ", " != ": " ≠ ", " <= ": " ≤ ", " >= ": " ≥ ", "3652059": "never"}

_SPEAKERS: Final[Mapping[str, str]] = {"r": "right", "g": "giver", "m": "giver", "t": "taker"}
"""The facts of the rules that look at several."""


def outcome(code: str) -> str:
    """A conclusion, a mark or a state standing alone: "Purchased renewal"."""
    return OUTCOMES.get(code) or badge(code)


def condition_of(text: str, several: bool) -> str:
    """A condition of a rule as people read it: "giver: balance > 0". `several`: the rule looks at several facts."""
    words = _FACT.sub(lambda found: _fact(found[1], found[2], several), text)
    return values_of(words)


def _fact(alias: str, field: str, several: bool) -> str:
    name = field.replace("_", " ")
    return f"{_SPEAKERS.get(alias, alias)}’s {name}" if several else name


_FACT: Final = re.compile(r"\b([a-z])\.([a-z_]+)")


def values_of(text: str) -> str:
    """A comparison with the signs and numbers that people write: "2026-11-21 ≤ never", "-32 < 0" with a real minus."""
    for written, shown in _SIGNS.items():
        text = text.replace(written, shown)
    return _NUMBER.sub(_figure, text).replace(" - ", f" {MINUS} ")


def _figure(found: re.Match[str]) -> str:
    """Beyond what a book can hold, a number only stands for "without limit"."""
    digits = found[2]
    shown = "any" if digits in _ANY else "unlimited" if len(digits) > 15 else digits
    return f"{MINUS if found[1] and shown == digits else ''}{shown}"


_NUMBER: Final = re.compile(r"(?<![\w-])(-?)(\d{9,}|\d+(?![\d-]))")
_ANY: Final = frozenset(str(2**30 + away) for away in range(-300, 301))


def lasting(first: str | None, last: str | None) -> str:
    """A term: "2025-01-01 to 2025-12-31", "from 2025-01-01", "until 2025-12-31", "" for always."""
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""


def far(depth: int | None) -> str:
    """How many versions a right reaches: "Any", "1 version", "3 versions"."""
    return "Any" if depth is None else f"{number(depth)} version{'' if depth == 1 else 's'}"


def age(place: int | None) -> str:
    """Where a version stands beside another: "2 versions older", "This version"."""
    if place is None:
        return "Order unknown"
    if place == 0:
        return "This version"
    return f"{far(abs(place))} {'newer' if place > 0 else 'older'}"


def ahead(lead: int) -> str:
    """How far ahead a warning comes: "30 days before the end", "on the final day"."""
    return "on the final day" if lead == 0 else f"{number(lead)} day{'' if lead == 1 else 's'} before the end"


def changed_value(field: str, value: str | int | None) -> str:
    """A value of the history as it is shown where the field has a page of its own."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, int):
        return {0: "No", 1: "Yes"}[value] if field in _FLAGS else quantity(value)
    return moment(value) if _MOMENT.match(value) else label(value)


_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT")
_FLAGS: Final = frozenset({"maintenance_separate", "invoice_date_defaulted", "notify", "manual", "archived"})

CHANGES: Final[Mapping[str, str]] = {
    "add": "added",
    "change": "changed",
    "remove": "removed",
    "import": "imported",
    "undo": "undone",
    "redo": "done again",
}
"""What happened to a field."""

PARTS: Final[Mapping[str, str]] = {
    "contract_items": "Item",
    "allocations": "Allocation",
    "overrides": "Override",
    "demand": "Count",
}
"""What a record is made of, where the history tells of it."""
