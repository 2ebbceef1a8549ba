"""Subjects in which one rule has to hold for every fact, or several that agree."""

import pytest

from rules import library
from rules.conclusions import Ruling, agreed, only
from rules.engine import Engine
from rules.language import parse

RULEBOOK = """
subject = "weather"
about = "A rulebook with a gap at 0 and a contradiction above 30"

[facts.day]
degrees = "int"

[[rule]]
name = "weather.cold"
source = "a sentence"
says = "below zero it is cold"
for = { d = "day" }
when = ["d.degrees < 0"]
then = { feels = "cold" }

[[rule]]
name = "weather.warm"
source = "a sentence"
says = "above zero it is warm"
for = { d = "day" }
when = ["d.degrees > 0"]
then = { feels = "warm" }

[[rule]]
name = "weather.hot"
source = "a sentence"
says = "above thirty it is hot"
for = { d = "day" }
when = ["d.degrees > 30"]
then = { feels = "hot" }

[[rule]]
name = "weather.freezing"
source = "a sentence"
says = "ten below zero is cold, because it freezes"
for = { d = "day" }
when = ["d.degrees < -10"]
then = { feels = "cold", reason = "frost", charged = 1 }
"""


@pytest.fixture(autouse=True)
def weather(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(parse(RULEBOOK, "weather.toml"))
    monkeypatch.setattr(library, "engine", {"weather": engine}.__getitem__)


def test_every_fact_gets_what_its_rule_says() -> None:
    assert only("weather", "day", [(-3,), (20,), (-3,)], "feels") == [
        ("cold", "weather.cold"),
        ("warm", "weather.warm"),
        ("cold", "weather.cold"),
    ]


def test_a_gap_in_the_rulebook_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="weather: 0 rules"):
        only("weather", "day", [(20,), (0,)], "feels")


def test_a_contradiction_in_the_rulebook_names_its_rules() -> None:
    with pytest.raises(ValueError, match=r"weather: 2 rules .*weather\.warm, weather\.hot"):
        only("weather", "day", [(31,)], "feels")


def test_rules_that_agree_say_it_together_with_their_reasons() -> None:
    assert agreed("weather", "day", [(-3,), (-12,)], "feels") == [
        Ruling("cold", (), False, ("weather.cold",)),
        Ruling("cold", ("frost",), True, ("weather.cold", "weather.freezing")),
    ]


@pytest.mark.parametrize(("degrees", "fault"), [(0, "0 answers"), (31, r"2 answers .*weather\.warm, weather\.hot")])
def test_rules_that_contradict_and_gaps_are_faults(degrees: int, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        agreed("weather", "day", [(20,), (degrees,)], "feels")
