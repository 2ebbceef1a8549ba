"""The key that signs: made once, encrypted, for its owner alone, and never told to anybody."""

import logging
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from store.snapshots import keys, pkcs8
from store.snapshots.keys import KeyFault
from store.snapshots.saving import SavingFault
from store.snapshots.verify import grouped, key_of
from tests.signing import PASSPHRASE


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pkcs8, "ROUNDS", 1_000)


@pytest.fixture
def place(tmp_path):
    return tmp_path / "elpis"


def test_a_key_that_was_made_opens_with_its_passphrase_and_signs_the_same(place):
    made = keys.make(place, PASSPHRASE)
    again = keys.open_(place, PASSPHRASE)
    assert again == made
    assert again.sign(b"all of it") == made.sign(b"all of it")
    assert keys.known(place) == made.fingerprint


def test_only_its_owner_may_read_it_and_nothing_else_is_left_beside_it(place):
    old = os.umask(0)
    try:
        keys.make(place, PASSPHRASE)
    finally:
        os.umask(old)
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / keys.PRIVATE).stat().st_mode & 0o777 == 0o600
    assert {path.name for path in place.iterdir()} == {keys.PRIVATE, keys.PUBLIC, f"{keys.PRIVATE}.lock"}


def test_it_is_encrypted_pkcs8_that_other_programs_open_with_the_passphrase_alone(place):
    made = keys.make(place, PASSPHRASE)
    text = (place / keys.PRIVATE).read_text()
    assert text.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    openssl = shutil.which("openssl")
    assert openssl, "the tests need OpenSSL's command"

    def asked(passphrase):
        command = [openssl, "pkey", "-in", place / keys.PRIVATE, "-passin", f"pass:{passphrase}", "-pubout"]
        return subprocess.run(command, capture_output=True, check=False)

    assert load_pem_public_key(asked(PASSPHRASE).stdout).public_bytes_raw() == made.public
    assert asked("incorrect horse").returncode != 0


def test_guessing_a_passphrase_costs_six_hundred_thousand_hashes_each(monkeypatch, place):
    monkeypatch.undo()
    assert pkcs8.ROUNDS == 600_000
    keys.make(place, PASSPHRASE)
    parsed = ["openssl", "asn1parse", "-in", place / keys.PRIVATE]
    assert f"{600_000:06X}" in subprocess.run(parsed, capture_output=True, text=True, check=True).stdout
    assert keys.open_(place, PASSPHRASE)


def test_a_wrong_passphrase_is_told_without_repeating_it(place):
    keys.make(place, PASSPHRASE)
    with pytest.raises(KeyFault, match=r"the key does not open. Is the passphrase right") as told:
        keys.open_(place, "a wrong passphrase")
    assert "a wrong" not in str(told.value)
    assert told.value.__suppress_context__


def test_neither_the_key_nor_the_passphrase_is_in_texts_logs_or_files(place, caplog):
    caplog.set_level(logging.DEBUG)
    made = keys.make(place, PASSPHRASE)
    keys.open_(place, PASSPHRASE)
    secret = made._key.private_bytes_raw()
    shown = f"{made!r} {made} {caplog.text}"
    assert PASSPHRASE not in shown
    assert "_key" not in repr(made)
    for path in place.iterdir():
        assert secret not in path.read_bytes()
        assert PASSPHRASE.encode() not in path.read_bytes()


def test_a_key_is_never_made_over_another(place):
    made = keys.make(place, PASSPHRASE)
    with pytest.raises(KeyFault, match="there is a key already; it was left as it is"):
        keys.make(place, "another passphrase")
    assert keys.open_(place, PASSPHRASE) == made


def test_a_disk_that_is_full_leaves_no_half_of_a_key_that_counts(place, monkeypatch):
    write = keys._write

    def full(path, content):
        if path.name == keys.PRIVATE:
            raise OSError(28, "No space left on device")
        write(path, content)

    with monkeypatch.context() as then:
        then.setattr(keys, "_write", full)
        with pytest.raises(SavingFault, match="the disk is full"):
            keys.make(place, PASSPHRASE)
    assert keys.known(place) is None
    made = keys.make(place, PASSPHRASE)
    assert keys.known(place) == made.fingerprint


def test_a_short_passphrase_is_refused(place):
    with pytest.raises(KeyFault, match="it needs 8 characters or more"):
        keys.make(place, "1234567")
    assert not place.exists()


def test_without_a_key_it_is_told_that_there_is_none(place):
    assert not keys.exists(place)
    assert keys.known(place) is None
    with pytest.raises(KeyFault, match="there is no key yet"):
        keys.open_(place, PASSPHRASE)
    with pytest.raises(KeyFault, match="one is made with the first signed snapshot"):
        keys.public(place)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(KeyFault, match="the key cannot be kept here"):
        keys.make(tmp_path / "file", PASSPHRASE)


@pytest.mark.parametrize("damage", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", bytes(200)])
def test_damaged_keys_are_told(place, damage):
    keys.make(place, PASSPHRASE)
    (place / keys.PRIVATE).write_bytes(damage)
    (place / keys.PUBLIC).write_bytes(damage)
    with pytest.raises(KeyFault, match="does not open"):
        keys.open_(place, PASSPHRASE)
    with pytest.raises(KeyFault, match="cannot be read"):
        keys.public(place)


def test_a_key_that_cannot_be_read_is_told(place, monkeypatch):
    keys.make(place, PASSPHRASE)

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(KeyFault, match=r"the key cannot be read \(Permission denied\)"):
        keys.open_(place, PASSPHRASE)


def test_a_key_of_another_kind_is_told(place):
    place.mkdir()
    key = generate_private_key(SECP256R1())
    hidden = BestAvailableEncryption(PASSPHRASE.encode())
    (place / keys.PRIVATE).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (place / keys.PUBLIC).write_bytes(public)
    with pytest.raises(KeyFault, match="no key of Elpis"):
        keys.open_(place, PASSPHRASE)
    with pytest.raises(KeyFault, match="no key of Elpis"):
        keys.public(place)
    with pytest.raises(ValueError, match="a public key, but not an Ed25519 one"):
        key_of(str(place / keys.PUBLIC))


def test_the_public_key_is_exported_as_pem_and_its_fingerprint_is_the_same_from_file_or_text(place, tmp_path):
    made = keys.make(place, PASSPHRASE)
    keys.export(place, tmp_path / "ann.pem")
    assert key_of(str(tmp_path / "ann.pem")) == made.fingerprint
    assert key_of(grouped(made.fingerprint).upper()) == made.fingerprint
    assert len(grouped(made.fingerprint).split()) == 16
    with pytest.raises(ValueError, match="neither a public key"):
        key_of(str(tmp_path / "nothing.pem"))
    (tmp_path / "folder").mkdir()
    with pytest.raises(SavingFault):
        keys.export(place, tmp_path / "folder")


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", "/home/ann/.config/elpis"),
        ({"XDG_CONFIG_HOME": "/etc/ann"}, "linux", "/etc/ann/elpis"),
        ({}, "darwin", "/home/ann/Library/Application Support/Elpis"),
        ({"APPDATA": "/roaming"}, "win32", "/roaming/Elpis"),
        ({"APPDATA": ""}, "win32", "/home/ann/AppData/Roaming/Elpis"),
    ],
)
def test_keys_lie_where_the_system_keeps_settings(environ, platform, expected):
    assert keys.folder(environ, platform, Path("/home/ann")) == Path(expected)
