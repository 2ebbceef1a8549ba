"""Before a book is closed, what no backup has is backed up, while the window says how far that is.

What goes wrong is told while there is still somebody to tell, who may close the book all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import shiboken6

from gui.dialogs.waiting import Waiting
from store.errors import KnownFault

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.desk import Desk
    from gui.work import Job

ABOUT: Final = "It has changes that no backup has. One is made and checked, and then the book is closed."
"""What is said while one waits."""

FAILED: Final = "No backup was made. {} What you entered is stored in the book all the same."
"""What is said when there is no backup, with the reason."""

_FAULT: Final = "This is a fault of the program, not of your data."


def close_book(desk: Desk, window: QWidget) -> None:
    """Close the book on the desk."""
    if may_leave(desk, window, lambda: close_book(desk, window)):
        desk.close()


def may_leave(desk: Desk, window: QWidget, again: Callable[[], object]) -> bool:
    """Whether the book may be closed now. If not, a backup is under way, and `again` is called when it is there.

    Also when the user does not want to wait for it, or to do without; not when he would rather stay.
    """
    keeper = desk.keeper
    if keeper is None or keeper.leaving:
        return keeper is None

    def failed(error: Exception) -> None:
        if keeper.leaving and shiboken6.isValid(shown):
            shown.fail("Close without a backup?", FAILED.format(error if isinstance(error, KnownFault) else _FAULT))

    def settle(*, go: bool) -> None:
        if not keeper.leaving:
            return
        keeper.leaving = False
        if shiboken6.isValid(shown):
            shown.end()
        if go:
            again()

    def stay() -> None:
        _cancel(job)
        settle(go=False)

    def leave() -> None:
        keeper.let_go()
        _cancel(job)
        settle(go=True)

    job = keeper.back_up_to_leave(failed)
    if job is None:
        return True
    keeper.leaving = True
    shown = Waiting(window, "Backing up the book before it is closed", ABOUT, "Stay", stay)
    shown.offer("Close without a backup", leave)
    job.ended.connect(lambda: None if shown.failed else settle(go=True))
    desk.opened.connect(shown.reject)  # something else has closed it meanwhile
    shown.follow(job)
    return False


def _cancel(job: Job) -> None:
    if shiboken6.isValid(job) and job.running:
        job.cancel()
