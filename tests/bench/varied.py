"""Small estates with something of everything that the rules decide on, different for every seed.

Versions of a family are released in their order, as the hand-written transfers need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from tests import estates
from tests.estates import Row, Tables

DAY = date(2026, 11, 21)
GROUPS = ("Nord", "Süd", "Zentrale", "Labor")
USERS = ("Einkauf", "Betrieb", "Revision")
METRICS = ("device", "user", "core")
EDITIONS = ("", "", "", "Standard", "Enterprise")


def estate(seed: int, families: int = 30) -> Tables:
    """The tables of the template, judged best around `DAY`."""
    random = Random(seed)
    products = [row for number in range(families) for row in _family(random, number)]
    items = [row for number in range(families // 2) for row in _contract_items(random, number, products)]
    return {
        "products": products,
        "resource_groups": estates.groups(*GROUPS),
        "user_groups": estates.groups(*USERS),
        "contracts": [_contract(random, number) for number in range(families // 2)],
        "contract_items": items,
        "allocations": list(_allocations(random, items)),
        "demand": list(_demand(random, products)),
        "installations": list(_installations(random, products)),
        "rights": list(_rights(random, products, families)),
        "overrides": list(_overrides(random, items)),
    }


def _around(random: Random, days: int = 500) -> date:
    return DAY + timedelta(random.randint(-days, days // 3))


def _family(random: Random, number: int) -> Iterator[Row]:
    """Up to six versions, told by rank, by release day, by both or by nothing but their names; or a product alone."""
    told, edition = random.choice(("rank", "release", "both", "both", "version")), random.choice(EDITIONS)
    day = date(2015 + number % 3, 1 + number % 12, 1)
    for rank in range(random.randint(1, 6)):
        day += timedelta(random.randint(0, 700))
        family = "" if random.random() < 0.08 else f"Suite {number}"
        version = random.choice((f"{10 + rank}", f"{10 + rank} R2", f"{10 + rank}.1"))
        yield estates.product(
            f"Suite {number} {rank}",
            vendor=f"Vendor {number % 4}",
            family=family,
            edition=edition if random.random() < 0.95 else random.choice(EDITIONS),
            version=version if told == "version" or random.random() < 0.5 else "",
            version_rank=rank if told in ("rank", "both") else "",
            released_on=day if told in ("release", "both") else "",
            metric=random.choice(METRICS),
            maintenance_separate=random.choice(("false", "false", "false", "true")),
        )


def _contract(random: Random, number: int) -> Row:
    currency = random.choice(("EUR", "EUR", "USD"))
    return estates.contract(f"K{number}", invoice_date=_around(random, 900), currency=currency)


def _contract_items(random: Random, number: int, products: list[Row]) -> Iterator[Row]:
    """First purchases, and renewals that follow at once, a day late, or far too late."""
    items = 0
    for _ in range(random.randint(6, 14)):
        product, model = random.choice(products)["product"], random.choice(_MODELS)
        metric, start = random.choice(("device",) * 6 + METRICS), _around(random)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            end = None if random.random() < _ENDLESS[model] else start + timedelta(random.choice(_TERMS))
            items += 1
            more = {"contract": f"K{number}", "model": model, "metric": metric, "responsible": _some(random, USERS)}
            price = random.choice(("", f"{random.randint(0, 900)}.{random.randint(0, 99):02}"))
            units = _units(random)
            yield estates.item(str(items), product, units, str(start), str(end or ""), unit_price=price, **more)
            if model == "perpetual" and random.random() < 0.5:
                items += 1
                until, some = start + timedelta(random.choice(_TERMS)), random.choice((units, 3, 10))
                yield estates.item(
                    str(items), product, some, str(start), str(until), **{**more, "model": "maintenance"}
                )
            if end is None:
                break
            start = end + timedelta(random.choice((-40, 0, 1, 1, 2, 90)))


_MODELS = ("perpetual", "perpetual", "perpetual", "subscription", "subscription", "maintenance")
_ENDLESS = {"perpetual": 0.8, "subscription": 0.1, "maintenance": 0.15}
_TERMS = (0, 5, 29, 30, 89, 90, 91, 180, 364, 365, 729)


def _units(random: Random) -> int | str:
    return "unlimited" if random.random() < 0.04 else random.choice((0, 1, 5, 20, 60, random.randint(1, 200)))


def _some(random: Random, names: tuple[str, ...]) -> str:
    return random.choice(("", "", *names))


def _entitled(items: list[Row]) -> dict[tuple[str, str, str], int]:
    """The quantities of what has perpetual licenses or subscriptions."""
    found: dict[tuple[str, str, str], int] = {}
    for item in items:
        if item["model"] != "maintenance":
            key = item["product"], item["model"], item["metric"]
            units = 2**31 - 1 if item["quantity"] == "unlimited" else item["quantity"]
            found[key] = min(found.get(key, 0) + units, 2**31 - 1)
    return found


def _allocations(random: Random, items: list[Row]) -> Iterator[Row]:
    for (product, model, metric), quantity in _entitled(items).items():
        if random.random() < 0.4:
            left = min(quantity, 300)
            for group, users in random.sample([(g, u) for g in GROUPS for u in USERS], random.randint(1, 4)):
                units = random.randint(0, left)
                left -= units
                if units:
                    yield estates.allocation(product, group, users, units, model=model, metric=metric)


def _demand(random: Random, products: list[Row]) -> Iterator[Row]:
    for product in products:
        for metric in METRICS if random.random() < 0.2 else ("device",):
            if random.random() < 0.2:
                continue
            groups = random.sample(("", *GROUPS), random.randint(1, 4)) if random.random() < 0.4 else [""]
            for number, group in enumerate(groups):
                units, day = random.choice((0, random.randint(0, 40), random.randint(0, 150))), _around(random, 100)
                moment = random.choice(("", f"{day}", f"{day}T12:30:00+02:00"))
                what = {"metric": metric, "resource_group": group, "source": f"count {number}", "counted_on": moment}
                yield estates.demand(product["product"], units, **what)


def _installations(random: Random, products: list[Row]) -> Iterator[Row]:
    """On devices of groups, with users and without, some of them twice."""
    for product in products:
        if random.random() < 0.5:
            continue
        seen: set[tuple[str, str]] = set()
        for _ in range(random.randint(1, 30)):
            device, user = f"pc{random.randint(1, 20)}", random.choice(("", f"user{random.randint(1, 9)}"))
            if (device, user) not in seen:
                seen.add((device, user))
                row: dict[str, Any] = {"product": product["product"], "device": device, "user": user}
                yield {**row, "resource_group": _some(random, GROUPS), "cores": random.choice(("", 4, 8, 16))}


def _rights(random: Random, products: list[Row], families: int) -> Iterator[Row]:
    """Downgrades and upgrades of families and of named pairs, with depths, metrics and days."""
    known = {row["family"] for row in products}
    for number in range(families * 3):
        kind = random.choice(("downgrade", "upgrade"))
        terms = {
            "metric": random.choice(("", "", "", "device", "user")),
            "depth": random.choice(("", "", "", 0, 1, 1, 2, 3)),
            "valid_from": random.choice(("", "", "", DAY, DAY + timedelta(30), DAY - timedelta(30))),
            "valid_until": "",
        }
        if not terms["valid_from"]:
            terms["valid_until"] = random.choice(("", "", "", DAY, DAY - timedelta(1)))
        family = f"Suite {number % families}"
        if number < families * 2.5 and family in known:
            yield {"right": f"R{number}", "kind": kind, "family": family, "from_product": "", "to_product": "", **terms}
        else:
            giver, taker = (row["product"] for row in random.sample(products, 2))
            yield {
                "right": f"R{number}",
                "kind": kind,
                "family": "",
                "from_product": giver,
                "to_product": taker,
                **terms,
            }


def _overrides(random: Random, items: list[Row]) -> Iterator[Row]:
    for product, model, metric in _entitled(items):
        if random.random() < 0.1:
            typed = {name: random.choice(("", random.randint(0, 90))) for name in ("active", "demand")}
            moved = {name: random.choice(("", random.randint(-50, 50))) for name in ("downgrade", "upgrade")}
            yield estates.override(product, model=model, metric=metric, **typed, **moved)
