"""The tables of the report: what each is about, its columns, and its rows from the snapshot's JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from rules.vocabulary import COMPLIANT, OVER_LICENSED, UNDER_LICENSED
from store.snapshots import reading
from store.snapshots.report import words
from store.snapshots.report.grid import Column

Rows = Iterator[Sequence[str]]

STATUSES: Final = {UNDER_LICENSED: "bad", OVER_LICENSED: "info", COMPLIANT: "good"}
"""The color of each status."""

_STATES: Final = {
    "upcoming": "info",
    "scheduled": "info",
    "active": "good",
    "expiring": "watch",
    "final day": "watch",
    "expired": "past",
    "ended": "past",
}
_SEVERITIES: Final = {"error": "bad", "warning": "watch", "info": "info"}
_FIGURES: Final = ("active", "demand", "downgrade", "upgrade")


@dataclass(frozen=True)
class Section:
    """A table with its title, what it is about, and what is said where it has no rows; "" leaves it out then."""

    title: str
    about: str
    empty: str
    columns: tuple[Column, ...]
    rows: Callable[[Path, str], Rows]


def _figure(head: str, share: float, *, signed: bool = False, bold: bool = False) -> Column:
    return Column(head, share, right=True, signed=signed, bold=bold)


# ------------------------------------------------------------------------------------------------- license position
_Known = tuple[int | str, int | str, str | None]
"""Of an entitlement: quantity, how many of it are maintained, last day."""


def _positions(snapshot: Path, as_of: str) -> Rows:
    known = {_key(element): _entitled(element) for element in reading.elements(snapshot, "entitlements")}
    for position in reading.elements(snapshot, "positions"):
        entitled = known.get(_key(position))
        yield (
            position["product"],
            words.line(position["model"], position["metric"]),
            words.number(position["active"]),
            words.number(entitled[1] or "") if entitled else "",
            words.number(position["demand"]),
            words.signed(_less(position["active"], position["demand"])),
            words.signed(position["downgrade"]),
            words.signed(position["upgrade"]),
            words.signed(position["balance"]) or "0",
            words.money(position["balance_value"] if position["balance"] else None),
            position["status"],
            words.joined(_comments(position, entitled, as_of)),
        )


def _key(element: Mapping[str, Any]) -> str:
    return f"{element['product']}\n{element['model']}\n{element['metric']}"


def _entitled(entitlement: Mapping[str, Any]) -> _Known:
    return entitlement["quantity"], entitlement["maintenance_quantity"], entitlement["expiration"]


def _less(one: int | str, other: int | str) -> int | str:
    return one - other if isinstance(one, int) and isinstance(other, int) else one


def _comments(position: Mapping[str, Any], entitled: _Known | None, as_of: str) -> Iterator[str]:
    if position["override"]:
        yield "override"
    if entitled is None:
        yield "no entitlement"
        return
    quantity, _, end = entitled
    if quantity != position["calculated"]["active"]:
        yield f"{words.number(position['calculated']['active'])} of {words.number(quantity)} in force"
    if end:
        yield f"{'ends' if end >= as_of else 'ended'} {end}"


POSITION: Final = Section(
    "License position",
    "Entitlement less deployment is the difference; with what downgrade and upgrade rights give and take it comes to"
    " the licensing delta. Below zero, licenses are missing. Only rights in force on the day count. Maintained is the"
    " part of an entitlement that is under maintenance, which later versions may come from.",
    "There are no positions: nothing is entitled and nothing is in use.",
    (
        Column("Product family and version", 146, bold=True),
        Column("Model and metric", 82),
        _figure("License entitlement", 46),
        _figure("Maintained", 45),
        _figure("Software deployment", 47),
        _figure("Difference", 44),
        _figure("Downgrades (+/−)", 48),
        _figure("Upgrades (+/−)", 43),
        _figure("Licensing delta", 44, signed=True, bold=True),
        _figure("Value of the delta", 70, signed=True),
        Column("Status", 85, tones=STATUSES),
        Column("Comments", 74),
    ),
    _positions,
)


# ------------------------------------------------------------------------------------------- transfers and overrides
def _transfers(snapshot: Path, _: str) -> Rows:
    for transfer in reading.elements(snapshot, "transfers"):
        yield (
            transfer["kind"],
            transfer["from_product"],
            transfer["from_model"] or "",
            transfer["to_product"],
            transfer["to_model"] or "no entitlement",
            transfer["metric"],
            words.number(transfer["quantity"]),
            transfer["right"],
        )


TRANSFERS: Final = Section(
    "Transfers",
    "Licenses that cover another version, each by a right that holds on the day.",
    "No license covers another version: no right was needed, or none holds.",
    (
        Column("Kind", 52),
        Column("From product", 170),
        Column("Model", 62),
        Column("To product", 170),
        Column("Model", 62),
        Column("Metric", 46),
        _figure("Licenses", 48, bold=True),
        Column("Right", 120),
    ),
    _transfers,
)


def _overrides(snapshot: Path, _: str) -> Rows:
    for position in reading.elements(snapshot, "positions"):
        override, calculated = position["override"], position["calculated"]
        for field in _FIGURES if override else ():
            if override[field] is not None:
                yield (
                    position["product"],
                    words.line(position["model"], position["metric"]),
                    field,
                    words.number(calculated[field]),
                    words.number(override[field]),
                    words.signed(calculated["balance"]) or "0",
                    words.signed(position["balance"]) or "0",
                    calculated["status"],
                    position["status"],
                    override["reason"],
                )


OVERRIDES: Final = Section(
    "Overrides",
    "Figures that a person set in place of the calculated ones, with the reason given.",
    "No figure was set by hand: every figure of this report is calculated.",
    (
        Column("Product", 150, bold=True),
        Column("Model and metric", 80),
        Column("Figure", 50),
        _figure("Calculated value", 50),
        _figure("Set by hand", 50, bold=True),
        _figure("Delta, calculated", 50, signed=True),
        _figure("Delta, as it stands", 50, signed=True),
        Column("Status, calculated", 85, tones=STATUSES),
        Column("Status, as it stands", 77, tones=STATUSES),
        Column("Reason", 150),
    ),
    _overrides,
)


# ------------------------------------------------------------------------------------------------------------- events
def _events(snapshot: Path, as_of: str) -> Rows:
    today = date.fromisoformat(as_of).toordinal()
    for event in reading.elements(snapshot, "events"):
        if event["on"] >= as_of:
            yield (
                event["on"],
                words.number(date.fromisoformat(event["on"]).toordinal() - today),
                words.code(event["kind"]),
                event["contract"] or "",
                event["item"] or "",
                event["product"] or "",
                words.line(event["model"], event["metric"]) if event["metric"] else "",
                words.number(event["quantity"]),
                "rule" if event["automatic"] else "person",
            )


EVENTS: Final = Section(
    "Upcoming events",
    "What the calendar holds from the day of judgement on.",
    "Nothing is due from the day of judgement on.",
    (
        Column("On", 56, bold=True),
        _figure("In days", 40),
        Column("Event", 112),
        Column("Contract", 100),
        Column("Item", 50),
        Column("Product", 190),
        Column("Model and metric", 92),
        _figure("Licenses", 56),
        Column("Made by", 44),
    ),
    _events,
)


# ----------------------------------------------------------------------------------------------- optional entitlements
def _deployed(snapshot: Path, _: str) -> Rows:
    for deployed in reading.elements(snapshot, "deployed_entitlements"):
        yield (
            deployed["authorization"],
            deployed["definition"],
            words.number(deployed["quantity"]),
            deployed["start"] or "",
            deployed["end"] or "no end",
            words.code(deployed["state"]),
            "\n".join(map(_period, deployed["periods"])),
        )


def _period(period: Mapping[str, Any]) -> str:
    span = f"{words.number(period['quantity'])} from {period['start']} to {period['end'] or 'no end'}"
    return f"{span}, replaced {period['replaced_on']}" if period["replaced_on"] else span


DEPLOYED: Final = Section(
    "Optional entitlements",
    "Rights on top of an authorization, with every period that they had.",
    "",
    (
        Column("Authorization", 96),
        Column("Entitlement", 190, bold=True),
        _figure("Quantity", 50),
        Column("Start", 62),
        Column("End", 62),
        Column("State", 66, tones=_STATES),
        Column("Periods", 244),
    ),
    _deployed,
)


def _requests(snapshot: Path, _: str) -> Rows:
    for line in reading.elements(snapshot, "request_lines"):
        yield (
            line["request"],
            line["line"],
            words.code(line["outcome"]),
            words.joined(map(words.code, line["reasons"])),
            words.joined(map(words.code, line["warnings"])),
            line["authorization"] or "",
        )


REQUESTS: Final = Section(
    "Requests",
    "What was requested, line by line, and what came of it.",
    "",
    (
        Column("Request", 110, bold=True),
        Column("Line", 50),
        Column("Outcome", 90),
        Column("Reasons", 200),
        Column("Warnings", 200),
        Column("Authorization", 120),
    ),
    _requests,
)


def _charges(snapshot: Path, _: str) -> Rows:
    for charge in reading.elements(snapshot, "charges"):
        yield (
            charge["request"],
            charge["line"],
            charge["kind"],
            words.amount(charge["amount"], charge["currency"]),
            charge["rule"] or "",
        )


CHARGES: Final = Section(
    "Charges",
    "What the lines of requests debit and credit.",
    "",
    (
        Column("Request", 150, bold=True),
        Column("Line", 60),
        Column("Kind", 90),
        _figure("Amount", 120, signed=True),
        Column("Rule", 350),
    ),
    _charges,
)


# ----------------------------------------------------------------------------------------------------------- findings
def _findings(snapshot: Path, _: str) -> Rows:
    for finding in reading.elements(snapshot, "findings"):
        yield finding["severity"], finding["code"], finding["place"], finding["message"]


FINDINGS: Final = Section(
    "Findings",
    "What was noticed in the data. A finding changes no figure; it says where to look.",
    "Nothing was noticed in the data.",
    (
        Column("Severity", 58, tones=_SEVERITIES),
        Column("Code", 112),
        Column("Place", 230),
        Column("What was found", 370),
    ),
    _findings,
)

SECTIONS: Final = (POSITION, TRANSFERS, OVERRIDES, EVENTS, DEPLOYED, REQUESTS, CHARGES, FINDINGS)
"""The sections in their order."""
