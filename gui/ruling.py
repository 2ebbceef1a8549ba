"""Rules and their answers as text: lists, pages, and the reasons behind a position."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from rules.language import Document, Rule

_WIDTH = 100


def listing(documents: Iterable[Document]) -> Iterator[str]:
    """Every rule with what it says, by subject."""
    for document in documents:
        yield f"{document.subject}: {document.about}"
        width = max(len(rule.name) for rule in document.rules)
        for rule in document.rules:
            yield from _wrapped(f"  {rule.name.ljust(width)}  ", rule.says)
        yield ""


def page(rule: Rule) -> Iterator[str]:
    """One rule: what it says, where that comes from, its conditions and what follows."""
    yield rule.name
    yield from _wrapped("  says    ", rule.says)
    yield from _wrapped("  source  ", rule.source)
    if rule.since:
        yield f"  since   {rule.since}"
    yield "  for     " + ", ".join(f"{alias}: {kind}" for alias, kind in rule.kinds.items())
    for mark, condition in zip(["  when    ", *["          "] * len(rule.conditions)], rule.conditions, strict=False):
        yield mark + condition.text
    yield "  then    " + ", ".join(f"{key} = {value}" for key, value in rule.then.items())
    if rule.order:
        yield "  order   " + ", ".join(key.text for key in rule.order)


def as_data(rule: Rule) -> dict[str, Any]:
    """One rule as plain data."""
    return {
        "name": rule.name,
        "says": rule.says,
        "source": rule.source,
        "since": rule.since,
        "for": dict(rule.kinds),
        "when": [condition.text for condition in rule.conditions],
        "then": dict(rule.then),
        "order": [key.text for key in rule.order],
    }


def answer(found: dict[str, Any]) -> Iterator[str]:
    """Why a position is what it is, from the balance down to contract items and demand rows; or a line of a request."""
    if "request_line" in found:
        yield from _request_line(found)
        return
    it = found["position"]
    name = " | ".join((it["product"], it["model"] or "no entitlement", it["metric"]))
    yield f"{name}, as of {found['as_of']}"
    yield (
        f"  balance {it['balance']} = active {it['active']} + downgrade {it['downgrade']} + upgrade {it['upgrade']}"
        f" - demand {it['demand']}: {it['status']}"
    )
    yield from _rule(found["rule"], "  ")
    if found["override"]:
        typed = {k: v for k, v in found["override"].items() if v is not None}
        yield "  manual override: " + ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in typed.items())
    yield from _entitled(found)
    yield from _demanded(found["demand"])
    yield from _moved(found["transfers"])


def _request_line(found: dict[str, Any]) -> Iterator[str]:
    """What became of a line of a request, and the rules that decided on it in order."""
    it = found["request_line"]
    what = f"{it['definition']} of {it['title']}" if it["definition"] else it["title"]
    span = f", {it['start']} to {it['end'] or 'without end'}" if it["start"] else ""
    yield f"request {it['request']}, line {it['line']}: {it['quantity']} {what} for {it['holder']}{span}"
    yield f"  asked for by {it['requester']} on {it['submitted_on']}"
    if it["decision"]:
        why = f": {it['reason']}" if it["reason"] else ""
        yield f"  {it['decision']} by {it['decided_by']} on {it['decided_on']}{why}"
    reasons = "".join(f", {reason}" for reason in it["reasons"])
    yield f"  {it['outcome']}{reasons}" + (f", authorization {it['authorization']}" if it["authorization"] else "")
    for warning in it["warnings"]:
        yield f"  warning: {warning}"
    for rule in found["rules"]:
        yield from _rule(rule, "  ")


def _entitled(found: dict[str, Any]) -> Iterator[str]:
    held = found["entitlement"]
    if held is None:
        yield "no entitlement: no contract item licenses this product by this metric"
        return
    yield f"entitlement {held['name']}: {held['active']} of {held['quantity']} active, {held['state']}"
    yield from _rule(held["rule"], "  ")
    for lot in found["purchases"]:
        price = f", {lot['unit_price']} {lot['currency']} each" if lot["unit_price"] else ""
        force = "in force" if lot["in_force"] else "not in force"
        end = lot["license_end"] or "without end"
        yield f"  {lot['key']}: {lot['quantity']} {lot['model']}, {lot['license_start']} to {end}, {force}{price}"
    for part in found["allocations"]:
        yield f"  allocated: {part['quantity']} to {part['resource_group']} for {part['user_group']}"


def _demanded(demand: dict[str, Any]) -> Iterator[str]:
    yield "demand of the product and metric"
    for row in demand["rows"]:
        group, source = row["resource_group"] or "no resource group", row["source"] or "no source"
        counted = f", counted on {row['counted_on']}" if row["counted_on"] else ""
        yield f"  {row['quantity']} in {group}, by {source}{counted}"
    counted = demand["installations"]
    if counted is not None:
        yield f"  {counted['quantity']} counted by {counted['counted_by']} from {counted['rows']} installations"
        yield from _counted(demand.get("counting"))


def _counted(counting: dict[str, Any] | None) -> Iterator[str]:
    """By which rule, on what, with which formulas."""
    if counting is None:
        return
    since = f" since {counting['valid_from']}" if counting["valid_from"] else ""
    given = "".join(f", {name.replace('_', ' ')} {value}" for name, value in counting["parameters"])
    yield f"  counting rule{since}: method {counting['method']}{given}"
    yield from _wrapped(f"  rule {counting['rule']}: ", counting["says"], "    ")
    for line in counting["lines"]:
        covered = f", {line['covered']} covered" if line["covered"] else ""
        yield f"    {line['kind']} {line['name']}: {line['formula']}{covered}"
    if counting["more"]:
        yield f"    and {counting['more']} more"
    yield f"  {'; '.join(counting['steps'])}: {counting['total']} needed"


def _moved(transfers: list[dict[str, Any]]) -> Iterator[str]:
    for one in transfers:
        yield (
            f"{one['kind']} of {one['quantity']} from {one['from_product']} ({one['from_model']})"
            f" to {one['to_product']} ({one['to_model'] or 'no entitlement'}) by right {one['right']}"
        )
        yield from _rule(one["rule"], "  ")


def _rule(told: dict[str, Any], indent: str) -> Iterator[str]:
    yield from _wrapped(f"{indent}rule {told['name']}: ", told["says"], indent + "  ")
    for condition in told["conditions"]:
        yield f"{indent}  {'yes' if condition['holds'] else 'no '}  {condition['text']}   [{condition['values']}]"


def _wrapped(first: str, text: str, indent: str | None = None) -> list[str]:
    after = " " * len(first) if indent is None else indent
    return textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent=first, subsequent_indent=after)
