"""The last section of the report: how its figures come about, and every rule that had a part in them, in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rules import library
from store.snapshots.report import words
from store.snapshots.report.faces import REPLACEMENT
from store.snapshots.report.grid import Column, Grid
from store.snapshots.report.sheet import BODY, Sheet, Start

_COLUMNS: Final = (
    Column("Rule", 150, bold=True),
    Column("Times applied", 50, right=True),
    Column("What it says", 350),
    Column("Where it comes from", 220),
)

_HOW: Final = (
    "Every figure of this report follows from the facts in the book and from the rules below, for the day of judgement"
    " that the cover names. The same book and the same day always give the same report, to the byte.",
    "The entitlement of a product, model and metric is the sum of its contract items in force on the day; dates are"
    " inclusive. Deployment is what was counted or reported for the product and metric. Rights of downgrade and upgrade"
    " move licenses from one version to another, oldest shortfall first. What is then above or below zero is the"
    " licensing delta. Figures set by hand stand in the section Overrides beside the calculated ones.",
    "{data} holds the same content for programs. Each conclusion in it names its rule and the facts it used. Any"
    " program that computes SHA-256 can tell by the fingerprint at the foot of these pages whether it is the file"
    " that this report was made from.",
)


def write(sheet: Sheet, rules: Mapping[str, int], data: str) -> Start:
    """Put the section; `rules` counts by name what each rule concluded, `data` is the name of the file behind it."""
    start = sheet.heading("Method")
    for text in _HOW:
        sheet.paragraph(text.format(data=data), BODY)
        sheet.y -= 5
    sheet.y -= 5
    Grid(sheet, _COLUMNS).fill(_rows(rules))
    sheet.y -= 10
    for text in _remarks(sheet, data):
        sheet.paragraph(text, BODY)
        sheet.y -= 5
    return start


def _rows(rules: Mapping[str, int]) -> Iterator[Sequence[str]]:
    for name, count in sorted(rules.items()):
        try:
            rule = library.rule(name)
        except library.UnknownName:
            yield name, words.number(count), "a rule of another version of the rulebook", ""
        else:
            yield name, words.number(count), rule.says, rule.source


def _remarks(sheet: Sheet, data: str) -> Iterator[str]:
    yield f"Rulebook: SHA-256 {library.digest()} of everything that its documents say."
    if sheet.missing:
        codes = ", ".join(f"U+{ord(letter):04X}" for letter in sorted(sheet.missing)[:12])
        more = f" and {len(sheet.missing) - 12:,} others" if len(sheet.missing) > 12 else ""
        yield (
            f"The fonts of this report cover Latin, Greek and Cyrillic. {REPLACEMENT} stands for a character of another"
            f" script or without a shape ({codes}{more}); {data} and the workbook have it."
        )
