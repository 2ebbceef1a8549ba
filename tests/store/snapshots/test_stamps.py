"""A time stamp says that a snapshot existed: asked for by file, answered by file, checked without a network."""

import shutil
import subprocess
from hashlib import sha256
from random import Random

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from store.snapshots import stamps, verifying
from store.snapshots.saving import SavingFault
from store.snapshots.stamps import StampFault
from store.snapshots.verify import BAD, INTACT, OPEN, REFUSED, TRUSTED
from tests import authority, signing

MINE = signing.signer().fingerprint


@pytest.fixture(scope="session")
def clock(tmp_path_factory):
    return authority.make(tmp_path_factory.mktemp("authority") / "one")


@pytest.fixture
def snapshot(signed, tmp_path):
    return shutil.copy(signed.first, tmp_path / "q4.licsnap")


@pytest.fixture
def answer(clock, snapshot, tmp_path):
    request = tmp_path / "q4.tsq"
    request.write_bytes(stamps.request(snapshot))
    return clock.answer(request, tmp_path / "answer.tsr")


def test_the_request_is_the_one_that_others_write_for_the_hash_of_the_file(snapshot, tmp_path):
    content = snapshot.read_bytes()
    made = stamps.request(snapshot)
    assert made == TimestampRequestBuilder(content, HashAlgorithm.SHA256, nonce=False).build().as_bytes()
    command = ["openssl", "ts", "-query", "-data", snapshot, "-sha256", "-cert", "-no_nonce", "-out", tmp_path / "tsq"]
    subprocess.run(command, capture_output=True, check=True)
    assert made == (tmp_path / "tsq").read_bytes()
    assert sha256(content).digest() in made
    assert len(made) == 59


def test_an_answer_is_kept_as_it_came_beside_the_snapshot_which_stays_as_it_is(snapshot, answer, clock):
    before = snapshot.read_bytes()
    found = stamps.attach(snapshot, answer)
    assert (found.code, found.result) == ("time.untrusted", OPEN)
    assert snapshot.with_name("q4.licsnap.tsr").read_bytes() == answer.read_bytes()
    assert snapshot.read_bytes() == before
    assert clock.agrees(snapshot, stamps.beside(snapshot))


def test_with_the_authority_named_the_time_is_ok_and_told(snapshot, answer, clock):
    stamps.attach(snapshot, answer)
    when = decode_timestamp_response(answer.read_bytes()).tst_info.gen_time
    report = verifying.check(snapshot, key=MINE, authorities=clock.roots)
    assert report.verdict == TRUSTED
    assert report.checks[-1].code == "time.ok"
    assert f"{when:%Y-%m-%d %H:%M:%S} UTC" in report.checks[-1].sentence


def test_without_an_authority_the_time_is_open_and_by_another_one_refused(snapshot, answer, tmp_path):
    stamps.attach(snapshot, answer)
    report = verifying.check(snapshot, key=MINE)
    assert (report.verdict, report.checks[-1].code) == (INTACT, "time.untrusted")
    other = authority.make(tmp_path / "other")
    report = verifying.check(snapshot, key=MINE, authorities=other.roots)
    assert (report.verdict, report.checks[-1].code, report.checks[-1].result) == (REFUSED, "time.untrusted", BAD)


def test_the_stamp_of_another_file_is_not_kept_and_found_invalid(snapshot, answer, signed):
    with pytest.raises(StampFault, match=r"this is no time stamp for second.licsnap. .* for another file"):
        stamps.attach(signed.second, answer)
    assert not stamps.beside(signed.second).exists()
    stamps.attach(snapshot, answer)
    shutil.copy(signed.second, snapshot)
    assert verifying.check(snapshot, key=MINE).checks[-1].code == "time.invalid"


def test_a_refusal_of_the_authority_is_no_time_stamp(snapshot, clock, tmp_path):
    (tmp_path / "bad.tsq").write_bytes(
        stamps.request(snapshot).replace(bytes.fromhex("0402"), bytes.fromhex("0409"), 1)
    )
    refused = clock.answer(tmp_path / "bad.tsq", tmp_path / "refused.tsr")
    with pytest.raises(StampFault):
        stamps.attach(snapshot, refused)


def test_an_answer_by_another_hash_is_for_another_file(snapshot, clock, tmp_path):
    command = ["openssl", "ts", "-query", "-data", snapshot, "-sha512", "-cert", "-out", tmp_path / "long.tsq"]
    subprocess.run(command, capture_output=True, check=True)
    with pytest.raises(StampFault, match="for another file"):
        stamps.attach(snapshot, clock.answer(tmp_path / "long.tsq", tmp_path / "long.tsr"))


def test_an_answer_that_is_not_strict_is_kept_for_openssl_to_check(snapshot, answer, clock, tmp_path):
    """Some authorities send their certificates in another order than the encoding wants."""
    loose = clock.answer(tmp_path / "q4.tsq", tmp_path / "loose.tsr", "-chain", clock.roots)
    try:
        decode_timestamp_response(loose.read_bytes())
    except ValueError:
        expected = "time.unread"
    else:
        expected = "time.untrusted"
    assert stamps.attach(snapshot, loose).code == expected
    assert clock.agrees(snapshot, stamps.beside(snapshot))


def test_what_is_no_answer_is_refused(snapshot, tmp_path):
    for content in (b"", b"hello", bytes(2_000), snapshot.read_bytes()[:5_000]):
        (tmp_path / "no.tsr").write_bytes(content)
        with pytest.raises(StampFault, match="this is no time stamp for"):
            stamps.attach(snapshot, tmp_path / "no.tsr")
    assert stamps.check(snapshot) is None


def test_flipped_bits_never_crash_and_never_change_the_time(snapshot, answer, clock):
    random, true = Random(3), answer.read_bytes()
    when = decode_timestamp_response(true).tst_info.gen_time
    accepted = 0
    for _ in range(500):
        changed = bytearray(true)
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
        stamps.beside(snapshot).write_bytes(changed)
        found = stamps.check(snapshot, clock.roots)
        assert found.code in {"time.ok", "time.invalid", "time.untrusted", "time.unread"}
        if found.code == "time.ok":
            accepted += 1
            assert f"{when:%Y-%m-%d %H:%M:%S} UTC" in found.sentence
    assert accepted < 25, "few bits of an answer are signed by nobody"


def test_a_file_of_authorities_that_holds_none_is_told(snapshot, answer, tmp_path):
    stamps.attach(snapshot, answer)
    for name in ("nothing.pem", "q4.tsq"):
        with pytest.raises(StampFault, match="this holds no certificates of authorities"):
            verifying.check(snapshot, authorities=tmp_path / name)


def test_an_answer_that_cannot_be_read_leaves_the_time_open(snapshot, answer, monkeypatch):
    stamps.attach(snapshot, answer)

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(stamps, "_content", refuse)
    report = verifying.check(snapshot, key=MINE)
    assert (report.verdict, report.checks[-1].code) == (INTACT, "time.unread")


def test_an_answer_that_cannot_be_kept_is_told(snapshot, answer):
    stamps.beside(snapshot).mkdir()
    with pytest.raises(SavingFault):
        stamps.attach(snapshot, answer)
