"""The counting rules of a book: by which method a metric is counted, with which parameters, from which day on."""

from __future__ import annotations

from gui import counting_words, wording
from gui.desk import Desk
from gui.dialogs import counting_rule
from gui.pages.setting_parts.boxed import Boxed, Kind
from store import counting_rules, counting_why, readers
from store.records import CountingRule


def make(desk: Desk) -> Boxed[CountingRule]:
    """The counting rules, with what can be done with them."""
    return Boxed(desk, _RULES)


def _cells(one: CountingRule) -> tuple[str, ...]:
    method, first = counting_words.METHODS[one.method], one.valid_from
    given = counting_words.given(counting_why.told(one.parameters, one.method))
    return wording.label(one.metric), method, given or "as usual", first.isoformat() if first else "always"


_RULES = Kind[CountingRule](
    "Counting rules",
    "How demand is counted from installations, hosts and virtual machines, where nobody has counted it. A rule holds"
    " from its day on, until the next one of its metric begins. Without a rule, devices, users or cores are counted.",
    ("Metric", "Method", "Parameters", "From"),
    frozenset(),
    frozenset({"settings"}),
    "sliders-horizontal",
    ("No counting rule", "Installations count by device, user or core. Add a rule for licenses that count otherwise."),
    readers.counting_rules,
    _cells,
    counting_rule.ask,
    lambda book, one: counting_rules.remove(book, one.metric, one.valid_from),
    lambda one: f"counting rule of {one.metric}",
)
