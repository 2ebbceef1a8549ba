"""What backups are called: why each was made, how large it is, how long ago that was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from gui import wording
from store.backups import Backup, Comparison

REASONS: Final[Mapping[str, str]] = {
    "changes": "After half an hour of changes",
    "close": "When the book was closed",
    "import": "Before an import",
    "migration": "Before an update of Elpis",
    "restore": "Before a backup was restored",
    "undo": "Before an import was undone",
    "user": "By hand",
}
"""Why a backup was made."""


def size(count: int) -> str:
    """Bytes as people say them: "504 KB", "1.2 GB"."""
    for unit, bytes_ in (("GB", 2**30), ("MB", 2**20)):
        if count >= bytes_:
            return f"{count / bytes_:.1f} {unit}"
    return f"{wording.number(max(1, round(count / 2**10)))} KB"


def ago(at: datetime, now: datetime) -> str:
    """How long ago a moment is: "just now", "12 minutes ago", "3 days ago"."""
    seconds = max(0, int((now - at).total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{wording.number(count)} {unit}{'s' * (count != 1)} ago"
    return "just now"


def moment(backup: Backup) -> str:
    """When it was made, in the time of this machine, to the minute."""
    return wording.moment(backup.at.isoformat())


def verified(backup: Backup | None, now: datetime) -> str:
    """The line at the bottom of the window."""
    return "No backup yet" if backup is None else f"Last verified backup: {ago(backup.at, now)}"


def differences(found: Comparison) -> Iterator[tuple[str, int, int]]:
    """What is counted, how many there were in the backup, and how many there are now."""
    for name in dict.fromkeys((*found.now.rows, *found.then.rows)):
        yield name.replace("_", " ").capitalize(), found.then.rows.get(name, 0), found.now.rows.get(name, 0)


def summary(found: Comparison) -> str:
    """What has happened since, in a sentence."""
    if not found.related:
        return "The book of today has not come from this backup: another one was restored in between."
    count = len(found.changes) + found.more
    if not count:
        return "Nothing was changed since."
    return f"{wording.number(count)} change{'s' * (count != 1)} since"


def about(found: Comparison) -> str:
    """What else is known of a backup, in a line."""
    day = f"Judged as of {found.then.as_of}" if found.then.as_of else "Not judged on any day yet"
    entries = wording.plural(found.then.entry, "change")
    return f"{day} · {entries} in its log · schema {found.then.schema}"
