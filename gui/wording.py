"""Codes to words: every text about license data that people read, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from rules.vocabulary import is_unlimited

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
    "deployment-end": "end of an optional entitlement",
    "review-due": "due decision of a review",
    "status-update": "status update",
    "activity-log": "activity log",
    "custom": "event of your own",
    "downgrade": "downgrade",
    "upgrade": "upgrade",
    "pending": "pending",
    "granted": "granted",
    "authorized": "authorized",
    "created": "created",
    "replaced": "replaced",
    "no-change": "no change",
    "denied": "denied",
    "refused": "refused",
    "cancelled": "canceled",
    "stale": "stale",
    "scheduled": "scheduled",
    "ended": "ended",
    "orderable": "orderable",
    "optional": "optional",
    "included": "included",
    "hidden": "hidden",
    "while-in-force": "while in force",
    "standing": "standing",
    "reversed": "reversed",
    "accepted": "accepted",
    "buy": "buy",
    "cancel": "cancel",
    "investigate": "investigate",
    "undecided": "not decided",
    "uneven": "not compliant",
    "open": "open",
    "decided": "all decided",
    "signed-off": "signed off",
    "all": "all",
    "debit": "debit",
    "credit": "credit",
    "waiting": "waiting",
    "matched": "matched",
    "assigned": "decided",
    "ignored": "needs no license",
    "decision": "decided on this name",
    "publisher-decision": "decided on its publisher",
    "identifier": "same part number",
    "same-name": "same name",
    "normal-name": "same name but for spelling",
    "catalogue": "one version in the catalogue",
    "several": "several are called so",
    "version-untold": "same name, version not told",
    "edition-untold": "same version, edition not told",
    "other-publisher": "same name, other publisher",
    "new-in-catalogue": "in the catalogue, not in the book",
    "shared-words": "shares words",
}
"""What each code of states, statuses, events and transfers is called in a sentence."""


CHECKS: Final[Mapping[str, str]] = {
    "container": "The file",
    "sig": "Signature",
    "manifest": "Manifest",
    "file": "Its files",
    "data": "Its data",
    "totals": "Its totals",
    "seq": "Number",
    "chain": "Earlier snapshot",
    "audit": "Change log",
    "book": "This book",
    "time": "Time stamp",
}
"""What each subject of the checks of a signed snapshot is called."""


def checked(code: str) -> str:
    """What a check is about, by its code ("sig.ok": "Signature")."""
    return CHECKS[code.partition(".")[0]]


# --------------------------------------------------------------------------------------------------------------- frame
PAGES: Final[Mapping[str, str]] = {
    "home": "Home",
    "contracts": "License contracts",
    "entitlements": "Entitlements",
    "compliance": "Compliance",
    "calendar": "Calendar",
    "demand": "Demand",
    "matching": "Matching",
    "products": "Products",
    "hosts": "Hosts",
    "virtual_machines": "Virtual machines",
    "forecast": "Forecast",
    "what-if": "What if",
    "titles": "Titles",
    "definitions": "Entitlement definitions",
    "authorizations": "Authorizations",
    "deployed": "Deployed entitlements",
    "requests": "Requests",
    "approvals": "Approvals",
    "charges": "Charges",
    "snapshots": "Snapshots",
    "backups": "Backups",
    "compare": "Compare",
    "reviews": "Reviews",
    "rulebook": "Rulebook",
    "settings": "Settings",
}
"""What the pages are called."""

SETTINGS: Final[Mapping[str, str]] = {
    "looks": "Looks",
    "judgement": "Judgement",
    "resource-groups": "Resource groups",
    "user-groups": "User groups",
    "metrics": "Metrics",
    "counting": "Counting",
    "rights": "Rights",
    "prices": "Prices",
    "rates": "Exchange rates",
    "mappings": "Mappings",
}
"""The parts of the settings by code, in their order."""

PAGE_GROUPS: Final[Mapping[str, str]] = {
    "demand": "Estate",
    "forecast": "Ahead",
    "titles": "Requests",
    "snapshots": "Evidence",
    "backups": "",
}
"""The pages that begin a group in the navigation, and what the group is called; "" is a gap."""

FOLDED_AT_FIRST: Final = ("Requests",)
"""The groups that are folded until somebody unfolds them: not every house has a request portal."""

REQUEST_PAGES: Final = ("titles", "definitions", "authorizations", "deployed", "requests", "approvals", "charges")
"""The pages of the group Requests."""

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
    "definition": "Entitlement",
    "requires_approval": "Approval",
    "max_request_days": "Window",
    "listed_on": "In the list since",
    "effect": "Effect today",
    "how": "Came about",
    "forced": "Forced",
    "version_right": "Newer versions",
    "contract": "Contract ID",
    "purchase_order_number": "PO number",
    "sku": "SKU",
    "on_day": "Day",
    "at": "When",
    "override": "Overridden",
    "scope": "Positions",
    "review_state": "State",
    "name_state": "State",
    "due_on": "Due",
    "frozen_sha256": "Fingerprint",
    "best": "Product",
    "vm": "Virtual machine",
    "vcpus": "vCPUs",
    "machines": "Virtual machines",
}
"""Titles of columns that are not just the name of their field."""

_CODES: Final = frozenset(
    {"perpetual", "subscription", "maintenance", "device", "user", "core"} | {"counted", "installed"}
)
MINUS: Final = "\N{MINUS SIGN}"


def heading(field: str) -> str:
    """The title of a column: "License start"."""
    return HEADINGS.get(field) or capital(field.replace("_", " "))


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


def capital(text: str) -> str:
    """A text whose first letter is a capital."""
    return text[:1].upper() + text[1:]


def plain_number(value: int) -> str:
    """A number as programs read it: digits alone, or "unlimited"."""
    return "unlimited" if is_unlimited(value) else str(value)


FILTERS: Final[Mapping[str, str]] = {"over-allocated": "Over-allocated"}
"""Filters that are called otherwise than their code."""


def filtered(code: str) -> str:
    """What a filter is called on its chip."""
    return FILTERS.get(code) or badge(code)


ACTIONS: Final[Mapping[str, str]] = {
    "refresh": "Refresh",
    "open-review": "New review",
    "next-undecided": "Next undecided",
    "open": "Open",
    "edit": "Edit",
    "remove": "Remove",
    "copy": "Copy",
    "import": "Import…",
    "add-entitlement": "Add manual entitlement",
    "add-virtual-machine": "Add machine",
    "show-virtual_machines": "Show virtual machines",
    "add-request": "New request",
    "decide": "Decide…",
    "choose-product": "Choose product…",
    "no-license": "Needs no license",
    "publisher-no-license": "All of this publisher…",
    "take-back-decision": "Take decision back",
    "withdraw": "Withdraw…",
    "give-back": "Give back…",
    "request-for-holder": "Request for the holder",
    "request-renewal": "Request a renewal",
    "show-definitions": "Show entitlement definitions",
    "show-deployed": "Show deployed entitlements",
}
"""What can be done with rows, where it is not just the words of its code."""


def action(code: str) -> str:
    """An action as it stands on a button: "Add contract"."""
    return ACTIONS.get(code) or capital(code.replace("-", " "))


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


def left_out(shown: int, total: int) -> str:
    """What a list says that shows only its first rows; "" where it shows all of them."""
    return f"The first {number(shown)} of {number(total)} are shown. Export has all of them." if total > shown else ""


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


# ------------------------------------------------------------------------------------------------------ of imports
FORMATS: Final[Mapping[str, str]] = {
    "template": "the import template of Elpis",
    "opensam": "a folder of OpenSAM",
    "glpi": "what GLPI has found on machines",
    "config-manager": "the license file of Microsoft Configuration Manager",
    "snipe-it": "a license file of Snipe-IT",
    "license-statement": "a Microsoft License Statement",
    "servicenow": "a file of ServiceNow entitlements",
    "flexera": "a file of Flexera purchases",
    "ivanti": "the general license file of Ivanti License Optimizer",
    "glpi-licenses": "a license file of GLPI",
    "snow": "a license file of Snow",
    "hcl": "a file of HCL BigFix purchase orders",
    "cyclonedx": "a CycloneDX document",
    "mapped": "a table of your own",
    "free": "a table whose columns are not known yet",
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
