"""Every question has the rows that plain filtering and sorting of all rows gives, whatever a book has to answer it."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from store import overviews
from store.listing import paging
from store.overviews import OVERVIEWS, Ask
from tests.examples import examples
from tests.store.listing.oracle import all_ids, holds, passes, place, table, texts

TYPED = st.sampled_from(
    ["", "serv", "SERVER stand", "s", "buro", "BÜRO paket", "100", "100%", "sql_stu", '"Pro"', "o'reilly", "contoso plant",
     "zzz", "%", "_", "' OR 1=1 --", 'a" OR "b', "NEAR(", "*", "c 3", "platform", "user", "ann", "fabrikam 50", "2022", "scan", "usd", "renamed"]
)  # fmt: skip
LIMITS = st.sampled_from([1, 3, 128])


@st.composite
def questions(draw):
    name = draw(st.sampled_from(sorted(OVERVIEWS)))
    overview = OVERVIEWS[name]
    sort = draw(st.sampled_from(["", *(field.name for field in overview.fields)]))
    return name, Ask(draw(TYPED), draw(st.sampled_from(overview.filters)), sort, draw(st.booleans()))


@pytest.fixture(params=["plain", "large", "crowded"])
def book(request, plain_book, large_book, monkeypatch):
    """A book as it comes, one with indexes and search tables, and one in which three rows are many."""
    if request.param == "crowded":
        for name, value in {"STROLL": 3, "_STEP": 2, "_FEW": 2, "_SORTED": 3}.items():
            monkeypatch.setattr(paging, name, value)
    return plain_book if request.param == "plain" else large_book


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=questions(), limit=LIMITS)
def test_a_question_gives_the_rows_that_plain_filtering_and_sorting_gives(book, asked, limit):
    name, ask = asked
    rows = table(book, name)
    wanted = {n for n, row in rows.items() if passes(name, ask.filter, row)}
    if ask.search.strip() and any(c.isalnum() for c in ask.search):
        wanted = {n for n in wanted if holds(texts(book, name, rows[n]), ask.search)}

    ids = all_ids(book, name, ask)

    assert sorted(ids) == sorted(wanted)
    assert overviews.first(book, name, ask, limit) == ids[:limit]
    places = [at for at in (place(name, ask.sort, rows[n]) for n in ids) if at is not None]
    assert places == sorted(places, reverse=ask.descending)
    assert overviews.counts(book, name, ask)[ask.filter] == len(ids)


@examples(25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=questions())
def test_downwards_is_upwards_read_from_the_end(book, asked):
    name, ask = asked
    other = Ask(ask.search, ask.filter, ask.sort, not ask.descending)
    assert all_ids(book, name, ask) == all_ids(book, name, other)[::-1]


@st.composite
def narrowed(draw):
    name, ask = draw(questions())
    field = draw(st.sampled_from([f.name for f in OVERVIEWS[name].fields if f.kind != "money"]))
    return name, ask, field, draw(st.sampled_from(["", "<=", ">=", "!=", " <", ">"])), draw(st.integers(0, 20))


_COMPARE = {
    "": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<=": lambda a, b: a is not None and a <= b,
    ">=": lambda a, b: a is not None and a >= b,
    " <": lambda a, b: a is not None and a < b,
    ">": lambda a, b: a is not None and a > b,
}


@examples(40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=narrowed())
def test_conditions_narrow_a_question_down_by_the_values_of_a_field(book, asked):
    name, ask, field, sign, number = asked
    rows = table(book, name)
    known = [row[field] for row in rows.values() if row[field] is not None] or [""]
    value = known[number % len(known)]
    asking = Ask(ask.search, ask.filter, ask.sort, ask.descending, ((f"{field}{sign}", value),))

    fitting = [n for n in all_ids(book, name, ask) if _COMPARE[sign](rows[n][field], value)]

    assert all_ids(book, name, asking) == fitting
    assert overviews.first(book, name, asking, 5) == fitting[:5]
    assert overviews.counts(book, name, asking)[ask.filter] == len(fitting)


@pytest.mark.parametrize(
    ("ask", "names"),
    [
        (Ask(where=(("contract", "C-2"),)), ["server tools", 'SQL_Studio 100% "Pro"', "SQLxStudio 100 Pro"]),
        (Ask(where=(("user_group", "apps"),)), ["Server 2019 Standard"]),
        (Ask(where=(("resource_group", "Plant"),)), ["Server 2019 Standard", "Server 2022 Standard"]),
        (Ask("sql", where=(("contract", "C-2"), ("quantity>", 30))), ["SQLxStudio 100 Pro"]),
        (Ask(filter="upcoming", where=(("contract", "C-2"),)), ["SQLxStudio 100 Pro"]),
        (Ask(where=(("family", "Studio"),), sort="quantity", descending=True), ["SQLxStudio 100 Pro", 'SQL_Studio 100% "Pro"']),
    ],
)  # fmt: skip
def test_entitlements_are_narrowed_down_to_those_of_a_contract_or_a_group(book, ask, names):
    ids = overviews.first(book, "entitlements", ask)
    assert [overviews.rows(book, "entitlements", [n])[n][0] for n in ids] == names


def test_contracts_are_narrowed_down_to_those_with_a_product(book):
    (only,) = overviews.first(book, "contracts", Ask(where=(("product", "server tools"),)))
    assert overviews.key(book, "contracts", only) == "C-2"


@pytest.mark.parametrize(
    "ask", [Ask(filter="no such"), Ask(sort="no such"), Ask(where=(("no such", 1),)), Ask(where=(("1=1 --", 1),))]
)
def test_what_no_overview_has_is_refused(book, ask):
    with pytest.raises(KeyError):
        overviews.first(book, "entitlements", ask)
    with pytest.raises(KeyError):
        overviews.first(book, "no such", Ask())


def test_a_row_is_found_by_each_text_that_it_shows(book):
    for name, overview in OVERVIEWS.items():
        texts = [field.name for field in overview.fields if field.kind == "text" and field.name not in _SEVERAL_CODES]
        if name == "events":
            texts = ["contract", "contract_name", "product", "name"]  # what the calendar tells of an event
        for number, row in table(book, name).items():
            for field in texts:
                assert number in all_ids(book, name, Ask(row[field], "all")) or _is_archived(name, row), (name, field)


_SEVERAL_CODES = ("reasons", "warnings")
"""What the window says in words of its own."""


def _is_archived(name, row):
    return name == "entitlements" and row["state"] == ""


def test_a_renamed_entitlement_is_found_by_its_name_and_by_its_product(book):
    for text in ("renamed hand", "server 2019 standard", "renamed server"):
        found = overviews.first(book, "entitlements", Ask(text))
        assert "Renamed by hand" in [row[1] for row in overviews.rows(book, "entitlements", found).values()]


def test_demand_is_found_by_who_has_counted_it_also_where_that_is_several(book):
    for text, wanted in {"scan": {"Server 2019 Standard"}, "scan b": {"Server 2019 Standard"}}.items():
        found = overviews.rows(book, "demand", overviews.first(book, "demand", Ask(text)))
        assert {row[0] for row in found.values()} == wanted
