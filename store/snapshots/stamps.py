"""Time stamps (RFC 3161): a third party says that a signed snapshot existed before a moment. Offline, by files.

The request holds nothing but the SHA-256 of the file. The answer of the authority is kept as it came in a file beside
the snapshot, which itself never changes; `openssl ts -verify -data FILE -in FILE.tsr -CAfile ROOTS` checks it as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography import x509
from rfc3161_client import (
    PKIStatus,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from store.errors import KnownFault
from store.snapshots.saving import save_file
from store.snapshots.verify import BAD, OK, OPEN, Check, sha256

SUFFIX: Final = ".tsr"
LONGEST: Final = 1 << 20
"""Bytes that an answer has at most; real ones have some thousand."""

_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_REQUEST: Final = bytes.fromhex("30390201013031300d060960864801650304020105000420"), bytes.fromhex("0101ff")
"""What stands before and after the hash in a request: version 1, SHA-256, and that certificates are wanted."""


class StampFault(KnownFault):
    """An answer or a list of authorities is not what it should be."""


def request(snapshot: Path) -> bytes:
    """The request for a file, to be sent to an authority. Raises `OSError`."""
    return bytes.fromhex(sha256(snapshot)).join(_REQUEST)


def beside(snapshot: Path) -> Path:
    """Where the answer for a snapshot is kept."""
    return snapshot.with_name(snapshot.name + SUFFIX)


def attach(snapshot: Path, answer: Path) -> Check:
    """Keep an answer beside the snapshot that it is for; what it says.

    Raises StampFault when it is not for this file, SavingFault when it cannot be kept, `OSError` when either cannot be
    read.
    """
    content = _content(answer)
    found = _judged(content, sha256(snapshot), [])
    if found.result == BAD or bytes.fromhex(sha256(snapshot)) not in content:
        raise StampFault(f"{answer}: this is no time stamp for {snapshot.name}. {found.sentence}")

    def produce(path: Path) -> None:
        path.write_bytes(content)

    save_file(beside(snapshot), produce)
    return found


def check(snapshot: Path, authorities: Path | None = None) -> Check | None:
    """What the answer beside a snapshot says; None if there is none. Never raises for what the answer holds.

    `authorities` is a PEM file of those who are trusted to know the time. Raises StampFault when it is none.
    """
    roots = [] if authorities is None else _roots(authorities)
    if not beside(snapshot).is_file():
        return None
    try:
        return _judged(_content(beside(snapshot)), sha256(snapshot), roots)
    except OSError as fault:
        return Check("time.unread", f"The time stamp beside it cannot be read: {fault.strerror}.", OPEN)


def _content(answer: Path) -> bytes:
    with answer.open("rb") as file:
        return file.read(LONGEST)


def _roots(authorities: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(authorities.read_bytes())
    except (OSError, ValueError):
        raise StampFault(f"{authorities}: this holds no certificates of authorities (PEM).") from None


def _judged(content: bytes, digest: str, roots: list[x509.Certificate]) -> Check:
    try:
        answer = decode_timestamp_response(content)
        status, info = PKIStatus(answer.status), answer.tst_info
        imprint, at = info.message_imprint, info.gen_time
        algorithm = imprint.hash_algorithm.dotted_string
    except ValueError:
        told = "The answer beside it is not in the strict form that Elpis reads; OpenSSL (openssl ts -verify) may."
        return Check("time.unread", told, OPEN)
    if status not in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}:
        return Check("time.invalid", "The authority refused to give a time stamp.", BAD)
    if algorithm != _SHA256 or imprint.message.hex() != digest:
        return Check("time.invalid", "The time stamp beside it is for another file.", BAD)
    return _of_authority(answer, f"{at:%Y-%m-%d %H:%M:%S} UTC", digest, roots)


def _of_authority(answer: TimeStampResponse, when: str, digest: str, roots: list[x509.Certificate]) -> Check:
    if not roots:
        told = f"A time stamp says that it existed on {when}, but nobody vouches here for the authority."
        return Check("time.untrusted", told, OPEN)
    try:
        VerifierBuilder(roots=roots).build().verify(answer, bytes.fromhex(digest))
    except (VerificationError, ValueError):
        told = f"A time stamp says that it existed on {when}, but none of the authorities that were named said so."
        return Check("time.untrusted", told, BAD)
    return Check("time.ok", f"It existed on {when}: an authority that was named says so.", OK)
