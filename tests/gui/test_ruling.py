"""Rules and answers as text."""

from gui import ruling
from rules import library
from store import why
from tests.estates import allocation, demand, groups, item, of, override, product


def test_every_rule_fits_the_width_of_a_page():
    pages = [line for document in library.documents().values() for rule in document.rules for line in ruling.page(rule)]
    said = [line for line in pages if not line.startswith(("  when", "           ", "  then", "  order"))]
    assert max(map(len, [*said, *ruling.listing(library.documents().values())])) <= 100


def test_a_rule_as_data_and_as_a_page_say_the_same():
    for document in library.documents().values():
        for rule in document.rules:
            data, page = ruling.as_data(rule), " ".join(" ".join(ruling.page(rule)).split())
            for text in [data["name"], data["says"], data["source"], *data["when"], *data["order"], *data["then"]]:
                assert " ".join(text.split()) in page
            assert ("since" in data and bool(data["since"])) == (" since " in page.split(" for ")[0])


def test_an_answer_tells_overrides_allocations_transfers_and_installations(book, fill):
    fill(
        book,
        of(
            item("1", "Server 2025", 100),
            item("2", "Office", 5, metric="user", end="2025-01-01"),
            products=[
                product("Server 2019", family="S", version="2019"),
                product("Server 2025", family="S", version="2025"),
                product("Office"),
            ],
            demand=[demand("Server 2019", 40, resource_group="Berlin", source="", counted_on="")],
            installations=[{"product": "Office", "device": "PC-1", "user": "ann"}],
            resource_groups=groups("Berlin"),
            user_groups=groups("Sales"),
            allocations=[allocation("Server 2025", "Berlin", "Sales", 60)],
            overrides=[override("Server 2025", demand=25)],
            rights=[{"right": "SA", "kind": "downgrade", "family": "S"}],
        ),
    )
    newer = list(ruling.answer(why.why(book, "Server 2025")))
    assert "  manual override: demand 25, reason audit of 2026, calculated balance 60" in newer
    assert "  allocated: 60 to Berlin for Sales" in newer
    assert "downgrade of 40 from Server 2025 (perpetual) to Server 2019 (no entitlement) by right SA" in newer
    assert any(line.startswith("    yes  ") for line in newer)

    older = list(ruling.answer(why.why(book, "Server 2019")))
    assert older[0] == "Server 2019 | no entitlement | device, as of 2026-11-21"
    assert "no entitlement: no contract item licenses this product by this metric" in older
    assert "  40 in Berlin, by no source" in older

    office = list(ruling.answer(why.why(book, "Office")))
    assert "  1 counted by user from 1 installations" in office
    assert "  contract_item:C1/2: 5 perpetual, 2024-02-01 to 2025-01-01, not in force" in office
