#!/usr/bin/env python3
"""Checks a signed snapshot of Elpis (.licsnap) without Elpis: Python 3.11 and the package cryptography are enough.

    python verify.py FILE [--key KEY] [--after EARLIER] [--contents]

KEY is the signer's public key (a PEM file) or its fingerprint; take it from the signer, never from the snapshot. So
with this program: a copy of it travels in every snapshot, but who hands you a false snapshot can hand you a false copy.

A snapshot is a ZIP file without compression, extras or comments, of 1980, its members in the order of their names, the
manifest last. `manifest.dsse.json` is a DSSE envelope: an Ed25519 signature over a manifest with the name, size and
SHA-256 of every other member. A file counts only if it is, byte for byte, what would be packed from its members. Each
check has a code; nothing in the file is trusted, run or unpacked.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, TypeGuard, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MANIFEST: Final = "manifest.dsse.json"
DATA: Final = "data.json"
PAYLOAD_TYPE: Final = "application/vnd.elpis.licsnap+json"
FORMAT: Final = "elpis-licsnap"
FORMAT_VERSION: Final = 1
NAME: Final = re.compile(r"(?=.{1,120}\Z)[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.ASCII)
"""What a member may be called: never absolute, never upwards, the same on every system."""

MEMBERS: Final = 10_000
LARGEST: Final = 0xFFFF_FFFE
"""More members than a snapshot has, and the size of the largest file (larger ones would need another kind of ZIP)."""

OK, OPEN, BAD = "ok", "open", "refused"
"""What a check comes to. `OPEN`: nothing is wrong, but nobody vouches for it."""

TRUSTED, INTACT, REFUSED = "trusted", "intact", "refused"
SUMMED_UP: Final = {
    TRUSTED: "trusted: it is as it was signed, by the key that was named.",
    INTACT: "intact, but not trusted: it is as it was signed; by whom, or when, nobody vouches for here.",
    REFUSED: "refused: do not rely on it.",
}
"""What all checks come to: every one is ok; some are open; one is refused."""

_LONGEST_MANIFEST = 4 << 20
_LOCAL, _CENTRAL, _END = map(struct.Struct, ("<4s5H3L2H", "<4s6H3L5H2L", "<4s4H2LH"))
_VERSION, _1980, _UNIX, _ATTRIBUTES = 20, 0x21, 3 << 8, 0o100644 << 16
_LONGEST_COMMENT, _PIECE = 0xFFFF, 1 << 20
_NO_OBJECT = (ValueError, TypeError, LookupError, ArithmeticError, RecursionError)
_HEX = re.compile(r"[0-9a-f]{64}")
_ENVELOPE = re.compile(
    rb'\{"payload":"([A-Za-z0-9+/]*={0,2})","payloadType":"' + re.escape(PAYLOAD_TYPE.encode()) + rb'",'
    rb'"signatures":\[\{"keyid":"[0-9a-f]{64}","publicKey":"([A-Za-z0-9+/]{43}=)","sig":"([A-Za-z0-9+/]{86}==)"\}\]\}'
)
_FIELDS: Final[Mapping[str, type]] = {
    **dict.fromkeys("app_version as_of book format key made_by rulebook".split(), str),
    **dict.fromkeys(("format_version", "schema_version", "seq"), int),
    **dict.fromkeys(("change_log", "files", "statuses", "totals"), dict),
}
"""The fields of a manifest and their types; besides them it has `previous`, a hash or null."""


class Check(NamedTuple):
    """One check: its code, what was found as a sentence, and what that comes to (`OK`, `OPEN` or `BAD`)."""

    code: str
    sentence: str
    result: str


class Member(NamedTuple):
    """A member of the container: name, size, CRC-32 as its header says, and where its content begins."""

    name: str
    size: int
    crc: int
    start: int = 0


@dataclass(frozen=True)
class Report:
    """All checks of a file; its manifest where it has one of a form that can be read, signed or not."""

    checks: tuple[Check, ...]
    manifest: Mapping[str, Any] | None = None

    @property
    def verdict(self) -> str:
        results = {check.result for check in self.checks}
        return REFUSED if BAD in results or not results else INTACT if OPEN in results else TRUSTED


class _Refused(Exception):
    """Ends the reading of a part; its check is told instead."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.check = Check(code, sentence, BAD)


def order(member: Member) -> tuple[bool, str]:
    """Sort key of members: by name, the manifest last."""
    return member.name == MANIFEST, member.name


def local_header(member: Member) -> bytes:
    """What stands before the content of a member."""
    name = member.name.encode("ascii")
    fixed = (b"PK\3\4", _VERSION, 0, 0, 0, _1980, member.crc, member.size, member.size, len(name), 0)
    return _LOCAL.pack(*fixed) + name


def directory(members: Sequence[Member]) -> bytes:
    """What stands behind the content of the last member: the central directory and the end record."""
    entries, offset = bytearray(), 0
    for member in members:
        name = member.name.encode("ascii")
        sizes = (member.crc, member.size, member.size, len(name))
        fixed = (b"PK\1\2", _UNIX | _VERSION, _VERSION, 0, 0, 0, _1980, *sizes, 0, 0, 0, 0, _ATTRIBUTES, offset)
        entries += _CENTRAL.pack(*fixed) + name
        offset += len(local_header(member)) + member.size
    return bytes(entries) + _END.pack(b"PK\5\6", 0, 0, len(members), len(members), len(entries), offset, 0)


def pae(payload: bytes) -> bytes:
    """What is signed: the pre-authentication encoding of DSSE, type and payload with their lengths."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def envelope(payload: bytes, public_key: bytes, signature: bytes) -> bytes:
    """The DSSE envelope, in the one spelling that counts (RFC 8785)."""
    texts = [base64.b64encode(part).decode() for part in (payload, public_key, signature)]
    signed = {"keyid": fingerprint(public_key), "publicKey": texts[1], "sig": texts[2]}
    return _compact({"payload": texts[0], "payloadType": PAYLOAD_TYPE, "signatures": [signed]}).encode()


def fingerprint(public_key: bytes) -> str:
    """The SHA-256 of the 32 bytes of an Ed25519 public key, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def grouped(digits: str) -> str:
    """A fingerprint in groups of four, to be read out and compared."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def verify(path: Path, *, key: str | None = None, after: Path | int | None = None, contents: bool = False) -> Report:
    """Check the snapshot at `path`; never raises for what it holds, or that it is not there.

    `key` is the fingerprint of the signer's public key, as 64 hexadecimal digits; without it nobody vouches for the
    file. `after` is an earlier snapshot of the same book, or the number of one, that this one must follow. `contents`
    also reads the data, if all else is ok, and counts again what the manifest says of it, which takes much longer.
    """
    if not path.is_file():
        return Report((Check("container.missing", "There is no such file.", BAD),))
    try:
        with path.open("rb") as file:
            found = examine(file, key=key, contents=contents)
        following = () if after is None or found.manifest is None else _following(found.manifest, after)
        return Report((*found.checks, *following), found.manifest)
    except OSError as fault:
        told = f"It cannot be read: {fault.strerror or 'the disk fails'}."
    return Report((Check("container.unreadable", told, BAD),))


def examine(file: BinaryIO, *, key: str | None = None, contents: bool = False) -> Report:
    """Check an open file as `verify` does. Raises `OSError` when it cannot be read, and nothing else."""
    checks: list[Check] = []
    try:
        length = file.seek(0, 2)
        members = _members(file, length)
        if _is_packed(file, members, length):
            checks.append(Check("container.ok", f"It is packed as a snapshot is, with {len(members)} files.", OK))
        else:
            told = "It is not packed as a snapshot is: bytes were added, moved or changed."
            checks.append(Check("container.form", told, BAD))
        if sum(member.size for member in members) > length:
            raise _Refused("container.overlap", "Its members overlap: it claims to hold more than it does.")
        measured = {member.name: _measured(file, member) for member in members}
        checks += [
            Check("container.checksum", f"{member.name} has another checksum than the container says.", BAD)
            for member in members
            if measured[member.name][1] != member.crc
        ]
        payload, signer, signed = _signature(file, members, key)
        checks.append(signed)
        manifest = _manifest(payload, signer)
    except _Refused as refused:
        return Report((*checks, refused.check))
    told = f"Snapshot {manifest['seq']} of the book {manifest['book']}, as of {manifest['as_of']}."
    checks.append(Check("manifest.ok", told, OK))
    checks += _files(manifest, members, {name: digest for name, (digest, _) in measured.items()})
    if contents and all(check.result == OK for check in checks):
        checks += _contents(file, manifest, members)
    elif contents:
        checks.append(Check("data.unread", f"{DATA} is read only where the rest is ok and a key was named.", OPEN))
    return Report(tuple(checks), manifest)


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


def _members(file: BinaryIO, length: int) -> list[Member]:
    """The members by the central directory, read without believing it; what cannot be packed by us is refused."""
    last = _read(file, max(0, length - _END.size - _LONGEST_COMMENT), _END.size + _LONGEST_COMMENT)
    at = last.rfind(b"PK\5\6")
    if length > LARGEST or at < 0 or len(last) - at < _END.size:
        raise _Refused("container.unreadable", "It is no snapshot, or its end is cut off.")
    _, _, _, _, count, size, offset, _ = _END.unpack_from(last, at)
    if count > MEMBERS or size > MEMBERS * (_CENTRAL.size + 200):
        raise _Refused("container.limit", f"It claims to hold {count} files; a snapshot has fewer.")
    block = _read(file, offset, size)
    found = list(_entries(file, length, block, count))
    if len({member.name for member in found}) < len(found):
        raise _Refused("container.duplicate", "It holds two files of one name.")
    return found


def _entries(file: BinaryIO, length: int, block: bytes, count: int) -> Iterator[Member]:
    at = 0
    for _ in range(count):
        if len(block) - at < _CENTRAL.size or block[at : at + 4] != b"PK\1\2":
            raise _Refused("container.unreadable", "Its list of files is damaged.")
        fixed = _CENTRAL.unpack_from(block, at)
        _, _, _, flags, method, _, _, crc, packed, size, name_length, extra, comment, _, _, _, offset = fixed
        at += _CENTRAL.size
        name = block[at : at + name_length].decode("ascii", "replace")
        at += name_length + extra + comment
        if not NAME.fullmatch(name):
            raise _Refused("container.name", "It holds a file whose name no snapshot has.")
        if method or flags or packed != size:
            raise _Refused("container.packed", f"{name} is compressed or encrypted; nothing is in a snapshot.")
        header = _read(file, offset, _LOCAL.size).ljust(_LOCAL.size, b"\0")
        start = offset + _LOCAL.size + sum(struct.unpack_from("<2H", header, 26))
        if start + size > length:
            raise _Refused("container.unreadable", f"{name} is cut off.")
        yield Member(name, size, crc, start)


def _is_packed(file: BinaryIO, members: Sequence[Member], length: int) -> bool:
    """Whether the file is what would be packed from its members: every byte that belongs to none of them is ours."""
    place = 0
    for member in members:
        header = local_header(member)
        if member.start != place + len(header) or _read(file, place, len(header)) != header:
            return False
        place = member.start + member.size
    end = directory(members)
    ordered = list(members) == sorted(members, key=order)
    return ordered and length - place == len(end) and _read(file, place, len(end)) == end


def _measured(file: BinaryIO, member: Member) -> tuple[str, int]:
    """SHA-256 and CRC-32 of the content of a member."""
    digest, crc, left = hashlib.sha256(), 0, member.size
    file.seek(member.start)
    while left and (piece := file.read(min(_PIECE, left))):
        digest.update(piece)
        crc = zlib.crc32(piece, crc)
        left -= len(piece)
    return digest.hexdigest(), crc


def _signature(file: BinaryIO, members: Sequence[Member], key: str | None) -> tuple[bytes, str, Check]:
    """The payload of the envelope, the fingerprint of who signed it, and what the signature is worth."""
    found = next((member for member in members if member.name == MANIFEST), None)
    if found is None:
        raise _Refused("manifest.missing", "It has no manifest: nothing in it is signed.")
    if found.size > _LONGEST_MANIFEST:
        raise _Refused("manifest.limit", "Its manifest is longer than any that Elpis writes.")
    text = _read(file, found.start, found.size)
    parts = _ENVELOPE.fullmatch(text)
    try:
        payload, public_key, signature = map(base64.b64decode, parts.groups() if parts else ())
    except ValueError:
        payload, public_key, signature = b"", b"", b""
    if envelope(payload, public_key, signature) != text:
        raise _Refused("manifest.envelope", "The envelope of its manifest is not spelled as Elpis does.")
    return payload, fingerprint(public_key), _judged(payload, public_key, signature, key)


def _judged(payload: bytes, public_key: bytes, signature: bytes, key: str | None) -> Check:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, pae(payload))
    except (InvalidSignature, ValueError):
        return Check("sig.invalid", "The signature does not fit: the manifest was changed after it was signed.", BAD)
    by = grouped(fingerprint(public_key))
    if key is None:
        return Check(
            "sig.untrusted", f"The signature fits, but nobody vouches here for the key that made it: {by}.", OPEN
        )
    if fingerprint(public_key) != key:
        return Check("sig.untrusted", f"Signed by another key than the one that was named: {by}.", BAD)
    return Check("sig.ok", f"Signed by the key that was named: {by}.", OK)


def _manifest(payload: bytes, signer: str) -> dict[str, Any]:
    """The manifest, once it has the form of one: every field, each of its type, and spelled as it is written."""
    try:
        found = _loaded(payload)
    except _NO_OBJECT:
        raise _Refused("manifest.invalid", "Its manifest is not spelled as Elpis does.") from None
    if found.get("format") != FORMAT:
        raise _Refused("manifest.invalid", "Its manifest is not one of a snapshot.")
    if found.get("format_version") != FORMAT_VERSION:
        raise _Refused("manifest.version", "Its manifest is of another version; use the program of that version.")
    if not _is_whole(found):
        raise _Refused("manifest.invalid", "Its manifest lacks fields, or they hold what they cannot.")
    if found["key"] != signer:
        raise _Refused("manifest.key", "Its manifest names another key than the one that signed it.")
    return found


def _loaded(text: bytes) -> dict[str, Any]:
    """An object from its canonical JSON without fractions; raises one of `_NO_OBJECT` for everything else."""
    found = json.loads(text, parse_float=Decimal, parse_constant=Decimal)  # which cannot be spelled again
    if not _is_object(found) or _compact(found).encode() != text:
        raise ValueError("not canonical, or no object")
    return found


def _is_whole(manifest: dict[str, Any]) -> bool:
    return (
        {*manifest} == {*_FIELDS, "previous"}
        and all(type(manifest[name]) is kind for name, kind in _FIELDS.items())
        and all(NAME.fullmatch(name) and _measures(entry, "size") for name, entry in manifest["files"].items())
        and _measures(manifest["change_log"], "seq")
        and (manifest["previous"] is None if manifest["seq"] == 1 else _is_hash(manifest["previous"]))
        and _is_count(manifest["seq"] - 1)
        and DATA in manifest["files"]
        and bool(re.fullmatch("[0-9a-f]{32}", manifest["book"]))
        and bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", manifest["as_of"]))
    )


def _measures(entry: Any, count: str) -> bool:
    return _is_object(entry) and _is_count(entry.get(count)) and _is_hash(entry.get("sha256"))


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return type(value) is dict


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 53


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def _files(manifest: Mapping[str, Any], members: Sequence[Member], hashes: Mapping[str, str]) -> Iterator[Check]:
    """Whether the files are those of the manifest: all of them, only them, and each as it was."""
    named = {name: (entry["size"], entry["sha256"]) for name, entry in manifest["files"].items()}
    here = {one.name: (one.size, hashes[one.name]) for one in members if one.name != MANIFEST}
    both = sorted(named.keys() & here.keys())
    found = [
        *(("file.missing", f"{name} is missing.") for name in sorted(named.keys() - here.keys())),
        *(("file.extra", f"{name} was put in: it is not signed.") for name in sorted(here.keys() - named.keys())),
        *(("file.size", f"{name} has another size.") for name in both if here[name][0] != named[name][0]),
        *(("file.hash", f"{name} was changed.") for name in both if here[name][1] != named[name][1]),
    ]
    yield from (Check(code, told, BAD) for code, told in found)
    if not found:
        yield Check("file.ok", f"All {len(named)} files are as they were signed.", OK)


def _following(manifest: Mapping[str, Any], after: Path | int) -> Iterator[Check]:
    """Whether this snapshot follows an earlier one, which must be whole itself."""
    if isinstance(after, int):
        yield _numbered(manifest["seq"], after)
        return
    earlier = verify(after)
    if earlier.verdict == REFUSED or earlier.manifest is None:
        reason = next((check.sentence for check in earlier.checks if check.result == BAD), "")
        yield Check("chain.earlier", f"The earlier snapshot is refused itself: {reason}", BAD)
        return
    before = earlier.manifest
    if before["book"] != manifest["book"]:
        yield Check("chain.other-book", "The earlier snapshot is one of another book.", BAD)
        return
    yield _numbered(manifest["seq"], before["seq"])
    if before["key"] != manifest["key"]:
        yield Check("chain.other-key", "The earlier snapshot was signed by another key.", OPEN)
    if manifest["seq"] > before["seq"]:
        yield _linked(manifest, before, after)
        yield anchored(manifest["change_log"]["seq"], before["change_log"]["seq"])


def _numbered(number: int, earlier: int) -> Check:
    if number > earlier:
        return Check("seq.ok", f"It is snapshot {number}, later than number {earlier}.", OK)
    return Check("seq.replay", f"It is snapshot {number}, not later than number {earlier}: an old one, again.", BAD)


def _linked(manifest: Mapping[str, Any], before: Mapping[str, Any], earlier: Path) -> Check:
    skipped = manifest["seq"] - before["seq"] - 1
    if skipped:
        return Check("chain.skipped", f"Snapshots between the two, which link them: {skipped}.", OK)
    if manifest["previous"] != sha256(earlier):
        return Check("chain.previous", "It follows another snapshot than the earlier one that was named.", BAD)
    return Check("chain.ok", "It follows the earlier snapshot directly.", OK)


def anchored(entries: int, before: int) -> Check:
    """Whether the change log of a book or later snapshot still reaches as far as an earlier one says."""
    if entries < before:
        told = f"The change log ends at entry {entries}, but it reached entry {before} before: some were taken out."
        return Check("audit.behind-anchor", told, BAD)
    return Check("audit.ok", f"The change log reaches entry {entries}; entry {before} was signed as its last.", OK)


def sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, by which a later snapshot names it; raises `OSError`."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _contents(file: BinaryIO, manifest: Mapping[str, Any], members: Sequence[Member]) -> Iterator[Check]:
    """Whether the data is canonical, of the day that the manifest says, and as much as it says."""
    data = next(member for member in members if member.name == DATA)
    try:
        found = _loaded(_read(file, data.start, data.size))
        lists = {name: len(cast("list[Any]", value)) for name, value in found.items() if type(value) is list}
        statuses = dict(Counter(position["status"] for position in found["positions"]))
    except _NO_OBJECT:
        yield Check("data.invalid", f"{DATA} is no canonical JSON of a snapshot.", BAD)
        return
    if found.get("as_of") != manifest["as_of"]:
        yield Check("data.day", f"{DATA} is of another day than the manifest says.", BAD)
    if lists == manifest["totals"] and statuses == manifest["statuses"]:
        yield Check("totals.ok", f"{DATA} holds as much as the manifest says.", OK)
    else:
        yield Check("totals.differ", f"{DATA} holds more or less than the manifest says.", BAD)


def key_of(text: str) -> str:
    """The fingerprint that a user means: written out (spaces and colons do not matter), or of the PEM file named so.

    Raises `ValueError` with a sentence when it is neither, or the key is no Ed25519 public key.
    """
    digits = re.sub(r"[\s:]", "", text).lower()
    if _HEX.fullmatch(digits):
        return digits
    try:
        key = load_pem_public_key(Path(text).read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        raise ValueError(f"{text}: this is neither a public key (PEM) nor a fingerprint of 64 digits.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{text}: this is a public key, but not an Ed25519 one.")
    return fingerprint(key.public_bytes_raw())


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the file that the command line names; 0 only when it is whole and trusted, 1 otherwise, 2 wrong usage."""
    parser = argparse.ArgumentParser(description="Check a signed snapshot of Elpis.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", help="the signer's public key (PEM file), or its fingerprint")
    parser.add_argument("--after", help="an earlier snapshot of the book, or its number, that this one must follow")
    parser.add_argument("--contents", action="store_true", help="also read the data, and count it again")
    asked = parser.parse_args(arguments)
    try:
        key = None if asked.key is None else key_of(asked.key)
    except ValueError as fault:
        parser.error(str(fault))
    report = verify(asked.file, key=key, after=earlier_of(asked.after), contents=asked.contents)
    print("\n".join([*(f"{check.code}: {check.sentence}" for check in report.checks), SUMMED_UP[report.verdict]]))
    return int(report.verdict != TRUSTED)


def earlier_of(text: str | None) -> Path | int | None:
    """What a user says that a snapshot must follow: a number, or a file."""
    return None if text is None else int(text) if re.fullmatch(r"[0-9]{1,9}", text) else Path(text)


if __name__ == "__main__":
    sys.exit(main())
