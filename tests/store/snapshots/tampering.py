"""Seventeen ways to tamper with a signed snapshot, each with many variants, and the codes that give each away."""

from __future__ import annotations

import base64
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any

from store.snapshots.verify import MANIFEST
from tests import signing

CONTAINER = frozenset(
    f"container.{word}" for word in "unreadable form limit duplicate name packed overlap checksum".split()
)


@dataclass(frozen=True)
class Victim:
    """What a forger has: the file that he forges, an earlier one of the book, and one of another book."""

    file: bytes
    earlier: bytes
    other: bytes


Forgery = Callable[[Random, Victim], bytes]


def flipped(random: Random, victim: Victim) -> bytes:
    """Bits anywhere."""
    found = bytearray(victim.file)
    for _ in range(random.choice((1, 1, 1, 2, 9))):
        found[random.randrange(len(found))] ^= 1 << random.randrange(8)
    return bytes(found) if found != victim.file else flipped(random, victim)


def rewritten(random: Random, victim: Victim) -> bytes:
    """Another content in a file, packed again with the right checksum."""
    name, content = _some(random, victim)
    at = random.randrange(len(content))
    changes = (
        content[:at] + bytes([content[at] ^ random.randrange(1, 256)]) + content[at + 1 :],
        content[:at] + random.randbytes(random.randrange(1, 9)) + content[at:],
        content[:at] + content[at + 1 :],
        b"",
        content.replace(b"under-licensed", b"over-licensed") + b" ",
    )
    return _with(victim, name, random.choice(changes))


def cut_off(random: Random, victim: Victim) -> bytes:
    """The end is gone."""
    return victim.file[: -random.choice((1, 2, 22, 23, random.randrange(1, len(victim.file))))]


def surrounded(random: Random, victim: Victim) -> bytes:
    """Bytes before it, behind it, between its members, or as a comment."""
    extra = random.choice((b"\0", b"\n", b"PK\5\6", random.randbytes(random.randrange(1, 300))))
    at = victim.file.index(b"PK\3\4", random.randrange(len(victim.file) // 2))
    comment = victim.file[:-2] + struct.pack("<H", len(extra)) + extra
    between = _shifted(victim.file[:at] + extra + victim.file[at:], at, len(extra))
    return random.choice((extra + victim.file, victim.file + extra, comment, between, _moved(extra, victim.file)))


def removed(random: Random, victim: Victim) -> bytes:
    """A file is taken out."""
    contents = signing.members(victim.file)
    del contents[random.choice(list(contents))]
    return signing.packed(contents)


def added(random: Random, victim: Victim) -> bytes:
    """A file is put in."""
    name = random.choice(("csv/notes.csv", "attachments/0", "a", "zz.py", "../evil", "/etc/passwd", "CON", "a\\b", "ü"))
    if not name.isascii():
        return _by_zipfile(victim, lambda archive: archive.writestr(name, b"more"))
    return signing.packed({**signing.members(victim.file), name: random.randbytes(random.randrange(99))})


def renamed(random: Random, victim: Victim) -> bytes:
    """A file bears another name."""
    contents = signing.members(victim.file)
    name = random.choice(list(contents))
    contents[random.choice((f"{name}.bak", name.replace("s", "z") + "1", "x"))] = contents.pop(name)
    return signing.packed(contents)


def exchanged(random: Random, victim: Victim) -> bytes:
    """Two files have each other's content, or one has that of the earlier snapshot."""
    contents = signing.members(victim.file)
    one, other = random.sample([name for name in contents if name != MANIFEST], 2)
    if random.random() < 0.5 and contents[one] != contents[other]:
        contents[one], contents[other] = contents[other], contents[one]
    else:
        contents["data.json"] = signing.members(victim.earlier)["data.json"]
    return signing.packed(contents)


def compressed(random: Random, victim: Victim) -> bytes:
    """The same files, compressed: other bytes for the same content."""
    names = random.sample(list(signing.members(victim.file)), random.choice((1, 2, 5)))
    method = random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    level = random.randrange(1, 10)
    return _repacked(victim, lambda info: (method, level) if info.filename in names else (zipfile.ZIP_STORED, None))


def reordered(random: Random, victim: Victim) -> bytes:
    """The same files in another order."""
    pairs = list(signing.members(victim.file).items())
    found = signing.packed(random.sample(pairs, len(pairs)), ordered=False)
    return found if found != victim.file else reordered(random, victim)


def doubled(random: Random, victim: Victim) -> bytes:
    """A name twice: the right content for one reader, another for the next."""
    pairs = list(signing.members(victim.file).items())
    name, content = random.choice(pairs)
    again = random.choice((content, b"forged", content[::-1]))
    at = random.randrange(len(pairs) + 1)
    return signing.packed([*pairs[:at], (name, again), *pairs[at:]], ordered=random.random() < 0.5)


def disguised(random: Random, victim: Victim) -> bytes:
    """Fields of headers that other readers heed or ignore: dates, attributes, flags, systems, extra fields, comments."""

    def change(info: zipfile.ZipInfo) -> None:
        if random.random() < 0.3 or info.filename == MANIFEST:
            choice = random.randrange(7)
            if choice == 0:
                info.date_time = (random.randrange(1981, 2100), 2, 3, 4, 5, 6)
            elif choice == 1:
                info.external_attr = random.choice((0, 0o120777 << 16, 0o100755 << 16, 0x10))
            elif choice == 2:
                info.create_system = random.choice((0, 10, 19))
            elif choice == 3:
                info.extra = struct.pack("<2H", 0x7075, 4) + b"evil"
            elif choice == 4:
                info.comment = b"look"
            elif choice == 5:
                info.create_version = random.choice((10, 45, 63))
            else:
                info.internal_attr = 1

    return _repacked(victim, lambda info: (zipfile.ZIP_STORED, None), change)


def restated(random: Random, victim: Victim) -> bytes:
    """Another manifest under the old signature, or another signature under the old manifest."""
    sealed = json.loads(signing.members(victim.file)[MANIFEST])
    payload = bytearray(base64.b64decode(sealed["payload"]))
    if random.random() < 0.3:
        signature = bytearray(base64.b64decode(sealed["signatures"][0]["sig"]))
        signature[random.randrange(64)] ^= 1 << random.randrange(8)
        sealed["signatures"][0]["sig"] = base64.b64encode(signature).decode()
    elif random.random() < 0.5:
        payload[random.randrange(len(payload))] ^= 1 << random.randrange(8)
    else:
        said = json.loads(payload) | random.choice(
            ({"as_of": "2026-11-22"}, {"made_by": "bob"}, {"seq": 7}, {"totals": {}}, {"files": {}})
        )
        payload = bytearray(json.dumps(said, sort_keys=True, separators=(",", ":")).encode())
    sealed["payload"] = base64.b64encode(payload).decode()
    return _with(victim, MANIFEST, json.dumps(sealed, sort_keys=True, separators=(",", ":")).encode())


def respelled(random: Random, victim: Victim) -> bytes:
    """The same envelope, spelled in another way that readers of JSON take for the same."""
    text = signing.members(victim.file)[MANIFEST]
    sealed = json.loads(text)
    signature = sealed["signatures"][0]
    forms: tuple[Any, ...] = (
        text + random.choice((b"\n", b" ", b"\0")),
        text.replace(b":", b": ", random.randrange(1, 5)),
        text.replace(b'"payload"', b'"\\u0070ayload"', 1),
        json.dumps({**sealed, "comment": "hello"}, sort_keys=True, separators=(",", ":")).encode(),
        json.dumps(dict(reversed(sealed.items())), separators=(",", ":")).encode(),
        json.dumps({**sealed, "signatures": [signature, signature]}, separators=(",", ":"), sort_keys=True).encode(),
        text.replace(signature["keyid"].encode(), random.randbytes(32).hex().encode()),
        text.replace(signature["sig"].encode(), signature["sig"].rstrip("=").encode()),
        text[:-1] + b',"payload":""}',
    )
    return _with(victim, MANIFEST, random.choice(forms))


def signed_by_another(random: Random, victim: Victim) -> bytes:
    """The forger signs what he changed, with a key of his own."""
    forger = signing.signer(random.randrange(2, 250))
    if random.random() < 0.5:
        return signing.resigned(victim.file, forger)
    sealed = json.loads(signing.members(signing.resigned(victim.file, forger))[MANIFEST])
    mine = json.loads(signing.members(victim.file)[MANIFEST])["signatures"][0]
    sealed["signatures"][0] |= {"keyid": mine["keyid"], "publicKey": mine["publicKey"]}
    return _with(victim, MANIFEST, json.dumps(sealed, sort_keys=True, separators=(",", ":")).encode())


def replayed(random: Random, victim: Victim) -> bytes:
    """An older snapshot is handed out as the newest, in whole or with its manifest."""
    if random.random() < 0.5:
        return victim.earlier
    return _with(victim, MANIFEST, signing.members(victim.earlier)[MANIFEST])


def of_another_book(random: Random, victim: Victim) -> bytes:
    """The snapshot of another book, signed by the same key."""
    me = signing.signer()
    return random.choice((victim.other, signing.resigned(victim.other, me, seq=9, previous="0" * 64)))


KINDS: dict[Forgery, frozenset[str]] = {
    flipped: CONTAINER | {"file.hash", "sig.invalid", "manifest.envelope", "manifest.missing"},
    rewritten: frozenset({"file.hash", "file.size", "manifest.envelope", "sig.invalid"}),
    cut_off: CONTAINER,
    surrounded: CONTAINER,
    removed: frozenset({"file.missing", "manifest.missing"}),
    added: frozenset({"file.extra", "container.name"}),
    renamed: frozenset({"file.missing", "manifest.missing"}),
    exchanged: frozenset({"file.hash", "file.size"}),
    compressed: frozenset({"container.packed"}),
    reordered: frozenset({"container.form"}),
    doubled: frozenset({"container.duplicate"}),
    disguised: CONTAINER,
    restated: frozenset({"sig.invalid"}),
    respelled: frozenset({"manifest.envelope"}),
    signed_by_another: frozenset({"sig.untrusted", "sig.invalid"}),
    replayed: frozenset({"seq.replay", "file.hash", "file.size"}),
    of_another_book: frozenset({"chain.other-book"}),
}
"""Each kind, and the codes of which one at least is among what such a file is refused for."""


def _some(random: Random, victim: Victim) -> tuple[str, bytes]:
    return random.choice([pair for pair in signing.members(victim.file).items() if pair[1]])


def _with(victim: Victim, name: str, content: bytes) -> bytes:
    return signing.packed({**signing.members(victim.file), name: content})


def _moved(extra: bytes, file: bytes) -> bytes:
    """Bytes in front, with every offset set right again, as a self-extracting archive has them."""
    return _shifted(extra + file, 0, len(extra))


def _shifted(file: bytes, at: int, by: int) -> bytes:
    """Offsets of what lies at or behind a place are set right after bytes were put in there."""
    found = bytearray(file)
    start = struct.unpack_from("<L", found, len(found) - 6)[0] + by
    place = start
    while found[place : place + 4] == b"PK\1\2":
        offset = struct.unpack_from("<L", found, place + 42)[0]
        struct.pack_into("<L", found, place + 42, offset + by * (offset >= at))
        place += 46 + struct.unpack_from("<H", found, place + 28)[0]
    struct.pack_into("<L", found, len(found) - 6, start)
    return bytes(found)


def _repacked(
    victim: Victim,
    how: Callable[[zipfile.ZipInfo], tuple[int, int | None]],
    change: Callable[[zipfile.ZipInfo], None] = lambda info: None,
) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in signing.members(victim.file).items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            change(info)
            method, level = how(info)
            archive.writestr(info, content, method, level)
    return target.getvalue()


def _by_zipfile(victim: Victim, change: Callable[[zipfile.ZipFile], None]) -> bytes:
    target = BytesIO(victim.file)
    with zipfile.ZipFile(target, "a") as archive:
        change(archive)
    return target.getvalue()


def with_checksum(file: bytes, crc: int) -> bytes:
    """The file whose first member claims another checksum, in both of its headers."""
    name = next(iter(signing.members(file)))
    true = struct.pack("<L", zlib.crc32(signing.members(file)[name]))
    return file.replace(true, struct.pack("<L", crc), 2)
