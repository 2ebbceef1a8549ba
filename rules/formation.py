"""Which entitlement a contract item opens or feeds (rulebook/formation.toml)."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rules.conclusions import only

OWN: Final = "own"
"""The entitlement of the item's own product, model and metric."""
BASE: Final = "base"
"""The perpetual entitlement of the item's product and metric, as maintenance quantity."""
ORPHAN: Final = "orphan"
"""A maintenance entitlement of its own although there is nothing to maintain: to be warned of."""


class Item(NamedTuple):
    """A contract item: is it maintenance, is that tracked separately, is there a perpetual item to maintain."""

    maintenance: int
    separate: int
    base: int


def targets(items: Sequence[Item]) -> list[tuple[str, str]]:
    """Return for every item which entitlement it feeds (`OWN`, `BASE` or `ORPHAN`) and the name of the rule."""
    return only("formation", "item", items, "feeds")
