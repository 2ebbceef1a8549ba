"""The key by which this user signs snapshots: made once, kept encrypted, its passphrase never written down by us.

The private key is an encrypted PKCS#8 file that only its owner may read; beside it lies the public key, which may go to
anybody. Who has the public key, or its fingerprint from a source that he trusts, can check every snapshot.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from filelock import FileLock

from store.errors import KnownFault
from store.snapshots import pkcs8
from store.snapshots.saving import save_file
from store.snapshots.verify import fingerprint

PRIVATE: Final = "signing-key.pem"
PUBLIC: Final = "signing-key.public.pem"
SHORTEST: Final = 8
"""Characters that a passphrase has at least."""


class KeyFault(KnownFault):
    """There is no key, it does not open with this passphrase, or it is damaged."""


@dataclass(frozen=True)
class Signer:
    """An opened key: it signs, and tells nothing of itself but its public half (32 bytes)."""

    public: bytes
    _key: Ed25519PrivateKey = field(repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public half, in hexadecimal."""
        return fingerprint(self.public)

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes: the same for the same message, whenever it is made."""
        return self._key.sign(message)


def folder(environ: Mapping[str, str], platform: str, home: Path) -> Path:
    """Where keys belong on a system (`sys.platform`): the user's folder for the settings of programs."""
    if platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "Elpis"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Elpis"
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "elpis"


def exists(place: Path) -> bool:
    """Whether a key was made in that folder."""
    return (place / PRIVATE).exists()


def make(place: Path, passphrase: str) -> Signer:
    """Make a key in a folder, and open it. Raises KeyFault when there is one or the passphrase is too short,
    SavingFault when it cannot be written."""
    if len(passphrase) < SHORTEST:
        raise KeyFault(f"The passphrase is too short: it needs {SHORTEST} characters or more.")
    key = Ed25519PrivateKey.generate()
    hidden = pkcs8.encrypted(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), passphrase)
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(place / f"{PRIVATE}.lock"):
            if exists(place):
                raise KeyFault(f"{place / PRIVATE}: there is a key already; it was left as it is.")
            save_file(place / PUBLIC, lambda path: _write(path, _pem(key.public_key())))
            save_file(place / PRIVATE, lambda path: _write(path, hidden))
    except OSError as fault:
        raise KeyFault(f"{place}: the key cannot be kept here ({fault.strerror}).") from fault
    return Signer(key.public_key().public_bytes_raw(), key)


def _write(path: Path, content: bytes) -> None:
    """Readable by its owner alone from the first byte on."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def open_(place: Path, passphrase: str) -> Signer:
    """Open the key of a folder. Raises KeyFault; its text never holds the passphrase."""
    path = place / PRIVATE
    try:
        key = load_pem_private_key(path.read_bytes(), passphrase.encode())
    except FileNotFoundError:
        raise KeyFault(f"{path}: there is no key yet.") from None
    except OSError as fault:
        raise KeyFault(f"{path}: the key cannot be read ({fault.strerror}).") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFault(f"{path}: the key does not open. Is the passphrase right?") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFault(f"{path}: this is no key of Elpis.")
    return Signer(key.public_key().public_bytes_raw(), key)


def public(place: Path) -> bytes:
    """The public half of the key of a folder, as 32 bytes; needs no passphrase. Raises KeyFault."""
    path = place / PUBLIC
    if not exists(place):  # a public half alone is what a disk that was full left behind
        raise KeyFault(f"{place / PRIVATE}: there is no key yet; one is made with the first signed snapshot.")
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise KeyFault(f"{path}: the public key cannot be read.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFault(f"{path}: this is no key of Elpis.")
    return key.public_bytes_raw()


def known(place: Path) -> str | None:
    """The fingerprint of the key of a folder, or None if there is none that can be read."""
    try:
        return fingerprint(public(place))
    except KeyFault:
        return None


def export(place: Path, target: Path) -> None:
    """Write the public key to a PEM file. Raises KeyFault, and SavingFault when it cannot be written."""
    pem = _pem(Ed25519PublicKey.from_public_bytes(public(place)))

    def produce(path: Path) -> None:
        path.write_bytes(pem)

    save_file(target, produce)
