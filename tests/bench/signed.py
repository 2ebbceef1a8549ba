"""The measure of signed snapshots: checking one, against hashing the same file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from store.snapshots import sealing, verify
from tests import signing
from tests.bench import prepared
from tests.bench.child import opened
from tests.bench.measures import Scale
from tests.bench.timing import Figure, compared, interleaved, timed

_PIECE = 1 << 20


def checked(scale: Scale) -> Iterable[Figure]:
    """Every check that the file itself allows: its packing, its signature, the hash of each of its files."""
    with prepared.workplace() as place:
        file = place / "made.licsnap"
        with opened(prepared.copy(prepared.book(max(10, scale.families // 10)), place)) as book:
            sealing.seal(book, file, signing.signer())
        key = signing.signer().fingerprint
        assert verify.verify(file, key=key).verdict == verify.TRUSTED
        ours, hashing, whole = interleaved(
            4 * scale.rounds,
            lambda: timed(lambda: verify.verify(file, key=key)),
            lambda: timed(lambda: _hash(file)),
            lambda: timed(lambda: verify.verify(file, key=key, contents=True)),
        )
        size = file.stat().st_size / 1e6
    yield compared(f"verify: a signed snapshot of {size:,.1f} MB / SHA-256 of the file", ours, hashing, 3.0)
    yield compared("verify: the same with its contents / SHA-256 of the file", whole, hashing)


def _hash(file: Path) -> None:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)


MEASURES = {"verify": checked}
