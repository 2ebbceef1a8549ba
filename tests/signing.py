"""Signed snapshots for tests: keys that are the same in every run, files built from what they hold."""

import json
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.snapshots import dsse
from store.snapshots.keys import Signer
from store.snapshots.verify import MANIFEST, Member, directory, local_header, order

PASSPHRASE = "correct horse battery"


def signer(number: int = 1) -> Signer:
    """A key that is always the same for a number."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    return Signer(key.public_key().public_bytes_raw(), key)


def members(file: bytes) -> dict[str, bytes]:
    """The content of a container, read by another program than ours."""
    return dict(_members(file))


@lru_cache(maxsize=16)
def _members(file: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: Mapping[str, bytes] | Iterable[tuple[str, bytes]], *, ordered: bool = True) -> bytes:
    """A container as ours are, of these contents; names may stand twice, or in another order."""
    pairs = list(contents.items() if isinstance(contents, Mapping) else contents)
    found = [(Member(name, len(content), zlib.crc32(content)), content) for name, content in pairs]
    if ordered:
        found.sort(key=lambda pair: order(pair[0]))
    body = b"".join(local_header(member) + content for member, content in found)
    return body + directory([member for member, _ in found])


def manifest(file: bytes) -> dict[str, Any]:
    """What the manifest of a container says."""
    return json.loads(b64decode(json.loads(members(file)[MANIFEST])["payload"]))


def resigned(file: bytes, by: Signer, **changes: Any) -> bytes:
    """The container with other fields in its manifest, signed anew as its maker could."""
    said = {**manifest(file), "key": by.fingerprint, **changes}
    return packed({**members(file), MANIFEST: dsse.signed(said, by)})
