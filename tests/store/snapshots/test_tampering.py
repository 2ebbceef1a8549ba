"""Nobody changes a signed snapshot unnoticed: thousands of forgeries of seventeen kinds, and every single byte."""

from collections import Counter
from io import BytesIO
from random import Random

import pytest

from store.snapshots import verify
from store.snapshots.verify import BAD, REFUSED, TRUSTED, Report
from tests import signing
from tests.store.snapshots.tampering import KINDS, Victim

MINE = signing.signer().fingerprint


@pytest.fixture(scope="session")
def victim(signed):
    return Victim(*(path.read_bytes() for path in (signed.second, signed.first, signed.other)))


@pytest.fixture
def judge(signed):
    """What a file comes to for somebody who knows the signer's key and has the earlier snapshot."""

    def judge(file: bytes) -> Report:
        report = verify.examine(BytesIO(file), key=MINE)
        more = [] if report.manifest is None else verify._following(report.manifest, signed.first)
        return Report((*report.checks, *more), report.manifest)

    return judge


_FORGERIES = "forged snapshots of seventeen kinds"
_SEEN = {"control": "without hashes, signature or packing anew they pass"}


def accepted(judge, victim, number, each):
    """How many forgeries of each kind are taken for true; every other one is refused with a code of its kind."""
    random, taken = Random(number), Counter()
    for forge, codes in KINDS.items():
        for _ in range(each):
            file = forge(random, victim)
            assert file != victim.file, forge
            report = judge(file)
            if report.verdict != REFUSED:
                taken[forge.__name__] += 1
                continue
            found = {check.code for check in report.checks if check.result == BAD}
            assert found & codes, (forge.__name__, found)
    return taken


def test_there_are_seventeen_kinds_and_the_original_is_trusted(judge, victim):
    assert len(KINDS) == 17
    assert judge(victim.file).verdict == TRUSTED


@pytest.mark.parametrize("number", range(3))
def test_of_three_thousand_forgeries_none_is_accepted_and_each_is_refused_by_its_code(number, judge, victim, promise):
    promise("R13", _FORGERIES, count=59 * len(KINDS), faults=sum(accepted(judge, victim, number, 59).values()), **_SEEN)


@pytest.mark.deep
@pytest.mark.parametrize("number", range(100, 140))
def test_of_two_hundred_thousand_forgeries_none_is_accepted(number, judge, victim, promise):
    taken = accepted(judge, victim, number, 295)
    promise("R13", _FORGERIES, count=295 * len(KINDS), faults=sum(taken.values()), **_SEEN)


def noticed(file, place, bit):
    changed = bytearray(file)
    changed[place] ^= 1 << bit
    return verify.examine(BytesIO(changed), key=MINE).verdict == REFUSED


def test_a_flipped_bit_is_noticed_wherever_it_is(victim):
    random = Random(1)
    ends = (*range(300), *range(len(victim.file) - 1_500, len(victim.file)))
    places = (*ends, *random.sample(range(len(victim.file)), 800))
    assert [place for place in places if not noticed(victim.file, place, random.randrange(8))] == []


@pytest.mark.deep
@pytest.mark.parametrize("part", range(16))
def test_every_single_byte_is_noticed(victim, part, promise):
    places = range(part, len(victim.file), 16)
    missed = [place for place in places if not noticed(victim.file, place, (place // 16) % 8)]
    promise("R13", "a flipped bit in each byte", count=len(places), faults=missed, **_SEEN)


def test_without_packing_it_again_forgeries_of_the_container_would_pass(judge, victim, monkeypatch):
    """The harness bites: the check that they are refused by is the one that refuses them."""
    monkeypatch.setattr(verify, "_is_packed", lambda *_: True)
    taken = Counter()
    for forge in KINDS:
        random = Random(5)
        taken[forge.__name__] = sum(judge(forge(random, victim)).verdict == TRUSTED for _ in range(20))
    assert {name for name, count in taken.items() if count} >= {"surrounded", "reordered", "disguised"}
    assert taken["rewritten"] == taken["signed_by_another"] == taken["restated"] == 0


def test_without_hashes_or_signature_forgeries_of_the_content_would_pass(judge, victim, monkeypatch):
    with monkeypatch.context() as blind:
        blind.setattr(verify, "_files", lambda *_: [])
        assert judge(signing.packed({**signing.members(victim.file), "data.json": b"{}"})).verdict == TRUSTED
    forged = signing.resigned(victim.file, signing.signer(9))
    assert judge(forged).verdict == REFUSED
    with monkeypatch.context() as blind:
        blind.setattr(verify, "_judged", lambda *_: verify.Check("sig.ok", "", verify.OK))
        blind.setattr(verify, "_following", lambda *_: [])
        assert judge(forged).verdict == TRUSTED


def test_that_a_snapshot_is_an_old_one_shows_only_beside_a_later_number(signed):
    assert verify.verify(signed.first, key=MINE).verdict == TRUSTED
    assert verify.verify(signed.first, key=MINE, after=1).verdict == REFUSED
