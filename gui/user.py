"""Who runs the program."""

from __future__ import annotations

from getpass import getuser


def who() -> str:
    """The name of whoever runs the program, for the change log."""
    try:
        return getuser()
    except (OSError, KeyError):
        return "unknown"
