"""Transfer groups that are numbered anew around a change are those that numbering all of them gives."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import derivation, grouping

FAMILIES = st.none() | st.integers(1, 3)
PAIRS = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)).filter(lambda pair: pair[0] != pair[1]), max_size=4)


def group(book):
    return dict(book.rows("SELECT id, transfer_group FROM products"))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    families=st.lists(FAMILIES, min_size=8, max_size=8),
    pairs=PAIRS,
    changed=st.integers(1, 8),
    family=FAMILIES,
    dropped=st.booleans(),
)
def test_one_change_is_numbered_as_all_would_be(book, families, pairs, changed, family, dropped):
    with book.transaction():
        for table in ("rights", "products", "families"):
            book.run(f"DELETE FROM {table}")
        book.many("INSERT INTO families VALUES (?, ?)", [(n, f"F{n}") for n in (1, 2, 3)])
        book.many(
            "INSERT INTO products (id, product, family_id) VALUES (?, ?, ?)",
            [(n, f"P{n}", f) for n, f in enumerate(families, 1)],
        )
        book.many(
            "INSERT INTO rights (\"right\", kind, from_product_id, to_product_id) VALUES (?, 'downgrade', ?, ?)",
            [(f"R{n}", *pair) for n, pair in enumerate(pairs)],
        )
        derivation.regroup(book)
        before = group(book)

        touched = {changed}
        book.run("UPDATE products SET family_id = ? WHERE id = ?", (family, changed))
        if dropped and pairs:
            book.run("DELETE FROM rights WHERE \"right\" = 'R0'")
            touched |= set(pairs[0])
        told = grouping.regroup(book, {before[number] for number in touched}, touched)

        found = group(book)
        derivation.regroup(book)
        assert found == group(book)
        assert {before[n] for n in before if before[n] != found[n]} <= told
        assert {found[n] for n in before if before[n] != found[n]} <= told


def test_a_product_that_is_gone_leaves_its_group_to_the_others(book):
    book.run("INSERT INTO families VALUES (1, 'F')")
    book.many("INSERT INTO products (id, product, family_id) VALUES (?, ?, 1)", [(n, f"P{n}") for n in (1, 2, 3)])
    derivation.regroup(book)
    book.run("DELETE FROM products WHERE id = 1")
    assert grouping.regroup(book, {1}, {1}) == {1, 2}
    assert group(book) == {2: 2, 3: 2}
