"""Where the signing key of whoever runs the program lies, and what is known of it without its passphrase."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from store.snapshots import keys


def folder() -> Path:
    """The folder of the key: that of this user, for the settings of programs."""
    return keys.folder(os.environ, sys.platform, Path.home())


def fingerprint() -> str | None:
    """Its fingerprint, or None as long as there is no key."""
    return keys.known(folder())
