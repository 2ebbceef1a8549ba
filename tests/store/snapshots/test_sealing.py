"""A signed snapshot: one file with everything of a day, numbered in its book, the same bytes wherever it is made."""

import json
import os
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
import rfc8785

from rules import library
from store import derivation, log_chain, settings, undo
from store.book import SCHEMA_VERSION
from store.content import content_hash
from store.errors import BookFault
from store.snapshots import build, kept, licsnap, sealing, verify
from store.snapshots.kept import CHANGED, MISSING, REPLACED, SIGNED
from store.snapshots.saving import SavingFault
from store.snapshots.verify import MANIFEST, TRUSTED
from tests import signing
from tests.conftest import AS_OF, opened
from tests.estates import demand, item, of
from tests.store.snapshots import payloads, sample

ME = signing.signer()


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 5), demand=[demand("Office", 7)]))
    return book


@pytest.fixture
def sealed(estate, tmp_path):
    return kept.save_signed(estate, tmp_path / "one.licsnap", ME)


def test_it_holds_the_data_every_format_the_verifier_and_last_the_manifest(sealed):
    names = list(signing.members(sealed.folder.read_bytes()))
    assert names == sorted(names, key=lambda name: (name == MANIFEST, name))
    assert {"data.json", "snapshot.xlsx", "snapshot.pdf", "verify.py", "csv/positions.csv"} < set(names)
    assert names[-1] == MANIFEST


def test_other_programs_read_it_and_would_pack_the_same_bytes(sealed):
    copy = BytesIO()
    with zipfile.ZipFile(sealed.folder) as archive, zipfile.ZipFile(copy, "w") as again:
        assert archive.testzip() is None
        for name in archive.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            again.writestr(info, archive.read(name))
    assert copy.getvalue() == sealed.folder.read_bytes()


def test_the_manifest_says_what_it_is_of_whom_and_after_what(estate, sealed, tmp_path):
    second = kept.save_signed(estate, tmp_path / "two.licsnap", ME)
    one, two = (signing.manifest(path.folder.read_bytes()) for path in (sealed, second))
    assert one | {"files": {}} == {
        "app_version": one["app_version"],
        "as_of": "2026-11-21",
        "book": settings.get(estate, "book_id"),
        "change_log": vars(log_chain.head(estate, upto=one["change_log"]["seq"])),
        "files": {},
        "format": "elpis-licsnap",
        "format_version": 1,
        "key": ME.fingerprint,
        "made_by": "ann",
        "previous": None,
        "rulebook": library.digest(),
        "schema_version": SCHEMA_VERSION,
        "seq": 1,
        "statuses": {"under-licensed": 1},
        "totals": one["totals"],
    }
    assert one["totals"]["positions"] == 1
    assert (two["seq"], two["previous"]) == (2, verify.sha256(sealed.folder))
    assert two["change_log"]["seq"] > one["change_log"]["seq"], "that one was saved is an entry, too"
    assert two["files"] == one["files"]


def test_the_data_is_the_snapshot_in_the_spelling_of_rfc_8785(book, fill, tmp_path):
    names = [f"P{name}" for name in payloads.PAYLOADS if name.isprintable() and unicodedata.is_normalized("NFC", name)]
    assert len(names) > 40
    fill(book, of(*(item(str(number), name.strip(), 5) for number, name in enumerate(names))))
    found = kept.save_signed(book, tmp_path / "odd.licsnap", ME)
    data = signing.members(found.folder.read_bytes())["data.json"]
    build.write_json(book, tmp_path / "snapshot.json")
    assert json.loads(data) == json.loads((tmp_path / "snapshot.json").read_bytes())
    assert data == rfc8785.dumps(json.loads(data))


def test_whatever_characters_the_data_holds_its_spelling_is_that_of_rfc_8785(tmp_path):
    odd = [{"severity": "info", "code": text, "place": "", "message": text} for text in payloads.PAYLOADS]
    sample.write(tmp_path / "snapshot.json", findings=odd)
    sealing._respell(tmp_path / "snapshot.json", tmp_path / "data.json")
    data = (tmp_path / "data.json").read_bytes()
    assert json.loads(data) == json.loads((tmp_path / "snapshot.json").read_bytes())
    assert data == rfc8785.dumps(json.loads(data))


def test_what_was_signed_is_trusted_by_whoever_has_the_public_key(sealed):
    assert verify.verify(sealed.folder, key=ME.fingerprint, contents=True).verdict == TRUSTED
    assert kept.state(sealed).code == SIGNED


def test_signed_snapshots_are_numbered_for_good(estate, sealed, tmp_path):
    second = kept.save_signed(estate, tmp_path / "two.licsnap", ME)
    kept.forget(estate, second.id)
    third = kept.save_signed(estate, tmp_path / "three.licsnap", ME)
    assert [one.seal for one in kept.listed(estate)] == [3, 1]
    assert [one.seq for one in sealing.listed(estate)] == [1, 2, 3]
    assert third.seal == 3
    for statement in ("UPDATE seals SET seq = 9", "DELETE FROM seals", "REPLACE INTO seals SELECT * FROM seals"):
        with pytest.raises(Exception, match="remembered for good"):
            estate.run(statement)


def test_signing_is_no_change_of_the_data_and_no_step_to_undo(estate, tmp_path):
    before = content_hash(estate)
    kept.save_signed(estate, tmp_path / "one.licsnap", ME)
    assert content_hash(estate) == before
    assert undo.next_back(estate) is None


def test_the_list_tells_what_became_of_each_file(estate, sealed, tmp_path):
    assert kept.listed(estate) == [sealed]
    later = kept.save_signed(estate, sealed.folder, ME)
    assert (kept.state(sealed).code, kept.state(later).code) == (REPLACED, SIGNED)
    with sealed.folder.open("r+b") as file:
        file.seek(2_000)
        file.write(b"###")
    assert kept.state(later).code == CHANGED
    assert "was changed." in " ".join(kept.state(later).reasons)
    sealed.folder.unlink()
    assert kept.state(later).code == MISSING


def test_a_file_that_cannot_be_read_any_more_is_told(sealed, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(verify, "sha256", refuse)
    assert kept.state(sealed) == kept.State(CHANGED, ("it cannot be read: Permission denied",))


def test_a_book_that_is_only_read_or_was_never_judged_signs_nothing(book, tmp_path):
    with pytest.raises(BookFault, match="has not been judged on any day yet"):
        kept.save_signed(book, tmp_path / "one.licsnap", ME)
    derivation.recalculate(book, as_of=AS_OF)
    with closing(opened(book.path, read_only=True)) as reader, pytest.raises(BookFault, match="this book is only read"):
        kept.save_signed(reader, tmp_path / "one.licsnap", ME)
    assert not (tmp_path / "one.licsnap").exists()
    assert sealing.listed(book) == []


def test_what_does_not_read_back_as_written_takes_no_place_and_no_number(estate, tmp_path, monkeypatch):
    pack = licsnap.pack

    def damaged(target, parts, manifest):
        pack(target, parts, manifest)
        with target.open("r+b") as file:
            file.write(b"!")

    monkeypatch.setattr(licsnap, "pack", damaged)
    with pytest.raises(SavingFault, match="did not read back as written"):
        kept.save_signed(estate, tmp_path / "one.licsnap", ME)
    assert not (tmp_path / "one.licsnap").exists()
    assert sealing.listed(estate) == []


def test_more_than_four_gibibytes_are_refused(estate, tmp_path, monkeypatch):
    monkeypatch.setattr(licsnap, "LARGEST", 20_000)
    (tmp_path / "one.licsnap").write_bytes(b"before")
    with pytest.raises(licsnap.TooLarge, match=r"holds up to 4 GiB\. Save this one as a folder instead"):
        kept.save_signed(estate, tmp_path / "one.licsnap", ME)
    assert (tmp_path / "one.licsnap").read_bytes() == b"before"


def test_two_books_of_the_same_data_differ_in_their_id_alone(fill, blank, tmp_path):
    ids = set()
    for name in ("one", "two"):
        with closing(opened(tmp_path / f"{name}.elpis", create=True)) as book:
            ids.add(settings.get(book, "book_id"))
            fill(book, of(item("1", "Office", 5)))
            ids.add(content_hash(book))
    assert len(ids) == 3
    assert all(len(one) in {32, 64} for one in ids)


# ------------------------------------------------------------------------------------------- the same bytes everywhere
SEAL = """
import sys
from contextlib import closing
from pathlib import Path
from store.snapshots import sealing
from tests import signing
from tests.conftest import opened

with closing(opened(Path(sys.argv[1]))) as book:
    sealing.seal(book, Path(sys.argv[2]), signing.signer())
"""


def test_another_process_hash_seed_time_zone_and_locale_make_the_same_file(estate, tmp_path):
    estate.close()
    made = []
    for number, (seed, zone, language) in enumerate([("1", "UTC", "C"), ("77", "Pacific/Kiritimati", "de_DE.UTF-8")]):
        (tmp_path / str(number)).mkdir()
        book = Path(shutil.copy(estate.path, tmp_path / str(number) / "estate.elpis"))
        target = tmp_path / f"made{number}.licsnap"
        environ = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language, "LANG": language}
        subprocess.run([sys.executable, "-c", SEAL, book, target], env=environ, check=True, timeout=120)
        made.append(target.read_bytes())
    assert made[0] == made[1]


# ----------------------------------------------------------------------------------------------------------- full disks
FULL = """
import json, resource, sys
from contextlib import closing
from pathlib import Path
from store.snapshots import saving, sealing
from tests import signing
from tests.conftest import opened

target, told, saved = Path(sys.argv[2]), [], 0
before = target.read_bytes()
with closing(opened(Path(sys.argv[1]))) as book:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in [0, 1, 100, 1_000, *range(3_000, 150_000, 9_000)]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            sealing.seal(book, target, signing.signer())
            saved, before = saved + 1, target.read_bytes()
        except saving.SavingFault as fault:
            told.append(str(fault))
            assert target.read_bytes() == before
            assert [path.name for path in target.parent.iterdir()] == [target.name]
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    after = len(sealing.listed(book))
    sealing.seal(book, target, signing.signer())
sys.stdout.write(json.dumps({"told": told, "numbered": after - saved, "changed": target.read_bytes() != before}))
"""


def test_a_disk_that_is_full_at_any_moment_leaves_the_earlier_file_and_says_so(estate, tmp_path, forked):
    target = tmp_path / "handed" / "out.licsnap"
    kept.save_signed(estate, target, ME)
    estate.close()
    child = forked.run(FULL, estate.path, target)
    assert child.stderr == ""
    result = json.loads(child.stdout)
    assert len(result["told"]) >= 12
    assert {sentence.split(":")[0] for sentence in result["told"]} == {"the disk is full"}
    assert all("nothing was changed" in sentence for sentence in result["told"])
    assert result["numbered"] == 1, "what was not saved took no number"
    assert result["changed"]


KILLED = """
import os, signal, sys
from contextlib import closing
from pathlib import Path
from store.snapshots import sealing
from tests import signing
from tests.conftest import opened

Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with closing(opened(Path(sys.argv[1]))) as book:
    sealing.seal(book, Path(sys.argv[2]), signing.signer())
"""


def test_a_kill_just_before_it_takes_its_place_leaves_the_earlier_file_and_skips_a_number(estate, tmp_path, forked):
    target = tmp_path / "out.licsnap"
    kept.save_signed(estate, target, ME)
    before = target.read_bytes()
    estate.close()
    assert forked.run(KILLED, estate.path, target).returncode == -9
    assert target.read_bytes() == before
    with closing(opened(estate.path)) as book:
        again = kept.save_signed(book, target, ME)
        assert again.seal == 3
        assert kept.state(again).code == SIGNED
    assert not list(tmp_path.glob(".*"))
