"""Anybody can check a signed snapshot: each check has a code and a sentence, nothing is trusted, nothing crashes."""

import json
import os
import struct
import subprocess
import sys
import time
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from store.snapshots import verify
from store.snapshots.verify import BAD, INTACT, MANIFEST, OK, OPEN, REFUSED, TRUSTED, Member
from tests import signing
from tests.store.snapshots import tampering

ME = signing.signer()
MINE = ME.fingerprint


@pytest.fixture
def file(signed):
    return signed.second.read_bytes()


def checked(content, **how):
    return verify.examine(BytesIO(content), **({"key": MINE} | how))


def codes(report, result=BAD):
    return [check.code for check in report.checks if check.result == result]


def enveloped(text, by=ME):
    """The file whose manifest has this text, truly signed."""
    return verify.envelope(text, by.public, by.sign(verify.pae(text)))


# ------------------------------------------------------------------------------------------------------- what is right
def test_with_the_key_each_check_is_ok_and_the_file_is_trusted(signed):
    report = verify.verify(signed.second, key=MINE, after=signed.first, contents=True)
    assert [check.code for check in report.checks] == [
        *("container.ok", "sig.ok", "manifest.ok", "file.ok", "totals.ok", "seq.ok", "chain.ok", "audit.ok")
    ]
    assert {check.result for check in report.checks} == {OK}
    assert report.verdict == TRUSTED


def test_without_a_key_it_is_intact_but_not_trusted_and_says_which_key_to_ask_for(signed):
    report = verify.verify(signed.second)
    assert (report.verdict, codes(report, OPEN), codes(report)) == (INTACT, ["sig.untrusted"], [])
    assert verify.grouped(MINE) in report.checks[1].sentence


def test_by_another_key_it_is_refused_though_nothing_was_changed(signed):
    report = verify.verify(signed.second, key=signing.signer(2).fingerprint)
    assert (report.verdict, codes(report)) == (REFUSED, ["sig.untrusted"])


def test_every_sentence_is_one_and_every_code_says_what_of_what(signed, file):
    reports = [verify.verify(signed.second), verify.verify(signed.first, after=signed.second), checked(file[:-1])]
    for check in (check for report in reports for check in report.checks):
        assert check.sentence.endswith(".")
        assert check.code.count(".") == 1


# --------------------------------------------------------------------------------------------------- each check by name
def replaced(file, **contents):
    found = signing.members(file)
    for name, content in contents.items():
        found[{"manifest": MANIFEST, "data": "data.json"}[name]] = content
    return signing.packed(found)


def said(file, **changes):
    return {**signing.manifest(file), **changes}


def spelled(content):
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def without(content, name):
    return {key: value for key, value in content.items() if key != name}


MANIFESTS = {
    "manifest.invalid": [
        lambda file: b"",
        lambda file: b"[]",
        lambda file: b"{" * 100_000,
        lambda file: b"[" * 100_000,
        lambda file: b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        lambda file: b"\xff\xfe",
        lambda file: b'{"format":"elpis-licsnap","format":"elpis-licsnap"}',
        lambda file: b'{"format_version":1e999999999999999999}',
        lambda file: b'{"format_version":NaN}',
        lambda file: b'{"seq":' + b"9" * 10_000 + b"}",
        lambda file: spelled(said(file)) + b" ",
        lambda file: spelled(said(file, format="zip")),
        lambda file: b'{"made_by":"\\ud800"}',
        lambda file: spelled(without(said(file), "seq")),
        lambda file: spelled(said(file, more=1)),
        lambda file: spelled(said(file, seq="2")),
        lambda file: spelled(said(file, seq=True)),
        lambda file: spelled(said(file, seq=0)),
        lambda file: spelled(said(file, seq=-1)),
        lambda file: spelled(said(file, seq=1)),
        lambda file: spelled(said(file, previous=None)),
        lambda file: spelled(said(file, previous="0" * 63)),
        lambda file: spelled(said(file, files={})),
        lambda file: spelled(said(file, files=[])),
        lambda file: spelled(said(file, files={"data.json": 1})),
        lambda file: spelled(said(file, files={"data.json": {"size": 1.5, "sha256": "0" * 64}})),
        lambda file: spelled(said(file, files={"../data.json": {"size": 1, "sha256": "0" * 64}})),
        lambda file: spelled(said(file, change_log={"seq": 1})),
        lambda file: spelled(said(file, change_log={"seq": -1, "sha256": "0" * 64})),
        lambda file: spelled(said(file, seq=10**30)),
        lambda file: spelled(said(file, book="../../etc")),
        lambda file: spelled(said(file, as_of="yesterday")),
    ],
    "manifest.version": [lambda file: spelled(said(file, format_version=2))],
    "manifest.key": [lambda file: spelled(said(file, key="0" * 64))],
}


@pytest.mark.parametrize(("code", "make"), [(code, make) for code, makes in MANIFESTS.items() for make in makes])
def test_a_manifest_that_is_none_is_refused_even_when_it_is_truly_signed(code, make, file):
    report = checked(replaced(file, manifest=enveloped(make(file))))
    assert codes(report) == [code]
    assert codes(report, OK) == ["container.ok", "sig.ok"]
    assert report.manifest is None


ENVELOPES = {
    "nothing": b"",
    "no JSON": b"hello",
    "an endless text": b"[" * 200_000,
    "too long": b" " * (5 << 20),
    "bad padding": b'{"payload":"QUJDR","payloadType":"application/vnd.elpis.licsnap+json","signatures":[{"keyid":"'
    + b"0" * 64
    + b'","publicKey":"'
    + b"A" * 43
    + b'=","sig":"'
    + b"A" * 86
    + b'=="}]}',
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_an_envelope_that_is_none_is_refused(name, file):
    report = checked(replaced(file, manifest=ENVELOPES[name]))
    assert codes(report) == ["manifest.limit" if name == "too long" else "manifest.envelope"]


def test_a_signature_over_something_else_does_not_count(file):
    """The type of what is signed is part of what is signed."""
    payload = spelled(signing.manifest(file))
    report = checked(replaced(file, manifest=verify.envelope(payload, ME.public, ME.sign(payload))))
    assert "sig.invalid" in codes(report)


def test_a_public_key_of_small_order_for_which_anything_is_signed_is_not_trusted(file):
    weak, anything = bytes([1]) + bytes(31), bytes([1]) + bytes(63)
    payload = spelled(said(file, key=verify.fingerprint(weak)))
    report = checked(replaced(file, manifest=verify.envelope(payload, weak, anything)))
    assert report.verdict == REFUSED


def test_files_are_told_by_name_that_miss_were_added_changed_or_resized(file):
    found = signing.members(file)
    del found["snapshot.xlsx"]
    found["data.json"] = found["data.json"][::-1]
    found["csv/events.csv"] += b"\n"
    found["csv/more.csv"] = b"x"
    report = checked(signing.packed(found))
    told = {(check.code, check.sentence.split()[0]) for check in report.checks if check.result == BAD}
    assert told == {
        ("file.missing", "snapshot.xlsx"),
        ("file.hash", "data.json"),
        ("file.size", "csv/events.csv"),
        ("file.hash", "csv/events.csv"),
        ("file.extra", "csv/more.csv"),
    }


def test_another_checksum_of_the_container_is_told(file):
    assert codes(checked(tampering.with_checksum(file, 0))) == ["container.checksum"]


def test_without_a_manifest_nothing_is_signed(file):
    assert codes(checked(signing.packed(without(signing.members(file), MANIFEST)))) == ["manifest.missing"]


# ---------------------------------------------------------------------------------------------------------- the order
def test_an_old_snapshot_is_a_replay_beside_itself_a_later_one_or_a_later_number(signed):
    for after in (signed.second, signed.first, 1, 7):
        report = verify.verify(signed.first, key=MINE, after=after)
        assert codes(report) == ["seq.replay"]


def test_a_snapshot_after_several_others_names_only_the_last(signed, tmp_path, file):
    third = tmp_path / "third.licsnap"
    third.write_bytes(signing.resigned(file, ME, seq=3, previous=verify.sha256(signed.second)))
    assert codes(verify.verify(third, key=MINE, after=signed.second), OK)[-2:] == ["chain.ok", "audit.ok"]
    assert "chain.skipped" in codes(verify.verify(third, key=MINE, after=signed.first), OK)


def test_a_snapshot_that_follows_another_one_than_the_earlier_is_refused(signed, tmp_path, file):
    forked = tmp_path / "forked.licsnap"
    forked.write_bytes(signing.resigned(file, ME, previous="0" * 64))
    assert codes(verify.verify(forked, key=MINE, after=signed.first)) == ["chain.previous"]


def test_a_change_log_that_lost_its_end_since_the_earlier_snapshot_is_told(signed, tmp_path, file):
    behind = tmp_path / "behind.licsnap"
    behind.write_bytes(signing.resigned(file, ME, change_log={"seq": 0, "sha256": "0" * 64}))
    assert codes(verify.verify(behind, key=MINE, after=signed.first)) == ["audit.behind-anchor"]


def test_an_earlier_snapshot_of_another_book_or_that_is_refused_itself_proves_nothing(signed, tmp_path):
    assert codes(verify.verify(signed.second, key=MINE, after=signed.other)) == ["chain.other-book"]
    cut = tmp_path / "cut.licsnap"
    cut.write_bytes(signed.first.read_bytes()[:-9])
    for earlier in (cut, tmp_path / "nothing.licsnap"):
        assert codes(verify.verify(signed.second, key=MINE, after=earlier)) == ["chain.earlier"]


def test_an_earlier_snapshot_by_another_key_leaves_the_question_open(signed, tmp_path):
    earlier = tmp_path / "earlier.licsnap"
    earlier.write_bytes(signing.resigned(signed.first.read_bytes(), signing.signer(3)))
    report = verify.verify(signed.second, key=MINE, after=earlier)
    assert codes(report, OPEN) == ["chain.other-key"]
    assert codes(report) == ["chain.previous"]


# ----------------------------------------------------------------------------------------------------------- the data
def redone(file, data, **changes):
    """The file with other data, signed by its maker: what only he could do wrong."""
    found = said(file, **changes)
    measure = {"size": len(data), "sha256": verify.hashlib.sha256(data).hexdigest()}
    found["files"] = {**found["files"], "data.json": measure}
    return replaced(file, data=data, manifest=enveloped(spelled(found)))


def test_totals_that_differ_from_the_data_are_told_when_the_contents_are_read(file):
    data = signing.members(file)["data.json"]
    forged = redone(file, data, totals={**signing.manifest(file)["totals"], "positions": 99})
    assert codes(checked(forged)) == []
    assert codes(checked(forged, contents=True)) == ["totals.differ"]
    assert codes(checked(redone(file, data, statuses={}), contents=True)) == ["totals.differ"]


def test_data_of_another_day_is_told(file):
    data = signing.members(file)["data.json"].replace(b'{"as_of":"2026-11-21"', b'{"as_of":"2025-01-01"')
    assert codes(checked(redone(file, data), contents=True)) == ["data.day"]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{}", b"[1]", b'{"positions":[1]}', b'{"positions":null}', b'{"positions":[{"status":[]}]}'),
        *(b"[" * 99_999, b'{"positions": []}', b'{"positions":[],"positions":[]}', b"\xff"),
        b'{"positions":[{"status":1.5}]}',
    ],
)
def test_data_that_is_no_canonical_snapshot_is_told(data, file):
    assert codes(checked(redone(file, data), contents=True)) == ["data.invalid"]


def test_data_is_read_only_of_a_file_that_is_whole_and_by_a_key_that_was_named(file, monkeypatch):
    """Who may be hostile gets nothing parsed that is as large as he likes."""
    monkeypatch.setattr(verify, "_contents", lambda *_: pytest.fail("it was read"))
    missing = checked(signing.packed(without(signing.members(file), "data.json")), contents=True)
    assert (codes(missing), codes(missing, OPEN)) == (["file.missing"], ["data.unread"])
    assert codes(checked(file, key=None, contents=True), OPEN) == ["sig.untrusted", "data.unread"]


# ------------------------------------------------------------------------------------------------------- hostile files
def end(count, size, offset):
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def overlapping(file):
    """Ten thousand members, all of them the same bytes: a bomb of its kind needs no compression."""
    content = bytes(300_000)
    name = b"a"
    body = verify.local_header(Member("a", len(content), 0)) + content
    entry = verify.directory([Member("a", len(content), 0)])[:46]
    entries = b"".join(entry[:28] + struct.pack("<H", 5) + entry[30:] + b"%05d" % number for number in range(10_000))
    return body + entries + end(10_000, len(entries), 0) + name[:0]


HOSTILE = {
    "nothing": lambda file: b"",
    "one byte": lambda file: b"P",
    "only an end": lambda file: end(0, 0, 0),
    "a claim of more than there is": lambda file: end(9_999, 9_999, 0),
    "a claim of very many files": lambda file: file[:-22] + end(60_000, 1, 1),
    "a very long directory": lambda file: file[:-22] + end(1, 0xFFFFFFFF, 0),
    "a directory far outside": lambda file: file[:-22] + end(14, 900, 0xFFFFFFF0),
    "the marks of zip64": lambda file: file[:-22] + b"PK\6\7" + bytes(16) + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
    "ends in ends": lambda file: file + end(1, 46, 0) * 3_000,
    "members on top of each other": overlapping,
    "zeros": lambda file: bytes(100_000),
    "signs of a directory all over": lambda file: b"PK\1\2" * 30_000 + end(500, 100_000, 0),
    "another archive": lambda file: tampering._repacked(
        tampering.Victim(file, b"", b""), lambda info: (8, 9), lambda info: None
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly_and_never_believed(name, file):
    content = HOSTILE[name](file)
    began = time.perf_counter()
    report = checked(content, contents=True)
    assert report.verdict == REFUSED
    assert all(code.startswith(("container.", "manifest.missing")) for code in codes(report))
    assert time.perf_counter() - began < 5


def test_random_bytes_and_random_cuttings_never_raise(file):
    random = Random(4)
    for _ in range(1_000):
        start, size = random.randrange(len(file)), random.randrange(9, 3_000)
        content = random.choice(
            (
                random.randbytes(size) + end(random.randrange(9), random.randrange(999), random.randrange(999)),
                file[start : start + size] + file[-random.randrange(1, 2_000) :],
                file[:start] + random.randbytes(size) + file[start + size :],
            )
        )
        assert checked(content, contents=True).verdict == REFUSED


def test_names_of_a_hostile_file_are_not_repeated_to_the_terminal(file):
    evil = "\x1b[2Jx"
    report = checked(signing.packed({**signing.members(file), evil: b""}))
    assert codes(report) == ["container.name"]
    assert all(check.sentence.isprintable() for check in report.checks)


def test_what_is_no_file_is_told(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "nothing", tmp_path / "pipe", Path("bad\0name"), Path("/dev/zero")):
        assert codes(verify.verify(path, key=MINE)) == ["container.missing"]


def test_a_file_that_cannot_be_read_is_told(signed, monkeypatch):
    def refuse(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(verify, "_read", refuse)
    assert [check.sentence for check in verify.verify(signed.first).checks] == [
        "It cannot be read: Input/output error."
    ]


# ------------------------------------------------------------------------------------------------ the verifier by itself
@pytest.fixture
def alone(signed, tmp_path):
    """The verifier as it travels in a snapshot, run outside of the project by a Python that knows nothing of it."""
    (tmp_path / "verify.py").write_bytes(signing.members(signed.second.read_bytes())["verify.py"])

    def run(*arguments):
        command = [sys.executable, "-I", "verify.py", *map(str, arguments)]
        environ = {"PATH": os.environ["PATH"]}
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    return run


def test_the_verifier_that_travels_with_a_snapshot_says_the_same_by_itself(alone, signed):
    given = (signed.second, "--key", MINE, "--after", signed.first, "--contents")
    said_alone = alone(*given)
    report = verify.verify(signed.second, key=MINE, after=signed.first, contents=True)
    lines = [f"{check.code}: {check.sentence}" for check in report.checks]
    assert said_alone.stdout.splitlines() == [*lines, verify.SUMMED_UP[TRUSTED]]
    assert (said_alone.returncode, said_alone.stderr) == (0, "")


def test_alone_it_tells_untrusted_refused_and_wrong_usage_apart(alone, signed, tmp_path):
    (tmp_path / "cut.licsnap").write_bytes(signed.second.read_bytes()[:-5])
    untrusted, refused = alone(signed.second), alone("cut.licsnap", "--key", MINE)
    assert (untrusted.returncode, refused.returncode) == (1, 1)
    assert untrusted.stdout.splitlines()[-1].startswith("intact, but not trusted: ")
    assert refused.stdout.startswith("container.unreadable: ")
    assert refused.stdout.endswith("\nrefused: do not rely on it.\n")
    wrong = alone(signed.second, "--key", "nonsense")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "neither a public key (PEM) nor a fingerprint" in wrong.stderr


def test_it_needs_nothing_of_ours():
    text = Path(verify.__file__).read_text(encoding="utf-8")
    imported = {line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported - sys.stdlib_module_names == {"cryptography"}
    assert text.isascii()


def test_its_command_line_is_the_same_from_within(signed, capsys):
    assert verify.main([str(signed.second), "--key", MINE, "--after", "1"]) == 0
    assert verify.main([str(signed.second)]) == 1
    with pytest.raises(SystemExit):
        verify.main([str(signed.second), "--key", "nonsense"])
    assert "seq.ok: It is snapshot 2" in capsys.readouterr().out


def test_the_envelope_is_one_of_dsse(file):
    """By hand, as the specification has it: https://github.com/secure-systems-lab/dsse."""
    sealed = json.loads(signing.members(file)[MANIFEST])
    payload, kind = b64decode(sealed["payload"]), sealed["payloadType"].encode()
    signed_text = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
    assert b64encode(ME.sign(signed_text)).decode() == sealed["signatures"][0]["sig"]
