"""Signs what a snapshot says of itself: a DSSE envelope over JSON in the one spelling of RFC 8785."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rfc8785

from store.snapshots.keys import Signer
from store.snapshots.verify import envelope, pae


def signed(content: Mapping[str, Any], signer: Signer) -> bytes:
    """The envelope of a content of text, whole numbers, null, lists and objects. Equal content and key, equal bytes."""
    payload = rfc8785.dumps(dict(content))
    return envelope(payload, signer.public, signer.sign(pae(payload)))
