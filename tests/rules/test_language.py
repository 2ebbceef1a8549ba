"""Rule documents as files: what they say, and what is refused with the file, the rule and the reason."""

from datetime import date
from pathlib import Path

import pytest

from rules.language import Document, load, parse
from rules.terms import RuleError

FACTS = """
subject = "family"
about = "Versions that belong together"
[facts.version]
family = "int"
rank = "int"
balance = "int"
edition = "str"
[facts.product]
family = "int"
name = "str"
"""
TRANSFER = """
[[rule]]
name = "family.transfer"
source = "Guide, chapter 3: surplus covers usage of an older version"
says = "A surplus covers the shortfall of an older version"
since = "2026-11-21"
for = { n = "version", o = "version" }
when = ["n.balance > 0", "o.balance < 0", "n.rank > o.rank", "o.family == n.family"]
then = { transfer = "downgrade", depth = "n.rank - o.rank", weight = 3 }
order = ["o.rank", "-n.rank"]
priority = 20
"""


def written(**lines: str) -> Document:
    """Read a document with one rule over `p`, a product, and `v`, a version; the lines replace or add to its own."""
    own = {
        "name": '"family.one"',
        "source": '"here"',
        "says": '"this"',
        "for": '{ p = "product" }',
        "when": "[]",
    } | lines
    return parse(FACTS + "[[rule]]\n" + "".join(f"{key} = {value}\n" for key, value in own.items() if value), "f.toml")


def refusal(**lines: str) -> str:
    with pytest.raises(RuleError) as refused:
        written(**lines)
    return str(refused.value)


def refusal_of(text: str) -> str:
    with pytest.raises(RuleError) as refused:
        parse(text, "f.toml")
    return str(refused.value)


def test_a_document_says_its_subject_its_facts_and_its_rules() -> None:
    document = parse(FACTS + TRANSFER, "family.toml")
    assert (document.subject, document.about) == ("family", "Versions that belong together")
    assert document.facts == {
        "version": {"family": "int", "rank": "int", "balance": "int", "edition": "str"},
        "product": {"family": "int", "name": "str"},
    }
    assert [rule.name for rule in document.rules] == ["family.transfer"]


def test_a_rule_says_where_it_comes_from_and_what_it_means() -> None:
    (rule,) = parse(FACTS + TRANSFER, "family.toml").rules
    assert rule.source == "Guide, chapter 3: surplus covers usage of an older version"
    assert rule.says == "A surplus covers the shortfall of an older version"
    assert rule.since == date(2026, 11, 21)
    assert rule.priority == 20
    assert list(rule.kinds.items()) == [("n", "version"), ("o", "version")]
    assert [each.text for each in rule.conditions] == [
        "n.balance > 0",
        "o.balance < 0",
        "n.rank > o.rank",
        "o.family == n.family",
    ]


def test_the_conclusion_is_data_and_may_compute_with_the_facts() -> None:
    (rule,) = parse(FACTS + TRANSFER, "family.toml").rules
    facts = (7, 4, 20, "std"), (7, 2, -5, "std")
    assert rule.then == {"transfer": "downgrade", "depth": "n.rank - o.rank", "weight": 3}
    assert {key: value(facts) for key, value in rule.values.items()} == {
        "transfer": "downgrade",
        "depth": 2,
        "weight": 3,
    }


def test_firings_are_ranked_by_priority_and_declared_order() -> None:
    (rule,) = parse(FACTS + TRANSFER, "family.toml").rules
    assert rule.rank(((7, 4, 20, "std"), (7, 2, -5, "std"))) == (20, 2, -4)


def test_what_may_be_left_out_has_a_default() -> None:
    (rule,) = written(when="").rules
    assert (rule.since, rule.conditions, dict(rule.then), rule.order, rule.priority) == (None, (), {}, (), 10)


def test_a_rule_knows_which_fields_it_reads() -> None:
    document = parse(FACTS + TRANSFER, "family.toml")
    assert document.rules[0].reads() == {"n": {"balance", "rank", "family"}, "o": {"balance", "rank", "family"}}
    assert document.used_fields("version") == (0, 1, 2)
    assert document.used_fields("product") == ()


def test_the_matcher_is_told_joins_last_and_of_them_equalities_first() -> None:
    (rule,) = parse(FACTS + TRANSFER, "family.toml").rules
    assert [each.text for each in rule.tests("o")] == ["o.balance < 0", "o.family == n.family", "n.rank > o.rank"]


def test_the_content_of_a_document_changes_with_every_word_but_not_with_layout() -> None:
    content = parse(FACTS + TRANSFER, "family.toml").content()
    assert parse(FACTS.replace('rank = "int"', '\n\nrank   = "int" # place') + TRANSFER, "other").content() == content
    for old, new in [
        ("Versions that", "Rows that"),
        ('edition = "str"', 'edition = "int"'),
        ("chapter 3", "chapter 4"),
        ("older version", "old version"),
        ("2026-11-21", "2026-11-22"),
        ("n.balance > 0", "n.balance > 1"),
        ("downgrade", "upgrade"),
        ("-n.rank", "n.rank"),
        ("priority = 20", "priority = 21"),
        ('{ n = "version", o = "version" }', '{ n = "version", o = "product" }'),
    ]:
        changed = (FACTS + TRANSFER).replace(old, new)
        if 'o = "product"' in new:
            changed = changed.replace("o.balance < 0", "o.family > 0").replace("n.rank > o.rank", "o.family > 1")
            changed = changed.replace("n.rank - o.rank", "n.rank").replace('"o.rank", ', "")
        assert parse(changed, "f.toml").content() != content, old


def test_a_document_is_read_from_the_file_of_its_subject(tmp_path: Path) -> None:
    path = tmp_path / "family.toml"
    path.write_text(FACTS + TRANSFER, encoding="utf-8")
    assert load(path).subject == "family"


def test_a_file_that_is_not_named_after_its_subject_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "families.toml"
    path.write_text(FACTS + TRANSFER, encoding="utf-8")
    with pytest.raises(RuleError, match=r"^families\.toml: the subject is family"):
        load(path)


def test_a_refusal_names_the_file_the_rule_and_the_reason() -> None:
    assert refusal(when='["p.size > 1"]') == "f.toml: family.one: p.size > 1: product has no field size"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ({"name": ""}, "f.toml: rule 1: name is missing"),
        ({"name": "3"}, "f.toml: rule 1: name is missing"),
        ({"name": '"one"'}, "the name is not family.<word>"),
        ({"name": '"other.one"'}, "the name is not family.<word>"),
        ({"name": '"family."'}, "the name is not family.<word>"),
        ({"name": '"family.One"'}, "the name is not family.<word>"),
        ({"name": '"family.one.two"'}, "the name is not family.<word>"),
        ({"name": '"family.$one"'}, "the name is not family.<word>"),
        ({"source": ""}, "source is missing or empty"),
        ({"source": '" "'}, "source is missing or empty"),
        ({"says": ""}, "says is missing or empty"),
        ({"since": '"21.11.2026"'}, "since is not a day"),
        ({"since": '"20261121"'}, "since is not a day"),
        ({"since": "2026-11-21"}, "since is not a day"),
        ({"for": ""}, "for is not a table"),
        ({"for": "{}"}, "for names 0 facts"),
        ({"for": "{ " + ", ".join(f'a{n} = "product"' for n in range(9)) + " }"}, "for names 9 facts; 1 to 8"),
        ({"for": '{ p = "producer" }'}, "unknown kind 'producer'"),
        ({"for": '{ P = "product" }'}, "alias 'P' is not a lower-case identifier"),
        ({"for": '{ id = "product" }'}, "alias 'id' is a reserved name"),
        ({"for": '{ in = "product" }'}, "alias 'in' is not"),
        ({"for": '{ costarring = "product", liquid = "product" }'}, "the same hash"),
        ({"for": '{ p = "product", q = "product" }'}, "q equals nothing of an earlier fact"),
        ({"for": '{ p = "product", q = "product" }', "when": '["q.family > p.family"]'}, "q equals nothing"),
        ({"for": '{ p = "product", q = "product" }', "when": '["q.family == 3"]'}, "q equals nothing"),
        ({"when": '"p.family > 1"'}, "when is not a list of texts"),
        ({"when": "[1]"}, "when is not a list of texts"),
        ({"order": '["p.name"]'}, "order: p.name: not a whole number"),
        ({"order": '["q.family"]'}, "unknown alias q"),
        ({"then": '"purchased"'}, "then is not a table"),
        ({"then": "{ on = 1.5 }"}, "on = 1.5 is neither"),
        ({"then": "{ on = true }"}, "on = True is neither"),
        ({"then": "{ On = 1 }"}, "'On' is not a lower-case name"),
        ({"then": '{ on = "q.family" }'}, "unknown alias q"),
        ({"then": '{ on = "Some words" }'}, "cannot be read"),
        ({"priority": "-1"}, "priority is not a whole number from 0 to 60000"),
        ({"priority": "60001"}, "priority is not"),
        ({"priority": "true"}, "priority is not"),
        ({"unless": "[]"}, "the rule has the unknown key 'unless'"),
    ],
)
def test_a_rule_that_is_not_what_it_must_be_is_refused(lines: dict[str, str], reason: str) -> None:
    assert reason in refusal(**lines)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('subject = "family"', "", "f.toml: subject is missing"),
        ('subject = "family"', 'subject = "Family"', "subject 'Family' is not a lower-case identifier"),
        ('about = "Versions that belong together"', "", "f.toml: about is missing"),
        ('about = "Versions', 'abuot = "Versions', "the document has the unknown key 'abuot'"),
        ("[facts.version]", "[fact.version]", "unknown key 'fact'"),
        ('family = "int"', 'family = "date"', "version.family is 'date'; a field is 'int', 'str' or 'day'"),
        ('family = "int"', 'id = "int"', "field of version 'id' is a reserved name"),
        ('family = "int"', 'k = "int"', "'k' is a reserved name"),
        ('family = "int"', 'sid = "int"', "'sid' is a reserved name"),
        ('family = "int"', 'class = "int"', "field of version 'class' is not"),
        ('family = "int"', '"a-b" = "int"', "field of version 'a-b' is not"),
        ('family = "int"', 'costarring = "int"\nliquid = "int"', "'costarring' and 'liquid' have the same hash"),
        ("[facts.version]", "[facts.Version]", "kind 'Version' is not"),
        ("[facts.version]", "[facts.empty]\n[facts.version]", "empty has 0 fields; 1 to 200"),
        ('rank = "int"', "".join(f'f{n} = "int"\n' for n in range(201)), "version has 204 fields; 1 to 200"),
        ("[facts.product]", "oops = ", "f.toml: "),
        (TRANSFER, "", "f.toml: there is no [[rule]]"),
        (TRANSFER, TRANSFER * 2, "f.toml: family.transfer: a second rule of this name"),
        ("[[rule]]", "[rule]", "there is no [[rule]]"),
    ],
)
def test_a_document_that_is_not_what_it_must_be_is_refused(old: str, new: str, reason: str) -> None:
    assert reason in refusal_of((FACTS + TRANSFER).replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('subject = "family"\nabout = "x"\nrule = []\n[facts.a]\nx = "int"', "0 rules; 1 to 200"),
        ('subject = "family"\nabout = "x"\nrule = [3]\n[facts.a]\nx = "int"', "rule is not a table"),
        ('subject = "family"\nabout = "x"\nfacts = 3', "facts is not a table"),
        ('subject = "family"\nabout = "x"\n[facts]\na = 3', "facts.a is not a table"),
    ],
)
def test_a_document_whose_parts_have_the_wrong_shape_is_refused(text: str, reason: str) -> None:
    assert reason in refusal_of(text)


def many_rules(count: int, condition: str) -> str:
    rule = '[[rule]]\nname = "family.r{0}"\nsource = "s"\nsays = "s"\nfor = {{ v = "version" }}\nwhen = ["{1}"]\n'
    return FACTS + "".join(rule.format(number, condition.format(number)) for number in range(count))


def test_more_rules_than_the_matcher_holds_are_refused() -> None:
    assert len(parse(many_rules(200, "v.rank > 3"), "f.toml").rules) == 200
    assert "201 rules; 1 to 200" in refusal_of(many_rules(201, "v.rank > 3"))


def test_more_open_conditions_than_the_matcher_can_stack_are_refused() -> None:
    assert len(parse(many_rules(60, "v.rank > {0}"), "f.toml").rules) == 60
    assert "more than 60 conditions open" in refusal_of(many_rules(61, "v.rank > {0}"))
    assert "more than 60 conditions open" in refusal_of(many_rules(61, "v.rank > v.balance"))


def test_more_comparisons_of_one_fact_with_earlier_facts_than_the_matcher_takes_are_refused() -> None:
    for_two = '{ n = "version", o = "version" }'
    joins = ['"o.family == n.family"', *(f'"o.rank > n.rank - {number}"' for number in range(23))]
    assert written(**{"for": for_two, "when": f"[{', '.join(joins)}]"})
    assert "o has 25 conditions on earlier facts; 24" in refusal(
        **{"for": for_two, "when": f"[{', '.join([*joins, joins[1]])}]"}
    )
