"""Saving so that nothing is ever half there: produced beside the target, flushed, read back, then put in place.

Whatever fails, the earlier file or snapshot stays as it was. A save that the system itself cut off (power, kill)
leaves either the earlier snapshot or files that its manifest no longer vouches for, and `manifest.verify` tells.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Final

from store.errors import KnownFault, is_full
from store.snapshots import manifest

_FOLDERS_OPEN: Final = os.name != "nt"  # Windows opens no folders, and journals renames by itself
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NOT_A_FOLDER: Final = frozenset({errno.ENOTDIR, errno.EEXIST})


class SavingFault(KnownFault):
    """A snapshot or file could not be saved; the message is a sentence for the user. Nothing was changed."""


def save_snapshot(folder: Path, produce: Callable[[Path], None]) -> None:
    """Put into `folder` the snapshot that `produce(workplace)` writes, its manifest included.

    The workplace is on the same file system and readable by its owner alone. Files of an earlier snapshot that the new
    one no longer has are removed if they are still as that snapshot's manifest says; all others are left alone.
    Raises `SavingFault` when it cannot be written or does not read back as written; faults of `produce` other than
    `OSError` go through. In each case the earlier snapshot is untouched and the workplace gone.
    """
    folder = folder.resolve()
    with _told(folder), _workplace(folder) as workplace:
        fresh = workplace / "new"
        fresh.mkdir()
        produce(fresh)
        _flush(fresh)
        _check(folder, fresh)
        if folder.exists():
            _replace(fresh, folder, workplace / "old")
        else:
            fresh.rename(folder)
            _flush_folder(folder.parent)


def save_file(target: Path, produce: Callable[[Path], None]) -> None:
    """Put at `target` the file that `produce(path)` writes; the file that was there stays until the new one is whole.

    Raises `SavingFault` as `save_snapshot` does; in each case the earlier file is untouched.
    """
    target = target.resolve()
    with _told(target), _workplace(target, target.parent) as workplace:
        fresh = workplace / target.name
        produce(fresh)
        _flush(workplace)
        fresh.replace(target)
        _flush_folder(target.parent)


@contextlib.contextmanager
def _told(target: Path) -> Generator[None, None, None]:
    try:
        yield
    except OSError as fault:
        raise SavingFault(f"{_reason(target, fault)}; nothing was changed. {_advice(fault)}") from fault
    except Exception as fault:
        if not is_full(fault):
            raise
        full = OSError(errno.ENOSPC, "")
        raise SavingFault(f"{_reason(target, full)}; nothing was changed. {_advice(full)}") from fault


def _reason(target: Path, fault: OSError) -> str:
    if fault.errno in _FULL:
        return f"the disk is full: there is no room for {target}"
    if fault.errno in _FORBIDDEN:
        return f"{fault.filename or target} cannot be written to ({fault.strerror})"
    if fault.errno in _NOT_A_FOLDER:
        return f"{fault.filename or target} is a file where a folder is needed"
    if fault.errno == errno.EISDIR:
        return f"{fault.filename or target} is a folder where a file is needed"
    return f"{target} could not be saved ({fault.strerror or fault})"


def _advice(fault: OSError) -> str:
    if fault.errno in _FULL:
        return "Free some space, or choose another place, and try again"
    if fault.errno in _FORBIDDEN:
        return "Close programs that have it open, change its permissions, or choose another place"
    return "Choose another place and try again"


@contextlib.contextmanager
def _workplace(target: Path, home: Path | None = None) -> Generator[Path, None, None]:
    """A folder of our own where renaming into the target works: inside it when it is a folder, else beside it.

    Its name is fixed, so that what a killed save left behind is cleared by the next one.
    """
    home = home or (target if target.exists() else target.parent)
    home.mkdir(parents=True, exist_ok=True)
    place = home / f".{target.name}{manifest.UNFINISHED}"
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _check(folder: Path, fresh: Path) -> None:
    if faults := manifest.verify(fresh):
        raise SavingFault(f"{folder} did not read back as written ({faults[0]}); nothing was changed. Try again")


def _replace(fresh: Path, folder: Path, kept: Path) -> None:
    names = sorted(_names(fresh) - {manifest.NAME})
    stale = manifest.outdated(folder, names)
    swaps = [step for name in names for step in _swap(folder / name, kept / name, fresh / name)]
    removals = [(folder / name, kept / name) for name in stale]
    _move([*swaps, *removals, (fresh / manifest.NAME, folder / manifest.NAME)])
    for place in {(folder / name).parent for name in [*names, *stale, manifest.NAME]}:
        _flush_folder(place)


def _swap(target: Path, kept: Path, fresh: Path) -> Iterator[tuple[Path, Path]]:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if target.exists():
        yield target, kept
    yield fresh, target


def _move(steps: Iterable[tuple[Path, Path]]) -> None:
    """Rename one after the other; when one fails, what was done is undone."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in steps:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.replace(source)
        raise


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _flush(folder: Path) -> None:
    for name in _names(folder):
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())
    for path in [folder, *folder.rglob("*/")]:
        _flush_folder(path)


def _flush_folder(folder: Path) -> None:
    if not _FOLDERS_OPEN:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
