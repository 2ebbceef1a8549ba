"""The definition that durable_rules is given, with its guards."""

from rules.grammar import to_durable
from rules.language import parse

DOCUMENT = parse(
    """
subject = "family"
about = "Versions that belong together"
[facts.version]
family = "int"
rank = "int"
balance = "int"
edition = "str"
[[rule]]
name = "family.transfer"
source = "here"
says = "A surplus covers an older shortfall"
for = { n = "version", o = "version" }
when = ["n.balance > 0", "n.edition != 'x'", "o.rank < n.rank - 2", "o.family == n.family", "o.balance <= -1", "o.rank >= 3 * o.family"]
priority = 7
""",
    "family.toml",
)


def test_a_rule_is_told_as_flat_conjunctions_that_begin_with_the_kind_and_end_with_a_guard() -> None:
    assert to_durable(DOCUMENT)["family.transfer"] == {
        "all": [
            {"n": {"$and": [{"k": "version"}, {"$gt": {"balance": 0}}, {"$neq": {"edition": "x"}}]}},
            {
                "o": {
                    "$and": [
                        {"k": "version"},
                        {"$lte": {"balance": -1}},
                        {"$gte": {"rank": {"$mul": {"$l": 3, "$r": {"$m": "family"}}}}},
                        {"family": {"n": "family"}},
                        {"$lt": {"rank": {"$sub": {"$l": {"n": "rank"}, "$r": 2}}}},
                        {"$and": [{"k": "version"}]},
                    ]
                }
            },
        ],
        "pri": 7,
        "cap": 60_000,
    }


def test_one_rule_more_brings_a_new_working_memory_in_order() -> None:
    definition = to_durable(DOCUMENT)
    assert list(definition) == ["$prime", "family.transfer"]
    assert definition["$prime"] == {"all": [{"m": {"$and": [{"k": "$prime"}]}}]}
