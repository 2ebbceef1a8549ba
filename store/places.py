"""Places where a book is not safe: folders that other programs copy while it is written, disks of other machines."""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from typing import Final

_SYNCED: Final = (
    *("OneDrive", "Dropbox", "Google Drive", "GoogleDrive", "My Drive", "iCloud Drive", "iCloudDrive", "Nextcloud"),
    *("ownCloud", "Box", "Box Sync", "pCloudDrive", "MEGAsync", "Syncthing", "Sync"),
)
"""What folders are called that a program keeps the same on several machines."""

_REMOTE: Final = frozenset(
    "nfs nfs4 cifs smb3 smbfs afs 9p ncpfs ceph glusterfs fuse.sshfs fuse.rclone fuse.gvfsd-fuse davfs".split()
)
"""What Linux calls file systems whose disk is in another machine."""

_MOUNTS: Final = Path("/proc/mounts")


def warning(book: Path, mounts: Path = _MOUNTS) -> str:
    """A sentence for a place where a book may be damaged or lost; "" for an ordinary one."""
    place = book.absolute()
    if (name := synced(place)) is not None:
        return (
            f"This book lies in a folder that {name} copies while it is written. Keep it in an ordinary folder, and let"
            " backups or snapshots be copied instead."
        )
    if is_remote(place, mounts):
        return (
            "This book lies on a disk of another machine, where two programs may write to it at once. Keep it on a disk"
            " of this machine."
        )
    return ""


def synced(place: PurePath) -> str | None:
    """The program whose folder a path lies in, by the name that it gives such folders; None for none that is known."""
    if "Mobile Documents" in place.parts:
        return "iCloud Drive"
    for part in place.parts[:-1]:
        found = next((name for name in _SYNCED if re.fullmatch(rf"{re.escape(name)}( ?[-(–].*)?", part, re.I)), None)
        if found is not None:
            return found
    return None


def is_remote(place: PurePath, mounts: Path = _MOUNTS) -> bool:
    """Whether a path is on a disk of another machine: a share of Windows, or a file system that Linux knows as such."""
    if str(place).startswith("\\\\") or place.drive.startswith("\\\\"):
        return True
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return False
    kinds = {PurePath(line[1].replace("\\040", " ")): line[2] for line in lines if len(line) > 2}
    return next((kinds[one] in _REMOTE for one in (place, *place.parents) if one in kinds), False)
