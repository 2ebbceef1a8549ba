"""Two snapshots or days side by side: what differs, why, and nothing that does not."""

import json
from contextlib import closing
from datetime import date

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from store import audit, contracts, demand, derivation, overrides, products
from store.errors import Unfit
from store.records import ContractItem, Count, EntitlementKey, Override, Product
from store.snapshots import build, canonical, compare
from store.snapshots.differences import handing_out, shape
from store.snapshots.differences.shape import Cause
from store.snapshots.reading import SnapshotFault
from tests import estates, signing
from tests.bench import varied
from tests.conftest import AS_OF, opened
from tests.estates import item, of, subscription
from tests.examples import examples
from tests.store.snapshots import sample

OFFICE = EntitlementKey("Office", "subscription", "device")


def key(position):
    return position["product"], position["model"] or "", position["metric"]


def positions(path):
    return {key(one): one for one in json.loads(path.read_bytes())["positions"]}


def applied(found, before):
    """One side and the differences as JSON give the other side."""
    after = dict(before)
    for one in json.loads(json.dumps(handing_out.as_data(found)))["differences"]:
        at = one["product"], one["model"] or "", one["metric"]
        if one["what"] == "went":
            assert after.pop(at) == one["position"]
        elif one["what"] == "came":
            assert at not in after
            after[at] = one["position"]
        else:
            assert one["fields"]
            assert {name: after[at].get(name) for name in one["fields"]} == {
                name: pair["before"] for name, pair in one["fields"].items()
            }
            after[at] = {**after[at], **{name: pair["after"] for name, pair in one["fields"].items()}}
    return after


def items(content, at):
    """The contract items of an entitlement by their events."""
    found = {}
    for event in content["events"]:
        if key(event | {"product": event["product"] or "", "metric": event["metric"] or ""}) == at:
            kind = {"license-end": "end"}.get(event["kind"], "begin")
            if event["kind"] in ("purchased", "purchased-renewal", "license-end"):
                held = found.setdefault(f"contract_item:{event['contract']}/{event['item']}", {})
                held[kind] = event["on"], event["quantity"] if kind == "begin" else None
    return found


def transferred(content, kind, at, end, right, other):
    far = "to" if end == "from" else "from"
    return sum(
        one["quantity"]
        for one in content["transfers"]
        if one["kind"] == kind
        and (one[f"{end}_product"], one[f"{end}_model"] or "", one["metric"]) == at
        and f"right:{one['right']}" == right
        and "|".join((one[f"{far}_product"], one[f"{far}_model"] or "", one["metric"])) == other
    )


def check_cause(cause, one, before, after):
    """What a cause names is not the same on both sides."""
    at = one.product, one.model, one.metric
    held = [next((e for e in side["entitlements"] if key(e) == at), None) for side in (before, after)]
    lots = [items(side, at).get(cause.fact) for side in (before, after)]
    match cause.kind:
        case "entitlement-added" | "entitlement-removed":
            assert (held[0] is None) is (cause.kind == "entitlement-added")
            assert (held[1] is None) is (cause.kind == "entitlement-removed")
        case "quantity-changed" | "maintenance-changed":
            field = {"quantity-changed": "quantity", "maintenance-changed": "maintenance_quantity"}[cause.kind]
            assert [side[field] for side in held] == [cause.before, cause.after]
            assert cause.before != cause.after
        case "price-changed":
            assert held[0]["price"] != held[1]["price"]
        case "item-added" | "item-removed" | "item-changed":
            assert lots[0] != lots[1]
            assert (lots[0] is None, lots[1] is None) == (cause.before is None, cause.after is None)
        case "purchase-begun" | "purchase-ended":
            low, high = sorted((before["as_of"], after["as_of"]))
            assert lots[0] == lots[1]
            assert low <= cause.on <= high
            assert low != high
        case "units-taken" | "units-given":
            end = "to" if cause.kind == "units-taken" else "from"
            moved = [
                tuple(transferred(side, kind, at, end, cause.fact, cause.other) for side in (before, after))
                for kind in ("downgrade", "upgrade")  # a right may have become one of the other kind
            ]
            assert (cause.before, cause.after) in moved
            assert cause.before != cause.after
        case _:
            assert cause.before != cause.after or cause.kind in ("groups-changed", "fact-added", "fact-removed")
    if cause.kind.startswith("fact-"):
        sides = [set(side["because"]) if side else set() for side in (one.before, one.after)]
        assert (cause.fact in sides[0]) is (cause.kind == "fact-removed")
        assert (cause.fact in sides[1]) is (cause.kind == "fact-added")
    if cause.kind == "groups-changed":
        assert one.before["breakdown"] != one.after["breakdown"]


def check(before, after):
    """All that holds of the comparison of any two snapshots."""
    found = compare.compare(before, after)
    left, right = json.loads(before.read_bytes()), json.loads(after.read_bytes())
    assert applied(found, positions(before)) == positions(after)
    assert found.equal + len(found.differences) == len(positions(before).keys() | positions(after).keys())
    assert sum(found.groups.values()) == len(found.differences)
    for one in found.differences:
        assert len(set(one.causes)) == len(one.causes)
        for cause in one.causes:
            check_cause(cause, one, left, right)
    assert compare.compare(before, before).differences == ()
    assert compare.compare(after, after).equal == len(positions(after))
    return found


# ---------------------------------------------------------------------------------------------------- any two snapshots
NAMES = st.sampled_from(["Office", "Server 2019", "Σύστημα", "a|b", "Ω\N{ROCKET}", 'q"\\'])
UNITS = st.one_of(st.integers(0, 3), st.just("unlimited"))


def _override(figures):
    return st.none() | st.builds(
        lambda n: {"active": n, "demand": None, "downgrade": None, "upgrade": 0, "reason": "r"}, figures
    )


@st.composite
def content(draw):
    """The lists of a snapshot that fit together no better than those of a stranger may."""
    keys = st.tuples(NAMES, st.sampled_from(["", "perpetual", "subscription"]), st.sampled_from(["core", "device"]))
    small = st.integers(0, 2)
    found = {name: [] for name in canonical.LISTS}
    for product, model, metric in sorted(draw(st.sets(keys, max_size=4))):
        figures = {name: draw(small) for name in ("active", "demand", "downgrade", "upgrade")}
        balance = figures["active"] - figures["demand"]
        status = "under-licensed" if balance < 0 else "compliant" if balance == 0 else "over-licensed"
        found["positions"].append(
            {
                **{"product": product, "model": model or None, "metric": metric, **figures, "balance": balance},
                **{"status": status, "rule": draw(st.sampled_from(["a", "b"])), "because": [f"x:{draw(small)}"]},
                "override": draw(_override(small)),
                "calculated": {"active": draw(small), "demand": draw(small)},
                "breakdown": [{"resource_group": None, "active": draw(small)}],
                "balance_value": draw(st.none() | st.just({"amount": "1.00", "currency": "EUR"})),
            }
        )
    for product, model, metric in sorted(draw(st.sets(keys, max_size=3))):
        price = draw(st.none() | st.builds(lambda n: {"amount": f"{n}.00", "currency": "EUR"}, small))
        figures = {name: draw(UNITS) for name in ("quantity", "active", "maintenance_quantity")}
        at = {"product": product, "model": model or "perpetual", "metric": metric}
        if not found["entitlements"] or key(found["entitlements"][-1]) < key(at):
            found["entitlements"].append({**at, **figures, "price": price})
    days = st.sampled_from(["2026-11-20", "2026-11-21", "2026-11-22", "2027-01-01"])
    kinds = st.sampled_from(["purchased", "purchased-renewal", "license-end", "custom"])
    for entitlement in found["entitlements"]:
        for number in draw(st.lists(st.sampled_from("12"), max_size=2)):
            at = {name: entitlement[name] for name in ("product", "model", "metric")}
            event = {"on": draw(days), "kind": draw(kinds), "contract": "C", "item": number, "quantity": draw(small)}
            found["events"].append(at | event)
    moves = st.tuples(st.sampled_from(["downgrade", "upgrade"]), NAMES, NAMES, st.sampled_from(["core", "device"]))
    for kind, giver, taker, metric in sorted(draw(st.sets(moves, max_size=3))):
        ends = {
            "from_product": giver,
            "from_model": "perpetual",
            "to_product": taker,
            "to_model": draw(st.none() | st.just("perpetual")),
        }
        found["transfers"].append(
            {"kind": kind, **ends, "metric": metric, "quantity": draw(st.integers(1, 2)), "right": "R"}
        )
    return draw(st.sampled_from(["2026-11-21", "2026-12-31"])), found


def written(path, made):
    day, lists = made
    head = sample.HEAD | {"as_of": day}
    canonical.write(path, head, {name: map(canonical.encode, found) for name, found in lists.items()})
    return path


@examples(60, suppress_health_check=[HealthCheck.too_slow])
@given(before=content(), after=content())
def test_one_side_and_the_differences_give_the_other_and_no_cause_is_the_same_on_both(before, after, tmp_path_factory):
    home = tmp_path_factory.mktemp("pair")
    check(written(home / "before.json", before), written(home / "after.json", after))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_days_of_varied_estates_differ_as_their_snapshots_do(seed, book, fill, tmp_path):
    fill(book, varied.estate(seed, families=12))
    paths = []
    for day in (AS_OF, date(2027, 5, 1)):
        derivation.recalculate(book, as_of=day)
        paths.append(tmp_path / f"{day}.json")
        build.write_json(book, paths[-1])
    found = check(*paths)
    assert found.differences
    assert all(one.causes for one in found.differences)
    entered = audit.content_hash(book)
    of_days = compare.compare(AS_OF, date(2027, 5, 1), book=book)
    assert of_days.differences == found.differences
    assert (of_days.before.trust, of_days.after.as_of) == ("judged", "2027-05-01")
    assert audit.content_hash(book) == entered
    assert check(*reversed(paths)).equal == found.equal


# ------------------------------------------------------------------------------------------------------------- causes
@pytest.fixture
def pair(book, tmp_path):
    """`pair(change)`: what differs of a book before and after a change."""

    def found(change, day=AS_OF):
        build.write_json(book, tmp_path / "before.json")
        change()
        derivation.recalculate(book, as_of=day)
        build.write_json(book, tmp_path / "after.json")
        return check(tmp_path / "before.json", tmp_path / "after.json")

    return found


@pytest.fixture
def estate(book, fill):
    """Office for 30, needed by 20; from 2027 on nothing."""
    fill(book, of(subscription("1", "Office", 30, "2026-01-01", "2026-12-31"), demand=[estates.demand("Office", 20)]))
    return book


def causes(found):
    return [(cause.kind, cause.fact) for one in found.differences for cause in one.causes]


def test_a_term_that_has_ended_makes_a_position_newly_under_licensed(estate, pair):
    found = pair(lambda: None, date(2027, 1, 1))
    (one,) = found.differences
    assert (one.group, one.what, one.key) == ("newly-short", "changed", "Office|subscription|device")
    assert one.causes == (Cause("purchase-ended", "contract_item:C1/1", on="2026-12-31"),)
    assert found.groups == {"newly-short": 1}


def test_a_renewal_that_is_bought_later_resolves_it(estate, pair):
    derivation.recalculate(estate, as_of=date(2027, 1, 1))

    def buy():
        contracts.save_item(estate, _item("2", 40, date(2027, 1, 1)))

    found = pair(buy, date(2027, 1, 1))
    assert [one.group for one in found.differences] == ["resolved"]
    assert ("item-added", "contract_item:C1/2") in causes(found)
    assert ("quantity-changed", "entitlement:Office|subscription|device") in causes(found)


def _item(number, quantity, start):
    return ContractItem("C1", number, "Office", "subscription", "device", quantity, start)


def test_demand_that_grew_and_an_override_are_told_with_their_figures(estate, pair):
    found = pair(lambda: demand.save(estate, Count("Office", "device", 30)))
    assert found.differences[0].causes == (Cause("demand-changed", "demand:Office|device", 20, 50),)
    found = pair(lambda: overrides.save(estate, Override(OFFICE, "agreed", active=60)))
    (cause,) = found.differences[0].causes
    assert cause == Cause("override-set", "override:Office|subscription|device", None, "active 60: agreed")
    found = pair(lambda: overrides.save(estate, Override(OFFICE, "agreed", active=70)))
    assert causes(found) == [("override-changed", "override:Office|subscription|device")]
    found = pair(lambda: overrides.remove(estate, OFFICE))
    assert causes(found) == [("override-removed", "override:Office|subscription|device")]


def test_an_override_that_changes_nothing_but_the_reason_is_a_detail(estate, pair):
    overrides.save(estate, Override(OFFICE, "agreed", active=60))
    found = pair(lambda: overrides.save(estate, Override(OFFICE, "agreed again", active=60)))
    assert found.groups == {"details": 1}
    assert causes(found) == [("override-changed", "override:Office|subscription|device")]


def test_a_position_that_came_or_went_says_what_it_hangs_on(estate, pair):
    found = pair(lambda: demand.save(estate, Count("Visio", "device", 3)) if _visio(estate) else None)
    (one,) = found.differences
    assert (one.what, one.group, one.model) == ("came", "newly-short", "")
    assert causes(found) == [("demand-changed", "demand:Visio|device")]
    found = pair(lambda: demand.remove(estate, Count("Visio", "device", 3)))
    assert [(one.what, one.group) for one in found.differences] == [("went", "resolved")]


def _visio(book):
    products.save(book, Product("Visio"))
    return True


def test_units_that_move_otherwise_are_told_at_both_ends(book, fill, pair):
    newer, older = (estates.product(f"Server {n}", family="Server", version_rank=n) for n in (2, 1))
    right = {"right": "R1", "kind": "downgrade", "family": "Server"}
    tables = {"products": [newer, older], "rights": [right], "demand": [estates.demand("Server 1", 4)]}
    fill(book, {**of(item("1", "Server 2", 10), item("2", "Server 1", 1)), **tables})
    found = pair(lambda: demand.save(book, Count("Server 1", "device", 2)))
    told = {one.product: one.causes for one in found.differences}
    assert Cause("units-given", "right:R1", 3, 5, other="Server 1|perpetual|device") in told["Server 2"]
    assert Cause("units-taken", "right:R1", 3, 5, other="Server 2|perpetual|device") in told["Server 1"]


# -------------------------------------------------------------------------------------------------------------- sources
def test_signed_snapshots_are_read_only_when_they_are_intact(signed, tmp_path):
    found = compare.compare(signed.first, signed.second)
    assert (found.before.trust, found.equal, found.groups) == ("intact", 0, {"resolved": 1})
    assert len(found.warnings) == 2
    trusted = compare.compare(signed.first, signed.second, key=signing.signer().fingerprint)
    assert (trusted.before.trust, trusted.warnings) == ("trusted", ())
    broken = tmp_path / "broken.licsnap"
    content = bytearray(signed.first.read_bytes())
    content[len(content) // 3] ^= 1
    broken.write_bytes(bytes(content))
    with pytest.raises(SnapshotFault, match="is refused, and was not read"):
        compare.compare(broken, signed.second)
    with pytest.raises(SnapshotFault, match="Signed by another key"):
        compare.compare(signed.first, signed.second, key=signing.signer(2).fingerprint)


def test_snapshots_of_two_books_are_compared_and_said_to_be_of_two(signed):
    assert "The two are of different books." in compare.compare(signed.first, signed.other).warnings


def test_another_rulebook_is_a_cause_of_all_that_differs(signed, tmp_path):
    later = tmp_path / "later.licsnap"
    later.write_bytes(signing.resigned(signed.second.read_bytes(), signing.signer(), rulebook="0" * 64))
    found = compare.compare(signed.first, later)
    assert [cause.kind for one in found.differences for cause in one.causes][-1] == "rulebook-changed"
    assert "The two were judged by different rulebooks." in found.warnings


def test_a_folder_is_as_its_manifest_says_or_a_warning_is_given(estate, tmp_path):
    build.save(estate, tmp_path / "one", json_only=True)
    assert compare.compare(tmp_path / "one", tmp_path / "one" / "snapshot.json").before.trust == "whole"
    path = tmp_path / "one" / "snapshot.json"
    path.write_bytes(path.read_bytes().replace(b'"currency":"EUR"', b'"currency":"USD"', 1))
    found = compare.compare(tmp_path / "one", sample.write(tmp_path / "sample.json"))
    assert (found.before.trust, found.after.trust) == ("altered", "loose")
    assert "It was changed after it was saved" in found.warnings[0]
    assert found.warnings[1] == "The currency is another one: USD before, EUR after."
    (tmp_path / "one" / "manifest.json").write_text("{")
    assert compare.compare(tmp_path / "one", path).before.told.startswith("Its manifest cannot be read")
    (tmp_path / "one" / "manifest.json").unlink()
    assert compare.compare(tmp_path / "one", path).before.trust == "loose"


def test_a_snapshot_is_compared_with_a_day_of_a_book_that_others_only_read(estate, tmp_path):
    build.save(estate, tmp_path / "one", json_only=True)
    with closing(opened(estate.path, read_only=True)) as book:
        found = compare.compare(tmp_path / "one", date(2027, 1, 1), book=book)
    assert (found.before.trust, found.after.trust, found.groups) == ("whole", "judged", {"newly-short": 1})


def test_a_day_needs_a_book(tmp_path):
    with pytest.raises(Unfit, match="name the book"):
        compare.compare(AS_OF, AS_OF)


def test_progress_is_told_and_what_it_raises_stops_the_work(estate):
    steps = []
    compare.compare(AS_OF, AS_OF, book=estate, progress=lambda *step: steps.append(step))
    assert steps[-1] == (4, 4)
    with pytest.raises(InterruptedError):
        compare.compare(AS_OF, AS_OF, book=estate, progress=_stop)


def _stop(done, _steps):
    if done > 1:
        raise InterruptedError


# ----------------------------------------------------------------------------------------------------- whatever is there
def test_the_spelling_of_the_json_does_not_matter(tmp_path):
    path = sample.write(tmp_path / "lines.json")
    content = json.loads(path.read_bytes())
    for name, how in {
        "one": {},
        "tight": {"separators": (",", ":")},
        "wide": {"indent": 4, "ensure_ascii": True},
    }.items():
        other = tmp_path / f"{name}.json"
        other.write_text(json.dumps(content, sort_keys=True, **({"ensure_ascii": False} | how)), encoding="utf-8")
        assert compare.compare(path, other).differences == ()


def test_a_file_cut_off_anywhere_is_refused_in_a_sentence(tmp_path):
    whole = sample.write(tmp_path / "whole.json")
    text = whole.read_bytes()
    cut = tmp_path / "cut.json"
    for length in range(0, len(text.rstrip()) - 1, 37):
        cut.write_bytes(text[:length])
        with pytest.raises(SnapshotFault):
            compare.compare(cut, whole)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "cut off"),
        (b"[]", "not valid JSON"),
        (b"\xff\xfe{", "not text in UTF-8|not valid JSON"),
        (b'{"a":1} x', "behind its end"),
        (b'{"a":1}', "no list entitlements"),
        (b'{"a" 1}', "not valid JSON"),
        (b'{"a":' + b"[" * 100_000, "what no snapshot has|not valid JSON|no object"),
        (b'{"a":{"b":' * 50_000, "what no snapshot has|not valid JSON"),
        (b'{"a":NaN,"b":1}', "what no snapshot has"),
        (b'{"a":' + b"9" * 5_000 + b',"b":1}', "what no snapshot has"),
        (b'{"entitlements":[1]}', "no object"),
        (b'{"entitlements":[{}]}', "element 1: its product is missing"),
        (b'{"entitlements":[],"events":[],"positions":[],"transfers":[]}', "its format is another"),
        (b'{"a":"\\ud800","entitlements":[],"b":1}', "text that is none"),
        (b'{"entitlements":[],"events":[],"positions":[],"transfers":[]} {}', "behind its end"),
        (
            b'{"entitlements":[],"events":[],"format":"elpis-snapshot","format_version":1,"positions":[],"transfers":[]}',
            "it has no day",
        ),
    ],
)
def test_what_is_no_snapshot_is_refused_in_a_sentence(tmp_path, text, reason):
    path = tmp_path / "odd.json"
    path.write_bytes(text)
    with pytest.raises(SnapshotFault, match=reason):
        compare.compare(path, sample.write(tmp_path / "sample.json"))


def test_positions_out_of_order_or_twice_are_refused(tmp_path):
    for number, lists in enumerate(([*sample.POSITIONS[::-1]], [sample.POSITIONS[0]] * 2)):
        path = sample.write(tmp_path / f"{number}.json", positions=lists)
        with pytest.raises(SnapshotFault, match="not in its place"):
            compare.compare(path, path)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(SnapshotFault, match="there is no such snapshot"):
        compare.compare(tmp_path / "a", tmp_path / "b")
    with pytest.raises(SnapshotFault, match=r"no snapshot\.json in this folder"):
        compare.compare(tmp_path, tmp_path)


def test_every_kind_of_cause_has_its_place():
    assert len(set(shape.CAUSES)) == len(shape.CAUSES) == 22
